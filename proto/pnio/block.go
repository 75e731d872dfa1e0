package pnio

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
)

// exchange is what the blocks of a call say about the operation.
type exchange struct {
	function *fact.Function
	target   fact.Target
	status   uint32
}

// Block types, 5.2.1.
const (
	blockAR          = 0x0101
	blockIOCR        = 0x0102
	blockExpected    = 0x0104
	blockWrite       = 0x0008
	blockRead        = 0x0009
	blockControlLow  = 0x0110
	blockControlHigh = 0x0118
	blockIM0         = 0x0020
	blockIM1         = 0x0021
	blockIM2         = 0x0022
	blockIM3         = 0x0023
	blockPort        = 0x020f
	blockInterface   = 0x0240
	blockMultiple    = 0x0400

	answerBit       = 0x8000
	blockARRes      = blockAR | answerBit
	blockModuleDiff = 0x8104
	blockServer     = 0x8106
)

var errBlock = errors.New("block length is less than 2")

// maxBlocks bounds a walk over blocks.
const maxBlocks = 512

// readBlock reads a block: type, length, version, content.
func readBlock(r *wire.Reader) (kind uint16, v wire.Reader) {
	kind = r.U16("block type")
	n := int(r.U16("block length"))
	if n < 2 {
		r.Fail("block length", errBlock)
	}
	r.U16("block version")
	return kind, r.Sub("block", n-2)
}

// blocks reads the blocks of a request or an answer.
func (s *session) blocks(c *proto.Context, r *wire.Reader, e *exchange, u dcerpc.UUID, op uint16) error {
	first := true
	for range maxBlocks {
		if r.Len() < 6 || !first && padding(r.Peek()) {
			break
		}
		kind, v := readBlock(r)
		if !r.OK() {
			break
		}
		switch {
		case kind&^answerBit == blockRead || kind&^answerBit == blockWrite:
			h := readRecord(&v, kind)
			if first {
				e.target = fact.Target{Unit: uint32(h.slot), First: uint64(h.index), Count: uint32(h.subslot), Set: true}
				e.function = opFunction(c, u, op, recordKey(h.index))
				if kind == blockWrite|answerBit {
					e.status = max(e.status, h.status)
				}
			}
			s.record(c, r, h, kind)
		case kind&^answerBit >= blockControlLow && kind&^answerBit <= blockControlHigh:
			s.control(c, &v, e, u, op)
		default:
			s.block(c, kind, &v)
		}
		first = false
	}
	return r.Err()
}

// padding tells whether nothing but zeros is left, as devices that fill up
// their packets send.
func padding(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}

// record is the header of a read or write.
type record struct {
	slot, subslot, index uint16
	length               uint32
	status               uint32
}

func readRecord(v *wire.Reader, kind uint16) (h record) {
	v.Skip("sequence number, AR UUID, API", 2+16+4)
	h.slot, h.subslot = v.U16("slot"), v.U16("subslot")
	v.Skip("padding", 2)
	h.index = v.U16("index")
	h.length = v.U32("record data length")
	if kind == blockWrite|answerBit {
		v.Skip("additional values", 4)
		h.status = v.U32("status")
	}
	return h
}

// record reads the data behind a header: of a write request, or of a read
// answer. Those of a multiple write are headers and data again.
func (s *session) record(c *proto.Context, r *wire.Reader, h record, kind uint16) {
	who := fact.Sender
	switch kind {
	case blockWrite:
		who = fact.Receiver
	case blockRead | answerBit:
	default:
		return
	}
	if h.index == indexMultiple {
		return // the walk goes on with what is inside
	}
	n := int(min(h.length, 1<<16))
	v := r.Sub("record data", min(n, r.Len()))
	if kind == blockWrite && n%4 != 0 {
		r.Skip("padding", min(4-n%4, r.Len()))
	}
	s.data(c, &v, h, who)
}

// data reads records that are made of blocks.
func (s *session) data(c *proto.Context, v *wire.Reader, h record, who fact.Who) {
	if h.index < 0x8000 {
		return
	}
	for range maxBlocks {
		if v.Len() < 6 {
			return
		}
		kind, b := readBlock(v)
		if !v.OK() {
			return
		}
		if kind == blockMultiple {
			s.multiple(c, &b)
			continue
		}
		s.identification(c, kind, &b, s.subject(who, h.slot, h.subslot))
		s.physical(c, kind, &b)
	}
}

// multiple reads a MultipleBlockHeader: the blocks of one submodule.
func (s *session) multiple(c *proto.Context, b *wire.Reader) {
	b.Skip("padding, API, slot, subslot", 2+4+2+2)
	for range maxBlocks {
		if b.Len() < 6 {
			return
		}
		kind, inner := readBlock(b)
		if !b.OK() {
			return
		}
		s.physical(c, kind, &inner)
	}
}

// control reads which command is meant.
func (s *session) control(c *proto.Context, v *wire.Reader, e *exchange, u dcerpc.UUID, op uint16) {
	v.Skip("reserved, AR UUID, session key, alarm sequence", 2+16+2+2)
	command := v.U16("control command")
	if v.OK() && op == opControl {
		e.function = opFunction(c, u, op, command)
	}
}
