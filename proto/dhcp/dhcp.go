// Package dhcp reads the Dynamic Host Configuration Protocol for IPv4 and
// BOOTP: RFC 951, RFC 2131, RFC 2132.
package dhcp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "dhcp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Dynamic Host Configuration Protocol",
	About: "Gives hosts their address, router and name servers. " +
		"It binds names and addresses to hardware; a second, foreign server can redirect all traffic of a plant.",
	Spec:      "RFC 2131, RFC 2132, RFC 951, RFC 4702, RFC 4388",
	Limit:     "Relay agent information and vendor-specific options are not taken apart.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity,
	On:        []proto.On{{Carrier: proto.UDP, Numbers: []uint32{67, 68}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// types are the message types (IANA, option 53).
var types = func() (t [32]fact.Function) {
	known := map[int]fact.Function{
		1: {Name: "discover", Class: fact.Discover}, 2: {Name: "offer", Class: fact.Discover, Reply: true},
		3: {Name: "request"}, 4: {Name: "decline"}, 5: {Name: "ack", Reply: true}, 6: {Name: "nak", Reply: true},
		7: {Name: "release"}, 8: {Name: "inform", Class: fact.Discover}, 9: {Name: "force renew", Class: fact.Configure},
		10: {Name: "lease query", Class: fact.Discover}, 11: {Name: "lease unassigned", Class: fact.Discover, Reply: true},
		12: {Name: "lease unknown", Class: fact.Discover, Reply: true}, 13: {Name: "lease active", Class: fact.Discover, Reply: true},
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

// Messages without a type are those of BOOTP.
var (
	bootRequest = fact.Function{Protocol: name, Code: "bootp 1", Name: "boot request", Class: fact.Discover}
	bootReply   = fact.Function{Protocol: name, Code: "bootp 2", Name: "boot reply", Class: fact.Discover, Reply: true}
)

func allFunctions() []fact.Function {
	return append(append([]fact.Function(nil), types[1:14]...), bootRequest, bootReply)
}

var (
	errOp    = errors.New("op is neither 1 nor 2")
	errMagic = errors.New("hardware address too long, or options without magic cookie")
)

const (
	magic    = 0x63825363
	fixedLen = 236 // up to the options
	minLen   = 44  // up to the hardware address: as much as captures that cut packets have
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if len(b) < minLen || b[0] != 1 && b[0] != 2 || b[2] > 16 {
		return proto.No
	}
	if len(b) >= fixedLen+4 && binary.BigEndian.Uint32(b[fixedLen:]) == magic {
		return proto.Yes
	}
	if h.OnPort && b[1] == 1 && b[2] == 6 {
		return proto.Likely
	}
	return proto.No
}

// message is what the fixed fields and the options hold.
type message struct {
	op                     uint8
	ciaddr, yiaddr, giaddr netip.Addr
	mac                    fact.MAC
	kind                   uint8 // option 53
	requested, server      netip.Addr
	options                []byte
}

func (m *message) read(b []byte) error {
	r := wire.NewReader(b)
	m.op = r.U8("op")
	htype, hlen := r.U8("htype"), r.U8("hlen")
	r.Skip("hops, xid, secs, flags", 1+4+2+2)
	m.ciaddr, m.yiaddr = addr(r.Bytes("ciaddr", 4)), addr(r.Bytes("yiaddr", 4))
	r.Skip("siaddr", 4)
	m.giaddr = addr(r.Bytes("giaddr", 4))
	hardware := r.Bytes("chaddr", 16)
	r.Skip("sname, file", 64+128)
	switch {
	case !r.OK():
		return r.Err()
	case m.op != 1 && m.op != 2:
		r.Fail("op", errOp)
	case hlen > 16:
		r.Fail("hlen", errMagic)
	}
	if htype == 1 && hlen == 6 {
		m.mac = fact.MAC(hardware[:6])
	}
	if r.Len() >= 4 && r.U32("magic cookie") == magic {
		m.options = r.Rest()
	}
	for at := 0; ; {
		code, value, next := option(m.options, at)
		if next == 0 {
			break
		}
		at = next
		switch {
		case code == optType && len(value) == 1:
			m.kind = value[0]
		case code == optRequested:
			m.requested = addr(value)
		case code == optServer:
			m.server = addr(value)
		}
	}
	return r.Err()
}

// option reads the option at o[at:]. next is 0 when there is no other. A cut
// option ends the list: some clients pad badly.
func option(o []byte, at int) (code uint8, value []byte, next int) {
	for at < len(o) && o[at] == 0 {
		at++
	}
	if at+1 >= len(o) || o[at] == 255 {
		return 0, nil, 0
	}
	n := int(o[at+1])
	if n > len(o)-at-2 {
		return 0, nil, 0
	}
	return o[at], o[at+2 : at+2+n], at + 2 + n
}

func addr(b []byte) netip.Addr {
	if len(b) != 4 {
		return netip.Addr{}
	}
	return netip.AddrFrom4([4]byte(b))
}

type session struct {
	known bool // the client is known
	asked uint8
	text  [260]byte
}

func (s *session) Reset() { s.known, s.asked = false, 0 }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if c.Wire > 0 && len(b) < fixedLen+4 {
		return len(b), nil // the capture cut it: what kind of message it was is not known
	}
	var m message
	if err := m.read(b); err != nil {
		return 0, err
	}
	if !s.known {
		s.known = true
		if m.op == 1 {
			c.SenderIsClient()
		} else {
			c.SenderIsServer()
		}
	}
	if m.op == 1 {
		s.client(c, &m)
	} else {
		s.server(c, &m)
	}
	s.emit(c, &m)
	return len(b), nil
}

// emit reports the message. Unit is the server's address, First the client's
// as far as it is stated, both as numbers.
func (s *session) emit(c *proto.Context, m *message) {
	f, kind := &types[m.kind&31], fact.Request
	if m.op == 2 {
		kind = fact.Response
	}
	switch {
	case m.kind == 0 && m.op == 1:
		f = &bootRequest
	case m.kind == 0:
		f = &bootReply
	case m.kind == typeForceRenew:
		kind = fact.Request
	}
	op := c.Op(f, kind)
	op.Target = fact.Target{Unit: number(m.server), First: uint64(number(first(m.yiaddr, m.requested, m.ciaddr))), Set: true}
	if kind == fact.Response {
		op.Answers = s.question(m.kind)
	} else {
		s.asked = m.kind
	}
	if m.kind == typeNak {
		op.Failed, op.Status = true, "address refused"
	}
	c.Emit()
}

// The types that are told apart.
const (
	typeOffer      = 2
	typeRequest    = 3
	typeAck        = 5
	typeNak        = 6
	typeRelease    = 7
	typeInform     = 8
	typeForceRenew = 9
)

// question is the function that an answer belongs to. An acknowledgement
// answers a request, or an inform in the same flow.
func (s *session) question(kind uint8) *fact.Function {
	switch {
	case kind == 0:
		return &bootRequest
	case kind == typeOffer:
		return &types[1]
	case kind == typeAck && s.asked == typeInform:
		return &types[typeInform]
	case kind == typeAck || kind == typeNak:
		return &types[typeRequest]
	case kind >= 11 && kind <= 13:
		return &types[10]
	}
	return nil
}

// first is the first address that is stated.
func first(as ...netip.Addr) netip.Addr {
	for _, a := range as {
		if a.IsValid() && !a.IsUnspecified() {
			return a
		}
	}
	return netip.Addr{}
}

func number(a netip.Addr) uint32 {
	if !a.Is4() {
		return 0
	}
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}
