// Package asset keeps the inventory: which real things stand behind the
// addresses, what is known about each, with source, confidence and frame, and
// what role it plays. It is pure: facts go in, assets come out.
//
// A Builder gathers what was sent from which place and what was said of whom.
// Resolve then decides which hardware address has which IP address and which
// one only forwards (router.go), whose a contested address is (contest.go),
// which hardware addresses are ports of one device (merge.go), what is known
// of each (attribute.go), what it does (role.go, with the tables in rules.go
// and model.go) and where that puts it (purdue.go). Peers on the Internet are
// listed apart; in conversations all of them are the asset "internet".
package asset

import (
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// ID names an asset within one inventory. It is made from the asset's first
// address, so that the same plant gives the same names.
type ID string

// Internet is the ID that stands for all peers outside the plant. No Asset
// has it.
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
	Value      string // "unknown" if the evidence is too thin
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
	Merged      []string // why several addresses are this one asset
	Protocols   []Use
	Packets     uint64 // sent
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
	Names []Value // by which the plant's hosts asked for it
	fact.Seen
	Packets, Bytes uint64 // sent by it
}

// Inventory is the result.
type Inventory struct {
	Assets   []*Asset   // by ID
	External []External // by address
	byIP     map[netip.Addr][]seat
	byMAC    map[fact.MAC]ID
}

// seat is one of the assets that an IP address belongs to.
type seat struct {
	mac fact.MAC
	id  ID
}

// Find returns the asset that has the address; Internet for addresses outside
// the plant; "" for none, such as a broadcast address or a host that never
// spoke. The hardware address decides where several assets use the same IP
// address, and where there is none.
func (v *Inventory) Find(ip netip.Addr, mac fact.MAC) ID {
	ip = ip.Unmap().WithZone("")
	if !ip.IsValid() || ip.IsUnspecified() || ip.Is4() && ip.As4()[0] == 0 {
		return v.byMAC[mac]
	}
	seats := v.byIP[ip]
	for _, s := range seats {
		if s.mac == mac {
			return s.id
		}
	}
	switch {
	case len(seats) > 0:
		return seats[0].id
	case public(ip):
		return Internet
	}
	return ""
}

// Name is the best short name for a person: what the plant calls it, else its
// host name, else its first address.
func (a *Asset) Name() string {
	for _, k := range [...]fact.Attr{fact.DeviceName, fact.Hostname} {
		if vs := a.Attributes[k]; len(vs) > 0 && vs[0].Confidence >= 50 {
			return vs[0].Value
		}
	}
	return string(a.ID)
}

// Best is the best value of an attribute, or "".
func (a *Asset) Best(k fact.Attr) string {
	if vs := a.Attributes[k]; len(vs) > 0 {
		return vs[0].Value
	}
	return ""
}
