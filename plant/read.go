package plant

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Limits of a file.
const (
	maxBytes = 16 << 20
	maxDepth = 12 // of nesting; the model needs 6
	maxTold  = 100
)

// Read reads a plant file. name is told in positions; at is the time for which
// it is judged what has expired, zero for never. With an error among the
// problems the plant is nil.
func Read(name string, src []byte, at time.Time) (*Plant, Problems) {
	p := &Plant{positions: make(map[string]Position)}
	ps := decode(name, src, p, p.positions, "plant", Version)
	if len(ps) == 0 {
		ps = p.Check(at)
	}
	ps.Sort()
	if len(ps.Errors()) > 0 {
		return nil, ps
	}
	return p, ps
}

// decode reads a document into a struct and notes where each value stands.
// The field named version says which format it is and must not be above newest.
func decode(name string, src []byte, to any, positions map[string]Position, version string, newest int) Problems {
	d := &decoder{file: name, at: positions}
	positions[""] = Position{name, 1, 1}
	if len(src) > maxBytes {
		d.fail(positions[""], "", "the file has %d bytes, more than %d", len(src), maxBytes)
		return d.problems
	}
	if i := invalid(src); i >= 0 {
		d.fail(Position{name, 1 + bytes.Count(src[:i], []byte("\n")), 1}, "save it as UTF-8", "the file is not text in UTF-8")
		return d.problems
	}
	if line := tooDeep(src); line > 0 {
		d.fail(Position{name, line, 1}, "", "nested deeper than %d", maxDepth)
		return d.problems
	}
	body, ok := d.parse(src)
	if !ok {
		return d.problems
	}
	if d.tooNew(body, version, newest) {
		return d.problems
	}
	d.value(body, reflect.ValueOf(to).Elem(), "", 0)
	if len(d.problems) > maxTold {
		n := len(d.problems) - maxTold
		d.problems = append(d.problems[:maxTold], Problem{Position: d.problems[maxTold].Position, What: fmt.Sprintf("%d more problems", n)})
	}
	return d.problems
}

// invalid is the offset of the first byte that is not UTF-8, or a NUL; -1 for none.
func invalid(src []byte) int {
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 || r == 0 {
			return i
		}
		i += n
	}
	return -1
}

// tooDeep is the first line that surely nests deeper than a model does, in
// brackets or dashes; the parser recurses over them. 0 for none.
func tooDeep(src []byte) int {
	line, depth := 1, 0
	for rest := src; len(rest) > 0; line++ {
		l, more, _ := bytes.Cut(rest, []byte("\n"))
		rest = more
		dashes := bytes.Count(l[:len(l)-len(bytes.TrimLeft(l, " -?:\t"))], []byte("-"))
		depth = max(0, depth+bytes.Count(l, []byte("["))+bytes.Count(l, []byte("{"))-bytes.Count(l, []byte("]"))-bytes.Count(l, []byte("}")))
		indent := len(l) - len(bytes.TrimLeft(l, " "))
		if depth > 10*maxDepth || bytes.Count(l, []byte("["))+bytes.Count(l, []byte("{")) > 1000 || dashes > maxDepth && dashes < len(bytes.TrimSpace(l)) || indent > 400 {
			return line
		}
	}
	return 0
}

// decoder walks the tree of a document.
type decoder struct {
	file     string
	at       map[string]Position
	problems Problems
}

func (d *decoder) fail(at Position, remedy, what string, a ...any) {
	d.problems = append(d.problems, Problem{Position: at, What: fmt.Sprintf(what, a...), Remedy: remedy})
}

func (d *decoder) position(n ast.Node) Position {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		n = m.Values[0].Key
	}
	if s, ok := n.(*ast.SequenceNode); ok && len(s.Values) > 0 && !s.IsFlowStyle {
		n = s.Values[0]
	}
	t := n.GetToken()
	if t == nil || t.Position == nil {
		return d.at[""]
	}
	return Position{d.file, t.Position.Line, t.Position.Column}
}

// parse makes the tree of the only document.
func (d *decoder) parse(src []byte) (ast.Node, bool) {
	f, err := parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.syntax(err)
		return nil, false
	}
	var docs []ast.Node
	for _, doc := range f.Docs {
		if doc.Body != nil {
			docs = append(docs, doc.Body)
		}
	}
	switch {
	case len(docs) == 0:
		d.fail(d.at[""], "begin with plant: 1", "the file is empty")
	case len(docs) > 1:
		d.fail(d.position(docs[1]), "remove the line ---", "a second document begins here")
	default:
		return docs[0], true
	}
	return nil, false
}

// syntax tells what the parser did not understand.
func (d *decoder) syntax(err error) {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil || e.GetToken().Position == nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		d.fail(d.at[""], "", "not YAML: %s", first)
		return
	}
	at := e.GetToken().Position
	d.fail(Position{d.file, at.Line, at.Column}, "", "not YAML: %s", e.GetMessage())
}

// tooNew tells whether the version is one that this program does not know.
// Then nothing else is judged.
func (d *decoder) tooNew(n ast.Node, field string, newest int) bool {
	for _, kv := range pairs(n) {
		if key(kv) != field {
			continue
		}
		i, ok := kv.Value.(*ast.IntegerNode)
		if !ok {
			return false
		}
		v, err := strconv.ParseUint(i.GetToken().Value, 0, 63)
		switch {
		case err != nil || v == 0:
			d.fail(d.position(kv.Value), fmt.Sprintf("write %s: %d", field, newest), "%s: %s is no version", field, i.GetToken().Value)
		case v > uint64(newest):
			d.fail(d.position(kv.Value), "use a newer bulkhead", "%s: version %d is newer than what this program reads, which is %d", field, v, newest)
		default:
			return false
		}
		return true
	}
	return false
}

// pairs are the entries of a mapping, nil for anything else.
func pairs(n ast.Node) []*ast.MappingValueNode {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}
	}
	return nil
}

func key(kv *ast.MappingValueNode) string { return kv.Key.GetToken().Value }

// value reads one node into v.
func (d *decoder) value(n ast.Node, v reflect.Value, path string, depth int) {
	if _, seen := d.at[path]; !seen || path == "" {
		d.at[path] = d.position(n)
	}
	if depth > maxDepth {
		d.fail(d.position(n), "", "nested deeper than %d", maxDepth)
		return
	}
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode, *ast.TagNode:
		d.fail(d.position(n), "write the value out", "anchors, aliases and tags are not understood")
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		d.text(n, path, u.UnmarshalText)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		d.value(n, p.Elem(), path, depth)
		v.Set(p)
	case reflect.Struct:
		d.structure(n, v, path, depth)
	case reflect.Slice:
		d.list(n, v, path, depth)
	case reflect.String:
		d.text(n, path, func(b []byte) error { v.SetString(string(b)); return nil })
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
		} else {
			d.want(n, path, "true or false")
		}
	default:
		d.number(n, v, path)
	}
}

// want tells that a value is of the wrong type.
func (d *decoder) want(n ast.Node, path, what string) {
	d.fail(d.position(n), "", "%s: found %s, want %s", last1(path), kind(n), what)
}

// last1 is the last name in a path, for messages.
func last1(path string) string {
	if path == "" {
		return "the file"
	}
	s := path[strings.LastIndexByte(path, '.')+1:]
	return s
}

// kind says what a node is.
func kind(n ast.Node) string {
	switch x := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a group of fields"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "nothing"
	case *ast.StringNode:
		return "the text " + strconv.Quote(short(x.Value))
	case *ast.LiteralNode:
		return "a text of several lines"
	default:
		return short(n.GetToken().Value)
	}
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

// text reads a scalar as it is written. Numbers are texts, too.
func (d *decoder) text(n ast.Node, path string, take func([]byte) error) {
	var s string
	switch x := n.(type) {
	case *ast.StringNode:
		s = x.Value
	case *ast.LiteralNode:
		s = strings.TrimRight(x.Value.Value, "\n")
	case *ast.IntegerNode, *ast.FloatNode:
		s = n.GetToken().Value
	default:
		d.want(n, path, "a text")
		return
	}
	if err := take([]byte(s)); err != nil {
		d.fail(d.position(n), "", "%s: %q: %v", last1(path), short(s), err)
	}
}

func (d *decoder) list(n ast.Node, v reflect.Value, path string, depth int) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		d.want(n, path, "a list")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(s.Values), len(s.Values))
	for i, e := range s.Values {
		d.value(e, out.Index(i), fmt.Sprintf("%s[%d]", path, i), depth+1)
	}
	v.Set(out)
}

func (d *decoder) structure(n ast.Node, v reflect.Value, path string, depth int) {
	kvs := pairs(n)
	if m, ok := n.(*ast.MappingNode); kvs == nil && (!ok || len(m.Values) > 0) {
		d.want(n, path, "a group of fields")
		return
	}
	fields := fieldsOf(v.Type())
	seen := make(map[string]bool)
	for _, kv := range kvs {
		name := key(kv)
		i, known := fields[name]
		at := d.position(kv.Key)
		switch {
		case seen[name]:
			d.fail(at, "keep one of them", "%s is given twice", name)
			continue
		case !known:
			d.fail(at, d.near(name, fields), "unknown field %s", name)
			continue
		}
		seen[name] = true
		p := join(path, name)
		d.at[p] = d.position(kv.Value)
		if _, empty := kv.Value.(*ast.NullNode); empty {
			d.at[p] = at
			d.fail(at, "give it, or remove the field", "%s has no value", name)
			continue
		}
		d.value(kv.Value, v.Field(i), p, depth+1)
	}
	for name := range orderedFields(v.Type()) {
		f := v.Type().Field(fields[name])
		if f.Tag.Get("need") != "" && !seen[name] {
			d.fail(d.at[path], "", "%s is missing: %s", name, lower(f.Tag.Get("doc")))
		}
	}
}

func lower(s string) string {
	if s == "" || len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.TrimSuffix(strings.ToLower(s[:1])+s[1:], ".")
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
