package icmp

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// quote is the head of a UDP packet to port 161.
const quote = "45000030 00000000 40110000 0a000001 0a000002 9c40 00a1 001c 0000"

var cases = []prototest.Case{
	{
		Name:     "echo",
		Carrier:  proto.IP,
		Messages: "> 08 00 0000 0001 0007 61626364\n< 00 00 0000 0001 0007 61626364",
		Want: `
			> client
			> request icmp 8 "echo request" diagnose = 4
			< response icmp 0 "echo reply" diagnose = 4 answers 8`,
	},
	{
		Name:     "errors",
		Carrier:  proto.IP,
		Messages: "< 03 03 0000 00000000 " + quote + "\n< 0b 00 0000 00000000 " + quote + "\n< 03 0d 0000 00000000 4500\n< 03 40 0000 00000000",
		Want: `
			< notice icmp 3 "destination unreachable" diagnose [port] unit=17 first=161
			< sender: role_hint = "router" (ICMP time exceeded, 60)
			< notice icmp 11 "time exceeded" diagnose unit=17 first=161
			< notice icmp 3 "destination unreachable" diagnose [prohibited by filter]
			< notice icmp 3 "destination unreachable" diagnose`,
	},
	{
		Name:     "redirect twice, advertisement",
		Carrier:  proto.IP,
		Messages: "< 05 01 0000 0a0000fd " + quote + "\n< 05 01 0000 0a0000fd " + quote + "\n< 09 00 0000 01020708 0a0000fe 00000000\n> 0a 00 0000 00000000",
		Want: `
			< sender: role_hint = "router" (ICMP redirect, 60)
			< receiver: gateway = "10.0.0.253" (ICMP redirect, 50)
			< conversation: session_note = "an ICMP redirect told the receiver to use another gateway" (ICMP redirect, 100)
			< notice icmp 5 "redirect" configure unit=17 first=161
			< notice icmp 5 "redirect" configure unit=17 first=161
			< sender: role_hint = "router" (ICMP router advertisement, 70)
			< notice icmp 9 "router advertisement" discover
			> client
			> request icmp 10 "router solicitation" discover`,
	},
	{
		Name:     "timestamp and mask, replies first",
		Carrier:  proto.IP,
		Messages: "< 0e 00 0000 0001 0001 000000000000000000000000\n> 11 00 0000 0001 0001 00000000\n< 12 00 0000 0001 0001 ffffff00\n> c8 00 0000 00000000",
		Want: `
			< server
			< response icmp 14 "timestamp reply" diagnose answers 13
			> request icmp 17 "address mask request" discover
			< response icmp 18 "address mask reply" discover answers 17
			> notice icmp 200 "type 200" other`,
	},
	{Name: "cut", Carrier: proto.IP, Messages: "> 08 00 00", Want: `
			error: checksum at byte 2: short input`},
	{Name: "unassigned", Carrier: proto.IP, Messages: "> c8 00 0000 00000000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
