package lldp

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Subtypes of chassis ids (8.5.2.2) and port ids (8.5.3.2).
const (
	chassisMAC     = 4
	chassisAddress = 5
	portMAC        = 3
	portAddress    = 4
)

func (s *session) chassis(c *proto.Context, v []byte) {
	id := v[1:]
	switch v[0] {
	case chassisMAC:
		if m, ok := toMAC(id); ok {
			c.Say(fact.Sender, fact.MACStated, s.text.mac(m), "LLDP chassis id", 95)
		}
	case chassisAddress:
		if a, ok := toAddr(id[0], id[1:]); ok {
			c.Say(fact.Sender, fact.IPAssigned, s.text.addr(a), "LLDP chassis id", 90)
		}
	default:
		s.localChassis(c, id)
	}
}

// localChassis reads an identifier that the maker or the plant chose. PROFINET
// devices put the name of station there, or a row of fixed columns.
func (s *session) localChassis(c *proto.Context, id []byte) {
	if columns(c, s, id) {
		return
	}
	if t := s.text.clean(id); t != "" {
		c.Say(fact.Sender, fact.DeviceName, t, "LLDP chassis id", 70)
	} else {
		c.Say(fact.Sender, fact.InstanceID, s.text.hex(id), "LLDP chassis id", 50)
	}
}

// columns reads the form without a name of station, IEC 61158-6-10 "LLDP
// chassis id": type (25), order number (20), serial number (16), hardware (5),
// letter and three numbers of the firmware, each with a blank between.
func columns(c *proto.Context, s *session, id []byte) bool {
	r := wire.NewReader(id)
	kind := r.Bytes("device type", 25)
	r.Skip("blank", 1)
	order := r.Bytes("order id", 20)
	r.Skip("blank", 1)
	serial := r.Bytes("serial number", 16)
	r.Skip("blank", 1)
	hardware := r.Bytes("hardware revision", 5)
	r.Skip("blank", 1)
	letter := r.U8("software revision prefix")
	version := r.Rest()
	if r.Len() > 0 || len(version) < 9 || letter < 'A' || letter > 'Z' || id[25] != ' ' || id[46] != ' ' || id[63] != ' ' {
		return false
	}
	const source = "LLDP chassis id (PROFINET)"
	c.Say(fact.Sender, fact.Description, s.text.clean(id), source, 80)
	c.Say(fact.Sender, fact.Model, s.text.clean(kind), source, 90)
	c.Say(fact.Sender, fact.OrderNumber, s.text.clean(order), source, 95)
	c.Say(fact.Sender, fact.Serial, s.text.clean(serial), source, 95)
	c.Say(fact.Sender, fact.Hardware, s.text.clean(hardware), source, 90)
	c.Say(fact.Sender, fact.FirmwareVer, s.text.version(letter, version), source, 95)
	return true
}

// version writes "V  4  2  1" as "V4.2.1".
func (s *scratch) version(letter byte, v []byte) string {
	out := append(s.b[:0], letter)
	for part := range bytes.FieldsSeq(v) {
		if len(out) > 1 {
			out = append(out, '.')
		}
		for _, x := range part {
			if x < '0' || x > '9' || len(out) > 20 {
				return ""
			}
			out = append(out, x)
		}
	}
	return proto.View(out)
}

func (s *session) port(c *proto.Context, v []byte) {
	id := v[1:]
	switch v[0] {
	case portMAC:
		if m, ok := toMAC(id); ok {
			c.Say(fact.Sender, fact.PortName, s.text.mac(m), "LLDP port id", 60)
		}
	case portAddress:
		if a, ok := toAddr(id[0], id[1:]); ok {
			c.Say(fact.Sender, fact.PortName, s.text.addr(a), "LLDP port id", 60)
		}
	default:
		c.Say(fact.Sender, fact.PortName, s.text.clean(id), "LLDP port id", 90)
	}
}

// Capability bits of 8.5.8.1 and the role that each suggests, the most
// telling first. Bridge is weak: controllers and panels have switches inside.
var capabilityBits = []struct {
	bit   uint16
	name  string
	role  string
	trust uint8
}{
	{1 << 3, "WLAN access point", "access-point", 85},
	{1 << 5, "telephone", "phone", 85},
	{1 << 4, "router", "router", 60},
	{1 << 2, "bridge", "switch", 50},
	{1 << 1, "repeater", "", 0},
	{1 << 6, "DOCSIS cable device", "", 0},
	{1 << 7, "station only", "", 0},
	{1 << 8, "C-VLAN component", "", 0},
	{1 << 9, "S-VLAN component", "", 0},
	{1 << 10, "two-port MAC relay", "", 0},
}

func capabilities(c *proto.Context, v []byte) {
	r := wire.NewReader(v)
	r.U16("system capabilities")
	enabled := r.U16("enabled capabilities")
	if !r.OK() {
		return
	}
	hinted := false
	for _, x := range capabilityBits {
		if enabled&x.bit == 0 {
			continue
		}
		c.Say(fact.Sender, fact.Capability, x.name, "LLDP system capabilities", 95)
		if x.role != "" && !hinted {
			hinted = true
			c.Say(fact.Sender, fact.RoleHint, x.role, "LLDP system capabilities", x.trust)
		}
	}
}

func (s *session) management(c *proto.Context, v []byte) {
	r := wire.NewReader(v)
	n := int(r.U8("management address string length"))
	family := r.U8("management address subtype")
	addr := r.Bytes("management address", n-1)
	if !r.OK() {
		return
	}
	if a, ok := toAddr(family, addr); ok {
		c.Say(fact.Sender, fact.IPAssigned, s.text.addr(a), "LLDP management address", 95)
	} else if m, ok := toMAC(addr); ok && family == 6 {
		c.Say(fact.Sender, fact.MACStated, s.text.mac(m), "LLDP management address", 90)
	}
}
