package mdns

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name:    "browse",
		Carrier: proto.UDP,
		Ports:   [2]uint16{5353, 5353},
		Messages: `> 0000 0000 0001 0000 0000 0000 05 5f68747470 04 5f746370 05 6c6f63616c 00 000c 0001
			< 0000 8400 0000 0001 0000 0003 05 5f68747470 04 5f746370 05 6c6f63616c 00 000c 0001 00001194 0006 03 506c63 c00c
			  c028 0021 8001 00000078 000c 0000 0000 0050 03 706c63 c017
			  c028 0010 8001 00000078 0012 09 6d6f64656c3d583132 07 66773d312e3232
			  c040 0001 8001 00000078 0004 0a000002`,
		Want: `
			> client
			> request mdns 12 "query PTR" discover unit=0 first=0 name="_http._tcp.local"
			< sender: service = "_http._tcp" (mDNS service, 85)
			< sender: device_name = "Plc" (mDNS service instance, 60)
			< sender: service = "_http._tcp 80" (mDNS service, 90)
			< sender: device_name = "Plc" (mDNS service instance, 60)
			< sender: hostname = "plc.local" (mDNS service record, 85)
			< sender: model = "X12" (mDNS TXT record, 85)
			< sender: firmware = "1.22" (mDNS TXT record, 80)
			< sender: hostname = "plc.local" (mDNS address record, 90)
			< response mdns 12 "announce PTR" discover unit=0 first=0 name="_http._tcp.local" answers 12`,
	},
	{
		Name:    "workstation and proxy",
		Carrier: proto.UDP,
		Ports:   [2]uint16{5353, 5353},
		Messages: `> 0000 8400 0000 0002 0000 0000
			  0c 5f776f726b73746174696f6e 04 5f746370 05 6c6f63616c 00 000c 0001 00001194 0019
			  16 7063205b30303a30303a30303a30303a30303a30315d c00c
			  02 7063 c01e 0001 8001 00000078 0004 0a000009`,
		Want: `
			> server
			> 10.0.0.9: service = "_workstation._tcp" (mDNS service, 85)
			> 10.0.0.9: role_hint = "workstation" (mDNS service, 40)
			> 10.0.0.9: mac_stated = "00:00:00:00:00:01" (mDNS workstation, 80)
			> 10.0.0.9: device_name = "pc" (mDNS service instance, 60)
			> 10.0.0.9: hostname = "pc.local" (mDNS address record, 90)
			> response mdns 12 "announce PTR" discover unit=0 first=0 name="_workstation._tcp.local" answers 12`,
	},
	{
		Name:    "goodbye and probe",
		Carrier: proto.UDP,
		Ports:   [2]uint16{5353, 5353},
		Messages: `> 0000 8400 0000 0001 0000 0000 03 706c63 05 6c6f63616c 00 0001 8001 00000000 0004 0a000001
			> 0000 0000 0001 0000 0001 0000 03 706c63 05 6c6f63616c 00 00ff 0001 c00c 0001 0001 00000078 0004 0a000001`,
		Want: `
			> server
			> response mdns 1 "announce A" discover unit=0 first=0 name="plc.local" answers 1
			> sender: hostname = "plc.local" (mDNS address record, 90)
			> request mdns 255 "query ANY" discover unit=0 first=0 name="plc.local"`,
	},
	{
		Name:     "cut",
		Carrier:  proto.UDP,
		Messages: `> 0000 0000 0001 0000 0000 0000 05 5f68747470`,
		Want:     `error: short input`,
	},
	{Name: "no DNS", Carrier: proto.UDP, Messages: `> 4e4f54494659202a20485454502f312e310d0a`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
