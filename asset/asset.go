// Package asset keeps the inventory: which real things stand behind the
// addresses, what is known about each, with source, confidence and frame, and
// what role it plays. It is pure: facts go in, assets come out.
package asset

import (
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// ID names an asset within one inventory. It is made from the asset's first
// address, so that the same plant gives the same names.
type ID string

// Internet is the ID that stands for all peers outside the plant.
const Internet ID = "internet"

// Interface is one network interface of an asset.
type Interface struct {
	MAC  fact.MAC // zero if not known, as for hosts behind a router
	IPs  []netip.Addr
	VLAN uint16 // 0 if untagged
}

// Value is one value of an attribute, with what it rests on.
type Value struct {
	Value      string
	Source     string
	Confidence uint8 // 0 to 100
	Protocol   string
	fact.Seen
}

// Part is a piece inside or behind an asset: a module in a slot, a unit behind
// a gateway, a station on a field bus.
type Part struct {
	Name       string
	Attributes map[fact.Attr][]Value
}

// Role is what an asset does in the plant, as concluded from its behaviour.
type Role struct {
	Value      string
	Confidence uint8
	Why        string // one sentence for a person
}

// Use is a protocol that an asset speaks.
type Use struct {
	Protocol string
	As       string // "client", "server" or "peer"
}

// Asset is a thing that can be owned and replaced.
type Asset struct {
	ID          ID
	Interfaces  []Interface
	Role        Role
	PurdueLevel float64 // 0 to 5, 3.5 for the DMZ; -1 if not known
	PurdueWhy   string
	Attributes  map[fact.Attr][]Value // best first
	Parts       []Part
	Conflicts   []Conflict
	Protocols   []Use
	Packets     uint64
	Bytes       uint64
	fact.Seen
}

// Conflict is a contradiction that a person should look at.
type Conflict struct {
	Text   string
	Frames []uint64
}

// External is a peer outside the plant.
type External struct {
	IP    netip.Addr
	Names []Value
	fact.Seen
	Packets, Bytes uint64
}

// Inventory is the result.
type Inventory struct {
	Assets   []*Asset // by ID
	External []External
	byIP     map[netip.Addr]ID
	byMAC    map[fact.MAC]ID
}

// Find returns the asset that has the address; "" for none, such as a
// broadcast address.
func (v *Inventory) Find(ip netip.Addr, mac fact.MAC) ID {
	if ip.IsValid() {
		return v.byIP[ip]
	}
	return v.byMAC[mac]
}

// Name is the best short name for a person: what the plant calls it, else its
// host name, else its first address.
func (a *Asset) Name() string {
	for _, k := range [...]fact.Attr{fact.DeviceName, fact.Hostname} {
		if vs := a.Attributes[k]; len(vs) > 0 {
			return vs[0].Value
		}
	}
	return string(a.ID)
}
