// Package mms reads the Manufacturing Message Specification (ISO 9506-1 and
// -2:2003) as IEC 61850-8-1:2011 uses it: over TPKT, transport class 0,
// session (X.225), presentation (X.226) and association control (X.227), or
// on the transport alone. It leaves out the semantics of journals, semaphores
// and events beyond their service.
package mms

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
	"github.com/bulkhead-ot/bulkhead/wire/tpkt"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "MMS (IEC 61850, ISO 9506)",
	About: "Reads, writes and operates protection relays, bay controllers and substation gateways, and transfers their files and settings. " +
		"It has no encryption and at most a password in clear: who reaches port 102 may open a breaker.",
	Spec:  "ISO 9506-1:2003, ISO 9506-2:2003; IEC 61850-8-1:2011",
	Limit: "Of an operation on several variables the first is reported. Journals, semaphores and events are told by service only. IEC 62351 secured MMS is seen as TLS.",
	Depth: proto.Recognised | proto.Operations | proto.Values | proto.Identity | proto.Sessions,
	On:    []proto.On{{Carrier: proto.TCP, Numbers: []uint32{tpkt.Port}}},

	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: 64 << 10, // the length of a TPKT has 16 bits
	Functions:  allFunctions,
}

const maxPDU = 128 << 10 // of segments joined

var (
	errPDU  = errors.New("not an MMS PDU")
	errBody = errors.New("PDU ends inside an element")
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	l := tpkt.LookAt(b)
	switch {
	case !l.TPKT:
		return proto.No
	case !l.Found:
		return proto.More
	}
	if len(l.Data) > 0 && !begins(l.Data[0]) {
		return proto.No
	}
	env := unwrap(l.Data)
	if env.pdu == nil {
		if !l.Whole && len(b) < 2048 {
			return proto.More
		}
		return proto.No
	}
	e, err := ber.Read(env.pdu)
	switch {
	case err == nil && plausible(&e):
		return proto.Yes
	case err == wire.ErrShort && !l.Whole:
		return proto.More
	}
	return proto.No
}

// begins tells the first bytes that user data of the transport has: a session
// PDU, or an MMS PDU where the layers between are left out.
func begins(x byte) bool {
	switch x {
	case 0x01, 0x0d, 0x0e, 0x8b, 0x8c:
		return true
	}
	return x >= 0xa0 && x <= 0xad
}

// plausible checks that an element is an MMS PDU as far as its first field.
func plausible(e *ber.Element) bool {
	if e.Class() != ber.ContextSpecific {
		return false
	}
	r := e.Reader()
	switch e.Number() {
	case pduRequest, pduResponse:
		r.Int("invoke id")
		return r.OK() && (r.More() && r.Peek().Class() == ber.ContextSpecific || r.Peek() == ber.Sequence)
	case pduError:
		_, ok := r.Optional("invoke id", ber.Context(0))
		return ok && r.More()
	case pduUnconfirmed:
		return r.Peek().Class() == ber.ContextSpecific && r.Peek().Number() <= 2 && r.Peek() != 0
	case pduInitiate, pduInitiateOK:
		for r.More() {
			t := r.Next("initiate").Tag
			if t.Class() != ber.ContextSpecific || t.Number() > 4 {
				return false
			}
		}
		return r.OK()
	case pduReject:
		return len(e.Body) > 0 && r.Next("reject").Class() == ber.ContextSpecific && r.OK()
	case pduConclude, pduConcludeOK:
		return len(e.Body) == 0
	}
	return false
}

// window is how many requests are remembered; devices agree on ten or less
// outstanding ones.
const window = 32

// maxName bounds the name of a variable that is remembered until the answer:
// "domain/item", each of at most 64 characters (IEC 61850-8-1, 8.1.3).
const maxName = 130

// pending is a request that waits for its answer.
type pending struct {
	function *fact.Function
	invoke   uint32
	length   uint8
	name     [maxName]byte
}

type session struct {
	known   bool // client is known
	client  proto.Dir
	join    [2]tpkt.Joiner
	waiting [window]pending
	scratch [maxName]byte
	domain  bool // a name was said for the server
}

func (s *session) Reset() {
	join := s.join
	join[0].Drop()
	join[1].Drop()
	*s = session{join: join}
}

func (s *session) Gap(d proto.Dir) {
	s.join[d&1].Drop()
	if !s.known || d == s.client {
		for i := range s.waiting {
			s.waiting[i].function = nil
		}
	}
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	t, n, err := tpkt.Parse(b)
	if err != nil {
		return n, err
	}
	switch t.Type {
	case tpkt.ConnectRequest:
		s.learn(c, true)
	case tpkt.ConnectConfirm:
		s.learn(c, false)
	case tpkt.Data:
		msg, done, err := s.join[c.Dir&1].Add(&t, maxPDU)
		if err != nil {
			return n, err
		}
		if done && len(msg) > 0 {
			return n, s.message(c, msg)
		}
	}
	return n, nil
}

// message is the user data of the transport.
func (s *session) message(c *proto.Context, b []byte) error {
	env := unwrap(b)
	if env.secret {
		c.Say(fact.Conversation, fact.SessionAuth, "password", "ACSE authentication", 95)
		c.Say(fact.Conversation, fact.SessionPassword, "in clear", "ACSE authentication", 95)
	}
	if env.pdu == nil {
		if env.layers {
			return nil // session or association control only
		}
		return errPDU
	}
	e, err := ber.Read(env.pdu)
	if err != nil {
		return errBody
	}
	if e.Class() != ber.ContextSpecific {
		return errPDU
	}
	if err := s.pdu(c, &e); err != nil {
		if errors.Is(err, wire.ErrShort) {
			return errBody
		}
		return err
	}
	return nil
}

// learn settles which side is the client.
func (s *session) learn(c *proto.Context, sender bool) {
	client := c.Dir
	if !sender {
		client = c.Dir.Other()
	}
	if s.known {
		return // an event or a report may go either way
	}
	s.known, s.client = true, client
	if sender {
		c.SenderIsClient()
	} else {
		c.SenderIsServer()
	}
}
