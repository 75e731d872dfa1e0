package s7commplus

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name: "panel: session, read, write, end",
		Messages: `
			> 0300 0024 1f e0 0000 001b 00 c1 02 0600 c2 10 53494d415449432d524f4f542d484d49 c0 01 0a
			> 0300 00f1 02f080 7201 00e2 31 0000 04ca 0000 0001 00000120 34 0000011d 00 04 00 00000000 a1 000000d3 821f
			00 00 a3 8169 00 15 0f 53657276657253657373696f6e5f31 a3 8221 00 15 2d
			313a3a3a362e303a3a536f6d65204e6574776f726b204361726420284e44495320362e33292e54435049502e31 a3 8228 00 15
			08 4f50455241544f52 a3 8229 00 15 05 534d405254 a3 822a 00 15 0d 50414e454c375f313233343536 a3 822b 00 04
			02 a3 822c 00 12 10000000 a3 822d 00 15 0d 4f4d532b20666f722054657374 a1 000000d3 817f 00 00 a3 8169 00
			15 15 537562736372697074696f6e436f6e7461696e6572 a2 a2 00000000 7201 0000
			< 0300 00a2 02f080 7201 0093 32 0000 04ca 0000 0001 34 00 02 870a 870b a1 00000120 821f 01 00 a3 8169 00 15
			05 30313a4141 a3 822b 00 04 8280808000 a3 822d 00 15 10 4f4d53502e52454c2e353034312e3233 a3 822f 10 02 04
			01020304 a3 8232 00 17 0000013a 823b 00 04 8240 823f 00 15 1b
			313b36455337203531312d31414b30302d30414230203b56312e38 8240 00 15 05 323b383236 8241 00 03 0003 00 a2
			00000000 7201 0000
			> 0300 0007 02f000
			> 0300 002b 02f080 7202 001c 31 0000 0542 0000 0002 0000038a 34 0000038a 02 02 8232 8e26 01 00 02 01 7202
			0000
			< 0300 001f 02f080 7202 0010 32 0000 0542 0000 0002 34 00 00 00000000 7202 0000
			> 0300 003f 02f080 7202 0030 31 0000 054c 0000 0003 0000038a 34 00000000 02 0c 81ffccb577 88d0b88003 02
			9376 0a 8efaa6a85c 88d0b88003 02 9376 0b 7202 0000
			< 0300 0020 02f080 7202 0011 32 0000 054c 0000 0003 34 00 01 00 0a 05 00 00 7202 0000
			> 0300 0036 02f080 7202 0027 31 0000 0542 0000 0004 0000038a 34 00000000 01 05 81ffccb577 88d0b88003 02
			9376 0a 01 00 02 05 00 7202 0000
			< 0300 0023 02f080 7202 0014 32 0000 0542 0000 0004 34 8080808080 8081ff95 00 7202 0000
			> 0300 0029 02f080 7202 001a 31 0000 054c 0000 0005 0000038a 34 00000000 01 04 00 52 02 9376 0a 7202 0000
			> 0300 002a 02f080 7202 001b 31 0000 054c 0000 0006 0000038a 34 00000000 01 04 00 8119 02 9376 0a 7202 0000
			> 0300 0021 02f080 7202 0012 31 0000 04d4 0000 0007 0000038a 34 0000038a 7202 0000
			< 0300 001e 02f080 7202 000f 32 0000 04d4 0000 0007 34 00 0000038a 7202 0000`,
		Want: `
			> client
			> conversation: session_endpoint = "TSAP 06.00 -> SIMATIC-ROOT-HMI" (COTP connection request, 100)
			> sender: role_hint = "hmi" (COTP connection to SIMATIC-ROOT-HMI, 55)
			> sender: description = "network card Some Network Card (NDIS 6.3)" (S7comm-plus session request, 80)
			> conversation: session_user = "OPERATOR" (S7comm-plus session request, 70)
			> sender: software = "SM@RT" (S7comm-plus session request, 80)
			> sender: hostname = "PANEL7" (S7comm-plus session request, 85)
			> sender: software = "OMS+ for Test" (S7comm-plus session request, 80)
			> request s7comm-plus 0x04ca "create object" login [session]
			< sender: vendor = "Siemens" (answers S7comm-plus, 80)
			< sender: role_hint = "plc" (answers S7comm-plus, 70)
			< sender: software = "OMSP.REL.5041.23" (S7comm-plus session answer, 80)
			< sender: order_number = "6ES7 511-1AK00-0AB0" (S7comm-plus session answer, 100)
			< sender: firmware = "V1.8" (S7comm-plus session answer, 95)
			< sender: vendor = "Siemens" (S7comm-plus session answer, 95)
			< response s7comm-plus 0x04ca "create object" login [session]
			> request s7comm-plus 0x0542 "set multi variables" login [session] unit=0 first=906
			< response s7comm-plus 0x0542 "set multi variables" login [session] unit=0 first=906
			> conversation: session_version = "S7comm-plus V2" (S7comm-plus header, 100)
			> conversation: session_security = "session key, messages not signed" (S7comm-plus header, 80)
			> request s7comm-plus 0x054c "get multi variables" read [DB] unit=3 first=10 count=2
			< response s7comm-plus 0x054c "get multi variables" read [DB] unit=3 first=10 count=2
			> request s7comm-plus 0x0542 "set multi variables" write [DB] unit=3 first=10
			< response s7comm-plus 0x0542 "set multi variables" write [DB] unit=3 first=10 failed "refused by the controller"
			> request s7comm-plus 0x054c "get multi variables" read [flags] unit=0 first=10
			> request s7comm-plus 0x054c "get multi variables" read unit=153 first=10
			> request s7comm-plus 0x04d4 "delete object" login [session] unit=0 first=906
			< response s7comm-plus 0x04d4 "delete object" login [session] unit=0 first=906`,
	},
	{
		Name: "engineering: stop, start, password, program",
		Messages: `
			> 0300 0023 1e e0 0000 001b 00 c1 02 0600 c2 0f 53494d415449432d524f4f542d4553 c0 01 0a
			> 0300 004c 02f080 7203 003d 20 abababababababababababababababababababababababababababababababab 31 0000
			04f2 0000 0002 00000394 34 00000034 01 9077 00 08 01 00 000000 7203 0000
			< 0300 003f 02f080 7203 0030 20 abababababababababababababababababababababababababababababababab 32 0000
			04f2 0000 0002 34 00 00000000 7203 0000
			> 0300 004c 02f080 7203 003d 20 abababababababababababababababababababababababababababababababab 31 0000
			04f2 0000 0003 00000394 34 00000034 01 9077 00 08 03 00 000000 7203 0000
			> 0300 004b 02f080 7203 003c 20 abababababababababababababababababababababababababababababababab 31 0000
			0542 0000 0004 00000394 34 00000034 01 01 9077 01 00 08 01 00 7203 0000
			> 0300 004d 02f080 7203 003e 20 abababababababababababababababababababababababababababababababab 31 0000
			0542 0000 0005 00000394 34 00000394 01 01 8e36 01 10 02 02 0102 00 7203 0000
			< 0300 0044 02f080 7203 0035 20 abababababababababababababababababababababababababababababababab 32 0000
			0542 0000 0005 34 8080808080 8081ff95 00 7203 0000
			> 0300 004a 02f080 7203 003b 20 abababababababababababababababababababababababababababababababab 31 0000
			04f2 0000 0006 00000394 34 00000394 01 8e36 10 02 02 0102 7203 0000
			< 0300 003b 02f080 7203 002c 20 abababababababababababababababababababababababababababababababab 32 0000
			04f2 0000 0006 34 00 7203 0000
			> 0300 0048 02f080 7203 0039 20 abababababababababababababababababababababababababababababababab 31 0000
			04f2 0000 0007 00000394 34 00000394 01 8e35 00 01 01 7203 0000
			> 0300 003f 02f080 7203 0030 20 abababababababababababababababababababababababababababababababab 31 0000
			0556 0000 0008 00000394 34 00 7203 0000
			> 0300 0063 02f080 7203 0054 20 abababababababababababababababababababababababababababababababab 31 0000
			04ca 0000 0009 00000394 34 8a0e0001 00 04 00 00000000 a1 8a0e0001 9406 00 00 a4 8175 00000003 a3 8169 00
			15 03 444231 a2 7203 0000
			> 0300 0042 02f080 7203 0033 20 abababababababababababababababababababababababababababababababab 31 0000
			04d4 0000 000a 00000394 34 8a0e0001 7203 0000
			> 0300 0053 02f080 7203 0044 20 abababababababababababababababababababababababababababababababab 31 0000
			04ca 0000 000b 00000394 34 00000000 00 04 00 00000000 a1 7fffc001 8769 00 00 a2 7203 0000
			> 0300 0042 02f080 7203 0033 20 abababababababababababababababababababababababababababababababab 31 0000
			04d4 0000 000c 00000394 34 7fffc001 7203 0000
			> 0300 0043 02f080 7203 0034 20 abababababababababababababababababababababababababababababababab 31 0000
			04bb 0000 000d 00000394 34 8a7e0003 00 7203 0000
			> 0300 0042 02f080 7203 0033 20 abababababababababababababababababababababababababababababababab 31 0000
			0586 0000 000e 00000394 34 00000394 7203 0000
			> 0300 0042 02f080 7203 0033 20 abababababababababababababababababababababababababababababababab 31 0000
			056b 0000 000f 00000394 34 00000001 7203 0000
			> 0300 003e 02f080 7203 002f 20 abababababababababababababababababababababababababababababababab 31 0000
			0777 0000 0010 00000394 34 7203 0000`,
		Want: `
			> client
			> conversation: session_endpoint = "TSAP 06.00 -> SIMATIC-ROOT-ES" (COTP connection request, 100)
			> sender: role_hint = "engineering-station" (COTP connection to SIMATIC-ROOT-ES, 70)
			> conversation: session_version = "S7comm-plus V3" (S7comm-plus header, 100)
			> conversation: session_security = "session key, messages signed, not encrypted" (S7comm-plus header, 80)
			> request s7comm-plus 0x04f2 "set variable: stop" control [operating state] unit=0 first=52
			< sender: vendor = "Siemens" (answers S7comm-plus, 80)
			< sender: role_hint = "plc" (answers S7comm-plus, 70)
			< response s7comm-plus 0x04f2 "set variable: stop" control [operating state] unit=0 first=52
			> request s7comm-plus 0x04f2 "set variable: run" control [operating state] unit=0 first=52
			> request s7comm-plus 0x0542 "set multi variables: stop" control [operating state] unit=0 first=52
			> conversation: session_auth = "password" (S7comm-plus legitimation, 100)
			> request s7comm-plus 0x0542 "set multi variables" login [password] unit=0 first=916
			< conversation: session_login = "refused" (S7comm-plus legitimation, 90)
			< response s7comm-plus 0x0542 "set multi variables" login [password] unit=0 first=916 failed "refused by the controller"
			> conversation: session_auth = "password" (S7comm-plus legitimation, 100)
			> request s7comm-plus 0x04f2 "set variable" login [password] unit=0 first=916
			< conversation: session_login = "accepted" (S7comm-plus legitimation, 90)
			< response s7comm-plus 0x04f2 "set variable" login [password] unit=0 first=916
			> request s7comm-plus 0x04f2 "set variable" login [session] unit=0 first=916
			> request s7comm-plus 0x0556 "begin sequence" program
			> request s7comm-plus 0x04ca "create object" program
			> request s7comm-plus 0x04d4 "delete object" program unit=1 first=2316173313
			> request s7comm-plus 0x04ca "create object" data [subscription]
			> request s7comm-plus 0x04d4 "delete object" data [subscription] unit=0 first=2147467265
			> request s7comm-plus 0x04bb "explore" discover unit=0 first=2323513347
			> request s7comm-plus 0x0586 "get variable substreamed" diagnose [session] unit=0 first=916
			> request s7comm-plus 0x056b "invoke" control unit=0 first=1
			> request s7comm-plus 0x0777 "function 0x0777" other`,
	},
	{
		Name: "notification, event, keep alive, TLS",
		Messages: `
			< 0300 003a 02f080 7203 002b 20 abababababababababababababababababababababababababababababababab 33
			7fffc001 0400 0000 00 7203 0000
			< 0300 0011 02f080 72fe 0002 0000 72fe 0000
			> 0300 000b 02f080 72ff 0102
			> 0300 0010 02f080 160303 0004 01000000
			< 0300 000d 02f080 170303 0001 00`,
		Want: `
			< server
			< sender: vendor = "Siemens" (answers S7comm-plus, 80)
			< sender: role_hint = "plc" (answers S7comm-plus, 70)
			< conversation: session_version = "S7comm-plus V3" (S7comm-plus header, 100)
			< conversation: session_security = "session key, messages signed, not encrypted" (S7comm-plus header, 80)
			< notice s7comm-plus 0x33 "notification" data [subscription] unit=0 first=2147467265
			< notice s7comm-plus 0xfe "system event" diagnose
			> notice s7comm-plus 0xff "keep alive" diagnose
			> conversation: session_security = "TLS" (S7comm-plus in TLS, 100)`,
	},
	{
		Name: "over two telegrams, the second time with a loss",
		Messages: `
			> 0300 0033 02f080 7202 0028
			31000004ca0000000900000394348a0e000100040000000000a18a0e000194060000a3816900153c
			> 0300 004c 02f080 7202 003d
			414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141
			414141414141414141414141a2 7202 0000
			> 0300 0033 02f080 7202 0028
			31000004ca0000000900000394348a0e000100040000000000a18a0e000194060000a3816900153c
			gap >
			> 0300 004c 02f080 7202 003d
			414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141414141
			414141414141414141414141a2 7202 0000
			> 0300 0021 02f080 7202 0012 31 0000 04bb 0000 000a 00000394 34 00000001 7202 0000`,
		Want: `
			> client
			> conversation: session_version = "S7comm-plus V2" (S7comm-plus header, 100)
			> conversation: session_security = "session key, messages not signed" (S7comm-plus header, 80)
			> request s7comm-plus 0x04ca "create object" program
			> request s7comm-plus 0x04bb "explore" discover unit=0 first=1`,
	},
	{
		Name: "begins with a response",
		Messages: `
			< 0300 001a 02f080 7201 000b 32 0000 054c 0000 0003 34 00 7201 0000
			> 0300 0023 02f080 7201 0014 31 0000 054c 0000 0004 00000000 34 00000000 00 00 7201 0000`,
		Want: `
			< server
			< sender: vendor = "Siemens" (answers S7comm-plus, 80)
			< sender: role_hint = "plc" (answers S7comm-plus, 70)
			< response s7comm-plus 0x054c "get multi variables" read
			> conversation: session_version = "S7comm-plus V1" (S7comm-plus header, 100)
			> conversation: session_security = "none" (S7comm-plus header, 80)
			> request s7comm-plus 0x054c "get multi variables" read`,
	},
	{
		Name: "values of all kinds",
		Messages: `
			> 0300 00b8 02f080 7201 00a9 31 0000 04ca 0000 0001 00000120 34 0000011d 00 04 00 00000000 a1 000000d3 821f
			00 00 a3 1e 10 04 02 8101 05 a3 1f 40 04 01 05 02 06 00 a3 20 00 14 00 02 0102 a3 21 00 14 01
			000000000000000000 01 ff a3 22 00 05 8080808080 808080ff a3 23 20 02 02 0102 a3 24 00 0f 0000000000000000
			a3 25 00 00 a3 26 00 13 85 05 a3 822d 00 15 04 546f6f6c a1 000000d3 817f 00 00 a3 8169 00 15 15
			537562736372697074696f6e436f6e7461696e6572 a2 a2 00000000 7201 0000`,
		Want: `
			> client
			> sender: software = "Tool" (S7comm-plus session request, 80)
			> request s7comm-plus 0x04ca "create object" login [session]`,
	},
	{
		Name: "packed struct ends the walk",
		Messages: `
			> 0300 0075 02f080 7201 0066 31 0000 04ca 0000 0001 00000120 34 0000011d 00 04 00 00000000 a1 000000d3 821f
			00 00 a3 1e 00 17 92000001 0000000000000000 a3 822d 00 15 04 546f6f6c a1 000000d3 817f 00 00 a3 8169 00
			15 15 537562736372697074696f6e436f6e7461696e6572 a2 a2 00000000 7201 0000`,
		Want: `
			> client
			> request s7comm-plus 0x04ca "create object" login [session]`,
	},
	{
		Name: "not the protocol id",
		Messages: `
			> 0300 000b 02f080 7301 0000`,
		Want: `
			error: protocol id at byte 1: protocol id is not 0x72`,
	},
	{
		Name: "unknown version",
		Messages: `
			> 0300 000b 02f080 7207 0000`,
		Want: `
			error: version at byte 4: unknown version`,
	},
	{
		Name: "trailer of another version",
		Messages: `
			> 0300 0010 02f080 7201 0001 31 7202 0000`,
		Want: `
			error: trailer at byte 7: trailer is wrong`,
	},
	{
		Name: "unknown opcode",
		Messages: `
			> 0300 0019 02f080 7201 000a 39 0000 054c 0000 0001 34 7201 0000`,
		Want: `
			error: opcode at byte 10: unknown opcode`,
	},
	{
		Name: "data longer than the telegram",
		Messages: `
			> 0300 000e 02f080 7201 0030 31 0000`,
		Want: `
			error: data at byte 4: short input`,
	},
	{
		Name: "cut",
		Messages: `
			> 0300 0019 02f080 7201 00`,
		Want: `
			left > 10`,
	},
	{Name: "S7comm", Messages: `> 0300 0019 02f080 3201 0000 0001 0008 0000 f000 0001 0001 03c0`, Foreign: true},
	{Name: "MMS session", Messages: `> 0300 000d 02f080 0d 05 01 03 05 02`, Foreign: true},
	{Name: "HTTP", Messages: `> 474554202f20485454502f312e310d0a`, Foreign: true},
	{Name: "lengths that do not fit", Messages: `> 0300 000e 02f080 7201 0030 31 0000`, Foreign: true},
	{Name: "plain S7 selectors", Messages: `> 0300 0016 11 e0 0000 0007 00 c1 02 0200 c2 02 0202 c0 01 0a`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
