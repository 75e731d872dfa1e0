package s7comm

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// job reads a request (ROSCTR 1) and reports it.
func (s *session) job(c *proto.Context, m *message) error {
	r := wire.NewReader(m.param)
	code := r.U8("function")
	if !r.OK() {
		return r.Err()
	}
	p := pending{function: &jobs[code]}
	var v fact.Value
	switch code {
	case readVar, writeVar:
		if err := s.items.read(&r); err != nil {
			return err
		}
		table := reads
		if code == writeVar {
			table = writes
			v = s.items.written(m.data)
		}
		p.function = access(table, s.items.object())
		p.target, p.size = s.items.target(), s.items.size()
	case requestDownload, downloadBlock, downloadEnded, startUpload, upload, endUpload:
		p.target = s.transferAsked(c, code, m.reference, &r)
	case piService:
		p.function, p.target = s.invocation(&r)
	case plcStop:
		p.target = stopped(&r)
	}
	if err := r.Err(); err != nil {
		return err
	}
	// Only the controller asks for the next piece of a download.
	s.settle(c, code != downloadBlock && code != downloadEnded)
	p.block = s.block
	s.remember(c.Dir, m.reference, p)
	op := c.Op(p.function, fact.Request)
	op.Target, op.Value = p.target, v
	c.Emit()
	return nil
}

// answer reads an acknowledgement with or without data (ROSCTR 3 and 2).
func (s *session) answer(c *proto.Context, m *message) error {
	p, asked := s.recall(c.Dir.Other(), m.reference)
	r := wire.NewReader(m.param)
	code, coded := uint8(0), r.Len() > 0
	if coded {
		code = r.U8("function")
		if !asked || p.function.Code != jobs[code].Code {
			p, asked = pending{function: &jobs[code]}, false
		}
	} else if !asked {
		p.function = &ackOnly
	}
	if asked || coded {
		s.settle(c, code == downloadBlock || code == downloadEnded)
	}
	t := s.again(p)
	op := c.Op(p.function, fact.Response)
	op.Target = t
	op.Failed, op.Status = m.status != 0, ""
	if op.Failed {
		op.Status = statusText(m.status)
	}
	switch code {
	case readVar:
		op.Value = readAnswer(op, &r, m.data, p.size)
	case writeVar:
		writeAnswer(op, m.data)
	}
	if err := r.Err(); err != nil {
		return err
	}
	c.Emit()
	switch {
	case m.status != 0:
	case code == setup:
		s.agreed(c, &r)
	case code >= requestDownload && code <= endUpload:
		s.transferAnswered(c, code, &r, m, p)
	}
	return nil
}

// again is the target of a job for its answer.
func (s *session) again(p pending) fact.Target {
	t := p.target
	if p.block != (block{}) {
		s.block = p.block
		t.Name = s.blockTarget(p.block).Name
	}
	return t
}

// agreed says what setup communication agreed upon.
func (s *session) agreed(c *proto.Context, r *wire.Reader) {
	r.U8("reserved")
	calling, called := r.U16("parallel jobs, calling"), r.U16("parallel jobs, called")
	size := r.U16("PDU length")
	if !r.OK() {
		return
	}
	b := strconv.AppendUint(append(s.text[:0], "S7 PDU of "...), uint64(size), 10)
	b = strconv.AppendUint(append(b, " bytes, parallel jobs "...), uint64(calling), 10)
	b = strconv.AppendUint(append(b, " and "...), uint64(called), 10)
	c.SayBytes(fact.Conversation, fact.SessionNote, b, "S7 setup communication", 100)
}
