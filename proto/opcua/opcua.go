// Package opcua reads OPC UA binary over TCP (opc.tcp): the transport and
// secure conversation of OPC UA Part 6, edition 1.05, and the services of
// Part 4, edition 1.05. PubSub and the HTTPS and WebSocket mappings are left
// out. Of a message in several chunks the first is read.
package opcua

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
	Title: "OPC UA (binary over TCP)",
	About: "Reads, writes, browses and subscribes to variables and calls methods of controllers, gateways and SCADA servers of nearly every maker. " +
		"It can sign and encrypt and authenticate both sides, but many plants run it with policy None, without accounts.",
	Spec:  "OPC UA Part 4 and Part 6, edition 1.05",
	Limit: "Encrypted messages are counted, not read. Of a message in several chunks the first is read, and of a chunk the first 64 KiB. PubSub, HTTPS and WebSocket mappings are left out.",
	Depth: proto.Recognised | proto.Operations | proto.Values | proto.Identity | proto.Sessions,
	On:    []proto.On{{Carrier: proto.TCP, Numbers: []uint32{4840}}},

	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: maxHead,
	Functions:  allFunctions,
}

const (
	headerLen = 8 // message type, chunk type, size (Part 6, 7.1.2.2)
	// maxChunk bounds the size that a chunk may state; the buffer sizes that
	// stacks negotiate lie between 8 KiB and a few MiB.
	maxChunk = 16 << 20
	// maxHead is how much of a chunk is looked at; the rest is passed over.
	maxHead = 64 << 10
)

var (
	errType  = errors.New("not a message type of OPC UA")
	errChunk = errors.New("chunk type is not C, F or A")
	errSize  = errors.New("size does not fit the message type")
	errBody  = errors.New("message ends inside a field")
)

// kind is a message type of the transport (Part 6, 7.1.2.2 and 6.7.2.2).
type kind uint8

const (
	unknown kind = iota
	hello
	acknowledge
	transportError
	reverseHello
	open
	closing
	message
)

func kindOf(b []byte) kind {
	switch string(b) {
	case "HEL":
		return hello
	case "ACK":
		return acknowledge
	case "ERR":
		return transportError
	case "RHE":
		return reverseHello
	case "OPN":
		return open
	case "CLO":
		return closing
	case "MSG":
		return message
	}
	return unknown
}

// Bounds of the stated size: Part 6, 7.1.2.3 to 7.1.2.6 (texts of at most
// 4,096 bytes) and 6.7.2.
var sizes = [...]struct{ min, max uint32 }{
	hello:          {32, 32 + 4096},
	acknowledge:    {28, 28},
	transportError: {16, 16 + 4096},
	reverseHello:   {16, 16 + 2*4096},
	open:           {32, maxChunk},
	closing:        {24, maxChunk},
	message:        {24, maxChunk},
}

// header reads the eight bytes that begin every chunk.
func header(b []byte) (k kind, chunk byte, size int, err error) {
	r := wire.NewReader(b)
	k = kindOf(r.Bytes("message type", 3))
	chunk = r.U8("chunk type")
	n := r.U32LE("size")
	switch {
	case !r.OK():
		return 0, 0, 0, wire.ErrShort
	case k == unknown:
		r.Fail("message type", errType)
	case chunk != 'F' && (k != message || chunk != 'C' && chunk != 'A'):
		// Only MSG may be split or aborted (Part 6, 6.7.2.2).
		r.Fail("chunk type", errChunk)
	case n < sizes[k].min || n > sizes[k].max:
		r.Fail("size", errSize)
	}
	return k, chunk, int(n), r.Err()
}

var policyPrefix = []byte("http://opcfoundation.org/UA/SecurityPolicy#")

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	if len(b) < headerLen {
		if len(b) >= 3 && kindOf(b[:3]) == unknown {
			return proto.No
		}
		return proto.More
	}
	k, _, _, err := header(b)
	if err != nil {
		return proto.No
	}
	r := wire.NewReader(b)
	r.Skip("header", headerLen)
	switch k {
	case hello:
		r.Skip("version, buffer sizes and limits", 20)
		n := int32(r.U32LE("endpoint url length"))
		if r.OK() && n > 4096 {
			return proto.No
		}
	case open:
		r.Skip("channel and policy length", 8)
		if p := r.Peek(); len(p) >= len(policyPrefix) && !bytes.HasPrefix(p, policyPrefix) {
			return proto.Likely
		}
	}
	return proto.Yes
}

// security says whether the messages of the channel can be read.
type security uint8

const (
	unseen security = iota // the channel was opened before the capture began
	readable
	encrypted
)

// window is how many requests are remembered: requests are numbered one after
// the other, and a client keeps some tens of them open (Publish).
const window = 64

type session struct {
	known    bool // client is known
	client   proto.Dir
	security security
	policy   policy
	skip     [2]int    // bytes of a long chunk that are still to be passed over
	partial  [2]bool   // a message in several chunks has begun
	request  [2]uint32 // its request id
	waiting  [window]pending
	items    itemTable
	seen     memory
	scratch  [64]byte
}

func (s *session) Reset() {
	items := s.items
	clear(items)
	*s = session{items: items}
}

func (s *session) Gap(d proto.Dir) {
	s.skip[d], s.partial[d] = 0, false
	if !s.known || d == s.client {
		for i := range s.waiting {
			s.waiting[i].function = nil
		}
	}
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	d := c.Dir & 1
	if n := min(s.skip[d], len(b)); n > 0 {
		s.skip[d] -= n
		return n, nil
	}
	k, chunk, size, err := header(b)
	if err != nil {
		return 0, err
	}
	head := min(size, maxHead)
	if len(b) < head {
		return 0, wire.ErrShort
	}
	s.skip[d] = size - head
	return head, s.chunk(c, k, chunk, b[headerLen:head], size > head)
}

// chunk reads what follows the header. cut says that the chunk is longer.
func (s *session) chunk(c *proto.Context, k kind, chunk byte, b []byte, cut bool) error {
	r := decoder{Reader: wire.NewReader(b)}
	switch k {
	case hello:
		return s.hello(c, &r)
	case acknowledge:
		s.learn(c, false)
		r.Skip("version, buffer sizes and limits", 20)
		op := c.Op(&helloAnswer, fact.Response)
		op.Answers = &helloAsk
		c.Emit()
		return r.Err()
	case transportError:
		return s.failure(c, &r)
	case reverseHello:
		s.learn(c, false)
		r.text("server uri")
		url := r.text("endpoint url")
		if err := r.bad(); err != nil {
			return err
		}
		sayText(c, fact.Conversation, fact.SessionEndpoint, url, "OPC UA reverse hello", 95)
		c.Op(&reverse, fact.Notice)
		c.Emit()
		return nil
	case open:
		return s.open(c, &r, cut)
	}
	return s.secured(c, k, chunk, &r, cut)
}

// hello is the client's first message (Part 6, 7.1.2.3).
func (s *session) hello(c *proto.Context, r *decoder) error {
	r.Skip("version, buffer sizes and limits", 20)
	url := r.text("endpoint url")
	if err := r.bad(); err != nil {
		return err
	}
	s.learn(c, true)
	s.security, s.policy = unseen, policyUnseen
	sayText(c, fact.Conversation, fact.SessionEndpoint, url, "OPC UA hello", 95)
	if host := hostOf(url); named(host) {
		sayText(c, fact.Receiver, fact.Hostname, host, "OPC UA endpoint url that the client asked for", 50)
	}
	c.Op(&helloAsk, fact.Request)
	c.Emit()
	return nil
}

// failure is the ERR message (Part 6, 7.1.2.5).
func (s *session) failure(c *proto.Context, r *decoder) error {
	code := r.U32LE("error")
	r.text("reason")
	if err := r.bad(); err != nil {
		return err
	}
	op := c.Op(&failed, fact.Notice)
	op.Failed, op.Status = true, status(code)
	c.Emit()
	return nil
}

// learn settles which side is the client.
func (s *session) learn(c *proto.Context, sender bool) {
	client := c.Dir
	if !sender {
		client = c.Dir.Other()
	}
	if s.known && s.client == client {
		return
	}
	s.known, s.client = true, client
	if sender {
		c.SenderIsClient()
	} else {
		c.SenderIsServer()
	}
}

// isClient guesses by the port what no message has proven yet.
func (s *session) isClient(c *proto.Context) bool {
	if s.known {
		return c.Dir == s.client
	}
	return c.Src.Port != 4840 && (c.Dst.Port == 4840 || c.Dst.Port < c.Src.Port)
}
