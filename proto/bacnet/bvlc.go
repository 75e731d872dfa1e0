package bacnet

import (
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// The types of BVLL message (annexes J.2 and U.2).
const (
	typeIPv4 = 0x81
	typeIPv6 = 0x82
)

func bvlc(code, name string, class fact.Class, reply bool) fact.Function {
	return fact.Function{Protocol: "bvlc", Code: code, Name: name, Class: class, Reply: reply}
}

func bvlc6(code, name string, class fact.Class, reply bool) fact.Function {
	return fact.Function{Protocol: "bvlc6", Code: code, Name: name, Class: class, Reply: reply}
}

// bvlcFunctions are the functions of BACnet/IP (J.2).
var bvlcFunctions = [...]fact.Function{
	bvlc("0x00", "bvlc-result", fact.Other, true),
	bvlc("0x01", "write-broadcast-distribution-table", fact.Configure, false),
	bvlc("0x02", "read-broadcast-distribution-table", fact.Discover, false),
	bvlc("0x03", "read-broadcast-distribution-table-ack", fact.Discover, true),
	bvlc("0x04", "forwarded-npdu", fact.Other, false),
	bvlc("0x05", "register-foreign-device", fact.Configure, false),
	bvlc("0x06", "read-foreign-device-table", fact.Discover, false),
	bvlc("0x07", "read-foreign-device-table-ack", fact.Discover, true),
	bvlc("0x08", "delete-foreign-device-table-entry", fact.Configure, false),
	bvlc("0x09", "distribute-broadcast-to-network", fact.Other, false),
	bvlc("0x0a", "original-unicast-npdu", fact.Other, false),
	bvlc("0x0b", "original-broadcast-npdu", fact.Other, false),
	bvlc("0x0c", "secure-bvll", fact.Other, false),
}

// bvlc6Functions are the functions of BACnet/IPv6 (U.2).
var bvlc6Functions = [...]fact.Function{
	bvlc6("0x00", "bvlc-result", fact.Other, true),
	bvlc6("0x01", "original-unicast-npdu", fact.Other, false),
	bvlc6("0x02", "original-broadcast-npdu", fact.Other, false),
	bvlc6("0x03", "address-resolution", fact.Discover, false),
	bvlc6("0x04", "forwarded-address-resolution", fact.Discover, false),
	bvlc6("0x05", "address-resolution-ack", fact.Discover, true),
	bvlc6("0x06", "virtual-address-resolution", fact.Discover, false),
	bvlc6("0x07", "virtual-address-resolution-ack", fact.Discover, true),
	bvlc6("0x08", "forwarded-npdu", fact.Other, false),
	bvlc6("0x09", "register-foreign-device", fact.Configure, false),
	bvlc6("0x0a", "delete-foreign-device-table-entry", fact.Configure, false),
	bvlc6("0x0b", "secure-bvll", fact.Other, false),
	bvlc6("0x0c", "distribute-broadcast-to-network", fact.Other, false),
}

func validFunction(t, f uint8) bool {
	return t == typeIPv4 && int(f) < len(bvlcFunctions) || t == typeIPv6 && int(f) < len(bvlc6Functions)
}

// npduAt is where the NPDU stands in messages that carry one.
func npduAt(t, f uint8) (int, bool) {
	if t == typeIPv4 {
		switch f {
		case 0x04:
			return 4 + 6, true
		case 0x09, 0x0a, 0x0b:
			return 4, true
		}
		return 0, false
	}
	switch f {
	case 0x01:
		return 4 + 3 + 3, true
	case 0x02, 0x0c:
		return 4 + 3, true
	case 0x08:
		return 4 + 3 + 18, true
	}
	return 0, false
}

// bvll reads a BVLL message, one to a datagram.
func (s *session) bvll(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	t, f, n := r.U8("type"), r.U8("function"), int(r.U16("length"))
	switch {
	case !r.OK():
		return len(b), errBody
	case t != typeIPv4 && t != typeIPv6:
		return len(b), errType
	case n != len(b):
		return len(b), errLength
	case !validFunction(t, f):
		return len(b), errFunction
	}
	if t == typeIPv6 {
		return len(b), s.bvll6(c, f, &r)
	}
	switch f {
	case 0x00:
		return len(b), s.result(c, &bvlcFunctions[0], r.U16("result code"), &r)
	case 0x01, 0x02, 0x05, 0x06, 0x08:
		s.manage(c, f, &r)
	case 0x03, 0x07:
		s.table(c, f, &r)
	default:
		c.Op(&bvlcFunctions[f], fact.Notice)
		c.Emit()
	}
	if f == 0x04 {
		s.manages(c)
		ip, _ := netip.AddrFromSlice(r.Bytes("address of originating device", 4))
		r.Skip("port of originating device", 2)
		if ip.IsValid() && ip != c.Src.Addr() {
			s.origin = fact.Subject{Who: fact.Elsewhere, IP: ip}
		}
	}
	if _, carries := npduAt(t, f); carries && r.OK() {
		return len(b), s.npdu(c, r.Rest())
	}
	if !r.OK() {
		return len(b), errBody
	}
	return len(b), nil
}

// manage reports a request to the manager of broadcasts.
func (s *session) manage(c *proto.Context, f uint8, r *wire.Reader) {
	s.asked[c.Dir] = &bvlcFunctions[f]
	op := c.Op(&bvlcFunctions[f], fact.Request)
	switch f {
	case 0x01:
		op.Target = fact.Target{Count: uint32(r.Len() / 10), Set: true}
	case 0x05:
		op.Value = fact.Value{Kind: fact.Uint, Bits: uint64(r.U16("time-to-live"))}
	case 0x08:
		op.Value = fact.Value{Kind: fact.Bytes, Raw: r.Bytes("entry", 6)}
	}
	c.Emit()
}

// Texts for the result codes.
var nakTexts = [...]string{
	1: "write-broadcast-distribution-table nak", 2: "read-broadcast-distribution-table nak",
	3: "register-foreign-device nak", 4: "read-foreign-device-table nak",
	5: "delete-foreign-device-table-entry nak", 6: "distribute-broadcast-to-network nak",
}

// nakFunctions are the requests that the result codes 0x10 to 0x60 refuse (J.2.1.1).
var nakFunctions = [...]uint8{1: 0x01, 2: 0x02, 3: 0x05, 4: 0x06, 5: 0x08, 6: 0x09}

// result reports a BVLC-Result and what it answers.
func (s *session) result(c *proto.Context, f *fact.Function, code uint16, r *wire.Reader) error {
	if !r.OK() {
		return errBody
	}
	asked := s.asked[c.Dir.Other()]
	s.asked[c.Dir.Other()] = nil
	op := c.Op(f, fact.Response)
	op.Answers = asked
	if i := int(code >> 4); code != 0 {
		op.Failed, op.Status = true, "nak"
		if i < len(nakTexts) && i > 0 {
			op.Status = nakTexts[i]
			op.Answers = &bvlcFunctions[nakFunctions[i]]
		}
	}
	failed := op.Failed
	c.Emit()
	if !failed && asked != nil {
		s.manages(c)
	}
	return nil
}

// table reports the answer that lists managers of broadcasts or foreign devices.
func (s *session) table(c *proto.Context, f uint8, r *wire.Reader) {
	s.manages(c)
	op := c.Op(&bvlcFunctions[f], fact.Response)
	op.Answers = &bvlcFunctions[f-1]
	op.Target = fact.Target{Count: uint32(r.Len() / 10), Set: true}
	s.asked[c.Dir.Other()] = nil
	c.Emit()
	if f != 0x03 {
		return
	}
	for r.Len() >= 10 {
		ip, _ := netip.AddrFromSlice(r.Bytes("address", 4))
		r.Skip("port and mask", 6)
		c.SayOf(fact.Subject{Who: fact.Elsewhere, IP: ip}, fact.Capability, bbmdText, "BACnet broadcast distribution table", 80)
	}
}

const bbmdText = "BACnet broadcast management device"

// manages says once that the sender manages broadcasts.
func (s *session) manages(c *proto.Context) {
	if !s.bbmd[c.Dir] {
		s.bbmd[c.Dir] = true
		c.Say(fact.Sender, fact.Capability, bbmdText, "BACnet BVLC", 85)
	}
}

// bvll6 reads a message of BACnet/IPv6, which begins with the virtual MAC
// address of its sender.
func (s *session) bvll6(c *proto.Context, f uint8, r *wire.Reader) error {
	r.Skip("source virtual address", 3)
	fn := &bvlc6Functions[f]
	switch f {
	case 0x00:
		code := r.U16("result code")
		if !r.OK() {
			return errBody
		}
		op := c.Op(fn, fact.Response)
		op.Answers = s.asked[c.Dir.Other()]
		if code != 0 {
			op.Failed, op.Status = true, "nak"
		}
		c.Emit()
		return nil
	case 0x03, 0x06, 0x09, 0x0a:
		s.asked[c.Dir] = fn
		c.Op(fn, fact.Request)
	case 0x05, 0x07:
		c.Op(fn, fact.Response).Answers = s.asked[c.Dir.Other()]
	default:
		c.Op(fn, fact.Notice)
	}
	c.Emit()
	if f == 0x01 {
		r.Skip("destination virtual address", 3)
	}
	if f == 0x08 {
		s.manages(c)
		ip, _ := netip.AddrFromSlice(r.Bytes("address of originating device", 16))
		r.Skip("port of originating device", 2)
		if ip.IsValid() && ip != c.Src.Addr() {
			s.origin = fact.Subject{Who: fact.Elsewhere, IP: ip}
		}
	}
	if !r.OK() {
		return errBody
	}
	if _, carries := npduAt(typeIPv6, f); carries {
		return s.npdu(c, r.Rest())
	}
	return nil
}
