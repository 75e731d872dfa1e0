package dnsmsg_test

import (
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

const answer = "1234 8180 0001 0001 0000 0000" +
	"03 706c63 04 74657374 00 0001 0001" +
	"c00c 0001 0001 0000003c 0004 0a000001"

func TestMessage(t *testing.T) {
	b := unhex(answer)
	m := dnsmsg.NewReader(b)
	var q, a, none dnsmsg.Record
	if !m.Next(&q) || !m.Next(&a) || m.Next(&none) || m.Err() != nil || m.End() != len(b) {
		t.Fatal(m.Err())
	}
	name, ok := dnsmsg.AppendName(make([]byte, 0, dnsmsg.MaxName), b, a.Name)
	if !ok || string(name) != "plc.test" {
		t.Errorf("%q", name)
	}
	if ip, ok := a.Addr(); !ok || ip != netip.MustParseAddr("10.0.0.1") || a.TTL != 60 || a.Section != dnsmsg.Answer {
		t.Error(ip, a)
	}
	if !m.Response() || m.Rcode() != 0 || m.Opcode() != 0 || m.Authoritative() || m.Truncated() {
		t.Error("flags")
	}
}

func TestMalformed(t *testing.T) {
	for _, c := range []struct {
		name, in string
		err      error
	}{
		{"short header", "1234 0000", wire.ErrShort},
		{"too many records", "1234 0000 ffff 0000 0000 0000", dnsmsg.ErrRecords},
		{"cut question", "1234 0000 0001 0000 0000 0000 03 706c63 00 00", wire.ErrShort},
		{"label of unknown kind", "1234 0000 0001 0000 0000 0000 41 00 0001 0001", dnsmsg.ErrName},
		{"cut data", "1234 8000 0000 0001 0000 0000 00 0001 0001 0000003c 0004 0a00", wire.ErrShort},
	} {
		m := dnsmsg.NewReader(unhex(c.in))
		var rec dnsmsg.Record
		for m.Next(&rec) {
		}
		if !errors.Is(m.Err(), c.err) {
			t.Errorf("%s: %v", c.name, m.Err())
		}
	}
	for _, loop := range []string{"c000", "c002 c000", "01 61 c000"} {
		if _, ok := dnsmsg.AppendName(make([]byte, 0, 32), unhex(loop), 0); ok {
			t.Error("loop", loop)
		}
	}
	name, ok := dnsmsg.AppendName(make([]byte, 0, 5), unhex("03 61 2e 01 03 626364 00"), 0)
	if !ok || string(name) != `a\.\0` {
		t.Errorf("%q", name)
	}
}

func TestReverse(t *testing.T) {
	for in, want := range map[string]string{
		"4.3.2.10.in-addr.arpa": "10.2.3.4",
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.E.f.IP6.ARPA": "fe80::1",
		"4.3.2.in-addr.arpa": "", "4.3.2.256.in-addr.arpa": "", "x.3.2.1.in-addr.arpa": "", "plc.test": "",
	} {
		ip, ok := dnsmsg.ReverseAddr([]byte(in))
		if ok != (want != "") || ok && ip.String() != want {
			t.Errorf("%s: %v", in, ip)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add(unhex(answer))
	f.Fuzz(func(t *testing.T, b []byte) {
		m := dnsmsg.NewReader(b)
		var rec dnsmsg.Record
		var buf [64]byte
		for m.Next(&rec) {
			dnsmsg.AppendName(buf[:0], b, rec.Name)
			dnsmsg.AppendName(buf[:0], b, rec.At)
			rec.Addr()
		}
	})
}
