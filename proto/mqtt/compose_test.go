package mqtt

import (
	"encoding/hex"
	"math"
	"strings"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// The packets of the tests are composed here, field by field.

type part func(*wire.Builder)

func u8(v ...byte) part { return func(w *wire.Builder) { w.U8(v...) } }
func u16(v uint16) part { return func(w *wire.Builder) { w.U16(v) } }
func str(s string) part { return func(w *wire.Builder) { w.U16(uint16(len(s))).Text(s) } }
func raw(s string) part { return func(w *wire.Builder) { w.Text(s) } }

func build(parts ...part) []byte {
	w := &wire.Builder{}
	for _, p := range parts {
		p(w)
	}
	return w.B
}

func long64(n uint64) []byte {
	var b []byte
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

// counted puts a variable length in front: properties, and fields of a payload.
func counted(parts ...part) part {
	return func(w *wire.Builder) {
		b := build(parts...)
		w.Bytes(long64(uint64(len(b)))).Bytes(b)
	}
}

// packet is one control packet; first is its type and flags.
func packet(first byte, parts ...part) string {
	return hex.EncodeToString(build(u8(first), counted(parts...)))
}

func lines(l ...string) string { return strings.Join(l, "\n") }

// Fields of Protocol Buffers.
func numberField(n byte, v uint64) part {
	return func(w *wire.Builder) { w.U8(n << 3).Bytes(long64(v)) }
}
func bytesField(n byte, parts ...part) part {
	return func(w *wire.Builder) { w.U8(n<<3 | 2); counted(parts...)(w) }
}
func float32Field(n byte, f float32) part {
	return func(w *wire.Builder) { w.U8(n<<3 | 5).U32LE(math.Float32bits(f)) }
}
func float64Field(n byte, f float64) part {
	return func(w *wire.Builder) { w.U8(n<<3 | 1).U64LE(math.Float64bits(f)) }
}
func metricOf(parts ...part) part { return bytesField(2, parts...) }
