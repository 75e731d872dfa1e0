package modbus

import (
	"bytes"
	"math/bits"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// units names each unit behind a gateway once, so that no text is made per message.
var units = func() (u [256]string) {
	for i := range u {
		u[i] = "unit " + strconv.Itoa(i)
	}
	return u
}()

// subject is the host itself for the unit numbers that mean "this device"
// (Implementation Guide, 4.4.2), else the unit behind it.
func subject(unit uint8) fact.Subject {
	if unit <= 1 || unit == 255 {
		return fact.Subject{Who: fact.Sender}
	}
	return fact.Subject{Who: fact.Sender, Part: units[unit]}
}

// objects are the device identification objects of 6.21.
var objects = [256]struct {
	attr       fact.Attr
	confidence uint8
}{
	0: {fact.Vendor, 95}, 1: {fact.OrderNumber, 90}, 2: {fact.FirmwareVer, 90},
	4: {fact.Model, 95}, 5: {fact.Description, 90}, 6: {fact.ProgramName, 80},
}

const maxObjects = 64

// deviceID reads the answer of function 43/14.
func deviceID(c *proto.Context, unit uint8, r *wire.Reader) {
	r.Skip("read device id code, conformity level, more follows, next object", 4)
	n := int(r.U8("number of objects"))
	for range min(n, maxObjects) {
		id := r.U8("object id")
		text := r.Bytes("object value", int(r.U8("object length")))
		if !r.OK() {
			return
		}
		text = bytes.Trim(text, " \x00")
		if o := objects[id]; o.attr != "" && wire.ASCII(text) {
			c.SayOf(subject(unit), o.attr, proto.View(text), "Modbus device identification", o.confidence)
		}
	}
}

// describe reads the answer of function 17, whose content is the maker's own:
// an id, a run indicator and nearly always a text.
func describe(c *proto.Context, unit uint8, data []byte) {
	const source = "Modbus report server id"
	r := wire.NewReader(data)
	r.U8("server id")
	run := r.U8("run indicator status")
	if r.OK() {
		switch run {
		case 0xff:
			c.SayOf(subject(unit), fact.State, "run", source, 60)
		case 0:
			c.SayOf(subject(unit), fact.State, "stop", source, 40)
		}
	}
	if text := longest(data); len(text) >= 4 {
		c.SayOf(subject(unit), fact.Description, proto.View(text), source, 60)
	}
}

// longest is the longest run of printable characters, without blanks around it.
func longest(b []byte) (best []byte) {
	start := 0
	for i := 0; i <= len(b); i++ {
		if i < len(b) && b[i] >= 0x20 && b[i] <= 0x7e {
			continue
		}
		if i-start > len(best) {
			best = b[start:i]
		}
		start = i + 1
	}
	return bytes.TrimSpace(best)
}

// manyUnits is how many units behind one address make it a gateway.
const manyUnits = 3

// answered counts the units that answer; several behind one address are
// behind a gateway.
func (s *session) answered(c *proto.Context, unit uint8) {
	bit := uint64(1) << (unit % 64)
	if s.units[unit/64]&bit != 0 {
		return
	}
	s.units[unit/64] |= bit
	n := 0
	for _, u := range s.units {
		n += bits.OnesCount64(u)
	}
	if n == manyUnits {
		c.Say(fact.Sender, fact.RoleHint, "gateway", "Modbus answers for several units", 45)
	}
}
