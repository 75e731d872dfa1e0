package enip

import (
	"strings"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cipCases = []prototest.Case{
	{
		Name: "read and write a tag",
		Messages: lines(
			"> "+unit(0x10, 1, "4c 04 91 05 'Level' 00 0100"),
			"< "+unit(0x20, 1, "cc 00 00 00 c400 feffffff"),
			"> "+unit(0x10, 2, "4d 09 91 0b 'Program:Mix' 00 9101 'T' 00 ca00 0100 0000c03f"),
			"< "+unit(0x20, 2, "cd 00 00 00"),
			"> "+unit(0x10, 3, "52 04 91 03 'Arr' 00 28 05 0a00 00000000"),
			"< "+unit(0x20, 3, "d2 00 06 00 c300 0100 0200"),
			"> "+unit(0x10, 4, "4c 02 91 02 'OK' 0100"),
			"< "+unit(0x20, 4, "cc 00 04 01 0000"),
			"> "+unit(0x10, 5, "4e 02 91 02 'M1' 0100 01 fe"),
			"< "+unit(0x20, 5, "ce 00 00 00"),
			"> "+unit(0x10, 6, "4c 02 91 02 'S1' 0100"),
			"< "+unit(0x20, 6, "cc 00 00 00 a002 ce0f 03000000 'abc' 0000"),
			"> "+unit(0x10, 7, "55 02 206b 2400 0200 0100 0200"),
			"< "+unit(0x20, 7, "d5 00 06 00 01000000")),
		Want: `
			> client
			` + unitAsk + `
			> request cip 0x4c "read tag" read [tag] unit=0 first=0 count=1 name="Level"
			` + unitAnswer + `
			< response cip 0x4c "read tag" read [tag] unit=0 first=0 count=1 name="Level" = -2
			` + unitAsk + `
			> request cip 0x4d "write tag" write [tag] unit=0 first=0 count=1 name="Program:Mix.T" = 1.5
			` + unitAnswer + `
			< response cip 0x4d "write tag" write [tag] unit=0 first=0 count=1 name="Program:Mix.T"
			` + unitAsk + `
			> request cip 0x52 "read tag fragmented" read [tag] unit=0 first=0 count=10 name="Arr[5]"
			` + unitAnswer + `
			< response cip 0x52 "read tag fragmented" read [tag] unit=0 first=0 count=10 name="Arr[5]" = 01000200
			` + unitAsk + `
			> request cip 0x4c "read tag" read [tag] unit=0 first=0 count=1 name="OK"
			` + unitAnswer + `
			< response cip 0x4c "read tag" read [tag] unit=0 first=0 count=1 name="OK" failed "path segment error"
			` + unitAsk + `
			> request cip 0x4e "read modify write tag" write [tag] unit=0 first=0 name="M1" = 01fe
			` + unitAnswer + `
			< response cip 0x4e "read modify write tag" write [tag] unit=0 first=0 name="M1"
			` + unitAsk + `
			> request cip 0x4c "read tag" read [tag] unit=0 first=0 count=1 name="S1"
			` + unitAnswer + `
			< response cip 0x4c "read tag" read [tag] unit=0 first=0 count=1 name="S1" = "abc"
			` + unitAsk + `
			> request cip 0x55 "get instance attribute list" discover [class 0x6b symbol] unit=0 first=0
			` + unitAnswer + `
			< response cip 0x55 "get instance attribute list" discover [class 0x6b symbol] unit=0 first=0`,
	},
	{
		Name: "tags in a multiple service packet",
		Messages: lines(
			"> "+unit(0x10, 9, "0a 02 2002 2401"+multi("4c 02 91 02 'T1' 0100", "4d 03 206b 25 00 0500 c100 0100 ff")),
			"< "+unit(0x20, 9, "8a 00 1e 00"+multi("cc 00 00 00 c700 3412", "cd 00 0f 00"))),
		Want: `
			> client
			` + unitAsk + `
			> request cip 0x0a "multiple service packet" other [class 0x02 message router] unit=0 first=1
			> request cip 0x4c "read tag" read [tag] unit=0 first=0 count=1 name="T1"
			> request cip 0x4d "write tag" write [class 0x6b symbol] unit=0 first=5 count=1 = true
			` + unitAnswer + `
			< response cip 0x0a "multiple service packet" other [class 0x02 message router] unit=0 first=1 failed "embedded service error"
			< response cip 0x4c "read tag" read [tag] unit=0 first=0 count=1 name="T1" = 4660
			< response cip 0x4d "write tag" write [class 0x6b symbol] unit=0 first=5 count=1 failed "privilege violation"`,
	},
	{
		Name: "answers without their requests",
		Messages: lines(
			"< "+unit(0x20, 9, "8a 00 00 00"+multi("cc 00 00 00 c700 3412", "83 00 08 00")),
			"< "+rr(5, "81 00 00 00 01")),
		Want: `
			< server
			` + unitAnswer + `
			< response cip 0x0a "multiple service packet" other
			< response cip 0x4c "service 0x4c" other
			< response cip 0x03 "get attribute list" read failed "service not supported"
			` + rrAnswer + `
			< response cip 0x01 "get attributes all" read`,
	},
	{
		Name: "stop, start, lock and clock of a controller",
		Messages: lines(
			"> "+unit(0x10, 1, "07 02 208e 2401"),
			"< "+unit(0x20, 1, "87 00 00 00"),
			"> "+unit(0x10, 2, "06 02 208e 2401"),
			"< "+unit(0x20, 2, "86 00 10 00"),
			"> "+unit(0x10, 3, "4c 04 208e 2401 2074 2401"),
			"> "+unit(0x10, 4, "04 02 208b 2401 0100 0600 00e1f50500000000"),
			"< "+unit(0x20, 4, "84 00 00 00 0100 0600 0000")),
		Want: `
			> client
			` + unitAsk + `
			> request cip 0x07 "stop" control [class 0x8e controller] unit=0 first=1
			` + unitAnswer + `
			< response cip 0x07 "stop" control [class 0x8e controller] unit=0 first=1
			` + unitAsk + `
			> request cip 0x06 "start" control [class 0x8e controller] unit=0 first=1
			` + unitAnswer + `
			< response cip 0x06 "start" control [class 0x8e controller] unit=0 first=1 failed "device state conflict"
			` + unitAsk + `
			> request cip 0x4c "release edit lock" login [class 0x74 edit lock of class 0x8e controller] unit=0 first=1
			` + unitAsk + `
			> request cip 0x04 "set attribute list" configure [class 0x8b wall clock time] unit=6 first=1 count=1 = 100000000
			` + unitAnswer + `
			< response cip 0x04 "set attribute list" configure [class 0x8b wall clock time] unit=6 first=1 count=1`,
	},
	{
		Name: "reset, firmware, program, port settings",
		Messages: lines(
			"> "+rr(1, "05 02 2001 2401 00"),
			"> "+rr(2, "4d 02 20a1 2401 00000000"),
			"> "+rr(3, "08 02 206a 2400"),
			"> "+rr(4, "50 06 2068 2500 0100 206a 2500 0200 00000000"),
			"> "+rr(5, "10 03 20f6 2401 3006 0200 6400"),
			"> "+rr(6, "0e 03 205d 2401 3001"),
			"> "+rr(7, "4c 03 2100 3700 24c8 0000"),
			"> "+rr(8, "77 03 2100 3412 2401")),
		Want: `
			> client
			` + rrAsk + `
			> request cip 0x05 "reset" control [class 0x01 identity] unit=0 first=1
			` + rrAsk + `
			> request cip 0x4d "transfer firmware" firmware [class 0xa1 nonvolatile storage] unit=0 first=1
			` + rrAsk + `
			> request cip 0x08 "create" program [class 0x6a program data] unit=0 first=0
			` + rrAsk + `
			> request cip 0x50 "download program data" program [class 0x6a program data of class 0x68 program] unit=0 first=2
			` + rrAsk + `
			> request cip 0x10 "set attribute single" configure [class 0xf6 ethernet link] unit=6 first=1 = 02006400
			` + rrAsk + `
			> request cip 0x0e "get attribute single" read [class 0x5d cip security] unit=1 first=1
			> conversation: session_note = "CIP Security is read or configured" (CIP, 90)
			` + rrAsk + `
			> request cip 0x4c "initiate download" firmware [class 0x37 file] unit=0 first=200
			` + rrAsk + `
			> request cip 0x77 "service 0x77" other [class 0x1234] unit=0 first=1`,
	},
	{
		Name: "explicit connection through a chassis",
		Messages: lines(
			"> "+rr(1, "54 02 2006 2401 0a 0e 00000000 33220000 0100 4d00 44332211 03000000 80841e00 f843 80841e00 f843 a3"+
				"09 0102 3404 0100 0e00 3600 1014 2002 2401 2c04"),
			"< "+rr(1, "d4 00 00 00 10000000 33220000 0100 4d00 44332211 80841e00 80841e00 00 00"),
			"> "+unit(0x10, 1, "0e 03 2001 2401 3006"),
			"< "+unit(0x2233, 1, "8e 00 00 00 3f825100"),
			"> "+rr(2, "4e 02 2006 2401 0a 0e 0100 4d00 44332211 02 00 2002 2401"),
			"< "+rr(2, "ce 00 01 01 0701 0100 4d00 44332211 00 00")),
		Want: `
			> client
			` + rrAsk + `
			> request cip 0x54 "forward open" login [class 0x06 connection manager] unit=0 first=1
			> conversation: session_note = "CIP connection: class 3 explicit, trigger application, RPI 2000 ms to and 2000 ms from the target" (CIP forward open, 95)
			> conversation: session_endpoint = "slot 2, class 0x02 message router instance 1 point 4" (CIP connection path, 95)
			> sender: software = "Rockwell Software" (CIP originator vendor, 70)
			> receiver/slot 2: vendor = "Rockwell Automation/Allen-Bradley" (CIP electronic key, 60)
			> receiver/slot 2: device_type = "Programmable Logic Controller" (CIP electronic key, 60)
			` + rrAnswer + `
			< response cip 0x54 "forward open" login [class 0x06 connection manager] unit=0 first=1
			` + unitAsk + `
			> request cip 0x0e "get attribute single" discover [class 0x01 identity] unit=6 first=1
			` + unitAnswer + `
			< sender/slot 2: serial = "0051823f" (CIP identity object, 100)
			< response cip 0x0e "get attribute single" discover [class 0x01 identity] unit=6 first=1 = 3f825100
			` + rrAsk + `
			> request cip 0x4e "forward close" login [class 0x06 connection manager] unit=0 first=1
			` + rrAnswer + `
			< response cip 0x4e "forward close" login [class 0x06 connection manager] unit=0 first=1 failed "target connection not found"`,
	},
	{
		Name: "large forward open of multicast i/o",
		Messages: lines(
			"> "+rr(1, "5b 02 2006 2401 0a 0e 00000000 33220000 0100 2f00 44332211 03000000 10270000 20000048 10270000 20000028 01"+
				"04 2004 2401 2c64 2c65"),
			"< "+rr(1, "db 00 00 00 10000000 33220000 0100 2f00 44332211 10270000 10270000 00 00",
				"0180 1000 0002 08ae efc00101 0000000000000000")),
		Want: `
			> client
			` + rrAsk + `
			> request cip 0x5b "large forward open" login [class 0x06 connection manager] unit=0 first=1
			> conversation: session_note = "CIP connection: class 1 implicit i/o, trigger cyclic, RPI 10 ms to and 10 ms from the target" (CIP forward open, 95)
			> conversation: session_endpoint = "class 0x04 assembly instance 1 point 100 point 101" (CIP connection path, 95)
			> sender: vendor = "Omron" (CIP originator vendor, 60)
			` + rrAnswer + `
			< response cip 0x5b "large forward open" login [class 0x06 connection manager] unit=0 first=1
			< expect enip udp 10.0.0.1:0 10.0.0.2:2222
			< expect enip udp 10.0.0.2:0 239.192.1.1:2222`,
	},
	{
		Name: "safety connection and objects",
		Messages: lines(
			"> "+rr(1, "54 02 2006 2401 0a 0e 00000000 33220000 0100 0100 44332211 03000000 10270000 0448 10270000 0428 80"+
				"06 2004 2401 2c01 50 02 00000000"),
			"> "+rr(2, "54 02 2039 2401 00"),
			"< "+rr(2, "d4 00 00 00")),
		Want: `
			> client
			` + rrAsk + `
			> request cip 0x54 "forward open" login [class 0x06 connection manager] unit=0 first=1
			> conversation: session_note = "CIP connection: class 0 implicit i/o, trigger cyclic, RPI 10 ms to and 10 ms from the target" (CIP forward open, 95)
			> conversation: session_endpoint = "class 0x04 assembly instance 1 point 1" (CIP connection path, 95)
			> sender: vendor = "Rockwell Automation/Allen-Bradley" (CIP originator vendor, 60)
			> receiver: safety_related = "CIP Safety" (CIP safety network segment, 90)
			> sender: safety_related = "CIP Safety" (CIP safety network segment, 90)
			` + rrAsk + `
			> request cip 0x54 "safety reset" control [class 0x39 safety supervisor] unit=0 first=1
			` + rrAnswer + `
			< sender: safety_related = "CIP Safety" (CIP safety object, 85)
			< response cip 0x54 "safety reset" control [class 0x39 safety supervisor] unit=0 first=1`,
	},
	{
		Name: "a wrong guess of connection ids heals",
		Messages: lines(
			"> "+unit(0x10, 5, "07 02 2064 2401"),
			"< "+unit(0x21, 5, "87 00 00 00"),
			"> "+unit(0x11, 6, "06 02 2064 2401"),
			"< "+unit(0x21, 6, "86 00 00 00")),
		Want: `
			> client
			` + unitAsk + `
			> request cip 0x07 "stop" control [class 0x64 controller name] unit=0 first=1
			` + unitAnswer + `
			< response cip 0x07 "stop" control [class 0x64 controller name] unit=0 first=1
			` + unitAsk + `
			> request cip 0x06 "start" control [class 0x64 controller name] unit=0 first=1
			` + unitAnswer + `
			< response cip 0x06 "start" control [class 0x64 controller name] unit=0 first=1`,
	},
	{
		Name: "lost bytes: the answer has no request",
		Messages: lines(
			"> "+rr(1, "0e 03 2001 2401 3001"), "gap >", "< "+rr(1, "8e 00 00 00 0100")),
		Want: `
			> client
			` + rrAsk + `
			> request cip 0x0e "get attribute single" discover [class 0x01 identity] unit=1 first=1
			` + rrAnswer + `
			< response cip 0x0e "get attribute single" read`,
	},
	{
		Name: "malformed messages are skipped",
		Messages: lines(
			"> "+rr(1, "0e 09 2001 2401"),
			"> "+rr(2, "0e 01 a001"),
			"> "+rr(3, "0a 02 2002 2401 0200 0100 0600"),
			"> "+rr(4, "52 02 2006 2401 05 99 ff00 0e"),
			"> "+rr(5, "0e 01 2105")),
		Want: `
			> client
			` + rrAsk + `
			error: request path at byte 2: short input
			` + rrAsk + `
			error: segment at byte 1: unknown segment
			` + rrAsk + `
			> request cip 0x0a "multiple service packet" other [class 0x02 message router] unit=0 first=1
			error: offset at byte 10: offsets are not in order
			` + rrAsk + `
			> request cip 0x52 "unconnected send" other [class 0x06 connection manager] unit=0 first=1
			error: message at byte 10: short input
			` + rrAsk + `
			error: logical value at byte 2: short input`,
	},
	{
		Name:     "messages within messages without end",
		Messages: "> " + rr(1, nest(8)),
		Want: `
			> client
			` + rrAsk + strings.Repeat(`
			> request cip 0x0a "multiple service packet" other [class 0x02 message router] unit=0 first=1`, 5) + `
			error: messages are nested too deep`,
	},
}

// nest is a Multiple Service Packet n deep.
func nest(n int) string {
	s := "0e 03 2001 2401 3001"
	for range n {
		s = "0a 02 2002 2401" + multi(s)
	}
	return s
}
