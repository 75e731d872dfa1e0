package enip

import (
	"errors"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// epath is a decoded padded EPATH (Vol. 1, appendix C-1.4). Of nested paths
// (a symbol of a program) class and instance are the innermost, which the
// service acts on.
type epath struct {
	hasClass  bool
	class     uint32
	outer     uint32 // class before the innermost, 0 if none
	instance  uint64
	attribute uint32
	points    [3]uint32 // connection points: configuration, consumed, produced
	nPoints   int
	route     []byte // leading port segments
	safety    bool   // has a safety network segment
	keyed     bool
	key       keySegment
	tag       []byte // composed in the buffer given to readPath
}

// keySegment is an electronic key (C-1.4.2.5.1): what the originator wants
// the target to be.
type keySegment struct {
	vendor, device, product uint16
	major, minor            uint8
}

var errSegment = errors.New("unknown segment")

// readPath decodes b. Tag names are composed in scratch.
func readPath(b, scratch []byte) (p epath, err error) {
	r := wire.NewReader(b)
	p.tag = scratch[:0]
	for r.Len() > 0 && r.OK() {
		at := r.Pos()
		seg := r.U8("segment")
		switch seg >> 5 {
		case 0:
			portSegment(&r, seg)
			if at == len(p.route) {
				p.route = b[:r.Pos()]
			}
		case 1:
			p.logical(&r, seg)
		case 2:
			networkSegment(&r, seg)
			p.safety = p.safety || seg == 0x50
		case 3:
			p.symbolic(&r, seg)
		case 4:
			p.dataSegment(&r, seg)
		default:
			r.Fail("segment", errSegment)
		}
	}
	return p, r.Err()
}

// portSegment passes over a port and its link address (C-1.4.1).
func portSegment(r *wire.Reader, seg uint8) (port uint16, link []byte) {
	size := 1
	if seg&0x10 != 0 {
		size = int(r.U8("link address size"))
	}
	port = uint16(seg & 0x0f)
	if port == 15 {
		port = r.U16LE("extended port")
	}
	link = r.Bytes("link address", size)
	if seg&0x10 != 0 && size&1 == 1 {
		r.Skip("pad", 1)
	}
	return port, link
}

func (p *epath) logical(r *wire.Reader, seg uint8) {
	kind := seg >> 2 & 7
	if kind == 5 {
		p.special(r)
		return
	}
	var v uint32
	switch seg & 3 {
	case 0:
		v = uint32(r.U8("logical value"))
	case 1:
		r.Skip("pad", 1)
		v = uint32(r.U16LE("logical value"))
	case 2:
		r.Skip("pad", 1)
		v = r.U32LE("logical value")
	default:
		r.Fail("segment", errSegment)
		return
	}
	switch kind {
	case 0:
		p.outer, p.class, p.hasClass = p.class, v, true
		p.instance = 0
	case 1:
		p.instance = uint64(v)
	case 2:
		p.element(v)
	case 3:
		if p.nPoints < len(p.points) {
			p.points[p.nPoints] = v
			p.nPoints++
		}
	case 4:
		p.attribute = v
	}
}

// special reads an electronic key; other formats than 4 are passed over.
func (p *epath) special(r *wire.Reader) {
	format := r.U8("key format")
	k := keySegment{
		vendor: r.U16LE("vendor id"), device: r.U16LE("device type"), product: r.U16LE("product code"),
		major: r.U8("major revision") & 0x7f, minor: r.U8("minor revision"),
	}
	if format == 5 { // with a serial number
		r.Skip("serial number", 4)
	}
	p.key, p.keyed = k, r.OK()
}

// networkSegment passes over schedules, inhibit times and safety segments:
// with bit 4 they carry a length in words, else one byte (C-1.4.3).
func networkSegment(r *wire.Reader, seg uint8) {
	if seg&0x10 != 0 {
		r.Skip("network segment", 2*int(r.U8("segment length")))
		return
	}
	r.Skip("network segment", 1)
}

func (p *epath) symbolic(r *wire.Reader, seg uint8) {
	n := int(seg & 0x1f)
	if n == 0 {
		// Double-byte, triple-byte and numeric symbols.
		format := r.U8("extended format")
		switch size := int(format & 0x1f); {
		case format>>5 == 1:
			r.Skip("symbol", 2*size)
		case format>>5 == 2:
			r.Skip("symbol", 3*size+size&1)
		case format == 0xc6:
			r.Skip("symbol", 2) // USINT and a pad
		case format == 0xc7:
			r.Skip("symbol", 2)
		case format == 0xc8:
			r.Skip("symbol", 4)
		default:
			r.Fail("segment", errSegment)
		}
		return
	}
	p.symbol(r.Bytes("symbol", n))
	if n&1 == 0 { // the segment byte makes it odd
		if r.Len() > 0 {
			r.Skip("pad", 1)
		}
	}
}

func (p *epath) dataSegment(r *wire.Reader, seg uint8) {
	n := int(r.U8("segment length"))
	if seg != 0x91 {
		r.Skip("data segment", 2*n)
		return
	}
	p.symbol(r.Bytes("symbol", n))
	if n&1 == 1 && r.Len() > 0 {
		r.Skip("pad", 1)
	}
}

// symbol and element compose "Program:Main.tag[3].member"; a name that is
// too long for the buffer ends where it is full.
func (p *epath) symbol(b []byte) {
	if !wire.ASCII(b) || len(p.tag)+len(b)+1 > cap(p.tag) {
		return
	}
	if len(p.tag) > 0 {
		p.tag = append(p.tag, '.')
	}
	p.tag = append(p.tag, b...)
}

func (p *epath) element(v uint32) {
	if len(p.tag) == 0 || len(p.tag)+12 > cap(p.tag) {
		return
	}
	p.tag = append(p.tag, '[')
	p.tag = strconv.AppendUint(p.tag, uint64(v), 10)
	p.tag = append(p.tag, ']')
}
