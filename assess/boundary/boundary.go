// Package boundary looks at what crosses zone boundaries, and at what is turned away there.
package boundary

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "boundary",
	Title: "Only what is permitted crosses a zone boundary",
	Answers: []assess.Ref{
		assess.Whole(assess.SR, "SR 5.2"),
		assess.Whole(assess.SR, "SR 5.2 RE 1"),
		assess.Part(assess.CSF, "PR.IR-01"),
		assess.Part(assess.R2, "3.13.1"),
		assess.Part(assess.R2, "3.13.6"),
		assess.Part(assess.ISO, "A.8.20"),
		assess.Part(assess.Owner, "NET 1.1"),
	},
	Proves:  "Only permitted traffic crossed, and what was not permitted was seen to be refused.",
	Refutes: "A service crossed the boundary that no conduit permits.",
	Needs:   assess.Needs{Plant: true, Boundary: true},
	Ask:     "What stands at each zone boundary, and does it refuse everything that is not permitted?",
	Role:    "network",
	Fix:     "Set the firewall to refuse by default; permit the declared conduits only.",
	Effort:  5,
	Run:     run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	passed := 0
	for _, t := range v.Talks {
		if !t.Crosses() || !t.Judged {
			continue
		}
		switch {
		case t.Answered() && !t.Judgement.Allowed:
			n.Against(t.IDs(), t.Frame, "%s crossed the boundary: %s", t, t.Judgement.Why)
		case t.Answered():
			passed++
		case !t.Judgement.Allowed:
			n.Support(t.IDs(), t.Frame, "%s was turned away", t)
		}
	}
	a := n.Answer("what is not permitted was turned away", "nothing crossed a declared boundary")
	if a.Verdict == assess.Silent && passed > 0 {
		a.Verdict, a.Why = assess.Supported, "only permitted traffic crossed; nobody tried anything else, so that no refusal was seen"
	}
	return a
}
