package plant

import (
	"bufio"
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Notes are comments for the things of a plant, by path: "conduits[2]". The
// note of a path without index stands before its field, that of "" first.
type Notes map[string][]string

// Write writes the plant as a file, with notes as comments.
func (p *Plant) Write(w io.Writer, notes Notes) error {
	e := &writer{w: bufio.NewWriter(w), notes: notes}
	e.comment("", "")
	for name, f := range orderedFields(reflect.TypeFor[Plant]()) {
		v := reflect.ValueOf(p).Elem().FieldByIndex(f.Index)
		if v.IsZero() && len(notes[name]) == 0 {
			continue
		}
		if v.Kind() == reflect.Slice {
			fmt.Fprintln(e.w)
		}
		e.comment(name, "")
		if !v.IsZero() {
			e.field(name, v, name, "")
		}
	}
	return e.w.Flush()
}

type writer struct {
	w     *bufio.Writer
	notes Notes
}

func (e *writer) comment(path, indent string) {
	for _, n := range e.notes[path] {
		for line := range strings.SplitSeq(n, "\n") {
			fmt.Fprintln(e.w, strings.TrimRight(indent+"# "+line, " "))
		}
	}
}

// wide is how long a line may become before a list is broken into lines.
const wide = 110

// field writes "name: value".
func (e *writer) field(name string, v reflect.Value, path, indent string) {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Slice {
		fmt.Fprintf(e.w, "%s%s: %s\n", indent, name, flow(v))
		return
	}
	if s := flow(v); v.Len() == 0 || v.Index(0).Kind() != reflect.Struct || isText(v.Index(0)) {
		if len(indent)+len(name)+2+len(s) <= wide || isText(v.Index(0)) || v.Index(0).Kind() != reflect.Struct {
			fmt.Fprintf(e.w, "%s%s: %s\n", indent, name, s)
			return
		}
	}
	fmt.Fprintf(e.w, "%s%s:\n", indent, name)
	for i := range v.Len() {
		e.item(v.Index(i), fmt.Sprintf("%s[%d]", path, i), indent+"  ")
	}
}

// item writes one entry of a list: things with an id over several lines,
// others on one.
func (e *writer) item(v reflect.Value, path, indent string) {
	e.comment(path, indent)
	if _, whole := fieldsOf(v.Type())["id"]; !whole || len(indent)+len(flow(v)) <= 80 {
		fmt.Fprintf(e.w, "%s- %s\n", indent, flow(v))
		return
	}
	dash := indent + "- "
	for name, f := range orderedFields(v.Type()) {
		x := v.FieldByIndex(f.Index)
		if x.IsZero() {
			continue
		}
		e.comment(path+"."+name, indent+"  ")
		e.field(name, x, path+"."+name, dash)
		dash = indent + "  "
	}
}

func isText(v reflect.Value) bool {
	_, ok := v.Interface().(encoding.TextMarshaler)
	return ok
}

// flow writes a value on one line.
func flow(v reflect.Value) string {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "null"
		}
		v = v.Elem()
	}
	if t, ok := v.Interface().(encoding.TextMarshaler); ok {
		b, _ := t.MarshalText() // none of ours fails
		return scalar(string(b))
	}
	switch v.Kind() {
	case reflect.String:
		return scalar(v.String())
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case reflect.Slice:
		s := make([]string, v.Len())
		for i := range s {
			s[i] = flow(v.Index(i))
		}
		return "[" + strings.Join(s, ", ") + "]"
	case reflect.Struct:
		var s []string
		for name, f := range orderedFields(v.Type()) {
			if x := v.FieldByIndex(f.Index); !x.IsZero() || v.Type() == reflect.TypeFor[Vector]() {
				s = append(s, name+": "+flow(x))
			}
		}
		return "{" + strings.Join(s, ", ") + "}"
	}
	return fmt.Sprint(v.Interface())
}

// plain are texts that need no quotes anywhere. Numbers stay numbers, which
// the reader takes for texts where it wants one.
var plain = regexp.MustCompile(`^[A-Za-z0-9_./][A-Za-z0-9_./+()@-]*( [A-Za-z0-9_./+()@-]+)*$`)

// special are words that mean something else without quotes, in this or an
// older version of YAML.
var special = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|y|n|null|nan|\.nan|[-+]?\.?inf|[0-9_.]+e[-+]?[0-9]+|0[xo][0-9a-f_]*)$`)

func scalar(s string) string {
	if plain.MatchString(s) && !special.MatchString(s) && !strings.HasPrefix(s, "...") {
		return s
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	var b strings.Builder
	j := json.NewEncoder(&b)
	j.SetEscapeHTML(false)
	_ = j.Encode(s) // a string can always be written
	return strings.TrimSuffix(b.String(), "\n")
}
