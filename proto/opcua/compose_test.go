package opcua

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"io"
	"math/big"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// The messages of the tests are composed here, field by field as Part 6 orders them.

type part func(*wire.Builder)

func join(parts ...part) part {
	return func(w *wire.Builder) {
		for _, p := range parts {
			p(w)
		}
	}
}

func u8(v ...byte) part { return func(w *wire.Builder) { w.U8(v...) } }
func u16(v uint16) part { return func(w *wire.Builder) { w.U16LE(v) } }
func u32(v ...uint32) part {
	return func(w *wire.Builder) {
		for _, x := range v {
			w.U32LE(x)
		}
	}
}
func u64(v uint64) part  { return func(w *wire.Builder) { w.U64LE(v) } }
func text(s string) part { return func(w *wire.Builder) { w.U32LE(uint32(len(s))).Text(s) } }
func zero(n int) part    { return func(w *wire.Builder) { w.Zero(n) } }

var null = u32(0xffffffff)

// numericID is a four-byte NodeId, stringID one with a text.
func numericID(space byte, n uint16) part  { return join(u8(1, space), u16(n)) }
func stringID(space uint16, s string) part { return join(u8(3), u16(space), text(s)) }

func object(id uint16, body part) part {
	return func(w *wire.Builder) {
		in := &wire.Builder{}
		body(in)
		numericID(0, id)(w)
		w.U8(1).U32LE(uint32(len(in.B))).Bytes(in.B)
	}
}

// transport wraps parts as a chunk; kind is such as "MSGF".
func transport(kind string, parts ...part) string {
	in := &wire.Builder{}
	join(parts...)(in)
	w := &wire.Builder{}
	w.Text(kind).U32LE(uint32(len(in.B) + 8)).Bytes(in.B)
	return hex.EncodeToString(w.B)
}

var sequence = u32(7, 1) // channel, token

func plain(request uint32, id uint16, parts ...part) string {
	return transport("MSGF", sequence, u32(50, request), numericID(0, id), join(parts...))
}

func ask(request uint32, id uint16, body ...part) string {
	return plain(request, id, u8(0, 0), u64(1), u32(request, 0), null, u32(1000), u8(0, 0, 0), join(body...))
}

func answer(request uint32, id uint16, result uint32, body ...part) string {
	return plain(request, id, u64(1), u32(request, result), u8(0), null, u8(0, 0, 0), join(body...))
}

const policyURI = "http://opcfoundation.org/UA/SecurityPolicy#"

func opening(p string, certificate part, body ...part) string {
	return transport("OPNF", u32(0), text(policyURI+p), certificate, null, join(body...))
}

func openAsk(request uint32) string {
	return opening("None", null, u32(1, request), numericID(0, 446),
		u8(0, 0), u64(1), u32(request, 0), null, u32(1000), u8(0, 0, 0),
		u32(0, 0, 1), null, u32(60000))
}

func openAnswer(request uint32) string {
	return opening("None", null, u32(1, request), numericID(0, 449),
		u64(1), u32(request, 0), u8(0), null, u8(0, 0, 0),
		u32(0), u32(7, 1), u64(1), u32(60000), null)
}

func localized(s string) part { return join(u8(2), text(s)) }

func described(uri, product, title string, kind uint32, url string) part {
	return join(text(uri), text(product), localized(title), u32(kind), null, null, u32(1), text(url))
}

func endpoint(url, p string, mode, token uint32, certificate part) part {
	return join(text(url), described("urn:press:app", "urn:acme:press", "Press", 0, url), certificate,
		u32(mode), text(policyURI+p), u32(1), text("0"), u32(token), null, null, null,
		text("http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary"), u8(1))
}

func lines(l ...string) string { return strings.Join(l, "\n") }

// certificateDER is a certificate made from fixed numbers, the same each time.
var certificateDER = func() string {
	var d [32]byte
	d[31] = 7
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d[:])
	if err != nil {
		panic(err)
	}
	t := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "press@cell4", Organization: []string{"Acme"}},
		NotBefore: time.Unix(1_400_000_000, 0), NotAfter: time.Unix(1_500_000_000, 0), DNSNames: []string{"cell4"},
	}
	der, err := x509.CreateCertificate(zeros{}, t, t, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	return string(der)
}()

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

var _ io.Reader = zeros{}
