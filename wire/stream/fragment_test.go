package stream_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/bulkhead-ot/bulkhead/wire/packet"
	"github.com/bulkhead-ot/bulkhead/wire/stream"
)

func fragment(id uint32, from, to, n int) *packet.Headers {
	return &packet.Headers{
		Kind: packet.IP, Version: 4, Proto: 17, Fragment: true, ID: id, Offset: uint16(from), More: to < n,
		Src: packet.Addr{Lo: 1}, Dst: packet.Addr{Lo: 2},
	}
}

// However a packet is cut, repeated and shuffled, it is put together once.
func TestFragments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f stream.Fragments
		n := rapid.IntRange(9, 65535).Draw(t, "bytes")
		all := content(n, 5)
		type part struct{ from, to int }
		var parts []part
		for at := 0; at < n; {
			to := min(n, at+8*rapid.IntRange(max(1, n/8/60), 300).Draw(t, "eights"))
			parts = append(parts, part{at, to})
			at = to
		}
		whole := len(parts)
		for range rapid.IntRange(0, 5).Draw(t, "overlaps") {
			from := 8 * rapid.IntRange(0, (n-1)/8).Draw(t, "from")
			to := min(n, from+8*rapid.IntRange(1, 200).Draw(t, "eights"))
			parts = append(parts, part{from, to})
		}
		order := rapid.Permutation(parts).Draw(t, "order")
		other := content(16, 6)
		f.Add(fragment(8, 0, 8, 16), other[:8], 1)
		var got []byte
		times := 0
		for _, p := range order {
			if b := f.Add(fragment(7, p.from, p.to, n), all[p.from:p.to], 1); b != nil {
				got, times = bytes.Clone(b), times+1
			}
		}
		if times == 0 || times > 1 && len(parts) == whole || !bytes.Equal(got, all) {
			t.Fatalf("%d times, %d of %d bytes", times, len(got), n)
		}
		if b := f.Add(fragment(8, 8, 16, 16), other[8:], 1); !bytes.Equal(b, other) {
			t.Fatal("another packet in between is damaged")
		}
	})
}

func TestOverlapKeepsTheFirst(t *testing.T) {
	var f stream.Fragments
	f.Add(fragment(1, 8, 24, 99), bytes.Repeat([]byte("a"), 16), 1)
	f.Add(fragment(1, 0, 16, 99), bytes.Repeat([]byte("b"), 16), 1)
	got := f.Add(fragment(1, 16, 32, 32), bytes.Repeat([]byte("c"), 16), 1)
	if string(got) != "bbbbbbbbaaaaaaaaaaaaaaaacccccccc" {
		t.Errorf("%q", got)
	}
}

func TestFragmentsThatComeToNothing(t *testing.T) {
	var f stream.Fragments
	eight := make([]byte, 8)
	for _, c := range []struct {
		name string
		h    *packet.Headers
		b    []byte
	}{
		{"beyond 64 KiB", fragment(1, 65528, 65536, 65536), eight},
		{"empty", fragment(1, 0, 0, 9), nil},
	} {
		if f.Add(c.h, c.b, 1) != nil || f.Open() != 0 {
			t.Error(c.name)
		}
	}
	cut := fragment(1, 0, 8, 16)
	cut.Lacking = 3
	if f.Add(cut, eight, 1) != nil || f.Open() != 0 {
		t.Error("cut by the capture")
	}
	f.Add(fragment(1, 0, 8, 16), eight, 0)
	if f.Add(fragment(1, 8, 16, 16), eight, 40e9) != nil || f.Expired != 1 {
		t.Error("the rest came after 40 s")
	}
}

// A flood of fragments that never become whole stays within the bound.
func TestFragmentFlood(t *testing.T) {
	var f stream.Fragments
	b := make([]byte, 1400)
	for i := range 20_000 {
		f.Add(fragment(uint32(i), 60_000, 61_400, 65535), b, 1)
		if f.Held() > stream.MaxHeld+1<<17 || f.Held() < 0 {
			t.Fatalf("%d bytes are held after %d", f.Held(), i)
		}
	}
	for i := range 300 { // tiny parts of one packet
		f.Add(fragment(1<<20, 16*i, 16*i+8, 65535), b[:8], 1)
	}
	all := content(16, 7)
	f.Add(fragment(1<<21, 8, 16, 16), all[8:], 1)
	if got := f.Add(fragment(1<<21, 0, 8, 16), all[:8], 1); !bytes.Equal(got, all) {
		t.Error("a packet is not put together beside the flood")
	}
}

func FuzzFragments(f *testing.F) {
	f.Add([]byte{1, 0, 8, 0, 1, 1, 8, 1})
	f.Fuzz(func(t *testing.T, script []byte) {
		var fr stream.Fragments
		all := content(8192, 8)
		now := int64(0)
		for len(script) >= 4 {
			id, at, n, more := script[0], int(script[1]), int(script[2]), script[3]
			script = script[4:]
			h := fragment(uint32(id%4), at*8, at*8+1, 0)
			h.More = more&1 != 0
			now += int64(more>>1) * 1e9
			if b := fr.Add(h, all[:n*(1+int(id>>6)*8)], now); len(b) > 65535 {
				t.Fatal("a packet of more than 64 KiB")
			}
			if fr.Held() < 0 || fr.Held() > stream.MaxHeld+1<<17 {
				t.Fatalf("%d bytes held", fr.Held())
			}
		}
	})
}

func BenchmarkFragments(b *testing.B) {
	var f stream.Fragments
	part := make([]byte, 1400)
	b.ReportAllocs()
	for n := uint32(0); b.Loop(); n++ {
		f.Add(fragment(n, 0, 1400, 2800), part, 1)
		if f.Add(fragment(n, 1400, 2800, 2800), part, 1) == nil {
			b.Fatal("not put together")
		}
	}
}
