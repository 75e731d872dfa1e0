package telnet

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/credential"
)

// The words that ask and answer, in lower case.
var (
	asksUser     = []string{"login:", "username:", "user name:", "user:", "benutzername:", "account:", "user id:", "userid:", "login as:"}
	asksPassword = []string{"password:", "passwort:", "passwd:", "passcode:"}
	says         = struct{ no, yes []string }{
		no: []string{"login incorrect", "incorrect", "access denied", "login failed", "authentication failed", "invalid", "bad password",
			"failure", "not authorized", "login invalid", "falsches"},
		yes: []string{"last login", "welcome", "logged in", "login successful", "login ok", "access granted"},
	}
)

func ends(line []byte, words []string) bool {
	for _, w := range words {
		if len(line) >= len(w) && bytes.EqualFold(line[len(line)-len(w):], []byte(w)) {
			return true
		}
	}
	return false
}

func holds(line []byte, words []string) bool {
	for _, w := range words {
		for i := 0; i+len(w) <= len(line); i++ {
			if line[i]|0x20 == w[0] && bytes.EqualFold(line[i:i+len(w)], []byte(w)) {
				return true
			}
		}
	}
	return false
}

// fromServer tells which side sent the text: learnt from a prompt, else by port.
func (s *session) fromServer(c *proto.Context) bool {
	if s.known {
		return c.Dir == s.server
	}
	return c.Src.Port < c.Dst.Port
}

// prompt looks at a line of the server that ends in a colon so far.
func (s *session) prompt(c *proto.Context, line []byte) {
	user := ends(line, asksUser) && !holds(line, []string{"last login:"})
	if !user && !ends(line, asksPassword) || s.known && c.Dir != s.server {
		return
	}
	if !s.known {
		if !s.fromServer(c) {
			return
		}
		s.known, s.server = true, c.Dir
		c.SenderIsServer()
	}
	if s.stage == tried {
		s.outcome(c, false)
	}
	if user {
		s.stage = wantUser
		s.describe(c)
	} else {
		s.stage = wantPassword
	}
}

// describe says the lines that came before the first prompt.
func (s *session) describe(c *proto.Context) {
	if s.described {
		return
	}
	s.described = true
	c.SayBytes(fact.Sender, fact.Description, bytes.TrimSpace(s.banner[:s.bannerN]), "Telnet banner", 50)
}

func (s *session) lineEnd(c *proto.Context, h *half) {
	line := h.line[:h.n]
	if s.fromServer(c) {
		s.serverLine(c, line)
	} else {
		s.clientLine(c, line)
	}
}

func (s *session) serverLine(c *proto.Context, line []byte) {
	if s.stage == tried {
		switch {
		case holds(line, says.no):
			s.outcome(c, false)
		case holds(line, says.yes):
			s.outcome(c, true)
		}
	}
	line = bytes.TrimSpace(line)
	if s.described || len(line) == 0 || s.bannerN+len(line)+1 > len(s.banner) {
		return
	}
	s.bannerN += copy(s.banner[s.bannerN:], line)
	s.banner[s.bannerN] = ' '
	s.bannerN++
}

func (s *session) clientLine(c *proto.Context, line []byte) {
	switch s.stage {
	case wantUser:
		if len(line) == 0 {
			return
		}
		s.userLen = copy(s.user[:], line)
		s.stage = idle
		c.Op(&userName, fact.Request)
		c.Emit()
		c.SayBytes(fact.Conversation, fact.SessionUser, line[:min(len(line), 64)], "Telnet login", 90)
	case wantPassword:
		s.stage = tried
		c.Op(&login, fact.Request)
		c.Emit()
		c.Say(fact.Conversation, fact.SessionAuth, "password", "Telnet login", 90)
		c.Say(fact.Conversation, fact.SessionPassword, credential.Word(s.user[:s.userLen], line), "Telnet login", 90)
	case tried:
		// A command behind a shell's prompt: the login was accepted.
		if p := bytes.TrimSpace(s.half[s.server].line[:s.half[s.server].n]); len(p) > 0 && bytes.IndexByte([]byte("#>$%]"), p[len(p)-1]) >= 0 {
			s.outcome(c, true)
		}
		fallthrough
	default:
		if len(line) > 0 {
			c.Op(&input, fact.Request)
			c.Emit()
		}
	}
}

// outcome reports how the login ended; a client's next command may show it too.
func (s *session) outcome(c *proto.Context, accepted bool) {
	s.stage = idle
	if c.Dir == s.server {
		op := c.Op(&login, fact.Response)
		if !accepted {
			op.Failed, op.Status = true, "login refused"
		}
		c.Emit()
	}
	if accepted {
		c.Say(fact.Conversation, fact.SessionLogin, "accepted", "Telnet text", 70)
	} else {
		c.Say(fact.Conversation, fact.SessionLogin, "refused", "Telnet text", 80)
	}
}
