// Package credentials looks for passwords that anybody on the network could read, and for those of the factory.
package credentials

import (
	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "credentials",
	Title: "Passwords are changed and kept secret",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 1.5"),
		assess.Part(assess.CSF, "PR.AA-01"),
		assess.Part(assess.R2, "3.5.10"),
		assess.Part(assess.ISO, "A.5.17"),
		assess.Part(assess.Owner, "USER 1.4"),
	},
	Proves:  "None; sign-ins whose password did not cross in clear support it.",
	Refutes: "A default, empty or readable password crossed the network.",

	Ask:    "Are all factory passwords changed, and are passwords kept secret on the way?",
	Role:   "controls",
	Fix:    "Change the password; use a protocol that hides it (SSH for Telnet, HTTPS for HTTP, SNMPv3).",
	Effort: 1,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	hidden := 0
	for _, t := range v.Talks {
		if !v.Serves(t) {
			continue
		}
		bad := false
		for _, s := range t.Fact(fact.SessionPassword) {
			bad = true
			n.Against(t.IDs(), s.Frame, "%s: password %s", t, s.Value)
		}
		if !bad && len(t.Fact(fact.SessionAuth)) > 0 && t.Protected().Encrypted {
			hidden++
		}
	}
	a := n.Answer("", "no sign-in was seen")
	if a.Verdict == assess.Silent && hidden > 0 {
		a.Verdict, a.Why = assess.Supported, "sign-ins were seen, and their passwords were hidden"
	}
	return a
}
