package ethercat

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// The suite's addresses are locally administered, so its frames are answers.
var cases = []prototest.Case{
	{
		Name: "commands on their way back", Carrier: proto.Ethernet,
		Messages: `> 2b10 07 01 0000 3001 0280 0000 0800 0100  08 02 0000 2001 0180 0000 01 0000  0c 03 00000100 0200 0000 abcd 0300 00000000`,
		Want: `
			> response ethercat 0x07 "BRD broadcast read" diagnose [application layer status] unit=0 first=304 count=2 = 0800
			> response ethercat 0x08 "BWR broadcast write" control [application layer control] unit=0 first=288 count=1 = 01 failed "no device answered"
			> response ethercat 0x0c "LRW logical memory read write" data unit=0 first=65536 count=2 = abcd`,
	},
	{Name: "other frames", Carrier: proto.Ethernet, Messages: "> 0440 0102\n> 0450 0102", Want: `
			> notice ethercat network variables "network variables" data
			> notice ethercat mailbox "mailbox gateway" other`},
	{Name: "cut", Carrier: proto.Ethernet, Messages: `> 0e10 07 01 0000 3001 0200`, Want: `error: interrupt at byte 8: short input`},
	{Name: "unknown command", Carrier: proto.Ethernet, Messages: `> 0e10 77 01 0000 3001 0200 0000 0000 0000`, Want: `error: command at byte 2: unknown command`},
	{Name: "unknown type", Carrier: proto.Ethernet, Messages: `> 0e00 07 01`, Want: `error: type at byte 2: unknown frame type`},
	{Name: "IPv4", Carrier: proto.Ethernet, Messages: `> 4500 0028 0000 4000 4006 0000 0a000001 0a000002`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }

func TestRequest(t *testing.T) {
	var rec prototest.Recorder
	c := proto.Context{Src: &proto.Endpoint{MAC: fact.MAC{0, 1, 5, 0, 0, 1}}, Dst: &proto.Endpoint{}, Sink: &rec}
	b := []byte{0x0e, 0x10, 5, 0, 0xe9, 3, 0x10, 0, 2, 0, 0, 0, 1, 0, 0, 0}
	if _, err := new(session).Parse(&c, b); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"> client",
		`> sender: role_hint = "plc" (EtherCAT master, 40)`,
		`> request ethercat 0x05 "FPWR configured-address physical write" configure [station address] unit=1001 first=16 count=2 = 0100`,
	}
	for i, w := range want {
		if rec.Lines[i] != w {
			t.Errorf("got %s, want %s", rec.Lines[i], w)
		}
	}
}
