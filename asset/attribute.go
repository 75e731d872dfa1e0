package asset

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// maxValues bounds the values kept of one attribute.
const maxValues = 64

// registry is the source of makers by hardware address.
const registry = "IEEE registry"

// attributes gathers what was said of a thing and of its parts.
func (r *resolver) attributes(t *thing, a *Asset) {
	own, parts := make(values), make(map[string]values)
	for _, s := range t.said {
		vs := own
		if s.part != "" {
			if vs = parts[s.part]; vs == nil {
				vs = make(values)
				parts[s.part] = vs
			}
		}
		vs.add(s)
	}
	r.makersOf(t, own)
	a.Attributes = own.sorted()
	for name, vs := range parts {
		a.Parts = append(a.Parts, Part{name, vs.sorted()})
	}
	slices.SortFunc(a.Parts, func(x, y Part) int { return natural(x.Name, y.Name) })
	a.Conflicts = append(a.Conflicts, contradictions(a.Attributes, "")...)
	for _, p := range a.Parts {
		a.Conflicts = append(a.Conflicts, contradictions(p.Attributes, p.Name)...)
	}
}

// values are the values of attributes; one entry per value and source.
type values map[fact.Attr][]Value

func (vs values) add(s *said) {
	v := Value{s.value, s.source, s.confidence, s.protocol, s.seen}
	list := vs[s.attr]
	for i := range list {
		if o := &list[i]; o.Value == v.Value && o.Source == v.Source {
			o.Confidence = max(o.Confidence, v.Confidence)
			o.Seen.Add(v.Seen)
			return
		}
	}
	if len(list) < maxValues {
		vs[s.attr] = append(list, v)
	}
}

// sorted orders the values, the best first.
func (vs values) sorted() map[fact.Attr][]Value {
	for _, list := range vs {
		slices.SortFunc(list, func(a, b Value) int {
			return cmp.Or(-cmp.Compare(a.Confidence, b.Confidence), -cmp.Compare(a.Count, b.Count), compareSeen(a.Seen, b.Seen),
				strings.Compare(a.Value, b.Value), strings.Compare(a.Source, b.Source))
		})
	}
	return vs
}

// machines are address ranges that virtual machines are given.
var machines = []struct {
	prefix [3]byte
	name   string
}{
	{[3]byte{0x00, 0x50, 0x56}, "VMware"}, {[3]byte{0x00, 0x0c, 0x29}, "VMware"}, {[3]byte{0x00, 0x05, 0x69}, "VMware"},
	{[3]byte{0x00, 0x1c, 0x14}, "VMware"}, {[3]byte{0x00, 0x15, 0x5d}, "Hyper-V"}, {[3]byte{0x08, 0x00, 0x27}, "VirtualBox"},
	{[3]byte{0x0a, 0x00, 0x27}, "VirtualBox"}, {[3]byte{0x52, 0x54, 0x00}, "QEMU/KVM"}, {[3]byte{0x00, 0x16, 0x3e}, "Xen"},
	{[3]byte{0x00, 0x1c, 0x42}, "Parallels"}, {[3]byte{0x50, 0x6b, 0x8d}, "Nutanix"},
}

// machine names what runs the virtual machine or container with address m.
func machine(m fact.MAC) string {
	if m[0] == 0x02 && m[1] == 0x42 && m[2] == 0xac {
		return "Docker"
	}
	for i := range machines {
		if machines[i].prefix == [3]byte(m[:]) {
			return machines[i].name
		}
	}
	return ""
}

// makersOf adds what the hardware addresses tell. The maker of a network card
// need not be that of the device.
func (r *resolver) makersOf(t *thing, vs values) {
	for _, s := range t.stations {
		if s.virtual != "" {
			continue
		}
		seen := s.seen()
		if m := machine(s.mac); m != "" {
			vs.add(&said{saidKey{attr: fact.Description, value: "virtual machine or container (" + m + ")", source: "range of hardware addresses"}, 60, seen})
			continue
		}
		if name := r.makers.Maker(s.mac); name != "" {
			vs.add(&said{saidKey{attr: fact.Vendor, value: name, source: registry}, 60, seen})
		}
	}
}

// seen is when the station's own packets or claims were seen.
func (s *station) seen() fact.Seen {
	var seen fact.Seen
	for _, h := range s.holds {
		if h.state == own {
			seen.Add(h.seen())
		}
	}
	if s.alone != nil {
		seen.Add(s.alone.seen)
	}
	if seen.Count == 0 {
		for _, h := range s.holds {
			seen.Add(h.seen())
		}
	}
	return seen
}

// single are attributes of which a device has one value at a time.
var single = []fact.Attr{fact.Vendor, fact.Model, fact.OrderNumber, fact.Serial, fact.FirmwareVer, fact.ProgramID}

// contradictions compares what one source says of a single-valued attribute
// with the same confidence. Else different pieces may be meant, such as the
// device and its memory card, so the values are not compared.
func contradictions(m map[fact.Attr][]Value, part string) []Conflict {
	var cs []Conflict
	for _, k := range single {
		if len(m[k]) < 2 {
			continue
		}
		by := make(map[string][]Value)
		var sources []string
		for _, v := range m[k] {
			if v.Confidence < sure {
				continue
			}
			key := fmt.Sprintf("%s %3d", v.Source, v.Confidence)
			if by[key] == nil {
				sources = append(sources, key)
			}
			by[key] = append(by[key], v)
		}
		slices.Sort(sources)
		for _, s := range sources {
			if c, ok := contradiction(k, by[s], part); ok {
				cs = append(cs, c)
			}
		}
	}
	return cs
}

func contradiction(k fact.Attr, vs []Value, part string) (Conflict, bool) {
	vs = slices.Clone(vs)
	slices.SortStableFunc(vs, func(a, b Value) int { return compareSeen(a.Seen, b.Seen) })
	kept := vs[:1]
	for _, v := range vs[1:] {
		if !slices.ContainsFunc(kept, func(o Value) bool { return alike(k, o.Value, v.Value) }) {
			kept = append(kept, v)
		}
	}
	if len(kept) < 2 {
		return Conflict{}, false
	}
	changed := true
	for i := range kept[1:] {
		changed = changed && kept[i].Last < kept[i+1].First
	}
	of := strings.ReplaceAll(string(k), "_", " ")
	if part != "" {
		of += " of " + part
	}
	c := Conflict{}
	var said []string
	for i, v := range kept {
		if i < maxForged {
			said = append(said, v.Value)
			c.Frames = append(c.Frames, v.Frame)
		}
	}
	if more := len(kept) - maxForged; more > 0 {
		said = append(said, fmt.Sprintf("%d more", more))
	}
	if changed {
		c.Text = fmt.Sprintf("%s changed from %s (%s): replaced, updated or reconfigured", of, strings.Join(said, " to "), kept[0].Source)
		if k == fact.Serial {
			c.Text = fmt.Sprintf("%s changed from %s (%s): the device was replaced", of, strings.Join(said, " to "), kept[0].Source)
		}
	} else {
		c.Text = fmt.Sprintf("%s is stated in different ways: %s (%s)", of, strings.Join(said, ", "), kept[0].Source)
	}
	return c, true
}

// alike tells values that differ in their writing only.
func alike(k fact.Attr, a, b string) bool {
	if k == fact.Vendor {
		return maker(a) == maker(b)
	}
	a, b = squeeze(a), squeeze(b)
	return a == b || strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

// forms are legal forms and words that makers' names have or not.
var forms = map[string]bool{
	"ag": true, "gmbh": true, "inc": true, "co": true, "kg": true, "ltd": true, "corp": true, "corporation": true, "company": true, "llc": true,
	"sa": true, "spa": true, "bv": true, "ab": true, "as": true, "oy": true, "limited": true, "group": true, "the": true, "and": true,
	"automation": true, "electric": true, "electronics": true, "technologies": true, "technology": true, "industries": true, "industrial": true,
	"international": true, "systems": true, "se": true, "plc": true, "kk": true, "sas": true, "srl": true, "pte": true, "pty": true,
}

// maker is a maker's name in the form in which it is compared: its first
// word that is not a form.
func maker(name string) string {
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return strings.ContainsRune(" ,.&()-/+", c) }) {
		if !forms[w] {
			return w
		}
	}
	return strings.ToLower(name)
}

// natural compares names so that "slot 2" comes before "slot 10".
func natural(a, b string) int {
	for a != "" && b != "" {
		na, ra := number(a)
		nb, rb := number(b)
		if ra != a && rb != b {
			if c := cmp.Or(cmp.Compare(len(na), len(nb)), strings.Compare(na, nb)); c != 0 {
				return c
			}
			a, b = ra, rb
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// number cuts leading digits, without their zeros.
func number(s string) (digits, rest string) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return strings.TrimLeft(s[:i], "0"), s[i:]
}
