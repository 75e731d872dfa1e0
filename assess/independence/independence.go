// Package independence looks at who gives the control network its names, times, addresses and sign-ins.
package independence

import (
	"slices"

	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "independence",
	Title: "The control network has services of its own",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 5.1 RE 2"),
		assess.Part(assess.CSF, "PR.IR-01"),
		assess.Part(assess.ISO, "A.8.22"),
	},
	Proves:  "Names, times, addresses and sign-ins come from level 3 or below.",
	Refutes: "A host of level 3 or below depends on a server of the office or the internet for them.",
	Needs:   assess.Needs{Boundary: true},
	Ask:     "Do name, time and sign-in services work when the office network is cut off?",
	Role:    "network",
	Fix:     "Give the control network servers of its own for names, time, addresses and sign-in.",
	Effort:  5,
	Run:     run,
}

var basics = []string{"dns", "ntp", "dhcp", "kerberos", "ldap", "radius"}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if !slices.Contains(basics, t.Protocol) || t.Server.Many || t.Client.Asset == nil || !t.Answered() {
			continue
		}
		c, s := v.Level(&t.Client), v.Level(&t.Server)
		switch {
		case c < 0 || s < 0 || c > 3:
		case s >= 4:
			n.Against(t.IDs(), t.Frame, "%s depends on %s for %s", &t.Client, &t.Server, t.Protocol)
		case s <= 3.5:
			n.Support(t.IDs(), t.Frame, "%s has %s from %s", &t.Client, t.Protocol, &t.Server)
		}
	}
	return n.Answer("the control network has these services of its own", "no use of such a service was seen")
}
