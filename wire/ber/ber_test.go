package ber_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, in, body string
		tag            ber.Tag
		size           int
		err            error
	}{
		{"integer", "02 01 05", "05", ber.Integer, 3, nil},
		{"long length", "04 81 01 ff 99", "ff", ber.OctetString, 4, nil},
		{"leading zeros in length", "04 84 00000001 ff", "ff", ber.OctetString, 7, nil},
		{"high tag", "bf 1f 00", "", ber.ContextCons(31), 3, nil},
		{"higher tag", "9f 82 01 01 07", "07", ber.Context(257), 5, nil},
		{"indefinite", "30 80 02 01 05 00 00 77", "02 01 05", ber.Sequence, 7, nil},
		{"indefinite nested", "30 80 a0 80 04 02 0000 0000 0000", "a0 80 04 02 0000 0000", ber.Sequence, 12, nil},
		{"indefinite cut", "30 80 02 01 05 00", "", 0, 0, wire.ErrShort},
		{"indefinite primitive", "04 80 00 00", "", 0, 0, ber.ErrIndefinite},
		{"indefinite bomb", strings.Repeat("3080", 40), "", 0, 0, ber.ErrIndefinite},
		{"cut", "04 05 01", "", 0, 0, wire.ErrShort},
		{"cut length", "04 82 01", "", 0, 0, wire.ErrShort},
		{"huge length", "04 84 ffffffff", "", 0, 0, ber.ErrLength},
		{"reserved length", "04 ff 00", "", 0, 0, ber.ErrLength},
		{"huge tag", "bf ffffffffff7f 00", "", 0, 0, ber.ErrTag},
		{"empty", "", "", 0, 0, wire.ErrShort},
	} {
		e, err := ber.Read(unhex(c.in))
		if !errors.Is(err, c.err) || e.Tag != c.tag || e.Size != c.size || hex.EncodeToString(e.Body) != strings.ReplaceAll(c.body, " ", "") {
			t.Errorf("%s: %v %x size %d, %v", c.name, e.Tag, e.Body, e.Size, err)
		}
	}
}

func TestReader(t *testing.T) {
	r := ber.NewReader(unhex("30 16 02 02 ff7f 04 03 616263 06 03 2a8688 01 01 ff 0a 01 03 05 00"))
	seq := r.Enter("message", ber.Sequence)
	if v := seq.Int("number"); v != -129 {
		t.Error("int", v)
	}
	if v := seq.Octets("text"); string(v) != "abc" {
		t.Errorf("octets %q", v)
	}
	if v := seq.Next("oid"); v.Tag != ber.ObjectID || ber.OID(v.Body).Valid() {
		t.Error("a cut arc is not valid")
	}
	if !seq.Bool("flag") || seq.IntOf("enumerated", ber.Enumerated) != 3 {
		t.Error("bool or enumerated")
	}
	if _, ok := seq.Optional("absent", ber.Integer); ok {
		t.Error("optional")
	}
	if _, ok := seq.Optional("null", ber.Null); !ok || seq.More() || seq.Err() != nil || r.More() {
		t.Error("end", seq.Err())
	}
	if seq.Int("missing"); seq.Err() == nil || !seq.Short() {
		t.Error("reading past the end", seq.Err())
	}
	r = ber.NewReader(unhex("02 01 05"))
	inner := r.Enter("message", ber.Sequence)
	if inner.Int("number"); !errors.Is(inner.Err(), ber.ErrExpected) || inner.Err().Error() != "message at byte 0: another element than expected" {
		t.Error(inner.Err())
	}
}

func TestIntegers(t *testing.T) {
	for in, want := range map[string]int64{"00": 0, "80": -128, "00ff": 255, "ff": -1, "7fffffffffffffff": 1<<63 - 1, "00000000000000000001": 1} {
		if v, ok := ber.Int(unhex(in)); !ok || v != want {
			t.Errorf("%s: %d %t", in, v, ok)
		}
	}
	if _, ok := ber.Int(unhex("010000000000000000")); ok {
		t.Error("65 bits")
	}
	if v, ok := ber.Uint(unhex("00ffffffffffffffff")); !ok || v != 1<<64-1 {
		t.Error("counter64", v)
	}
}

func TestOID(t *testing.T) {
	for _, s := range []string{"1.3.6.1.2.1.1.1.0", "2.999.3", "0.0", "1.2.840.113554.1.2.2", "1.3.6.1.4.1.4294967295.1"} {
		o := ber.MustOID(s)
		if o.String() != s || !o.Valid() {
			t.Errorf("%s: %x %s", s, []byte(o), o)
		}
	}
	rest, ok := ber.MustOID("1.3.6.1.4.1.4329.6.3").Under(ber.MustOID("1.3.6.1.4.1"))
	arc, rest, ok2 := rest.Arc()
	if !ok || !ok2 || arc != 4329 || len(rest) != 2 {
		t.Error("enterprise", arc, rest)
	}
	if ber.OID(nil).Valid() || ber.OID(unhex("2a8080808080808080808001")).Valid() {
		t.Error("valid")
	}
}

func TestNoAllocation(t *testing.T) {
	b := unhex("30 80 02 01 05 04 03 616263 06 03 2b0601 00 00")
	buf := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() {
		r := ber.NewReader(b)
		s := r.Enter("message", ber.Sequence)
		s.Int("number")
		s.Octets("text")
		buf = s.OID("oid").AppendText(buf[:0])
	}); n != 0 || string(buf) != "1.3.6.1" {
		t.Error(n, string(buf))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(unhex("30 80 02 01 05 04 03 616263 06 03 2b0601 00 00"))
	f.Add(unhex("bf1f82000302017f"))
	f.Fuzz(func(t *testing.T, b []byte) { walk(t, b, 0) })
}

func walk(t *testing.T, b []byte, depth int) {
	r := ber.NewReader(b)
	for r.More() && depth < 8 {
		e := r.Next("element")
		if e.Size > len(b) || len(e.Body) > e.Size {
			t.Fatal("element larger than its input")
		}
		ber.Int(e.Body)
		ber.OID(e.Body).AppendText(nil)
		if e.Constructed() {
			walk(t, e.Body, depth+1)
		}
	}
}
