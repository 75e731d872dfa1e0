// Package backup looks for copies of control programs on their way to the vault.
package backup

import (
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "backup",
	Title: "Control programs are backed up",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 7.3"),
		assess.Part(assess.CSF, "PR.DS-11"),
		assess.Part(assess.R2, "3.8.9"),
		assess.Part(assess.ISO, "A.8.13"),
		assess.Part(assess.Owner, "AVAIL 2.1"),
	},
	Proves:  "Programs were read out of the controllers.",
	Refutes: "In a month, nobody read the program out of a controller.",
	Needs:   assess.Needs{Window: month},
	Ask:     "Are programs, settings and servers backed up, and how often?",
	Role:    "controls",
	Fix:     "Read out the programs of the controllers named and keep them in a vault; do it on a schedule.",
	Effort:  2,
	Run:     run,
}

// month is how long a controller may go without a copy of its program.
const month = 30 * 24 * time.Hour

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	copied := make(map[asset.ID]bool)
	for _, t := range v.Talks {
		for _, o := range t.Operations {
			if (o.Function.Class == fact.Program || strings.Contains(o.Function.Name, "upload")) && reads(o.Function.Name) && assess.Done(o.Requests, o.Errors) && v.Has(&t.Server) {
				copied[t.Server.ID] = true
				n.Support(t.IDs(), o.Frame, "%s: %s", t, o.Function.Name)
			}
		}
	}
	if v.Coverage.Seconds >= month.Seconds() && v.Coverage.Quality == "good" && !v.Coverage.Gaps && v.Coverage.Boundary {
		for _, a := range v.Assets {
			if assess.Programmable(a.Role.Value) && !copied[a.ID] && a.Packets > 0 {
				n.Against([]asset.ID{a.ID}, a.Frame, "nobody read the program out of %s in %.0f days", a.Name(), v.Coverage.Seconds/86400)
			}
		}
	}
	return n.Answer("programs were read out of controllers", "no copy of a program was seen, and it is too short a time to say that there is none")
}

func reads(name string) bool {
	return strings.Contains(name, "upload") || strings.Contains(name, "backup")
}
