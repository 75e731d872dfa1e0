package pnrt

import (
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// data are 40 bytes of process data.
var data = strings.Repeat("80", 40)

func cyclicFrame(id, status string) string {
	return "> " + id + " " + data + " 0400 " + status + " 00\n"
}

var cases = []prototest.Case{
	{
		Name: "identify by name and answer", Carrier: proto.Ethernet,
		Messages: `
			> fefe 05 00 0300bf9a 0001 000c 0202 0007 73776974636833 00 000000000000
			< feff 05 01 0300bf9a 0000 0068
				0202 0009 0000 73776974636833 00
				0201 000a 0000 53372d3132303000
				0203 0006 0000 002a 010d
				0204 0004 0000 02 00
				0207 0004 0000 0064
				0102 000e 0001 c0a80005 ffffff00 c0a80001
				0206 0008 0000 706c63312e70
				0208 0006 0000 0120 0001
				0209 0006 0000 c0a80001`,
		Want: `
			> client
			> sender: device_name = "switch3" (PROFINET DCP name asked for, perhaps its own, 20)
			> request pn_dcp 5 "identify" discover [name of station] unit=0 first=514 name="switch3"
			< sender: device_name = "switch3" (PROFINET DCP, 95)
			< sender: device_type = "S7-1200" (PROFINET DCP, 95)
			< sender: instance_id = "vendor 0x002a device 0x010d" (PROFINET DCP, 95)
			< sender: vendor = "Siemens" (PROFINET vendor id, 90)
			< sender: capability = "IO controller" (PROFINET DCP device role, 95)
			< sender: role_hint = "plc" (PROFINET DCP device role, 60)
			< sender: ip_assigned = "192.168.0.5" (PROFINET DCP, 95)
			< sender: gateway = "192.168.0.1" (PROFINET DCP, 90)
			< sender: neighbour = "plc1.p" (PROFINET DCP, 60)
			< sender: hardware = "OEM vendor 0x0120 device 0x0001" (PROFINET DCP, 95)
			< sender: gateway = "192.168.0.1" (PROFINET DCP, 90)
			< server
			< response pn_dcp 5 "identify" discover`,
	},
	{
		Name: "a controller looks for its devices", Carrier: proto.Ethernet,
		Messages: `
			> fefe 05 00 00000001 0001 0006 0202 0001 61 00
			> fefe 05 00 00000002 0001 0006 0202 0001 62 00
			> fefe 05 00 00000003 0001 0006 0202 0001 61 00
			> fefe 05 00 00000004 0080 0004 ffff 0000`,
		Want: `
			> client
			> sender: device_name = "a" (PROFINET DCP name asked for, perhaps its own, 20)
			> request pn_dcp 5 "identify" discover [name of station] unit=0 first=514 name="a"
			> client
			> request pn_dcp 5 "identify" discover [name of station] unit=0 first=514 name="b"
			> client
			> request pn_dcp 5 "identify" discover [name of station] unit=0 first=514 name="a"
			> client
			> request pn_dcp 5 "identify" discover [all] unit=0 first=65535`,
	},
	{
		Name: "set address, name, and what was refused", Carrier: proto.Ethernet,
		Messages: `
			> fefd 04 00 00000001 0000 001e 0501 0002 0001 0102 000e 0001 c0a8000a ffffff00 c0a8000a 0502 0002 0001
			< fefd 04 01 00000001 0000 0008 0504 0003 0102 00 00
			> fefd 04 00 00000002 0000 000a 0202 0005 0001 706c31 00
			< fefd 04 01 00000002 0000 0008 0504 0003 0202 00 00
			> fefd 04 00 00000003 0000 000a 0202 0005 0001 706c32 00
			< fefd 04 01 00000003 0000 0008 0504 0003 0202 06 00`,
		Want: `
			> client
			> request pn_dcp 4 "set" configure [IP parameter] unit=0 first=258 = c0a8000affffff00c0a8000a
			< server
			< sender: ip_assigned = "192.168.0.10" (PROFINET DCP set, 95)
			< response pn_dcp 4 "set" configure [IP parameter] unit=0 first=258
			> client
			> request pn_dcp 4 "set" configure [name of station] unit=0 first=514 name="pl1" = "pl1"
			< server
			< sender: device_name = "pl1" (PROFINET DCP set, 95)
			< response pn_dcp 4 "set" configure [name of station] unit=0 first=514
			> client
			> request pn_dcp 4 "set" configure [name of station] unit=0 first=514 name="pl2" = "pl2"
			< server
			< response pn_dcp 4 "set" configure [name of station] unit=0 first=514 failed "in operation, set not possible"`,
	},
	{
		Name: "flash, factory reset, get, hello, not supported", Carrier: proto.Ethernet,
		Messages: `
			> fefd 04 00 00000001 0000 0008 0503 0004 0000 0100
			> fefd 04 00 00000002 0000 0006 0506 0002 0004
			< fefd 04 05 00000002 0000 0000
			> fefd 03 00 00000003 0000 0004 0202 0203
			< fefd 03 01 00000003 0000 0010 0202 0003 0000 61 00 0504 0003 0203 02 00
			> fefc 06 00 00000004 0000 0008 0202 0003 0000 62 00`,
		Want: `
			> client
			> request pn_dcp 4 "set" diagnose [signal LED (flash)] unit=0 first=1283 = 0100
			> client
			> request pn_dcp 4 "set" control [reset to factory] unit=0 first=1286
			< server
			< response pn_dcp 4 "set" control [reset to factory] unit=0 first=1286 failed "service not supported"
			> client
			> request pn_dcp 3 "get" read [name of station] unit=0 first=514
			< sender: device_name = "a" (PROFINET DCP, 95)
			< server
			< response pn_dcp 3 "get" read [name of station] unit=0 first=514 failed "suboption not supported or no data set available"
			> sender: device_name = "b" (PROFINET DCP, 95)
			> notice pn_dcp 6 "hello" discover`,
	},
	{
		Name: "an answer to something not seen", Carrier: proto.Ethernet,
		Messages: `< fefd 04 01 00000009 0000 0008 0504 0003 0506 05 00`,
		Want: `
			< server
			< response pn_dcp 4 "set" control [reset to factory] unit=0 first=1286 failed "set not possible by local reasons"`,
	},
	{
		Name: "cyclic: run, stop, problem", Carrier: proto.Ethernet,
		Messages: cyclicFrame("8001", "35") + cyclicFrame("8001", "35") + cyclicFrame("8001", "25") + cyclicFrame("8001", "15") + cyclicFrame("8001", "b5"),
		Want: `
			> sender: state = "run" (PROFINET data status, 85)
			> notice pn_rt 0x8001 "cyclic data, class 1" data unit=0 first=32769 count=1024 = ` + data + `
			> notice pn_rt 0x8001 "cyclic data, class 1" data unit=0 first=32769 count=1024 = ` + data + `
			> sender: state = "stop" (PROFINET data status, 85)
			> notice pn_rt 0x8001 "cyclic data, class 1" data unit=0 first=32769 count=1024 = ` + data + `
			> sender: state = "run, station problem" (PROFINET data status, 85)
			> notice pn_rt 0x8001 "cyclic data, class 1" data unit=0 first=32769 count=1024 = ` + data + `
			> notice pn_rt 0x8001 "cyclic data, class 1" data unit=0 first=32769 count=1024 = ` + data,
	},
	{
		Name: "alarms", Carrier: proto.Ethernet,
		Messages: `
			> fc01 0001 0002 11 11 ffff fffe 001e 0001 001a 0100 0003 00000000 0002 0001 00000010 00000001 8001 0000 0000
			< fc01 0002 0001 13 01 ffff ffff 0000 000000000000
			< fc01 0002 0001 11 11 ffff ffff 0016 8001 0012 0100 0003 00000000 0002 0001 8001 00000000
			> fe01 0001 0002 14 01 ffff fffe 0004 cf810000
			> fe01 0001 0002 12 01 ffff fffe 0000`,
		Want: `
			> notice pn_rt 0xfc01 "alarm, high priority" diagnose [pull] unit=2 first=1
			< notice pn_rt 0xfc01 "alarm, high priority" diagnose [transport acknowledgement]
			< notice pn_rt 0xfc01 "alarm, high priority" diagnose [pull acknowledged] unit=2 first=1
			> notice pn_rt 0xfe01 "alarm, low priority" diagnose [error] failed "the alarm was refused or the relation aborted"
			> notice pn_rt 0xfe01 "alarm, low priority" diagnose [transport refusal] failed "the alarm was refused or the relation aborted"`,
	},
	{Name: "clock and fragments", Carrier: proto.Ethernet, Messages: "> ff40 0000\n> ff83 0785", Want: `
			> notice pn_ptcp 0xff40 "PTCP delay request" other
			> notice pn_rt 0xff83 "fragment" other`},
	{Name: "cut alarm", Carrier: proto.Ethernet, Messages: "> fc01 0001 0002 11 11 ffff fffe 0020 0001", Want: `error: alarm at byte 14: short input`},
	{Name: "block longer than the message", Carrier: proto.Ethernet, Messages: "> fefe 05 00 00000001 0001 0006 0202 0077 61 00", Want: `error: block at byte 4: short input`},
	{Name: "no room for the qualifier", Carrier: proto.Ethernet, Messages: "> fefd 04 00 00000001 0000 0006 0202 0001 61 00", Want: `error: block length at byte 6: length is beyond the block`},
	{Name: "unknown service", Carrier: proto.Ethernet, Messages: "> fefd 09 00 00000001 0000 0000", Want: `error: service id at byte 4: unknown DCP service`},
	{Name: "reserved frame id", Carrier: proto.Ethernet, Messages: "> fd00 00", Want: `error: frame id at byte 2: reserved frame id`},
	{Name: "IPv4", Carrier: proto.Ethernet, Messages: "> 4500 0028 0000 4000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[5]) }
