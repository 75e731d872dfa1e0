package dhcp

import (
	"bytes"
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
)

// Options that are looked into (RFC 2132; 81 is RFC 4702).
const (
	optRouter    = 3
	optDNS       = 6
	optHostname  = 12
	optDomain    = 15
	optNTP       = 42
	optRequested = 50
	optType      = 53
	optServer    = 54
	optVendor    = 60
	optFQDN      = 81
)

// subject is the client: by its hardware address as the message states it,
// which holds across relays and broadcasts. Clients on other media than
// Ethernet are the sender of a request that no relay passed on.
func (m *message) subject() (fact.Subject, bool) {
	switch {
	case !m.mac.IsZero() && !m.mac.Group():
		return fact.Subject{Who: fact.Elsewhere, MAC: m.mac}, true
	case m.op == 1 && !first(m.giaddr).IsValid():
		return fact.Subject{Who: fact.Sender}, true
	}
	return fact.Subject{}, false
}

// client reads what a client says of itself.
func (s *session) client(c *proto.Context, m *message) {
	of, ok := m.subject()
	if !ok {
		return
	}
	if a := first(m.ciaddr); a.IsValid() && m.kind != 0 && m.kind != typeRelease {
		c.SayOf(of, fact.IPAssigned, s.ip(a), "DHCP client address", 85)
	} else if a := first(m.requested); a.IsValid() && m.kind == typeRequest {
		c.SayOf(of, fact.IPAssigned, s.ip(a), "DHCP requested address", 60)
	}
	for at := 0; ; {
		code, value, next := option(m.options, at)
		if next == 0 {
			return
		}
		at = next
		switch code {
		case optHostname:
			if v := text(value); v != nil {
				c.SayOf(of, fact.Hostname, proto.View(v), "DHCP host name", 90)
			}
		case optVendor:
			if v := text(value); v != nil {
				class(c, of, v)
			}
		case optFQDN:
			if v := text(s.fqdn(value)); v != nil {
				c.SayOf(of, fact.Hostname, proto.View(v), "DHCP client name", 85)
			}
		}
	}
}

// class reads the vendor class identifier: what the client's maker calls it.
func class(c *proto.Context, of fact.Subject, v []byte) {
	c.SayOf(of, fact.DeviceType, proto.View(v), "DHCP vendor class", 70)
	for _, k := range classes {
		if bytes.HasPrefix(v, []byte(k.prefix)) {
			c.SayOf(of, k.attr, k.value, "DHCP vendor class", k.confidence)
		}
	}
}

// classes are vendor classes whose meaning is certain.
var classes = []struct {
	prefix     string
	attr       fact.Attr
	value      string
	confidence uint8
}{
	{"MSFT 5.0", fact.OS, "Windows", 80},
	{"MSFT 98", fact.OS, "Windows 98", 80},
	{"android-dhcp", fact.OS, "Android", 80},
	{"udhcp", fact.OS, "Linux (BusyBox)", 70},
	{"dhcpcd-", fact.Software, "dhcpcd", 70},
	{"PXEClient", fact.Software, "PXE boot client", 70},
	{"Cisco", fact.Vendor, "Cisco", 70},
	{"Hewlett-Packard JetDirect", fact.RoleHint, "printer", 85},
	{"Hewlett-Packard LaserJet", fact.RoleHint, "printer", 85},
	{"AXIS", fact.Vendor, "Axis", 80},
	{"Rockwell", fact.Vendor, "Rockwell Automation", 80},
	{"SIMATIC", fact.Vendor, "Siemens", 85},
}

// fqdn is the name in option 81, which has flags and two old result codes in
// front and is text, or a name as DNS writes it.
func (s *session) fqdn(v []byte) []byte {
	if len(v) < 4 {
		return nil
	}
	if v[0]&0x04 == 0 {
		return v[3:]
	}
	// The label reader accepts what stops without the root: partial names do.
	t := s.text[:0]
	for at := 3; at < len(v); {
		n := int(v[at])
		if n == 0 || n > 63 || n > len(v)-at-1 || len(t)+n+1 > cap(t) {
			break
		}
		if len(t) > 0 {
			t = append(t, '.')
		}
		t = append(t, v[at+1:at+1+n]...)
		at += 1 + n
	}
	return t
}

// server reads what a server tells a client, and of itself.
func (s *session) server(c *proto.Context, m *message) {
	if !first(m.giaddr).IsValid() {
		c.Say(fact.Sender, fact.Service, "dhcp 67", "DHCP server message", 90)
	}
	if m.kind == typeNak {
		return
	}
	of, ok := m.subject()
	if a := first(m.yiaddr); ok && a.IsValid() && m.kind != typeOffer {
		c.SayOf(of, fact.IPAssigned, s.ip(a), "DHCP assigned address", 95)
	}
	for at := 0; ; {
		code, value, next := option(m.options, at)
		if next == 0 {
			return
		}
		at = next
		switch code {
		case optRouter:
			if a, good := host(value); good {
				if ok {
					c.SayOf(of, fact.Gateway, s.ip(a), "DHCP router option", 85)
				}
				c.SayOf(fact.Subject{Who: fact.Elsewhere, IP: a}, fact.RoleHint, "router", "DHCP router option", 60)
			}
		case optDNS:
			s.serves(c, value, "dns 53", "DHCP name server option")
		case optNTP:
			s.serves(c, value, "ntp 123", "DHCP time server option")
		case optDomain:
			if v := text(value); ok && v != nil {
				c.SayOf(of, fact.Domain, proto.View(v), "DHCP domain name option", 75)
			}
		}
	}
}

// maxServers bounds the addresses of one option.
const maxServers = 8

func (s *session) serves(c *proto.Context, value []byte, what, source string) {
	for n := 0; n < maxServers && len(value) >= 4; n++ {
		if a, good := host(value); good {
			c.SayOf(fact.Subject{Who: fact.Elsewhere, IP: a}, fact.Service, what, source, 60)
		}
		value = value[4:]
	}
}

// host is the first address of an option, when one host can have it.
func host(value []byte) (netip.Addr, bool) {
	if len(value) < 4 {
		return netip.Addr{}, false
	}
	a := addr(value[:4])
	return a, !a.IsUnspecified() && !a.IsMulticast() && !a.IsLoopback() && value[0] < 240
}

// ip writes an address into the session's buffer.
func (s *session) ip(a netip.Addr) string { return proto.View(a.AppendTo(s.text[:0])) }

// text is a value without padding, or nil if it cannot be printed.
func text(b []byte) []byte {
	b = bytes.TrimRight(b, "\x00 ")
	for _, x := range b {
		if x < 0x20 || x == 0x7f {
			return nil
		}
	}
	if len(b) == 0 || len(b) > dnsmsg.MaxName {
		return nil
	}
	return b
}
