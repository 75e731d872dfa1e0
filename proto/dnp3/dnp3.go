// Package dnp3 reads DNP3 (IEEE Std 1815-2012) over TCP and UDP: data link,
// transport function and application layer, with secure authentication.
package dnp3

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
	Title: "DNP3",
	About: "Masters poll and operate outstations of power, water, oil and gas networks with it. " +
		"Without secure authentication, which few stations use, whoever reaches the port may operate, restart or reconfigure an outstation.",
	Spec:  "IEEE Std 1815-2012",
	Limit: "Of a fragment with several objects, address and value of one are told: the first, or for a write the most consequential.",
	Depth: proto.Recognised | proto.Operations | proto.Values | proto.Identity | proto.Sessions,
	On: []proto.On{
		{Carrier: proto.TCP, Numbers: []uint32{20000}},
		{Carrier: proto.UDP, Numbers: []uint32{20000}},
	},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: maxFrame,
	Functions:  allFunctions,
}

const (
	headerLen = 10  // start, length, control, destination, source, CRC (9.2.4.1)
	minLength = 5   // control, destination, source
	maxData   = 250 // user data of a frame
	blockLen  = 16  // user data between two CRCs
	maxFrame  = 292
)

var (
	errStart     = errors.New("no start octets 0x0564")
	errLength    = errors.New("length is below 5")
	errHeaderCRC = errors.New("header CRC is wrong")
	errBlockCRC  = errors.New("data block CRC is wrong")
	errTransport = errors.New("user data without a transport header")
	errFragment  = errors.New("fragment without application control and function code")
	errObjects   = errors.New("object headers and fragment length disagree")
	errFunction  = errors.New("link function that is not defined")
)

// header is a link header (9.2.4.1).
type header struct {
	data    int // octets of user data
	control uint8
	dst     uint16
	src     uint16
}

const (
	controlDIR = 0x80 // from the master
	controlPRM = 0x40 // initiates a transaction
	controlFC  = 0x0f
)

// frameLen is the length on the wire.
func (h header) frameLen() int {
	return headerLen + h.data + 2*((h.data+blockLen-1)/blockLen)
}

func readHeader(b []byte) (h header, err error) {
	r := wire.NewReader(b)
	start := r.U16("start")
	n := int(r.U8("length"))
	h.control = r.U8("control")
	h.dst, h.src = r.U16LE("destination"), r.U16LE("source")
	sum := r.U16LE("header CRC")
	if !r.OK() {
		if !bytes.HasPrefix([]byte{0x05, 0x64}, b[:min(2, len(b))]) {
			return h, errStart
		}
		return h, wire.ErrShort
	}
	switch {
	case start != 0x0564:
		return h, errStart
	case sum != crc(b[:headerLen-2]):
		return h, errHeaderCRC
	case n < minLength:
		return h, errLength
	}
	h.data = n - minLength
	return h, nil
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP && h.Carrier != proto.UDP {
		return proto.No
	}
	switch _, err := readHeader(b); err {
	case nil:
		return proto.Yes
	case wire.ErrShort:
		return proto.More
	}
	return proto.No
}

type session struct {
	known  bool // client is known
	client proto.Dir

	frame   [maxData]byte // user data without CRCs
	joins   [maxJoins]join
	oldest  int
	waiting [window]pending
	next    int
	auth    authentication

	told     [maxTold]stated
	nTold    int
	stations [maxStations]station
	nStation int
}

// Reset keeps the buffers of reassembly for the next flow.
func (s *session) Reset() {
	joins := s.joins
	for i := range joins {
		joins[i] = join{buf: joins[i].buf[:0]}
	}
	*s = session{joins: joins}
}

func (s *session) Gap(d proto.Dir) {
	for i := range s.joins {
		if s.joins[i].dir == d {
			s.joins[i].open = false
		}
	}
	s.waiting = [window]pending{}
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	h, err := readHeader(b)
	if err == wire.ErrShort {
		return 0, err
	}
	if err != nil {
		return resync(b), err
	}
	n := h.frameLen()
	if len(b) < n {
		return 0, wire.ErrShort
	}
	data, ok := s.strip(b[headerLen:n], h.data)
	if !ok {
		return n, errBlockCRC
	}
	if h.control&controlPRM != 0 && isUserData(h.control) {
		return n, s.transport(c, h, data)
	}
	return n, s.link(c, h)
}

func isUserData(control uint8) bool {
	fc := control & controlFC
	return fc == linkConfirmed || fc == linkUnconfirmed
}

// strip checks the CRC of each block and copies the user data together.
func (s *session) strip(b []byte, n int) ([]byte, bool) {
	r := wire.NewReader(b)
	out := s.frame[:0]
	for left := n; left > 0; left -= blockLen {
		block := r.Bytes("data block", min(left, blockLen))
		if sum := r.U16LE("block CRC"); !r.OK() || sum != crc(block) {
			return nil, false
		}
		out = append(out, block...)
	}
	return out, true
}

// resync is how many bytes to skip to where a frame may start.
func resync(b []byte) int {
	for i := 1; i < len(b); i++ {
		if b[i] == 0x05 && (i+1 == len(b) || b[i+1] == 0x64) {
			return i
		}
	}
	return len(b)
}

// learn settles which side is the master.
func (s *session) learn(c *proto.Context, senderIsMaster bool) {
	if s.known {
		return
	}
	s.known, s.client = true, c.Dir
	if senderIsMaster {
		c.SenderIsClient()
		return
	}
	s.client = c.Dir.Other()
	c.SenderIsServer()
}

// crcTable is for the polynomial 0x3d65, low bit first (9.2.4.3).
var crcTable = func() (t [256]uint16) {
	for i := range t {
		c := uint16(i)
		for range 8 {
			if c&1 != 0 {
				c = c>>1 ^ 0xa6bc
			} else {
				c >>= 1
			}
		}
		t[i] = c
	}
	return t
}()

func crc(b []byte) uint16 {
	c := uint16(0)
	for _, x := range b {
		c = c>>8 ^ crcTable[byte(c)^x]
	}
	return ^c
}

// stationOf is the link address of the outstation: the sender's when the
// message comes from there.
func (h header) station(fromMaster bool) fact.Target {
	if fromMaster {
		return fact.Target{Unit: uint32(h.dst), Set: true}
	}
	return fact.Target{Unit: uint32(h.src), Set: true}
}
