// Package syslog reads log messages as devices send them: RFC 5424 over UDP
// (RFC 5426) and TCP (RFC 6587), and the older form that RFC 3164 describes.
package syslog

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "syslog"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Syslog",
	About: "Switches, firewalls, gateways and servers send their log to a collector, as a rule in clear and without proof of origin. " +
		"It shows which devices are logged at all, how severe their messages are, and whether somebody listens.",
	Spec:       "RFC 5424, RFC 5426, RFC 6587, RFC 3164",
	Limit:      "The text of messages is not kept. Syslog over TLS is seen as TLS.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity,
	On:         []proto.On{{Carrier: proto.UDP, Numbers: []uint32{514}}, {Carrier: proto.TCP, Numbers: []uint32{514, 601}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: maxMessage + 8,
	Functions:  allFunctions,
}

// maxMessage bounds a message over TCP; collectors commonly take 8 to 64 KiB.
const maxMessage = 64 << 10

// facilities and severities (RFC 5424, 6.2.1).
var (
	facilities = [24]string{
		"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
		"ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
	}
	severities = [8]string{"emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"}
)

// priorities are the functions: what a message begins with says facility and
// severity.
var priorities = func() (t [192]fact.Function) {
	for i := range t {
		t[i] = fact.Function{
			Protocol: name, Code: strconv.Itoa(i), Name: facilities[i/8] + "." + severities[i%8],
			Class: fact.Diagnose, Object: severities[i%8],
		}
	}
	return t
}()

func allFunctions() []fact.Function { return append([]fact.Function(nil), priorities[:]...) }

var (
	errPriority = errors.New("priority is not <0> to <191>")
	errFrame    = errors.New("octet count is not 1 to 65536")
)

// priority reads "<165>". n is 0 when b does not begin so.
func priority(b []byte) (p, n int) {
	if len(b) < 3 || b[0] != '<' {
		return 0, 0
	}
	for i := 1; i < 5 && i < len(b); i++ {
		switch x := b[i]; {
		case x == '>' && i > 1 && p < len(priorities):
			return p, i + 1
		case x < '0' || x > '9':
			return 0, 0
		default:
			p = p*10 + int(x-'0')
		}
	}
	return 0, 0
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier == proto.TCP {
		if n, count := octets(b); n > 0 && count > 0 {
			b = b[n:]
		}
		if len(b) < 6 {
			return proto.More
		}
	}
	_, n := priority(b)
	if n == 0 {
		return proto.No
	}
	rest := b[n:]
	if len(rest) > 12 && (rest[0] == '1' && rest[1] == ' ' && (rest[2] == '-' || rest[6] == '-') || dated(rest)) {
		return proto.Yes
	}
	return proto.Likely
}

// octets reads the count of RFC 6587, 3.4.1: "83 <...". n is 0 when there is none.
func octets(b []byte) (n, count int) {
	for i := 0; i < len(b) && i < 7; i++ {
		switch x := b[i]; {
		case x == ' ' && i > 0 && b[0] != '0':
			return i + 1, count
		case x < '0' || x > '9':
			return 0, 0
		default:
			count = count*10 + int(x-'0')
		}
	}
	return 0, 0
}

type session struct {
	known bool // the client is known
	seen  recent.Set
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if c.Carrier != proto.TCP {
		return len(b), s.message(c, b)
	}
	if b[0] >= '1' && b[0] <= '9' {
		return s.counted(c, b)
	}
	// RFC 6587, 3.4.2: up to a line feed, or NUL.
	i := bytes.IndexAny(b[:min(len(b), maxMessage)], "\n\x00")
	switch {
	case i < 0 && len(b) > maxMessage:
		return 0, errFrame
	case i < 0:
		return 0, wire.ErrShort
	case len(bytes.TrimSpace(b[:i])) == 0:
		return i + 1, nil
	}
	return i + 1, s.message(c, b[:i])
}

func (s *session) counted(c *proto.Context, b []byte) (int, error) {
	n, count := octets(b)
	switch {
	case n == 0 && len(b) < 7 && len(bytes.Trim(b, "0123456789")) == 0:
		return 0, wire.ErrShort
	case n == 0 || count == 0 || count > maxMessage:
		return 0, errFrame
	case count > len(b)-n:
		return 0, wire.ErrShort
	}
	return n + count, s.message(c, b[n:n+count])
}

func (s *session) message(c *proto.Context, b []byte) error {
	p, n := priority(b)
	if n == 0 {
		return errPriority
	}
	if !s.known {
		s.known = true
		c.SenderIsClient()
	}
	h := read(b[n:])
	s.identify(c, &h)
	op := c.Op(&priorities[p], fact.Notice)
	if len(h.app) > 0 {
		op.Target = fact.Target{Name: h.app, Set: true}
	}
	c.Emit()
	return nil
}

// identify: the name may be that of another host, whose message was passed
// on. Cisco devices begin their text with %FACILITY-SEVERITY-MNEMONIC.
func (s *session) identify(c *proto.Context, h *head) {
	if len(h.host) > 0 && !s.seen.Seen(1, h.host) {
		c.SayBytes(fact.Sender, fact.Hostname, h.host, "syslog host name", 65)
	}
	if h.cisco && !s.seen.Seen(2, nil) {
		c.Say(fact.Sender, fact.Vendor, "Cisco", "syslog message form", 50)
	}
}
