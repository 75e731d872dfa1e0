package simulate

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// Ethernet types.
const (
	etherIPv4     = 0x0800
	etherARP      = 0x0806
	etherProfinet = 0x8892
	etherLLDP     = 0x88cc
)

// frame is a packet on the timeline.
type frame struct {
	at   time.Duration
	data []byte
}

// network collects what the mirror ports see: each frame once, where it enters
// the network, so that the sender's hardware address is always its own.
type network struct {
	seed   uint64
	frames []frame
	known  map[arpKey]bool
	truth  *Truth
	links  map[Link]int // index in truth.Conversations
	rogue  bool         // what is composed now is not allowed in the plant
}

type arpKey struct {
	from, to mac
	period   time.Duration
}

// random returns a generator of its own for each purpose, so that a change of
// one part of the plant leaves the others as they were.
func (n *network) random(purpose string) *rand.Rand {
	h := uint64(14695981039346656037)
	for i := range len(purpose) {
		h = (h ^ uint64(purpose[i])) * 1099511628211
	}
	return rand.New(rand.NewPCG(n.seed, h))
}

// put adds an Ethernet frame, padded to the minimum of 60 bytes without the
// check sequence.
func (n *network) put(at time.Duration, dst, src mac, etherType uint16, payload []byte) {
	b := make([]byte, 0, max(60, 14+len(payload)))
	b = append(append(b, dst[:]...), src[:]...)
	b = binary.BigEndian.AppendUint16(b, etherType)
	b = append(b, payload...)
	if len(b) < 60 {
		b = b[:60] // zeroed by make
	}
	n.frames = append(n.frames, frame{at, b})
}

// llc adds an IEEE 802.3 frame with an LLC header.
func (n *network) llc(at time.Duration, dst, src mac, payload []byte) {
	n.put(at, dst, src, uint16(len(payload)), payload)
}

// sorted returns the frames in the order of time.
func (n *network) sorted() []frame {
	slices.SortStableFunc(n.frames, func(a, b frame) int { return int(a.at - b.at) })
	return n.frames
}

// hop returns the hardware addresses between two stations as seen where the
// frame enters the network, resolving them first if it was not done lately.
func (n *network) hop(at time.Duration, from, to *host) (dst, src mac) {
	if to.mac[0]&1 != 0 {
		return to.mac, from.mac
	}
	sender, next := from, to
	switch {
	case from.net == nil && to.net == nil:
		return to.mac, from.mac
	case from.net == nil:
		sender = to.net.router.at(to.net)
	case to.net != from.net:
		next = from.net.router.at(from.net)
	}
	const lifetime = 4 * time.Minute
	k := arpKey{sender.mac, next.mac, at / lifetime}
	if !n.known[k] && sender.mac != next.mac {
		n.known[k] = true
		n.known[arpKey{next.mac, sender.mac, at / lifetime}] = true
		n.resolve(at-600*time.Microsecond, sender, next)
	}
	return next.mac, sender.mac
}

// at is the router as a station of one of its subnets.
func (h *host) at(s *subnet) *host {
	r := *h
	r.addr = s.prefix.Masked().Addr().Next()
	r.net = s
	return &r
}

// ip adds an IPv4 packet of RFC 791.
func (n *network) ip(at time.Duration, from, to *host, protocol byte, payload []byte) {
	n.ipTTL(at, from, to, protocol, from.ttl, payload)
}

func (n *network) ipTTL(at time.Duration, from, to *host, protocol, ttl byte, payload []byte) {
	dst, src := n.hop(at, from, to)
	from.id++
	var w wire.Builder
	w.U8(0x45, 0).U16(uint16(20+len(payload))).U16(from.id).U16(0x4000).U8(ttl, protocol).U16(0)
	s, d := from.addr.As4(), to.addr.As4()
	w.Bytes(s[:]).Bytes(d[:])
	binary.BigEndian.PutUint16(w.B[10:], ^fold(sum(0, w.B)))
	n.put(at, dst, src, etherIPv4, w.Bytes(payload).B)
}

// udp adds a datagram of RFC 768.
func (n *network) udp(at time.Duration, from, to *host, sport, dport uint16, payload []byte) {
	ttl := from.ttl
	switch {
	case to == mdnsGroup:
		ttl = 255 // RFC 6762 section 11
	case to.addr.IsLinkLocalMulticast():
		ttl = 1
	}
	var w wire.Builder
	w.U16(sport).U16(dport).U16(uint16(8 + len(payload))).U16(0).Bytes(payload)
	c := ^fold(sum(pseudo(from.addr, to.addr, 17, len(w.B)), w.B))
	if c == 0 {
		c = 0xffff // zero says that there is no checksum
	}
	binary.BigEndian.PutUint16(w.B[6:], c)
	n.ipTTL(at, from, to, 17, ttl, w.B)
}

// pseudo is the sum of the pseudo header of TCP and UDP.
func pseudo(from, to netip.Addr, protocol byte, length int) uint32 {
	s, d := from.As4(), to.As4()
	return sum(sum(uint32(protocol)+uint32(length), s[:]), d[:])
}

// sum adds b as 16-bit words, RFC 1071.
func sum(s uint32, b []byte) uint32 {
	for ; len(b) >= 2; b = b[2:] {
		s += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		s += uint32(b[0]) << 8
	}
	return s
}

func fold(s uint32) uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}
