// Package crypto looks for versions and suites that are not accepted any more.
package crypto

import (
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "crypto",
	Title: "Accepted cryptography only",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 4.3"),
		assess.Part(assess.CSF, "PR.DS-02"),
		assess.Part(assess.R2, "3.13.11"),
		assess.Part(assess.ISO, "A.8.24"),
	},
	Proves:  "None; how keys are managed is not seen.",
	Refutes: "An outdated version or a broken suite was agreed upon.",

	Ask:    "Which algorithms and key lengths are used, and who manages keys?",
	Role:   "it",
	Fix:    "Switch the outdated versions and suites off at the server named.",
	Effort: 2,
	Run:    run,
}

var broken = []string{"RC4", "_DES_", "3DES", "NULL", "EXPORT", "MD5", "arcfour", "3des-cbc", "blowfish", "des-cbc", "_anon_"}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	good := 0
	for _, t := range v.Talks {
		bad := false
		if p := t.Protected(); p.Weak != "" {
			n.Against(t.IDs(), t.Frame, "%s: %s", t, p.Weak)
			bad = true
		}
		for _, s := range t.Fact(fact.SessionCipher) {
			for _, b := range broken {
				if strings.Contains(s.Value, b) {
					n.Against(t.IDs(), s.Frame, "%s: %s is broken", t, s.Value)
					bad = true
					break
				}
			}
		}
		if !bad && t.Protected().Encrypted {
			good++
		}
	}
	a := n.Answer("", "no encrypted session was seen")
	if a.Verdict == assess.Silent && good > 0 {
		a.Verdict, a.Why = assess.Supported, "only accepted versions and suites were seen"
	}
	return a
}
