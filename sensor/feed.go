package sensor

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/packet"
)

// segment follows a TCP connection and hands its bytes to the dissector.
func (l *lane) segment(f *flow, h *packet.Headers, dir proto.Dir, payload []byte, time int64, frame uint64, dup bool) {
	if h.Flags&(packet.SYN|packet.FIN|packet.RST) != 0 {
		l.control(f, h, dir)
	}
	if len(payload) == 0 && h.Lacking == 0 {
		if f.ext != noExt {
			l.acknowledged(f, l.exts[f.ext], h, dir^1, time, frame)
		}
		return
	}
	if f.flags&hopeless != 0 || dup {
		return
	}
	x := l.extOf(f)
	half := &x.halves[dir]
	seq := h.Seq
	if h.Flags&packet.SYN != 0 {
		seq++
	}
	before := l.tcp.Repeated
	data, lost := l.tcp.Segment(half, seq, payload, h.Lacking, time)
	x.repeated += l.tcp.Repeated - before
	if lost > 0 {
		l.hole(x, dir, lost)
	}
	if len(data) > 0 {
		l.bytes(f, x, h, dir, data, time, frame)
	}
	if half.Waiting() {
		l.drain(f, x, h, dir, time, frame)
	}
	l.acknowledged(f, x, h, dir^1, time, frame)
}

// acknowledged takes note of how much of direction dir has arrived: a hole in
// it that the receiver does not have was made by the capture.
func (l *lane) acknowledged(f *flow, x *ext, h *packet.Headers, dir proto.Dir, time int64, frame uint64) {
	if o := &x.halves[dir]; o.Waiting() && h.Flags&packet.ACK != 0 {
		o.Acked(h.Ack)
		l.drain(f, x, h, dir, time, frame)
	}
}

// drain hands on bytes that were held back.
func (l *lane) drain(f *flow, x *ext, h *packet.Headers, dir proto.Dir, time int64, frame uint64) {
	for {
		data, lost, ok := l.tcp.More(&x.halves[dir], time)
		if !ok {
			return
		}
		if lost > 0 {
			l.hole(x, dir, lost)
		}
		if f.flags&hopeless == 0 {
			l.bytes(f, x, h, dir, data, time, frame)
		}
	}
}

// hole notes that bytes are missing.
func (l *lane) hole(x *ext, dir proto.Dir, lost uint32) {
	x.gap += uint64(lost)
	x.holes++
	x.part[dir] = x.part[dir][:0]
	x.lost[dir] = x.session != nil
	if x.session != nil {
		x.session.Gap(dir)
	}
}

// control handles the flags that open and end a connection.
func (l *lane) control(f *flow, h *packet.Headers, dir proto.Dir) {
	switch {
	case h.Flags&packet.SYN != 0:
		if h.Flags&packet.ACK == 0 {
			f.flags |= opened | certain
			f.client = uint8(dir)
		} else {
			f.flags |= answered | certain
			f.client = uint8(dir ^ 1)
		}
		if f.ext != noExt {
			x := l.exts[f.ext]
			if half := &x.halves[dir]; !half.Opened() || half.Next() != h.Seq+1 && h.Flags&packet.ACK == 0 {
				l.tcp.Close(half)
				half.Open(h.Seq + 1)
			}
		}
	case h.Flags&packet.RST != 0:
		if f.payload[0]+f.payload[1] == 0 && f.flags&answered == 0 {
			f.flags |= refused
		}
		f.flags |= ended
	default:
		f.flags |= fin0 << dir
		if f.flags&(fin0|fin1) == fin0|fin1 {
			f.flags |= ended
		}
	}
}

// restart hands on what was seen of an ended connection and begins anew.
func (l *lane) restart(f *flow, time int64, frame uint64) {
	l.flush(f, frame)
	l.report(f, frame, true)
	l.drop(f)
	f.flags, f.tries, f.client = 0, 0, 0
	f.first, f.last, f.frame = time, time, frame
}

// bytes hands on bytes of a stream, and keeps what is not complete within the
// lane's bounds.
func (l *lane) bytes(f *flow, x *ext, h *packet.Headers, dir proto.Dir, data []byte, time int64, frame uint64) {
	l.messages(f, x, h, dir, data, time, frame)
	p := &x.part[dir]
	if len(*p) == 0 && cap(*p) > 4<<10 && l.parts > maxParts/2 {
		*p = nil
	}
	room := cap(x.part[0]) + cap(x.part[1])
	if len(*p) > 0 && l.parts+room-x.room > maxParts {
		l.quality.Crowded++
		x.lost[dir] = x.session != nil
		room -= cap(*p)
		*p = nil
	}
	l.parts += room - x.room
	x.room = room
}

// messages recognises the protocol of a stream and lets the dissector parse.
func (l *lane) messages(f *flow, x *ext, h *packet.Headers, dir proto.Dir, data []byte, time int64, frame uint64) {
	l.settle(f, x, h, dir, time, frame)
	l.orient(f, h, dir)
	p := &x.part[dir]
	if len(*p) > 0 {
		*p = append(*p, data...)
		data = *p
	}
	if x.session == nil && !l.recogniseStream(f, x, dir, data) {
		return
	}
	if x.lost[dir] {
		if !l.inStep(x, data, dir) {
			x.part[dir] = x.part[dir][:0]
			return
		}
		x.lost[dir] = false
	}
	rest := l.parse(x, data, true)
	if len(rest) == 0 {
		*p = (*p)[:0]
		return
	}
	limit := l.ps.all[x.protocol].MaxMessage
	if limit == 0 {
		limit = defaultMax
	}
	if len(rest) > limit {
		l.malformed(x, errTooLong)
		x.lost[dir] = true
		*p = (*p)[:0]
		return
	}
	*p = append((*p)[:0], rest...)
}

var errTooLong = errors.New("message longer than the protocol allows")

// orient makes the context's ends fit a direction other than that of the
// packet at hand: bytes held back are handed on by a packet of the other side.
func (l *lane) orient(f *flow, h *packet.Headers, dir proto.Dir) {
	k := &f.key
	src := k.a
	if uint8(dir) != f.low {
		src = k.b
	}
	if src != h.Src || h.Src == h.Dst && h.SrcPort != portOf(k, uint8(dir) != f.low) {
		l.ends[0], l.ends[1] = l.ends[1], l.ends[0]
	}
}

func portOf(k *key, b bool) uint16 {
	if b {
		return uint16(k.ports)
	}
	return uint16(k.ports >> 16)
}

// hint is what is known about the current message besides its bytes.
func (l *lane) hint(f *flow, dir proto.Dir) proto.Hint {
	return proto.Hint{
		Carrier: l.ctx.Carrier, SrcPort: l.ctx.Src.Port, DstPort: l.ctx.Dst.Port,
		Opened: f.flags&opened != 0, FromClient: f.flags&opened != 0 && uint8(dir) == f.client,
	}
}

// recogniseStream tries to tell the protocol of a stream from its first bytes
// in one direction.
func (l *lane) recogniseStream(f *flow, x *ext, dir proto.Dir, data []byte) bool {
	p := l.ps.recognise(data, l.hint(f, dir), 0, x.refused)
	if p == none {
		p = l.announced()
	}
	switch {
	case p >= 0:
		l.begin(x, p)
		return true
	case p == later && len(data) <= maxUnsure && f.tries < 4*maxTries:
		x.part[dir] = append(x.part[dir][:0], data...)
		f.tries++
		return false
	}
	x.part[dir] = x.part[dir][:0]
	l.giveUp(f, x)
	return false
}

// giveUp counts a packet that no protocol recognised.
func (l *lane) giveUp(f *flow, x *ext) {
	if f.tries++; f.tries < maxTries {
		return
	}
	f.flags |= hopeless
	if x != nil {
		l.close(x)
	}
}

// announced is the protocol that another conversation announced for this flow.
func (l *lane) announced() int16 {
	if len(l.expected) == 0 {
		return none
	}
	c := &l.ctx
	s, d := c.Src.Addr(), c.Dst.Addr()
	for _, e := range l.expected {
		if e.Carrier != c.Carrier {
			continue
		}
		port := func(want, have uint16) bool { return want == 0 || want == have }
		if e.A == s && e.B == d && port(e.PortA, c.Src.Port) && port(e.PortB, c.Dst.Port) ||
			e.A == d && e.B == s && port(e.PortA, c.Dst.Port) && port(e.PortB, c.Src.Port) {
			if p, ok := l.ps.byName[e.Name]; ok {
				return p
			}
		}
	}
	return none
}

// inStep tells whether data looks like the beginning of a message again.
func (l *lane) inStep(x *ext, data []byte, dir proto.Dir) bool {
	h := l.hint(l.cur, dir)
	h.OnPort = true
	v := l.ps.all[x.protocol].Recognise(data, h)
	return v == proto.Yes || v == proto.Likely
}

// parse lets the session read messages from data and returns what is left of
// a message that is not complete.
func (l *lane) parse(x *ext, data []byte, stream bool) []byte {
	for len(data) > 0 {
		n, err := x.session.Parse(&l.ctx, data)
		if err != nil {
			if stream && n == 0 && errors.Is(err, wire.ErrShort) {
				return data
			}
			l.malformed(x, err)
			if n <= 0 || n > len(data) {
				l.outOfStep(x)
				return nil
			}
		} else if n <= 0 || n > len(data) {
			l.malformed(x, errStuck)
			l.outOfStep(x)
			return nil
		} else if !l.ctx.Passed() {
			x.messages++
		}
		data = data[n:]
	}
	return nil
}

var errStuck = errors.New("the dissector made no progress")

// outOfStep marks the stream as to be found again; a protocol that never
// parsed a message is not the right one.
func (l *lane) outOfStep(x *ext) {
	if l.ctx.Carrier != proto.TCP {
		return
	}
	if x.messages == 0 && len(x.ops) == 0 {
		x.refused = x.protocol
		x.session.Reset()
		x.session, x.protocol = nil, none
		x.bad, x.badWhy = 0, ""
		return
	}
	x.lost[l.ctx.Dir] = true
}

func (l *lane) malformed(x *ext, err error) {
	if x.bad == 0 {
		x.badAt, x.badWhy = l.ctx.Frame, err.Error()
	}
	x.bad++
	l.quality.Malformed++
}

// datagram recognises and parses a packet that is a message by itself.
func (l *lane) datagram(f *flow, h *packet.Headers, dir proto.Dir, payload []byte, time int64, frame uint64) {
	if len(payload) == 0 || f.flags&hopeless != 0 {
		return
	}
	var x *ext
	if f.ext != noExt {
		x = l.exts[f.ext]
	}
	l.settle(f, x, h, dir, time, frame)
	if x == nil || x.session == nil {
		refused := none
		if x != nil {
			refused = x.refused
		}
		p := l.ps.recognise(payload, l.hint(f, dir), f.number, refused)
		if p == none {
			p = l.announced()
		}
		if p < 0 {
			l.giveUp(f, x)
			return
		}
		x = l.extOf(f)
		l.curx = x
		l.begin(x, p)
	}
	l.parse(x, payload, false)
	if x.bad > 0 && x.messages == 0 && len(x.ops) == 0 && x.refused == none {
		x.refused = x.protocol
		x.session.Reset()
		x.session, x.protocol = nil, none
	}
}
