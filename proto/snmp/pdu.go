package snmp

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
)

// body is what a PDU holds, read before anything is said.
type body struct {
	kind   uint32
	id     int64
	status int64
	vars   ber.Reader
	// of a version 1 trap
	enterprise ber.OID
	generic    int64
}

func (p *body) read(r *ber.Reader) {
	e := r.Next("PDU")
	if r.OK() && (e.Class() != ber.ContextSpecific || !e.Constructed() || e.Number() > pduReport) {
		r.Fail("PDU", errPDU)
	}
	if !r.OK() {
		return
	}
	p.kind = e.Number()
	d := e.Reader()
	if p.kind == pduTrapV1 {
		p.enterprise = d.OID("enterprise")
		d.Next("agent address")
		p.generic = d.Int("generic trap")
		d.Int("specific trap")
		d.Next("time stamp")
	} else {
		p.id = d.Int("request id")
		p.status = d.Int("error status")
		d.Int("error index")
	}
	p.vars = d.Enter("variable bindings", ber.Sequence)
	if !d.OK() {
		r.Fail("PDU", errPDU)
	}
}

// statuses are the error-status values (RFC 3416, 3).
var statuses = [19]string{
	"", "tooBig", "noSuchName", "badValue", "readOnly", "genErr", "noAccess", "wrongType", "wrongLength",
	"wrongEncoding", "wrongValue", "noCreation", "inconsistentValue", "resourceUnavailable", "commitFailed",
	"undoFailed", "authorizationError", "notWritable", "inconsistentName",
}

// pdu reads and reports a PDU that is not encrypted.
func (s *session) pdu(c *proto.Context, r *ber.Reader, version string, community []byte) {
	var p body
	p.read(r)
	if !r.OK() {
		return
	}
	kind := kindOf(p.kind)
	s.learn(c, kind)
	if version != "SNMPv3" {
		s.clear(c, version, community)
	}
	var asked *fact.Function
	switch p.kind {
	case pduResponse, pduReport:
		asked = s.recall(p.id)
	default:
		if kind == fact.Request {
			s.remember(p.id, &pdus[p.kind])
		}
	}
	if p.kind == pduResponse && asked != &pdus[pduInform] || kind == fact.Notice || p.kind == pduInform {
		s.identify(c, &p)
	}
	op := c.Op(&pdus[p.kind], kind)
	op.Answers = asked
	s.target(op, &p)
	s.outcome(op, &p)
	c.Emit()
}

func kindOf(kind uint32) fact.Kind {
	switch kind {
	case pduResponse, pduReport:
		return fact.Response
	case pduTrapV1, pduTrap:
		return fact.Notice
	}
	return fact.Request
}

// outcome: a report tells why a version 3 message was not accepted, except
// that the first contact always begins with one (RFC 3414, 4).
func (s *session) outcome(op *fact.Operation, p *body) {
	switch {
	case p.kind == pduResponse && p.status > 0:
		op.Failed, op.Status = true, "error"
		if p.status < int64(len(statuses)) {
			op.Status = statuses[p.status]
		}
	case p.kind == pduReport:
		v := p.vars
		b := v.Enter("binding", ber.Sequence)
		op.Status = reportText(b.OID("name"))
		op.Failed = op.Status != ""
	}
}

// target is the first object that the PDU names; Count is how many it names.
func (s *session) target(op *fact.Operation, p *body) {
	v := p.vars
	n := uint32(0)
	var first ber.OID
	for v.More() && n < maxBindings {
		b := v.Enter("binding", ber.Sequence)
		oid := b.OID("name")
		if !b.OK() {
			break
		}
		if n++; n == 1 {
			first = oid
		}
	}
	if first == nil && p.kind == pduTrapV1 {
		first = p.enterprise
	}
	// Four characters at most come from one byte.
	if len(first) > 0 && 4*len(first)+4 <= len(s.oid) {
		op.Target = fact.Target{Name: first.AppendText(s.oid[:0]), Count: n, Set: true}
	}
}

func (s *session) remember(id int64, f *fact.Function) {
	s.waiting[s.next%window] = pending{id, true, f}
	s.next++
}

func (s *session) recall(id int64) *fact.Function {
	for i := range s.waiting {
		if p := &s.waiting[i]; p.used && p.id == id {
			p.used = false
			return p.function
		}
	}
	return nil
}

func (s *session) learn(c *proto.Context, k fact.Kind) {
	if s.known {
		return
	}
	s.known = true
	if k == fact.Response {
		c.SenderIsServer()
	} else {
		c.SenderIsClient()
	}
}

// clear says which version is spoken and that its password crossed in clear,
// never which it was, unless it is one of the two that everybody knows.
func (s *session) clear(c *proto.Context, version string, community []byte) {
	if s.seen.Seen(1, community) {
		return
	}
	c.Say(fact.Conversation, fact.SessionVersion, version, "SNMP version", 100)
	c.Say(fact.Conversation, fact.SessionSecurity, "None", "SNMP version", 100)
	switch {
	case bytes.Equal(community, []byte("public")):
		c.Say(fact.Conversation, fact.SessionPassword, "default community public in clear", "SNMP community", 100)
	case bytes.Equal(community, []byte("private")):
		c.Say(fact.Conversation, fact.SessionPassword, "default community private in clear", "SNMP community", 100)
	case len(community) == 0:
		c.Say(fact.Conversation, fact.SessionPassword, "empty", "SNMP community", 100)
	default:
		c.Say(fact.Conversation, fact.SessionPassword, "in clear", "SNMP community", 100)
	}
}
