// Package snmp reads the Simple Network Management Protocol: version 1
// (RFC 1157), 2c (RFC 1901, RFC 3416) and 3 (RFC 3411, RFC 3412, RFC 3414),
// over UDP and TCP (RFC 3430). Encrypted version 3 messages are counted, with
// who sends them and how they are secured.
package snmp

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "snmp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Simple Network Management Protocol",
	About: "Watches and configures switches, routers, UPSs, printers and many controllers. " +
		"Versions 1 and 2c send their password (community) in clear, often the default one, and a set request can switch ports off.",
	Spec:  "RFC 1157, RFC 1901, RFC 3416, RFC 3411 to RFC 3414",
	Limit: "What version 3 encrypts is not read.",
	Depth: proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On: []proto.On{
		{Carrier: proto.UDP, Numbers: []uint32{161, 162}},
		{Carrier: proto.TCP, Numbers: []uint32{161, 162}},
	},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// pdus are the PDU types, by the number of their context tag (RFC 3416, 3).
var pdus = [9]fact.Function{
	{Protocol: name, Code: "0", Name: "get", Class: fact.Read},
	{Protocol: name, Code: "1", Name: "get next", Class: fact.Read},
	{Protocol: name, Code: "2", Name: "response", Class: fact.Read, Reply: true},
	{Protocol: name, Code: "3", Name: "set", Class: fact.Configure},
	{Protocol: name, Code: "4", Name: "trap (version 1)", Class: fact.Diagnose},
	{Protocol: name, Code: "5", Name: "get bulk", Class: fact.Read},
	{Protocol: name, Code: "6", Name: "inform", Class: fact.Diagnose},
	{Protocol: name, Code: "7", Name: "trap", Class: fact.Diagnose},
	{Protocol: name, Code: "8", Name: "report", Class: fact.Diagnose, Reply: true},
}

const (
	pduResponse = 2
	pduTrapV1   = 4
	pduInform   = 6
	pduTrap     = 7
	pduReport   = 8
)

// encrypted stands for a PDU that cannot be read.
var encrypted = fact.Function{Protocol: name, Code: "encrypted", Name: "encrypted message"}

func allFunctions() []fact.Function {
	return append(append([]fact.Function(nil), pdus[:]...), encrypted)
}

var (
	errVersion = errors.New("version is none of 0, 1 and 3")
	errPDU     = errors.New("not a PDU")
)

const (
	version1  = 0
	version2c = 1
	version3  = 3
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	t, n, at, err := ber.Header(b)
	if err != nil {
		if h.Carrier == proto.TCP && errors.Is(err, wire.ErrShort) {
			return proto.More
		}
		return proto.No
	}
	if t != ber.Sequence || n < 8 || h.Carrier == proto.UDP && n != len(b)-at {
		return proto.No
	}
	b = b[at:]
	if h.Carrier == proto.TCP && len(b) < min(n, 64) {
		return proto.More
	}
	r := ber.NewReader(b)
	switch r.Int("version") {
	case version1, version2c:
		r.Octets("community")
		t := r.Peek()
		if r.OK() && t.Class() == ber.ContextSpecific && t.Constructed() && t.Number() <= pduReport {
			return proto.Yes
		}
	case version3:
		g := r.Enter("msgGlobalData", ber.Sequence)
		g.Int("msgID")
		g.Int("msgMaxSize")
		flags := g.Octets("msgFlags")
		g.Int("msgSecurityModel")
		if g.OK() && len(flags) == 1 && r.Peek() == ber.OctetString {
			return proto.Yes
		}
	}
	return proto.No
}

// pending is a request that waits for its answer.
type pending struct {
	id       int64
	used     bool
	function *fact.Function
}

// window is how many requests are remembered.
const window = 16

type session struct {
	known   bool // the client is known
	waiting [window]pending
	next    int
	seen    recent.Set
	oid     [640]byte // an object identifier in dotted form
	text    [160]byte // a value that is formatted
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(proto.Dir) { s.waiting = [window]pending{} }

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	e, err := ber.Read(b)
	if err != nil {
		if c.Carrier == proto.TCP && errors.Is(err, wire.ErrShort) {
			return 0, wire.ErrShort
		}
		return 0, err
	}
	if e.Tag != ber.Sequence {
		return 0, ber.ErrExpected
	}
	r := e.Reader()
	switch v := r.Int("version"); {
	case !r.OK():
	case v == version1 || v == version2c:
		community := r.Octets("community")
		s.pdu(c, &r, versionName(v), community)
	case v == version3:
		s.message3(c, &r)
	default:
		r.Fail("version", errVersion)
	}
	return e.Size, r.Err()
}

// versionName names the version for a conversation.
func versionName(v int64) string {
	switch v {
	case version1:
		return "SNMPv1"
	case version2c:
		return "SNMPv2c"
	}
	return "SNMPv3"
}
