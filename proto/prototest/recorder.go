package prototest

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// Recorder is a Sink that writes one line per fact.
type Recorder struct{ Lines []string }

func arrow(c *proto.Context) string {
	if c.Dir == 0 {
		return ">"
	}
	return "<"
}

// Operation records an operation.
func (r *Recorder) Operation(c *proto.Context, op *fact.Operation) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %s %q %s", arrow(c), op.Kind, op.Protocol, op.Code, op.Name, op.Class)
	if op.Object != "" {
		fmt.Fprintf(&b, " [%s]", op.Object)
	}
	b.WriteString(targetText(op.Target))
	b.WriteString(valueText(op.Value))
	if op.Count > 1 {
		fmt.Fprintf(&b, " x%d", op.Count)
	}
	if op.Answers != nil {
		fmt.Fprintf(&b, " answers %s", op.Answers.Code)
	}
	if op.Failed {
		fmt.Fprintf(&b, " failed %q", op.Status)
	}
	r.Lines = append(r.Lines, b.String())
}

func targetText(t fact.Target) string {
	if !t.Set {
		return ""
	}
	s := fmt.Sprintf(" unit=%d first=%d", t.Unit, t.First)
	if t.Count > 0 {
		s += fmt.Sprintf(" count=%d", t.Count)
	}
	if len(t.Name) > 0 {
		s += fmt.Sprintf(" name=%q", t.Name)
	}
	return s
}

func valueText(v fact.Value) string {
	switch v.Kind {
	case fact.Bool:
		return fmt.Sprintf(" = %t", v.Bits != 0)
	case fact.Int:
		return fmt.Sprintf(" = %d", int64(v.Bits))
	case fact.Uint:
		return fmt.Sprintf(" = %d", v.Bits)
	case fact.Float:
		return fmt.Sprintf(" = %g", math.Float64frombits(v.Bits))
	case fact.Text:
		if utf8.Valid(v.Raw) {
			return fmt.Sprintf(" = %q", v.Raw)
		}
		return fmt.Sprintf(" = %x", v.Raw)
	case fact.Bytes:
		return fmt.Sprintf(" = %x", v.Raw)
	default:
		return ""
	}
}

// Identity records an identity fact.
func (r *Recorder) Identity(c *proto.Context, id *fact.Identity) {
	who := [...]string{"sender", "receiver", "conversation", "elsewhere"}[id.Of.Who]
	if id.Of.Who == fact.Elsewhere {
		if !id.Of.MAC.IsZero() {
			who = id.Of.MAC.String()
		}
		if id.Of.IP.IsValid() {
			who = strings.TrimPrefix(who+" "+id.Of.IP.String(), "elsewhere ")
		}
	}
	if id.Of.Part != "" {
		who += "/" + id.Of.Part
	}
	r.Lines = append(r.Lines, fmt.Sprintf("%s %s: %s = %q (%s, %d)", arrow(c), who, id.Attr, id.Value, id.Source, id.Confidence))
}

// Client records which side is the client.
func (r *Recorder) Client(c *proto.Context, sender bool) {
	if sender {
		r.Lines = append(r.Lines, arrow(c)+" client")
	} else {
		r.Lines = append(r.Lines, arrow(c)+" server")
	}
}

// Expect records an announced flow.
func (r *Recorder) Expect(c *proto.Context, e proto.Expect) {
	r.Lines = append(r.Lines, fmt.Sprintf("%s expect %s %s %s:%d %s:%d", arrow(c), e.Name, e.Carrier, e.A, e.PortA, e.B, e.PortB))
}

// discard is a Sink that keeps nothing, for measuring.
type discard struct{}

func (discard) Operation(*proto.Context, *fact.Operation) {}
func (discard) Identity(*proto.Context, *fact.Identity)   {}
func (discard) Client(*proto.Context, bool)               {}
func (discard) Expect(*proto.Context, proto.Expect)       {}
