package msrpc

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
)

func TestInterfaces(t *testing.T) {
	for i, f := range Interfaces[1:] {
		if got := Index(f.ID); got != uint16(i+1) {
			t.Errorf("%s: index %d, want %d", f.Name, got, i+1)
		}
	}
	if n, e := Lookup(Index(dcerpc.MustUUID("367abb81-9844-35f1-ad32-98f038001003")), 12); n != "create service" || e != Program {
		t.Error(n, e)
	}
	if n, e := Lookup(9999, 7); n == "" || e == 0 {
		t.Error("out of range", n, e)
	}
	if n, _ := Lookup(Unknown, 7); n != "unknown interface operation 7" {
		t.Error(n)
	}
}

func TestAssociation(t *testing.T) {
	var body wire.Builder
	body.U16LE(4280).U16LE(4280).U32LE(0).U8(1, 0, 0, 0)
	body.U16LE(3).U8(1, 0).Bytes([]byte{0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35, 0xad, 0x32, 0x98, 0xf0, 0x38, 0, 0x10, 3}).U32LE(2).Zero(20)
	p := dcerpc.CO{Type: dcerpc.Bind, Little: true, Body: body.B}
	var a Association
	svcctl := a.Bind(&p)
	if Name(svcctl) != "svcctl" {
		t.Fatal(Name(svcctl))
	}
	if got := a.Request(7, 3, 12); got != svcctl {
		t.Error(got)
	}
	if i, op, ok := a.Answer(7); i != svcctl || op != 12 || !ok {
		t.Error(i, op, ok)
	}
	if _, _, ok := a.Answer(7); ok {
		t.Error("answered twice")
	}
	for i := range 40 { // more than there is room for
		a.set(uint16(i), 1)
		a.Request(uint32(i), uint16(i), 1)
	}
}
