package opcua

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const maxCertificate = 16 << 10

// certificate says what the sender's certificate states. b may be a chain;
// the sender's own comes first (Part 6, 6.2.3).
func (s *session) certificate(c *proto.Context, b []byte, source string) {
	if len(b) < 64 || len(b) > maxCertificate || !s.seen.fresh([]byte("certificate"), b) {
		return
	}
	one := first(b)
	cert, err := x509.ParseCertificate(one)
	if err != nil {
		c.Say(fact.Sender, fact.Certificate, "certificate that cannot be read", source, 40)
		return
	}
	sum := sha256.Sum256(one)
	text := fmt.Sprintf("subject %s; issuer %s; valid %s to %s; %s; SHA-256 %s",
		titled(&cert.Subject), issuer(cert), cert.NotBefore.UTC().Format("2006-01-02"), cert.NotAfter.UTC().Format("2006-01-02"),
		key(cert), hex.EncodeToString(sum[:]))
	c.SayBytes(fact.Sender, fact.Certificate, clean([]byte(text)), source, 95)
	s.weaknesses(c, cert, source)
	for _, host := range cert.DNSNames {
		if named([]byte(host)) && !strings.Contains(host, "*") {
			c.Say(fact.Sender, fact.Hostname, host, source, 60)
			return
		}
	}
}

// Notes on a certificate: of the server, and of the client.
var (
	expired   = [2]string{"the server's certificate has expired", "the client's certificate has expired"}
	notYet    = [2]string{"the server's certificate is not yet valid", "the client's certificate is not yet valid"}
	oldDigest = [2]string{"the server's certificate is signed with MD5 or SHA-1", "the client's certificate is signed with MD5 or SHA-1"}
	shortKey  = [2]string{"the server's certificate has an RSA key of less than 2048 bits", "the client's certificate has an RSA key of less than 2048 bits"}
)

// weaknesses says what a person should know about a certificate.
func (s *session) weaknesses(c *proto.Context, cert *x509.Certificate, source string) {
	side := 0
	if s.isClient(c) {
		side = 1
	}
	note := func(text string, confidence uint8) {
		c.Say(fact.Conversation, fact.SessionNote, text, source, confidence)
	}
	switch now := c.Time / 1e9; {
	case now > cert.NotAfter.Unix():
		note(expired[side], 95)
	case now < cert.NotBefore.Unix():
		note(notYet[side], 80)
	}
	switch cert.SignatureAlgorithm {
	case x509.MD5WithRSA, x509.SHA1WithRSA, x509.ECDSAWithSHA1:
		note(oldDigest[side], 95)
	}
	if k, ok := cert.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() < 2048 {
		note(shortKey[side], 95)
	}
}

// first cuts the first certificate out of a chain: a DER sequence.
func first(b []byte) []byte {
	r := wire.NewReader(b)
	tag, form := r.U8("tag"), r.U8("length")
	n := 0
	switch {
	case tag != 0x30:
		return b
	case form < 0x80:
		n = int(form)
	case form == 0x81:
		n = int(r.U8("length"))
	case form == 0x82:
		n = int(r.U16("length"))
	default:
		return b
	}
	if r.Skip("certificate", n); !r.OK() {
		return b
	}
	return b[:r.Pos()]
}

func issuer(cert *x509.Certificate) string {
	if bytes.Equal(cert.RawIssuer, cert.RawSubject) {
		return "itself"
	}
	return titled(&cert.Issuer)
}

// titled is a distinguished name by the parts that a person reads.
func titled(n *pkix.Name) string {
	parts := []string{"CN=" + n.CommonName}
	for _, o := range n.Organization {
		parts = append(parts, "O="+o)
	}
	for _, o := range n.OrganizationalUnit {
		parts = append(parts, "OU="+o)
	}
	for _, l := range n.Locality {
		parts = append(parts, "L="+l)
	}
	for _, k := range n.Country {
		parts = append(parts, "C="+k)
	}
	return strings.Join(parts[:min(len(parts), 8)], ", ")
}

func key(cert *x509.Certificate) string {
	switch k := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Params().Name
	}
	return cert.PublicKeyAlgorithm.String()
}
