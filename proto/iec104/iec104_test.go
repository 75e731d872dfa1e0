package iec104

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name: "start, interrogation, values",
		Messages: `
			> 68 04 07000000
			< 68 04 0b000000
			> 68 0e 00000000 64 01 06 00 0a00 000000 14
			< 68 0e 00000200 64 01 07 00 0a00 000000 14 68 10 02000200 01 83 14 00 0a00 010000 01 00 80 68 12 04000200 0d 01 14 00 0a00 e80300 0000c841 00
			< 68 16 06000200 0b 02 14 00 0a00 010000 feff 40 020000 0500 00 68 0e 08000200 64 01 0a 00 0a00 000000 14
			> 68 04 01000a00`,
		Want: `
			> client
			> request iec104 U 0x07 "STARTDT activation" login
			< response iec104 U 0x0b "STARTDT confirmation" login answers U 0x07
			> sender: role_hint = "scada-server" (IEC 60870-5-104, 45)
			> request iec104 100 "C_IC_NA_1 interrogation command" read unit=10 first=0 count=1 = 20
			< response iec104 100 "C_IC_NA_1 interrogation command" read unit=10 first=0 count=1 = 20
			< sender: role_hint = "rtu" (IEC 60870-5-104, 60)
			< sender: instance_id = "common address 10" (IEC 60870-5-104, 90)
			< notice iec104 1 "M_SP_NA_1 single-point information" data unit=10 first=1 count=3 = true
			< notice iec104 13 "M_ME_NC_1 measured value, short floating point" data unit=10 first=1000 count=1 = 25
			< notice iec104 11 "M_ME_NB_1 measured value, scaled" data unit=10 first=1 count=2 = -2
			< response iec104 100 "C_IC_NA_1 interrogation command" read unit=10 first=0 count=1 = 20
			> notice iec104 S 0x01 "supervisory acknowledgement" diagnose`,
	},
	{
		Name: "select, execute, terminate",
		Messages: `
			> 68 0e 00000000 2d 01 06 00 0a00 020000 81
			< 68 0e 00000200 2d 01 07 00 0a00 020000 81
			> 68 0e 02000200 2d 01 06 00 0a00 020000 01
			< 68 0e 02000400 2d 01 07 00 0a00 020000 01 68 0e 04000400 2d 01 0a 00 0a00 020000 01
			> 68 0e 04000600 2e 01 08 00 0a00 030000 82
			< 68 0e 06000600 2e 01 49 00 0a00 030000 82`,
		Want: `
			> client
			> sender: role_hint = "scada-server" (IEC 60870-5-104, 45)
			> request iec104 45 "C_SC_NA_1 single command" control [select] unit=10 first=2 count=1 = true
			< response iec104 45 "C_SC_NA_1 single command" control [select] unit=10 first=2 count=1 = true
			> request iec104 45 "C_SC_NA_1 single command" control [execute] unit=10 first=2 count=1 = true
			< response iec104 45 "C_SC_NA_1 single command" control [execute] unit=10 first=2 count=1 = true
			< response iec104 45 "C_SC_NA_1 single command" control [execute] unit=10 first=2 count=1 = true
			> request iec104 46 "C_DC_NA_1 double command" control [deactivate] unit=10 first=3 count=1 = 2
			< response iec104 46 "C_DC_NA_1 double command" control [deactivate] unit=10 first=3 count=1 = 2 failed "negative confirmation"`,
	},
	{
		Name: "set points and refusals",
		Messages: `
			> 68 12 00000000 32 01 06 00 0100 0a0000 00002041 00
			< 68 12 00000200 32 01 47 00 0100 0a0000 00002041 00
			> 68 10 02000200 30 01 06 00 0100 0b0000 0040 00
			< 68 10 02000400 30 01 2f 00 0100 0b0000 0040 00
			> 68 10 04000400 31 01 86 00 0100 0c0000 f6ff 00
			> 68 11 06000400 33 01 06 00 0100 0d0000 78563412`,
		Want: `
			> client
			> sender: role_hint = "scada-server" (IEC 60870-5-104, 45)
			> request iec104 50 "C_SE_NC_1 set point command, short floating point" write [execute] unit=1 first=10 count=1 = 10
			< response iec104 50 "C_SE_NC_1 set point command, short floating point" write [execute] unit=1 first=10 count=1 = 10 failed "negative confirmation"
			> request iec104 48 "C_SE_NA_1 set point command, normalized" write [execute] unit=1 first=11 count=1 = 0.5
			< response iec104 48 "C_SE_NA_1 set point command, normalized" write [execute] unit=1 first=11 count=1 = 0.5 failed "unknown information object address"
			> request iec104 49 "C_SE_NB_1 set point command, scaled" write [execute] unit=1 first=12 count=1 = -10
			> request iec104 51 "C_BO_NA_1 bitstring of 32 bit command" control unit=1 first=13 count=1 = 305419896`,
	},
	{
		Name: "clock, reset, counters, parameter, read",
		Messages: `
			> 68 14 00000000 67 01 06 00 0100 000000 00000a0c050b18
			> 68 0e 02000000 69 01 06 00 0100 000000 01
			> 68 0e 04000000 65 01 06 00 0100 000000 c5
			> 68 10 06000000 6e 01 06 00 0100 640000 0040 01
			> 68 0d 08000000 66 01 05 00 0100 0a0000
			< 68 10 00000a00 09 01 05 00 0100 0a0000 0040 10`,
		Want: `
			> client
			> sender: role_hint = "scada-server" (IEC 60870-5-104, 45)
			> request iec104 103 "C_CS_NA_1 clock synchronization command" configure unit=1 first=0 count=1 = 00000a0c050b18
			> request iec104 105 "C_RP_NA_1 reset process command" control unit=1 first=0 count=1 = 1
			> request iec104 101 "C_CI_NA_1 counter interrogation command" control [counter reset] unit=1 first=0 count=1 = 197
			> request iec104 110 "P_ME_NA_1 parameter of measured value, normalized" configure unit=1 first=100 count=1 = 0.5
			> request iec104 102 "C_RD_NA_1 read command" read unit=1 first=10 count=1
			< sender: role_hint = "rtu" (IEC 60870-5-104, 60)
			< sender: instance_id = "common address 1" (IEC 60870-5-104, 90)
			< response iec104 9 "M_ME_NA_1 measured value, normalized" data unit=1 first=10 count=1 = 0.5 answers 102`,
	},
	{
		Name: "begins in the middle, from the outstation",
		Messages: `
			< 68 15 00000000 1e 01 03 00 0d91 1a2700 01 d1552a00000101
			< 68 0e 02000000 46 01 04 00 0d91 000000 00
			> 68 04 43000000
			< 68 04 83000000
			< 68 0f 04000000 05 01 01 00 0d91 050000 7f 00
			< 68 12 06000000 0f 01 03 00 0d91 060000 ffffffff 80`,
		Want: `
			< server
			< sender: role_hint = "rtu" (IEC 60870-5-104, 60)
			< sender: instance_id = "common address 37133" (IEC 60870-5-104, 90)
			< notice iec104 30 "M_SP_TB_1 single-point information with time tag CP56Time2a" data unit=37133 first=10010 count=1 = true
			< sender: state = "restarted: local power switched on" (IEC 60870-5-104 end of initialization, 95)
			< notice iec104 70 "M_EI_NA_1 end of initialization" diagnose unit=37133 first=0 count=1 = 0
			> request iec104 U 0x43 "TESTFR activation" diagnose
			< response iec104 U 0x83 "TESTFR confirmation" diagnose answers U 0x43
			< notice iec104 5 "M_ST_NA_1 step position information" data unit=37133 first=5 count=1 = -1
			< notice iec104 15 "M_IT_NA_1 integrated totals" data unit=37133 first=6 count=1 = -1`,
	},
	{
		Name: "file transfer towards the station, and from it",
		Messages: `
			> 68 04 07000000
			> 68 13 00000000 78 01 0d 00 0100 640000 0100 000100 00
			> 68 14 02000000 7d 01 0d 00 0100 640000 0100 01 03 aabbcc
			< 68 11 00000000 7c 01 0d 00 0100 640000 0100 01 03
			> 68 11 04000000 7a 01 05 00 0100 000000 0000 00 00
			< 68 1a 02000000 7e 01 05 00 0100 640000 0100 000100 00 00000a0c050b18`,
		Want: `
			> client
			> request iec104 U 0x07 "STARTDT activation" login
			> sender: role_hint = "scada-server" (IEC 60870-5-104, 45)
			> request iec104 120 "F_FR_NA_1 file ready" program [file, towards the controlled station] unit=1 first=100 count=1
			> request iec104 125 "F_SG_NA_1 segment" program [file, towards the controlled station] unit=1 first=100 count=1
			< response iec104 124 "F_AF_NA_1 ack file, ack section" read [file] unit=1 first=100 count=1
			> request iec104 122 "F_SC_NA_1 call directory, select file, call file, call section" read [file] unit=1 first=0 count=1
			< response iec104 126 "F_DR_TA_1 directory" discover [file] unit=1 first=100 count=1`,
	},
	{
		Name: "packed events, bitstring, protection",
		Messages: `
			< 68 12 00000000 07 01 03 00 0100 010000 78563412 00
			< 68 17 02000000 26 01 03 00 0100 020000 02 0a00 00000a0c050b18
			< 68 18 04000000 27 01 03 00 0100 030000 01 40 0a00 00000a0c050b18`,
		Want: `
			< server
			< sender: role_hint = "rtu" (IEC 60870-5-104, 60)
			< sender: instance_id = "common address 1" (IEC 60870-5-104, 90)
			< notice iec104 7 "M_BO_NA_1 bitstring of 32 bit" data unit=1 first=1 count=1 = 305419896
			< notice iec104 38 "M_EP_TD_1 event of protection equipment with time tag CP56Time2a" data unit=1 first=2 count=1 = 2
			< notice iec104 39 "M_EP_TE_1 packed start events of protection equipment with time tag CP56Time2a" data unit=1 first=3 count=1 = 1`,
	},
	{
		Name: "authentication challenge",
		Messages: `
			> 68 0e 00000000 2d 01 06 00 0a00 020000 01
			< 68 14 00000200 51 01 0e 00 0a00 000000 01000000 010004`,
		Want: `
			> client
			> sender: role_hint = "scada-server" (IEC 60870-5-104, 45)
			> request iec104 45 "C_SC_NA_1 single command" control [execute] unit=10 first=2 count=1 = true
			< conversation: session_auth = "IEC 62351-5 challenge and response" (IEC 60870-5-104, 90)
			< response iec104 81 "S_CH_NA_1 authentication challenge" login unit=10 first=0 count=1`,
	},
	{
		Name: "cause, address and object of the serial protocol",
		Messages: `
			> 68 0b 00000000 64 01 06 0a 0000 14
			> 68 0b 02000000 64 01 06 0a 0000 14
			> 68 0b 04000000 64 01 06 0a 0000 14 68 0b 06000000 2d 01 06 0a 0500 81`,
		Want: `
			error: ASDU length does not fit its type and number of objects
			error: ASDU length does not fit its type and number of objects
			> client
			> sender: role_hint = "scada-server" (IEC 60870-5-104, 45)
			> request iec104 100 "C_IC_NA_1 interrogation command" read unit=10 first=0 count=1 = 20
			> request iec104 45 "C_SC_NA_1 single command" control [select] unit=10 first=5 count=1 = true`,
	},
	{
		Name:     "unknown type",
		Messages: `> 68 0e 00000000 c8 01 06 00 0a00 020000 01`,
		Want: `
			> request iec104 200 "type 200" other unit=10 first=2 count=1`,
	},
	{
		Name:     "several objects that are not in a row",
		Messages: `< 68 12 00000000 01 02 03 00 0100 010000 01 090000 00`,
		Want: `
			< server
			< sender: role_hint = "rtu" (IEC 60870-5-104, 60)
			< sender: instance_id = "common address 1" (IEC 60870-5-104, 90)
			< notice iec104 1 "M_SP_NA_1 single-point information" data unit=1 first=1 = true`,
	},
	{
		Name:     "objects cut short",
		Messages: `< 68 10 00000000 0d 01 03 00 0100 010000 0000c8`,
		Want: `
			error: ASDU length does not fit its type and number of objects`,
	},
	{
		Name:     "ASDU without header, junk, then a frame",
		Messages: `> 68 08 18181818 18181818 0606 68 04 43000000`,
		Want: `
			> request iec104 U 0x43 "TESTFR activation" diagnose
			error: ASDU length does not fit its type and number of objects
			error: no start character 0x68`,
	},
	{
		Name:     "bad control field",
		Messages: `> 68 04 0f000000`,
		Want: `
			error: control field of no known format`,
	},
	{
		Name:     "cut in body",
		Messages: `> 68 0e 00000000 64 01 06`,
		Want: `
			left > 9`,
	},
	{Name: "FT 1.2 frame of the serial protocol", Messages: `> 68 09 09 68 53 01 64 01 06 01 00 00 14 d4 16`, Foreign: true},
	{Name: "M-Bus", Messages: `> 68 03 03 68 53 fe bd 0e 16`, Foreign: true},
	{Name: "text", Messages: `> 68656c6c6f20776f726c6421`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
