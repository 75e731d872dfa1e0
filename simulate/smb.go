package simulate

import (
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// smb is a connection of SMB 3.0 over TCP ([MS-SMB2]) with a login by NTLM
// ([MS-NLMP]).
type smb struct {
	*conn
	message uint64
	session uint64
	tree    uint32
}

func utf16le(s string) []byte {
	var b []byte
	for _, c := range s {
		b = append(b, byte(c), byte(c>>8))
	}
	return b
}

// packet builds a message with its header, [MS-SMB2] section 2.2.1.2.
func (s *smb) packet(command uint16, status uint32, reply bool, body []byte) []byte {
	var w wire.Builder
	flags := uint32(0)
	if reply {
		flags = 1
	}
	w.U8(0xfe).Text("SMB").U16LE(64).U16LE(1).U32LE(status).U16LE(command).U16LE(1).U32LE(flags).U32LE(0)
	w.U64LE(s.message).U32LE(0xfeff).U32LE(s.tree).U64LE(s.session).Zero(16).Bytes(body)
	var f wire.Builder
	return f.U32(uint32(len(w.B))).Bytes(w.B).B
}

func (s *smb) do(command uint16, status uint32, request, answer []byte) {
	s.ask(s.packet(command, 0, false, request), s.packet(command, status, true, answer))
	s.message++
}

var (
	oidSPNEGO = berOID(1, 3, 6, 1, 5, 5, 2)
	oidNTLM   = berOID(1, 3, 6, 1, 4, 1, 311, 2, 2, 10)
)

// ntlm messages.
func ntlmNegotiate() []byte {
	var w wire.Builder
	return w.Text("NTLMSSP").U8(0).U32LE(1).U32LE(0xe2088297).U64(0).U64(0).U8(10, 0, 0x63, 0x45, 0, 0, 0, 15).B
}

func ntlmChallenge(domain, computer string, nonce []byte) []byte {
	var w, info wire.Builder
	name := utf16le(domain)
	pair := func(id uint16, v []byte) { info.U16LE(id).U16LE(uint16(len(v))).Bytes(v) }
	pair(2, name)
	pair(1, utf16le(computer))
	pair(4, utf16le("plant.example"))
	pair(3, utf16le(computer+".plant.example"))
	pair(0, nil)
	w.Text("NTLMSSP").U8(0).U32LE(2)
	w.U16LE(uint16(len(name))).U16LE(uint16(len(name))).U32LE(56).U32LE(0xe28a8215).Bytes(nonce).U64(0)
	w.U16LE(uint16(len(info.B))).U16LE(uint16(len(info.B))).U32LE(uint32(56+len(name))).U8(10, 0, 0x63, 0x45, 0, 0, 0, 15)
	return w.Bytes(name).Bytes(info.B).B
}

func ntlmAuthenticate(domain, user, computer string, random func(int) []byte) []byte {
	var w, data wire.Builder
	const header = 88
	field := func(b []byte) {
		w.U16LE(uint16(len(b))).U16LE(uint16(len(b))).U32LE(uint32(header + len(data.B)))
		data.Bytes(b)
	}
	w.Text("NTLMSSP").U8(0).U32LE(3)
	field(make([]byte, 24))
	// An NTLMv2 response: proof, then the client's challenge with no target information.
	var r wire.Builder
	field(r.Bytes(random(16)).U8(1, 1).Zero(6).U64LE(133_855_000_000_000_000).Bytes(random(8)).Zero(4).Zero(4).B)
	field(utf16le(domain))
	field(utf16le(user))
	field(utf16le(computer))
	field(random(16))
	w.U32LE(0xe2888215).U8(10, 0, 0x63, 0x45, 0, 0, 0, 15).Zero(16)
	return w.Bytes(data.B).B
}

// dialSMB negotiates and signs in.
func (n *network) dialSMB(at time.Duration, client, server *host, domain, user string) *smb {
	s := &smb{conn: n.dial(at, client, server, 445, "smb")}
	t := &tls{conn: s.conn}
	guid := t.random(16)
	mechanisms := ber(0xa0, ber(0x30, oidNTLM))
	var q, a wire.Builder
	q.U16LE(36).U16LE(3).U16LE(1).U16LE(0).U32LE(0x7f).Bytes(guid).U64(0).U16LE(0x0202).U16LE(0x0210).U16LE(0x0300)
	offer := ber(0x60, oidSPNEGO, ber(0xa0, ber(0x30, mechanisms)))
	a.U16LE(65).U16LE(1).U16LE(0x0300).U16LE(0).Bytes(t.random(16)).U32LE(0x2f).U32LE(1 << 20).U32LE(1 << 20).U32LE(1 << 20)
	a.U64LE(134_170_000_000_000_000).U64LE(0).U16LE(128).U16LE(uint16(len(offer))).U32LE(0).Bytes(offer)
	s.do(0, 0, q.B, a.B)

	setup := func(blob []byte) []byte {
		var w wire.Builder
		return w.U16LE(25).U8(0, 1).U32LE(1).U32LE(0).U16LE(88).U16LE(uint16(len(blob))).U64(0).Bytes(blob).B
	}
	answer := func(blob []byte) []byte {
		var w wire.Builder
		w.U16LE(9).U16LE(0).U16LE(72).U16LE(uint16(len(blob))).Bytes(blob)
		if len(blob) == 0 {
			w.U8(0)
		}
		return w.B
	}
	const more = 0xc0000016 // STATUS_MORE_PROCESSING_REQUIRED
	first := setup(ber(0x60, oidSPNEGO, ber(0xa0, ber(0x30, mechanisms, ber(0xa2, ber(4, ntlmNegotiate()))))))
	challenge := ber(0xa1, ber(0x30, ber(0xa0, []byte{10, 1, 1}), ber(0xa1, oidNTLM), ber(0xa2, ber(4, ntlmChallenge(domain, server.Name, t.random(8))))))
	s.client(s.packet(1, 0, false, first))
	s.session = uint64(client.id)<<32 | 0x41
	s.server(s.packet(1, more, true, answer(challenge)))
	s.message++
	last := setup(ber(0xa1, ber(0x30, ber(0xa2, ber(4, ntlmAuthenticate(domain, user, client.Name, t.random))))))
	s.do(1, 0, last, answer(ber(0xa1, ber(0x30, ber(0xa0, []byte{10, 1, 0})))))
	return s
}

// share connects to a share.
func (s *smb) share(path string) {
	var q, a wire.Builder
	name := utf16le(path)
	q.U16LE(9).U16LE(0).U16LE(72).U16LE(uint16(len(name))).Bytes(name)
	a.U16LE(16).U8(1, 0).U32LE(0x800).U32LE(0).U32LE(0x001f01ff)
	request := s.packet(3, 0, false, q.B)
	s.client(request)
	s.tree = 5
	s.server(s.packet(3, 0, true, a.B))
	s.message++
}

// fetch opens a file, reads it and closes it.
func (s *smb) fetch(file string, content []byte) {
	var q, a wire.Builder
	name := utf16le(file)
	id := []byte{1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0}
	const now = 134_170_000_000_000_000
	q.U16LE(57).U8(0, 0).U32LE(2).U64(0).U64(0).U32LE(0x00120089).U32LE(0).U32LE(7).U32LE(1).U32LE(0x40).U16LE(120).U16LE(uint16(len(name))).U32LE(0).U32LE(0).Bytes(name)
	a.U16LE(89).U8(0, 0).U32LE(1).U64LE(now).U64LE(now).U64LE(now).U64LE(now).U64LE(uint64(len(content))).U64LE(uint64(len(content))).U32LE(0x20).U32LE(0).Bytes(id).U32LE(0).U32LE(0)
	s.do(5, 0, q.B, a.B)
	var r, d wire.Builder
	r.U16LE(49).U8(0x50, 0).U32LE(uint32(len(content))).U64LE(0).Bytes(id).U32LE(1).U32LE(0).U32LE(0).U16LE(0).U16LE(0).U8(0)
	d.U16LE(17).U8(80, 0).U32LE(uint32(len(content))).U32LE(0).U32LE(0).Bytes(content)
	s.do(8, 0, r.B, d.B)
	var c, e wire.Builder
	c.U16LE(24).U16LE(0).U32LE(0).Bytes(id)
	e.U16LE(60).U16LE(0).U32LE(0).Zero(52)
	s.do(6, 0, c.B, e.B)
}

// leave disconnects and signs out.
func (s *smb) leave() {
	s.do(4, 0, []byte{4, 0, 0, 0}, []byte{4, 0, 0, 0})
	s.tree = 0
	s.do(2, 0, []byte{4, 0, 0, 0}, []byte{4, 0, 0, 0})
	s.close()
}
