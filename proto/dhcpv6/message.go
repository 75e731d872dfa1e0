package dhcpv6

import (
	"bytes"
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Options that are looked into (RFC 8415, 21; RFC 3646; RFC 4704).
const (
	optClientID    = 1
	optIA          = 3
	optTemporary   = 4
	optAddress     = 5
	optRelay       = 9
	optStatus      = 13
	optVendorClass = 16
	optDNS         = 23
	optDomain      = 24
	optFQDN        = 39
)

// message is what is looked into of a message.
type message struct {
	kind    uint8
	relayed bool
	status  uint16
	client  []byte     // DUID
	address netip.Addr // given or held
	class   []byte     // vendor class
	dns     []byte
	domain  []byte // search list
	fqdn    []byte
	inside  []byte // the message that a relay passes on
}

// fromServer tells the messages of servers.
func (m *message) fromServer() bool {
	return m.kind == advertise || m.kind == reply || m.kind == reconfigure
}

// read returns its reader, so that only who wants the error makes it.
func (m *message) read(b []byte) wire.Reader {
	r := wire.NewReader(b)
	m.kind = r.U8("msg-type")
	switch {
	case r.OK() && (m.kind == 0 || int(m.kind) >= len(types)):
		r.Fail("msg-type", errType)
	case m.kind == relayForw || m.kind == relayRepl:
		r.Skip("hop-count, link-address, peer-address", relayHeader-1)
	default:
		r.Skip("transaction-id", 3)
	}
	for r.Len() > 0 {
		code := r.U16("option-code")
		v := r.Bytes("option-data", int(r.U16("option-len")))
		if r.OK() {
			m.option(code, v)
		}
	}
	return r
}

func (m *message) option(code uint16, v []byte) {
	switch code {
	case optClientID:
		m.client = v
	case optIA:
		m.association(v, 12)
	case optTemporary:
		m.association(v, 4)
	case optRelay:
		m.inside = v
	case optStatus:
		if len(v) >= 2 {
			m.status = uint16(v[0])<<8 | uint16(v[1])
		}
	case optVendorClass:
		if len(v) > 6 { // enterprise number, then strings with a length each
			r := wire.NewReader(v[4:])
			m.class = r.Bytes("vendor-class-data", int(r.U16("length")))
		}
	case optDNS:
		m.dns = v
	case optDomain:
		m.domain = v
	case optFQDN:
		if len(v) > 1 {
			m.fqdn = v[1:]
		}
	}
}

// association reads the addresses of an identity association, whose options
// begin at a fixed place.
func (m *message) association(v []byte, at int) {
	if len(v) < at {
		return
	}
	for r := wire.NewReader(v[at:]); r.Len() > 0 && r.OK(); {
		code := r.U16("option-code")
		d := r.Bytes("option-data", int(r.U16("option-len")))
		switch {
		case code == optAddress && len(d) >= 24 && !m.address.IsValid():
			m.address = netip.AddrFrom16([16]byte(d[:16]))
		case code == optStatus && len(d) >= 2 && m.status == 0:
			m.status = uint16(d[0])<<8 | uint16(d[1])
		}
	}
}

// identify says what a message tells of client and server, once.
func (s *session) identify(c *proto.Context, m *message) {
	if m.fromServer() {
		s.server(c, m)
		return
	}
	if m.relayed { // the client is neither sender nor receiver
		return
	}
	if v := s.name(m.fqdn); len(v) > 0 && !s.seen.Seen(1, v) {
		c.SayBytes(fact.Sender, fact.Hostname, v, "DHCPv6 client name", 90)
	}
	if wire.Plain(m.class) && !s.seen.Seen(2, m.class) {
		c.SayBytes(fact.Sender, fact.DeviceType, m.class, "DHCPv6 vendor class", 70)
		if bytes.HasPrefix(m.class, []byte("MSFT 5.0")) {
			c.Say(fact.Sender, fact.OS, "Windows", "DHCPv6 vendor class", 80)
		}
	}
	if mac, ok := hardware(m.client); ok && !s.seen.Seen(3, mac) {
		c.SayBytes(fact.Sender, fact.MACStated, s.mac(mac), "DHCPv6 client id", 50)
	}
}

func (s *session) server(c *proto.Context, m *message) {
	if !m.relayed && !s.seen.Seen(4, nil) {
		c.Say(fact.Sender, fact.Service, "dhcpv6 547", "DHCPv6 server message", 90)
	}
	if !m.relayed && m.kind == reply && m.address.IsValid() && !m.address.IsUnspecified() && m.status == 0 {
		a := m.address.AppendTo(s.text[:0])
		if !s.seen.Seen(5, a) {
			c.SayBytes(fact.Receiver, fact.IPAssigned, a, "DHCPv6 assigned address", 90)
		}
	}
	if s.seen.Seen(6, m.dns) {
		return
	}
	for at := 0; at+16 <= len(m.dns) && at < 8*16; at += 16 {
		a := netip.AddrFrom16([16]byte(m.dns[at : at+16]))
		if !a.IsMulticast() && !a.IsUnspecified() && !a.IsLoopback() {
			c.SayOf(fact.Subject{Who: fact.Elsewhere, IP: a}, fact.Service, "dns 53", "DHCPv6 name server option", 60)
		}
	}
	if v := s.name(m.domain); len(v) > 0 && !m.relayed {
		c.SayBytes(fact.Receiver, fact.Domain, v, "DHCPv6 domain search list", 70)
	}
}

// hardware is the Ethernet address in a DUID of type 1 or 3 (11.2, 11.4). It
// may belong to another interface of the client.
func hardware(duid []byte) ([]byte, bool) {
	switch {
	case len(duid) == 14 && duid[1] == 1 && duid[3] == 1:
		return duid[8:], true
	case len(duid) == 10 && duid[1] == 3 && duid[3] == 1:
		return duid[4:], true
	}
	return nil, false
}

func (s *session) mac(b []byte) []byte {
	const hex = "0123456789abcdef"
	t := s.text[:0]
	for i, x := range b {
		if i > 0 {
			t = append(t, ':')
		}
		t = append(t, hex[x>>4], hex[x&15])
	}
	return t
}

// name writes a name in the form of DNS, which may lack its end.
func (s *session) name(b []byte) []byte {
	t := s.text[:0]
	for len(b) > 0 {
		n := int(b[0])
		if n == 0 || n > 63 || n > len(b)-1 || len(t)+n+1 > cap(t) {
			break
		}
		if len(t) > 0 {
			t = append(t, '.')
		}
		t = append(t, b[1:1+n]...)
		b = b[1+n:]
	}
	if !wire.Plain(t) {
		return nil
	}
	return t
}
