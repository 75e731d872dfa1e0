// Package ntlm reads the messages of the NT LAN Manager authentication
// protocol wherever they are carried: [MS-NLMP] 32.0, section 2.2. Hashes and
// responses are skipped; only names and versions are handed out.
package ntlm

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// The message types (2.2.1).
const (
	Negotiate    = 1
	Challenge    = 2
	Authenticate = 3
)

// Item is one thing that a message tells.
type Item uint8

// What messages tell. Server items are in a Challenge, client items in the others.
const (
	ServerName   Item = iota // NetBIOS name of the server
	ServerDNS                // its DNS name
	ServerDomain             // DNS domain, else NetBIOS domain
	ServerOS                 // Windows version
	User                     // account name; "" if the client is anonymous
	UserDomain               // domain of the account
	ClientName               // NetBIOS name of the client
	ClientOS                 // Windows version
	Items
)

var signature = []byte("NTLMSSP\x00")

// Find returns the NTLM message inside b (SPNEGO and others wrap it), or nil.
func Find(b []byte) []byte {
	if i := bytes.Index(b, signature); i >= 0 {
		return b[i:]
	}
	return nil
}

// Message is a parsed message. Texts share memory with the input.
type Message struct {
	Type      uint32
	Anonymous bool // Authenticate without an account
	text      [Items][]byte
	unicode   bool
	major     uint8
	minor     uint8
	build     uint16
}

// Flags (2.2.2.5).
const (
	flagUnicode = 0x00000001
	flagVersion = 0x02000000
)

// Parse reads the message at the front of b.
func Parse(b []byte) (m Message, ok bool) {
	r := wire.NewReader(b)
	if string(r.Bytes("signature", 8)) != string(signature) {
		return Message{}, false
	}
	m.Type = r.U32LE("message type")
	switch m.Type {
	case Negotiate:
		m.negotiate(b, &r)
	case Challenge:
		m.challenge(b, &r)
	case Authenticate:
		m.authenticate(b, &r)
	default:
		return Message{}, false
	}
	return m, r.OK()
}

// field reads length, maximum and offset, and returns the payload they name.
func field(b []byte, r *wire.Reader, name string) []byte {
	n := int(r.U16LE(name))
	r.U16LE("maximum")
	at := int(r.U32LE("offset"))
	if at < 0 || at > len(b) || n > len(b)-at {
		return nil
	}
	return b[at : at+n]
}

func (m *Message) version(r *wire.Reader, flags uint32) {
	if flags&flagVersion == 0 || r.Len() < 8 {
		return
	}
	m.major, m.minor, m.build = r.U8("major"), r.U8("minor"), r.U16LE("build")
	r.Skip("reserved and revision", 4)
}

// negotiate: names are optional and in the OEM character set (2.2.1.1).
func (m *Message) negotiate(b []byte, r *wire.Reader) {
	flags := r.U32LE("flags")
	if r.Len() < 16 {
		return
	}
	m.text[UserDomain] = field(b, r, "domain")
	m.text[ClientName] = field(b, r, "workstation")
	m.version(r, flags)
}

// Attribute ids of target information (2.2.2.1).
const (
	avEnd            = 0
	avNbComputerName = 1
	avNbDomainName   = 2
	avDNSComputer    = 3
	avDNSDomain      = 4
	maxAv            = 32
)

// challenge (2.2.1.2).
func (m *Message) challenge(b []byte, r *wire.Reader) {
	field(b, r, "target name")
	flags := r.U32LE("flags")
	r.Skip("challenge and reserved", 16)
	m.unicode = true // target information is always UTF-16
	if r.Len() < 8 {
		return
	}
	info := wire.NewReader(field(b, r, "target info"))
	m.version(r, flags)
	for range maxAv {
		id := info.U16LE("attribute")
		v := info.Bytes("value", int(info.U16LE("length")))
		if !info.OK() || id == avEnd {
			return
		}
		switch id {
		case avNbComputerName:
			m.text[ServerName] = v
		case avDNSComputer:
			m.text[ServerDNS] = v
		case avDNSDomain:
			m.text[ServerDomain] = v
		case avNbDomainName:
			if m.text[ServerDomain] == nil {
				m.text[ServerDomain] = v
			}
		}
	}
}

// authenticate (2.2.1.3).
func (m *Message) authenticate(b []byte, r *wire.Reader) {
	field(b, r, "LM response")
	nt := field(b, r, "NT response")
	m.text[UserDomain] = field(b, r, "domain")
	m.text[User] = field(b, r, "user")
	m.text[ClientName] = field(b, r, "workstation")
	if r.Len() >= 12 {
		field(b, r, "session key")
		flags := r.U32LE("flags")
		m.unicode = flags&flagUnicode != 0
		m.version(r, flags)
	}
	m.Anonymous = len(nt) == 0 && len(m.text[User]) == 0
}

// Append appends what the message tells of item to dst as UTF-8; nothing if it
// does not tell. Control characters are left out; long texts are cut.
func (m *Message) Append(dst []byte, item Item) []byte {
	switch item {
	case ServerOS:
		if m.Type == Challenge {
			return m.appendOS(dst)
		}
		return dst
	case ClientOS:
		if m.Type != Challenge {
			return m.appendOS(dst)
		}
		return dst
	}
	if m.unicode {
		return AppendUTF16(dst, m.text[item], maxText)
	}
	for _, x := range m.text[item][:min(len(m.text[item]), maxText)] {
		if x >= 0x20 && x < 0x7f {
			dst = append(dst, x)
		}
	}
	return dst
}

const maxText = 128

// AppendUTF16 appends little-endian UTF-16 as UTF-8, at most limit characters,
// without control characters and up to the first NUL.
func AppendUTF16(dst, b []byte, limit int) []byte {
	for i := 0; i+1 < len(b) && limit > 0; i += 2 {
		u := rune(b[i]) | rune(b[i+1])<<8
		if u == 0 {
			break
		}
		if utf16.IsSurrogate(u) {
			if i+3 < len(b) {
				u = utf16.DecodeRune(u, rune(b[i+2])|rune(b[i+3])<<8)
				i += 2
			} else {
				u = utf8.RuneError
			}
		}
		if u >= 0x20 && u != 0x7f {
			dst = utf8.AppendRune(dst, u)
			limit--
		}
	}
	return dst
}

// windows names the versions of Windows by build ([MS-NLMP] 2.2.2.10 gives
// only numbers). Client and server editions share builds.
var windows = map[uint16]string{
	2195: "Windows 2000", 2600: "Windows XP", 3790: "Windows Server 2003 / XP x64",
	6000: "Windows Vista", 6001: "Windows Vista SP1 / Server 2008", 6002: "Windows Vista SP2 / Server 2008 SP2",
	7600: "Windows 7 / Server 2008 R2", 7601: "Windows 7 SP1 / Server 2008 R2 SP1",
	9200: "Windows 8 / Server 2012", 9600: "Windows 8.1 / Server 2012 R2",
	10240: "Windows 10 1507", 10586: "Windows 10 1511", 14393: "Windows 10 1607 / Server 2016",
	15063: "Windows 10 1703", 16299: "Windows 10 1709", 17134: "Windows 10 1803",
	17763: "Windows 10 1809 / Server 2019", 18362: "Windows 10 1903", 18363: "Windows 10 1909",
	19041: "Windows 10 2004", 19042: "Windows 10 20H2", 19043: "Windows 10 21H1", 19044: "Windows 10 21H2", 19045: "Windows 10 22H2",
	20348: "Windows Server 2022", 22000: "Windows 11 21H2", 22621: "Windows 11 22H2", 22631: "Windows 11 23H2",
	26100: "Windows 11 24H2 / Server 2025",
}

// WindowsBuild is the name of a Windows build, or "".
func WindowsBuild(build uint16) string { return windows[build] }

// appendOS writes "Windows 10 1809 / Server 2019 (10.0.17763)". Samba and
// others that are no Windows state 6.1 build 0.
func (m *Message) appendOS(dst []byte) []byte {
	if m.major == 0 || m.build == 0 {
		return dst
	}
	if name := windows[m.build]; name != "" {
		dst = append(dst, name...)
	} else {
		dst = append(dst, "Windows"...)
	}
	dst = append(dst, " ("...)
	dst = strconv.AppendUint(dst, uint64(m.major), 10)
	dst = append(dst, '.')
	dst = strconv.AppendUint(dst, uint64(m.minor), 10)
	dst = append(dst, '.')
	dst = strconv.AppendUint(dst, uint64(m.build), 10)
	return append(dst, ')')
}
