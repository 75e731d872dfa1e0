package dnsmsg

import (
	"net/netip"
)

// Record types that dissectors look into (IANA, DNS parameters).
const (
	A     = 1
	NS    = 2
	CNAME = 5
	SOA   = 6
	PTR   = 12
	TXT   = 16
	AAAA  = 28
	NB    = 32
	SRV   = 33
	OPT   = 41
	ANY   = 255
)

// TypeNames are the mnemonics of record and query types.
var TypeNames = map[uint16]string{
	1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 10: "NULL", 11: "WKS", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT",
	17: "RP", 18: "AFSDB", 24: "SIG", 25: "KEY", 28: "AAAA", 29: "LOC", 33: "SRV", 35: "NAPTR", 36: "KX",
	37: "CERT", 39: "DNAME", 41: "OPT", 43: "DS", 44: "SSHFP", 45: "IPSECKEY", 46: "RRSIG", 47: "NSEC",
	48: "DNSKEY", 49: "DHCID", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA", 59: "CDS", 60: "CDNSKEY", 61: "OPENPGPKEY",
	64: "SVCB", 65: "HTTPS", 99: "SPF", 249: "TKEY", 250: "TSIG", 251: "IXFR", 252: "AXFR", 255: "ANY",
	256: "URI", 257: "CAA", 32769: "DLV",
}

// Rcodes are the outcomes of RFC 1035, 4.1.1 and RFC 2136, 2.2.
var Rcodes = [16]string{
	1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED",
	6: "YXDOMAIN", 7: "YXRRSET", 8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE",
	11: "RCODE 11", 12: "RCODE 12", 13: "RCODE 13", 14: "RCODE 14", 15: "RCODE 15",
}

// Addr is the address in an A or AAAA record of the Internet class.
func (rec *Record) Addr() (netip.Addr, bool) {
	if rec.Class&0x7fff != 1 { // mDNS keeps a flag in the topmost bit
		return netip.Addr{}, false
	}
	switch {
	case rec.Type == A && len(rec.Data) == 4:
		return netip.AddrFrom4([4]byte(rec.Data)), true
	case rec.Type == AAAA && len(rec.Data) == 16:
		return netip.AddrFrom16([16]byte(rec.Data)), true
	}
	return netip.Addr{}, false
}

// ReverseAddr is the address that a text of the form 4.3.2.1.in-addr.arpa or
// of ip6.arpa stands for.
func ReverseAddr(name []byte) (netip.Addr, bool) {
	if rest, ok := cutFold(name, ".in-addr.arpa"); ok {
		return reverse4(rest)
	}
	if rest, ok := cutFold(name, ".ip6.arpa"); ok {
		return reverse6(rest)
	}
	return netip.Addr{}, false
}

func reverse4(s []byte) (netip.Addr, bool) {
	var a [4]byte
	i, n, digits := 3, 0, 0
	for _, x := range s {
		switch {
		case x >= '0' && x <= '9' && digits < 3:
			n, digits = n*10+int(x-'0'), digits+1
		case x == '.' && digits > 0 && n < 256 && i > 0:
			a[i] = byte(n)
			i, n, digits = i-1, 0, 0
		default:
			return netip.Addr{}, false
		}
	}
	if i != 0 || digits == 0 || n > 255 {
		return netip.Addr{}, false
	}
	a[0] = byte(n)
	return netip.AddrFrom4(a), true
}

func reverse6(s []byte) (netip.Addr, bool) {
	if len(s) != 63 {
		return netip.Addr{}, false
	}
	var a [16]byte
	for i := range 32 {
		x := s[2*i]
		switch {
		case i > 0 && s[2*i-1] != '.':
			return netip.Addr{}, false
		case x >= '0' && x <= '9':
			x -= '0'
		case x|0x20 >= 'a' && x|0x20 <= 'f':
			x = x | 0x20 - 'a' + 10
		default:
			return netip.Addr{}, false
		}
		a[15-i/2] |= x << (4 * (i % 2))
	}
	return netip.AddrFrom16(a), true
}

// cutFold removes a suffix that may be in either case.
func cutFold(b []byte, suffix string) ([]byte, bool) {
	n := len(b) - len(suffix)
	if n < 0 || !EqualFold(b[n:], suffix) {
		return nil, false
	}
	return b[:n], true
}

// EqualFold tells whether b is s, where ASCII case does not matter and s is in
// lower case.
func EqualFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i, x := range b {
		if x >= 'A' && x <= 'Z' {
			x |= 0x20
		}
		if x != s[i] {
			return false
		}
	}
	return true
}
