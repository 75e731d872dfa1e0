package s7comm

import "github.com/bulkhead-ot/bulkhead/proto/prototest"

var identities = []prototest.Case{
	{
		Name: "module and component identification",
		Messages: `
			> 0300 0021 02f080 3207 0000 0001 0008 0008 000112 04 11 44 01 00 ff 09 0004 0011 0000
			< 0300 0099 02f080 3207 0000 0001 000c 007c 000112 08 12 84 01 01 01 00 0000 ff 09 0078 0011 0000 001c 0004
			0001 36455337203331352d32454831342d3041423020 00c0 0003 0001 0006
			36455337203331352d32454831342d3041423020 00c0 0003 0001 0007 2020202020202020202020202020202020202020
			00c0 5603 0207 0081 426f6f74204c6f61646572202020202020202020 0000 4120 0909
			> 0300 0021 02f080 3207 0000 0002 0008 0008 000112 04 11 44 01 00 ff 09 0004 001c 0000
			< 0300 015b 02f080 3207 0000 0002 000c 013e 000112 08 12 84 01 01 01 00 0000 ff 09 013a 001c 0000 0022 0009
			0001 53373330302073746174696f6e00000000000000000000000000000000000000 0002
			504c435f31000000000000000000000000000000000000000000000000000000 0003
			48616c6c20330000000000000000000000000000000000000000000000000000 0004
			4f726967696e616c205369656d656e732045717569706d656e74000000000000 0005
			5320432d42315533393331343230313100000000000000000000000000000000 0007
			435055203331352d3220504e2f44500000000000000000000000000000000000 0008
			4d4d432034413141433031390000000000000000000000000000000000000000 0009 002a f600 0001
			0000000000000000000000000000000000000000000000000000 000b
			636162696e657420370000000000000000000000000000000000000000000000`,
		Want: `
			> client
			> request s7comm userdata 4.1 "read szl" diagnose [system status list] unit=0 first=17
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< sender: order_number = "6ES7 315-2EH14-0AB0" (S7 SZL 0x11 module identification, 100)
			< sender: hardware = "3" (S7 SZL 0x11 module identification, 90)
			< sender: firmware = "V3.2.7" (S7 SZL 0x11 module identification, 100)
			< sender: software = "Boot Loader A32.9.9" (S7 SZL 0x11 module identification, 90)
			< response s7comm userdata 4.1 "read szl" diagnose [system status list] unit=0 first=17
			> request s7comm userdata 4.1 "read szl" diagnose [system status list] unit=0 first=28
			< sender: device_name = "S7300 station" (S7 SZL 0x1c component identification, 100)
			< sender: description = "PLC_1" (S7 SZL 0x1c component identification, 90)
			< sender: location = "Hall 3" (S7 SZL 0x1c component identification, 90)
			< sender: vendor = "Siemens" (S7 SZL 0x1c component identification, 85)
			< sender: serial = "S C-B1U393142011" (S7 SZL 0x1c component identification, 100)
			< sender: model = "CPU 315-2 PN/DP" (S7 SZL 0x1c component identification, 100)
			< sender/memory card: serial = "MMC 4A1AC019" (S7 SZL 0x1c component identification, 95)
			< sender: vendor = "Siemens" (S7 SZL 0x1c component identification, 95)
			< sender: location = "cabinet 7" (S7 SZL 0x1c component identification, 100)
			< response s7comm userdata 4.1 "read szl" diagnose [system status list] unit=0 first=28`,
	},
	{
		Name: "list in two data units, refused list",
		Messages: `
			> 0300 0021 02f080 3207 0000 0002 0008 0008 000112 04 11 44 01 00 ff 09 0004 001c 0000
			< 0300 005d 02f080 3207 0000 0002 000c 0040 000112 08 12 84 01 01 01 01 0000 ff 09 003c
			001c000000220009000153373330302073746174696f6e000000000000000000000000000000000000000002504c435f
			310000000000000000000000
			> 0300 0021 02f080 3207 0000 0003 000c 0004 000112 08 12 44 01 01 01 00 0000 0a 00 0000
			< 0300 011f 02f080 3207 0000 0003 000c 0102 000112 08 12 84 01 01 01 00 0000 ff 09 00fe
			00000000000000000000000000000000000348616c6c2033000000000000000000000000000000000000000000000000
			000000044f726967696e616c205369656d656e732045717569706d656e7400000000000000055320432d423155333933
			313432303131000000000000000000000000000000000007435055203331352d3220504e2f4450000000000000000000
			000000000000000000084d4d4320344131414330313900000000000000000000000000000000000000000009002af600
			00010000000000000000000000000000000000000000000000000000000b636162696e65742037000000000000000000
			0000000000000000000000000000
			> 0300 0021 02f080 3207 0000 0004 0008 0008 000112 04 11 44 01 00 ff 09 0004 0fff 0000
			< 0300 0021 02f080 3207 0000 0004 000c 0004 000112 08 12 84 01 01 01 00 d401 0a 00 0000`,
		Want: `
			> client
			> request s7comm userdata 4.1 "read szl" diagnose [system status list] unit=0 first=28
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm userdata 4.1 "read szl" diagnose [system status list] unit=0 first=28
			> request s7comm userdata 4.1 "read szl" diagnose [system status list]
			< sender: device_name = "S7300 station" (S7 SZL 0x1c component identification, 100)
			< sender: description = "PLC_1" (S7 SZL 0x1c component identification, 90)
			< sender: location = "Hall 3" (S7 SZL 0x1c component identification, 90)
			< sender: vendor = "Siemens" (S7 SZL 0x1c component identification, 85)
			< sender: serial = "S C-B1U393142011" (S7 SZL 0x1c component identification, 100)
			< sender: model = "CPU 315-2 PN/DP" (S7 SZL 0x1c component identification, 100)
			< sender/memory card: serial = "MMC 4A1AC019" (S7 SZL 0x1c component identification, 95)
			< sender: vendor = "Siemens" (S7 SZL 0x1c component identification, 95)
			< sender: location = "cabinet 7" (S7 SZL 0x1c component identification, 100)
			< response s7comm userdata 4.1 "read szl" diagnose [system status list]
			> request s7comm userdata 4.1 "read szl" diagnose [system status list] unit=0 first=4095
			< response s7comm userdata 4.1 "read szl" diagnose [system status list] unit=0 first=4095 failed "information not available"`,
	},
	{
		Name: "state and protection",
		Messages: `
			> 0300 0021 02f080 3207 0000 0001 0008 0008 000112 04 11 44 01 00 ff 09 0004 0424 0000
			< 0300 003d 02f080 3207 0000 0001 000c 0020 000112 08 12 84 01 01 01 00 0000 ff 09 001c 0424 0000 0014 0001
			5144 ff 08 00000000 00000000 14010100 00000000
			> 0300 0021 02f080 3207 0000 0002 0008 0008 000112 04 11 44 01 00 ff 09 0004 0132 0004
			< 0300 0051 02f080 3207 0000 0002 000c 0034 000112 08 12 84 01 01 01 00 0000 ff 09 0030 0132 0004 0028 0001
			0004 0002 0003 0003 0002 0001 00000000000000000000000000000000000000000000000000000000
			< 0300 0019 02f080 3207 0000 0000 0008 0000 000112 04 00 00 00 00
			< 0300 0019 02f080 3207 0000 0000 0008 0000 000112 04 00 00 02 00
			< 0300 0019 02f080 3207 0000 0000 0008 0000 000112 04 00 00 77 00`,
		Want: `
			> client
			> request s7comm userdata 4.1 "read szl" diagnose [system status list] unit=0 first=1060
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< sender: state = "run" (S7 SZL 0x24 mode, 100)
			< response s7comm userdata 4.1 "read szl" diagnose [system status list] unit=0 first=1060
			> request s7comm userdata 4.1 "read szl" diagnose [system status list] unit=4 first=306
			< sender: protection = "level 3, set to 3, key switch RUN-P" (S7 SZL 0x0132 index 4, 100)
			< response s7comm userdata 4.1 "read szl" diagnose [system status list] unit=4 first=306
			< sender: state = "stop" (S7 mode transition, 95)
			< notice s7comm userdata 0.0 "mode transition: stop" diagnose
			< sender: state = "run" (S7 mode transition, 95)
			< notice s7comm userdata 0.2 "mode transition: run" diagnose
			< notice s7comm userdata 0.119 "function group 0, subfunction 119" other`,
	},
}
