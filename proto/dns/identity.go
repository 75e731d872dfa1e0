package dns

import (
	"bytes"
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
)

// maxRecords bounds the records of one message that are looked into.
const maxRecords = 128

// dcLocator begins the second half of the name under which members of a
// Windows domain look for its controllers ([MS-ADTS], 6.3.2.3).
var dcLocator = []byte(".dc._msdcs.")

// identify says what a message tells about hosts.
func (s *session) identify(c *proto.Context, b []byte, h *dnsmsg.Header, qtype uint16, qname []byte) {
	_, domain, dc := bytes.Cut(qname, dcLocator)
	switch {
	case h.Opcode() == opUpdate:
		if !h.Response() {
			s.records(c, b, dnsmsg.Authority, 80, "DNS update", 0, nil, false)
		}
	case h.Opcode() != 0:
	case !h.Response():
		if dc && qtype == dnsmsg.SRV {
			c.SayBytes(fact.Sender, fact.Domain, domain, "DNS search for a domain controller", 70)
		}
	case h.Rcode() == 0:
		if !s.said && c.Src.Port == 53 {
			s.said = true
			c.Say(fact.Sender, fact.Service, "dns 53", "DNS answer", 90)
		}
		s.records(c, b, dnsmsg.Answer, 55, "DNS answer", qtype, qname, dc)
	}
}

// records binds names to addresses, from section first on. The owner of an
// address that was asked for is the name that was asked for, not the end of a
// chain of aliases.
func (s *session) records(c *proto.Context, b []byte, first dnsmsg.Section, confidence uint8, source string, qtype uint16, qname []byte, dc bool) {
	m := dnsmsg.NewReader(b)
	var rec dnsmsg.Record
	for n := 0; n < maxRecords && m.Next(&rec); n++ {
		if rec.Section < first {
			continue
		}
		switch rec.Type {
		case dnsmsg.A, dnsmsg.AAAA:
			addr, ok := rec.Addr()
			if !ok || !host(addr) {
				continue
			}
			owner := qname
			if rec.Section != dnsmsg.Answer || qtype != rec.Type {
				owner, _ = dnsmsg.AppendName(s.text[:0], b, rec.Name)
			}
			of := fact.Subject{Who: fact.Elsewhere, IP: addr}
			c.SayOf(of, fact.Hostname, proto.View(owner), source, confidence)
			if dc && qtype == dnsmsg.SRV {
				c.SayOf(of, fact.RoleHint, "domain-controller", "DNS answer naming domain controllers", 85)
			}
		case dnsmsg.PTR:
			if addr, ok := dnsmsg.ReverseAddr(qname); ok && host(addr) && rec.Section == dnsmsg.Answer {
				target, _ := dnsmsg.AppendName(s.text[:0], b, rec.At)
				c.SayOf(fact.Subject{Who: fact.Elsewhere, IP: addr}, fact.Hostname, proto.View(target), "DNS reverse answer", 60)
			}
		case dnsmsg.TXT:
			if dnsmsg.EqualFold(qname, "version.bind") && len(rec.Data) > 1 && int(rec.Data[0]) < len(rec.Data) {
				c.SayBytes(fact.Sender, fact.Software, rec.Data[1:1+rec.Data[0]], "DNS version.bind", 80)
			}
		}
	}
}

// host tells addresses that belong to one host.
func host(a netip.Addr) bool {
	return a.IsValid() && !a.IsUnspecified() && !a.IsLoopback() && !a.IsMulticast() && a != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}
