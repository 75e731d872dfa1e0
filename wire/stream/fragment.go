package stream

import "github.com/bulkhead-ot/bulkhead/wire/packet"

// Limits of fragment reassembly.
const (
	maxDatagram  = 65535
	maxParts     = 128
	maxDatagrams = 256     // unfinished at a time
	maxHeld      = 4 << 20 // bytes of memory in the unfinished ones
	fragmentTime = 30e9    // ns that a datagram is waited for
)

type fragmentKey struct {
	src, dst packet.Addr
	id       uint32
	proto    uint8
}

type span struct{ from, to int }

type datagram struct {
	key   fragmentKey
	first int64
	total int // length, once the last fragment is here; else -1
	have  []span
	buf   []byte
}

// Fragments puts IP packets together from their fragments.
type Fragments struct {
	Completed, Expired uint64 // datagrams, since the beginning

	open  []*datagram // oldest first
	spare []*datagram
	held  int // memory of the open ones
}

// Add takes the fragment that h describes, with its payload, and returns the
// payload of the whole packet once it is complete. The result is good until
// the next call.
func (f *Fragments) Add(h *packet.Headers, b []byte, now int64) []byte {
	off := int(h.Offset)
	if off+len(b) > maxDatagram || len(b) == 0 || h.Lacking > 0 {
		return nil
	}
	f.expire(now)
	d := f.find(fragmentKey{h.Src, h.Dst, h.ID, h.Proto}, now)
	if !h.More {
		d.total = off + len(b)
	}
	before := cap(d.buf)
	ok := d.put(off, b)
	f.held += cap(d.buf) - before
	for f.held > maxHeld && f.open[0] != d {
		f.Expired++
		f.remove(f.open[0])
	}
	if !ok || d.total < 0 || len(d.have) != 1 || d.have[0].from != 0 || d.have[0].to < d.total {
		return nil
	}
	f.Completed++
	f.remove(d)
	return d.buf[:d.total]
}

func (f *Fragments) find(k fragmentKey, now int64) *datagram {
	for _, d := range f.open {
		if d.key == k {
			return d
		}
	}
	if len(f.open) >= maxDatagrams {
		f.Expired++
		f.remove(f.open[0])
	}
	var d *datagram
	if n := len(f.spare); n > 0 {
		d, f.spare = f.spare[n-1], f.spare[:n-1]
	} else {
		d = &datagram{}
	}
	*d = datagram{key: k, first: now, total: -1, have: d.have[:0], buf: d.buf[:0]}
	f.held += cap(d.buf)
	f.open = append(f.open, d)
	return d
}

func (f *Fragments) expire(now int64) {
	for len(f.open) > 0 && now-f.open[0].first > fragmentTime {
		f.Expired++
		f.remove(f.open[0])
	}
}

func (f *Fragments) remove(d *datagram) {
	for i, o := range f.open {
		if o == d {
			f.open = append(f.open[:i], f.open[i+1:]...)
			f.held -= cap(d.buf)
			break
		}
	}
	if len(f.spare) < 8 {
		f.spare = append(f.spare, d)
	}
}

// put copies the fragment in place. Where fragments overlap the first stays.
func (d *datagram) put(off int, b []byte) bool {
	if len(d.have) >= maxParts {
		return false
	}
	end := off + len(b)
	if end > len(d.buf) {
		if end > cap(d.buf) {
			d.buf = append(make([]byte, 0, max(end, 8192)), d.buf...)
		}
		d.buf = d.buf[:end]
	}
	at := off
	for _, s := range d.have { // sorted, apart
		if s.to <= at {
			continue
		}
		if s.from >= end {
			break
		}
		if s.from > at {
			copy(d.buf[at:s.from], b[at-off:])
		}
		at = s.to
	}
	if at < end {
		copy(d.buf[at:end], b[at-off:])
	}
	d.merge(span{off, end})
	return true
}

func (d *datagram) merge(n span) {
	out := d.have[:0]
	placed := false
	var rest [maxParts + 1]span
	k := copy(rest[:], d.have)
	for _, s := range rest[:k] {
		switch {
		case s.to < n.from:
			out = append(out, s)
		case s.from > n.to:
			if !placed {
				out, placed = append(out, n), true
			}
			out = append(out, s)
		default:
			n.from, n.to = min(n.from, s.from), max(n.to, s.to)
		}
	}
	if !placed {
		out = append(out, n)
	}
	d.have = out
}
