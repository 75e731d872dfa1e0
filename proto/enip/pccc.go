package enip

import (
	"math"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// pcccAsked is the PCCC command that waits for its reply; a reply has neither
// the function code nor the address.
type pcccAsked struct {
	used   bool
	cmd    uint8
	fnc    uint16
	file   uint8
	tns    uint16
	f      *fact.Function
	target fact.Target
}

// pcccHeader reads the requestor id that Execute PCCC prefixes (1756-PM020,
// "PCCC commands"), then CMD, STS and TNS.
func pcccHeader(r *wire.Reader) (cmd, sts uint8, tns uint16) {
	n := int(r.U8("requestor id length"))
	r.Skip("requestor id", max(n-1, 0))
	return r.U8("CMD"), r.U8("STS"), r.U16LE("TNS")
}

func (s *session) pcccRequest(c *proto.Context, r *wire.Reader) error {
	cmd, _, tns := pcccHeader(r)
	a := pcccAsked{used: true, cmd: cmd & 0x0f, fnc: noFunction, tns: tns}
	switch a.cmd {
	case 0x06, 0x07, 0x0f:
		a.fnc = uint16(r.U8("FNC"))
	}
	if err := r.Err(); err != nil {
		return err
	}
	a.target.Set = true
	data, v := a.address(r)
	if len(v.Raw) == 0 && data != nil {
		v = pcccValue(a.file, data)
	}
	a.f = c.Func(key(kindPCCC, pcccCode(a.cmd, a.fnc, a.file)), build)
	s.cip.now.pccc = a
	op := c.Op(a.f, fact.Request)
	op.Target, op.Value = a.target, v
	if v.Kind == fact.Text && a.target.Count == 0 {
		op.Target.Name, op.Value = v.Raw, fact.Value{} // an address in letters
	}
	if a.is(0x0f, 0x80) || a.is(0x0f, 0x3a) {
		op.Value = fact.Value{Kind: fact.Uint, Bits: uint64(firstByte(data))}
	}
	c.Emit()
	s.cip.now.pccc.target.Name = nil
	return nil
}

func (a *pcccAsked) is(cmd uint8, fnc uint16) bool { return a.cmd == cmd && a.fnc == fnc }

func firstByte(b []byte) byte {
	if len(b) > 0 {
		return b[0]
	}
	return 0
}

// address reads where a command acts, and returns the data that it writes;
// text is an address in letters.
func (a *pcccAsked) address(r *wire.Reader) (data []byte, text fact.Value) {
	t := &a.target
	switch {
	case a.cmd == 0x0f && (a.fnc >= 0xa1 && a.fnc <= 0xa2 || a.fnc >= 0xa9 && a.fnc <= 0xab):
		t.Count = uint32(r.U8("byte size"))
		t.Unit = field(r)
		a.file = r.U8("file type")
		t.First = uint64(field(r))
		if a.fnc != 0xa1 && a.fnc != 0xa9 {
			field(r) // sub-element
		}
		if a.fnc >= 0xa9 {
			data = r.Rest()
		}
	case a.cmd == 0x0f && (a.fnc == 0x00 || a.fnc == 0x01 || a.fnc == 0x67 || a.fnc == 0x68):
		r.Skip("packet offset and total transaction", 4)
		return nil, systemAddress(r, t)
	case a.cmd == 0x0f && (a.fnc == 0x80 || a.fnc == 0x3a):
		data = r.Rest()
	case a.fnc == noFunction && a.cmd <= 0x08:
		t.First = uint64(r.U16LE("address"))
		if a.cmd == 0x01 {
			t.Count = uint32(r.U8("size"))
		} else {
			data = r.Rest()
		}
	}
	if !r.OK() {
		*t = fact.Target{}
		return nil, fact.Value{}
	}
	return data, fact.Value{}
}

// field reads an address field: one byte, or 0xff and two.
func field(r *wire.Reader) uint32 {
	v := uint32(r.U8("address field"))
	if v == 0xff {
		v = uint32(r.U16LE("address field"))
	}
	return v
}

// systemAddress reads a PLC-5 address, which is either letters ("$N7:0") or
// levels, each present where the mask has a bit (chapter 13).
func systemAddress(r *wire.Reader, t *fact.Target) fact.Value {
	mask := r.U8("address mask")
	if mask == 0 {
		b := r.Peek()
		if len(b) < 2 || b[0] != '$' {
			return fact.Value{}
		}
		n := 1
		for n < len(b) && b[n] != 0 {
			n++
		}
		if !wire.ASCII(b[1:n]) {
			return fact.Value{}
		}
		return fact.Value{Kind: fact.Text, Raw: b[1:n]}
	}
	for level := range 4 { // data table, file, element, sub-element
		if mask&(1<<level) == 0 {
			continue
		}
		v := field(r)
		switch level {
		case 1:
			t.Unit = v
		case 2:
			t.First = uint64(v)
		}
	}
	if !r.OK() {
		*t = fact.Target{}
	}
	return fact.Value{}
}

// pcccValue is one element of a file of numbers as itself, else bytes.
func pcccValue(file uint8, b []byte) fact.Value {
	r := wire.NewReader(b)
	switch {
	case len(b) == 0:
		return fact.Value{}
	case file == 0x89 && len(b) == 2:
		return fact.Value{Kind: fact.Int, Bits: uint64(int64(int16(r.U16LE("value"))))}
	case file == 0x91 && len(b) == 4:
		return fact.Value{Kind: fact.Int, Bits: uint64(int64(int32(r.U32LE("value"))))}
	case file == 0x8a && len(b) == 4:
		return fact.Value{Kind: fact.Float, Bits: math.Float64bits(float64(math.Float32frombits(r.U32LE("value"))))}
	}
	return fact.Value{Kind: fact.Bytes, Raw: b}
}

// pcccReply reads the answer of Execute PCCC.
func (s *session) pcccReply(c *proto.Context, x *exchange, r *wire.Reader) error {
	cmd, sts, tns := pcccHeader(r)
	if err := r.Err(); err != nil {
		return err
	}
	cmd &= 0x0f
	var a pcccAsked
	if x != nil && x.pccc.used && x.pccc.cmd == cmd && x.pccc.tns == tns {
		a = x.pccc
	} else {
		a.f = c.Func(key(kindPCCC, pcccCode(cmd, noFunction, 0)), build)
	}
	var ext uint8
	if sts == 0xf0 {
		ext = r.U8("EXT STS")
	}
	data := r.Rest()
	if sts == 0 && a.is(0x06, 0x03) {
		diagnosticStatus(c, x, data)
	}
	op := c.Op(a.f, fact.Response)
	op.Target = a.target
	if sts != 0 {
		op.Failed, op.Status = true, pcccStatus(sts, ext)
	} else if a.f.Class == fact.Read {
		op.Value = pcccValue(a.file, data)
	}
	c.Emit()
	return nil
}

// diagnosticStatus reads what SLC 500 and MicroLogix controllers answer
// (1770-6.5.16, chapter 10): an extender byte 0xee, then the name.
func diagnosticStatus(c *proto.Context, x *exchange, data []byte) {
	r := wire.NewReader(data)
	r.U8("mode and status")
	extender := r.U8("type extender")
	r.Skip("interface and processor type, series and revision", 3)
	model := trim(r.Bytes("bulletin number or name", 11))
	if !r.OK() || extender != 0xee || !wire.ASCII(model) {
		return
	}
	a := about{c: c, of: fact.Subject{Who: fact.Sender, Part: x.part}, most: 100}
	a.say(fact.Vendor, vendors[vendorRockwell], "PCCC diagnostic status", 90)
	a.say(fact.Model, proto.View(model), "PCCC diagnostic status", 95)
	a.say(fact.RoleHint, "plc", "PCCC diagnostic status", 90)
	r.Skip("major error word", 2)
	mode := r.U8("processor mode")
	if r.OK() {
		a.say(fact.State, slcMode(mode), "PCCC diagnostic status", 80)
	}
}

// slcMode are the low bits of the processor mode word, S:1.
func slcMode(b uint8) string {
	switch b & 0x1f {
	case 0x01:
		return "program"
	case 0x03:
		return "suspended"
	case 0x06, 0x1e:
		return "run"
	case 0x07, 0x08, 0x09:
		return "test"
	case 0x11:
		return "program"
	}
	return ""
}
