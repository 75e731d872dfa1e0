package modbus

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name: "read and answer",
		Messages: `
			> 0001 0000 0006 01 03 0064 0002
			< 0001 0000 0007 01 03 04 0001 0002`,
		Want: `
			> client
			> request modbus 3 "read holding registers" read [holding registers] unit=1 first=100 count=2
			< response modbus 3 "read holding registers" read [holding registers] unit=1 first=100 count=2 = 00010002`,
	},
	{
		Name: "write refused",
		Messages: `
			> 0002 0000 0006 11 06 0001 0003
			< 0002 0000 0003 11 86 02`,
		Want: `
			> client
			> request modbus 6 "write single register" write [holding registers] unit=17 first=1 count=1 = 3
			< response modbus 6 "write single register" write [holding registers] unit=17 first=1 count=1 failed "illegal data address"`,
	},
	{
		Name: "device identification",
		Messages: `
			> 0003 0000 0005 05 2b 0e 01 00
			< 0003 0000 0015 05 2b 0e 01 01 00 00 02  00 04 41636d65  02 05 56312e3230`,
		Want: `
			> client
			> request modbus 43 "read device identification" discover [device identification] unit=5 first=0
			< sender/unit 5: vendor = "Acme" (Modbus device identification, 95)
			< sender/unit 5: firmware = "V1.20" (Modbus device identification, 90)
			< response modbus 43 "read device identification" discover [device identification] unit=5 first=0`,
	},
	{
		Name: "UMAS stop, accepted and refused",
		Messages: `
			> 0004 0000 0006 00 5a 01 41 ff00
			< 0004 0000 0004 00 5a 01 fe
			> 0005 0000 0006 00 5a 01 40 ff00
			< 0005 0000 0006 00 5a 01 fd 8180`,
		Want: `
			> client
			> request modbus 90 "umas 0x41 stop plc" control [umas] unit=0 first=0
			< sender: state = "stop" (UMAS stop accepted, 80)
			< response modbus 90 "umas 0x41 stop plc" control [umas] unit=0 first=0
			> request modbus 90 "umas 0x40 start plc" control [umas] unit=0 first=0
			< response modbus 90 "umas 0x40 start plc" control [umas] unit=0 first=0 failed "refused by the controller"`,
	},
	{
		Name:  "RTU over TCP",
		Ports: [2]uint16{40000, 4001},
		Messages: `
			> 01 03 0000 0001 840a
			< 01 03 02 0017 f84a`,
		Want: `
			> client
			> request modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1
			< response modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1 = 23`,
	},
	{
		Name:     "cut in body",
		Messages: `> 0001 0000 0006 01 03 00`,
		Want:     `left > 9`,
	},
	{
		Name:     "wrong protocol identifier",
		Messages: `> 0001 0007 0006 01 03 0000 0001`,
		Want:     `error: protocol at byte 6: protocol identifier is not 0`,
	},
	{Name: "HTTP", Messages: `> 474554202f20485454502f312e310d0a`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, append(cases, more...)) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, append(cases, more...)) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
