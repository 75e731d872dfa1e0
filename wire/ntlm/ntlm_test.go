package ntlm

import (
	"testing"
	"unicode/utf16"

	"github.com/bulkhead-ot/bulkhead/wire"
)

func utf16le(s string) []byte {
	var w wire.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		w.U16LE(u)
	}
	return w.B
}

func challengeOf(name, dns, domain string) []byte {
	var av wire.Builder
	for _, a := range []struct {
		id uint16
		s  string
	}{{avNbDomainName, "NB"}, {avNbComputerName, name}, {avDNSComputer, dns}, {avDNSDomain, domain}, {avEnd, ""}} {
		v := utf16le(a.s)
		av.U16LE(a.id).U16LE(uint16(len(v))).Bytes(v)
	}
	var w wire.Builder
	w.Text("NTLMSSP\x00").U32LE(Challenge).Zero(8).U32LE(flagUnicode | flagVersion).Zero(16)
	w.U16LE(uint16(len(av.B))).U16LE(uint16(len(av.B))).U32LE(56)
	w.U8(10, 0).U16LE(17763).U32LE(0x0f000000).Bytes(av.B)
	return w.B
}

func authenticateOf(domain, user, station string) []byte {
	var w, body wire.Builder
	w.Text("NTLMSSP\x00").U32LE(Authenticate)
	for _, b := range [][]byte{nil, make([]byte, 24), utf16le(domain), utf16le(user), utf16le(station), nil} {
		w.U16LE(uint16(len(b))).U16LE(uint16(len(b))).U32LE(uint32(72 + len(body.B)))
		body.Bytes(b)
	}
	w.U32LE(flagUnicode|flagVersion).U8(6, 1).U16LE(7601).U32LE(0x0f000000)
	return w.Bytes(body.B).B
}

func texts(m *Message) (ss [Items]string) {
	for i := range Items {
		ss[i] = string(m.Append(nil, i))
	}
	return ss
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name string
		b    []byte
		want [Items]string
	}{
		{"challenge", challengeOf("HMI1", "hmi1.plant.local", "plant.local"), [Items]string{
			ServerName: "HMI1", ServerDNS: "hmi1.plant.local", ServerDomain: "plant.local", ServerOS: "Windows 10 1809 / Server 2019 (10.0.17763)"}},
		{"authenticate", authenticateOf("PLANT", "jürgen", "ENG1"), [Items]string{
			UserDomain: "PLANT", User: "jürgen", ClientName: "ENG1", ClientOS: "Windows 7 SP1 / Server 2008 R2 SP1 (6.1.7601)"}},
	} {
		m, ok := Parse(Find(append([]byte("wrap"), c.b...)))
		if !ok || texts(&m) != c.want {
			t.Errorf("%s: %v %q", c.name, ok, texts(&m))
		}
		for n := range c.b {
			m, _ := Parse(c.b[:n:n])
			texts(&m)
		}
	}
	if _, ok := Parse([]byte("NTLMSSP\x00\x09\x00\x00\x00")); ok {
		t.Error("unknown type accepted")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(challengeOf("A", "b", "c"))
	f.Add(authenticateOf("A", "b", "c"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, _ := Parse(b)
		texts(&m)
	})
}
