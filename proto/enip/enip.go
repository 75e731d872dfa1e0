// Package enip reads EtherNet/IP: the encapsulation over TCP and UDP 44818,
// the CIP explicit messages inside it, PCCC inside CIP, and CIP implicit I/O
// over UDP 2222. THE CIP NETWORKS LIBRARY, Volume 1 (Common Industrial
// Protocol, Edition 3.x) and Volume 2 (EtherNet/IP Adaptation, Edition 1.x);
// the Logix tag services of Rockwell publication 1756-PM020; PCCC of
// publication 1770-6.5.16.
//
// A Target says: Unit is the attribute, First the instance, Count the number
// of tag elements or attributes, Name the tag. For PCCC data tables Unit is
// the file number, First the element, Count the bytes.
package enip

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// The four protocols that share the session.
const (
	name     = "enip"
	nameCIP  = "cip"
	namePCCC = "pccc"
	nameIO   = "cipio"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "EtherNet/IP, CIP, PCCC over CIP, CIP implicit I/O",
	About: "The network of Rockwell, Omron, Schneider and many drives, valves and remote I/O: explicit messages read and write tags, " +
		"configure and program controllers; implicit messages carry cyclic I/O. Without CIP Security there is no authentication: " +
		"whoever reaches port 44818 may write tags, stop the controller, load programs and firmware.",
	Spec: "THE CIP NETWORKS LIBRARY Vol. 1 (CIP) and Vol. 2 (EtherNet/IP); Rockwell 1756-PM020 and 1770-6.5.16",
	Limit: "CIP Security over TLS or DTLS is seen as such. Services of vendor classes are named where Rockwell documents them or " +
		"captures of known actions show their meaning. Implicit I/O is counted; its run/idle header is not told from data.",
	Depth: proto.Recognised | proto.Operations | proto.Values | proto.Identity | proto.Sessions,
	On: []proto.On{
		{Carrier: proto.TCP, Numbers: []uint32{portENIP}},
		{Carrier: proto.UDP, Numbers: []uint32{portENIP, portIO}},
	},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: headerLen + maxData,
	Functions:  allFunctions,
}

const (
	portENIP  = 44818
	portIO    = 2222
	headerLen = 24
	maxData   = 65511 // Vol. 2, 2-3.1: at most 65535 bytes with the header
)

var (
	errCommand = errors.New("not an encapsulation command")
	errStatus  = errors.New("not an encapsulation status")
	errOptions = errors.New("options are not 0")
	errLength  = errors.New("longer than 65511 bytes")
)

// header is the encapsulation header (Vol. 2, 2-3).
type header struct {
	command uint16
	length  int
	handle  uint32
	status  uint32
	context uint64
	options uint32
}

func readHeader(r *wire.Reader) header {
	return header{
		command: r.U16LE("command"),
		length:  int(r.U16LE("length")),
		handle:  r.U32LE("session handle"),
		status:  r.U32LE("status"),
		context: r.U64LE("sender context"),
		options: r.U32LE("options"),
	}
}

// check refuses what cannot be an encapsulation header. Messages with
// options other than 0 are to be discarded (2-3.6).
func (h *header) check() (field string, err error) {
	switch {
	case commandIndex(h.command) < 0 && (h.command == 0 || h.command > 0x00c8):
		return "command", errCommand
	case h.options != 0:
		return "options", errOptions
	case encapStatus(h.status) == "":
		return "status", errStatus
	case h.length > maxData:
		return "length", errLength
	}
	return "", nil
}

// session is the state of one flow.
type session struct {
	known  bool // the client is known
	client proto.Dir
	cip    *explicit // made with the first CIP message, then kept
	texts  texts
	secure bool // the CIP Security note was given
}

func (s *session) Reset() {
	x := s.cip
	*s = session{cip: x}
	if x != nil {
		*x = explicit{}
	}
}

func (s *session) Gap(d proto.Dir) {
	if s.cip != nil {
		s.cip.forget(d)
	}
}

// state is the explicit messaging state, made when first needed: a flow of
// implicit I/O has none.
func (s *session) state() *explicit {
	if s.cip == nil {
		s.cip = new(explicit)
	}
	return s.cip
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if c.Carrier == proto.UDP && isIO(b) {
		return s.implicit(c, b)
	}
	r := wire.NewReader(b)
	h := readHeader(&r)
	if !r.OK() {
		return 0, short(c, &r)
	}
	if field, err := h.check(); err != nil {
		r.Fail(field, err)
		return 0, r.Err()
	}
	body := r.Sub("command specific data", h.length)
	if !r.OK() {
		return 0, short(c, &r)
	}
	return headerLen + h.length, s.encapsulated(c, &h, &body)
}

// short is wire.ErrShort itself in a stream, where it is nothing unusual,
// else the field that was cut.
func short(c *proto.Context, r *wire.Reader) error {
	if c.Carrier == proto.TCP {
		return wire.ErrShort
	}
	return r.Err()
}

// learn settles which side is the client, once.
func (s *session) learn(c *proto.Context, request bool) {
	if s.known {
		return
	}
	s.known = true
	if request {
		s.client = c.Dir
		c.SenderIsClient()
	} else {
		s.client = c.Dir.Other()
		c.SenderIsServer()
	}
}

func kindOf(request bool) fact.Kind {
	if request {
		return fact.Request
	}
	return fact.Response
}
