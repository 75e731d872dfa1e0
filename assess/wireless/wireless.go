// Package wireless looks for access points in zones near the process.
package wireless

import (
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "wireless",
	Title: "Wireless in control zones is known and controlled",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 1.6"),
		assess.Part(assess.SR, "SR 2.2"),
		assess.Part(assess.CSF, "PR.AA-03"),
		assess.Part(assess.CSF, "PR.IR-01"),
		assess.Part(assess.R2, "3.1.16"),
		assess.Part(assess.R2, "3.1.17"),
		assess.Part(assess.ISO, "A.8.20"),
		assess.Part(assess.Owner, "NET 2.1"),
		assess.Part("iec62443-3-2", "ZCR 3.5"),
	},
	Proves:  "None; radio is not seen on the wire.",
	Refutes: "An access point is in a zone of level 0 to 2.",

	Ask:    "Is there wireless in this zone, who may use it, and how is it protected?",
	Role:   "network",
	Fix:    "Take the access point away, or move wireless into a zone of its own with WPA2/WPA3-Enterprise.",
	Effort: 2,
	Run:    run,
}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	for _, a := range v.Assets {
		radio := a.Role.Value == "access-point"
		for _, c := range a.Attributes[fact.Capability] {
			radio = radio || strings.Contains(strings.ToLower(c.Value), "access point") || strings.Contains(strings.ToLower(c.Value), "wlan")
		}
		if !radio {
			continue
		}
		level := a.PurdueLevel
		if v.Zone != nil && v.Zone.Level >= 0 {
			level = v.Zone.Level
		}
		if v.Zone == nil && v.Model != nil {
			for i := range v.Model.Zones {
				if slices.Contains(v.Model.Zones[i].Members, a.ID) {
					level = v.Model.Zones[i].Level
				}
			}
		}
		if level >= 0 && level <= 2 {
			n.Against([]asset.ID{a.ID}, a.Frame, "%s is an access point at level %v", a.Name(), level)
		} else {
			n.Support([]asset.ID{a.ID}, a.Frame, "%s is an access point outside the control zones", a.Name())
		}
	}
	a := n.Answer("", "no access point was seen on the wire")
	if a.Verdict == assess.Proven {
		a.Verdict, a.Why = assess.Supported, "access points are in zones of their own"
	}
	return a
}
