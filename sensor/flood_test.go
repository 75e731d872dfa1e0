package sensor_test

import (
	"runtime/debug"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/sensor"
)

// scatter spreads a counter over 32 bits.
func scatter(i int) uint32 { return uint32(i) * 2654435761 }

// floods are what an attacker or a broken device sends by the million.
var floods = []struct {
	name string
	full bool // a million also in the ordinary run
	make func(b []byte, i int) []byte
}{
	{"SYNs to random ports", true, func(b []byte, i int) []byte {
		return tcpPacket(b, uint16(i), 0x0a000001, 0x0a000002, uint16(scatter(i)), uint16(scatter(i)>>16), uint32(i), 0, syn, nil)
	}},
	{"SYNs from random addresses", false, func(b []byte, i int) []byte {
		return tcpPacket(b, uint16(i), scatter(i), 0x0a000002, uint16(i), 502, uint32(i), 0, syn, nil)
	}},
	{"spoofed hardware addresses", true, func(b []byte, i int) []byte {
		b = frame(b, 0xffffffffffff, 0x020000000000|uint64(scatter(i)), 0x88b5)
		return append(b, make([]byte, 46)...)
	}},
	{"ARP from spoofed hardware addresses", false, func(b []byte, i int) []byte {
		mac := 0x020000000000 | uint64(scatter(i))
		b = frame(b, 0xffffffffffff, mac, 0x0806)
		b = append(b, 0, 1, 8, 0, 6, 4, 0, 1)
		b = frame(b, mac, 0, 0)[:len(b)+6]
		x := scatter(i)
		return append(b, 10, byte(x>>16), byte(x>>8), byte(x), 0, 0, 0, 0, 0, 0, 10, 0, 0, 1)
	}},
	{"UDP from random addresses", false, func(b []byte, i int) []byte {
		return udpPacket(b, uint16(i), scatter(i), 0x0a000002, uint16(i), uint16(scatter(i)>>8), []byte("flood of nothing"))
	}},
	{"DNS queries from random addresses", false, func(b []byte, i int) []byte {
		q := append([]byte{byte(i >> 8), byte(i), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4}, 'a'+byte(i>>12&15), 'a'+byte(i>>8&15), 'a'+byte(i>>4&15), 'a'+byte(i&15))
		return udpPacket(b, uint16(i), scatter(i), 0x0a000002, uint16(i), 53, append(q, 3, 'l', 'a', 'n', 0, 0, 1, 0, 1))
	}},
	{"Modbus from random addresses", false, func(b []byte, i int) []byte {
		return tcpPacket(b, uint16(i), scatter(i), 0x0a000002, uint16(i), 502, 1, 1, ack, modbusRead(nil, uint16(i), uint16(i)))
	}},
	{"Modbus, every register of many units", false, func(b []byte, i int) []byte {
		m := modbusRead(nil, uint16(i), uint16(i))
		m[6], m[7] = byte(i>>16), 1+byte(i>>12)%6
		return tcpPacket(b, uint16(i), 0x0a000001+uint32(i>>18), 0x0a000002, 1000, 502, uint32(i&(1<<18-1))*12, 1, ack, m)
	}},
	{"messages that never end", false, func(b []byte, i int) []byte {
		m := []byte{3, 0, 0xff, 0xff, 2, 0xf0, 0x80, 0x32, 1, 0, 0, 0, 1, 0xff, 0xf0, 0, 0}
		return tcpPacket(b, uint16(i), 0x0a000000+uint32(i%20_000), 0x0b000002, 1000, 102, uint32(i/20_000)*1400, 1, ack, append(m, make([]byte, 1400-len(m))...))
	}},
	{"segments that leave holes", false, func(b []byte, i int) []byte {
		return tcpPacket(b, uint16(i), 0x0a000000+uint32(i%50_000), 0x0b000002, 1000, 9999, uint32(i/50_000)*2, 1, ack, []byte{1})
	}},
	{"fragments of packets that never become whole", false, func(b []byte, i int) []byte {
		b = frame(b, 0x020000000001, 0x020000000002, 0x0800)
		at := len(b)
		b = ipv4(b, 17, uint16(i), scatter(i), 0x0a000002, 1024)
		b[at+6], b[at+7] = 0x3f, 0x00 // offset 63,488, more to come
		return append(b, make([]byte, 1024)...)
	}},
}

// Memory stays under 1 GiB, and it does not take for ever. The heavy run has a
// million packets of each.
func TestFloods(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the program has it
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(192 << 20))
	for _, f := range floods {
		t.Run(f.name, func(t *testing.T) {
			n := 1_000_000
			switch {
			case testing.Short():
				n = 60_000
			case !f.full && !heavy():
				n = 150_000
			}
			before := heap()
			h := hub.New()
			began := time.Now()
			var q sensor.Quality
			most := peak(func() {
				q = run(t, f.name, &generator{n: n, make: f.make}, sensor.Options{Workers: 2}, h, 5*time.Minute)
				h.Close()
			})
			t.Logf("%d packets, %v, heap %d MiB at most, %d flows closed early, %d details dropped",
				q.Packets, time.Since(began).Round(time.Millisecond), most>>20, q.Evicted, q.Crowded)
			if q.Packets != uint64(n) || q.Panics != 0 {
				t.Errorf("%d packets of %d, %d failures", q.Packets, n, q.Panics)
			}
			if most > before+1<<30 {
				t.Errorf("the heap grew to %d MiB", most>>20)
			}
		})
	}
}
