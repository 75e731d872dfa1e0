// Package dns reads the Domain Name System over UDP and TCP: RFC 1035 with
// dynamic updates (RFC 2136) and service location (RFC 2782). DNS over TLS and
// over HTTPS are not visible to it; signatures are not checked.
package dns

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Domain Name System",
	About: "Turns names into addresses for workstations and servers; controllers seldom need it. " +
		"It tells which outside services a plant looks for, and malware often shows itself here first.",
	Spec:       "RFC 1034, RFC 1035, RFC 2136, RFC 2782, RFC 6891, RFC 7766",
	Limit:      "Encrypted DNS is not visible. Signatures are not checked.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity,
	On:         []proto.On{{Carrier: proto.UDP, Numbers: []uint32{53}}, {Carrier: proto.TCP, Numbers: []uint32{53}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: 2 + 65535,
	Functions:  allFunctions,
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if other(h.SrcPort) || other(h.DstPort) {
		return proto.No
	}
	if h.Carrier == proto.TCP {
		if len(b) < 2+dnsmsg.HeaderLen {
			return proto.More
		}
		n := int(b[0])<<8 | int(b[1])
		if n < dnsmsg.HeaderLen || !plausible(b[2:]) {
			return proto.No
		}
		if len(b) < 2+n {
			if h.OnPort {
				return proto.Likely
			}
			return proto.More
		}
		b = b[2 : 2+n]
	}
	if len(b) < dnsmsg.HeaderLen || !plausible(b) {
		return proto.No
	}
	return whole(b)
}

// other tells the ports of the protocols that share the message format.
func other(port uint16) bool { return port == 5353 || port == 5355 || port == 137 }

// plausible looks at the header: an opcode in use, one question (or one zone),
// no reserved bit, and not more records than real servers send.
func plausible(b []byte) bool {
	m := dnsmsg.NewReader(b[:dnsmsg.HeaderLen])
	op := m.Opcode()
	return (op == 0 || op == opNotify || op == opUpdate) && m.Flags&0x0040 == 0 &&
		m.Count[0] == 1 && m.Count[1] < 512 && m.Count[2] < 256 && m.Count[3] < 256
}

// whole walks over all entries: they must fill the message.
func whole(b []byte) proto.Verdict {
	m := dnsmsg.NewReader(b)
	var rec dnsmsg.Record
	known := true
	for m.Next(&rec) {
		if rec.Section == dnsmsg.Question {
			_, ok := dnsmsg.TypeNames[rec.Type]
			known = ok && (rec.Class == 1 || rec.Class == 3 || rec.Class >= 254 && rec.Class <= 255)
			if label, _, ok := dnsmsg.Label(b, rec.Name); ok && netbios(label) {
				return proto.No
			}
		}
	}
	switch {
	case m.Err() != nil && !m.Truncated() || m.End() > len(b):
		return proto.No
	case m.End() < len(b) || m.Err() != nil || !known:
		return proto.Likely
	}
	return proto.Yes
}

// netbios tells the encoded names of RFC 1001, 14.1.
func netbios(label []byte) bool {
	if len(label) != 32 {
		return false
	}
	for _, x := range label {
		if x < 'A' || x > 'P' {
			return false
		}
	}
	return true
}

type session struct {
	known bool                 // the client is known
	said  bool                 // that the sender serves
	name  [dnsmsg.MaxName]byte // of the question
	text  [dnsmsg.MaxName]byte // of another name
}

func (s *session) Reset() { s.known, s.said = false, false }

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

// message reports one operation for each question, after what the records say.
func (s *session) message(c *proto.Context, b []byte) error {
	if err := check(b); err != nil {
		return err
	}
	m := dnsmsg.NewReader(b)
	s.learn(c, m.Response())
	var rec dnsmsg.Record
	asked := false
	for m.Next(&rec) && rec.Section == dnsmsg.Question {
		qname, _ := dnsmsg.AppendName(s.name[:0], b, rec.Name)
		if !asked {
			s.identify(c, b, &m.Header, rec.Type, qname)
		}
		asked = true
		s.emit(c, &m.Header, function(c, m.Opcode(), rec.Type), qname)
	}
	if !asked { // a refusal may leave the question out
		s.emit(c, &m.Header, &opcodes[m.Opcode()], nil)
	}
	return nil
}

// check walks the message once, so that nothing is said of one that is broken
// in its middle. One that says it is truncated may end early.
func check(b []byte) error {
	m := dnsmsg.NewReader(b)
	var rec dnsmsg.Record
	for m.Next(&rec) {
	}
	if m.Err() != nil && m.Truncated() && len(b) >= dnsmsg.HeaderLen {
		return nil
	}
	return m.Err()
}

func (s *session) emit(c *proto.Context, h *dnsmsg.Header, f *fact.Function, qname []byte) {
	kind := fact.Request
	if h.Response() {
		kind = fact.Response
	}
	op := c.Op(f, kind)
	if len(qname) > 0 {
		op.Target = fact.Target{Name: qname, Set: true}
	}
	if code := h.Rcode(); h.Response() && code != 0 {
		op.Failed, op.Status = true, dnsmsg.Rcodes[code]
	}
	c.Emit()
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
