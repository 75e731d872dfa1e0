// Package flows holds every flow against the declared conduits.
package flows

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "flows",
	Title: "Every flow is inside a declared conduit",
	Answers: []assess.Ref{
		assess.Whole(assess.CSF, "ID.AM-03"),
		assess.Part(assess.R2, "3.1.3"),
		assess.Part(assess.ISO, "A.8.20"),
		assess.Part(assess.Owner, "CM 1.3"),
	},
	Proves:  "All flows between zones were inside declared conduits.",
	Refutes: "A flow that no conduit allows.",
	Needs:   assess.Needs{Plant: true, Boundary: true},
	Ask:     "Is there a list of all data flows between zones, and is it kept current?",
	Role:    "network",
	Fix:     "Close the flow, or declare the conduit with owner and reason.",
	Effort:  2,
	Run:     run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		switch {
		case !t.Judged || !t.Judgement.Crosses || !t.Answered() || t.Protocol == "arp":
		case t.Judgement.Allowed:
			n.Support(t.IDs(), t.Frame, "%s: %s", t, t.Judgement.Why)
		default:
			n.Against(t.IDs(), t.Frame, "%s: %s", t, t.Judgement.Why)
		}
	}
	return n.Answer("all flows between zones are inside declared conduits", "no flow between declared zones was seen")
}
