// Package wsdiscovery reads WS-Discovery (OASIS Web Services Dynamic Discovery
// 1.1, and the draft of 2005 that most devices speak) with the scopes of ONVIF.
package wsdiscovery

import (
	"bytes"
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "wsdiscovery"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Web Services Dynamic Discovery",
	About: "Cameras (ONVIF), printers and Windows computers announce themselves and answer searches. " +
		"It gives type, model, name and web address of devices that speak nothing else.",
	Spec:      "OASIS WS-Discovery 1.1; ONVIF Core Specification 22.06, chapter 7",
	Limit:     "The XML is searched, not validated. A managed proxy over HTTP is seen as HTTP.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity,
	On:        []proto.On{{Carrier: proto.UDP, Numbers: []uint32{3702}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// actions are the messages, by the last part of the Action header (4.1 to 6.3).
var actions = [6]struct {
	f    fact.Function
	kind fact.Kind
	asks int // index of the request that it answers
}{
	{fact.Function{Protocol: name, Code: "Hello", Name: "hello", Class: fact.Discover}, fact.Notice, -1},
	{fact.Function{Protocol: name, Code: "Bye", Name: "bye", Class: fact.Discover}, fact.Notice, -1},
	{fact.Function{Protocol: name, Code: "Probe", Name: "probe", Class: fact.Discover}, fact.Request, -1},
	{fact.Function{Protocol: name, Code: "ProbeMatches", Name: "probe matches", Class: fact.Discover, Reply: true}, fact.Response, 2},
	{fact.Function{Protocol: name, Code: "Resolve", Name: "resolve", Class: fact.Discover}, fact.Request, -1},
	{fact.Function{Protocol: name, Code: "ResolveMatches", Name: "resolve matches", Class: fact.Discover, Reply: true}, fact.Response, 4},
}

const (
	hello          = 0
	probeMatches   = 3
	resolveMatches = 5
)

func allFunctions() []fact.Function {
	var fs []fact.Function
	for _, a := range actions {
		fs = append(fs, a.f)
	}
	return fs
}

var errAction = errors.New("no action of WS-Discovery")

var namespace = []byte("/discovery/")

// action finds the message's action, or -1.
func action(b []byte) int {
	uri := element(b, "Action")
	i := bytes.LastIndexByte(uri, '/')
	if i < 0 || !bytes.Contains(uri, []byte("discovery")) {
		return -1
	}
	for k := range actions {
		if proto.View(uri[i+1:]) == actions[k].f.Code {
			return k
		}
	}
	return -1
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if len(b) < 100 || !bytes.Contains(b, namespace) || action(b) < 0 {
		return proto.No
	}
	return proto.Yes
}

type session struct {
	known bool // the client is known
	seen  recent.Set
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	k := action(b)
	if k < 0 {
		return 0, errAction
	}
	a := &actions[k]
	if !s.known {
		s.known = true
		if a.kind == fact.Response {
			c.SenderIsServer()
		} else {
			c.SenderIsClient()
		}
	}
	types := element(b, "Types")
	if k == hello || k == probeMatches || k == resolveMatches {
		s.identify(c, b, types)
	}
	op := c.Op(&a.f, a.kind)
	if a.asks >= 0 {
		op.Answers = &actions[a.asks].f
	}
	if printable(types) {
		op.Target = fact.Target{Name: types, Set: true}
	}
	c.Emit()
	return len(b), nil
}
