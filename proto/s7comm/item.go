package s7comm

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Syntaxes of an item's address.
const (
	syntaxAny     = 0x10
	syntaxRID     = 0x13
	syntaxNCK     = 0x82
	syntaxNCKm    = 0x83
	syntaxNCKi    = 0x84
	syntaxDrive   = 0xa2
	syntaxDBRead  = 0xb0
	syntaxSymbol  = 0xb2
	maxItems      = 255
	symbolDB      = 0x8a0e
	bitsPerByte   = 8
	nckLine       = 1 << 16
	driveObject   = 1 << 16
	syntaxAlarmLo = 0x15
	syntaxAlarmHi = 0x1c
)

// item is one address of a read or write.
type item struct {
	object string
	db     uint16
	first  uint64 // bit, or number of counter or timer
	count  uint32 // bits, or how many counters or timers
	size   uint8  // transport size
	many   bool   // more than one element
}

// items are the addresses of one job, folded into one target.
type items struct {
	n     int // how many
	first item
	start uint64 // lowest address in the area of the first
	end   uint64 // one past the highest
	mixed bool   // they lie in several areas
	apart bool   // they lie in several DBs
}

// read reads the items of read var and write var.
func (t *items) read(r *wire.Reader) error {
	n := int(r.U8("item count"))
	*t = items{n: n}
	for i := range min(n, maxItems) {
		start := r.Pos()
		it := readItem(r)
		if (r.Pos()-start)%2 != 0 && i < n-1 {
			r.Skip("fill byte", 1)
		}
		if err := r.Err(); err != nil {
			return err
		}
		t.fold(i, it)
	}
	return nil
}

func (t *items) fold(i int, it item) {
	end := it.first + uint64(it.count)
	if i == 0 {
		t.first, t.start, t.end = it, it.first, end
		return
	}
	if it.object != t.first.object || it.db != t.first.db {
		t.mixed = t.mixed || it.object != t.first.object
		t.apart = true
		return
	}
	t.start = min(t.start, it.first)
	t.end = max(t.end, end)
}

func (t *items) object() string {
	switch {
	case t.n == 0:
		return objNone
	case t.mixed:
		return objSeveral
	}
	return t.first.object
}

func (t *items) target() fact.Target {
	if t.n == 0 {
		return fact.Target{}
	}
	f := fact.Target{Unit: uint32(t.first.db), First: t.first.first, Set: true, Count: t.first.count}
	if t.n > 1 && !t.apart {
		f.First, f.Count = t.start, uint32(min(t.end-t.start, 1<<32-1))
	}
	return f
}

// size is the transport size when there is one item of one element, else 0.
func (t *items) size() uint8 {
	if t.n != 1 || t.first.many {
		return 0
	}
	return t.first.size
}

func readItem(r *wire.Reader) (it item) {
	r.U8("variable specification")
	a := r.Sub("address", int(r.U8("address length")))
	it.object = objOther
	switch s := a.U8("syntax id"); s {
	case syntaxAny:
		it = anyItem(&a)
	case syntaxNCK, syntaxNCKm, syntaxNCKi:
		it = nckItem(&a)
	case syntaxDrive:
		it = driveItem(&a)
	case syntaxDBRead:
		it = dbItem(&a)
	case syntaxSymbol:
		it = symbolItem(&a)
	case syntaxRID:
		it.object = objBSend
	default:
		if s >= syntaxAlarmLo && s <= syntaxAlarmHi {
			it.object = objAlarm
		}
	}
	if !a.OK() {
		r.Fail("address", wire.ErrShort)
	}
	return it
}

// elementBits is the width of one element of each transport size.
var elementBits = [256]uint32{
	1: 1, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 32, 8: 32, 9: 16, 10: 32, 11: 32, 12: 16, 15: 64,
	0x1c: 16, 0x1d: 16, 0x1e: 16, 0x1f: 16, 0x20: 32,
}

func anyItem(a *wire.Reader) (it item) {
	it.size = a.U8("transport size")
	n := uint32(a.U16("length"))
	it.db = a.U16("DB number")
	area := a.U8("area")
	at := uint64(a.U24("address"))
	it.object, it.first, it.count, it.many = areaObject(area), at, n, n > 1
	if area == areaCounter || area == areaTimer {
		return it
	}
	if w := elementBits[it.size]; w > 0 {
		it.count = n * w
	}
	return it
}

// nckItem: unit, column and line, module; the target is module, column and line.
func nckItem(a *wire.Reader) (it item) {
	it.object = objNCK
	a.U8("area and unit")
	column, line := a.U16("column"), a.U16("line")
	it.db = uint16(a.U8("module"))
	it.first, it.count = uint64(column)*nckLine+uint64(line), uint32(a.U8("line count"))
	it.many = it.count > 1
	return it
}

func driveItem(a *wire.Reader) (it item) {
	it.object = objDrive
	a.U8("unknown")
	it.count = uint32(a.U16("length"))
	it.db = a.U16("drive object")
	it.first = uint64(a.U16("parameter"))*driveObject + uint64(a.U16("index"))
	it.many = it.count > 1
	return it
}

// dbItem is the short form of SIMATIC NET: several places in DBs, each of
// length, DB and byte; the first stands for all.
func dbItem(a *wire.Reader) (it item) {
	it.object, it.many = "DB", true
	a.U8("number of places")
	it.count = uint32(a.U8("bytes")) * bitsPerByte
	it.db = a.U16("DB number")
	it.first = uint64(a.U16("byte")) * bitsPerByte
	return it
}

// symbolItem is the symbolic address of S7-1200 and panels of that time; the
// target is the CRC of the symbol.
func symbolItem(a *wire.Reader) (it item) {
	it.object, it.many = objSymbol, true
	a.U8("reserved")
	area, number := a.U16("area 1"), a.U16("area 2")
	if area == symbolDB {
		it.db = number
	}
	it.first, it.count = uint64(a.U32("CRC")), 1
	return it
}
