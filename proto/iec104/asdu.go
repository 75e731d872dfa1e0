package iec104

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// layout is the sizes of the fields that IEC 60870-5-101 lets a system choose.
type layout struct{ cause, address, object int }

// standard is the only layout of 104 (clause 7.1).
var standard = layout{2, 2, 3}

// others are the layouts of 101 that gateways from serial lines are known to
// leave as they are. All give different lengths for the same objects.
var others = [...]layout{{1, 1, 2}, {1, 2, 2}, {2, 2, 2}}

// fits tells whether an ASDU of n bytes is as long as its type and number of
// objects say. Types of variable size need their fixed part at least.
func (l layout) fits(id, vsq uint8, n int) bool {
	header := 2 + l.cause + l.address
	size, count := types[id].size, int(vsq&0x7f)
	switch {
	case size < 0:
		return n >= header+l.object
	case count == 0:
		return n == header
	case vsq&0x80 != 0:
		return n == header+l.object+count*size
	}
	return n == header+count*(l.object+size)
}

// sureAfter is how many ASDUs in a row must fit another layout, and none the
// standard one, before it is believed.
const sureAfter = 3

// choose finds the layout of an ASDU.
func (s *session) choose(id, vsq uint8, n int) (layout, bool) {
	if standard.fits(id, vsq, n) {
		if s.guesses < sureAfter {
			s.normal = s.normal || types[id].size >= 0
		}
		return standard, true
	}
	if s.guesses >= sureAfter {
		return s.layout, s.layout.fits(id, vsq, n)
	}
	if s.normal || types[id].size < 0 {
		return standard, false
	}
	for _, l := range others {
		if !l.fits(id, vsq, n) {
			continue
		}
		if s.layout != l {
			s.layout, s.guesses = l, 0
		}
		s.guesses++
		return l, s.guesses >= sureAfter
	}
	s.guesses = 0
	return standard, false
}

// Causes of transmission (101, 7.2.3).
const (
	causeActivation   = 6
	causeActCon       = 7
	causeDeactivation = 8
	causeDeactCon     = 9
	causeActTerm      = 10
	causeRequest      = 5
	causeFile         = 13
)

// causes are those that the standards define: 1 to 13, the security ones of
// IEC 62351-5, interrogated 20 to 41, unknown 44 to 47.
var causes = func() (t [64]bool) {
	for i := range t {
		t[i] = i >= 1 && i <= 16 || i >= 20 && i <= 41 || i >= 44 && i <= 47
	}
	return t
}()

// refusals are the causes by which a station says that it cannot.
var refusals = [64]string{
	44: "unknown type identification", 45: "unknown cause of transmission",
	46: "unknown common address of ASDU", 47: "unknown information object address",
}

const (
	causeNegative = 0x40 // P/N
	causeTest     = 0x80 // T
)

// unit is an ASDU read up to its objects.
type unit struct {
	id, vsq, cause uint8
	address        uint32
	first          uint32 // information object address
	hasFirst       bool
	contiguous     bool
	elements       wire.Reader // of the first object
}

func number(r *wire.Reader, field string, size int) uint32 {
	switch size {
	case 1:
		return uint32(r.U8(field))
	case 2:
		return uint32(r.U16LE(field))
	}
	return r.U24LE(field)
}

// asdu reads and reports an application service data unit. One whose header
// is readable is reported even when its objects are not.
func (s *session) asdu(c *proto.Context, b []byte) error {
	r := wire.NewReader(b)
	var u unit
	u.id, u.vsq = r.U8("type identification"), r.U8("variable structure qualifier")
	l, ok := s.choose(u.id, u.vsq, len(b))
	u.cause = r.U8("cause of transmission")
	r.Skip("originator address", l.cause-1)
	u.address = number(&r, "common address of ASDU", l.address)
	if !r.OK() || l != standard && !ok {
		return errASDU
	}
	objects := r
	if u.first = number(&r, "information object address", l.object); r.OK() {
		u.hasFirst, u.elements = true, r
		u.contiguous = u.run(objects, l)
	}
	s.report(c, &u)
	if !ok {
		return errASDU
	}
	return nil
}

// run tells whether the objects have addresses in a row.
func (u *unit) run(r wire.Reader, l layout) bool {
	n, size := uint32(u.vsq&0x7f), types[u.id].size
	if u.vsq&0x80 != 0 || n <= 1 {
		return true
	}
	if size < 0 {
		return false
	}
	for i := range n {
		if number(&r, "information object address", l.object) != u.first+i || !r.OK() {
			return false
		}
		r.Skip("information elements", size)
	}
	return true
}

// role tells what part an ASDU plays, from its kind and cause.
func (s *session) role(c *proto.Context, u *unit, t *typeInfo) fact.Kind {
	cause := u.cause & 0x3f
	switch t.kind {
	case monitor:
		if cause == causeRequest {
			return fact.Response
		}
		return fact.Notice
	case file, security:
		if s.known && c.Dir != s.client {
			return fact.Response
		}
		return fact.Request
	}
	switch cause {
	case causeActivation, causeDeactivation, causeRequest:
		return fact.Request
	case causeActCon, causeDeactCon, causeActTerm, 44, 45, 46, 47:
		return fact.Response
	}
	// Parameters are also reported on interrogation; private types go either way.
	if s.known && c.Dir != s.client || cause >= 20 && cause <= 41 || cause <= 3 {
		return fact.Notice
	}
	return fact.Request
}

func (s *session) report(c *proto.Context, u *unit) {
	t := &types[u.id]
	kind := s.role(c, u, t)
	s.direction(c, u, t, kind)
	f := u.function(t, s.known && c.Dir == s.client)
	s.identify(c, u, t)
	op := c.Op(f, kind)
	op.Target = fact.Target{Unit: u.address, First: uint64(u.first), Set: true}
	if u.hasFirst && u.contiguous {
		op.Target.Count = uint32(u.vsq & 0x7f)
	}
	quality := uint8(0)
	if u.hasFirst && u.vsq&0x7f > 0 {
		op.Value, quality = t.element.read(u.elements)
		if t.kind != monitor {
			quality = 0 // a qualifier of command stands where the quality would
		}
	}
	if t.kind == monitor && kind == fact.Response {
		op.Answers = types[102].function // a read command asks for one object (101, 7.3.4.3)
	}
	op.Failed, op.Status = u.outcome(kind, quality)
	c.Emit()
}

// function tells the variants of a type apart.
func (u *unit) function(t *typeInfo, fromClient bool) *fact.Function {
	cause := u.cause & 0x3f
	e := u.elements
	switch t.kind {
	case command:
		if cause == causeDeactivation || cause == causeDeactCon {
			return t.cancel
		}
		if t.element.selected(e) {
			return t.selects
		}
	case file:
		if fromClient && t.download != nil {
			return t.download
		}
	case plain:
		if u.id == 101 {
			return &counters[e.U8("qualifier")>>6]
		}
	}
	return t.function
}

// outcome is what cause and quality say of success.
func (u *unit) outcome(kind fact.Kind, quality uint8) (bool, string) {
	if s := refusals[u.cause&0x3f]; s != "" {
		return true, s
	}
	switch {
	case u.cause&causeNegative != 0 && kind == fact.Response:
		return true, "negative confirmation"
	case u.cause&causeTest != 0:
		return false, "test"
	}
	return false, qualities[quality]
}

// direction learns the sides from an ASDU that only one of them sends.
func (s *session) direction(c *proto.Context, u *unit, t *typeInfo, kind fact.Kind) {
	if s.known {
		return
	}
	switch {
	case t.kind == monitor:
		s.learn(c, false)
	case t.known && t.kind != file && t.kind != security && kind == fact.Request:
		s.learn(c, true)
	case t.known && t.kind != file && t.kind != security && kind == fact.Response:
		s.learn(c, false)
	}
}
