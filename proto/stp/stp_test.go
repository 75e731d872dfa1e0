package stp

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

const (
	root  = "8001 00190600aa00 "
	self  = "9001 00190600bb00 "
	times = "0000 1400 0200 0f00 "
)

const who = `
	> sender: role_hint = "switch" (spanning tree bridge identifier, 75)
	> sender: mac_stated = "00:19:06:00:bb:00" (spanning tree bridge identifier, 90)
	> sender: instance_id = "36865.00:19:06:00:bb:00" (spanning tree bridge identifier, 60)
	> sender: port = "port 4" (spanning tree port identifier, 50)
	> conversation: session_note = "spanning tree root is 32769.00:19:06:00:aa:00" (spanning tree root identifier, 90)
	> 00:19:06:00:aa:00: role_hint = "switch" (spanning tree root identifier, 60)
`

var cases = []prototest.Case{
	{
		Name: "configuration, twice", Carrier: proto.LLC,
		Messages: "> 0000 00 00 00 " + root + "00000013 " + self + "8004 " + times + "\n> 0000 00 00 01 " + root + "00000013 " + self + "8004 " + times + "0000000000",
		Want: who + `
			> notice stp 0x00 "configuration BPDU" other unit=32772 first=0 = 19
			> notice stp 0x00 "configuration BPDU" other [topology change] unit=32772 first=0 = 19`,
	},
	{
		Name: "a new root and another port", Carrier: proto.SNAP,
		Messages: "> 0000 02 02 3c " + root + "00000013 " + self + "8004 " + times + "00 00000002000a\n> 0000 02 02 3d 0000 020000000001 00000000 " + self + "8005 " + times + "00 00000002000a",
		Want: who + `
			> notice stp 0x02 "rapid spanning tree BPDU" other unit=32772 first=10 = 19
			> sender: port = "port 5" (spanning tree port identifier, 50)
			> conversation: session_note = "spanning tree root is 0.02:00:00:00:00:01" (spanning tree root identifier, 90)
			> 02:00:00:00:00:01: role_hint = "switch" (spanning tree root identifier, 60)
			> notice stp 0x02 "rapid spanning tree BPDU" other [topology change] unit=32773 first=10 = 0`,
	},
	{
		Name: "multiple", Carrier: proto.LLC,
		Messages: "> 0000 03 02 7c " + root + "00000000 " + self + "8004 " + times + "00 0040 00 68616c6c 00000000 0000000000000000 0000000000000000 0000000000000000 0000",
		Want: `> conversation: session_note = "MST region hall" (MST configuration name, 90)` + who + `
			> notice stp 0x02 "multiple spanning tree BPDU" other unit=32772 first=0 = 0`,
	},
	{
		Name: "multiple with a topology change", Carrier: proto.LLC,
		Messages: "> 0000 03 02 7d " + root + "00000000 " + self + "8004 " + times + "00",
		Want: who + `
			> notice stp 0x02 "multiple spanning tree BPDU" other [topology change] unit=32772 first=0 = 0`,
	},
	{Name: "notification", Carrier: proto.LLC, Messages: "> 0000 00 80", Want: `> notice stp 0x80 "topology change notification BPDU" other [topology change]`},
	{Name: "cut", Carrier: proto.LLC, Messages: "> 0000 00 00 00 8001", Want: `error: root identifier at byte 7: short input`},
	{Name: "unknown type", Carrier: proto.LLC, Messages: "> 0000 00 07 00", Want: `error: type at byte 4: unknown BPDU type`},
	{Name: "GARP", Carrier: proto.LLC, Messages: "> 0001 01 02 00 0000", Foreign: true},
	{Name: "wrong protocol", Carrier: proto.LLC, Messages: "> 0001 01 02", Want: `error: protocol identifier at byte 2: protocol identifier is not 0`},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
