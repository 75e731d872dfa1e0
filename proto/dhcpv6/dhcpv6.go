// Package dhcpv6 reads the Dynamic Host Configuration Protocol for IPv6
// (RFC 8415), through relay agents up to a depth.
package dhcpv6

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "dhcpv6"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Dynamic Host Configuration Protocol for IPv6",
	About: "Gives hosts their IPv6 addresses and name servers. Windows hosts ask for it on every network, " +
		"so that a stranger who answers can become their name server where nobody uses IPv6.",
	Spec:      "RFC 8415, RFC 3646, RFC 4704",
	Limit:     "Prefix delegation and vendor options are not taken apart.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity,
	On:        []proto.On{{Carrier: proto.UDP, Numbers: []uint32{546, 547}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// The message types that are told apart (RFC 8415, 7.3).
const (
	solicit     = 1
	advertise   = 2
	request     = 3
	reply       = 7
	reconfigure = 10
	information = 11
	relayForw   = 12
	relayRepl   = 13
)

var types = func() (t [40]fact.Function) {
	known := map[int]fact.Function{
		solicit: {Name: "solicit", Class: fact.Discover}, advertise: {Name: "advertise", Class: fact.Discover, Reply: true},
		request: {Name: "request"}, 4: {Name: "confirm"}, 5: {Name: "renew"}, 6: {Name: "rebind"}, reply: {Name: "reply", Reply: true},
		8: {Name: "release"}, 9: {Name: "decline"}, reconfigure: {Name: "reconfigure", Class: fact.Configure},
		information: {Name: "information request", Class: fact.Discover}, relayForw: {Name: "relay forward"}, relayRepl: {Name: "relay reply", Reply: true},
	}
	for i := range t {
		f := known[i]
		if f.Name == "" {
			f.Name = fmt.Sprintf("message type %d", i)
		}
		f.Protocol, f.Code = name, strconv.Itoa(i)
		t[i] = f
	}
	return t
}()

func allFunctions() []fact.Function { return append([]fact.Function(nil), types[1:14]...) }

var errType = errors.New("message type is 0 or above 39")

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if !h.OnPort || len(b) < 4 || b[0] < 1 || b[0] > 36 {
		return proto.No
	}
	at := 4
	if b[0] == relayForw || b[0] == relayRepl {
		at = relayHeader
	}
	if at > len(b) {
		return proto.No
	}
	for r := wire.NewReader(b[at:]); r.Len() > 0; {
		r.U16("option")
		r.Skip("value", int(r.U16("length")))
		if !r.OK() {
			return proto.No
		}
	}
	return proto.Yes
}

// relayHeader is type, hop count and two addresses (9).
const relayHeader = 34

// maxRelays bounds the messages inside one another (HOP_COUNT_LIMIT is 8).
const maxRelays = 8

type session struct {
	known bool  // the client is known
	asked uint8 // the last request
	seen  recent.Set
	text  [260]byte
}

func (s *session) Reset() { s.known, s.asked, s.seen = false, 0, recent.Set{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	m := message{}
	if r := m.read(b); !r.OK() {
		return 0, r.Err()
	}
	s.learn(c, m.kind)
	for inner := 0; (m.kind == relayForw || m.kind == relayRepl) && inner < maxRelays; inner++ {
		s.emit(c, &m, m.kind == relayRepl)
		within := message{relayed: true}
		if r := within.read(m.inside); !r.OK() {
			return len(b), nil
		}
		m = within
	}
	s.identify(c, &m)
	s.emit(c, &m, m.fromServer())
	return len(b), nil
}

func (s *session) learn(c *proto.Context, kind uint8) {
	if s.known {
		return
	}
	s.known = true
	switch kind {
	case advertise, reply, reconfigure, relayRepl:
		c.SenderIsServer()
	default:
		c.SenderIsClient()
	}
}

func (s *session) emit(c *proto.Context, m *message, answer bool) {
	kind := fact.Request
	if answer && m.kind != reconfigure {
		kind = fact.Response
	}
	op := c.Op(&types[m.kind], kind)
	if kind == fact.Response {
		op.Answers = s.question(m.kind)
	} else {
		s.asked = m.kind
	}
	op.Status = statusText(m.status)
	op.Failed = op.Status != ""
	c.Emit()
}

// question is the function that an answer belongs to. A reply answers
// whatever was asked last in this flow, or else a request.
func (s *session) question(kind uint8) *fact.Function {
	switch {
	case kind == advertise:
		return &types[solicit]
	case kind == relayRepl:
		return &types[relayForw]
	case s.asked == 0 || s.asked >= uint8(len(types)) || s.asked == relayForw:
		return &types[request]
	}
	return &types[s.asked]
}

// statusText is the failure in a status code option (21.13).
func statusText(code uint16) string {
	switch code {
	case 0:
		return ""
	case 1:
		return "UnspecFail"
	case 2:
		return "NoAddrsAvail"
	case 3:
		return "NoBinding"
	case 4:
		return "NotOnLink"
	case 5:
		return "UseMulticast"
	case 6:
		return "NoPrefixAvail"
	}
	return "failure"
}
