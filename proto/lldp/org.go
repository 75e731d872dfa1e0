package lldp

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Organisations whose TLVs are read.
const (
	ouiProfinet = 0x000ecf
	oui8021     = 0x0080c2
	ouiMED      = 0x0012bb
)

func (s *session) organisation(c *proto.Context, v []byte) {
	r := wire.NewReader(v)
	oui := r.U24("organisation")
	sub := r.U8("subtype")
	if !r.OK() {
		return
	}
	switch oui {
	case ouiProfinet:
		s.profinet(c, sub, &r)
	case oui8021:
		s.vlan(c, sub, &r)
	case ouiMED:
		s.med(c, sub, r.Rest())
	}
}

// profinet reads subtypes 2 (RT port status) and 5 (chassis MAC) of
// IEC 61158-6-10. A device that sends any of them speaks PROFINET.
func (s *session) profinet(c *proto.Context, sub uint8, r *wire.Reader) {
	switch sub {
	case 2:
		c.Say(fact.Sender, fact.Capability, "PROFINET", "LLDP PROFINET port status", 95)
	case 5:
		if m, ok := toMAC(r.Rest()); ok {
			c.Say(fact.Sender, fact.MACStated, s.text.mac(m), "LLDP PROFINET chassis MAC", 95)
		}
	}
}

// vlan reads subtypes 1 (port VLAN id) and 3 (VLAN name) of IEEE 802.1Q, D.2.
func (s *session) vlan(c *proto.Context, sub uint8, r *wire.Reader) {
	switch sub {
	case 1:
		if id := r.U16("port VLAN id"); r.OK() && id != 0 && id < 4095 {
			c.Say(fact.Sender, fact.VLANName, proto.View(strconv.AppendUint(s.text.b[:0], uint64(id), 10)), "LLDP port VLAN id", 90)
		}
	case 3:
		id := r.U16("VLAN id")
		label := r.Bytes("VLAN name", int(r.U8("VLAN name length")))
		t := s.text.clean(label)
		if !r.OK() || t == "" || len(t) > 32 {
			return
		}
		var b [48]byte
		out := strconv.AppendUint(b[:0], uint64(id), 10)
		out = append(append(out, ' '), t...)
		c.Say(fact.Sender, fact.VLANName, proto.View(s.text.b[:copy(s.text.b[:], out)]), "LLDP VLAN name", 90)
	}
}

// inventory are the subtypes of TIA-1057, 10.2.6.
var inventory = [...]struct {
	attr   fact.Attr
	source string
}{
	5:  {fact.Hardware, "LLDP-MED hardware revision"},
	6:  {fact.FirmwareVer, "LLDP-MED firmware revision"},
	7:  {fact.Software, "LLDP-MED software revision"},
	8:  {fact.Serial, "LLDP-MED serial number"},
	9:  {fact.Vendor, "LLDP-MED manufacturer name"},
	10: {fact.Model, "LLDP-MED model name"},
	11: {fact.InstanceID, "LLDP-MED asset id"},
}

func (s *session) med(c *proto.Context, sub uint8, v []byte) {
	switch {
	case sub == 1 && len(v) >= 3:
		if v[2] == 3 { // device class III: end point with a telephone's user
			c.Say(fact.Sender, fact.RoleHint, "phone", "LLDP-MED device class", 60)
		}
	case int(sub) < len(inventory) && inventory[sub].attr != "":
		c.Say(fact.Sender, inventory[sub].attr, s.text.clean(v), inventory[sub].source, 95)
	}
}
