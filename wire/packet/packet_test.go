package packet_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/bulkhead-ot/bulkhead/wire/packet"
)

// line writes what matters of decoded headers.
func line(h *packet.Headers, data []byte) string {
	s := fmt.Sprintf("kind %d", h.Kind)
	switch h.Kind {
	case packet.Ethernet, packet.LLC, packet.SNAP:
		s += fmt.Sprintf(" number %#x", h.Number)
	case packet.TCP, packet.UDP:
		s += fmt.Sprintf(" %d>%d", h.SrcPort, h.DstPort)
	case packet.IP:
		s += fmt.Sprintf(" proto %d", h.Proto)
	}
	if h.HasVLAN {
		s += fmt.Sprintf(" vlan %d", h.VLAN)
	}
	if h.Encap != 0 {
		s += fmt.Sprintf(" encap %07b", h.Encap)
	}
	if h.Flaw != 0 {
		s += fmt.Sprintf(" flaw %06b", h.Flaw)
	}
	if h.Fragment {
		s += fmt.Sprintf(" fragment %d more %v id %#x", h.Offset, h.More, h.ID)
	}
	if h.Lacking != 0 {
		s += fmt.Sprintf(" lacking %d", h.Lacking)
	}
	return s + fmt.Sprintf(" %q", h.Payload(data))
}

func decode(link uint16, data []byte, wire int) packet.Headers {
	var h packet.Headers
	packet.Decode(&h, link, data, max(wire, len(data)))
	return h
}

const (
	encVLAN   = "0000001"
	encMPLS   = "0000010"
	encPPPoE  = "0000100"
	encGRE    = "0001000"
	encERSPAN = "0010000"
	encVXLAN  = "0100000"
	encIPinIP = "1000000"
)

func TestDecode(t *testing.T) {
	hello := []byte("hello")
	plain := ipv4(6, ipA, ipB, tcp(1024, 502, hello))
	plain6 := ipv6(17, ip6A, ip6B, udp(1024, 161, hello))
	const tcpLine = `kind 5 1024>502`
	const udpLine = `kind 6 1024>161`
	bridged := func(b []byte) []byte { return ether(0x0800, ipv4(47, outA, outB, b)) }
	for _, c := range []struct {
		name string
		link uint16
		b    []byte
		want string
	}{
		{"ethernet ipv4 tcp", 1, ether(0x0800, plain), tcpLine + ` "hello"`},
		{"ethernet ipv6 udp", 1, ether(0x86dd, plain6), udpLine + ` "hello"`},
		{"padding", 1, ether(0x0800, join(plain, make([]byte, 30))), tcpLine + ` "hello"`},
		{"by ethertype", 1, ether(0x8892, hello), `kind 1 number 0x8892 "hello"`},
		{"llc", 1, ether(8, join([]byte{0x42, 0x42, 3}, hello, []byte("pad"))), `kind 2 number 0x42 "hello"`},
		{"llc with a second control byte", 1, ether(9, join([]byte{0xf0, 0xf0, 0, 0}, hello)), `kind 2 number 0xf0 "hello"`},
		{"snap", 1, ether(13, join([]byte{0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0}, hello)), `kind 3 number 0xc2000 "hello"`},
		{"snap ethertype", 1, ether(uint16(8+len(plain)), join([]byte{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, plain)), tcpLine + ` "hello"`},
		{"llc length beyond the frame", 1, ether(1400, join([]byte{0x42, 0x42, 3}, hello)), `kind 2 number 0x42 "hello"`},
		{"vlan", 1, ether(0x8100, vlan(0xa005, 0x0800, plain)), tcpLine + ` vlan 5 encap ` + encVLAN + ` "hello"`},
		{"priority tag", 1, ether(0x8100, vlan(0xa000, 0x8892, hello)), `kind 1 number 0x8892 vlan 0 encap ` + encVLAN + ` "hello"`},
		{"qinq keeps the outer vlan", 1, ether(0x88a8, vlan(7, 0x8100, vlan(9, 0x86dd, plain6))), udpLine + ` vlan 7 encap ` + encVLAN + ` "hello"`},
		{"vlan around 802.3", 1, ether(0x8100, vlan(3, 8, join([]byte{0x42, 0x42, 3}, hello))), `kind 2 number 0x42 vlan 3 encap ` + encVLAN + ` "hello"`},
		{"too many tags", 1, ether(0x8100, bytes.Repeat([]byte{0, 1, 0x81, 0}, 12)), ""},
		{"mpls ipv4", 1, ether(0x8847, join([]byte{0, 1, 0x01, 64}, plain)), tcpLine + ` encap ` + encMPLS + ` "hello"`},
		{"mpls stack ipv6", 1, ether(0x8847, join([]byte{0, 1, 0, 64, 0, 2, 1, 64}, plain6)), udpLine + ` encap ` + encMPLS + ` "hello"`},
		{"mpls pseudowire with control word", 1, ether(0x8847, join([]byte{0, 1, 1, 64, 0, 0, 0, 0}, inner())), tcpLine + ` encap ` + encMPLS + ` "hello"`},
		{"mpls pseudowire", 1, ether(0x8848, join([]byte{0, 1, 1, 64}, eth([6]byte{0x24, 1, 1, 1, 1, 1}, macC, 0x0800, plain))), tcpLine + ` encap ` + encMPLS + ` "hello"`},
		{"mpls without bottom", 1, ether(0x8847, bytes.Repeat([]byte{0, 1, 0, 64}, 20)), ""},
		{"pppoe ipv4", 1, ether(0x8864, join([]byte{0x11, 0, 0, 7, 0, byte(2 + len(plain)), 0, 0x21}, plain, []byte("pad"))), tcpLine + ` encap ` + encPPPoE + ` "hello"`},
		{"pppoe ipv6", 1, ether(0x8864, join([]byte{0x11, 0, 0, 7, 0, byte(2 + len(plain6)), 0, 0x57}, plain6)), udpLine + ` encap ` + encPPPoE + ` "hello"`},
		{"pppoe lcp", 1, ether(0x8864, join([]byte{0x11, 0, 0, 7, 0, 7, 0xc0, 0x21}, hello)), `kind 1 number 0x8864 encap ` + encPPPoE + ` "hello"`},
		{"gre ipv4", 1, bridged(gre(0, 0x0800, plain)), tcpLine + ` encap ` + encGRE + ` "hello"`},
		{"gre with checksum, key and sequence", 1, bridged(gre(0xb000, 0x86dd, plain6)), udpLine + ` encap ` + encGRE + ` "hello"`},
		{"gre with key", 1, bridged(gre(0x2000, 0x0800, plain)), tcpLine + ` encap ` + encGRE + ` "hello"`},
		{"gre bridging", 1, bridged(gre(0, 0x6558, inner())), tcpLine + ` encap ` + encGRE + ` "hello"`},
		{"gre mpls", 1, bridged(gre(0, 0x8847, join([]byte{0, 1, 1, 64}, plain))), tcpLine + ` encap 0001010 "hello"`},
		{"gre version 1", 1, bridged(join([]byte{0x30, 1, 0x88, 0x0b}, hello)), `kind 4 proto 47 "0\x01\x88\vhello"`},
		{"gre with source routing", 1, bridged(join([]byte{0x40, 0, 8, 0}, hello)), `kind 4 proto 47 "@\x00\b\x00hello"`},
		{"gre of something else", 1, bridged(gre(0, 0x9999, hello)), `kind 4 proto 47 "hello"`},
		{"erspan I", 1, bridged(gre(0, 0x88be, inner())), tcpLine + ` encap ` + encERSPAN + ` "hello"`},
		{"erspan II", 1, bridged(gre(0x1000, 0x88be, join([]byte{0x10, 0, 0, 1, 0, 0, 0, 0}, inner()))), tcpLine + ` encap ` + encERSPAN + ` "hello"`},
		{"erspan II names the vlan", 1, bridged(gre(0x1000, 0x88be, join([]byte{0x10, 33, 0x10, 1, 0, 0, 0, 0}, inner()))), tcpLine + ` vlan 33 encap ` + encERSPAN + ` "hello"`},
		{"erspan II with the tag inside", 1, bridged(gre(0x1000, 0x88be, join([]byte{0x10, 33, 0x18, 1, 0, 0, 0, 0}, ether(0x8100, vlan(44, 0x0800, plain))))), tcpLine + ` vlan 44 encap 0010001 "hello"`},
		{"erspan III", 1, bridged(gre(0x1000, 0x22eb, join([]byte{0x20, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}, inner()))), tcpLine + ` encap ` + encERSPAN + ` "hello"`},
		{"erspan III with subheader", 1, bridged(gre(0x1000, 0x22eb, join([]byte{0x20, 12, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, make([]byte, 8), inner()))), tcpLine + ` vlan 12 encap ` + encERSPAN + ` "hello"`},
		{"erspan III of ip", 1, bridged(gre(0x1000, 0x22eb, join([]byte{0x20, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2 << 2, 0}, plain))), tcpLine + ` encap ` + encERSPAN + ` "hello"`},
		{"erspan III of what nobody knows", 1, bridged(gre(0x1000, 0x22eb, join([]byte{0x20, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5 << 2, 0}, hello))), `kind 4 proto 47 encap ` + encERSPAN + ` "hello"`},
		{"the vlan of the tunnel is not that of the frame", 1, ether(0x8100, vlan(900, 0x0800, ipv4(47, outA, outB, gre(0, 0x88be, inner())))), tcpLine + ` encap 0010001 "hello"`},
		{"vxlan", 1, ether(0x0800, ipv4(17, outA, outB, udp(5555, 4789, join([]byte{8, 0, 0, 0, 0, 0, 9, 0}, inner())))), tcpLine + ` encap ` + encVXLAN + ` "hello"`},
		{"not vxlan", 1, ether(0x0800, ipv4(17, outA, outB, udp(5555, 4789, hello))), `kind 6 5555>4789 "hello"`},
		{"geneve with options", 1, ether(0x0800, ipv4(17, outA, outB, udp(5555, 6081, join([]byte{1, 0, 0x65, 0x58, 0, 0, 9, 0, 1, 2, 3, 4}, inner())))), tcpLine + ` encap ` + encVXLAN + ` "hello"`},
		{"not geneve", 1, ether(0x0800, ipv4(17, outA, outB, udp(5555, 6081, hello))), `kind 6 5555>6081 "hello"`},
		{"ip in ip", 1, ether(0x0800, ipv4(4, outA, outB, plain)), tcpLine + ` encap ` + encIPinIP + ` "hello"`},
		{"6in4", 1, ether(0x0800, ipv4(41, outA, outB, plain6)), udpLine + ` encap ` + encIPinIP + ` "hello"`},
		{"4in6", 1, ether(0x86dd, ipv6(4, ip6A, ip6B, plain)), tcpLine + ` encap ` + encIPinIP + ` "hello"`},
		{"icmp", 1, ether(0x0800, ipv4(1, ipA, ipB, hello)), `kind 4 proto 1 "hello"`},
		{"esp", 1, ether(0x86dd, ipv6(50, ip6A, ip6B, hello)), `kind 4 proto 50 "hello"`},

		{"extension headers", 1, ether(0x86dd, ipv6(0, ip6A, ip6B, join(
			[]byte{43, 0, 5, 2, 0, 0, 1, 0}, []byte{60, 0, 0, 0, 0, 0, 0, 0}, []byte{51, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
			[]byte{17, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, udp(1024, 161, hello)))), udpLine + ` "hello"`},
		{"no next header", 1, ether(0x86dd, ipv6(59, ip6A, ip6B, hello)), `kind 4 proto 59 "hello"`},
		{"endless extension headers", 1, ether(0x86dd, ipv6(0, ip6A, ip6B, make([]byte, 8*12))), ""},
		{"ipv4 first fragment", 1, ether(0x0800, ipv4Frag(17, ipA, ipB, 0x77, 0x2000, hello)), `kind 4 proto 17 fragment 0 more true id 0x77 "hello"`},
		{"ipv4 later fragment", 1, ether(0x0800, ipv4Frag(6, ipA, ipB, 0x77, 3, hello)), `kind 4 proto 6 fragment 24 more false id 0x77 "hello"`},
		{"ipv4 that may not be fragmented", 1, ether(0x0800, ipv4Frag(17, ipA, ipB, 0x77, 0x4000, udp(1024, 161, hello))), udpLine + ` "hello"`},
		{"ipv6 first fragment", 1, ether(0x86dd, ipv6(44, ip6A, ip6B, join([]byte{60, 0, 0, 1, 0, 0, 0, 9}, hello))), `kind 4 proto 60 fragment 0 more true id 0x9 "hello"`},
		{"ipv6 later fragment", 1, ether(0x86dd, ipv6(44, ip6A, ip6B, join([]byte{60, 0, 0, 0x10, 0, 0, 0, 9}, hello))), `kind 4 proto 60 fragment 16 more false id 0x9 "hello"`},
		{"ipv6 atomic fragment", 1, ether(0x86dd, ipv6(44, ip6A, ip6B, join([]byte{17, 0, 0, 0, 0, 0, 0, 9}, udp(1024, 161, hello)))), udpLine + ` "hello"`},

		{"sll", 113, join([]byte{0, 0, 0, 1, 0, 6}, macA[:], []byte{0, 0, 8, 0}, plain), tcpLine + ` "hello"`},
		{"sll with vlan", 113, join([]byte{0, 0, 0, 1, 0, 6}, macA[:], []byte{0, 0, 0x81, 0}, vlan(5, 0x0800, plain)), tcpLine + ` vlan 5 encap ` + encVLAN + ` "hello"`},
		{"sll 802.2", 113, join([]byte{0, 0, 0, 1, 0, 6}, macA[:], []byte{0, 0, 0, 4, 0x42, 0x42, 3}, hello), `kind 2 number 0x42 "hello"`},
		{"sll can", 113, join([]byte{0, 0, 1, 0x18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc}, hello), `kind 1 number 0xc "hello"`},
		{"sll2", 276, join([]byte{0x86, 0xdd, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6}, macA[:], []byte{0, 0}, plain6), udpLine + ` "hello"`},
		{"null little-endian", 0, join([]byte{2, 0, 0, 0}, plain), tcpLine + ` "hello"`},
		{"loop", 108, join([]byte{0, 0, 0, 24}, plain6), udpLine + ` "hello"`},
		{"raw", 101, plain, tcpLine + ` "hello"`},
		{"raw ipv6", 229, plain6, udpLine + ` "hello"`},
		{"raw of something else", 101, hello, `kind 4 proto 0 "hello"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := decode(c.link, c.b, 0)
			got := line(&h, c.b)
			switch c.name {
			case "too many tags", "mpls without bottom", "endless extension headers":
				if h.Flaw != packet.TooNested || h.Kind != packet.None {
					t.Errorf("got %s", got)
				}
				return
			case "raw of something else":
				if h.Flaw != packet.BadIP || h.Kind != packet.None {
					t.Errorf("got %s", got)
				}
				return
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// What belongs to the innermost packet is told, not what carries it.
func TestInnermost(t *testing.T) {
	b := ether(0x0800, ipv4(17, outA, outB, udp(5555, 4789, join([]byte{8, 0, 0, 0, 0, 0, 9, 0}, inner()))))
	h := decode(1, b, 0)
	if h.Src != addr(ipA) || h.Dst != addr(ipB) || h.SrcMAC != macC || h.DstMAC != macD || !h.HasMAC || h.Version != 4 || h.TTL != 64 || h.ID != 0x1234 {
		t.Errorf("%+v", h)
	}
	if h.Seq != 0x01020304 || h.Ack != 0x05060708 || h.Flags != packet.ACK|packet.PSH || h.Window != 4096 {
		t.Errorf("TCP: %+v", h)
	}
	arp := ether(0x0800, ipv4(47, outA, outB, gre(0, 0x6558, eth(macD, macC, 0x0806, []byte("hello")))))
	if h := decode(1, arp, 0); h.Version != 0 || h.Kind != packet.Ethernet || h.Number != 0x0806 || h.SrcMAC != macC {
		t.Errorf("ARP in a tunnel: %+v", h)
	}
}

func TestAddresses(t *testing.T) {
	h := decode(1, ether(0x86dd, ipv6(17, ip6A, ip6B, udp(1, 2, nil))), 0)
	if h.Src != addr(ip6A) || h.Dst != addr(ip6B) || h.Src.Bytes() != [16]byte{0: 0xfd, 15: 1} {
		t.Errorf("%+v", h)
	}
	h = decode(113, join([]byte{0, 0, 0, 1, 0, 6}, macA[:], []byte{0, 0, 8, 0}, ipv4(17, ipA, ipB, udp(1, 2, nil))), 0)
	if h.SrcMAC != macA || !h.HasMAC || h.DstMAC != ([6]byte{}) {
		t.Errorf("SLL: %+v", h)
	}
	h = decode(113, join([]byte{0, 0, 2, 8, 0, 0}, make([]byte, 8), []byte{8, 0}, ipv4(17, ipA, ipB, udp(1, 2, nil))), 0)
	if h.HasMAC {
		t.Errorf("SLL without address: %+v", h)
	}
}

func TestMalformed(t *testing.T) {
	plain := ipv4(6, ipA, ipB, tcp(1024, 502, []byte("hello")))
	edit := func(b []byte, at int, v ...byte) []byte {
		b = bytes.Clone(b)
		copy(b[at:], v)
		return b
	}
	const bad = packet.Flaw(0)
	for _, c := range []struct {
		name string
		b    []byte
		flaw packet.Flaw
		kind packet.Kind
	}{
		{"empty", nil, packet.BadLink, packet.None},
		{"13 bytes", make([]byte, 13), packet.BadLink, packet.None},
		{"vlan cut", ether(0x8100, []byte{0, 1, 8}), packet.BadLink, packet.None},
		{"ipv4 header cut", ether(0x0800, plain[:19]), packet.BadIP, packet.None},
		{"ipv4 version 5", ether(0x0800, edit(plain, 0, 0x55)), packet.BadIP, packet.None},
		{"ipv4 header length 4", ether(0x0800, edit(plain, 0, 0x44)), packet.BadIP, packet.None},
		{"ipv4 header longer than the packet", ether(0x0800, edit(plain, 0, 0x4f)), packet.BadIP, packet.None},
		{"ipv4 total below header", ether(0x0800, edit(plain, 2, 0, 19)), packet.BadIP, packet.None},
		{"ipv4 total beyond packet", ether(0x0800, edit(plain, 2, 9, 0)), packet.BadIP, packet.TCP},
		{"ipv4 total 0", ether(0x0800, edit(plain, 2, 0, 0)), bad, packet.TCP},
		{"ipv6 version 4", ether(0x86dd, edit(ipv6(17, ip6A, ip6B, udp(1, 2, nil)), 0, 0x40)), packet.BadIP, packet.None},
		{"ipv6 length beyond packet", ether(0x86dd, edit(ipv6(17, ip6A, ip6B, udp(1, 2, nil)), 4, 9, 9)), packet.BadIP, packet.UDP},
		{"ipv6 extension cut", ether(0x86dd, ipv6(0, ip6A, ip6B, []byte{17, 9, 0, 0, 0, 0, 0, 0})), packet.BadIP, packet.None},
		{"ipv6 fragment header cut", ether(0x86dd, ipv6(44, ip6A, ip6B, []byte{17, 0, 0, 0})), packet.BadIP, packet.None},
		{"tcp header cut", ether(0x0800, ipv4(6, ipA, ipB, make([]byte, 19))), packet.BadTCP, packet.IP},
		{"tcp offset 4", ether(0x0800, edit(plain, 32, 0x40)), packet.BadTCP, packet.TCP},
		{"tcp offset beyond segment", ether(0x0800, edit(plain, 32, 0xf0)), packet.BadTCP, packet.TCP},
		{"udp header cut", ether(0x0800, ipv4(17, ipA, ipB, make([]byte, 7))), packet.BadUDP, packet.IP},
		{"udp length 7", ether(0x0800, ipv4(17, ipA, ipB, []byte{0, 1, 0, 2, 0, 7, 0, 0})), packet.BadUDP, packet.UDP},
		{"udp length 0", ether(0x0800, ipv4(17, ipA, ipB, []byte{0, 1, 0, 2, 0, 0, 0, 0})), bad, packet.UDP},
		{"udp length beyond packet", ether(0x0800, ipv4(17, ipA, ipB, []byte{0, 1, 0, 2, 0, 99, 0, 0})), packet.BadUDP, packet.UDP},
		{"gre cut", ether(0x0800, ipv4(47, outA, outB, []byte{0xb0, 0, 8, 0, 1})), packet.BadIP, packet.IP},
		{"erspan II cut", ether(0x0800, ipv4(47, outA, outB, gre(0x1000, 0x88be, []byte{1, 2}))), packet.BadLink, packet.None},
		{"erspan III cut", ether(0x0800, ipv4(47, outA, outB, gre(0x1000, 0x22eb, make([]byte, 11)))), packet.BadLink, packet.None},
		{"pppoe cut", ether(0x8864, make([]byte, 7)), packet.BadLink, packet.None},
		{"mpls cut", ether(0x8847, []byte{0, 1, 1}), packet.BadLink, packet.None},
		{"llc cut", ether(2, []byte{0x42, 0x42}), packet.BadLink, packet.None},
	} {
		t.Run(c.name, func(t *testing.T) {
			if h := decode(1, c.b, 0); h.Flaw != c.flaw || h.Kind != c.kind {
				t.Errorf("got %s", line(&h, c.b))
			}
		})
	}
	if h := decode(77, plain, 0); h.Flaw != packet.BadLink {
		t.Errorf("unknown link type: %+v", h)
	}
}

// A packet that the capture cut is not malformed, and how much of its payload
// is lacking is known wherever the cut is.
func TestCut(t *testing.T) {
	whole := ether(0x0800, ipv4(6, ipA, ipB, tcp(1024, 502, []byte("0123456789"))))
	for _, padding := range []int{0, 4} {
		onWire := len(whole) + padding
		for n := range len(whole) {
			h := decode(1, whole[:n], onWire)
			if h.Flaw != packet.Cut {
				t.Fatalf("%d of %d bytes: flaw %06b", n, onWire, h.Flaw)
			}
			if n < 54 {
				continue
			}
			if h.Kind != packet.TCP || int(h.Lacking) != len(whole)-n || len(h.Payload(whole[:n])) != n-54 {
				t.Fatalf("%d of %d bytes: %s", n, onWire, line(&h, whole[:n]))
			}
		}
	}
	// Options that the capture did not keep are not payload.
	options := bytes.Clone(whole)
	options[14+20+12] = 0x70 // 28 bytes of header: 2 of payload remain
	h := decode(1, options[:54], len(options))
	if h.Kind != packet.TCP || h.Lacking != 2 || h.Start != h.End {
		t.Errorf("cut in options: %s", line(&h, options[:54]))
	}
	// What the wire had behind the packet is not lacking either.
	h = decode(1, whole[:60], len(whole)+100)
	if int(h.Lacking) != len(whole)-60 {
		t.Errorf("trailer: %s", line(&h, whole[:60]))
	}
	// A length that says more than there was on the wire is not believed.
	lie := bytes.Clone(whole)
	lie[16], lie[17] = 5, 0
	if h = decode(1, lie[:60], len(lie)); int(h.Lacking) != len(lie)-60 || h.Flaw != packet.Cut|packet.BadIP {
		t.Errorf("lie: %s", line(&h, lie[:60]))
	}
}

// What fragments were put together to is decoded as if it had never been cut.
func TestTransport(t *testing.T) {
	first := ether(0x86dd, ipv6(44, ip6A, ip6B, join([]byte{60, 0, 0, 1, 0, 0, 0, 9}, make([]byte, 16))))
	h := decode(1, first, 0)
	whole := join([]byte{17, 0, 1, 4, 0, 0, 0, 0}, udp(1024, 161, []byte("hello")))
	packet.Transport(&h, whole)
	if got := line(&h, whole); got != `kind 6 1024>161 "hello"` {
		t.Errorf("IPv6: %s", got)
	}
	h = decode(1, ether(0x0800, ipv4Frag(47, outA, outB, 7, 0x2000, make([]byte, 8))), 0)
	whole = gre(0, 0x88be, inner())
	packet.Transport(&h, whole)
	if got := line(&h, whole); got != `kind 5 1024>502 encap 0010000 "hello"` || h.Src != addr(ipA) {
		t.Errorf("a tunnel in fragments: %s", got)
	}
}

func corpus() map[uint16][][]byte {
	plain := ipv4(6, ipA, ipB, tcp(1024, 502, []byte("hello")))
	plain6 := ipv6(0, ip6A, ip6B, join([]byte{44, 0, 5, 2, 0, 0, 1, 0, 60, 0, 0, 1, 0, 0, 0, 9}, make([]byte, 16)))
	return map[uint16][][]byte{
		1: {
			ether(0x0800, plain), ether(0x86dd, plain6), ether(0x8100, vlan(5, 0x88a8, vlan(6, 0x0800, plain))),
			ether(0x8847, join([]byte{0, 1, 0, 64, 0, 2, 1, 64, 0, 0, 0, 0}, inner())),
			ether(0x8864, join([]byte{0x11, 0, 0, 7, 0, byte(2 + len(plain)), 0, 0x21}, plain)),
			ether(0x0800, ipv4(47, outA, outB, gre(0xb000, 0x22eb, join([]byte{0x20, 12, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, make([]byte, 8), inner())))),
			ether(0x0800, ipv4(17, outA, outB, udp(5555, 4789, join([]byte{8, 0, 0, 0, 0, 0, 9, 0}, inner())))),
			ether(0x0800, ipv4(17, outA, outB, udp(5555, 6081, join([]byte{1, 0, 0x65, 0x58, 0, 0, 9, 0, 1, 2, 3, 4}, inner())))),
			ether(13, join([]byte{0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0}, []byte("hello"))),
		},
		113: {join([]byte{0, 0, 0, 1, 0, 6}, macA[:], []byte{0, 0, 8, 0}, plain)},
		276: {join([]byte{0x86, 0xdd, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6}, macA[:], []byte{0, 0}, plain6)},
		0:   {join([]byte{2, 0, 0, 0}, plain)},
		101: {plain, plain6},
	}
}

func FuzzDecode(f *testing.F) {
	for link, all := range corpus() {
		for _, b := range all {
			f.Add(link, b, uint16(0))
			f.Add(link, b[:len(b)/2], uint16(len(b)-len(b)/2))
		}
	}
	f.Fuzz(func(t *testing.T, link uint16, b []byte, lack uint16) {
		check(t, link, b, int(lack))
	})
}

// check holds what is true of every packet.
func check(t *testing.T, link uint16, b []byte, lack int) {
	h := decode(link, b, len(b)+lack)
	if h.Start > h.End || int(h.End) > len(b) || int(h.Lacking) > lack {
		t.Fatalf("start %d, end %d, lacking %d of %d bytes and %d more", h.Start, h.End, h.Lacking, len(b), lack)
	}
	if (h.Flaw&packet.Cut != 0) != (lack > 0) {
		t.Fatal("cut")
	}
	if (h.Kind == packet.TCP || h.Kind == packet.UDP || h.Kind == packet.IP) && h.Version != 4 && h.Version != 6 {
		t.Fatalf("kind %d without IP", h.Kind)
	}
	if h.Fragment && h.Kind != packet.IP {
		t.Fatalf("a fragment of kind %d", h.Kind)
	}
	if again := decode(link, b, len(b)+lack); again != h {
		t.Fatal("another result for the same packet")
	}
	whole := h.Payload(b)
	packet.Transport(&h, whole)
	if h.Start > h.End || int(h.End) > len(whole) {
		t.Fatalf("transport: start %d, end %d of %d", h.Start, h.End, len(whole))
	}
}

// Every prefix of every packet, with and without the rest on the wire, and
// every byte changed.
func TestEveryPrefix(t *testing.T) {
	for link, all := range corpus() {
		for _, b := range all {
			for n := range b {
				check(t, link, b[:n:n], 0)
				check(t, link, b[:n:n], len(b)-n)
				for _, v := range []byte{0, 0xff, b[n] ^ 1, b[n] + 1, b[n] ^ 0x40} {
					c := bytes.Clone(b)
					c[n] = v
					check(t, link, c, 0)
				}
			}
		}
	}
}

func TestDecodeDoesNotAllocate(t *testing.T) {
	var h packet.Headers
	for link, all := range corpus() {
		for i, b := range all {
			if n := testing.AllocsPerRun(10, func() { packet.Decode(&h, link, b, len(b)) }); n != 0 {
				t.Errorf("link type %d, packet %d: %v allocations", link, i, n)
			}
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, c := range []struct {
		name string
		b    []byte
	}{
		{"tcp4", ether(0x0800, ipv4(6, ipA, ipB, tcp(1024, 502, make([]byte, 12))))},
		{"udp6", ether(0x86dd, ipv6(17, ip6A, ip6B, udp(1024, 161, make([]byte, 12))))},
		{"vlan", ether(0x8100, vlan(5, 0x0800, ipv4(6, ipA, ipB, tcp(1024, 502, make([]byte, 12)))))},
		{"profinet", ether(0x8892, make([]byte, 46))},
		{"vxlan", ether(0x0800, ipv4(17, outA, outB, udp(5555, 4789, join([]byte{8, 0, 0, 0, 0, 0, 9, 0}, inner()))))},
		{"erspan3", ether(0x0800, ipv4(47, outA, outB, gre(0x1000, 0x22eb, join(make([]byte, 12), inner()))))},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var h packet.Headers
			for b.Loop() {
				packet.Decode(&h, packet.LinkEthernet, c.b, len(c.b))
			}
		})
	}
}
