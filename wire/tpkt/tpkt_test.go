package tpkt_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/tpkt"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const connect = "0300 0016 11 e0 0000 0007 00 c1 02 0100 c2 02 0102 c0 01 0a"

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, in string
		typ      tpkt.Type
		n        int
		err      error
	}{
		{"connection request", connect, tpkt.ConnectRequest, 22, nil},
		{"connection confirm", "0300 000b 06 d0 0007 0001 00", tpkt.ConnectConfirm, 11, nil},
		{"disconnect request", "0300 000b 06 80 0007 0001 80", tpkt.DisconnectRequest, 11, nil},
		{"disconnect confirm", "0300 000a 05 c0 0007 0001", tpkt.DisconnectConfirm, 10, nil},
		{"error", "0300 0009 04 70 0007 01", tpkt.Error, 9, nil},
		{"data", "0300 0008 02 f0 80 ff", tpkt.Data, 8, nil},
		{"empty data", "0300 0007 02 f0 00", tpkt.Data, 7, nil},
		{"cut in header", "0300 00", 0, 0, wire.ErrShort},
		{"cut in data", "0300 0009 02 f0 80 ff", 0, 0, wire.ErrShort},
		{"not TPKT", "1603 0100 05 01 00", 0, 0, tpkt.ErrVersion},
		{"length too small", "0300 0006 02 f0 80", 0, 0, tpkt.ErrLength},
		{"header longer than TPKT", "0300 0008 09 f0 80 ff", 0, 0, tpkt.ErrTPDU},
		{"unknown code", "0300 0008 02 20 80 ff", 0, 0, tpkt.ErrTPDU},
		{"parameter overruns header", "0300 000d 08 e0 0000 0007 00 c1 09", 0, 13, tpkt.ErrTPDU},
	} {
		t.Run(c.name, func(t *testing.T) {
			tp, n, err := tpkt.Parse(unhex(t, c.in))
			if !errors.Is(err, c.err) || n != c.n || err == nil && tp.Type != c.typ {
				t.Errorf("got type %#x, %d bytes, %v", uint8(tp.Type), n, err)
			}
		})
	}
}

func TestSelectors(t *testing.T) {
	tp, _, err := tpkt.Parse(unhex(t, connect))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(tpkt.AppendTSAP(nil, tp.Calling)) + " " + string(tpkt.AppendTSAP(nil, tp.Called)); got != "01.00 01.02" {
		t.Errorf("selectors %q", got)
	}
	if got := string(tpkt.AppendTSAP(nil, []byte("SIMATIC-ROOT-ES"))); got != "SIMATIC-ROOT-ES" {
		t.Errorf("selector %q", got)
	}
	if tp.Size != 1024 {
		t.Errorf("size %d", tp.Size)
	}
}

func TestJoiner(t *testing.T) {
	var j tpkt.Joiner
	add := func(data string, eot bool) (string, bool, error) {
		m, done, err := j.Add(&tpkt.TPDU{Type: tpkt.Data, EOT: eot, Data: []byte(data)}, 8)
		return string(m), done, err
	}
	if m, done, _ := add("one", true); !done || m != "one" {
		t.Errorf("single: %q %t", m, done)
	}
	add("two", false)
	if m, done, _ := add("half", true); !done || m != "twohalf" {
		t.Errorf("joined: %q %t", m, done)
	}
	add("12345", false)
	if _, _, err := add("6789", false); err != tpkt.ErrTooLong {
		t.Errorf("too long: %v", err)
	}
	if _, done, err := add("x", true); done || err != tpkt.ErrTooLong {
		t.Errorf("end of too long: %t %v", done, err)
	}
	if m, done, _ := add("next", true); !done || m != "next" {
		t.Errorf("after too long: %q %t", m, done)
	}
	add("lost", false)
	j.Drop()
	if m, _, _ := add("new", true); m != "new" {
		t.Errorf("after Drop: %q", m)
	}
}

func TestLookAt(t *testing.T) {
	for _, c := range []struct {
		name, in    string
		tpkt, found bool
		data        string
		whole       bool
	}{
		{"connect only", connect, true, false, "", false},
		{"connect and data", connect + "0300 0009 02 f0 80 3201", true, true, "2\x01", true},
		{"empty data first", "0300 0007 02 f0 00 0300 0009 02 f0 80 3201", true, true, "2\x01", true},
		{"cut data", "0300 0019 02 f0 80 32", true, true, "2", false},
		{"cut header", "0300 0019", true, false, "", false},
		{"foreign", "4745 5420 2f20 4854", false, false, "", false},
	} {
		l := tpkt.LookAt(unhex(t, c.in))
		if l.TPKT != c.tpkt || l.Found != c.found || string(l.Data) != c.data || l.Whole != c.whole {
			t.Errorf("%s: %+v", c.name, l)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(unhex(f, connect))
	f.Add(unhex(f, "0300 0008 02 f0 80 ff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, n, _ := tpkt.Parse(b); n < 0 || n > len(b) {
			t.Fatalf("consumed %d of %d", n, len(b))
		}
		tpkt.LookAt(b)
	})
}
