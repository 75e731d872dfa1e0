// Package integrity looks at whether messages between zones are protected against change.
package integrity

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "integrity",
	Title: "Messages between zones are signed",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 3.1 RE 1"),
		assess.Part(assess.CSF, "PR.DS-02"),
		assess.Part(assess.R2, "3.13.8"),
		assess.Part(assess.ISO, "A.8.24"),
		assess.Part(assess.Owner, "NET 1.8"),
	},
	Proves:  "What crosses the zone boundary is signed or encrypted.",
	Refutes: "A protocol without any protection crosses the boundary.",
	Needs:   assess.Needs{Boundary: true},
	Ask:     "Are messages between zones protected by signatures or authenticated encryption?",
	Role:    "network",
	Fix:     "Use the protected variant, or a VPN between the zones.",
	Effort:  5,
	Run:     run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if !t.Crosses() || !t.Answered() || t.Upkeep() || t.Protocol == "dns" || t.Protocol == "ntp" {
			continue
		}
		switch p := t.Protected(); {
		case p.Signed:
			n.Support(t.IDs(), t.Frame, "%s is protected", t)
		case p.Known:
			n.Against(t.IDs(), t.Frame, "%s crosses a zone boundary without protection", t)
		}
	}
	return n.Answer("what crosses zone boundaries is protected against change", "nothing that can be judged crossed a zone boundary")
}
