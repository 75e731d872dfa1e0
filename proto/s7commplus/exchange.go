package s7commplus

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Classes and objects that have a meaning of their own.
const (
	classSession      = 287
	classSubscription = 1001
	execUnit          = 52   // the object that runs the program
	stateRequest      = 2167 // its attribute: the operating state requested
	legitimate        = 1846 // attribute of a session: answer to the password challenge
	dynamic           = 0x70000000
	dynamicEnd        = 0x80000000
)

// Operating states that can be requested.
const (
	stateStop = 1
	stateRun  = 3
)

func (s *session) request(c *proto.Context, m *message, r *wire.Reader) {
	p := pending{}
	u := general
	switch m.code {
	case createObject:
		u = s.create(c, r)
	case deleteObject:
		id := r.U32("object id")
		u = objectUse(id, m.session)
		p.target = objectTarget(id)
	case setVariable:
		u, p.target = s.setOne(r, m.session)
	case setMultiVariables:
		u, p.target = s.several(r, m.session, true)
	case getMultiVariables:
		u, p.target = s.several(r, m.session, false)
	case explore, getVarSubStreamed, setVarSubStreamed, invoke, getVariable, getLink:
		id := r.U32("object id")
		if id == m.session && id != 0 {
			u = onSession
		}
		p.target = objectTarget(id)
	}
	p.function, p.login = find(c, m.code, u), u == onPassword
	if p.login {
		c.Say(fact.Conversation, fact.SessionAuth, "password", "S7comm-plus legitimation", 100)
	}
	s.remember(c.Dir, m.sequence, p)
	s.agreed(c, p.function)
	op := c.Op(p.function, fact.Request)
	op.Target = p.target
	c.Emit()
}

func (s *session) response(c *proto.Context, m *message, r *wire.Reader) {
	p, ok := s.recall(c.Dir.Other(), m.sequence)
	f := find(c, m.code, general)
	if ok && p.function.Code == f.Code {
		f = p.function
	} else {
		p = pending{}
	}
	if ok {
		s.agreed(c, f)
	}
	// The lower 16 bits are an error when they are negative.
	result := vlq64(r)
	failed := r.OK() && int16(result) < 0
	if m.code == createObject && !failed {
		for n := r.U8("number of object ids"); n > 0 && r.OK(); n-- {
			vlq32(r)
		}
		s.created(c, r)
	}
	if p.login {
		s.loggedIn(c, failed)
	}
	op := c.Op(f, fact.Response)
	op.Target = p.target
	if failed {
		op.Failed, op.Status = true, "refused by the controller"
	}
	c.Emit()
}

// agreed says how the session is protected. Its set-up is always in version 1
// and 2, whatever follows.
func (s *session) agreed(c *proto.Context, f *fact.Function) {
	if f.Object != "session" && f.Class != fact.Login {
		s.secure(c, s.version)
	}
}

func (s *session) loggedIn(c *proto.Context, failed bool) {
	v := "accepted"
	if failed {
		v = "refused"
	}
	c.Say(fact.Conversation, fact.SessionLogin, v, "S7comm-plus legitimation", 90)
}

// walker begins to walk over at most n values.
func (s *session) walker(r *wire.Reader, n int) *walker {
	s.walk = walker{r: r, texts: s.texts[:0], left: n}
	return &s.walk
}

func objectTarget(id uint32) fact.Target {
	t := fact.Target{First: uint64(id), Set: id != 0}
	if id>>16 == areaDB {
		t.Unit = id & 0xffff
	}
	return t
}

// objectUse tells what an object is by its id: the session of the message,
// one made at run time (a subscription), or a part of the program.
func objectUse(id, own uint32) use {
	switch {
	case id == own && id != 0:
		return onSession
	case id >= dynamic && id < dynamicEnd:
		return subscription
	}
	return general
}

// setOne reads a request to set one attribute of an object.
func (s *session) setOne(r *wire.Reader, own uint32) (use, fact.Target) {
	id := r.U32("object id")
	n := vlq32(r)
	attr := vlq32(r)
	if !r.OK() {
		return general, fact.Target{}
	}
	t := objectTarget(id)
	w := s.walker(r, 1)
	if n == 1 {
		w.value(0, 0)
	}
	return meaning(id, own, attr, w), t
}

// meaning tells what setting an attribute of an object does.
func meaning(id, own, attr uint32, w *walker) use {
	switch {
	case id == execUnit && attr == stateRequest && w.isNum && w.num == stateRun:
		return onStart
	case id == execUnit && attr == stateRequest:
		return onStop
	case attr == legitimate:
		return onPassword
	}
	return objectUse(id, own)
}

// Memory areas: the upper half of a data block's id, or the whole of others.
const (
	areaDB       = 0x8a0e
	areaInputs   = 80
	areaOutputs  = 81
	areaFlags    = 82
	areaCounters = 83
	areaTimers   = 84
)

// several reads the addresses of set and get multi variables. With an object
// they are its attributes, else variables; the first stands for all.
func (s *session) several(r *wire.Reader, own uint32, set bool) (use, fact.Target) {
	id := r.U32("object id")
	n := vlq32(r)
	vlq32(r)
	if !r.OK() || n == 0 {
		return general, fact.Target{}
	}
	if id != 0 {
		return s.attributes(r, id, own, n, set)
	}
	vlq32(r) // CRC of the symbol
	area := vlq32(r)
	ids := vlq32(r)
	lid := uint32(0)
	for range min(ids, 32) {
		lid = vlq32(r)
	}
	if !r.OK() {
		return general, fact.Target{}
	}
	t := fact.Target{First: uint64(lid), Set: true}
	if n > 1 {
		t.Count = n
	}
	u := areaUse(area)
	if u == onDB {
		t.Unit = area & 0xffff
	} else if u == general {
		t.Unit = area
		u = objectUse(area, own)
	}
	return u, t
}

// attributes looks through the ids of an object's attributes.
func (s *session) attributes(r *wire.Reader, id, own, n uint32, set bool) (use, fact.Target) {
	u := objectUse(id, own)
	for range min(n, 32) {
		attr := vlq32(r)
		if set && (attr == legitimate || id == execUnit && attr == stateRequest) {
			w := s.walker(r, 1)
			if n == 1 {
				vlq32(r) // number of the item
				w.value(0, 0)
			}
			u = meaning(id, own, attr, w)
			break
		}
	}
	return u, objectTarget(id)
}

func areaUse(area uint32) use {
	switch area {
	case areaInputs:
		return onInputs
	case areaOutputs:
		return onOutputs
	case areaFlags:
		return onFlags
	case areaCounters:
		return onCounters
	case areaTimers:
		return onTimers
	}
	if area>>16 == areaDB {
		return onDB
	}
	return general
}
