// Package safety looks at whether safety functions stand apart.
package safety

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "safety",
	Title: "Safety controllers stand apart",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 5.1 RE 3"),
		assess.Part("iec62443-3-2", "ZCR 3.3"),
	},
	Proves:  "Safety controllers are in a zone of their own, and only engineering and controllers talk with it.",
	Refutes: "A safety controller shares its zone with other devices, or a host without a task in safety works with it.",

	Ask:    "Are safety functions in a zone of their own?",
	Role:   "controls",
	Fix:    "Put the safety controller into a zone of its own; let only the safety engineering station in.",
	Effort: 8,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if t.Server.Role() != "safety-controller" || t.Client.Asset == nil || !t.Answered() || t.Upkeep() {
			continue
		}
		role := t.Client.Role()
		switch {
		case t.Client.Zone >= 0 && t.Client.Zone == t.Server.Zone && role != "safety-controller" && role != "remote-io" && role != "engineering-station":
			n.Against(t.IDs(), t.Frame, "%s shares its zone with %s, a %s", &t.Server, &t.Client, role)
		case role == "workstation" || role == "server" || t.Client.Outside():
			n.Against(t.IDs(), t.Frame, "%s, a %s, works with the safety controller %s by %s", &t.Client, role, &t.Server, t.Protocol)
		case t.Client.Zone != t.Server.Zone:
			n.Support(t.IDs(), t.Frame, "%s is in another zone than %s", &t.Server, &t.Client)
		}
	}
	return n.Answer("safety controllers stand apart", "nobody was seen to talk with a safety controller")
}
