// Package wholly looks at whether everything that crosses a zone boundary is encrypted.
package wholly

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "wholly",
	Title: "Everything that crosses a zone boundary is encrypted",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 4.1 RE 2"),
	},
	Proves:  "All traffic over the boundary is encrypted.",
	Refutes: "Readable traffic over the boundary.",
	Needs:   assess.Needs{Boundary: true},
	Ask:     "Is everything encrypted that crosses a zone boundary?",
	Role:    "network",
	Fix:     "Encrypt between zones, by the protocol or by a VPN.",
	Effort:  8,
	Run:     run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if !t.Crosses() || !t.Answered() || t.Upkeep() {
			continue
		}
		switch p := t.Protected(); {
		case p.Encrypted:
			n.Support(t.IDs(), t.Frame, "%s is encrypted", t)
		case p.Known:
			n.Against(t.IDs(), t.Frame, "%s crosses the boundary and can be read", t)
		}
	}
	return n.Answer("what crosses the boundary is encrypted", "nothing that can be judged crossed the boundary")
}
