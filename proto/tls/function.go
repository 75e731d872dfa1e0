package tls

import (
	"fmt"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
)

const name = "tls"

// Handshake types that are told apart (RFC 8446, B.3).
const (
	clientHello = 1
	serverHello = 2
	certificate = 11
)

// handshakes are the handshake types (IANA TLS HandshakeType).
var handshakes = func() (t [256]fact.Function) {
	known := map[int]string{
		0: "hello request", 1: "client hello", 2: "server hello", 3: "hello verify request", 4: "new session ticket",
		5: "end of early data", 6: "hello retry request", 8: "encrypted extensions", 11: "certificate", 12: "server key exchange",
		13: "certificate request", 14: "server hello done", 15: "certificate verify", 16: "client key exchange",
		20: "finished", 21: "certificate url", 22: "certificate status", 23: "supplemental data", 24: "key update",
		25: "compressed certificate", 67: "next protocol",
	}
	for i := range t {
		n := known[i]
		if n == "" {
			n = "handshake type " + strconv.Itoa(i)
		}
		t[i] = fact.Function{Protocol: name, Code: strconv.Itoa(i), Name: n, Class: fact.Login, Reply: i == serverHello}
	}
	return t
}()

// Records that are no handshake; their content types overlap handshake types.
var (
	changeCipher = fact.Function{Protocol: name, Code: "record 20", Name: "change cipher spec", Class: fact.Login}
	alertRecord  = fact.Function{Protocol: name, Code: "record 21", Name: "alert", Class: fact.Other}
)

func allFunctions() []fact.Function {
	var fs []fact.Function
	for i := range handshakes {
		if f := handshakes[i]; f.Name != "handshake type "+f.Code {
			fs = append(fs, f)
		}
	}
	return append(fs, changeCipher, alertRecord)
}

// alerts are the descriptions of RFC 8446, B.2, and of older versions.
var alerts = [256]string{
	0: "close notify", 10: "unexpected message", 20: "bad record mac", 21: "decryption failed", 22: "record overflow",
	30: "decompression failure", 40: "handshake failure", 41: "no certificate", 42: "bad certificate",
	43: "unsupported certificate", 44: "certificate revoked", 45: "certificate expired", 46: "certificate unknown",
	47: "illegal parameter", 48: "unknown CA", 49: "access denied", 50: "decode error", 51: "decrypt error",
	60: "export restriction", 70: "protocol version", 71: "insufficient security", 80: "internal error",
	86: "inappropriate fallback", 90: "user canceled", 100: "no renegotiation", 109: "missing extension",
	110: "unsupported extension", 111: "certificate unobtainable", 112: "unrecognized name", 113: "bad certificate status response",
	114: "bad certificate hash value", 115: "unknown PSK identity", 116: "certificate required", 120: "no application protocol",
}

// versionName names a protocol version.
func versionName(v uint16) string {
	switch v {
	case 0x0002:
		return "SSL 2.0"
	case 0x0300:
		return "SSL 3.0"
	case 0x0301:
		return "TLS 1.0"
	case 0x0302:
		return "TLS 1.1"
	case 0x0303:
		return "TLS 1.2"
	case 0x0304:
		return "TLS 1.3"
	}
	if v>>8 == 0x7f {
		return "TLS 1.3 draft"
	}
	return ""
}

// suites are the cipher suites met in the field (IANA TLS Cipher Suites),
// including those that nobody should use any more.
var suites = func() map[uint16]string {
	t := map[uint16]string{
		0x0000: "NULL_WITH_NULL_NULL", 0x0001: "RSA_WITH_NULL_MD5", 0x0002: "RSA_WITH_NULL_SHA",
		0x0003: "RSA_EXPORT_WITH_RC4_40_MD5", 0x0004: "RSA_WITH_RC4_128_MD5", 0x0005: "RSA_WITH_RC4_128_SHA",
		0x0006: "RSA_EXPORT_WITH_RC2_CBC_40_MD5", 0x0008: "RSA_EXPORT_WITH_DES40_CBC_SHA", 0x0009: "RSA_WITH_DES_CBC_SHA",
		0x000a: "RSA_WITH_3DES_EDE_CBC_SHA", 0x0011: "DHE_DSS_EXPORT_WITH_DES40_CBC_SHA", 0x0013: "DHE_DSS_WITH_3DES_EDE_CBC_SHA",
		0x0014: "DHE_RSA_EXPORT_WITH_DES40_CBC_SHA", 0x0015: "DHE_RSA_WITH_DES_CBC_SHA", 0x0016: "DHE_RSA_WITH_3DES_EDE_CBC_SHA",
		0x0017: "DH_anon_EXPORT_WITH_RC4_40_MD5", 0x0018: "DH_anon_WITH_RC4_128_MD5", 0x001b: "DH_anon_WITH_3DES_EDE_CBC_SHA",
		0x002f: "RSA_WITH_AES_128_CBC_SHA", 0x0032: "DHE_DSS_WITH_AES_128_CBC_SHA", 0x0033: "DHE_RSA_WITH_AES_128_CBC_SHA",
		0x0034: "DH_anon_WITH_AES_128_CBC_SHA", 0x0035: "RSA_WITH_AES_256_CBC_SHA", 0x0038: "DHE_DSS_WITH_AES_256_CBC_SHA",
		0x0039: "DHE_RSA_WITH_AES_256_CBC_SHA", 0x003a: "DH_anon_WITH_AES_256_CBC_SHA", 0x003b: "RSA_WITH_NULL_SHA256",
		0x003c: "RSA_WITH_AES_128_CBC_SHA256", 0x003d: "RSA_WITH_AES_256_CBC_SHA256", 0x0041: "RSA_WITH_CAMELLIA_128_CBC_SHA",
		0x0067: "DHE_RSA_WITH_AES_128_CBC_SHA256", 0x006b: "DHE_RSA_WITH_AES_256_CBC_SHA256", 0x0084: "RSA_WITH_CAMELLIA_256_CBC_SHA",
		0x008c: "PSK_WITH_AES_128_CBC_SHA", 0x008d: "PSK_WITH_AES_256_CBC_SHA", 0x0096: "RSA_WITH_SEED_CBC_SHA",
		0x009c: "RSA_WITH_AES_128_GCM_SHA256", 0x009d: "RSA_WITH_AES_256_GCM_SHA384", 0x009e: "DHE_RSA_WITH_AES_128_GCM_SHA256",
		0x009f: "DHE_RSA_WITH_AES_256_GCM_SHA384", 0x00a8: "PSK_WITH_AES_128_GCM_SHA256", 0x00a9: "PSK_WITH_AES_256_GCM_SHA384",
		0x00ae: "PSK_WITH_AES_128_CBC_SHA256", 0x1301: "AES_128_GCM_SHA256", 0x1302: "AES_256_GCM_SHA384",
		0x1303: "CHACHA20_POLY1305_SHA256", 0x1304: "AES_128_CCM_SHA256", 0x1305: "AES_128_CCM_8_SHA256",
		0xc006: "ECDHE_ECDSA_WITH_NULL_SHA", 0xc007: "ECDHE_ECDSA_WITH_RC4_128_SHA", 0xc008: "ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA",
		0xc009: "ECDHE_ECDSA_WITH_AES_128_CBC_SHA", 0xc00a: "ECDHE_ECDSA_WITH_AES_256_CBC_SHA", 0xc010: "ECDHE_RSA_WITH_NULL_SHA",
		0xc011: "ECDHE_RSA_WITH_RC4_128_SHA", 0xc012: "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", 0xc013: "ECDHE_RSA_WITH_AES_128_CBC_SHA",
		0xc014: "ECDHE_RSA_WITH_AES_256_CBC_SHA", 0xc018: "ECDH_anon_WITH_AES_128_CBC_SHA", 0xc023: "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
		0xc024: "ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", 0xc027: "ECDHE_RSA_WITH_AES_128_CBC_SHA256", 0xc028: "ECDHE_RSA_WITH_AES_256_CBC_SHA384",
		0xc02b: "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0xc02c: "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
		0xc02f: "ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0xc030: "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
		0xc035: "ECDHE_PSK_WITH_AES_128_CBC_SHA", 0xc037: "ECDHE_PSK_WITH_AES_128_CBC_SHA256", 0xc09c: "RSA_WITH_AES_128_CCM",
		0xc0a0: "RSA_WITH_AES_128_CCM_8", 0xc0a4: "PSK_WITH_AES_128_CCM", 0xc0a8: "PSK_WITH_AES_128_CCM_8",
		0xc0ac: "ECDHE_ECDSA_WITH_AES_128_CCM", 0xc0ad: "ECDHE_ECDSA_WITH_AES_256_CCM", 0xc0ae: "ECDHE_ECDSA_WITH_AES_128_CCM_8",
		0xcca8: "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xcca9: "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
		0xccaa: "DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xccac: "ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
	}
	for id, s := range t {
		t[id] = "TLS_" + s
	}
	return t
}()

// unknownSuite names the others by number, made once per number.
func unknownSuite(key uint64) fact.Function {
	return fact.Function{Code: fmt.Sprintf("0x%04x", uint16(key))}
}
