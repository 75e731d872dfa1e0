package vnc

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

func (s *session) fromServer(c *proto.Context, r *wire.Reader) error {
	switch s.at[c.Dir] {
	case atSecurity:
		return s.offered(c, r)
	case atChallenge:
		r.Skip("challenge", 16)
		if r.OK() {
			s.at[c.Dir] = atResult
			c.Op(&authentication, fact.Notice)
			c.Emit()
		}
	case atResult:
		return s.result(c, r)
	case atInit:
		return s.init(c, r)
	}
	return nil
}

// offered reads the security types (7.1.2), or in version 3.3 the one that the
// server decided on.
func (s *session) offered(c *proto.Context, r *wire.Reader) error {
	if s.minor < 7 {
		t := r.U32("security type")
		if !r.OK() {
			return nil
		}
		if t == 0 {
			return s.refused(c, &security, r)
		}
		c.Op(&security, fact.Notice)
		c.Emit()
		s.decide(c, uint8(min(t, 255)))
		s.afterChoice()
		return nil
	}
	n := int(r.U8("number of security types"))
	if r.OK() && n == 0 {
		return s.refused(c, &security, r)
	}
	types := r.Bytes("security types", n)
	if !r.OK() {
		return nil
	}
	c.Op(&security, fact.Notice)
	c.Emit()
	for _, t := range types {
		if t == typeNone {
			c.Say(fact.Conversation, fact.SessionNote, "server offers access without password", "RFB security types", 100)
			break
		}
	}
	s.at[c.Dir] = atChallenge // what follows depends on the choice
	if s.chosen != 0 {
		s.afterChoice()
	}
	return nil
}

// afterChoice sets both directions to what follows the security type.
func (s *session) afterChoice() {
	cl, sv := s.server.Other(), s.server
	switch s.chosen {
	case typeNone:
		s.at[cl], s.at[sv] = atInit, atInit
		if s.minor >= 8 { // 7.1.3: version 3.8 sends a result for None too
			s.at[sv] = atResult
		}
	case typeVNC:
		s.at[cl], s.at[sv] = atChallenge, atChallenge
	default:
		s.end()
	}
}

// refused reads a reason (7.1.2, 7.1.3).
func (s *session) refused(c *proto.Context, f *fact.Function, r *wire.Reader) error {
	n := r.U32("reason length")
	if r.OK() && n > 4<<10 {
		return errReason
	}
	r.Skip("reason", int(n))
	if !r.OK() {
		return nil
	}
	s.end()
	s.fail(c, f)
	return nil
}

func (s *session) fail(c *proto.Context, f *fact.Function) {
	op := c.Op(f, fact.Response)
	op.Failed, op.Status = true, "refused"
	c.Emit()
	c.Say(fact.Conversation, fact.SessionLogin, "refused", "RFB", 100)
}

func (s *session) result(c *proto.Context, r *wire.Reader) error {
	v := r.U32("status")
	if !r.OK() {
		return nil
	}
	if v != 0 {
		if s.minor >= 8 {
			return s.refused(c, &securityResult, r)
		}
		s.end()
		s.fail(c, &securityResult)
		return nil
	}
	s.at[c.Dir] = atInit
	c.Op(&securityResult, fact.Response)
	c.Emit()
	c.Say(fact.Conversation, fact.SessionLogin, "accepted", "RFB security result", 100)
	return nil
}

func (s *session) init(c *proto.Context, r *wire.Reader) error {
	r.Skip("width, height, pixel format", 20)
	n := r.U32("name length")
	if r.OK() && n > 4<<10 {
		return errReason
	}
	desktop := r.Bytes("name", int(n))
	if !r.OK() {
		return nil
	}
	s.end()
	c.Op(&serverInit, fact.Response)
	c.Emit()
	c.SayBytes(fact.Sender, fact.DeviceName, text(desktop), "RFB desktop name", 60)
	return nil
}

func (s *session) fromClient(c *proto.Context, r *wire.Reader) {
	switch s.at[c.Dir] {
	case atChoice:
		t := r.U8("security type")
		if !r.OK() {
			return
		}
		c.Op(&choice, fact.Request)
		c.Emit()
		s.decide(c, t)
		s.afterChoice()
	case atChallenge:
		r.Skip("response", 16)
		if r.OK() {
			s.at[c.Dir] = atInit
			c.Op(&authentication, fact.Request)
			c.Emit()
		}
	case atInit:
		r.U8("shared")
		if r.OK() {
			s.at[c.Dir] = opaque
			c.Op(&clientInit, fact.Request)
			c.Emit()
		}
	}
}

// text is b up to its first control character.
func text(b []byte) []byte {
	for i, x := range b {
		if x < 0x20 || x == 0x7f {
			return b[:i]
		}
	}
	return b[:min(len(b), 255)]
}
