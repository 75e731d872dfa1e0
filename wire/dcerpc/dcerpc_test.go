package dcerpc_test

import (
	"errors"
	"testing"

	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
)

var epm = dcerpc.MustUUID("e1af8308-5d1f-11c9-91a4-08002b14a0fa")

var ndr = dcerpc.MustUUID("8a885d04-1ceb-11c9-9fe8-08002b104860")

func cl(little bool, ptype byte, body string) []byte {
	var w wire.Builder
	drep, iface := byte(0), epm
	if little {
		drep, iface = 0x10, epm.Swapped()
	}
	w.U8(4, ptype, 0x28, 0, drep, 0, 0, 1).Zero(16).Bytes(iface[:]).Zero(16)
	if little {
		w.U32LE(1).U32LE(3).U32LE(7).U16LE(2).U16(0xffff).U16(0xffff).U16LE(uint16(len(body))).U16LE(0)
	} else {
		w.U32(1).U32(3).U32(7).U16(2).U16(0xffff).U16(0xffff).U16(uint16(len(body))).U16(0)
	}
	return w.U8(0, 2).Text(body).B
}

func TestConnectionless(t *testing.T) {
	for _, little := range []bool{false, true} {
		b := cl(little, 2, "abc")
		p, n, err := dcerpc.ParseCL(append(b, 0, 0))
		if err != nil || n != len(b) {
			t.Fatalf("little %t: n %d, error %v", little, n, err)
		}
		if p.Interface != epm || p.Op != 2 || p.Version != 3 || p.Sequence != 7 || p.Serial != 0x102 || string(p.Body) != "abc" || !p.Whole() {
			t.Errorf("little %t: %+v", little, p)
		}
		for n := range b {
			if _, _, err := dcerpc.ParseCL(b[:n]); !errors.Is(err, wire.ErrShort) {
				t.Errorf("first %d bytes: %v", n, err)
			}
		}
	}
}

func TestConnectionlessWrong(t *testing.T) {
	for at, v := range map[int]byte{0: 5, 1: 11, 4: 0x21} {
		b := cl(true, 0, "")
		b[at] = v
		if _, _, err := dcerpc.ParseCL(b); err == nil || errors.Is(err, wire.ErrShort) {
			t.Errorf("byte %d = %#x: error %v", at, v, err)
		}
	}
}

// co builds a little-endian PDU with an authentication verifier of 4 bytes.
func co(ptype, flags byte, body *wire.Builder, auth bool) []byte {
	var w wire.Builder
	n, a := len(body.B)+16, 0
	if auth {
		n, a = n+12, 4
	}
	w.U8(5, 0, ptype, flags, 0x10, 0, 0, 0).U16LE(uint16(n)).U16LE(uint16(a)).U32LE(9).Bytes(body.B)
	if auth {
		w.U8(10, 5, 0, 0).U32LE(0).Text("NTLM")
	}
	return w.B
}

func syntax(w *wire.Builder, u dcerpc.UUID, major uint16) *wire.Builder {
	s := u.Swapped()
	return w.Bytes(s[:]).U16LE(major).U16LE(0)
}

func TestBind(t *testing.T) {
	w := new(wire.Builder).U16LE(5840).U16LE(5840).U32LE(0).U8(2, 0, 0, 0)
	syntax(syntax(w.U16LE(0).U8(1, 0), epm, 3), ndr, 2)
	syntax(syntax(syntax(w.U16LE(1).U8(2, 0), ndr, 1), ndr, 2), epm, 7)
	b := co(11, 3, w, true)
	p, err := dcerpc.ParseCO(b)
	if err != nil || p.Type != dcerpc.Bind || p.Len != len(b) || p.Call != 9 || p.AuthType != 10 || p.AuthLevel != 5 || string(p.Auth) != "NTLM" {
		t.Fatalf("%+v, error %v", p, err)
	}
	cs := p.Contexts()
	x, ok := cs.Next()
	if !ok || x.Interface.ID != epm || x.Interface.Major != 3 || x.Transfer.ID != ndr {
		t.Errorf("first context %+v", x)
	}
	if x, ok = cs.Next(); !ok || x.ID != 1 || x.Interface.ID != ndr || x.Transfer.Major != 2 {
		t.Errorf("second context %+v", x)
	}
	if _, ok = cs.Next(); ok || cs.Err() != nil {
		t.Error("a third context")
	}
	for n := range b {
		if _, err := dcerpc.ParseCO(b[:n]); !errors.Is(err, wire.ErrShort) {
			t.Errorf("first %d bytes: %v", n, err)
		}
	}
}

func TestBindAck(t *testing.T) {
	w := new(wire.Builder).U16LE(5840).U16LE(5840).U32LE(1).U16LE(4).Text("135\x00").Zero(2).U8(1, 0, 0, 0).U16LE(0).U16LE(0)
	p, err := dcerpc.ParseCO(co(12, 3, syntax(w, ndr, 2), false))
	if err != nil {
		t.Fatal(err)
	}
	addr, rs := p.Results()
	x, ok := rs.Next()
	if string(addr) != "135" || !ok || x.Transfer.ID != ndr || x.Code != 0 {
		t.Errorf("address %q, result %+v", addr, x)
	}
	if _, ok := rs.Next(); ok || rs.Err() != nil {
		t.Error("a second result")
	}
}

func TestCall(t *testing.T) {
	p, err := dcerpc.ParseCO(co(0, 0x83, new(wire.Builder).U32LE(4).U16LE(1).U16LE(12).Bytes(epm[:]).Text("stub"), false))
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.ParseCall()
	if err != nil || c.Op != 12 || c.Context != 1 || c.Object != epm.Swapped() || string(c.Stub) != "stub" {
		t.Errorf("%+v, error %v", c, err)
	}
	p, _ = dcerpc.ParseCO(co(3, 3, new(wire.Builder).U32LE(0).U16LE(0).U16(0).U32LE(0x1c010002).U32(0), false))
	if c, err = p.ParseCall(); err != nil || c.Status != 0x1c010002 {
		t.Errorf("fault %+v, error %v", c, err)
	}
	p, _ = dcerpc.ParseCO(co(17, 3, new(wire.Builder), false))
	if _, err = p.ParseCall(); err == nil {
		t.Error("a shutdown is no call")
	}
}

func TestNoAllocation(t *testing.T) {
	b := cl(true, 0, "abc")
	if n := testing.AllocsPerRun(10, func() { dcerpc.ParseCL(b) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestText(t *testing.T) {
	if s := epm.String(); s != "e1af8308-5d1f-11c9-91a4-08002b14a0fa" {
		t.Error(s)
	}
	if dcerpc.AlterResponse.String() != "alter_context_resp" || dcerpc.Type(77).String() != "unknown" {
		t.Error("names of types")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(cl(true, 0, "abc"))
	f.Add(co(11, 3, new(wire.Builder).Zero(12), true))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, n, err := dcerpc.ParseCL(b); err == nil && (n > len(b) || len(p.Body) > n) {
			t.Fatal("more than was there")
		}
		p, err := dcerpc.ParseCO(b)
		if err != nil {
			return
		}
		cs := p.Contexts()
		for range 256 {
			if _, ok := cs.Next(); !ok {
				break
			}
		}
		_, rs := p.Results()
		for range 256 {
			if _, ok := rs.Next(); !ok {
				break
			}
		}
		p.ParseCall()
	})
}
