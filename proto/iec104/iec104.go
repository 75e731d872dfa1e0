// Package iec104 reads IEC 60870-5-104 (edition 2.0), the telecontrol protocol
// of power, water and gas networks over TCP, with the application data of IEC
// 60870-5-101 (edition 2) and the message types of IEC 62351-5.
package iec104

import (
	"bytes"
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "IEC 60870-5-104",
	About: "Control centres poll substations, pumping stations and compressor stations with it, and switch and set them. " +
		"It has no authentication of its own: whoever reaches the port of an outstation may operate it.",
	Spec:       "IEC 60870-5-104:2006 with Amendment 1:2016; IEC 60870-5-101:2003; message types of IEC 62351-5:2023",
	Limit:      "Secured variants (IEC 62351-3) are seen as TLS. Of an ASDU with several objects, address and value of the first are told.",
	Depth:      proto.Recognised | proto.Operations | proto.Values | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.TCP, Numbers: []uint32{2404}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: 2 + maxLength,
	Functions:  allFunctions,
}

const (
	startByte = 0x68
	// The length counts what follows it: at least the control field, at most
	// 253 (104, 5.1).
	minLength = 4
	maxLength = 253
)

var (
	errStart   = errors.New("no start character 0x68")
	errLength  = errors.New("length is outside 4 to 253")
	errControl = errors.New("control field of no known format")
	errASDU    = errors.New("ASDU length does not fit its type and number of objects")
)

// Formats of an APCI (104, 5.1).
const (
	formatI = iota // numbered information transfer
	formatS        // numbered supervisory functions
	formatU        // unnumbered control functions
	formatBad
)

// format tells the format of a control field of 4 bytes, given the APDU's length.
func format(cf []byte, length int) int {
	r := wire.NewReader(cf)
	c1, c2, c3, c4 := r.U8("control 1"), r.U8("control 2"), r.U8("control 3"), r.U8("control 4")
	switch {
	case !r.OK():
	case c1&1 == 0:
		if c3&1 == 0 && length > minLength {
			return formatI
		}
	case length != minLength:
	case c1 == 1:
		if c2 == 0 && c3&1 == 0 {
			return formatS
		}
	case uFunctions[c1] != nil:
		if c2|c3|c4 == 0 {
			return formatU
		}
	}
	return formatBad
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	r := wire.NewReader(b)
	if r.U8("start") != startByte {
		if len(b) == 0 {
			return proto.More
		}
		return proto.No
	}
	n := int(r.U8("length"))
	if !r.OK() {
		return proto.More
	}
	if n < minLength || n > maxLength {
		return proto.No
	}
	if r.Len() < n {
		if r.Len() >= 4 && format(r.Peek(), n) == formatBad {
			return proto.No
		}
		return proto.More
	}
	apdu := r.Bytes("APDU", n)
	if rest := r.Peek(); len(rest) > 0 && rest[0] != startByte {
		return proto.No
	}
	switch format(apdu, n) {
	case formatU:
		return proto.Yes
	case formatS:
		return proto.Likely
	case formatI:
		if plausible(apdu[4:]) {
			return proto.Yes
		}
		return proto.Likely
	}
	return proto.No
}

// plausible tells whether an ASDU of the standard layout leaves no doubt.
func plausible(asdu []byte) bool {
	r := wire.NewReader(asdu)
	id := r.U8("type identification")
	vsq := r.U8("variable structure qualifier")
	cause := r.U8("cause of transmission")
	return r.OK() && types[id].known && causes[cause&0x3f] && standard.fits(id, vsq, len(asdu))
}

type session struct {
	known  bool // client is known
	client proto.Dir
	normal bool // the standard layout was seen to fit
	secure bool // that IEC 62351-5 is in use was said

	layout  layout // what else the stations may use, while no ASDU fits the standard
	guesses int    // how many ASDUs in a row fitted it

	stations  [maxStations]uint32
	nStations int
	roles     [2]bool
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	start := r.U8("start")
	n := int(r.U8("length"))
	switch {
	case !r.OK() && (len(b) == 0 || start == startByte):
		return 0, wire.ErrShort
	case start != startByte:
		return resync(b), errStart
	case n < minLength || n > maxLength:
		return resync(b), errLength
	}
	apdu := r.Bytes("APDU", n)
	if !r.OK() {
		return 0, wire.ErrShort
	}
	switch format(apdu, n) {
	case formatU:
		s.u(c, apdu[0])
	case formatS:
		c.Op(&supervisory, fact.Notice)
		c.Emit()
	case formatI:
		if err := s.asdu(c, apdu[4:]); err != nil {
			return 2 + n, err
		}
	default:
		return 2 + n, errControl
	}
	return 2 + n, nil
}

// resync is how many bytes to skip to the next start character.
func resync(b []byte) int {
	if len(b) < 2 {
		return len(b)
	}
	if i := bytes.IndexByte(b[1:], startByte); i >= 0 {
		return 1 + i
	}
	return len(b)
}

// learn settles which side is the controlling station.
func (s *session) learn(c *proto.Context, senderIsClient bool) {
	if s.known {
		return
	}
	s.known = true
	s.client = c.Dir
	if senderIsClient {
		c.SenderIsClient()
		return
	}
	s.client = c.Dir.Other()
	c.SenderIsServer()
}

// u reports a frame of U format. Only the controlling station starts and
// stops data transfer (104, 5.3); either side tests.
func (s *session) u(c *proto.Context, control uint8) {
	f := uFunctions[control]
	kind := fact.Request
	if f.Reply {
		kind = fact.Response
	}
	if f.Class == fact.Login {
		s.learn(c, !f.Reply)
	}
	op := c.Op(f, kind)
	if f.Reply {
		op.Answers = uFunctions[activation[control]]
	}
	c.Emit()
}
