package main

// dissector is the first version of a new protocol. Its suite fails until the
// description is filled in.
const dissector = `// Package NAME reads ... (specification, edition, clause).
package NAME

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:      "NAME",
	Title:     "",
	About:     "",
	Spec:      "",
	Depth:     proto.Recognised | proto.Operations,
	On:        []proto.On{{Carrier: proto.TCP, Numbers: []uint32{}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: func() []fact.Function { return functions[:] },
}

var functions = [...]fact.Function{
	{Protocol: "NAME", Code: "1", Name: "", Class: fact.Other},
}

func recognise(b []byte, h proto.Hint) proto.Verdict { return proto.No }

type session struct{}

func (s *session) Reset()        { *s = session{} }
func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	n := int(r.U16("length"))
	r.Bytes("body", n)
	if r.Short() {
		return 0, wire.ErrShort
	}
	c.Op(&functions[0], fact.Request)
	c.Emit()
	return r.Pos(), nil
}
`

const test = `package NAME

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name:     "request",
		Messages: "> 0001 00",
		Want:     "> request NAME 1 \"\" other",
	},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
`
