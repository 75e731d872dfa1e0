// Package settings looks for settings of the factory and for old protocol versions that are still on.
package settings

import (
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "settings",
	Title: "Settings are hardened",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 7.6"),
		assess.Part(assess.CSF, "PR.PS-01"),
		assess.Part(assess.R2, "3.4.2"),
		assess.Part(assess.ISO, "A.8.9"),
		assess.Part(assess.Owner, "COMP 1.1"),
	},
	Proves:  "None; settings that were not used are not seen.",
	Refutes: "A setting of the factory or an outdated protocol version was in use.",

	Ask:    "Is there a recommended setting for each device, and does the present one equal it?",
	Role:   "controls",
	Fix:    "Change the setting at the device named and record the recommended one.",
	Effort: 1,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	fine := 0
	for _, t := range v.Talks {
		if t.Server.Asset == nil || !v.Has(&t.Server) || !t.Answered() {
			continue
		}
		bad := false
		for _, s := range t.Session {
			old := s.Attr == fact.SessionVersion && (strings.HasPrefix(s.Value, "SMB 1") || s.Value == "SSH 1" || strings.HasPrefix(s.Value, "SSL"))
			factory := s.Attr == fact.SessionPassword && strings.Contains(s.Value, "default")
			offers := s.Attr == fact.SessionNote && (strings.Contains(s.Value, "offers anonymous") || strings.Contains(s.Value, "without security"))
			switch {
			case factory:
				n.Against(t.IDs(), s.Frame, "%s still has a setting of the factory: %s (%s)", &t.Server, s.Value, t.Protocol)
			case old:
				n.Against(t.IDs(), s.Frame, "%s still speaks %s", &t.Server, s.Value)
			case offers:
				n.Against(t.IDs(), s.Frame, "%s: %s", &t.Server, s.Value)
			}
			bad = bad || old || factory || offers
		}
		if !bad && len(t.Session) > 0 {
			fine++
		}
	}
	a := n.Answer("", "no setting was seen")
	if a.Verdict == assess.Silent && fine > 0 {
		a.Verdict, a.Why = assess.Supported, "the settings that were seen are not those of the factory"
	}
	return a
}
