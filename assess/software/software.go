// Package software looks for changes of programs and firmware, and whether work was approved.
package software

import (
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "software",
	Title: "Programs and firmware change only by approved work",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 3.4"),
		assess.Part(assess.CSF, "PR.PS-01"),
		assess.Part(assess.CSF, "ID.RA-09"),
		assess.Part(assess.R2, "3.4.3"),
		assess.Part(assess.ISO, "A.8.9"),
		assess.Part(assess.ISO, "A.8.32"),
		assess.Part(assess.Owner, "CM 1.4"),
	},
	Proves:  "Changes fell into approved work.",
	Refutes: "A program or firmware was loaded, edited or deleted when no work was approved for the zone.",
	Needs:   assess.Needs{Plant: true, Inside: true},
	Ask:     "How do you notice that a control program or firmware was changed, and who approves a change?",
	Role:    "controls",
	Fix:     "Find out who changed it; compare the program with the vault; let changes happen only with a work order in the plant file.",
	Effort:  2,
	Run:     run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		for _, o := range t.Operations {
			c := o.Function.Class
			if c != fact.Program && c != fact.Firmware || o.Function.Reply || !assess.Done(o.Requests, o.Errors) || reads(o.Function.Name) {
				continue
			}
			switch w := v.Approved(&t.Server, o.First); {
			case w != nil:
				n.Support(t.IDs(), o.Frame, "%s: %s, approved as %s", t, o.Function.Name, w.ID)
			case v.Model != nil && v.Model.Declared:
				n.Against(t.IDs(), o.Frame, "%s: %s, and no approved work covers it", t, o.Function.Name)
			}
		}
	}
	return n.Answer("changes of programs and firmware were approved", "no change of a program or firmware was seen, or nobody declares approved work")
}

// reads tells operations that only take a copy.
func reads(name string) bool {
	return strings.Contains(name, "upload") || strings.Contains(name, "list") || strings.Contains(name, "read")
}
