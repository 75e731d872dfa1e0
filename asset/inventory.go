package asset

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// inventory makes assets of the things.
func (r *resolver) inventory() *Inventory {
	v := &Inventory{byIP: make(map[netip.Addr][]seat), byMAC: make(map[fact.MAC]ID)}
	taken := make(map[ID]bool)
	for _, t := range r.things {
		if t.parent != nil || !t.real() {
			continue
		}
		t.asset = r.asset(t, taken)
		v.Assets = append(v.Assets, t.asset)
	}
	order(v.Assets)
	r.behave()
	r.index(v)
	r.externals(v)
	return v
}

// real tells things of which there is more than a forged or an overheard
// address.
func (t *thing) real() bool {
	return len(t.ends) > 0 || len(t.addrs) > 0 || len(t.stations) > 1 || len(t.said) > 0 || t.router != "" || len(t.conflicts) > 0
}

func (r *resolver) asset(t *thing, taken map[ID]bool) *Asset {
	a := &Asset{PurdueLevel: -1, Merged: slices.Compact(t.merged), Conflicts: slices.Clone(t.conflicts)}
	slices.SortFunc(t.stations, func(x, y *station) int { return slices.Compare(x.mac[:], y.mac[:]) })
	a.Interfaces = t.interfaces()
	a.ID = t.name(a, taken)
	taken[a.ID] = true
	for _, e := range t.ends {
		a.Packets += e.packets
		a.Bytes += e.bytes
		a.Seen.Add(e.seen)
	}
	if a.Count == 0 {
		for _, s := range t.stations {
			a.Seen.Add(s.seen())
		}
		for _, s := range t.said {
			a.Seen.Add(s.seen)
		}
	}
	r.attributes(t, a)
	for i := range a.Conflicts {
		if a.Conflicts[i].Frames == nil {
			a.Conflicts[i].Frames = []uint64{}
		}
	}
	return a
}

// name makes an ID of the first address that is the asset's alone: an IP
// address, else a hardware address.
func (t *thing) name(a *Asset, taken map[ID]bool) ID {
	its := make(map[netip.Addr]bool)
	for _, x := range t.addrs {
		its[x.ip] = true
	}
	var ids, shared []ID
	for _, i := range a.Interfaces {
		for _, ip := range i.IPs {
			if its[ip] {
				ids = append(ids, ID(ip.String()))
			} else {
				shared = append(shared, ID(ip.String()))
			}
		}
	}
	for _, i := range a.Interfaces {
		if !i.MAC.IsZero() {
			ids = append(ids, ID(i.MAC.String()))
		}
	}
	ids = append(ids, shared...)
	for _, id := range ids {
		if !taken[id] {
			return id
		}
	}
	id := ids[0]
	for taken[id] {
		id += "+"
	}
	return id
}

// order sorts assets by address, those without IP address behind.
func order(assets []*Asset) {
	ips := make(map[ID]netip.Addr, len(assets))
	for _, a := range assets {
		if ip, err := netip.ParseAddr(string(a.ID)); err == nil {
			ips[a.ID] = ip
		}
	}
	slices.SortFunc(assets, func(a, b *Asset) int {
		x, y := ips[a.ID], ips[b.ID]
		switch {
		case x.IsValid() && y.IsValid():
			return compareIP(x, y)
		case x.IsValid():
			return -1
		case y.IsValid():
			return 1
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
}

// index makes the lists for Find.
func (r *resolver) index(v *Inventory) {
	for _, a := range r.ips {
		if a.thing == nil || a.external {
			continue
		}
		first := a.thing.root()
		if first.asset == nil {
			continue
		}
		seats := []seat{{id: first.asset.ID}}
		for _, h := range a.sharers {
			if t := h.station.thing.root(); t.asset != nil && t != first {
				seats = append(seats, seat{h.station.mac, t.asset.ID})
			}
		}
		v.byIP[a.ip] = seats
	}
	for _, s := range r.macs {
		if t := s.thing.root(); t.asset != nil {
			v.byMAC[s.mac] = t.asset.ID
		}
	}
}
