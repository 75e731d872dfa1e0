package asset

import (
	"fmt"
	"net/netip"
)

// Limits of what one host may have.
const (
	maxAlias  = 8 // addresses that one station may send from without binding them
	maxForged = 4 // frames kept as evidence
)

// judge decides which addresses a station has and which it sends for.
func (r *resolver) judge(s *station) {
	var open []*hold // sent from, neither bound nor clearly routed
	owned := 0
	for _, h := range s.holds {
		switch {
		case h.addr.ip.IsLinkLocalUnicast():
			h.state = own // never routed (RFC 4291, 2.5.6)
		case r.stranger(s, h):
			h.state = carried
			s.forwards++
		case h.hard.Count > 0 || h.soft.Count > 0:
			h.state = own
			if h.end != nil && h.end.routed() && len(s.holds) > 1 && h.soft.Count == 0 {
				h.state = carried // a proxy binds it, what comes was routed
				s.forwards++
				s.routed++
				continue
			}
		case h.end.routed():
			h.state = carried
			s.forwards++
			s.routed++
			continue
		default:
			open = append(open, h)
			continue
		}
		if !h.addr.ip.Is6() {
			owned++
		}
	}
	if s.virtual != "" {
		s.shared(open)
		return
	}
	s.decide(open, owned)
}

// stranger tells a public address that stands alone among private ones: a
// peer on the Internet whose hop count tells nothing.
func (r *resolver) stranger(s *station, h *hold) bool {
	ip := h.addr.ip
	if !ip.Is4() || h.hard.Count+h.soft.Count > 0 || !public(ip) || r.private == 0 {
		return false
	}
	p, _ := ip.Prefix(16)
	return r.wide[p] < 2
}

// census counts the private addresses and the public ones by range.
func (r *resolver) census() {
	r.wide = make(map[netip.Prefix]int)
	for _, a := range r.ips {
		switch {
		case !a.ip.Is4() || a.ip.IsLoopback() || a.ip.IsLinkLocalUnicast():
		case public(a.ip):
			p, _ := a.ip.Prefix(16)
			r.wide[p]++
		default:
			r.private++
		}
	}
}

// decide judges the addresses that nothing binds to the station.
func (s *station) decide(open []*hold, owned int) {
	set := func(hs []*hold, st holdState) {
		for _, h := range hs {
			h.state = st
			switch st {
			case carried:
				s.forwards++
			case forged:
				s.forged++
				if len(s.forgedAt) < maxForged {
					s.forgedAt = append(s.forgedAt, h.end.seen.Frame)
				}
			}
		}
	}
	var v4, v6, silent []*hold
	for _, h := range open {
		switch {
		case !h.end.answered && !h.end.inferred && h.end.packets <= 16:
			silent = append(silent, h)
		case h.addr.ip.Is6():
			v6 = append(v6, h)
		default:
			v4 = append(v4, h)
		}
	}
	if len(silent) > maxAlias && len(silent) > 2*(len(v4)+len(v6)) {
		set(silent, forged) // a flood of made-up senders
	} else {
		for _, h := range silent {
			if h.addr.ip.Is6() {
				v6 = append(v6, h)
			} else {
				v4 = append(v4, h)
			}
		}
	}
	set(v6, s.several(v6, len(v6)))
	set(v4, s.several(v4, len(v4)+owned))
}

// several tells what it means that a station sends from the addresses of hs,
// all being how many of the family it has.
func (s *station) several(hs []*hold, all int) holdState {
	if s.forwards > 0 {
		for _, h := range hs {
			if h.end.near == 0 || len(hs) > maxAlias/2 {
				return carried
			}
		}
		return own // the router's own addresses
	}
	if all <= 1 {
		return own
	}
	hops := uint8(0)
	for _, h := range hs {
		if public(h.addr.ip) && h.end.near == 0 && h.addr.ip.Is4() {
			return carried
		}
		if h.end.near > 0 && hops != 0 && h.end.hops != hops {
			return carried // different systems stand behind it
		}
		if h.end.near > 0 {
			hops = h.end.hops
		}
	}
	if len(hs) > maxAlias {
		return carried
	}
	return own
}

// shared judges a hardware address that routers share: what it sends from
// without binding it, such as announcements, belongs to the router that has
// taken it.
func (s *station) shared(open []*hold) {
	for _, h := range open {
		h.state = carried
		for _, o := range h.addr.holds {
			if o != h && o.station.virtual == "" {
				return
			}
		}
		h.state = own
	}
}

// routing says of a station that forwards why it is a router.
func (s *station) routing() string {
	switch {
	case s.virtual != "":
		return fmt.Sprintf("uses the shared router address %s (%s)", s.mac, s.virtual)
	case s.forwards == 1:
		return fmt.Sprintf("forwards packets of another address through %s", s.mac)
	case s.forwards > 1:
		return fmt.Sprintf("forwards packets of %d other addresses through %s", s.forwards, s.mac)
	}
	return ""
}
