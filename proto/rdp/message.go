package rdp

import (
	"bytes"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/ntlm"
)

// request reads cookie or routing token and the negotiation request (2.2.1.1).
func (s *session) request(c *proto.Context, b []byte) {
	s.learn(c, true)
	s.asked = true
	c.Op(&request, fact.Request)
	c.Emit()
	line, _, whole := bytes.Cut(b, []byte("\r\n"))
	// The name is cut to nine characters by the usual client.
	if user, ok := bytes.CutPrefix(line, []byte(cookie)); ok && whole {
		c.SayBytes(fact.Conversation, fact.SessionUser, printable(user), "RDP cookie", 70)
	}
}

// The security protocols (2.2.1.2.1) and the reasons of failure (2.2.1.2.2).
func protocolName(p uint32) string {
	switch p {
	case 0:
		return "Standard RDP Security"
	case 1:
		return "TLS"
	case 2:
		return "CredSSP (NLA)"
	case 4:
		return "RDSTLS"
	case 8:
		return "CredSSP with early user authorization"
	case 16:
		return "RDS AAD"
	}
	return ""
}

var failures = [...]string{
	1: "TLS required by server", 2: "TLS not allowed by server", 3: "no certificate on server", 4: "inconsistent flags",
	5: "CredSSP required by server", 6: "TLS with user authentication required by server",
}

// confirm reads the server's choice (2.2.1.2).
func (s *session) confirm(c *proto.Context, b []byte) {
	s.learn(c, false)
	r := wire.NewReader(b)
	kind := r.U8("type")
	r.U8("flags")
	r.U16LE("length")
	v := r.U32LE("selected protocol or failure")
	if !r.OK() { // a server that knows no negotiation
		kind, v = 2, 0
	}
	op := c.Op(&confirm, fact.Response)
	if s.asked {
		op.Answers = &request
	}
	if kind == 3 {
		op.Failed, op.Status = true, "negotiation failed"
		if v > 0 && int(v) < len(failures) {
			op.Status = failures[v]
		}
	}
	c.Emit()
	if kind == 3 {
		return
	}
	c.Say(fact.Conversation, fact.SessionSecurity, protocolName(v), "RDP negotiation response", 100)
	c.Say(fact.Sender, fact.RoleHint, "workstation", "RDP server", 20)
	// Everything after is inside TLS, or is it not.
	s.opaque = v != 0
}

// data reads MCS connect PDUs; they are BER application tags 101 and 102.
func (s *session) data(c *proto.Context, b []byte) {
	if len(b) < 2 || b[0] != 0x7f {
		return
	}
	switch b[1] {
	case connectInitial:
		s.learn(c, true)
		c.Op(&initial, fact.Request)
		c.Emit()
		s.conference(c, b, "Duca", s.clientBlock)
	case connectResponse:
		s.learn(c, false)
		op := c.Op(&response, fact.Response)
		op.Answers = &initial
		c.Emit()
		s.conference(c, b, "McDn", s.serverBlock)
		s.open = true
	}
}

const maxBlocks = 16

// conference finds the user data of GCC (ITU-T T.124) by the key in front of
// them, H.221 "Duca" or "McDn", and walks over their blocks (2.2.1.3.1).
func (s *session) conference(c *proto.Context, b []byte, key string, block func(*proto.Context, uint16, []byte)) {
	i := bytes.Index(b, []byte(key))
	if i < 0 {
		return
	}
	r := wire.NewReader(b[i+4:])
	if r.U8("length")&0x80 != 0 { // PER length of two bytes
		r.U8("length")
	}
	for range maxBlocks {
		kind, n := r.U16LE("type"), int(r.U16LE("length"))
		body := r.Bytes("block", n-4)
		if !r.OK() {
			return
		}
		block(c, kind, body)
	}
}

// clientBlock reads the core data (2.2.1.3.2) and the security data (2.2.1.3.3).
func (s *session) clientBlock(c *proto.Context, kind uint16, b []byte) {
	if kind != 0xc001 {
		return
	}
	r := wire.NewReader(b)
	r.Skip("version to keyboard layout", 16)
	build := r.U32LE("client build")
	computer := r.Bytes("client name", 32)
	if !r.OK() {
		return
	}
	c.SayBytes(fact.Sender, fact.Hostname, ntlm.AppendUTF16(s.text[:0], computer, 16), "RDP client core data", 80)
	if os := ntlm.WindowsBuild(uint16(build)); os != "" && build < 1<<16 {
		out := append(s.text[:0], os...)
		out = append(out, " (build "...)
		out = append(strconv.AppendUint(out, uint64(build), 10), ')')
		c.SayBytes(fact.Sender, fact.OS, out, "RDP client build", 50)
	}
}

// The encryption of Standard RDP Security (2.2.1.4.3).
func encryption(method uint32) string {
	switch method {
	case 0:
		return "none"
	case 1:
		return "RC4 40 bit"
	case 2:
		return "RC4 128 bit"
	case 8:
		return "RC4 56 bit"
	case 16:
		return "FIPS 140-1"
	}
	return ""
}

func (s *session) serverBlock(c *proto.Context, kind uint16, b []byte) {
	if kind != 0x0c02 {
		return
	}
	r := wire.NewReader(b)
	if method := r.U32LE("encryption method"); r.OK() {
		c.Say(fact.Conversation, fact.SessionCipher, encryption(method), "RDP server security data", 100)
	}
}

// printable is b up to its first byte that is none.
func printable(b []byte) []byte {
	b = b[:min(len(b), 128)]
	for i, x := range b {
		if x < 0x20 || x == 0x7f {
			return b[:i]
		}
	}
	return b
}
