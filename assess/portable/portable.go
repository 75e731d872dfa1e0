// Package portable looks for laptops that come and go near the process.
package portable

import (
	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "portable",
	Title: "Laptops near the process come with approved work only",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 2.3"),
		assess.Part(assess.R2, "3.1.18"),
		assess.Part(assess.ISO, "A.8.1"),
		assess.Part("iec62443-3-2", "ZCR 3.4"),
	},
	Proves:  "Laptops that came were covered by approved work.",
	Refutes: "A workstation came into a zone of level 0 to 2, or talked to its controllers, when no work was approved.",

	Ask:    "May any laptop be connected in this zone, or are they blocked or limited?",
	Role:   "maintenance",
	Fix:    "Find the laptop; let visiting laptops connect only with a work order, through a checked station.",
	Effort: 2,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	said := make(map[asset.ID]bool)
	for _, t := range v.Talks {
		s := &t.Client
		if s.Role() != "workstation" || said[s.ID] || t.Server.Many || !assess.Controls(t.Server.Role()) || !t.Answered() || t.Upkeep() {
			continue
		}
		said[s.ID] = true
		if w := v.Approved(&t.Server, t.First); w != nil {
			n.Support(t.IDs(), t.Frame, "%s works with %s, approved as %s", s, &t.Server, w.ID)
		} else {
			n.Against(t.IDs(), t.Frame, "the workstation %s works with %s by %s, and no approved work covers it", s, &t.Server, t.Protocol)
		}
	}
	return n.Answer("workstations that came were covered by approved work", "no workstation worked with a controller")
}
