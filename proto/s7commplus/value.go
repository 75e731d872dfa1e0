package s7commplus

import "github.com/bulkhead-ot/bulkhead/wire"

// vlq32 reads a number of 7 bits a byte, highest first.
func vlq32(r *wire.Reader) (v uint32) {
	for range 5 {
		x := r.U8("number")
		v = v<<7 | uint32(x&0x7f)
		if x&0x80 == 0 {
			break
		}
	}
	return v
}

// vlq64 is likewise for 64 bits: a ninth byte has all its 8 bits.
func vlq64(r *wire.Reader) (v uint64) {
	for i := range 9 {
		x := r.U8("number")
		if i == 8 {
			return v<<8 | uint64(x)
		}
		v = v<<7 | uint64(x&0x7f)
		if x&0x80 == 0 {
			break
		}
	}
	return v
}

// Data types of a value.
const (
	typeUDInt   = 0x04
	typeDInt    = 0x08
	typeWString = 0x15
	typeStruct  = 0x17
)

// width is the size of the types whose size is fixed; variable tells those
// that are one number of variable length.
var (
	width    = [256]uint8{0x01: 1, 0x02: 1, 0x03: 2, 0x06: 1, 0x07: 2, 0x0a: 1, 0x0b: 2, 0x0c: 4, 0x0d: 8, 0x0e: 4, 0x0f: 8, 0x10: 8, 0x12: 4}
	variable = [256]bool{0x04: true, 0x05: true, 0x08: true, 0x09: true, 0x11: true, 0x13: true}
)

// Flags of a value.
const (
	flagArray  = 0x10
	flagAddr   = 0x20
	flagSparse = 0x40
)

const (
	maxDepth    = 6
	maxElements = 4096
)

// Ids of the texts that a session object has.
const (
	idPath        = 289 // network card of the client
	idUser        = 296
	idApplication = 297
	idHost        = 298
	idComment     = 301 // program and its version
	idPAOM        = 319 // order number and firmware, in the version of the session
	idPAOM2       = 320
)

// walker reads values and objects.
type walker struct {
	r     *wire.Reader
	texts []attribute // where texts go; of fixed capacity
	num   uint64      // the plain number read last
	isNum bool
	left  int // elements that may still be read
}

// attribute is a text and the id of its attribute.
type attribute struct {
	id   uint32
	text []byte
}

// value reads one value: flags, type, and what follows.
func (w *walker) value(id uint32, depth int) bool {
	flags, typ := w.r.U8("flags"), w.r.U8("data type")
	switch {
	case depth > maxDepth || !w.r.OK():
		return false
	case flags&flagSparse != 0:
		return w.sparse(typ, depth)
	case flags&(flagArray|flagAddr) != 0:
		for n := vlq32(w.r); n > 0; n-- {
			if !w.one(0, typ, depth) {
				return false
			}
		}
		return w.r.OK()
	}
	return w.one(id, typ, depth)
}

func (w *walker) sparse(typ uint8, depth int) bool {
	for w.r.OK() {
		if vlq32(w.r) == 0 {
			break
		}
		if !w.one(0, typ, depth) {
			return false
		}
	}
	return w.r.OK()
}

// one reads a value without its flags and type.
func (w *walker) one(id uint32, typ uint8, depth int) bool {
	if w.left--; w.left < 0 {
		return false
	}
	switch {
	case typ == 0:
	case typ == typeUDInt || typ == typeDInt:
		w.num, w.isNum = uint64(vlq32(w.r)), true
	case variable[typ]:
		vlq64(w.r)
	case width[typ] > 0:
		w.r.Skip("value", int(width[typ]))
	case typ == 0x14: // blob: root id, length, bytes
		if vlq32(w.r) != 0 {
			w.r.Skip("blob header", 9)
		}
		w.r.Skip("blob", int(vlq32(w.r)))
	case typ == typeWString:
		b := w.r.Bytes("text", int(vlq32(w.r)))
		if id != 0 && len(w.texts) < cap(w.texts) && w.r.OK() {
			w.texts = append(w.texts, attribute{id, b})
		}
	case typ == typeStruct:
		return w.structure(depth + 1)
	default:
		return false
	}
	return w.r.OK()
}

// structure reads the elements of a struct up to the id 0. A packed one, told
// by its id, is laid out otherwise and ends the walk.
func (w *walker) structure(depth int) bool {
	id := w.r.U32("struct id")
	if hi := id >> 24; hi >= 0x90 && hi <= 0x9f || hi == 0x02 {
		return false
	}
	for w.r.OK() {
		id := vlq32(w.r)
		if id == 0 {
			break
		}
		if !w.value(id, depth) {
			return false
		}
	}
	return w.r.OK()
}

// Tags of an object's description.
const (
	tagStart     = 0xa1
	tagEnd       = 0xa2
	tagAttribute = 0xa3
	tagRelation  = 0xa4
)

// objects reads object descriptions and returns the class of the first.
func (w *walker) objects() (class uint32) {
	first := true
	for w.r.Len() > 0 {
		switch w.r.U8("tag") {
		case tagStart:
			w.r.U32("relation id")
			k := vlq32(w.r)
			vlq32(w.r)
			vlq32(w.r)
			if first {
				class, first = k, false
			}
		case tagEnd:
		case tagAttribute:
			if id := vlq32(w.r); !w.value(id, 0) {
				return class
			}
		case tagRelation:
			vlq32(w.r)
			w.r.U32("relation")
		default:
			return class
		}
	}
	return class
}
