package pnrt

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// header is what every DCP message begins with, 4.3.1.2.
type header struct {
	service uint8
	kind    uint8
	xid     uint32
	blocks  wire.Reader
}

// Service types.
const (
	dcpRequest     = 0
	dcpSuccess     = 1
	dcpUnsupported = 5
)

func readHeader(r *wire.Reader) (h header, err error) {
	h.service, h.kind = r.U8("service id"), r.U8("service type")
	if h.service < serviceGet || h.service > serviceHello || h.kind != dcpRequest && h.kind != dcpSuccess && h.kind != dcpUnsupported {
		r.Fail("service id", errService)
	}
	h.xid = r.U32("xid")
	r.Skip("response delay", 2)
	h.blocks = r.Sub("blocks", int(r.U16("DCP data length")))
	return h, r.Err()
}

// block is one option of a message.
type block struct {
	option uint16 // option and suboption
	value  []byte
}

// maxBlocks bounds the walk: 1416 bytes hold 354 empty blocks.
const maxBlocks = 360

// next reads a block; blocks begin at even places. prefix is what stands
// before the value: block info or block qualifier.
func (h *header) next(prefix int) (b block, ok bool) {
	r := &h.blocks
	if r.Len() < 4 {
		return b, false
	}
	b.option = r.U16("option")
	n := int(r.U16("block length"))
	v := r.Bytes("block", n)
	if n%2 == 1 && r.Len() > 0 {
		r.Skip("padding", 1)
	}
	if !r.OK() {
		return b, false
	}
	if b.option != controlResponse {
		if len(v) < prefix {
			r.Fail("block length", errLength)
			return b, false
		}
		v = v[prefix:]
	}
	b.value = v
	return b, true
}

// Options that are looked at by name.
const (
	optIP           = 0x0102
	optIPSuite      = 0x0103
	optName         = 0x0202
	controlStart    = 0x0501
	controlEnd      = 0x0502
	controlResponse = 0x0504
	optionAll       = 0xffff
)

// name240 is a copy of a name of station: at most 240 bytes.
type name240 struct {
	b [240]byte
	n int
}

func (n *name240) keep(v []byte) { n.n = copy(n.b[:], v) }

func (n *name240) is(v []byte) bool { return n.n > 0 && string(n.b[:n.n]) == string(v) }

// pending is a request to set something that waits for its answer.
type pending struct {
	used   bool
	xid    uint32
	dir    proto.Dir
	option uint16
	ip     [12]byte // address, mask, gateway
	hasIP  bool
	name   name240
}

// dcp reads the message behind the frame id.
func (s *session) dcp(c *proto.Context, id uint16, r *wire.Reader) error {
	h, err := readHeader(r)
	if err != nil {
		return err
	}
	switch {
	case h.kind != dcpRequest:
		return s.dcpAnswer(c, h)
	case h.service == serviceHello:
		return s.hello(c, h)
	case h.service == serviceSet:
		return s.dcpSet(c, h)
	case h.service == serviceGet:
		return s.dcpGet(c, h)
	}
	return s.identify(c, h)
}

func (s *session) hello(c *proto.Context, h header) error {
	if err := s.describe(c, &h, fact.Sender, 2); err != nil {
		return err
	}
	c.Op(dcpFunction(c, serviceHello, 0), fact.Notice)
	c.Emit()
	return nil
}

// dcpGet has a list of options without lengths.
func (s *session) dcpGet(c *proto.Context, h header) error {
	option := h.blocks.U16("option")
	if err := h.blocks.Err(); err != nil {
		return err
	}
	c.SenderIsClient()
	s.set = pending{used: true, xid: h.xid, dir: c.Dir, option: option}
	op := c.Op(dcpFunction(c, serviceGet, option), fact.Request)
	op.Target = fact.Target{First: uint64(option), Set: true}
	c.Emit()
	return nil
}

// identify asks all devices, or those with the options given.
func (s *session) identify(c *proto.Context, h header) error {
	var asked block
	for range maxBlocks {
		b, ok := h.next(0)
		if !ok {
			break
		}
		if asked.option == 0 || b.option == optName {
			asked = b
		}
	}
	if err := h.blocks.Err(); err != nil {
		return err
	}
	c.SenderIsClient()
	if asked.option == optName && wire.ASCII(asked.value) {
		s.ownName(c, asked.value)
	} else {
		asked.value = nil
	}
	op := c.Op(dcpFunction(c, serviceIdentify, asked.option), fact.Request)
	op.Target = fact.Target{First: uint64(asked.option), Name: asked.value, Set: true}
	c.Emit()
	return nil
}

// ownName hints at the name of the asker: before it takes up a name, a device
// asks whether another has it (IEC 61158-6-10, name resolution). A controller
// asks for each of its devices, so the hint ends with the second name.
func (s *session) ownName(c *proto.Context, v []byte) {
	if s.asked.n > 0 && !s.asked.is(v) {
		s.askedMore = true
	}
	if s.asked.n == 0 {
		s.asked.keep(v)
	}
	if !s.askedMore {
		c.SayBytes(fact.Sender, fact.DeviceName, v, "PROFINET DCP name asked for, perhaps its own", 20)
	}
}

// dcpSet reports what is set; the transaction marks count only alone.
func (s *session) dcpSet(c *proto.Context, h header) error {
	p := pending{used: true, xid: h.xid, dir: c.Dir}
	var t fact.Target
	var v fact.Value
	for range maxBlocks {
		b, ok := h.next(2) // block qualifier
		if !ok {
			break
		}
		if !weightier(b.option, p.option) {
			continue
		}
		p.option = b.option
		t, v = fact.Target{First: uint64(b.option), Set: true}, fact.Value{}
		switch {
		case b.option == optName && len(b.value) <= len(p.name.b):
			p.name.keep(b.value)
			t.Name, v = b.value, fact.Value{Kind: fact.Text, Raw: b.value}
		case (b.option == optIP || b.option == optIPSuite) && len(b.value) >= len(p.ip):
			p.hasIP = copy(p.ip[:], b.value) == len(p.ip)
			v = fact.Value{Kind: fact.Bytes, Raw: b.value}
		case len(b.value) > 0:
			v = fact.Value{Kind: fact.Bytes, Raw: b.value}
		}
	}
	if err := h.blocks.Err(); err != nil {
		return err
	}
	s.set = p
	c.SenderIsClient()
	op := c.Op(dcpFunction(c, serviceSet, p.option), fact.Request)
	op.Target, op.Value = t, v
	c.Emit()
	return nil
}

// weightier tells whether option a says more about a request than b does.
func weightier(a, b uint16) bool { return weight(a) > weight(b) }

func weight(option uint16) int {
	switch {
	case option == 0:
		return 0
	case option == controlStart || option == controlEnd:
		return 1
	case suboptions[option].set == fact.Control:
		return 4
	case option == optName:
		return 3
	}
	return 2
}
