package tls

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	ctls "crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
	"github.com/bulkhead-ot/bulkhead/wire"
)

func record(kind byte, version uint16, body []byte) []byte {
	return new(wire.Builder).U8(kind).U16(version).Len16(func(w *wire.Builder) { w.Bytes(body) }).B
}

func message(kind byte, body []byte) []byte {
	return new(wire.Builder).U8(kind, 0).U16(uint16(len(body))).Bytes(body).B
}

func u16s(vs ...uint16) []byte {
	var w wire.Builder
	for _, v := range vs {
		w.U16(v)
	}
	return w.B
}

type ext struct {
	kind uint16
	body []byte
}

func exts(es []ext) []byte {
	var w wire.Builder
	for _, e := range es {
		w.U16(e.kind).U16(uint16(len(e.body))).Bytes(e.body)
	}
	return new(wire.Builder).U16(uint16(len(w.B))).Bytes(w.B).B
}

func client(version uint16, id []byte, suites []uint16, es []ext) []byte {
	var w wire.Builder
	w.U16(version).Zero(32).U8(byte(len(id))).Bytes(id).U16(uint16(2*len(suites))).Bytes(u16s(suites...)).U8(1, 0)
	if es != nil {
		w.Bytes(exts(es))
	}
	return message(clientHello, w.B)
}

func server(version, suite uint16, id []byte, random byte, es []ext) []byte {
	var w wire.Builder
	w.U16(version)
	for range 32 {
		w.U8(random)
	}
	w.U8(byte(len(id))).Bytes(id).U16(suite).U8(0)
	if es != nil {
		w.Bytes(exts(es))
	}
	return message(serverHello, w.B)
}

func sni(s string) ext {
	return ext{extServerName, new(wire.Builder).U16(uint16(len(s) + 3)).U8(0).U16(uint16(len(s))).Text(s).B}
}

func alpn(s string) ext {
	return ext{extALPN, new(wire.Builder).U16(uint16(len(s) + 1)).U8(byte(len(s))).Text(s).B}
}

// chrome is a hello whose fingerprint the JA4 description works out by hand.
var chrome = client(0x0303, make([]byte, 32),
	[]uint16{0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035},
	[]ext{{0x5a5a, nil}, {0x001b, nil}, sni("plc.example"), {0x0033, nil}, alpn("h2"), {0x4469, nil}, {0x0017, nil}, {0x002d, nil},
		{0x000d, append(u16s(16), u16s(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)...)}, {0x0005, nil}, {0x0023, nil}, {0x0012, nil},
		{0x002b, append([]byte{6}, u16s(0x2a2a, 0x0304, 0x0303)...)}, {0xff01, []byte{0}}, {0x000b, nil}, {0x000a, nil}, {0x0015, nil}})

var old = client(0x0301, nil, []uint16{5, 10}, nil)

func lines(pieces ...any) string {
	var b strings.Builder
	for i := 0; i < len(pieces); i += 2 {
		fmt.Fprintf(&b, "%s %x\n", pieces[i], pieces[i+1])
	}
	return b.String()
}

func split(b []byte) []byte { // one handshake message in two records
	return append(record(22, 0x0303, b[:30]), record(22, 0x0303, b[30:])...)
}

const chromeWant = `
	> client
	> request tls 1 "client hello" login unit=0 first=0 name="plc.example"
	> conversation: session_sni = "plc.example" (TLS client hello, 100)
	> conversation: session_ja4 = "t13d1516h2_8daaf6152771_e5627efa2ab1" (TLS client hello, 100)`

var cases = []prototest.Case{
	{
		Name: "TLS 1.3 in two records, retry, compatibility mode",
		Messages: lines(">", split(chrome),
			"<", append(record(22, 0x0303, message(serverHello, append(append([]byte{3, 3}, helloRetry...), 0, 0x13, 1, 0))), record(20, 0x0303, []byte{1})...),
			">", append(record(20, 0x0303, []byte{1}), record(22, 0x0303, chrome)...),
			"<", append(record(22, 0x0303, server(0x0303, 0x1301, make([]byte, 32), 7, []ext{{extSupportedVersions, u16s(0x0304)}})), record(23, 0x0303, make([]byte, 300))...),
			">", record(23, 0x0303, make([]byte, 100))),
		Want: chromeWant + `
			< response tls 2 "server hello" login answers 1
			< notice tls record 20 "change cipher spec" login
			> notice tls record 20 "change cipher spec" login
			> request tls 1 "client hello" login unit=0 first=0 name="plc.example"
			> conversation: session_sni = "plc.example" (TLS client hello, 100)
			< response tls 2 "server hello" login answers 1
			< conversation: session_version = "TLS 1.3" (TLS server hello, 100)
			< conversation: session_security = "TLS 1.3" (TLS server hello, 100)
			< conversation: session_cipher = "TLS_AES_128_GCM_SHA256" (TLS server hello, 100)`,
	},
	{
		Name:     "TLS 1.0 refused",
		Messages: lines(">", record(22, 0x0301, old), "<", record(21, 0x0301, []byte{2, 70}), "<", record(21, 0x0301, []byte{1, 0})),
		Want: `
			> client
			> request tls 1 "client hello" login
			> conversation: session_ja4 = "t10i020000_ecbe99380d04_000000000000" (TLS client hello, 100)
			> conversation: session_note = "client offers nothing above TLS 1.0" (TLS client hello, 100)
			< response tls 1 "client hello" login failed "protocol version"
			< notice tls record 21 "alert" other`,
	},
	{
		Name: "resumed with TLS 1.2, unknown suite, encrypted alert",
		Messages: lines(">", record(22, 0x0301, client(0x0303, []byte{1, 2, 3, 4}, []uint16{0x00fe}, nil)),
			"<", append(append(record(22, 0x0303, server(0x0303, 0x00fe, []byte{1, 2, 3, 4}, 9, []ext{alpn("h2")})), record(20, 0x0303, []byte{1})...), record(22, 0x0303, make([]byte, 40))...),
			"<", record(21, 0x0303, make([]byte, 26))),
		Want: `
			> client
			> request tls 1 "client hello" login
			> conversation: session_ja4 = "t12i010000_f28ed4b7896c_000000000000" (TLS client hello, 100)
			< response tls 2 "server hello" login answers 1
			< conversation: session_version = "TLS 1.2" (TLS server hello, 100)
			< conversation: session_security = "TLS 1.2" (TLS server hello, 100)
			< conversation: session_cipher = "0x00fe" (TLS server hello, 100)
			< conversation: session_alpn = "h2" (TLS server hello, 100)
			< conversation: session_note = "TLS session resumed" (TLS server hello, 90)
			< notice tls record 20 "change cipher spec" login
			< notice tls record 21 "alert" other`,
	},
	{
		Name:     "SSL 2.0 hello",
		Messages: lines(">", append([]byte{0x80, 9 + 3 + 16, 1, 0, 2, 0, 3, 0, 0, 0, 16, 1, 0, 0x80}, make([]byte, 16)...), "<", []byte("anything")),
		Want: `
			> client
			> request tls 1 "client hello" login
			> conversation: session_note = "client hello in the form of SSL 2.0" (TLS client hello, 100)
			> conversation: session_version = "SSL 2.0" (TLS client hello, 90)
			> conversation: session_security = "SSL 2.0" (TLS client hello, 90)`,
	},
	{
		Name:     "application data with a loss",
		Messages: lines(">", record(23, 0x0303, make([]byte, 50))[:30]) + "gap >\n" + lines(">", []byte("rest of it"), ">", record(23, 0x0303, make([]byte, 20))),
		Want:     ``,
	},
	{Name: "cut", Messages: lines(">", record(22, 0x0301, old)[:20]), Want: "left > 20"},
	{Name: "bad extension length", Messages: lines(">", record(22, 0x0303, client(0x0303, nil, []uint16{5}, []ext{})[:0]), ">", record(22, 0x0303, message(1, make([]byte, 40)[:36]))), Want: "error: no record of TLS\nerror: handshake message does not fit"},
	{Name: "no record", Messages: "> 16 09 01 0005 0102030405", Want: "error: no record of TLS"},
	{Name: "HTTP", Messages: "> 474554202f20485454502f312e310d0a", Foreign: true},
	{Name: "S7", Messages: "> 0300001611e00000000100c1020100c2020102c0010a", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }

// tap hands what one side writes to the dissector.
type tap struct {
	net.Conn
	mu  *sync.Mutex
	dir proto.Dir
	s   proto.Session
	ctx *proto.Context
	buf []byte
	t   *testing.T
}

func (p *tap) Write(b []byte) (int, error) {
	p.mu.Lock()
	p.ctx.Dir = p.dir
	p.buf = append(p.buf, b...)
	for len(p.buf) > 0 {
		n, err := p.s.Parse(p.ctx, p.buf)
		if err == wire.ErrShort {
			break
		}
		if err != nil {
			p.t.Error(err)
			break
		}
		p.buf = p.buf[n:]
	}
	p.mu.Unlock()
	return p.Conn.Write(b)
}

// TestAgainstGo listens to real handshakes of Go's own implementation.
func TestAgainstGo(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "hmi; one", Organization: []string{"Plant"}},
		NotBefore: time.Unix(1_600_000_000, 0), NotAfter: time.Unix(1_900_000_000, 0), DNSNames: []string{"hmi.example"},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert := ctls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	for _, v := range []uint16{ctls.VersionTLS12, ctls.VersionTLS13} {
		rec := &prototest.Recorder{}
		s := Protocol.New()
		ctx := &proto.Context{Sink: rec}
		var mu sync.Mutex
		a, b := net.Pipe()
		cl := ctls.Client(&tap{Conn: a, mu: &mu, dir: 0, s: s, ctx: ctx, t: t}, &ctls.Config{
			InsecureSkipVerify: true, ServerName: "hmi.example", MinVersion: v, MaxVersion: v, Certificates: []ctls.Certificate{cert}})
		sv := ctls.Server(&tap{Conn: b, mu: &mu, dir: 1, s: s, ctx: ctx, t: t}, &ctls.Config{
			Certificates: []ctls.Certificate{cert}, ClientAuth: ctls.RequestClientCert})
		go func() { sv.Write([]byte("hello")); sv.Close() }()
		buf := make([]byte, 16)
		if n, err := cl.Read(buf); err != nil || string(buf[:n]) != "hello" {
			t.Fatal(n, err)
		}
		cl.Read(buf)
		a.Close()
		mu.Lock()
		text := strings.Join(rec.Lines, "\n")
		mu.Unlock()
		state := cl.ConnectionState()
		want := []string{
			`session_sni = "hmi.example"`, fmt.Sprintf("session_version = %q", ctls.VersionName(v)),
			fmt.Sprintf("session_cipher = %q", ctls.CipherSuiteName(state.CipherSuite)), `"server hello" login answers 1`,
		}
		if v == ctls.VersionTLS12 {
			want = append(want, `certificate = "subject=CN=hmi\\  one,O=Plant; issuer=CN=hmi\\  one,O=Plant; not_before=2020-09-13T12:26:40Z; not_after=2030-03-17T17:46:40Z; `+
				`key=ECDSA 256; signature=ECDSA-SHA256; self_signed=yes; names=hmi.example; sha256=`, `session_auth = "certificate"`)
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %s in\n%s", ctls.VersionName(v), w, text)
			}
		}
	}
}

func TestCertificateUnreadable(t *testing.T) {
	if got := describe([]byte{1}, make([]byte, 2)); got != "sha256=0000" {
		t.Error(got)
	}
}
