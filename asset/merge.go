package asset

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// sure is the confidence from which a statement may join things.
const sure = 80

// tell gives each statement to the thing that it is about.
func (r *resolver) tell() {
	for _, s := range r.said {
		t := r.about(s)
		if t == nil {
			continue
		}
		t.said = append(t.said, s)
		if s.attr == fact.Serial && s.part == "" && s.confidence >= sure && telling(s.value) {
			if t.serials == nil {
				t.serials = make(map[string]string)
			}
			if k := s.source; t.serials[k] == "" {
				t.serials[k] = s.value
			}
		}
	}
}

// about is the thing that a statement is about; nil for hosts that are not in
// the inventory.
func (r *resolver) about(s *said) *thing {
	ip := s.ip.WithZone("")
	if !ip.IsValid() || ip.IsUnspecified() || groupAddr(ip) {
		if st := r.stations[s.mac]; st != nil {
			return st.thing.root()
		}
		return nil
	}
	if s.stated && s.mac.IsZero() && r.pretended(ip) {
		return nil // it may come from who pretends
	}
	return r.at(place{ip, s.mac})
}

// pretended tells an address that a station uses which is not its own.
func (r *resolver) pretended(ip netip.Addr) bool {
	a := r.addrs[ip]
	return a != nil && slices.ContainsFunc(a.holds, func(h *hold) bool { return h.state == forged })
}

// at is the thing at a place.
func (r *resolver) at(p place) *thing {
	if !p.ip.IsValid() {
		if s := r.stations[p.mac]; s != nil {
			return s.thing.root()
		}
		return nil
	}
	a := r.addrs[p.ip]
	if a == nil || a.external {
		return nil
	}
	if h := r.find(p.mac, p.ip); h != nil && (h.state == own || h.state == forged) {
		return h.station.thing.root()
	}
	if a.thing == nil {
		return nil
	}
	return a.thing.root()
}

// place gives each end to its thing.
func (r *resolver) place() {
	for _, e := range r.ends {
		e.thing = r.at(e.place)
		if e.thing == nil {
			a := r.addrs[e.ip]
			e.external = a != nil && a.external
			continue
		}
		e.thing.ends = append(e.thing.ends, e)
	}
}

// merge joins things that are one by what they say of themselves.
func (r *resolver) merge() {
	r.byAddress()
	r.byBit()
	r.byEUI()
	r.bySerial()
	r.byName()
	r.byVirtual()
	r.byForwarding()
}

// unite joins two things, unless something speaks against it.
func (r *resolver) unite(a, b *thing, why string, frames ...uint64) {
	a, b = a.root(), b.root()
	if a == b || contradict(a, b) {
		return
	}
	if clashes(a, b) {
		c := Conflict{Text: why + ", but they contend for an address: not taken for one", Frames: frames}
		a.conflicts = append(a.conflicts, c)
		b.conflicts = append(b.conflicts, c)
		return
	}
	t := join(a, b)
	t.merged = append(t.merged, why)
}

// contradict tells that two things cannot be one: they state different serial
// numbers in the same place, or so much was joined already that a value which
// many devices share must be behind it.
func contradict(a, b *thing) bool {
	for k, v := range a.serials {
		if w := b.serials[k]; w != "" && w != v {
			return true
		}
	}
	return len(a.stations)+len(b.stations) > 64
}

// byAddress joins the ports of a device by the addresses that it states.
func (r *resolver) byAddress() {
	for _, s := range r.said {
		if s.part != "" || s.confidence < sure {
			continue
		}
		switch s.attr {
		case fact.MACStated:
			m, ok := parseMAC(s.value)
			t := r.about(s)
			if !ok || t == nil || m == s.mac && !s.ip.IsValid() {
				continue
			}
			if virtualRouter(m) != "" {
				continue
			}
			r.unite(t, r.station(m).thing, fmt.Sprintf("%s states %s as its hardware address (%s)", s.subject(), m, s.source), s.seen.Frame)
		case fact.IPAssigned:
			r.stated(s)
		}
	}
}

// stated joins by an IP address that a device calls its own while it speaks
// from another.
func (r *resolver) stated(s *said) {
	ip, err := netip.ParseAddr(s.value)
	if err != nil || s.stated || !s.ip.IsValid() {
		return
	}
	ip = ip.Unmap().WithZone("")
	a := r.addrs[ip]
	t := r.about(s)
	if t == nil || a == nil || a.thing == nil || ip == s.ip || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return
	}
	if o := a.thing.root(); o.router != "" && t.router == "" {
		return
	}
	r.unite(t, a.thing, fmt.Sprintf("%s states %s as its own address (%s)", s.subject(), ip, s.source), s.seen.Frame)
}

func (s *said) subject() string {
	if s.ip.IsValid() {
		return s.ip.String()
	}
	return s.mac.String()
}

// byBit joins the two addresses of an EtherCAT master: the first device on
// the bus sets the bit for locally set addresses in what it sends back.
func (r *resolver) byBit() {
	speaks := make(map[fact.MAC]bool)
	for k := range r.b.edges {
		if k.protocol != "ethercat" {
			continue
		}
		for _, e := range [...]*end{k.client, k.server} {
			if e != nil {
				speaks[e.mac] = true
			}
		}
	}
	for _, s := range r.macs {
		if !s.mac.Local() || !speaks[s.mac] {
			continue
		}
		m := s.mac
		m[0] ^= 2
		if o := r.stations[m]; o != nil {
			r.unite(o.thing, s.thing, fmt.Sprintf("EtherCAT frames of %s come back from the bus as %s", m, s.mac))
		}
	}
}

// byEUI joins IPv6 addresses met without hardware address to the one that they were made of.
func (r *resolver) byEUI() {
	for _, a := range r.ips {
		m, ok := eui64(a.ip)
		if !ok || a.thing == nil || commonMACs[m] {
			continue
		}
		if s := r.stations[m]; s != nil {
			r.unite(s.thing, a.thing, fmt.Sprintf("%s was made of %s", a.ip, m))
		}
	}
}

// byVirtual gives a hardware address that routers share to the router that
// announced itself with it, if that is only one.
func (r *resolver) byVirtual() {
	for _, s := range r.macs {
		if s.virtual == "" {
			continue
		}
		var who []*thing
		for _, h := range s.holds {
			if h.state != carried || h.addr.thing == nil || h.end == nil || !h.end.router {
				continue
			}
			if t := h.addr.thing.root(); !slices.Contains(who, t) {
				who = append(who, t)
			}
		}
		switch len(who) {
		case 0:
		case 1:
			r.unite(who[0], s.thing, fmt.Sprintf("announces the shared router address %s (%s)", s.mac, s.virtual))
		default:
			slices.SortFunc(who, func(a, b *thing) int { return cmp.Compare(a.index, b.index) })
			s.thing.root().conflicts = append(s.thing.root().conflicts, Conflict{
				Text: fmt.Sprintf("%d routers took turns in using the shared address %s (%s)", len(who), s.mac, s.virtual)})
		}
	}
}

// byForwarding joins the ports of a router: they forward, follow one another
// and have no address in common.
func (r *resolver) byForwarding() {
	last := make(map[[3]byte][]*station)
	for _, s := range r.macs {
		if s.routed == 0 || s.virtual != "" {
			continue
		}
		k := [3]byte(s.mac[:])
		for _, o := range last[k] {
			if adjacent(s.mac, o.mac) {
				r.unite(o.thing, s.thing, fmt.Sprintf("%s and %s follow one another and both forward: ports of one router", o.mac, s.mac))
				break
			}
		}
		if len(last[k]) < 64 {
			last[k] = append(last[k], s)
		}
	}
}
