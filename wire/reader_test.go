package wire_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/bulkhead-ot/bulkhead/wire"
)

func TestReaderFields(t *testing.T) {
	b := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35}
	r := wire.NewReader(b)
	for i, c := range []struct{ got, want uint64 }{
		{uint64(r.U8("a")), 0x01},
		{uint64(r.U16("b")), 0x0203},
		{uint64(r.U16LE("c")), 0x0504},
		{uint64(r.U24("d")), 0x060708},
		{uint64(r.U24LE("e")), 0x0b0a09},
		{uint64(r.U32("f")), 0x0c0d0e0f},
		{uint64(r.U32LE("g")), 0x13121110},
		{r.U64("h"), 0x1415161718191a1b},
		{r.U64LE("i"), 0x232221201f1e1d1c},
	} {
		if c.got != c.want {
			t.Errorf("field %d: %#x, want %#x", i, c.got, c.want)
		}
	}
	if r.Len() != 0 || r.Pos() != len(b) || r.Err() != nil || !r.OK() || r.Short() {
		t.Errorf("at the end: %d left, at %d, %v", r.Len(), r.Pos(), r.Err())
	}
}

func TestReaderFailureSticks(t *testing.T) {
	r := wire.NewReader([]byte{1, 2, 3})
	r.U8("first")
	if r.U32("second") != 0 || r.U8("third") != 0 || r.U64LE("fourth") != 0 || r.Bytes("fifth", 1) != nil || len(r.Rest()) != 0 || r.Len() != 0 {
		t.Error("something was read after the failure")
	}
	r.Fail("sixth", errors.New("later"))
	e, ok := errors.AsType[*wire.FieldError](r.Err())
	if !ok || e.Field != "second" || e.At != 1 || !errors.Is(r.Err(), wire.ErrShort) || !r.Short() || r.OK() {
		t.Errorf("%v", r.Err())
	}
	if got := r.Err().Error(); got != "second at byte 1: short input" {
		t.Error(got)
	}
	wrong := errors.New("wrong")
	r = wire.NewReader([]byte{1, 2, 3})
	r.Fail("nothing", nil)
	r.Skip("skipped", 2)
	r.Fail("field", wrong)
	if !errors.Is(r.Err(), wrong) || r.Short() || r.Err().Error() != "field at byte 2: wrong" {
		t.Errorf("%v", r.Err())
	}
}

func TestReaderParts(t *testing.T) {
	r := wire.NewReader([]byte("abcdefgh"))
	sub := r.Sub("nested", 3)
	if string(sub.Peek()) != "abc" || string(sub.Rest()) != "abc" || sub.U8("beyond") != 0 || !sub.Short() {
		t.Error("nested")
	}
	if string(r.Bytes("bytes", 2)) != "de" || string(r.Peek()) != "fgh" || r.Pos() != 5 {
		t.Error("bytes")
	}
	for _, n := range []int{-1, 4, 1 << 62, -1 << 63} {
		c := r
		if c.Bytes("n", n) != nil || !c.Short() {
			t.Errorf("%d bytes of three", n)
		}
		c = r
		if s := c.Sub("n", n); s.Len() != 0 || !c.Short() {
			t.Errorf("sub of %d bytes", n)
		}
	}
	if b := r.Bytes("none", 0); len(b) != 0 || !r.OK() {
		t.Error("no bytes")
	}
	var zero wire.Reader
	if zero.U8("x") != 0 || !zero.Short() {
		t.Error("zero reader")
	}
}

// Every sequence of reads gives what encoding/binary gives, or fails just
// where the bytes end.
func TestReaderAgainstBinary(t *testing.T) {
	sizes := []int{1, 2, 2, 3, 3, 4, 4, 8, 8}
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes")
		r := wire.NewReader(b)
		at, failed := 0, -1
		for i, op := range rapid.SliceOfN(rapid.IntRange(0, 8), 1, 20).Draw(t, "reads") {
			field := fmt.Sprint("field ", i)
			var want uint64
			if n := sizes[op]; failed < 0 && at+n <= len(b) {
				be, le := make([]byte, 8), make([]byte, 8)
				copy(be[8-n:], b[at:at+n])
				copy(le, b[at:at+n])
				if want = binary.BigEndian.Uint64(be); op == 2 || op == 4 || op == 6 || op == 8 {
					want = binary.LittleEndian.Uint64(le)
				}
				at += n
			} else if failed < 0 {
				failed = i
			}
			got := [...]func() uint64{
				func() uint64 { return uint64(r.U8(field)) }, func() uint64 { return uint64(r.U16(field)) },
				func() uint64 { return uint64(r.U16LE(field)) }, func() uint64 { return uint64(r.U24(field)) },
				func() uint64 { return uint64(r.U24LE(field)) }, func() uint64 { return uint64(r.U32(field)) },
				func() uint64 { return uint64(r.U32LE(field)) }, func() uint64 { return r.U64(field) }, func() uint64 { return r.U64LE(field) },
			}[op]()
			if got != want || r.Pos() != at {
				t.Fatalf("read %d: %#x at %d, want %#x at %d", i, got, r.Pos(), want, at)
			}
		}
		if e, ok := errors.AsType[*wire.FieldError](r.Err()); ok != (failed >= 0) || ok && (e.At != at || e.Field != fmt.Sprint("field ", failed)) {
			t.Fatalf("%v, want failure of field %d at %d", r.Err(), failed, at)
		}
	})
}

func TestReaderDoesNotAllocate(t *testing.T) {
	b := make([]byte, 32)
	if n := testing.AllocsPerRun(100, func() {
		r := wire.NewReader(b)
		r.U8("a")
		r.U16("b")
		r.Sub("c", 3)
		r.U64("d")
		r.U64("e")
		r.U64("f")
		r.U64("g")
		if r.OK() {
			t.Fatal("nothing was short")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestBuilder(t *testing.T) {
	var w wire.Builder
	w.U8(1, 2).U16(0x0304).U16LE(0x0605).U32(0x0708090a).U32LE(0x0e0d0c0b).U64(0x0f10111213141516).U64LE(0x1e1d1c1b1a191817).
		Bytes([]byte{0x1f}).Text("A").Zero(2).
		Len16(func(w *wire.Builder) { w.Text("abc").Len16LE(func(w *wire.Builder) { w.Text("d") }) }).U8(9)
	want := []byte{
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 'A', 0, 0,
		0, 6, 'a', 'b', 'c', 1, 0, 'd', 9,
	}
	if !bytes.Equal(w.B, want) {
		t.Errorf("%x\n%x", w.B, want)
	}
}

func BenchmarkReader(b *testing.B) {
	in := make([]byte, 64)
	b.ReportAllocs()
	var sum uint64
	for b.Loop() {
		r := wire.NewReader(in)
		sum += uint64(r.U16("a")) + uint64(r.U16("b")) + uint64(r.U16("c")) + uint64(r.U8("d")) + uint64(r.U8("e")) + uint64(r.U32("f"))
		sum += uint64(len(r.Rest()))
	}
	_ = sum
}
