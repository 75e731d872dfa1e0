package mdns

import (
	"bytes"
	"net/netip"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
)

// maxRecords bounds the records of one message that are looked into.
const maxRecords = 128

// roles are services that only one kind of device offers.
var roles = []struct {
	service, role string
	confidence    uint8
}{
	{"_ipp._tcp", "printer", 80}, {"_ipps._tcp", "printer", 80}, {"_pdl-datastream._tcp", "printer", 85}, {"_printer._tcp", "printer", 80},
	{"_axis-video._tcp", "camera", 90}, {"_psia._tcp", "camera", 80}, {"_onvif._tcp", "camera", 80},
	{"_opcua-tcp._tcp", "opc-server", 80}, {"_mqtt._tcp", "broker", 70}, {"_secure-mqtt._tcp", "broker", 70},
	{"_workstation._tcp", "workstation", 40}, {"_nut._tcp", "ups", 50}, {"_sip._udp", "phone", 50},
	{"_adisk._tcp", "nas", 60},
}

// keys of TXT records that say what the device is. They are conventions of
// service types (Bonjour Printing 1.2.1, AirPlay, Google Cast, device-info).
var keys = []struct {
	key        string
	attr       fact.Attr
	confidence uint8
}{
	{"model", fact.Model, 85}, {"md", fact.Model, 80}, {"ty", fact.Model, 85}, {"usb_mdl", fact.Model, 85}, {"product_name", fact.Model, 80},
	{"usb_mfg", fact.Vendor, 85}, {"manufacturer", fact.Vendor, 85}, {"vendor", fact.Vendor, 80}, {"mfg", fact.Vendor, 80},
	{"fv", fact.FirmwareVer, 80}, {"fw", fact.FirmwareVer, 80}, {"fw_version", fact.FirmwareVer, 85}, {"firmware", fact.FirmwareVer, 85}, {"fwversion", fact.FirmwareVer, 85},
	{"serial", fact.Serial, 85}, {"serialnumber", fact.Serial, 90}, {"sn", fact.Serial, 75}, {"serial_number", fact.Serial, 90},
	{"fn", fact.DeviceName, 80}, {"note", fact.Location, 60}, {"os_version", fact.OS, 70}, {"osxvers", fact.OS, 40},
	{"macaddress", fact.MACStated, 85}, {"mac", fact.MACStated, 80},
}

// identify reads what the sender states about itself. Records of a query are
// its own only in the authority section (RFC 6762, 8.2: probing).
func (s *session) identify(c *proto.Context, b []byte, response bool) {
	who := s.owner(c, b, response)
	m := dnsmsg.NewReader(b)
	var rec dnsmsg.Record
	for n := 0; n < maxRecords && m.Next(&rec); n++ {
		if rec.Section == dnsmsg.Question || !response && rec.Section != dnsmsg.Authority || rec.TTL == 0 && response {
			continue
		}
		switch rec.Type {
		case dnsmsg.A, dnsmsg.AAAA:
			s.address(c, b, &rec)
		case dnsmsg.PTR:
			s.pointer(c, b, &rec, who)
		case dnsmsg.SRV:
			s.service(c, b, &rec, who)
		case dnsmsg.TXT:
			s.txt(c, &rec, who)
		}
	}
}

// owner is the host that the services of a message belong to: the sender,
// unless the message gives addresses and none of them is the sender's, as
// proxies do.
func (s *session) owner(c *proto.Context, b []byte, response bool) fact.Subject {
	m := dnsmsg.NewReader(b)
	var rec dnsmsg.Record
	self, other := c.Src.Addr(), netip.Addr{}
	for n := 0; n < maxRecords && m.Next(&rec); n++ {
		if !response && rec.Section != dnsmsg.Authority {
			continue
		}
		addr, ok := rec.Addr()
		switch {
		case !ok || addr.Is4() != self.Is4():
		case addr == self:
			return fact.Subject{Who: fact.Sender}
		case !other.IsValid() && addr.IsLinkLocalUnicast() == self.IsLinkLocalUnicast():
			other = addr
		}
	}
	if other.IsValid() {
		return fact.Subject{Who: fact.Elsewhere, IP: other}
	}
	return fact.Subject{Who: fact.Sender}
}

func (s *session) address(c *proto.Context, b []byte, rec *dnsmsg.Record) {
	addr, ok := rec.Addr()
	if !ok || addr.IsUnspecified() || addr.IsLoopback() || addr.IsMulticast() {
		return
	}
	of := fact.Subject{Who: fact.Elsewhere, IP: addr}
	if addr == c.Src.Addr() {
		of = fact.Subject{Who: fact.Sender}
	}
	c.SayOf(of, fact.Hostname, proto.View(s.nameAt(b, rec.Name)), "mDNS address record", 90)
}

// pointer reads "this service type has that instance" and the reverse record
// of an address.
func (s *session) pointer(c *proto.Context, b []byte, rec *dnsmsg.Record, who fact.Subject) {
	owner := s.nameAt(b, rec.Name)
	if addr, ok := dnsmsg.ReverseAddr(owner); ok {
		if addr.IsLoopback() {
			return
		}
		target, _ := dnsmsg.AppendName(s.text[:0], b, rec.At)
		c.SayOf(fact.Subject{Who: fact.Elsewhere, IP: addr}, fact.Hostname, proto.View(target), "mDNS reverse record", 85)
		return
	}
	if kind := serviceType(owner); !bytes.Equal(kind, []byte("_dns-sd._udp")) {
		s.offer(c, kind, who)
		s.instance(c, b, rec.At, kind, who)
	}
}

// offer says that a service is there, and the role that it gives away.
func (s *session) offer(c *proto.Context, kind []byte, who fact.Subject) {
	c.SayOf(who, fact.Service, proto.View(kind), "mDNS service", 85)
	role(c, kind, who)
}

func role(c *proto.Context, kind []byte, who fact.Subject) {
	for i := range roles {
		if string(kind) == roles[i].service {
			c.SayOf(who, fact.RoleHint, roles[i].role, "mDNS service", roles[i].confidence)
		}
	}
}

// instance reads the name that the owner gave; workstations put their
// hardware address behind it.
func (s *session) instance(c *proto.Context, b []byte, at int, kind []byte, who fact.Subject) {
	label, _, ok := dnsmsg.Label(b, at)
	if !ok || len(label) == 0 || label[0] == '_' || !printable(label) {
		return
	}
	if string(kind) == "_workstation._tcp" {
		if i := bytes.Index(label, []byte(" [")); i > 0 && len(label) == i+20 {
			c.SayOf(who, fact.MACStated, proto.View(label[i+2:i+19]), "mDNS workstation", 80)
			label = label[:i]
		}
	}
	c.SayOf(who, fact.DeviceName, proto.View(label), "mDNS service instance", 60)
}

// service reads the port of a service and the host that gives it.
func (s *session) service(c *proto.Context, b []byte, rec *dnsmsg.Record, who fact.Subject) {
	if len(rec.Data) < 7 {
		return
	}
	port := uint64(rec.Data[4])<<8 | uint64(rec.Data[5])
	kind := serviceType(s.nameAt(b, rec.Name))
	if len(kind) == 0 {
		return
	}
	s.offerPort(c, kind, port, who)
	s.instance(c, b, rec.Name, kind, who)
	if target, ok := dnsmsg.AppendName(s.text[:0], b, rec.At+6); ok {
		c.SayOf(who, fact.Hostname, proto.View(target), "mDNS service record", 85)
	}
}

func (s *session) offerPort(c *proto.Context, kind []byte, port uint64, who fact.Subject) {
	text := append(s.text[:0], kind...)
	if len(text)+6 > cap(text) {
		return
	}
	text = strconv.AppendUint(append(text, ' '), port, 10)
	c.SayOf(who, fact.Service, proto.View(text), "mDNS service", 90)
	role(c, kind, who)
}

// serviceType finds "_http._tcp" in a name, behind an instance or a subtype.
func serviceType(n []byte) []byte {
	for _, transport := range []string{"._tcp", "._udp"} {
		i := bytes.LastIndex(n, []byte(transport))
		if i < 0 || i+5 < len(n) && n[i+5] != '.' {
			continue
		}
		start := bytes.LastIndexByte(n[:i], '.') + 1
		if start < i && n[start] == '_' {
			return n[start : i+5]
		}
	}
	return nil
}

// txt reads the key and value pairs of a service (RFC 6763, 6).
func (s *session) txt(c *proto.Context, rec *dnsmsg.Record, who fact.Subject) {
	for d := rec.Data; len(d) > 1; {
		n := int(d[0])
		if n > len(d)-1 {
			return
		}
		pair := d[1 : 1+n]
		d = d[1+n:]
		key, value, ok := bytes.Cut(pair, []byte("="))
		if !ok || len(value) == 0 || !printable(value) {
			continue
		}
		for i := range keys {
			if dnsmsg.EqualFold(key, keys[i].key) {
				c.SayOf(who, keys[i].attr, proto.View(value), "mDNS TXT record", keys[i].confidence)
			}
		}
	}
}

func printable(b []byte) bool {
	for _, x := range b {
		if x < 0x20 || x == 0x7f {
			return false
		}
	}
	return true
}
