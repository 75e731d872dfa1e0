// Package concurrent counts the stations that engineer one controller at a time.
package concurrent

import (
	"slices"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/flow"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "concurrent",
	Title: "Engineering sessions at a controller are limited",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 2.7"),
	},
	Proves:  "At no controller did two stations engineer at overlapping times.",
	Refutes: "Three or more stations engineered one controller at overlapping times: no limit is in force.",

	Ask:    "How many engineering sessions may a controller have at once, and is it enforced?",
	Role:   "controls",
	Fix:    "Set the limit in the controller or at the firewall; agree on who engineers when.",
	Effort: 1,
	Run:    run,
}

// crowd is how many stations at once no sensible limit allows.
const crowd = 3

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	at := make(map[asset.ID][]*assess.Talk)
	var order []asset.ID
	for _, t := range v.Talks {
		if !assess.Programmable(t.Server.Role()) || !slices.ContainsFunc(t.Operations, engineers) {
			continue
		}
		if at[t.Server.ID] == nil {
			order = append(order, t.Server.ID)
		}
		at[t.Server.ID] = append(at[t.Server.ID], t)
	}
	for _, id := range order {
		list := at[id]
		if most := overlap(list); most >= crowd {
			n.Against(append([]asset.ID{id}, list[0].Client.ID), list[0].Frame, "%s was engineered by %d stations at once", &list[0].Server, most)
		} else if most == 1 {
			n.Support([]asset.ID{id}, list[0].Frame, "%s was engineered by one station at a time", &list[0].Server)
		}
	}
	a := n.Answer("controllers were engineered by one station at a time", "nobody engineered a controller, or two stations at once, which a limit may allow")
	if a.Verdict == assess.Proven {
		a.Verdict = assess.Supported
	}
	return a
}

func engineers(o *flow.Operation) bool { return assess.Engineers(o.Function.Class) && o.Requests > 0 }

// overlap is the largest number of stations at the same time.
func overlap(list []*assess.Talk) int {
	most := 0
	for _, t := range list {
		who := map[asset.ID]bool{}
		for _, u := range list {
			if u.First <= t.First && t.First <= u.Last {
				who[u.Client.ID] = true
			}
		}
		most = max(most, len(who))
	}
	return most
}
