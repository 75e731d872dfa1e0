// Package time looks at where devices take their time from.
package time

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "time",
	Title: "Clocks are set from one approved source",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 2.11"),
		assess.Part(assess.SR, "SR 2.11 RE 1"),
		assess.Part(assess.R2, "3.3.7"),
		assess.Part(assess.ISO, "A.8.17"),
		assess.Part(assess.Owner, "EVENT 1.6"),
	},
	Proves:  "Devices ask a time server of the plant.",
	Refutes: "A device of level 3 or below takes its time from the internet.",

	Ask:    "From which source do devices set their clocks, and how often?",
	Role:   "controls",
	Fix:    "Give the plant a time server of its own and point the devices named at it.",
	Effort: 1,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if t.Protocol != "ntp" && t.Protocol != "ptp" || t.Client.Asset == nil || !v.Has(&t.Client) {
			continue
		}
		l := v.Level(&t.Client)
		switch {
		case t.Server.Outside() && l >= 0 && l <= 3:
			n.Against(t.IDs(), t.Frame, "%s takes its time from %s", &t.Client, &t.Server)
		case t.Protocol == "ntp" && t.Server.Asset != nil && t.Answered():
			n.Support(t.IDs(), t.Frame, "%s takes its time from %s", &t.Client, &t.Server)
		case t.Protocol == "ptp":
			n.Support(t.IDs(), t.Frame, "%s takes part in PTP", &t.Client)
		}
	}
	return n.Answer("devices take their time from the plant", "no device was seen to set its clock")
}
