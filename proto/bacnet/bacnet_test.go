package bacnet

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name:    "read property, device object",
		Carrier: proto.UDP,
		Messages: `
			> 810a0011 0104 00 05 01 0c 0c 02000065 19 79
			< 810a0019 0100 30 01 0c 0c 02000065 19 79 3e 75 05 00 41636d65 3f
			> 810a0011 0104 00 05 02 0c 0c 00000003 19 55
			< 810a0017 0100 30 02 0c 0c 00000003 19 55 3e 44 41c80000 3f`,
		Want: `
			> notice bvlc 0x0a "original-unicast-npdu" other
			> client
			> request bacnet confirmed 12 "read property" read [device] unit=0 first=101 name="vendor-name"
			< notice bvlc 0x0a "original-unicast-npdu" other
			< sender: instance_id = "101" (BACnet device object, 95)
			< sender: vendor = "Acme" (BACnet device object, 100)
			< response bacnet confirmed 12 "read property" read [device] unit=0 first=101 name="vendor-name" = "Acme"
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 12 "read property" read [analog-input] unit=0 first=3 name="present-value"
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet confirmed 12 "read property" read [analog-input] unit=0 first=3 name="present-value" = 25`,
	},
	{
		Name:    "read property multiple: identity, an error within, another object",
		Carrier: proto.UDP,
		Messages: `
			> 810a0015 0104 00 05 07 0e 0c 02000065 1e 09 46 09 2c 1f
			< 810a0055 0100 30 07 0e 0c 02000065 1e 29 46 4e 75 06 00 4d6f64656c 4f 29 2c 4e 75 04 00 312e32 4f
			  2a 0174 4e 75 04 00 534e37 4f 29 3a 5e 91 02 91 20 5f 29 70 4e 91 00 4f 29 8b 4e 21 0e 4f 1f
			  0c 00000003 1e 29 55 4e 44 41c80000 4f 1f`,
		Want: `
			> notice bvlc 0x0a "original-unicast-npdu" other
			> client
			> request bacnet confirmed 14 "read property multiple" read [device] unit=0 first=101 name="model-name"
			< notice bvlc 0x0a "original-unicast-npdu" other
			< sender: instance_id = "101" (BACnet device object, 95)
			< sender: model = "Model" (BACnet device object, 100)
			< sender: firmware = "1.2" (BACnet device object, 100)
			< sender: serial = "SN7" (BACnet device object, 100)
			< sender: state = "operational" (BACnet device object, 95)
			< sender: capability = "BACnet protocol revision 14" (BACnet device object, 90)
			< response bacnet confirmed 14 "read property multiple" read [device] unit=0 first=101 name="model-name" = "Model"`,
	},
	{
		Name:    "write property, accepted and refused",
		Carrier: proto.UDP,
		Messages: `
			> 810a001a 0104 00 05 03 0f 0c 00400001 19 55 3e 44 42c80000 3f 49 08
			< 810a0009 0100 20 03 0f
			> 810a0016 0104 00 05 04 0f 0c 00400001 19 55 3e 00 3f 49 08
			< 810a000d 0100 50 04 0f 91 02 91 28
			> 810a0015 0104 00 05 05 0f 0c 04000001 19 5a 3e 91 02 3f
			< 810a0009 0100 60 05 09
			> 810a0015 0104 00 05 06 0f 0c 04000001 19 5a 3e 91 02 3f
			< 810a0009 0100 71 06 0a`,
		Want: `
			> notice bvlc 0x0a "original-unicast-npdu" other
			> client
			> request bacnet confirmed 15 "write property" write [analog-output] unit=0 first=1 name="present-value" = 100
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet confirmed 15 "write property" write [analog-output] unit=0 first=1
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 15 "write property" write [analog-output] unit=0 first=1 name="present-value" = "null"
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet confirmed 15 "write property" write [analog-output] unit=0 first=1 failed "property: write-access-denied"
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 15 "write property" control [program] unit=0 first=1 name="program-change" = 2
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet confirmed 15 "write property" control [program] unit=0 first=1 failed "unrecognized-service"
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 15 "write property" control [program] unit=0 first=1 name="program-change" = 2
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet confirmed 15 "write property" control [program] unit=0 first=1 failed "tsm-timeout"`,
	},
	{
		Name:    "who-is, i-am, i-have, who-has by name",
		Carrier: proto.UDP,
		Messages: `
			> 810b0011 0120 ffff 00 ff 10 08 09 0a 1a 03e8
			< 810b0018 0120 ffff 00 ff 10 00 c4 02000064 22 0400 91 00 21 07
			< 810b001d 0128 ffff 00 0064 01 05 ff 10 00 c4 02000065 22 01e0 91 03 22 03e9 
			> 810b000f 0100 10 07 3d 05 00 50756d70
			< 810b0016 0100 10 01 c4 02000064 c4 00000001 73 00 5031`,
		Want: `
			> notice bvlc 0x0b "original-broadcast-npdu" other
			> request bacnet unconfirmed 8 "who-is" discover unit=0 first=10 count=991
			< notice bvlc 0x0b "original-broadcast-npdu" other
			< sender: instance_id = "100" (BACnet I-Am, 95)
			< sender: vendor = "Siemens" (BACnet I-Am, 90)
			< sender: role_hint = "building-controller" (BACnet I-Am, 45)
			< notice bacnet unconfirmed 0 "i-am" discover [device] unit=0 first=100
			< notice bvlc 0x0b "original-broadcast-npdu" other
			< sender: role_hint = "gateway" (BACnet router, 55)
			< sender/network 100 address 05: instance_id = "101" (BACnet I-Am, 95)
			< sender/network 100 address 05: vendor = "BACnet vendor 1001" (BACnet I-Am, 80)
			< sender/network 100 address 05: role_hint = "building-controller" (BACnet I-Am, 45)
			< notice bacnet unconfirmed 0 "i-am" discover [device] unit=100 first=101
			> notice bvlc 0x0b "original-broadcast-npdu" other
			> request bacnet unconfirmed 7 "who-has" discover unit=0 first=0 name="Pump"
			< notice bvlc 0x0b "original-broadcast-npdu" other
			< sender: instance_id = "100" (BACnet I-Have, 95)
			< notice bacnet unconfirmed 1 "i-have" discover [analog-input] unit=0 first=1`,
	},
	{
		Name:    "restart and silence, with password",
		Carrier: proto.UDP,
		Messages: `
			> 810a0010 0104 00 05 09 14 09 00 1b 00 6162
			> 810a000c 0104 00 05 0a 14 09 04
			> 810a0013 0104 00 05 0b 11 09 0a 19 01 2d 03 00
			  6162
			< 810a000d 0100 50 09 14 91 05 91 1a`,
		Want: `
			> notice bvlc 0x0a "original-unicast-npdu" other
			> client
			> conversation: session_password = "in clear" (BACnet password of a service, 90)
			> request bacnet confirmed 20 "reinitialize device" control [coldstart] = 0
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 20 "reinitialize device" program [start-restore] = 4
			> notice bvlc 0x0a "original-unicast-npdu" other
			> conversation: session_password = "in clear" (BACnet password of a service, 90)
			> request bacnet confirmed 17 "device communication control" control [disable] = 1
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet confirmed 20 "reinitialize device" control [coldstart] failed "services: password-failure"`,
	},
	{
		Name:    "notifications",
		Carrier: proto.UDP,
		Messages: `
			< 810a0023 0104 00 05 0c 01 09 12 1c 02000004 2c 0000000a 39 00 4e 09 55 2e 44 42820000 2f 4f
			> 810a0009 0100 20 0c 01
			< 810b0021 0100 10 02 09 12 1c 02000004 2c 0000000a 39 00 4e 09 55 2e 44 42820000 2f 4f
			> 810a0016 0104 00 05 0d 05 09 12 1c 0000000a 29 01 3a 0258`,
		Want: `
			< notice bvlc 0x0a "original-unicast-npdu" other
			< request bacnet confirmed 1 "confirmed cov notification" data [analog-input] unit=0 first=10 name="present-value" = 65
			> notice bvlc 0x0a "original-unicast-npdu" other
			> response bacnet confirmed 1 "confirmed cov notification" data [analog-input] unit=0 first=10
			< notice bvlc 0x0b "original-broadcast-npdu" other
			< notice bacnet unconfirmed 2 "unconfirmed cov notification" data [analog-input] unit=0 first=10 name="present-value" = 65
			> notice bvlc 0x0a "original-unicast-npdu" other
			> client
			> request bacnet confirmed 5 "subscribe cov" read [analog-input] unit=0 first=10`,
	},
	{
		Name:    "files, objects, lists, ranges",
		Carrier: proto.UDP,
		Messages: `
			> 810a0015 0104 00 05 20 06 c4 02800001 0e 31 00 21 05 0f
			> 810a0016 0104 00 05 21 07 c4 02800001 0e 31 00 62 abcd 0f
			> 810a000e 0104 00 05 22 0a 0e 09 02 0f
			> 810a000f 0104 00 05 23 0b c4 00800005
			> 810a0013 0104 00 05 24 08 0c 03c00001 19 66 3e 3f
			> 810a0011 0104 00 05 25 1a 0c 05000002 19 83
			< 810a000e 0100 30 22 0a c4 00800005`,
		Want: `
			> notice bvlc 0x0a "original-unicast-npdu" other
			> client
			> request bacnet confirmed 6 "atomic read file" read [file] unit=0 first=1
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 7 "atomic write file" program [file] unit=0 first=1
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 10 "create object" configure [analog-value] unit=0 first=0
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 11 "delete object" configure [analog-value] unit=0 first=5
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 8 "add list element" configure [notification-class] unit=0 first=1 name="recipient-list"
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 26 "read range" read [trend-log] unit=0 first=2 name="log-buffer"
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet confirmed 10 "create object" configure [analog-value] unit=0 first=5`,
	},
	{
		Name:    "write property multiple, read of an array element, proprietary",
		Carrier: proto.UDP,
		Messages: `
			> 810a0017 0104 00 05 30 10 0c 01000005 1e 09 55 2e 91 01 2f 1f
			> 810a0013 0104 00 05 31 0c 0c 02000065 19 4c 29 01
			< 810a0019 0100 30 31 0c 0c 02000065 19 4c 29 01 3e c4 02000065 3f
			> 810a0012 0104 00 05 32 0c 0c 20000001 1a 0200
			> 810a000a 0104 00 05 33 63`,
		Want: `
			> notice bvlc 0x0a "original-unicast-npdu" other
			> client
			> request bacnet confirmed 16 "write property multiple" write [binary-output] unit=0 first=5 name="present-value" = 1
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 12 "read property" read [device] unit=0 first=101 name="object-list"
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet confirmed 12 "read property" read [device] unit=0 first=101 name="object-list" = 02000065
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 12 "read property" read [proprietary object] unit=0 first=1 name="proprietary property"
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet confirmed 99 "confirmed service 99" other`,
	},
	{
		Name:    "segments",
		Carrier: proto.UDP,
		Messages: `
			> 810a0011 0104 02 05 40 0c 0c 02000065 19 4c
			< 810a0019 0100 3c 40 00 04 0c 0c 02000065 19 4c 3e c4 02000065 c4
			> 810a000a 0100 40 40 00 04
			< 810a0010 0100 38 40 01 04 0c 00000001 3f
			> 810a000a 0100 40 40 01 04`,
		Want: `
			> notice bvlc 0x0a "original-unicast-npdu" other
			> client
			> request bacnet confirmed 12 "read property" read [device] unit=0 first=101 name="object-list"
			< notice bvlc 0x0a "original-unicast-npdu" other
			< sender: instance_id = "101" (BACnet device object, 95)
			< response bacnet confirmed 12 "read property" read [device] unit=0 first=101 name="object-list" = 02000065
			> notice bvlc 0x0a "original-unicast-npdu" other
			> notice bacnet segment-ack "segment ack" other
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet confirmed 12 "read property" read [device] unit=0 first=101
			> notice bvlc 0x0a "original-unicast-npdu" other
			> notice bacnet segment-ack "segment ack" other`,
	},
	{
		Name:    "foreign device, distribution table, forwarded",
		Carrier: proto.UDP,
		Messages: `
			> 81050006 003c
			< 81000006 0000
			> 81020004
			< 8103000e c0a80018 bac0 ffffffff
			> 81010004
			< 81000006 0010
			> 8108000a c0a80018 bac0
			> 81060004
			< 81070004
			< 8104001e c0a80012 bac0 0120 ffff 00 ff 10 00 c4 02000012 22 0400 91 00 21 12
			> 81090008 0100 10 08
			> 810c0006 0000`,
		Want: `
			> request bvlc 0x05 "register-foreign-device" configure = 60
			< response bvlc 0x00 "bvlc-result" other answers 0x05
			< sender: capability = "BACnet broadcast management device" (BACnet BVLC, 85)
			> request bvlc 0x02 "read-broadcast-distribution-table" discover
			< response bvlc 0x03 "read-broadcast-distribution-table-ack" discover unit=0 first=0 count=1 answers 0x02
			< 192.168.0.24: capability = "BACnet broadcast management device" (BACnet broadcast distribution table, 80)
			> request bvlc 0x01 "write-broadcast-distribution-table" configure unit=0 first=0
			< response bvlc 0x00 "bvlc-result" other answers 0x01 failed "write-broadcast-distribution-table nak"
			> request bvlc 0x08 "delete-foreign-device-table-entry" configure = c0a80018bac0
			> request bvlc 0x06 "read-foreign-device-table" discover
			< response bvlc 0x07 "read-foreign-device-table-ack" discover unit=0 first=0 answers 0x06
			< notice bvlc 0x04 "forwarded-npdu" other
			< 192.168.0.18: instance_id = "18" (BACnet I-Am, 95)
			< 192.168.0.18: vendor = "Alerton / Honeywell" (BACnet I-Am, 90)
			< 192.168.0.18: role_hint = "building-controller" (BACnet I-Am, 45)
			< notice bacnet unconfirmed 0 "i-am" discover [device] unit=0 first=18
			> notice bvlc 0x09 "distribute-broadcast-to-network" other
			> request bacnet unconfirmed 8 "who-is" discover
			> notice bvlc 0x0c "secure-bvll" other`,
	},
	{
		Name:    "routers",
		Carrier: proto.UDP,
		Messages: `
			> 810b0009 0180 00 0064
			< 810b000b 0180 01 0064 0065
			> 810a0008 0180 06 00
			< 810a0007 0180 07
			< 810a000a 0180 03 01 0066
			> 810b000a 0180 80 0104 00
			> 810a001a 012c 0064 01 05 0007 01 02 ff 00 05 50 0c 0c 00000001 19 55`,
		Want: `
			> notice bvlc 0x0b "original-broadcast-npdu" other
			> request bacnet network 0 "who-is-router-to-network" discover unit=100 first=0
			< notice bvlc 0x0b "original-broadcast-npdu" other
			< sender: role_hint = "gateway" (BACnet I-Am-Router-To-Network, 65)
			< sender: capability = "BACnet router to network 100" (BACnet I-Am-Router-To-Network, 90)
			< sender: capability = "BACnet router to network 101" (BACnet I-Am-Router-To-Network, 90)
			< notice bacnet network 1 "i-am-router-to-network" discover unit=100 first=0
			> notice bvlc 0x0a "original-unicast-npdu" other
			> request bacnet network 6 "initialize-routing-table" configure
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet network 7 "initialize-routing-table-ack" configure answers network 6
			< notice bvlc 0x0a "original-unicast-npdu" other
			< notice bacnet network 3 "reject-message-to-network" diagnose unit=102 first=0 failed "not directly connected to the network"
			> notice bvlc 0x0b "original-broadcast-npdu" other
			> notice bacnet network 128 "network message 128" other
			> notice bvlc 0x0a "original-unicast-npdu" other
			> sender: role_hint = "gateway" (BACnet router, 55)
			> client
			> request bacnet confirmed 12 "read property" read [analog-input] unit=100 first=1 name="present-value"`,
	},
	{
		Name:    "who-am-i",
		Carrier: proto.UDP,
		Messages: `
			> 810b0014 0100 10 0d 21 05 74 00 4d3132 74 00 303037`,
		Want: `
			> notice bvlc 0x0b "original-broadcast-npdu" other
			> sender: vendor = "Johnson Controls" (BACnet Who-Am-I, 90)
			> sender: model = "M12" (BACnet Who-Am-I, 95)
			> sender: serial = "007" (BACnet Who-Am-I, 95)
			> notice bacnet unconfirmed 13 "who-am-i" discover`,
	},
	{
		Name:    "reject and abort without request",
		Carrier: proto.UDP,
		Messages: `
			< 810a0009 0100 60 01 09
			< 810a0009 0100 71 01 04`,
		Want: `
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet reject "reject" other failed "unrecognized-service"
			< notice bvlc 0x0a "original-unicast-npdu" other
			< response bacnet abort "abort" other failed "segmentation-not-supported"`,
	},
	{
		Name:    "name in UCS-2",
		Carrier: proto.UDP,
		Messages: `
			< 810a001b 0100 30 01 0c 0c 02000065 19 4d 3e 75 07 04 00480056 0043 3f`,
		Want: `
			< notice bvlc 0x0a "original-unicast-npdu" other
			< server
			< sender: instance_id = "101" (BACnet device object, 95)
			< sender: device_name = "HVC" (BACnet device object, 95)
			< response bacnet confirmed 12 "read property" read [device] unit=0 first=101 name="object-name" = 04004800560043`,
	},
	{
		Name:    "IPv6",
		Carrier: proto.UDP,
		Messages: `
			> 8202000b 000001 0100 10 08
			< 82010016 000002 000001 0120 ffff 00 ff 10 08 09 01 19
			  05
			> 82090009 000001 003c
			< 82000009 000002 0000`,
		Want: `
			> notice bvlc6 0x02 "original-broadcast-npdu" other
			> request bacnet unconfirmed 8 "who-is" discover
			< notice bvlc6 0x01 "original-unicast-npdu" other
			< request bacnet unconfirmed 8 "who-is" discover unit=0 first=1 count=5
			> request bvlc6 0x09 "register-foreign-device" configure
			< response bvlc6 0x00 "bvlc-result" other answers 0x09`,
	},
	{
		Name:    "Ethernet",
		Carrier: proto.LLC,
		Messages: `
			> 0120 ffff 00 ff 10 08
			< 0120 ffff 00 ff 10 00 c4 0200007b 22 01e0 91 03 21 00`,
		Want: `
			> request bacnet unconfirmed 8 "who-is" discover
			< sender: instance_id = "123" (BACnet I-Am, 95)
			< sender: vendor = "ASHRAE" (BACnet I-Am, 90)
			< sender: role_hint = "building-controller" (BACnet I-Am, 45)
			< notice bacnet unconfirmed 0 "i-am" discover [device] unit=0 first=123`,
	},
	{
		Name:    "MS/TP behind a repeater: data, token",
		Carrier: proto.SNAP,
		Messages: `
			> 000080 06ff0100 1173 0128 ffff 0065 9306 c0a80067bac0 fe 1008 114c
			> 000080 00 02 01 0000 73`,
		Want: `
			> sender: role_hint = "gateway" (BACnet router, 55)
			> request bacnet unconfirmed 8 "who-is" discover unit=26003 first=0`,
	},
	{
		Name:    "length wrong",
		Carrier: proto.UDP,
		Messages: `
			> 810a0012 0104 00 05 01 0c 0c 02000065 19 79`,
		Want: `
			error: BVLC length differs from that of the datagram`,
	},
	{
		Name:    "network version wrong, parameters cut",
		Carrier: proto.UDP,
		Messages: `
			> 810a0008 0204 1008
			> 810a000d 0104 00 05 01 0c 0c 0200
			> 810a0008 0100 8000`,
		Want: `
			> notice bvlc 0x0a "original-unicast-npdu" other
			error: NPDU header is not valid
			> notice bvlc 0x0a "original-unicast-npdu" other
			> client
			> request bacnet confirmed 12 "read property" read
			error: service parameters end within a tag
			> notice bvlc 0x0a "original-unicast-npdu" other
			error: APDU header is not valid`,
	},
	{Name: "DNS", Carrier: proto.UDP, Messages: `> 8180 0100 0001 0000 0000 0000 03777777 00 0001 0001`, Foreign: true},
	{Name: "zeros", Carrier: proto.UDP, Messages: `> 00000000000000000000`, Foreign: true},
	{Name: "NPDU of another version", Carrier: proto.LLC, Messages: `> 0220 ffff 00 ff 10 08`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
