package arp

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name: "request and reply", Carrier: proto.Ethernet,
		Messages: `
			> 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002 000000000000
			< 0001 0800 06 04 0002 020000000002 0a000002 020000000001 0a000001`,
		Want: `
			> 02:00:00:00:00:01 10.0.0.1: ip_assigned = "10.0.0.1" (ARP sender addresses, 95)
			> client
			> request arp 1 "request" discover unit=0 first=167772162
			< 02:00:00:00:00:02 10.0.0.2: ip_assigned = "10.0.0.2" (ARP sender addresses, 95)
			< server
			< response arp 2 "reply" discover unit=0 first=167772162 answers 1`,
	},
	{
		Name: "probe and announcements", Carrier: proto.Ethernet,
		Messages: `
			> 0001 0800 06 04 0001 020000000001 00000000 000000000000 0a000002
			> 0001 0800 06 04 0001 020000000001 0a000002 000000000000 0a000002
			> 0001 0800 06 04 0002 020000000001 0a000002 ffffffffffff 0a000002`,
		Want: `
			> client
			> request arp 1 "request" discover [probe] unit=0 first=167772162
			> 02:00:00:00:00:01 10.0.0.2: ip_assigned = "10.0.0.2" (ARP sender addresses, 95)
			> notice arp 1 "request" discover [announcement] unit=0 first=167772162
			> 02:00:00:00:00:01 10.0.0.2: ip_assigned = "10.0.0.2" (ARP sender addresses, 95)
			> notice arp 2 "reply" discover [announcement] unit=0 first=167772162`,
	},
	{
		Name: "reply with another's address", Carrier: proto.Ethernet,
		Messages: `< 0001 0800 06 04 0002 020000000009 0a000002 020000000001 0a000001`,
		Want: `
			< 02:00:00:00:00:09 10.0.0.2: ip_assigned = "10.0.0.2" (ARP sender addresses, 95)
			< conversation: session_note = "the hardware address stated in ARP is not that of the frame" (ARP sender hardware address, 80)
			< server
			< response arp 2 "reply" discover unit=0 first=167772162 answers 1`,
	},
	{
		Name: "reverse and inverse", Carrier: proto.Ethernet,
		Messages: `
			> 0001 0800 06 04 0003 020000000001 00000000 020000000001 00000000
			< 0001 0800 06 04 0004 020000000002 0a000002 020000000001 0a000005
			> 0001 0800 06 04 0008 020000000001 0a000001 020000000002 00000000
			< 0001 0800 06 04 0009 020000000002 0a000002 020000000001 0a000001`,
		Want: `
			> client
			> request arp 3 "reverse request" discover unit=0 first=0
			< 02:00:00:00:00:02 10.0.0.2: ip_assigned = "10.0.0.2" (ARP sender addresses, 95)
			< 02:00:00:00:00:01 10.0.0.5: ip_assigned = "10.0.0.5" (RARP reply, 80)
			< server
			< response arp 4 "reverse reply" configure unit=0 first=167772165 answers 3
			> 02:00:00:00:00:01 10.0.0.1: ip_assigned = "10.0.0.1" (ARP sender addresses, 95)
			> client
			> request arp 8 "inverse request" discover unit=0 first=0
			< 02:00:00:00:00:02 10.0.0.2: ip_assigned = "10.0.0.2" (ARP sender addresses, 95)
			< server
			< response arp 9 "inverse reply" discover unit=0 first=167772162 answers 8`,
	},
	{Name: "cut", Carrier: proto.Ethernet, Messages: `> 0001 0800 06 04 0001 0200`, Want: `error: sender at byte 8: short input`},
	{Name: "unknown operation", Carrier: proto.Ethernet, Messages: `> 0001 0800 06 04 0077 020000000001 0a000001 000000000000 0a000002`, Want: `error: operation at byte 28: unknown operation`},
	{Name: "Chaosnet", Carrier: proto.Ethernet, Messages: `> 0005 0804 02 02 0001 0001 0002 0003 0004`, Want: `error: hardware type at byte 6: not IPv4 over Ethernet`},
	{Name: "IPv4", Carrier: proto.Ethernet, Messages: `> 4500 0028 0000 4000 4006 0000 0a000001 0a000002 0000 0000 00000000`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
