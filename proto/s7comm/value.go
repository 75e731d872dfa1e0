package s7comm

import (
	"math"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Transport sizes of an item's address that a value is decoded by.
const (
	sizeBit   = 1
	sizeByte  = 2
	sizeChar  = 3
	sizeWord  = 4
	sizeInt   = 5
	sizeDWord = 6
	sizeDInt  = 7
	sizeReal  = 8
)

// Transport sizes of data. Some state the length in bits.
const (
	dataBit     = 3
	dataByte    = 4
	dataInteger = 5
)

// dataLength is the number of bytes that a stated length means.
func dataLength(size uint8, n int) int {
	switch size {
	case dataByte, dataInteger:
		return (n + 7) / 8
	}
	return n
}

// Return codes of a data item.
const (
	retReserved = 0x00
	retNoObject = 0x0a
	retOK       = 0xff
)

// dataItem reads one item of a data part: return code, transport size,
// length, bytes, and a fill byte before the next.
func dataItem(r *wire.Reader) (code uint8, b []byte) {
	code = r.U8("return code")
	size := r.U8("transport size")
	n := dataLength(size, int(r.U16("length")))
	b = r.Bytes("data", n)
	if n%2 != 0 && r.Len() > 0 {
		r.Skip("fill byte", 1)
	}
	return code, b
}

// value is what the bytes of a single element mean, else the bytes.
func value(size uint8, b []byte) fact.Value {
	r := wire.NewReader(b)
	switch {
	case size == sizeBit && len(b) == 1:
		return fact.Value{Kind: fact.Bool, Bits: uint64(r.U8("bit") & 1)}
	case (size == sizeByte || size == sizeChar) && len(b) == 1:
		return fact.Value{Kind: fact.Uint, Bits: uint64(r.U8("byte"))}
	case size == sizeWord && len(b) == 2:
		return fact.Value{Kind: fact.Uint, Bits: uint64(r.U16("word"))}
	case size == sizeInt && len(b) == 2:
		return fact.Value{Kind: fact.Int, Bits: uint64(int64(int16(r.U16("int"))))}
	case size == sizeDWord && len(b) == 4:
		return fact.Value{Kind: fact.Uint, Bits: uint64(r.U32("dword"))}
	case size == sizeDInt && len(b) == 4:
		return fact.Value{Kind: fact.Int, Bits: uint64(int64(int32(r.U32("dint"))))}
	case size == sizeReal && len(b) == 4:
		return fact.Value{Kind: fact.Float, Bits: math.Float64bits(float64(math.Float32frombits(r.U32("real"))))}
	}
	return fact.Value{Kind: fact.Bytes, Raw: b}
}

// written is the value of a write of one item.
func (t *items) written(data []byte) fact.Value {
	if t.n != 1 {
		return fact.Value{}
	}
	r := wire.NewReader(data)
	_, b := dataItem(&r)
	if !r.OK() {
		return fact.Value{}
	}
	return value(t.size(), b)
}

// readAnswer reads the data of a read: its value when it is a single item,
// and whether any item failed.
func readAnswer(op *fact.Operation, r *wire.Reader, data []byte, size uint8) (v fact.Value) {
	n := int(r.U8("item count"))
	d := wire.NewReader(data)
	for range min(n, maxItems) {
		code, b := dataItem(&d)
		if !d.OK() {
			return v
		}
		if code != retOK {
			failItem(op, code)
		} else if n == 1 {
			v = value(size, b)
		}
	}
	return v
}

// writeAnswer reads the data of a write: a return code for each item.
func writeAnswer(op *fact.Operation, data []byte) {
	for _, code := range data {
		if code != retOK {
			failItem(op, code)
		}
	}
}

// failItem notes the first item that failed.
func failItem(op *fact.Operation, code uint8) {
	if !op.Failed {
		op.Failed, op.Status = true, returnText(code)
	}
}
