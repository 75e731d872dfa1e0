package stream_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/bulkhead-ot/bulkhead/wire/stream"
)

// piece is a segment of a stream: bytes [from, to), of which the capture keeps
// all but the last lack.
type piece struct{ from, to, lack int }

// reader puts together what an Assembler delivers, at the positions that it
// reports.
type reader struct {
	a    *stream.Assembler
	h    *stream.Half
	isn  uint32
	all  []byte // the true stream
	have []bool
	at   int
	lost int
	now  int64
	fail func(string, ...any)
}

func (r *reader) take(data []byte, lost uint32) {
	r.at += int(lost)
	r.lost += int(lost)
	if r.at+len(data) > len(r.all) || !bytes.Equal(data, r.all[r.at:r.at+len(data)]) {
		r.fail("%d bytes at %d are not those of the stream", len(data), r.at)
		return
	}
	for i := range data {
		r.have[r.at+i] = true
	}
	r.at += len(data)
}

func (r *reader) more() {
	for {
		data, lost, ok := r.a.More(r.h, r.now)
		if !ok {
			return
		}
		r.take(data, lost)
	}
}

func (r *reader) segment(p piece) {
	r.now += 1000
	data, lost := r.a.Segment(r.h, r.isn+1+uint32(p.from), r.all[p.from:p.to-p.lack], uint32(p.lack), r.now)
	r.take(data, lost)
	r.more()
}

func newReader(t interface{ Fatalf(string, ...any) }, all []byte, isn uint32) *reader {
	r := &reader{a: &stream.Assembler{}, h: &stream.Half{}, isn: isn, all: all, have: make([]bool, len(all)), fail: t.Fatalf, now: 1e18}
	r.h.Open(isn + 1)
	return r
}

func content(n int, seed uint64) []byte {
	b := make([]byte, n)
	g := rand.New(rand.NewPCG(seed, 1))
	for i := range b {
		b[i] = byte(g.Uint32())
	}
	return b
}

// pieces cuts a stream anywhere.
func pieces(t *rapid.T, n int) []piece {
	var ps []piece
	for at := 0; at < n; {
		to := min(n, at+rapid.IntRange(1, 1460).Draw(t, "length"))
		ps = append(ps, piece{at, to, 0})
		at = to
	}
	return ps
}

// initials are sequence numbers to begin with, some of which wrap soon.
var initials = rapid.OneOf(rapid.Uint32(), rapid.SampledFrom([]uint32{0, 0xffffffff, 0xfffffff0, 0xfffff000, 0x7fffffff, 0x80000000}))

// However segments are repeated, overlap and overtake each other, as long as
// none is missing for long, exactly the stream comes out.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40_000).Draw(t, "bytes")
		r := newReader(t, content(n, 1), initials.Draw(t, "initial"))
		var order []piece
		for _, p := range pieces(t, n) {
			order = append(order, p)
			switch rapid.IntRange(0, 5).Draw(t, "again") {
			case 0:
				order = append(order, p)
			case 1: // a repetition that is cut otherwise
				from := max(0, p.from-rapid.IntRange(0, 3000).Draw(t, "before"))
				order = append(order, piece{from, min(n, p.to+rapid.IntRange(0, 500).Draw(t, "beyond")), 0})
			}
		}
		for chunk := range slices.Chunk(order, 12) {
			order := rapid.Permutation(chunk).Draw(t, "order")
			for _, p := range order {
				r.segment(p)
			}
		}
		r.h.Flush()
		r.more()
		if r.at != n || r.lost != 0 || r.a.Lost != 0 || r.a.Holes != 0 {
			t.Fatalf("delivered %d of %d bytes; lost %d, counted %d in %d holes", r.at, n, r.lost, r.a.Lost, r.a.Holes)
		}
		if r.a.Held() != 0 {
			t.Fatalf("%d bytes are still held", r.a.Held())
		}
	})
}

// What is missing is reported in its place, and nothing else is.
func TestLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40_000).Draw(t, "bytes")
		r := newReader(t, content(n, 2), initials.Draw(t, "initial"))
		came := make([]bool, n)
		var order []piece
		ps := pieces(t, n)
		for i, p := range ps {
			if i < len(ps)-1 && rapid.IntRange(0, 3).Draw(t, "lost") == 0 {
				continue
			}
			if rapid.IntRange(0, 7).Draw(t, "cut") == 0 && i < len(ps)-1 {
				p.lack = rapid.IntRange(1, p.to-p.from).Draw(t, "lack")
			}
			order = append(order, p)
			for i := p.from; i < p.to-p.lack; i++ {
				came[i] = true
			}
		}
		for chunk := range slices.Chunk(order, 6) {
			order := rapid.Permutation(chunk).Draw(t, "order")
			for _, p := range order {
				r.segment(p)
			}
			if rapid.Bool().Draw(t, "acknowledged") {
				r.h.Acked(r.isn + 1 + uint32(chunk[len(chunk)-1].to))
				r.more()
			}
		}
		r.h.Flush()
		r.more()
		if r.at != n {
			t.Fatalf("ended at %d of %d", r.at, n)
		}
		for i := range came {
			if r.have[i] && !came[i] {
				t.Fatalf("byte %d was delivered and never came", i)
			}
		}
		if got := n - count(r.have); r.lost != got {
			t.Fatalf("%d bytes reported lost, %d not delivered", r.lost, got)
		}
		if r.a.Held() != 0 {
			t.Fatalf("%d bytes are still held", r.a.Held())
		}
	})
}

func count(b []bool) int {
	n := 0
	for _, x := range b {
		if x {
			n++
		}
	}
	return n
}

// A hole is given up when the receiver has its bytes, when many packets
// passed, when time passed, and when the connection ends; not before.
func TestPatience(t *testing.T) {
	all := content(40_000, 3)
	setUp := func() *reader {
		r := newReader(t, all, 5)
		r.segment(piece{0, 100, 0})
		r.segment(piece{200, 300, 0})
		if r.at != 100 || !r.h.Waiting() {
			t.Fatalf("at %d, waiting %v", r.at, r.h.Waiting())
		}
		return r
	}
	r := setUp()
	for i := 1; r.at == 100; i++ {
		r.segment(piece{300 + i, 301 + i, 0})
		if i > 40 {
			t.Fatal("never given up")
		}
	}
	if r.a.OutOfOrder < 20 || r.lost < 100 {
		t.Errorf("given up after %d packets, lost %d", r.a.OutOfOrder, r.lost)
	}
	r = setUp()
	for range 10 {
		r.h.Acked(5 + 1 + 300)
		r.more()
	}
	if r.at != 300 || r.lost != 100 || r.a.Lost != 100 || r.a.Holes != 1 {
		t.Errorf("acknowledged: at %d, lost %d", r.at, r.lost)
	}
	r = setUp()
	for range 10 {
		r.h.Acked(5 + 1 + 150) // the hole is open at the receiver, too
		r.more()
	}
	if r.at != 100 {
		t.Errorf("not acknowledged: at %d", r.at)
	}
	r = setUp()
	r.now += 3e9
	r.more()
	if r.at != 300 {
		t.Errorf("after 3 s: at %d", r.at)
	}
	r = setUp()
	r.now -= 3600e9 // the clock was set back
	r.more()
	if r.at != 300 {
		t.Errorf("after the clock was set back: at %d", r.at)
	}
	r = setUp()
	r.h.Flush()
	r.more()
	if r.at != 300 {
		t.Errorf("at the end: at %d", r.at)
	}
}

// A connection that is met in its middle begins with what comes first; a
// number far away begins anew.
func TestMiddle(t *testing.T) {
	var a stream.Assembler
	var h stream.Half
	if data, lost := a.Segment(&h, 1000, []byte("hello"), 0, 1); string(data) != "hello" || lost != 0 || h.Next() != 1005 {
		t.Errorf("%q, lost %d, next %d", data, lost, h.Next())
	}
	if data, lost := a.Segment(&h, 1000+1<<30, []byte("far"), 0, 2); string(data) != "far" || lost == 0 || a.Holes != 1 {
		t.Errorf("%q, lost %d, holes %d", data, lost, a.Holes)
	}
	if data, _ := a.Segment(&h, h.Next()-1, []byte("r"), 0, 3); data != nil || a.Repeated != 0 {
		t.Errorf("a probe: %q, repeated %d", data, a.Repeated)
	}
	if data, _ := a.Segment(&h, h.Next()-3, []byte("far"), 0, 3); data != nil || a.Repeated != 1 {
		t.Errorf("a repetition: %q, repeated %d", data, a.Repeated)
	}
	if data, _ := a.Segment(&h, h.Next()-3, []byte("farther"), 0, 3); string(data) != "ther" {
		t.Errorf("half of it is new: %q", data)
	}
}

// FuzzSegments: whatever comes, the bounds hold and all memory is given back.
func FuzzSegments(f *testing.F) {
	f.Add([]byte{1, 0, 0, 10, 1, 9, 9, 200, 2, 0, 0, 0, 3, 255, 255, 9, 4, 1, 1, 1})
	f.Add(bytes.Repeat([]byte{1, 0, 3, 200, 1, 0, 1, 2}, 100))
	all := content(70_000, 4)
	f.Fuzz(func(t *testing.T, script []byte) {
		const budget = 300_000
		a := stream.Assembler{Budget: budget}
		var halves [3]stream.Half
		now := int64(1e18)
		for n := 0; len(script) >= 4; n++ {
			op, x, y, z := script[0], uint32(script[1]), uint32(script[2]), uint32(script[3])
			script = script[4:]
			h := &halves[op>>4%3]
			now += int64(z) * 1e6
			switch op % 8 {
			case 6:
				h.Acked(x<<24 | y<<16 | z)
			case 7:
				if x == 0 {
					a.Close(h)
				} else if y == 0 {
					h.Flush()
				} else {
					now -= int64(x) * 1e9
				}
			default:
				size := int(z)
				if op&8 != 0 {
					size *= 257
				}
				seq := h.Next() + (x<<8|y)<<(op%8*3) - 0x1000
				a.Segment(h, seq, all[:size], y%3*x, now)
			}
			for i := 0; ; i++ {
				data, _, ok := a.More(h, now)
				if !ok {
					break
				}
				if len(data) == 0 || i > stream.MaxPendingSegments {
					t.Fatal("More goes on without bytes")
				}
			}
			if a.Held() > budget || a.Held() < 0 || h.Pending() > stream.MaxPendingSegments {
				t.Fatalf("%d bytes and %d segments are held", a.Held(), h.Pending())
			}
		}
		for i := range halves {
			halves[i].Flush()
			for ok := true; ok; {
				_, _, ok = a.More(&halves[i], now)
			}
			a.Close(&halves[i])
		}
		if a.Held() != 0 {
			t.Fatalf("%d bytes are held for nothing", a.Held())
		}
	})
}

// Many connections with holes: the memory stays within the budget, also when
// each byte comes in a segment of its own, and lists do not stay large.
func TestBudget(t *testing.T) {
	const budget = 1 << 20
	a := stream.Assembler{Budget: budget}
	halves := make([]stream.Half, 2000)
	for i := range halves {
		halves[i].Open(0)
		for j := range uint32(200) {
			a.Segment(&halves[i], 10+2*j, []byte{1}, 0, 1)
		}
		if a.Held() > budget {
			t.Fatalf("%d bytes are held after %d connections", a.Held(), i)
		}
	}
	room := 0
	for i := range halves {
		halves[i].Flush()
		for ok := true; ok; {
			_, _, ok = a.More(&halves[i], 1)
		}
		room += halves[i].Room()
	}
	if a.Held() != 0 || room > 8*len(halves) {
		t.Errorf("%d bytes held, room for %d segments", a.Held(), room)
	}
}

func BenchmarkSegment(b *testing.B) {
	payload := make([]byte, 200)
	b.Run("in order", func(b *testing.B) {
		b.ReportAllocs()
		var a stream.Assembler
		var h stream.Half
		for n := uint32(0); b.Loop(); n += 200 {
			a.Segment(&h, n, payload, 0, 1)
		}
	})
	b.Run("swapped", func(b *testing.B) {
		b.ReportAllocs()
		var a stream.Assembler
		var h stream.Half
		h.Open(0)
		for n := uint32(0); b.Loop(); n += 400 {
			a.Segment(&h, n+200, payload, 0, 1)
			a.Segment(&h, n, payload, 0, 1)
			for ok := true; ok; {
				_, _, ok = a.More(&h, 1)
			}
		}
	})
}

// Segments that come early cost no allocation in the long run.
func TestSteadyState(t *testing.T) {
	var a stream.Assembler
	var h stream.Half
	payload := make([]byte, 1400)
	n := uint32(0)
	h.Open(0)
	round := func() {
		for _, i := range []uint32{2, 1, 3, 0} {
			a.Segment(&h, n+i*1400, payload, 0, 1)
			for ok := true; ok; {
				_, _, ok = a.More(&h, 1)
			}
		}
		n += 4 * 1400
	}
	if allocs := testing.AllocsPerRun(100, round); allocs != 0 {
		t.Errorf("%v allocations in a round", allocs)
	}
	if h.Next() != n || a.Lost != 0 {
		t.Errorf("next %d of %d, lost %d", h.Next(), n, a.Lost)
	}
}
