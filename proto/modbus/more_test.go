package modbus

import (
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var more = []prototest.Case{
	{
		Name: "all public functions",
		Messages: `
			> 0001 0000 0006 01 01 0000 0001
			< 0001 0000 0004 01 01 01 01
			> 0002 0000 0006 01 02 0000 0009
			< 0002 0000 0005 01 02 02 ff01
			> 0003 0000 0006 01 04 0000 0002
			< 0003 0000 0007 01 04 04 00010002
			> 0004 0000 0006 01 05 0001 ff00
			< 0004 0000 0006 01 05 0001 ff00
			> 0005 0000 0002 01 07
			< 0005 0000 0003 01 07 6d
			> 0006 0000 0006 01 08 0001 0000
			< 0006 0000 0006 01 08 0001 0000
			> 0007 0000 0006 01 08 0004 0000
			> 0008 0000 0006 01 08 000a 0000
			> 0009 0000 0002 01 0b
			< 0009 0000 0006 01 0b ffff 0108
			> 000a 0000 0002 01 0c
			< 000a 0000 000b 01 0c 08 0000 0108 0121 2000
			> 000b 0000 0009 01 0f 0013 000a 02 cd01
			< 000b 0000 0006 01 0f 0013 000a
			> 000c 0000 000b 01 10 0001 0002 04 000a 0102
			< 000c 0000 0006 01 10 0001 0002
			> 000d 0000 000a 01 14 07 06 0004 0001 0002
			< 000d 0000 0009 01 14 06 05 06 0dfe 0020
			> 000e 0000 000c 01 15 09 06 0004 0007 0001 06af
			< 000e 0000 000c 01 15 09 06 0004 0007 0001 06af
			> 000f 0000 0008 01 16 0004 00f2 0025
			< 000f 0000 0008 01 16 0004 00f2 0025
			> 0010 0000 000d 01 17 0003 0006 000e 0001 02 00ff
			< 0010 0000 0005 01 17 02 00fe
			> 0011 0000 0004 01 18 04de
			< 0011 0000 000a 01 18 0006 0002 01b8 1284
			> 0012 0000 0004 01 2b 0d 00
			< 0012 0000 0004 01 2b 0d 00
			> 0013 0000 0003 01 41 01
			< 0013 0000 0003 01 c1 01`,
		Want: `
			> client
			> request modbus 1 "read coils" read [coils] unit=1 first=0 count=1
			< response modbus 1 "read coils" read [coils] unit=1 first=0 count=1 = true
			> request modbus 2 "read discrete inputs" read [discrete inputs] unit=1 first=0 count=9
			< response modbus 2 "read discrete inputs" read [discrete inputs] unit=1 first=0 count=9 = ff01
			> request modbus 4 "read input registers" read [input registers] unit=1 first=0 count=2
			< response modbus 4 "read input registers" read [input registers] unit=1 first=0 count=2 = 00010002
			> request modbus 5 "write single coil" write [coils] unit=1 first=1 count=1 = true
			< response modbus 5 "write single coil" write [coils] unit=1 first=1 count=1
			> request modbus 7 "read exception status" diagnose unit=1 first=0
			< response modbus 7 "read exception status" diagnose unit=1 first=0
			> request modbus 8 "diagnostics: restart communications" control unit=1 first=0
			< response modbus 8 "diagnostics: restart communications" control unit=1 first=0
			> request modbus 8 "diagnostics: force listen only mode" control unit=1 first=0
			> request modbus 8 "diagnostics: clear counters" diagnose unit=1 first=0
			> request modbus 11 "get comm event counter" diagnose unit=1 first=0
			< response modbus 11 "get comm event counter" diagnose unit=1 first=0
			> request modbus 12 "get comm event log" diagnose unit=1 first=0
			< response modbus 12 "get comm event log" diagnose unit=1 first=0
			> request modbus 15 "write multiple coils" write [coils] unit=1 first=19 count=10 = cd01
			< response modbus 15 "write multiple coils" write [coils] unit=1 first=19 count=10
			> request modbus 16 "write multiple registers" write [holding registers] unit=1 first=1 count=2 = 000a0102
			< response modbus 16 "write multiple registers" write [holding registers] unit=1 first=1 count=2
			> request modbus 20 "read file record" read [file records] unit=1 first=0
			< response modbus 20 "read file record" read [file records] unit=1 first=0
			> request modbus 21 "write file record" write [file records] unit=1 first=0
			< response modbus 21 "write file record" write [file records] unit=1 first=0
			> request modbus 22 "mask write register" write [holding registers] unit=1 first=4 count=1 = 00f20025
			< response modbus 22 "mask write register" write [holding registers] unit=1 first=4 count=1
			> request modbus 23 "read/write multiple registers" write [holding registers] unit=1 first=14 count=1 = 00ff
			< response modbus 23 "read/write multiple registers" write [holding registers] unit=1 first=14 count=1 = 254
			> request modbus 24 "read fifo queue" read [fifo queue] unit=1 first=1246
			< response modbus 24 "read fifo queue" read [fifo queue] unit=1 first=1246
			> request modbus 43 "CANopen general reference" other [CANopen] unit=1 first=0
			< response modbus 43 "CANopen general reference" other [CANopen] unit=1 first=0
			> request modbus 65 "function 65" other unit=1 first=0
			< response modbus 65 "function 65" other unit=1 first=0 failed "illegal function"`,
	},
	{
		Name: "pipelined, the same transaction, answers for other requests",
		Messages: `
			> 0000 0000 0006 01 03 0000 0001 0000 0000 0006 01 03 0010 0002 0000 0000 0006 02 03 0020 0001
			< 0000 0000 0005 01 03 02 0007 0000 0000 0005 02 03 02 0009 0000 0000 0007 01 03 04 00010002
			< 0000 0000 0005 01 03 02 0008
			> 0005 0000 0006 01 06 0001 0002
			< 0005 0000 0006 01 06 0009 0002`,
		Want: `
			> client
			> request modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1
			> request modbus 3 "read holding registers" read [holding registers] unit=1 first=16 count=2
			> request modbus 3 "read holding registers" read [holding registers] unit=2 first=32 count=1
			< response modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1 = 7
			< response modbus 3 "read holding registers" read [holding registers] unit=2 first=32 count=1 = 9
			< response modbus 3 "read holding registers" read [holding registers] unit=1 first=16 count=2 = 00010002
			< response modbus 3 "read holding registers" read [holding registers] unit=1 first=0 = 8
			> request modbus 6 "write single register" write [holding registers] unit=1 first=1 count=1 = 2
			< response modbus 6 "write single register" write [holding registers] unit=1 first=9`,
	},
	{
		Name: "gateway with several units",
		Messages: `
			> 0002 0000 0006 02 03 0000 0001
			< 0002 0000 0005 02 03 02 0001
			> 0003 0000 0006 03 03 0000 0001
			< 0003 0000 0005 03 03 02 0001
			> 0004 0000 0006 04 03 0000 0001
			< 0004 0000 0005 04 03 02 0001
			> 0004 0000 0006 04 03 0000 0001
			< 0004 0000 0005 04 03 02 0001
			> 0009 0000 0006 09 03 0000 0001
			< 0009 0000 0003 09 83 0b`,
		Want: `
			> client
			> request modbus 3 "read holding registers" read [holding registers] unit=2 first=0 count=1
			< response modbus 3 "read holding registers" read [holding registers] unit=2 first=0 count=1 = 1
			> request modbus 3 "read holding registers" read [holding registers] unit=3 first=0 count=1
			< response modbus 3 "read holding registers" read [holding registers] unit=3 first=0 count=1 = 1
			> request modbus 3 "read holding registers" read [holding registers] unit=4 first=0 count=1
			< sender: role_hint = "gateway" (Modbus answers for several units, 45)
			< response modbus 3 "read holding registers" read [holding registers] unit=4 first=0 count=1 = 1
			> request modbus 3 "read holding registers" read [holding registers] unit=4 first=0 count=1
			< response modbus 3 "read holding registers" read [holding registers] unit=4 first=0 count=1 = 1
			> request modbus 3 "read holding registers" read [holding registers] unit=9 first=0 count=1
			< response modbus 3 "read holding registers" read [holding registers] unit=9 first=0 count=1 failed "gateway target device failed to respond"`,
	},
	{
		Name: "report server id",
		Messages: `
			> 0001 0000 0002 01 11
			< 0001 0000 000f 01 11 0c 2a ff 00 50756d702037205632
			> 0002 0000 0002 01 11
			< 0002 0000 0005 01 11 02 01 00`,
		Want: `
			> client
			> request modbus 17 "report server id" discover unit=1 first=0
			< sender: state = "run" (Modbus report server id, 60)
			< sender: description = "Pump 7 V2" (Modbus report server id, 60)
			< response modbus 17 "report server id" discover unit=1 first=0
			> request modbus 17 "report server id" discover unit=1 first=0
			< sender: state = "stop" (Modbus report server id, 40)
			< response modbus 17 "report server id" discover unit=1 first=0`,
	},
	{
		Name: "extended and individual identification",
		Messages: `
			> 0001 0000 0005 01 2b 0e 03 00
			< 0001 0000 0020 01 2b 0e 03 83 00 00 04 00 04 41636d65 01 05 504d2d3820 04 05 4d65746572 80 02 0102
			> 0002 0000 0005 01 2b 0e 04 06
			< 0002 0000 000f 01 2b 0e 04 83 00 00 01 06 05 48616c6c33
			> 0003 0000 0005 01 2b 0e 01 00
			< 0003 0000 0005 01 2b 0e 01 00`,
		Want: `
			> client
			> request modbus 43 "read device identification" discover [device identification] unit=1 first=0
			< sender: vendor = "Acme" (Modbus device identification, 95)
			< sender: order_number = "PM-8" (Modbus device identification, 90)
			< sender: model = "Meter" (Modbus device identification, 95)
			< response modbus 43 "read device identification" discover [device identification] unit=1 first=0
			> request modbus 43 "read device identification" discover [device identification] unit=1 first=0
			< sender: program = "Hall3" (Modbus device identification, 80)
			< response modbus 43 "read device identification" discover [device identification] unit=1 first=0
			> request modbus 43 "read device identification" discover [device identification] unit=1 first=0
			< response modbus 43 "read device identification" discover [device identification] unit=1 first=0`,
	},
	{
		Name: "UMAS identity, reservation, program",
		Messages: `
			> 0001 0000 0005 00 5a 01 01 00
			< 0001 0000 0015 00 5a 01 fe fd03 3002 00000000 00000000 04 4d333430
			> 0002 0000 0004 00 5a 01 02
			< 0002 0000 0028 00 5a 01 fe 0100 00000000 0000 7002 0000 0000 0000 00000000 0000 0c 424d58205033342032303230 00
			> 0003 0000 000f 00 5a 01 10 3b0e0000 06 454e472d5043
			< 0003 0000 0005 00 5a 01 fe 01
			> 0004 0000 0005 00 5a 01 03 00
			< 0004 0000 0015 00 5a 01 fe 0102 46696c6c696e675f4c696e65 00 0001
			> 0005 0000 0010 00 5a 01 22 78563412 01 02 3000 01 0000 00
			< 0005 0000 0006 00 5a 01 fe 0000
			> 0006 0000 0010 00 5a 01 22 78563412 01 02 3000 01 0000 00
			> 0007 0000 000e 00 5a 01 34 0001 0100 0400 00010203
			< 0007 0000 0004 00 5a 01 fe
			> 0008 0000 0006 00 5a 01 40 ff00
			< 0008 0000 0004 00 5a 01 fe`,
		Want: `
			> client
			> request modbus 90 "umas 0x01 init communication" login [umas] unit=0 first=0
			< sender: device_name = "M340" (UMAS init communication, 70)
			< response modbus 90 "umas 0x01 init communication" login [umas] unit=0 first=0
			> request modbus 90 "umas 0x02 read id" discover [umas] unit=0 first=0
			< sender: model = "BMX P34 2020" (UMAS read id, 90)
			< sender: vendor = "Schneider Electric" (UMAS read id, 95)
			< sender: role_hint = "plc" (UMAS read id, 85)
			< sender: firmware = "V2.70" (UMAS read id, 80)
			< response modbus 90 "umas 0x02 read id" discover [umas] unit=0 first=0
			> sender: hostname = "ENG-PC" (UMAS reservation, 60)
			> request modbus 90 "umas 0x10 take plc reservation" login [umas] unit=0 first=0
			< response modbus 90 "umas 0x10 take plc reservation" login [umas] unit=0 first=0
			> request modbus 90 "umas 0x03 read project info" discover [umas] unit=0 first=0
			< sender: program = "Filling_Line" (UMAS read project info, 50)
			< response modbus 90 "umas 0x03 read project info" discover [umas] unit=0 first=0
			> receiver: program_id = "0x12345678" (UMAS checksum of the program, 60)
			> request modbus 90 "umas 0x22 read variables" read [umas] unit=0 first=0
			< response modbus 90 "umas 0x22 read variables" read [umas] unit=0 first=0
			> request modbus 90 "umas 0x22 read variables" read [umas] unit=0 first=0
			> request modbus 90 "umas 0x34 download block" program [umas] unit=0 first=0
			< response modbus 90 "umas 0x34 download block" program [umas] unit=0 first=0
			> request modbus 90 "umas 0x40 start plc" control [umas] unit=0 first=0
			< sender: state = "run" (UMAS start accepted, 70)
			< response modbus 90 "umas 0x40 start plc" control [umas] unit=0 first=0`,
	},
	{
		Name:  "begins with an exception from a foreign port",
		Ports: [2]uint16{1502, 40000},
		Messages: `
			> 0001 0000 0003 01 83 02
			< 0002 0000 0006 01 03 0000 0001`,
		Want: `
			> server
			> response modbus 3 "read holding registers" read [holding registers] unit=1 first=0 failed "illegal data address"
			< request modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1`,
	},
	{
		Name:  "begins with an answer from a foreign port",
		Ports: [2]uint16{1502, 40000},
		Messages: `
			> 0001 0000 0005 01 03 02 0001
			< 0002 0000 0006 01 03 0000 0001`,
		Want: `
			> server
			> response modbus 3 "read holding registers" read [holding registers] unit=1 first=0 = 1
			< request modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1`,
	},
	{
		Name:  "learnt wrongly, put right by an exception",
		Ports: [2]uint16{40000, 40001},
		Messages: `
			< 0001 0000 0006 01 06 0001 0001
			> 0001 0000 0006 01 06 0001 0001
			< 0002 0000 0003 01 86 02`,
		Want: `
			< client
			< request modbus 6 "write single register" write [holding registers] unit=1 first=1 count=1 = 1
			> response modbus 6 "write single register" write [holding registers] unit=1 first=1 count=1
			< server
			< response modbus 6 "write single register" write [holding registers] unit=1 first=0 failed "illegal data address"`,
	},
	{
		Name:  "RTU over TCP, more functions",
		Ports: [2]uint16{40000, 4001},
		Messages: `
			> 05 10 0001 0001 02 00ff d501
			< 05 10 0001 0001 518d
			> 05 11 c2ec
			< 05 11 05 01 ff 414243 adf1
			> 05 17 0000 0001 0002 0001 02 0001 9a08
			< 05 17 02 0009 8c72
			> 05 06 0001 0003 998f
			< 05 86 02 8260`,
		Want: `
			> client
			> request modbus 16 "write multiple registers" write [holding registers] unit=5 first=1 count=1 = 00ff
			< response modbus 16 "write multiple registers" write [holding registers] unit=5 first=1 count=1
			> request modbus 17 "report server id" discover unit=5 first=0
			< sender/unit 5: state = "run" (Modbus report server id, 60)
			< response modbus 17 "report server id" discover unit=5 first=0
			> request modbus 23 "read/write multiple registers" write [holding registers] unit=5 first=2 count=1 = 0001
			< response modbus 23 "read/write multiple registers" write [holding registers] unit=5 first=2 count=1 = 9
			> request modbus 6 "write single register" write [holding registers] unit=5 first=1 count=1 = 3
			< response modbus 6 "write single register" write [holding registers] unit=5 first=1 count=1 failed "illegal data address"`,
	},
	{
		Name:    "UDP",
		Carrier: proto.UDP,
		Messages: `
			> 0001 0000 0006 01 03 0000 0001
			< 0001 0000 0005 01 03 02 0001`,
		Want: `
			> client
			> request modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1
			< response modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1 = 1`,
	},
	{
		Name:    "RTU over UDP",
		Carrier: proto.UDP,
		Messages: `
			> 01 03 0000 0001 840a
			< 01 03 02 0017 f84a`,
		Want: `
			> client
			> request modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1
			< response modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1 = 23`,
	},
	{
		Name: "PDU cut short",
		Messages: `
			> 0001 0000 0004 01 10 0000`,
		Want: `
			> client
			error: quantity at byte 2: short input`,
	},
	{
		Name: "length too long",
		Messages: `
			> 0001 0000 0200 01 03 0000 0001`,
		Want: `
			error: length at byte 8: length is outside 2 to 254`,
	},
	{
		Name: "lost bytes forget the requests",
		Messages: `
			> 0001 0000 0006 01 03 0000 0001
			gap <
			< 0001 0000 0005 01 03 02 0001`,
		Want: `
			> client
			> request modbus 3 "read holding registers" read [holding registers] unit=1 first=0 count=1
			< response modbus 3 "read holding registers" read [holding registers] unit=1 first=0 = 1`,
	},
	{Name: "TLS", Messages: `> 160301 0200 010001fc0303 00000000`, Foreign: true},
	{Name: "zeros", Messages: `> 00000000000000000000000000000000000000000000000000000000000000000000000000000000`, Foreign: true},
	{Name: "DNS over TCP", Messages: `> 0020 0001 0100 0001 0000 0000 0000 0377777706`, Foreign: true},
	{Name: "S7", Messages: `> 0300 0019 02f080 3201 0000 0001 0008`, Foreign: true},
	{Name: "length and shape disagree", Messages: `> 0001 0000 0009 01 03 0000 0001 000000`, Foreign: true},
	{Name: "RTU with wrong CRC", Messages: `> 01 03 0000 0001 840b 0000`, Foreign: true},
	{Name: "NFS call", Messages: `> 80000028 00000001 00000000 00000002 000186a3`, Foreign: true},
}
