package capture

import (
	"fmt"
	"math"
	"math/bits"
	"net/netip"
	"slices"
)

// Option codes of pcapng, sections 3.5 and 4.
const (
	optEnd = 0

	optIfResolution = 9
	optIfFCS        = 13
	optIfOffset     = 14

	optPacketFlags = 2
	optPacketDrops = 4

	optStatIfDrops = 5
	optStatOSDrops = 7

	// maxResolved bounds the addresses, and the names of each, that are kept.
	maxResolved      = 1 << 16
	maxResolvedNames = 64
	maxResolvedName  = 255
)

// option takes the first option off b. ok is false at the end, also where the
// writer left the end mark out or the rest makes no sense.
func (d *pcapng) option(b []byte) (code uint16, value, rest []byte, ok bool) {
	if len(b) < 4 {
		return 0, nil, nil, false
	}
	code = d.u16(b)
	n := int(d.u16(b[2:]))
	if code == optEnd || n > len(b)-4 {
		return 0, nil, nil, false
	}
	return code, b[4 : 4+n], b[min(4+(n+3)&^3, len(b)):], true
}

// iface reads an Interface Description Block.
func (d *pcapng) iface(f *file, body []byte, at int64) error {
	if len(body) < 8 {
		return f.damaged(at, "is an interface description that is too short")
	}
	if len(d.ifs) == maxInterfaces {
		return f.damaged(at, "describes one interface too many")
	}
	i := iface{link: link(d.u16(body)), snap: d.u32(body[4:])}
	i.read = i.link.Supported()
	resolution, offset := byte(6), int64(0)
	for code, v, rest, ok := d.option(body[8:]); ok; code, v, rest, ok = d.option(rest) {
		switch {
		case code == optIfResolution && len(v) >= 1:
			resolution = v[0]
		case code == optIfOffset && len(v) >= 8:
			offset = int64(d.u64(v))
		case code == optIfFCS && len(v) >= 1:
			i.fcs = fcsBytes(v[0])
		}
	}
	i.clock = newClock(resolution, offset)
	f.sawLink(i.link)
	if !i.read {
		f.note(f.wrong(at, fmt.Sprintf("interface %d is left out: %s", len(d.ifs), unsupported(i.link))))
	}
	d.ifs = append(d.ifs, i)
	return nil
}

// fcsBytes reads the length of a frame check sequence: writers state it in
// bytes as well as in bits.
func fcsBytes(n byte) int {
	switch n {
	case 2, 4:
		return int(n)
	case 16, 32:
		return int(n) / 8
	}
	return 0
}

// packetOptions reads the options of a packet and returns the length of its
// frame check sequence where they state it.
func (d *pcapng) packetOptions(i *iface, b []byte) (fcs int) {
	for code, v, rest, ok := d.option(b); ok; code, v, rest, ok = d.option(rest) {
		switch {
		case code == optPacketFlags && len(v) >= 4:
			fcs = int(d.u32(v) >> 5 & 15)
		case code == optPacketDrops && len(v) >= 8:
			i.droppedSum += d.u64(v)
		}
	}
	return fcs
}

// statistics reads an Interface Statistics Block. Its counters run since the
// start of the capture.
func (d *pcapng) statistics(body []byte) {
	if len(body) < 12 {
		return
	}
	n := d.u32(body)
	if int64(n) >= int64(len(d.ifs)) {
		return
	}
	var drops uint64
	for code, v, rest, ok := d.option(body[12:]); ok; code, v, rest, ok = d.option(rest) {
		if (code == optStatIfDrops || code == optStatOSDrops) && len(v) >= 8 {
			if c := d.u64(v); c != math.MaxUint64 { // "not known"
				drops += c
			}
		}
	}
	d.ifs[n].dropped = max(d.ifs[n].dropped, drops)
}

// names reads a Name Resolution Block.
func (d *pcapng) names(f *file, body []byte) {
	for kind, v, rest, ok := d.option(body); ok; kind, v, rest, ok = d.option(rest) {
		size := 0
		switch kind {
		case 1:
			size = 4
		case 2:
			size = 16
		}
		if size == 0 || len(v) < size {
			continue
		}
		addr, _ := netip.AddrFromSlice(v[:size])
		f.resolve(addr, v[size:])
	}
}

// resolve keeps the zero-terminated names for an address.
func (f *file) resolve(addr netip.Addr, names []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at, known := f.resolved[addr]
	if !known {
		if len(f.info.Resolved) == maxResolved {
			return
		}
		if f.resolved == nil {
			f.resolved = map[netip.Addr]int{}
		}
		at = len(f.info.Resolved)
		f.resolved[addr] = at
		f.info.Resolved = append(f.info.Resolved, Resolved{Addr: addr})
	}
	r := &f.info.Resolved[at]
	for len(names) > 0 {
		n := slices.Index(names, 0)
		if n < 0 {
			n = len(names)
		}
		if name := names[:n]; n > 0 && n <= maxResolvedName && len(r.Names) < maxResolvedNames && !slices.Contains(r.Names, string(name)) {
			// A new slice, since a caller may hold the one of before.
			r.Names = append(slices.Clone(r.Names), string(name))
		}
		names = names[min(n+1, len(names)):]
	}
}

// clock turns the ticks of an interface into nanoseconds.
type clock struct {
	mul, div uint64 // ns = ticks * mul / div, for powers of 10
	shift    uint8  // ticks are 2^-shift seconds, if binary
	binary   bool
	offset   int64 // ns
}

// newClock reads if_tsresol and if_tsoffset (seconds).
func newClock(resolution byte, offset int64) clock {
	c := clock{mul: 1, div: 1, offset: saturate(offset)}
	n := resolution & 0x7f
	switch {
	case resolution&0x80 != 0:
		c.binary, c.shift = true, n
	case n <= 9:
		for range 9 - n {
			c.mul *= 10
		}
	case n <= 28:
		for range n - 9 {
			c.div *= 10
		}
	default:
		c.mul = 0 // a tick is so short that 64 bits of them are no nanosecond
	}
	return c
}

// saturate turns seconds into nanoseconds.
func saturate(seconds int64) int64 {
	const most = math.MaxInt64 / int64(1e9)
	return max(-most, min(seconds, most)) * 1e9
}

// ns returns the time of ticks; one that does not fit ends at the largest that does.
func (c *clock) ns(ticks uint64) int64 {
	var hi, lo uint64
	switch {
	case c.binary:
		whole, part := ticks>>c.shift, ticks&(1<<c.shift-1)
		hi, lo = bits.Mul64(whole, 1e9)
		if hi == 0 {
			ph, pl := bits.Mul64(part, 1e9)
			frac := pl>>c.shift | ph<<(64-c.shift)
			if c.shift >= 64 {
				frac = ph >> (c.shift - 64)
			}
			lo, hi = bits.Add64(lo, frac, 0)
		}
	case c.div > 1:
		lo = ticks / c.div
	default:
		hi, lo = bits.Mul64(ticks, c.mul)
	}
	if hi != 0 || lo > math.MaxInt64 {
		lo = math.MaxInt64
	}
	t := int64(lo)
	if sum := t + c.offset; c.offset <= 0 || sum >= t {
		return sum
	}
	return math.MaxInt64
}
