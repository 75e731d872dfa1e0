package lldp

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// pdu builds a message of types and values in hex, with padding.
func pdu(tlvs ...any) string {
	s := "> "
	for i := 0; i+1 < len(tlvs); i += 2 {
		v := tlvs[i+1].(string)
		s += fmt.Sprintf("%04x%s ", tlvs[i].(int)<<9|len(v)/2, v)
	}
	return s + "0000 000000"
}

func text(s string) string { return hex.EncodeToString([]byte(s)) }

const (
	mac  = "04001122334455"
	ttl  = "0014"
	port = "07706f72742d303031"
)

var cases = []prototest.Case{
	{
		Name: "controller without a name of station", Carrier: proto.Ethernet,
		Messages: pdu(1, "07"+text(fmt.Sprintf("%-25s %-20s %-16s %5s V%3s%3s%3s", "S7-1200", "6ES7 214-1AG40-0XB0", "S C-X1234567", "7", "4", "2", "1")), 2, port, 3, ttl,
			6, text("Siemens, SIMATIC S7, CPU-1200, 6ES7 214-1AG40-0XB0, HW: 7, FW: V.4.2.1, S C-X1234567"),
			8, "0501c0a80001020000000100", 127, "000ecf0200000000", 127, "000ecf05001122334455", 7, "00840004"),
		Want: `
			> sender: description = "S7-1200                   6ES7 214-1AG40-0XB0  S C-X1234567         7 V  4  2  1" (LLDP chassis id (PROFINET), 80)
			> sender: model = "S7-1200" (LLDP chassis id (PROFINET), 90)
			> sender: order_number = "6ES7 214-1AG40-0XB0" (LLDP chassis id (PROFINET), 95)
			> sender: serial = "S C-X1234567" (LLDP chassis id (PROFINET), 95)
			> sender: hardware = "7" (LLDP chassis id (PROFINET), 90)
			> sender: firmware = "V4.2.1" (LLDP chassis id (PROFINET), 95)
			> sender: port = "port-001" (LLDP port id, 90)
			> sender: description = "Siemens, SIMATIC S7, CPU-1200, 6ES7 214-1AG40-0XB0, HW: 7, FW: V.4.2.1, S C-X1234567" (LLDP system description, 95)
			> sender: vendor = "Siemens" (LLDP system description, 90)
			> sender: role_hint = "plc" (LLDP system description, 80)
			> sender: order_number = "6ES7 214-1AG40-0XB0" (LLDP system description, 95)
			> sender: hardware = "7" (LLDP system description, 90)
			> sender: firmware = "V.4.2.1" (LLDP system description, 90)
			> sender: serial = "S C-X1234567" (LLDP system description, 85)
			> sender: model = "CPU-1200" (LLDP system description, 80)
			> sender: ip_assigned = "192.168.0.1" (LLDP management address, 95)
			> sender: capability = "PROFINET" (LLDP PROFINET port status, 95)
			> sender: mac_stated = "00:11:22:33:44:55" (LLDP PROFINET chassis MAC, 95)
			> sender: capability = "bridge" (LLDP system capabilities, 95)
			> sender: role_hint = "switch" (LLDP system capabilities, 50)
			> notice lldp LLDPDU "advertisement" discover`,
	},
	{
		Name: "switch with VLANs", Carrier: proto.Ethernet,
		Messages: pdu(1, mac, 2, "03001122334456", 3, ttl, 4, text("GigabitEthernet1/0/1"), 5, text("sw-hall-1"),
			6, text("Cisco IOS Software, IE2000 Software (IE2000-UNIVERSALK9-M), Version 15.2(4)EA6, RELEASE SOFTWARE (fc1)\r\nCopyright"),
			8, "1102fe80000000000000021122fffe334455020000000100", 127, "0080c201000a", 127, "0080c203000a0463656c6c", 127, "00120f0100000000"),
		Want: `
			> sender: mac_stated = "00:11:22:33:44:55" (LLDP chassis id, 95)
			> sender: port = "00:11:22:33:44:56" (LLDP port id, 60)
			> sender: port = "GigabitEthernet1/0/1" (LLDP port description, 90)
			> sender: device_name = "sw-hall-1" (LLDP system name, 95)
			> sender: description = "Cisco IOS Software, IE2000 Software (IE2000-UNIVERSALK9-M), Version 15.2(4)EA6, RELEASE SOFTWARE (fc1);Copyright" (LLDP system description, 95)
			> sender: vendor = "Cisco" (LLDP system description, 90)
			> sender: firmware = "15.2(4)EA6" (LLDP system description, 90)
			> sender: os = "Cisco IOS" (LLDP system description, 80)
			> sender: ip_assigned = "fe80::211:22ff:fe33:4455" (LLDP management address, 95)
			> sender: vlan = "10" (LLDP port VLAN id, 90)
			> sender: vlan = "10 cell" (LLDP VLAN name, 90)
			> notice lldp LLDPDU "advertisement" discover`,
	},
	{
		Name: "phone with an inventory", Carrier: proto.Ethernet,
		Messages: pdu(1, "0501c0a80009", 2, "0401c0a80009", 3, ttl, 7, "00240024", 127, "0012bb01003303", 127, "0012bb05"+text("rev A"), 127, "0012bb06"+text("boot 1"),
			127, "0012bb07"+text("sip 2"), 127, "0012bb08"+text("SN1"), 127, "0012bb09"+text("Acme"), 127, "0012bb0a"+text("Talk 9"), 127, "0012bb0b"+text("asset 7"), 127, "0012bb0c00"),
		Want: `
			> sender: ip_assigned = "192.168.0.9" (LLDP chassis id, 90)
			> sender: port = "192.168.0.9" (LLDP port id, 60)
			> sender: capability = "telephone" (LLDP system capabilities, 95)
			> sender: role_hint = "phone" (LLDP system capabilities, 85)
			> sender: capability = "bridge" (LLDP system capabilities, 95)
			> sender: role_hint = "phone" (LLDP-MED device class, 60)
			> sender: hardware = "rev A" (LLDP-MED hardware revision, 95)
			> sender: firmware = "boot 1" (LLDP-MED firmware revision, 95)
			> sender: software = "sip 2" (LLDP-MED software revision, 95)
			> sender: serial = "SN1" (LLDP-MED serial number, 95)
			> sender: vendor = "Acme" (LLDP-MED manufacturer name, 95)
			> sender: model = "Talk 9" (LLDP-MED model name, 95)
			> sender: instance_id = "asset 7" (LLDP-MED asset id, 95)
			> notice lldp LLDPDU "advertisement" discover`,
	},
	{
		Name: "PC, unset management address", Carrier: proto.Ethernet,
		Messages: pdu(1, "07"+text("desktop-1"), 2, "07"+text("port-001.desktop-1"), 3, ttl, 6, text("ASUSTeK COMPUTER INC. G750,1.0,D9N0CY1"), 8, "050100000000020000000100"),
		Want: `
			> sender: device_name = "desktop-1" (LLDP chassis id, 70)
			> sender: port = "port-001.desktop-1" (LLDP port id, 90)
			> sender: description = "ASUSTeK COMPUTER INC. G750,1.0,D9N0CY1" (LLDP system description, 95)
			> sender: vendor = "ASUSTeK" (LLDP system description, 90)
			> sender: model = "G750" (LLDP system description, 80)
			> sender: hardware = "1.0" (LLDP system description, 60)
			> sender: serial = "D9N0CY1" (LLDP system description, 80)
			> notice lldp LLDPDU "advertisement" discover`,
	},
	{
		Name: "forms of other makers", Carrier: proto.Ethernet,
		Messages: pdu(1, "07ff00", 2, port, 3, ttl, 6, text("Hirschmann MACH - SW: L3P-09.0.00 X")) +
			"\n" + pdu(1, mac, 2, port, 3, ttl, 6, text("HP J9773A Switch, revision YA.15.12, ROM")) +
			"\n" + pdu(1, mac, 2, port, 3, ttl, 6, text("Ruijie Access Switch (XS-1) By Ruijie Networks")) +
			"\n" + pdu(1, mac, 2, port, 3, ttl, 6, text("Summit300 - Version 7.4e.1 (Build 5)")) +
			"\n" + pdu(1, mac, 2, port, 3, ttl, 6, text("Siemens AG SIMATIC NET SCALANCE X 200")) +
			"\n" + pdu(1, mac, 2, port, 3, ttl, 6, text("Debian GNU/Linux 12 Linux 6.1")),
		Want: `
			> sender: instance_id = "ff00" (LLDP chassis id, 50)
			> sender: port = "port-001" (LLDP port id, 90)
			> sender: description = "Hirschmann MACH - SW: L3P-09.0.00 X" (LLDP system description, 95)
			> sender: vendor = "Hirschmann" (LLDP system description, 90)
			> sender: model = "MACH" (LLDP system description, 80)
			> sender: firmware = "L3P-09.0.00" (LLDP system description, 85)
			> sender: role_hint = "switch" (LLDP system description, 70)
			> notice lldp LLDPDU "advertisement" discover
			> sender: mac_stated = "00:11:22:33:44:55" (LLDP chassis id, 95)
			> sender: port = "port-001" (LLDP port id, 90)
			> sender: description = "HP J9773A Switch, revision YA.15.12, ROM" (LLDP system description, 95)
			> sender: vendor = "HP" (LLDP system description, 90)
			> sender: model = "J9773A Switch" (LLDP system description, 75)
			> sender: firmware = "YA.15.12" (LLDP system description, 80)
			> notice lldp LLDPDU "advertisement" discover
			> sender: mac_stated = "00:11:22:33:44:55" (LLDP chassis id, 95)
			> sender: port = "port-001" (LLDP port id, 90)
			> sender: description = "Ruijie Access Switch (XS-1) By Ruijie Networks" (LLDP system description, 95)
			> sender: vendor = "Ruijie" (LLDP system description, 90)
			> sender: model = "XS-1" (LLDP system description, 80)
			> sender: role_hint = "switch" (LLDP system description, 75)
			> notice lldp LLDPDU "advertisement" discover
			> sender: mac_stated = "00:11:22:33:44:55" (LLDP chassis id, 95)
			> sender: port = "port-001" (LLDP port id, 90)
			> sender: description = "Summit300 - Version 7.4e.1 (Build 5)" (LLDP system description, 95)
			> sender: model = "Summit300" (LLDP system description, 70)
			> sender: firmware = "7.4e.1" (LLDP system description, 70)
			> notice lldp LLDPDU "advertisement" discover
			> sender: mac_stated = "00:11:22:33:44:55" (LLDP chassis id, 95)
			> sender: port = "port-001" (LLDP port id, 90)
			> sender: description = "Siemens AG SIMATIC NET SCALANCE X 200" (LLDP system description, 95)
			> sender: vendor = "Siemens" (LLDP system description, 90)
			> sender: model = "SIMATIC NET SCALANCE X 200" (LLDP system description, 70)
			> sender: role_hint = "switch" (LLDP system description, 80)
			> notice lldp LLDPDU "advertisement" discover
			> sender: mac_stated = "00:11:22:33:44:55" (LLDP chassis id, 95)
			> sender: port = "port-001" (LLDP port id, 90)
			> sender: description = "Debian GNU/Linux 12 Linux 6.1" (LLDP system description, 95)
			> sender: os = "Linux" (LLDP system description, 70)
			> notice lldp LLDPDU "advertisement" discover`,
	},
	{
		Name: "shutdown", Carrier: proto.Ethernet,
		Messages: pdu(1, mac, 2, port, 3, "0000"),
		Want:     `> notice lldp LLDPDU "shutdown: the neighbour is to forget the sender" discover [shutdown]`,
	},
	{
		Name: "TLV longer than the frame", Carrier: proto.Ethernet,
		Messages: "> 0207" + mac + " 0409" + port + " 0602" + ttl + " 0a20 6162",
		Want: `
			> sender: mac_stated = "00:11:22:33:44:55" (LLDP chassis id, 95)
			> sender: port = "port-001" (LLDP port id, 90)
			> notice lldp LLDPDU "advertisement" discover
			error: TLV value at byte 26: short input`,
	},
	{Name: "port before chassis", Carrier: proto.Ethernet, Messages: "> 0409" + port + " 0207" + mac + " 0602" + ttl, Want: `error: TLV type at byte 11: mandatory TLV is missing or out of order`},
	{Name: "empty chassis id", Carrier: proto.Ethernet, Messages: "> 0201 04 0409" + port, Want: `error: TLV value at byte 3: identifier is empty`},
	{Name: "zeros", Carrier: proto.Ethernet, Messages: "> 00000000000000000000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
