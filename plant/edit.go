package plant

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Edit is a change to a plant file. Path names a value: fields joined by dots,
// entries of lists by id or by index in brackets: "conduits[scada-fill].owner",
// "zones[fill].members[2].why".
type Edit struct {
	Path   string
	Value  any  // what it becomes, of the type of the field; for Append one entry
	Append bool // Path is a list and Value is added at its end
	Remove bool // Path goes
}

// Apply makes the edits in the text of a plant file, in order, and leaves
// everything else as it is: comments, order, spaces. When one of them cannot
// be made, or the outcome is no good plant file, nothing is changed: the error
// is Problems if it is about the outcome.
func Apply(name string, src []byte, at time.Time, edits ...Edit) ([]byte, *Plant, error) {
	was, ps := Read(name, src, time.Time{})
	if was == nil {
		return nil, nil, ps
	}
	text := string(src)
	for i := range edits {
		var err error
		if text, err = applyOne(name, text, &edits[i]); err != nil {
			return nil, nil, fmt.Errorf("edit %s: %w", edits[i].Path, err)
		}
	}
	p, ps := Read(name, []byte(text), at)
	if p == nil {
		return nil, nil, ps
	}
	return []byte(text), p, nil
}

// applyOne makes one edit and sees to it that the text then says what the
// edited model says, no more and no less.
func applyOne(name, text string, e *Edit) (string, error) {
	want, steps, err := editModel(name, text, e)
	if err != nil {
		return "", err
	}
	out, err := editText(name, text, steps, e)
	if err != nil {
		return "", err
	}
	got := &Plant{positions: make(map[string]Position)}
	if ps := decode(name, []byte(out), got, got.positions, "plant", Version); len(ps) > 0 {
		return "", ps
	}
	want.positions = got.positions
	if !sameValue(reflect.ValueOf(want).Elem(), reflect.ValueOf(got).Elem()) {
		return "", fmt.Errorf("the way in which the file is laid out there is not understood; edit it by hand")
	}
	return out, nil
}

// sameValue compares what would be written.
func sameValue(a, b reflect.Value) bool { return flow(a) == flow(b) }

// step is one part of a path: a field, or an entry of a list.
type step struct {
	field string // "" for an entry
	index int
}

// editModel makes the edit in the model, and resolves the path.
func editModel(name, text string, e *Edit) (*Plant, []step, error) {
	p := &Plant{positions: make(map[string]Position)}
	if ps := decode(name, []byte(text), p, p.positions, "plant", Version); len(ps) > 0 {
		return nil, nil, ps
	}
	v, steps, err := walk(reflect.ValueOf(p).Elem(), e.Path)
	if err != nil {
		return nil, nil, err
	}
	last := steps[len(steps)-1]
	switch {
	case e.Remove && last.field != "":
		v.SetZero()
	case e.Remove:
		parent, _, _ := walk(reflect.ValueOf(p).Elem(), e.Path[:strings.LastIndexByte(e.Path, '[')])
		parent.Set(reflect.AppendSlice(parent.Slice(0, last.index), parent.Slice(last.index+1, parent.Len())))
	case e.Append:
		if v.Kind() != reflect.Slice {
			return nil, nil, fmt.Errorf("it is no list")
		}
		x := reflect.New(v.Type().Elem()).Elem()
		if err := assign(x, e.Value); err != nil {
			return nil, nil, err
		}
		v.Set(reflect.Append(v, x))
	default:
		if err := assign(v, e.Value); err != nil {
			return nil, nil, err
		}
	}
	return p, steps, nil
}

// assign puts a value into a field, from its own type or from text.
func assign(v reflect.Value, value any) error {
	if value == nil {
		return fmt.Errorf("no value is given")
	}
	if s, ok := value.(string); ok {
		if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
			return u.UnmarshalText([]byte(s))
		}
	}
	x := reflect.ValueOf(value)
	if v.Kind() == reflect.Pointer && x.Kind() != reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	number := func(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Float64 }
	switch {
	case x.Type().AssignableTo(v.Type()):
		v.Set(x)
	case x.Kind() == v.Kind() && x.CanConvert(v.Type()), number(x.Kind()) && number(v.Kind()):
		v.Set(x.Convert(v.Type()))
	default:
		return fmt.Errorf("a value of type %T does not fit", value)
	}
	return nil
}

// walk follows a path from the model down.
func walk(v reflect.Value, path string) (reflect.Value, []step, error) {
	var steps []step
	for rest := path; rest != ""; {
		if rest[0] == '[' {
			in, after, ok := strings.Cut(rest[1:], "]")
			if !ok || v.Kind() != reflect.Slice {
				return v, nil, fmt.Errorf("path %s: [%s is no entry of a list", path, in)
			}
			i := entry(v, in)
			if i < 0 {
				return v, nil, fmt.Errorf("there is no %s", in)
			}
			v, steps, rest = v.Index(i), append(steps, step{index: i}), strings.TrimPrefix(after, ".")
			continue
		}
		n := strings.IndexAny(rest, ".[")
		if n < 0 {
			n = len(rest)
		}
		field := rest[:n]
		rest = strings.TrimPrefix(rest[n:], ".")
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct {
			return v, nil, fmt.Errorf("path %s: %s is no field", path, field)
		}
		i, ok := fieldsOf(v.Type())[field]
		if !ok {
			return v, nil, fmt.Errorf("path %s: %s is no field", path, field)
		}
		v, steps = v.Field(i), append(steps, step{field: field})
	}
	if len(steps) == 0 {
		return v, nil, fmt.Errorf("the path is empty")
	}
	return v, steps, nil
}

// entry finds an entry of a list by id, else by index; -1 for none.
func entry(list reflect.Value, name string) int {
	if id, ok := fieldsOf2(list.Type().Elem())["id"]; ok {
		for i := range list.Len() {
			if list.Index(i).Field(id).String() == name {
				return i
			}
		}
	}
	if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < list.Len() {
		return i
	}
	return -1
}

func fieldsOf2(t reflect.Type) map[string]int {
	if t.Kind() != reflect.Struct {
		return nil
	}
	return fieldsOf(t)
}
