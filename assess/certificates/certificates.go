// Package certificates looks at who issued the certificates in use and whether they are valid.
package certificates

import (
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "certificates",
	Title: "Certificates come from an authority and are valid",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 1.8"),
		assess.Part(assess.CSF, "PR.AA-03"),
		assess.Part(assess.CSF, "PR.DS-02"),
		assess.Part(assess.R2, "3.13.10"),
		assess.Part(assess.ISO, "A.8.24"),
		assess.Part(assess.Owner, "DATA 1.6"),
	},
	Proves:  "Certificates of an authority, within their time.",
	Refutes: "A certificate that signs itself or has expired.",

	Ask:    "Who issues certificates for the plant, and by which rules?",
	Role:   "it",
	Fix:    "Set up an authority for the plant and give the devices named its certificates.",
	Effort: 5,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, a := range v.Assets {
		for _, c := range a.Attributes[fact.Certificate] {
			subject := field(c.Value, "subject")
			switch until, err := time.Parse(time.RFC3339, field(c.Value, "not_after")); {
			case field(c.Value, "self_signed") == "yes" || strings.Contains(c.Value, "issuer itself") || strings.Contains(c.Value, "self-signed"):
				n.Against([]asset.ID{a.ID}, c.Frame, "%s shows a certificate that it signed itself (%s)", a.Name(), subject)
			case err == nil && until.UnixNano() < c.First:
				n.Against([]asset.ID{a.ID}, c.Frame, "%s shows a certificate that expired on %s", a.Name(), until.Format(time.DateOnly))
			case err == nil:
				n.Support([]asset.ID{a.ID}, c.Frame, "%s shows a certificate of %s", a.Name(), field(c.Value, "issuer"))
			}
		}
	}
	for _, t := range v.Talks {
		for _, s := range t.Fact(fact.SessionNote) {
			if strings.Contains(s.Value, "certificate has expired") || strings.Contains(s.Value, "signed itself") {
				n.Against(t.IDs(), s.Frame, "%s: %s", t, s.Value)
			}
		}
	}
	return n.Answer("the certificates seen come from an authority and are valid", "no certificate was seen in clear")
}

// field is the value of a key in a certificate's description.
func field(s, key string) string {
	for part := range strings.SplitSeq(s, "; ") {
		if v, ok := strings.CutPrefix(part, key+"="); ok {
			return v
		}
	}
	return ""
}
