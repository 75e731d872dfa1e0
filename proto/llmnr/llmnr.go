// Package llmnr reads Link-Local Multicast Name Resolution (RFC 4795) over UDP
// and TCP.
package llmnr

import (
	"fmt"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
)

const (
	name = "llmnr"
	port = 5355
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Link-Local Multicast Name Resolution",
	About: "Windows hosts ask their neighbours for names that no DNS server knows. " +
		"Anyone may answer, so an attacker on the network can pose as any host and collect password hashes.",
	Spec:       "RFC 4795",
	Depth:      proto.Recognised | proto.Operations | proto.Identity,
	On:         []proto.On{{Carrier: proto.UDP, Numbers: []uint32{port}}, {Carrier: proto.TCP, Numbers: []uint32{port}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: 2 + 65535,
	Functions:  allFunctions,
}

var queries = func() (t [258]fact.Function) {
	for i := range t {
		text, ok := dnsmsg.TypeNames[uint16(i)]
		if !ok {
			text = fmt.Sprintf("type %d", i)
		}
		t[i] = fact.Function{Protocol: name, Code: strconv.Itoa(i), Name: "query " + text, Class: fact.Discover}
	}
	return t
}()

func function(qtype uint16) *fact.Function {
	if int(qtype) < len(queries) {
		return &queries[qtype]
	}
	return &queries[0] // the types above are for the DNS of the internet
}

func allFunctions() []fact.Function {
	return []fact.Function{queries[dnsmsg.A], queries[dnsmsg.AAAA], queries[dnsmsg.PTR], queries[dnsmsg.ANY]}
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if !h.OnPort {
		return proto.No
	}
	if h.Carrier == proto.TCP {
		r := wire.NewReader(b)
		b = r.Bytes("message", int(r.U16("length")))
		if !r.OK() {
			return proto.More
		}
	}
	m := dnsmsg.NewReader(b)
	if check(b) != nil || m.Opcode() != 0 || m.Count[0] != 1 {
		return proto.No
	}
	return proto.Yes
}

func check(b []byte) error {
	m := dnsmsg.NewReader(b)
	var rec dnsmsg.Record
	for m.Next(&rec) {
	}
	return m.Err()
}

type session struct {
	known bool
	name  [dnsmsg.MaxName]byte
	text  [dnsmsg.MaxName]byte
}

func (s *session) Reset() { s.known = false }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if c.Carrier != proto.TCP {
		return len(b), s.message(c, b)
	}
	r := wire.NewReader(b)
	msg := r.Bytes("message", int(r.U16("length")))
	if !r.OK() {
		return 0, wire.ErrShort
	}
	return r.Pos(), s.message(c, msg)
}

func (s *session) message(c *proto.Context, b []byte) error {
	if err := check(b); err != nil {
		return err
	}
	m := dnsmsg.NewReader(b)
	kind := fact.Request
	if m.Response() {
		kind = fact.Response
	}
	if !s.known {
		s.known = true
		if kind == fact.Request {
			c.SenderIsClient()
		} else {
			c.SenderIsServer()
		}
	}
	var rec dnsmsg.Record
	m.Next(&rec)
	qname, _ := dnsmsg.AppendName(s.name[:0], b, rec.Name)
	if kind == fact.Response && m.Rcode() == 0 {
		s.answers(c, &m, qname)
	}
	op := c.Op(function(rec.Type), kind)
	op.Target.Name, op.Target.Set = qname, true
	if code := m.Rcode(); kind == fact.Response && code != 0 {
		op.Failed, op.Status = true, dnsmsg.Rcodes[code]
	}
	c.Emit()
	return nil
}

// maxRecords bounds the answers of one message that are looked into.
const maxRecords = 32

// answers binds the name to the addresses that its owner claims.
func (s *session) answers(c *proto.Context, m *dnsmsg.Reader, qname []byte) {
	var rec dnsmsg.Record
	for n := 0; n < maxRecords && m.Next(&rec); n++ {
		of := fact.Subject{Who: fact.Elsewhere}
		owner := qname
		if addr, ok := rec.Addr(); ok {
			of.IP = addr
		} else if addr, ok := dnsmsg.ReverseAddr(qname); ok && rec.Type == dnsmsg.PTR {
			of.IP = addr
			owner, _ = dnsmsg.AppendName(s.text[:0], m.Message(), rec.At)
		} else {
			continue
		}
		if of.IP == c.Src.Addr() {
			of = fact.Subject{Who: fact.Sender}
		}
		c.SayOf(of, fact.Hostname, proto.View(owner), "LLMNR answer", 80)
	}
}
