package asset

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/asset/oui"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// resolver holds what one conclusion needs.
type resolver struct {
	b        *Builder
	makers   *oui.Registry // nil if it could not be read
	ends     []*end        // by first appearance
	said     []*said       // likewise
	stations map[fact.MAC]*station
	macs     []*station // in order
	addrs    map[netip.Addr]*address
	ips      []*address // in order
	things   []*thing
	private  int                  // private IPv4 addresses
	wide     map[netip.Prefix]int // public ones by /16
}

// station is one hardware address.
type station struct {
	mac      fact.MAC
	holds    []*hold
	alone    *end   // what it sent without an IP address
	virtual  string // protocol that shares this address among routers
	forwards int    // addresses of others that it sends for
	routed   int    // of these, how many a hop count shows to be routed
	forged   int    // addresses that it made up
	forgedAt []uint64
	thing    *thing
}

// address is one IP address.
type address struct {
	ip       netip.Addr
	holds    []*hold
	bare     *end // without hardware address
	thing    *thing
	sharers  []*hold // other stations that use it, when it is contested
	external bool
}

// hold is one IP address as met behind one hardware address.
type hold struct {
	station *station
	addr    *address
	end     *end      // nil if nothing was sent
	hard    fact.Seen // ARP, neighbour discovery or DHCP bound them
	soft    fact.Seen // the device calls the address its own
	source  string    // of the first binding
	state   holdState
}

type holdState uint8

const (
	undecided holdState = iota
	own                 // the address is the station's
	carried             // the station passes on what others send
	forged              // the station pretends
)

func (h *hold) seen() fact.Seen {
	s := h.hard
	s.Add(h.soft)
	if h.end != nil {
		s.Add(h.end.seen)
	}
	return s
}

func (h *hold) packets() uint64 {
	if h.end == nil {
		return 0
	}
	return h.end.packets
}

// thing is what becomes an asset. Things are joined as it turns out that
// they are one.
type thing struct {
	parent    *thing
	index     int
	stations  []*station
	addrs     []*address
	ends      []*end
	said      []*said
	merged    []string
	conflicts []Conflict
	router    string // why it is one
	serials   map[string]string
	asset     *Asset
}

func (t *thing) root() *thing {
	for t.parent != nil {
		if t.parent.parent != nil {
			t.parent = t.parent.parent
		}
		t = t.parent
	}
	return t
}

func (r *resolver) newThing() *thing {
	t := &thing{index: len(r.things)}
	r.things = append(r.things, t)
	return t
}

// join makes one thing of two. The older keeps its place.
func join(a, b *thing) *thing {
	a, b = a.root(), b.root()
	if a == b {
		return a
	}
	if b.index < a.index {
		a, b = b, a
	}
	b.parent = a
	a.stations = append(a.stations, b.stations...)
	a.addrs = append(a.addrs, b.addrs...)
	a.said = append(a.said, b.said...)
	a.merged = append(a.merged, b.merged...)
	a.conflicts = append(a.conflicts, b.conflicts...)
	if a.router == "" {
		a.router = b.router
	}
	for k, v := range b.serials {
		if a.serials == nil {
			a.serials = make(map[string]string)
		}
		if a.serials[k] == "" {
			a.serials[k] = v
		}
	}
	b.stations, b.addrs, b.said, b.merged, b.conflicts, b.serials = nil, nil, nil, nil, nil, nil
	return a
}

// Resolve concludes which assets there are. The builder can go on gathering.
func (b *Builder) Resolve() *Inventory {
	if b.names == nil {
		b.names, _ = oui.Load() // without it assets merely lack their makers
	}
	r := &resolver{b: b, makers: b.names, stations: make(map[fact.MAC]*station), addrs: make(map[netip.Addr]*address)}
	r.collect()
	r.bind()
	r.census()
	for _, s := range r.macs {
		r.judge(s)
	}
	r.settle()
	r.tell()
	r.merge()
	r.place()
	return r.inventory()
}

// collect lists the ends and statements in a fixed order.
func (r *resolver) collect() {
	r.ends = inOrder(r.b.ends, func(e *end) fact.Seen { return e.seen }, func(a, b *end) int { return comparePlace(a.place, b.place) })
	for _, e := range r.ends {
		e.thing, e.external = nil, false
	}
	r.said = inOrder(r.b.said, func(s *said) fact.Seen { return s.seen }, func(a, b *said) int { return compareSaid(&a.saidKey, &b.saidKey) })
}

// inOrder lists the values of a map by their first appearance, and what
// appeared in the same frame as compare says.
func inOrder[K comparable, V any](m map[K]*V, seen func(*V) fact.Seen, compare func(a, b *V) int) []*V {
	type item struct {
		time  int64
		frame uint64
		v     *V
	}
	items := make([]item, 0, len(m))
	for _, v := range m {
		s := seen(v)
		items = append(items, item{s.First, s.Frame, v})
	}
	slices.SortFunc(items, func(a, b item) int {
		switch {
		case a.time != b.time:
			return cmp.Compare(a.time, b.time)
		case a.frame != b.frame:
			return cmp.Compare(a.frame, b.frame)
		}
		return compare(a.v, b.v)
	})
	list := make([]*V, len(items))
	for i := range items {
		list[i] = items[i].v
	}
	return list
}

func compareSeen(a, b fact.Seen) int {
	return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Frame, b.Frame))
}

func comparePlace(a, b place) int {
	return cmp.Or(a.ip.Compare(b.ip), slices.Compare(a.mac[:], b.mac[:]))
}

func compareSaid(a, b *saidKey) int {
	return cmp.Or(a.ip.Compare(b.ip), slices.Compare(a.mac[:], b.mac[:]), strings.Compare(string(a.attr), string(b.attr)),
		strings.Compare(a.value, b.value), strings.Compare(a.source, b.source), strings.Compare(a.part, b.part), strings.Compare(a.protocol, b.protocol))
}

func (r *resolver) station(m fact.MAC) *station {
	s := r.stations[m]
	if s == nil {
		s = &station{mac: m, virtual: virtualRouter(m)}
		s.thing = r.newThing()
		s.thing.stations = []*station{s}
		r.stations[m] = s
		r.macs = append(r.macs, s)
	}
	return s
}

func (r *resolver) address(ip netip.Addr) *address {
	a := r.addrs[ip]
	if a == nil {
		a = &address{ip: ip}
		r.addrs[ip] = a
		r.ips = append(r.ips, a)
	}
	return a
}

func (r *resolver) hold(s *station, a *address) *hold {
	if h := between(s, a); h != nil {
		return h
	}
	h := &hold{station: s, addr: a}
	s.holds = append(s.holds, h)
	a.holds = append(a.holds, h)
	return h
}

// find is hold without making one.
func (r *resolver) find(m fact.MAC, ip netip.Addr) *hold {
	s, a := r.stations[m], r.addrs[ip]
	if s == nil || a == nil {
		return nil
	}
	return between(s, a)
}

// between is the hold of a station on an address, found in the shorter list:
// a router has many addresses, a flood gives an address to many stations, but
// not both at a time.
func between(s *station, a *address) *hold {
	few := s.holds
	if len(a.holds) < len(few) {
		few = a.holds
	}
	for _, h := range few {
		if h.station == s && h.addr == a {
			return h
		}
	}
	return nil
}

// bind makes the holds, of what was sent and of what was stated.
func (r *resolver) bind() {
	for _, e := range r.ends {
		switch {
		case !e.ip.IsValid():
			r.station(e.mac).alone = e
		case e.mac.IsZero():
			r.address(e.ip).bare = e
		default:
			r.hold(r.station(e.mac), r.address(e.ip)).end = e
		}
	}
	for _, s := range r.said {
		r.claim(s)
	}
}

// claim reads an address that a statement binds to a hardware address.
func (r *resolver) claim(s *said) {
	if s.attr != fact.IPAssigned || s.part != "" || s.mac.IsZero() || s.mac.Group() {
		return
	}
	ip, err := netip.ParseAddr(s.value)
	if err != nil || s.confidence < 80 {
		return
	}
	ip = ip.Unmap().WithZone("")
	if !ip.IsValid() || ip.IsUnspecified() || ip.IsLoopback() || groupAddr(ip) {
		return
	}
	switch {
	case s.stated:
		if s.ip.IsValid() && s.ip != ip {
			return
		}
		h := r.hold(r.station(s.mac), r.address(ip))
		h.hard.Add(s.seen)
		if h.source == "" {
			h.source = s.source
		}
	case !s.ip.IsValid(), s.ip == ip:
		h := r.hold(r.station(s.mac), r.address(ip))
		h.soft.Add(s.seen)
		if h.source == "" {
			h.source = s.source
		}
	}
}
