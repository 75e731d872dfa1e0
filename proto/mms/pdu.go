package mms

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
)

// pdu reads one MMS PDU and reports it.
func (s *session) pdu(c *proto.Context, e *ber.Element) error {
	switch e.Number() {
	case pduRequest:
		return s.request(c, e)
	case pduResponse:
		return s.response(c, e)
	case pduError:
		return s.failure(c, e)
	case pduUnconfirmed:
		return s.unconfirmed(c, e)
	case pduReject:
		return s.reject(c, e)
	case pduInitiate, pduConclude, pduCancel:
		s.learn(c, true)
		c.Op(handshake(e.Number()), fact.Request)
	case pduInitiateOK, pduConcludeOK, pduCancelOK:
		s.learn(c, false)
		c.Op(handshake(e.Number()), fact.Response)
	case pduInitiateError, pduConcludeError, pduCancelError:
		s.learn(c, false)
		op := c.Op(handshake(e.Number()), fact.Response)
		op.Failed, op.Status = true, "refused"
	default:
		return errPDU
	}
	c.Emit()
	switch e.Number() {
	case pduInitiateOK:
		c.Say(fact.Conversation, fact.SessionLogin, "accepted", "MMS initiate", 90)
	case pduInitiateError:
		c.Say(fact.Conversation, fact.SessionLogin, "refused", "MMS initiate", 90)
	}
	return nil
}

func handshake(pdu uint32) *fact.Function {
	switch pdu {
	case pduInitiate, pduInitiateOK, pduInitiateError:
		return &initiate
	case pduConclude, pduConcludeOK, pduConcludeError:
		return &conclude
	}
	return &cancel
}

// service reads invoke id and service of a confirmed request or response.
func service(e *ber.Element) (invoke uint32, in ber.Element, err error) {
	r := e.Reader()
	invoke = uint32(r.Int("invoke id"))
	r.Optional("list of modifiers", ber.Sequence)
	in = r.Next("service")
	return invoke, in, r.Err()
}

// build makes the function of a service that ISO 9506-2 does not number.
func build(key uint64) fact.Function {
	code := number(uint32(key))
	return fact.Function{Protocol: name, Code: code, Name: "service " + code, Class: fact.Other}
}

var keys = proto.KeySpace(name)

func find(c *proto.Context, n uint32) *fact.Function {
	if n < nServices {
		return &services[n]
	}
	return c.Func(keys|uint64(n), build)
}

// request reads a confirmed request.
func (s *session) request(c *proto.Context, e *ber.Element) error {
	invoke, in, err := service(e)
	if err != nil {
		return err
	}
	s.learn(c, true)
	d := details{function: find(c, in.Number())}
	s.asked(&in, &d)
	p := &s.waiting[invoke%window]
	p.function, p.invoke = d.function, invoke
	p.length = uint8(copy(p.name[:], d.name))
	op := c.Op(d.function, fact.Request)
	op.Target, op.Value = target(d.name), d.value
	c.Emit()
	return nil
}

// recall finds the request that is answered.
func (s *session) recall(invoke uint32) *pending {
	if p := &s.waiting[invoke%window]; p.function != nil && p.invoke == invoke {
		return p
	}
	return nil
}

// response reads a confirmed response.
func (s *session) response(c *proto.Context, e *ber.Element) error {
	invoke, in, err := service(e)
	if err != nil {
		return err
	}
	s.learn(c, false)
	d := details{function: find(c, in.Number())}
	if p := s.recall(invoke); p != nil && p.function.Code == d.function.Code {
		d.function, d.name = p.function, p.name[:p.length]
		p.function = nil
	}
	s.answered(c, &in, &d)
	op := c.Op(d.function, fact.Response)
	op.Target, op.Value = target(d.name), d.value
	op.Failed, op.Status = d.failed, d.status
	c.Emit()
	return nil
}

// failure reads a confirmed error.
func (s *session) failure(c *proto.Context, e *ber.Element) error {
	r := e.Reader()
	invoke := uint32(r.IntOf("invoke id", ber.Context(0)))
	r.Optional("modifier position", ber.Context(1))
	in := r.Enter("service error", ber.ContextCons(2))
	class := in.Enter("error class", ber.ContextCons(0))
	kind := class.Next("error class")
	if err := r.Err(); err != nil {
		return err
	}
	s.learn(c, false)
	f, about := &refusal, []byte(nil)
	if p := s.recall(invoke); p != nil {
		f, about = p.function, p.name[:p.length]
		p.function = nil
	}
	op := c.Op(f, fact.Response)
	op.Target = target(about)
	op.Failed, op.Status = true, "service error"
	if class.OK() {
		op.Status = pick(errorClasses[:], uint64(kind.Number()), "service error")
	}
	c.Emit()
	return nil
}

// reject reads a reject: the PDU that it answers was not understood.
func (s *session) reject(c *proto.Context, e *ber.Element) error {
	r := e.Reader()
	id, ok := r.Optional("original invoke id", ber.Context(0))
	why := r.Next("reject reason")
	if err := r.Err(); err != nil {
		return err
	}
	f, k := &reject, fact.Notice
	if n, fits := ber.Uint(id); ok && fits && (!s.known || c.Dir != s.client) {
		if p := s.recall(uint32(n)); p != nil {
			f, k = p.function, fact.Response
			p.function = nil
		}
	}
	op := c.Op(f, k)
	op.Failed, op.Status = true, pick(rejects[:], uint64(why.Number()), "rejected")
	c.Emit()
	return nil
}

// unconfirmed reads reports and events.
func (s *session) unconfirmed(c *proto.Context, e *ber.Element) error {
	r := e.Reader()
	in := r.Next("service")
	if err := r.Err(); err != nil {
		return err
	}
	f := &unconfirmedOther
	if n := in.Number(); n < uint32(len(unconfirmed)) {
		f = &unconfirmed[n]
	}
	var d details
	if in.Number() == 0 && in.Constructed() {
		s.report(&in, &d)
	}
	op := c.Op(f, fact.Notice)
	op.Target, op.Value = target(d.name), d.value
	c.Emit()
	return nil
}

func target(b []byte) fact.Target { return fact.Target{Name: b, Set: len(b) > 0} }
