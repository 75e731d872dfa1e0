// Package bacnet reads BACnet (ANSI/ASHRAE 135-2020) over IPv4 and IPv6
// (annexes J and U), over ISO 8802-3 (clause 7), and MS/TP frames (clause 9)
// as Cimetrics routers repeat them on Ethernet.
package bacnet

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "BACnet",
	About: "Controllers, sensors and operator stations of heating, cooling, ventilation, access, fire and lighting speak it. " +
		"Most sites use it without its security services: whoever reaches the network may write any point, restart a controller or silence it.",
	Spec:  "ANSI/ASHRAE 135-2020",
	Limit: "BACnet/SC is seen as TLS. Segmented messages are not put together: their first segment tells what they are about.",
	Depth: proto.Recognised | proto.Operations | proto.Values | proto.Identity | proto.Sessions,
	On: []proto.On{
		{Carrier: proto.UDP, Numbers: []uint32{0xbac0, 0xbac1, 0xbac2, 0xbac3}},
		{Carrier: proto.LLC, Numbers: []uint32{0x82}},
		{Carrier: proto.SNAP, Numbers: []uint32{cimetrics}},
	},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

var (
	errType     = errors.New("type is not that of a BVLL message")
	errLength   = errors.New("BVLC length differs from that of the datagram")
	errFunction = errors.New("BVLC function that is not defined")
	errBody     = errors.New("BVLC message is too short for its function")
	errNPDU     = errors.New("NPDU header is not valid")
	errAPDU     = errors.New("APDU header is not valid")
	errParams   = errors.New("service parameters end within a tag")
	errMSTP     = errors.New("MS/TP header is not valid")
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	switch h.Carrier {
	case proto.UDP:
		return recogniseBVLL(b)
	case proto.LLC:
		if n, ok := readNPDU(b); ok && plausibleAPDU(n) && h.OnPort {
			return proto.Yes
		}
	case proto.SNAP:
		if _, err := readMSTP(b); err == nil && h.OnPort {
			return proto.Yes
		}
	}
	return proto.No
}

func recogniseBVLL(b []byte) proto.Verdict {
	r := wire.NewReader(b)
	t, f, n := r.U8("type"), r.U8("function"), int(r.U16("length"))
	if !r.OK() {
		return proto.No
	}
	if n != len(b) || !validFunction(t, f) {
		return proto.No
	}
	at, ok := npduAt(t, f)
	if !ok {
		return proto.Likely
	}
	r.Skip("addresses", at-4)
	npdu, ok := readNPDU(r.Rest())
	if ok && plausibleAPDU(npdu) {
		return proto.Yes
	}
	return proto.No
}

// plausibleAPDU tells whether what an NPDU carries begins as it should.
func plausibleAPDU(n npdu) bool {
	if n.network {
		return len(n.data) > 0
	}
	r := wire.NewReader(n.data)
	kind := r.U8("PDU type") >> 4
	return r.OK() && kind <= pduAbort
}

type session struct {
	known   bool // which side is the client was said
	waiting [window]pending
	next    int
	asked   [2]*fact.Function // last BVLC request of each direction

	texts  map[uint64]string     // numbers as text, see text
	parts  map[address]string    // addresses behind routers as text
	router [2]bool               // that a side is a router was said
	bbmd   [2]bool               // that a side manages broadcasts was said
	roles  map[fact.Subject]bool // role hints said

	origin  fact.Subject // whom the message is about: set per message
	scratch []byte       // text made of other character sets
}

func (s *session) Reset() {
	clear(s.texts)
	clear(s.parts)
	clear(s.roles)
	*s = session{texts: s.texts, parts: s.parts, roles: s.roles}
}

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	s.origin = fact.Subject{Who: fact.Sender}
	switch c.Carrier {
	case proto.LLC:
		return len(b), s.npdu(c, b)
	case proto.SNAP:
		return len(b), s.mstp(c, b)
	case proto.UDP:
		return s.bvll(c, b)
	}
	return 0, errType
}

// cimetrics is the SNAP protocol id of MS/TP frames that a Cimetrics U+4
// repeats on Ethernet.
const cimetrics = 0x001090<<16 | 1

type frame struct {
	kind     uint8
	dst, src uint8
	data     []byte
}

// readMSTP reads an MS/TP frame (9.3) behind the three octets that the
// repeater puts in front: time since the frame before, and flags.
func readMSTP(b []byte) (f frame, err error) {
	r := wire.NewReader(b)
	r.Skip("time and flags", 3)
	h := r.Peek()
	f.kind, f.dst, f.src = r.U8("frame type"), r.U8("destination"), r.U8("source")
	n := int(r.U16("length"))
	sum := r.U8("header CRC")
	if !r.OK() || headerCRC(h[:5]) != sum {
		return f, errMSTP
	}
	if n > 0 {
		f.data = r.Bytes("data", n)
	}
	if !r.OK() {
		return f, errMSTP
	}
	return f, nil
}

// headerCRC is the CRC of annex G.1.
func headerCRC(b []byte) uint8 {
	crc := uint16(0xff)
	for _, x := range b {
		v := crc ^ uint16(x)
		v ^= v<<1 ^ v<<2 ^ v<<3 ^ v<<4 ^ v<<5 ^ v<<6 ^ v<<7
		crc = v&0xfe ^ v>>8&1
	}
	return ^uint8(crc)
}

// MS/TP frame types that carry an NPDU (9.3.2).
const (
	mstpExpectingReply    = 5
	mstpNotExpectingReply = 6
)

// mstp reports what a frame carries. Tokens and polls are no operations.
func (s *session) mstp(c *proto.Context, b []byte) error {
	f, err := readMSTP(b)
	if err != nil {
		return err
	}
	if f.kind == mstpExpectingReply || f.kind == mstpNotExpectingReply {
		return s.npdu(c, f.data)
	}
	return nil
}
