// Package inventory compares what talks with what was declared.
package inventory

import (
	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "inventory",
	Title: "Every device that talks is in the list of devices",
	Answers: []assess.Ref{
		assess.Whole(assess.SR, "SR 7.8"), assess.Part(assess.CSF, "ID.AM-01"), assess.Part(assess.CSF, "ID.AM-02"),
		assess.Part(assess.R2, "3.4.1"), assess.Part(assess.ISO, "A.5.9"), assess.Part(assess.Owner, "CM 1.1"),
	},
	Proves:  "Each device that was seen belongs to a declared zone.",
	Refutes: "A device was seen that no declared zone knows.",
	Needs:   assess.Needs{Plant: true, Inside: true},
	Ask:     "Is there a list of all devices with versions, and is it kept current?",
	Role:    "controls",
	Fix:     "Find out what the unknown devices are; take them off the network or declare them in the plant file.",
	Effort:  2,
	Run:     run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	if v.Model == nil || !v.Model.Declared {
		return n.Answer("", "nobody declared what belongs to the plant, so there is nothing to compare with")
	}
	known := make(map[string]bool)
	for i := range v.Model.Zones {
		for _, id := range v.Model.Zones[i].Members {
			known[string(id)] = true
		}
	}
	near := make(map[string]*assess.Talk) // an undeclared device, and a talk of it with this scope
	for _, t := range v.Talks {
		for _, s := range [2]*assess.Side{&t.Client, &t.Server} {
			if s.Asset != nil && near[string(s.ID)] == nil {
				near[string(s.ID)] = t
			}
		}
	}
	for _, a := range v.Inventory.Assets {
		t := near[string(a.ID)]
		switch {
		case known[string(a.ID)]:
			if v.Kind == assess.WholePlant || v.Zone != nil && t != nil {
				n.Support(nil, 0, "the devices that were seen are declared")
			}
		case v.Kind == assess.WholePlant:
			n.Against([]asset.ID{a.ID}, a.Frame, "%s is in no declared zone", a.Name())
		case t != nil:
			n.Against([]asset.ID{a.ID}, t.Frame, "%s is in no declared zone and talks with %s", a.Name(), v.Name)
		}
	}
	return n.Answer("every device that was seen is declared", "no device was seen")
}
