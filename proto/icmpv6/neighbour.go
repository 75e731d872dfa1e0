package icmpv6

import (
	"errors"
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Options of neighbour discovery, RFC 4861 4.6 and RFC 8106 5.1.
const (
	optSource = 1
	optTarget = 2
	optPrefix = 3
	optDNS    = 25
)

var errOption = errors.New("option length is 0")

const neighbourSource = "ICMPv6 neighbour discovery"

// who is the address of an endpoint, if it is one that a device can own.
func who(e *proto.Endpoint) netip.Addr {
	if e == nil {
		return netip.Addr{}
	}
	return e.Addr()
}

// neighbour reads a solicitation or an advertisement (4.3, 4.4). A
// solicitation binds its sender, an advertisement its target.
func (s *session) neighbour(c *proto.Context, kind uint8, r *wire.Reader) fact.Target {
	r.Skip("flags, reserved", 4)
	raw := r.Bytes("target address", 16)
	if !r.OK() {
		return fact.Target{}
	}
	owner := who(c.Src)
	if kind == neighbourTell {
		owner, _ = netip.AddrFromSlice(raw)
	}
	s.options(c, r, owner)
	return fact.Target{Name: nil, First: low(raw), Set: true}
}

// low is the interface identifier of an address.
func low(a []byte) uint64 {
	r := wire.NewReader(a)
	r.Skip("prefix", 8)
	return r.U64("interface identifier")
}

// router reads a router advertisement (4.2). A lifetime of 0 says that the
// sender is no default router.
func (s *session) router(c *proto.Context, r *wire.Reader) {
	r.Skip("hop limit, flags", 2)
	lifetime := r.U16("router lifetime")
	r.Skip("reachable time, retransmission timer", 8)
	if !r.OK() {
		return
	}
	if lifetime > 0 {
		c.Say(fact.Sender, fact.RoleHint, "router", "ICMPv6 router advertisement", 85)
		c.Say(fact.Sender, fact.Capability, "IPv6 router", "ICMPv6 router advertisement", 95)
	}
	s.options(c, r, who(c.Src))
}

// maxOptions bounds the walk.
const maxOptions = 64

// options reads what follows; owner is whom a link-layer address belongs to.
func (s *session) options(c *proto.Context, r *wire.Reader, owner netip.Addr) {
	for range maxOptions {
		if r.Len() < 2 {
			return
		}
		kind, n := r.U8("option type"), int(r.U8("option length"))
		if n == 0 {
			r.Fail("option length", errOption)
			return
		}
		v := r.Bytes("option", n*8-2)
		if !r.OK() {
			return
		}
		switch kind {
		case optSource, optTarget:
			s.bind(c, v, owner)
		case optPrefix:
			s.prefix(c, v)
		case optDNS:
			s.dns(c, v)
		}
	}
}

func (s *session) bind(c *proto.Context, v []byte, ip netip.Addr) {
	var mac fact.MAC
	if len(v) < len(mac) || !ip.Is6() || ip.IsUnspecified() || ip.IsMulticast() || ip.IsLoopback() {
		return
	}
	copy(mac[:], v)
	if mac.IsZero() || mac.Group() {
		return
	}
	of := fact.Subject{Who: fact.Elsewhere, MAC: mac, IP: ip}
	c.SayOf(of, fact.IPAssigned, proto.View(ip.AppendTo(s.b[:0])), neighbourSource, 95)
}

// prefix reads a prefix that the router hands out (4.6.2).
func (s *session) prefix(c *proto.Context, v []byte) {
	r := wire.NewReader(v)
	bits := int(r.U8("prefix length"))
	r.Skip("flags, lifetimes, reserved", 13)
	a, ok := netip.AddrFromSlice(r.Bytes("prefix", 16))
	if !ok || bits > 128 {
		return
	}
	out := append(s.b[:0], "IPv6 prefix "...)
	c.Say(fact.Sender, fact.Service, proto.View(netip.PrefixFrom(a, bits).AppendTo(out)), "ICMPv6 router advertisement", 90)
}

func (s *session) dns(c *proto.Context, v []byte) {
	r := wire.NewReader(v)
	r.Skip("reserved, lifetime", 6)
	for range 4 {
		a, ok := netip.AddrFromSlice(r.Bytes("server", 16))
		if !ok {
			return
		}
		out := append(s.b[:0], "DNS server "...)
		c.Say(fact.Sender, fact.Service, proto.View(a.AppendTo(out)), "ICMPv6 router advertisement", 90)
	}
}
