package sensor

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/bulkhead-ot/bulkhead/wire/packet"
)

func keyOf(i int) key {
	return key{a: packet.Addr{Lo: uint64(i % 7)}, b: packet.Addr{Hi: uint64(i % 3), Lo: uint64(i / 7)}, ports: uint32(i), kind: packet.TCP}
}

// The table does what a map does.
func TestTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := newTable(1 << 20)
		want := make(map[key]uint32)
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				for range rapid.IntRange(1, 300).Draw(t, "n") {
					k := keyOf(rapid.IntRange(0, 4000).Draw(t, "key"))
					if _, ok := table.find(k.hash(), &k); ok {
						continue
					}
					if _, ok := want[k]; ok {
						t.Fatalf("%+v is not found", k)
					}
					i := table.add(k.hash(), &k)
					if f := table.at(i); f.key != k || !f.used || f.ext != noExt || f.packets[0] != 0 {
						t.Fatalf("a new entry is %+v", f)
					}
					table.at(i).packets[0] = 7 // must be gone when the entry is used again
					want[k] = i
				}
			},
			"remove": func(t *rapid.T) {
				keys := slices.SortedFunc(maps.Keys(want), func(a, b key) int { return int(a.ports) - int(b.ports) })
				for range min(len(keys), rapid.IntRange(1, 200).Draw(t, "n")) {
					k := keys[rapid.IntRange(0, len(keys)-1).Draw(t, "which")]
					if i, ok := want[k]; ok {
						table.remove(i)
						delete(want, k)
					}
				}
			},
			"": func(t *rapid.T) {
				if table.n != len(want) {
					t.Fatalf("%d entries, want %d", table.n, len(want))
				}
				for k, i := range want {
					if got, ok := table.find(k.hash(), &k); !ok || got != i {
						t.Fatalf("%+v: found %v at %d, want %d", k, ok, got, i)
					}
				}
				n := 0
				table.each(func(i uint32, f *flow) {
					n++
					if want[f.key] != i {
						t.Fatalf("each visits %+v at %d", f.key, i)
					}
				})
				if n != len(want) {
					t.Fatalf("each visits %d of %d", n, len(want))
				}
			},
		})
	})
}

// A key is the same for both directions, and tells which end sent.
func TestKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.Uint64Range(0, 2)
		h := packet.Headers{
			Kind: rapid.SampledFrom([]packet.Kind{packet.TCP, packet.UDP, packet.IP, packet.Ethernet}).Draw(t, "kind"),
			Src:  packet.Addr{Hi: small.Draw(t, "hi"), Lo: small.Draw(t, "lo")}, Dst: packet.Addr{Hi: small.Draw(t, "hi"), Lo: small.Draw(t, "lo")},
			SrcPort: uint16(small.Draw(t, "port")), DstPort: uint16(small.Draw(t, "port")), Version: 4, Proto: 1,
			SrcMAC: [6]byte{5: byte(small.Draw(t, "mac"))}, DstMAC: [6]byte{5: byte(small.Draw(t, "mac"))},
		}
		if h.Kind == packet.Ethernet {
			h.Version, h.Number = 0, 0x8892
		}
		back := h
		back.Src, back.Dst, back.SrcPort, back.DstPort, back.SrcMAC, back.DstMAC = h.Dst, h.Src, h.DstPort, h.SrcPort, h.DstMAC, h.SrcMAC
		var k, kBack key
		low, lowBack := makeKey(&k, &h), makeKey(&kBack, &back)
		if k != kBack || k.hash() != kBack.hash() || pairOf(&h) != pairOf(&back) || k.hash() != k.hashWith(pairOf(&h)) {
			t.Fatalf("%+v and %+v", k, kBack)
		}
		same := h.Src == h.Dst && h.SrcPort == h.DstPort
		switch h.Kind {
		case packet.Ethernet:
			same = h.SrcMAC == h.DstMAC
		case packet.IP:
			same = h.Src == h.Dst
		}
		if same != (low == lowBack) {
			t.Fatalf("both ends are %d and %d", low, lowBack)
		}
	})
}

// The lanes get about the same share, also of the addresses of one subnet.
func TestLanesAreEven(t *testing.T) {
	var n [lanes]int
	for i := range 16_000 {
		h := packet.Headers{Version: 4, Src: packet.Addr{Lo: 0xffff_0a000001}, Dst: packet.Addr{Lo: 0xffff_0a000100 + uint64(i)}}
		n[int(pairOf(&h)>>56)%lanes]++
	}
	for k, c := range n {
		if c < 800 || c > 1200 {
			t.Errorf("lane %d has %d of 16,000 pairs", k, c)
		}
	}
}

func BenchmarkTable(b *testing.B) {
	for _, n := range []int{100, 30_000} {
		name := "hundred"
		if n > 100 {
			name = "30 thousand"
		}
		b.Run(name, func(b *testing.B) {
			table := newTable(1 << 20)
			keys := make([]key, n)
			for i := range keys {
				keys[i] = keyOf(i * 977)
				keys[i].ports = uint32(i)
				table.add(keys[i].hash(), &keys[i])
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				k := &keys[i%n]
				if _, ok := table.find(k.hash(), k); !ok {
					b.Fatal("not found")
				}
				i += 7919
			}
		})
	}
}
