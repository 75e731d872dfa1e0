package asset

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// levels are the Purdue levels that roles have by themselves.
var levels = map[string]struct {
	level float64
	why   string
}{
	"sensor":              {0, "a sensor touches the process"},
	"drive":               {0, "a drive moves the process"},
	"meter":               {0, "a meter measures the process"},
	"plc":                 {1, "a controller steers the process"},
	"rtu":                 {1, "an RTU steers the process"},
	"safety-controller":   {1, "a safety controller guards the process"},
	"remote-io":           {1, "remote I/O connects the process to its controller"},
	"protection-relay":    {1, "a protection relay guards the process"},
	"robot":               {1, "a robot controller steers the process"},
	"cnc":                 {1, "a CNC steers the process"},
	"building-controller": {1, "a building controller steers its process"},
	"hmi":                 {2, "an operator panel supervises controllers"},
	"scada-server":        {2, "it supervises controllers"},
	"engineering-station": {2, "it programs controllers"},
	"opc-server":          {3, "an OPC server hands data on to site operations"},
	"historian":           {3, "a historian serves site operations"},
	"broker":              {3, "a broker hands data on to site operations"},
	"domain-controller":   {3, "a domain controller serves site operations"},
	"nas":                 {3, "storage serves site operations"},
}

// plain are roles of computers and things of the office, whose level is told
// by the company that they keep.
var plain = map[string]bool{
	"server": true, "workstation": true, "printer": true, "phone": true, "camera": true, "unknown": true, "gateway": true,
	"switch": true, "router": true, "firewall": true, "access-point": true, "clock": true, "ups": true,
}

// level concludes the Purdue level, from the role and from whom the thing
// speaks with.
func (b *behaviour) level(by map[*thing]*behaviour) {
	a := b.asset
	role := a.Role.Value
	direct := b.devices()
	if l, ok := levels[role]; ok {
		a.PurdueLevel, a.PurdueWhy = l.level, l.why
		if a.PurdueLevel == 3 && direct > 0 && role != "domain-controller" {
			a.PurdueLevel = 2
			a.PurdueWhy = fmt.Sprintf("%s, but it speaks with %s itself", l.why, plural(direct, "controller"))
		}
		return
	}
	if !plain[role] {
		return
	}
	switch role {
	case "switch", "router", "firewall", "access-point":
		return // joins levels, has none of its own
	case "gateway":
		a.PurdueLevel, a.PurdueWhy = 1, "a gateway connects field devices"
		if direct == 0 && b.clients() == 0 {
			a.PurdueLevel, a.PurdueWhy = 2, "a gateway hands on data of field devices"
		}
		return
	}
	ot := b.company(by)
	switch {
	case direct > 0:
		a.PurdueLevel, a.PurdueWhy = 2, fmt.Sprintf("it speaks with %s by protocols of the field", plural(direct, "controller"))
	case b.fieldbus():
		a.PurdueLevel, a.PurdueWhy = 1, "it speaks a protocol of the field"
	case role == "unknown" || role == "clock" || role == "ups":
		return
	case ot > 0 && !b.internet:
		a.PurdueLevel, a.PurdueWhy = 3, fmt.Sprintf("it speaks with %s of the plant, by protocols of information technology", plural(ot, "asset"))
	case b.internet:
		a.PurdueLevel, a.PurdueWhy = 4, "it speaks no protocol of the field and reaches the Internet"
	case role == "server" || role == "workstation":
		a.PurdueLevel, a.PurdueWhy = 3, "it speaks no protocol of the field"
	}
}

// devices counts the controllers and other field devices that the thing asks.
func (b *behaviour) devices() int {
	var all peers
	for k, a := range b.acts {
		if fields[k] != nil && a.client {
			all.join(&a.servers)
		}
	}
	return all.count()
}

// company counts the assets with roles of levels 0 to 3 that it speaks with.
func (b *behaviour) company(by map[*thing]*behaviour) int {
	var all peers
	for _, a := range b.acts {
		for _, p := range [...]*peers{&a.servers, &a.clients} {
			for _, t := range p.list {
				if o := by[t]; o != nil {
					if _, ok := levels[o.asset.Role.Value]; ok {
						all.add(t)
					}
				}
			}
		}
	}
	return all.count()
}

// fieldbus tells that the thing speaks cyclic data of the field.
func (b *behaviour) fieldbus() bool {
	for _, p := range [...]string{"pn_rt", "ethercat", "goose", "sv", "cipio"} {
		if a := b.acts[p]; a != nil && a.told[fact.Data] > 0 {
			return true
		}
	}
	return false
}
