package iec104

import (
	"math"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// element names the information element that an object begins with (101, 7.2.6).
type element uint8

const (
	noElement element = iota
	siq               // single-point information with quality
	diq               // double-point information with quality
	vti               // value with transient state, quality
	bsi               // binary state information of 32 bit, quality
	bsiBare           // the same, without
	nva               // normalized value, quality or qualifier
	nvaBare           // normalized value alone
	sva               // scaled value, quality or qualifier
	svaBare
	r32 // short floating point, quality or qualifier
	r32Bare
	bcr   // binary counter reading
	sep   // single event of protection equipment
	qdp   // packed events, quality of protection equipment
	sco   // single command
	dco   // double or regulating step command
	coi   // cause of initialization
	octet // a qualifier of one octet
	clock // CP56Time2a
)

// Quality bits (101, 7.2.6.3): overflow in bit 0, blocked, substituted, not
// topical, invalid in bits 4 to 7.
const (
	qualityMask = 0xf0
	overflow    = 0x01
)

// read returns the value and the quality bits of the first object.
func (e element) read(r wire.Reader) (v fact.Value, quality uint8) {
	switch e {
	case siq:
		q := r.U8("SIQ")
		v, quality = fact.Value{Kind: fact.Bool, Bits: uint64(q & 1)}, q&qualityMask
	case diq:
		q := r.U8("DIQ")
		v, quality = fact.Value{Kind: fact.Uint, Bits: uint64(q & 3)}, q&qualityMask
	case sep:
		q := r.U8("SEP")
		v, quality = fact.Value{Kind: fact.Uint, Bits: uint64(q & 3)}, q&qualityMask
	case qdp:
		v = fact.Value{Kind: fact.Uint, Bits: uint64(r.U8("start events or output circuit information"))}
		quality = r.U8("QDP") & qualityMask
	case vti:
		x := r.U8("VTI")
		v = fact.Value{Kind: fact.Int, Bits: uint64(int64(int8(x<<1)) >> 1)}
		quality = r.U8("QDS")
	case bsi, bsiBare:
		v = fact.Value{Kind: fact.Uint, Bits: uint64(r.U32LE("BSI"))}
		if e == bsi {
			quality = r.U8("QDS")
		}
	case nva, nvaBare:
		v = float(float64(int16(r.U16LE("NVA"))) / 32768)
		if e == nva {
			quality = r.U8("QDS")
		}
	case sva, svaBare:
		v = fact.Value{Kind: fact.Int, Bits: uint64(int64(int16(r.U16LE("SVA"))))}
		if e == sva {
			quality = r.U8("QDS")
		}
	case r32, r32Bare:
		v = float(float64(math.Float32frombits(r.U32LE("IEEE STD 754"))))
		if e == r32 {
			quality = r.U8("QDS")
		}
	case bcr:
		v = fact.Value{Kind: fact.Int, Bits: uint64(int64(int32(r.U32LE("counter reading"))))}
		quality = r.U8("sequence notation") & 0x80
	case sco:
		v = fact.Value{Kind: fact.Bool, Bits: uint64(r.U8("SCO") & 1)}
	case dco:
		v = fact.Value{Kind: fact.Uint, Bits: uint64(r.U8("DCO") & 3)}
	case coi:
		v = fact.Value{Kind: fact.Uint, Bits: uint64(r.U8("COI"))}
	case octet:
		v = fact.Value{Kind: fact.Uint, Bits: uint64(r.U8("qualifier"))}
	case clock:
		v = fact.Value{Kind: fact.Bytes, Raw: r.Bytes("CP56Time2a", 7)}
	}
	if !r.OK() {
		return fact.Value{}, 0
	}
	return v, quality & (qualityMask | overflow)
}

func float(f float64) fact.Value {
	return fact.Value{Kind: fact.Float, Bits: math.Float64bits(f)}
}

// commandQualifier is where the S/E bit of a command lies: in the command
// itself, or in the qualifier behind a set point (101, 7.2.6.26 and 7.2.6.39).
var commandQualifier = [...]int{sco: 0, dco: 0, nva: 2, sva: 2, r32: 4, clock: 0}

// selected tells whether a command only selects.
func (e element) selected(r wire.Reader) bool {
	r.Skip("value", commandQualifier[e])
	return r.U8("qualifier of command")&0x80 != 0
}

// qualities are the texts for the quality bits.
var qualities = func() (t [256]string) {
	for q := range t {
		var s []string
		for _, bit := range []struct {
			mask int
			text string
		}{{0x80, "invalid"}, {0x40, "not topical"}, {0x20, "substituted"}, {0x10, "blocked"}, {0x01, "overflow"}} {
			if q&bit.mask != 0 {
				s = append(s, bit.text)
			}
		}
		t[q] = strings.Join(s, ", ")
	}
	return t
}()
