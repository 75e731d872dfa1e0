package opcua

import (
	"errors"
	"math"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// decoder reads the built-in types of the binary encoding (Part 6, 5.2).
type decoder struct{ wire.Reader }

var (
	errLength   = errors.New("length is below -1")
	errEncoding = errors.New("encoding byte is not defined")
	errDepth    = errors.New("nested too deeply")
)

// maxDepth bounds nesting; Part 6, 5.1.6 lets a decoder refuse beyond 100.
const maxDepth = 20

// bad is the first failure as an error that never means "wait for more": a
// chunk is read only when it is all there.
func (d *decoder) bad() error {
	if d.OK() {
		return nil
	}
	if d.Short() {
		return errBody
	}
	return d.Err()
}

// count reads the number of elements of an array; null is none.
func (d *decoder) count(field string) int {
	n := int32(d.U32LE(field))
	if n < -1 {
		d.Fail(field, errLength)
	}
	return int(max(n, 0))
}

// text reads a String, ByteString or XmlElement; null is nil.
func (d *decoder) text(field string) []byte { return d.Bytes(field, d.count(field)) }

func (d *decoder) texts(field string) {
	for range d.count(field) {
		if d.text(field); !d.OK() {
			return
		}
	}
}

// node is a NodeId (Part 6, 5.2.2.9).
type node struct {
	space  uint16
	number uint32
	name   []byte // identifier that is a text, or the bytes of one that is not
	form   nodeForm
}

type nodeForm uint8

const (
	numeric nodeForm = iota
	textual
	guid
	opaque
)

func (d *decoder) node(field string) (n node) {
	enc := d.U8(field)
	switch enc & 0x3f {
	case 0:
		n.number = uint32(d.U8(field))
	case 1:
		n.space = uint16(d.U8(field))
		n.number = uint32(d.U16LE(field))
	case 2:
		n.space = d.U16LE(field)
		n.number = d.U32LE(field)
	case 3:
		n.form, n.space = textual, d.U16LE(field)
		n.name = d.text(field)
	case 4:
		n.form, n.space = guid, d.U16LE(field)
		n.name = d.Bytes(field, 16)
	case 5:
		n.form, n.space = opaque, d.U16LE(field)
		n.name = d.text(field)
	default:
		d.Fail(field, errEncoding)
	}
	// An ExpandedNodeId adds a namespace URI and a server index (5.2.2.10).
	if enc&0x80 != 0 {
		d.text(field)
	}
	if enc&0x40 != 0 {
		d.U32LE(field)
	}
	return n
}

func (d *decoder) qualifiedName(field string) []byte {
	d.U16LE(field)
	return d.text(field)
}

func (d *decoder) localizedText(field string) (text []byte) {
	mask := d.U8(field)
	if mask&^3 != 0 {
		d.Fail(field, errEncoding)
	}
	if mask&1 != 0 {
		d.text(field)
	}
	if mask&2 != 0 {
		text = d.text(field)
	}
	return text
}

// extension reads an ExtensionObject: the id of its encoding and its body.
func (d *decoder) extension(field string) (id uint32, body []byte) {
	n := d.node(field)
	switch d.U8(field) {
	case 0:
	case 1, 2:
		body = d.text(field)
	default:
		d.Fail(field, errEncoding)
	}
	if n.form == numeric && n.space == 0 {
		id = n.number
	}
	return id, body
}

func (d *decoder) diagnostic(field string) {
	for range maxDepth {
		mask := d.U8(field)
		if mask&0x80 != 0 {
			d.Fail(field, errEncoding)
		}
		for bit := range 4 { // symbolic id, namespace, locale, text: indexes
			if mask&(1<<bit) != 0 {
				d.U32LE(field)
			}
		}
		if mask&0x10 != 0 {
			d.text(field)
		}
		if mask&0x20 != 0 {
			d.U32LE(field)
		}
		if mask&0x40 == 0 || !d.OK() {
			return
		}
	}
	d.Fail(field, errDepth)
}

// value is a Variant: a scalar as a fact, and the id of a structure.
type value struct {
	fact.Value
	structure uint32
}

// dataValue reads a DataValue: value and status (5.2.2.17).
func (d *decoder) dataValue(field string, depth int) (v value, code uint32) {
	mask := d.U8(field)
	if mask&0xc0 != 0 {
		d.Fail(field, errEncoding)
	}
	if mask&0x01 != 0 {
		v = d.variant(field, depth)
	}
	if mask&0x02 != 0 {
		code = d.U32LE(field)
	}
	if mask&0x04 != 0 {
		d.Skip(field, 8)
	}
	if mask&0x10 != 0 {
		d.Skip(field, 2)
	}
	if mask&0x08 != 0 {
		d.Skip(field, 8)
	}
	if mask&0x20 != 0 {
		d.Skip(field, 2)
	}
	return v, code
}

// variant reads a Variant (5.2.2.16); an array is passed over and gives no value.
func (d *decoder) variant(field string, depth int) value {
	if depth > maxDepth {
		d.Fail(field, errDepth)
		return value{}
	}
	enc := d.U8(field)
	if enc&0x80 == 0 {
		return d.scalar(field, enc&0x3f, depth)
	}
	n := d.count(field)
	if size := fixed[enc&0x3f]; size > 0 {
		if n > d.Len()/size {
			d.Fail(field, wire.ErrShort)
		}
		d.Skip(field, n*size)
	} else {
		for range n {
			if d.scalar(field, enc&0x3f, depth+1); !d.OK() {
				break
			}
		}
	}
	if enc&0x40 != 0 {
		n := d.count(field)
		if n > d.Len()/4 {
			d.Fail(field, wire.ErrShort)
		}
		d.Skip(field, 4*n)
	}
	return value{}
}

// fixed are the sizes of the built-in types that have one, by type id.
var fixed = [64]int{1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 4, 8: 8, 9: 8, 10: 4, 11: 8, 13: 8, 14: 16, 19: 4}

func (d *decoder) scalar(field string, kind uint8, depth int) value {
	num := func(k fact.ValueKind, bits uint64) value { return value{Value: fact.Value{Kind: k, Bits: bits}} }
	raw := func(k fact.ValueKind, b []byte) value { return value{Value: fact.Value{Kind: k, Raw: b}} }
	switch kind {
	case 0:
	case 1:
		return num(fact.Bool, uint64(min(d.U8(field), 1)))
	case 2:
		return num(fact.Int, uint64(int64(int8(d.U8(field)))))
	case 3:
		return num(fact.Uint, uint64(d.U8(field)))
	case 4:
		return num(fact.Int, uint64(int64(int16(d.U16LE(field)))))
	case 5:
		return num(fact.Uint, uint64(d.U16LE(field)))
	case 6:
		return num(fact.Int, uint64(int64(int32(d.U32LE(field)))))
	case 7, 19:
		return num(fact.Uint, uint64(d.U32LE(field)))
	case 8:
		return num(fact.Int, d.U64LE(field))
	case 9:
		return num(fact.Uint, d.U64LE(field))
	case 10:
		return num(fact.Float, math.Float64bits(float64(math.Float32frombits(d.U32LE(field)))))
	case 11:
		return num(fact.Float, d.U64LE(field))
	case 12, 16:
		return raw(fact.Text, d.text(field))
	case 13: // 100 ns since 1601
		return num(fact.Int, d.U64LE(field))
	case 14:
		return raw(fact.Bytes, d.Bytes(field, 16))
	case 17, 18:
		d.node(field)
	case 20:
		return raw(fact.Text, d.qualifiedName(field))
	case 21:
		return raw(fact.Text, d.localizedText(field))
	case 22:
		id, body := d.extension(field)
		v := raw(fact.Bytes, body)
		v.structure = id
		return v
	case 23:
		if depth >= maxDepth {
			d.Fail(field, errDepth)
			return value{}
		}
		v, _ := d.dataValue(field, depth+1)
		return v
	case 24:
		return d.variant(field, depth+1)
	case 25:
		d.diagnostic(field)
	case 15, 26, 27, 28, 29, 30, 31: // ByteString, and reserved types, which are decoded as one
		return raw(fact.Bytes, d.text(field))
	default:
		d.Fail(field, errEncoding)
	}
	return value{}
}
