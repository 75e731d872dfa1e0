package nbdgm

import (
	"bytes"
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// commands are the frames of the browser protocol ([MS-BRWS], 2.2).
var commands = func() (t [16]fact.Function) {
	names := map[int]string{
		1: "host announcement", 2: "request announcement", 8: "election", 9: "get backup list request",
		10: "get backup list response", 11: "become backup browser", 12: "domain announcement",
		13: "master announcement", 14: "reset browser state", 15: "local master announcement",
	}
	for i := range t {
		t[i] = fact.Function{Protocol: name, Code: fmt.Sprintf("browser %d", i), Name: fmt.Sprintf("browser frame %d", i), Object: `mailslot \MAILSLOT\BROWSE`}
		if n := names[i]; n != "" {
			t[i].Name, t[i].Class = n, fact.Discover
		}
	}
	t[10].Reply = true
	return t
}()

var (
	smbMagic    = []byte("\xffSMB\x25") // SMB_COM_TRANSACTION
	slotBrowse  = []byte(`\MAILSLOT\BROWSE`)
	slotLogon   = []byte(`\MAILSLOT\NET\NETLOGON`)
	slotNTLogon = []byte(`\MAILSLOT\NET\NTLOGON`)
	slotLanman  = []byte(`\MAILSLOT\LANMAN`)
)

const (
	smbHeader = 32
	maxWords  = 32
)

// trans reads an SMB transaction: the mailslot's name and the data for it
// ([MS-MAIL], 2.2.1).
func trans(b []byte) (slot, body []byte, ok bool) {
	if !bytes.HasPrefix(b, smbMagic) {
		return nil, nil, false
	}
	r := wire.NewReader(b)
	r.Skip("SMB header", smbHeader)
	words := int(r.U8("word count"))
	if words < 14 || words > maxWords {
		return nil, nil, false
	}
	w := r.Sub("words", 2*words)
	w.Skip("up to parameter offset", 2*11)
	n := int(w.U16LE("data count"))
	at := int(w.U16LE("data offset"))
	r.U16LE("byte count")
	slot, _, ok = bytes.Cut(r.Rest(), []byte{0})
	if !ok || at > len(b) || n > len(b)-at {
		return nil, nil, false
	}
	return slot, b[at : at+n], true
}

// mail reports what was written to a mailslot.
func (s *session) mail(c *proto.Context, slot, body []byte, own bool) {
	switch {
	case fold(slot, slotBrowse) && len(body) > 0 && body[0] < 16:
		s.browse(c, body, own)
	case fold(slot, slotLogon) || fold(slot, slotNTLogon):
		s.emit(c, &netlogon, fact.Request, "")
	case fold(slot, slotLanman):
		s.emit(c, &lanman, fact.Notice, "")
	default:
		s.emit(c, &mailslot, fact.Notice, "")
	}
}

// fold compares mailslots, which are in either case.
func fold(a, upper []byte) bool { return bytes.EqualFold(a, upper) }

func (s *session) browse(c *proto.Context, body []byte, own bool) {
	f := &commands[body[0]]
	kind := fact.Notice
	switch body[0] {
	case 2, 9, 8:
		kind = fact.Request
	case 10:
		kind = fact.Response
	}
	if own {
		s.frame(c, body)
	}
	if !s.known {
		s.known = true
		if kind == fact.Response {
			c.SenderIsServer()
		} else {
			c.SenderIsClient()
		}
	}
	op := c.Op(f, kind)
	if kind == fact.Response {
		op.Answers = &commands[9]
	}
	if text := s.to.bare(); len(text) > 0 {
		op.Target.Name, op.Target.Set = text, true
	}
	c.Emit()
}

// frame says what a browser frame states about its sender. The counters that
// differ from frame to frame are left out of what was seen.
func (s *session) frame(c *proto.Context, body []byte) {
	r := wire.NewReader(body)
	switch cmd := r.U8("command"); cmd {
	case 1, 15, 12:
		r.Skip("update count, periodicity", 5)
		if !r.OK() || s.seen.Seen(uint64(cmd)+8, r.Peek()) {
			return
		}
		s.announcement(c, cmd, &r)
	case 8:
		r.Skip("version, criteria, uptime, unused", 1+4+4+4)
		s.say(c, fact.Hostname, text(r.Rest()), "browser election", 80)
	case 13:
		s.say(c, fact.Hostname, text(r.Rest()), "browser master announcement", 85)
	case 2:
		r.U8("unused")
		s.say(c, fact.Hostname, text(r.Rest()), "browser request announcement", 75)
	}
}

// say says a value once.
func (s *session) say(c *proto.Context, a fact.Attr, v []byte, source string, confidence uint8) {
	if len(v) > 0 && !s.seen.Seen(2, v) {
		c.SayBytes(fact.Sender, a, v, source, confidence)
	}
}

// announcement reads host, local master and domain announcements
// ([MS-BRWS], 2.2.1 to 2.2.3), which share their form. In a domain
// announcement the name is the workgroup's and the comment the host's.
func (s *session) announcement(c *proto.Context, cmd uint8, r *wire.Reader) {
	who := text(r.Bytes("server name", 16))
	major, minor := r.U8("os version major"), r.U8("os version minor")
	kind := r.U32LE("server type")
	r.Skip("browser version, signature", 4)
	comment := text(r.Rest())
	if !r.OK() {
		return
	}
	if cmd == 12 {
		c.SayBytes(fact.Sender, fact.Domain, who, "browser domain announcement", 80)
		c.SayBytes(fact.Sender, fact.Hostname, comment, "browser domain announcement", 80)
		return
	}
	c.SayBytes(fact.Sender, fact.Hostname, who, "browser announcement", 95)
	c.SayBytes(fact.Sender, fact.Description, comment, "browser announcement", 80)
	c.Say(fact.Sender, fact.OS, system(major, minor, kind), "browser announcement", 75)
	roles(c, kind)
	if cmd == 15 {
		c.Say(fact.Sender, fact.Service, "NetBIOS master browser", "browser announcement", 90)
	}
}

// Bits of the server type ([MS-BRWS], 2.2.1: SV_TYPE of lmserver.h).
const (
	typeSQL         = 0x00000004
	typeController  = 0x00000008
	typeBackup      = 0x00000010
	typeTime        = 0x00000020
	typePrint       = 0x00000200
	typeDialin      = 0x00000400
	typeUnix        = 0x00000800
	typeWorkstation = 0x00001000
	typeServer      = 0x00008000
	typeTerminal    = 0x02000000
)

func roles(c *proto.Context, kind uint32) {
	const source = "browser announcement"
	switch {
	case kind&(typeController|typeBackup) != 0:
		c.Say(fact.Sender, fact.RoleHint, "domain-controller", source, 90)
	case kind&typeServer != 0:
		c.Say(fact.Sender, fact.RoleHint, "server", source, 60)
	case kind&typeWorkstation != 0 && kind&typeUnix == 0:
		c.Say(fact.Sender, fact.RoleHint, "workstation", source, 40)
	}
	for _, o := range offers {
		if kind&o.bit != 0 {
			c.Say(fact.Sender, fact.Service, o.text, source, 80)
		}
	}
}

var offers = []struct {
	bit  uint32
	text string
}{
	{typeSQL, "Microsoft SQL Server"}, {typeTime, "time server"}, {typePrint, "print server"},
	{typeDialin, "dial-in server"}, {typeTerminal, "terminal server"},
}

// system names the version that an announcement states. Samba states one too,
// so its own bit is looked at first.
func system(major, minor uint8, kind uint32) string {
	if kind&typeUnix != 0 {
		return "Samba or other Unix"
	}
	server := kind&(typeServer|typeController|typeBackup) != 0
	for _, v := range versions {
		if v.major == major && v.minor == minor {
			if server {
				return v.server
			}
			return v.client
		}
	}
	return ""
}

var versions = []struct {
	major, minor   uint8
	client, server string
}{
	{4, 0, "Windows NT 4.0", "Windows NT Server 4.0"},
	{5, 0, "Windows 2000 (5.0)", "Windows 2000 Server (5.0)"},
	{5, 1, "Windows XP (5.1)", "Windows XP (5.1)"},
	{5, 2, "Windows XP x64 (5.2)", "Windows Server 2003 (5.2)"},
	{6, 0, "Windows Vista (6.0)", "Windows Server 2008 (6.0)"},
	{6, 1, "Windows 7 (6.1)", "Windows Server 2008 R2 (6.1)"},
	{6, 2, "Windows 8 (6.2)", "Windows Server 2012 (6.2)"},
	{6, 3, "Windows 8.1 (6.3)", "Windows Server 2012 R2 (6.3)"},
	{10, 0, "Windows 10 or 11 (10.0)", "Windows Server 2016 or later (10.0)"},
}

// text is a string up to its NUL, when it can be printed.
func text(b []byte) []byte {
	b, _, _ = bytes.Cut(b, []byte{0})
	b = bytes.TrimRight(b, " ")
	if !wire.Plain(b) {
		return nil
	}
	return b
}
