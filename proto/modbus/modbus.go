// Package modbus reads Modbus/TCP and Modbus RTU frames over TCP: the Modbus
// Application Protocol V1.1b3 and the Messaging on TCP/IP Implementation Guide
// V1.0b, with the UMAS functions of Modicon controllers.
package modbus

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Modbus/TCP, Modbus RTU over TCP, UMAS",
	About: "Reads and writes coils and registers of controllers, drives, meters and gateways of nearly every maker. " +
		"It has no authentication: whoever reaches the port may write. UMAS, inside function 90, programs, starts and stops Modicon controllers.",
	Spec:      "Modbus Application Protocol V1.1b3; Modbus Messaging on TCP/IP Implementation Guide V1.0b",
	Limit:     "Modbus/TCP Security is seen as TLS. UMAS is told by function; its program blocks are not rebuilt. RTU frames of functions without a stated length are not found.",
	Depth:     proto.Recognised | proto.Operations | proto.Values | proto.Identity,
	On:        []proto.On{{Carrier: proto.TCP, Numbers: []uint32{502}}, {Carrier: proto.UDP, Numbers: []uint32{502}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	// Header of 6 bytes and a length that counts unit and PDU.
	MaxMessage: 6 + maxLength,
	Functions:  allFunctions,
}

func allFunctions() []fact.Function {
	var fs []fact.Function
	for _, f := range functions {
		if f.Name != "function "+f.Code && f.Code != "90" {
			fs = append(fs, f)
		}
	}
	fs = append(fs, readDeviceID, canOpen, restartComm, listenOnly, clearCounts)
	for i, f := range umas {
		if f.Class != fact.Other || i == 0x02 {
			fs = append(fs, f)
		}
	}
	return fs
}

const (
	headerLen = 6   // transaction, protocol, length
	minLength = 2   // unit and function code
	maxLength = 254 // unit and a PDU of 253 bytes (Implementation Guide, 3.1.3)
	// UMAS on newer controllers negotiates larger PDUs.
	maxUmas = 1100
)

var (
	errProtocol = errors.New("protocol identifier is not 0")
	errLength   = errors.New("length is outside 2 to 254")
	errCRC      = errors.New("no frame with a valid CRC")
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if len(b) < minRTU {
		return proto.More
	}
	if v := recogniseRTU(b, h); v != proto.No {
		return v
	}
	if len(b) < headerLen+minLength {
		return proto.More
	}
	r := wire.NewReader(b)
	r.U16("transaction")
	id := r.U16("protocol")
	n := int(r.U16("length"))
	r.U8("unit")
	fc := r.U8("function")
	if id != 0 || !lengthOK(fc, n) || fc == 0 || h.Carrier == proto.UDP && headerLen+n != len(b) {
		return proto.No
	}
	pdu := r.Bytes("PDU", n-minLength)
	switch {
	case !plausible(fc & 0x7f):
		return proto.Likely
	case !r.OK():
		// The rest is still to come.
		return proto.Likely
	case shape(fc, pdu) == 0:
		return proto.Likely
	case n < 4 && len(b) > headerLen+n && !follows(b[headerLen+n:]):
		return proto.Likely
	}
	return proto.Yes
}

// follows tells whether what comes after a short message begins like another.
func follows(b []byte) bool {
	r := wire.NewReader(b)
	r.U16("transaction")
	return r.U16("protocol") == 0 || !r.OK()
}

// plausible tells the codes that a device on the wire really uses.
func plausible(fc uint8) bool {
	return functions[fc].Class != fact.Other || fc == 43 || fc == 90
}

func lengthOK(fc uint8, n int) bool {
	return n >= minLength && (n <= maxLength || fc&0x7f == 90 && n <= maxUmas)
}

// pending is a request that waits for its answer.
type pending struct {
	time        int64
	transaction uint16
	used        bool
	unit        uint8
	code        uint8
	function    *fact.Function
	target      fact.Target
}

const (
	// window is how many requests are remembered; the guide lets a client
	// have 16 open at a time.
	window = 16
	// patience is how long a request waits, in ns of packet time, for a
	// client that gives the same transaction to every request: after that
	// the next request means that no answer came.
	patience = 200e6
)

type session struct {
	rtu     bool
	known   bool // client is known
	client  proto.Dir
	waiting [window]pending
	next    int
	units   [256 / 64]uint64 // units that answered
	crc     uint32           // of the program, as UMAS requests state it
	text    [32]byte         // where values of facts are put together
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(proto.Dir) { s.waiting = [window]pending{} }

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if s.rtu {
		return s.parseRTU(c, b)
	}
	r := wire.NewReader(b)
	transaction := r.U16("transaction")
	id := r.U16("protocol")
	n := int(r.U16("length"))
	if !r.OK() {
		return 0, wire.ErrShort
	}
	if id != 0 || n < minLength {
		if n, err := s.parseRTU(c, b); err == nil || err == wire.ErrShort && !s.known {
			s.rtu = err == nil
			return n, err
		}
		r.Fail("protocol", errProtocol)
		return 0, r.Err()
	}
	unit := r.U8("unit")
	fc := r.U8("function")
	if !r.OK() {
		return 0, wire.ErrShort
	}
	if !lengthOK(fc, n) {
		r.Fail("length", errLength)
		return 0, r.Err()
	}
	pdu := r.Bytes("PDU", n-minLength)
	if !r.OK() {
		return 0, wire.ErrShort
	}
	return headerLen + n, s.pdu(c, transaction, unit, fc, pdu)
}

// isRequest decides which way a message goes: by what was learnt, else by what
// it can be, else by the ports.
func (s *session) isRequest(c *proto.Context, fc uint8, pdu []byte) bool {
	if s.known {
		// Only a server sends exceptions: what was learnt was wrong.
		if fc >= 0x80 && c.Dir == s.client {
			s.learn(c, false)
		}
		return c.Dir == s.client
	}
	request := c.Dst.Port == 502 || c.Dst.Port < c.Src.Port
	switch f := shape(fc, pdu); {
	case fc >= 0x80:
		request = false
	case c.Dst.Port == 502 && c.Src.Port != 502:
		request = true
	case c.Src.Port == 502 && c.Dst.Port != 502:
		request = false
	case f == asRequest:
		request = true
	case f == asAnswer:
		request = false
	}
	s.learn(c, request)
	return request
}

// learn settles which side is the client.
func (s *session) learn(c *proto.Context, request bool) {
	s.known = true
	if request {
		s.client = c.Dir
		c.SenderIsClient()
	} else {
		s.client = c.Dir.Other()
		c.SenderIsServer()
	}
}

func (s *session) pdu(c *proto.Context, transaction uint16, unit, fc uint8, pdu []byte) error {
	if s.isRequest(c, fc, pdu) {
		return s.request(c, transaction, unit, fc, pdu)
	}
	return s.answer(c, transaction, unit, fc, pdu)
}

// remember keeps a request until its answer.
func (s *session) remember(c *proto.Context, transaction uint16, unit, fc uint8, f *fact.Function, t fact.Target) {
	for i := range s.waiting {
		if p := &s.waiting[i]; p.used && p.transaction == transaction && c.Time-p.time > patience {
			p.used = false
		}
	}
	t.Name = nil
	s.waiting[s.next%window] = pending{c.Time, transaction, true, unit, fc, f, t}
	s.next++
}

// recall takes back the oldest request that an answer can belong to.
func (s *session) recall(transaction uint16, unit, fc uint8, pdu []byte) (pending, bool) {
	for i := range window {
		p := &s.waiting[(s.next+i)%window]
		if p.used && p.transaction == transaction && p.unit == unit && p.code == fc&0x7f && (fc >= 0x80 || p.fits(fc, pdu)) {
			p.used = false
			return *p, true
		}
	}
	return pending{}, false
}
