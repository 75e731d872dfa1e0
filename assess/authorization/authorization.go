// Package authorization looks at who changes what controllers do.
package authorization

import (
	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "authorization",
	Title: "Only those whose task it is write to controllers",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 2.1"),
		assess.Part(assess.SR, "SR 2.1 RE 1"),
		assess.Part(assess.CSF, "PR.AA-05"),
		assess.Part(assess.R2, "3.1.2"),
		assess.Part(assess.ISO, "A.5.15"),
		assess.Part(assess.Owner, "USER 2.1"),
	},
	Proves:  "Changes to controllers came from engineering stations, panels, servers and controllers only.",
	Refutes: "Another host wrote to, controlled or loaded a controller.",

	Ask:    "Which roles may write, force or download, and is it enforced?",
	Role:   "controls",
	Fix:    "Find out why that host writes; limit writing to engineering stations and panels at the firewall or in the controller.",
	Effort: 2,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if !v.Serves(t) {
			continue
		}
		if !assess.Controls(t.Server.Role()) {
			continue
		}
		role := t.Client.Role()
		for _, o := range t.Operations {
			c := o.Function.Class
			if !assess.Changes(c) || o.Function.Reply || !assess.Done(o.Requests, o.Errors) {
				continue
			}
			engineer := c == fact.Program || c == fact.Firmware
			switch {
			case t.Client.Outside():
				n.Against(t.IDs(), o.Frame, "%s: %s from outside the plant", t, o.Function.Name)
			case role == "" || role == "unknown":
			case !assess.MayWrite(role), engineer && role != "engineering-station" && role != "hmi":
				n.Against(t.IDs(), o.Frame, "%s: %s by a %s", t, o.Function.Name, role)
			default:
				n.Support(t.IDs(), o.Frame, "%s: %s by a %s", t, o.Function.Name, role)
			}
		}
	}
	return n.Answer("controllers were changed only by those whose task it is", "nobody changed anything at a controller")
}
