// Package icmp reads the Internet Control Message Protocol for IPv4: RFC 792,
// RFC 950, RFC 1122, RFC 1256, RFC 1812.
package icmp

import (
	"fmt"
	"net/netip"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "icmp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Internet Control Message Protocol",
	About: "Echo requests, refusals and errors of IPv4. " +
		"It shows scans, hosts that do not answer, and redirects, with which a stranger can put himself between two hosts.",
	Spec:      "RFC 792, RFC 950, RFC 1256, RFC 1812",
	Limit:     "Of echo payloads only the size is kept.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity,
	On:        []proto.On{{Carrier: proto.IP, Numbers: []uint32{1}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

const (
	echoReply         = 0
	unreachable       = 3
	redirect          = 5
	echoRequest       = 8
	advertisement     = 9
	solicitation      = 10
	timeExceeded      = 11
	parameterProblem  = 12
	timestampRequest  = 13
	timestampReply    = 14
	informationReply  = 16
	addressMask       = 17
	addressMaskAnswer = 18
)

// types are the message types (IANA, ICMP parameters).
var types = func() (t [256]fact.Function) {
	known := map[int]fact.Function{
		echoReply: {Name: "echo reply", Class: fact.Diagnose, Reply: true}, unreachable: {Name: "destination unreachable", Class: fact.Diagnose},
		4: {Name: "source quench", Class: fact.Diagnose}, redirect: {Name: "redirect", Class: fact.Configure},
		echoRequest: {Name: "echo request", Class: fact.Diagnose}, advertisement: {Name: "router advertisement", Class: fact.Discover},
		solicitation: {Name: "router solicitation", Class: fact.Discover}, timeExceeded: {Name: "time exceeded", Class: fact.Diagnose},
		parameterProblem: {Name: "parameter problem", Class: fact.Diagnose}, timestampRequest: {Name: "timestamp request", Class: fact.Diagnose},
		timestampReply: {Name: "timestamp reply", Class: fact.Diagnose, Reply: true}, 15: {Name: "information request", Class: fact.Diagnose},
		informationReply: {Name: "information reply", Class: fact.Diagnose, Reply: true}, addressMask: {Name: "address mask request", Class: fact.Discover},
		addressMaskAnswer: {Name: "address mask reply", Class: fact.Discover, Reply: true}, 30: {Name: "traceroute", Class: fact.Diagnose},
		42: {Name: "extended echo request", Class: fact.Diagnose}, 43: {Name: "extended echo reply", Class: fact.Diagnose, Reply: true},
	}
	for i := range t {
		f := known[i]
		if f.Name == "" {
			f.Name = fmt.Sprintf("type %d", i)
		}
		f.Protocol, f.Code = name, strconv.Itoa(i)
		t[i] = f
	}
	return t
}()

// reasons are the codes of destination unreachable (RFC 1812, 5.2.7.1).
var reasons = func() (t [16]fact.Function) {
	for i, object := range [16]string{
		"network", "host", "protocol", "port", "fragmentation needed", "source route", "network unknown", "host unknown",
		"host isolated", "network prohibited", "host prohibited", "network for service", "host for service",
		"prohibited by filter", "host precedence", "precedence cutoff",
	} {
		t[i] = types[unreachable]
		t[i].Object = object
	}
	return t
}()

func allFunctions() []fact.Function {
	var fs []fact.Function
	for i, f := range types {
		if f.Class != fact.Other && i != unreachable {
			fs = append(fs, f)
		}
	}
	return append(fs, reasons[:]...)
}

func function(kind, code uint8) *fact.Function {
	if kind == unreachable && int(code) < len(reasons) {
		return &reasons[code]
	}
	return &types[kind]
}

// answered is the request that a reply belongs to.
func answered(kind uint8) *fact.Function {
	switch kind {
	case echoReply:
		return &types[echoRequest]
	case timestampReply, informationReply, addressMaskAnswer, 43:
		return &types[kind-1]
	}
	return nil
}

func kindOf(kind uint8) fact.Kind {
	switch kind {
	case echoRequest, solicitation, timestampRequest, 15, addressMask, 42:
		return fact.Request
	case echoReply, timestampReply, informationReply, addressMaskAnswer, 43:
		return fact.Response
	}
	return fact.Notice
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if len(b) < 8 {
		return proto.No
	}
	if types[b[0]].Class != fact.Other {
		return proto.Yes
	}
	return proto.Likely
}

type session struct {
	known bool // the client is known
	seen  recent.Set
	text  [40]byte
}

func (s *session) Reset() { s.known, s.seen = false, recent.Set{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	kind, code := r.U8("type"), r.U8("code")
	r.U16("checksum")
	word := r.U32("rest of header")
	if !r.OK() {
		return 0, r.Err()
	}
	part := kindOf(kind)
	s.learn(c, part)
	s.identify(c, kind, code, word)
	op := c.Op(function(kind, code), part)
	op.Answers = answered(kind)
	switch {
	case kind == echoRequest || kind == echoReply:
		op.Value = fact.Value{Kind: fact.Uint, Bits: uint64(r.Len())}
	case kind == unreachable || kind == timeExceeded || kind == redirect || kind == parameterProblem:
		op.Target = quoted(r)
	}
	c.Emit()
	return len(b), nil
}

// quoted is what the packet that an error is about was for: Unit is the IP
// protocol, First the destination port.
func quoted(r wire.Reader) fact.Target {
	first := r.U8("version, header length")
	r.Skip("up to protocol", 8)
	p := r.U8("protocol")
	r.Skip("checksum, addresses, options", 10+int(first&15)*4-20)
	r.U16("source port")
	port := r.U16("destination port")
	if first>>4 != 4 || first&15 < 5 || p == 0 {
		return fact.Target{}
	}
	if !r.OK() || p != 6 && p != 17 {
		port = 0
	}
	return fact.Target{Unit: uint32(p), First: uint64(port), Set: true}
}

func (s *session) learn(c *proto.Context, k fact.Kind) {
	if s.known || k == fact.Notice {
		return
	}
	s.known = true
	if k == fact.Request {
		c.SenderIsClient()
	} else {
		c.SenderIsServer()
	}
}

// identify: only routers redirect, advertise themselves and let packets expire.
func (s *session) identify(c *proto.Context, kind, code uint8, word uint32) {
	switch kind {
	case redirect:
		gateway := netip.AddrFrom4([4]byte{byte(word >> 24), byte(word >> 16), byte(word >> 8), byte(word)})
		t := gateway.AppendTo(s.text[:0])
		if s.seen.Seen(redirect, t) {
			return
		}
		c.Say(fact.Sender, fact.RoleHint, "router", "ICMP redirect", 60)
		c.SayBytes(fact.Receiver, fact.Gateway, t, "ICMP redirect", 50)
		c.Say(fact.Conversation, fact.SessionNote, "an ICMP redirect told the receiver to use another gateway", "ICMP redirect", 100)
	case advertisement:
		if !s.seen.Seen(advertisement, nil) {
			c.Say(fact.Sender, fact.RoleHint, "router", "ICMP router advertisement", 70)
		}
	case timeExceeded:
		if code == 0 && !s.seen.Seen(timeExceeded, nil) { // 1: a host that waited for fragments
			c.Say(fact.Sender, fact.RoleHint, "router", "ICMP time exceeded", 60)
		}
	}
}
