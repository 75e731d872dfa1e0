// Package s7comm reads S7 communication of SIMATIC S7-200/300/400, and of
// S7-1200/1500 where absolute access is allowed, over ISO transport in TCP
// (RFC 1006). Siemens has not published it; names follow the manuals "System
// Software for S7-300/400, System and Standard Functions" (A5E02789976) and
// those that independent researchers agree upon.
package s7comm

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
	Title: "S7 communication (S7comm)",
	About: "Reads and writes memory of Siemens SIMATIC controllers, loads and deletes their programs, starts and stops them. " +
		"Panels, SCADA servers and engineering stations speak it, and controllers among themselves. " +
		"It has no authentication but a password that is sent in a reversible form: whoever reaches port 102 may do all of it unless the protection level forbids.",
	Spec: "unpublished; System Software for S7-300/400, System and Standard Functions (A5E02789976-01) for status lists and codes; RFC 1006; X.224 (1995) class 0",
	Limit: "A job with several items is one operation: its target spans the items of one area and DB, else it is the first item. " +
		"First and Count are bits (byte*8+bit), for counters and timers their numbers. The content of blocks is hashed, not decoded.",
	Depth:     proto.Recognised | proto.Operations | proto.Values | proto.Identity | proto.Sessions,
	On:        []proto.On{{Carrier: proto.TCP, Numbers: []uint32{tpkt.Port}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

const (
	protocolID = 0x32
	jobHeader  = 10 // of ROSCTR 1 and 7
	ackHeader  = 12 // of ROSCTR 2 and 3, with error class and code
)

// ROSCTR: the kinds of message.
const (
	job         = 1
	ack         = 2
	ackData     = 3
	rosUserdata = 7
)

// maxPDU bounds a message over several DTs. Controllers agree on 240 to 960
// bytes; SIMATIC NET goes up to some 8 KiB.
const maxPDU = 16 << 10

var (
	errProtocol = errors.New("protocol id is not 0x32")
	errROSCTR   = errors.New("unknown ROSCTR")
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	l := tpkt.LookAt(b)
	switch {
	case !l.TPKT:
		return proto.No
	case l.Found:
		return headerVerdict(l.Data, l.Whole)
	}
	// The selectors of the connection prove nothing: MMS servers are called
	// by the same ones. The first message tells.
	return proto.More
}

// headerVerdict judges the first bytes of a message; with whole true its
// stated lengths must fit.
func headerVerdict(b []byte, whole bool) proto.Verdict {
	r := wire.NewReader(b)
	id, rosctr := r.U8("protocol id"), r.U8("ROSCTR")
	if id != protocolID && len(b) > 0 {
		return proto.No
	}
	reserved := r.U16("redundancy identification")
	r.U16("PDU reference")
	p, d := int(r.U16("parameter length")), int(r.U16("data length"))
	if !r.OK() {
		if whole {
			return proto.No
		}
		return proto.More
	}
	n := jobHeader
	switch rosctr {
	case job, rosUserdata:
	case ack, ackData:
		n = ackHeader
	default:
		return proto.No
	}
	if reserved != 0 || whole && n+p+d > len(b) {
		return proto.No
	}
	return proto.Yes
}

// session is the state of one connection.
type session struct {
	join     [2]tpkt.Joiner
	known    bool // client is known
	client   proto.Dir
	spoke    [2]bool // said that this side is a controller, or what asks it
	waiting  [window]pending
	next     int
	up, down transfer
	parts    map[block]string // names of blocks as parts of the controller
	list     statusList
	text     [192]byte // where values of facts are put together
	blockBuf [12]byte  // where the name of a block is put together
	block    block     // the block that the current operation is about
	items    items     // of the current job
}

func (s *session) Reset() {
	s.join[0].Drop()
	s.join[1].Drop()
	*s = session{join: s.join, up: s.up.reset(), down: s.down.reset(), list: s.list.reset()}
}

func (s *session) Gap(d proto.Dir) {
	s.join[d].Drop()
	for i := range s.waiting {
		if s.waiting[i].dir == d {
			s.waiting[i].used = false
		}
	}
	// A block that lost a piece betrays itself by its length.
	s.list = s.list.reset()
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
		msg, done, err := s.join[c.Dir].Add(&t, maxPDU)
		if err != nil {
			return n, err
		}
		if done && len(msg) > 0 {
			return n, s.message(c, msg)
		}
	}
	return n, nil
}

// message is one S7 PDU.
type message struct {
	rosctr    uint8
	reference uint16
	status    uint16 // error class and code
	param     []byte
	data      []byte
}

func (s *session) message(c *proto.Context, b []byte) error {
	r := wire.NewReader(b)
	if r.U8("protocol id") != protocolID {
		r.Fail("protocol id", errProtocol)
	}
	var m message
	m.rosctr = r.U8("ROSCTR")
	r.U16("redundancy identification")
	m.reference = r.U16("PDU reference")
	p, d := int(r.U16("parameter length")), int(r.U16("data length"))
	switch m.rosctr {
	case job, rosUserdata:
	case ack, ackData:
		m.status = r.U16("error class and code")
	default:
		r.Fail("ROSCTR", errROSCTR)
	}
	m.param = r.Bytes("parameters", p)
	m.data = r.Bytes("data", d)
	if err := r.Err(); err != nil {
		return err
	}
	s.block = block{}
	switch m.rosctr {
	case job:
		return s.job(c, &m)
	case ack, ackData:
		return s.answer(c, &m)
	}
	return s.userdata(c, &m)
}

// settle says once which side asks and which answers.
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
	if !senderIsClient && !s.spoke[c.Dir] && c.Dir != s.client {
		s.spoke[c.Dir] = true
		c.Say(fact.Sender, fact.Vendor, "Siemens", "answers S7 communication", 60)
		c.Say(fact.Sender, fact.RoleHint, "plc", "answers S7 communication", 60)
	}
}

// pending is a job that waits for its answer.
type pending struct {
	used      bool
	dir       proto.Dir
	reference uint16
	function  *fact.Function
	target    fact.Target // without a name
	block     block       // instead of a name
	size      uint8       // transport size of the only item of a read
}

// window is how many jobs are remembered. Controllers allow some 16 at a time.
const window = 32

// remember keeps a job. One with the same reference gave up its answer: some
// clients never change it.
func (s *session) remember(d proto.Dir, reference uint16, p pending) {
	s.recall(d, reference)
	p.used, p.dir, p.reference = true, d, reference
	p.target.Name = nil
	s.waiting[s.next%window] = p
	s.next++
}

// recall takes back the job that direction d sent with this reference.
func (s *session) recall(d proto.Dir, reference uint16) (pending, bool) {
	for i := range min(s.next, window) {
		p := &s.waiting[(s.next-1-i)%window]
		if p.used && p.dir == d && p.reference == reference {
			p.used = false
			return *p, true
		}
	}
	return pending{}, false
}
