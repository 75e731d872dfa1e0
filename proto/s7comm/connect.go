package s7comm

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/tpkt"
)

// Types of connection: the first byte of the called transport selector.
const (
	typePG    = 1
	typeOP    = 2
	typeOther = 3
)

var connectionTypes = [...]string{typePG: "PG", typeOP: "OP", typeOther: "S7 basic"}

// s7Selectors tells whether transport selectors are numbered as S7 does it:
// two bytes each, the called one of type, rack and slot.
func s7Selectors(calling, called []byte) bool {
	return len(calling) == 2 && len(called) == 2 && called[0] >= typePG && called[0] <= typeOther
}

// connect says what the set-up of the transport connection tells.
func (s *session) connect(c *proto.Context, t *tpkt.TPDU) {
	asks := t.Type == tpkt.ConnectRequest
	if !s.known {
		s.known = true
		if asks {
			s.client = c.Dir
			c.SenderIsClient()
		} else {
			s.client = c.Dir.Other()
			c.SenderIsServer()
		}
	}
	if !asks || len(t.Called) == 0 || len(t.Called)+len(t.Calling) > 64 {
		return
	}
	b := append(s.text[:0], "TSAP "...)
	b = tpkt.AppendTSAP(b, t.Calling)
	b = append(b, " -> "...)
	b = tpkt.AppendTSAP(b, t.Called)
	if s7Selectors(t.Calling, t.Called) {
		b = append(append(b, ": "...), connectionTypes[t.Called[0]]...)
		b = strconv.AppendUint(append(b, ", rack "...), uint64(t.Called[1]>>5), 10)
		b = strconv.AppendUint(append(b, " slot "...), uint64(t.Called[1]&0x1f), 10)
		sayRole(c, t.Called[0])
	}
	c.SayBytes(fact.Conversation, fact.SessionEndpoint, b, "COTP connection request", 100)
}

// sayRole takes the type of connection as a hint. Many SCADA drivers and
// libraries connect as PG without being one.
func sayRole(c *proto.Context, typ uint8) {
	switch typ {
	case typePG:
		c.Say(fact.Sender, fact.RoleHint, "engineering-station", "COTP connection of type PG", 20)
	case typeOP:
		c.Say(fact.Sender, fact.RoleHint, "hmi", "COTP connection of type OP", 35)
	}
}
