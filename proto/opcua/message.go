package opcua

import (
	"encoding/hex"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

const (
	maxName  = 64 // of a node's name that is remembered until the answer
	maxRoles = 24 // nodes of one read that are told apart for identity
)

// pending is a request that waits for its answer.
type pending struct {
	function *fact.Function
	id       uint32
	service  uint32
	target   fact.Target
	name     [maxName]byte
	length   uint8
	nodes    uint8 // nodes in a read, as far as roles go
	roles    [maxRoles]role
}

// service reads a message in clear: the id of its type, the header, the body.
func (s *session) service(c *proto.Context, request uint32, r *decoder, cut bool) error {
	n := r.node("type id")
	if err := r.bad(); err != nil {
		return err
	}
	f, known := find(c, n.number)
	var err error
	switch {
	case known == nil:
		s.unnamed(c, f)
	case known.reply:
		err = s.answer(c, request, known, n.number, r)
	default:
		err = s.ask(c, request, f, n.number, r)
	}
	if cut {
		return nil // the rest lies in what is not held
	}
	return err
}

// unnamed reports a service that Part 6 does not list.
func (s *session) unnamed(c *proto.Context, f *fact.Function) {
	k := fact.Response
	if s.isClient(c) {
		k = fact.Request
	}
	c.Op(f, k)
	c.Emit()
}

// ask reads a request (Part 4, 7.32) and reports it.
func (s *session) ask(c *proto.Context, request uint32, f *fact.Function, id uint32, r *decoder) error {
	s.learn(c, true)
	r.node("authentication token")
	r.Skip("timestamp, request handle and diagnostics", 16)
	r.text("audit entry id")
	r.U32LE("timeout hint")
	r.extension("additional header")
	p := &s.waiting[request%window]
	p.id, p.service, p.nodes, p.length = request, id, 0, 0
	var d details
	d.function = f
	if r.OK() {
		s.requestBody(c, id, r, p, &d)
	}
	p.function, p.target = d.function, d.target
	p.length = uint8(copy(p.name[:], d.target.Name))
	p.target.Name = nil
	op := c.Op(d.function, fact.Request)
	op.Target, op.Value = d.target, d.value
	c.Emit()
	return r.bad()
}

// details are what a request or an answer says beyond its service.
type details struct {
	function *fact.Function
	target   fact.Target
	value    fact.Value
	bad      uint32 // first bad status of a single operation
}

// answer reads a response (Part 4, 7.33) and reports it with its request.
func (s *session) answer(c *proto.Context, request uint32, known *service, id uint32, r *decoder) error {
	s.learn(c, false)
	r.Skip("timestamp and request handle", 12)
	result := r.U32LE("service result")
	r.diagnostic("service diagnostics")
	r.texts("string table")
	r.extension("additional header")
	var d details
	p := &s.waiting[request%window]
	fits := p.function != nil && p.id == request &&
		(id == idFault || known.asks != nil && services[p.service] == known.asks)
	asked := uint32(0)
	if fits {
		d.target = p.target
		if p.length > 0 {
			d.target.Name = p.name[:p.length]
		}
		asked = p.service
	}
	if r.OK() {
		s.responseBody(c, id, r, p, fits, result, &d)
	}
	op := c.Op(&known.Function, fact.Response)
	switch {
	case fits:
		op.Answers = p.function
		p.function = nil
	case known.asks != nil:
		op.Answers = &known.asks.Function
	}
	op.Target, op.Value = d.target, d.value
	switch {
	case isBad(result):
		op.Failed, op.Status = true, status(result)
	case id == idFault:
		op.Failed, op.Status = true, "service fault"
	case d.bad != 0:
		op.Failed, op.Status = true, status(d.bad)
	}
	refused := op.Failed
	c.Emit()
	if id == idActivateAnswer || asked == idActivateSession {
		outcome := "accepted"
		if refused {
			outcome = "refused"
		}
		c.Say(fact.Conversation, fact.SessionLogin, outcome, "OPC UA activate session", 100)
	}
	return r.bad()
}

// on is a node as the target of an operation.
func (s *session) on(n node) fact.Target {
	t := fact.Target{Unit: uint32(n.space), First: uint64(n.number), Set: true}
	switch n.form {
	case textual:
		t.Name = n.name
	case guid:
		t.Name = s.guid(n.name)
	case opaque:
		b := n.name[:min(len(n.name), len(s.scratch)/2)]
		hex.Encode(s.scratch[:], b)
		t.Name = s.scratch[:2*len(b)]
	}
	return t
}

// guid writes a Guid as Part 6, 5.1.3 does: the first three groups are
// little-endian on the wire.
func (s *session) guid(b []byte) []byte {
	if len(b) != 16 {
		return nil
	}
	order := [16]int{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}
	out := s.scratch[:0]
	for i, from := range order {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			out = append(out, '-')
		}
		out = append(out, "0123456789abcdef"[b[from]>>4], "0123456789abcdef"[b[from]&15])
	}
	return out
}

func numbered(n uint32) fact.Target { return fact.Target{First: uint64(n), Set: true} }
