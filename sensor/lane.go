package sensor

import (
	"fmt"
	"hash/maphash"
	"net/netip"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/packet"
	"github.com/bulkhead-ot/bulkhead/wire/stream"
)

// lane is a part of the traffic with all state that belongs to it. One
// goroutine at a time works on it, so it needs no locks.
type lane struct {
	ps    *protocols
	seed  maphash.Seed // for telling values apart; no result depends on it
	flows *table
	exts  []*ext
	spare []int32 // free entries of exts
	idle  [][]proto.Session

	tcp    stream.Assembler
	recent recent

	statements map[uint64]*statement
	order      []*statement
	crowded    uint64 // statements dropped, for there were too many
	expected   []proto.Expect

	ctx  proto.Context
	ends [2]proto.Endpoint
	cur  *flow
	curx *ext

	parts   int // memory of messages that are not complete, bytes
	entries int // operations and targets

	out       []output
	quality   Quality
	nextSweep int64
	ending    []ending // flows that ended, oldest first
	buried    int      // of these, the ones that are done with
}

// ending is a flow that ended and waits for stragglers.
type ending struct {
	flow uint32
	time int64
}

// output is a fact with the place in the order of events where it was found.
type output struct {
	frame     uint64
	flow      *fact.Flow
	statement *fact.Statement
}

// ext is the part of a flow that has pointers: only flows with payload have one.
type ext struct {
	protocol int16
	refused  int16 // protocol that failed here
	session  proto.Session
	halves   [2]stream.Half
	part     [2][]byte // bytes of a message that is not complete
	room     int       // of part, as counted in the lane
	entries  int       // likewise
	lost     [2]bool   // in step no more: look for a message's beginning
	ops      []opStat
	hint     int
	facts    []fact.SessionStat
	messages uint64
	bad      uint64 // malformed
	badAt    uint64
	badWhy   string
	repeated uint64
	gap      uint64 // bytes
	holes    uint64
}

type statement struct {
	fact.Statement
	dirty bool
}

func newLane(ps *protocols, maxFlows int) *lane {
	l := &lane{
		ps: ps, seed: maphash.MakeSeed(), flows: newTable(max(maxFlows/lanes, 64)),
		idle: make([][]proto.Session, len(ps.all)), statements: make(map[uint64]*statement),
	}
	l.ctx.Sink = (*laneSink)(l)
	l.tcp.Budget = 8 << 20
	return l
}

// packet takes one packet of this lane.
func (l *lane) packet(h *packet.Headers, data []byte, pair uint64, time int64, frame uint64, wire uint32) {
	payload := data[h.Start:h.End]
	if h.Fragment {
		l.count(h, pair, time, frame, wire, len(payload))
		return
	}
	var k key
	low := makeKey(&k, h)
	hash := k.hashWith(pair)
	i, ok := l.flows.find(hash, &k)
	if !ok {
		i = l.open(hash, &k, h, time, frame)
	}
	f := l.flows.at(i)
	if !ok {
		f.low = low // the first packet's sender is Dir 0
		f.first, f.frame = time, frame
	}
	dir := proto.Dir(low ^ f.low)
	dup := l.recent.seen(h, hash, payload, dir, time)
	if h.Kind == packet.TCP && h.Flags&(packet.SYN|packet.ACK) == packet.SYN && f.flags&(ended|fin0|fin1|laden) != 0 && !dup {
		l.restart(f, time, frame) // the same ports are used again
	}
	l.touch(f, h, dir, time, wire, len(payload))
	if dup {
		f.duplicates++
		l.quality.Duplicates++
	}
	if f.ext == noExt && len(payload) > 0 && len(l.exts)-len(l.spare) >= l.flows.limit/ladenShare {
		l.evictLaden(time, frame)
	}
	was := f.flags & ended
	l.dissect(f, h, dir, payload, time, frame, dup)
	if f.flags&ended != was {
		l.ending = append(l.ending, ending{i, time})
	}
	if l.buried < len(l.ending) {
		if e := l.ending[l.buried].time; time-e > idleEnded || time < e-idleEnded {
			l.bury(frame)
		}
	}
}

// dissect hands the payload to the flow's dissector. One that panics is
// caught: its flow is set aside and the capture goes on.
func (l *lane) dissect(f *flow, h *packet.Headers, dir proto.Dir, payload []byte, time int64, frame uint64, dup bool) {
	defer func() {
		if r := recover(); r != nil {
			l.setAside(f, frame, r)
		}
	}()
	switch {
	case h.Kind == packet.TCP:
		l.segment(f, h, dir, payload, time, frame, dup)
	case h.Kind != packet.None && !dup:
		l.datagram(f, h, dir, payload, time, frame)
	}
}

// setAside gives up the dissection of f after a failure of ours.
func (l *lane) setAside(f *flow, frame uint64, reason any) {
	l.quality.Panics++
	f.flags |= hopeless
	x := l.extOf(f)
	if x.bad == 0 {
		x.badAt, x.badWhy = frame, fmt.Sprintf("the dissector failed: %v", reason)
	}
	x.bad++
	x.session = nil // not to be used again
}

// makeKey fills k and says which end sent the packet: 0 for a, 1 for b.
func makeKey(k *key, h *packet.Headers) (low uint8) {
	src, dst := h.Src, h.Dst
	sp, dp := h.SrcPort, h.DstPort
	k.kind = h.Kind
	switch {
	case h.Version == 0:
		src, dst = macAddr(h.SrcMAC), macAddr(h.DstMAC)
		sp, dp, k.number = 0, 0, h.Number
	case h.Kind != packet.TCP && h.Kind != packet.UDP:
		sp, dp, k.number = 0, 0, uint32(h.Proto)
	}
	if less(dst, src) || src == dst && dp < sp {
		k.a, k.b, k.ports = dst, src, uint32(dp)<<16|uint32(sp)
		return 1
	}
	k.a, k.b, k.ports = src, dst, uint32(sp)<<16|uint32(dp)
	return 0
}

func less(a, b packet.Addr) bool { return a.Hi < b.Hi || a.Hi == b.Hi && a.Lo < b.Lo }

// macTag marks hardware addresses among packet.Addr values; no IPv6 unicast
// address begins like this (RFC 4291, 2.4).
const macTag = 0xff00_6d61_6300_0000

func macAddr(m [6]byte) packet.Addr {
	return packet.Addr{Hi: macTag, Lo: uint64(m[0])<<40 | uint64(m[1])<<32 | uint64(m[2])<<24 | uint64(m[3])<<16 | uint64(m[4])<<8 | uint64(m[5])}
}

// open makes the entry of a new flow.
func (l *lane) open(hash uint64, k *key, h *packet.Headers, time int64, frame uint64) uint32 {
	if l.flows.n >= l.flows.limit {
		l.evict(time, frame)
	}
	i := l.flows.add(hash, k)
	return i
}

// touch counts the packet.
func (l *lane) touch(f *flow, h *packet.Headers, dir proto.Dir, time int64, wire uint32, payload int) {
	f.last = max(f.last, time)
	f.packets[dir]++
	f.bytes[dir] += uint64(wire)
	f.payload[dir] += uint64(payload)
	f.flags |= dirty | way0<<dir
	if payload > 0 {
		f.flags |= laden
	}
	f.ttl[dir] = h.TTL
	if h.HasMAC {
		f.macs[dir] = h.SrcMAC
		// Where the other side sent something its own address is known; behind a
		// router that is not the address that it is sent to.
		if f.flags&(way0<<(dir^1)) == 0 && h.DstMAC != ([6]byte{}) {
			f.macs[dir^1] = h.DstMAC
		}
	}
	if h.HasVLAN {
		f.vlan = h.VLAN
		f.flags |= tagged
	} else {
		f.flags |= untagged
	}
	if h.Encap&^packet.VLAN != 0 {
		f.flags |= tunnelled
	}
}

// count takes note of a fragment that completes nothing yet, as a flow
// between the hosts without ports.
func (l *lane) count(h *packet.Headers, pair uint64, time int64, frame uint64, wire uint32, payload int) {
	g := *h
	g.Kind = packet.IP
	var k key
	low := makeKey(&k, &g)
	hash := k.hashWith(pair)
	i, ok := l.flows.find(hash, &k)
	if !ok {
		i = l.open(hash, &k, h, time, frame)
		f := l.flows.at(i)
		f.low, f.first, f.frame = low, time, frame
	}
	f := l.flows.at(i)
	l.touch(f, h, proto.Dir(low^f.low), time, wire, payload)
}

// extOf returns the flow's ext, making it when there is none.
func (l *lane) extOf(f *flow) *ext {
	if f.ext != noExt {
		return l.exts[f.ext]
	}
	if n := len(l.spare); n > 0 {
		f.ext, l.spare = l.spare[n-1], l.spare[:n-1]
	} else {
		f.ext = int32(len(l.exts))
		l.exts = append(l.exts, &ext{})
	}
	x := l.exts[f.ext]
	x.protocol, x.refused = none, none
	return x
}

// drop gives the ext of f back.
func (l *lane) drop(f *flow) {
	if f.ext == noExt {
		return
	}
	x := l.exts[f.ext]
	l.close(x)
	l.parts -= x.room
	l.entries -= x.entries
	if len(l.spare) >= keepSpare {
		*x = ext{}
	} else {
		for i := range x.ops {
			x.ops[i].reset()
		}
		clear(x.facts)
		*x = ext{halves: x.halves, ops: x.ops[:0], facts: x.facts[:0]}
	}
	l.spare = append(l.spare, f.ext)
	f.ext = noExt
}

// close ends the session and the streams of x.
func (l *lane) close(x *ext) {
	if x.session != nil {
		x.session.Reset()
		if s := &l.idle[x.protocol]; len(*s) < 64 {
			*s = append(*s, x.session)
		}
		x.session = nil
	}
	for d := range x.halves {
		l.tcp.Close(&x.halves[d])
	}
}

// begin opens a session of protocol p.
func (l *lane) begin(x *ext, p int16) {
	x.protocol = p
	if s := l.idle[p]; len(s) > 0 {
		x.session, l.idle[p] = s[len(s)-1], s[:len(s)-1]
		return
	}
	x.session = l.ps.all[p].New()
}

// settle prepares the context for a message of f in direction dir.
func (l *lane) settle(f *flow, x *ext, h *packet.Headers, dir proto.Dir, time int64, frame uint64) {
	l.cur, l.curx = f, x
	c := &l.ctx
	c.Time, c.Frame, c.Dir, c.Carrier = time, frame, dir, carrierOf(h.Kind)
	c.VLAN = h.VLAN
	s, d := &l.ends[0], &l.ends[1]
	s.MAC, d.MAC = h.SrcMAC, h.DstMAC
	s.Port, d.Port = h.SrcPort, h.DstPort
	if h.Version == 0 {
		s.IP, d.IP = [16]byte{}, [16]byte{}
	} else {
		s.IP, d.IP = h.Src.Bytes(), h.Dst.Bytes()
	}
	c.Src, c.Dst = s, d
	c.Wire = 0
	if h.Lacking > 0 {
		c.Wire = int(h.End-h.Start) + int(h.Lacking)
	}
}

// laneSink is the lane as the dissectors see it.
type laneSink lane

// Operation counts an operation of the current flow.
func (s *laneSink) Operation(c *proto.Context, op *fact.Operation) {
	l := (*lane)(s)
	x := l.curx
	from := uint8(c.Dir)
	n := uint64(max(op.Count, 1))
	o := l.operation(x, op, from)
	if o == nil {
		return
	}
	o.see(c.Time, c.Frame, n)
	if op.Failed {
		o.failed += n
		if o.status == "" {
			o.status = op.Status
		}
	}
	if !op.Target.Set {
		return
	}
	if op.Kind == fact.Response {
		l.outcome(x, o, op, c, from)
		return
	}
	e := l.target(x, o, &op.Target)
	if e == nil {
		o.missed++
		return
	}
	e.see(c.Time, c.Frame, n)
	e.see1(&op.Value, l.seed)
	if op.Failed {
		e.failed += n
	}
}

// outcome notes what an answer says of the target that was asked for, with
// the request's own entry when that was seen.
func (l *lane) outcome(x *ext, o *opStat, op *fact.Operation, c *proto.Context, from uint8) {
	if !op.Failed && op.Value.Kind == fact.NoValue {
		return
	}
	asked := op.Function
	if op.Answers != nil {
		asked = op.Answers
	}
	request := o
	for i := range x.ops {
		if r := &x.ops[i]; r.function == asked && r.kind == fact.Request && r.from != from {
			request = r
			break
		}
	}
	e := l.target(x, request, &op.Target)
	if e == nil {
		o.missed++
		return
	}
	if request == o {
		e.see(c.Time, c.Frame, 1)
	}
	if op.Failed {
		e.failed++
	}
	e.see1(&op.Value, l.seed)
}

// operation returns the entry for the function, kind and sender of op.
func (l *lane) operation(x *ext, op *fact.Operation, from uint8) *opStat {
	// Requests and answers alternate: the one after the last comes first.
	for _, i := range [3]int{x.hint + 1, x.hint - 1, x.hint} {
		if i >= 0 && i < len(x.ops) {
			if o := &x.ops[i]; o.function == op.Function && o.kind == op.Kind && o.from == from && o.answers == op.Answers {
				x.hint = i
				return o
			}
		}
	}
	for i := range x.ops {
		if o := &x.ops[i]; o.function == op.Function && o.kind == op.Kind && o.from == from && o.answers == op.Answers {
			x.hint = i
			return o
		}
	}
	if len(x.ops) >= maxOperations || l.entries >= maxEntries {
		l.quality.Crowded++
		return nil
	}
	l.entries++
	x.entries++
	if len(x.ops) < cap(x.ops) {
		x.ops = x.ops[:len(x.ops)+1]
	} else {
		x.ops = append(x.ops, opStat{})
	}
	x.hint = len(x.ops) - 1
	o := &x.ops[x.hint]
	o.function, o.kind, o.from, o.answers, o.hint = op.Function, op.Kind, from, op.Answers, -1
	return o
}

// target returns the entry of o for t, or nil when there are too many.
func (l *lane) target(x *ext, o *opStat, t *fact.Target) *targetStat {
	n := len(o.targets)
	e := o.target(l.seed, t, l.entries < maxEntries)
	n = len(o.targets) - n
	l.entries += n
	x.entries += n
	return e
}

// Identity keeps a statement once and counts how often it was made.
func (s *laneSink) Identity(c *proto.Context, id *fact.Identity) {
	l := (*lane)(s)
	if id.Of.Who == fact.Conversation {
		l.sessionFact(c, id)
		return
	}
	var mac fact.MAC
	var ip [16]byte
	switch id.Of.Who {
	case fact.Sender:
		mac, ip = c.Src.MAC, c.Src.IP
	case fact.Receiver:
		mac, ip = c.Dst.MAC, c.Dst.IP
	case fact.Elsewhere:
		mac = id.Of.MAC
		if id.Of.IP.IsValid() {
			ip = id.Of.IP.As16()
		}
	}
	h := maphash.String(l.seed, id.Value) ^ maphash.String(l.seed, string(id.Attr))*k1 ^ maphash.Bytes(l.seed, ip[:])*k2 ^
		maphash.Bytes(l.seed, mac[:])*k3 ^ maphash.String(l.seed, id.Source)
	if id.Of.Part != "" {
		h = mix(h ^ maphash.String(l.seed, id.Of.Part))
	}
	st := l.statements[h]
	if st == nil {
		if len(l.order) >= maxStatements {
			l.crowded++
			return
		}
		st = &statement{}
		st.MAC, st.Part, st.Stated = mac, cleanText(strings.Clone(id.Of.Part)), id.Of.Who == fact.Elsewhere
		if ip != ([16]byte{}) {
			st.IP = netip.AddrFrom16(ip).Unmap()
		}
		st.Attr, st.Source, st.Confidence = id.Attr, id.Source, id.Confidence
		st.Value = cleanText(strings.Clone(id.Value))
		if l.curx != nil && l.curx.protocol >= 0 {
			st.Protocol = l.ps.all[l.curx.protocol].Name
		}
		l.statements[h] = st
		l.order = append(l.order, st)
	}
	st.dirty = true
	st.Seen.At(c.Time, c.Frame, 1)
}

// sessionFact keeps a statement about the current conversation.
func (l *lane) sessionFact(c *proto.Context, id *fact.Identity) {
	x := l.curx
	for i := range x.facts {
		if f := &x.facts[i]; f.Attr == id.Attr && f.Source == id.Source && (f.Value == id.Value || f.Value == cleanText(id.Value)) {
			f.Seen.At(c.Time, c.Frame, 1)
			return
		}
	}
	if len(x.facts) >= maxSession || l.entries >= maxEntries {
		l.quality.Crowded++
		return
	}
	l.entries++
	x.entries++
	f := fact.SessionStat{Attr: id.Attr, Value: cleanText(strings.Clone(id.Value)), Source: id.Source, Confidence: id.Confidence}
	f.Seen.At(c.Time, c.Frame, 1)
	x.facts = append(x.facts, f)
}

// Client notes which side is the client.
func (s *laneSink) Client(c *proto.Context, sender bool) {
	d := uint8(c.Dir)
	if !sender {
		d ^= 1
	}
	if s.cur.flags&opened == 0 { // the opening of a connection outweighs what is inside
		s.cur.client = d
	}
	s.cur.flags |= certain
}

// Expect remembers an announced flow.
func (s *laneSink) Expect(_ *proto.Context, e proto.Expect) {
	for _, o := range s.expected {
		if o == e {
			return
		}
	}
	if len(s.expected) >= maxExpected {
		s.expected = append(s.expected[:0], s.expected[1:]...)
	}
	s.expected = append(s.expected, e)
}
