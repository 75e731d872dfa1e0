package rdp

import (
	"fmt"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
	"github.com/bulkhead-ot/bulkhead/wire"
)

func tpkt(code byte, variable []byte) string {
	var w wire.Builder
	w.U8(3, 0).U16(uint16(11+len(variable))).U8(byte(6+len(variable)), code).Zero(5).Bytes(variable)
	return fmt.Sprintf("%x", w.B)
}

func mcs(body []byte) string {
	var w wire.Builder
	w.U8(3, 0).U16(uint16(7+len(body))).U8(2, 0xf0, 0x80).Bytes(body)
	return fmt.Sprintf("%x", w.B)
}

func negotiationOf(kind byte, v uint32) []byte {
	return new(wire.Builder).U8(kind, 0).U16LE(8).U32LE(v).B
}

func connectInitialOf() []byte {
	var w wire.Builder
	w.U8(0x7f, 0x65, 0x82, 1, 0).Zero(20).Text("Duca").U8(0x80, 140)
	w.U16LE(0xc001).U16LE(132).Zero(16).U32LE(7601).Text("E\x00N\x00G\x001\x00").Zero(24).Zero(132 - 4 - 52)
	return w.U16LE(0xc002).U16LE(8).U32LE(3).B
}

func connectResponseOf() []byte {
	var w wire.Builder
	w.U8(0x7f, 0x66, 0x60).Zero(20).Text("McDn").U8(12)
	return w.U16LE(0x0c02).U16LE(12).U32LE(2).U32LE(2).B
}

var cases = []prototest.Case{
	{
		Name:     "CredSSP",
		Messages: "> " + tpkt(0xe0, append([]byte("Cookie: mstshash=operator\r\n"), negotiationOf(1, 3)...)) + "\n< " + tpkt(0xd0, negotiationOf(2, 2)) + "\n> 160301",
		Want: `
			> client
			> request rdp 0xe0 "connection request" login
			> conversation: session_user = "operator" (RDP cookie, 70)
			< response rdp 0xd0 "connection confirm" login answers 0xe0
			< conversation: session_security = "CredSSP (NLA)" (RDP negotiation response, 100)
			< sender: role_hint = "workstation" (RDP server, 20)`,
	},
	{
		Name:     "refused",
		Messages: "> " + tpkt(0xe0, negotiationOf(1, 0)) + "\n< " + tpkt(0xd0, negotiationOf(3, 5)) + "\n< " + tpkt(0x80, nil),
		Want: `
			> client
			> request rdp 0xe0 "connection request" login
			< response rdp 0xd0 "connection confirm" login answers 0xe0 failed "CredSSP required by server"
			< notice rdp 0x80 "disconnect request" login`,
	},
	{
		Name:     "standard security of an old server",
		Messages: "> " + tpkt(0xe0, nil) + "\n< " + tpkt(0xd0, nil) + "\n> " + mcs(connectInitialOf()) + "\n< " + mcs(connectResponseOf()) + "\n< 80 05 010203",
		Want: `
			> client
			> request rdp 0xe0 "connection request" login
			< response rdp 0xd0 "connection confirm" login answers 0xe0
			< conversation: session_security = "Standard RDP Security" (RDP negotiation response, 100)
			< sender: role_hint = "workstation" (RDP server, 20)
			> request rdp 0x65 "mcs connect initial" login
			> sender: hostname = "ENG1" (RDP client core data, 80)
			> sender: os = "Windows 7 SP1 / Server 2008 R2 SP1 (build 7601)" (RDP client build, 50)
			< response rdp 0x66 "mcs connect response" login answers 0x65
			< conversation: session_cipher = "RC4 128 bit" (RDP server security data, 100)`,
	},
	{Name: "cut", Messages: "> 0300001306e0", Want: "left > 6"},
	{Name: "other TPDU", Messages: "> 030000070250ff", Want: "error: no TPDU of RDP"},
	{Name: "S7 over COTP", Messages: "> 0300001611e00000000100c1020100c2020102c0010a", Foreign: true},
	{Name: "MMS over COTP", Messages: "> 0300000b06e00000000100", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
