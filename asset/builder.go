package asset

import (
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/asset/oui"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Limits of a builder. What sent next to nothing and never got an answer makes
// room first, so that a flood of forged addresses does not crowd out the plant.
const (
	maxEnds  = 1 << 16
	maxEdges = 1 << 17
	maxSaid  = 1 << 18
	thin     = 3 // packets up to which an unanswered end makes room
)

const nClasses = int(fact.Data) + 1

// Builder gathers what facts say about hosts: sums that do not depend on the
// order of the facts, so long as no limit is reached.
type Builder struct {
	ends  map[place]*end
	edges map[edgeKey]*edge
	said  map[saidKey]*said
	names *oui.Registry
	full  bool   // no room could be made
	lost  uint64 // facts not kept for want of room
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder {
	return &Builder{ends: make(map[place]*end), edges: make(map[edgeKey]*edge), said: make(map[saidKey]*said)}
}

// Lost is how many facts were not kept because the builder was full.
func (b *Builder) Lost() uint64 { return b.lost }

// place is where packets come from: an IP address behind a hardware address.
// The latter may be that of a router, and either may be zero.
type place struct {
	ip  netip.Addr
	mac fact.MAC
}

// end is what was sent from a place.
type end struct {
	place
	packets, bytes uint64
	near, far      uint64   // packets of flows by their hop count: as sent by a neighbour, as routed
	hops           uint8    // the largest near hop count: tells operating systems apart
	routers        [2]uint8 // fewest and most routers that far hop counts tell of
	vlan           uint16   // the smallest one, 0 if none
	answered       bool     // somebody sent back
	inferred       bool     // it sent nothing, but a stream with it was seen from the other side
	router         bool     // it sent what only routers send
	unheard        uint64   // flows that it began with a single host and that nobody answered
	seen           fact.Seen

	thing    *thing // what Resolve made of it
	external bool
}

// edge is what a client and a server did by one protocol. Either is nil if it
// did not send. Index 0 is the client.
type edge struct {
	edgeKey
	sent    [2]tally
	packets [2]uint64
	payload [2]uint64
	cyclic  bool // requests or notices came at regular intervals
	certain bool // which of the two is the client
	twoWay  bool
	seen    fact.Seen
}

type edgeKey struct {
	client, server *end
	protocol       string // "" if not recognised
	service        string // what its port is for, if it was not recognised
	group          bool   // sent to a group address
}

// tally counts messages by what they do.
type tally struct {
	requests, responses, notices [nClasses]uint64
}

func (t *tally) of(k fact.Kind) *[nClasses]uint64 {
	switch k {
	case fact.Request:
		return &t.requests
	case fact.Response:
		return &t.responses
	default:
		return &t.notices
	}
}

// said is a statement with all that it was observed.
type said struct {
	saidKey
	confidence uint8
	seen       fact.Seen
}

type saidKey struct {
	mac      fact.MAC
	ip       netip.Addr
	part     string
	stated   bool
	attr     fact.Attr
	value    string
	source   string
	protocol string
}

// Statement takes note of an identity fact.
func (b *Builder) Statement(s *fact.Statement) {
	b.say(saidKey{s.MAC, s.IP.Unmap(), s.Part, s.Stated, s.Attr, s.Value, s.Source, s.Protocol}, s.Confidence, s.Seen)
}

func (b *Builder) say(k saidKey, confidence uint8, seen fact.Seen) {
	if k.value == "" || !k.ip.IsValid() && k.mac.IsZero() {
		return
	}
	e := b.said[k]
	if e == nil {
		if len(b.said) >= maxSaid {
			b.lost++
			return
		}
		e = &said{saidKey: k}
		b.said[k] = e
	}
	e.confidence = max(e.confidence, confidence)
	seen.Count = max(seen.Count, 1)
	e.seen.Add(seen)
}

// Flow takes note of a flow.
func (b *Builder) Flow(f *fact.Flow) {
	var at [2]*end
	twoWay := f.Packets[0] > 0 && f.Packets[1] > 0
	for i := range f.Ends {
		p, ok := placeOf(&f.Ends[i])
		if !ok {
			continue
		}
		inferred := f.Packets[i] == 0
		if inferred && !(f.Transport == "tcp" && f.Protocol != "" && f.Messages > 0 && p.ip.IsValid()) {
			continue
		}
		e := b.end(p)
		if e == nil {
			continue
		}
		at[i] = e
		e.note(f, i, twoWay)
	}
	b.connect(f, at, twoWay)
}

// note counts what end i of a flow sent. A host that sent nothing exists if
// the stream with it was seen in the other direction.
func (e *end) note(f *fact.Flow, i int, twoWay bool) {
	if f.Packets[i] == 0 {
		e.inferred = e.packets == 0
		e.seen.Add(fact.Seen{First: f.First, Last: f.Last, Frame: f.Frame, Count: 1})
		return
	}
	e.inferred = false
	e.packets += f.Packets[i]
	e.bytes += f.Bytes[i]
	e.seen.Add(fact.Seen{First: f.First, Last: f.Last, Frame: f.Frame, Count: f.Packets[i]})
	e.answered = e.answered || twoWay
	if f.VLAN != 0 && (e.vlan == 0 || f.VLAN < e.vlan) {
		e.vlan = f.VLAN
	}
	switch f.Transport {
	case "vrrp", "ospf", "eigrp", "pim":
		e.router = true
	}
	if groupEnd(&f.Ends[i^1]) {
		return
	}
	if !twoWay && i == 0 {
		e.unheard++
	}
	switch distance(f.Ends[i].TTL) {
	case near:
		e.near += f.Packets[i]
		e.hops = max(e.hops, f.Ends[i].TTL)
	case far:
		n := routers(f.Ends[i].TTL)
		if e.far == 0 {
			e.routers = [2]uint8{n, n}
		}
		e.routers = [2]uint8{min(e.routers[0], n), max(e.routers[1], n)}
		e.far += f.Packets[i]
	}
}

// routed tells that what comes from the place was sent by routers. Paths are
// stable: hop counts that vary widely were made up, as scanners do.
func (e *end) routed() bool { return e.far > e.near && e.routers[1]-e.routers[0] <= 8 }

// end returns the entry of a place, nil if there is no room.
func (b *Builder) end(p place) *end {
	e := b.ends[p]
	if e != nil {
		return e
	}
	if len(b.ends) >= maxEnds {
		b.makeRoom()
		if b.full {
			b.lost++
			return nil
		}
	}
	e = &end{place: p}
	b.ends[p] = e
	return e
}

// makeRoom drops the ends that sent next to nothing and got no answer.
func (b *Builder) makeRoom() {
	if b.full {
		return
	}
	gone := make(map[*end]bool)
	for p, e := range b.ends {
		if !e.answered && !e.inferred && e.packets <= thin {
			gone[e] = true
			delete(b.ends, p)
			b.lost++
		}
	}
	for k := range b.edges {
		if gone[k.client] || gone[k.server] {
			delete(b.edges, k)
		}
	}
	b.full = len(b.ends) > maxEnds*3/4
}

// connect notes what the two ends did with one another.
func (b *Builder) connect(f *fact.Flow, at [2]*end, twoWay bool) {
	if at[0] == nil && at[1] == nil {
		return
	}
	c := f.Client & 1
	k := edgeKey{client: at[c], server: at[c^1], protocol: f.Protocol, group: groupEnd(&f.Ends[c^1])}
	if f.Protocol == "" {
		if !twoWay {
			return
		}
		if f.Payload[c^1] > 0 {
			k.service = services[f.Transport][f.Ends[c^1].Port]
		}
	}
	e := b.edge(k)
	if e == nil {
		return
	}
	for i := range uint8(2) {
		e.packets[i] += f.Packets[c^i]
		e.payload[i] += f.Payload[c^i]
	}
	e.certain = e.certain || f.ClientCertain
	e.twoWay = e.twoWay || twoWay
	e.seen.Add(f.Seen)
	for i := range f.Operations {
		b.operation(k, e, &f.Operations[i], c)
	}
	for i := range f.Session {
		b.session(&f.Session[i], f, at[c], at[c^1])
	}
}

// operation counts what one function did. What is carried in another
// protocol has an edge of its own.
func (b *Builder) operation(k edgeKey, e *edge, o *fact.OperationStat, client uint8) {
	if o.Function == nil {
		return
	}
	if p := o.Function.Protocol; p != k.protocol && p != "" {
		carrier := e
		k.protocol, k.service = p, ""
		if e = b.edge(k); e == nil {
			return
		}
		e.twoWay, e.certain = e.twoWay || carrier.twoWay, e.certain || carrier.certain
		e.seen.Add(o.Seen)
	}
	side := (o.From ^ client) & 1
	class := min(int(o.Function.Class), nClasses-1)
	e.sent[side].of(o.Kind)[class] += max(o.Count, 1)
	if o.Kind != fact.Response && o.Cycle.N >= 5 && o.Cycle.Mean < 120e9 {
		e.cyclic = true
	}
}

func (b *Builder) edge(k edgeKey) *edge {
	e := b.edges[k]
	if e == nil {
		if len(b.edges) >= maxEdges {
			b.lost++
			return nil
		}
		e = &edge{edgeKey: k}
		b.edges[k] = e
	}
	return e
}

// session keeps of a session what is an attribute of one of its ends.
func (b *Builder) session(s *fact.SessionStat, f *fact.Flow, client, server *end) {
	switch s.Attr {
	case fact.SessionSNI:
		if server != nil && hostname(s.Value) {
			b.say(saidKey{mac: server.mac, ip: server.ip, attr: fact.Hostname, value: s.Value, source: askedFor, protocol: f.Protocol}, 50, s.Seen)
		}
	case fact.SessionUser:
		if client != nil {
			b.say(saidKey{mac: client.mac, ip: client.ip, attr: fact.User, value: s.Value, source: s.Source, protocol: f.Protocol}, min(s.Confidence, 80), s.Seen)
		}
	}
}

// askedFor is the source of server names in TLS.
const askedFor = "server name that a client asked for"
