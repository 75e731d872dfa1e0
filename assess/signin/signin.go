// Package signin looks at how people prove who they are.
package signin

import (
	"slices"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "signin",
	Title: "People sign in before they act",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 1.1"),
		assess.Part(assess.CSF, "PR.AA-03"),
		assess.Part(assess.R2, "3.5.1"),
		assess.Part(assess.R2, "3.5.2"),
		assess.Part(assess.ISO, "A.8.5"),
		assess.Part(assess.Owner, "USER 1.1"),
	},
	Proves:  "Sessions of people with authentication.",
	Refutes: "An anonymous or unauthenticated session, or an engineering action from a person's station by a protocol without any sign-in.",

	Ask:    "Must every person sign in before using a panel, an engineering tool or a web page of a device?",
	Role:   "controls",
	Fix:    "Turn on sign-in at the devices named, with a login for each person; use protocol variants with authentication.",
	Effort: 3,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if !v.Serves(t) {
			continue
		}
		auth := false
		for _, s := range t.Fact(fact.SessionAuth) {
			switch s.Value {
			case "anonymous", "guest", "none", "None":
				n.Against(t.IDs(), s.Frame, "%s: signed in as nobody (%s)", t, s.Value)
			default:
				auth = true
				if !refused(t) {
					n.Support(t.IDs(), s.Frame, "%s: signed in by %s", t, s.Value)
				}
			}
		}
		if t.Protocol == "vnc" && !auth && slices.ContainsFunc(t.Fact(fact.SessionSecurity), func(s fact.SessionStat) bool { return s.Value == "None" }) && len(t.Fact(fact.SessionAuth)) == 0 {
			n.Against(t.IDs(), t.Frame, "%s: the screen is open to anybody", t)
		}
		if auth || !assess.Person(t.Client.Role()) || !bare(t.Protocol) {
			continue
		}
		for _, o := range t.Operations {
			if assess.Changes(o.Function.Class) && assess.Done(o.Requests, o.Errors) {
				n.Against(t.IDs(), o.Frame, "%s: %s without any sign-in", t, o.Function.Name)
			}
		}
	}
	return n.Answer("sessions of people were authenticated", "no session of a person was seen")
}

// bare tells the protocols of controllers that know no sign-in as they are
// commonly used.
func bare(protocol string) bool {
	return slices.Contains([]string{"modbus", "s7comm", "enip", "cip", "bacnet", "dnp3", "iec104", "umas", "fins", "melsec", "slmp", "ads", "pnio"}, protocol)
}

func refused(t *assess.Talk) bool {
	l := t.Fact(fact.SessionLogin)
	return len(l) > 0 && !slices.ContainsFunc(l, func(s fact.SessionStat) bool { return s.Value == "accepted" })
}
