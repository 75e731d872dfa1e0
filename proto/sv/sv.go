// Package sv recognises sampled values, IEC 61850-9-2:2011 and the guideline
// 9-2LE, and counts them by stream. It does not read the samples.
package sv

import (
	"errors"
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "sv"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "IEC 61850 sampled values",
	About: "Merging units send measured currents and voltages thousands of times a second to protection relays, which trip on them. " +
		"There is no authentication: forged samples can trip a healthy line or hide a fault.",
	Spec:  "IEC 61850-9-2:2011; implementation guideline 9-2LE R2-1",
	Limit: "Samples are counted, not read.",
	Depth: proto.Recognised | proto.Operations | proto.Identity,
	On:    []proto.On{{Carrier: proto.Ethernet, Numbers: []uint32{0x88ba}}},

	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
}

// build makes the function for an APPID: messages have no code.
func build(key uint64) fact.Function {
	f := fact.Function{Protocol: name, Code: fmt.Sprintf("0x%04x", key&0xffff), Name: "sampled values", Class: fact.Data}
	if key&variantTest != 0 {
		f.Object = "simulated"
	}
	return f
}

const variantTest = 1 << 16

var keys = proto.KeySpace(name)

var (
	errTag    = errors.New("unexpected tag")
	errLength = errors.New("length of more than 3 bytes")
)

// element reads tag, length and content (ISO 8825-1). Content that reaches
// beyond the input is cut there when lax: some merging units state lengths that
// include what they left out, and the svID comes before.
func element(r *wire.Reader, lax bool) (tag uint8, v []byte) {
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
	if lax {
		n = min(n, r.Len())
	}
	return tag, r.Bytes("content", n)
}

// header is what stands before the ASDUs.
type header struct {
	appID     uint16
	simulated bool
	list      wire.Reader
}

func parse(b []byte) (h header, err error) {
	r := wire.NewReader(b)
	h.appID = r.U16("APPID")
	r.U16("length")
	h.simulated = r.U16("reserved 1")&0x8000 != 0
	r.U16("reserved 2")
	tag, pdu := element(&r, true)
	if r.OK() && tag != 0x60 {
		r.Fail("savPdu", errTag)
	}
	p := wire.NewReader(pdu)
	for range 4 { // noASDU, security (optional), seqASDU
		if !r.OK() || !p.OK() {
			break
		}
		tag, v := element(&p, true)
		if tag == 0xa2 {
			h.list = wire.NewReader(v)
			return h, nil
		}
		if tag != 0x80 && tag != 0x81 {
			p.Fail("seqASDU", errTag)
		}
	}
	if err := r.Err(); err != nil {
		return h, err
	}
	p.Fail("seqASDU", errTag)
	return h, p.Err()
}

// asdu is one set of samples.
type asdu struct {
	id    []byte
	count uint16
	sync  uint8
	rev   uint32
}

// read reads the next ASDU: svID, data set (optional), smpCnt, confRev,
// refrTm (optional), smpSynch, ...
func read(r *wire.Reader) (a asdu, ok bool) {
	tag, v := element(r, true)
	if !r.OK() || tag != 0x30 {
		return a, false
	}
	p := wire.NewReader(v)
	for range 10 {
		if p.Len() == 0 {
			break
		}
		tag, v := element(&p, true)
		f := wire.NewReader(v)
		switch tag {
		case 0x80:
			a.id = v
		case 0x82:
			a.count = f.U16("smpCnt")
		case 0x83:
			a.rev = f.U32("confRev")
		case 0x85:
			a.sync = f.U8("smpSynch")
		}
		if !p.OK() {
			break
		}
	}
	return a, wire.ASCII(a.id)
}

func recognise(b []byte, _ proto.Hint) proto.Verdict {
	h, err := parse(b)
	if err != nil {
		return proto.No
	}
	if _, ok := read(&h.list); !ok {
		return proto.No
	}
	return proto.Yes
}

// maxStreams is how many streams a session introduces.
const maxStreams = 64

type session struct {
	seen [maxStreams]uint32 // APPIDs with 1 added
	next int
}

func (s *session) Reset()        { *s = session{} }
func (s *session) Gap(proto.Dir) {}

// maxASDUs bounds a frame; 9-2LE has 8 at most.
const maxASDUs = 64

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	h, err := parse(b)
	if err != nil {
		return 0, err
	}
	key := keys | uint64(h.appID)
	if h.simulated {
		key |= variantTest
	}
	f := c.Func(key, build)
	var last asdu
	n := uint32(0)
	for range maxASDUs {
		a, ok := read(&h.list)
		if !ok {
			break
		}
		if n > 0 && string(a.id) != string(last.id) {
			emit(c, f, h.appID, last, n)
			n = 0
		}
		last = a
		n++
	}
	if n == 0 {
		h.list.Fail("ASDU", errTag)
		return 0, h.list.Err()
	}
	s.introduce(c, h.appID, last.id)
	emit(c, f, h.appID, last, n)
	return len(b), nil
}

// emit reports n ASDUs of one stream in a frame as one operation.
func emit(c *proto.Context, f *fact.Function, appID uint16, a asdu, n uint32) {
	op := c.Op(f, fact.Notice)
	op.Target = fact.Target{Unit: uint32(appID), First: uint64(a.count), Name: a.id, Set: true}
	op.Count = n
	c.Emit()
}

func (s *session) introduce(c *proto.Context, appID uint16, id []byte) {
	for _, x := range s.seen {
		if x == uint32(appID)+1 {
			return
		}
	}
	s.seen[s.next%maxStreams] = uint32(appID) + 1
	s.next++
	c.Say(fact.Sender, fact.RoleHint, "protection-relay", "sampled values publisher", 40)
	c.Say(fact.Sender, fact.DeviceType, "merging unit", "sampled values publisher", 70)
	c.SayBytes(fact.Sender, fact.InstanceID, id, "sampled values svID", 85)
}
