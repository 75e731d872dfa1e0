// Package http reads HTTP/1.x: RFC 9110 (semantics) and RFC 9112 (HTTP/1.1),
// the methods of WebDAV (RFC 4918) and UPnP eventing. Bodies are passed over
// as they come; only small login forms are looked into.
package http

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
	Title: "HTTP/1.x, WebDAV",
	About: "Web pages and interfaces of controllers, HMIs, drives, switches and cameras. " +
		"Nothing is encrypted: whoever sees the wire sees names, passwords and settings.",
	Spec:       "RFC 9110 and RFC 9112 (June 2022); RFC 7617 and RFC 7616 for authentication; RFC 4918",
	Limit:      "HTTP/2 without TLS is recognised, not read. What follows CONNECT or an upgrade is not read. Bodies are not kept.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.TCP, Numbers: []uint32{80, 8080, 8000, 8008, 8081, 8088, 8888, 3128, 591, 5985, 7080, 9080}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: maxHead + 1,
	Functions:  allFunctions,
}

const (
	maxHead = 32 << 10 // start line and fields of one message
	maxLine = 8 << 10  // start line; RFC 9112, 3 recommends at least 8000 bytes
	maxForm = 4 << 10  // a login form is no larger
)

var (
	errStart = errors.New("no start line of HTTP/1.x")
	errHead  = errors.New("header longer than 32 KiB")
	errChunk = errors.New("no chunk size")
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	line, whole := firstLine(b)
	switch startOf(line, whole) {
	case isRequest, isAnswer, isPreface:
		return proto.Yes
	case isCut:
		return proto.More
	}
	return proto.No
}

// firstLine is b up to its first line end.
func firstLine(b []byte) (line []byte, whole bool) {
	if i := bytes.IndexByte(b[:min(len(b), maxLine)], '\n'); i >= 0 {
		return bytes.TrimSuffix(b[:i], []byte("\r")), true
	}
	return b, false
}

type start uint8

const (
	isForeign start = iota
	isCut           // could become one
	isRequest
	isAnswer
	isPreface // of HTTP/2
)

const preface = "PRI * HTTP/2.0"

// startOf says what the first line of a message is.
func startOf(line []byte, whole bool) start {
	const answer = "HTTP/1."
	if n := min(len(line), len(answer)); string(line[:n]) == answer[:n] {
		switch {
		case len(line) < len(answer)+5 && !whole:
			return isCut
		case len(line) >= len(answer)+5 && digit(line[7]) && line[8] == ' ' && digit(line[9]) && digit(line[10]) && digit(line[11]):
			return isAnswer
		}
		return isForeign
	}
	n := 0
	for n < len(line) && n < maxMethod && methodByte(line[n]) {
		n++
	}
	if !whole {
		return startCut(line, n)
	}
	if string(line) == preface {
		return isPreface
	}
	// "METHOD SP target SP HTTP/1.x"
	if n < 3 || len(line) < n+11 || line[n] != ' ' || line[n+1] == ' ' {
		return isForeign
	}
	if v := line[len(line)-9:]; string(v[:8]) != " HTTP/1." || !digit(v[8]) {
		return isForeign
	}
	return isRequest
}

// startCut judges a request line whose end is not here yet.
func startCut(line []byte, n int) start {
	switch {
	case n == len(line) && n < maxMethod:
		return isCut
	case n < 3 || n == len(line) || line[n] != ' ' || len(line) >= maxLine:
		return isForeign
	case len(line) == n+1:
		return isCut
	}
	if methodOf(line[:n]) == &otherMethod && string(line[:n]) != "PRI" {
		return isForeign
	}
	switch line[n+1] {
	case '/', 'h', 'H', '*':
		return isCut
	}
	if string(line[:n]) == "CONNECT" {
		return isCut
	}
	return isForeign
}

const maxMethod = 24

// methodByte tells the bytes that methods in use are made of; the token rule
// of RFC 9110, 5.6.2 would let nearly any text through.
func methodByte(x byte) bool { return x >= 'A' && x <= 'Z' || x == '-' || x == '_' }

func digit(x byte) bool { return x >= '0' && x <= '9' }

// mode says what the next bytes of one direction are.
type mode uint8

const (
	message    mode = iota
	body            // left bytes to pass over
	form            // left bytes to look into when all are there
	chunkSize       // a line
	chunkData       // left bytes
	chunkEnd        // line end behind the data
	trailer         // lines up to an empty one
	untilClose      // all that comes
)

type half struct {
	mode mode
	left uint64
	lost bool // bytes were lost: look for the next message
}

// asked is a request that waits for its answer.
type asked struct {
	function *fact.Function
	proved   bool // it carried credentials
}

// window is how many pipelined requests are remembered.
const window = 16

type session struct {
	half    [2]half
	waiting [window]asked
	first   int
	n       int
	known   bool // client is known
	opaque  bool // a tunnel or another protocol
	said    [slots]uint64
	scratch [1024]byte // decoded credentials; cleared after use
	text    [512]byte
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(d proto.Dir) {
	s.half[d] = half{lost: true}
	s.first, s.n = 0, 0
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if s.opaque {
		return c.Pass(len(b))
	}
	h := &s.half[c.Dir]
	switch h.mode {
	case untilClose:
		return c.Pass(len(b))
	case body, chunkData:
		n := int(min(uint64(len(b)), h.left))
		if h.left -= uint64(n); h.left == 0 {
			h.mode = after[h.mode]
		}
		return c.Pass(n)
	case form:
		if uint64(len(b)) < h.left {
			return 0, wire.ErrShort
		}
		h.mode = message
		s.form(c, b[:h.left])
		return int(h.left), nil
	case chunkSize, chunkEnd, trailer:
		n, err := s.line(h, b)
		if err != nil {
			return n, err
		}
		return c.Pass(n)
	}
	return s.message(c, h, b)
}

var after = [...]mode{body: message, chunkData: chunkEnd}

// line reads one line of the chunked coding (RFC 9112, 7.1).
func (s *session) line(h *half, b []byte) (int, error) {
	line, whole := firstLine(b)
	if !whole {
		if len(b) >= maxLine {
			h.mode = message
			return 0, errChunk
		}
		return 0, wire.ErrShort
	}
	n := bytes.IndexByte(b, '\n') + 1
	switch h.mode {
	case chunkEnd:
		h.mode = chunkSize
	case trailer:
		if len(line) == 0 {
			h.mode = message
		}
	case chunkSize:
		size, ok := hex(line)
		switch {
		case !ok:
			h.mode = message
			return 0, errChunk
		case size == 0:
			h.mode = trailer
		default:
			h.mode, h.left = chunkData, size
		}
	}
	return n, nil
}

// hex reads the chunk size before any extension.
func hex(b []byte) (v uint64, ok bool) {
	for i, x := range b {
		switch {
		case x >= '0' && x <= '9':
			x -= '0'
		case x|0x20 >= 'a' && x|0x20 <= 'f':
			x = x | 0x20 - 'a' + 10
		default:
			return v, i > 0 && (x == ';' || x == ' ' || x == '\t')
		}
		if i >= 15 {
			return 0, false
		}
		v = v<<4 | uint64(x)
	}
	return v, len(b) > 0
}

// message reads the head of a message.
func (s *session) message(c *proto.Context, h *half, b []byte) (int, error) {
	// RFC 9112, 2.2: empty lines before a message are passed over.
	if b[0] == '\r' || b[0] == '\n' {
		return c.Pass(1)
	}
	line, whole := firstLine(b)
	kind := startOf(line, whole)
	if kind == isForeign {
		if h.lost {
			return c.Pass(len(b))
		}
		return 0, errStart
	}
	if kind == isPreface {
		s.opaque = true
		s.client(c, true)
		c.Say(fact.Conversation, fact.SessionVersion, "HTTP/2", "HTTP/2 preface", 100)
		return len(b), nil
	}
	n := headLen(b)
	if kind == isCut || n == 0 {
		if len(b) > maxHead {
			return 0, errHead
		}
		return 0, wire.ErrShort
	}
	h.lost = false
	var hd head
	hd.read(b[bytes.IndexByte(b, '\n')+1 : n])
	if kind == isAnswer {
		s.answer(c, h, line, &hd)
	} else {
		s.request(c, h, line, &hd)
	}
	return n, nil
}

// headLen is the length of start line and fields with the empty line, or 0.
func headLen(b []byte) int {
	b = b[:min(len(b), maxHead)]
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			return 0
		}
		at += i + 1
		rest := b[at:]
		if len(rest) >= 1 && rest[0] == '\n' {
			return at + 1
		}
		if len(rest) >= 2 && rest[0] == '\r' && rest[1] == '\n' {
			return at + 2
		}
	}
}

func (s *session) client(c *proto.Context, sender bool) {
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
