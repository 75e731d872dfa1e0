package html

import (
	"cmp"
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/topo"
)

// Broadcast and multicast addresses with a node of their own; the others
// share one.
const maxGroups = 24

const (
	otherGroups = "group others"
	manyHosts   = "many"
)

// mapOf lays out what the page holds.
func mapOf(d *data) *topo.Map {
	m := &mapper{seen: make(map[string]bool), groups: groupsOf(d)}
	for i := range d.Assets {
		m.add(thingOf(&d.Assets[i]))
	}
	for i := range d.Convs {
		c := &d.Convs[i]
		m.talks = append(m.talks, topo.Talk{
			Client: m.end(&c.Client), Server: m.end(&c.Server), Class: c.Class, Bytes: c.Bytes, Packets: c.Packets, Ref: i,
		})
	}
	return topo.Of(m.things, m.talks)
}

type mapper struct {
	things []topo.Thing
	talks  []topo.Talk
	seen   map[string]bool
	groups map[string]bool
}

func (m *mapper) add(t topo.Thing) {
	if !m.seen[t.ID] {
		m.seen[t.ID] = true
		m.things = append(m.things, t)
	}
}

// end is the ID of the thing at one end of a conversation; things that are no
// assets are made when first met.
func (m *mapper) end(e *end) string {
	addr := cmp.Or(e.IP, e.MAC)
	switch {
	case e.isInternet():
		m.add(topo.Thing{ID: string(asset.Internet), Kind: topo.Internet, Name: "Internet", Address: "public addresses", Role: "internet", Level: 5})
		return string(asset.Internet)
	case e.Many:
		m.add(topo.Thing{ID: manyHosts, Kind: topo.Many, Name: "Many hosts", Address: "tried without answer", Role: "many", Level: topo.Unknown})
		return manyHosts
	case e.Group && !m.groups[addr]:
		m.add(topo.Thing{ID: otherGroups, Kind: topo.Group, Name: "Other groups", Role: "group", Level: topo.Unknown})
		return otherGroups
	case e.Group:
		id := "group " + addr
		m.add(topo.Thing{ID: id, Kind: topo.Group, Name: groupName(addr), Address: addr, IP: address(e.IP), Role: "group", Level: topo.Unknown})
		return id
	}
	return e.Asset
}

// groupsOf picks the group addresses that get a node: the busiest.
func groupsOf(d *data) map[string]bool {
	packets := make(map[string]uint64)
	var list []string
	for i := range d.Convs {
		c := &d.Convs[i]
		for _, e := range [...]*end{&c.Client, &c.Server} {
			if e.Group {
				a := cmp.Or(e.IP, e.MAC)
				if _, ok := packets[a]; !ok {
					list = append(list, a)
				}
				packets[a] += c.Packets
			}
		}
	}
	top := (&data{}).pick("", len(list), maxGroups, func(i int) uint64 { return packets[list[i]] })
	m := make(map[string]bool)
	for _, i := range top {
		m[list[i]] = true
	}
	return m
}

// groupName says broadcast or multicast.
func groupName(addr string) string {
	if addr == "ff:ff:ff:ff:ff:ff" || addr == "255.255.255.255" {
		return "Broadcast"
	}
	return "Multicast"
}

func thingOf(a *assetRow) topo.Thing {
	t := topo.Thing{ID: a.ID, Kind: topo.Host, Name: a.Name, Role: a.Role, Level: topo.Unknown}
	if a.Level != nil {
		t.Level = *a.Level
	}
	if a.ID == string(asset.Internet) {
		t.Kind = topo.Internet
	}
	for _, i := range a.Interfaces {
		if t.VLAN == 0 {
			t.VLAN = i.VLAN
		}
		if t.Address == "" {
			t.Address = i.MAC
		}
		for _, ip := range i.IPs {
			if p := address(ip); p.IsValid() && better(p, t.IP) {
				t.IP, t.Address = p, ip
			}
		}
	}
	if t.Address == t.Name {
		t.Address = ""
	}
	return t
}

func address(s string) netip.Addr {
	a, _ := netip.ParseAddr(s)
	return a
}

// better prefers the address that people know a host by: IPv4, then routed
// IPv6, then link-local.
func better(a, b netip.Addr) bool {
	rank := func(x netip.Addr) int {
		switch {
		case !x.IsValid():
			return 0
		case x.IsLinkLocalUnicast():
			return 1
		case x.Is6():
			return 2
		}
		return 3
	}
	return rank(a) > rank(b)
}
