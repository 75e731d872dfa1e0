package plant

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Difference is one thing in which two plants differ, in words.
type Difference struct {
	Thing string `json:"thing"` // "zone", "conduit", "site", "person", "role", "work", "exception", "plant"
	ID    ID     `json:"id,omitempty"`
	Kind  string `json:"kind"` // "added", "removed", "changed"
	Field string `json:"field,omitempty"`
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
	Text  string `json:"text"`
	Wider bool   `json:"wider,omitempty"` // lets more pass than before
}

// Diff says in which things two plants differ. The order of things, comments
// and the way of writing do not count.
func Diff(a, b *Plant) []Difference {
	d := []Difference{}
	plain := func(name, x, y string) {
		if x != y {
			d = append(d, changed("plant", "", name, x, y))
		}
	}
	plain("name", a.Name, b.Name)
	for name, f := range orderedFields(reflect.TypeFor[RiskTolerance]()) {
		x, y := reflect.ValueOf(a.RiskTolerance).FieldByIndex(f.Index), reflect.ValueOf(b.RiskTolerance).FieldByIndex(f.Index)
		plain("risk tolerance, "+name, x.String(), y.String())
	}
	d = append(d, diffList("site", a.Sites, b.Sites)...)
	d = append(d, diffList("zone", a.Zones, b.Zones)...)
	d = append(d, diffList("conduit", a.Conduits, b.Conduits)...)
	d = append(d, diffList("person", a.People, b.People)...)
	d = append(d, diffList("role", a.Roles, b.Roles)...)
	d = append(d, diffList("work", a.Work, b.Work)...)
	return append(d, diffList("exception", a.Exceptions, b.Exceptions)...)
}

func changed(thing string, id ID, field, x, y string) Difference {
	text := strings.TrimSpace(fmt.Sprintf("%s %s", thing, id)) + ": " + field
	switch {
	case x == "":
		text += " is now " + y
	case y == "":
		text += " is no longer given; it was " + x
	default:
		text += " was " + x + ", is " + y
	}
	return Difference{Thing: thing, ID: id, Kind: "changed", Field: field, Old: x, New: y, Text: text}
}

func diffList[T any](thing string, a, b []T) []Difference {
	var d []Difference
	id := func(t *T) ID { return ID(reflect.ValueOf(t).Elem().FieldByName("ID").String()) }
	find := func(list []T, of ID) *T {
		if i := slices.IndexFunc(list, func(t T) bool { return id(&t) == of }); i >= 0 {
			return &list[i]
		}
		return nil
	}
	for i := range a {
		x := id(&a[i])
		if y := find(b, x); y == nil {
			d = append(d, Difference{Thing: thing, ID: x, Kind: "removed", Text: fmt.Sprintf("%s %s is removed: %s", thing, x, sketch(&a[i]))})
		} else {
			d = append(d, fields(thing, x, reflect.ValueOf(&a[i]).Elem(), reflect.ValueOf(y).Elem())...)
		}
	}
	for i := range b {
		if x := id(&b[i]); find(a, x) == nil {
			d = append(d, Difference{Thing: thing, ID: x, Kind: "added", Text: fmt.Sprintf("%s %s is new: %s", thing, x, sketch(&b[i])), Wider: thing == "conduit"})
		}
	}
	return d
}

// sketch says in a few words what a thing is.
func sketch(t any) string {
	switch x := t.(type) {
	case *Zone:
		return fmt.Sprintf("%s, %d members", x.Label(), len(x.Members))
	case *Conduit:
		var s []string
		for i := range x.Protocols {
			s = append(s, x.Protocols[i].Text())
		}
		return fmt.Sprintf("%s to %s, %s", x.From, x.To, strings.Join(s, ", "))
	case *Place:
		return strings.TrimSpace(string(x.Kind) + " " + x.Name)
	case *Person:
		return x.Name
	case *Role:
		return x.Name
	case *Work:
		return x.What
	case *Exception:
		return x.What
	}
	return ""
}

// Text is "modbus read, write on tcp/502".
func (r *Protocol) Text() string {
	s := r.Protocol
	if len(r.Classes) > 0 {
		var c []string
		for _, k := range r.Classes {
			c = append(c, k.String())
		}
		s += " " + strings.Join(c, ", ")
	}
	if len(r.Functions) > 0 {
		s += " (only " + strings.Join(r.Functions, ", ") + ")"
	}
	if len(r.Ports) > 0 {
		var p []string
		for _, k := range r.Ports {
			p = append(p, k.String())
		}
		s += " on " + strings.Join(p, ", ")
	}
	if r.AsksBack {
		s += ", asks back"
	}
	return s
}

// fields compares two things field by field; of lists, entry by entry.
func fields(thing string, id ID, a, b reflect.Value) []Difference {
	var d []Difference
	for name, f := range orderedFields(a.Type()) {
		x, y := a.FieldByIndex(f.Index), b.FieldByIndex(f.Index)
		if name == "id" || zeroFlow(x) == zeroFlow(y) {
			continue
		}
		if x.Kind() == reflect.Slice {
			d = append(d, entries(thing, id, name, x, y)...)
			continue
		}
		d = append(d, changed(thing, id, name, zeroFlow(x), zeroFlow(y)))
	}
	return d
}

// entries says which entries of a list came and went. Their order does not count.
func entries(thing string, id ID, name string, a, b reflect.Value) []Difference {
	text := func(v reflect.Value) string {
		if r, ok := v.Addr().Interface().(*Protocol); ok {
			return r.Text()
		}
		return strings.Trim(flow(v), "{}")
	}
	list := func(v reflect.Value) []string {
		var s []string
		for i := range v.Len() {
			s = append(s, text(v.Index(i)))
		}
		return s
	}
	x, y := list(a), list(b)
	one := strings.TrimSuffix(name, "s")
	var d []Difference
	for _, e := range x {
		if !slices.Contains(y, e) {
			d = append(d, Difference{Thing: thing, ID: id, Kind: "changed", Field: name, Old: e, Text: fmt.Sprintf("%s %s: %s %s is removed", thing, id, one, e)})
		}
	}
	for _, e := range y {
		if !slices.Contains(x, e) {
			d = append(d, Difference{Thing: thing, ID: id, Kind: "changed", Field: name, New: e, Text: fmt.Sprintf("%s %s: %s %s is new", thing, id, one, e), Wider: name == "protocols"})
		}
	}
	return d
}

func zeroFlow(v reflect.Value) string {
	if v.IsZero() {
		return ""
	}
	return flow(v)
}
