package dnp3

import (
	"math"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// objectHeader is one object header with what follows it (4.2.2.7).
type objectHeader struct {
	group, variation uint8
	known            bool // annex A has it
	info             variation
	prefix           int // octets in front of each object
	sized            bool
	ranged           bool // First is a start index
	first            uint64
	count            uint64
	data             wire.Reader // objects, when the message carries them
	hasData          bool
	row              bool // the indexes of the prefixes follow one another
}

// maxHeaders bounds the object headers that are read of one fragment.
const maxHeaders = 128

var prefixLen = [8]int{0, 1, 2, 4, 1, 2, 4, 0}

// readObjects reads the next header and passes over its objects. more is
// false when nothing follows that can be read; ok is false when what is there
// cannot be.
func readObjects(r *wire.Reader, withData bool) (o objectHeader, more, ok bool) {
	o.group, o.variation = r.U8("group"), r.U8("variation")
	q := r.U8("qualifier")
	o.known = defined(o.group, o.variation)
	o.info = variationOf(o.group, o.variation)
	prefix := q >> 4 & 7
	o.prefix, o.sized = prefixLen[prefix], prefix >= 4
	if q&0x80 != 0 || prefix == 7 || !o.readRange(r, q&0x0f) || !r.OK() {
		return o, false, false
	}
	o.data = *r
	switch {
	case o.sized:
		o.hasData = o.count > 0
		for range o.count {
			r.Skip("object", int(number(r, "object size", o.prefix)))
			if !r.OK() {
				return o, false, false
			}
		}
		return o, true, true
	case !withData:
		o.first = o.firstIndex()
		r.Skip("indexes", clamp(o.count*uint64(o.prefix)))
		return o, true, r.OK()
	case o.count == 0:
		return o, true, true
	}
	o.hasData = true
	more, ok = o.skip(r)
	return o, more, ok
}

func clamp(n uint64) int { return int(min(n, math.MaxInt32)) }

// readRange reads the range field (4.2.2.7.3.3).
func (o *objectHeader) readRange(r *wire.Reader, code uint8) bool {
	size := 1 << (code % 3)
	if code >= 7 && code <= 9 {
		size = 1 << (code - 7)
	}
	switch code {
	case 0, 1, 2, 3, 4, 5:
		o.first = uint64(number(r, "start", size))
		stop := uint64(number(r, "stop", size))
		o.count, o.ranged = stop-o.first+1, true
		return stop >= o.first && o.prefix == 0
	case 6:
		return true
	case 7, 8, 9:
		o.count = uint64(number(r, "count", size))
		return true
	case 11:
		o.count = uint64(r.U8("count"))
		return o.sized
	}
	return false
}

func number(r *wire.Reader, field string, size int) uint32 {
	switch size {
	case 1:
		return uint32(r.U8(field))
	case 2:
		return uint32(r.U16LE(field))
	}
	return r.U32LE(field)
}

// firstIndex is the index of the first object.
func (o *objectHeader) firstIndex() uint64 {
	if o.ranged || o.prefix == 0 || o.sized || o.count == 0 {
		return o.first
	}
	r := o.data
	return uint64(number(&r, "index", o.prefix))
}

// skip passes over objects whose size follows from their variation.
func (o *objectHeader) skip(r *wire.Reader) (more, ok bool) {
	switch o.info.shape {
	case packed1, packed2:
		bits := o.count
		if o.info.shape == packed2 {
			bits *= 2
		}
		if o.prefix != 0 {
			r.Skip("objects", clamp(o.count*uint64(o.prefix+1)))
		} else {
			r.Skip("objects", clamp((bits+7)/8))
		}
		o.first = o.firstIndex()
		return true, r.OK()
	case attribute:
		for range o.count {
			r.Skip("index", o.prefix)
			if _, _, ok := readAttribute(r); !ok {
				return false, false
			}
		}
		return true, true
	case opaque:
		if o.info.size == 0 {
			return false, true // of unknown size: nothing behind it can be read
		}
	case octets:
		if o.info.size == 0 {
			return false, false
		}
	}
	o.first = o.firstIndex()
	o.row = true
	if o.prefix == 0 {
		r.Skip("objects", clamp(o.count*uint64(o.info.size)))
		return true, r.OK()
	}
	for i := range o.count {
		o.row = uint64(number(r, "index", o.prefix)) == o.first+i && o.row
		r.Skip("object", o.info.size)
		if !r.OK() {
			return false, false
		}
	}
	return true, true
}

// target adds the objects' place to that of the outstation.
func (o *objectHeader) target(t fact.Target) fact.Target {
	if o.sized {
		return t // a file or a message of authentication, which say their own
	}
	t.First = o.first
	if (o.ranged || o.row && o.prefix > 0 || o.count == 1) && o.group != 60 {
		t.Count = uint32(min(o.count, math.MaxUint32))
	}
	return t
}

// value is the value of the first object.
func (o *objectHeader) value() (v fact.Value) {
	if !o.hasData || o.sized || o.count == 0 {
		return v
	}
	r := o.data
	r.Skip("index", o.prefix)
	switch s := o.info.shape; s {
	case packed1:
		v = fact.Value{Kind: fact.Bool, Bits: uint64(r.U8("bits") & 1)}
	case packed2:
		v = fact.Value{Kind: fact.Uint, Bits: uint64(r.U8("bits") & 3)}
	case flagBit:
		v = fact.Value{Kind: fact.Bool, Bits: uint64(r.U8("flags") >> 7)}
	case flag2:
		v = fact.Value{Kind: fact.Uint, Bits: uint64(r.U8("flags") >> 6)}
	case u32flag, u16flag, i32flag, i16flag, f32flag, f64flag:
		r.Skip("flags", 1)
		v = numeric(&r, s)
	case crob:
		v = fact.Value{Kind: fact.Text, Raw: controls[r.U8("control code")]}
	case octets:
		v = fact.Value{Kind: fact.Bytes, Raw: r.Bytes("octets", o.info.size)}
	default:
		v = numeric(&r, s)
	}
	if !r.OK() {
		return fact.Value{}
	}
	return v
}

func numeric(r *wire.Reader, s shape) fact.Value {
	switch s {
	case u32flag, u32bare:
		return fact.Value{Kind: fact.Uint, Bits: uint64(r.U32LE("value"))}
	case u16flag, u16bare:
		return fact.Value{Kind: fact.Uint, Bits: uint64(r.U16LE("value"))}
	case i32flag, i32bare, ao32:
		return fact.Value{Kind: fact.Int, Bits: uint64(int64(int32(r.U32LE("value"))))}
	case i16flag, i16bare, ao16:
		return fact.Value{Kind: fact.Int, Bits: uint64(int64(int16(r.U16LE("value"))))}
	case f32flag, f32bare, aof32:
		return fact.Value{Kind: fact.Float, Bits: math.Float64bits(float64(math.Float32frombits(r.U32LE("value"))))}
	case f64flag, aof64:
		return fact.Value{Kind: fact.Float, Bits: r.U64LE("value")}
	case time48: // milliseconds since 1970 UTC
		return fact.Value{Kind: fact.Uint, Bits: uint64(r.U32LE("time")) | uint64(r.U16LE("time"))<<32}
	}
	return fact.Value{}
}

// refusal is the first control status among the objects that is not success.
func (o *objectHeader) refusal() string {
	if !o.hasData || o.info.shape < crob || o.info.shape > aof64 {
		return ""
	}
	r := o.data
	for range o.count {
		r.Skip("index and control", o.prefix+o.info.size-1)
		status := r.U8("control status")
		if !r.OK() {
			return ""
		}
		if s := statuses[status&0x7f]; s != "" {
			return s
		}
	}
	return ""
}

// controls are the control codes of a control relay output block as text:
// operation, queue, clear, trip or close (annex A, group 12 variation 1).
var controls = func() (t [256][]byte) {
	operations := [16]string{"nul", "pulse on", "pulse off", "latch on", "latch off"}
	for i := 5; i < 16; i++ {
		operations[i] = "undefined"
	}
	for code := range t {
		s := operations[code&15]
		if code&0x10 != 0 {
			s += ", queue"
		}
		if code&0x20 != 0 {
			s += ", clear"
		}
		t[code] = []byte(s + [4]string{"", ", close", ", trip", ", reserved"}[code>>6])
	}
	return t
}()
