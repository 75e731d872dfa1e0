package pnio

import (
	"net/netip"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
)

// vendors are a few of the vendor ids that PROFIBUS & PROFINET International
// gives out.
var vendors = map[uint16]string{
	0x002a: "Siemens", 0x00b0: "Phoenix Contact", 0x010c: "Anybus (HMS)", 0x011d: "WAGO", 0x011e: "Hilscher", 0x0120: "Beckhoff", 0x014d: "Festo",
}

// maxParts is how many slots a session can name.
const maxParts = 64

// part is a slot and subslot with its name, made once.
type part struct {
	slot, subslot uint16
	text          string
}

// subject is the device itself for slot 0, which is its interface module, else
// the part behind it.
func (s *session) subject(who fact.Who, slot, subslot uint16) fact.Subject {
	if slot == 0 || slot >= 0x8000 {
		return fact.Subject{Who: who}
	}
	for _, p := range s.parts[:s.nparts] {
		if p.slot == slot && p.subslot == subslot {
			return fact.Subject{Who: who, Part: p.text}
		}
	}
	if s.nparts == maxParts {
		return fact.Subject{Who: who, Part: "a further slot"}
	}
	text := "slot " + strconv.Itoa(int(slot)) + " subslot " + strconv.Itoa(int(subslot))
	s.parts[s.nparts] = part{slot, subslot, text}
	s.nparts++
	return fact.Subject{Who: who, Part: text}
}

// objectPrefix is what the object UUIDs of devices and controllers begin with;
// instance, device id and vendor id follow (5.2.4.3).
var objectPrefix = dcerpc.MustUUID("dea00000-6c97-11d1-8271-000000000000")

// stands says which device id and vendor the object has that who stands for,
// once and when it changes.
func (s *session) stands(c *proto.Context, u dcerpc.UUID, who fact.Who, side proto.Dir) {
	if u == s.object[side] || string(u[8:10]) != string(objectPrefix[8:10]) || string(u[4:8]) != string(objectPrefix[4:8]) && string(u[4:8]) != "\x97\x6c\xd1\x11" {
		return
	}
	s.object[side] = u
	s.ids(c, who, u)
}

// ids states device and vendor id of an object UUID, as DCP does.
func (s *session) ids(c *proto.Context, who fact.Who, u dcerpc.UUID) {
	if padding(u[12:]) {
		return
	}
	out := append(s.b[:0], "vendor 0x"...)
	out = appendHex(out, u[14:16], 0)
	out = append(out, " device 0x"...)
	out = appendHex(out, u[12:14], 0)
	c.Say(who, fact.InstanceID, proto.View(out), "PROFINET object UUID", 90)
	c.Say(who, fact.Vendor, vendors[uint16(u[14])<<8|uint16(u[15])], "PROFINET vendor id", 85)
}

// identification reads I&M records, 5.2.10.
func (s *session) identification(c *proto.Context, kind uint16, v *wire.Reader, of fact.Subject) {
	switch kind {
	case blockIM0:
		s.im0(c, v, of)
	case blockIM1:
		s.text(c, of, fact.ProgramName, v.Bytes("tag function", 32), "PROFINET I&M1 function", 50)
		s.text(c, of, fact.Location, v.Bytes("tag location", 22), "PROFINET I&M1 location", 90)
	case blockIM2:
		s.text(c, of, fact.Description, v.Bytes("installation date", 16), "PROFINET I&M2 installation date", 70)
	case blockIM3:
		s.text(c, of, fact.Description, v.Bytes("descriptor", 54), "PROFINET I&M3 descriptor", 85)
	}
}

func (s *session) im0(c *proto.Context, v *wire.Reader, of fact.Subject) {
	const source = "PROFINET I&M0"
	vendor := v.U16("vendor id")
	order, serial := v.Bytes("order id", 20), v.Bytes("serial number", 16)
	hardware := v.U16("hardware revision")
	prefix, version := v.U8("software revision prefix"), v.Bytes("software revision", 3)
	if !v.OK() {
		return
	}
	c.SayOf(of, fact.Vendor, vendors[vendor], "PROFINET vendor id", 95)
	s.text(c, of, fact.OrderNumber, order, source, 98)
	s.text(c, of, fact.Serial, serial, source, 98)
	c.SayOf(of, fact.Hardware, proto.View(strconv.AppendUint(s.b[:0], uint64(hardware), 10)), source, 95)
	if prefix < 'A' || prefix > 'Z' {
		return
	}
	out := append(s.b[:0], prefix)
	for i, x := range version {
		if i > 0 {
			out = append(out, '.')
		}
		out = strconv.AppendUint(out, uint64(x), 10)
	}
	c.SayOf(of, fact.FirmwareVer, proto.View(out), source, 98)
}

// physical reads what a device states of its interface and its ports.
func (s *session) physical(c *proto.Context, kind uint16, v *wire.Reader) {
	switch kind {
	case blockInterface:
		own := v.Bytes("own chassis id", int(v.U8("length")))
		align(v)
		mac := v.Bytes("MAC address", 6)
		align(v)
		ip, ok := netip.AddrFromSlice(v.Bytes("IP address", 4))
		if !v.OK() {
			return
		}
		s.text(c, fact.Subject{Who: fact.Sender}, fact.DeviceName, own, "PROFINET interface data", 90)
		c.Say(fact.Sender, fact.MACStated, proto.View(appendHex(s.b[:0], mac, ':')), "PROFINET interface data", 95)
		if ok && !ip.IsUnspecified() {
			c.Say(fact.Sender, fact.IPAssigned, proto.View(ip.AppendTo(s.b[:0])), "PROFINET interface data", 95)
		}
	case blockPort:
		s.peers(c, v)
	}
}

// align passes to the next multiple of 4 of the block, whose header has 6
// bytes.
func align(v *wire.Reader) {
	if rest := (v.Pos() + 6) % 4; rest != 0 {
		v.Skip("padding", 4-rest)
	}
}

// peers reads which neighbours a port has.
func (s *session) peers(c *proto.Context, v *wire.Reader) {
	v.Skip("padding, slot, subslot", 2+2+2)
	v.Skip("own port id", int(v.U8("length")))
	n := int(v.U8("number of peers"))
	align(v)
	for range min(n, 8) {
		port := v.Bytes("peer port id", int(v.U8("length")))
		chassis := v.Bytes("peer chassis id", int(v.U8("length")))
		align(v)
		v.Skip("line delay, peer MAC address", 4+6)
		align(v)
		if !v.OK() || !wire.ASCII(port) || !wire.ASCII(chassis) || len(port)+len(chassis) > 200 {
			return
		}
		out := append(s.b[:0], chassis...)
		out = append(append(out, ' '), port...)
		c.Say(fact.Sender, fact.Neighbour, proto.View(out), "PROFINET port data", 95)
	}
}

func (s *session) text(c *proto.Context, of fact.Subject, a fact.Attr, v []byte, source string, confidence uint8) {
	if v = trim(v); wire.ASCII(v) {
		c.SayOf(of, a, proto.View(v), source, confidence)
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
