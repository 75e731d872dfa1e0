// Package nbdgm reads the NetBIOS datagram service (RFC 1001, RFC 1002) and
// the announcements of the browser protocol ([MS-BRWS] 19.0, [MS-MAIL]) inside it.
// Fragmented datagrams are told by their first fragment.
package nbdgm

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "nbdgm"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "NetBIOS Datagram Service and Windows browser announcements",
	About: "Windows computers, many HMIs and older engineering stations announce their name, system version and roles to the network every few minutes. " +
		"It names hosts that speak nothing else, and shows systems that are too old to be patched.",
	Spec:      "RFC 1001, RFC 1002; [MS-BRWS] 19.0; [MS-MAIL]",
	Limit:     "Fragmented datagrams are not put together; Netlogon messages are counted, not read.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity,
	On:        []proto.On{{Carrier: proto.UDP, Numbers: []uint32{138}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// datagrams are the message types of RFC 1002, 4.4.1.
var datagrams = [8]fact.Function{
	{Protocol: name, Code: "0x10", Name: "direct unique datagram"},
	{Protocol: name, Code: "0x11", Name: "direct group datagram"},
	{Protocol: name, Code: "0x12", Name: "broadcast datagram"},
	{Protocol: name, Code: "0x13", Name: "datagram error"},
	{Protocol: name, Code: "0x14", Name: "datagram query request", Class: fact.Discover},
	{Protocol: name, Code: "0x15", Name: "positive query response", Class: fact.Discover, Reply: true},
	{Protocol: name, Code: "0x16", Name: "negative query response", Class: fact.Discover, Reply: true},
	{Protocol: name, Code: "0x17", Name: "unknown datagram"},
}

// The mailslots of Windows networks.
var (
	netlogon = fact.Function{Protocol: name, Code: "netlogon", Name: "search for a domain controller", Class: fact.Discover, Object: `mailslot \MAILSLOT\NET\NETLOGON`}
	lanman   = fact.Function{Protocol: name, Code: "lanman", Name: "LAN Manager announcement", Class: fact.Discover, Object: `mailslot \MAILSLOT\LANMAN`}
	mailslot = fact.Function{Protocol: name, Code: "mailslot", Name: "mailslot write", Object: "mailslot"}
)

func allFunctions() []fact.Function {
	fs := append([]fact.Function(nil), datagrams[:7]...)
	for _, f := range commands {
		if f.Class != fact.Other {
			fs = append(fs, f)
		}
	}
	return append(fs, netlogon, lanman, mailslot)
}

var (
	errType = errors.New("message type is outside 0x10 to 0x16")
	errName = errors.New("not an encoded NetBIOS name")
)

// header is the common part of all datagrams.
type header struct {
	kind   uint8
	first  bool // of the fragments
	source [4]byte
}

func readHeader(r *wire.Reader) header {
	h := header{kind: r.U8("message type")}
	flags := r.U8("flags")
	h.first = flags&2 != 0
	r.U16("datagram id")
	copy(h.source[:], r.Bytes("source ip", 4))
	r.U16("source port")
	if h.kind < 0x10 || h.kind > 0x16 || flags&0xf0 != 0 {
		r.Fail("message type", errType)
	}
	return h
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	r := wire.NewReader(b)
	head := readHeader(&r)
	var n netName
	switch {
	case !r.OK():
		return proto.No
	case head.kind == 0x13:
		r.U8("error code")
	case head.kind >= 0x14:
		n.read(&r, "destination name")
	default:
		if int(r.U16("datagram length")) > r.Len() || r.U16("packet offset") > 8192 {
			return proto.No
		}
		n.read(&r, "source name")
	}
	switch {
	case !r.OK():
		return proto.No
	case head.kind == 0x13:
		if h.OnPort {
			return proto.Likely
		}
		return proto.No
	}
	return proto.Yes
}

type session struct {
	known bool // the client is known
	seen  recent.Set
	from  netName
	to    netName
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	h := readHeader(&r)
	switch {
	case !r.OK():
	case h.kind == 0x13:
		s.to = netName{}
		s.emit(c, &datagrams[3], fact.Notice, errorText(r.U8("error code")))
	case h.kind == 0x14:
		s.to.read(&r, "destination name")
		if r.OK() {
			s.emit(c, &datagrams[4], fact.Request, "")
		}
	case h.kind > 0x14:
		s.to.read(&r, "destination name")
		if r.OK() {
			s.emit(c, &datagrams[h.kind-0x10], fact.Response, "")
		}
	default:
		s.datagram(c, &r, h)
	}
	return len(b), r.Err()
}

// errorText is the reason of a datagram error (RFC 1002, 4.4.3).
func errorText(code uint8) string {
	switch code {
	case 0x82:
		return "destination name not present"
	case 0x83:
		return "invalid source name format"
	case 0x84:
		return "invalid destination name format"
	}
	return "datagram error"
}

func (s *session) emit(c *proto.Context, f *fact.Function, k fact.Kind, status string) {
	if !s.known {
		s.known = true
		if k == fact.Response {
			c.SenderIsServer()
		} else {
			c.SenderIsClient()
		}
	}
	op := c.Op(f, k)
	if k == fact.Response {
		op.Answers = &datagrams[4]
		op.Failed = f == &datagrams[6]
		if op.Failed {
			op.Status = "name not present"
		}
	}
	if status != "" {
		op.Failed, op.Status = true, status
	}
	if text := s.to.bare(); len(text) > 0 {
		op.Target.Name, op.Target.Set = text, true
	}
	c.Emit()
}

// datagram reads the datagrams that carry data for a name.
func (s *session) datagram(c *proto.Context, r *wire.Reader, h header) {
	r.U16("datagram length")
	r.U16("packet offset")
	s.from.read(r, "source name")
	s.to.read(r, "destination name")
	if !r.OK() {
		return
	}
	data := r.Rest()
	own := c.Src.Addr().Is4() && c.Src.Addr().As4() == h.source
	if own && !s.seen.Seen(1, s.from.raw[:]) {
		s.name(c)
	}
	if h.first {
		if slot, body, ok := trans(data); ok {
			s.mail(c, slot, body, own)
			return
		}
	}
	s.emit(c, &datagrams[h.kind-0x10], fact.Notice, "")
}

// name says what the name that the sender writes from tells of it. Suffix 00
// is the workstation service, 20 the server service.
func (s *session) name(c *proto.Context) {
	if s.from.raw[15] == 0x00 || s.from.raw[15] == 0x20 {
		c.SayBytes(fact.Sender, fact.Hostname, s.from.bare(), "NetBIOS datagram source name", 80)
	}
}
