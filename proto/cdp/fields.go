package cdp

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// scratch is where a session writes texts, so that none is allocated. What it
// returns is good until its next use.
type scratch struct{ b [1024]byte }

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

func (s *scratch) number(n uint64) string { return proto.View(strconv.AppendUint(s.b[:0], n, 10)) }

// deviceID is the host name; CatOS and NX-OS add the serial number, as
// "serial(name)" and "name(serial)".
func (s *session) deviceID(c *proto.Context, v []byte) {
	t := s.text.clean(v)
	c.Say(fact.Sender, fact.DeviceName, t, "CDP device id", 95)
	before, rest, ok := strings.Cut(t, "(")
	inside, _, closed := strings.Cut(rest, ")")
	if !ok || !closed {
		return
	}
	if serial(inside) {
		c.Say(fact.Sender, fact.Serial, inside, "CDP device id", 85)
	} else if serial(before) {
		c.Say(fact.Sender, fact.Serial, before, "CDP device id", 85)
	}
}

// serial tells Cisco's form: three letters for the place, then eight letters
// and digits.
func serial(t string) bool {
	if len(t) != 11 {
		return false
	}
	for i := range len(t) {
		letter := t[i] >= 'A' && t[i] <= 'Z'
		if i < 3 && !letter || i >= 3 && !letter && (t[i] < '0' || t[i] > '9') {
			return false
		}
	}
	return true
}

// maxAddresses bounds what one message may state.
const maxAddresses = 32

// addresses reads a count and, for each, protocol type, protocol and address.
func (s *session) addresses(c *proto.Context, v []byte) {
	r := wire.NewReader(v)
	n := r.U32("number of addresses")
	for range min(n, maxAddresses) {
		r.U8("protocol type")
		protocol := r.Bytes("protocol", int(r.U8("protocol length")))
		addr := r.Bytes("address", int(r.U16("address length")))
		if !r.OK() {
			return
		}
		ipv4 := len(protocol) == 1 && protocol[0] == 0xcc && len(addr) == 4
		ipv6 := len(protocol) == 8 && protocol[6] == 0x86 && protocol[7] == 0xdd && len(addr) == 16
		a, ok := netip.AddrFromSlice(addr)
		if ok && (ipv4 || ipv6) && !a.IsUnspecified() && !a.IsMulticast() {
			c.Say(fact.Sender, fact.IPAssigned, proto.View(a.AppendTo(s.text.b[:0])), "CDP address", 95)
		}
	}
}

// capabilityBits and the role that each suggests, the most telling first. A
// layer-3 switch sets router and switch, so switch goes first.
var capabilityBits = []struct {
	bit   uint32
	name  string
	role  string
	trust uint8
}{
	{0x80, "telephone", "phone", 85},
	{0x08, "switch", "switch", 85},
	{0x01, "router", "router", 80},
	{0x02, "transparent bridge", "switch", 50},
	{0x04, "source-route bridge", "", 0},
	{0x10, "host", "", 0},
	{0x20, "IGMP capable", "", 0},
	{0x40, "repeater", "", 0},
}

func capabilities(c *proto.Context, v []byte) {
	r := wire.NewReader(v)
	bits := r.U32("capabilities")
	hinted := false
	for _, x := range capabilityBits {
		if bits&x.bit == 0 {
			continue
		}
		c.Say(fact.Sender, fact.Capability, x.name, "CDP capabilities", 95)
		if x.role != "" && !hinted {
			hinted = true
			c.Say(fact.Sender, fact.RoleHint, x.role, "CDP capabilities", x.trust)
		}
	}
}

// systems are told by a word of the version text.
var systems = []struct{ word, os string }{
	{"NX-OS", "Cisco NX-OS"}, {"IOS-XE", "Cisco IOS XE"}, {"IOS XE", "Cisco IOS XE"}, {"IOS", "Cisco IOS"}, {"Adaptive Security", "Cisco ASA"},
}

// version reads "..., IE2000 Software (...), Version 15.2(4)EA6, RELEASE ...".
func (s *session) version(c *proto.Context, v []byte) {
	t := s.text.clean(v)
	c.Say(fact.Sender, fact.Software, t, "CDP software version", 95)
	for _, x := range systems {
		if strings.Contains(t, x.word) {
			c.Say(fact.Sender, fact.OS, x.os, "CDP software version", 85)
			break
		}
	}
	if _, rest, ok := strings.Cut(t, "Version "); ok {
		rest, _, _ = strings.Cut(rest, ";")
		rest, _, _ = strings.Cut(rest, ",")
		rest, _, _ = strings.Cut(rest, " ")
		c.Say(fact.Sender, fact.FirmwareVer, rest, "CDP software version", 90)
	}
}

// platform is "cisco WS-C2950-12" or "Cisco IP Phone 7960".
func (s *session) platform(c *proto.Context, v []byte) {
	t := s.text.clean(v)
	c.Say(fact.Sender, fact.Model, t, "CDP platform", 90)
	if len(t) > 6 && strings.EqualFold(t[:6], "cisco ") {
		c.Say(fact.Sender, fact.Vendor, "Cisco", "CDP platform", 90)
		if order := t[6:]; !strings.Contains(order, " ") {
			c.Say(fact.Sender, fact.OrderNumber, order, "CDP platform", 85)
		}
	}
}
