package enip

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// maxDepth bounds messages inside messages: an Unconnected Send that holds a
// Multiple Service Packet is the deepest that devices send.
const maxDepth = 4

var (
	errDepth  = errors.New("messages are nested too deep")
	errOffset = errors.New("offsets are not in order")
)

// explicit reads the CIP message of SendRRData or SendUnitData.
func (s *session) explicit(c *proto.Context, h *header, p *packet) error {
	e := s.state()
	r := wire.NewReader(p.data)
	key := h.context
	if p.connected {
		key = uint64(r.U16LE("sequence count"))
		if r.OK() && r.Len() == 0 {
			return nil // class 3 heartbeat: nothing but the sequence count
		}
	}
	b := r.Rest()
	if len(b) == 0 {
		return r.Err()
	}
	if b[0]&replyBit != 0 {
		x := e.recall(c, p, key, b[0]&^replyBit)
		var q *asked
		if x != nil {
			q = &x.ask
		}
		return s.response(c, x, q, b, 0, p)
	}
	e.now = exchange{dir: c.Dir, connected: p.connected, conn: p.connection, key: key, firstSub: e.nextSub}
	if k := e.byOT(p.connection); p.connected && k != nil {
		e.now.part, e.now.opened = k.part, k.opened
	}
	err := s.request(c, b, 0, false)
	if e.now.ask.f != nil {
		e.remember()
	}
	return err
}

// request reads a message router request (Vol. 1, 2-4.1) and reports it.
func (s *session) request(c *proto.Context, b []byte, depth int, embedded bool) error {
	if depth > maxDepth {
		return errDepth
	}
	e := s.state()
	r := wire.NewReader(b)
	code := r.U8("service")
	words := int(r.U8("request path size"))
	raw := r.Bytes("request path", 2*words)
	if err := r.Err(); err != nil {
		return err
	}
	p, err := readPath(raw, e.scratch[:])
	if err != nil {
		return err
	}
	q := asked{f: function(c, code, &p), class: p.class, service: code}
	q.target = fact.Target{Unit: p.attribute, First: p.instance, Set: true}
	v := arguments(&q, &p, r)
	q.setName(p.tag)
	if embedded {
		e.addSub(&q)
	} else {
		e.now.ask = q
	}
	op := c.Op(q.f, fact.Request)
	op.Target, op.Value = q.target, v
	if len(p.tag) > 0 {
		op.Target.Name = p.tag
	}
	c.Emit()
	s.noteSecurity(c, p.class)
	return s.inside(c, &q, &p, &r, depth)
}

// inside goes on into what the request carries.
func (s *session) inside(c *proto.Context, q *asked, p *epath, r *wire.Reader, depth int) error {
	switch {
	case q.service == multipleService:
		return s.each(r, func(b []byte, _ uint32) error {
			return s.request(c, b, depth+1, true)
		})
	case p.class == classManager && q.service == unconnectedSend:
		return s.unconnectedSend(c, r, depth)
	case p.class == classManager && (q.service == forwardOpen || q.service == largeForwardOpen):
		return s.forwardOpen(c, r, q.service == largeForwardOpen)
	case p.class == classPCCC && q.service == executePCCC:
		return s.pcccRequest(c, r)
	}
	return nil
}

// each walks the services of a Multiple Service Packet (2-4.3, A-4.10), which
// request and answer lay out alike.
func (s *session) each(r *wire.Reader, do func([]byte, uint32) error) error {
	all := r.Peek()
	n := int(r.U16LE("number of services"))
	begin := int(r.U16LE("offset"))
	if n == 0 {
		return nil
	}
	if err := r.Err(); err != nil {
		return err
	}
	if begin < 2+2*n {
		r.Fail("offset", errOffset)
		return r.Err()
	}
	for i := range n {
		end := len(all)
		if i+1 < n {
			end = int(r.U16LE("offset"))
		}
		if end <= begin || end > len(all) {
			r.Fail("offset", errOffset)
		}
		if err := r.Err(); err != nil {
			return err
		}
		if err := do(all[begin:end], uint32(i)); err != nil {
			return err
		}
		begin = end
	}
	return nil
}

// response reads a message router response (2-4.2) and reports it, as what
// was asked where that was seen.
func (s *session) response(c *proto.Context, x *exchange, q *asked, b []byte, depth int, p *packet) error {
	if depth > maxDepth {
		return errDepth
	}
	r := wire.NewReader(b)
	code := r.U8("reply service") &^ replyBit
	r.U8("reserved")
	general := r.U8("general status")
	words := int(r.U8("size of additional status"))
	more := r.Sub("additional status", 2*words)
	if err := r.Err(); err != nil {
		return err
	}
	var ext uint16
	if words > 0 {
		ext = more.U16LE("additional status")
	}
	var t fact.Target
	var f *fact.Function
	if q != nil && q.service == code {
		f, t = q.f, q.of()
	} else if q != nil { // routing failed: the answer is the Unconnected Send's
		f = c.Func(space|kindObject<<40|uint64(classManager)<<8|uint64(code), build)
		t, q, x = fact.Target{First: 1, Set: true}, nil, nil
	} else {
		f = c.Func(key(kindAnswer, uint64(code)), build)
	}
	if q != nil && !failed(general) {
		s.tell(c, x, q, r)
	}
	op := c.Op(f, fact.Response)
	op.Target = t
	if failed(general) {
		op.Failed, op.Status = true, status(general, ext)
	} else if q != nil {
		op.Value = answered(q, r)
	}
	c.Emit()
	switch {
	case code == multipleService && (general == 0 || general == 0x1e):
		return s.each(&r, func(b []byte, i uint32) error {
			sub := s.cip.sub(x, i)
			if sub != nil && sub.service != b[0]&^replyBit {
				sub = nil
			}
			return s.response(c, x, sub, b, depth+1, p)
		})
	case q == nil || failed(general):
		return nil
	case q.class == classManager && (code == forwardOpen || code == largeForwardOpen):
		return s.opened(c, x, &r, p)
	case q.class == classPCCC && code == executePCCC:
		return s.pcccReply(c, x, &r)
	}
	return nil
}

// noteSecurity says once that CIP Security is in use.
func (s *session) noteSecurity(c *proto.Context, class uint32) {
	if class >= 0x5d && class <= 0x5f && !s.secure {
		s.secure = true
		c.Say(fact.Conversation, fact.SessionNote, "CIP Security is read or configured", "CIP", 90)
	}
}
