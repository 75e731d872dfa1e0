package snmp

import (
	"bytes"
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
)

// maxBindings bounds the variables of one message that are looked into.
const maxBindings = 256

// objects that say what a device is, by the identifier they lie under.
var objects = []struct {
	oid        ber.OID
	attr       fact.Attr
	source     string
	confidence uint8
}{
	{ber.MustOID("1.3.6.1.2.1.1.4"), fact.Contact, "SNMP sysContact", 90},
	{ber.MustOID("1.3.6.1.2.1.1.5"), fact.DeviceName, "SNMP sysName", 95},
	{ber.MustOID("1.3.6.1.2.1.1.6"), fact.Location, "SNMP sysLocation", 90},
	{ber.MustOID("1.3.6.1.2.1.33.1.1.1"), fact.Vendor, "SNMP upsIdentManufacturer", 90},
	{ber.MustOID("1.3.6.1.2.1.33.1.1.2"), fact.Model, "SNMP upsIdentModel", 90},
	{ber.MustOID("1.3.6.1.2.1.33.1.1.3"), fact.FirmwareVer, "SNMP upsIdentUPSSoftwareVersion", 85},
	{ber.MustOID("1.3.6.1.2.1.33.1.1.5"), fact.DeviceName, "SNMP upsIdentName", 85},
	{ber.MustOID("1.3.6.1.2.1.43.5.1.1.16"), fact.DeviceName, "SNMP prtGeneralPrinterName", 80},
	{ber.MustOID("1.3.6.1.2.1.43.5.1.1.17"), fact.Serial, "SNMP prtGeneralSerialNumber", 95},
}

// columns of entPhysicalTable (RFC 6933) that tell of a piece of hardware.
var columns = map[uint64]struct {
	attr   fact.Attr
	source string
}{
	2:  {fact.Description, "SNMP entPhysicalDescr"},
	8:  {fact.Hardware, "SNMP entPhysicalHardwareRev"},
	9:  {fact.FirmwareVer, "SNMP entPhysicalFirmwareRev"},
	10: {fact.Software, "SNMP entPhysicalSoftwareRev"},
	11: {fact.Serial, "SNMP entPhysicalSerialNum"},
	12: {fact.Vendor, "SNMP entPhysicalMfgName"},
	13: {fact.Model, "SNMP entPhysicalModelName"},
}

var (
	sysDescr      = ber.MustOID("1.3.6.1.2.1.1.1")
	sysObjectID   = ber.MustOID("1.3.6.1.2.1.1.2")
	ifPhysAddress = ber.MustOID("1.3.6.1.2.1.2.2.1.6")
	ipAdEntAddr   = ber.MustOID("1.3.6.1.2.1.4.20.1.1")
	bridgeAddress = ber.MustOID("1.3.6.1.2.1.17.1.1")
	entPhysical   = ber.MustOID("1.3.6.1.2.1.47.1.1.1.1")
	enterprises   = ber.MustOID("1.3.6.1.4.1")
	mib2          = ber.MustOID("1.3.6.1.2.1")
)

// identify reads what the sender of an answer or a notification says of itself.
func (s *session) identify(c *proto.Context, p *body) {
	if p.kind == pduTrapV1 {
		s.maker(c, p.enterprise, "SNMP trap enterprise", 60)
	}
	v := p.vars
	for n := 0; n < maxBindings && v.More(); n++ {
		b := v.Enter("binding", ber.Sequence)
		oid := b.OID("name")
		value := b.Next("value")
		if !b.OK() {
			return
		}
		if _, ok := oid.Under(mib2); ok && len(value.Body) > 0 {
			s.object(c, oid, &value)
		}
	}
}

// object says what one variable of MIB-2 tells, once for each value.
func (s *session) object(c *proto.Context, oid ber.OID, v *ber.Element) {
	switch {
	case under(oid, sysDescr):
		if v.Tag == ber.OctetString && !s.seen.Seen(3, v.Body) {
			s.describe(c, v.Body)
		}
	case under(oid, sysObjectID):
		if v.Tag == ber.ObjectID {
			s.maker(c, v.Body, "SNMP sysObjectID", 80)
		}
	case under(oid, ifPhysAddress), under(oid, bridgeAddress):
		if v.Tag == ber.OctetString && len(v.Body) == 6 && !s.seen.Seen(4, v.Body) {
			s.mac(c, v.Body, "SNMP interface address", 85)
		}
		if under(oid, bridgeAddress) && !s.seen.Seen(5, nil) {
			c.Say(fact.Sender, fact.RoleHint, "switch", "SNMP dot1dBaseBridgeAddress", 70)
		}
	case under(oid, ipAdEntAddr):
		s.address(c, v)
	case under(oid, entPhysical):
		s.physical(c, oid, v)
	default:
		s.named(c, oid, v)
	}
}

func under(oid, root ber.OID) bool {
	_, ok := oid.Under(root)
	return ok
}

func (s *session) named(c *proto.Context, oid ber.OID, v *ber.Element) {
	for i := range objects {
		o := &objects[i]
		if !under(oid, o.oid) {
			continue
		}
		if text := clean(v); len(text) > 0 && !s.seen.Seen(0x100+uint64(i), text) {
			c.SayBytes(fact.Sender, o.attr, text, o.source, o.confidence)
		}
		return
	}
}

// physical reads a cell of entPhysicalTable. Entry 1 is as a rule the whole
// device; the others are parts of it.
func (s *session) physical(c *proto.Context, oid ber.OID, v *ber.Element) {
	rest, _ := oid.Under(entPhysical)
	column, rest, _ := rest.Arc()
	index, _, ok := rest.Arc()
	col, known := columns[column]
	text := clean(v)
	if !ok || !known || len(text) == 0 || s.seen.Seen(0x200+column+index<<16, text) {
		return
	}
	of := fact.Subject{Who: fact.Sender}
	confidence := uint8(90)
	if index != 1 {
		t := append(s.text[:0], "entity "...)
		of.Part = proto.View(appendUint(t, index))
	}
	c.SayOf(of, col.attr, proto.View(text), col.source, confidence)
}

// appendUint appends a decimal number.
func appendUint(t []byte, n uint64) []byte {
	var d [20]byte
	i := len(d)
	for {
		i--
		d[i] = '0' + byte(n%10)
		if n /= 10; n == 0 {
			return append(t, d[i:]...)
		}
	}
}

// address says the other addresses of a device.
func (s *session) address(c *proto.Context, v *ber.Element) {
	if len(v.Body) != 4 {
		return
	}
	a := netip.AddrFrom4([4]byte(v.Body))
	if a.IsLoopback() || a.IsUnspecified() || a == c.Src.Addr() || s.seen.Seen(6, v.Body) {
		return
	}
	c.SayBytes(fact.Sender, fact.IPAssigned, a.AppendTo(s.text[:0]), "SNMP ipAdEntAddr", 80)
}

// maker says whose the enterprise number of an identifier is. Agents that
// answer for a general-purpose system carry the number of their software.
func (s *session) maker(c *proto.Context, oid ber.OID, source string, confidence uint8) {
	rest, ok := oid.Under(enterprises)
	number, _, ok2 := rest.Arc()
	if !ok || !ok2 || s.seen.Seen(7, oid) {
		return
	}
	switch number {
	case netSNMP, ucdSNMP:
		c.Say(fact.Sender, fact.Software, "Net-SNMP", source, confidence)
	case microsoft:
		c.Say(fact.Sender, fact.OS, "Windows", source, confidence)
	default:
		c.Say(fact.Sender, fact.Vendor, vendor(number), source, confidence)
	}
}

// clean is a text value without padding, or nil if it cannot be printed.
func clean(v *ber.Element) []byte {
	if v.Tag != ber.OctetString {
		return nil
	}
	b := bytes.TrimSpace(bytes.Trim(v.Body, "\x00"))
	if !wire.Plain(b) {
		return nil
	}
	return b
}
