package dnp3

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Function codes of primary frames that carry user data (9.2.4.1.3.5).
const (
	linkConfirmed   = 3
	linkUnconfirmed = 4
)

// primary and secondary are the link functions (9.2.4.1.3.5 and .6). The two
// sides share the numbers; the reader is told apart by name.
var primary = [16]*fact.Function{
	0: {Protocol: name, Code: "link 0", Name: "link: reset link states", Class: fact.Diagnose},
	1: {Protocol: name, Code: "link 1", Name: "link: reset user process", Class: fact.Control},
	2: {Protocol: name, Code: "link 2", Name: "link: test link states", Class: fact.Diagnose},
	9: {Protocol: name, Code: "link 9", Name: "link: request link status", Class: fact.Diagnose},
}

var secondary = [16]*fact.Function{
	0:  {Protocol: name, Code: "link 0", Name: "link: ack", Class: fact.Diagnose, Reply: true},
	1:  {Protocol: name, Code: "link 1", Name: "link: nack", Class: fact.Diagnose, Reply: true},
	11: {Protocol: name, Code: "link 11", Name: "link: link status", Class: fact.Diagnose, Reply: true},
	14: {Protocol: name, Code: "link 14", Name: "link: link service not functioning", Class: fact.Diagnose, Reply: true},
	15: {Protocol: name, Code: "link 15", Name: "link: not supported", Class: fact.Diagnose, Reply: true},
}

// linkSeq is the sequence of the slot that a link request waits in; those of
// the application layer are 0 to 15.
const linkSeq = 0x80

// link reports a frame that carries no user data. DIR says which side sent
// it: set by the master (9.2.4.1.3.1).
func (s *session) link(c *proto.Context, h header) error {
	fc := h.control & controlFC
	fromMaster := h.control&controlDIR != 0
	if h.control&controlPRM != 0 {
		f := primary[fc]
		if f == nil {
			return errFunction
		}
		s.learn(c, fromMaster)
		s.sender(c, h, fromMaster)
		t := h.station(fromMaster)
		s.remember(h, linkSeq, f, t)
		op := c.Op(f, fact.Request)
		op.Target = t
		c.Emit()
		return nil
	}
	f := secondary[fc]
	if f == nil {
		return errFunction
	}
	s.learn(c, fromMaster)
	s.sender(c, h, fromMaster)
	asked, ok := s.recall(h, linkSeq, true)
	op := c.Op(f, fact.Response)
	op.Target = h.station(fromMaster)
	if ok {
		op.Answers = asked.function
	}
	switch fc {
	case 1:
		op.Failed, op.Status = true, "nack"
	case 14:
		op.Failed, op.Status = true, "link service not functioning"
	case 15:
		op.Failed, op.Status = true, "not supported"
	}
	c.Emit()
	return nil
}

// join is a fragment in the course of reassembly, between two link addresses.
type join struct {
	open     bool
	dir      proto.Dir
	src, dst uint16
	seq      uint8
	buf      []byte
}

const (
	// maxJoins is how many fragments are put together at the same time: a
	// connection to a data concentrator carries several outstations.
	maxJoins = 8
	// maxFragment bounds a fragment; devices must take 2048 octets at most
	// unless both ends are configured for more (8.2.2).
	maxFragment = 16 << 10
)

// Bits of the transport header (8.2.1).
const (
	transportFIN = 0x80
	transportFIR = 0x40
	transportSeq = 0x3f
)

// transport puts the segments of a fragment together (8.2).
func (s *session) transport(c *proto.Context, h header, data []byte) error {
	r := wire.NewReader(data)
	th := r.U8("transport header")
	if !r.OK() {
		return errTransport
	}
	data = r.Rest()
	if th&(transportFIR|transportFIN) == transportFIR|transportFIN {
		if j := s.joinOf(c, h); j != nil {
			j.open = false
		}
		return s.fragment(c, h, data)
	}
	j := s.joinOf(c, h)
	if th&transportFIR != 0 {
		if j == nil {
			j = s.openJoin()
		}
		*j = join{open: true, dir: c.Dir, src: h.src, dst: h.dst, seq: th & transportSeq, buf: append(j.buf[:0], data...)}
		return nil
	}
	if j == nil {
		return nil // its beginning was not seen
	}
	if (j.seq+1)&transportSeq != th&transportSeq || len(j.buf)+len(data) > maxFragment {
		j.open = false
		return nil
	}
	j.seq = th & transportSeq
	j.buf = append(j.buf, data...)
	if th&transportFIN == 0 {
		return nil
	}
	j.open = false
	return s.fragment(c, h, j.buf)
}

func (s *session) joinOf(c *proto.Context, h header) *join {
	for i := range s.joins {
		if j := &s.joins[i]; j.open && j.dir == c.Dir && j.src == h.src && j.dst == h.dst {
			return j
		}
	}
	return nil
}

// openJoin finds a free place, or takes that of the one that waited longest.
func (s *session) openJoin() *join {
	for i := range s.joins {
		if !s.joins[i].open {
			return &s.joins[i]
		}
	}
	s.oldest = (s.oldest + 1) % maxJoins
	return &s.joins[s.oldest]
}
