package bacnet

import (
	"math"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// tag is one tag with its content (20.2.1).
type tag struct {
	number  uint8
	context bool
	opening bool
	closing bool
	boolean bool   // application BOOLEAN, whose value stands in the length
	content []byte // of primitive data
}

// Application tag numbers (20.2.1.4).
const (
	tagNull = iota
	tagBoolean
	tagUnsigned
	tagSigned
	tagReal
	tagDouble
	tagOctets
	tagText
	tagBits
	tagEnumerated
	tagDate
	tagTime
	tagObject
)

// readTag reads the next tag; ok is false at the end and at what is no tag.
func readTag(r *wire.Reader) (t tag, ok bool) {
	if r.Len() == 0 {
		return t, false
	}
	b := r.U8("tag")
	t.number, t.context = b>>4, b&8 != 0
	if t.number == 15 {
		t.number = r.U8("extended tag number")
	}
	n := int(b & 7)
	switch {
	case t.context && n == 6:
		t.opening = true
		return t, r.OK()
	case t.context && n == 7:
		t.closing = true
		return t, r.OK()
	case !t.context && t.number == tagBoolean:
		t.boolean = n == 1
		return t, r.OK()
	case n == 5:
		n = int(r.U8("length"))
		if n == 254 {
			n = int(r.U16("length"))
		} else if n == 255 {
			n = int(min(r.U32("length"), math.MaxInt32))
		}
	case n > 5:
		return t, false
	}
	t.content = r.Bytes("content", n)
	return t, r.OK()
}

// is tells whether t is the primitive context tag n.
func (t *tag) is(n uint8) bool {
	return t.context && t.number == n && !t.opening && !t.closing
}

// opens tells whether t is the opening tag n.
func (t *tag) opens(n uint8) bool { return t.opening && t.number == n }

// app tells whether t is the application tag n.
func (t *tag) app(n uint8) bool { return !t.context && t.number == n }

// maxNesting bounds constructed data in constructed data.
const maxNesting = 16

// skipTo passes over constructed data up to the closing tag of the level that
// r is in.
func skipTo(r *wire.Reader) bool {
	for depth := 0; ; {
		t, ok := readTag(r)
		switch {
		case !ok:
			return false
		case t.opening:
			if depth++; depth > maxNesting {
				return false
			}
		case t.closing:
			if depth == 0 {
				return true
			}
			depth--
		}
	}
}

// unsigned is an unsigned or enumerated number of up to 8 octets.
func unsigned(b []byte) (v uint64, ok bool) {
	if len(b) == 0 || len(b) > 8 {
		return 0, false
	}
	for _, x := range b {
		v = v<<8 | uint64(x)
	}
	return v, true
}

// objectID reads an object identifier: type in 10 bits, instance in 22 (20.2.14).
func objectID(b []byte) (objType uint16, instance uint32, ok bool) {
	if len(b) != 4 {
		return 0, 0, false
	}
	v, _ := unsigned(b)
	return uint16(v >> 22), uint32(v) & 0x3fffff, true
}

// Character sets of a character string (20.2.9).
const (
	setUTF8   = 0
	setUCS2   = 4
	setLatin1 = 5
)

// value reads application data as a value; null relinquishes.
func (t *tag) value() fact.Value {
	if t.context {
		return fact.Value{}
	}
	switch t.number {
	case tagNull:
		return fact.Value{Kind: fact.Text, Raw: null}
	case tagBoolean:
		v := fact.Value{Kind: fact.Bool}
		if t.boolean {
			v.Bits = 1
		}
		return v
	case tagUnsigned, tagEnumerated:
		if v, ok := unsigned(t.content); ok {
			return fact.Value{Kind: fact.Uint, Bits: v}
		}
	case tagSigned:
		if v, ok := unsigned(t.content); ok {
			shift := 64 - 8*len(t.content)
			return fact.Value{Kind: fact.Int, Bits: uint64(int64(v<<shift) >> shift)}
		}
	case tagReal:
		if v, ok := unsigned(t.content); ok && len(t.content) == 4 {
			return fact.Value{Kind: fact.Float, Bits: math.Float64bits(float64(math.Float32frombits(uint32(v))))}
		}
	case tagDouble:
		if v, ok := unsigned(t.content); ok && len(t.content) == 8 {
			return fact.Value{Kind: fact.Float, Bits: v}
		}
	case tagText:
		r := wire.NewReader(t.content)
		if r.U8("character set") == setUTF8 && r.OK() {
			return fact.Value{Kind: fact.Text, Raw: r.Rest()}
		}
	}
	return fact.Value{Kind: fact.Bytes, Raw: t.content}
}

var null = []byte("null")
