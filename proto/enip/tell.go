package enip

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// tell says what a successful answer reveals of the device, or of the module
// behind it that the request was routed to.
func (s *session) tell(c *proto.Context, x *exchange, q *asked, r wire.Reader) {
	a := about{c: c, of: fact.Subject{Who: fact.Sender}, most: 100}
	if x != nil {
		a.of.Part = x.part
		if x.connected && !x.opened {
			a.most = 60
		}
	}
	if q.class == 0x39 || q.class == 0x3a {
		a.say(fact.SafetyRelated, safetyText, "CIP safety object", 85)
	}
	if q.target.First != 1 || q.f.Object == "tag" {
		return // not the one instance that speaks for the device
	}
	switch q.service {
	case getAttributesAll:
		s.tellAll(a, q.class, &r)
	case getAttribute:
		s.attribute(a, q.class, uint16(q.target.Unit), &r)
	case getAttributeList:
		s.tellList(a, q.class, &r)
	}
}

func (s *session) tellAll(a about, cls uint32, r *wire.Reader) {
	switch cls {
	case classIdentity:
		state, ok := s.identityObject(a, r, fromIdentity)
		if n := r.U8("state"); ok && r.OK() && !state {
			a.say(fact.State, deviceState(n), fromIdentity, 90)
		}
	case 0x64:
		controllerName(a, r)
	case 0xac:
		r.Skip("attributes 1 and 2", 4)
		s.changes(a, r)
	case 0xf5:
		r.Skip("status, capability and control", 12)
		r.Skip("physical link path", 2*int(r.U16LE("path size")))
		s.interfaceConfiguration(a, r)
		hostName(a, r)
	case 0xf6:
		r.Skip("speed and flags", 8)
		s.physical(a, r)
	}
}

// tellList walks the answer of Get_Attribute_List as far as the sizes of
// attributes are known.
func (s *session) tellList(a about, cls uint32, r *wire.Reader) {
	n := int(r.U16LE("number of attributes"))
	var word, vendor, device uint16
	whole := 0
	for range min(n, 32) {
		id := r.U16LE("attribute id")
		bad := r.U16LE("attribute status")
		if !r.OK() {
			break
		}
		if bad != 0 {
			continue
		}
		if cls == classIdentity {
			peek := wire.NewReader(r.Peek())
			switch v := peek.U16LE("value"); id {
			case 1:
				vendor, whole = v, whole|1
			case 2:
				device, whole = v, whole|2
			case 5:
				word, whole = v, whole|4
			}
		}
		if !s.attribute(a, cls, id, r) {
			break
		}
	}
	// Engineering tools poll the status word alone; only a controller of
	// Rockwell has an extended status of 6 or 7 with its key switch bits set.
	if whole&4 != 0 && whole != 7 {
		if ext := word >> 4 & 0x0f; word>>12&3 != 0 && (ext == 6 || ext == 7) {
			vendor, device = vendorRockwell, 0x0e
		}
	}
	if whole&4 != 0 {
		sayStatus(a, vendor, device, word, fromIdentity)
	}
}

// attribute reads one attribute and says what it means. It returns false
// where the size is not known, and nothing behind it can be read.
func (s *session) attribute(a about, cls uint32, id uint16, r *wire.Reader) bool {
	switch cls {
	case classIdentity:
		s.identityAttribute(a, id, r)
		return r.OK() && id >= 1 && id <= 8
	case 0x64:
		switch id {
		case 1:
			controllerName(a, r)
			return r.OK()
		case 2:
			if b := trim(r.Bytes("description", int(r.U16LE("length")))); wire.ASCII(b) {
				a.say(fact.Description, proto.View(b), "Logix controller description", 90)
			}
			return r.OK()
		}
	case 0xac:
		switch id {
		case 1, 2, 5:
			r.Skip("change counter", 2)
		case 3:
			s.changes(a, r)
		default:
			r.Skip("change counter", 4)
		}
		return r.OK()
	case 0xf5:
		switch id {
		case 5:
			s.interfaceConfiguration(a, r)
		case 6:
			hostName(a, r)
		}
	case 0xf6:
		if id == 3 {
			s.physical(a, r)
		}
	}
	return false
}

func (s *session) identityAttribute(a about, id uint16, r *wire.Reader) {
	switch id {
	case 1:
		if v := r.U16LE("vendor id"); r.OK() {
			s.vendor(a, v, fromIdentity)
		}
	case 2:
		if v := r.U16LE("device type"); r.OK() {
			sayDevice(a, v, fromIdentity)
		}
	case 3, 5:
		r.U16LE("product code or status")
	case 4:
		if b := r.Bytes("revision", 2); r.OK() {
			s.revision(a, b, fromIdentity)
		}
	case 6:
		if b := r.Bytes("serial number", 4); r.OK() {
			s.serial(a, b, fromIdentity)
		}
	case 7:
		productName(a, 0, r.Bytes("product name", int(r.U8("length"))), fromIdentity)
	case 8:
		if v := r.U8("state"); r.OK() {
			a.say(fact.State, deviceState(v), fromIdentity, 90)
		}
	}
}

// controllerName is attribute 1 of class 0x64: the name of the project.
func controllerName(a about, r *wire.Reader) {
	if b := trim(r.Bytes("name", int(r.U16LE("length")))); wire.ASCII(b) {
		a.say(fact.ProgramName, proto.View(b), "Logix controller name", 95)
	}
}

// changes is attribute 3 of class 0xac, which a change of the program
// changes (1756-PM020, "monitor a controller for changes").
func (s *session) changes(a about, r *wire.Reader) {
	b := r.Bytes("change counter", 4)
	if !r.OK() {
		return
	}
	h := hash(useProgram, b)
	v := s.texts.get(h)
	if v == "" {
		v = s.texts.put(h, fmt.Sprintf("%02x%02x%02x%02x", b[3], b[2], b[1], b[0]))
	}
	a.say(fact.ProgramID, v, "Logix program changes", 80)
}

// interfaceConfiguration is attribute 5 of the TCP/IP object (Vol. 2, 5-4.3.2.5).
func (s *session) interfaceConfiguration(a about, r *wire.Reader) {
	addr := r.Bytes("ip address", 4)
	r.U32LE("network mask")
	gateway := r.Bytes("gateway", 4)
	r.Skip("name servers", 8)
	n := int(r.U16LE("domain name length"))
	domain := r.Bytes("domain name", n+n&1)
	if !r.OK() {
		return
	}
	s.address(a, fact.IPAssigned, addr, true, "CIP TCP/IP object")
	s.address(a, fact.Gateway, gateway, true, "CIP TCP/IP object")
	if d := trim(domain); wire.ASCII(d) {
		a.say(fact.Domain, proto.View(d), "CIP TCP/IP object", 90)
	}
}

func hostName(a about, r *wire.Reader) {
	n := int(r.U16LE("host name length"))
	if b := trim(r.Bytes("host name", n)); wire.ASCII(b) {
		a.say(fact.Hostname, proto.View(b), "CIP TCP/IP object", 95)
	}
}

// physical is attribute 3 of the Ethernet Link object: its MAC address.
func (s *session) physical(a about, r *wire.Reader) {
	b := r.Bytes("physical address", 6)
	if !r.OK() {
		return
	}
	h := hash(useMAC, b)
	v := s.texts.get(h)
	if v == "" {
		v = s.texts.put(h, fact.MAC(b).String())
	}
	a.say(fact.MACStated, v, "CIP Ethernet link object", 95)
}
