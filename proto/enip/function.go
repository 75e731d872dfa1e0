package enip

import (
	"fmt"
	"slices"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// Keys of functions that are made when first met: the kind in bits 40 to 47,
// the codes below.
const (
	kindObject  = iota // outer class<<24 | class<<8 | service
	kindTag            // service of a symbolic path
	kindAnswer         // service of an answer whose request was not seen
	kindCommand        // encapsulation command
	kindPCCC           // command<<24 | function<<8 | file type; see pcccFunction
)

var space = proto.KeySpace(name)

func key(kind int, code uint64) uint64 { return space | uint64(kind)<<40 | code }

func build(key uint64) fact.Function {
	code := key & (1<<40 - 1)
	switch key >> 40 & 0xff {
	case kindObject:
		f := buildObject(uint16(code>>8), uint8(code))
		if outer := uint16(code >> 24); outer != 0 {
			f.Object += " of " + objectText(outer)
		}
		return f
	case kindTag:
		f := buildObject(0x6b, uint8(code))
		f.Object = "tag"
		return f
	case kindAnswer:
		f := buildObject(0, uint8(code))
		f.Object = ""
		return f
	case kindCommand:
		return buildCommand(uint16(code))
	}
	return buildPCCC(code)
}

func buildObject(cls uint16, code uint8) fact.Function {
	f := fact.Function{Protocol: nameCIP, Code: fmt.Sprintf("0x%02x", code), Object: objectText(cls)}
	f.Name, f.Class = meaning(cls, code)
	if f.Name == "" {
		f.Name = "service " + f.Code
	}
	return f
}

func objectText(cls uint16) string {
	s := fmt.Sprintf("class 0x%02x", cls)
	if n := classes[cls].name; n != "" {
		s += " " + n
	}
	return s
}

// function is that of a service on a path.
func function(c *proto.Context, code uint8, p *epath) *fact.Function {
	switch {
	case p.hasClass && p.class <= 0xffff:
		return c.Func(key(kindObject, uint64(outer(p))<<24|uint64(p.class)<<8|uint64(code)), build)
	case len(p.tag) > 0:
		return c.Func(key(kindTag, uint64(code)), build)
	}
	return c.Func(key(kindAnswer, uint64(code)), build)
}

// outer is the class that holds the innermost one, where that is a different
// and known one: hostile paths shall not make functions without end.
func outer(p *epath) uint16 {
	if p.outer > 0xffff || p.outer == p.class || classes[uint16(p.outer)].name == "" {
		return 0
	}
	return uint16(p.outer)
}

func allFunctions() []fact.Function {
	fs := slices.Clone(encap[:])
	for code, s := range common {
		if s.name != "" {
			f := buildObject(0, uint8(code))
			f.Object = ""
			fs = append(fs, f)
		}
	}
	keys := make([]uint32, 0, len(own))
	for k := range own {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		fs = append(fs, buildObject(uint16(k>>8), uint8(k)))
	}
	for _, code := range []uint8{readTag, writeTag, modifyTag, readFragment, writeFragment} {
		fs = append(fs, build(key(kindTag, uint64(code))))
	}
	fs = append(fs, implicitIO)
	return append(fs, pcccFunctions()...)
}
