// Package icmpv6 reads ICMPv6 (RFC 4443) with neighbour discovery (RFC 4861,
// RFC 8106) and multicast listener discovery (RFC 2710, RFC 3810).
package icmpv6

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "icmpv6"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "ICMPv6, neighbour discovery, multicast listener discovery",
	About: "Finds neighbours and routers, tests reachability and reports errors in IPv6. A forged router advertisement or redirect " +
		"puts an attacker between devices, also in plants that believe they have no IPv6.",
	Spec:  "RFC 4443; RFC 4861; RFC 8106; RFC 2710; RFC 3810",
	Limit: "Mobile IPv6, RPL and secure neighbour discovery are told by type only.",
	Depth: proto.Recognised | proto.Operations | proto.Identity,
	On:    []proto.On{{Carrier: proto.IP, Numbers: []uint32{58}}},

	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
	Functions: known,
}

// types are the message types of the IANA registry.
var types = func() (t [256]fact.Function) {
	for code := range t {
		f := fact.Function{Name: "type " + strconv.Itoa(code), Class: fact.Other}
		if k, ok := named[uint8(code)]; ok {
			f = k
		}
		f.Protocol, f.Code = name, strconv.Itoa(code)
		t[code] = f
	}
	return t
}()

var named = map[uint8]fact.Function{
	1:   {Name: "destination unreachable", Class: fact.Diagnose},
	2:   {Name: "packet too big", Class: fact.Diagnose},
	3:   {Name: "time exceeded", Class: fact.Diagnose},
	4:   {Name: "parameter problem", Class: fact.Diagnose},
	128: {Name: "echo request", Class: fact.Diagnose},
	129: {Name: "echo reply", Class: fact.Diagnose, Reply: true},
	130: {Name: "multicast listener query", Class: fact.Discover},
	131: {Name: "multicast listener report", Class: fact.Discover},
	132: {Name: "multicast listener done", Class: fact.Discover},
	133: {Name: "router solicitation", Class: fact.Discover},
	134: {Name: "router advertisement", Class: fact.Configure},
	135: {Name: "neighbour solicitation", Class: fact.Discover},
	136: {Name: "neighbour advertisement", Class: fact.Discover, Reply: true},
	137: {Name: "redirect", Class: fact.Configure},
	138: {Name: "router renumbering", Class: fact.Configure},
	139: {Name: "node information query", Class: fact.Discover},
	140: {Name: "node information response", Class: fact.Discover, Reply: true},
	141: {Name: "inverse neighbour discovery solicitation", Class: fact.Discover},
	142: {Name: "inverse neighbour discovery advertisement", Class: fact.Discover, Reply: true},
	143: {Name: "multicast listener report version 2", Class: fact.Discover},
	148: {Name: "certification path solicitation", Class: fact.Other},
	149: {Name: "certification path advertisement", Class: fact.Other},
	151: {Name: "multicast router advertisement", Class: fact.Discover},
	152: {Name: "multicast router solicitation", Class: fact.Discover},
	153: {Name: "multicast router termination", Class: fact.Discover},
	155: {Name: "RPL control", Class: fact.Other},
}

func known() (fs []fact.Function) {
	for code, f := range types {
		if _, ok := named[uint8(code)]; ok {
			fs = append(fs, f)
		}
	}
	return fs
}

// The types that are read.
const (
	unreachable   = 1
	echoRequest   = 128
	echoReply     = 129
	routerSolicit = 133
	routerAdvert  = 134
	neighbourAsk  = 135
	neighbourTell = 136
	redirect      = 137
)

// codes are what an unreachable destination means, RFC 4443 3.1.
var codes = [...]string{
	"no route to destination", "administratively prohibited", "beyond scope of source address", "address unreachable",
	"port unreachable", "source address failed policy", "reject route to destination", "error in source routing header",
}

func recognise(b []byte, _ proto.Hint) proto.Verdict {
	r := wire.NewReader(b)
	kind := r.U8("type")
	r.Skip("code, checksum", 3)
	if _, ok := named[kind]; !ok || !r.OK() {
		return proto.No
	}
	return proto.Likely
}

type session struct {
	b [64]byte
}

func (s *session) Reset()        {}
func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	kind, code := r.U8("type"), r.U8("code")
	r.U16("checksum")
	if err := r.Err(); err != nil {
		return 0, err
	}
	var t fact.Target
	solicited := false
	switch kind {
	case echoRequest, echoReply:
		t = fact.Target{Unit: uint32(r.U16("identifier")), First: uint64(r.U16("sequence number")), Set: true}
	case routerSolicit:
		r.Skip("reserved", 4)
		s.options(c, &r, who(c.Src))
	case routerAdvert:
		s.router(c, &r)
	case neighbourAsk, neighbourTell:
		flags := r.Peek()
		solicited = kind == neighbourTell && len(flags) > 0 && flags[0]&0x40 != 0
		t = s.neighbour(c, kind, &r)
	case redirect:
		r.Skip("reserved", 4)
		r.Skip("target, destination", 32)
		c.Say(fact.Conversation, fact.SessionNote, "redirected to another router or neighbour", "ICMPv6 redirect", 90)
	}
	if err := r.Err(); err != nil {
		return 0, err
	}
	how, status := part(c, kind, solicited), ""
	if kind == unreachable && int(code) < len(codes) {
		status = codes[code]
	}
	op := c.Op(&types[kind], how)
	op.Target, op.Status = t, status
	if how == fact.Response {
		op.Answers = &types[asked(kind)]
	}
	c.Emit()
	return len(b), nil
}

// part tells which part a type plays, and who asks.
func part(c *proto.Context, kind uint8, solicited bool) fact.Kind {
	if solicited {
		c.SenderIsServer()
		return fact.Response
	}
	switch kind {
	case echoRequest, routerSolicit, neighbourAsk, 130, 139, 141:
		c.SenderIsClient()
		return fact.Request
	case echoReply, 140, 142:
		c.SenderIsServer()
		return fact.Response
	}
	return fact.Notice
}

// asked is the type that kind, an answer, answers.
func asked(kind uint8) uint8 {
	if kind == echoReply {
		return echoRequest
	}
	return kind - 1
}
