package s7comm

import "github.com/bulkhead-ot/bulkhead/proto/prototest"

var controls = []prototest.Case{
	{
		Name: "stop, start, other services",
		Messages: `
			> 0300 0021 02f080 3201 0000 0001 0010 0000 29 0000000000 09 505f50524f4752414d
			< 0300 0014 02f080 3203 0000 0001 0001 0000 0000 29
			> 0300 0025 02f080 3201 0000 0002 0014 0000 28 000000000000fd 0000 09 505f50524f4752414d
			< 0300 0014 02f080 3203 0000 0002 0001 0000 0000 28
			> 0300 0027 02f080 3201 0000 0003 0016 0000 28 000000000000fd 0002 4320 09 505f50524f4752414d
			< 0300 0014 02f080 3203 0000 0003 0001 0000 8402 28
			> 0300 0023 02f080 3201 0000 0004 0012 0000 28 000000000000fd 0002 4550 05 5f4d4f4455
			> 0300 0021 02f080 3201 0000 0005 0010 0000 28 000000000000fd 0000 05 5f47415242
			> 0300 0021 02f080 3201 0000 0006 0010 0000 28 000000000000fd 0000 05 5f58585858`,
		Want: `
			> client
			> request s7comm 0x29 "plc stop" control [program invocation] unit=0 first=0 name="P_PROGRAM"
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm 0x29 "plc stop" control [program invocation] unit=0 first=0
			> request s7comm 0x28 "pi service P_PROGRAM: start program" control [program invocation] unit=0 first=0 name="P_PROGRAM"
			< response s7comm 0x28 "pi service P_PROGRAM: start program" control [program invocation] unit=0 first=0
			> request s7comm 0x28 "pi service P_PROGRAM: cold start" control [program invocation] unit=0 first=0 name="P_PROGRAM"
			< response s7comm 0x28 "pi service P_PROGRAM: cold start" control [program invocation] unit=0 first=0 failed "state of the object does not allow it"
			> request s7comm 0x28 "pi service _MODU: copy RAM to ROM" program [program invocation] unit=0 first=0 name="_MODU"
			> request s7comm 0x28 "pi service _GARB: compress memory" program [program invocation] unit=0 first=0 name="_GARB"
			> request s7comm 0x28 "pi service" control [program invocation] unit=0 first=0 name="_XXXX"`,
	},
	{
		Name: "password, clock, cyclic, test functions, block send",
		Messages: `
			> 0300 0025 02f080 3207 0000 0001 0008 000c 000112 04 11 45 01 00 ff 09 0008 6465666768696a6b
			< 0300 0021 02f080 3207 0000 0001 000c 0004 000112 08 12 85 01 01 01 00 d602 0a 00 0000
			> 0300 0025 02f080 3207 0000 0002 0008 000c 000112 04 11 45 01 00 ff 09 0008 6465666768696a6b
			< 0300 0021 02f080 3207 0000 0002 000c 0004 000112 08 12 85 01 01 01 00 0000 0a 00 0000
			> 0300 0027 02f080 3207 0000 0003 0008 000e 000112 04 11 47 02 00 ff 09 000a 00191408200b56120343
			< 0300 0021 02f080 3207 0000 0003 000c 0004 000112 08 12 87 02 01 01 00 0000 0a 00 0000
			> 0300 002d 02f080 3207 0000 0004 0008 0014 000112 04 11 42 01 00 ff 09 0010 00 01 01 0a 12 0a 10 02 0004
			0003 84 000000
			< 0300 002b 02f080 3207 0000 0004 000c 000e 000112 08 12 82 01 01 01 00 0000 ff 09 000a 00 01 ff 04 0020
			01020304
			< 0300 002b 02f080 3207 0000 0000 000c 000e 000112 08 12 02 01 01 01 00 0000 ff 09 000a 00 01 ff 04 0020
			01020304
			> 0300 001f 02f080 3207 0000 0005 0008 0006 000112 04 11 41 08 00 ff 09 0002 0000
			< 0300 0021 02f080 3207 0000 0005 000c 0004 000112 08 12 81 08 01 01 00 d0a1 0a 00 0000
			< 0300 0023 02f080 3207 0000 0000 000c 0006 000112 08 12 01 08 01 01 00 0000 ff 09 0002 0000
			> 0300 001f 02f080 3207 0000 0006 0008 0006 000112 04 11 46 01 00 ff 09 0002 0000
			> 0300 001f 02f080 3207 0000 0007 0008 0006 000112 04 11 49 09 00 ff 09 0002 0000
			> 0300 001f 02f080 3207 0000 0008 0008 0006 000112 04 11 7f 01 00 ff 09 0002 0000`,
		Want: `
			> client
			> conversation: session_auth = "password" (S7 security function, 100)
			> conversation: session_password = "in clear" (S7 security function: scrambled reversibly, 90)
			> request s7comm userdata 5.1 "plc password" login [protection level]
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< conversation: session_login = "refused" (S7 security function, 100)
			< response s7comm userdata 5.1 "plc password" login [protection level] failed "password wrong"
			> conversation: session_auth = "password" (S7 security function, 100)
			> conversation: session_password = "in clear" (S7 security function: scrambled reversibly, 90)
			> request s7comm userdata 5.1 "plc password" login [protection level]
			< conversation: session_login = "accepted" (S7 security function, 100)
			< response s7comm userdata 5.1 "plc password" login [protection level]
			> request s7comm userdata 7.2 "set clock" configure [clock]
			< response s7comm userdata 7.2 "set clock" configure [clock]
			> request s7comm userdata 2.1 "cyclic transfer" data unit=3 first=0 count=32
			< response s7comm userdata 2.1 "cyclic transfer" data unit=3 first=0 count=32
			< notice s7comm userdata 2.1 "cyclic transfer" data
			> request s7comm userdata 1.8 "modify variable" write [variable table]
			< response s7comm userdata 1.8 "modify variable" write [variable table] failed "not permitted at the present protection level"
			< notice s7comm userdata 1.8 "modify variable: result" diagnose [variable table]
			> request s7comm userdata 6.1 "block send" data [block send]
			> request s7comm userdata 9.9 "function group 9, subfunction 9" other
			> request s7comm userdata 15.1 "nc request download" program [nc program]`,
	},
}
