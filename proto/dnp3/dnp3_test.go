package dnp3

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name: "class poll and answer",
		Messages: `
			> 056414c40a0001008fed c0c1013c02063c03063c04063c01067a6f
			< 05641b4401000a0048e8 c0c1818000010200000181011e010005907f 0501d2040000ac27
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 1 "read" read [g60v2 class 1 data] unit=10 first=0
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< sender: state = "device restart" (DNP3 internal indications, 95)
			< response dnp3 129 "response" read [g1v2 binary input] unit=10 first=0 count=2 = true answers 1`,
	},
	{
		Name: "select and operate, refused",
		Messages: `
			> 056418c40a0001003d3a c0c2030c011701034101e803000000001c02 000000ffff
			< 05641a4401000a00af5d c0c28100000c011701034101e80300004b36 0000000000ffff
			> 05641ac40a0001008a1c c0c3040c0128010003004101e8030000e9dc 0000000000ffff
			< 05641c4401000a007636 c0c38100000c0128010003004101e803be80 000000000000024393
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 3 "select" control [g12v1 binary command control relay output block] unit=10 first=3 count=1 = "pulse on, close"
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< response dnp3 129 "response" control [g12v1 binary command control relay output block] unit=10 first=3 count=1 = "pulse on, close" answers 3
			> request dnp3 4 "operate" control [g12v1 binary command control relay output block] unit=10 first=3 count=1 = "pulse on, close"
			< response dnp3 129 "response" control [g12v1 binary command control relay output block] unit=10 first=3 count=1 = "pulse on, close" answers 4 failed "no select"`,
	},
	{
		Name: "direct operate analog output, no response",
		Messages: `
			> 056414c40a0001008fed c0c406290328010007000000c841008ec8
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 6 "direct operate, no response" control [g41v3 analog output command] unit=10 first=7 count=1 = 25`,
	},
	{
		Name: "function not supported",
		Messages: `
			> 056408c40a000100fc42 c0c50d181a
			< 05640a4401000a006e25 c0c581000101c0
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 13 "cold restart" control unit=10 first=0
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< response dnp3 129 "response" other unit=10 first=0 answers 13 failed "function code not supported"`,
	},
	{
		Name: "restart with delay, then normal",
		Messages: `
			> 056408c40a000100fc42 c0c60e51f0
			< 0564104401000a00c4e1 c0c681900034020701881347b3
			> 05640ec40a0001002529 c0c702500100070700522b
			< 05640a4401000a006e25 c0c7810000f63e
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 14 "warm restart" control unit=10 first=0
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< sender: state = "need time, device restart" (DNP3 internal indications, 95)
			< response dnp3 129 "response" other [g52v2 time delay fine] unit=10 first=0 count=1 = 5000 answers 14
			> request dnp3 2 "write" diagnose [g80v1 internal indications] unit=10 first=7 count=1 = false
			< sender: state = "normal" (DNP3 internal indications, 95)
			< response dnp3 129 "response" other unit=10 first=7 count=1 answers 2`,
	},
	{
		Name: "write clears restart and sets the clock",
		Messages: `
			> 056418c40a0001003d3a c0c8025001000707003201070100a0b4f188 c283019d88
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 2 "write" configure [g50v1 time and date] unit=10 first=0 count=1 = 1665418960896`,
	},
	{
		Name: "answer in three segments, two fragments",
		Messages: `
			> 05640bc40a000100acd1 c0c1011e00064c0b
			< 05640f4401000a00e7dd 40818100001e020000078609
			< 05641b4401000a0048e8 01010a00011400011e00012800013200ff68 013c000146003abf
			< 0564094401000a003eb6 820150003156
			< 0564124401000a0073c7 c3428100001e0200080801640046c0
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 1 "read" read [g30v0 analog input] unit=10 first=0
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< response dnp3 129 "response" read [g30v2 analog input] unit=10 first=0 count=8 = 10
			< response dnp3 129 "response" read [g30v2 analog input] unit=10 first=8 count=1 = 100 answers 1`,
	},
	{
		Name: "unsolicited and confirm",
		Messages: `
			< 0564164401000a001d8a c0f082000002021701058100000000007ea2 00ffff
			> 056408c40a000100fc42 c0d0001b49
			`,
		Want: `
			< server
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< notice dnp3 130 "unsolicited response" data [g2v2 binary input event] unit=10 first=5 count=1 = true
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 0 "confirm" other unit=10 first=0`,
	},
	{
		Name: "file written",
		Messages: `
			> 05642dc40a000100f74b c0c11946035b011f001a000500000000deda 000000000000000000000000000200008fcc 040100612e62696e5ee2
			< 05641d4401000a009183 c0c181000046045b010d0078563412005b7e 0000000004010001320c
			> 05641ac40a0001008a1c c0c20246055b010c00785634120000004cb0 8064617461eace
			< 0564194401000a00ffce c0c281000046065b01090078563412003f37 00008010bb56
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 25 "open file" program [g70v3 file command] unit=10 first=0 name="a.bin"
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< response dnp3 129 "response" read [g70v4 file command status] unit=10 first=0 answers 25 failed "permission denied"
			> request dnp3 2 "write" program [g70v5 file transport] unit=10 first=305419896
			< response dnp3 129 "response" read [g70v6 file transport status] unit=10 first=305419896 answers 2 failed "not opened"`,
	},
	{
		Name: "file authentication",
		Messages: `
			> 056421c40a000100459c c0c31d46025b0113000c000400100003cd4b 0000000000757365727077645d01
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> conversation: session_user = "user" (DNP3 file authentication, 95)
			> conversation: session_password = "in clear" (DNP3 file authentication, 95)
			> request dnp3 29 "authenticate file" login [g70v2 file authentication] unit=10 first=0`,
	},
	{
		Name: "device attributes",
		Messages: `
			> 05640dc40a00010075ba c0c10100fe00000074e0
			< 05644b4401000a00f43e c0c181000000fc000000010441636d65569c 00fa0000000105525455203700f20000bf23 000103322e3100f300000001014200f89bec 0000000104534e343200f7000000010688bb 50756d7020338f62
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 1 "read" discover [g0 device attributes] unit=10 first=0 count=1
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< sender: vendor = "Acme" (DNP3 device attribute, 100)
			< sender: model = "RTU 7" (DNP3 device attribute, 100)
			< sender: firmware = "2.1" (DNP3 device attribute, 95)
			< sender: hardware = "B" (DNP3 device attribute, 95)
			< sender: serial = "SN42" (DNP3 device attribute, 100)
			< sender: device_name = "Pump 3" (DNP3 device attribute, 95)
			< response dnp3 129 "response" discover [g0 device attributes] unit=10 first=0 count=1 answers 1`,
	},
	{
		Name: "secure authentication",
		Messages: `
			> 056418c40a0001003d3a c0c1050c011701030301000000000000fe1a 000000ffff
			< 05641c4401000a007636 c0c183000078015b010c000100000001b70b 000401aabbccdd5b98
			> 056418c40a0001003d3a c0c12078025b010a00010000000100011989 0203045ca5
			< 05641f4401000a0026a5 c0c181000078075b010f0001000000014f86 000000010000000000009da0
			> 05640ec40a0001002529 c0c220780407010100a87a
			< 05641f4401000a0026a5 c0c283000078055b010f0001000000013a82 000101040400aabbccdd7f43
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 5 "direct operate" control [g12v1 binary command control relay output block] unit=10 first=3 count=1 = "latch on"
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< conversation: session_auth = "DNP3 secure authentication" (DNP3 secure authentication, 95)
			< conversation: session_user = "user 1" (DNP3 secure authentication, 80)
			< conversation: session_security = "HMAC SHA-256 truncated to 16 octets" (DNP3 secure authentication, 90)
			< response dnp3 131 "authentication response" login [g120v1 authentication challenge] unit=10 first=0
			> request dnp3 32 "authentication request" login [g120v2 authentication reply] unit=10 first=0
			< conversation: session_login = "refused" (DNP3 secure authentication, 85)
			< response dnp3 129 "response" login [g120v7 authentication error] unit=10 first=0 answers 5 failed "authentication failed"
			> request dnp3 32 "authentication request" login [g120v4 session key status request] unit=10 first=0 count=1
			< conversation: session_login = "accepted" (DNP3 secure authentication, 85)
			< response dnp3 131 "authentication response" login [g120v5 session key status] unit=10 first=0 answers 32`,
	},
	{
		Name: "link frames",
		Messages: `
			> 056405c00a000100b1ac
			< 0564050001000a002edd
			> 056405c90a000100feda
			< 0564050b01000a006ded
			< 0564054f01000a00cf51
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 link 0 "link: reset link states" diagnose unit=10 first=0
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< response dnp3 link 0 "link: ack" diagnose unit=10 first=0 answers link 0
			> request dnp3 link 9 "link: request link status" diagnose unit=10 first=0
			< response dnp3 link 11 "link: link status" diagnose unit=10 first=0 answers link 9
			error: link function that is not defined`,
	},
	{
		Name: "two outstations",
		Messages: `
			> 05640bc40a000100acd1 c0c1013c020652c3
			< 05640a4401000a006e25 c0c1810000742a
			> 05640bc40b0001004413 c0c1013c020652c3
			< 05640a4401000b00208e c0c18140005f81
			`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 1 "read" read [g60v2 class 1 data] unit=10 first=0
			< sender: instance_id = "DNP3 address 10" (DNP3 link address, 90)
			< sender: role_hint = "rtu" (DNP3 outstation, 60)
			< response dnp3 129 "response" other unit=10 first=0 answers 1
			> request dnp3 1 "read" read [g60v2 class 1 data] unit=11 first=0
			< sender: instance_id = "DNP3 address 11" (DNP3 link address, 90)
			< sender/DNP3 address 11: state = "device trouble" (DNP3 internal indications, 95)
			< response dnp3 129 "response" other unit=11 first=0 answers 1`,
	},
	{
		Name:     "header CRC wrong, then a good frame",
		Messages: `> 05640bc40a0001000000 c0c1013c020652c3 05640bc40a000100acd1 c0c1013c020652c3`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 1 "read" read [g60v2 class 1 data] unit=10 first=0
			error: header CRC is wrong`,
	},
	{
		Name:     "block CRC wrong",
		Messages: `> 05640bc40a000100acd1 c0c1013c02065200`,
		Want: `
			error: data block CRC is wrong`,
	},
	{
		Name:     "qualifier that is not defined",
		Messages: `> 05640bc40a000100acd1 c0c1013c02ed74ba`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 1 "read" read unit=10 first=0
			error: object headers and fragment length disagree`,
	},
	{
		Name:     "cut in a block",
		Messages: `> 05640bc40a000100acd1 c0c1013c`,
		Want: `
			left > 14`,
	},
	{
		Name:     "datagram",
		Carrier:  proto.UDP,
		Messages: `> 05640bc40a000100acd1 c0c1013c020652c3`,
		Want: `
			> client
			> sender: instance_id = "DNP3 address 1" (DNP3 link address, 85)
			> sender: role_hint = "scada-server" (DNP3 master, 45)
			> request dnp3 1 "read" read [g60v2 class 1 data] unit=10 first=0`,
	},
	{Name: "HTTP", Messages: `> 474554202f20485454502f312e310d0a`, Foreign: true},
	{Name: "header CRC of zeros", Messages: `> 05640bc40a0001000000 c0c1013c0206`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
