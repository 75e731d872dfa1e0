package s7comm

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// transfer is a block on its way. Its bytes are hashed as they pass; only head
// and foot are kept.
type transfer struct {
	active bool
	k      block
	id     uint32 // of an upload
	sum    hash.Hash
	n      uint32
	head   [headLen]byte
	foot   [footLen]byte
	digest [2 * sha256.Size]byte
	raw    [sha256.Size]byte
}

// reset forgets the block and keeps the hash for the next.
func (t *transfer) reset() transfer { return transfer{sum: t.sum} }

func (t *transfer) begin(k block, id uint32) {
	*t = t.reset()
	t.active, t.k, t.id = true, k, id
	if t.sum == nil {
		t.sum = sha256.New()
	}
	t.sum.Reset()
}

func (t *transfer) add(b []byte) {
	t.sum.Write(b)
	if t.n < headLen {
		copy(t.head[t.n:], b)
	}
	t.n += uint32(len(b))
	if len(b) >= footLen {
		copy(t.foot[:], b[len(b)-footLen:])
		return
	}
	copy(t.foot[:], t.foot[len(b):])
	copy(t.foot[footLen-len(b):], b)
}

// done says what the complete block was; nothing if bytes are missing.
func (s *session) done(c *proto.Context, t *transfer, who fact.Who, source string) {
	t.active = false
	var a about
	h, f := wire.NewReader(t.head[:]), wire.NewReader(t.foot[:])
	if t.n < headLen+footLen || !a.head(&h) || !a.foot(&f) || a.load != t.n {
		return
	}
	a.k = t.k
	p := s.part(t.k)
	if p == "" {
		return
	}
	hex.Encode(t.digest[:], t.sum.Sum(t.raw[:0]))
	c.SayOf(fact.Subject{Who: who, Part: p}, fact.ProgramID, proto.View(t.digest[:]), source, 100)
	s.sayBlock(c, who, &a, source)
}

// transferAsked reads the job of a transfer and finds the block that it is about.
func (s *session) transferAsked(c *proto.Context, code uint8, reference uint16, r *wire.Reader) fact.Target {
	r.Skip("status, unknown", 3)
	id := r.U32("transfer id")
	switch code {
	case upload, endUpload:
		if r.OK() && s.up.k != (block{}) && s.up.id == id {
			return s.blockTarget(s.up.k)
		}
		return fact.Target{}
	}
	file := r.Bytes("file name", int(r.U8("file name length")))
	if !r.OK() {
		return fact.Target{}
	}
	k, ok := parseBlock(file)
	if !ok {
		return fact.Target{Name: file, Set: len(file) > 0}
	}
	if code == requestDownload {
		s.down.begin(k, 0)
	}
	return s.blockTarget(k)
}

// transferAnswered follows the answers that carry a block, or its id.
func (s *session) transferAnswered(c *proto.Context, code uint8, r *wire.Reader, m *message, p pending) {
	more := r.U8("status")&1 != 0
	switch code {
	case startUpload:
		r.Skip("unknown", 2)
		if id := r.U32("transfer id"); r.OK() && p.block != (block{}) {
			s.up.begin(p.block, id)
		}
	case upload:
		if s.up.active && p.block == s.up.k && s.up.take(m.data, more) {
			s.done(c, &s.up, fact.Sender, "S7 block upload")
		}
	case downloadBlock:
		if s.down.active && p.block == s.down.k && s.down.take(m.data, more) {
			s.done(c, &s.down, fact.Receiver, "S7 block download")
		}
	case endUpload:
		s.up.active = false
	case downloadEnded:
		s.down.active = false
	}
}

// take adds the piece in a data part: length, a constant, bytes. It tells
// whether it was the last.
func (t *transfer) take(data []byte, more bool) bool {
	r := wire.NewReader(data)
	n := int(r.U16("length"))
	r.U16("constant")
	b := r.Bytes("block", n)
	if !r.OK() {
		t.active = false
		return false
	}
	t.add(b)
	return !more
}
