package cdp

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// pdu builds a message of types and values in hex.
func pdu(tlvs ...any) string {
	s := "> 02b40000 "
	for i := 0; i+1 < len(tlvs); i += 2 {
		v := tlvs[i+1].(string)
		s += fmt.Sprintf("%04x%04x%s ", tlvs[i].(int), 4+len(v)/2, v)
	}
	return s
}

func text(s string) string { return hex.EncodeToString([]byte(s)) }

var cases = []prototest.Case{
	{
		Name: "switch", Carrier: proto.SNAP,
		Messages: pdu(1, text("sw1"), 2, "000000020101cc00040a000005"+"0208aaaa0300000086dd0010fe800000000000000000000000000001",
			3, text("FastEthernet0/1"), 4, "00000028", 5, text("Cisco IOS Software, C2950 Software (C2950-I6), Version 12.1(22)EA14, RELEASE\nTechnical Support"),
			6, text("cisco WS-C2950-12"), 9, text("plant"), 10, "0001", 11, "00", 0x14, text("sw1.plant"), 0x17, "00"+text("hall 2"), 0x1a, "00"),
		Want: `
			> sender: device_name = "sw1" (CDP device id, 95)
			> sender: ip_assigned = "10.0.0.5" (CDP address, 95)
			> sender: ip_assigned = "fe80::1" (CDP address, 95)
			> sender: port = "FastEthernet0/1" (CDP port id, 90)
			> sender: capability = "switch" (CDP capabilities, 95)
			> sender: role_hint = "switch" (CDP capabilities, 85)
			> sender: capability = "IGMP capable" (CDP capabilities, 95)
			> sender: software = "Cisco IOS Software, C2950 Software (C2950-I6), Version 12.1(22)EA14, RELEASE;Technical Support" (CDP software version, 95)
			> sender: os = "Cisco IOS" (CDP software version, 85)
			> sender: firmware = "12.1(22)EA14" (CDP software version, 90)
			> sender: model = "cisco WS-C2950-12" (CDP platform, 90)
			> sender: vendor = "Cisco" (CDP platform, 90)
			> sender: order_number = "WS-C2950-12" (CDP platform, 85)
			> sender: domain = "plant" (CDP VTP management domain, 60)
			> sender: vlan = "1" (CDP native VLAN, 90)
			> conversation: session_note = "half duplex on the sender's port" (CDP duplex, 90)
			> sender: hostname = "sw1.plant" (CDP system name, 90)
			> sender: location = "hall 2" (CDP location, 80)
			> notice cdp advertisement "advertisement" discover`,
	},
	{
		Name: "serial numbers in device ids, phone", Carrier: proto.SNAP,
		Messages: pdu(1, text("core(FOX1234ABCD)"), 4, "00000081") + "\n" + pdu(1, text("FOX1234ABCD(core)")) + "\n" + pdu(1, text("a(b)"), 6, text("Cisco IP Phone 7960")),
		Want: `
			> sender: device_name = "core(FOX1234ABCD)" (CDP device id, 95)
			> sender: serial = "FOX1234ABCD" (CDP device id, 85)
			> sender: capability = "telephone" (CDP capabilities, 95)
			> sender: role_hint = "phone" (CDP capabilities, 85)
			> sender: capability = "router" (CDP capabilities, 95)
			> notice cdp advertisement "advertisement" discover
			> sender: device_name = "FOX1234ABCD(core)" (CDP device id, 95)
			> sender: serial = "FOX1234ABCD" (CDP device id, 85)
			> notice cdp advertisement "advertisement" discover
			> sender: device_name = "a(b)" (CDP device id, 95)
			> sender: model = "Cisco IP Phone 7960" (CDP platform, 90)
			> sender: vendor = "Cisco" (CDP platform, 90)
			> notice cdp advertisement "advertisement" discover`,
	},
	{Name: "padding", Carrier: proto.SNAP, Messages: "> 01b40000 0001000561 000000000000", Want: `
			> sender: device_name = "a" (CDP device id, 95)
			> notice cdp advertisement "advertisement" discover`},
	{Name: "TLV too long", Carrier: proto.SNAP, Messages: "> 02b40000 0001000561 0003 0040 31", Want: `
			> sender: device_name = "a" (CDP device id, 95)
			> notice cdp advertisement "advertisement" discover
			error: value at byte 13: short input`},
	{Name: "length below 4", Carrier: proto.SNAP, Messages: "> 02b40000 0001000361", Want: `
			> notice cdp advertisement "advertisement" discover
			error: length at byte 8: length is less than 4`},
	{Name: "version 9", Carrier: proto.SNAP, Messages: "> 09b40000 0001000561", Want: `error: version at byte 1: version is neither 1 nor 2`},
	{Name: "VTP", Carrier: proto.SNAP, Messages: "> 02010005706c616e74000000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
