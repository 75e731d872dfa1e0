package ntp

import (
	"bytes"
	"net/netip"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// packet is what is looked into of a time packet.
type packet struct {
	leap      uint8
	mode      uint8
	stratum   uint8
	reference []byte
}

// source says where the sender has its time from, when it serves others. It
// is said again only when it changes.
func (s *session) source(c *proto.Context, p *packet) {
	if p.mode == 3 || p.mode == 0 {
		return
	}
	what := [6]byte{p.leap, p.stratum, p.reference[0], p.reference[1], p.reference[2], p.reference[3]}
	if p.leap != 3 {
		what[0] = 0 // the announcement of a leap second changes nothing here
	}
	if s.seen.Seen(0, what[:]) {
		return
	}
	if p.mode == 4 || p.mode == 5 {
		c.Say(fact.Sender, fact.Service, "ntp 123", "NTP", 90)
	}
	switch {
	case p.stratum == 0: // a kiss, no time
	case p.leap == 3 || p.stratum > 15:
		c.Say(fact.Sender, fact.ClockSource, "not synchronised", "NTP", 90)
	case p.stratum == 1:
		c.Say(fact.Sender, fact.RoleHint, "clock", "NTP stratum 1", 80)
		c.SayBytes(fact.Sender, fact.ClockSource, s.stratum(1, reference(p.reference)), "NTP", 90)
	default:
		c.SayBytes(fact.Sender, fact.ClockSource, s.stratum(p.stratum, nil), "NTP", 90)
		s.upstream(c, p.reference)
	}
}

// stratum writes "stratum 1, GPS".
func (s *session) stratum(n uint8, ref []byte) []byte {
	t := append(s.text[:0], "stratum "...)
	t = strconv.AppendUint(t, uint64(n), 10)
	if len(ref) > 0 {
		t = append(append(t, ", "...), ref...)
	}
	return t
}

// upstream says which server the sender follows. The reference id is its IPv4
// address, or a hash of an IPv6 address (RFC 5905, 7.3), which cannot be told
// apart, so the confidence is low.
func (s *session) upstream(c *proto.Context, ref []byte) {
	addr := netip.AddrFrom4([4]byte(ref))
	if !c.Src.Addr().Is4() || addr.IsUnspecified() || addr.IsMulticast() || ref[0] == 127 || ref[0] >= 240 {
		return
	}
	c.SayBytes(fact.Sender, fact.ClockSource, addr.AppendTo(append(s.text[:0], "follows "...)), "NTP reference id", 60)
}

// reference is the four letters of a stratum 1 server: GPS, PPS, DCF, IRIG.
func reference(b []byte) []byte {
	b = bytes.TrimRight(b, "\x00 ")
	for _, x := range b {
		if x < 0x20 || x > 0x7e {
			return nil
		}
	}
	return b
}

// kiss is the reason why a server refuses (RFC 5905, 7.4).
func kiss(ref []byte) string {
	for _, k := range kisses {
		if string(ref) == k.code {
			return k.text
		}
	}
	return ""
}

var kisses = []struct{ code, text string }{
	{"DENY", "DENY: access denied"}, {"RSTR", "RSTR: access denied by policy"}, {"RATE", "RATE: asked too often"},
	{"AUTH", "AUTH: authentication failed"}, {"CRYP", "CRYP: authentication failed"}, {"NKEY", "NKEY: no such key"},
	{"INIT", "INIT: not yet synchronised"}, {"STEP", "STEP: time was stepped"}, {"ACST", "ACST"}, {"AUTO", "AUTO"}, {"BCST", "BCST"}, {"DROP", "DROP"}, {"MCST", "MCST"}, {"RMOT", "RMOT"},
}
