// Package ftp reads the control connection of FTP: RFC 959 with RFC 1123,
// RFC 2389, RFC 2428 (EPRT, EPSV), RFC 3659 (MLST) and RFC 4217 (AUTH TLS).
package ftp

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
	Title: "File Transfer Protocol",
	About: "Loads files, programs and firmware into controllers, HMIs and drives, many of which have fixed accounts. " +
		"Names, passwords and contents cross the wire in clear.",
	Spec:       "RFC 959 (October 1985); RFC 2389, RFC 2428, RFC 3659, RFC 4217",
	Limit:      "What follows AUTH TLS is encrypted and not read.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.TCP, Numbers: []uint32{21, 2121}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: maxLine + 1,
	Functions:  allFunctions,
}

const maxLine = 2048

var (
	errLine  = errors.New("no line of FTP")
	errReply = errors.New("no reply code")
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	i := bytes.IndexByte(b[:min(len(b), maxLine)], '\n')
	if i < 0 {
		if len(b) < maxLine && text(b) && len(b) > 0 && (digit(b[0]) || letter(b[0])) {
			return proto.More
		}
		return proto.No
	}
	line := bytes.TrimSuffix(b[:i], []byte("\r"))
	if !text(line) {
		return proto.No
	}
	if code, _, ok := reply(line); ok {
		// SMTP and others answer in the same form.
		if code == 220 && (contains(line, "ftp") && !contains(line, "smtp")) || code == 331 || code == 227 || code == 229 || code == 230 {
			return proto.Yes
		}
		return proto.Likely
	}
	f, arg := command(line)
	switch {
	case f == &otherVerb:
		return proto.No
	case sure[f.Code] && (len(arg) > 0) == hasArgument[f.Code]:
		return proto.Yes
	}
	return proto.Likely
}

// sure are commands that no other protocol of this form has.
var sure = map[string]bool{"PASV": true, "EPSV": true, "RETR": false, "STOR": true, "PORT": true, "EPRT": true, "NLST": false, "MLSD": false, "SYST": true}

var hasArgument = map[string]bool{"STOR": true, "PORT": true, "EPRT": true}

func text(b []byte) bool {
	for _, x := range b {
		if x < 0x20 && x != '\t' && x != '\r' {
			return false
		}
	}
	return true
}

func digit(x byte) bool  { return x >= '0' && x <= '9' }
func letter(x byte) bool { return x|0x20 >= 'a' && x|0x20 <= 'z' }

// contains looks for want, in lower case, without regard to case.
func contains(b []byte, want string) bool {
	for i := 0; i+len(want) <= len(b); i++ {
		if bytes.EqualFold(b[i:i+len(want)], []byte(want)) {
			return true
		}
	}
	return false
}

// reply reads "NNN text" or "NNN-text".
func reply(line []byte) (code int, more, ok bool) {
	if len(line) < 3 || line[0] < '1' || line[0] > '6' || !digit(line[1]) || !digit(line[2]) || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
		return 0, false, false
	}
	return int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0'), len(line) > 3 && line[3] == '-', true
}

// window is how many commands are remembered; few clients send ahead.
const window = 16

type session struct {
	known    bool // client is known
	client   proto.Dir
	opaque   bool // after AUTH
	lost     [2]bool
	multi    int // code of a reply of several lines that is not over
	waiting  [window]*fact.Function
	first, n int
	user     [64]byte
	userLen  int
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(d proto.Dir) {
	s.lost[d] = true
	s.first, s.n, s.multi = 0, 0, 0
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if s.opaque {
		return c.Pass(len(b))
	}
	i := bytes.IndexByte(b[:min(len(b), maxLine)], '\n')
	if i < 0 {
		if len(b) >= maxLine {
			return 0, errLine
		}
		return 0, wire.ErrShort
	}
	if s.lost[c.Dir] { // the rest of a line that was cut
		s.lost[c.Dir] = false
		return i + 1, nil
	}
	line := bytes.TrimSuffix(b[:i], []byte("\r"))
	// Telnet commands (IAC) may stand before ABOR (RFC 959, 4.1.3).
	for len(line) > 1 && line[0] >= 0xf0 {
		line = line[1:]
	}
	if len(line) == 0 {
		return i + 1, nil
	}
	if !text(line) {
		return i + 1, errLine
	}
	if s.known && c.Dir != s.client || !s.known && digit(line[0]) {
		return i + 1, s.reply(c, line)
	}
	s.request(c, line)
	return i + 1, nil
}

func (s *session) learn(c *proto.Context, sender bool) {
	if s.known {
		return
	}
	s.known, s.client = true, c.Dir
	if sender {
		c.SenderIsClient()
	} else {
		s.client = c.Dir.Other()
		c.SenderIsServer()
	}
}

func (s *session) remember(f *fact.Function) {
	if s.n == window {
		s.first, s.n = (s.first+1)%window, s.n-1
	}
	s.waiting[(s.first+s.n)%window] = f
	s.n++
}

func (s *session) recall(keep bool) *fact.Function {
	if s.n == 0 {
		return &unasked
	}
	f := s.waiting[s.first]
	if !keep {
		s.first, s.n = (s.first+1)%window, s.n-1
	}
	return f
}
