// Package stream puts the bytes of TCP connections (RFC 9293) and the
// fragments of IP packets (RFC 791, 8200) back in order, within a fixed amount
// of memory. It decides only by the packets' own times, so that the same
// capture always gives the same bytes.
package stream

// Limits of one direction of one connection.
const (
	maxPending  = 256 << 10 // bytes kept out of order
	maxSegments = 64        // segments kept out of order
	patience    = 8         // further packets that a hole is given when its bytes were acknowledged
	patience1   = 32        // and when the other direction is not seen
	holeTime    = 2e9       // ns that a hole is given
	jump        = 64 << 20  // a sequence number farther away than this begins anew
)

// Half is one direction of a connection. The zero Half waits for its first segment.
type Half struct {
	next    uint32 // sequence number that comes next
	ack     uint32 // what the receiver acknowledged last
	open    bool   // next is known
	acked   bool   // ack is known
	over    bool   // nothing more will come: holes are given up at once
	tick    uint32 // packets of the connection so far
	cut     uint32 // bytes behind next that the capture did not keep
	held    int    // bytes pending
	pending []segment
	last    []byte // handed out by More, returned at the next call
}

type segment struct {
	seq  uint32
	lack uint32
	tick uint32 // when it came
	time int64
	b    []byte
}

// Assembler holds the memory and the counters of many connections. It is not
// safe for concurrent use.
type Assembler struct {
	Budget int // memory that all connections together may hold, in bytes; 0 means 16 MiB

	// Counters since the beginning.
	Lost       uint64 // bytes that never came
	Holes      uint64 // places where bytes never came
	Repeated   uint64 // segments whose bytes had all come before
	OutOfOrder uint64 // segments that came early

	held  int
	small [][]byte
	large [][]byte
}

const (
	smallSize = 2 << 10
	largeSize = 64 << 10
	keepFree  = 256

	keepSegments = 8 // of the list of a Half that has nothing pending
)

// room is the memory that n bytes take.
func room(n int) int {
	switch {
	case n <= smallSize:
		return smallSize
	case n <= largeSize:
		return largeSize
	}
	return n
}

func (a *Assembler) take(b []byte) []byte {
	size := room(len(b))
	a.held += size
	free := &a.small
	if size > smallSize {
		free = &a.large
	}
	if n := len(*free); n > 0 && size <= largeSize {
		p := (*free)[n-1]
		*free = (*free)[:n-1]
		return append(p[:0], b...)
	}
	return append(make([]byte, 0, size), b...)
}

func (a *Assembler) give(b []byte) {
	a.held -= room(len(b))
	switch cap(b) {
	case smallSize:
		if len(a.small) < keepFree {
			a.small = append(a.small, b)
		}
	case largeSize:
		if len(a.large) < keepFree/8 {
			a.large = append(a.large, b)
		}
	}
}

// Open sets the number of the first byte, as a SYN states it.
func (h *Half) Open(seq uint32) { h.open, h.next = true, seq }

// Opened tells whether the position in the stream is known.
func (h *Half) Opened() bool { return h.open }

// Next is the sequence number that comes next.
func (h *Half) Next() uint32 { return h.next }

// Segment takes a segment with the payload b, of which the capture lacks
// further lack bytes, and returns the bytes that continue the stream, sharing
// b's memory; lost is how many bytes are missing before them. Afterwards More
// is called until it reports false.
func (a *Assembler) Segment(h *Half, seq uint32, b []byte, lack uint32, now int64) (data []byte, lost uint32) {
	h.tick++
	if !h.open {
		h.Open(seq)
	}
	d := int32(seq - h.next)
	if d > jump || d < -jump {
		a.drop(h)
		lost, h.cut = h.cut+1, 0
		a.Holes++
		h.next, d = seq, 0
	}
	switch {
	case d == 0:
	case d < 0:
		if -int(d) >= len(b) {
			if len(b) > 1 { // shorter ones probe whether the peer is alive
				a.Repeated++
			}
			return nil, 0
		}
		b = b[-d:]
	default:
		if len(b) > 0 {
			a.hold(h, seq, b, lack, now)
		}
		return nil, 0
	}
	lost += h.cut
	h.cut = lack
	h.next += uint32(len(b)) + lack
	if lack > 0 {
		a.Lost += uint64(lack)
		a.Holes++
	}
	return b, lost
}

// hold keeps an early segment in its place; of two with the same number the
// longer stays.
func (a *Assembler) hold(h *Half, seq uint32, b []byte, lack uint32, now int64) {
	a.OutOfOrder++
	budget := a.Budget
	if budget == 0 {
		budget = 16 << 20
	}
	if a.held+room(len(b)) > budget || h.held+len(b) > 2*maxPending || len(h.pending) >= 2*maxSegments {
		return // the hole that this leaves is found later
	}
	i := len(h.pending)
	for i > 0 && int32(h.pending[i-1].seq-seq) > 0 {
		i--
	}
	if i > 0 && h.pending[i-1].seq == seq {
		if len(h.pending[i-1].b) >= len(b) {
			a.Repeated++
			return
		}
		i--
		h.held -= len(h.pending[i].b)
		a.give(h.pending[i].b)
		h.pending[i] = segment{seq, lack, h.tick, now, a.take(b)}
	} else {
		h.pending = append(h.pending, segment{})
		copy(h.pending[i+1:], h.pending[i:])
		h.pending[i] = segment{seq, lack, h.tick, now, a.take(b)}
	}
	h.held += len(b)
}

// More returns further bytes that continue the stream, held since they came
// early, and how many are missing before them. The bytes are good until the
// next call for this Half.
func (a *Assembler) More(h *Half, now int64) (data []byte, lost uint32, ok bool) {
	if h.last != nil {
		a.give(h.last)
		h.last = nil
	}
	for len(h.pending) > 0 {
		s := h.pending[0]
		d := int32(s.seq - h.next)
		if d > 0 {
			if !h.given(&s, now) {
				return nil, 0, false
			}
			lost = uint32(d) + h.cut
			a.Lost += uint64(d)
			a.Holes++
			h.cut = 0
			h.next = s.seq
			d = 0
		}
		n := copy(h.pending, h.pending[1:])
		h.pending[n] = segment{}
		h.pending = h.pending[:n]
		h.held -= len(s.b)
		if -int(d) >= len(s.b) {
			a.give(s.b)
			continue
		}
		h.last = s.b
		data = s.b[-d:]
		lost += h.cut
		h.cut = s.lack
		h.next += uint32(len(data)) + s.lack
		return data, lost, true
	}
	if cap(h.pending) > keepSegments {
		h.pending = nil
	}
	return nil, 0, false
}

// given tells whether the hole before the first pending segment s is given
// up: the receiver has what is missing, so that the capture lost it, and a few
// packets passed in which it might have come late; or all patience is over.
func (h *Half) given(s *segment, now int64) bool {
	passed := h.tick - s.tick
	return h.over || passed >= patience1 || passed >= patience && h.acked && int32(h.ack-s.seq) >= 0 ||
		h.held > maxPending || len(h.pending) > maxSegments || now-s.time > holeTime || now < s.time-holeTime
}

// Acked tells that the receiver acknowledged everything before ack.
func (h *Half) Acked(ack uint32) {
	h.tick++
	if !h.acked || int32(ack-h.ack) > 0 {
		h.ack, h.acked = ack, true
	}
}

// Waiting tells whether bytes are held behind a hole.
func (h *Half) Waiting() bool { return len(h.pending) > 0 }

// Flush says that nothing more will come: More then returns all that is held.
func (h *Half) Flush() { h.over = true }

// Close forgets the connection's bytes and makes h as new.
func (a *Assembler) Close(h *Half) {
	a.drop(h)
	*h = Half{pending: h.pending[:0]}
}

func (a *Assembler) drop(h *Half) {
	if h.last != nil {
		a.give(h.last)
		h.last = nil
	}
	for _, s := range h.pending {
		a.give(s.b)
	}
	clear(h.pending)
	h.pending, h.held = h.pending[:0], 0
	if cap(h.pending) > keepSegments {
		h.pending = nil
	}
}
