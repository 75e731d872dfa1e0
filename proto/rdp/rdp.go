// Package rdp reads the opening of the Remote Desktop Protocol: [MS-RDPBCGR]
// 57.0 over TPKT and X.224 (ITU-T T.123, X.224), up to the point from which
// everything is encrypted.
package rdp

import (
	"bytes"
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "rdp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Remote Desktop Protocol",
	About: "Operates Windows stations from afar: HMIs, engineering stations, servers. " +
		"It is the usual way for vendors and for intruders into a plant; its opening names the user and the protection.",
	Spec:       "[MS-RDPBCGR] 57.0, sections 2.2.1.1 to 2.2.1.4; ITU-T X.224, T.125",
	Limit:      "What follows the negotiation of TLS or CredSSP, and all screens and keys, are not read.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.TCP, Numbers: []uint32{3389}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: 16 << 10,
	Functions:  allFunctions,
}

// X.224 TPDU codes (13.1) and the second byte of T.125 connect tags (7).
const (
	connectionRequest = 0xe0
	connectionConfirm = 0xd0
	disconnectRequest = 0x80
	data              = 0xf0
	connectInitial    = 0x65
	connectResponse   = 0x66
)

var (
	request    = fact.Function{Protocol: name, Code: "0xe0", Name: "connection request", Class: fact.Login}
	confirm    = fact.Function{Protocol: name, Code: "0xd0", Name: "connection confirm", Class: fact.Login, Reply: true}
	initial    = fact.Function{Protocol: name, Code: "0x65", Name: "mcs connect initial", Class: fact.Login}
	response   = fact.Function{Protocol: name, Code: "0x66", Name: "mcs connect response", Class: fact.Login, Reply: true}
	disconnect = fact.Function{Protocol: name, Code: "0x80", Name: "disconnect request", Class: fact.Login}
)

func allFunctions() []fact.Function {
	return []fact.Function{request, confirm, initial, response, disconnect}
}

var (
	errTPKT = errors.New("no TPKT header")
	errX224 = errors.New("no TPDU of RDP")
)

// maxPDU bounds a PDU that is read; larger ones are passed over.
const maxPDU = 16<<10 - 1

const cookie = "Cookie: mstshash="

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	r := wire.NewReader(b)
	version, reserved, n := r.U8("version"), r.U8("reserved"), int(r.U16("length"))
	li, code := int(r.U8("length indicator")), r.U8("TPDU code")
	if !r.OK() {
		if len(b) > 0 && (b[0] != 3 || len(b) > 1 && b[1] != 0) {
			return proto.No
		}
		return proto.More
	}
	if version != 3 || reserved != 0 || n < 11 || n > 1024 || li != n-5 || code != connectionRequest && code != connectionConfirm {
		return proto.No
	}
	r.Skip("references, class", 5)
	tail := r.Peek()
	switch {
	case len(b) < n && len(b) < 11+8:
		return proto.More
	case bytes.HasPrefix(tail, []byte("Cookie: ")), negotiation(tail, n-11):
		return proto.Yes
	case n == 11: // a client that knows no negotiation; COTP of other protocols has parameters
		return proto.Likely
	}
	return proto.No
}

// negotiation tells a negotiation request, response or failure of 8 bytes.
func negotiation(b []byte, n int) bool {
	r := wire.NewReader(b)
	kind := r.U8("type")
	r.U8("flags")
	return n >= 8 && r.U16LE("length") == 8 && kind >= 1 && kind <= 3 && r.OK()
}

type half struct {
	skip int // of a PDU still to pass over
}

type session struct {
	half   [2]half
	known  bool
	asked  bool
	opaque bool
	open   bool // the connect response was seen: user data follow
	text   [256]byte
}

func (s *session) Reset() { *s = session{} }

// Gap: user data cannot be found again, and nothing in them is read.
func (s *session) Gap(d proto.Dir) { s.opaque = true }

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if s.opaque || s.open {
		return c.Pass(len(b))
	}
	h := &s.half[c.Dir]
	if h.skip > 0 {
		n := min(h.skip, len(b))
		h.skip -= n
		return n, nil
	}
	r := wire.NewReader(b)
	version, reserved, n := r.U8("version"), r.U8("reserved"), int(r.U16("length"))
	li, code := int(r.U8("length indicator")), r.U8("TPDU code")
	if !r.OK() {
		if b[0] != 3 {
			return 0, errTPKT
		}
		return 0, wire.ErrShort
	}
	if version != 3 || reserved != 0 || n < 7 || li < 2 || li > n-5 {
		return 0, errTPKT
	}
	if code == data && n > maxPDU {
		h.skip = n - min(n, len(b))
		return min(n, len(b)), nil
	}
	if n > maxPDU {
		return 0, errTPKT
	}
	rest := r.Bytes("TPDU", n-6)
	if !r.OK() {
		return 0, wire.ErrShort
	}
	return n, s.tpdu(c, code, li, rest)
}

func (s *session) tpdu(c *proto.Context, code uint8, li int, b []byte) error {
	r := wire.NewReader(b)
	switch code {
	case connectionRequest:
		r.Skip("references, class", 5)
		s.request(c, r.Peek())
	case connectionConfirm:
		r.Skip("references, class", 5)
		s.confirm(c, r.Peek())
	case disconnectRequest:
		c.Op(&disconnect, fact.Notice)
		c.Emit()
	case data:
		r.Skip("end of TSDU", li-1)
		s.data(c, r.Peek())
	default:
		return errX224
	}
	if !r.OK() {
		return errX224
	}
	return nil
}

func (s *session) learn(c *proto.Context, sender bool) {
	if s.known {
		return
	}
	s.known = true
	if sender {
		c.SenderIsClient()
	} else {
		c.SenderIsServer()
	}
}
