// Package segmentation looks for traffic that goes straight between the business and the process.
package segmentation

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "segmentation",
	Title: "Business and control networks do not talk directly",
	Answers: []assess.Ref{
		assess.Whole(assess.SR, "SR 5.1"),
		assess.Part(assess.CSF, "PR.IR-01"),
		assess.Part(assess.R2, "3.13.5"),
		assess.Part(assess.ISO, "A.8.22"),
		assess.Part("iec62443-3-2", "ZCR 3.2"),
	},
	Proves:  "Hosts of both sides were seen, and none talked directly with the other side.",
	Refutes: "A host of level 4 or 5 exchanged data with a device of level 0 to 2.",
	Needs:   assess.Needs{Inside: true, Boundary: true},
	Ask:     "How is the control network divided from other networks?",
	Role:    "network",
	Fix:     "Put a firewall and a DMZ between the two; let a server in the DMZ carry the data.",
	Effort:  8,
	Run:     run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if t.Client.Many || t.Server.Many || !t.Answered() || t.Upkeep() {
			continue
		}
		c, s := v.Level(&t.Client), v.Level(&t.Server)
		high, low := max(c, s), min(c, s)
		switch {
		case low < 0:
		case high >= 4 && low <= 2:
			n.Against(t.IDs(), t.Frame, "%s goes straight from level %v to level %v", t, c, s)
		case low <= 2 && c != s && high < 4:
			n.Support(t.IDs(), t.Frame, "%s stays within the control network", t)
		}
	}
	return n.Answer("no direct traffic between business and control was seen", "no traffic between levels was seen, or levels are not known")
}
