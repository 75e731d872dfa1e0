package s7comm

import "github.com/bulkhead-ot/bulkhead/proto/prototest"

var odd = []prototest.Case{
	{
		Name: "not the S7 protocol id",
		Messages: `
			> 0300 0011 02f080 7201 0000 0000 0000 0000`,
		Want: `
			error: protocol id at byte 1: protocol id is not 0x32`,
	},
	{
		Name: "unknown ROSCTR",
		Messages: `
			> 0300 0011 02f080 3205 0000 0000 0000 0000`,
		Want: `
			error: ROSCTR at byte 10: unknown ROSCTR`,
	},
	{
		Name: "parameters longer than the message",
		Messages: `
			> 0300 0013 02f080 3201 0000 0000 0010 0000 0401`,
		Want: `
			error: parameters at byte 10: short input`,
	},
	{
		Name: "cut in data",
		Messages: `
			> 0300 0019 02f080 3201 00`,
		Want: `
			left > 10`,
	},
	{
		Name: "unknown function, cpu services, refused job",
		Messages: `
			> 0300 0012 02f080 3201 0000 0001 0001 0000 77
			< 0300 0014 02f080 3203 0000 0001 0001 0000 8104 77
			> 0300 0012 02f080 3201 0000 0002 0001 0000 00`,
		Want: `
			> client
			> request s7comm 0x77 "function 0x77" other
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm 0x77 "function 0x77" other failed "service not implemented"
			> request s7comm 0x00 "cpu services" other`,
	},
	{
		Name: "disconnect",
		Messages: `
			> 0300 000b 06 80 0007 0001 80`,
	},
	{
		Name: "connection refused and text selectors",
		Messages: `
			> 0300 001d 18 e0 0000 0007 00 c1 02 0600 c2 09 53372d4f4e4c494e45 c0 01 0a`,
		Want: `
			> client
			> conversation: session_endpoint = "TSAP 06.00 -> S7-ONLINE" (COTP connection request, 100)`,
	},
	{Name: "S7comm-plus", Messages: `> 0300 000f 02f080 72010004 31000000`, Foreign: true},
	{Name: "MMS session", Messages: `> 0300 000c 02f080 0d 05 01 03 05 02`, Foreign: true},
	{Name: "HTTP", Messages: `> 474554202f20485454502f312e310d0a`, Foreign: true},
	{Name: "TLS", Messages: `> 160301 0200 010001fc0303`, Foreign: true},
	{Name: "lengths that do not fit", Messages: `> 0300 0013 02f080 3201 0000 0000 0010 0000 0401`, Foreign: true},
	{Name: "reserved bytes", Messages: `> 0300 0012 02f080 3201 0001 0000 0001 0000 04`, Foreign: true},
}
