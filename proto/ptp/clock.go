package ptp

import (
	"bytes"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// header is what is looked into of the common header (13.3).
type header struct {
	domain uint8
	flags  uint16
	clock  [8]byte // identity of the sender's clock
	port   uint16
}

// sources are the values of timeSource (table 6).
var sources = map[uint8]string{
	0x10: "atomic clock", 0x20: "GNSS", 0x30: "terrestrial radio", 0x39: "serial time code",
	0x40: "PTP", 0x50: "NTP", 0x60: "set by hand", 0x90: "other", 0xa0: "internal oscillator",
}

// announce reads which clock is the grandmaster and how good it is (13.5). It
// is said again only when it changes.
func (s *session) announce(c *proto.Context, h *header, r *wire.Reader) {
	r.Skip("origin timestamp, utc offset, reserved", 10+2+1)
	rank := r.Peek()
	r.U8("priority 1")
	class := r.U8("clock class")
	r.Skip("accuracy, variance, priority 2", 1+2+1)
	grandmaster := r.Bytes("grandmaster identity", 8)
	steps := r.U16("steps removed")
	source := r.U8("time source")
	if !r.OK() || s.seen.Seen(uint64(h.domain)<<8|1, rank[:17]) {
		return
	}
	s.stated(c, h)
	own := bytes.Equal(grandmaster, h.clock[:])
	if own && steps == 0 {
		c.Say(fact.Sender, fact.RoleHint, "clock", "PTP announce by the grandmaster itself", 85)
	}
	t := append(s.text[:0], "grandmaster "...)
	t = appendIdentity(t, grandmaster)
	t = append(t, ", class "...)
	t = strconv.AppendUint(t, uint64(class), 10)
	if text := sources[source]; text != "" {
		t = append(append(t, ", "...), text...)
	}
	c.SayBytes(fact.Sender, fact.ClockSource, t, "PTP announce", 90)
}

// appendIdentity writes a clock identity, or the hardware address that it was
// made from (7.5.2.2.2).
func appendIdentity(t, id []byte) []byte {
	const hex = "0123456789abcdef"
	short := len(id) == 8 && id[3] == 0xff && id[4] == 0xfe
	for i, x := range id {
		if short && (i == 3 || i == 4) {
			continue
		}
		if i > 0 {
			t = append(t, ':')
		}
		t = append(t, hex[x>>4], hex[x&15])
	}
	return t
}

// stated says the sender's hardware address as its clock identity has it.
func (s *session) stated(c *proto.Context, h *header) {
	if h.clock[3] == 0xff && h.clock[4] == 0xfe && h.clock[0]&1 == 0 {
		c.SayBytes(fact.Sender, fact.MACStated, appendIdentity(s.text[:0], h.clock[:]), "PTP clock identity", 60)
	}
}

const (
	tlvManagement  = 0x0001
	idDescription  = 0x0001
	maxDescription = 64 // bytes of an address in a clock description
)

// management reads action and, in answers, the description of a clock (15.5).
func (s *session) management(c *proto.Context, h *header, r *wire.Reader) (*fact.Function, fact.Kind, *fact.Function) {
	r.Skip("target port identity, hops", 10+2)
	action := r.U8("action") & 15
	r.U8("reserved")
	if action > 7 {
		return &messages[typeManagement], fact.Notice, nil
	}
	kind, asked := fact.Request, (*fact.Function)(nil)
	switch action {
	case 2:
		kind, asked = fact.Response, &actions[0]
		s.describe(c, *r)
	case 4:
		kind, asked = fact.Response, &actions[3]
	}
	return &actions[action], kind, asked
}

// describe reads CLOCK_DESCRIPTION (15.5.3.1.2): maker, model, versions.
func (s *session) describe(c *proto.Context, r wire.Reader) {
	if kind := r.U16("tlv type"); kind != tlvManagement {
		return
	}
	r.U16("length")
	if id := r.U16("management id"); id != idDescription || s.seen.Seen(2, r.Peek()) {
		return
	}
	r.U16("clock type")
	r.Skip("physical layer protocol", int(r.U8("length")))
	r.Skip("physical address", int(min(r.U16("length"), maxDescription)))
	r.U16("network protocol")
	r.Skip("protocol address", int(min(r.U16("length"), maxDescription)))
	r.Skip("manufacturer identity, reserved", 4)
	product := r.Bytes("product description", int(r.U8("length")))
	revision := r.Bytes("revision data", int(r.U8("length")))
	user := r.Bytes("user description", int(r.U8("length")))
	if !r.OK() {
		return
	}
	const source = "PTP clock description"
	say(c, product, source, fact.Vendor, fact.Model, fact.Serial)
	say(c, revision, source, fact.Hardware, fact.FirmwareVer, fact.Software)
	say(c, user, source, fact.DeviceName, fact.Location, "")
}

// say gives the parts of a text, which are kept apart by semicolons, to attributes.
func say(c *proto.Context, text []byte, source string, attrs ...fact.Attr) {
	for _, a := range attrs {
		var part []byte
		part, text, _ = bytes.Cut(text, []byte{';'})
		if part = bytes.TrimSpace(bytes.Trim(part, "\x00")); a != "" && printable(part) {
			c.SayBytes(fact.Sender, a, part, source, 85)
		}
	}
}

func printable(b []byte) bool {
	for _, x := range b {
		if x < 0x20 || x == 0x7f {
			return false
		}
	}
	return true
}
