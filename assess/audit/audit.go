// Package audit looks for records of events on their way to a collector.
package audit

import (
	"slices"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "audit",
	Title: "Devices send their records to a collector",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 2.8"),
		assess.Part(assess.SR, "SR 2.8 RE 1"),
		assess.Part(assess.SR, "SR 6.1"),
		assess.Part(assess.CSF, "PR.PS-04"),
		assess.Part(assess.R2, "3.3.1"),
		assess.Part(assess.ISO, "A.8.15"),
		assess.Part(assess.Owner, "EVENT 1.2"),
	},
	Proves:  "Records of servers and controllers on the network go to a collector.",
	Refutes: "In a window of a week or more, devices that sent records fell silent or most devices of the zone never sent any.",

	Ask:    "Do devices record logins, failures and changes, and where do the records arrive?",
	Role:   "security",
	Fix:    "Point syslog of the devices named at one collector; where a device has none, record that as an exception.",
	Effort: 3,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	sends := make(map[asset.ID]bool)
	for _, t := range v.Talks {
		if (t.Protocol == "syslog" || t.Port == 514 || t.Port == 6514) && t.Client.Asset != nil && v.Has(&t.Client) && !sends[t.Client.ID] {
			sends[t.Client.ID] = true
			n.Support(t.IDs(), t.Frame, "%s sends records to %s", &t.Client, &t.Server)
		}
	}
	long := v.Coverage.Seconds >= assess.MinWindow.Seconds() && v.Coverage.Quality == "good" && !v.Coverage.Gaps && v.Coverage.Boundary
	if long {
		for _, a := range v.Assets {
			if assess.Programmable(a.Role.Value) || slices.Contains([]string{"server", "scada-server", "firewall", "switch", "engineering-station", "historian", "opc-server"}, a.Role.Value) {
				if !sends[a.ID] && a.Packets > 0 {
					n.Against([]asset.ID{a.ID}, a.Frame, "%s (%s) sent no record in %.0f days", a.Name(), a.Role.Value, v.Coverage.Seconds/86400)
				}
			}
		}
	}
	return n.Answer("devices send their records to a collector", "no record was seen on its way; too short a time to say that there are none")
}
