// Package keys looks at the strength of the keys behind certificates.
package keys

import (
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "keys",
	Title: "Keys of certificates are strong enough",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 1.9"),
		assess.Part(assess.CSF, "PR.DS-02"),
		assess.Part(assess.R2, "3.13.10"),
		assess.Part(assess.ISO, "A.8.24"),
	},
	Proves:  "None; chains and revocation are checked inside the devices.",
	Refutes: "A certificate with an RSA key under 2048 bits or signed with MD5 or SHA-1.",

	Ask:    "Which key lengths are in use, and do devices check chain and revocation?",
	Role:   "it",
	Fix:    "Replace the certificate by one with a key of at least 2048 bits (RSA) or 256 bits (elliptic curve).",
	Effort: 2,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	good := 0
	for _, a := range v.Assets {
		for _, c := range a.Attributes[fact.Certificate] {
			switch {
			case strings.Contains(c.Value, "RSA 512") || strings.Contains(c.Value, "RSA 768") || strings.Contains(c.Value, "RSA 1024") || strings.Contains(c.Value, "RSA 1536"):
				n.Against([]asset.ID{a.ID}, c.Frame, "%s shows a certificate with a short key", a.Name())
			case strings.Contains(c.Value, "SHA1-") || strings.Contains(c.Value, "-SHA1") || strings.Contains(c.Value, "MD5"):
				n.Against([]asset.ID{a.ID}, c.Frame, "%s shows a certificate signed with MD5 or SHA-1", a.Name())
			default:
				good++
			}
		}
	}
	for _, t := range v.Talks {
		for _, s := range t.Fact(fact.SessionNote) {
			if strings.Contains(s.Value, "less than 2048 bits") || strings.Contains(s.Value, "signed with MD5 or SHA-1") {
				n.Against(t.IDs(), s.Frame, "%s: %s", t, s.Value)
			}
		}
	}
	a := n.Answer("", "no certificate was seen in clear")
	if a.Verdict == assess.Silent && good > 0 {
		a.Verdict, a.Why = assess.Supported, "the certificates seen have keys of accepted length"
	}
	return a
}
