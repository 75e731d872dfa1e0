package enip

import "github.com/bulkhead-ot/bulkhead/proto/prototest"

var identityCases = []prototest.Case{
	{
		Name: "identity of a module behind the host",
		Messages: lines(
			"> "+rr(1, send("01 02 2001 2401", "0103")),
			"< "+rr(1, "81 00 00 00 2f00 0c00 0100 0201 3000 04030201 05 'NX-EI'"),
			"> "+rr(2, send("03 02 2001 2401 0400 0400 0500 0700 0800", "12 0b '192.168.7.9' 00 0100")),
			"< "+rr(2, "83 00 00 00 0400 0400 0000 1e0b 0500 0000 7030 0700 0000 03 'ABC' 0800 0000 03"),
			"> "+rr(3, send("0e 03 2001 2401 3001", "0109")),
			"< "+rr(3, "d2 00 01 01 0402 01")),
		Want: `
			> client
			` + rrAsk + `
			> request cip 0x52 "unconnected send" other [class 0x06 connection manager] unit=0 first=1
			> request cip 0x01 "get attributes all" discover [class 0x01 identity] unit=0 first=1
			` + rrAnswer + `
			< sender/slot 3: vendor = "Omron" (CIP identity object, 100)
			< sender/slot 3: device_type = "Communications Adapter" (CIP identity object, 100)
			< sender/slot 3: description = "CIP vendor 47, device type 12, product code 1" (CIP identity object, 40)
			< sender/slot 3: firmware = "2.001" (CIP identity object, 100)
			< sender/slot 3: serial = "01020304" (CIP identity object, 100)
			< sender/slot 3: model = "NX-EI" (CIP identity object, 100)
			< response cip 0x01 "get attributes all" discover [class 0x01 identity] unit=0 first=1
			` + rrAsk + `
			> request cip 0x52 "unconnected send" other [class 0x06 connection manager] unit=0 first=1
			> request cip 0x03 "get attribute list" discover [class 0x01 identity] unit=0 first=1 count=4
			` + rrAnswer + `
			< sender/port 2 192.168.7.9, slot 0: firmware = "30.011" (CIP identity object, 100)
			< sender/port 2 192.168.7.9, slot 0: model = "ABC" (CIP identity object, 100)
			< sender/port 2 192.168.7.9, slot 0: state = "operational" (CIP identity object, 90)
			< sender/port 2 192.168.7.9, slot 0: protection = "key switch remote" (CIP identity object, 90)
			< sender/port 2 192.168.7.9, slot 0: state = "program" (CIP identity object, 90)
			< response cip 0x03 "get attribute list" discover [class 0x01 identity] unit=0 first=1 count=4
			` + rrAsk + `
			> request cip 0x52 "unconnected send" other [class 0x06 connection manager] unit=0 first=1
			> request cip 0x0e "get attribute single" discover [class 0x01 identity] unit=1 first=1
			` + rrAnswer + `
			< response cip 0x52 "unconnected send" other [class 0x06 connection manager] unit=0 first=1 failed "unconnected request timed out"`,
	},
	{
		Name: "single attributes of the identity",
		Messages: lines(
			"> "+rr(1, "0e 03 2001 2401 3001"), "< "+rr(1, "8e 00 00 00 f300"),
			"> "+rr(2, "0e 03 2001 2401 3002"), "< "+rr(2, "8e 00 00 00 1800"),
			"> "+rr(3, "0e 03 2001 2401 3007"), "< "+rr(3, "8e 00 00 00 04 'TM5x'"),
			"> "+rr(4, "0e 03 2001 2402 3007"), "< "+rr(4, "8e 00 00 00 04 'TM5x'")),
		Want: `
			> client
			` + rrAsk + `
			> request cip 0x0e "get attribute single" discover [class 0x01 identity] unit=1 first=1
			` + rrAnswer + `
			< sender: vendor = "Schneider Electric" (CIP identity object, 100)
			< response cip 0x0e "get attribute single" discover [class 0x01 identity] unit=1 first=1 = f300
			` + rrAsk + `
			> request cip 0x0e "get attribute single" discover [class 0x01 identity] unit=2 first=1
			` + rrAnswer + `
			< sender: device_type = "Human-Machine Interface" (CIP identity object, 100)
			< sender: role_hint = "hmi" (CIP identity object, 90)
			< response cip 0x0e "get attribute single" discover [class 0x01 identity] unit=2 first=1 = 1800
			` + rrAsk + `
			> request cip 0x0e "get attribute single" discover [class 0x01 identity] unit=7 first=1
			` + rrAnswer + `
			< sender: model = "TM5x" (CIP identity object, 100)
			< response cip 0x0e "get attribute single" discover [class 0x01 identity] unit=7 first=1 = 04544d3578
			` + rrAsk + `
			> request cip 0x0e "get attribute single" discover [class 0x01 identity] unit=7 first=2
			` + rrAnswer + `
			< response cip 0x0e "get attribute single" discover [class 0x01 identity] unit=7 first=2 = 04544d3578`,
	},
	{
		Name: "program and its changes, on a connection of unknown path",
		Messages: lines(
			"> "+unit(0x10, 1, "03 02 2064 2401 0200 0100 0200"),
			"< "+unit(0x20, 1, "83 00 00 00 0200 0100 0000 0500 'Mixer' 0200 0000 0400 'Hall'"),
			"> "+unit(0x10, 2, "03 02 20ac 2401 0300 0100 0300 0a00"),
			"< "+unit(0x20, 2, "83 00 00 00 0300 0100 0000 0500 0300 0000 f3c4c303 0a00 0000 8422df48"),
			"> "+unit(0x10, 3, "01 02 20ac 2401"),
			"< "+unit(0x20, 3, "81 00 00 00 0500 0100 f3c4c303 00000000"),
			"> "+unit(0x10, 4, "01 02 2064 2401"),
			"< "+unit(0x20, 4, "81 00 00 00 0500 'Mixer'")),
		Want: `
			> client
			` + unitAsk + `
			> request cip 0x03 "get attribute list" discover [class 0x64 controller name] unit=0 first=1 count=2
			` + unitAnswer + `
			< sender: program = "Mixer" (Logix controller name, 60)
			< sender: description = "Hall" (Logix controller description, 60)
			< response cip 0x03 "get attribute list" discover [class 0x64 controller name] unit=0 first=1 count=2
			` + unitAsk + `
			> request cip 0x03 "get attribute list" read [class 0xac program changes] unit=0 first=1 count=3
			` + unitAnswer + `
			< sender: program_id = "03c3c4f3" (Logix program changes, 60)
			< response cip 0x03 "get attribute list" read [class 0xac program changes] unit=0 first=1 count=3
			` + unitAsk + `
			> request cip 0x01 "get attributes all" read [class 0xac program changes] unit=0 first=1
			` + unitAnswer + `
			< sender: program_id = "03c3c4f3" (Logix program changes, 60)
			< response cip 0x01 "get attributes all" read [class 0xac program changes] unit=0 first=1
			` + unitAsk + `
			> request cip 0x01 "get attributes all" discover [class 0x64 controller name] unit=0 first=1
			` + unitAnswer + `
			< sender: program = "Mixer" (Logix controller name, 60)
			< response cip 0x01 "get attributes all" discover [class 0x64 controller name] unit=0 first=1`,
	},
	{
		Name: "address, name and MAC of the host",
		Messages: lines(
			"> "+rr(1, "01 02 20f5 2401"),
			"< "+rr(1, "81 00 00 00 01000000 17000000 01000000 0200 20f6 2401 0200000a 00ffffff 0100000a 00000000 00000000"+
				"0300 'lan' 00 0400 'mix1'"),
			"> "+rr(2, "0e 03 20f6 2401 3003"),
			"< "+rr(2, "8e 00 00 00 0000bc3eebe4")),
		Want: `
			> client
			` + rrAsk + `
			> request cip 0x01 "get attributes all" read [class 0xf5 tcp/ip interface] unit=0 first=1
			` + rrAnswer + `
			< sender: ip_assigned = "10.0.0.2" (CIP TCP/IP object, 95)
			< sender: gateway = "10.0.0.1" (CIP TCP/IP object, 95)
			< sender: domain = "lan" (CIP TCP/IP object, 90)
			< sender: hostname = "mix1" (CIP TCP/IP object, 95)
			< response cip 0x01 "get attributes all" read [class 0xf5 tcp/ip interface] unit=0 first=1
			` + rrAsk + `
			> request cip 0x0e "get attribute single" read [class 0xf6 ethernet link] unit=3 first=1
			` + rrAnswer + `
			< sender: mac_stated = "00:00:bc:3e:eb:e4" (CIP Ethernet link object, 95)
			< response cip 0x0e "get attribute single" read [class 0xf6 ethernet link] unit=3 first=1 = 0000bc3eebe4`,
	},
}

// pccc puts a command into Execute PCCC, or an answer into its answer.
func pccc(command string) string   { return "4b 02 2067 2401 07 4d00 e0312b3d" + command }
func pcccBack(reply string) string { return "cb 00 00 00 07 4d00 e0312b3d" + reply }

const (
	executes = `execute pccc" other [class 0x67 pccc] unit=0 first=1`
	executed = `
			` + `< response cip 0x4b "` + executes
)

var pcccCases = []prototest.Case{
	{
		Name: "PCCC reads, writes, identity and mode",
		Messages: lines(
			"> "+rr(1, pccc("06 00 0100 03")),
			"< "+rr(1, pcccBack("46 00 0100 00 ee 4a 9f 23 '1766-LEC   ' 0000 2600 36829efc01")),
			"> "+rr(2, pccc("0f 00 0200 a2 02 07 89 05 00")),
			"< "+rr(2, pcccBack("4f 00 0200 feff")),
			"> "+rr(3, pccc("0f 00 0300 aa 04 ff2c01 8a 00 00 0000c03f")),
			"< "+rr(3, pcccBack("4f f0 0300 0b")),
			"> "+rr(4, pccc("0f 00 0400 80 01")),
			"< "+rr(4, pcccBack("4f 10 0400")),
			"> "+rr(5, pccc("0f 00 0500 01 0000 0100 00 '$N7:0' 00 02")),
			"> "+rr(6, pccc("0f 00 0600 00 0000 0100 06 07 03 0100")),
			"> "+rr(7, pccc("01 00 0700 1000 02")),
			"> "+rr(8, pccc("0f 00 0800 50")),
			"> "+rr(9, pccc("0f 00 0900 a3 ff")),
			"< "+rr(99, pcccBack("4f 00 9900"))),
		Want: `
			> client
			` + rrAsk + `
			> request cip 0x4b "` + executes + `
			> request pccc 0x06/0x03 "diagnostic status" discover unit=0 first=0
			` + rrAnswer + executed + `
			< sender: vendor = "Rockwell Automation/Allen-Bradley" (PCCC diagnostic status, 90)
			< sender: model = "1766-LEC" (PCCC diagnostic status, 95)
			< sender: role_hint = "plc" (PCCC diagnostic status, 90)
			< sender: state = "run" (PCCC diagnostic status, 80)
			< response pccc 0x06/0x03 "diagnostic status" discover unit=0 first=0
			` + rrAsk + `
			> request cip 0x4b "` + executes + `
			> request pccc 0x0f/0xa2 "protected typed logical read with three address fields" read [integer file (N)] unit=7 first=5 count=2
			` + rrAnswer + executed + `
			< response pccc 0x0f/0xa2 "protected typed logical read with three address fields" read [integer file (N)] unit=7 first=5 count=2 = -2
			` + rrAsk + `
			> request cip 0x4b "` + executes + `
			> request pccc 0x0f/0xaa "protected typed logical write with three address fields" write [float file (F)] unit=300 first=0 count=4 = 1.5
			` + rrAnswer + executed + `
			< response pccc 0x0f/0xaa "protected typed logical write with three address fields" write [float file (F)] unit=300 first=0 count=4 failed "access denied, improper privilege"
			` + rrAsk + `
			> request cip 0x4b "` + executes + `
			> request pccc 0x0f/0x80 "change mode" control unit=0 first=0 = 1
			` + rrAnswer + executed + `
			< response pccc 0x0f/0x80 "change mode" control unit=0 first=0 failed "illegal command or format"
			` + rrAsk + `
			> request cip 0x4b "` + executes + `
			> request pccc 0x0f/0x01 "word range read" read unit=0 first=0 name="N7:0"
			` + rrAsk + `
			> request cip 0x4b "` + executes + `
			> request pccc 0x0f/0x00 "word range write" write unit=7 first=3
			` + rrAsk + `
			> request cip 0x4b "` + executes + `
			> request pccc 0x01 "unprotected read" read unit=0 first=16 count=2
			` + rrAsk + `
			> request cip 0x4b "` + executes + `
			> request pccc 0x0f/0x50 "download all request" program unit=0 first=0
			` + rrAsk + `
			> request cip 0x4b "` + executes + `
			> request pccc 0x0f/0xa3 "command 0x0f/0xa3" other unit=0 first=0
			` + rrAnswer + `
			< response cip 0x4b "service 0x4b" other`,
	},
	{
		Name:     "PCCC cut",
		Messages: "> " + rr(1, pccc("0f 00")),
		Want: `
			> client
			` + rrAsk + `
			> request cip 0x4b "` + executes + `
			error: TNS at byte 15: short input`,
	},
}
