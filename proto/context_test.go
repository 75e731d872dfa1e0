package proto_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

type record struct {
	ops  []fact.Operation
	said []fact.Identity
}

func (r *record) Operation(_ *proto.Context, op *fact.Operation) { r.ops = append(r.ops, *op) }
func (r *record) Identity(_ *proto.Context, id *fact.Identity)   { r.said = append(r.said, *id) }
func (r *record) Client(*proto.Context, bool)                    {}
func (r *record) Expect(*proto.Context, proto.Expect)            {}

func build(key uint64) fact.Function { return fact.Function{Code: fmt.Sprint(key & 0xffff_ffff_ffff)} }

// A function is made once for each key, and hostile input cannot make them
// without end.
func TestFunc(t *testing.T) {
	var c proto.Context
	space := proto.KeySpace("test")
	f := c.Func(space|7, build)
	if f.Code != "7" || c.Func(space|7, build) != f {
		t.Error("not the same function for the same key")
	}
	different := map[*fact.Function]bool{}
	for i := range uint64(100_000) {
		different[c.Func(space|i, build)] = true
	}
	if len(different) > 1<<14+1 {
		t.Errorf("%d functions are kept", len(different))
	}
	if c.Func(space|7, build) != f {
		t.Error("an early function was forgotten")
	}
	if last := c.Func(space|99_999, build); last.Code != "other" {
		t.Errorf("one too many is %+v", last)
	}
	if n := testing.AllocsPerRun(100, func() { c.Func(space|7, build); c.Func(space|99_999, build) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestKeySpace(t *testing.T) {
	seen := map[uint64]string{}
	for _, name := range []string{"cip", "enip", "modbus", "s7comm", "s7commplus", "dnp3", "iec104", "bacnet", "opcua", "mqtt", "mms", "goose", "pnio", "msrpc"} {
		k := proto.KeySpace(name)
		if k<<16 != 0 {
			t.Errorf("%s: %#x uses the dissector's own bits", name, k)
		}
		if o := seen[k]; o != "" {
			t.Errorf("%s and %s share keys", name, o)
		}
		seen[k] = name
	}
}

func TestSay(t *testing.T) {
	r := &record{}
	c := proto.Context{Sink: r}
	c.Say(fact.Sender, fact.Vendor, "", "nowhere", 100)
	c.SayBytes(fact.Receiver, fact.Vendor, []byte("ACME"), "test", 50)
	c.SayBytes(fact.Receiver, fact.Vendor, nil, "test", 50)
	if len(r.said) != 1 || r.said[0].Value != "ACME" || r.said[0].Of.Who != fact.Receiver {
		t.Errorf("%+v", r.said)
	}
	c.Op(&fact.Function{Code: "3"}, fact.Request).Failed = true
	c.Emit()
	c.Op(&fact.Function{Code: "4"}, fact.Response)
	c.Emit()
	if len(r.ops) != 2 || !r.ops[0].Failed || r.ops[1].Failed {
		t.Errorf("%+v", r.ops)
	}
}

func TestEndpoint(t *testing.T) {
	e := proto.Endpoint{}
	if e.Addr().IsValid() {
		t.Error("an address of nothing")
	}
	e.IP = netip.MustParseAddr("10.0.0.1").As16()
	if e.Addr() != netip.MustParseAddr("10.0.0.1") {
		t.Error(e.Addr())
	}
	if proto.Dir(0).Other() != 1 || proto.Dir(1).Other() != 0 || proto.SNAP.String() != "snap" {
		t.Error("directions, carriers")
	}
	if got := fmt.Sprint((proto.Recognised | proto.Values | proto.Sessions).Names()); got != "[recognised values sessions]" {
		t.Error(got)
	}
}
