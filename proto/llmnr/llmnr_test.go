package llmnr

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

const q = "03 484d49 00 0001 0001 "

var cases = []prototest.Case{
	{
		Name:    "question and answer",
		Carrier: proto.UDP,
		Messages: `> 1234 0000 0001 0000 0000 0000 ` + q + `
			< 1234 8000 0001 0001 0000 0000 ` + q + ` c00c 0001 0001 0000001e 0004 0a000002`,
		Want: `
			> client
			> request llmnr 1 "query A" discover unit=0 first=0 name="HMI"
			< sender: hostname = "HMI" (LLMNR answer, 80)
			< response llmnr 1 "query A" discover unit=0 first=0 name="HMI"`,
	},
	{
		Name:    "answer for another host",
		Carrier: proto.UDP,
		Messages: `< 1234 8000 0001 0001 0000 0000 ` + q + ` c00c 0001 0001 0000001e 0004 0a000003
			< 1235 8000 0001 0001 0000 0000 01 33 01 30 01 30 02 3130 07 696e2d61646472 04 61727061 00 000c 0001
			  c00c 000c 0001 0000001e 0005 03 484d49 00`,
		Want: `
			< server
			< 10.0.0.3: hostname = "HMI" (LLMNR answer, 80)
			< response llmnr 1 "query A" discover unit=0 first=0 name="HMI"
			< 10.0.0.3: hostname = "HMI" (LLMNR answer, 80)
			< response llmnr 12 "query PTR" discover unit=0 first=0 name="3.0.0.10.in-addr.arpa"`,
	},
	{
		Name: "refused over TCP",
		Messages: `> 0015 1234 0000 0001 0000 0000 0000 ` + q + `
			< 0015 1234 8002 0001 0000 0000 0000 ` + q,
		Want: `
			> client
			> request llmnr 1 "query A" discover unit=0 first=0 name="HMI"
			< response llmnr 1 "query A" discover unit=0 first=0 name="HMI" failed "SERVFAIL"`,
	},
	{
		Name:     "cut question",
		Carrier:  proto.UDP,
		Messages: `> 1234 0000 0001 0000 0000 0000 05 484d49 00`,
		Want: `
			error: short input`,
	},
	{Name: "SSDP", Carrier: proto.UDP, Messages: `> 4e4f54494659202a20485454502f312e310d0a`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
