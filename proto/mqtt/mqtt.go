// Package mqtt reads MQTT 3.1 (IBM and Eurotech, 2010), 3.1.1 and 5.0 (OASIS
// standards) over plain TCP, and the Sparkplug B payloads inside it (Eclipse
// Sparkplug 3.0). MQTT over WebSocket and MQTT-SN are left out.
package mqtt

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "MQTT and Sparkplug B",
	About: "Carries messages about topics through a broker: sensors, gateways and controllers publish, historians and clouds subscribe. " +
		"On the plain port a password crosses in clear, and whoever may publish to a topic commands what listens to it. " +
		"Sparkplug B adds names, values and commands of edge nodes and their devices.",
	Spec:  "MQTT 3.1; MQTT 3.1.1 and 5.0 (OASIS); Sparkplug 3.0",
	Limit: "Of a message the first 64 KiB are read. MQTT over TLS is seen as TLS; WebSocket and MQTT-SN are left out. Of a Sparkplug message the first value is reported.",
	Depth: proto.Recognised | proto.Operations | proto.Values | proto.Identity | proto.Sessions,
	On:    []proto.On{{Carrier: proto.TCP, Numbers: []uint32{1883}}},

	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: maxHead + maxHeader,
	Functions:  allFunctions,
}

// Control packet types (MQTT 5.0, 2.1.2).
const (
	connect = iota + 1
	connack
	publish
	puback
	pubrec
	pubrel
	pubcomp
	subscribe
	suback
	unsubscribe
	unsuback
	pingreq
	pingresp
	disconnect
	auth
)

const (
	maxHeader = 5        // type, and a length of one to four bytes
	maxHead   = 64 << 10 // how much of a packet is looked at; the rest is passed over
)

var (
	errType   = errors.New("packet type or flags are not defined")
	errLength = errors.New("remaining length is not valid")
	errBody   = errors.New("packet ends inside a field")
	errName   = errors.New("protocol name or level is not that of MQTT")
)

// header reads type, flags and remaining length (2.1). size counts from the
// first byte of the packet.
func header(b []byte) (kind, flags uint8, at, size int, err error) {
	r := wire.NewReader(b)
	first := r.U8("packet type")
	n := int(varint(&r, "remaining length"))
	if r.Short() {
		return 0, 0, 0, 0, wire.ErrShort
	}
	kind, flags = first>>4, first&15
	switch {
	case !flagsOK(kind, flags):
		r.Fail("packet type", errType)
	case !lengthOK(kind, n):
		r.Fail("remaining length", errLength)
	}
	return kind, flags, r.Pos(), r.Pos() + n, r.Err()
}

// varint reads a Variable Byte Integer (1.5.5).
func varint(r *wire.Reader, field string) (v uint32) {
	for shift := 0; shift < 28; shift += 7 {
		x := r.U8(field)
		v |= uint32(x&0x7f) << shift
		if x < 0x80 {
			return v
		}
	}
	r.Fail(field, errLength)
	return 0
}

// flagsOK checks the reserved flags (2.1.3). MQTT 3.1 allows the DUP flag on
// all that carry QoS 1.
func flagsOK(kind, flags uint8) bool {
	switch kind {
	case 0:
		return false
	case publish:
		return flags&6 != 6
	case pubrel, subscribe, unsubscribe:
		return flags&^8 == 2
	}
	return flags == 0
}

func lengthOK(kind uint8, n int) bool {
	switch kind {
	case connect:
		return n >= 10
	case publish:
		return n >= 2
	case puback, pubrec, pubrel, pubcomp, unsuback:
		return n >= 2
	case connack:
		return n >= 2
	case suback:
		return n >= 3
	case subscribe, unsubscribe:
		return n >= 5
	case pingreq, pingresp:
		return n == 0
	}
	return true
}

// recognise believes a CONNECT anywhere; the other packets are too plain to be
// believed off the port, but for topics that only MQTT has.
func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	kind, flags, at, size, err := header(b)
	if err == wire.ErrShort {
		if len(b) > 0 && !flagsOK(b[0]>>4, b[0]&15) {
			return proto.No
		}
		return proto.More
	}
	if err != nil {
		return proto.No
	}
	r := wire.NewReader(b[at:])
	switch kind {
	case connect:
		_, err := level(&r)
		switch {
		case r.Short():
			return proto.More
		case err != nil:
			return proto.No
		}
		return proto.Yes
	case publish:
		topic := r.Bytes("topic", int(r.U16("topic length")))
		switch {
		case r.Short() && size > len(b) && len(b) < 64:
			return proto.More
		case !r.OK() || !isTopic(topic, false) || len(topic) == 0 && flags != 0:
			return proto.No
		case hasPrefix(topic, "$SYS/"), isSparkplug(topic):
			return proto.Yes
		}
		return proto.Likely
	case subscribe, unsubscribe:
		// With properties (5.0) a length stands before the filters.
		id := r.U16("packet identifier")
		plain := r
		filter := plain.Bytes("topic filter", int(plain.U16("topic filter length")))
		if id == 0 || plain.OK() && r.Peek()[0] == 0 && !isTopic(filter, true) {
			return proto.No
		}
	case connack:
		if sp := r.U8("session present"); sp > 1 || size > 512 {
			return proto.No
		}
	default:
		if size > 512 {
			return proto.No
		}
	}
	if size != len(b) && !follows(b, size) {
		return proto.No
	}
	return proto.Likely
}

// follows tells whether another packet begins where the first one ends.
func follows(b []byte, size int) bool {
	if size > len(b) {
		return false
	}
	_, _, _, _, err := header(b[size:])
	return err == nil || err == wire.ErrShort
}

// level reads protocol name and level at the front of CONNECT (3.1.2.1): 3, 4
// or 5. Bridges of some brokers set the highest bit.
func level(r *wire.Reader) (uint8, error) {
	n := r.U16("protocol name length")
	if r.OK() && n != 4 && n != 6 {
		return 0, errName
	}
	protocol := r.Bytes("protocol name", int(n))
	v := r.U8("protocol level") &^ 0x80
	if !r.OK() {
		return 0, errBody
	}
	if string(protocol) == "MQTT" && (v == 4 || v == 5) || string(protocol) == "MQIsdp" && v == 3 {
		return v, nil
	}
	return v, errName
}

// window is how many requests of a client are remembered.
const window = 16

// pending is a packet of the client that waits for its answer.
type pending struct {
	id     uint16
	kind   uint8
	length uint8
	name   [96]byte
}

type session struct {
	known   bool // client is known
	client  proto.Dir
	level   uint8 // 3, 4 or 5; 0 when CONNECT was not seen
	skip    [2]int
	waiting [window]pending
	alias   [2]*topicAliases // made with the first alias
	names   metricTable
	seen    memory
	scratch [256]byte
}

func (s *session) Reset() {
	names, alias := s.names, s.alias
	clear(names)
	for _, a := range alias {
		if a != nil {
			*a = topicAliases{}
		}
	}
	*s = session{names: names, alias: alias}
}

func (s *session) Gap(d proto.Dir) {
	s.skip[d] = 0
	if !s.known || d == s.client {
		s.waiting = [window]pending{}
	}
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	d := c.Dir & 1
	if n := min(s.skip[d], len(b)); n > 0 {
		s.skip[d] -= n
		return n, nil
	}
	kind, flags, at, size, err := header(b)
	if err != nil {
		return 0, err
	}
	head := min(size, at+maxHead)
	if len(b) < head {
		return 0, wire.ErrShort
	}
	s.skip[d] = size - head
	r := wire.NewReader(b[at:head])
	err = s.packet(c, kind, flags, &r, size > head)
	if err != nil && errors.Is(err, wire.ErrShort) {
		err = errBody
	}
	return head, err
}

func (s *session) packet(c *proto.Context, kind, flags uint8, r *wire.Reader, cut bool) error {
	switch kind {
	case connect:
		return s.connect(c, r)
	case connack:
		return s.connack(c, r)
	case publish:
		return s.publish(c, flags, r, cut)
	case subscribe, unsubscribe:
		return s.subscribe(c, kind, r)
	case pingreq:
		s.learn(c, true)
		c.Op(&functions[kind], fact.Request)
		c.Emit()
		return nil
	case pingresp:
		s.learn(c, false)
		c.Op(&functions[kind], fact.Response).Answers = &functions[pingreq]
		c.Emit()
		return nil
	case disconnect, auth:
		return s.leave(c, kind, r)
	}
	return s.acknowledge(c, kind, r)
}

// learn settles which side is the client.
func (s *session) learn(c *proto.Context, sender bool) {
	client := c.Dir
	if !sender {
		client = c.Dir.Other()
	}
	if s.known && s.client == client {
		return
	}
	s.known, s.client = true, client
	if sender {
		c.SenderIsClient()
	} else {
		c.SenderIsServer()
	}
}

// isClient guesses by the port what no packet has proven yet: both sides
// publish and acknowledge.
func (s *session) isClient(c *proto.Context) bool {
	if s.known {
		return c.Dir == s.client
	}
	return c.Src.Port != 1883 && (c.Dst.Port == 1883 || c.Dst.Port < c.Src.Port)
}
