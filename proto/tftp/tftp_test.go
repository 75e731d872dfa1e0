package tftp

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name:     "read of a configuration, refused",
		Carrier:  proto.UDP,
		Messages: "> 0001 73772e636667 00 6f63746574 00\n< 0005 0001 6e6f00",
		Want: `
			> client
			> conversation: session_auth = "none" (TFTP, 100)
			> request tftp 1 "read request" read [file] unit=0 first=0 name="sw.cfg"
			> expect tftp udp 10.0.0.1:40000 10.0.0.2:0
			< response tftp 5 "error" other failed "file not found"`,
	},
	{
		Name:     "write of firmware with options",
		Carrier:  proto.UDP,
		Messages: "> 0002 667730312e42494e 00 4f43544554 00 626c6b73697a65 00 31343238 00\n< 0006 626c6b73697a65 00 31343238 00\n> 0003 0001 00010203\n< 0004 0001\n< 0005 00ff 00",
		Want: `
			> client
			> conversation: session_auth = "none" (TFTP, 100)
			> request tftp 2 "write request" firmware [firmware image] unit=0 first=0 name="fw01.BIN"
			> expect tftp udp 10.0.0.1:40000 10.0.0.2:0
			< response tftp 6 "option acknowledgement" other
			> notice tftp 3 "data" data
			< notice tftp 4 "acknowledgement" data
			< response tftp 5 "error" other failed "not defined"`,
	},
	{Name: "no mode", Carrier: proto.UDP, Messages: "> 0001 73772e636667 00", Want: `
			error: filename at byte 9: file name or mode is no text`},
	{Name: "opcode", Carrier: proto.UDP, Messages: "> 0007 0000", Want: `
			error: opcode at byte 2: opcode is outside 1 to 6`},
	{Name: "cut", Carrier: proto.UDP, Messages: "> 0004 00", Want: `
			error: block at byte 2: short input`},
	{Name: "DNS", Carrier: proto.UDP, Messages: `> 0001 0100 0001 0000 0000 0000 03706c63047465737400 0001 0001`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
