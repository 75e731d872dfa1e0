package http

import (
	"bytes"
	"math"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// head is what the fields of a message say, sharing memory with the packet.
type head struct {
	length        uint64
	hasLength     bool
	chunked       bool
	host          []byte
	agent         []byte
	server        []byte
	authorization []byte
	challenge     [2][]byte
	contentType   []byte
}

const maxFields = 256

func (h *head) read(b []byte) {
	for range maxFields {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			return
		}
		line := b[:i]
		b = b[i+1:]
		colon := bytes.IndexByte(line, ':')
		if colon <= 0 {
			continue
		}
		h.field(line[:colon], bytes.TrimSpace(line[colon+1:]))
	}
}

// is compares without case and without allocating. want is in lower case.
func is(b []byte, want string) bool {
	if len(b) != len(want) {
		return false
	}
	for i, x := range b {
		if x >= 'A' && x <= 'Z' {
			x |= 0x20
		}
		if x != want[i] {
			return false
		}
	}
	return true
}

// begins tells whether b starts with want, compared as is does.
func begins(b []byte, want string) bool { return len(b) >= len(want) && is(b[:len(want)], want) }

// field takes over the fields of interest; their lengths sort them first.
func (h *head) field(key, v []byte) {
	switch len(key) {
	case 4:
		if is(key, "host") {
			h.host = v
		}
	case 6:
		if is(key, "server") {
			h.server = v
		}
	case 10:
		if is(key, "user-agent") {
			h.agent = v
		}
	case 12:
		if is(key, "content-type") {
			h.contentType = v
		}
	case 13:
		if is(key, "authorization") {
			h.authorization = v
		}
	case 14:
		if is(key, "content-length") {
			h.length, h.hasLength = decimal(v)
		}
	case 16:
		if is(key, "www-authenticate") {
			if h.challenge[0] == nil {
				h.challenge[0] = v
			} else {
				h.challenge[1] = v
			}
		}
	case 17:
		// RFC 9112, 6.1: chunked is the last coding if it is there.
		if is(key, "transfer-encoding") && len(v) >= 7 && is(v[len(v)-7:], "chunked") {
			h.chunked = true
		}
	case 19:
		if is(key, "proxy-authorization") {
			h.authorization = v
		}
	}
}

func decimal(b []byte) (v uint64, ok bool) {
	for _, x := range b {
		if !digit(x) || v > math.MaxInt64/10-10 {
			return 0, false
		}
		v = v*10 + uint64(x-'0')
	}
	return v, len(b) > 0
}

// framing sets what follows the head (RFC 9112, 6.3); bare says that the
// message has no body whatever its fields say.
func (h *half) framing(hd *head, bare, answer bool) {
	h.left = 0
	switch {
	case bare:
		h.mode = message
	case hd.chunked:
		h.mode = chunkSize
	case hd.hasLength:
		h.mode, h.left = body, hd.length
		if hd.length == 0 {
			h.mode = message
		}
	case answer:
		h.mode = untilClose
	default:
		h.mode = message
	}
}

// slots of what was said already, so that each is said when it changes only.
const (
	slotHost = iota
	slotAgent
	slotServer
	slotRealm
	slotAuth
	slotUser
	slotPassword
	slotLogin
	slotVersion
	slotNote
	slotNTLM
	slots
)

// fresh tells whether b differs from what was said in the slot before.
func (s *session) fresh(slot int, b []byte) bool {
	h := uint64(14695981039346656037) // FNV-1a
	for _, x := range b[:min(len(b), 256)] {
		h = (h ^ uint64(x)) * 1099511628211
	}
	h = h ^ uint64(len(b)) | 1
	if s.said[slot] == h {
		return false
	}
	s.said[slot] = h
	return true
}

func (s *session) say(c *proto.Context, slot int, who fact.Who, a fact.Attr, v []byte, source string, confidence uint8) {
	if v = printable(v); len(v) > 0 && s.fresh(slot, v) {
		c.SayBytes(who, a, v, source, confidence)
	}
}

func (s *session) sayText(c *proto.Context, slot int, a fact.Attr, v, source string) {
	h := uint64(len(v))<<8 | 1
	for i := range len(v) {
		h = (h ^ uint64(v[i])) * 1099511628211
	}
	if s.said[slot] != h {
		s.said[slot] = h
		c.Say(fact.Conversation, a, v, source, 100)
	}
}

// printable is b up to its first control character, of bounded length.
func printable(b []byte) []byte {
	b = b[:min(len(b), 256)]
	for i, x := range b {
		if x < 0x20 || x == 0x7f {
			return b[:i]
		}
	}
	return b
}
