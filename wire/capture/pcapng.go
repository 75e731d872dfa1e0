package capture

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Block types of pcapng, section 11.1 of the draft.
const (
	blockInterface  = 0x00000001
	blockOldPacket  = 0x00000002 // obsolete Packet Block
	blockSimple     = 0x00000003
	blockNames      = 0x00000004
	blockStatistics = 0x00000005
	blockPacket     = 0x00000006
	blockSection    = 0x0a0d0d0a // the same in both byte orders

	orderMagic = 0x1a2b3c4d

	sectionHeader = 28 // the shortest
	// maxBlock bounds what must be in memory at once: a packet and its options.
	// Longer blocks without packets are passed over.
	maxBlock = 2 * MaxPacket
	// maxInterfaces bounds what one section may declare.
	maxInterfaces = 1 << 16
)

// pcapng decodes a file of draft-ietf-opsawg-pcapng.
type pcapng struct {
	big   bool
	ifs   []iface // of the section
	last  int64   // time of the packet before; packets without one get it
	drops uint64  // of the sections before
}

// iface is an interface of the current section.
type iface struct {
	link LinkType
	read bool // its link type is supported
	snap uint32
	fcs  int
	clock
	dropped    uint64 // as the latest statistics block says
	droppedSum uint64 // as the packets say
}

// drop is the number of packets that the interface lost.
func (i *iface) drop() uint64 { return max(i.dropped, i.droppedSum) }

func (d *pcapng) u16(b []byte) uint16 {
	v := binary.LittleEndian.Uint16(b)
	if d.big {
		v = bits.ReverseBytes16(v)
	}
	return v
}

func (d *pcapng) u32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if d.big {
		v = bits.ReverseBytes32(v)
	}
	return v
}

func (d *pcapng) u64(b []byte) uint64 {
	v := binary.LittleEndian.Uint64(b)
	if d.big {
		v = bits.ReverseBytes64(v)
	}
	return v
}

// start checks that the file begins with a section that can be read; decode
// reads it.
func (d *pcapng) start(f *file, b []byte) (used int, err error) {
	if len(b) < sectionHeader {
		return 0, f.cutOff(int64(len(b)), "in its header")
	}
	return 0, d.order(f, b, 0)
}

// order reads the byte order of the section that begins at b.
func (d *pcapng) order(f *file, b []byte, at int64) error {
	switch m := binary.LittleEndian.Uint32(b[8:]); m {
	case orderMagic:
		d.big = false
	case bits.ReverseBytes32(orderMagic):
		d.big = true
	default:
		return f.damaged(at, fmt.Sprintf("is a section header without a valid byte order (%#08x)", m))
	}
	if major := d.u16(b[12:]); major != 1 {
		return f.damaged(at, fmt.Sprintf("begins a section of pcapng version %d.%d, known is 1", major, d.u16(b[14:])))
	}
	return nil
}

// decode reads the blocks that lie whole in buf.
func (d *pcapng) decode(f *file, b *Block, buf []byte) (used, need int, err error) {
	for len(b.Packets) < cap(b.Packets) {
		if used > len(buf) { // a passed-over block is longer than what is here
			return used, 1, nil
		}
		rest := buf[used:]
		if len(rest) < 12 {
			return used, 12, nil
		}
		at := int64(used)
		kind := d.u32(rest)
		if kind == blockSection {
			if len(rest) < 16 {
				return used, 16, nil
			}
			if err := d.order(f, rest, at); err != nil {
				return used, 0, err
			}
		}
		size := int64(d.u32(rest[4:]))
		if size < 12 || size&3 != 0 {
			return used, 0, f.damaged(at, fmt.Sprintf("has an impossible length of %d", size))
		}
		if size > maxBlock {
			if mustRead(kind) {
				return used, 0, f.damaged(at, fmt.Sprintf("has a length of %d, more than such a block can have", size))
			}
			used += int(size)
			continue
		}
		if int64(len(rest)) < size {
			return used, int(size), nil
		}
		if again := d.u32(rest[size-4:]); int64(again) != size {
			return used, 0, f.damaged(at, fmt.Sprintf("has the length %d at its begin and %d at its end", size, again))
		}
		if err := d.block(f, b, kind, rest[8:size-4:size-4], at); err != nil {
			return used, 0, err
		}
		used += int(size)
	}
	return used, 0, nil
}

// inside says what a file that ends with rest was cut in.
func (d *pcapng) inside(f *file, rest []byte) string {
	if len(rest) >= 4 {
		switch d.u32(rest) {
		case blockPacket, blockSimple, blockOldPacket:
			return fmt.Sprintf("packet %d", f.frame+1)
		}
	}
	return "a block"
}

// mustRead tells whether what follows cannot be understood, or packets would
// be missing, without this block.
func mustRead(kind uint32) bool {
	switch kind {
	case blockSection, blockInterface, blockPacket, blockSimple, blockOldPacket:
		return true
	}
	return false
}

// block reads one block. An error ends the file; what is wrong with one packet
// is noted, and the file goes on.
func (d *pcapng) block(f *file, b *Block, kind uint32, body []byte, at int64) error {
	switch kind {
	case blockPacket:
		d.packet(f, b, body, at)
	case blockSimple:
		d.simple(f, b, body, at)
	case blockOldPacket:
		d.oldPacket(f, b, body, at)
	case blockSection:
		if len(body) < 16 {
			return f.damaged(at, "is a section header that is too short")
		}
		for i := range d.ifs {
			d.drops += d.ifs[i].drop()
		}
		d.ifs = d.ifs[:0]
	case blockInterface:
		return d.iface(f, body, at)
	case blockStatistics:
		d.statistics(body)
	case blockNames:
		d.names(f, body)
	}
	return nil
}

// dropped is the number of packets lost that the file tells so far.
func (d *pcapng) dropped() uint64 {
	n := d.drops
	for i := range d.ifs {
		n += d.ifs[i].drop()
	}
	return n
}

// packet reads an Enhanced Packet Block.
func (d *pcapng) packet(f *file, b *Block, body []byte, at int64) {
	if len(body) < 20 {
		f.skipped(at, "is too short for a packet")
		return
	}
	i := d.of(f, d.u32(body), at)
	if i == nil {
		return
	}
	ticks := uint64(d.u32(body[4:]))<<32 | uint64(d.u32(body[8:]))
	size, wire := d.u32(body[12:]), d.u32(body[16:])
	d.deliver(f, b, i, body[20:], size, wire, i.ns(ticks), at)
}

// oldPacket reads a Packet Block, which the draft calls obsolete (appendix A).
func (d *pcapng) oldPacket(f *file, b *Block, body []byte, at int64) {
	if len(body) < 20 {
		f.skipped(at, "is too short for a packet")
		return
	}
	i := d.of(f, uint32(d.u16(body)), at)
	if i == nil {
		return
	}
	if n := d.u16(body[2:]); n != 0xffff { // not known
		i.droppedSum += uint64(n)
	}
	ticks := uint64(d.u32(body[4:]))<<32 | uint64(d.u32(body[8:]))
	size, wire := d.u32(body[12:]), d.u32(body[16:])
	d.deliver(f, b, i, body[20:], size, wire, i.ns(ticks), at)
}

// simple reads a Simple Packet Block. It belongs to the first interface and has
// no time: it gets that of the packet before, so that it stays in its place.
func (d *pcapng) simple(f *file, b *Block, body []byte, at int64) {
	if len(body) < 4 {
		f.skipped(at, "is too short for a packet")
		return
	}
	i := d.of(f, 0, at)
	if i == nil {
		return
	}
	wire := d.u32(body)
	size := wire
	if i.snap != 0 {
		size = min(size, i.snap)
	}
	d.deliver(f, b, i, body[4:], min(size, uint32(len(body)-4)), wire, d.last, at)
}

// of returns interface n, or nil when its packet cannot be delivered. Either
// way the packet has its number, as in other programs.
func (d *pcapng) of(f *file, n uint32, at int64) *iface {
	f.frame++
	if int64(n) >= int64(len(d.ifs)) {
		f.skipped(at, fmt.Sprintf("has a packet of interface %d, which no block describes", n))
		return nil
	}
	if i := &d.ifs[n]; i.read {
		return i
	}
	return nil
}

// deliver appends a packet of size bytes at the begin of body; what follows it
// are options.
func (d *pcapng) deliver(f *file, b *Block, i *iface, body []byte, size, wire uint32, time, at int64) {
	if size > MaxPacket || int64(size) > int64(len(body)) {
		f.skipped(at, fmt.Sprintf("has a packet of %d bytes in room for %d", size, len(body)))
		return
	}
	data, fcs := body[:size:size], i.fcs
	if rest := body[min(int(size+3)&^3, len(body)):]; len(rest) > 0 {
		if n := d.packetOptions(i, rest); n > 0 {
			fcs = n
		}
	}
	if fcs > 0 && size >= wire && len(data) >= fcs && i.link == Ethernet {
		data = data[:len(data)-fcs]
	}
	d.last = time
	n := len(b.Packets)
	b.Packets = b.Packets[:n+1]
	p := &b.Packets[n]
	p.Data, p.Time, p.Wire = data, time, max(wire, size)
	p.Source, p.Link, p.VLAN, p.HasVLAN, p.Frame = f.index, i.link, 0, false, f.frame
}
