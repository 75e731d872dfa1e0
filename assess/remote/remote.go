// Package remote looks at sessions by which people work on hosts of the plant from outside.
package remote

import (
	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "remote",
	Title: "Remote access enters by a guarded way only",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 1.13"),
		assess.Part(assess.SR, "SR 1.13 RE 1"),
		assess.Part(assess.CSF, "PR.AA-03"),
		assess.Part(assess.CSF, "PR.AA-05"),
		assess.Part(assess.CSF, "DE.CM-06"),
		assess.Part(assess.R2, "3.1.12"),
		assess.Part(assess.R2, "3.1.14"),
		assess.Part(assess.ISO, "A.6.7"),
		assess.Part(assess.ISO, "A.8.5"),
		assess.Part(assess.Owner, "NET 3.1"),
	},
	Proves:  "Remote sessions ended in the DMZ, or approved work covers them.",
	Refutes: "A session from the internet or the office reached level 3 or below without passing the DMZ or without approved work; or a remote maintenance tool called out.",

	Ask:    "Which ways into the plant exist from untrusted networks, and who approves a session?",
	Role:   "network",
	Fix:    "Let remote sessions end at a jump host in the DMZ, behind a second factor and an approval; remove remote maintenance tools that go around it.",
	Effort: 5,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		for _, s := range t.Fact(fact.SessionSNI) {
			if tool := assess.RemoteTool(s.Value); tool != "" && t.Client.Asset != nil {
				if l := v.Level(&t.Client); l >= 0 && l <= 3.5 {
					n.Against(t.IDs(), s.Frame, "%s called %s: a remote maintenance tool (%s)", &t.Client, s.Value, tool)
				}
			}
		}
		if !assess.Remote(t.Protocol) || !t.Answered() || t.Server.Many {
			continue
		}
		c, s := v.Level(&t.Client), v.Level(&t.Server)
		switch {
		case s < 0 || s > 3.5 || c < 3.5:
		case s == 3.5:
			n.Support(t.IDs(), t.Frame, "%s ends in the DMZ", t)
		case v.Approved(&t.Server, t.First) != nil:
			n.Support(t.IDs(), t.Frame, "%s is covered by approved work %s", t, v.Approved(&t.Server, t.First).ID)
		case c == 3.5:
			n.Support(t.IDs(), t.Frame, "%s comes from the DMZ", t)
		default:
			n.Against(t.IDs(), t.Frame, "%s reached level %v from level %v without passing the DMZ, and no approved work covers it", t, s, c)
		}
	}
	return n.Answer("remote sessions passed the DMZ or approved work covers them", "no remote session was seen")
}
