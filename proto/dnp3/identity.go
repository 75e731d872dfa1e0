package dnp3

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// stated is a link address of a master that was told.
type stated struct {
	dir  proto.Dir
	addr uint16
}

// station is an outstation that has answered.
type station struct {
	dir   proto.Dir
	addr  uint16
	name  string // "DNP3 address 10"
	state uint8  // condition last told, by index into conditions
}

const (
	maxTold     = 16
	maxStations = 64
	source      = "DNP3 link address"
)

// addresses from here on are not those of one station (9.2.4.1.4).
const firstReserved = 0xfff0

func addressText(a uint16) string { return "DNP3 address " + strconv.Itoa(int(a)) }

// sender tells the address of the station that sent a link frame.
func (s *session) sender(c *proto.Context, h header, fromMaster bool) {
	if fromMaster {
		s.master(c, h)
		return
	}
	s.outstation(c, h)
}

// master tells the address of a master once.
func (s *session) master(c *proto.Context, h header) {
	for _, t := range s.told[:s.nTold] {
		if t.dir == c.Dir && t.addr == h.src {
			return
		}
	}
	if s.nTold == maxTold || h.src >= firstReserved {
		return
	}
	s.told[s.nTold] = stated{c.Dir, h.src}
	s.nTold++
	c.Say(fact.Sender, fact.InstanceID, addressText(h.src), source, 85)
	if s.nTold == 1 {
		c.Say(fact.Sender, fact.RoleHint, "scada-server", "DNP3 master", 45)
	}
}

// outstation finds or makes the entry of an outstation and tells it once.
func (s *session) outstation(c *proto.Context, h header) *station {
	for i := range s.stations[:s.nStation] {
		if t := &s.stations[i]; t.dir == c.Dir && t.addr == h.src {
			return t
		}
	}
	if s.nStation == maxStations || h.src >= firstReserved {
		return nil
	}
	t := &s.stations[s.nStation]
	*t = station{dir: c.Dir, addr: h.src, name: addressText(h.src)}
	s.nStation++
	c.Say(fact.Sender, fact.InstanceID, t.name, source, 90)
	if s.nStation == 1 {
		c.Say(fact.Sender, fact.RoleHint, "rtu", "DNP3 outstation", 60)
	}
	return t
}

// subject is the host while it has shown one outstation; one of several
// outstations behind it is a part.
func (s *session) subject(t *station) fact.Subject {
	if s.nStation > 1 {
		return fact.Subject{Who: fact.Sender, Part: t.name}
	}
	return fact.Subject{Who: fact.Sender}
}

// Internal indications (4.2.2.6) that tell a condition of the device.
const (
	iin1Conditions = 0xf0 // need time, local control, device trouble, device restart
	iin2Conditions = 0x28 // event buffer overflow, configuration corrupt
)

// iinFailures are those that refuse a request: function code not supported,
// object unknown, parameter error, already executing.
var iinFailures = func() (t [32]string) {
	for i := range t {
		switch {
		case i&0x01 != 0:
			t[i] = "function code not supported"
		case i&0x02 != 0:
			t[i] = "object unknown"
		case i&0x04 != 0:
			t[i] = "parameter error"
		case i&0x10 != 0:
			t[i] = "operation already executing"
		}
	}
	return t
}()

// conditions are the texts for the six bits of condition.
var conditions = func() (t [64]string) {
	names := []string{"need time", "local control", "device trouble", "device restart", "event buffer overflow", "configuration corrupt"}
	for i := range t {
		var on []string
		for bit, n := range names {
			if i>>bit&1 != 0 {
				on = append(on, n)
			}
		}
		t[i] = strings.Join(on, ", ")
	}
	t[0] = "normal"
	return t
}()

// indications tells the condition of an outstation when it changes.
func (s *session) indications(c *proto.Context, t *station, iin1, iin2 uint8) {
	if t == nil {
		return
	}
	now := iin1&iin1Conditions>>4 | iin2&0x08<<1 | iin2&0x20
	if now == t.state {
		return
	}
	t.state = now
	c.SayOf(s.subject(t), fact.State, conditions[now&0x3f], "DNP3 internal indications", 95)
}

// attributeOf maps device attributes (annex A, group 0) to attributes of assets.
var attributeOf = [256]struct {
	attr       fact.Attr
	confidence uint8
}{
	196: {fact.ProgramName, 60}, 197: {fact.ProgramID, 50},
	206: {fact.Contact, 60}, 207: {fact.Contact, 70}, 208: {fact.DeviceName, 80},
	242: {fact.FirmwareVer, 95}, 243: {fact.Hardware, 95}, 244: {fact.Contact, 70},
	245: {fact.Location, 95}, 246: {fact.ClientID, 70}, 247: {fact.DeviceName, 95},
	248: {fact.Serial, 100}, 249: {fact.Capability, 80}, 250: {fact.Model, 100}, 252: {fact.Vendor, 100},
}

// Data types of attributes.
const (
	typeVisibleString = 1
	typeExtendedList  = 255 // its length octet counts from 256
)

// readAttribute reads type, length and value.
func readAttribute(r *wire.Reader) (kind uint8, value []byte, ok bool) {
	kind = r.U8("attribute data type")
	n := int(r.U8("length"))
	if kind == typeExtendedList {
		n += 256
	}
	value = r.Bytes("attribute", n)
	return kind, value, r.OK()
}

// attributes tells what a device says of itself. Set 0 is the one that the
// standard defines; others are the maker's own.
func (s *session) attributes(c *proto.Context, t *station, o *objectHeader) {
	if t == nil || !o.hasData || o.sized || o.count == 0 {
		return
	}
	if o.ranged && o.first != 0 {
		return
	}
	r := o.data
	set := uint32(0)
	if o.prefix > 0 {
		set = number(&r, "set", o.prefix)
	}
	kind, value, ok := readAttribute(&r)
	value = bytes.Trim(value, "\x00 ")
	a := attributeOf[o.variation]
	if !ok || set != 0 || kind != typeVisibleString || a.attr == "" || !wire.ASCII(value) {
		return
	}
	c.SayOf(s.subject(t), a.attr, proto.View(value), "DNP3 device attribute", a.confidence)
}
