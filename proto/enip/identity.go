package enip

import (
	"fmt"
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const (
	fromList     = "EtherNet/IP list identity"
	fromIdentity = "CIP identity object"
)

// about is what identity facts are said of. A connection that was opened
// before the capture began leads to an unknown module: then most is lower.
type about struct {
	c    *proto.Context
	of   fact.Subject
	most uint8
}

func (a *about) say(attr fact.Attr, value, source string, confidence uint8) {
	a.c.SayOf(a.of, attr, value, source, min(confidence, a.most))
}

// listIdentity reads the item of ListIdentity (Vol. 2, 2-4.2).
func (s *session) listIdentity(c *proto.Context, b []byte) {
	r := wire.NewReader(b)
	r.U16LE("encapsulation version")
	r.Skip("family and port", 4)
	addr := r.Bytes("address", 4)
	r.Skip("zero", 8)
	a := about{c: c, of: fact.Subject{Who: fact.Sender}, most: 100}
	if r.OK() && addr[0] != 0 {
		s.address(a, fact.IPAssigned, addr, false, fromList)
	}
	state, ok := s.identityObject(a, &r, fromList)
	if n := r.U8("state"); ok && r.OK() && !state {
		a.say(fact.State, deviceState(n), fromList, 90)
	}
}

// identityObject reads attributes 1 to 7 of the identity object as
// Get_Attributes_All lays them out (Vol. 1, 5-2.2). The first result says
// that the state was told.
func (s *session) identityObject(a about, r *wire.Reader, source string) (state, ok bool) {
	vendor := r.U16LE("vendor id")
	device := r.U16LE("device type")
	product := r.U16LE("product code")
	rev := r.Bytes("revision", 2)
	word := r.U16LE("status")
	serial := r.Bytes("serial number", 4)
	text := r.Bytes("product name", int(r.U8("product name length")))
	if !r.OK() {
		return false, false
	}
	s.vendor(a, vendor, source)
	sayDevice(a, device, source)
	s.product(a, vendor, device, product, source)
	s.revision(a, rev, source)
	s.serial(a, serial, source)
	productName(a, vendor, text, source)
	return sayStatus(a, vendor, device, word, source), true
}

func (s *session) vendor(a about, id uint16, source string) {
	v := vendors[id]
	if v == "" {
		h := hash(useVendor, []byte{byte(id), byte(id >> 8)})
		if v = s.texts.get(h); v == "" {
			v = s.texts.put(h, fmt.Sprintf("ODVA vendor %d", id))
		}
	}
	a.say(fact.Vendor, v, source, 100)
}

func sayDevice(a about, id uint16, source string) {
	d := deviceTypes[id]
	a.say(fact.DeviceType, d.name, source, 100)
	a.say(fact.RoleHint, d.role, source, 90)
	switch id {
	case 0x23, 0x2a, 0x2d, 0x2e:
		a.say(fact.SafetyRelated, safetyText, source, 95)
	}
}

// product gives the three numbers that identify the type in electronic data
// sheets and advisories.
func (s *session) product(a about, vendor, device, code uint16, source string) {
	h := hash(useProduct, []byte{byte(vendor), byte(vendor >> 8), byte(device), byte(device >> 8), byte(code), byte(code >> 8)})
	v := s.texts.get(h)
	if v == "" {
		v = s.texts.put(h, fmt.Sprintf("CIP vendor %d, device type %d, product code %d", vendor, device, code))
	}
	a.say(fact.Description, v, source, 40)
}

func (s *session) revision(a about, rev []byte, source string) {
	h := hash(useRevision, rev)
	v := s.texts.get(h)
	if v == "" {
		// Rockwell and others write the minor revision with three digits.
		v = s.texts.put(h, fmt.Sprintf("%d.%03d", rev[0]&0x7f, rev[1]))
	}
	a.say(fact.FirmwareVer, v, source, 100)
}

func (s *session) serial(a about, b []byte, source string) {
	h := hash(useSerial, b)
	v := s.texts.get(h)
	if v == "" {
		v = s.texts.put(h, fmt.Sprintf("%02x%02x%02x%02x", b[3], b[2], b[1], b[0]))
	}
	if v != "00000000" {
		a.say(fact.Serial, v, source, 100)
	}
}

// productName is the model; Rockwell's begins with the catalogue number.
func productName(a about, vendor uint16, b []byte, source string) {
	b = trim(b)
	if !wire.ASCII(b) {
		return
	}
	a.say(fact.Model, proto.View(b), source, 100)
	if vendor != vendorRockwell || b[0] < '0' || b[0] > '9' {
		return
	}
	n, dash := 0, false
	for n < len(b) && b[n] > ' ' && b[n] != '/' {
		dash = dash || b[n] == '-'
		n++
	}
	if dash {
		a.say(fact.OrderNumber, proto.View(b[:n]), source, 80)
	}
}

func trim(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == 0 || b[len(b)-1] == ' ') {
		b = b[:len(b)-1]
	}
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return b
}

// sayStatus reads the status word (5-2.2.1.5): faults first, then, for
// controllers of Rockwell, mode and key switch, which its tools show from
// the extended device status and the two bits above the faults.
func sayStatus(a about, vendor, device, word uint16, source string) bool {
	ext := word >> 4 & 0x0f
	logix := vendor == vendorRockwell && device == 0x0e
	if logix {
		switch word >> 12 & 3 {
		case 1:
			a.say(fact.Protection, "key switch run", source, 90)
		case 2:
			a.say(fact.Protection, "key switch program", source, 90)
		case 3:
			a.say(fact.Protection, "key switch remote", source, 90)
		}
	}
	state := ""
	switch {
	case word&(1<<11) != 0:
		state = "fault (major, unrecoverable)"
	case word&(1<<10) != 0:
		state = "fault (major, recoverable)"
	case logix && ext == 6:
		state = "run"
	case logix && ext == 7:
		state = "program"
	}
	a.say(fact.State, state, source, 90)
	return state != ""
}

// deviceState is attribute 8, which ListIdentity carries too (5-2.2.1.8).
func deviceState(n uint8) string {
	switch n {
	case 1:
		return "self test"
	case 2:
		return "standby"
	case 3:
		return "operational"
	case 4:
		return "fault (major, recoverable)"
	case 5:
		return "fault (major, unrecoverable)"
	}
	return ""
}

// address says an IPv4 address; UDINT attributes have it in reversed order.
func (s *session) address(a about, attr fact.Attr, b []byte, reversed bool, source string) {
	var ip [4]byte
	copy(ip[:], b)
	if reversed {
		ip[0], ip[1], ip[2], ip[3] = ip[3], ip[2], ip[1], ip[0]
	}
	if ip == ([4]byte{}) {
		return
	}
	h := hash(useAddress, ip[:])
	v := s.texts.get(h)
	if v == "" {
		v = s.texts.put(h, netip.AddrFrom4(ip).String())
	}
	a.say(attr, v, source, 95)
}
