package nbns

import (
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
)

// maxRecords and maxAddresses bound what is looked into of one message.
const (
	maxRecords   = 16
	maxAddresses = 32
)

const opRelease = 6

// identify reads what the answers, and the records that go with a
// registration, bind together.
func (s *session) identify(c *proto.Context, b []byte) {
	m := dnsmsg.NewReader(b)
	if m.Opcode() == opRelease || m.Opcode() == 7 {
		return
	}
	var rec dnsmsg.Record
	for n := 0; n < maxRecords && m.Next(&rec); n++ {
		switch {
		case rec.Section == dnsmsg.Question:
		case rec.Type == typeStatus:
			s.status(c, rec.Data)
		case rec.Type == dnsmsg.NB:
			s.other.read(b, rec.Name)
			s.addresses(c, rec.Data)
		}
	}
}

const groupBit = 0x8000 // in NB_FLAGS and NAME_FLAGS

// addresses reads an NB record: flags and address, repeated.
func (s *session) addresses(c *proto.Context, data []byte) {
	r := wire.NewReader(data)
	for n := 0; n < maxAddresses && r.Len() >= 6; n++ {
		flags := r.U16("flags")
		addr := netip.AddrFrom4([4]byte(r.Bytes("address", 4)))
		if addr.IsUnspecified() || addr.IsMulticast() || addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
			continue
		}
		of := fact.Subject{Who: fact.Elsewhere, IP: addr}
		if addr == c.Src.Addr() {
			of = fact.Subject{Who: fact.Sender}
		}
		owns(c, of, &s.other, flags&groupBit != 0, "NetBIOS name")
	}
}

// status reads a node status answer (RFC 1002, 4.2.18): all names of the
// sender, and its hardware address.
func (s *session) status(c *proto.Context, data []byte) {
	r := wire.NewReader(data)
	of := fact.Subject{Who: fact.Sender}
	for n := int(r.U8("number of names")); n > 0; n-- {
		raw := r.Bytes("name", 16)
		flags := r.U16("flags")
		if !r.OK() {
			return
		}
		s.other.plain(raw)
		owns(c, of, &s.other, flags&groupBit != 0, "NetBIOS node status")
	}
	mac := r.Bytes("unit id", 6)
	if len(mac) == 6 && fact.MAC(mac) != (fact.MAC{}) && !fact.MAC(mac).Group() {
		c.SayOf(of, fact.MACStated, macText(&s.name.text, mac), "NetBIOS node status", 85)
	}
}

// macText writes an address into buf.
func macText(buf *[20]byte, mac []byte) string {
	const hex = "0123456789abcdef"
	t := buf[:0]
	for i, x := range mac {
		if i > 0 {
			t = append(t, ':')
		}
		t = append(t, hex[x>>4], hex[x&15])
	}
	return proto.View(t)
}

// owns says what it means that a host has a name ([MS-NBTE], 2.2.1; MSKB
// Q163409).
func owns(c *proto.Context, of fact.Subject, n *netName, group bool, source string) {
	text := proto.View(n.bare())
	switch {
	case n.suffix == 0x00 && !group:
		c.SayOf(of, fact.Hostname, text, source, 85)
	case n.suffix == 0x20 && !group:
		c.SayOf(of, fact.Hostname, text, source, 80)
		c.SayOf(of, fact.Service, "smb file server", source, 70)
	case n.suffix == 0x00 || n.suffix == 0x1e && group:
		c.SayOf(of, fact.Domain, text, source, 75)
	case n.suffix == 0x1c && group:
		if text != "INet~Services" { // the group that web servers of Windows join
			c.SayOf(of, fact.Domain, text, source, 85)
			c.SayOf(of, fact.RoleHint, "domain-controller", source, 85)
		}
	case n.suffix == 0x1b:
		c.SayOf(of, fact.Domain, text, source, 85)
		c.SayOf(of, fact.RoleHint, "domain-controller", source, 60) // domain master browser: the primary one
	case n.suffix == 0x1d:
		c.SayOf(of, fact.Domain, text, source, 75)
		c.SayOf(of, fact.Service, "NetBIOS master browser", source, 80)
	}
}
