// Package mrp reads the Media Redundancy Protocol of ring networks, IEC
// 62439-2:2016. It leaves out the makers' own options.
package mrp

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "mrp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Media Redundancy Protocol",
	About: "Switches and controllers in a ring watch that it is whole and close the spare link when a cable breaks. " +
		"An open ring is a fault waiting for the next one; forged frames can cut the ring.",
	Spec:  "IEC 62439-2:2016",
	Limit: "Options of makers are skipped.",
	Depth: proto.Recognised | proto.Operations | proto.Identity,
	On:    []proto.On{{Carrier: proto.Ethernet, Numbers: []uint32{0x88e3}}},

	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
	Functions: func() []fact.Function { return frames[:] },
}

// frames are the TLV types that name a frame, 8.1.
var frames = [...]fact.Function{
	{Protocol: name, Code: "0x02", Name: "test", Class: fact.Diagnose, Object: "ring"},
	{Protocol: name, Code: "0x03", Name: "topology change", Class: fact.Control, Object: "ring"},
	{Protocol: name, Code: "0x04", Name: "link down", Class: fact.Diagnose, Object: "ring"},
	{Protocol: name, Code: "0x05", Name: "link up", Class: fact.Diagnose, Object: "ring"},
	{Protocol: name, Code: "0x06", Name: "interconnection test", Class: fact.Diagnose, Object: "interconnection"},
	{Protocol: name, Code: "0x07", Name: "interconnection topology change", Class: fact.Control, Object: "interconnection"},
	{Protocol: name, Code: "0x08", Name: "interconnection link down", Class: fact.Diagnose, Object: "interconnection"},
	{Protocol: name, Code: "0x09", Name: "interconnection link up", Class: fact.Diagnose, Object: "interconnection"},
	{Protocol: name, Code: "0x0a", Name: "interconnection link status poll", Class: fact.Diagnose, Object: "interconnection"},
	{Protocol: name, Code: "0x7f", Name: "option", Class: fact.Other},
}

const (
	tlvEnd    = 0x00
	tlvCommon = 0x01
	tlvTest   = 0x02
	tlvLast   = 0x0a
	tlvOption = 0x7f
)

var (
	errVersion = errors.New("version is not 1")
	errType    = errors.New("unknown TLV type")
)

func function(kind uint8) *fact.Function {
	switch {
	case kind >= tlvTest && kind <= tlvLast:
		return &frames[kind-tlvTest]
	case kind == tlvOption:
		return &frames[len(frames)-1]
	}
	return nil
}

func recognise(b []byte, _ proto.Hint) proto.Verdict {
	r := wire.NewReader(b)
	version, kind, n := r.U16("version"), r.U8("type"), r.U8("length")
	if !r.OK() || version != 1 || function(kind) == nil || int(n) > r.Len() {
		return proto.No
	}
	return proto.Yes
}

type session struct {
	told  bool
	state uint16
	seen  bool
}

func (s *session) Reset()        { *s = session{} }
func (s *session) Gap(proto.Dir) {}

// maxTLVs bounds the walk.
const maxTLVs = 32

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	if r.U16("version") != 1 {
		r.Fail("version", errVersion)
	}
	var f *fact.Function
	var t fact.Target
	for range maxTLVs {
		kind := r.U8("type")
		if !r.OK() || kind == tlvEnd {
			break
		}
		v := r.Sub("value", int(r.U8("length")))
		switch g := function(kind); {
		case !r.OK() || kind == tlvCommon:
			if n := v.U16("sequence"); v.OK() {
				t = fact.Target{First: uint64(n), Set: true}
			}
		case g == nil:
			r.Fail("type", errType)
		default:
			if f == nil {
				f = g
			}
			if kind == tlvTest {
				s.ring(c, &v)
			}
		}
	}
	if f == nil {
		r.Fail("type", errType)
	}
	if f == nil || !r.OK() {
		return 0, r.Err()
	}
	op := c.Op(f, fact.Notice)
	op.Target = t
	c.Emit()
	return len(b), nil
}

// ring reads a test frame, which the manager of the ring sends: priority,
// address, port role, ring state (0 open, 1 closed), transitions, time.
func (s *session) ring(c *proto.Context, v *wire.Reader) {
	v.Skip("priority", 2)
	var mac fact.MAC
	copy(mac[:], v.Bytes("source address", len(mac)))
	v.Skip("port role", 2)
	state := v.U16("ring state")
	if !v.OK() || mac.IsZero() || mac.Group() {
		return
	}
	if !s.told {
		s.told = true
		c.Say(fact.Sender, fact.Capability, "MRP ring manager", "MRP test", 90)
		c.Say(fact.Sender, fact.RoleHint, "switch", "MRP test", 40)
	}
	if s.seen && s.state == state {
		return
	}
	s.seen, s.state = true, state
	text := "MRP ring open"
	if state == 1 {
		text = "MRP ring closed"
	}
	c.Say(fact.Sender, fact.State, text, "MRP test", 90)
}
