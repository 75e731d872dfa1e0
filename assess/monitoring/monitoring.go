// Package monitoring looks at Bulkhead's own view: which zones it sees, and whether it loses packets.
package monitoring

import (
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "monitoring",
	Title: "The network is watched all the time",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 6.2"),
		assess.Part(assess.CSF, "DE.CM-01"),
		assess.Part(assess.R2, "3.14.6"),
		assess.Part(assess.ISO, "A.8.16"),
		assess.Part(assess.Owner, "EVENT 1.1"),
	},
	Proves:  "A sensor sees traffic inside the zone and over its boundary, without gaps, and without loss.",
	Refutes: "The sensor loses packets or sees one direction only, so that breaches can pass unseen.",
	Needs:   assess.Needs{Inside: true, Boundary: false},
	Ask:     "Who or what watches the network, and how fast does it report?",
	Role:    "security",
	Fix:     "Mirror both directions of the ports named by the quality report; capture on a faster machine.",
	Effort:  2,
	Run:     run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	c := &v.Coverage
	first := uint64(1)
	if len(v.Talks) > 0 {
		first = v.Talks[0].Frame
	}
	switch {
	case v.Kind == assess.WholePlant && len(v.Talks) > 0 && c.Quality == "poor":
		n.Against(nil, first, "the capture is poor: %s", strings.Join(v.Capture.Reasons, "; "))
	case v.Kind != assess.WholePlant && lossy(v):
		n.Against(nil, first, "of %s a large part of the traffic is missing in the capture", v.Name)
	case c.Inside && c.Quality == "good":
		n.Support(nil, first, "traffic inside %s was seen", v.Name)
	}
	return n.Answer("a sensor sees "+v.Name+" without loss", "no sensor sees inside "+v.Name)
}

// lossy tells whether more than a hundredth of the bytes of the scope lack.
func lossy(v *assess.View) bool {
	var lost, all uint64
	for _, t := range v.Talks {
		lost += t.Lost
		all += t.Payload[0] + t.Payload[1]
	}
	return lost > 0 && lost*100 > all
}
