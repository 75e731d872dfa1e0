package pnrt

import (
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// vendors are a few of the vendor ids that PROFIBUS & PROFINET International
// gives out.
var vendors = map[uint16]string{
	0x002a: "Siemens",
	0x00b0: "Phoenix Contact",
	0x011d: "WAGO",
	0x011e: "Hilscher",
	0x0120: "Beckhoff",
	0x010c: "Anybus (HMS)",
	0x014d: "Festo",
}

const dcpSource = "PROFINET DCP"

// roles are the bits of the device role, 4.3.1.4.7.
var roles = [...]struct {
	bit  uint8
	name string
	hint string
}{
	{0x02, "IO controller", "plc"},
	{0x04, "IO multidevice", "remote-io"},
	{0x08, "IO supervisor", "engineering-station"},
	{0x01, "IO device", "remote-io"},
}

// property states what a block of an answer or a hello says.
func (s *session) property(c *proto.Context, who fact.Who, b block) {
	v := b.value
	switch b.option {
	case 0x0101:
		if len(v) == 6 && v[0]&1 == 0 {
			c.Say(who, fact.MACStated, proto.View(appendHex(s.b[:0], v, ':')), dcpSource, 95)
		}
	case optIP, optIPSuite:
		s.address(c, who, v, dcpSource)
	case 0x0201:
		say(c, who, fact.DeviceType, v, 95)
	case optName:
		say(c, who, fact.DeviceName, v, 95)
	case 0x0203:
		s.deviceID(c, who, v, fact.InstanceID)
	case 0x0204:
		role(c, who, v)
	case 0x0206:
		say(c, who, fact.Neighbour, v, 60)
	case 0x0208:
		s.deviceID(c, who, v, fact.Hardware)
	case 0x0209:
		s.gateway(c, who, v)
	case 0x030c:
		say(c, who, fact.Hostname, v, 90)
	}
}

func say(c *proto.Context, who fact.Who, a fact.Attr, v []byte, confidence uint8) {
	if v = trim(v); wire.ASCII(v) {
		c.SayBytes(who, a, v, dcpSource, confidence)
	}
}

// address reads IP address, subnet mask and gateway.
func (s *session) address(c *proto.Context, who fact.Who, v []byte, source string) {
	r := wire.NewReader(v)
	ip, ok := netip.AddrFromSlice(r.Bytes("IP address", 4))
	r.Skip("subnet mask", 4)
	gateway, _ := netip.AddrFromSlice(r.Bytes("gateway", 4))
	if !ok || !r.OK() || ip.IsUnspecified() || ip.IsMulticast() {
		return
	}
	c.Say(who, fact.IPAssigned, proto.View(ip.AppendTo(s.b[:0])), source, 95)
	// A device without a router states its own address or zero.
	if gateway != ip && !gateway.IsUnspecified() {
		c.Say(who, fact.Gateway, proto.View(gateway.AppendTo(s.b[:0])), source, 90)
	}
}

func (s *session) gateway(c *proto.Context, who fact.Who, v []byte) {
	if a, ok := netip.AddrFromSlice(v); ok && a.Is4() && !a.IsUnspecified() {
		c.Say(who, fact.Gateway, proto.View(a.AppendTo(s.b[:0])), dcpSource, 90)
	}
}

// deviceID reads vendor and device id: "vendor 0x002a device 0x0a01".
func (s *session) deviceID(c *proto.Context, who fact.Who, v []byte, a fact.Attr) {
	r := wire.NewReader(v)
	vendor, device := r.Bytes("vendor id", 2), r.Bytes("device id", 2)
	if !r.OK() {
		return
	}
	out := append(s.b[:0], "vendor 0x"...)
	if a == fact.Hardware {
		out = append(s.b[:0], "OEM vendor 0x"...)
	}
	out = appendHex(out, vendor, 0)
	out = append(out, " device 0x"...)
	c.Say(who, a, proto.View(appendHex(out, device, 0)), dcpSource, 95)
	if a == fact.InstanceID {
		id := uint16(vendor[0])<<8 | uint16(vendor[1])
		c.Say(who, fact.Vendor, vendors[id], "PROFINET vendor id", 90)
	}
}

func role(c *proto.Context, who fact.Who, v []byte) {
	if len(v) == 0 {
		return
	}
	hinted := false
	for _, x := range roles {
		if v[0]&x.bit == 0 {
			continue
		}
		c.Say(who, fact.Capability, x.name, "PROFINET DCP device role", 95)
		if !hinted {
			hinted = true
			c.Say(who, fact.RoleHint, x.hint, "PROFINET DCP device role", 60)
		}
	}
}

const digits = "0123456789abcdef"

func appendHex(out, v []byte, between byte) []byte {
	for i, x := range v {
		if i > 0 && between != 0 {
			out = append(out, between)
		}
		out = append(out, digits[x>>4], digits[x&15])
	}
	return out
}

func trim(v []byte) []byte {
	for len(v) > 0 && (v[len(v)-1] == 0 || v[len(v)-1] == ' ') {
		v = v[:len(v)-1]
	}
	for len(v) > 0 && (v[0] == 0 || v[0] == ' ') {
		v = v[1:]
	}
	return v
}
