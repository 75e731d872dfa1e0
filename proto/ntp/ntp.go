// Package ntp reads the Network Time Protocol, versions 1 to 4: RFC 5905 with
// the control messages of RFC 9327 and the private messages (mode 7) of ntpd.
// Extension fields and authenticators are passed over.
package ntp

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "ntp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Network Time Protocol",
	About: "Sets the clocks of servers, controllers and protection relays. " +
		"Wrong time spoils logs, certificates and sequences of events; whoever answers is believed unless authentication is used.",
	Spec:      "RFC 5905, RFC 4330 (SNTP), RFC 9327",
	Limit:     "Extension fields and authenticators are not checked. Network Time Security is not told apart.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity,
	On:        []proto.On{{Carrier: proto.UDP, Numbers: []uint32{123}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// modes are the association modes (RFC 5905, 7.3).
var modes = [8]fact.Function{
	{Protocol: name, Code: "0", Name: "reserved"},
	{Protocol: name, Code: "1", Name: "symmetric active", Class: fact.Data},
	{Protocol: name, Code: "2", Name: "symmetric passive", Class: fact.Data, Reply: true},
	{Protocol: name, Code: "3", Name: "client", Class: fact.Read},
	{Protocol: name, Code: "4", Name: "server", Class: fact.Read, Reply: true},
	{Protocol: name, Code: "5", Name: "broadcast", Class: fact.Data},
	{Protocol: name, Code: "6", Name: "control", Class: fact.Diagnose},
	{Protocol: name, Code: "7", Name: "private", Class: fact.Diagnose},
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if !h.OnPort || len(b) < 4 {
		return proto.No
	}
	version, mode := b[0]>>3&7, b[0]&7
	if version < 1 || version > 4 {
		return proto.No
	}
	switch mode {
	case 0:
		return proto.No
	case modeControl:
		if len(b) < controlHeader {
			return proto.No
		}
	case modePrivate:
		if len(b) < privateHeader {
			return proto.No
		}
	default:
		if len(b) < packetLen || b[1] > 16 || (len(b)-packetLen)%4 != 0 {
			return proto.No
		}
	}
	return proto.Likely
}

const (
	packetLen     = 48
	controlHeader = 12
	privateHeader = 8
	modeControl   = 6
	modePrivate   = 7
)

type session struct {
	known bool // the client is known
	seen  recent.Set
	text  [80]byte
}

func (s *session) Reset() { s.known, s.seen = false, recent.Set{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	switch first := r.U8("leap, version, mode"); {
	case !r.OK():
	case first&7 == modeControl:
		s.control(c, &r)
	case first&7 == modePrivate:
		s.private(c, &r, first)
	default:
		s.packet(c, &r, first)
	}
	return len(b), r.Err()
}

// packet reads the modes 0 to 5, which share their form.
func (s *session) packet(c *proto.Context, r *wire.Reader, first uint8) {
	p := packet{leap: first >> 6, mode: first & 7, stratum: r.U8("stratum")}
	r.Skip("poll, precision, root delay, root dispersion", 2+4+4)
	p.reference = r.Bytes("reference id", 4)
	r.Skip("timestamps", 32)
	if !r.OK() {
		return
	}
	f := &modes[p.mode]
	kind, asked := fact.Notice, (*fact.Function)(nil)
	switch p.mode {
	case 1, 3:
		kind = fact.Request
	case 2:
		kind, asked = fact.Response, &modes[1]
	case 4:
		kind, asked = fact.Response, &modes[3]
	}
	s.learn(c, kind)
	s.source(c, &p)
	op := c.Op(f, kind)
	op.Answers = asked
	if kind == fact.Response && p.stratum == 0 {
		op.Status = kiss(p.reference)
		op.Failed = op.Status != ""
	}
	c.Emit()
}

func (s *session) learn(c *proto.Context, k fact.Kind) {
	if s.known {
		return
	}
	switch k {
	case fact.Request:
		s.known = true
		c.SenderIsClient()
	case fact.Response:
		s.known = true
		c.SenderIsServer()
	}
}
