package simulate

import (
	"slices"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// arp builds a packet of RFC 826 for Ethernet and IPv4.
func arp(op uint16, from *host, target mac, to *host) []byte {
	var w wire.Builder
	s, d := from.addr.As4(), to.addr.As4()
	return w.U16(1).U16(etherIPv4).U8(6, 4).U16(op).Bytes(from.mac[:]).Bytes(s[:]).Bytes(target[:]).Bytes(d[:]).B
}

// resolve is a question for a hardware address and its answer.
func (n *network) resolve(at time.Duration, from, to *host) {
	n.put(at, broadcast, from.mac, etherARP, arp(1, from, mac{}, to))
	n.put(at+200*time.Microsecond, from.mac, to.mac, etherARP, arp(2, to, from.mac, from))
}

// lldp is what a station announces about itself by IEEE 802.1AB.
type lldp struct {
	chassis     string // name; empty: the hardware address
	port        string
	portText    string
	system      string
	description string
	capability  uint16
}

// Capabilities of IEEE 802.1AB table 8-4.
const (
	lldpBridge  = 0x04
	lldpRouter  = 0x10
	lldpStation = 0x80
)

func (n *network) announceLLDP(at time.Duration, h *host, a *lldp) {
	var w wire.Builder
	tlv := func(kind uint16, b []byte) { w.U16(kind<<9 | uint16(len(b))).Bytes(b) }
	if a.chassis != "" {
		tlv(1, append([]byte{7}, a.chassis...))
	} else {
		tlv(1, append([]byte{4}, h.mac[:]...))
	}
	tlv(2, append([]byte{7}, a.port...))
	tlv(3, []byte{0, 20})
	if a.portText != "" {
		tlv(4, []byte(a.portText))
	}
	if a.system != "" {
		tlv(5, []byte(a.system))
	}
	if a.description != "" {
		tlv(6, []byte(a.description))
	}
	tlv(7, []byte{byte(a.capability >> 8), byte(a.capability), byte(a.capability >> 8), byte(a.capability)})
	ip := h.addr.As4()
	tlv(8, append(append([]byte{5, 1}, ip[:]...), 2, 0, 0, 0, 1, 0))
	tlv(0, nil)
	n.put(at, mac{0x01, 0x80, 0xc2, 0, 0, 0x0e}, h.mac, etherLLDP, w.B)
}

// stp sends a configuration message of the rapid spanning tree, IEEE 802.1D-2004
// clause 9.3.3.
func (n *network) stp(at time.Duration, bridge, root *host, cost uint32, port byte) {
	var w wire.Builder
	w.U8(0x42, 0x42, 3).U16(0).U8(2, 2, 0x3c)
	w.U16(0x1000).Bytes(root.mac[:]).U32(cost)
	w.U16(0x8000).Bytes(bridge.mac[:]).U8(0x80, port)
	age := uint16(0)
	if bridge != root {
		age = 0x0100
	} else {
		copy(w.B[20:], []byte{0x10, 0})
	}
	w.U16(age).U16(20 << 8).U16(2 << 8).U16(15 << 8).U8(0)
	n.llc(at, mac{0x01, 0x80, 0xc2, 0, 0, 0}, bridge.mac, w.B)
}

// cdp sends a message of the Cisco Discovery Protocol, version 2.
func (n *network) cdp(at time.Duration, h *host, name, port, platform, software string, capabilities uint32) {
	var w wire.Builder
	w.U8(2, 180).U16(0)
	tlv := func(kind uint16, b []byte) { w.U16(kind).U16(uint16(4 + len(b))).Bytes(b) }
	tlv(1, []byte(name))
	ip := h.addr.As4()
	var a wire.Builder
	tlv(2, a.U32(1).U8(1, 1, 0xcc).U16(4).Bytes(ip[:]).B)
	tlv(3, []byte(port))
	var c wire.Builder
	tlv(4, c.U32(capabilities).B)
	tlv(5, []byte(software))
	tlv(6, []byte(platform))
	tlv(0x0a, []byte{0, 1})
	tlv(0x0b, []byte{1})
	b := w.B
	even := b
	if last := len(b) - 1; len(b)%2 == 1 {
		even = append(slices.Clone(b[:last]), 0, b[last]) // how the protocol adds up an odd length
	}
	sum := ^fold(sum(0, even))
	b[2], b[3] = byte(sum>>8), byte(sum)
	snap := append([]byte{0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0}, b...)
	n.llc(at, mac{0x01, 0, 0x0c, 0xcc, 0xcc, 0xcc}, h.mac, snap)
}

// every calls f at each time from first until the end, with some jitter.
func (n *network) every(first, cycle, until time.Duration, purpose string, f func(t time.Duration)) {
	rng := n.random(purpose)
	for t := first; t < until; t += cycle {
		f(t + time.Duration(rng.Int64N(int64(cycle)/40+1)))
	}
}
