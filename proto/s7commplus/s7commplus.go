// Package s7commplus reads the S7comm-plus protocol of SIMATIC S7-1200 and
// S7-1500 over ISO transport in TCP (RFC 1006), versions 1 to 3. Siemens has
// not published it; names are those that independent researchers agree upon.
package s7commplus

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/tpkt"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "S7comm-plus",
	About: "Panels, SCADA servers and TIA Portal read, write, program, start and stop Siemens S7-1200 and S7-1500 controllers with it. " +
		"Version 1 has no protection; versions 2 and 3 make up a session key and version 3 signs each message; recent firmware wraps all in TLS.",
	Spec: "unpublished; RFC 1006; X.224 (1995) class 0",
	Limit: "Values are decoded only in the set-up of a session and in commands to the operating state; variables are told by data block and local id. " +
		"Signatures are not verified. Inside TLS nothing is seen.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:        []proto.On{{Carrier: proto.TCP, Numbers: []uint32{tpkt.Port}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

const (
	protocolID = 0x72
	headerLen  = 4
	trailerLen = 4
)

// Versions of the header.
const (
	version3    = 3
	systemEvent = 0xfe
	keepAlive   = 0xff
)

// Opcodes of a message.
const (
	opRequest      = 0x31
	opResponse     = 0x32
	opNotification = 0x33
)

const (
	// maxSegments bounds a message over several DTs, maxKept what is kept of
	// one over several telegrams: the beginning, where the meaning is.
	maxSegments = 64 << 10
	maxKept     = 16 << 10
	digestLen   = 32
)

var (
	errProtocol = errors.New("protocol id is not 0x72")
	errVersion  = errors.New("unknown version")
	errOpcode   = errors.New("unknown opcode")
	errTrailer  = errors.New("trailer is wrong")
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	l := tpkt.LookAt(b)
	switch {
	case !l.TPKT:
		return proto.No
	case l.Found && tlsRecord(l.Data):
		return proto.Likely
	case l.Found:
		return headerVerdict(l.Data, l.Whole)
	case l.Connect && rootSelector(l.Called) != nil:
		return proto.Yes
	}
	return proto.More
}

func headerVerdict(b []byte, whole bool) proto.Verdict {
	r := wire.NewReader(b)
	id, v := r.U8("protocol id"), r.U8("version")
	n := int(r.U16("data length"))
	first := r.U8("opcode or digest length")
	if id != protocolID && len(b) > 0 {
		return proto.No
	}
	switch {
	case r.Pos() >= 2 && (v == systemEvent || v == keepAlive):
		return proto.Likely
	case !r.OK() && !whole:
		return proto.More
	case !r.OK() || v < 1 || v > version3 || whole && headerLen+n > len(b):
		return proto.No
	case first == digestLen && v == version3, first >= opRequest && first <= opNotification:
		return proto.Yes
	}
	return proto.No
}

// tlsRecord tells whether b begins with a TLS record of version 1.0 to 1.3.
func tlsRecord(b []byte) bool {
	return len(b) >= 3 && b[0] >= 0x14 && b[0] <= 0x17 && b[1] == 3 && b[2] <= 4
}

// session is the state of one connection.
type session struct {
	join    [2]tpkt.Joiner
	kept    [2][]byte // beginning of a message over several telegrams
	broken  [2]bool   // a telegram of the present message was lost
	known   bool      // client is known
	client  proto.Dir
	version uint8 // of the present telegram
	said    uint8 // highest version that was said, or tlsSaid
	spoke   bool  // said that the server is a controller
	waiting [window]pending
	next    int
	body    wire.Reader         // the present message
	walk    walker              // over its values
	texts   [maxTexts]attribute // what the walk found
	text    [160]byte           // where values of facts are put together
}

const tlsSaid = 0xff

func (s *session) Reset() {
	for d := range s.join {
		s.join[d].Drop()
	}
	*s = session{join: s.join, kept: [2][]byte{s.kept[0][:0], s.kept[1][:0]}}
}

func (s *session) Gap(d proto.Dir) {
	s.join[d].Drop()
	s.broken[d] = len(s.kept[d]) > 0
	s.kept[d] = s.kept[d][:0]
	for i := range s.waiting {
		if s.waiting[i].dir == d {
			s.waiting[i].used = false
		}
	}
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	t, n, err := tpkt.Parse(b)
	if err != nil {
		return n, err
	}
	switch t.Type {
	case tpkt.ConnectRequest, tpkt.ConnectConfirm:
		s.connect(c, &t)
	case tpkt.Data:
		msg, done, err := s.join[c.Dir].Add(&t, maxSegments)
		if err != nil {
			return n, err
		}
		if done && len(msg) > 0 {
			return n, s.telegram(c, msg)
		}
	}
	return n, nil
}

// telegram reads one telegram: header, a piece of a message, and after the
// last piece a trailer, which is a header of length 0.
func (s *session) telegram(c *proto.Context, b []byte) error {
	if tlsRecord(b) {
		s.secure(c, tlsSaid)
		return nil
	}
	r := wire.NewReader(b)
	if r.U8("protocol id") != protocolID {
		r.Fail("protocol id", errProtocol)
	}
	v := r.U8("version")
	if r.OK() && v == keepAlive {
		notice(c, &keepAliveFunction, 0)
		return nil
	}
	body := r.Sub("data", int(r.U16("data length")))
	last := r.Len() >= trailerLen
	if last && (r.U8("trailer") != protocolID || r.U8("trailer version") != v) {
		r.Fail("trailer", errTrailer)
	}
	if v == 0 || v > version3 && v != systemEvent {
		r.Fail("version", errVersion)
	}
	if err := r.Err(); err != nil {
		return err
	}
	if v == systemEvent {
		notice(c, &systemEventFunction, 0)
		return nil
	}
	if p := body.Peek(); v == version3 && len(p) > digestLen && p[0] == digestLen {
		body.Skip("digest", 1+digestLen)
	}
	s.version = v
	return s.piece(c, body.Rest(), last)
}

// piece puts the message together and reads it when it is complete.
func (s *session) piece(c *proto.Context, b []byte, last bool) error {
	kept := &s.kept[c.Dir]
	if s.broken[c.Dir] {
		s.broken[c.Dir] = !last
		return nil
	}
	if last && len(*kept) == 0 {
		return s.message(c, b)
	}
	if room := maxKept - len(*kept); room < len(b) {
		b = b[:max(room, 0)]
	}
	*kept = append(*kept, b...)
	if !last {
		return nil
	}
	b, *kept = *kept, (*kept)[:0]
	return s.message(c, b)
}

// message reads one request, response or notification.
func (s *session) message(c *proto.Context, b []byte) error {
	s.body = wire.NewReader(b)
	r := &s.body
	op := r.U8("opcode")
	if r.OK() && op == opNotification {
		id := r.U32("subscription")
		if err := r.Err(); err != nil {
			return err
		}
		s.settle(c, false)
		s.secure(c, s.version)
		notice(c, &notification, id)
		return nil
	}
	var m message
	r.U16("reserved")
	m.code = r.U16("function")
	r.U16("reserved")
	m.sequence = r.U16("sequence number")
	if op == opRequest {
		m.session = r.U32("session id")
	}
	r.U8("transport flags")
	if op != opRequest && op != opResponse {
		r.Fail("opcode", errOpcode)
	}
	if err := r.Err(); err != nil {
		return err
	}
	s.settle(c, op == opRequest)
	if op == opRequest {
		s.request(c, &m, r)
	} else {
		s.response(c, &m, r)
	}
	s.body, s.texts = wire.Reader{}, [maxTexts]attribute{}
	return nil
}

// message is the head of a request or response.
type message struct {
	code     uint16
	sequence uint16
	session  uint32
}

func notice(c *proto.Context, f *fact.Function, id uint32) {
	op := c.Op(f, fact.Notice)
	if id != 0 {
		op.Target = fact.Target{First: uint64(id), Set: true}
	}
	c.Emit()
}

// settle says once which side asks.
func (s *session) settle(c *proto.Context, senderIsClient bool) {
	if !s.known {
		s.known = true
		if senderIsClient {
			s.client = c.Dir
			c.SenderIsClient()
		} else {
			s.client = c.Dir.Other()
			c.SenderIsServer()
		}
	}
	if !senderIsClient && !s.spoke && c.Dir != s.client {
		s.spoke = true
		c.Say(fact.Sender, fact.Vendor, "Siemens", "answers S7comm-plus", 80)
		c.Say(fact.Sender, fact.RoleHint, "plc", "answers S7comm-plus", 70)
	}
}

// pending is a request that waits for its response.
type pending struct {
	used     bool
	dir      proto.Dir
	sequence uint16
	function *fact.Function
	target   fact.Target
	login    bool // carries a password's answer
}

// window is how many requests are remembered.
const window = 16

func (s *session) remember(d proto.Dir, sequence uint16, p pending) {
	s.recall(d, sequence)
	p.used, p.dir, p.sequence = true, d, sequence
	s.waiting[s.next%window] = p
	s.next++
}

func (s *session) recall(d proto.Dir, sequence uint16) (pending, bool) {
	for i := range s.waiting {
		if p := &s.waiting[i]; p.used && p.dir == d && p.sequence == sequence {
			p.used = false
			return *p, true
		}
	}
	return pending{}, false
}
