package asset

import (
	"net/netip"
	"slices"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// externals lists the peers outside the plant.
func (r *resolver) externals(v *Inventory) {
	names := make(map[netip.Addr]values)
	for _, s := range r.said {
		a := r.addrs[s.ip]
		if s.attr != fact.Hostname || a == nil || !a.external {
			continue
		}
		if names[s.ip] == nil {
			names[s.ip] = make(values)
		}
		names[s.ip].add(s)
	}
	for _, a := range r.ips {
		if !a.external {
			continue
		}
		x := External{IP: a.ip}
		count := func(e *end) {
			if e != nil {
				x.Packets += e.packets
				x.Bytes += e.bytes
				x.Seen.Add(e.seen)
			}
		}
		count(a.bare)
		for _, h := range a.holds {
			if h.state == carried {
				count(h.end)
			}
		}
		if x.Count == 0 {
			continue
		}
		x.Names = names[a.ip].sorted()[fact.Hostname]
		v.External = append(v.External, x)
	}
	slices.SortFunc(v.External, func(a, b External) int { return compareIP(a.IP, b.IP) })
}
