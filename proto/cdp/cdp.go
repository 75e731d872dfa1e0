// Package cdp reads the Cisco Discovery Protocol, versions 1 and 2, as Cisco
// describes it in "Understanding the Cisco Discovery Protocol". It leaves out
// power negotiation and cluster management.
package cdp

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "cdp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Cisco Discovery Protocol",
	About: "Cisco switches, routers and phones, and Rockwell Stratix switches, announce name, platform, software version, addresses and port to the neighbour on the cable. " +
		"It fills an inventory; anyone on the cable can read or forge it.",
	Spec:  "Cisco Discovery Protocol version 1 and 2 (Cisco technical documentation)",
	Limit: "Power negotiation, prefixes and cluster management are skipped.",
	Depth: proto.Recognised | proto.Operations | proto.Identity,
	On:    []proto.On{{Carrier: proto.SNAP, Numbers: []uint32{0x00000c<<16 | 0x2000}}},

	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
	Functions: func() []fact.Function { return []fact.Function{advertise} },
}

// CDP has one kind of message and no number for it.
var advertise = fact.Function{Protocol: name, Code: "advertisement", Name: "advertisement", Class: fact.Discover}

var (
	errVersion = errors.New("version is neither 1 nor 2")
	errLength  = errors.New("length is less than 4")
)

// TLV types.
const (
	tlvDeviceID     = 0x0001
	tlvAddresses    = 0x0002
	tlvPortID       = 0x0003
	tlvCapabilities = 0x0004
	tlvVersion      = 0x0005
	tlvPlatform     = 0x0006
	tlvVTPDomain    = 0x0009
	tlvNativeVLAN   = 0x000a
	tlvDuplex       = 0x000b
	tlvSystemName   = 0x0014
	tlvManagement   = 0x0016
	tlvLocation     = 0x0017
)

func recognise(b []byte, _ proto.Hint) proto.Verdict {
	r := wire.NewReader(b)
	version := r.U8("version")
	r.Skip("time to live, checksum", 3)
	kind, length := r.U16("type"), r.U16("length")
	if !r.OK() || version != 1 && version != 2 || kind == 0 || kind > 0x1f || length < 4 {
		return proto.No
	}
	return proto.Likely
}

type session struct {
	text scratch
}

func (s *session) Reset()        {}
func (s *session) Gap(proto.Dir) {}

// maxTLVs bounds the walk; a frame of 1500 bytes with empty TLVs has 375.
const maxTLVs = 400

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	if v := r.U8("version"); v != 1 && v != 2 {
		r.Fail("version", errVersion)
	}
	r.Skip("time to live, checksum", 3)
	if err := r.Err(); err != nil {
		return 0, err
	}
	for range maxTLVs {
		if r.Len() < 4 {
			break
		}
		kind, n := r.U16("type"), int(r.U16("length"))
		if kind == 0 && n == 0 {
			break // padding
		}
		if n < 4 {
			r.Fail("length", errLength)
		}
		v := r.Bytes("value", n-4)
		if !r.OK() {
			break
		}
		s.tlv(c, kind, v)
	}
	c.Op(&advertise, fact.Notice)
	c.Emit()
	return len(b), r.Err()
}

func (s *session) tlv(c *proto.Context, kind uint16, v []byte) {
	switch kind {
	case tlvDeviceID:
		s.deviceID(c, v)
	case tlvAddresses, tlvManagement:
		s.addresses(c, v)
	case tlvPortID:
		c.Say(fact.Sender, fact.PortName, s.text.clean(v), "CDP port id", 90)
	case tlvCapabilities:
		capabilities(c, v)
	case tlvVersion:
		s.version(c, v)
	case tlvPlatform:
		s.platform(c, v)
	case tlvVTPDomain:
		c.Say(fact.Sender, fact.Domain, s.text.clean(v), "CDP VTP management domain", 60)
	case tlvNativeVLAN:
		r := wire.NewReader(v)
		if id := r.U16("native VLAN"); r.OK() && id != 0 {
			c.Say(fact.Sender, fact.VLANName, s.text.number(uint64(id)), "CDP native VLAN", 90)
		}
	case tlvDuplex:
		if len(v) == 1 && v[0] == 0 {
			c.Say(fact.Conversation, fact.SessionNote, "half duplex on the sender's port", "CDP duplex", 90)
		}
	case tlvSystemName:
		c.Say(fact.Sender, fact.Hostname, s.text.clean(v), "CDP system name", 90)
	case tlvLocation:
		if len(v) > 1 {
			c.Say(fact.Sender, fact.Location, s.text.clean(v[1:]), "CDP location", 80)
		}
	}
}
