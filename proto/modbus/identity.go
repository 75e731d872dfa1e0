package modbus

import (
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
		if o := objects[id]; o.attr != "" && printable(text) {
			c.SayOf(subject(unit), o.attr, proto.View(text), "Modbus device identification", o.confidence)
		}
	}
}

// describe reads the answer of function 17, whose content is the maker's own.
func describe(c *proto.Context, unit uint8, data []byte) {
	// Many makers put a text behind the id and the run indicator.
	text := data
	for len(text) > 0 && (text[0] < 0x20 || text[0] > 0x7e) {
		text = text[1:]
	}
	if len(text) >= 4 && printable(text) {
		c.SayOf(subject(unit), fact.Description, proto.View(text), "Modbus report server id", 60)
	}
}

func printable(b []byte) bool {
	for _, x := range b {
		if x < 0x20 || x > 0x7e {
			return false
		}
	}
	return len(b) > 0
}
