package ssh

import (
	"fmt"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
	"github.com/bulkhead-ot/bulkhead/wire"
)

func packet(number byte, payload []byte) string {
	var w wire.Builder
	w.U32(uint32(2+len(payload)+6)).U8(6, number).Bytes(payload).Zero(6)
	return fmt.Sprintf("%x", w.B)
}

func kexInit(kex, cipher string) []byte {
	var w wire.Builder
	w.Zero(16)
	for _, l := range []string{kex, "ssh-ed25519", cipher, cipher, "hmac-sha2-256", "hmac-sha2-256", "none", "none", "", ""} {
		w.U32(uint32(len(l))).Text(l)
	}
	return w.Zero(5).B
}

var cases = []prototest.Case{
	{
		Name: "to new keys",
		Messages: fmt.Sprintf("> %x\n< %x\n", "SSH-2.0-PuTTY_Release_0.70\r\n", "Keep out\r\nSSH-2.0-OpenSSH_7.6p1 Ubuntu-4ubuntu0.3\r\n") +
			"> " + packet(20, kexInit("bad,diffie-hellman-group1-sha1", "x,aes128-cbc")) + "\n< " + packet(20, kexInit("curve25519-sha256,diffie-hellman-group1-sha1", "aes128-ctr,aes128-cbc")) +
			"\n> " + packet(30, make([]byte, 36)) + "\n< " + packet(31, make([]byte, 50)) + packet(21, nil) + "\n< 0102030405060708\n> " + packet(21, nil),
		Want: `
			> notice ssh identification "identification string" login
			> sender: software = "PuTTY_Release_0.70" (SSH identification, 90)
			> conversation: session_version = "SSH 2" (SSH identification, 90)
			< notice ssh identification "identification string" login
			< sender: software = "OpenSSH_7.6p1 Ubuntu-4ubuntu0.3" (SSH identification, 90)
			< sender: os = "Ubuntu Linux" (SSH identification, 60)
			> notice ssh 20 "key exchange init" login
			< notice ssh 20 "key exchange init" login
			> client
			> request ssh 30 "key exchange 30" login
			> conversation: session_cipher = "aes128-cbc" (SSH key exchange init, 100)
			> conversation: session_security = "diffie-hellman-group1-sha1" (SSH key exchange init, 100)
			< response ssh 31 "key exchange 31" login
			< notice ssh 21 "new keys" login
			> notice ssh 21 "new keys" login`,
	},
	{
		Name:     "SSH 1",
		Messages: fmt.Sprintf("< %x\n< 00000000", "SSH-1.5-Cisco-1.25\n"),
		Want: `
			< notice ssh identification "identification string" login
			< sender: software = "Cisco-1.25" (SSH identification, 90)
			< sender: os = "Cisco IOS" (SSH identification, 60)
			< conversation: session_version = "SSH 1" (SSH identification, 100)
			< conversation: session_security = "SSH 1" (SSH identification, 100)`,
	},
	{Name: "cut", Messages: fmt.Sprintf("> %x", "SSH-2.0-a"), Want: "left > 9"},
	{
		Name:     "packet too long",
		Messages: fmt.Sprintf("> %x\n> ffffffff0414", "SSH-2.0-a\r\n"),
		Want: `
			> notice ssh identification "identification string" login
			> sender: software = "a" (SSH identification, 90)
			> conversation: session_version = "SSH 2" (SSH identification, 90)
			error: no packet of SSH`,
	},
	{Name: "FTP", Messages: fmt.Sprintf("< %x", "220 ready\r\n"), Foreign: true},
	{Name: "other text", Messages: fmt.Sprintf("< %x", "SSH-key"), Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
