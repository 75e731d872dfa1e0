package sensor

import (
	"slices"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/packet"
)

// report hands on what was seen of f since the last report, at the point of
// the given frame.
func (l *lane) report(f *flow, frame uint64, final bool) {
	if f.flags&dirty == 0 && !(final && f.flags&reported != 0) {
		return
	}
	if final {
		l.judge(f)
	}
	r := &fact.Flow{
		Client: f.client, Transport: transportName(f.kind, f.number), Number: f.number, VLAN: f.vlan,
		Packets: [2]uint64{uint64(f.packets[0]), uint64(f.packets[1])}, Bytes: f.bytes, Payload: f.payload,
		Opened: f.flags&opened != 0, Answered: f.flags&answered != 0, Refused: f.flags&refused != 0, Ended: final,
		Duplicates: uint64(f.duplicates), Encapsulated: f.flags&tunnelled != 0,
		Untagged: f.flags&(tagged|untagged) == tagged|untagged,
		Seen:     fact.Seen{First: f.first, Last: f.last, Frame: f.frame, Count: uint64(f.packets[0]) + uint64(f.packets[1])},
	}
	l.parties(f, r)
	l.side(f, r)
	if f.ext != noExt {
		l.content(f, l.exts[f.ext], r)
	}
	l.out = append(l.out, output{frame: frame, flow: r})
	f.packets, f.bytes, f.payload, f.duplicates = [2]uint32{}, [2]uint64{}, [2]uint64{}, 0
	f.first, f.frame = f.last, frame
	f.flags = f.flags&^dirty | reported
}

func (l *lane) parties(f *flow, r *fact.Flow) {
	low, high := f.low, f.low^1
	r.Ends[low].MAC, r.Ends[high].MAC = f.macs[low], f.macs[high]
	r.Ends[low].TTL, r.Ends[high].TTL = f.ttl[low], f.ttl[high]
	r.Ends[low].Port, r.Ends[high].Port = portOf(&f.key, false), portOf(&f.key, true)
	if f.a.Hi == macTag {
		return
	}
	a, b := proto.Endpoint{IP: f.a.Bytes()}, proto.Endpoint{IP: f.b.Bytes()}
	r.Ends[low].IP, r.Ends[high].IP = a.Addr(), b.Addr()
}

// side settles which end is the client when neither the connection nor the
// protocol told: by registered ports, then by the smaller port, then by who
// spoke first.
func (l *lane) side(f *flow, r *fact.Flow) {
	r.ClientCertain = f.flags&certain != 0
	if f.kind != packet.TCP && f.kind != packet.UDP {
		return
	}
	c := carrierOf(f.kind)
	p0, p1 := r.Ends[0].Port, r.Ends[1].Port
	known0, known1 := l.ps.registered(c, p0), l.ps.registered(c, p1)
	if !r.ClientCertain {
		switch {
		case known0 >= 0 && known1 < 0:
			r.Client = 1
		case known1 >= 0 && known0 < 0:
			r.Client = 0
		case p0 < 1024 && p1 >= 1024:
			r.Client = 1
		case p1 < 1024 && p0 >= 1024:
			r.Client = 0
		}
	}
	server := known1
	if r.Client == 1 {
		server = known0
	}
	if server >= 0 {
		r.PortProtocol = l.ps.all[server].Name
	}
}

func (l *lane) content(f *flow, x *ext, r *fact.Flow) {
	if x.protocol >= 0 {
		r.Protocol = l.ps.all[x.protocol].Name
	}
	if r.PortProtocol == r.Protocol || r.Protocol != "" && l.claimsPort(f, x.protocol, r) {
		r.PortProtocol = ""
	}
	r.Messages, r.Malformed, r.MalformedWhy, r.MalformedAt = x.messages, x.bad, x.badWhy, x.badAt
	r.Lost, r.Holes, r.Repeated = x.gap, x.holes, x.repeated
	if len(x.ops) > 0 {
		r.Operations = make([]fact.OperationStat, 0, len(x.ops))
		for i := range x.ops {
			if o := &x.ops[i]; o.seen.Count > 0 {
				r.Operations = append(r.Operations, o.report())
			}
		}
	}
	r.Session = slices.Clone(x.facts)
	x.messages, x.bad, x.gap, x.holes, x.repeated = 0, 0, 0, 0, 0
	for i := range x.ops {
		x.ops[i].reset()
	}
	x.ops, x.facts = x.ops[:0], x.facts[:0]
	l.entries -= x.entries
	x.entries = 0
}

// claimsPort tells whether the recognised protocol is one of those that the
// server's port is registered for.
func (l *lane) claimsPort(f *flow, p int16, r *fact.Flow) bool {
	port := r.Ends[r.Client^1].Port
	return slices.Contains(l.ps.on[carrierOf(f.kind)].claims(uint32(port)), p)
}

var ipNames = map[uint32]string{
	1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 41: "ipv6", 46: "rsvp", 47: "gre", 50: "esp", 51: "ah", 58: "icmpv6",
	88: "eigrp", 89: "ospf", 103: "pim", 112: "vrrp", 115: "l2tp", 132: "sctp",
}

func transportName(k packet.Kind, number uint32) string {
	switch k {
	case packet.TCP:
		return "tcp"
	case packet.UDP:
		return "udp"
	case packet.LLC:
		return "llc"
	case packet.SNAP:
		return "snap"
	case packet.IP:
		if n := ipNames[number]; n != "" {
			return n
		}
		return "ip"
	default:
		return "ethernet"
	}
}

// finish ends flow i: what is held back of it is parsed, it is reported, and
// its entry becomes free.
func (l *lane) finish(i uint32, frame uint64) {
	f := l.flows.at(i)
	l.flush(f, frame)
	l.report(f, frame, true)
	l.drop(f)
	l.flows.remove(i)
}

// judge counts what a flow that ended shows about the capture.
func (l *lane) judge(f *flow) {
	if f.flags&(tagged|untagged) == tagged|untagged {
		l.quality.HalfTagged++
	}
	if f.kind == packet.TCP && f.flags&laden != 0 {
		l.quality.Sessions++
		if f.flags&(way0|way1) != way0|way1 {
			l.quality.OneWay++
		}
	}
}

// flush gives up the holes of a flow's streams and parses what lies behind.
func (l *lane) flush(f *flow, frame uint64) {
	if f.ext == noExt || f.kind != packet.TCP {
		return
	}
	x := l.exts[f.ext]
	defer func() {
		if r := recover(); r != nil {
			l.setAside(f, frame, r)
		}
	}()
	for d := range x.halves {
		if !x.halves[d].Waiting() {
			continue
		}
		x.halves[d].Flush()
		h := headersOf(f, proto.Dir(d))
		l.drain(f, x, &h, proto.Dir(d), f.last, frame)
	}
}

// headersOf stands in for the headers of a packet of f in direction d.
func headersOf(f *flow, d proto.Dir) packet.Headers {
	h := packet.Headers{Kind: f.kind, Version: 4, Src: f.a, Dst: f.b, SrcPort: portOf(&f.key, false), DstPort: portOf(&f.key, true)}
	if uint8(d) != f.low {
		h.Src, h.Dst, h.SrcPort, h.DstPort = h.Dst, h.Src, h.DstPort, h.SrcPort
	}
	h.SrcMAC, h.DstMAC = f.macs[d], f.macs[d.Other()]
	return h
}

// idleLimit is how long f may be silent.
func (f *flow) idleLimit() int64 {
	switch {
	case f.kind != packet.TCP:
		return idleOther
	case f.flags&ended != 0:
		return idleOpening
	case f.ext == noExt:
		return idleOpening
	default:
		return idleStream
	}
}

// bury ends the oldest of the flows that ended and had time for stragglers.
func (l *lane) bury(frame uint64) {
	e := l.ending[l.buried]
	if l.buried++; l.buried == len(l.ending) || l.buried >= 1024 {
		l.ending = l.ending[:copy(l.ending, l.ending[l.buried:])]
		l.buried = 0
	}
	// The entry may have been given to another flow, or restarted, since.
	if f := l.flows.at(e.flow); f.used && f.flags&ended != 0 && f.last <= e.time+idleEnded {
		l.finish(e.flow, frame)
	}
}

// sweep ends the flows that have been silent for long.
func (l *lane) sweep(now int64, frame uint64) {
	if now < l.nextSweep && now > l.nextSweep-2*idleStream {
		return
	}
	next := now + idleStream
	l.flows.each(func(i uint32, f *flow) {
		due := f.last + f.idleLimit()
		if due <= now {
			l.finish(i, frame)
			return
		}
		next = min(next, due)
	})
	l.nextSweep = max(next, now+sweepEvery)
}

// evict makes room in a full table: the quarter of the flows that has been
// silent for longest is ended.
func (l *lane) evict(now int64, frame uint64) {
	l.end(now, frame, l.flows.n, func(*flow) bool { return true })
}

// evictLaden makes room among the flows that have content, which take more
// memory than the others.
func (l *lane) evictLaden(now int64, frame uint64) {
	l.end(now, frame, len(l.exts)-len(l.spare), func(f *flow) bool { return f.ext != noExt })
}

// end ends a quarter of the n flows that are of a kind: those that have been
// silent for longest, and of equal ones the first in the table.
func (l *lane) end(now int64, frame uint64, n int, kind func(*flow) bool) {
	times := make([]int64, 0, n)
	l.flows.each(func(_ uint32, f *flow) {
		if kind(f) {
			times = append(times, f.last)
		}
	})
	slices.Sort(times)
	left := (len(times) + 3) / 4
	limit := times[left-1]
	l.flows.each(func(i uint32, f *flow) {
		if left == 0 || f.last > limit || !kind(f) {
			return
		}
		left--
		if now-f.last < idleOpening { // a silent one is not missed
			l.quality.Evicted++
		}
		l.finish(i, frame)
	})
}

// handOn reports all changed flows and statements; final ends all flows.
func (l *lane) handOn(frame uint64, final bool) {
	l.flows.each(func(i uint32, f *flow) {
		if final {
			l.finish(i, frame)
		} else {
			l.report(f, frame, false)
		}
	})
	l.state(frame)
}

// state hands on the statements that changed.
func (l *lane) state(frame uint64) {
	for _, s := range l.order {
		if !s.dirty {
			continue
		}
		c := s.Statement
		l.out = append(l.out, output{frame: frame, statement: &c})
		s.dirty = false
		s.Seen.Count = 0
	}
}
