// Package egress looks at which services outside the plant are used.
package egress

import (
	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "egress",
	Title: "Only declared services outside the plant are used",
	Answers: []assess.Ref{
		assess.Part(assess.CSF, "ID.AM-04"),
		assess.Part(assess.R2, "3.1.20"),
		assess.Part(assess.ISO, "A.5.23"),
		assess.Part(assess.Owner, "NET 1.5"),
		assess.Part("iec62443-3-2", "ZCR 3.6"),
	},
	Proves:  "Every connection to the outside belongs to a declared conduit.",
	Refutes: "A connection to the outside that no conduit allows.",
	Needs:   assess.Needs{Plant: true, Boundary: true},
	Ask:     "Which services outside the plant are used, by which hosts, and who approved them?",
	Role:    "network",
	Fix:     "Close the connection at the firewall, or declare it with owner and reason.",
	Effort:  1,
	Run:     run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	seen := 0
	for _, t := range v.Talks {
		if !t.Server.Outside() || t.Client.Asset == nil || !t.Answered() {
			continue
		}
		seen++
		name := ""
		if s := t.Fact(fact.SessionSNI); len(s) > 0 {
			name = " (" + s[0].Value + ")"
		}
		switch {
		case !t.Judged:
		case t.Judgement.Allowed && t.Judgement.Conduit != "":
			n.Support(t.IDs(), t.Frame, "%s%s: %s", t, name, t.Judgement.Why)
		case !t.Judgement.Allowed:
			n.Against(t.IDs(), t.Frame, "%s%s: %s", t, name, t.Judgement.Why)
		}
	}
	silent := "nothing left the plant"
	if seen > 0 {
		silent = "hosts talked with the outside, but nobody declared what is allowed"
	}
	return n.Answer("every connection to the outside is declared", silent)
}
