package pnrt

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// maxRelations is how many cyclic relations a session keeps apart. Two devices
// have one each way, a shared device a few more.
const maxRelations = 16

// relation is one cyclic relation: a frame id from one side.
type relation struct {
	used   bool
	dir    proto.Dir
	id     uint16
	status uint8
}

// Bits of the data status, 4.7.2.1.3.
const (
	statusPrimary = 0x01
	statusValid   = 0x04
	statusRun     = 0x10
	statusNormal  = 0x20
	statusIgnore  = 0x80
)

// statusLen is cycle counter, data status and transfer status, at the end of
// the frame.
const statusLen = 4

func (s *session) cyclic(c *proto.Context, id uint16, r *wire.Reader) {
	op := fact.Operation{}
	op.Target = fact.Target{First: uint64(id), Set: true}
	if n := r.Len() - statusLen; n > 0 && c.Wire == 0 {
		op.Value = fact.Value{Kind: fact.Bytes, Raw: r.Bytes("data", n)}
		op.Target.Count = uint32(r.U16("cycle counter"))
		s.status(c, id, r.U8("data status"))
	}
	f := c.Func(keys|uint64(id), buildFrame)
	o := c.Op(f, fact.Notice)
	o.Target, o.Value = op.Target, op.Value
	c.Emit()
}

// status says the state of the sender when it changes.
func (s *session) status(c *proto.Context, id uint16, status uint8) {
	if status&statusIgnore != 0 {
		return
	}
	const told = statusPrimary | statusValid | statusRun | statusNormal
	rel := s.relation(c.Dir, id)
	if rel.used && (rel.status^status)&told == 0 {
		return
	}
	*rel = relation{true, c.Dir, id, status}
	c.Say(fact.Sender, fact.State, stateText(status), "PROFINET data status", 85)
}

func stateText(status uint8) string {
	switch {
	case status&statusRun == 0 && status&statusNormal == 0:
		return "stop, station problem"
	case status&statusRun == 0:
		return "stop"
	case status&statusNormal == 0:
		return "run, station problem"
	case status&statusValid == 0:
		return "run, data invalid"
	case status&statusPrimary == 0:
		return "run, backup"
	}
	return "run"
}

func (s *session) relation(d proto.Dir, id uint16) *relation {
	for i := range s.relations {
		if r := &s.relations[i]; r.used && r.dir == d && r.id == id {
			return r
		}
	}
	r := &s.relations[s.next%maxRelations]
	s.next++
	*r = relation{}
	return r
}

// Types of RTA-PDU, 4.8.1.
const (
	rtaData = 1
	rtaNack = 2
	rtaAck  = 3
	rtaErr  = 4
)

// alarm reads an RTA-PDU and the alarm notification or acknowledgement in it.
func (s *session) alarm(c *proto.Context, id uint16, r *wire.Reader) error {
	r.Skip("endpoints", 4)
	kind := r.U8("PDU type") & 0x0f
	r.Skip("flags, sequence numbers", 5)
	v := r.Sub("alarm", int(r.U16("length")))
	if err := r.Err(); err != nil {
		return err
	}
	what := uint16(alarmTransport)
	var t fact.Target
	failed := false
	switch kind {
	case rtaData:
		what, t, failed = notification(&v)
		if err := v.Err(); err != nil {
			return err
		}
	case rtaNack:
		what, failed = alarmNack, true
	case rtaErr:
		what, failed = alarmError, true
	}
	op := c.Op(c.Func(keys|uint64(what)<<16|uint64(id), buildFrame), fact.Notice)
	op.Target, op.Failed = t, failed
	if failed {
		op.Status = "the alarm was refused or the relation aborted"
	}
	c.Emit()
	return nil
}

// notification reads AlarmNotification (block types 1 and 2) and AlarmAck
// (0x8001, 0x8002): slot and subslot are the target.
func notification(r *wire.Reader) (what uint16, t fact.Target, failed bool) {
	block := r.U16("block type")
	r.Skip("block length, version", 4)
	what = r.U16("alarm type")
	r.Skip("API", 4)
	t = fact.Target{Unit: uint32(r.U16("slot")), First: uint64(r.U16("subslot")), Set: true}
	if block&0x8000 != 0 {
		r.Skip("alarm specifier", 2)
		failed = r.U32("status") != 0
		return what&0x0fff | alarmAck, t, failed
	}
	return what & 0x0fff, t, false
}
