package enip

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

const (
	window  = 32  // requests that wait for their answers
	maxSubs = 256 // embedded requests remembered for all of them
	maxName = 47
	maxTag  = 160
)

// asked is what a request was about.
type asked struct {
	f       *fact.Function
	target  fact.Target // without Name
	class   uint32
	service uint8
	nameLen uint8
	name    [maxName]byte // tag; none if longer
}

func (q *asked) setName(b []byte) {
	if len(b) <= maxName {
		q.nameLen = uint8(copy(q.name[:], b))
	}
}

// of returns the target with its name, which lives in q.
func (q *asked) of() fact.Target {
	t := q.target
	if q.nameLen > 0 {
		t.Name = q.name[:q.nameLen]
	}
	return t
}

// exchange is a request that waits. An answer to an Unconnected Send is that
// of the message inside, or of the service itself when routing failed.
type exchange struct {
	used      bool
	dir       proto.Dir
	connected bool
	via       bool   // inside an Unconnected Send
	conn      uint32 // connection id of the request
	key       uint64 // sequence count or sender context
	ask       asked
	firstSub  uint32
	subs      uint32
	opened    bool   // the connection was seen opening, so that part is known
	part      string // slot or route of the asked module, "" for the host
	pccc      pcccAsked
	open      opening
}

// explicit is the state of explicit messaging in one flow.
type explicit struct {
	waiting [window]exchange
	next    int
	subs    [maxSubs]asked
	nextSub uint32
	conns   [16]connection
	nextCon int
	now     exchange // request being read
	scratch [maxTag]byte
}

func (e *explicit) forget(d proto.Dir) {
	for i := range e.waiting {
		if e.waiting[i].dir == d {
			e.waiting[i].used = false
		}
	}
}

// remember keeps the request that was just read.
func (e *explicit) remember() {
	e.waiting[e.next%window] = e.now
	e.waiting[e.next%window].used = true
	e.next++
}

// sub is the i-th embedded request of x, or nil.
func (e *explicit) sub(x *exchange, i uint32) *asked {
	if x == nil || i >= x.subs || e.nextSub-(x.firstSub+i) > maxSubs {
		return nil
	}
	return &e.subs[(x.firstSub+i)%maxSubs]
}

func (e *explicit) addSub(q *asked) {
	e.subs[e.nextSub%maxSubs] = *q
	e.nextSub++
	e.now.subs++
}

// recall finds the request that an answer with this service belongs to. A
// connected answer names the connection the other way round: until Forward
// Open or an earlier pair told which belong together, the sequence count has
// to do.
func (e *explicit) recall(c *proto.Context, p *packet, key uint64, service uint8) *exchange {
	var to *connection
	if p.connected {
		to = e.byTO(p.connection)
	}
	var found *exchange
	candidates := 0
	for n := range window { // oldest first
		x := &e.waiting[(e.next+n)%window]
		if !x.used || x.dir == c.Dir || x.connected != p.connected || x.key != key {
			continue
		}
		if x.ask.service != service && !(x.via && service == unconnectedSend) {
			continue
		}
		if to != nil && to.ot != x.conn {
			continue
		}
		candidates++
		if found == nil {
			found = x
		}
	}
	if found == nil {
		if to != nil && !to.opened { // a wrong guess heals itself
			*to = connection{}
			return e.recall(c, p, key, service)
		}
		return nil
	}
	found.used = false
	if p.connected && to == nil && candidates == 1 {
		e.bind(found.conn, p.connection)
	}
	return found
}

// connection is what Forward Open, or a matching pair of messages, told.
type connection struct {
	used   bool
	ot, to uint32
	opened bool
	part   string
}

func (e *explicit) byTO(id uint32) *connection {
	for i := range e.conns {
		if k := &e.conns[i]; k.used && k.to == id {
			return k
		}
	}
	return nil
}

func (e *explicit) byOT(id uint32) *connection {
	for i := range e.conns {
		if k := &e.conns[i]; k.used && k.ot == id {
			return k
		}
	}
	return nil
}

// bind notes that the two ids are one connection, and returns it.
func (e *explicit) bind(ot, to uint32) *connection {
	if old := e.byTO(to); old != nil && old.ot != ot {
		*old = connection{}
	}
	k := e.byOT(ot)
	if k == nil {
		k = &e.conns[e.nextCon%len(e.conns)]
		e.nextCon++
		*k = connection{}
	}
	*k = connection{used: true, ot: ot, to: to, opened: k.opened, part: k.part}
	return k
}
