package bacnet

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// params is what the parameters of a service say first: object, property, value.
type params struct {
	hasObject   bool
	objType     uint16
	instance    uint32
	hasProperty bool
	property    uint32
	value       fact.Value
	variant     uint8 // one more than the state asked for
	secret      bool  // a password is in it
	rangeOf     bool  // Who-Is for instances from instance on
	count       uint32
	name        []byte
}

func (p *params) target(network uint16) (t fact.Target) {
	if network != globalNetwork {
		t.Unit = uint32(network)
	}
	switch {
	case p.hasObject:
		t.First = uint64(p.instance)
		t.Set = true
	case p.rangeOf:
		t.First, t.Count, t.Set = uint64(p.instance), p.count, true
	}
	if p.hasProperty {
		t.Name = unnamed
		if int(p.property) < len(propertyNames) && propertyNames[p.property] != nil {
			t.Name = propertyNames[p.property]
		} else if p.property >= 512 {
			t.Name = proprietary
		}
	}
	if p.name != nil {
		t.Name, t.Set = p.name, true
	}
	t.Set = t.Set || t.Unit != 0
	return t
}

var (
	unnamed     = []byte("reserved property")
	proprietary = []byte("proprietary property")
)

func (p *params) object(content []byte) bool {
	var ok bool
	p.objType, p.instance, ok = objectID(content)
	p.hasObject = ok
	return ok
}

func (p *params) prop(content []byte) bool {
	v, ok := unsigned(content)
	p.property, p.hasProperty = uint32(v), ok
	return ok
}

// confirmed reads the parameters of a request or, with ack, of a complex
// answer. false says that they end within a tag.
func (p *params) confirmed(choice uint8, r wire.Reader, ack bool) bool {
	switch choice {
	case readProperty, readRange, writeProperty, addElement, removeElement:
		return p.single(&r, 0)
	case readMultiple, writeMultiple:
		return r.Len() == 0 || p.multiple(&r)
	case subscribeCOV, subscribeCOVProp:
		return p.single(&r, 1)
	case confCOV, confEvent:
		return p.notification(&r)
	case readFile, writeFile, deleteObject:
		if ack && choice != deleteObject {
			return true
		}
		t, ok := readTag(&r)
		return ok && t.app(tagObject) && p.object(t.content)
	case createObject:
		return p.create(&r, ack)
	case commControl, reinitialize, lifeSafety:
		return p.device(choice, &r)
	}
	return true
}

// single reads object and property as context tags first and first+1, and the
// value in the constructed tag 3.
func (p *params) single(r *wire.Reader, first uint8) bool {
	for {
		t, ok := readTag(r)
		switch {
		case !ok:
			return r.OK() && p.hasObject
		case t.is(first) && !p.hasObject:
			if !p.object(t.content) {
				return false
			}
		case t.is(first+1) && first == 0 && !p.hasProperty:
			if !p.prop(t.content) {
				return false
			}
		case t.opens(3) && first == 0:
			return p.first(r) && p.hasObject
		case t.opens(4) && first == 1: // the property of SubscribeCOVProperty
			t, ok = readTag(r)
			return ok && t.is(0) && p.prop(t.content)
		case t.opening:
			if !skipTo(r) {
				return false
			}
		case t.closing:
			return false
		}
	}
}

// first reads the first value of constructed data.
func (p *params) first(r *wire.Reader) bool {
	t, ok := readTag(r)
	if ok && !t.opening && !t.closing && !t.context {
		p.value = t.value()
	}
	return ok
}

// multiple reads the first object, property and value of a list of access
// specifications or results (15.7, 15.10).
func (p *params) multiple(r *wire.Reader) bool {
	t, ok := readTag(r)
	if !ok || !t.is(0) || !p.object(t.content) {
		return false
	}
	if t, ok = readTag(r); !ok || !t.opens(1) {
		return false
	}
	t, ok = readTag(r)
	if ok && t.closing {
		return true
	}
	if !ok || !t.is(0) && !t.is(2) || !p.prop(t.content) {
		return false
	}
	for {
		t, ok = readTag(r)
		switch {
		case !ok:
			return false
		case t.opens(2) || t.opens(4):
			return p.first(r)
		case t.opening:
			return skipTo(r)
		case t.closing || t.is(0) || t.is(2):
			return true
		}
	}
}

// notification reads the monitored or event object, and the first value of a
// COV notification (13.6 to 13.9).
func (p *params) notification(r *wire.Reader) bool {
	for {
		t, ok := readTag(r)
		switch {
		case !ok:
			return r.OK()
		case t.is(2):
			if !p.object(t.content) {
				return false
			}
		case t.opens(4):
			t, ok = readTag(r)
			if !ok || t.closing {
				return ok
			}
			if !t.is(0) || !p.prop(t.content) {
				return false
			}
			if t, ok = readTag(r); ok && t.is(1) {
				t, ok = readTag(r)
			}
			return ok && t.opens(2) && p.first(r)
		case t.opening:
			if !skipTo(r) {
				return false
			}
		}
	}
}

// create reads the object specifier of CreateObject (15.3).
func (p *params) create(r *wire.Reader, ack bool) bool {
	t, ok := readTag(r)
	if ack {
		return ok && t.app(tagObject) && p.object(t.content)
	}
	if !ok || !t.opens(0) {
		return false
	}
	t, ok = readTag(r)
	switch {
	case ok && t.is(1):
		return p.object(t.content)
	case ok && t.is(0):
		v, ok := unsigned(t.content)
		p.objType, p.hasObject = uint16(v&0x3ff), ok
		return ok
	}
	return false
}

// device reads the state and the password of DeviceCommunicationControl and
// ReinitializeDevice (16.1, 16.4), and the operation of LifeSafetyOperation.
func (p *params) device(choice uint8, r *wire.Reader) bool {
	state, password := uint8(0), uint8(1)
	switch choice {
	case commControl:
		state, password = 1, 2
	case lifeSafety:
		state, password = 2, 255
	}
	for {
		t, ok := readTag(r)
		if !ok {
			return r.OK()
		}
		switch {
		case t.is(state):
			v, ok := unsigned(t.content)
			if !ok {
				return false
			}
			p.value = fact.Value{Kind: fact.Uint, Bits: v}
			if choice != lifeSafety {
				p.variant = uint8(min(v, 15)) + 1
			}
		case t.is(password):
			p.secret = len(t.content) > 1 // the first octet is the character set
		case t.is(3) && choice == lifeSafety:
			p.object(t.content)
		case t.opening:
			if !skipTo(r) {
				return false
			}
		}
	}
}

// unconfirmed reads the parameters of an unconfirmed service.
func (p *params) unconfirmed(choice uint8, r wire.Reader) bool {
	switch choice {
	case unconfIAm:
		t, ok := readTag(&r)
		return ok && t.app(tagObject) && p.object(t.content)
	case unconfIHave:
		t, ok := readTag(&r)
		if !ok || !t.app(tagObject) {
			return false
		}
		t, ok = readTag(&r)
		return ok && t.app(tagObject) && p.object(t.content)
	case unconfCOV, unconfEvent:
		return p.notification(&r)
	case unconfWhoIs, unconfWhoHas:
		return p.who(&r)
	}
	return true
}

// who reads the range of instances that Who-Is and Who-Has ask for, and what
// Who-Has looks for (16.9, 16.10).
func (p *params) who(r *wire.Reader) bool {
	low := uint64(0)
	for {
		t, ok := readTag(r)
		if !ok {
			return r.OK()
		}
		v, number := unsigned(t.content)
		switch {
		case t.is(0) && number:
			low = v
		case t.is(1) && number && v >= low && v <= noInstance:
			p.rangeOf, p.instance, p.count = true, uint32(low), uint32(v-low+1)
		case t.is(2):
			if !p.object(t.content) {
				return false
			}
		case t.is(3):
			if text := characters(t.content); len(text) > 0 {
				p.name = text
			}
		}
	}
}

// characters is a character string in UTF-8 without its character set, or nil.
func characters(b []byte) []byte {
	r := wire.NewReader(b)
	if r.U8("character set") != setUTF8 || !r.OK() {
		return nil
	}
	return r.Rest()
}
