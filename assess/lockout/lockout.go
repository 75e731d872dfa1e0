// Package lockout counts failed logins.
package lockout

import (
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "lockout",
	Title: "Repeated failed logins are stopped",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 1.11"),
		assess.Part(assess.R2, "3.1.8"),
		assess.Part(assess.ISO, "A.8.5"),
	},
	Proves:  "None; that nobody failed often is no proof.",
	Refutes: "A device went on taking passwords after ten that were wrong.",

	Ask:    "After how many failed logins is an account or address blocked, and for how long?",
	Role:   "controls",
	Fix:    "Turn on blocking after failed logins at the device named; find out who tried.",
	Effort: 1,
	Run:    run,
}

// tries is more than any rule allows in one go.
const tries = 10

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if !v.Serves(t) {
			continue
		}
		wrong := uint64(0)
		frame := t.Frame
		for _, s := range t.Fact(fact.SessionLogin) {
			if strings.HasPrefix(s.Value, "refused") {
				wrong += s.Count
				frame = s.Frame
			}
		}
		for _, o := range t.Operations {
			if o.Function.Class == fact.Login && !o.Function.Reply {
				wrong = max(wrong, o.Errors)
			}
		}
		if wrong >= tries {
			n.Against(t.IDs(), frame, "%s: %d passwords were refused, and the next one was still taken", t, wrong)
		} else if wrong >= 3 {
			n.Support(t.IDs(), frame, "%s: after %d refused passwords there were no more", t, wrong)
		}
	}
	a := n.Answer("after a few failed logins there were no more", "nobody failed to sign in often enough to tell")
	if a.Verdict == assess.Proven {
		a.Verdict = assess.Supported
	}
	return a
}
