package tls

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// maxCertificate bounds what is handed to the X.509 parser.
const maxCertificate = 16 << 10

// certificates says what the first certificate of the message states (RFC
// 5246, 7.4.2: the sender's own comes first). Parsing it is dear and happens
// once per session and certificate.
func (s *session) certificates(c *proto.Context, b []byte) {
	r := wire.NewReader(b)
	r.U24("list length")
	if r.Len() == 0 {
		return // a client that has none
	}
	raw := r.Bytes("certificate", int(r.U24("certificate length")))
	if !r.OK() || len(raw) == 0 || len(raw) > maxCertificate {
		return
	}
	if sum := sha256.Sum256(raw); sum != s.certs[c.Dir] {
		s.certs[c.Dir] = sum
		c.Say(fact.Sender, fact.Certificate, describe(raw, sum[:]), "TLS certificate", 100)
	}
	if s.known && s.clientDir == c.Dir {
		c.Say(fact.Conversation, fact.SessionAuth, "certificate", "TLS client certificate", 90)
	}
}

// describe writes a certificate as "key=value" pairs separated by "; ":
// subject, issuer, not_before, not_after (RFC 3339), key (algorithm and bits),
// signature, self_signed (yes or no), names (of the subject alternative name),
// sha256. Keys whose value is not known are left out.
func describe(raw, sum []byte) string {
	var b strings.Builder
	if cert, err := x509.ParseCertificate(raw); err == nil {
		pair(&b, "subject", cert.Subject.String())
		pair(&b, "issuer", cert.Issuer.String())
		pair(&b, "not_before", cert.NotBefore.UTC().Format(time.RFC3339))
		pair(&b, "not_after", cert.NotAfter.UTC().Format(time.RFC3339))
		pair(&b, "key", key(cert))
		pair(&b, "signature", cert.SignatureAlgorithm.String())
		if bytes.Equal(cert.RawSubject, cert.RawIssuer) {
			pair(&b, "self_signed", "yes")
		} else {
			pair(&b, "self_signed", "no")
		}
		pair(&b, "names", names(cert))
	}
	pair(&b, "sha256", hex.EncodeToString(sum))
	return b.String()
}

const maxNames = 16

func names(cert *x509.Certificate) string {
	list := cert.DNSNames
	for _, ip := range cert.IPAddresses {
		list = append(list, ip.String())
	}
	for _, u := range cert.URIs {
		list = append(list, u.String())
	}
	return strings.Join(list[:min(len(list), maxNames)], ",")
}

func key(cert *x509.Certificate) string {
	switch k := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return "RSA " + strconv.Itoa(k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + strconv.Itoa(k.Params().BitSize)
	case ed25519.PublicKey:
		return "Ed25519 256"
	}
	return cert.PublicKeyAlgorithm.String()
}

// pair appends "k=v" with v cut to a sensible length and without separators.
func pair(b *strings.Builder, k, v string) {
	if v == "" {
		return
	}
	if b.Len() > 0 {
		b.WriteString("; ")
	}
	v = strings.Map(func(r rune) rune {
		if r < 0x20 || r == ';' {
			return ' '
		}
		return r
	}, v[:min(len(v), 400)])
	b.WriteString(k + "=" + v)
}
