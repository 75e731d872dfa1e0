// Package ssh reads what SSH shows before it encrypts: identification strings
// and the negotiation of algorithms (RFC 4253; SSH 1 by its identification).
package ssh

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "ssh"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Secure Shell",
	About: "Encrypted remote login and file transfer to switches, gateways, Linux controllers and servers. " +
		"The first lines name the programs on both sides and how well they encrypt.",
	Spec:       "RFC 4253 (January 2006), RFC 4250, RFC 8268, RFC 8731",
	Limit:      "Nothing is decrypted: user names and whether a login succeeded stay unseen.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.TCP, Numbers: []uint32{22, 2222, 830}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: 4 + maxPacket,
	Functions:  allFunctions,
}

const (
	maxPacket = 35000 // RFC 4253, 6.1
	maxLine   = 255   // 4.2
)

var (
	errPacket  = errors.New("no packet of SSH")
	errVersion = errors.New("no identification string")
)

// Message numbers (RFC 4250, 4.1.2).
const (
	msgKexInit = 20
	msgNewKeys = 21
)

var identification = fact.Function{Protocol: name, Code: "identification", Name: "identification string", Class: fact.Login}

var messages = func() (t [256]fact.Function) {
	known := map[int]string{
		1: "disconnect", 2: "ignore", 3: "unimplemented", 4: "debug", 5: "service request", 6: "service accept", 7: "extension info",
		20: "key exchange init", 21: "new keys", 30: "key exchange 30", 31: "key exchange 31", 32: "key exchange 32",
		33: "key exchange 33", 34: "key exchange 34",
	}
	for i := range t {
		n := known[i]
		if n == "" {
			n = "message " + strconv.Itoa(i)
		}
		t[i] = fact.Function{Protocol: name, Code: strconv.Itoa(i), Name: n, Class: fact.Login}
	}
	return t
}()

func allFunctions() []fact.Function {
	fs := []fact.Function{identification}
	for i := range messages {
		if messages[i].Name != "message "+messages[i].Code {
			fs = append(fs, messages[i])
		}
	}
	return fs
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	const want = "SSH-"
	if n := min(len(b), len(want)); string(b[:n]) != want[:n] {
		return proto.No
	}
	switch {
	case len(b) < len(want)+2:
		return proto.More
	case (b[4] == '1' || b[4] == '2') && b[5] == '.':
		return proto.Yes
	}
	return proto.No
}

type half struct {
	named     bool // identification string is read
	encrypted bool
	init      [2048]byte // lists of the key exchange init
	initLen   int
}

type session struct {
	half   [2]half
	known  bool
	agreed bool
	client proto.Dir
}

func (s *session) Reset() { *s = session{} }

// Gap: packets have no mark to find them again, so the rest is passed over.
func (s *session) Gap(d proto.Dir) {
	s.half[d].named, s.half[d].encrypted = true, true
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	h := &s.half[c.Dir]
	switch {
	case h.encrypted:
		return c.Pass(len(b))
	case !h.named:
		return s.line(c, h, b)
	}
	r := wire.NewReader(b)
	n := int(r.U32("packet length"))
	padding := int(r.U8("padding length"))
	number := r.U8("message number")
	if !r.OK() {
		return 0, wire.ErrShort
	}
	if n < 2+padding || n > maxPacket {
		// Encrypted packets after a lost NEWKEYS look like this too.
		return 0, errPacket
	}
	payload := r.Bytes("payload", n-2-padding)
	r.Skip("padding", padding)
	if !r.OK() {
		return 0, wire.ErrShort
	}
	s.packet(c, h, number, payload)
	return 4 + n, nil
}

// line reads one line before or with the identification string.
func (s *session) line(c *proto.Context, h *half, b []byte) (int, error) {
	i := bytes.IndexByte(b[:min(len(b), 2*maxLine)], '\n')
	if i < 0 {
		if len(b) > maxLine {
			return 0, errVersion
		}
		return 0, wire.ErrShort
	}
	line := bytes.TrimSuffix(b[:i], []byte("\r"))
	if !bytes.HasPrefix(line, []byte("SSH-")) {
		// A server may send other lines first (RFC 4253, 4.2).
		if !printable(line) {
			return 0, errVersion
		}
		return i + 1, nil
	}
	h.named = true
	c.Op(&identification, fact.Notice)
	c.Emit()
	version, software, ok := bytes.Cut(line[4:], []byte("-"))
	if !ok || !printable(line) {
		return i + 1, nil
	}
	c.SayBytes(fact.Sender, fact.Software, software, "SSH identification", 90)
	if os := system(software); os != "" {
		c.Say(fact.Sender, fact.OS, os, "SSH identification", 60)
	}
	if bytes.HasPrefix(version, []byte("1")) && string(version) != "1.99" {
		h.encrypted = true
		c.Say(fact.Conversation, fact.SessionVersion, "SSH 1", "SSH identification", 100)
		c.Say(fact.Conversation, fact.SessionSecurity, "SSH 1", "SSH identification", 100)
	} else if !s.half[c.Dir.Other()].named {
		c.Say(fact.Conversation, fact.SessionVersion, "SSH 2", "SSH identification", 90)
	}
	return i + 1, nil
}

func printable(b []byte) bool {
	for _, x := range b {
		if x < 0x20 && x != '\t' || x == 0x7f {
			return false
		}
	}
	return true
}

// systems are words with which distributions mark their builds.
var systems = [...][2]string{
	{"Ubuntu", "Ubuntu Linux"}, {"Debian", "Debian Linux"}, {"Raspbian", "Raspbian Linux"}, {"FreeBSD", "FreeBSD"},
	{"NetBSD", "NetBSD"}, {"for_Windows", "Windows"}, {"Cisco", "Cisco IOS"}, {"ROSSSH", "MikroTik RouterOS"},
}

func system(software []byte) string {
	for _, s := range systems {
		if bytes.Contains(software, []byte(s[0])) {
			return s[1]
		}
	}
	return ""
}

func (s *session) packet(c *proto.Context, h *half, number uint8, payload []byte) {
	kind := fact.Notice
	switch number {
	case 30, 32, 34: // the client opens the exchange (RFC 4253, 8; RFC 4419)
		kind = fact.Request
		s.learn(c, true)
	case 31, 33:
		kind = fact.Response
		s.learn(c, false)
	case msgKexInit:
		h.initLen = copy(h.init[:], payload)
	case msgNewKeys:
		h.encrypted = true
	}
	c.Op(&messages[number], kind)
	c.Emit()
	if s.known && !s.agreed {
		s.agree(c)
	}
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

// lists of a key exchange init in their order (RFC 4253, 7.1).
const (
	listKex = iota
	listHostKey
	listCipherToServer
	listCipherToClient
	listMacToServer
	lists
)

func names(init []byte) (ls [lists][]byte, ok bool) {
	r := wire.NewReader(init)
	r.Skip("cookie", 16)
	for i := range ls {
		n := r.U32("name-list length")
		if n > maxPacket {
			return ls, false
		}
		ls[i] = r.Bytes("name-list", int(n))
	}
	return ls, r.OK()
}

// agree works out what both sides chose: the first of the client's that the
// server has too (7.1).
func (s *session) agree(c *proto.Context) {
	cl, sv := &s.half[s.client], &s.half[s.client.Other()]
	mine, ok1 := names(cl.init[:cl.initLen])
	theirs, ok2 := names(sv.init[:sv.initLen])
	if !ok1 || !ok2 {
		return
	}
	s.agreed = true
	const source = "SSH key exchange init"
	c.SayBytes(fact.Conversation, fact.SessionCipher, common(mine[listCipherToServer], theirs[listCipherToServer]), source, 100)
	c.SayBytes(fact.Conversation, fact.SessionSecurity, common(mine[listKex], theirs[listKex]), source, 100)
}

func common(mine, theirs []byte) []byte {
	for len(mine) > 0 {
		one, rest, _ := bytes.Cut(mine, []byte(","))
		for left := theirs; len(left) > 0; {
			other, more, _ := bytes.Cut(left, []byte(","))
			if bytes.Equal(one, other) && printable(one) {
				return one
			}
			left = more
		}
		mine = rest
	}
	return nil
}
