package simulate

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// page is a request and its answer over HTTP/1.1 (RFC 9112).
type page struct {
	path, agent, login string
	server, body       string
	refused            bool
}

func (c *conn) get(host string, p page) {
	q := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nAccept: */*\r\n", p.path, host, p.agent)
	if p.login != "" {
		q += "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(p.login)) + "\r\n"
	}
	status := "200 OK"
	extra := ""
	if p.refused {
		status, extra = "401 Unauthorized", "WWW-Authenticate: Basic realm=\"device\"\r\n"
	}
	a := fmt.Sprintf("HTTP/1.1 %s\r\nServer: %s\r\nContent-Type: text/html\r\n%sContent-Length: %d\r\n\r\n%s", status, p.server, extra, len(p.body), p.body)
	c.ask([]byte(q+"\r\n"), []byte(a))
}

// browse opens a connection, gets pages, and closes it.
func (n *network) browse(at time.Duration, client, server *host, pages ...page) {
	c := n.dial(at, client, server, 80, "http")
	for _, p := range pages {
		c.get(server.IP, p)
		c.at(c.now + 800*time.Millisecond)
	}
	c.close()
}

// asn1 fields of a certificate (X.509, RFC 5280).
func commonName(name, org string) []byte {
	attribute := func(n uint32, s string) []byte {
		return ber(0x31, ber(0x30, berOID(2, 5, 4, n), ber(0x0c, []byte(s))))
	}
	return ber(0x30, attribute(10, org), attribute(3, name))
}

// certificate composes a certificate. Nobody has its key: modulus and signature
// are random, which only somebody who checks the signature would find.
func certificate(rng *rand.Rand, subject, issuer []byte, from, to time.Time, bits int, names ...string) []byte {
	random := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(rng.UintN(256))
		}
		return b
	}
	modulus := random(bits / 8)
	modulus[0] |= 0x80
	modulus[len(modulus)-1] |= 1
	signs := ber(0x30, berOID(1, 2, 840, 113549, 1, 1, 11), berNull)
	key := ber(0x30, ber(0x30, berOID(1, 2, 840, 113549, 1, 1, 1), berNull),
		ber(3, []byte{0}, ber(0x30, ber(2, []byte{0}, modulus), berInt(2, 65537))))
	when := func(t time.Time) []byte { return ber(0x17, []byte(t.Format("060102150405Z"))) }
	var alt [][]byte
	for _, s := range names {
		alt = append(alt, ber(0x82, []byte(s)))
	}
	parts := [][]byte{ber(0xa0, berInt(2, 2)), ber(2, append([]byte{0x4c}, random(7)...)), signs, issuer, ber(0x30, when(from), when(to)), subject, key}
	if alt != nil {
		parts = append(parts, ber(0xa3, ber(0x30, ber(0x30, berOID(2, 5, 29, 17), ber(4, ber(0x30, alt...))))))
	}
	return ber(0x30, ber(0x30, parts...), signs, ber(3, []byte{0}, random(bits/8)))
}

// tls is a connection whose content is secret; it shows the handshake.
type tls struct {
	*conn
	version uint16 // 0x0303 TLS 1.2, 0x0304 TLS 1.3
}

func record16(kind byte, body []byte) []byte {
	var w wire.Builder
	return w.U8(kind).U16(0x0303).U16(uint16(len(body))).Bytes(body).B
}

func handshake(kind byte, body []byte) []byte {
	return append([]byte{kind, byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}, body...)
}

func (t *tls) random(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(t.rng.UintN(256))
	}
	return b
}

// secret is a record of application data, or of what looks like it.
func (t *tls) secret(n int) []byte { return record16(0x17, t.random(n)) }

// helloClient is a ClientHello (RFC 5246 section 7.4.1.2, RFC 8446 section 4.1.2).
func (t *tls) helloClient(name string, protocols ...string) []byte {
	var w wire.Builder
	w.U16(0x0303).Bytes(t.random(32)).U8(32).Bytes(t.random(32))
	ciphers := []uint16{0xc02f, 0xc030, 0xc02b, 0xc02c, 0x009c, 0x009d, 0x002f}
	if t.version == 0x0304 {
		ciphers = append([]uint16{0x1301, 0x1302, 0x1303}, ciphers...)
	}
	w.Len16(func(w *wire.Builder) {
		for _, c := range ciphers {
			w.U16(c)
		}
	}).U8(1, 0)
	w.Len16(func(w *wire.Builder) {
		extension := func(kind uint16, b []byte) { w.U16(kind).U16(uint16(len(b))).Bytes(b) }
		if name != "" {
			var e wire.Builder
			extension(0, e.U16(uint16(len(name)+3)).U8(0).U16(uint16(len(name))).Text(name).B)
		}
		extension(0x0017, nil)
		extension(0xff01, []byte{0})
		extension(0x000a, []byte{0, 6, 0, 0x1d, 0, 0x17, 0, 0x18})
		extension(0x000b, []byte{1, 0})
		if protocols != nil {
			var e wire.Builder
			e.Len16(func(w *wire.Builder) {
				for _, p := range protocols {
					w.U8(byte(len(p))).Text(p)
				}
			})
			extension(0x0010, e.B)
		}
		extension(0x000d, []byte{0, 12, 4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1})
		if t.version == 0x0304 {
			extension(0x0033, append([]byte{0, 36, 0, 0x1d, 0, 32}, t.random(32)...))
			extension(0x002d, []byte{1, 1})
			extension(0x002b, []byte{4, 3, 4, 3, 3})
		}
	})
	return record16(0x16, handshake(1, w.B))
}

// dialTLS performs a handshake; the certificate is seen only in version 1.2.
func (n *network) dialTLS(at time.Duration, client, server *host, port, version uint16, name string, cert []byte, protocols ...string) *tls {
	t := &tls{n.dial(at, client, server, port, "tls"), version}
	t.shake(name, cert, protocols...)
	return t
}

func (t *tls) shake(name string, cert []byte, protocols ...string) {
	t.client(t.helloClient(name, protocols...))
	var hello wire.Builder
	hello.U16(0x0303).Bytes(t.random(32)).U8(32).Bytes(t.random(32))
	change := record16(0x14, []byte{1})
	if t.version == 0x0304 {
		hello.U16(0x1301).U8(0).U16(6 + 40).U16(0x2b).U16(2).U16(0x0304).U16(0x33).U16(36).U16(0x1d).U16(32).Bytes(t.random(32))
		t.server(join(record16(0x16, handshake(2, hello.B)), change, t.secret(1180+t.rng.IntN(80))))
		t.client(join(change, t.secret(53)))
		return
	}
	hello.U16(0xc02f).U8(0).U16(5).U16(0xff01).U16(1).U8(0)
	var chain, key, share wire.Builder
	size := len(cert)
	chain.U8(byte((size+3)>>16), byte((size+3)>>8), byte(size+3), byte(size>>16), byte(size>>8), byte(size)).Bytes(cert)
	key.U8(3).U16(0x1d).U8(32).Bytes(t.random(32)).U16(0x0401).U16(256).Bytes(t.random(256))
	t.server(join(record16(0x16, handshake(2, hello.B)), record16(0x16, handshake(11, chain.B)), record16(0x16, handshake(12, key.B)), record16(0x16, handshake(14, nil))))
	share.U8(32).Bytes(t.random(32))
	t.client(join(record16(0x16, handshake(16, share.B)), change, record16(0x16, t.random(40))))
	t.server(join(change, record16(0x16, t.random(40))))
}

func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}
