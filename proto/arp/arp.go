// Package arp reads the Address Resolution Protocol, RFC 826, with the probes
// and announcements of RFC 5227, reverse ARP (RFC 903) and inverse ARP
// (RFC 2390), for IPv4 over Ethernet.
package arp

import (
	"errors"
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "arp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Address Resolution Protocol",
	About: "Finds the hardware address that belongs to an IP address. It shows silent devices, and it has no authentication: " +
		"who answers first gets the traffic, which is how an attacker on the cable gets between two devices.",
	Spec:  "RFC 826; RFC 5227; RFC 903; RFC 2390",
	Limit: "IPv4 over Ethernet only.",
	Depth: proto.Recognised | proto.Operations | proto.Identity,
	On:    []proto.On{{Carrier: proto.Ethernet, Numbers: []uint32{0x0806, 0x8035}}},

	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
	Functions: func() []fact.Function {
		return []fact.Function{request, probe, announcement, reply, gratuitous, reverseRequest, reverseReply, inverseRequest, inverseReply}
	},
}

// The operation codes, and the uses that RFC 5227 tells apart.
var (
	request        = fact.Function{Protocol: name, Code: "1", Name: "request", Class: fact.Discover}
	probe          = fact.Function{Protocol: name, Code: "1", Name: "request", Class: fact.Discover, Object: "probe"}
	announcement   = fact.Function{Protocol: name, Code: "1", Name: "request", Class: fact.Discover, Object: "announcement"}
	reply          = fact.Function{Protocol: name, Code: "2", Name: "reply", Class: fact.Discover, Reply: true}
	gratuitous     = fact.Function{Protocol: name, Code: "2", Name: "reply", Class: fact.Discover, Object: "announcement"}
	reverseRequest = fact.Function{Protocol: name, Code: "3", Name: "reverse request", Class: fact.Discover}
	reverseReply   = fact.Function{Protocol: name, Code: "4", Name: "reverse reply", Class: fact.Configure, Reply: true}
	inverseRequest = fact.Function{Protocol: name, Code: "8", Name: "inverse request", Class: fact.Discover}
	inverseReply   = fact.Function{Protocol: name, Code: "9", Name: "inverse reply", Class: fact.Discover, Reply: true}
)

var (
	errKind = errors.New("not IPv4 over Ethernet")
	errCode = errors.New("unknown operation")
)

// message is an ARP packet for Ethernet and IPv4.
type message struct {
	op                   uint16
	senderMAC, targetMAC fact.MAC
	sender, target       netip.Addr
}

func parse(b []byte) (m message, err error) {
	r := wire.NewReader(b)
	hardware, protocol := r.U16("hardware type"), r.U16("protocol type")
	hlen, plen := r.U8("hardware length"), r.U8("protocol length")
	if hardware != 1 && hardware != 6 || protocol != 0x0800 || hlen != 6 || plen != 4 {
		r.Fail("hardware type", errKind)
	}
	m.op = r.U16("operation")
	m.senderMAC, m.sender = pair(&r, "sender")
	m.targetMAC, m.target = pair(&r, "target")
	if err := r.Err(); err != nil {
		return message{}, err
	}
	if _, ok := m.function(); !ok {
		r.Fail("operation", errCode)
	}
	return m, r.Err()
}

func pair(r *wire.Reader, field string) (m fact.MAC, a netip.Addr) {
	copy(m[:], r.Bytes(field, 6))
	var v4 [4]byte
	copy(v4[:], r.Bytes(field, 4))
	return m, netip.AddrFrom4(v4)
}

func recognise(b []byte, _ proto.Hint) proto.Verdict {
	if _, err := parse(b); err != nil {
		return proto.No
	}
	return proto.Yes
}

func (m *message) function() (*fact.Function, bool) {
	switch {
	case m.op == 1 && m.sender.IsUnspecified():
		return &probe, true
	case m.op == 1 && m.sender == m.target:
		return &announcement, true
	case m.op == 1:
		return &request, true
	case m.op == 2 && m.sender == m.target:
		return &gratuitous, true
	case m.op == 2:
		return &reply, true
	case m.op == 3:
		return &reverseRequest, true
	case m.op == 4:
		return &reverseReply, true
	case m.op == 8:
		return &inverseRequest, true
	case m.op == 9:
		return &inverseReply, true
	}
	return nil, false
}

type session struct {
	b [32]byte
}

func (s *session) Reset()        {}
func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	m, err := parse(b)
	if err != nil {
		return 0, err
	}
	f, _ := m.function()
	s.bind(c, &m)
	if c.Src != nil && !m.senderMAC.IsZero() && m.senderMAC != c.Src.MAC && !c.Src.MAC.IsZero() {
		// A proxy, a WLAN bridge, or somebody who forges answers.
		c.Say(fact.Conversation, fact.SessionNote, "the hardware address stated in ARP is not that of the frame", "ARP sender hardware address", 80)
	}
	kind := fact.Request
	switch f {
	case &announcement, &gratuitous:
		kind = fact.Notice
	case &reply, &reverseReply, &inverseReply:
		kind = fact.Response
		c.SenderIsServer()
	default:
		c.SenderIsClient()
	}
	asked := m.target
	if kind == fact.Response && m.op != 4 {
		asked = m.sender
	}
	v4 := asked.As4()
	op := c.Op(f, kind)
	op.Target = fact.Target{First: uint64(v4[0])<<24 | uint64(v4[1])<<16 | uint64(v4[2])<<8 | uint64(v4[3]), Set: true}
	switch f {
	case &reply:
		op.Answers = &request
	case &reverseReply:
		op.Answers = &reverseRequest
	case &inverseReply:
		op.Answers = &inverseRequest
	}
	c.Emit()
	return len(b), nil
}

// bind states which IP address belongs to which hardware address: the sender's
// own, never the target of a question; and what a reverse reply assigns.
func (s *session) bind(c *proto.Context, m *message) {
	s.say(c, m.senderMAC, m.sender, "ARP sender addresses", 95)
	if m.op == 4 {
		s.say(c, m.targetMAC, m.target, "RARP reply", 80)
	}
}

func (s *session) say(c *proto.Context, mac fact.MAC, ip netip.Addr, source string, confidence uint8) {
	if mac.IsZero() || mac.Group() || ip.IsUnspecified() || ip.IsMulticast() || ip.IsLoopback() || ip == broadcast {
		return
	}
	of := fact.Subject{Who: fact.Elsewhere, MAC: mac, IP: ip}
	c.SayOf(of, fact.IPAssigned, proto.View(ip.AppendTo(s.b[:0])), source, confidence)
}

var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})
