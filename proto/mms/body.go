package mms

import (
	"bytes"
	"math"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
)

func number(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// details are what a service says beyond its number.
type details struct {
	function *fact.Function
	name     []byte
	value    fact.Value
	failed   bool
	status   string
}

// full writes domain/item into the session's buffer.
func (s *session) full(domain, item []byte) []byte {
	out := append(s.scratch[:0], domain[:min(len(domain), 64)]...)
	if len(domain) > 0 && len(item) > 0 {
		out = append(out, '/')
	}
	return append(out, item[:min(len(item), 65)]...)
}

// object reads an ObjectName (ISO 9506-2, 7.5.2): of the VMD, of a domain, or
// of the association.
func object(e *ber.Element) (domain, item []byte) {
	switch e.Tag {
	case ber.Context(0), ber.Context(2):
		return nil, e.Body
	case ber.ContextCons(1):
		r := e.Reader()
		domain = r.Want("domain", ber.VisibleString)
		item = r.Want("item", ber.VisibleString)
		if !r.OK() {
			return nil, nil
		}
	}
	return domain, item
}

// variable reads a VariableAccessSpecification (14.2): the first variable of
// a list, or the name of a list.
func (s *session) variable(e *ber.Element) (full, item []byte) {
	r := e.Reader()
	first := r.Next("variable")
	if !r.OK() {
		return nil, nil
	}
	if e.Number() == 0 {
		in := first.Reader()
		spec := in.Next("variable specification")
		if !in.OK() || spec.Tag != ber.ContextCons(0) {
			return nil, nil // an address, or a description
		}
		name := spec.Reader()
		first = name.Next("name")
		if !name.OK() {
			return nil, nil
		}
	}
	domain, item := object(&first)
	return s.full(domain, item), item
}

// asked reads the body of a request as far as it tells the target.
func (s *session) asked(in *ber.Element, d *details) {
	r := in.Reader()
	switch n := in.Number(); {
	case n == read && in.Constructed():
		r.Optional("specification with result", ber.Context(0))
		if body, ok := r.Optional("variable access specification", ber.ContextCons(1)); ok {
			choice := ber.NewReader(body)
			e := choice.Next("variable access specification")
			if choice.OK() {
				var item []byte
				d.name, item = s.variable(&e)
				d.function = ofVariable(read, item)
			}
		}
	case n == write && in.Constructed():
		e := r.Next("variable access specification")
		list := r.Next("list of data")
		if !r.OK() {
			return
		}
		var item []byte
		d.name, item = s.variable(&e)
		d.function = ofVariable(write, item)
		data := list.Reader()
		if v := data.Next("data"); data.OK() {
			d.value = leaf(&v)
		}
	case n == attributes && in.Constructed():
		// [0] name, [1] address
		if body, ok := r.Optional("name", ber.ContextCons(0)); ok {
			name := ber.NewReader(body)
			e := name.Next("name")
			d.name = s.full(object(&e))
		}
	case n == nameList && in.Constructed():
		r.Next("object class")
		if scope, ok := r.Optional("object scope", ber.ContextCons(1)); ok {
			name := ber.NewReader(scope)
			if domain, ok := name.Optional("domain", ber.Context(1)); ok {
				d.name = s.full(domain, nil)
			}
		}
	default:
		d.name = s.full(firstName(in), nil)
	}
}

// firstName is the first text in the body of a service that names domains,
// program invocations, lists or files: two levels deep at most.
func firstName(in *ber.Element) []byte {
	if !in.Constructed() {
		if text(in.Body) {
			return in.Body
		}
		return nil
	}
	e := *in
	for range 3 {
		r := e.Reader()
		e = r.Next("name")
		switch {
		case !r.OK():
			return nil
		case !e.Constructed():
			if text(e.Body) {
				return e.Body
			}
			return nil
		}
	}
	return nil
}

func text(b []byte) bool {
	for _, x := range b {
		if x < 0x20 || x > 0x7e {
			return false
		}
	}
	return len(b) > 0
}

// answered reads the body of a response.
func (s *session) answered(c *proto.Context, in *ber.Element, d *details) {
	r := in.Reader()
	switch n := in.Number(); {
	case n == read && in.Constructed():
		r.Optional("variable access specification", ber.ContextCons(0))
		results := r.Enter("list of access results", ber.ContextCons(1))
		v := results.Next("access result")
		if !results.OK() {
			return
		}
		if v.Tag == ber.Context(0) {
			d.refuse(v.Body)
			return
		}
		d.value = leaf(&v)
		s.stated(c, d.name, &v)
	case n == write && in.Constructed():
		for r.More() {
			if v := r.Next("result"); v.Tag == ber.Context(0) && r.OK() {
				d.refuse(v.Body)
				return
			}
		}
	case n == identify && in.Constructed():
		const source = "MMS identify"
		sayText(c, fact.Vendor, r.Want("vendor name", ber.Context(0)), source, 95)
		sayText(c, fact.Model, r.Want("model name", ber.Context(1)), source, 95)
		sayText(c, fact.FirmwareVer, r.Want("revision", ber.Context(2)), source, 85)
	case n == status && in.Constructed():
		r.Optional("logical status", ber.Context(0))
		body, ok := r.Optional("physical status", ber.Context(1))
		if state, fits := ber.Uint(body); ok && fits && state < uint64(len(physical)) {
			c.Say(fact.Sender, fact.State, physical[state], "MMS status", 90)
		}
	}
}

// physical are the values of vmdPhysicalStatus (ISO 9506-2, 9.1).
var physical = [...]string{"operational", "partially operational", "inoperable", "needs commissioning"}

func (d *details) refuse(code []byte) {
	n, _ := ber.Uint(code)
	d.failed, d.status = true, pick(accessErrors[:], n, "data access error")
}

// report reads an InformationReport: the name of the list and its first value.
func (s *session) report(in *ber.Element, d *details) {
	r := in.Reader()
	e := r.Next("variable access specification")
	results, ok := r.Optional("list of access results", ber.ContextCons(0))
	if !r.OK() {
		return
	}
	d.name, _ = s.variable(&e)
	if ok {
		data := ber.NewReader(results)
		if v := data.Next("access result"); data.OK() {
			d.value = leaf(&v)
		}
	}
}

// leaf reads Data (14.4.2). Of a structure, such as that of an operation, it
// takes the first member, as far down as there is one.
func leaf(e *ber.Element) fact.Value {
	v := *e
	for range 4 {
		if !v.Constructed() {
			return scalar(&v)
		}
		r := v.Reader()
		if v = r.Next("member"); !r.OK() {
			break
		}
	}
	return fact.Value{}
}

func scalar(e *ber.Element) fact.Value {
	if e.Class() != ber.ContextSpecific {
		return fact.Value{}
	}
	switch e.Number() {
	case 3:
		if len(e.Body) == 1 {
			return fact.Value{Kind: fact.Bool, Bits: uint64(min(e.Body[0], 1))}
		}
	case 5:
		if n, ok := ber.Int(e.Body); ok {
			return fact.Value{Kind: fact.Int, Bits: uint64(n)}
		}
	case 6:
		if n, ok := ber.Uint(e.Body); ok {
			return fact.Value{Kind: fact.Uint, Bits: n}
		}
	case 7:
		return float(e.Body)
	case 4, 9, 12, 17: // bit string, octet string, binary time, UTC time
		return fact.Value{Kind: fact.Bytes, Raw: e.Body[:min(len(e.Body), 64)]}
	case 10, 16:
		return fact.Value{Kind: fact.Text, Raw: e.Body[:min(len(e.Body), 256)]}
	}
	return fact.Value{}
}

// float reads a FloatingPoint: the width of the exponent, then an IEEE 754 number.
func float(b []byte) fact.Value {
	n, ok := uint64(0), false
	if len(b) > 1 {
		n, ok = ber.Uint(b[1:])
	}
	switch {
	case ok && len(b) == 5 && b[0] == 8:
		return fact.Value{Kind: fact.Float, Bits: math.Float64bits(float64(math.Float32frombits(uint32(n))))}
	case ok && len(b) == 9 && b[0] == 11:
		return fact.Value{Kind: fact.Float, Bits: n}
	}
	return fact.Value{}
}

// plates are the name plate attributes of IEC 61850-7-3, 7.8, by the end of
// the variable's name. A name plate of a logical node is of its software.
var plates = []struct {
	end        string
	attr       fact.Attr
	confidence uint8
}{
	{"$PhyNam$vendor", fact.Vendor, 95}, {"$PhyNam$model", fact.Model, 95}, {"$PhyNam$serNum", fact.Serial, 95},
	{"$PhyNam$hwRev", fact.Hardware, 95}, {"$PhyNam$swRev", fact.FirmwareVer, 95}, {"$PhyNam$location", fact.Location, 90},
	{"$PhyNam$name", fact.DeviceName, 90}, {"$NamPlt$vendor", fact.Vendor, 80}, {"$NamPlt$swRev", fact.FirmwareVer, 70},
}

// stated says what a device answered about itself.
func (s *session) stated(c *proto.Context, name []byte, v *ber.Element) {
	const source = "IEC 61850 name plate"
	if len(name) == 0 {
		return
	}
	s.place(c, name)
	if v.Constructed() {
		// Of a whole plate only the order of its first members is certain:
		// the rest are optional.
		whole := bytes.HasSuffix(name, []byte("$DC$PhyNam"))
		if whole || bytes.HasSuffix(name, []byte("$DC$NamPlt")) {
			r := v.Reader()
			if m := r.Next("vendor"); r.OK() {
				sayText(c, fact.Vendor, scalar(&m).Raw, source, 80)
			}
			if m := r.Next("software revision"); r.OK() && !whole {
				sayText(c, fact.FirmwareVer, scalar(&m).Raw, source, 70)
			}
		}
		return
	}
	for _, p := range plates {
		if bytes.HasSuffix(name, []byte(p.end)) {
			sayText(c, p.attr, scalar(v).Raw, source, p.confidence)
			return
		}
	}
}

// place says once that the server is one of IEC 61850, and its first logical
// device, which the plant names after the IED.
func (s *session) place(c *proto.Context, name []byte) {
	domain, item, ok := bytes.Cut(name, []byte("/"))
	if s.domain || !ok || bytes.IndexByte(item, '$') < 0 {
		return
	}
	s.domain = true
	sayText(c, fact.DeviceName, domain, "IEC 61850 logical device", 50)
	c.Say(fact.Sender, fact.RoleHint, "protection-relay", "IEC 61850 server", 40)
}

func sayText(c *proto.Context, a fact.Attr, b []byte, source string, confidence uint8) {
	b = bytes.Trim(b, " \x00")
	if text(b) && len(b) <= 255 {
		c.SayBytes(fact.Sender, a, b, source, confidence)
	}
}
