// Package accounts looks for accounts that several people share.
package accounts

import (
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "accounts",
	Title: "A login for each person",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 1.1 RE 1"),
		assess.Part(assess.CSF, "PR.AA-01"),
		assess.Part(assess.ISO, "A.5.16"),
		assess.Part(assess.Owner, "USER 1.3"),
	},
	Proves:  "None; names of persons in use support it.",
	Refutes: "A generic account was used, or one account from several stations.",

	Ask:    "Has each person a login of their own, with no shared accounts?",
	Role:   "controls",
	Fix:    "Give each person an account; lock the shared ones.",
	Effort: 2,
	Run:    run,
}

var generic = []string{"admin", "administrator", "root", "operator", "user", "guest", "test", "service", "engineer", "maintenance", "plant", "scada", "hmi", "default"}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	persons := 0
	from := make(map[string]*assess.Talk)
	for _, t := range v.Talks {
		if !v.Serves(t) {
			continue
		}
		for _, s := range t.Fact(fact.SessionUser) {
			name := strings.ToLower(s.Value)
			if i := strings.LastIndexAny(name, "\\/"); i >= 0 {
				name = name[i+1:]
			}
			name, _, _ = strings.Cut(name, "@")
			first := from[name]
			switch {
			case name == "" || strings.HasSuffix(name, "$"):
			case slices.Contains(generic, name):
				n.Against(t.IDs(), s.Frame, "%s: the shared account %s", t, s.Value)
			case first != nil && first.Client.ID != t.Client.ID && assess.Person(first.Client.Role()) && assess.Person(t.Client.Role()):
				n.Against(append(t.IDs(), first.Client.ID), s.Frame, "the account %s was used from %s and from %s", s.Value, &first.Client, &t.Client)
			case first == nil:
				from[name] = t
				persons++
			}
		}
	}
	a := n.Answer("", "no account name was seen")
	if a.Verdict == assess.Silent && persons > 0 {
		a.Verdict, a.Why = assess.Supported, "the accounts seen belong to one station each and have no shared name"
	}
	return a
}
