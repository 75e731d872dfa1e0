package asset

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// settle decides for each address whose it is.
func (r *resolver) settle() {
	inside := r.inside()
	for _, a := range r.ips {
		var owners []*hold
		for _, h := range a.holds {
			if h.state == own {
				owners = append(owners, h)
			}
		}
		switch {
		case len(owners) == 1:
			r.give(a, owners[0])
			for _, h := range a.holds {
				if h.state == carried && h.hard.Count > 0 {
					r.clash(a, owners[0], h) // it binds what is not its own
				}
			}
		case len(owners) > 1:
			r.contest(a, owners)
		case public(a.ip) && !inside(a.ip) && (a.bare == nil || a.bare.near == 0 || a.bare.far > a.bare.near):
			a.external = true
		case r.exists(a):
			a.thing = r.newThing()
			a.thing.addrs = []*address{a}
		}
	}
	for _, s := range r.macs {
		t := s.thing.root()
		if why := s.routing(); why != "" && t.router == "" {
			t.router = why
		}
		if s.forged > 0 {
			t.conflicts = append(t.conflicts, Conflict{
				Text:   fmt.Sprintf("sends from %d addresses that nobody answered: made-up senders?", s.forged),
				Frames: s.forgedAt,
			})
		}
	}
}

// exists tells an address from which something came that was not made up.
func (r *resolver) exists(a *address) bool {
	if a.bare != nil {
		return true
	}
	for _, h := range a.holds {
		if h.state == carried {
			return true
		}
	}
	return false
}

// inside finds the public ranges that the plant uses itself: those in which
// hosts sit that no router stands before.
func (r *resolver) inside() func(netip.Addr) bool {
	near, wide := make(map[netip.Prefix]int), make(map[netip.Prefix]int)
	for _, a := range r.ips {
		if !public(a.ip) || !slices.ContainsFunc(a.holds, func(h *hold) bool { return h.state == own }) {
			continue
		}
		near[subnet(a.ip)]++
		if a.ip.Is4() {
			p, _ := a.ip.Prefix(16)
			wide[p]++
		}
	}
	return func(ip netip.Addr) bool {
		if near[subnet(ip)] > 0 {
			return true
		}
		if !ip.Is4() {
			return false
		}
		p, _ := ip.Prefix(16)
		return wide[p] > 2
	}
}

func (r *resolver) give(a *address, h *hold) {
	t := h.station.thing.root()
	a.thing = t
	t.addrs = append(t.addrs, a)
}

// contest decides between stations that use the same address: two cards of
// one host, a shared address of routers, a forger, a device that was
// replaced, or two devices set to the same address.
func (r *resolver) contest(a *address, owners []*hold) {
	slices.SortStableFunc(owners, func(x, y *hold) int {
		return cmp.Or(-cmp.Compare(weight(x), weight(y)), compareSeen(x.seen(), y.seen()), slices.Compare(x.station.mac[:], y.station.mac[:]))
	})
	first := owners[0]
	rest := owners[1:]
	owners = []*hold{first}
	for _, h := range rest {
		if why := r.same(first, h); why != "" {
			t := join(first.station.thing, h.station.thing)
			t.merged = append(t.merged, why)
			continue
		}
		owners = append(owners, h)
	}
	if len(owners) > maxOwners {
		r.crowd(a, owners)
		return
	}
	if len(owners) > 1 && disjoint(owners) {
		// The one that has it now.
		slices.SortStableFunc(owners, func(x, y *hold) int { return -cmp.Compare(x.seen().Last, y.seen().Last) })
		r.give(a, owners[0])
		r.moved(a, owners)
		return
	}
	r.give(a, owners[0])
	for _, h := range owners[1:] {
		r.clash(a, owners[0], h)
	}
}

// weight orders the claims on an address: a bound one before one that is
// only used, a station that has only this address before one that has its
// own besides, which is how a forger looks.
func weight(h *hold) uint64 {
	w := uint64(0)
	if h.hard.Count > 0 {
		w += 2
	}
	if !elsewhere(h) {
		w += 4
	}
	return w
}

// elsewhere tells that the station has another address, of the same family,
// that nobody contests.
func elsewhere(h *hold) bool {
	for _, o := range h.station.holds {
		if o != h && o.state == own && o.addr.ip.Is4() == h.addr.ip.Is4() && !o.addr.ip.IsLinkLocalUnicast() && len(o.addr.holds) == 1 {
			return true
		}
	}
	return false
}

// same tells why two stations with the same address are one host; "" if
// nothing says so.
func (r *resolver) same(x, y *hold) string {
	mx, my := x.station.mac, y.station.mac
	switch {
	case x.station.virtual != "" || y.station.virtual != "":
		v, p := x.station, y.station
		if v.virtual == "" {
			v, p = p, v
		}
		return fmt.Sprintf("%s uses %s with its own hardware address %s and with the shared one %s", v.virtual, x.addr.ip, p.mac, v.mac)
	case y.hard.Count == 0 && y.soft.Count > 0 || x.hard.Count == 0 && x.soft.Count > 0:
		s := y
		if y.soft.Count == 0 || y.hard.Count > 0 {
			s = x
		}
		return fmt.Sprintf("%s states %s as its own address (%s)", s.station.mac, x.addr.ip, s.source)
	case mx.Local() != my.Local() && mx[0]^my[0] == 2 && [5]byte(mx[1:]) == [5]byte(my[1:]):
		return fmt.Sprintf("%s and %s differ only in the bit for locally set addresses and both use %s", mx, my, x.addr.ip)
	case adjacent(mx, my) && !disjoint([]*hold{x, y}) && !elsewhere(x) && !elsewhere(y):
		return fmt.Sprintf("%s and %s follow one another and use %s at the same time: two network cards", mx, my, x.addr.ip)
	case y.hard.Count == 0 && len(y.station.holds) == 1 && [3]byte(mx[:]) == [3]byte(my[:]) && !disjoint([]*hold{x, y}):
		return fmt.Sprintf("%s of the same maker sends from %s too, which only %s binds: joined network cards", my, x.addr.ip, mx)
	}
	return ""
}

// adjacent tells hardware addresses that makers give to the ports of one device.
func adjacent(a, b fact.MAC) bool {
	if [3]byte(a[:]) != [3]byte(b[:]) {
		return false
	}
	low := func(m fact.MAC) int { return int(m[3])<<16 | int(m[4])<<8 | int(m[5]) }
	d := low(a) - low(b)
	return d != 0 && d >= -8 && d <= 8
}

// maxOwners is how many stations are compared one by one for an address. More
// than that is no mistake of addressing but a flood of claims.
const maxOwners = 16

// crowd notes that an address is claimed by more stations than there can be.
func (r *resolver) crowd(a *address, owners []*hold) {
	r.give(a, owners[0])
	t := owners[0].station.thing.root()
	t.conflicts = append(t.conflicts, Conflict{
		Text:   fmt.Sprintf("%s is claimed by %d hardware addresses, %s first: a flood of forged claims", a.ip, len(owners), owners[0].station.mac),
		Frames: frames(owners[:maxOwners]...),
	})
}

// disjoint tells that the address was used by one station after another.
func disjoint(hs []*hold) bool {
	for i, x := range hs {
		for _, y := range hs[i+1:] {
			sx, sy := x.seen(), y.seen()
			if sx.First <= sy.Last && sy.First <= sx.Last {
				return false
			}
		}
	}
	return true
}

// moved notes that an address went from one station to another; owners has
// the latest first.
func (r *resolver) moved(a *address, owners []*hold) {
	for i := len(owners) - 1; i > 0; i-- {
		old, now := owners[i], owners[i-1]
		how := "the device or its network card was replaced, or the address was given to another"
		if dhcp(old.source) && dhcp(now.source) {
			how = "DHCP gave it to another device"
		}
		c := Conflict{
			Text: fmt.Sprintf("%s was used by %s until %s and by %s from %s on: %s",
				a.ip, old.station.mac, moment(old.seen().Last), now.station.mac, moment(now.seen().First), how),
			Frames: frames(old, now),
		}
		note(c, old, now)
	}
	a.sharers = append(a.sharers, owners[1:]...)
}

// clash notes that two stations use an address at the same time.
func (r *resolver) clash(a *address, holder, other *hold) {
	c := Conflict{Frames: frames(holder, other)}
	if elsewhere(other) && !elsewhere(holder) {
		other.state = forged
		c.Text = fmt.Sprintf("%s, which has other addresses of its own, also uses %s of %s: pretended address?",
			other.station.mac, a.ip, holder.station.mac)
	} else {
		a.sharers = append(a.sharers, other)
		c.Text = fmt.Sprintf("%s is used by %s and %s at the same time: set twice, or pretended", a.ip, holder.station.mac, other.station.mac)
	}
	note(c, holder, other)
}

func note(c Conflict, hs ...*hold) {
	for i, h := range hs {
		t := h.station.thing.root()
		if i > 0 && t == hs[0].station.thing.root() {
			continue
		}
		t.conflicts = append(t.conflicts, c)
	}
}

func frames(hs ...*hold) []uint64 {
	var fs []uint64
	for _, h := range hs {
		for _, s := range [...]fact.Seen{h.hard, h.soft} {
			if s.Count > 0 {
				fs = append(fs, s.Frame)
			}
		}
		if h.end != nil {
			fs = append(fs, h.end.seen.Frame)
		}
	}
	slices.Sort(fs)
	return slices.Compact(fs)
}

func dhcp(source string) bool { return len(source) > 4 && source[:4] == "DHCP" }

// moment writes a time for people.
func moment(ns int64) string { return time.Unix(0, ns).UTC().Format("2006-01-02 15:04:05 UTC") }
