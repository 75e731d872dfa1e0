// Package radius reads Remote Authentication Dial In User Service: RFC 2865,
// RFC 2866 (accounting) and RFC 5176 (dynamic authorization).
package radius

import (
	"errors"
	"net/netip"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "radius"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Remote Authentication Dial In User Service",
	About: "Switches, access points and remote access gateways ask a server whether a user or a device may join. " +
		"It shows who was let in and who was refused; the secret that protects it is often weak.",
	Spec:  "RFC 2865, RFC 2866, RFC 5176",
	Limit: "Passwords and EAP messages are not read. RADIUS over TLS is seen as TLS.",
	Depth: proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:    []proto.On{{Carrier: proto.UDP, Numbers: []uint32{1812, 1813, 1645, 1646, 3799}}},

	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// codes are the packet types (RFC 2865, 3; RFC 2866, 3; RFC 5176, 2.1;
// RFC 5997). asks is the code of the request that an answer belongs to.
var codes = func() (t [256]struct {
	f    fact.Function
	asks uint8
}) {
	set := func(code int, text string, class fact.Class, asks uint8) {
		t[code].f = fact.Function{Protocol: name, Code: strconv.Itoa(code), Name: text, Class: class, Reply: asks != 0}
		t[code].asks = asks
	}
	set(1, "access request", fact.Login, 0)
	set(2, "access accept", fact.Login, 1)
	set(3, "access reject", fact.Login, 1)
	set(4, "accounting request", fact.Other, 0)
	set(5, "accounting response", fact.Other, 4)
	set(11, "access challenge", fact.Login, 1)
	set(12, "status server", fact.Diagnose, 0)
	set(40, "disconnect request", fact.Control, 0)
	set(41, "disconnect ack", fact.Control, 40)
	set(42, "disconnect nak", fact.Control, 40)
	set(43, "change of authorization request", fact.Configure, 0)
	set(44, "change of authorization ack", fact.Configure, 43)
	set(45, "change of authorization nak", fact.Configure, 43)
	return t
}()

func allFunctions() []fact.Function {
	var fs []fact.Function
	for i := range codes {
		if codes[i].f.Name != "" {
			fs = append(fs, codes[i].f)
		}
	}
	return fs
}

const (
	accept       = 2
	reject       = 3
	disconnectNo = 42
	changeNo     = 45
	headerLen    = 20
	maxLength    = 4096
)

var (
	errCode   = errors.New("code is not assigned")
	errLength = errors.New("length is outside 20 to 4096 or beyond the datagram")
	errAttr   = errors.New("attribute length is below 2 or beyond the packet")
)

// attributes are those that are looked into (RFC 2865, 5).
type attributes struct {
	user, nas     []byte
	address       netip.Addr
	password, eap bool
}

// read checks all attributes.
func (a *attributes) read(b []byte) error {
	for len(b) > 0 {
		if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
			return errAttr
		}
		v := b[2:b[1]]
		switch b[0] {
		case 1:
			a.user = v
		case 2, 3: // User-Password, CHAP-Password
			a.password = true
		case 4:
			if len(v) == 4 {
				a.address = netip.AddrFrom4([4]byte(v))
			}
		case 32:
			a.nas = v
		case 79:
			a.eap = true
		}
		b = b[b[1]:]
	}
	return nil
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if !h.OnPort || len(b) < headerLen || codes[b[0]].f.Name == "" {
		return proto.No
	}
	n := int(b[2])<<8 | int(b[3])
	var a attributes
	if n < headerLen || n > maxLength || n > len(b) || a.read(b[headerLen:n]) != nil {
		return proto.No
	}
	return proto.Yes
}

type session struct {
	known bool // the client is known
	seen  recent.Set
	text  [40]byte
}

func (s *session) Reset() { s.known, s.seen = false, recent.Set{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	code := r.U8("code")
	r.U8("identifier")
	n := int(r.U16("length"))
	switch {
	case !r.OK():
	case codes[code].f.Name == "":
		r.Fail("code", errCode)
	case n < headerLen || n > maxLength || n > len(b):
		r.Fail("length", errLength)
	}
	r.Skip("authenticator", 16)
	var a attributes
	if r.OK() {
		r.Fail("attributes", a.read(b[headerLen:n]))
	}
	if !r.OK() {
		return 0, r.Err()
	}
	s.report(c, code, &a)
	return len(b), nil
}

func (s *session) report(c *proto.Context, code uint8, a *attributes) {
	e := &codes[code]
	kind := fact.Request
	if e.asks != 0 {
		kind = fact.Response
	}
	if !s.known {
		s.known = true
		if kind == fact.Request {
			c.SenderIsClient()
		} else {
			c.SenderIsServer()
		}
	}
	s.identify(c, code, kind, a)
	op := c.Op(&e.f, kind)
	if e.asks != 0 {
		op.Answers = &codes[e.asks].f
	}
	if code == reject || code == disconnectNo || code == changeNo {
		op.Failed, op.Status = true, e.f.Name
	}
	if wire.Plain(a.user) {
		op.Target = fact.Target{Name: a.user, Set: true}
	}
	c.Emit()
}

// identify reads who asks and for whom. A device that asks before it lets
// others in is a switch, an access point or a gateway; which, is not said.
func (s *session) identify(c *proto.Context, code uint8, kind fact.Kind, a *attributes) {
	switch {
	case code == accept:
		c.Say(fact.Conversation, fact.SessionLogin, "accepted", "RADIUS", 100)
	case code == reject:
		c.Say(fact.Conversation, fact.SessionLogin, "refused", "RADIUS", 100)
	}
	if kind != fact.Request || code >= 40 {
		return
	}
	if wire.Plain(a.user) && !s.seen.Seen(1, a.user) {
		c.SayBytes(fact.Conversation, fact.SessionUser, a.user, "RADIUS user name", 100)
	}
	if wire.Plain(a.nas) && !s.seen.Seen(2, a.nas) {
		c.SayBytes(fact.Sender, fact.DeviceName, a.nas, "RADIUS NAS identifier", 85)
	}
	switch {
	case a.eap && !s.seen.Seen(3, nil):
		c.Say(fact.Conversation, fact.SessionAuth, "EAP", "RADIUS", 100)
	case a.password && !a.eap && !s.seen.Seen(4, nil):
		c.Say(fact.Conversation, fact.SessionAuth, "password", "RADIUS", 100)
	}
	if a.address.IsValid() && a.address != c.Src.Addr() && !a.address.IsLoopback() && !a.address.IsUnspecified() {
		if t := a.address.AppendTo(s.text[:0]); !s.seen.Seen(5, t) {
			c.SayBytes(fact.Sender, fact.IPAssigned, t, "RADIUS NAS address", 60)
		}
	}
}
