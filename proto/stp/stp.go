// Package stp reads the bridge protocol data units of the spanning tree
// protocols: STP and RSTP (IEEE 802.1D-2004, clause 9), MSTP (IEEE
// 802.1Q-2018, clause 14) and Cisco's PVST+, which sends them per VLAN.
package stp

import (
	"errors"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "stp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Spanning tree: STP, RSTP, MSTP, PVST+",
	About: "Switches agree on a loop-free tree and on its root. There is no authentication: a device that claims to be the root draws the traffic to itself, " +
		"and topology changes make every switch forget where devices are.",
	Spec:  "IEEE 802.1D-2004, clause 9; IEEE 802.1Q-2018, clause 14",
	Limit: "The instances of MSTP beyond the common tree are counted, not read.",
	Depth: proto.Recognised | proto.Operations | proto.Identity,
	On: []proto.On{
		{Carrier: proto.LLC, Numbers: []uint32{0x42}},
		{Carrier: proto.SNAP, Numbers: []uint32{0x00000c<<16 | 0x010b}},
	},
	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
	Functions: func() []fact.Function {
		return []fact.Function{config, configChange, notify, rapid, rapidChange, multiple, multipleChange}
	},
}

// The BPDU types of 9.3, and topology change apart.
var (
	config         = fact.Function{Protocol: name, Code: "0x00", Name: "configuration BPDU", Class: fact.Other}
	configChange   = fact.Function{Protocol: name, Code: "0x00", Name: "configuration BPDU", Class: fact.Other, Object: "topology change"}
	notify         = fact.Function{Protocol: name, Code: "0x80", Name: "topology change notification BPDU", Class: fact.Other, Object: "topology change"}
	rapid          = fact.Function{Protocol: name, Code: "0x02", Name: "rapid spanning tree BPDU", Class: fact.Other}
	rapidChange    = fact.Function{Protocol: name, Code: "0x02", Name: "rapid spanning tree BPDU", Class: fact.Other, Object: "topology change"}
	multiple       = fact.Function{Protocol: name, Code: "0x02", Name: "multiple spanning tree BPDU", Class: fact.Other}
	multipleChange = fact.Function{Protocol: name, Code: "0x02", Name: "multiple spanning tree BPDU", Class: fact.Other, Object: "topology change"}
)

var (
	errProtocol = errors.New("protocol identifier is not 0")
	errType     = errors.New("unknown BPDU type")
)

const (
	typeConfig = 0x00
	typeRapid  = 0x02
	typeNotify = 0x80

	flagChange = 0x01

	versionMSTP = 3
)

func recognise(b []byte, _ proto.Hint) proto.Verdict {
	r := wire.NewReader(b)
	id, version, kind := r.U16("protocol identifier"), r.U8("version"), r.U8("type")
	if !r.OK() || id != 0 || version > 4 {
		return proto.No
	}
	switch {
	case kind == typeNotify, kind == typeConfig && len(b) >= 35:
		return proto.Likely
	case kind == typeRapid && version >= 2 && len(b) >= 36:
		return proto.Yes
	}
	return proto.No
}

// bridge is a bridge identifier, 9.2.5: priority with system id, and address.
type bridge struct {
	priority uint16
	mac      fact.MAC
}

func readBridge(r *wire.Reader, field string) (b bridge) {
	b.priority = r.U16(field)
	copy(b.mac[:], r.Bytes(field, len(b.mac)))
	return b
}

type session struct {
	root, self bridge
	port       uint16
	known      bool
	region     [32]byte
	b          [64]byte
}

func (s *session) Reset()        { *s = session{} }
func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	if r.U16("protocol identifier") != 0 {
		r.Fail("protocol identifier", errProtocol)
	}
	version, kind := r.U8("version"), r.U8("type")
	if err := r.Err(); err != nil {
		return 0, err
	}
	if kind == typeNotify {
		c.Op(&notify, fact.Notice)
		c.Emit()
		return len(b), nil
	}
	if kind != typeConfig && kind != typeRapid {
		r.Fail("type", errType)
		return 0, r.Err()
	}
	flags := r.U8("flags")
	root := readBridge(&r, "root identifier")
	cost := r.U32("root path cost")
	self := readBridge(&r, "bridge identifier")
	port := r.U16("port identifier")
	r.Skip("message age, max age, hello time, forward delay", 8)
	if err := r.Err(); err != nil {
		return 0, err
	}
	vlan := c.VLAN
	if kind == typeRapid && version >= versionMSTP {
		s.multiple(c, &r)
	} else if c.Carrier == proto.SNAP {
		vlan = originating(&r, vlan)
	}
	s.say(c, root, self, port)
	op := c.Op(function(version, kind, flags&flagChange != 0), fact.Notice)
	op.Target = fact.Target{Unit: uint32(port), First: uint64(vlan), Set: true}
	op.Value = fact.Value{Kind: fact.Uint, Bits: uint64(cost)}
	c.Emit()
	return len(b), nil
}

// originating reads the VLAN that a PVST+ BPDU is about, which its sender puts
// behind it because the frame's tag may be stripped: type 0, length 2, VLAN id.
func originating(r *wire.Reader, tag uint16) uint16 {
	r.Skip("version 1 length", 1)
	kind, n := r.U16("TLV type"), r.U16("TLV length")
	if id := r.U16("originating VLAN"); r.OK() && kind == 0 && n == 2 {
		return id
	}
	return tag
}

func function(version, kind uint8, change bool) *fact.Function {
	switch {
	case kind == typeConfig && change:
		return &configChange
	case kind == typeConfig:
		return &config
	case version >= versionMSTP && change:
		return &multipleChange
	case version >= versionMSTP:
		return &multiple
	case change:
		return &rapidChange
	}
	return &rapid
}

// say states who the bridges are, once and when it changes.
func (s *session) say(c *proto.Context, root, self bridge, port uint16) {
	if !s.known || self != s.self {
		c.Say(fact.Sender, fact.RoleHint, "switch", "spanning tree bridge identifier", 75)
		c.Say(fact.Sender, fact.MACStated, proto.View(appendMAC(s.b[:0], self.mac)), "spanning tree bridge identifier", 90)
		c.Say(fact.Sender, fact.InstanceID, self.text(&s.b), "spanning tree bridge identifier", 60)
	}
	if !s.known || port != s.port {
		out := append(s.b[:0], "port "...)
		c.Say(fact.Sender, fact.PortName, proto.View(strconv.AppendUint(out, uint64(port&0xfff), 10)), "spanning tree port identifier", 50)
	}
	if !s.known || root != s.root {
		out := append(s.b[:0], "spanning tree root is "...)
		c.Say(fact.Conversation, fact.SessionNote, proto.View(root.append(out)), "spanning tree root identifier", 90)
		if !root.mac.IsZero() && !root.mac.Group() {
			c.SayOf(fact.Subject{Who: fact.Elsewhere, MAC: root.mac}, fact.RoleHint, "switch", "spanning tree root identifier", 60)
		}
	}
	s.known, s.root, s.self, s.port = true, root, self, port
}

// multiple reads the region's name from the MST configuration identifier,
// IEEE 802.1Q 14.4.
func (s *session) multiple(c *proto.Context, r *wire.Reader) {
	r.Skip("version 1 length, version 3 length, configuration format", 4)
	label := r.Bytes("configuration name", len(s.region))
	if !r.OK() || string(label) == string(s.region[:]) {
		return
	}
	copy(s.region[:], label)
	out := append(s.b[:0], "MST region "...)
	n := len(out)
	for _, x := range label {
		if x < 0x20 || x > 0x7e {
			break
		}
		out = append(out, x)
	}
	if len(out) > n {
		c.Say(fact.Conversation, fact.SessionNote, proto.View(out), "MST configuration name", 90)
	}
}

func (b bridge) text(buf *[64]byte) string { return proto.View(b.append(buf[:0])) }

// append writes "32768.00:11:22:33:44:55".
func (b bridge) append(out []byte) []byte {
	return appendMAC(append(strconv.AppendUint(out, uint64(b.priority), 10), '.'), b.mac)
}

func appendMAC(out []byte, m fact.MAC) []byte {
	const digits = "0123456789abcdef"
	for i, x := range m {
		if i > 0 {
			out = append(out, ':')
		}
		out = append(out, digits[x>>4], digits[x&15])
	}
	return out
}
