// Package telnet reads Telnet: RFC 854 with the options that IANA lists, and
// the logins that happen in its text.
package telnet

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
	Title: "Telnet",
	About: "A remote command line on switches, gateways, drives and old controllers. " +
		"Nothing is encrypted: names, passwords and commands can be read on the wire.",
	Spec:       "RFC 854 and RFC 855 (May 1983)",
	Limit:      "Commands are counted, not kept, since they may hold secrets. Prompts are known in English and German.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.TCP, Numbers: []uint32{23, 2323, 992}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: maxSub + 4,
	Functions:  allFunctions,
}

// Command bytes (RFC 854, page 14).
const (
	iac  = 255
	dont = 254
	will = 251
	sb   = 250
	se   = 240

	maxSub    = 1024 // of a subnegotiation
	maxOption = 50   // the last one in use without the experimental ones
)

var errSub = errors.New("subnegotiation without end")

// command tells how long the command at the front of b is; 0 if it is none,
// -1 if it is cut.
func command(b []byte) int {
	switch {
	case len(b) == 0 || b[0] != iac:
		return 0
	case len(b) < 2:
		return -1
	case b[1] >= will && b[1] <= dont || b[1] == sb:
		if len(b) < 3 {
			return -1
		}
		if b[2] > maxOption && b[2] != 255 && (b[2] < 138 || b[2] > 140) {
			return 0
		}
		if b[1] != sb {
			return 3
		}
		i := bytes.Index(b[:min(len(b), maxSub)], []byte{iac, se})
		if i < 0 {
			return -1
		}
		return i + 2
	case b[1] >= se:
		return 2
	}
	return 0
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	commands := 0
	rest := b
	for len(rest) > 0 && commands < 3 {
		n := command(rest)
		if n < 0 && len(rest) < maxSub {
			if commands > 0 && len(rest) > 2 {
				return proto.Yes
			}
			return proto.More
		}
		if n < 3 {
			break
		}
		commands++
		rest = rest[n:]
	}
	switch {
	case commands >= 2 || commands == 1 && len(rest) == 0:
		return proto.Yes
	case commands == 1, printable(b) && len(b) > 0:
		return proto.Likely
	}
	return proto.No
}

func printable(b []byte) bool {
	for _, x := range b {
		if x < 0x20 && x != '\r' && x != '\n' && x != '\t' && x != 0x1b && x != 0x08 && x != 0 {
			return false
		}
	}
	return true
}

// stage of the login that the text shows.
type stage uint8

const (
	idle stage = iota
	wantUser
	wantPassword
	tried
)

// half is the line that one direction is in the middle of.
type half struct {
	line [256]byte
	n    int
	cr   bool // the last byte was a carriage return
}

type session struct {
	half      [2]half
	known     bool // server is known
	server    proto.Dir
	stage     stage
	user      [64]byte
	userLen   int
	banner    [200]byte
	bannerN   int
	described bool
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(d proto.Dir) {
	s.half[d] = half{}
	s.stage = idle
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if b[0] == iac {
		return s.command(c, b)
	}
	// Text is taken byte by byte, so that facts do not depend on packets.
	n := bytes.IndexByte(b, iac)
	if n < 0 {
		n = len(b)
	}
	for _, x := range b[:n] {
		s.byte(c, x)
	}
	return n, nil
}

func (s *session) command(c *proto.Context, b []byte) (int, error) {
	n := command(b)
	if n < 0 {
		if len(b) >= maxSub {
			return 2, errSub
		}
		return 0, wire.ErrShort
	}
	if n == 0 { // no command of the standard: two bytes of data
		return min(2, len(b)), nil
	}
	if n == 2 && b[1] == iac { // an escaped 255
		s.byte(c, iac)
		return 2, nil
	}
	op := c.Op(&commands[b[1]], fact.Notice)
	if n > 2 {
		op.Target = fact.Target{First: uint64(b[2]), Set: true}
	}
	c.Emit()
	return n, nil
}

// byte takes one byte of text.
func (s *session) byte(c *proto.Context, x byte) {
	h := &s.half[c.Dir]
	after := h.cr
	h.cr = x == '\r'
	switch {
	case after && (x == '\n' || x == 0):
		return
	case x == '\r' || x == '\n':
		s.lineEnd(c, h)
		clear(h.line[:h.n])
		h.n = 0
		return
	case x == 0x08 || x == 0x7f:
		if h.n > 0 {
			h.n--
		}
		return
	case x < 0x20:
		return
	}
	if h.n < len(h.line) {
		h.line[h.n] = x
		h.n++
	}
	if x == ':' {
		s.prompt(c, h.line[:h.n])
	}
}
