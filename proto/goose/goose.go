// Package goose reads the fixed part of GOOSE messages, IEC 61850-8-1:2011,
// annex A and clause 18: which control block speaks, its state and sequence
// numbers, whether it is a test. It does not read the values of the data set.
package goose

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "goose"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "GOOSE, generic object oriented substation events",
	About: "Protection relays and bay controllers in substations tell each other trips, interlocks and positions by multicast, within milliseconds. " +
		"There is no authentication: a forged message with a higher state number is believed and can open or block a breaker.",
	Spec:  "IEC 61850-8-1:2011, clause 18 and annex A",
	Limit: "The values of the data set are not read; GSE management (EtherType 0x88b9) is left out.",
	Depth: proto.Recognised | proto.Operations | proto.Identity,
	On:    []proto.On{{Carrier: proto.Ethernet, Numbers: []uint32{0x88b8}}},

	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
}

// Message numbers have no code; APPID is what tells publishers apart. The
// variant is in bits 16 and up of the key.
const (
	variantChange = 1 << 16
	variantTest   = 1 << 17
)

func build(key uint64) fact.Function {
	f := fact.Function{Protocol: name, Code: fmt.Sprintf("0x%04x", key&0xffff), Name: "GOOSE message", Class: fact.Data, Object: "retransmission"}
	if key&variantChange != 0 {
		f.Object = "state change"
	}
	if key&variantTest != 0 {
		f.Object += ", test"
	}
	return f
}

var keys = proto.KeySpace(name)

var (
	errTag    = errors.New("unexpected tag")
	errLength = errors.New("length of more than 3 bytes")
)

// message is the fixed part of a goosePdu.
type message struct {
	appID               uint16
	simulated           bool // bit of the header, IEC 61850-8-1 annex A (edition 2)
	gocbRef, datSet, id []byte
	stNum, sqNum        uint32
	test, commission    bool
	confRev             uint32
	data                []byte // allData, not looked into
}

// element reads tag, length and content (ISO 8825-1, short and long form).
func element(r *wire.Reader) (tag uint8, v []byte) {
	tag = r.U8("tag")
	n := int(r.U8("length"))
	switch {
	case n == 0x81:
		n = int(r.U8("length"))
	case n == 0x82:
		n = int(r.U16("length"))
	case n >= 0x80:
		r.Fail("length", errLength)
	}
	return tag, r.Bytes("content", n)
}

// number reads an INTEGER that is not negative.
func number(v []byte) (n uint32) {
	for _, x := range v[:min(len(v), 5)] {
		n = n<<8 | uint32(x)
	}
	return n
}

// maxElements bounds the walk; the specification has twelve.
const maxElements = 24

func parse(b []byte) (m message, err error) {
	r := wire.NewReader(b)
	m.appID = r.U16("APPID")
	r.U16("length")
	m.simulated = r.U16("reserved 1")&0x8000 != 0
	r.U16("reserved 2")
	tag, pdu := element(&r)
	if r.OK() && tag != 0x61 {
		r.Fail("tag", errTag)
	}
	if err := r.Err(); err != nil {
		return m, err
	}
	p := wire.NewReader(pdu)
	for i := range maxElements {
		if p.Len() == 0 {
			break
		}
		tag, v := element(&p)
		if i == 0 && tag != 0x80 {
			p.Fail("gocbRef", errTag)
		}
		if !p.OK() {
			break
		}
		m.set(tag, v)
	}
	return m, p.Err()
}

func (m *message) set(tag uint8, v []byte) {
	switch tag {
	case 0x80:
		m.gocbRef = v
	case 0x82:
		m.datSet = v
	case 0x83:
		m.id = v
	case 0x85:
		m.stNum = number(v)
	case 0x86:
		m.sqNum = number(v)
	case 0x87:
		m.test = len(v) == 1 && v[0] != 0
	case 0x88:
		m.confRev = number(v)
	case 0x89:
		m.commission = len(v) == 1 && v[0] != 0
	case 0xab:
		m.data = v
	}
}

func recognise(b []byte, _ proto.Hint) proto.Verdict {
	m, err := parse(b)
	if err != nil || !wire.ASCII(m.gocbRef) || len(m.datSet) == 0 {
		return proto.No
	}
	return proto.Yes
}

type session struct {
	streams [maxStreams]stream
	next    int
	b       [512]byte
}

func (s *session) Reset()        { *s = session{} }
func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	m, err := parse(b)
	if err != nil {
		return 0, err
	}
	st, fresh := s.stream(&m)
	if fresh {
		s.introduce(c, &m)
	}
	changed := !fresh && m.stNum != st.stNum || m.sqNum == 0
	watch(c, st, &m, fresh)
	key := keys | uint64(m.appID)
	if changed {
		key |= variantChange
	}
	if m.test || m.simulated {
		key |= variantTest
	}
	op := c.Op(c.Func(key, build), fact.Notice)
	op.Target = fact.Target{Unit: uint32(m.appID), Name: m.gocbRef, Set: true}
	op.Value = fact.Value{Kind: fact.Uint, Bits: uint64(m.stNum)}
	c.Emit()
	return len(b), nil
}

// introduce states what the control block says about its publisher.
func (s *session) introduce(c *proto.Context, m *message) {
	if !wire.ASCII(m.gocbRef) {
		return
	}
	c.Say(fact.Sender, fact.RoleHint, "protection-relay", "GOOSE publisher", 50)
	// The logical device's name begins with that of the IED; where it ends
	// only the engineering file knows.
	if device, _, ok := bytes.Cut(m.gocbRef, []byte("/")); ok {
		c.SayBytes(fact.Sender, fact.DeviceName, device, "GOOSE control block", 50)
	}
	out := append(s.b[:0], "GOOSE "...)
	out = appendText(out, "", m.gocbRef)
	out = appendText(out, " data set ", m.datSet)
	out = appendText(out, " id ", m.id)
	c.Say(fact.Sender, fact.Service, proto.View(out), "GOOSE control block", 95)
}

// appendText appends what fits: references have at most 129 characters.
func appendText(out []byte, label string, v []byte) []byte {
	if !wire.ASCII(v) || len(v) > 150 {
		return out
	}
	return append(append(out, label...), v...)
}

// seed is for telling contents apart within a run; nothing shows it.
var seed = maphash.MakeSeed()

func sum(b []byte) uint64 { return maphash.Bytes(seed, b) }
