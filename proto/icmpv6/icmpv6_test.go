package icmpv6

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name: "echo", Carrier: proto.IP,
		Messages: `
			> 80 00 0000 0001 0002 6162
			< 81 00 0000 0001 0002 6162`,
		Want: `
			> client
			> request icmpv6 128 "echo request" diagnose unit=1 first=2
			< server
			< response icmpv6 129 "echo reply" diagnose unit=1 first=2 answers 128`,
	},
	{
		Name: "neighbours", Carrier: proto.IP,
		Messages: `
			> 87 00 0000 00000000 fe800000000000000000000000000002 01 01 020000000001
			< 88 00 0000 60000000 fe800000000000000000000000000002 02 01 020000000002`,
		Want: `
			> client
			> request icmpv6 135 "neighbour solicitation" discover unit=0 first=2
			< 02:00:00:00:00:02 fe80::2: ip_assigned = "fe80::2" (ICMPv6 neighbour discovery, 95)
			< server
			< response icmpv6 136 "neighbour advertisement" discover unit=0 first=2 answers 135`,
	},
	{
		Name: "router", Carrier: proto.IP,
		Messages: `
			> 85 00 0000 00000000
			< 86 00 0000 40 00 0708 00000000 00000000 01 01 020000000002 05 01 0000 000005dc
				03 04 40 c0 00015180 00003840 00000000 20010db8000000000000000000000000
				19 03 0000 00000e10 20010db8000000000000000000000053`,
		Want: `
			> client
			> request icmpv6 133 "router solicitation" discover
			< sender: role_hint = "router" (ICMPv6 router advertisement, 85)
			< sender: capability = "IPv6 router" (ICMPv6 router advertisement, 95)
			< sender: service = "IPv6 prefix 2001:db8::/64" (ICMPv6 router advertisement, 90)
			< sender: service = "DNS server 2001:db8::53" (ICMPv6 router advertisement, 90)
			< notice icmpv6 134 "router advertisement" configure`,
	},
	{
		Name: "errors, listeners, redirect, unknown", Carrier: proto.IP,
		Messages: `
			> 01 04 0000 00000000 6000
			> 8f 00 0000 0000 0000
			> 89 00 0000 00000000 fe800000000000000000000000000002 20010db8000000000000000000000001
			> c8 00 0000`,
		Want: `
			> notice icmpv6 1 "destination unreachable" diagnose
			> notice icmpv6 143 "multicast listener report version 2" discover
			> conversation: session_note = "redirected to another router or neighbour" (ICMPv6 redirect, 90)
			> notice icmpv6 137 "redirect" configure
			> notice icmpv6 200 "type 200" other`,
	},
	{Name: "cut", Carrier: proto.IP, Messages: `> 87 00 0000 0000`, Want: `error: flags, reserved at byte 4: short input`},
	{Name: "option of length 0", Carrier: proto.IP, Messages: `> 85 00 0000 00000000 01 00 0000`, Want: `error: option length at byte 10: option length is 0`},
	{Name: "TCP", Carrier: proto.IP, Messages: `> 9c40 01bb 00000000 00000000 5002 ffff 0000 0000`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }

// TestSolicitationBindsItsSender uses an IPv6 source, which the suite lacks.
func TestSolicitationBindsItsSender(t *testing.T) {
	var rec prototest.Recorder
	src := proto.Endpoint{MAC: fact.MAC{2, 0, 0, 0, 0, 1}, IP: [16]byte{0: 0xfe, 1: 0x80, 15: 1}}
	c := proto.Context{Carrier: proto.IP, Src: &src, Dst: &proto.Endpoint{}, Sink: &rec}
	b := make([]byte, 32)
	b[0], b[24], b[25] = neighbourAsk, optSource, 1
	copy(b[26:], src.MAC[:])
	if n, err := new(session).Parse(&c, b); n != len(b) || err != nil {
		t.Fatal(n, err)
	}
	if want := `> 02:00:00:00:00:01 fe80::1: ip_assigned = "fe80::1" (ICMPv6 neighbour discovery, 95)`; rec.Lines[0] != want {
		t.Errorf("got %s, want %s", rec.Lines[0], want)
	}
}
