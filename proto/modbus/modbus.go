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
	Limit:     "Modbus/TCP Security is seen as TLS. UMAS is told by function; its program blocks are not rebuilt.",
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
	if len(b) < headerLen+minLength {
		return proto.More
	}
	r := wire.NewReader(b)
	r.U16("transaction")
	id := r.U16("protocol")
	n := int(r.U16("length"))
	r.U8("unit")
	fc := r.U8("function")
	if id == 0 && n >= minLength && lengthOK(fc, n) {
		if plausible(fc&0x7f) && (h.Carrier == proto.TCP || headerLen+n == len(b)) {
			return proto.Yes
		}
		return proto.Likely
	}
	if n, _ := rtuLength(b, h.DstPort == 502 || h.FromClient); n > 0 && crcOK(b[:n]) {
		return proto.Yes
	}
	return proto.No
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
	transaction uint16
	used        bool
	function    *fact.Function
	target      fact.Target
}

// window is how many requests are remembered; the guide lets a client have 16
// open at a time.
const window = 16

type session struct {
	rtu     bool
	known   bool // client is known
	client  proto.Dir
	waiting [window]pending
	next    int
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

// isRequest decides which way a message goes: by what was learnt, else by the
// registered port, else by whether the shape fits a request.
func (s *session) isRequest(c *proto.Context, fc uint8, pdu []byte) bool {
	if s.known {
		return c.Dir == s.client
	}
	request := true
	switch {
	case fc >= 0x80:
		request = false
	case c.Dst.Port == 502 && c.Src.Port != 502:
	case c.Src.Port == 502 && c.Dst.Port != 502:
		request = false
	case fc >= 1 && fc <= 4:
		request = len(pdu) == 4
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

func (s *session) remember(transaction uint16, f *fact.Function, t fact.Target) {
	t.Name = nil
	s.waiting[s.next%window] = pending{transaction, true, f, t}
	s.next++
}

func (s *session) recall(transaction uint16) (pending, bool) {
	for i := range s.waiting {
		if p := &s.waiting[i]; p.used && p.transaction == transaction {
			p.used = false
			return *p, true
		}
	}
	return pending{}, false
}
