package simulate

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"time"
)

// Flood is a kind of hostile traffic, for tests of bounds.
type Flood int

// The floods.
const (
	SYNs       Flood = iota // opening segments to random ports of a few targets from one attacker
	SpoofedSYN              // opening segments from random addresses
	MACs                    // a new hardware and IP address in each frame
	UDPFlows                // a new flow of a short datagram each
	ARPAnswers              // unasked answers that claim the same addresses for ever other hardware
	Fragments               // first fragments that are never completed
	Noise                   // Ethernet frames of random bytes
	HalfOpen                // connections that are opened, send one random byte and stay
)

// Floods lists all kinds with their names.
var Floods = map[string]Flood{
	"syns": SYNs, "spoofed-syns": SpoofedSYN, "macs": MACs, "udp-flows": UDPFlows, "arp-answers": ARPAnswers,
	"fragments": Fragments, "noise": Noise, "half-open": HalfOpen,
}

// NewFlood composes count packets of a kind, one each microsecond.
func NewFlood(kind Flood, count int, seed uint64) *Stream {
	return &Stream{name: "flood", maker: &flood{kind: kind, left: count, rng: rand.New(rand.NewPCG(seed, uint64(kind)))}}
}

type flood struct {
	kind Flood
	left int
	now  time.Duration
	rng  *rand.Rand
	a, b host
	port uint16
	seq  uint32
	open int // step of the connection being opened
}

func (f *flood) next(buf []byte) (time.Duration, []byte, bool) {
	if f.left <= 0 {
		return 0, buf, false
	}
	f.left--
	f.now += time.Microsecond
	r := f.rng.Uint64()
	f.a = host{mac: mac{0x02, 0xbb, 0, 0, 0, 1}, addr: netip.AddrFrom4([4]byte{10, 10, 20, 131})}
	f.b = host{mac: mac{0x02, 0xbb, 0, 0, 1, byte(r % 7)}, addr: netip.AddrFrom4([4]byte{10, 10, 20, byte(10 + r%7)})}
	anyone := netip.AddrFrom4([4]byte{byte(11 + r>>8%180), byte(r >> 16), byte(r >> 24), byte(r >> 32)})
	switch f.kind {
	case SYNs:
		return f.now, f.segment(buf, uint16(r>>16), uint16(r>>32), syn, uint32(r), 0, nil), true
	case SpoofedSYN:
		f.a.addr = anyone
		return f.now, f.segment(buf, uint16(r>>40), 502, syn, uint32(r), 0, nil), true
	case MACs:
		binary.BigEndian.PutUint32(f.a.mac[2:], uint32(r>>24))
		f.a.addr = netip.AddrFrom4([4]byte{10, byte(r >> 16), byte(r >> 24), byte(r >> 32)})
		return f.now, f.datagram(buf, 5000, 5000, []byte("hello")), true
	case UDPFlows:
		f.a.addr = netip.AddrFrom4([4]byte{10, 10, byte(r >> 16), byte(r >> 24)})
		return f.now, f.datagram(buf, uint16(r>>32), uint16(r>>48), []byte{byte(r), byte(r >> 8)}), true
	case ARPAnswers:
		binary.BigEndian.PutUint32(f.a.mac[2:], uint32(r>>24))
		f.a.addr = f.b.addr
		return f.now, ethernet(buf, f.b.mac, f.a.mac, etherARP, arp(2, &f.a, f.b.mac, &f.b)), true
	case Fragments:
		return f.now, f.fragment(buf, uint16(r>>16)), true
	case HalfOpen:
		return f.now, f.half(buf, r), true
	}
	return f.now, f.noise(buf, r), true
}

// ethernet appends a frame, padded to the minimum.
func ethernet(buf []byte, dst, src mac, etherType uint16, payload []byte) []byte {
	was := len(buf)
	buf = append(append(buf, dst[:]...), src[:]...)
	buf = append(binary.BigEndian.AppendUint16(buf, etherType), payload...)
	for len(buf)-was < 60 {
		buf = append(buf, 0)
	}
	return buf
}

// packet appends an IPv4 packet; offset holds the flags too.
func (f *flood) packet(buf []byte, protocol byte, id, offset uint16, payload []byte) []byte {
	var b [128]byte
	h := append(b[:0], 0x45, 0)
	h = binary.BigEndian.AppendUint16(h, uint16(20+len(payload)))
	h = binary.BigEndian.AppendUint16(h, id)
	h = binary.BigEndian.AppendUint16(h, offset)
	s, d := f.a.addr.As4(), f.b.addr.As4()
	h = append(append(append(h, 64, protocol, 0, 0), s[:]...), d[:]...)
	binary.BigEndian.PutUint16(h[10:], ^fold(sum(0, h)))
	return ethernet(buf, f.b.mac, f.a.mac, etherIPv4, append(h, payload...))
}

func (f *flood) segment(buf []byte, from, to uint16, flags byte, seq, acks uint32, data []byte) []byte {
	var b [64]byte
	h := binary.BigEndian.AppendUint16(b[:0], from)
	h = binary.BigEndian.AppendUint16(h, to)
	h = binary.BigEndian.AppendUint32(h, seq)
	h = binary.BigEndian.AppendUint32(h, acks)
	h = append(h, 0x50, flags, 0x20, 0, 0, 0, 0, 0)
	h = append(h, data...)
	binary.BigEndian.PutUint16(h[16:], ^fold(sum(pseudo(f.a.addr, f.b.addr, 6, len(h)), h)))
	return f.packet(buf, 6, uint16(seq), 0x4000, h)
}

func (f *flood) datagram(buf []byte, from, to uint16, data []byte) []byte {
	var b [64]byte
	h := binary.BigEndian.AppendUint16(b[:0], from)
	h = binary.BigEndian.AppendUint16(h, to)
	h = binary.BigEndian.AppendUint16(h, uint16(8+len(data)))
	h = append(append(h, 0, 0), data...)
	return f.packet(buf, 17, 1, 0x4000, h)
}

func (f *flood) fragment(buf []byte, id uint16) []byte {
	var data [64]byte
	return f.packet(buf, 17, id, 0x2000, data[:])
}

// half opens connections in three packets: opening, acknowledgement, one byte.
func (f *flood) half(buf []byte, r uint64) []byte {
	switch f.open++; f.open % 3 {
	case 1:
		f.port++
		f.seq = uint32(r)
		return f.segment(buf, f.port, 502, syn, f.seq, 0, nil)
	case 2:
		return f.segment(buf, f.port, 502, ack, f.seq+1, 1, nil)
	}
	return f.segment(buf, f.port, 502, psh|ack, f.seq+1, 1, []byte{byte(r)})
}

func (f *flood) noise(buf []byte, r uint64) []byte {
	n := 14 + int(r%1400)
	for i := 0; i < n; i += 8 {
		buf = binary.LittleEndian.AppendUint64(buf, f.rng.Uint64())
	}
	return buf
}
