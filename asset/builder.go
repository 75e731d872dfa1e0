package asset

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// Builder gathers what facts say about hosts.
type Builder struct {
	assets map[ID]*Asset
	inv    *Inventory
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder {
	return &Builder{assets: make(map[ID]*Asset), inv: &Inventory{byIP: make(map[netip.Addr]ID), byMAC: make(map[fact.MAC]ID)}}
}

func (b *Builder) get(ip netip.Addr, mac fact.MAC) *Asset {
	id := ID(mac.String())
	if ip.IsValid() {
		id = ID(ip.String())
	}
	a := b.assets[id]
	if a == nil {
		a = &Asset{ID: id, PurdueLevel: -1, Attributes: make(map[fact.Attr][]Value)}
		in := Interface{MAC: mac}
		if ip.IsValid() {
			in.IPs = []netip.Addr{ip}
			b.inv.byIP[ip] = id
		} else {
			b.inv.byMAC[mac] = id
		}
		a.Interfaces = []Interface{in}
		b.assets[id] = a
	}
	return a
}

// Flow takes note of a flow.
func (b *Builder) Flow(f *fact.Flow) {
	for i, e := range f.Ends {
		if f.Packets[i] == 0 {
			continue
		}
		a := b.get(e.IP, e.MAC)
		a.Packets += f.Packets[i]
		a.Bytes += f.Bytes[i]
		a.Seen.Add(f.Seen)
	}
}

// Statement takes note of an identity fact.
func (b *Builder) Statement(s *fact.Statement) {
	a := b.get(s.IP, s.MAC)
	a.Attributes[s.Attr] = append(a.Attributes[s.Attr], Value{s.Value, s.Source, s.Confidence, s.Protocol, s.Seen})
}

// Resolve concludes which assets there are.
func (b *Builder) Resolve() *Inventory {
	for _, a := range b.assets {
		b.inv.Assets = append(b.inv.Assets, a)
	}
	slices.SortFunc(b.inv.Assets, func(x, y *Asset) int { return cmp.Compare(x.ID, y.ID) })
	return b.inv
}
