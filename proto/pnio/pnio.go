// Package pnio reads the context manager of PROFINET IO, IEC 61158-6-10:2019:
// the remote procedure calls (DCE/RPC, connectionless) with which a controller
// connects a device, gives it parameters, reads its records and releases it,
// and the endpoint mapper by which devices are listed.
package pnio

import (
	"bytes"
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
)

const (
	name    = "pn_io"
	nameEPM = "epm"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "PROFINET IO context manager",
	About: "A controller connects its devices, loads their parameters and reads identification and diagnosis by calls over UDP. " +
		"Without PROFINET security there is no authentication: who can send a packet may take over a device, change its parameters or read what it is.",
	Spec:  "IEC 61158-6-10:2019 (PROFINET V2.4); C706 DCE/RPC 1.1",
	Limit: "Calls in several fragments are counted once and read from their first fragment. Parameter records of makers are not read.",
	Depth: proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:    []proto.On{{Carrier: proto.UDP, Numbers: []uint32{34964}}},

	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
	Functions: knownFunctions,
}

// The interfaces. Those of PROFINET differ in their first part.
var (
	device     = dcerpc.MustUUID("dea00001-6c97-11d1-8271-00a02442df7d")
	controller = dcerpc.MustUUID("dea00002-6c97-11d1-8271-00a02442df7d")
	supervisor = dcerpc.MustUUID("dea00003-6c97-11d1-8271-00a02442df7d")
	parameter  = dcerpc.MustUUID("dea00004-6c97-11d1-8271-00a02442df7d")
	ciObject   = dcerpc.MustUUID("dea00005-6c97-11d1-8271-00a02442df7d")
	mapper     = dcerpc.MustUUID("e1af8308-5d1f-11c9-91a4-08002b14a0fa")
)

var errInterface = errors.New("not an interface of PROFINET")

// interfaceOf is the interface of a call, also for devices that write UUIDs
// big-endian whatever they say.
func interfaceOf(p *dcerpc.CL) (dcerpc.UUID, bool) {
	for _, u := range [2]dcerpc.UUID{p.Interface, p.Interface.Swapped()} {
		switch u {
		case device, controller, supervisor, parameter, ciObject, mapper:
			return u, true
		}
	}
	return p.Interface, false
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	p, _, err := dcerpc.ParseCL(b)
	if err != nil {
		return proto.No
	}
	u, ok := interfaceOf(&p)
	switch {
	case ok && u != mapper:
		return proto.Yes
	case u == mapper && bytes.Contains(p.Body, device[8:]):
		return proto.Yes // lists or asks for the interfaces of PROFINET
	case h.OnPort:
		return proto.Likely
	}
	return proto.No
}

// call is a request that waits for its answer.
type call struct {
	used     bool
	dir      proto.Dir
	activity dcerpc.UUID
	sequence uint32
	function *fact.Function
	target   fact.Target
}

// window is how many calls are remembered: a controller has one open for each
// application relation.
const window = 8

type session struct {
	known  bool // who asks was told
	calls  [window]call
	next   int
	object [2]dcerpc.UUID // last object that each side stood for
	parts  [maxParts]part
	nparts int
	b      [256]byte
}

func (s *session) Reset()        { *s = session{} }
func (s *session) Gap(proto.Dir) { s.calls = [window]call{} }

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	p, n, err := dcerpc.ParseCL(b)
	if err != nil {
		return 0, err
	}
	u, ok := interfaceOf(&p)
	if !ok && p.Type <= dcerpc.Fault && p.Type != dcerpc.Ping {
		return n, errInterface
	}
	if p.Fragment > 0 {
		return n, nil // counted with its first fragment
	}
	switch p.Type {
	case dcerpc.Request:
		err = s.request(c, &p, u)
	case dcerpc.Response:
		err = s.response(c, &p, u)
	case dcerpc.Fault, dcerpc.Reject:
		s.refused(c, &p, u)
	default:
		c.Op(&housekeeping[p.Type], fact.Notice)
		c.Emit()
	}
	return n, err
}

func (s *session) learn(c *proto.Context, request bool) {
	if s.known {
		return
	}
	s.known = true
	if request {
		c.SenderIsClient()
	} else {
		c.SenderIsServer()
	}
}

func (s *session) request(c *proto.Context, p *dcerpc.CL, u dcerpc.UUID) error {
	var e exchange
	e.function = opFunction(c, u, p.Op, 0)
	if u != mapper {
		r := dcerpc.NewReader(p.Body, p.Little)
		r.Skip("args maximum", 4)
		blocks, err := arguments(&r, p.Whole())
		if err != nil {
			return err
		}
		if err := s.blocks(c, &blocks, &e, u, p.Op); err != nil && p.Whole() {
			return err
		}
	}
	s.learn(c, true)
	if u != mapper {
		s.stands(c, p.Object, fact.Receiver, c.Dir.Other())
	}
	s.calls[s.next%window] = call{true, c.Dir, p.Activity, p.Sequence, e.function, e.target}
	s.next++
	op := c.Op(e.function, fact.Request)
	op.Target = e.target
	c.Emit()
	return nil
}

// arguments reads the NDR array that every call of PROFINET has: length, and
// maximum, offset and length again. A fragment holds less than it says.
func arguments(r *dcerpc.Reader, whole bool) (blocks wire.Reader, err error) {
	n := int(r.Word("args length"))
	r.Skip("maximum count, offset", 8)
	if actual := int(r.Word("actual count")); actual < n {
		n = actual
	}
	if !whole {
		n = min(n, r.Len())
	}
	blocks = r.Sub("args", n)
	return blocks, r.Err()
}

func (s *session) recall(c *proto.Context, p *dcerpc.CL) (call, bool) {
	for i := range s.calls {
		k := &s.calls[i]
		if k.used && k.sequence == p.Sequence && k.dir != c.Dir && k.activity == p.Activity {
			k.used = false
			return *k, true
		}
	}
	return call{}, false
}

func (s *session) response(c *proto.Context, p *dcerpc.CL, u dcerpc.UUID) error {
	asked, ok := s.recall(c, p)
	var e exchange
	e.function = opFunction(c, u, p.Op, 0)
	if u == mapper {
		if p.Op == epmLookup {
			s.lookup(c, p)
		}
	} else {
		r := dcerpc.NewReader(p.Body, p.Little)
		e.status = r.Word("status")
		blocks, err := arguments(&r, p.Whole())
		if err != nil {
			return err
		}
		if err := s.blocks(c, &blocks, &e, u, p.Op); err != nil && p.Whole() {
			return err
		}
		s.stands(c, p.Object, fact.Sender, c.Dir)
	}
	if ok && asked.function.Code == e.function.Code {
		e.function, e.target = asked.function, asked.target
	}
	s.learn(c, false)
	op := c.Op(e.function, fact.Response)
	op.Target = e.target
	if e.status != 0 {
		op.Failed, op.Status = true, statusText(e.status)
	}
	c.Emit()
	return nil
}

func (s *session) refused(c *proto.Context, p *dcerpc.CL, u dcerpc.UUID) {
	asked, ok := s.recall(c, p)
	f, t := opFunction(c, u, p.Op, 0), fact.Target{}
	if ok {
		f, t = asked.function, asked.target
	}
	r := dcerpc.NewReader(p.Body, p.Little)
	s.learn(c, false)
	op := c.Op(f, fact.Response)
	op.Target, op.Failed, op.Status = t, true, rpcError(r.Word("status"))
	c.Emit()
}
