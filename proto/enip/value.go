package enip

import (
	"math"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Elementary data types (Vol. 1, C-6.1) and the structure tag of 1756-PM020.
const (
	typeBool      = 0xc1
	typeSInt      = 0xc2
	typeInt       = 0xc3
	typeDInt      = 0xc4
	typeLInt      = 0xc5
	typeUSInt     = 0xc6
	typeUInt      = 0xc7
	typeUDInt     = 0xc8
	typeULInt     = 0xc9
	typeReal      = 0xca
	typeLReal     = 0xcb
	typeString    = 0xd0
	typeByte      = 0xd1
	typeWord      = 0xd2
	typeDWord     = 0xd3
	typeLWord     = 0xd4
	typeShort     = 0xda // SHORT_STRING
	typeStructure = 0x02a0
	logixString   = 0x0fce // structure handle of the built-in STRING
)

// isTag tells requests that the Logix data services answer.
func isTag(q *asked, p *epath) bool {
	return q.class == 0x6b || !p.hasClass && len(p.tag) > 0
}

// arguments reads what a request says beyond its path into the target, and
// returns the value that it writes.
func arguments(q *asked, p *epath, r wire.Reader) fact.Value {
	if isTag(q, p) {
		return tagArguments(q, r)
	}
	switch q.service {
	case getAttributeList:
		q.target.Count = uint32(r.U16LE("attribute count"))
		if first := r.U16LE("attribute"); r.OK() && q.target.Count == 1 {
			q.target.Unit = uint32(first)
		}
	case setAttributeList:
		q.target.Count = uint32(r.U16LE("attribute count"))
		first := r.U16LE("attribute")
		if !r.OK() || q.target.Count != 1 {
			return fact.Value{}
		}
		q.target.Unit = uint32(first)
		return setting(q, r.Rest())
	case setAttribute:
		return setting(q, r.Rest())
	}
	return fact.Value{}
}

// setting is the value of an attribute that is set. The clock's are numbers;
// what belongs to security may be secret.
func setting(q *asked, b []byte) fact.Value {
	switch {
	case q.class >= 0x5d && q.class <= 0x62 || q.class == 0x39 || len(b) == 0:
		return fact.Value{}
	case q.class == 0x8b && len(b) == 8:
		r := wire.NewReader(b)
		return fact.Value{Kind: fact.Uint, Bits: r.U64LE("time")}
	}
	return fact.Value{Kind: fact.Bytes, Raw: b}
}

// tagArguments reads the Logix data services (1756-PM020, chapter 1).
func tagArguments(q *asked, r wire.Reader) fact.Value {
	switch q.service {
	case readTag, readFragment:
		q.target.Count = uint32(r.U16LE("number of elements"))
	case writeTag, writeFragment:
		kind := r.U16LE("tag type")
		var handle uint16
		if kind == typeStructure {
			handle = r.U16LE("structure handle")
		}
		q.target.Count = uint32(r.U16LE("number of elements"))
		if q.service == writeFragment {
			r.U32LE("offset")
			return fact.Value{Kind: fact.Bytes, Raw: r.Rest()}
		}
		return typed(kind, handle, r.Rest(), q.target.Count)
	case modifyTag:
		n := int(r.U16LE("size of masks"))
		return bytesOf(r.Bytes("masks", 2*n))
	}
	if !r.OK() {
		q.target.Count = 0
	}
	return fact.Value{}
}

// answered is the value in an answer.
func answered(q *asked, r wire.Reader) fact.Value {
	switch {
	case q.class == 0x6b || q.class == 0 && q.nameLen > 0 || q.f.Object == "tag":
		if q.service != readTag && q.service != readFragment {
			return fact.Value{}
		}
		kind := r.U16LE("tag type")
		var handle uint16
		if kind == typeStructure {
			handle = r.U16LE("structure handle")
		}
		if !r.OK() {
			return fact.Value{}
		}
		if q.service == readFragment {
			return bytesOf(r.Rest())
		}
		return typed(kind, handle, r.Rest(), q.target.Count)
	case q.service == getAttribute:
		return bytesOf(r.Rest())
	}
	return fact.Value{}
}

func bytesOf(b []byte) fact.Value {
	if len(b) == 0 {
		return fact.Value{}
	}
	return fact.Value{Kind: fact.Bytes, Raw: b}
}

// typed is a single elementary value as itself, all else as bytes.
func typed(kind, handle uint16, b []byte, count uint32) fact.Value {
	if kind == typeStructure && handle == logixString || kind == typeString {
		return text(kind, b)
	}
	size := sizes(kind)
	if count > 1 || size == 0 || len(b) < size || len(b) > size+1 { // some pad to 16 bits
		return bytesOf(b)
	}
	var bits uint64
	for i := size - 1; i >= 0; i-- {
		bits = bits<<8 | uint64(b[i])
	}
	switch kind {
	case typeBool:
		return fact.Value{Kind: fact.Bool, Bits: bits}
	case typeReal:
		return fact.Value{Kind: fact.Float, Bits: math.Float64bits(float64(math.Float32frombits(uint32(bits))))}
	case typeLReal:
		return fact.Value{Kind: fact.Float, Bits: bits}
	case typeSInt, typeInt, typeDInt, typeLInt:
		shift := 64 - 8*size
		return fact.Value{Kind: fact.Int, Bits: uint64(int64(bits<<shift) >> shift)}
	}
	return fact.Value{Kind: fact.Uint, Bits: bits}
}

func sizes(kind uint16) int {
	switch kind {
	case typeBool, typeSInt, typeUSInt, typeByte:
		return 1
	case typeInt, typeUInt, typeWord:
		return 2
	case typeDInt, typeUDInt, typeReal, typeDWord:
		return 4
	case typeLInt, typeULInt, typeLReal, typeLWord:
		return 8
	}
	return 0
}

// text is a counted string: 32 bits in Logix, 16 in CIP.
func text(kind uint16, b []byte) fact.Value {
	r := wire.NewReader(b)
	var n uint32
	if kind == typeStructure {
		n = r.U32LE("string length")
	} else {
		n = uint32(r.U16LE("string length"))
	}
	if !r.OK() || n > uint32(r.Len()) {
		return bytesOf(b)
	}
	return fact.Value{Kind: fact.Text, Raw: r.Bytes("string", int(n))}
}
