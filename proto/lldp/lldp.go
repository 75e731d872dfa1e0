// Package lldp reads the Link Layer Discovery Protocol, IEEE 802.1AB-2016, with
// the extensions of IEEE 802.1, IEEE 802.3, PROFINET (IEC 61158-6-10) and
// LLDP-MED (ANSI/TIA-1057).
package lldp

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "lldp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Link Layer Discovery Protocol",
	About: "Switches, controllers, panels and PCs announce to the neighbour on the cable who they are: name, type, order number, firmware, addresses, port. " +
		"It is the richest source of an inventory, and anyone on the cable can read or forge it.",
	Spec:  "IEEE 802.1AB-2016; IEEE 802.1Q and 802.3 annexes; IEC 61158-6-10 (PROFINET); ANSI/TIA-1057 (LLDP-MED)",
	Limit: "Power, EEE and DCBX settings are skipped.",
	Depth: proto.Recognised | proto.Operations | proto.Identity,
	On:    []proto.On{{Carrier: proto.Ethernet, Numbers: []uint32{0x88cc}}},

	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
	Functions: func() []fact.Function { return []fact.Function{advertise, shutdown} },
}

// LLDP has one kind of message and no number for it.
var (
	advertise = fact.Function{Protocol: name, Code: "LLDPDU", Name: "advertisement", Class: fact.Discover}
	shutdown  = fact.Function{Protocol: name, Code: "LLDPDU", Name: "shutdown: the neighbour is to forget the sender", Class: fact.Discover, Object: "shutdown"}
)

// TLV types, 8.4.1.
const (
	tlvEnd          = 0
	tlvChassis      = 1
	tlvPort         = 2
	tlvTTL          = 3
	tlvPortDesc     = 4
	tlvSystemName   = 5
	tlvSystemDesc   = 6
	tlvCapabilities = 7
	tlvManagement   = 8
	tlvOrganisation = 127
)

var (
	errOrder = errors.New("mandatory TLV is missing or out of order")
	errEmpty = errors.New("identifier is empty")
)

// tlv reads one TLV: 7 bits of type, 9 bits of length.
func tlv(r *wire.Reader) (kind uint8, v []byte) {
	h := r.U16("TLV header")
	return uint8(h >> 9), r.Bytes("TLV value", int(h&0x1ff))
}

// recognise asks for the three mandatory TLVs in their order.
func recognise(b []byte, _ proto.Hint) proto.Verdict {
	if _, err := mandatory(b); err != nil {
		return proto.No
	}
	return proto.Yes
}

// head is what every LLDPDU has.
type head struct {
	chassis, port []byte // subtype and identifier
	ttl           uint16
	rest          wire.Reader
}

func mandatory(b []byte) (h head, err error) {
	r := wire.NewReader(b)
	for want := uint8(tlvChassis); want <= tlvTTL; want++ {
		kind, v := tlv(&r)
		if kind != want {
			r.Fail("TLV type", errOrder)
		}
		if len(v) < 2 {
			r.Fail("TLV value", errEmpty)
		}
		if !r.OK() {
			return head{}, r.Err()
		}
		switch want {
		case tlvChassis:
			h.chassis = v
		case tlvPort:
			h.port = v
		case tlvTTL:
			t := wire.NewReader(v)
			h.ttl = t.U16("time to live")
		}
	}
	if h.chassis[0] == 0 || h.chassis[0] > 7 || h.port[0] == 0 || h.port[0] > 7 {
		r.Fail("subtype", errOrder)
	}
	h.rest = r
	return h, r.Err()
}

type session struct {
	text scratch
}

func (s *session) Reset()        {}
func (s *session) Gap(proto.Dir) {}

// maxTLVs bounds the walk; a frame of 1500 bytes with empty TLVs has 750.
const maxTLVs = 800

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	h, err := mandatory(b)
	if err != nil {
		return 0, err
	}
	if h.ttl == 0 {
		c.Op(&shutdown, fact.Notice)
		c.Emit()
		return len(b), nil
	}
	s.chassis(c, h.chassis)
	s.port(c, h.port)
	r := h.rest
	for range maxTLVs {
		if r.Len() < 2 {
			break
		}
		kind, v := tlv(&r)
		if !r.OK() || kind == tlvEnd {
			break
		}
		s.optional(c, kind, v)
	}
	c.Op(&advertise, fact.Notice)
	c.Emit()
	if err := r.Err(); err != nil {
		return len(b), err
	}
	return len(b), nil
}

func (s *session) optional(c *proto.Context, kind uint8, v []byte) {
	switch kind {
	case tlvPortDesc:
		c.Say(fact.Sender, fact.PortName, s.text.clean(v), "LLDP port description", 90)
	case tlvSystemName:
		c.Say(fact.Sender, fact.DeviceName, s.text.clean(v), "LLDP system name", 95)
	case tlvSystemDesc:
		s.systemDescription(c, v)
	case tlvCapabilities:
		capabilities(c, v)
	case tlvManagement:
		s.management(c, v)
	case tlvOrganisation:
		s.organisation(c, v)
	}
}
