// Package zone divides a plant into zones and conduits with the plant's own
// traffic (IEC 62443-3-2, ZCR 3): it proposes a division, judges every
// conversation against the one that people decided, and rehearses a change to
// it. It is pure; every verdict carries its reason.
package zone

import (
	"fmt"
	"net/netip"
	"slices"
	"sort"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
	"github.com/bulkhead-ot/bulkhead/plant"
)

// Map says to which zone of a plant each address belongs.
type Map struct {
	Plant *plant.Plant
	Inv   *asset.Inventory

	seats    []plant.Seat // disjoint between zones
	place    map[seat]int // zone of an asset's address
	external int
	assets   map[asset.ID]*asset.Asset
}

// seat is one address of an asset.
type seat struct {
	id  asset.ID
	ip  netip.Addr
	mac fact.MAC // only where there is no IP address
}

// none is the zone of what is in no zone.
const none = -1

// Resolve finds the members of the zones in an inventory. Errors are overlaps
// that only show there; members that are not there are warnings.
func Resolve(p *plant.Plant, inv *asset.Inventory) (*Map, plant.Problems) {
	m := &Map{Plant: p, Inv: inv, seats: disjoint(p.Seats()), place: make(map[seat]int), external: none, assets: make(map[asset.ID]*asset.Asset, len(inv.Assets))}
	r := &resolver{Map: m, byID: make(map[string][]ref), seen: make(map[[2]int]bool), told: make(map[[3]any]bool)}
	r.index()
	for _, a := range inv.Assets {
		m.assets[a.ID] = a
		r.asset(a)
	}
	r.missing()
	r.ps.Sort()
	return m, r.ps
}

// ref is a member of a zone, by indices.
type ref struct{ zone, member int }

type resolver struct {
	*Map
	byID map[string][]ref // members that name an asset
	rest []ref            // other members
	seen map[[2]int]bool  // members that matched
	told map[[3]any]bool
	ps   plant.Problems
}

func (r *resolver) member(f ref) *plant.Member { return &r.Plant.Zones[f.zone].Members[f.member] }

func (f ref) path() string { return fmt.Sprintf("zones[%d].members[%d]", f.zone, f.member) }

func (r *resolver) index() {
	for i := range r.Plant.Zones {
		for j := range r.Plant.Zones[i].Members {
			f := ref{i, j}
			switch m := r.member(f); {
			case m.External:
				r.external = i
			case m.Asset != "":
				r.byID[m.Asset] = append(r.byID[m.Asset], f)
			case m.Selectors() == 1 && m.IP.IsValid(): // found by address
			default:
				r.rest = append(r.rest, f)
			}
		}
	}
}

// asset places the addresses of one asset.
func (r *resolver) asset(a *asset.Asset) {
	for _, i := range a.Interfaces {
		zone := none
		for _, ip := range i.IPs {
			z := r.one(a, &i, ip)
			r.place[seat{id: a.ID, ip: ip}] = z
			if zone == none {
				zone = z
			}
		}
		if zone == none {
			zone = r.one(a, &i, netip.Addr{})
		}
		if !i.MAC.IsZero() {
			r.place[seat{id: a.ID, mac: i.MAC}] = zone
		}
	}
}

// one is the zone of one address, and tells when there are two.
func (r *resolver) one(a *asset.Asset, i *asset.Interface, ip netip.Addr) int {
	found := ref{none, none}
	take := func(f ref) {
		r.seen[[2]int{f.zone, f.member}] = true
		if found.zone != none && found.zone != f.zone {
			r.overlap(a, ip, i.MAC, found, f)
			return
		}
		if found.zone == none {
			found = f
		}
	}
	if s := r.seatOf(ip); s != nil {
		take(ref{s.Zone, s.Member})
	}
	for _, f := range r.byID[string(a.ID)] {
		if fits(r.member(f), a, i, ip) {
			take(f)
		}
	}
	for _, f := range r.rest {
		if fits(r.member(f), a, i, ip) {
			take(f)
		}
	}
	return found.zone
}

func (r *resolver) overlap(a *asset.Asset, ip netip.Addr, mac fact.MAC, x, y ref) {
	k := [3]any{a.ID, x.zone, y.zone}
	if r.told[k] {
		return
	}
	r.told[k] = true
	addr := mac.String()
	if ip.IsValid() {
		addr = ip.String()
	}
	p := r.Plant
	r.ps = append(r.ps, plant.Problem{
		Position: p.At(y.path()),
		What:     fmt.Sprintf("%s (%s) is a member of zone %s here and of zone %s in line %d", addr, a.Name(), p.Zones[y.zone].ID, p.Zones[x.zone].ID, p.At(x.path()).Line),
		Remedy:   "leave it in one of them: make one member narrower, or carve the address out with except",
	})
}

// missing tells which assets and names are not there.
func (r *resolver) missing() {
	for i := range r.Plant.Zones {
		z := &r.Plant.Zones[i]
		for j := range z.Members {
			m, f := &z.Members[j], ref{i, j}
			if r.seen[[2]int{i, j}] || m.External || m.Asset == "" {
				continue
			}
			if _, err := netip.ParseAddr(m.Asset); err == nil && m.Selectors() == 1 {
				r.adopt(m.Asset, f)
			}
			r.ps = append(r.ps, plant.Problem{
				Position: r.Plant.At(f.path() + ".asset"), Warning: true,
				What:   fmt.Sprintf("unknown asset %s in zone %s: it does not show in the captures", m.Asset, z.ID),
				Remedy: "correct the id, or take captures in which it speaks",
			})
		}
	}
}

// adopt places the address by which a silent asset is called.
func (r *resolver) adopt(id string, f ref) {
	ip := netip.MustParseAddr(id) // parsed before
	r.place[seat{ip: ip}] = f.zone
}

// fits tells whether all selectors of a member match an address of an asset.
func fits(m *plant.Member, a *asset.Asset, i *asset.Interface, ip netip.Addr) bool {
	if m.External {
		return false
	}
	if m.IP.IsValid() && !slices.ContainsFunc(m.Ranges(), func(r plant.Addresses) bool { return r.Contains(ip) }) {
		return false
	}
	return (m.Asset == "" || m.Asset == string(a.ID)) &&
		(m.MAC == plant.MAC{} || m.MAC == plant.MAC(i.MAC)) &&
		(m.VLAN == 0 || m.VLAN == plant.VLAN(i.VLAN)) &&
		(m.Role == "" || m.Role == a.Role.Value) &&
		(m.Name == "" || m.Name.Match(a.Name()))
}

// seatOf finds the range of addresses that an address is in.
func (m *Map) seatOf(ip netip.Addr) *plant.Seat {
	if !ip.IsValid() {
		return nil
	}
	i := sort.Search(len(m.seats), func(i int) bool { return ip.Less(m.seats[i].First) })
	if i > 0 && m.seats[i-1].Contains(ip) {
		return &m.seats[i-1]
	}
	return nil
}

// disjoint joins the ranges of the same zone that overlap; those of different
// zones do not.
func disjoint(seats []plant.Seat) []plant.Seat {
	var out []plant.Seat
	for _, s := range seats {
		if n := len(out); n > 0 && out[n-1].Zone == s.Zone && out[n-1].Contains(s.First) {
			if out[n-1].Last.Less(s.Last) {
				out[n-1].Last = s.Last
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// Kind says what an end of a conversation is.
type Kind uint8

// The kinds of end.
const (
	Host     Kind = iota
	Group         // broadcast or multicast
	Many          // hosts too many to keep apart
	External      // outside the plant
	Nobody        // an address that never spoke
)

// Side is one end of a conversation in the plant.
type Side struct {
	Kind  Kind
	Zone  int      // index in Plant.Zones; -1 for none
	Asset asset.ID // empty if it is none
	End   flow.End
	mac   fact.MAC
}

// Side finds an end. mac is that of the last hop, as the conversation has it.
func (m *Map) Side(e flow.End, mac fact.MAC) Side {
	s := Side{Zone: none, End: e, mac: mac}
	if !e.MAC.IsZero() {
		s.mac = e.MAC
	}
	switch {
	case e.Many():
		s.Kind = Many
		return s
	case e.Group():
		s.Kind = Group
		return s
	}
	e.IP = e.IP.Unmap().WithZone("")
	s.Asset = m.Inv.Find(e.IP, s.mac)
	switch s.Asset {
	case asset.Internet:
		s.Kind, s.Zone = External, m.external
		if f := m.seatOf(e.IP); f != nil {
			s.Zone = f.Zone
		}
		return s
	case "":
		s.Kind = Nobody
		if z, ok := m.place[seat{ip: e.IP}]; ok {
			s.Zone = z
			return s
		}
	default:
		k := seat{id: s.Asset, ip: e.IP}
		if !e.IP.IsValid() || e.IP.IsUnspecified() {
			k = seat{id: s.Asset, mac: s.mac}
		}
		if z, ok := m.place[k]; ok {
			s.Zone = z
			return s
		}
	}
	if f := m.seatOf(e.IP); f != nil {
		s.Zone = f.Zone
	}
	return s
}

// ID is the ID of a zone by index; "" for none.
func (m *Map) ID(zone int) plant.ID {
	if zone < 0 {
		return ""
	}
	return m.Plant.Zones[zone].ID
}

// Label names a zone for people.
func (m *Map) Label(zone int) string {
	if zone < 0 {
		return "no zone"
	}
	return m.Plant.Zones[zone].Label()
}

// Name names an end for people.
func (m *Map) Name(s *Side) string {
	if a := m.assets[s.Asset]; a != nil {
		if n := a.Name(); n != s.End.String() {
			return n + " (" + s.End.String() + ")"
		}
	}
	return s.End.String()
}

// Addresses lists the addresses of a zone as far as they are known, in order
// and without overlap. silent are members without any: they are selected by
// what only the inventory knows, and nothing there fits.
func (m *Map) Addresses(zone int) (list []plant.Addresses, silent []plant.Member) {
	z := &m.Plant.Zones[zone]
	for _, s := range m.seats {
		if s.Zone == zone {
			list = append(list, s.Addresses)
		}
	}
	for i := range z.Members {
		if e := &z.Members[i]; !e.External && !(e.Selectors() == 1 && e.IP.IsValid()) {
			got := m.Select(e)
			if len(got) == 0 {
				silent = append(silent, *e)
			}
			list = append(list, got...)
		}
	}
	return Join(list), silent
}

// Select lists the addresses of the assets that a member means.
func (m *Map) Select(e *plant.Member) []plant.Addresses {
	var list []plant.Addresses
	if e.Selectors() == 1 && e.IP.IsValid() {
		return e.Ranges()
	}
	for _, a := range m.Inv.Assets {
		for i := range a.Interfaces {
			for _, ip := range a.Interfaces[i].IPs {
				if fits(e, a, &a.Interfaces[i], ip) {
					list = append(list, plant.Addresses{First: ip, Last: ip})
				}
			}
		}
	}
	if ip, err := netip.ParseAddr(e.Asset); err == nil && e.Selectors() == 1 && len(list) == 0 {
		list = append(list, plant.Addresses{First: ip, Last: ip})
	}
	return list
}

// Join sorts ranges and joins those that touch.
func Join(list []plant.Addresses) []plant.Addresses {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b plant.Addresses) int {
		if c := a.First.Compare(b.First); c != 0 {
			return c
		}
		return a.Last.Compare(b.Last)
	})
	var out []plant.Addresses
	for _, r := range list {
		if n := len(out); n > 0 && out[n-1].First.BitLen() == r.First.BitLen() && (r.First.Compare(out[n-1].Last) <= 0 || out[n-1].Last.Next() == r.First) {
			if out[n-1].Last.Less(r.Last) {
				out[n-1].Last = r.Last
			}
			continue
		}
		out = append(out, r)
	}
	return out
}

// Members lists the assets of each zone, in the order of the inventory. An
// asset with addresses in several zones is listed in each.
func (m *Map) Members() [][]asset.ID {
	list := make([][]asset.ID, len(m.Plant.Zones))
	for _, a := range m.Inv.Assets {
		var in []int
		add := func(k seat) {
			if z := m.place[k]; z != none && !slices.Contains(in, z) {
				in = append(in, z)
				list[z] = append(list[z], a.ID)
			}
		}
		for _, i := range a.Interfaces {
			for _, ip := range i.IPs {
				add(seat{id: a.ID, ip: ip})
			}
			if !i.MAC.IsZero() {
				add(seat{id: a.ID, mac: i.MAC})
			}
		}
	}
	return list
}
