package bacnet

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// PDU types (20.1).
const (
	pduConfirmed = iota
	pduUnconfirmed
	pduSimpleAck
	pduComplexAck
	pduSegmentAck
	pduError
	pduReject
	pduAbort
)

const (
	flagSegmented = 0x08
	flagMore      = 0x04
	flagServer    = 0x01
)

// pending is a confirmed request that waits for its answer.
type pending struct {
	used     bool
	dir      proto.Dir
	invoke   uint8
	peer     address // of the answering device, when it is behind a router
	choice   uint8
	function *fact.Function
	target   fact.Target
}

// window is how many requests are remembered for a pair of hosts.
const window = 32

func (s *session) find(dir proto.Dir, invoke uint8, peer address) *pending {
	var near *pending
	for i := range s.waiting {
		p := &s.waiting[i]
		if !p.used || p.dir != dir || p.invoke != invoke {
			continue
		}
		if p.peer == peer {
			return p
		}
		near = p // a proxy may answer from an address of its own
	}
	return near
}

func (s *session) remember(p pending) {
	slot := s.find(p.dir, p.invoke, p.peer)
	if slot == nil || slot.peer != p.peer {
		slot = &s.waiting[s.next%window]
		s.next = (s.next + 1) % window
	}
	p.used = true
	p.target.Name = nil
	*slot = p
}

// apdu reads and reports an application layer message.
func (s *session) apdu(c *proto.Context, n *npdu) error {
	r := wire.NewReader(n.data)
	head := r.U8("PDU type")
	if !r.OK() {
		return errAPDU
	}
	switch head >> 4 {
	case pduConfirmed:
		return s.confirmed(c, n, head, &r)
	case pduUnconfirmed:
		return s.unconfirmed(c, n, &r)
	case pduSimpleAck, pduComplexAck:
		return s.ack(c, n, head, &r)
	case pduSegmentAck:
		return s.segmentAck(c, n, head, &r)
	case pduError:
		return s.failure(c, n, head, &r)
	case pduReject, pduAbort:
		return s.failure(c, n, head, &r)
	}
	return errAPDU
}

// segment reads the fields of a segmented message and tells whether it is a
// later segment, whose parameters begin somewhere within the message.
func segment(head uint8, r *wire.Reader) (later bool) {
	if head&flagSegmented == 0 {
		return false
	}
	later = r.U8("sequence number") != 0
	r.Skip("proposed window size", 1)
	return later
}

// learn settles which side is the client by the first service that one asks
// of the other. Notifications go the other way and settle nothing; neither do
// private services.
func (s *session) learn(c *proto.Context, choice uint8, asks bool) {
	if s.known || int(choice) >= len(confirmed) {
		return
	}
	if class := confirmed[choice].class; class == fact.Data || class == fact.Other {
		return
	}
	s.known = true
	if asks {
		c.SenderIsClient()
	} else {
		c.SenderIsServer()
	}
}

func (s *session) confirmed(c *proto.Context, n *npdu, head uint8, r *wire.Reader) error {
	r.Skip("max segments, max response", 1)
	invoke := r.U8("invoke id")
	later := segment(head, r)
	choice := r.U8("service choice")
	if !r.OK() {
		return errAPDU
	}
	s.learn(c, choice, true)
	var p params
	ok := true
	f, t := (*fact.Function)(nil), fact.Target{}
	if w := s.find(c.Dir, invoke, n.dst); later && w != nil && w.choice == choice {
		f, t = w.function, w.target
	} else {
		if !later {
			ok = p.confirmed(choice, *r, false) || head&flagMore != 0
		}
		f, t = functionOf(c, confirmedKind, choice, &p), p.target(n.dst.network)
	}
	if p.secret {
		c.Say(fact.Conversation, fact.SessionPassword, "in clear", "BACnet password of a service", 90)
	}
	op := c.Op(f, fact.Request)
	op.Target, op.Value = t, p.value
	c.Emit()
	s.remember(pending{dir: c.Dir, invoke: invoke, peer: n.dst, choice: choice, function: f, target: t})
	if !ok {
		return errParams
	}
	return nil
}

func (s *session) unconfirmed(c *proto.Context, n *npdu, r *wire.Reader) error {
	choice := r.U8("service choice")
	if !r.OK() {
		return errAPDU
	}
	var p params
	ok := p.unconfirmed(choice, *r)
	s.introduce(c, choice, &p, *r)
	kind := fact.Notice
	if choice == unconfWhoIs || choice == unconfWhoHas {
		kind = fact.Request
	}
	op := c.Op(functionOf(c, unconfirmKind, choice, &p), kind)
	op.Target, op.Value = p.target(n.src.network), p.value
	c.Emit()
	if !ok {
		return errParams
	}
	return nil
}

func (s *session) ack(c *proto.Context, n *npdu, head uint8, r *wire.Reader) error {
	invoke := r.U8("invoke id")
	later, more := false, false
	if head>>4 == pduComplexAck {
		later, more = segment(head, r), head&(flagSegmented|flagMore) == flagSegmented|flagMore
	}
	choice := r.U8("service choice")
	if !r.OK() {
		return errAPDU
	}
	s.learn(c, choice, false)
	w := s.find(c.Dir.Other(), invoke, n.src)
	paired := w != nil && w.choice == choice
	var p params
	ok := true
	if head>>4 == pduComplexAck && !later {
		ok = p.confirmed(choice, *r, true) || more
		s.describe(c, choice, *r)
	}
	f, t := (*fact.Function)(nil), p.target(n.src.network)
	if paired {
		f = w.function
		if !p.hasObject {
			t = w.target
		}
		w.used = more || head&flagSegmented != 0 && later && head&flagMore != 0
	} else {
		f = functionOf(c, confirmedKind, choice, &p)
	}
	op := c.Op(f, fact.Response)
	op.Target, op.Value = t, p.value
	c.Emit()
	if !ok {
		return errParams
	}
	return nil
}

// segmentAck reports the acknowledgement of segments, from either side.
func (s *session) segmentAck(c *proto.Context, n *npdu, head uint8, r *wire.Reader) error {
	r.Skip("invoke id, sequence number, window size", 3)
	if !r.OK() {
		return errAPDU
	}
	c.Op(&segmentAck, fact.Notice)
	c.Emit()
	return nil
}

// failure reports an Error, Reject or Abort.
func (s *session) failure(c *proto.Context, n *npdu, head uint8, r *wire.Reader) error {
	kind := head >> 4
	invoke := r.U8("invoke id")
	code := r.U8("error choice or reason")
	if !r.OK() {
		return errAPDU
	}
	// The client aborts its own request; all else comes from the server.
	asker, peer := c.Dir.Other(), n.src
	if kind == pduAbort && head&flagServer == 0 {
		asker, peer = c.Dir, n.dst
	}
	w := s.find(asker, invoke, peer)
	f, status := (*fact.Function)(nil), ""
	switch kind {
	case pduError:
		status = errorText(*r)
		if w != nil && w.choice != code {
			w = nil
		}
		if w == nil {
			f = functionOf(c, confirmedKind, code, nil)
		}
	case pduReject:
		f, status = &rejected, reason(rejectReasons[:], code)
	default:
		f, status = &aborted, reason(abortReasons[:], code)
	}
	t := fact.Target{}
	if w != nil {
		f, t = w.function, w.target
		w.used = false
	}
	op := c.Op(f, fact.Response)
	op.Target, op.Failed, op.Status = t, true, status
	c.Emit()
	return nil
}
