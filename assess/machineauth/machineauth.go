// Package machineauth looks at whether machines prove who they are to one another.
package machineauth

import (
	"slices"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "machineauth",
	Title: "Machines authenticate to one another",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 1.2"),
		assess.Part(assess.CSF, "PR.AA-03"),
		assess.Part(assess.R2, "3.5.2"),
		assess.Part(assess.ISO, "A.8.5"),
	},
	Proves:  "Conversations between machines by authenticated protocols.",
	Refutes: "A controller took commands from another machine by a protocol without authentication; or a service let a machine in without it.",

	Ask:    "Do devices and programs authenticate before they exchange commands?",
	Role:   "controls",
	Fix:    "Move to variants with authentication (OPC UA with certificates, SNMPv3, TLS), or keep unauthenticated traffic inside one zone.",
	Effort: 8,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, t := range v.Talks {
		if !v.Serves(t) {
			continue
		}
		if assess.Person(t.Client.Role()) || t.Client.Asset == nil || t.Server.Many || !t.Answered() {
			continue
		}
		p := t.Protected()
		certificate := slices.ContainsFunc(t.Fact(fact.SessionAuth), func(s fact.SessionStat) bool { return s.Value == "certificate" || s.Value == "kerberos" })
		switch {
		case certificate, p.Signed && (t.Protocol == "opcua" || t.Protocol == "snmp"):
			n.Support(t.IDs(), t.Frame, "%s is authenticated", t)
			continue
		case !p.Known || p.Signed:
			continue
		case t.Protocol == "snmp" || t.Protocol == "opcua":
			n.Against(t.IDs(), t.Frame, "%s: nobody has to prove who it is (%s)", t, p.How)
		}
		for _, o := range t.Operations {
			if assess.Changes(o.Function.Class) && assess.Done(o.Requests, o.Errors) && assess.Controls(t.Server.Role()) {
				n.Against(t.IDs(), o.Frame, "%s: took %s from a machine that did not prove who it is", t, o.Function.Name)
			}
		}
	}
	return n.Answer("machines authenticate to one another", "no conversation between machines that would show it")
}
