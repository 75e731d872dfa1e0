package s7comm

import "github.com/bulkhead-ot/bulkhead/proto/prototest"

var variables = []prototest.Case{
	{
		Name: "connect and set up",
		Messages: `
			> 0300 0016 11 e0 0000 0007 00 c1 02 0200 c2 02 0202 c0 01 0a
			< 0300 0016 11 d0 0007 0003 00 c0 01 0a c1 02 0200 c2 02 0202
			> 0300 0019 02f080 3201 0000 0001 0008 0000 f0 00 0001 0001 03c0
			< 0300 001b 02f080 3203 0000 0001 0008 0000 0000 f0 00 0001 0001 00f0`,
		Want: `
			> client
			> sender: role_hint = "hmi" (COTP connection of type OP, 35)
			> conversation: session_endpoint = "TSAP 02.00 -> 02.02: OP, rack 0 slot 2" (COTP connection request, 100)
			> request s7comm 0xf0 "setup communication" login
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm 0xf0 "setup communication" login
			< conversation: session_note = "S7 PDU of 240 bytes, parallel jobs 1 and 1" (S7 setup communication, 100)`,
	},
	{
		Name: "read and write of one item",
		Messages: `
			> 0300 001f 02f080 3201 0000 0002 000e 0000 04 01 12 0a 10 05 0001 000a 84 000010
			< 0300 001b 02f080 3203 0000 0002 0002 0006 0000 04 01 ff 04 0010 fffe
			> 0300 0024 02f080 3201 0000 0003 000e 0005 05 01 12 0a 10 01 0001 0000 83 000029 00 03 0001 01
			< 0300 0016 02f080 3203 0000 0003 0002 0001 0000 05 01 ff
			> 0300 0027 02f080 3201 0000 0004 000e 0008 05 01 12 0a 10 08 0001 0001 84 000000 00 07 0004 41480000
			< 0300 0016 02f080 3203 0000 0004 0002 0001 0000 05 01 05
			> 0300 001f 02f080 3201 0000 0005 000e 0000 04 01 12 0a 10 06 0001 0000 82 000000
			< 0300 001d 02f080 3203 0000 0005 0002 0008 0000 04 01 ff 04 0020 80000001
			> 0300 001f 02f080 3201 0000 0006 000e 0000 04 01 12 0a 10 07 0001 0000 81 000000
			< 0300 001d 02f080 3203 0000 0006 0002 0008 0000 04 01 ff 05 0020 ffffffff
			> 0300 001f 02f080 3201 0000 0007 000e 0000 04 01 12 0a 10 1d 0001 0000 1d 000005
			< 0300 001b 02f080 3203 0000 0007 0002 0006 0000 04 01 ff 09 0002 2127`,
		Want: `
			> client
			> request s7comm 0x04 "read var" read [DB] unit=10 first=16 count=16
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm 0x04 "read var" read [DB] unit=10 first=16 count=16 = -2
			> request s7comm 0x05 "write var" write [flags] unit=0 first=41 count=1 = true
			< response s7comm 0x05 "write var" write [flags] unit=0 first=41 count=1
			> request s7comm 0x05 "write var" write [DB] unit=1 first=0 count=32 = 12.5
			< response s7comm 0x05 "write var" write [DB] unit=1 first=0 count=32 failed "address out of range"
			> request s7comm 0x04 "read var" read [outputs] unit=0 first=0 count=32
			< response s7comm 0x04 "read var" read [outputs] unit=0 first=0 count=32 = 2147483649
			> request s7comm 0x04 "read var" read [inputs] unit=0 first=0 count=32
			< response s7comm 0x04 "read var" read [inputs] unit=0 first=0 count=32 = -1
			> request s7comm 0x04 "read var" read [timers] unit=0 first=5 count=1
			< response s7comm 0x04 "read var" read [timers] unit=0 first=5 count=1 = 2127`,
	},
	{
		Name: "several items",
		Messages: `
			> 0300 002b 02f080 3201 0000 0002 001a 0000 04 02 12 0a 10 02 0004 000a 84 000010 12 0a 10 04 0002 000a 84
			0000a0
			< 0300 0025 02f080 3203 0000 0002 0002 0010 0000 04 02 ff 04 0018 010203 00 ff 04 0020 00010002
			> 0300 002b 02f080 3201 0000 0003 001a 0000 04 02 12 0a 10 02 0001 000a 84 000000 12 0a 10 02 0001 0000 83
			000008
			< 0300 001f 02f080 3203 0000 0003 0002 000a 0000 04 02 ff 04 0008 01 00 0a 00 0000
			> 0300 0036 02f080 3201 0000 0004 001a 000b 05 02 12 0a 10 02 0001 000a 84 000000 12 0a 10 02 0001 000b 84
			000008 00 04 0008 01 00 00 04 0008 02
			< 0300 0017 02f080 3203 0000 0004 0002 0002 0000 05 02 ff 03`,
		Want: `
			> client
			> request s7comm 0x04 "read var" read [DB] unit=10 first=16 count=176
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm 0x04 "read var" read [DB] unit=10 first=16 count=176
			> request s7comm 0x04 "read var" read [several areas] unit=10 first=0 count=8
			< response s7comm 0x04 "read var" read [several areas] unit=10 first=0 count=8 failed "object does not exist"
			> request s7comm 0x05 "write var" write [DB] unit=10 first=0 count=8
			< response s7comm 0x05 "write var" write [DB] unit=10 first=0 count=8 failed "access to the object not allowed"`,
	},
	{
		Name: "other syntaxes",
		Messages: `
			> 0300 001d 02f080 3201 0000 0002 000c 0000 04 01 12 08 82 41 0003 0001 7f 01
			> 0300 001f 02f080 3201 0000 0003 000e 0000 04 01 12 0a a2 08 0001 0002 0015 0000
			> 0300 001c 02f080 3201 0000 0004 000b 0000 04 01 12 07 b0 01 04 0005 0002
			> 0300 0023 02f080 3201 0000 0005 0012 0000 04 01 12 0e b2 ff 8a0e 0003 11223344 20000001
			> 0300 0026 02f080 3201 0000 0006 0015 0000 04 02 12 07 b0 01 04 0005 0002 00 12 07 b0 01 04 0005 0010
			> 0300 0017 02f080 3201 0000 0007 0006 0000 04 01 12 02 99 00
			> 0300 0021 02f080 3201 0000 0008 000a 0006 05 01 12 06 13 00 00000001 00 09 0002 0102`,
		Want: `
			> client
			> request s7comm 0x04 "read var" read [NCK variables] unit=127 first=196609 count=1
			> request s7comm 0x04 "read var" read [drive parameters] unit=2 first=1376256 count=1
			> request s7comm 0x04 "read var" read [DB] unit=5 first=16 count=32
			> request s7comm 0x04 "read var" read [symbols] unit=3 first=287454020 count=1
			> request s7comm 0x04 "read var" read [DB] unit=5 first=16 count=144
			> request s7comm 0x04 "read var" read [unknown area] unit=0 first=0
			> request s7comm 0x05 "write var" write [block send] unit=0 first=0 = 0102`,
	},
	{
		Name: "segmented over two DTs, answer without request",
		Messages: `
			< 0300 0007 02f000 0300 0010 02f000 3203 0000 0002 0002 00 0300 0011 02f080 05 0000 04 01 ff 04 0008 07`,
		Want: `
			< server
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm 0x04 "read var" read = 07`,
	},
	{
		Name: "repeated reference, lost bytes",
		Messages: `
			> 0300 001f 02f080 3201 0000 0000 000e 0000 04 01 12 0a 10 02 0001 0001 84 000000
			> 0300 001f 02f080 3201 0000 0000 000e 0000 04 01 12 0a 10 02 0001 0002 84 000000
			< 0300 001a 02f080 3203 0000 0000 0002 0005 0000 04 01 ff 04 0008 09
			gap >
			< 0300 001a 02f080 3203 0000 0000 0002 0005 0000 04 01 ff 04 0008 0a`,
		Want: `
			> client
			> request s7comm 0x04 "read var" read [DB] unit=1 first=0 count=8
			> request s7comm 0x04 "read var" read [DB] unit=2 first=0 count=8
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm 0x04 "read var" read [DB] unit=2 first=0 count=8 = 9
			< response s7comm 0x04 "read var" read = 0a`,
	},
}
