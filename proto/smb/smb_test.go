package smb

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
	"github.com/bulkhead-ot/bulkhead/wire"
)

func u(s string) []byte {
	var w wire.Builder
	for _, x := range utf16.Encode([]rune(s)) {
		w.U16LE(x)
	}
	return w.B
}

func frame(b []byte) string {
	return fmt.Sprintf("%x", new(wire.Builder).U8(0, 0).U16(uint16(len(b))).Bytes(b).B)
}

// m2 is a message of SMB 2.
func m2(command uint16, status, flags uint32, id uint64, tree uint32, body []byte) []byte {
	var w wire.Builder
	w.Text("\xfeSMB").U16LE(64).U16LE(1).U32LE(status).U16LE(command).U16LE(1).U32LE(flags).U32LE(0)
	w.U32LE(uint32(id)).U32LE(uint32(id >> 32)).U32LE(0).U32LE(tree).Zero(24)
	return w.Bytes(body).B
}

func ask(command uint16, id uint64, body []byte) string {
	return "> " + frame(m2(command, 0, 0, id, 5, body)) + "\n"
}

func reply(command uint16, status uint32, id uint64, body []byte) string {
	return "< " + frame(m2(command, status, 1, id, 5, body)) + "\n"
}

func create(name string, access, disposition, options uint32) []byte {
	var w wire.Builder
	n := u(name)
	w.U16LE(57).Zero(22).U32LE(access).Zero(8).U32LE(disposition).U32LE(options).U16LE(120).U16LE(uint16(len(n))).Zero(8)
	return w.Bytes(n).B
}

func fileID(n byte) []byte { return []byte(strings.Repeat(string(rune(n)), 16)) }

func created(n byte) []byte {
	return new(wire.Builder).U16LE(89).Zero(62).Bytes(fileID(n)).Zero(8).B
}

func readOf(n byte, length uint32) []byte {
	return new(wire.Builder).U16LE(49).U16LE(0).U32LE(length).Zero(8).Bytes(fileID(n)).Zero(17).B
}

func writeOf(n byte, data []byte) []byte {
	return new(wire.Builder).U16LE(49).U16LE(112).U32LE(uint32(len(data))).Zero(8).Bytes(fileID(n)).Zero(16).Bytes(data).B
}

func readAnswer(data []byte) []byte {
	return new(wire.Builder).U16LE(17).U8(80, 0).U32LE(uint32(len(data))).Zero(8).Bytes(data).B
}

func rename(n byte, to string) []byte {
	t := u(to)
	var w wire.Builder
	w.U16LE(33).U8(1, 10).U32LE(uint32(20 + len(t))).U16LE(96).Zero(6).Bytes(fileID(n))
	return w.U8(1).Zero(15).U32LE(uint32(len(t))).Bytes(t).B
}

func tree(path string) []byte {
	p := u(path)
	return new(wire.Builder).U16LE(9).U16LE(0).U16LE(72).U16LE(uint16(len(p))).Bytes(p).B
}

func shareType(t byte) []byte { return new(wire.Builder).U16LE(16).U8(t, 0).Zero(12).B }

func rpcBindTo(id []byte) []byte {
	var w wire.Builder
	w.U8(5, 0, 11, 3, 0x10, 0, 0, 0).U16LE(72).U16LE(0).U32LE(1)
	w.U16LE(4280).U16LE(4280).U32LE(0).U8(1, 0, 0, 0).U16LE(0).U8(1, 0).Bytes(id).U32LE(2)
	return w.Zero(20).B
}

func rpcPDU(kind byte, call uint32, op uint16) []byte {
	return new(wire.Builder).U8(5, 0, kind, 3, 0x10, 0, 0, 0).U16LE(32).U16LE(0).U32LE(call).U32LE(8).U16LE(0).U16LE(op).Zero(8).B
}

var svcctlID = []byte{0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35, 0xad, 0x32, 0x98, 0xf0, 0x38, 0, 0x10, 3}

func ntlmAuthenticate() []byte {
	var w wire.Builder
	w.Text("NTLMSSP\x00").U32LE(3)
	for _, f := range [][2]int{{0, 64}, {0, 64}, {2, 64}, {4, 66}, {2, 70}, {0, 72}} {
		w.U16LE(uint16(f[0])).U16LE(uint16(f[0])).U32LE(uint32(f[1]))
	}
	return w.U32LE(1).Text("D\x00u\x001\x00W\x00").B
}

func setUpOf() []byte {
	t := append([]byte{0xa1, 0x50}, ntlmAuthenticate()...)
	return new(wire.Builder).U16LE(25).U8(0, 1).U32LE(0).U32LE(0).U16LE(88).U16LE(uint16(len(t))).Zero(8).Bytes(t).B
}

func negotiatedOf(dialect uint16, mode byte) []byte {
	return new(wire.Builder).U16LE(65).U8(mode, 0).U16LE(dialect).Zero(50).U16LE(128).U16LE(0).Zero(4).B
}

// m1 is a message of SMB 1 with one command.
func m1(command byte, status uint32, answer bool, words []byte, data []byte) []byte {
	var w wire.Builder
	flags := byte(0x18)
	if answer {
		flags |= 0x80
	}
	w.Text("\xffSMB").U8(command).U32LE(status).U8(flags).U16LE(0xc801).Zero(12).U16LE(9).U16LE(100).U16LE(0).U16LE(uint16(command))
	return w.U8(byte(len(words) / 2)).Bytes(words).U16LE(uint16(len(data))).Bytes(data).B
}

func pad(b []byte) []byte { return append([]byte{0}, append(b, 0, 0)...) }

func setUp1Of() []byte {
	var w wire.Builder
	w.U8(0).Bytes(u("bob")).U16LE(0).Bytes(u("PLANT")).U16LE(0).Bytes(u("Windows 5.1")).U16LE(0).Bytes(u("LanMan")).U16LE(0)
	return w.B
}

var cases = []prototest.Case{
	{
		Name: "SMB 3.1.1: login, file written and renamed",
		Messages: ask(0, 0, make([]byte, 36)) + reply(0, 0, 0, negotiatedOf(0x0311, 1)) + ask(1, 1, setUpOf()) +
			reply(1, 0xc0000016, 1, new(wire.Builder).U16LE(9).Zero(6).B) + ask(1, 2, setUpOf()) + reply(1, 0, 2, new(wire.Builder).U16LE(9).U16LE(4).Zero(4).B) +
			ask(3, 3, tree(`\\hmi1\prog`)) + reply(3, 0, 3, shareType(1)) +
			ask(5, 4, create(`job\a.exe`, 0x2, 5, 0)) + reply(5, 0, 4, created(7)) +
			ask(9, 5, writeOf(7, make([]byte, 900))) + reply(9, 0, 5, new(wire.Builder).U16LE(17).Zero(14).B) +
			ask(8, 6, readOf(7, 900)) + reply(8, 0x103, 6, nil) + reply(8, 0, 6, readAnswer(make([]byte, 900))) +
			ask(17, 7, rename(7, "a.locked")) + reply(17, 0xc0000022, 7, make([]byte, 8)) +
			ask(6, 8, new(wire.Builder).U16LE(24).Zero(6).Bytes(fileID(7)).B) + reply(6, 0, 8, make([]byte, 60)) +
			"< " + frame(append([]byte("\xfdSMB"), make([]byte, 80)...)),
		Want: `
			> client
			> request smb 0x0000 "negotiate" login
			< response smb 0x0000 "negotiate" login
			< conversation: session_version = "SMB 3.1.1" (SMB2 negotiate response, 100)
			< conversation: session_security = "signing not required" (SMB negotiate response, 100)
			> request smb 0x0001 "session setup" login
			> conversation: session_user = "u1" (NTLM message, 100)
			> sender: domain = "D" (NTLM message, 60)
			> sender: hostname = "W" (NTLM message, 85)
			> conversation: session_auth = "ntlm" (NTLM message, 100)
			< response smb 0x0001 "session setup" login
			> request smb 0x0001 "session setup" login
			> conversation: session_user = "u1" (NTLM message, 100)
			> sender: domain = "D" (NTLM message, 60)
			> sender: hostname = "W" (NTLM message, 85)
			> conversation: session_auth = "ntlm" (NTLM message, 100)
			< response smb 0x0001 "session setup" login
			< conversation: session_login = "accepted" (SMB session setup, 100)
			< conversation: session_security = "encrypted" (SMB session setup, 100)
			> request smb 0x0003 "tree connect" login [share] unit=0 first=0 name="\\\\hmi1\\prog"
			> conversation: session_endpoint = "\\\\hmi1\\prog" (SMB tree connect, 100)
			< response smb 0x0003 "tree connect" login [share]
			> request smb 0x0005 "create: new or overwritten" write [file] unit=0 first=0 name="job\\a.exe"
			< response smb 0x0005 "create: new or overwritten" write [file] unit=0 first=0 name="job\\a.exe"
			> request smb 0x0009 "write" write [file] unit=0 first=0 count=900 name="job\\a.exe"
			< response smb 0x0009 "write" write [file] unit=0 first=0 name="job\\a.exe"
			> request smb 0x0008 "read" read [file] unit=0 first=0 count=900 name="job\\a.exe"
			< notice smb 0x0008 "read" read [file]
			< response smb 0x0008 "read" read [file] unit=0 first=0 name="job\\a.exe"
			> request smb 0x0011 "set info: rename" write [file] unit=0 first=0 name="a.locked"
			< response smb 0x0011 "set info: rename" write [file] unit=0 first=0 name="job\\a.exe" failed "access denied"
			> request smb 0x0006 "close" other [file] unit=0 first=0 name="job\\a.exe"
			< response smb 0x0006 "close" other [file] unit=0 first=0 name="job\\a.exe"
			< conversation: session_security = "encrypted" (SMB transform header, 100)
			< notice smb 0xfd "encrypted message" other`,
	},
	{
		Name: "calls on a named pipe",
		Messages: ask(3, 3, tree(`\\hmi1\IPC$`)) + reply(3, 0, 3, shareType(2)) + ask(5, 4, create(`svcctl`, 0x3, 1, 0)) + reply(5, 0, 4, created(3)) +
			ask(9, 5, writeOf(3, rpcBindTo(svcctlID))) + reply(9, 0, 5, nil) + ask(9, 6, writeOf(3, rpcPDU(0, 2, 12))) + reply(9, 0, 6, nil) +
			ask(8, 7, readOf(3, 1024)) + reply(8, 0, 7, readAnswer(rpcPDU(2, 2, 0))),
		Want: `
			> client
			> request smb 0x0003 "tree connect" login [share] unit=0 first=0 name="\\\\hmi1\\IPC$"
			> conversation: session_endpoint = "\\\\hmi1\\IPC$" (SMB tree connect, 100)
			< response smb 0x0003 "tree connect" login [share]
			> request smb 0x0005 "create" other [named pipe] unit=0 first=0 name="svcctl"
			< response smb 0x0005 "create" other [named pipe] unit=0 first=0 name="svcctl"
			> request smb 0x0009 "write" other [named pipe] unit=0 first=0 count=72 name="svcctl"
			> request msrpc bind "bind" login
			> conversation: session_endpoint = "svcctl" (RPC bind, 90)
			< response smb 0x0009 "write" other [named pipe] unit=0 first=0 name="svcctl"
			> request smb 0x0009 "write" other [named pipe] unit=0 first=0 count=32 name="svcctl"
			> request msrpc 12 "create service" program [svcctl]
			< response smb 0x0009 "write" other [named pipe] unit=0 first=0 name="svcctl"
			> request smb 0x0008 "read" other [named pipe] unit=0 first=0 count=1024 name="svcctl"
			< response smb 0x0008 "read" other [named pipe] unit=0 first=0 name="svcctl"
			< response msrpc 12 "create service" program [svcctl]`,
	},
	{
		Name:  "SMB 1 over NetBIOS",
		Ports: [2]uint16{40000, 139},
		Messages: "> 81000044 20" + strings.Repeat("4341", 16) + "00 20 4648454446 44 " + strings.Repeat("4341", 13) + "00\n< 82000000\n" +
			"> " + frame(m1(0x73, 0, false, append([]byte{0xff, 0, 0, 0}, make([]byte, 22)...), setUp1Of())) +
			"\n< " + frame(m1(0x73, 0xc000006d, true, nil, nil)) +
			"\n> " + frame(m1(0x75, 0, false, []byte{0xff, 0, 0, 0, 0, 0, 1, 0}, pad(u(`\\A\C$`)))) + "\n< " + frame(m1(0x75, 0, true, []byte{0xff, 0, 0, 0, 1, 0}, []byte("A:\x00"))) +
			"\n> " + frame(m1(0x32, 0, false, append(make([]byte, 26), 1, 0, 1, 0), nil)) + "\n< " + frame(m1(0x32, 0, true, make([]byte, 20), nil)) + "\n> 85000000",
		Want: `
			> client
			> request smb 0x81 "netbios session request" login
			> sender: hostname = "WCS" (NetBIOS session request, 80)
			< response smb 0x81 "netbios session request" login
			> conversation: session_version = "SMB 1" (SMB header, 90)
			> request smb 0x73 "session setup andx" login
			> conversation: session_auth = "LM or NTLM response" (SMB session setup, 90)
			> conversation: session_user = "bob" (SMB session setup, 100)
			> sender: domain = "PLANT" (SMB session setup, 60)
			> sender: os = "Windows 5.1" (SMB native OS, 80)
			> sender: software = "LanMan" (SMB native LAN manager, 60)
			< response smb 0x73 "session setup andx" login failed "logon failure"
			< conversation: session_login = "refused" (SMB session setup, 100)
			> request smb 0x75 "tree connect andx" login [share] unit=0 first=0 name="\\\\A\\C$"
			> conversation: session_endpoint = "\\\\A\\C$" (SMB tree connect, 100)
			< response smb 0x75 "tree connect andx" login [share]
			> request smb 0x32 "transaction2: find first2" read [file]
			< response smb 0x32 "transaction2: find first2" read [file]
			> notice smb 0x85 "netbios session keep alive" diagnose`,
	},
	{
		Name:     "loss in the middle of a read",
		Messages: reply(8, 0, 6, readAnswer(make([]byte, 900)))[:400] + "\ngap <\n< 77112233\n" + reply(13, 0, 9, make([]byte, 4)),
		Want: `
			< server
			< response smb 0x0008 "read" read [file]
			< response smb 0x000d "echo" diagnose`,
	},
	{Name: "cut", Messages: "> 00000040fe534d42", Want: "left > 8"},
	{Name: "other frame", Messages: "> 0000004012345678", Want: "error: no session message of SMB"},
	{Name: "compound beyond the message", Messages: "> " + frame([]byte("\xfeSMB\x40\x00"+strings.Repeat("\x00", 14)+"\xff\x00\x00\x00"+strings.Repeat("\x00", 40))), Want: "error: no header of SMB"},
	{Name: "Modbus", Messages: "> 000100000006010300000001", Foreign: true},
	{Name: "zeros", Messages: "> 0000000000000000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
