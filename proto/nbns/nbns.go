// Package nbns reads the NetBIOS name service over UDP (RFC 1001, RFC 1002)
// with the name suffixes that Microsoft networks use.
package nbns

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "nbns"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "NetBIOS Name Service",
	About: "Windows hosts, HMIs and older controllers with Windows inside claim and look up names on their network. " +
		"It shows computer, workgroup and domain names; anyone may answer, which attackers use to collect password hashes.",
	Spec:      "RFC 1001, RFC 1002; [MS-NBTE] for name suffixes",
	Limit:     "NetBIOS scopes are not shown.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity,
	On:        []proto.On{{Carrier: proto.UDP, Numbers: []uint32{137}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// opcodes are those of RFC 1002, 4.2.1.1, and the multi-homed registration of
// Microsoft networks.
var opcodes = [16]fact.Function{
	0:  {Protocol: name, Code: "0", Name: "name query", Class: fact.Discover, Object: "NB"},
	1:  {Protocol: name, Code: "1", Name: "opcode 1"},
	2:  {Protocol: name, Code: "2", Name: "opcode 2"},
	3:  {Protocol: name, Code: "3", Name: "opcode 3"},
	4:  {Protocol: name, Code: "4", Name: "opcode 4"},
	5:  {Protocol: name, Code: "5", Name: "name registration"},
	6:  {Protocol: name, Code: "6", Name: "name release"},
	7:  {Protocol: name, Code: "7", Name: "wait for acknowledgement"},
	8:  {Protocol: name, Code: "8", Name: "name refresh"},
	9:  {Protocol: name, Code: "9", Name: "name refresh (alternate)"},
	10: {Protocol: name, Code: "10", Name: "opcode 10"},
	11: {Protocol: name, Code: "11", Name: "opcode 11"},
	12: {Protocol: name, Code: "12", Name: "opcode 12"},
	13: {Protocol: name, Code: "13", Name: "opcode 13"},
	14: {Protocol: name, Code: "14", Name: "opcode 14"},
	15: {Protocol: name, Code: "15", Name: "multi-homed name registration"},
}

// nodeStatus asks a host for all of its names (RFC 1002, 4.2.17).
var nodeStatus = fact.Function{Protocol: name, Code: "0", Name: "node status", Class: fact.Discover, Object: "NBSTAT"}

func allFunctions() []fact.Function {
	return []fact.Function{opcodes[0], nodeStatus, opcodes[5], opcodes[6], opcodes[7], opcodes[8], opcodes[9], opcodes[15]}
}

const typeStatus = dnsmsg.SRV // NBSTAT has the number that DNS gave to SRV

func recognise(b []byte, h proto.Hint) proto.Verdict {
	m := dnsmsg.NewReader(b)
	var rec dnsmsg.Record
	if !m.Next(&rec) || rec.Class != 1 || rec.Type != dnsmsg.NB && rec.Type != typeStatus && rec.Type != 10 {
		return proto.No
	}
	var n netName
	if !n.read(b, rec.Name) || opcodes[m.Opcode()].Name == "opcode "+opcodes[m.Opcode()].Code {
		return proto.No
	}
	return proto.Yes
}

type session struct {
	known bool
	seen  recent.Set
	name  netName
	other netName
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if err := check(b); err != nil {
		return 0, err
	}
	m := dnsmsg.NewReader(b)
	s.learn(c, m.Response())
	var rec dnsmsg.Record
	if !m.Next(&rec) {
		return len(b), nil
	}
	f := &opcodes[m.Opcode()]
	if rec.Type == typeStatus && m.Opcode() == 0 {
		f = &nodeStatus
	}
	s.name.read(b, rec.Name)
	if m.Rcode() == 0 && !s.seen.Seen(0, b[2:]) {
		s.identify(c, b)
	}
	op := c.Op(f, fact.Request)
	if text := s.name.full(); len(text) > 0 {
		op.Target.Name, op.Target.Set = text, true
	}
	if m.Response() {
		op.Kind = fact.Response
		op.Status = statuses[m.Rcode()]
		op.Failed = op.Status != ""
	}
	c.Emit()
	return len(b), nil
}

// statuses are the outcomes of RFC 1002, 4.2.6 and 4.2.14.
var statuses = [16]string{
	1: "format error", 2: "server failure", 3: "name error", 4: "unsupported request",
	5: "refused", 6: "name is owned by another node", 7: "name in conflict",
	8: "error 8", 9: "error 9", 10: "error 10", 11: "error 11", 12: "error 12", 13: "error 13", 14: "error 14", 15: "error 15",
}

func check(b []byte) error {
	m := dnsmsg.NewReader(b)
	var rec dnsmsg.Record
	for m.Next(&rec) {
	}
	return m.Err()
}

func (s *session) learn(c *proto.Context, response bool) {
	if s.known {
		return
	}
	s.known = true
	if response {
		c.SenderIsServer()
	} else {
		c.SenderIsClient()
	}
}
