package simulate

import (
	"net/netip"
	"time"
)

// mac is a hardware address.
type mac [6]byte

// host is a station of the plant, with the habits of its network stack.
type host struct {
	Host
	mac     mac
	addr    netip.Addr
	net     *subnet // nil outside the plant
	ttl     byte
	window  uint16
	answers time.Duration // typical time that it takes to answer
	id      uint16        // IPv4 identification
	port    uint16        // last ephemeral port
	seq     uint32        // start of the next TCP connection
}

// subnet is a network behind one address of the router.
type subnet struct {
	prefix netip.Prefix
	router *host
}

// stack is the behaviour of an operating system's network stack.
type stack struct {
	ttl     byte
	window  uint16
	answers time.Duration
}

// Stacks of the kinds of station in the plant.
var (
	controller = stack{30, 8192, 3 * time.Millisecond}
	embedded   = stack{64, 5840, 4 * time.Millisecond}
	windows    = stack{128, 64240, 700 * time.Microsecond}
	unix       = stack{64, 64240, 500 * time.Microsecond}
	appliance  = stack{255, 4128, 2 * time.Millisecond}
)

// ephemeral returns the next client port of a station.
func (h *host) ephemeral() uint16 {
	h.port++
	if h.port < 49152 {
		h.port = 49152
	}
	return h.port
}

// sequence returns where the next connection starts to count.
func (h *host) sequence() uint32 {
	h.seq += 0x01f3a7c1
	return h.seq
}

// group is a receiver that is no station: a broadcast or multicast address.
func group(addr string) *host {
	a := netip.MustParseAddr(addr)
	h := &host{Host: Host{IP: addr}, addr: a}
	b := a.As4()
	if a.IsMulticast() {
		h.mac = mac{0x01, 0x00, 0x5e, b[1] & 0x7f, b[2], b[3]}
	} else {
		h.mac = broadcast
	}
	return h
}

var (
	broadcast = mac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	everybody = group("255.255.255.255")
)
