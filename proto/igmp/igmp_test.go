package igmp

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name:    "query, reports, leave",
		Carrier: proto.IP,
		Messages: "> 11 64 0000 00000000\n> 16 00 0000 efc00001\n> 17 00 0000 efc00001\n> 12 00 0000 efc00001\n" +
			"> 22 00 0000 0000 0001 04 00 0000 e00000fb\n> 22 00 0000 0000 0000\n> 99 00 0000 00000000",
		Want: `
			> sender: service = "IGMP querier" (IGMP query, 80)
			> request igmp 0x11 "membership query" discover unit=0 first=0
			> notice igmp 0x16 "membership report" discover unit=0 first=4022337537
			> notice igmp 0x17 "leave group" discover unit=0 first=4022337537
			> notice igmp 0x12 "membership report (version 1)" discover unit=0 first=4022337537
			> notice igmp 0x22 "membership report (version 3)" discover unit=0 first=3758096635 count=1
			> notice igmp 0x22 "membership report (version 3)" discover unit=0 first=0
			> notice igmp 0x99 "type 0x99" other unit=0 first=0`,
	},
	{Name: "cut record", Carrier: proto.IP, Messages: "> 22 00 0000 0000 0001 04", Want: `
			error: record type, length, number of sources at byte 8: short input`},
	{Name: "unassigned", Carrier: proto.IP, Messages: "> 99 00 0000 00000000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
