package msrpc

import (
	"fmt"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
	"github.com/bulkhead-ot/bulkhead/wire"
)

func pdu(kind byte, call uint32, body, auth []byte) string {
	var w wire.Builder
	n := 16 + len(body)
	if auth != nil {
		n += 8 + len(auth)
	}
	w.U8(5, 0, kind, 3, 0x10, 0, 0, 0).U16LE(uint16(n)).U16LE(uint16(len(auth))).U32LE(call).Bytes(body)
	if auth != nil {
		w.U8(10, 6, 0, 0).Zero(4).Bytes(auth)
	}
	return fmt.Sprintf("%x", w.B)
}

var (
	activator = []byte{0xa0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46}
	strange   = []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
)

func bind(ids ...[]byte) []byte {
	var w wire.Builder
	w.U16LE(4280).U16LE(4280).U32LE(0).U8(byte(len(ids)), 0, 0, 0)
	for i, id := range ids {
		w.U16LE(uint16(i)).U8(1, 0).Bytes(id).U32LE(0).Zero(20)
	}
	return w.B
}

func ack(code uint16) []byte {
	var w wire.Builder
	w.U16LE(4280).U16LE(4280).U32LE(1).U16LE(4).Text("135\x00").Zero(2)
	return w.U8(1, 0, 0, 0).U16LE(code).U16LE(0).Zero(20).B
}

func call(context, op uint16) []byte {
	return new(wire.Builder).U32LE(8).U16LE(context).U16LE(op).Zero(8).B
}

func fault(status uint32) []byte {
	return new(wire.Builder).U32LE(0).U16LE(0).U16LE(0).U32LE(status).U32LE(0).B
}

// negotiateMessage and authenticateMessage are NTLM without and with names.
func authenticateMessage() []byte {
	var w wire.Builder
	w.Text("NTLMSSP\x00").U32LE(3)
	for _, f := range [][2]int{{0, 64}, {0, 64}, {2, 64}, {4, 66}, {2, 70}, {0, 72}} {
		w.U16LE(uint16(f[0])).U16LE(uint16(f[0])).U32LE(uint32(f[1]))
	}
	return w.U32LE(1).Text("D\x00u\x001\x00W\x00").B
}

var cases = []prototest.Case{
	{
		Name: "activation with NTLM",
		Messages: "> " + pdu(11, 1, bind(activator, strange), []byte("NTLMSSP\x00\x01\x00\x00\x00\x00\x00\x00\x00")) + "\n< " + pdu(12, 1, ack(0), nil) +
			"\n> " + pdu(16, 1, make([]byte, 4), authenticateMessage()) + "\n> " + pdu(0, 2, call(0, 4), make([]byte, 16)) + "\n< " + pdu(2, 2, call(0, 0), nil) +
			"\n> " + pdu(0, 3, call(1, 9), nil) + "\n< " + pdu(3, 3, fault(5), nil),
		Want: `
			> client
			> request msrpc bind "bind" login
			> conversation: session_endpoint = "IRemoteSCMActivator" (RPC bind, 100)
			> conversation: session_endpoint = "04030201-0605-0807-090a-0b0c0d0e0f10" (RPC bind, 90)
			> conversation: session_auth = "ntlm" (RPC authentication, 100)
			> conversation: session_security = "packet privacy" (RPC authentication level, 100)
			< response msrpc bind "bind" login
			> notice msrpc auth3 "auth3" login
			> conversation: session_user = "u1" (NTLM message, 100)
			> sender: domain = "D" (NTLM message, 60)
			> sender: hostname = "W" (NTLM message, 85)
			> request msrpc 4 "create instance" login [IRemoteSCMActivator]
			< response msrpc 4 "create instance" login [IRemoteSCMActivator]
			> request msrpc 9 "unknown interface operation 9" other [unknown interface]
			< response msrpc 9 "unknown interface operation 9" other [unknown interface] failed "access denied"`,
	},
	{
		Name:     "refused, answer without request",
		Messages: "> " + pdu(11, 1, bind(strange), nil) + "\n< " + pdu(12, 1, ack(2), nil) + "\n< " + pdu(13, 1, make([]byte, 4), nil) + "\n< " + pdu(2, 9, call(0, 0), nil),
		Want: `
			> client
			> request msrpc bind "bind" login
			> conversation: session_endpoint = "04030201-0605-0807-090a-0b0c0d0e0f10" (RPC bind, 90)
			< response msrpc bind "bind" login failed "interface refused"
			< response msrpc bind "bind" login failed "bind refused"
			< response msrpc response "response to a call that was not seen" other`,
	},
	{Name: "mid-stream after a loss", Messages: "> " + pdu(11, 1, bind(strange), nil)[:40] + "\ngap >\n> ffee\n> " + pdu(0, 3, call(1, 9), nil), Want: `
			> client
			> request msrpc 9 "unknown interface operation 9" other [unknown interface]`},
	{Name: "cut", Messages: "> 05000b0310", Want: "left > 5"},
	{Name: "wrong version", Messages: "> 04000b0310000000100000000100000000", Want: "error: no PDU of connection-oriented RPC"},
	{Name: "length below the header", Messages: "> 05000b03100000000400000001000000", Foreign: true},
	{Name: "Modbus", Messages: "> 0500000000060103000000010000000000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
