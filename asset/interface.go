package asset

import (
	"cmp"
	"net/netip"
	"slices"
)

// interfaces lists a thing's network interfaces: by their first IP address,
// those without behind, by hardware address.
func (t *thing) interfaces() []Interface {
	by := make(map[*station][]netip.Addr)
	var bare []netip.Addr
	listed := make(map[netip.Addr]bool)
	for _, a := range t.addrs {
		if listed[a.ip] {
			continue
		}
		listed[a.ip] = true
		var best *hold
		for _, h := range a.holds {
			if h.state == own && h.station.thing.root() == t && (best == nil || better(h, best)) {
				best = h
			}
		}
		if best == nil {
			bare = append(bare, a.ip)
			continue
		}
		by[best.station] = append(by[best.station], a.ip)
	}
	for _, s := range t.stations {
		for _, h := range s.holds {
			if h.state == own && !listed[h.addr.ip] && slices.Contains(h.addr.sharers, h) {
				by[s] = append(by[s], h.addr.ip)
			}
		}
	}
	var list []Interface
	for _, s := range t.stations {
		ips := by[s]
		slices.SortFunc(ips, compareIP)
		list = append(list, Interface{MAC: s.mac, IPs: ips, VLAN: s.vlan()})
	}
	slices.SortFunc(bare, compareIP)
	for _, ip := range bare {
		list = append(list, Interface{IPs: []netip.Addr{ip}})
	}
	slices.SortFunc(list, func(x, y Interface) int {
		return cmp.Or(cmp.Compare(min(len(y.IPs), 1), min(len(x.IPs), 1)), slices.CompareFunc(x.IPs, y.IPs, compareIP), slices.Compare(x.MAC[:], y.MAC[:]))
	})
	return list
}

// better prefers the station that sends from the address.
func better(x, y *hold) bool {
	return cmp.Or(cmp.Compare(x.packets(), y.packets()), cmp.Compare(x.hard.Count, y.hard.Count), -slices.Compare(x.station.mac[:], y.station.mac[:])) > 0
}

func (s *station) vlan() uint16 {
	v := uint16(0)
	for _, h := range s.holds {
		if h.end != nil && h.state == own && h.end.vlan != 0 && (v == 0 || h.end.vlan < v) {
			v = h.end.vlan
		}
	}
	if v == 0 && s.alone != nil {
		v = s.alone.vlan
	}
	return v
}

// compareIP puts IPv4 first, then global and local IPv6, then link-local.
func compareIP(a, b netip.Addr) int {
	rank := func(x netip.Addr) int {
		switch {
		case x.Is4() && !x.IsLinkLocalUnicast():
			return 0
		case x.Is4():
			return 2
		case x.IsLinkLocalUnicast():
			return 3
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Compare(b))
}
