// Package vnc reads the opening of the Remote Framebuffer protocol: RFC 6143
// (3.3, 3.7, 3.8), up to the name of the desktop.
package vnc

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "vnc"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Virtual Network Computing (RFB)",
	About: "Shows and operates the screen of an HMI or server from afar. " +
		"Often without a password, or with one that is the same everywhere; screens and keys are not encrypted.",
	Spec:       "RFC 6143 (March 2011)",
	Limit:      "Screens, keys and the additional security types are not read.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.TCP, Numbers: []uint32{5900, 5901, 5902, 5903, 5500}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: 8 << 10,
	Functions:  allFunctions,
}

func step(code, title string) fact.Function {
	return fact.Function{Protocol: name, Code: code, Name: title, Class: fact.Login}
}

// The protocol numbers nothing before the session begins; the codes are the
// names of RFC 6143, 7.1 to 7.3.
var (
	protocolVersion = step("ProtocolVersion", "protocol version")
	security        = step("Security", "security types")
	choice          = step("SecurityType", "security type chosen")
	authentication  = step("VNCAuthentication", "vnc authentication")
	securityResult  = step("SecurityResult", "security result")
	clientInit      = step("ClientInit", "client initialisation")
	serverInit      = step("ServerInit", "server initialisation")
)

func allFunctions() []fact.Function {
	return []fact.Function{protocolVersion, security, choice, authentication, securityResult, clientInit, serverInit}
}

const versionLen = 12 // "RFB 003.008\n"

var (
	errVersion = errors.New("no protocol version of RFB")
	errReason  = errors.New("reason longer than 4 KiB")
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	const form = "RFB ddd.ddd\n"
	for i := range min(len(b), versionLen) {
		if form[i] == 'd' && b[i] >= '0' && b[i] <= '9' || form[i] == b[i] && form[i] != 'd' {
			continue
		}
		return proto.No
	}
	if len(b) < versionLen {
		return proto.More
	}
	return proto.Yes
}

// stage is what the next bytes of one direction are.
type stage uint8

const (
	atVersion stage = iota
	atSecurity
	atChoice
	atChallenge
	atResult
	atInit
	opaque
)

// Security types (RFC 6143, 7.1.2 and IANA).
const (
	typeNone = 1
	typeVNC  = 2
)

var typeNames = [256]string{
	0: "invalid", typeNone: "none", typeVNC: "VNC password", 5: "RA2", 6: "RA2ne", 16: "Tight", 17: "Ultra", 18: "TLS", 19: "VeNCrypt",
	20: "SASL", 21: "MD5 hash", 22: "xvp", 30: "Apple Diffie-Hellman", 113: "MS-Logon II",
}

type session struct {
	at     [2]stage
	known  bool
	server proto.Dir
	minor  uint16
	chosen uint8
}

func (s *session) Reset() { *s = session{} }

// Gap: there is no mark to find a message again.
func (s *session) Gap(proto.Dir) { s.at = [2]stage{opaque, opaque} }

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	var err error
	switch at := s.at[c.Dir]; {
	case at == opaque:
		return c.Pass(len(b))
	case at == atVersion:
		err = s.version(c, &r)
	case c.Dir == s.server:
		err = s.fromServer(c, &r)
	default:
		s.fromClient(c, &r)
	}
	if err != nil {
		return 0, err
	}
	if r.Short() {
		return 0, wire.ErrShort
	}
	return r.Pos(), r.Err()
}

// version: the server speaks first (7.1.1).
func (s *session) version(c *proto.Context, r *wire.Reader) error {
	if recognise(r.Peek(), proto.Hint{}) == proto.No {
		return errVersion
	}
	v := r.Bytes("protocol version", versionLen)
	if !r.OK() {
		return nil
	}
	first := !s.known
	if first {
		s.known, s.server = true, c.Dir
		// On its own port the client may be seen first in a capture of one side.
		if c.Dst.Port >= 5900 && c.Dst.Port < 6000 && (c.Src.Port < 5900 || c.Src.Port >= 6000) {
			s.server = c.Dir.Other()
		}
		if s.server == c.Dir {
			c.SenderIsServer()
		} else {
			c.SenderIsClient()
		}
	}
	minor := uint16(v[8]-'0')*100 + uint16(v[9]-'0')*10 + uint16(v[10]-'0')
	if c.Dir == s.server && s.minor == 0 || c.Dir != s.server {
		s.minor = minor // the client decides
	}
	s.at[c.Dir] = atSecurity
	kind := fact.Notice
	if c.Dir != s.server {
		s.at[c.Dir] = atChoice
		kind = fact.Request
	}
	c.Op(&protocolVersion, kind)
	c.Emit()
	if c.Dir != s.server {
		c.SayBytes(fact.Conversation, fact.SessionVersion, v[:11], "RFB protocol version", 100)
	}
	return nil
}

func (s *session) end() { s.at = [2]stage{opaque, opaque} }

// decide takes the security type that is in force.
func (s *session) decide(c *proto.Context, t uint8) {
	s.chosen = t
	switch n := typeNames[t]; {
	case t == typeNone:
		c.Say(fact.Conversation, fact.SessionAuth, "none", "RFB security type", 100)
		c.Say(fact.Conversation, fact.SessionSecurity, "None", "RFB security type", 100)
	case t == typeVNC:
		c.Say(fact.Conversation, fact.SessionAuth, "VNC password (DES challenge)", "RFB security type", 100)
		c.Say(fact.Conversation, fact.SessionSecurity, "None", "RFB security type", 90)
	case n != "":
		c.Say(fact.Conversation, fact.SessionAuth, n, "RFB security type", 100)
	}
}
