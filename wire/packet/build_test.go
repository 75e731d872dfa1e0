package packet_test

import (
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/packet"
)

// What the tests compose packets of: each function wraps what it is given.

var (
	macA = [6]byte{2, 0, 0, 0, 0, 0xa}
	macB = [6]byte{2, 0, 0, 0, 0, 0xb}
	macC = [6]byte{2, 0, 0, 0, 0, 0xc}
	macD = [6]byte{2, 0, 0, 0, 0, 0xd}
)

const (
	ipA, ipB   = "10.0.0.1", "10.0.0.2"
	ip6A, ip6B = "fd00::1", "fd00::2"
	outA, outB = "192.0.2.1", "192.0.2.2"
)

func addr(s string) packet.Addr {
	b := netip.MustParseAddr(s).As16()
	r := wire.NewReader(b[:])
	return packet.Addr{Hi: r.U64("high"), Lo: r.U64("low")}
}

func eth(dst, src [6]byte, t uint16, b []byte) []byte {
	w := wire.Builder{}
	w.Bytes(dst[:]).Bytes(src[:]).U16(t).Bytes(b)
	return w.B
}

// ether is a frame from A to B.
func ether(t uint16, b []byte) []byte { return eth(macB, macA, t, b) }

func vlan(tci, t uint16, b []byte) []byte {
	w := wire.Builder{}
	w.U16(tci).U16(t).Bytes(b)
	return w.B
}

func ipv4(proto uint8, src, dst string, b []byte) []byte {
	return ipv4Frag(proto, src, dst, 0x1234, 0, b)
}

func ipv4Frag(proto uint8, src, dst string, id, frag uint16, b []byte) []byte {
	w := wire.Builder{}
	s, d := netip.MustParseAddr(src).As4(), netip.MustParseAddr(dst).As4()
	w.U8(0x45, 0).U16(uint16(20+len(b))).U16(id).U16(frag).U8(64, proto).U16(0).Bytes(s[:]).Bytes(d[:]).Bytes(b)
	return w.B
}

func ipv6(next uint8, src, dst string, b []byte) []byte {
	w := wire.Builder{}
	s, d := netip.MustParseAddr(src).As16(), netip.MustParseAddr(dst).As16()
	w.U32(0x60000000).U16(uint16(len(b))).U8(next, 64).Bytes(s[:]).Bytes(d[:]).Bytes(b)
	return w.B
}

func tcp(src, dst uint16, b []byte) []byte {
	w := wire.Builder{}
	w.U16(src).U16(dst).U32(0x01020304).U32(0x05060708).U8(5<<4, packet.ACK|packet.PSH).U16(4096).U32(0).Bytes(b)
	return w.B
}

func udp(src, dst uint16, b []byte) []byte {
	w := wire.Builder{}
	w.U16(src).U16(dst).U16(uint16(8 + len(b))).U16(0).Bytes(b)
	return w.B
}

// gre writes the flag bits given and zeros for the fields they announce.
func gre(flags, t uint16, b []byte) []byte {
	w := wire.Builder{}
	w.U16(flags).U16(t)
	for _, bit := range []uint16{0x8000, 0x2000, 0x1000} {
		if flags&bit != 0 {
			w.U32(0xfefefefe)
		}
	}
	return w.Bytes(b).B
}

func join(parts ...[]byte) []byte {
	w := wire.Builder{}
	for _, p := range parts {
		w.Bytes(p)
	}
	return w.B
}

// inner is the frame that tunnels carry: TCP from C to D.
func inner() []byte {
	return eth(macD, macC, 0x0800, ipv4(6, ipA, ipB, tcp(1024, 502, []byte("hello"))))
}
