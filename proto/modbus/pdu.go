package modbus

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// request reads a request PDU (without its function code) and reports it.
func (s *session) request(c *proto.Context, transaction uint16, unit, fc uint8, pdu []byte) error {
	r := wire.NewReader(pdu)
	f := &functions[fc]
	t := fact.Target{Unit: uint32(unit), Set: true}
	var v fact.Value
	switch fc {
	case 1, 2, 3, 4:
		t.First = uint64(r.U16("starting address"))
		t.Count = uint32(r.U16("quantity"))
	case 5:
		t.First, t.Count = uint64(r.U16("output address")), 1
		v = fact.Value{Kind: fact.Bool, Bits: uint64(r.U16("output value"))}
	case 6:
		t.First, t.Count = uint64(r.U16("register address")), 1
		v = fact.Value{Kind: fact.Uint, Bits: uint64(r.U16("register value"))}
	case 8:
		f = diagnostic(r.U16("sub-function"))
	case 15, 16:
		t.First = uint64(r.U16("starting address"))
		t.Count = uint32(r.U16("quantity"))
		v = fact.Value{Kind: fact.Bytes, Raw: r.Bytes("values", int(r.U8("byte count")))}
	case 22:
		t.First, t.Count = uint64(r.U16("reference address")), 1
		v = fact.Value{Kind: fact.Bytes, Raw: r.Bytes("masks", 4)}
	case 23:
		r.Skip("read starting address and quantity", 4)
		t.First = uint64(r.U16("write starting address"))
		t.Count = uint32(r.U16("quantity to write"))
		v = fact.Value{Kind: fact.Bytes, Raw: r.Bytes("values", int(r.U8("byte count")))}
	case 24:
		t.First = uint64(r.U16("fifo pointer address"))
	case 43:
		f = encapsulated(f, r.U8("MEI type"))
	case 90:
		r.U8("session")
		f = &umas[r.U8("umas function")]
		s.umasRequest(c, f, r.Rest())
	}
	if err := r.Err(); err != nil {
		return err
	}
	s.remember(c, transaction, unit, fc, f, t)
	op := c.Op(f, fact.Request)
	op.Target, op.Value = t, v
	c.Emit()
	return nil
}

func diagnostic(sub uint16) *fact.Function {
	switch sub {
	case 1:
		return &restartComm
	case 4:
		return &listenOnly
	case 10:
		return &clearCounts
	}
	return &functions[8]
}

func encapsulated(f *fact.Function, mei uint8) *fact.Function {
	switch mei {
	case 0x0e:
		return &readDeviceID
	case 0x0d:
		return &canOpen
	}
	return f
}

// answer reads a response PDU and reports it, with the target of the request
// where that was seen.
func (s *session) answer(c *proto.Context, transaction uint16, unit, fc uint8, pdu []byte) error {
	r := wire.NewReader(pdu)
	f := &functions[fc&0x7f]
	t := fact.Target{Unit: uint32(unit), Set: true}
	asked, ok := s.recall(transaction, unit, fc, pdu)
	if ok {
		f, t = asked.function, asked.target
	}
	if fc >= 0x80 {
		code := r.U8("exception code")
		op := c.Op(f, fact.Response)
		op.Target, op.Failed, op.Status = t, true, exception(code)
		c.Emit()
		return r.Err()
	}
	var v fact.Value
	failed, status := false, ""
	switch fc {
	case 1, 2, 3, 4, 23:
		v = readValue(fc, r.Bytes("data", int(r.U8("byte count"))), t.Count)
	case 5, 6, 15, 16, 22:
		if !ok {
			t.First = uint64(r.U16("address"))
		}
	case 17:
		describe(c, unit, r.Bytes("server id and data", int(r.U8("byte count"))))
	case 43:
		f = encapsulated(f, r.U8("MEI type"))
		if f == &readDeviceID {
			// A text that is cut short does not unmake the answer.
			id := wire.NewReader(r.Rest())
			deviceID(c, unit, &id)
		}
	case 90:
		r.U8("session")
		switch r.U8("outcome") {
		case umasOK:
			s.umasAnswer(c, f, r.Rest())
		case umasError:
			failed, status = true, "refused by the controller"
		}
	case 8:
		if !ok {
			f = diagnostic(r.U16("sub-function"))
		}
	}
	if err := r.Err(); err != nil {
		return err
	}
	s.answered(c, unit)
	op := c.Op(f, fact.Response)
	op.Target, op.Value, op.Failed, op.Status = t, v, failed, status
	c.Emit()
	return nil
}

// readValue is a single register as a number, anything longer as bytes.
func readValue(fc uint8, data []byte, count uint32) fact.Value {
	switch {
	case fc >= 3 && len(data) == 2:
		return fact.Value{Kind: fact.Uint, Bits: uint64(data[0])<<8 | uint64(data[1])}
	case fc <= 2 && len(data) == 1 && count == 1:
		return fact.Value{Kind: fact.Bool, Bits: uint64(data[0] & 1)}
	}
	return fact.Value{Kind: fact.Bytes, Raw: data}
}
