package snmp

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
)

// tlv is an element in hex: a tag, then contents in hex.
func tlv(tag byte, parts ...string) string {
	body := strings.ReplaceAll(strings.Join(parts, ""), " ", "")
	n := len(body) / 2
	if n < 128 {
		return fmt.Sprintf("%02x%02x%s", tag, n, body)
	}
	return fmt.Sprintf("%02x82%04x%s", tag, n, body)
}

func num(n byte) string   { return tlv(2, fmt.Sprintf("%02x", n)) }
func str(s string) string { return tlv(4, hex.EncodeToString([]byte(s))) }
func oid(s string) string { return tlv(6, hex.EncodeToString(ber.MustOID(s))) }

func bind(name, value string) string { return tlv(0x30, oid(name), value) }

const null = "0500"

// community is a version 1 or 2c message.
func community(version byte, secret string, pdu byte, id, status byte, bindings ...string) string {
	return tlv(0x30, num(version), str(secret), tlv(0xa0|pdu, num(id), num(status), num(0), tlv(0x30, bindings...)))
}

// secured is a version 3 message with data behind the security parameters.
func secured(flags byte, engine, user, data string) string {
	return tlv(0x30, num(3), tlv(0x30, num(1), num(100), tlv(4, fmt.Sprintf("%02x", flags)), num(3)),
		tlv(4, tlv(0x30, tlv(4, engine), num(0), num(0), str(user), tlv(4, ""), tlv(4, ""))), data)
}

const (
	sys   = "1.3.6.1.2.1.1."
	aruba = "800039e703000b86648ba0" // an engine id made from an enterprise and a hardware address
)

var cases = []prototest.Case{
	{
		Name:    "get and answer of a controller",
		Carrier: proto.UDP,
		Messages: "> " + community(1, "public", 0, 7, 0, bind(sys+"1.0", null), bind(sys+"5.0", null)) +
			"\n< " + community(1, "public", 2, 7, 0,
			bind(sys+"1.0", str("Siemens, SIMATIC, S7-300, 6ES7 315-2EH14-0AB0 , HW: 4, FW: V3.2.6, S C-X1")),
			bind(sys+"2.0", oid("1.3.6.1.4.1.4329.6.3")), bind(sys+"5.0", str("PLC_1")), bind(sys+"6.0", str("Hall 2")),
			bind(sys+"4.0", str("")), bind("1.3.6.1.2.1.2.2.1.6.1", tlv(4, "001b1b010203")), bind("1.3.6.1.2.1.4.20.1.1.10.1.0.5", tlv(0x40, "0a010005"))),
		Want: `
			> client
			> conversation: session_version = "SNMPv2c" (SNMP version, 100)
			> conversation: session_security = "None" (SNMP version, 100)
			> conversation: session_password = "default community public in clear" (SNMP community, 100)
			> request snmp 0 "get" read unit=0 first=0 count=2 name="1.3.6.1.2.1.1.1.0"
			< sender: description = "Siemens, SIMATIC, S7-300, 6ES7 315-2EH14-0AB0 , HW: 4, FW: V3.2.6, S C-X1" (SNMP sysDescr, 90)
			< sender: vendor = "Siemens" (SNMP sysDescr, 95)
			< sender: model = "S7-300" (SNMP sysDescr, 90)
			< sender: order_number = "6ES7 315-2EH14-0AB0" (SNMP sysDescr, 95)
			< sender: hardware = "4" (SNMP sysDescr, 90)
			< sender: firmware = "V3.2.6" (SNMP sysDescr, 90)
			< sender: vendor = "Siemens" (SNMP sysObjectID, 80)
			< sender: device_name = "PLC_1" (SNMP sysName, 95)
			< sender: location = "Hall 2" (SNMP sysLocation, 90)
			< sender: mac_stated = "00:1b:1b:01:02:03" (SNMP interface address, 85)
			< sender: ip_assigned = "10.1.0.5" (SNMP ipAdEntAddr, 80)
			< response snmp 2 "response" read unit=0 first=0 count=7 name="1.3.6.1.2.1.1.1.0" answers 0`,
	},
	{
		Name:    "set refused",
		Carrier: proto.UDP,
		Messages: "> " + community(0, "s3cret", 3, 8, 0, bind("1.3.6.1.2.1.2.2.1.7.3", num(2))) +
			"\n< " + community(0, "s3cret", 2, 8, 2, bind("1.3.6.1.2.1.2.2.1.7.3", num(2))),
		Want: `
			> client
			> conversation: session_version = "SNMPv1" (SNMP version, 100)
			> conversation: session_security = "None" (SNMP version, 100)
			> conversation: session_password = "in clear" (SNMP community, 100)
			> request snmp 3 "set" configure unit=0 first=0 count=1 name="1.3.6.1.2.1.2.2.1.7.3"
			< response snmp 2 "response" read unit=0 first=0 count=1 name="1.3.6.1.2.1.2.2.1.7.3" answers 3 failed "noSuchName"`,
	},
	{
		Name:    "entity table, switch, ups",
		Carrier: proto.UDP,
		Messages: "< " + community(1, "private", 2, 9, 0,
			bind("1.3.6.1.2.1.47.1.1.1.1.11.1", str("FOC1")), bind("1.3.6.1.2.1.47.1.1.1.1.13.1001", str("SFP")),
			bind("1.3.6.1.2.1.17.1.1.0", tlv(4, "001b1b010204")), bind("1.3.6.1.2.1.33.1.1.2.0", str("Smart-UPS"))),
		Want: `
			< server
			< conversation: session_version = "SNMPv2c" (SNMP version, 100)
			< conversation: session_security = "None" (SNMP version, 100)
			< conversation: session_password = "default community private in clear" (SNMP community, 100)
			< sender: serial = "FOC1" (SNMP entPhysicalSerialNum, 90)
			< sender/entity 1001: model = "SFP" (SNMP entPhysicalModelName, 90)
			< sender: mac_stated = "00:1b:1b:01:02:04" (SNMP interface address, 85)
			< sender: role_hint = "switch" (SNMP dot1dBaseBridgeAddress, 70)
			< sender: model = "Smart-UPS" (SNMP upsIdentModel, 90)
			< response snmp 2 "response" read unit=0 first=0 count=4 name="1.3.6.1.2.1.47.1.1.1.1.11.1"`,
	},
	{
		Name:    "traps",
		Carrier: proto.UDP,
		Ports:   [2]uint16{1024, 162},
		Messages: "> " + tlv(0x30, num(0), str("public"), tlv(0xa4, oid("1.3.6.1.4.1.8691.2"), tlv(0x40, "0a000001"), num(3), num(0), tlv(0x43, "05"), tlv(0x30))) +
			"\n> " + community(1, "", 7, 1, 0, bind(sys+"3.0", tlv(0x43, "05"))) +
			"\n> " + community(1, "", 6, 2, 0, bind(sys+"3.0", tlv(0x43, "05"))) +
			"\n< " + community(1, "", 2, 2, 0, bind(sys+"3.0", tlv(0x43, "05"))),
		Want: `
			> client
			> conversation: session_version = "SNMPv1" (SNMP version, 100)
			> conversation: session_security = "None" (SNMP version, 100)
			> conversation: session_password = "default community public in clear" (SNMP community, 100)
			> sender: vendor = "Moxa" (SNMP trap enterprise, 60)
			> notice snmp 4 "trap (version 1)" diagnose unit=0 first=0 name="1.3.6.1.4.1.8691.2"
			> conversation: session_version = "SNMPv2c" (SNMP version, 100)
			> conversation: session_security = "None" (SNMP version, 100)
			> conversation: session_password = "empty" (SNMP community, 100)
			> notice snmp 7 "trap" diagnose unit=0 first=0 count=1 name="1.3.6.1.2.1.1.3.0"
			> request snmp 6 "inform" diagnose unit=0 first=0 count=1 name="1.3.6.1.2.1.1.3.0"
			< response snmp 2 "response" read unit=0 first=0 count=1 name="1.3.6.1.2.1.1.3.0" answers 6`,
	},
	{
		Name:    "version 3: discovery, then encrypted",
		Carrier: proto.UDP,
		Messages: "> " + secured(4, "", "", tlv(0x30, tlv(4), tlv(4), tlv(0xa0, num(1), num(0), num(0), tlv(0x30)))) +
			"\n< " + secured(0, aruba, "", tlv(0x30, tlv(4, aruba), tlv(4), tlv(0xa8, num(1), num(0), num(0), tlv(0x30, bind("1.3.6.1.6.3.15.1.1.4.0", tlv(0x41, "01")))))) +
			"\n> " + secured(7, aruba, "ops", tlv(4, "0102030405")) +
			"\n< " + secured(3, aruba, "ops", tlv(4, "0102030405")) +
			"\n< " + secured(0, aruba, "ops", tlv(0x30, tlv(4, aruba), tlv(4), tlv(0xa8, num(1), num(0), num(0), tlv(0x30, bind("1.3.6.1.6.3.15.1.1.5.0", tlv(0x41, "01")))))),
		Want: `
			> conversation: session_version = "SNMPv3" (SNMP version, 100)
			> client
			> request snmp 0 "get" read
			< sender: vendor = "Aruba" (SNMP engine id, 70)
			< sender: mac_stated = "00:0b:86:64:8b:a0" (SNMP engine id, 80)
			< response snmp 8 "report" diagnose unit=0 first=0 count=1 name="1.3.6.1.6.3.15.1.1.4.0" answers 0
			> conversation: session_version = "SNMPv3" (SNMP version, 100)
			> conversation: session_security = "authPriv" (SNMP security level, 100)
			> conversation: session_user = "ops" (SNMP user name, 100)
			> request snmp encrypted "encrypted message" other
			< response snmp encrypted "encrypted message" other
			< conversation: session_version = "SNMPv3" (SNMP version, 100)
			< conversation: session_user = "ops" (SNMP user name, 100)
			< response snmp 8 "report" diagnose unit=0 first=0 count=1 name="1.3.6.1.6.3.15.1.1.5.0" failed "wrong digest"`,
	},
	{
		Name: "descriptions",
		Messages: "< " + community(1, "public", 2, 1, 0, bind(sys+"1.0", str("Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE5, RELEASE SOFTWARE\r\nmore"))) +
			"\n< " + community(1, "public", 2, 1, 0, bind(sys+"1.0", str("Linux hmi 5.4.0-42-generic #46 SMP"))) +
			"\n< " + community(1, "public", 2, 1, 0, bind(sys+"1.0", str("Hardware: Intel64 - Software: Windows Version 6.1 (Build 7601 Multiprocessor Free)"))) +
			"\n< " + community(1, "public", 2, 1, 0, bind(sys+"1.0", str("APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.4.6 PN:apc_hw05 MN:AP9631 HR:05 SN: ZA10 MD:01/01/2015)"))),
		Want: `
			< server
			< conversation: session_version = "SNMPv2c" (SNMP version, 100)
			< conversation: session_security = "None" (SNMP version, 100)
			< conversation: session_password = "default community public in clear" (SNMP community, 100)
			< sender: description = "Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE5, RELEASE SOFTWARE" (SNMP sysDescr, 90)
			< sender: vendor = "Cisco" (SNMP sysDescr, 95)
			< sender: os = "Cisco IOS" (SNMP sysDescr, 90)
			< sender: firmware = "12.2(55)SE5" (SNMP sysDescr, 85)
			< sender: model = "C2960" (SNMP sysDescr, 85)
			< response snmp 2 "response" read unit=0 first=0 count=1 name="1.3.6.1.2.1.1.1.0"
			< sender: description = "Linux hmi 5.4.0-42-generic #46 SMP" (SNMP sysDescr, 90)
			< sender: hostname = "hmi" (SNMP sysDescr, 80)
			< sender: os = "Linux 5.4.0-42-generic" (SNMP sysDescr, 90)
			< response snmp 2 "response" read unit=0 first=0 count=1 name="1.3.6.1.2.1.1.1.0"
			< sender: description = "Hardware: Intel64 - Software: Windows Version 6.1 (Build 7601 Multiprocessor Free)" (SNMP sysDescr, 90)
			< sender: os = "Windows Version 6.1 (Build 7601 Multiprocessor Free)" (SNMP sysDescr, 85)
			< response snmp 2 "response" read unit=0 first=0 count=1 name="1.3.6.1.2.1.1.1.0"
			< sender: description = "APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.4.6 PN:apc_hw05 MN:AP9631 HR:05 SN: ZA10 MD:01/01/2015)" (SNMP sysDescr, 90)
			< sender: vendor = "APC" (SNMP sysDescr, 95)
			< sender: model = "AP9631" (SNMP sysDescr, 85)
			< sender: serial = "ZA10" (SNMP sysDescr, 85)
			< sender: firmware = "v6.4.6" (SNMP sysDescr, 85)
			< response snmp 2 "response" read unit=0 first=0 count=1 name="1.3.6.1.2.1.1.1.0"`,
	},
	{Name: "version", Carrier: proto.UDP, Messages: "> " + tlv(0x30, num(9), str("public"), tlv(0xa0)), Want: `
			error: version at byte 3: version is none of 0, 1 and 3`},
	{Name: "no PDU", Carrier: proto.UDP, Messages: "> " + tlv(0x30, num(1), str("public"), tlv(0xbe)), Want: `
			error: PDU at byte 13: not a PDU`},
	{Name: "cut", Carrier: proto.UDP, Messages: "> 3010 020101 0406", Want: `
			error: short input`},
	{Name: "LDAP bind", Carrier: proto.UDP, Messages: "> 300c 020101 6007 020103 0400 8000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
