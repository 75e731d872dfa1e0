package lldp

import (
	"bytes"
	"net/netip"
	"unicode/utf8"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// scratch is where a session writes texts, so that none is allocated. What it
// returns is good until its next use.
type scratch struct{ b [512]byte }

// clean is v without blanks and NULs around it, lines joined by semicolons; or
// "" when it is not text.
func (s *scratch) clean(v []byte) string {
	v = bytes.Trim(v, "\x00 \r\n\t")
	if len(v) == 0 || len(v) > len(s.b) || !utf8.Valid(v) {
		return ""
	}
	out := s.b[:0]
	for i, x := range v {
		switch {
		case x == '\n' || x == '\r':
			if i > 0 && v[i-1] != '\r' && v[i-1] != '\n' {
				out = append(out, ';')
			}
		case x == '\t':
			out = append(out, ' ')
		case x < 0x20 || x == 0x7f:
			return ""
		default:
			out = append(out, x)
		}
	}
	return proto.View(out)
}

const digits = "0123456789abcdef"

func (s *scratch) mac(m fact.MAC) string {
	out := s.b[:0]
	for i, x := range m {
		if i > 0 {
			out = append(out, ':')
		}
		out = append(out, digits[x>>4], digits[x&15])
	}
	return proto.View(out)
}

// hex writes at most 32 bytes.
func (s *scratch) hex(v []byte) string {
	out := s.b[:0]
	for _, x := range v[:min(len(v), 32)] {
		out = append(out, digits[x>>4], digits[x&15])
	}
	return proto.View(out)
}

func (s *scratch) addr(a netip.Addr) string { return proto.View(a.AppendTo(s.b[:0])) }

// toMAC is v as an address that one device can have.
func toMAC(v []byte) (m fact.MAC, ok bool) {
	if len(v) != len(m) {
		return m, false
	}
	copy(m[:], v)
	return m, !m.IsZero() && !m.Group()
}

// toAddr is v as an address that one device can have. IANA family numbers:
// 1 IPv4, 2 IPv6.
func toAddr(family uint8, v []byte) (netip.Addr, bool) {
	a, ok := netip.AddrFromSlice(v)
	ok = ok && (family == 1 && len(v) == 4 || family == 2 && len(v) == 16)
	return a, ok && !a.IsUnspecified() && !a.IsMulticast() && !a.IsLoopback()
}
