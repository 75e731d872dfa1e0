// Package passwords looks for passwords that no rule for passwords would let pass.
package passwords

import (
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "passwords",
	Title: "Passwords follow rules",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 1.7"),
		assess.Part(assess.R2, "3.5.7"),
		assess.Part(assess.ISO, "A.5.17"),
	},
	Proves:  "None; traffic does not show the rules.",
	Refutes: "An empty or factory password was accepted.",

	Ask:    "Are minimum length and kinds of characters enforced where passwords are used?",
	Role:   "it",
	Fix:    "Turn on rules for passwords where the device has them; else change the password and record the device as an exception.",
	Effort: 1,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	strong := 0
	for _, t := range v.Talks {
		if !v.Serves(t) {
			continue
		}
		accepted := len(t.Fact(fact.SessionLogin)) == 0 || slices.ContainsFunc(t.Fact(fact.SessionLogin), func(s fact.SessionStat) bool { return s.Value == "accepted" })
		for _, s := range t.Fact(fact.SessionPassword) {
			weak := strings.Contains(s.Value, "default") || strings.Contains(s.Value, "empty")
			switch {
			case weak && accepted:
				n.Against(t.IDs(), s.Frame, "%s accepted a password that no rule lets pass: %s", &t.Server, s.Value)
			case accepted:
				strong++
			}
		}
	}
	a := n.Answer("", "no password was seen in use")
	if a.Verdict == assess.Silent && strong > 0 {
		a.Verdict, a.Why = assess.Supported, "no accepted password was empty or that of the factory"
	}
	return a
}
