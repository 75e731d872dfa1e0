// Package messaging looks for mail, chat and social media in control zones.
package messaging

import (
	"slices"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "messaging",
	Title: "No mail, chat or social media in control zones",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 5.3"),
		assess.Part(assess.SR, "SR 5.3 RE 1"),
		assess.Part(assess.CSF, "PR.IR-01"),
		assess.Part(assess.ISO, "A.8.22"),
		assess.Part(assess.Owner, "NET 1.7"),
	},
	Proves:  "None; that none is seen only supports it.",
	Refutes: "A host of level 3 or below asked for or used such a service.",

	Ask:    "Are e-mail, chat and social media kept out of the control network?",
	Role:   "it",
	Fix:    "Block these services at the boundary; read mail elsewhere.",
	Effort: 1,
	Run:    run,
}

var mail = []string{"smtp", "imap", "pop3", "xmpp", "sip", "irc"}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	outward := 0
	for _, t := range v.Talks {
		l := v.Level(&t.Client)
		if t.Client.Asset == nil || l < 0 || l > 3 {
			continue
		}
		if slices.Contains(mail, t.Protocol) || slices.Contains(mail, t.PortProtocol) || t.Transport == "tcp" && slices.Contains([]uint16{25, 110, 143, 465, 587, 993, 995, 5222}, t.Port) && t.Answered() {
			n.Against(t.IDs(), t.Frame, "%s: mail or chat from level %v", t, l)
		}
		for _, s := range t.Fact(fact.SessionSNI) {
			if m := assess.Messenger(s.Value); m != "" {
				n.Against(t.IDs(), s.Frame, "%s called %s (%s) from level %v", &t.Client, s.Value, m, l)
			}
		}
		if t.Server.Outside() || t.Protocol == "dns" {
			outward++
		}
	}
	a := n.Answer("", "no traffic to the outside and no name was asked for")
	if a.Verdict == assess.Silent && outward > 0 {
		a.Verdict, a.Why = assess.Supported, "hosts talked outward, but to no mail, chat or social service"
	}
	return a
}
