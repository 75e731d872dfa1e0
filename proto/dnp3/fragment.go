package dnp3

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Bits of application control (4.2.2.4).
const (
	appFIN = 0x40
	appSeq = 0x0f
)

// pending is a request that waits for its answer.
type pending struct {
	used     bool
	src, dst uint16
	seq      uint8
	function *fact.Function
	target   fact.Target
}

// window is how many requests are remembered: one is open for each
// outstation, and a connection may serve several.
const window = 16

func (s *session) remember(h header, seq uint8, f *fact.Function, t fact.Target) {
	t.Name = nil
	p := s.find(h.src, h.dst, seq)
	if p == nil {
		p = &s.waiting[s.next%window]
		s.next = (s.next + 1) % window
	}
	*p = pending{true, h.src, h.dst, seq, f, t}
}

func (s *session) find(src, dst uint16, seq uint8) *pending {
	for i := range s.waiting {
		if p := &s.waiting[i]; p.used && p.src == src && p.dst == dst && p.seq == seq {
			return p
		}
	}
	return nil
}

// recall finds the request that a frame from its receiver answers.
func (s *session) recall(h header, seq uint8, done bool) (pending, bool) {
	p := s.find(h.dst, h.src, seq)
	if p == nil {
		return pending{}, false
	}
	found := *p
	if done {
		p.used = false
	} else {
		p.seq = (seq + 1) & appSeq // the next fragment of the answer counts on
	}
	return found, true
}

// fragment reads and reports an application fragment (4.2). One whose function
// is readable is reported even when its objects are not.
func (s *session) fragment(c *proto.Context, h header, b []byte) error {
	r := wire.NewReader(b)
	control := r.U8("application control")
	fc := r.U8("function code")
	if !r.OK() {
		return errFragment
	}
	if fc >= fcResponse {
		return s.answer(c, h, control, fc, r)
	}
	return s.request(c, h, control, fc, r)
}

// withData tells whether the objects of a function carry data.
func withData(fc uint8) bool {
	return fc == fcWrite || fc >= fcSelect && fc <= fcDirectNR || fc >= fcAuth
}

// request reports what a master asks.
func (s *session) request(c *proto.Context, h header, control, fc uint8, r wire.Reader) error {
	s.learn(c, true)
	s.master(c, h)
	var chosen objectHeader
	extra, status, n := uint8(0), "", 0
	t := h.station(true)
	ok, more := true, r.Len() > 0
	for ; more && n < maxHeaders && r.Len() > 0; n++ {
		var o objectHeader
		data := withData(fc) || (fc == fcFreezeTime || fc == fcFreezeTimeN) && r.Peek()[0] == 50
		if o, more, ok = readObjects(&r, data); !ok {
			break
		}
		switch o.group {
		case 70:
			e := file(c, &o, &t)
			extra |= e.write
		case 120:
			status = s.authentic(c, &o)
		}
		if n == 0 || rank(fc, o.group) > rank(fc, chosen.group) {
			chosen = o
		}
	}
	op := s.begin(c, fc, &chosen, n, extra, fact.Request, t)
	op.Failed, op.Status = status != "", status
	f, t := op.Function, op.Target
	c.Emit()
	if fc != fcConfirm && (fc != fcAuth || s.find(h.src, h.dst, control&appSeq) == nil) {
		s.remember(h, control&appSeq, f, t)
	}
	if !ok {
		return errObjects
	}
	return nil
}

// rank orders the objects of a request by consequence: the authentication of
// a request is not what it asks for, and a write is as bad as its worst part.
func rank(fc, group uint8) int {
	if group == 120 {
		return 0
	}
	if fc != fcWrite {
		return 1
	}
	switch classOf(fc, group, 0) {
	case fact.Program:
		return 4
	case fact.Configure:
		return 3
	case fact.Write:
		return 2
	}
	return 1
}

// begin starts the operation for the chosen object; n is how many headers
// there are.
func (s *session) begin(c *proto.Context, fc uint8, o *objectHeader, n int, extra uint8, k fact.Kind, t fact.Target) *fact.Operation {
	if n == 0 {
		op := c.Op(&functions[fc], k)
		op.Target = t
		return op
	}
	op := c.Op(functionOf(c, fc, o, extra), k)
	op.Target, op.Value = o.target(t), o.value()
	return op
}

// answer reports what an outstation says: responses carry the internal
// indications in front of the objects (4.2.2.6).
func (s *session) answer(c *proto.Context, h header, control, fc uint8, r wire.Reader) error {
	s.learn(c, false)
	st := s.outstation(c, h)
	iin1, iin2 := r.U8("internal indications 1"), r.U8("internal indications 2")
	if !r.OK() {
		return errFragment
	}
	s.indications(c, st, iin1, iin2)
	failure := iinFailures[iin2&0x17]
	var chosen objectHeader
	challenge, n := false, 0
	t := h.station(false)
	ok, more := true, r.Len() > 0
	for ; more && n < maxHeaders && r.Len() > 0; n++ {
		var o objectHeader
		if o, more, ok = readObjects(&r, true); !ok {
			break
		}
		refused := ""
		switch o.group {
		case 0:
			s.attributes(c, st, &o)
		case 12, 41:
			refused = o.refusal()
		case 70:
			refused = file(c, &o, &t).status
		case 120:
			challenge = challenge || o.variation == 1
			refused = s.authentic(c, &o)
		}
		if failure == "" {
			failure = refused
		}
		if n == 0 || chosen.group == 120 || chosen.group == 51 {
			chosen = o
		}
	}
	s.reply(c, h, control, fc, &chosen, n, challenge, failure, t)
	if !ok {
		return errObjects
	}
	return nil
}

func (s *session) reply(c *proto.Context, h header, control, fc uint8, chosen *objectHeader, n int, challenge bool, failure string, t fact.Target) {
	kind := fact.Response
	if fc == fcUnsolicited {
		kind = fact.Notice
	}
	// An answer of several fragments is one answer, counted with its last; a
	// challenge asks back, and the answer to the request comes later (7.5).
	var asked pending
	final := control&appFIN != 0
	if kind == fact.Response && challenge {
		if p := s.find(h.dst, h.src, control&appSeq); p != nil {
			asked = *p
		}
	} else if kind == fact.Response {
		asked, _ = s.recall(h, control&appSeq, final)
	}
	if n == 0 && asked.function != nil {
		t = asked.target
	}
	op := s.begin(c, fc, chosen, n, 0, kind, t)
	if final && !challenge {
		op.Answers = asked.function
	}
	op.Failed, op.Status = failure != "", failure
	c.Emit()
}
