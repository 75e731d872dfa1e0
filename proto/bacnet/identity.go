package bacnet

import (
	"bytes"
	"unicode/utf8"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// introduce says what devices tell of themselves in unconfirmed services.
func (s *session) introduce(c *proto.Context, choice uint8, p *params, r wire.Reader) {
	switch choice {
	case unconfIAm:
		if p.hasObject && p.objType == typeDevice {
			s.iAm(c, p.instance, r)
		}
	case unconfIHave:
		if t, ok := readTag(&r); ok && t.app(tagObject) {
			if objType, instance, ok := objectID(t.content); ok && objType == typeDevice {
				s.instance(c, instance, "BACnet I-Have")
			}
		}
	case unconfWhoAmI:
		s.whoAmI(c, r)
	}
}

// iAm reads device, maximum APDU length, segmentation and vendor (16.10).
func (s *session) iAm(c *proto.Context, instance uint32, r wire.Reader) {
	readTag(&r)
	readTag(&r)
	readTag(&r)
	vendor, ok := readTag(&r)
	s.instance(c, instance, "BACnet I-Am")
	if v, number := unsigned(vendor.content); ok && number && vendor.app(tagUnsigned) && v <= 0xffff {
		s.vendor(c, uint32(v), "BACnet I-Am", 90)
	}
	// An unconfigured device and a workstation use the highest instance.
	if instance != noInstance && !s.roles[s.origin] {
		if s.roles == nil {
			s.roles = make(map[fact.Subject]bool)
		}
		if len(s.roles) < maxTexts {
			s.roles[s.origin] = true
			c.SayOf(s.origin, fact.RoleHint, "building-controller", "BACnet I-Am", 45)
		}
	}
}

func (s *session) instance(c *proto.Context, n uint32, source string) {
	c.SayOf(s.origin, fact.InstanceID, s.text(textNumber, n), source, 95)
}

// vendor says the maker: by name where it is known for sure.
func (s *session) vendor(c *proto.Context, id uint32, source string, confidence uint8) {
	if v := vendorName(id); v != "" {
		c.SayOf(s.origin, fact.Vendor, v, source, confidence)
		return
	}
	c.SayOf(s.origin, fact.Vendor, s.text(textVendor, id), source, confidence-10)
}

// whoAmI reads vendor, model and serial number of a device that asks for its
// identity (16.11).
func (s *session) whoAmI(c *proto.Context, r wire.Reader) {
	const source = "BACnet Who-Am-I"
	vendor, _ := readTag(&r)
	model, _ := readTag(&r)
	serial, ok := readTag(&r)
	if v, number := unsigned(vendor.content); ok && number && vendor.app(tagUnsigned) && v <= 0xffff {
		s.vendor(c, uint32(v), source, 90)
		s.say(c, fact.Model, &model, source, 95)
		s.say(c, fact.Serial, &serial, source, 95)
	}
}

// say hands on a text that stands in t.
func (s *session) say(c *proto.Context, a fact.Attr, t *tag, source string, confidence uint8) {
	if !t.app(tagText) {
		return
	}
	if text := bytes.Trim(characters(t.content), "\x00 "); clean(text) {
		c.SayOf(s.origin, a, proto.View(text), source, confidence)
	} else if text := s.convert(t.content); text != "" {
		c.SayOf(s.origin, a, text, source, confidence)
	}
}

func clean(b []byte) bool {
	for _, x := range b {
		if x < 0x20 || x == 0x7f {
			return false
		}
	}
	return len(b) > 0 && utf8.Valid(b)
}

// maxConverted bounds text in other character sets than UTF-8.
const maxConverted = 128

// convert makes UTF-8 of UCS-2 and ISO 8859-1.
func (s *session) convert(b []byte) string {
	r := wire.NewReader(b)
	set := r.U8("character set")
	if !r.OK() || set != setUCS2 && set != setLatin1 {
		return ""
	}
	s.scratch = s.scratch[:0]
	for r.Len() > 0 && len(s.scratch) < maxConverted {
		x := rune(0)
		if set == setUCS2 {
			x = rune(r.U16("character"))
		} else {
			x = rune(r.U8("character"))
		}
		if x < 0x20 {
			break
		}
		s.scratch = utf8.AppendRune(s.scratch, x)
	}
	return proto.View(bytes.TrimSpace(s.scratch))
}

// attributes are the properties of the device object that describe it (12.11).
var attributes = map[uint32]struct {
	attr       fact.Attr
	confidence uint8
}{
	12: {fact.Software, 95}, 28: {fact.Description, 90}, 44: {fact.FirmwareVer, 100},
	58: {fact.Location, 95}, 70: {fact.Model, 100}, 77: {fact.DeviceName, 95},
	121: {fact.Vendor, 100}, 372: {fact.Serial, 100},
}

const (
	propVendorID     = 120
	propSystemStatus = 112
	propRevision     = 139
	propSource       = "BACnet device object"
)

// systemStates are the values of system-status (clause 21, BACnetDeviceStatus).
var systemStates = [...]string{
	"operational", "operational-read-only", "download-required", "download-in-progress",
	"non-operational", "backup-in-progress",
}

// describe says what an answer tells about the device object.
func (s *session) describe(c *proto.Context, choice uint8, r wire.Reader) {
	switch choice {
	case readProperty:
		s.describeOne(c, r)
	case readMultiple:
		s.describeMany(c, r)
	}
}

func (s *session) describeOne(c *proto.Context, r wire.Reader) {
	object, _ := readTag(&r)
	property, _ := readTag(&r)
	objType, instance, ok := objectID(object.content)
	if !ok || objType != typeDevice {
		return
	}
	prop, ok := unsigned(property.content)
	if !ok {
		return
	}
	t, ok := readTag(&r)
	if !ok || !t.opens(3) { // an element of an array is no description
		return
	}
	if t, ok = readTag(&r); ok {
		s.self(c, instance)
		s.device(c, uint32(prop), &t)
	}
}

// maxResults bounds the results that are read of one answer.
const maxResults = 256

// describeMany walks the results of ReadPropertyMultiple (15.7).
func (s *session) describeMany(c *proto.Context, r wire.Reader) {
	isDevice, prop := false, uint64(0)
	for range maxResults {
		t, ok := readTag(&r)
		switch {
		case !ok:
			return
		case t.is(0):
			objType, n, ok := objectID(t.content)
			if isDevice = ok && objType == typeDevice; isDevice {
				s.self(c, n)
			}
		case t.is(2):
			prop, _ = unsigned(t.content)
		case t.is(3): // array index
			prop = noProperty
		case t.opens(4):
			start := r
			if v, ok := readTag(&start); ok && isDevice && prop < noProperty {
				s.device(c, uint32(prop), &v)
			}
			if !skipTo(&r) {
				return
			}
		case t.opens(5):
			if !skipTo(&r) {
				return
			}
		}
	}
}

const noProperty = 1 << 22

// self says the instance of the device object that answers.
func (s *session) self(c *proto.Context, instance uint32) {
	if instance != noInstance { // which any device answers to
		s.instance(c, instance, propSource)
	}
}

// device says what a property of the device object tells.
func (s *session) device(c *proto.Context, prop uint32, t *tag) {
	if a, ok := attributes[prop]; ok {
		s.say(c, a.attr, t, propSource, a.confidence)
		return
	}
	v, ok := unsigned(t.content)
	if !ok || t.context {
		return
	}
	switch {
	case prop == propVendorID && v <= 0xffff:
		s.vendor(c, uint32(v), propSource, 90)
	case prop == propSystemStatus && v < uint64(len(systemStates)):
		c.SayOf(s.origin, fact.State, systemStates[v], propSource, 95)
	case prop == propRevision && v <= 0xff:
		c.SayOf(s.origin, fact.Capability, s.text(textRevision, uint32(v)), propSource, 90)
	}
}
