// Package confidentiality looks at what anybody on the way can read.
package confidentiality

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "confidentiality",
	Title: "What crosses boundaries cannot be read on the way",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 4.1 RE 1"),
		assess.Part(assess.CSF, "PR.DS-02"),
		assess.Part(assess.R2, "3.13.8"),
		assess.Part(assess.ISO, "A.8.24"),
	},
	Proves:  "What goes over untrusted networks is encrypted.",
	Refutes: "Readable traffic with a host outside the plant.",
	Needs:   assess.Needs{Boundary: true},
	Ask:     "Is confidential data encrypted when it crosses untrusted networks?",
	Role:    "network",
	Fix:     "Use the encrypted variant or a VPN for what leaves the plant.",
	Effort:  3,
	Run:     run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if t.Client.Outside() == t.Server.Outside() || !t.Answered() || t.Protocol == "dns" || t.Protocol == "ntp" || t.Protocol == "icmp" {
			continue
		}
		switch p := t.Protected(); {
		case p.Encrypted && p.Weak == "":
			n.Support(t.IDs(), t.Frame, "%s is encrypted", t)
		case p.Known && !p.Encrypted:
			n.Against(t.IDs(), t.Frame, "%s can be read by anybody on the way", t)
		}
	}
	return n.Answer("what leaves the plant is encrypted", "nothing that can be judged left the plant")
}
