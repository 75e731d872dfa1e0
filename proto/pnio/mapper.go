package pnio

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
)

// maxEntries bounds what one answer of the endpoint mapper may list.
const maxEntries = 32

// lookup reads the answer to ept_lookup (C706, appendix O): handle, number of
// entries, and for each object, tower and annotation.
func (s *session) lookup(c *proto.Context, p *dcerpc.CL) {
	r := dcerpc.NewReader(p.Body, p.Little)
	r.Skip("entry handle", 20)
	n := r.Word("number of entries")
	r.Skip("maximum count, offset, actual count", 12)
	for range min(n, maxEntries) {
		object := r.UUID("object")
		r.Skip("tower, annotation offset", 8)
		text := r.Bytes("annotation", int(min(r.Word("annotation length"), 256)))
		r.Align(4)
		if !r.OK() {
			return
		}
		if string(object[:8]) == string(objectPrefix[:8]) {
			s.stands(c, object, fact.Sender, c.Dir)
			s.annotation(c, text)
		}
	}
}

// annotation reads the fixed columns of 5.2.4.2: type (25), order number (20),
// hardware (5), letter and three numbers of the firmware, with blanks between.
func (s *session) annotation(c *proto.Context, text []byte) {
	const source = "PROFINET endpoint mapper"
	of := fact.Subject{Who: fact.Sender}
	s.text(c, of, fact.Description, text, source, 80)
	r := wire.NewReader(text)
	kind := r.Bytes("device type", 25)
	r.Skip("blank", 1)
	order := r.Bytes("order id", 20)
	r.Skip("blank", 1)
	hardware := r.Bytes("hardware revision", 5)
	r.Skip("blank", 1)
	letter := r.U8("software revision prefix")
	version := r.Bytes("software revision", 9)
	if !r.OK() || letter < 'A' || letter > 'Z' {
		return
	}
	s.text(c, of, fact.Model, kind, source, 85)
	s.text(c, of, fact.OrderNumber, order, source, 95)
	s.text(c, of, fact.Hardware, hardware, source, 85)
	out := append(s.b[:0], letter)
	for v := range bytes.FieldsSeq(version) {
		if len(out) > 1 {
			out = append(out, '.')
		}
		out = append(out, v...)
	}
	if wire.ASCII(out) {
		c.Say(fact.Sender, fact.FirmwareVer, proto.View(out), source, 95)
	}
}
