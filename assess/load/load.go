// Package load looks for floods and for controllers that answer no more.
package load

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "load",
	Title: "Control goes on under load",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 7.1"),
		assess.Part(assess.SR, "SR 7.2"),
		assess.Part(assess.CSF, "PR.IR-04"),
		assess.Part(assess.ISO, "A.8.6"),
	},
	Proves:  "None; that no flood was seen only supports it.",
	Refutes: "Messages had to be sent again in such number, or a host asked so many others in vain, that control suffers.",

	Ask:    "Does the process go on when the network is flooded or a scan runs?",
	Role:   "controls",
	Fix:    "Find the source named and stop it; limit the rate of broadcasts and scans at the switches.",
	Effort: 2,
	Run:    run,
}

// Limits beyond which load hurts: a twentieth of the packets sent again, with
// enough of them to tell.
const (
	again = 20
	least = 200
)

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	calm := 0
	for _, t := range v.Talks {
		packets := t.Packets[0] + t.Packets[1]
		switch {
		case t.Repeated >= least && t.Repeated*again >= packets && (assess.Controls(t.Server.Role()) || assess.Controls(t.Client.Role())):
			n.Against(t.IDs(), t.Frame, "%s: %d of %d packets had to be sent again", t, t.Repeated, packets)
		case t.Conversation.Server.Many() && packets > 1000:
			n.Against(t.IDs(), t.Frame, "%s asked hosts by the hundred in vain (%d packets)", &t.Client, packets)
		case assess.Controls(t.Server.Role()) && t.Answered() && packets >= least:
			calm++
		}
	}
	a := n.Answer("", "no controller was busy enough to tell")
	if a.Verdict == assess.Silent && calm > 0 {
		a.Verdict, a.Why = assess.Supported, "controllers answered without loss; nobody flooded the network"
	}
	return a
}
