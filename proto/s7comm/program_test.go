package s7comm

import "github.com/bulkhead-ot/bulkhead/proto/prototest"

var programs = []prototest.Case{
	{
		Name: "download and activate",
		Messages: `
			> 0300 0031 02f080 3201 0000 0009 0020 0000 1a 00 0100 00000000 09 5f3038303030303150 0d
			31303030303736303030303034
			< 0300 0014 02f080 3203 0000 0009 0001 0000 0000 1a
			< 0300 0023 02f080 3201 0000 0101 0012 0000 1b 00 0000 00000000 09 5f3038303030303150
			> 0300 004b 02f080 3203 0000 0101 0002 0036 0000 1b 01 0032 00fb
			70700101010800010000004c0000000002b4b5a02da703a1e3d921a70000000000000004650065014a44000000000000 5055
			< 0300 0023 02f080 3201 0000 0102 0012 0000 1b 00 0000 00000000 09 5f3038303030303150
			> 0300 0033 02f080 3203 0000 0102 0002 001e 0000 1b 00 001a 00fb
			4d50530000004d41494e000000001200beef0000000000000000
			< 0300 0023 02f080 3201 0000 0103 0012 0000 1c 00 0000 00000000 09 5f3038303030303150
			> 0300 0014 02f080 3203 0000 0103 0001 0000 0000 1c
			> 0300 002b 02f080 3201 0000 000a 001a 0000 28 000000000000fd 000a 01 00 3038303030303150 05 5f494e5345
			< 0300 0014 02f080 3203 0000 000a 0001 0000 0000 28`,
		Want: `
			> client
			> request s7comm 0x1a "request download" program [block] unit=1 first=0 name="OB 1"
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm 0x1a "request download" program [block] unit=1 first=0 name="OB 1"
			< request s7comm 0x1b "download block" program [block] unit=1 first=0 name="OB 1"
			> response s7comm 0x1b "download block" program [block] unit=1 first=0 name="OB 1"
			< request s7comm 0x1b "download block" program [block] unit=1 first=0 name="OB 1"
			> response s7comm 0x1b "download block" program [block] unit=1 first=0 name="OB 1"
			> receiver/OB 1: program_id = "0eb3e6b0464b99a8a4e0c5373b2f6bfc6edc7d5b30dc51bb741cb11ff7efc60d" (S7 block download, 100)
			> receiver/OB 1: program = "MAIN" (S7 block download, 90)
			> receiver/OB 1: description = "author JD, family PUMPS, version 1.2, checksum 0xbeef, 76 bytes, code of 2015-12-31 12:36:37, interface of 2007-08-03 16:55:41" (S7 block download, 90)
			< request s7comm 0x1c "download ended" program [block] unit=1 first=0 name="OB 1"
			> response s7comm 0x1c "download ended" program [block] unit=1 first=0 name="OB 1"
			> request s7comm 0x28 "pi service _INSE: activate block" program [program invocation] unit=1 first=0 name="OB 1"
			< response s7comm 0x28 "pi service _INSE: activate block" program [program invocation] unit=1 first=0 name="OB 1"`,
	},
	{
		Name: "upload",
		Messages: `
			> 0300 0023 02f080 3201 0000 0001 0012 0000 1d 00 0000 00000000 09 5f3041303030313241
			< 0300 0023 02f080 3203 0000 0001 0010 0000 0000 1d 00 0100 00000007 07 30303030303736
			> 0300 0019 02f080 3201 0000 0002 0008 0000 1e 00 0000 00000007
			< 0300 0065 02f080 3203 0000 0002 0002 0050 0000 1e 00 004c 00fb
			70700101010800010000004c0000000302b4b5a02da703a1e3d921a70000000000000004000000000000000000000000
			000000000000000000000000000000001200beef0000000000000000
			> 0300 0019 02f080 3201 0000 0003 0008 0000 1f 00 0000 00000007
			< 0300 0014 02f080 3203 0000 0003 0001 0000 0000 1f
			> 0300 0023 02f080 3201 0000 0004 0012 0000 1d 00 0000 00000000 09 5f3038303030303941
			< 0300 0013 02f080 3202 0000 0004 0000 0000 d209
			> 0300 0019 02f080 3201 0000 0005 0008 0000 1e 00 0000 00000009
			< 0300 0013 02f080 3202 0000 0063 0000 0000 0000`,
		Want: `
			> client
			> request s7comm 0x1d "start upload" program [block] unit=12 first=0 name="DB 12"
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm 0x1d "start upload" program [block] unit=12 first=0 name="DB 12"
			> request s7comm 0x1e "upload" program [block] unit=12 first=0 name="DB 12"
			< response s7comm 0x1e "upload" program [block] unit=12 first=0 name="DB 12"
			< sender/DB 12: program_id = "6831af861340e02dcb7c137c5185cc43d3511db3c515226155ebda35519798e0" (S7 block upload, 100)
			< sender/DB 12: description = "version 1.2, checksum 0xbeef, 76 bytes, code of 2015-12-31 12:36:37, interface of 2007-08-03 16:55:41, know-how protected" (S7 block upload, 90)
			> request s7comm 0x1f "end upload" program [block] unit=12 first=0 name="DB 12"
			< response s7comm 0x1f "end upload" program [block] unit=12 first=0 name="DB 12"
			> request s7comm 0x1d "start upload" program [block] unit=9 first=0 name="OB 9"
			< response s7comm 0x1d "start upload" program [block] unit=9 first=0 name="OB 9" failed "block not found"
			> request s7comm 0x1e "upload" program [block]
			< response s7comm ack "acknowledgement of a job that was not seen" other`,
	},
	{
		Name: "a lost piece gives no hash",
		Messages: `
			> 0300 0031 02f080 3201 0000 0009 0020 0000 1a 00 0100 00000000 09 5f3038303030303150 0d
			31303030303736303030303034
			< 0300 0023 02f080 3201 0000 0101 0012 0000 1b 00 0000 00000000 09 5f3038303030303150
			> 0300 0033 02f080 3203 0000 0101 0002 001e 0000 1b 00 001a 00fb
			4d50530000004d41494e000000001200beef0000000000000000`,
		Want: `
			> client
			> request s7comm 0x1a "request download" program [block] unit=1 first=0 name="OB 1"
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< request s7comm 0x1b "download block" program [block] unit=1 first=0 name="OB 1"
			> response s7comm 0x1b "download block" program [block] unit=1 first=0 name="OB 1"`,
	},
	{
		Name: "list blocks, block info, delete",
		Messages: `
			> 0300 001d 02f080 3207 0000 0001 0008 0004 000112 04 11 43 01 00 0a 00 0000
			< 0300 0029 02f080 3207 0000 0001 000c 000c 000112 08 12 83 01 01 01 00 0000 ff 09 0008 3038 0001 3041 0002
			> 0300 001f 02f080 3207 0000 0002 0008 0006 000112 04 11 43 02 00 ff 09 0002 3041
			< 0300 0025 02f080 3207 0000 0002 000c 0008 000112 08 12 83 02 01 01 00 0000 ff 09 0004 0001 22 05
			> 0300 0025 02f080 3207 0000 0003 0008 000c 000112 04 11 43 03 00 ff 09 0008 3038303030303141
			< 0300 006f 02f080 3207 0000 0003 000c 0052 000112 08 12 83 03 01 01 00 0000 ff 09 004e 0100 004a 2200 7070
			01 01 01 08 0001 00000048 00000000 02b4b5a0 2da7 03a1e3d9 21a7 0000 0000 0000 0000
			4a4400000000000000000000000000004d41494e00000000 12 00 beef 0000000000000000
			> 0300 0025 02f080 3207 0000 0004 0008 000c 000112 04 11 43 03 00 ff 09 0008 3041303030393941
			< 0300 0021 02f080 3207 0000 0004 000c 0004 000112 08 12 83 03 01 01 00 d209 0a 00 0000
			> 0300 0033 02f080 3201 0000 000a 0022 0000 28 000000000000fd 0012 02 00 30413030303031423041303030303242
			05 5f44454c45`,
		Want: `
			> client
			> request s7comm userdata 3.1 "list blocks" discover [block]
			< sender: vendor = "Siemens" (answers S7 communication, 60)
			< sender: role_hint = "plc" (answers S7 communication, 60)
			< response s7comm userdata 3.1 "list blocks" discover [block]
			> request s7comm userdata 3.2 "list blocks of type" discover [block] unit=0 first=0 name="0A"
			< response s7comm userdata 3.2 "list blocks of type" discover [block] unit=0 first=0
			> request s7comm userdata 3.3 "get block info" discover [block] unit=1 first=0 name="OB 1"
			< sender/OB 1: program = "MAIN" (S7 block info, 90)
			< sender/OB 1: description = "author JD, version 1.2, checksum 0xbeef, 72 bytes, code of 2015-12-31 12:36:37, interface of 2007-08-03 16:55:41" (S7 block info, 90)
			< response s7comm userdata 3.3 "get block info" discover [block] unit=1 first=0 name="OB 1"
			> request s7comm userdata 3.3 "get block info" discover [block] unit=99 first=0 name="DB 99"
			< response s7comm userdata 3.3 "get block info" discover [block] unit=99 first=0 name="DB 99" failed "block not found"
			> request s7comm 0x28 "pi service _DELE: delete block" program [program invocation] unit=1 first=0 count=2 name="DB 1"`,
	},
}
