// Package vendor looks at when people from outside work on the plant.
package vendor

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "vendor",
	Title: "Outside parties work in approved times only",
	Answers: []assess.Ref{
		assess.Part(assess.CSF, "GV.SC-07"),
		assess.Part(assess.R2, "3.7.5"),
		assess.Part(assess.ISO, "A.5.22"),
		assess.Part(assess.Owner, "NET 3.2"),
		assess.Part(assess.Owner, "ORG 1.6"),
		assess.Part(assess.Vend, "SP.07.04 BR"),
	},
	Proves:  "Sessions from outside fell into approved work.",
	Refutes: "A session from outside when no work was approved for the zone.",

	Ask:    "When may suppliers work on the plant, and who lets them in?",
	Role:   "purchasing",
	Fix:    "Open the way in for the approved time only; put the rule into the supplier's contract.",
	Effort: 2,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if !t.Client.Outside() || t.Server.Asset == nil || !t.Answered() {
			continue
		}
		engineers := assess.Remote(t.Protocol)
		for _, o := range t.Operations {
			engineers = engineers || assess.Engineers(o.Function.Class)
		}
		if !engineers {
			continue
		}
		if w := v.Approved(&t.Server, t.First); w != nil {
			n.Support(t.IDs(), t.Frame, "%s, approved as %s", t, w.ID)
		} else {
			n.Against(t.IDs(), t.Frame, "%s, and no approved work covers it", t)
		}
	}
	return n.Answer("outside parties worked in approved times", "nobody from outside worked on the plant")
}
