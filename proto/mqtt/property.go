package mqtt

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

var errProperty = errors.New("property is not defined")

// properties are those of MQTT 5.0 (2.2.2) that say something to us.
type properties struct {
	present    bool
	alias      uint16
	assigned   []byte
	method     []byte
	key, value []byte // the first user property
}

// shapes are the data types of the properties, by identifier: sizes in bytes,
// and the three that have a length of their own.
const (
	asVarint = 100 + iota
	asText
	asPair
)

var shapes = [43]uint8{
	0x01: 1, 0x02: 4, 0x03: asText, 0x08: asText, 0x09: asText, 0x0b: asVarint, 0x11: 4, 0x12: asText,
	0x13: 2, 0x15: asText, 0x16: asText, 0x17: 1, 0x18: 4, 0x19: 1, 0x1a: asText, 0x1c: asText, 0x1f: asText,
	0x21: 2, 0x22: 2, 0x23: 2, 0x24: 1, 0x25: 1, 0x26: asPair, 0x27: 4, 0x28: 1, 0x29: 1, 0x2a: 1,
}

// readProperties reads the length of the properties and the properties.
func readProperties(r *wire.Reader) (p properties) {
	in := r.Sub("properties", int(varint(r, "property length")))
	p.present = r.OK() && in.Len() > 0
	for in.Len() > 0 {
		id := in.U8("property")
		if int(id) >= len(shapes) || shapes[id] == 0 {
			r.Fail("property", errProperty)
			return properties{}
		}
		switch shape := shapes[id]; shape {
		case asVarint:
			varint(&in, "property")
		case asText:
			b := text(&in, "property")
			switch id {
			case 0x12:
				p.assigned = b
			case 0x15:
				p.method = b
			}
		case asPair:
			k, v := text(&in, "user property"), text(&in, "user property")
			if p.key == nil {
				p.key, p.value = k, v
			}
		case 2:
			n := in.U16("property")
			if id == 0x23 {
				p.alias = n
			}
		default:
			in.Skip("property", int(shape))
		}
	}
	if !in.OK() {
		r.Fail("properties", wire.ErrShort)
		return properties{}
	}
	return p
}

// maxAliases bounds the topic aliases that are remembered of one side.
const maxAliases = 32

// topicAliases are the topics that numbers stand for (3.3.2.3.4).
type topicAliases struct {
	entries [maxAliases]struct {
		length uint8
		name   [160]byte
	}
}

// aliased keeps the topic under its alias, or finds it by the alias.
func (s *session) aliased(d proto.Dir, alias uint16, topic []byte) []byte {
	if int(alias) > maxAliases {
		return topic
	}
	if s.alias[d] == nil {
		s.alias[d] = new(topicAliases)
	}
	e := &s.alias[d].entries[alias-1]
	if len(topic) > 0 {
		e.length = 0
		if len(topic) <= len(e.name) {
			e.length = uint8(copy(e.name[:], topic))
		}
		return topic
	}
	return e.name[:e.length]
}
