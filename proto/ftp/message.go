package ftp

import (
	"bytes"
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/credential"
)

func (s *session) request(c *proto.Context, line []byte) {
	f, arg := command(line)
	if f != &otherVerb {
		s.learn(c, true)
	}
	s.remember(f)
	op := c.Op(f, fact.Request)
	if len(arg) > 0 && f.Class != fact.Login && f != &otherVerb {
		op.Target = fact.Target{Name: arg[:min(len(arg), 512)], Set: true}
	}
	c.Emit()
	switch f.Code {
	case "USER":
		s.userIs(c, arg)
	case "PASS":
		s.password(c, arg)
	case "PORT":
		if a, p, ok := hostPort(arg); ok {
			s.expect(c, c.Dst.Addr(), a, p)
		}
	case "EPRT":
		if a, p, ok := extended(arg); ok {
			s.expect(c, c.Dst.Addr(), a, p)
		}
	case "CLNT":
		c.SayBytes(fact.Sender, fact.Software, arg, "FTP CLNT", 70)
	}
}

func (s *session) userIs(c *proto.Context, arg []byte) {
	s.userLen = copy(s.user[:], arg)
	if anonymous(arg) {
		c.Say(fact.Conversation, fact.SessionAuth, "anonymous", "FTP USER", 100)
		return
	}
	c.Say(fact.Conversation, fact.SessionAuth, "password", "FTP USER", 80)
	c.SayBytes(fact.Conversation, fact.SessionUser, arg[:min(len(arg), 128)], "FTP USER", 100)
}

func anonymous(user []byte) bool {
	return bytes.EqualFold(user, []byte("anonymous")) || bytes.EqualFold(user, []byte("ftp"))
}

func (s *session) password(c *proto.Context, arg []byte) {
	user := s.user[:s.userLen]
	if anonymous(user) {
		return // by custom a mail address
	}
	c.Say(fact.Conversation, fact.SessionPassword, credential.Word(user, arg), "FTP PASS", 100)
}

func (s *session) expect(c *proto.Context, from, to netip.Addr, port uint16) {
	if port != 0 {
		c.Expect(proto.Expect{Carrier: proto.TCP, A: from, B: to, PortB: port, Name: "ftp-data"})
	}
}

// reply reads one line of a reply; the last one reports it.
func (s *session) reply(c *proto.Context, line []byte) error {
	code, more, ok := reply(line)
	if s.multi != 0 {
		if !ok || more || code != s.multi {
			return nil // a line inside
		}
		s.multi = 0
	} else if !ok {
		return errReply
	} else if more {
		s.multi = code
		s.learn(c, false)
		s.banner(c, code, line)
		return nil
	} else {
		s.learn(c, false)
		s.banner(c, code, line)
	}
	s.answer(c, code, line)
	return nil
}

// banner says what the greeting tells, of its first line.
func (s *session) banner(c *proto.Context, code int, line []byte) {
	if code != 220 || s.n > 0 || len(line) < 6 {
		return
	}
	c.SayBytes(fact.Sender, fact.Software, bytes.TrimSpace(line[4:min(len(line), 200)]), "FTP greeting", 60)
}

func (s *session) answer(c *proto.Context, code int, line []byte) {
	kind := fact.Response
	var f *fact.Function
	if s.n == 0 && code == 220 {
		f, kind = &greeting, fact.Notice
	} else {
		f = s.recall(code < 200) // a preliminary reply is followed by another
	}
	op := c.Op(f, kind)
	op.Value = fact.Value{Kind: fact.Uint, Bits: uint64(code)}
	if code >= 400 && code < 600 {
		op.Failed, op.Status = true, refusals[code-400]
	}
	c.Emit()
	switch {
	case code == 230:
		c.Say(fact.Conversation, fact.SessionLogin, "accepted", "FTP reply", 100)
	case (code == 530 || code == 430) && (f.Code == "PASS" || f.Code == "USER"):
		c.Say(fact.Conversation, fact.SessionLogin, "refused", "FTP reply", 100)
	case code == 234 && f.Code == "AUTH":
		s.opaque = true
		c.Say(fact.Conversation, fact.SessionSecurity, "TLS (AUTH)", "FTP reply", 90)
	case code == 215 && f.Code == "SYST" && len(line) > 4:
		c.SayBytes(fact.Sender, fact.OS, line[4:min(len(line), 100)], "FTP SYST", 50)
	case code == 227:
		if i := bytes.IndexAny(line[3:], "0123456789"); i >= 0 {
			if a, p, ok := hostPort(line[3+i:]); ok {
				s.expect(c, c.Dst.Addr(), a, p)
			}
		}
	case code == 229:
		if i := bytes.IndexByte(line, '('); i >= 0 {
			if _, p, ok := extended(line[i+1:]); ok {
				s.expect(c, c.Dst.Addr(), c.Src.Addr(), p)
			}
		}
	}
}

// hostPort reads "h1,h2,h3,h4,p1,p2" (RFC 959, 4.1.2).
func hostPort(b []byte) (netip.Addr, uint16, bool) {
	var v [6]byte
	for i := range v {
		n, rest, ok := number(b, 255)
		if !ok {
			return netip.Addr{}, 0, false
		}
		v[i] = byte(n)
		if i < 5 {
			if len(rest) == 0 || rest[0] != ',' {
				return netip.Addr{}, 0, false
			}
			rest = rest[1:]
		}
		b = rest
	}
	return netip.AddrFrom4([4]byte(v[:4])), uint16(v[4])<<8 | uint16(v[5]), true
}

func number(b []byte, limit int) (n int, rest []byte, ok bool) {
	i := 0
	for i < len(b) && digit(b[i]) && i < 6 {
		n = n*10 + int(b[i]-'0')
		i++
	}
	return n, b[i:], i > 0 && n <= limit
}

// extended reads "<d>family<d>address<d>port<d>" (RFC 2428, 2); EPSV leaves
// family and address out (3).
func extended(b []byte) (netip.Addr, uint16, bool) {
	if len(b) < 4 {
		return netip.Addr{}, 0, false
	}
	d := b[:1]
	_, b, _ = bytes.Cut(b[1:], d)
	text, b, ok := bytes.Cut(b, d)
	if !ok || len(text) > 45 {
		return netip.Addr{}, 0, false
	}
	p, _, ok := number(b, 65535)
	if !ok || len(text) == 0 {
		return netip.Addr{}, uint16(p), ok
	}
	a, err := netip.ParseAddr(proto.View(text))
	return a, uint16(p), err == nil && !a.Is4In6() && a.Zone() == ""
}
