package mqtt

import (
	"errors"
	"math"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire"
)

var errWire = errors.New("wire type is not defined")

// field is one field of a Protocol Buffers message: a number, or bytes.
type field struct {
	number uint32
	bits   uint64
	raw    []byte
}

// next reads a field of the wire format. Groups, which Sparkplug does not
// use, are refused, and with them all nesting that has no length.
func next(r *wire.Reader) (f field) {
	key := long(r, "key")
	f.number = uint32(key >> 3)
	switch key & 7 {
	case 0:
		f.bits = long(r, "varint")
	case 1:
		f.bits = r.U64LE("fixed 64")
	case 2:
		n := long(r, "length")
		if n > uint64(r.Len()) {
			r.Fail("length", wire.ErrShort)
			return field{}
		}
		f.raw = r.Bytes("bytes", int(n))
	case 5:
		f.bits = uint64(r.U32LE("fixed 32"))
	default:
		r.Fail("key", errWire)
	}
	return f
}

// long reads a varint of up to 64 bits.
func long(r *wire.Reader, name string) (v uint64) {
	for shift := 0; shift < 70; shift += 7 {
		x := r.U8(name)
		v |= uint64(x&0x7f) << shift
		if x < 0x80 {
			return v
		}
	}
	r.Fail(name, errLength)
	return 0
}

// metric is a Sparkplug metric (Sparkplug 3.0, 6.4.6).
type metric struct {
	name     []byte
	alias    uint64
	aliased  bool
	kind     uint8 // data type of 6.4.16
	value    fact.Value
	intBits  bool // the value came as int_value or long_value
	complete bool
}

// Data types that have a sign.
const (
	int8Type  = 1
	int64Type = 4
)

func readMetric(b []byte) (m metric) {
	r := wire.NewReader(b)
	for r.Len() > 0 {
		f := next(&r)
		if !r.OK() {
			return m
		}
		switch f.number {
		case 1:
			m.name = f.raw
		case 2:
			m.alias, m.aliased = f.bits, true
		case 4:
			m.kind = uint8(f.bits)
		case 10, 11:
			m.value, m.intBits = fact.Value{Kind: fact.Uint, Bits: f.bits}, true
		case 12:
			m.value = float(float64(math.Float32frombits(uint32(f.bits))))
		case 13:
			m.value = fact.Value{Kind: fact.Float, Bits: f.bits}
		case 14:
			m.value = fact.Value{Kind: fact.Bool, Bits: f.bits & 1}
		case 15:
			m.value = fact.Value{Kind: fact.Text, Raw: f.raw[:min(len(f.raw), maxValue)]}
		case 16:
			m.value = fact.Value{Kind: fact.Bytes, Raw: f.raw[:min(len(f.raw), maxValue)]}
		}
	}
	m.complete = true
	return m
}

// signed gives whole numbers the sign that their data type has: they cross as
// two's complement in an unsigned field.
func (m *metric) signed() {
	if !m.intBits || m.kind < int8Type || m.kind > int64Type {
		return
	}
	m.value.Kind = fact.Int
	switch m.kind {
	case 1:
		m.value.Bits = uint64(int64(int8(m.value.Bits)))
	case 2:
		m.value.Bits = uint64(int64(int16(m.value.Bits)))
	case 3:
		m.value.Bits = uint64(int64(int32(m.value.Bits)))
	}
}

func float(f float64) fact.Value { return fact.Value{Kind: fact.Float, Bits: math.Float64bits(f)} }
