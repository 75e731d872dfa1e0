package mrp

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

const common = "01 12 0007 ffffffffffffffffffffffffffffffff "

var cases = []prototest.Case{
	{
		Name: "test frames", Carrier: proto.Ethernet,
		Messages: `
			> 0001 02 14 8000 020000000001 0000 0001 0000 00000001 0000 ` + common + `00 00 0000
			> 0001 02 14 8000 020000000001 0000 0001 0000 00000002 0000 ` + common + `00 00 0000
			> 0001 02 14 8000 020000000001 0000 0000 0001 00000003 0000 ` + common + `00 00 0000`,
		Want: `
			> sender: capability = "MRP ring manager" (MRP test, 90)
			> sender: role_hint = "switch" (MRP test, 40)
			> sender: state = "MRP ring closed" (MRP test, 90)
			> notice mrp 0x02 "test" diagnose [ring] unit=0 first=7
			> notice mrp 0x02 "test" diagnose [ring] unit=0 first=7
			> sender: state = "MRP ring open" (MRP test, 90)
			> notice mrp 0x02 "test" diagnose [ring] unit=0 first=7`,
	},
	{Name: "link down and option", Carrier: proto.Ethernet, Messages: "> 0001 04 0c 020000000001 0001 0014 0000 " + common + "7f 04 080006 00 0000", Want: `
			> notice mrp 0x04 "link down" diagnose [ring] unit=0 first=7`},
	{Name: "interconnection", Carrier: proto.Ethernet, Messages: "> 0001 08 00 0000", Want: `> notice mrp 0x08 "interconnection link down" diagnose [interconnection]`},
	{Name: "maker's option", Carrier: proto.Ethernet, Messages: "> 0001 7f 04 080006 00 0000", Want: `> notice mrp 0x7f "option" other`},
	{Name: "unknown type", Carrier: proto.Ethernet, Messages: "> 0001 33 00 0000", Want: `error: type at byte 4: unknown TLV type`},
	{Name: "cut", Carrier: proto.Ethernet, Messages: "> 0001 02 12 8000", Want: `error: value at byte 4: short input`},
	{Name: "version 2", Carrier: proto.Ethernet, Messages: "> 0002 02 00 0000", Want: `error: version at byte 2: version is not 1`},
	{Name: "zeros", Carrier: proto.Ethernet, Messages: "> 0000 0000 0000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
