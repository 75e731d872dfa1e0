// Package dnsmsg reads the message format that DNS (RFC 1035), multicast DNS
// (RFC 6762), LLMNR (RFC 4795) and the NetBIOS name service (RFC 1002) share,
// without allocating. Names are written into a buffer of the caller; following
// compression pointers is bounded.
package dnsmsg

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// Header is the head of a message (RFC 1035, 4.1.1).
type Header struct {
	ID    uint16
	Flags uint16
	Count [4]uint16 // questions, answers, authority, additional
}

// HeaderLen is the length of a header.
const HeaderLen = 12

// Response tells answers from queries.
func (h *Header) Response() bool { return h.Flags&0x8000 != 0 }

// Opcode is the kind of query.
func (h *Header) Opcode() uint8 { return uint8(h.Flags>>11) & 15 }

// Rcode is the outcome, without the extension of EDNS.
func (h *Header) Rcode() uint8 { return uint8(h.Flags) & 15 }

// Authoritative tells whether the answer comes from the owner of the name.
func (h *Header) Authoritative() bool { return h.Flags&0x0400 != 0 }

// Truncated tells whether the message was cut.
func (h *Header) Truncated() bool { return h.Flags&0x0200 != 0 }

// Section is the part of a message that a record lies in.
type Section uint8

// The sections.
const (
	Question Section = iota
	Answer
	Authority
	Additional
)

// Record is one entry of a message. Questions have no TTL and no data.
type Record struct {
	Section Section
	Name    int // offset of the owner's name in the message
	Type    uint16
	Class   uint16
	TTL     uint32
	Data    []byte
	At      int // offset of Data in the message, for names inside it
}

// Reasons why a message is never valid.
var (
	ErrName    = errors.New("name is too long, loops or has a label of unknown kind")
	ErrRecords = errors.New("more records than the message can hold")
)

// Reader walks over the entries of a message.
type Reader struct {
	Header
	b    []byte
	at   int
	sect Section
	left uint16
	err  error
}

// NewReader reads the header of b. A message that names more entries than its
// bytes can hold is refused: an entry takes five bytes at least.
func NewReader(b []byte) Reader {
	r := wire.NewReader(b)
	m := Reader{b: b, at: HeaderLen}
	m.ID = r.U16("id")
	m.Flags = r.U16("flags")
	entries := 0
	for i := range m.Count {
		m.Count[i] = r.U16("count")
		entries += int(m.Count[i])
	}
	switch {
	case !r.OK():
		m.err = wire.ErrShort
	case entries*5 > len(b)-HeaderLen:
		m.err = ErrRecords
	}
	m.left = m.Count[0]
	return m
}

// Err is the first failure. That a message is cut within its records shows here.
func (m *Reader) Err() error { return m.err }

// End is the offset behind the last entry read.
func (m *Reader) End() int { return m.at }

// Message is the whole message, for AppendName.
func (m *Reader) Message() []byte { return m.b }

// Next reads the next entry and tells whether there was one.
func (m *Reader) Next(rec *Record) bool {
	for m.err == nil && m.left == 0 && m.sect < Additional {
		m.sect++
		m.left = m.Count[m.sect]
	}
	if m.err != nil || m.left == 0 {
		return false
	}
	m.left--
	*rec = Record{Section: m.sect, Name: m.at}
	if m.at, m.err = skipName(m.b, m.at); m.err != nil {
		return false
	}
	r := wire.NewReader(m.b[m.at:])
	rec.Type = r.U16("type")
	rec.Class = r.U16("class")
	if m.sect != Question {
		rec.TTL = r.U32("ttl")
		n := int(r.U16("data length"))
		rec.At = m.at + r.Pos()
		rec.Data = r.Bytes("data", n)
	}
	if !r.OK() {
		m.err = wire.ErrShort
		return false
	}
	m.at += r.Pos()
	return true
}

// skipName returns the offset behind the name at b[at:].
func skipName(b []byte, at int) (int, error) {
	for range 128 {
		if at >= len(b) {
			return at, wire.ErrShort
		}
		n := int(b[at])
		switch {
		case n == 0:
			return at + 1, nil
		case n >= 0xc0:
			if at+2 > len(b) {
				return at, wire.ErrShort
			}
			if (n&0x3f)<<8|int(b[at+1]) >= at {
				return at, ErrName // a pointer goes to a prior occurrence
			}
			return at + 2, nil
		case n >= 0x40:
			return at, ErrName
		}
		at += 1 + n
	}
	return at, ErrName
}

// MaxName is the capacity that AppendName's buffer should have to hold any
// ordinary name; a longer text is cut.
const MaxName = 256

// maxJumps bounds the compression pointers of one name; each must point back.
const maxJumps = 32

// Label returns the first label of the name at b[at:], following a pointer,
// and the offset of what follows it. The root has the empty label.
func Label(b []byte, at int) (label []byte, next int, ok bool) {
	for range maxJumps {
		if at < 0 || at >= len(b) {
			return nil, 0, false
		}
		n := int(b[at])
		switch {
		case n >= 0xc0:
			if at+2 > len(b) {
				return nil, 0, false
			}
			to := (n&0x3f)<<8 | int(b[at+1])
			if to >= at {
				return nil, 0, false
			}
			at = to
		case n >= 0x40 || n > len(b)-at-1:
			return nil, 0, false
		default:
			return b[at+1 : at+1+n], at + 1 + n, true
		}
	}
	return nil, 0, false
}

// AppendName appends the name at b[at:] as text without the final dot. What
// is not printable, and dots within labels, are written \DDD and "\.". It
// never grows dst: a text that does not fit is cut.
func AppendName(dst, b []byte, at int) ([]byte, bool) {
	first := true
	for range 128 {
		label, next, ok := Label(b, at)
		if !ok {
			return dst, false
		}
		if len(label) == 0 {
			return dst, true
		}
		if !first {
			dst = put(dst, '.')
		}
		first = false
		dst = appendLabel(dst, label)
		at = next
	}
	return dst, false
}

func appendLabel(dst, label []byte) []byte {
	for _, x := range label {
		switch {
		case x == '.' || x == '\\':
			dst = put(put(dst, '\\'), x)
		case x >= 0x20 && x != 0x7f: // with UTF-8 as mDNS has it
			dst = put(dst, x)
		default:
			dst = put(put(put(put(dst, '\\'), '0'+x/100), '0'+x/10%10), '0'+x%10)
		}
	}
	return dst
}

func put(dst []byte, x byte) []byte {
	if len(dst) < cap(dst) {
		return append(dst, x)
	}
	return dst
}
