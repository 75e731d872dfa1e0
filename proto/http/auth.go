package http

import (
	"bytes"
	"encoding/base64"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/credential"
	"github.com/bulkhead-ot/bulkhead/wire/ntlm"
)

// authorization says who the client claims to be (RFC 9110, 11.6.2), and
// whether it claimed at all.
func (s *session) authorization(c *proto.Context, v []byte) bool {
	scheme, rest, _ := bytes.Cut(v, []byte(" "))
	rest = bytes.TrimSpace(rest)
	const source = "HTTP Authorization"
	switch {
	case len(v) == 0:
		return false
	case is(scheme, "basic"):
		user, password, ok := bytes.Cut(s.decode(rest), []byte(":"))
		if !ok {
			return false
		}
		s.sayText(c, slotAuth, fact.SessionAuth, "basic", source)
		s.say(c, slotUser, fact.Conversation, fact.SessionUser, user, source, 100)
		s.sayText(c, slotPassword, fact.SessionPassword, credential.Word(user, password), source)
		clear(s.scratch[:])
	case is(scheme, "digest"):
		s.sayText(c, slotAuth, fact.SessionAuth, "digest", source)
		s.say(c, slotUser, fact.Conversation, fact.SessionUser, parameter(rest, "username"), source, 100)
	case is(scheme, "ntlm"), is(scheme, "negotiate"):
		s.negotiate(c, rest)
	case is(scheme, "bearer"):
		s.sayText(c, slotAuth, fact.SessionAuth, "bearer token", source)
		s.sayText(c, slotNote, fact.SessionNote, "bearer token crossed in clear", source)
	default:
		s.sayText(c, slotAuth, fact.SessionAuth, "other scheme", source)
	}
	return true
}

// decode undoes base64 into the scratch buffer; longer texts are cut.
func (s *session) decode(b []byte) []byte {
	b = b[:min(len(b), len(s.scratch)/3*4)&^3]
	n, _ := base64.StdEncoding.Decode(s.scratch[:], b)
	return s.scratch[:n]
}

// told says which attribute each item of NTLM is.
var told = [ntlm.Items]struct {
	who  fact.Who
	attr fact.Attr
}{
	ntlm.User:       {fact.Conversation, fact.SessionUser},
	ntlm.UserDomain: {fact.Sender, fact.Domain},
	ntlm.ClientName: {fact.Sender, fact.Hostname},
	ntlm.ClientOS:   {fact.Sender, fact.OS},
}

func (s *session) negotiate(c *proto.Context, v []byte) {
	token := s.decode(v)
	b := ntlm.Find(token)
	if b == nil {
		s.sayText(c, slotAuth, fact.SessionAuth, "negotiate", "HTTP Authorization")
		return
	}
	s.sayText(c, slotAuth, fact.SessionAuth, "ntlm", "HTTP Authorization")
	m, ok := ntlm.Parse(b)
	if !ok || !s.fresh(slotNTLM, b) {
		return
	}
	for i, t := range told {
		if t.attr == "" {
			continue
		}
		v := m.Append(s.text[:0], ntlm.Item(i))
		if ntlm.Item(i) == ntlm.User {
			s.say(c, slotUser, t.who, t.attr, v, "NTLM authenticate", 100)
		} else if len(v) > 0 {
			c.SayBytes(t.who, t.attr, v, "NTLM message", 90)
		}
	}
}

// parameter is the value of key="value" or key=value in b (RFC 9110, 11.2).
func parameter(b []byte, key string) []byte {
	for i := 0; i+len(key) < len(b); i++ {
		if b[i+len(key)] != '=' || !is(b[i:i+len(key)], key) || i > 0 && b[i-1] != ' ' && b[i-1] != ',' {
			continue
		}
		v := b[i+len(key)+1:]
		if len(v) > 0 && v[0] == '"' {
			v = v[1:]
			if j := bytes.IndexByte(v, '"'); j >= 0 {
				return v[:j]
			}
			return nil
		}
		if j := bytes.IndexByte(v, ','); j >= 0 {
			v = v[:j]
		}
		return bytes.TrimSpace(v)
	}
	return nil
}

func isForm(contentType []byte) bool {
	return begins(contentType, "application/x-www-form-urlencoded") || begins(contentType, "application/json")
}

// form looks for a password in the body of a login form.
func (s *session) form(c *proto.Context, b []byte) {
	proved := false
	if len(b) > 0 && (b[0] == '{' || b[0] == '[') {
		proved = s.json(c, b)
	} else {
		proved = s.fields(c, b)
	}
	if proved && s.n > 0 {
		s.waiting[(s.first+s.n-1)%window].proved = true
	}
}

// The names under which web pages send account and password.
var (
	passwordNames = []string{"password", "passwd", "passwort", "pass", "pwd", "pw", "psw", "passwrd", "user_password", "userpassword", "login_password", "loginpassword", "j_password", "frm_password"}
	userNames     = []string{"username", "user", "login", "userid", "user_name", "usr", "uname", "account", "loginname", "j_username", "frm_username", "name"}
)

func among(key []byte, names []string) bool {
	for _, n := range names {
		if is(key, n) {
			return true
		}
	}
	return false
}

const maxPairs = 64

// fields reads key=value&key=value and tells whether a password was there.
func (s *session) fields(c *proto.Context, b []byte) bool {
	var user, password []byte
	found := false
	for range maxPairs {
		pair, rest, more := bytes.Cut(b, []byte("&"))
		key, v, _ := bytes.Cut(pair, []byte("="))
		switch {
		case among(key, passwordNames):
			password, found = v, true
		case user == nil && among(key, userNames):
			user = v
		}
		if b = rest; !more {
			break
		}
	}
	if found {
		s.inForm(c, user, password)
	}
	return found
}

// json looks for members whose names are those of a login, at any depth.
func (s *session) json(c *proto.Context, b []byte) bool {
	var user, password, last []byte
	found := false
	for at := 0; at < len(b); {
		open := bytes.IndexByte(b[at:], '"')
		if open < 0 {
			break
		}
		text := b[at+open+1:]
		end := bytes.IndexByte(text, '"')
		if end < 0 {
			break
		}
		text = text[:end]
		at += open + end + 2
		rest := bytes.TrimLeft(b[at:], " \t\r\n")
		if len(rest) > 0 && rest[0] == ':' {
			last = text
			continue
		}
		switch {
		case among(last, passwordNames):
			password, found = text, true
		case user == nil && among(last, userNames):
			user = text
		}
		last = nil
	}
	if found {
		s.inForm(c, user, password)
	}
	return found
}

func (s *session) inForm(c *proto.Context, user, password []byte) {
	const source = "HTTP login form"
	u := unescape(s.scratch[:0:256], user)
	p := unescape(s.scratch[256:256:512], password)
	s.sayText(c, slotAuth, fact.SessionAuth, "form", source)
	s.say(c, slotUser, fact.Conversation, fact.SessionUser, u, source, 90)
	s.sayText(c, slotPassword, fact.SessionPassword, credential.Word(u, p), source)
	clear(s.scratch[:])
}

// unescape undoes percent encoding within the capacity of dst.
func unescape(dst, b []byte) []byte {
	for i := 0; i < len(b) && len(dst) < cap(dst); i++ {
		x := b[i]
		switch {
		case x == '+':
			x = ' '
		case x == '%' && i+2 < len(b):
			if v, ok := hex(b[i+1 : i+3]); ok {
				x = byte(v)
				i += 2
			}
		}
		dst = append(dst, x)
	}
	return dst
}
