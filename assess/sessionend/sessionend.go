// Package sessionend looks at how long remote sessions stay open.
package sessionend

import (
	"time"

	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "sessionend",
	Title: "Remote sessions end",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 2.6"),
		assess.Part(assess.R2, "3.1.11"),
		assess.Part(assess.R2, "3.13.9"),
		assess.Part(assess.ISO, "A.8.5"),
	},
	Proves:  "Remote sessions were seen to end within a working day.",
	Refutes: "One remote session stayed open for more than a day.",

	Ask:    "Do remote sessions end after a time without use, and can you end them?",
	Role:   "network",
	Fix:    "Set an idle limit and a longest duration at the jump host.",
	Effort: 1,
	Run:    run,
}

// longest is more than a shift with overtime: a session that is open longer
// was left open.
const longest = 24 * time.Hour

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if !assess.Remote(t.Protocol) || !t.Answered() || !t.Crosses() {
			continue
		}
		open := time.Duration(t.Last - t.First)
		switch {
		case t.Flows <= 1 && open > longest:
			n.Against(t.IDs(), t.Frame, "%s was one session of %.0f hours", t, open.Hours())
		case t.Flows > 0:
			n.Support(t.IDs(), t.Frame, "%s: %d sessions that ended", t, t.Flows)
		}
	}
	return n.Answer("remote sessions ended within a day", "no remote session between zones was seen")
}
