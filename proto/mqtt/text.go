package mqtt

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// text reads a UTF-8 Encoded String or Binary Data (MQTT 5.0, 1.5.4, 1.5.6).
func text(r *wire.Reader, field string) []byte { return r.Bytes(field, int(r.U16(field))) }

func hasPrefix(b []byte, p string) bool { return len(b) >= len(p) && string(b[:len(p)]) == p }

// isTopic checks a topic name, or a filter, which may hold wildcards (4.7).
func isTopic(b []byte, filter bool) bool {
	for _, x := range b {
		if x < 0x20 || x == 0x7f || !filter && (x == '+' || x == '#') {
			return false
		}
	}
	return utf8.Valid(b)
}

// clean trims a text of the wire, or drops it when it is not printable.
func clean(b []byte) []byte {
	b = bytes.Trim(b, " \x00\t\r\n")
	if len(b) > 256 || !isTopic(b, true) {
		return nil
	}
	return b
}

func sayText(c *proto.Context, who fact.Who, a fact.Attr, b []byte, source string, confidence uint8) {
	c.SayBytes(who, a, clean(b), source, confidence)
}

// memory remembers what was said last, so that text is made only when bytes
// are new. It forgets the oldest.
type memory struct {
	hashes [96]uint64
	next   int
}

const fnv = 14695981039346656037

func hash(h uint64, b []byte) uint64 {
	for _, x := range b {
		h = (h ^ uint64(x)) * 1099511628211
	}
	return (h ^ 0xff ^ uint64(len(b))<<8) * 1099511628211
}

// fresh tells whether the pieces, together, have not been seen lately.
func (m *memory) fresh(pieces ...[]byte) bool {
	h := uint64(fnv)
	for _, b := range pieces {
		h = hash(h, b)
	}
	h |= 1 // 0 is an empty place
	for _, old := range m.hashes {
		if old == h {
			return false
		}
	}
	m.hashes[m.next%len(m.hashes)] = h
	m.next++
	return true
}

const maxValue = 256

// payload is what a message says, as a number or truth value where its text
// is one.
func payload(b []byte) fact.Value {
	if len(b) == 0 {
		return fact.Value{}
	}
	if len(b) <= 24 {
		if v, ok := number(b); ok {
			return v
		}
		switch string(b) {
		case "true", "True", "TRUE":
			return fact.Value{Kind: fact.Bool, Bits: 1}
		case "false", "False", "FALSE":
			return fact.Value{Kind: fact.Bool}
		}
	}
	short := b[:min(len(b), maxValue)]
	for _, x := range short {
		if x < 0x20 && x != '\t' && x != '\n' && x != '\r' || x == 0x7f {
			return fact.Value{Kind: fact.Bytes, Raw: short}
		}
	}
	return fact.Value{Kind: fact.Text, Raw: short}
}

// number reads an optional sign, digits, fraction and a short exponent, so
// that ParseFloat cannot fail.
func number(b []byte) (fact.Value, bool) {
	i, digits := 0, 0
	run := func() (n int) {
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
			n++
		}
		return n
	}
	if b[0] == '-' || b[0] == '+' {
		i++
	}
	digits = run()
	whole := i == len(b)
	if i < len(b) && b[i] == '.' {
		i++
		digits += run()
	}
	if digits > 0 && i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '-' || b[i] == '+') {
			i++
		}
		if n := run(); n == 0 || n > 2 {
			return fact.Value{}, false
		}
	}
	if digits == 0 || i != len(b) {
		return fact.Value{}, false
	}
	if whole && digits <= 18 {
		n, err := strconv.ParseInt(proto.View(b), 10, 64)
		return fact.Value{Kind: fact.Int, Bits: uint64(n)}, err == nil
	}
	f, err := strconv.ParseFloat(proto.View(b), 64)
	return float(f), err == nil
}
