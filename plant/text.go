package plant

import (
	"bufio"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// page is the text of a file in lines, with its tree.
type page struct {
	lines []string // with their ends
	root  ast.Node
}

// spot is where a value stands: the tree above it as far as it exists.
type spot struct {
	node   ast.Node              // the value, nil if it is not there
	pair   *ast.MappingValueNode // the field that holds it, for a field
	parent ast.Node              // mapping or list that holds it
	steps  []step                // what is not there, from the first missing step on
	index  int                   // of the entry in its list
}

// editText makes an edit in the text.
func editText(name, text string, steps []step, e *Edit) (string, error) {
	f, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil || len(f.Docs) == 0 || f.Docs[0].Body == nil {
		return "", fmt.Errorf("%s cannot be read", name)
	}
	p := &page{root: f.Docs[0].Body, lines: strings.SplitAfter(text, "\n")}
	s, err := p.find(steps)
	if err != nil {
		return "", err
	}
	switch {
	case e.Remove && s.node == nil:
		return text, nil
	case e.Remove:
		err = p.remove(s)
	case s.node == nil && e.Append:
		err = p.insertField(s, e.listOfOne())
	case s.node == nil:
		err = p.insertField(s, reflect.ValueOf(e.Value))
	case e.Append:
		err = p.appendItem(s, reflect.ValueOf(e.Value))
	default:
		err = p.replace(s, reflect.ValueOf(e.Value))
	}
	return strings.Join(p.lines, ""), err
}

func (e *Edit) listOfOne() reflect.Value {
	v := reflect.ValueOf(e.Value)
	return reflect.Append(reflect.MakeSlice(reflect.SliceOf(v.Type()), 0, 1), v)
}

// find follows the steps through the tree.
func (p *page) find(steps []step) (*spot, error) {
	s := &spot{node: p.root}
	for i, st := range steps {
		s.parent, s.pair = s.node, nil
		if st.field == "" {
			list, ok := s.node.(*ast.SequenceNode)
			if !ok || st.index >= len(list.Values) {
				return nil, fmt.Errorf("the list is not there")
			}
			s.node, s.index = list.Values[st.index], st.index
			continue
		}
		s.node = nil
		for _, kv := range pairs(s.parent) {
			if key(kv) == st.field {
				s.pair, s.node = kv, kv.Value
			}
		}
		if s.node == nil {
			s.steps = steps[i:]
			if len(s.steps) > 1 {
				return nil, fmt.Errorf("%s is not there yet: set it first", st.field)
			}
			return s, nil
		}
	}
	return s, nil
}

// offset is where a node begins: line and byte within it, from 0.
func (p *page) offset(n ast.Node) (int, int) {
	at := n.GetToken().Position
	line := min(max(at.Line-1, 0), len(p.lines)-1)
	col, bytes := 1, 0
	for i := range p.lines[line] {
		if col == at.Column {
			bytes = i
			break
		}
		col++
		bytes = i + 1
	}
	return line, bytes
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func idle(line string) bool {
	t := strings.TrimSpace(line)
	return t == "" || t[0] == '#'
}

// end is the line after the last one of a block that begins in line from at
// the indent. Blank lines and comments after it are not part of it.
func (p *page) end(from, indent int, dashes bool) int {
	last := from
	for i := from + 1; i < len(p.lines); i++ {
		l := p.lines[i]
		if idle(l) {
			continue
		}
		t := strings.TrimLeft(l, " ")
		in := indentOf(l)
		if in > indent || in == indent && (t[0] == ']' || t[0] == '}' || dashes && strings.HasPrefix(t, "-")) {
			last = i
			continue
		}
		break
	}
	return last + 1
}

// inFlow tells whether a mapping or list is written with brackets.
func inFlow(n ast.Node) bool {
	switch x := n.(type) {
	case *ast.MappingNode:
		return x.IsFlowStyle
	case *ast.SequenceNode:
		return x.IsFlowStyle
	}
	return false
}

// span is the part of one line that a scalar or a bracketed value takes; ok is
// false when it goes over several lines.
func (p *page) span(n ast.Node, inside bool) (line, from, to int, ok bool) {
	line, from = p.offset(n)
	to, ok = valueEnd(p.lines[line], from, inside)
	return line, from, to, ok
}

// valueEnd finds where a value ends in its line. inside says that it stands
// within brackets.
func valueEnd(s string, from int, inside bool) (int, bool) {
	depth, quote := 0, byte(0)
	for i := from; i < len(s); i++ {
		c := s[i]
		switch {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				if quote == '\'' && i+1 < len(s) && s[i+1] == '\'' {
					i++
					continue
				}
				quote = 0
				if depth == 0 {
					return i + 1, true
				}
			}
		case (c == '"' || c == '\'') && (i == from || depth > 0 && strings.IndexByte(" [{,:", s[i-1]) >= 0):
			quote = c
		case c == '[' || c == '{':
			if i == from || depth > 0 {
				depth++
			}
		case (c == ']' || c == '}') && depth > 0:
			if depth--; depth == 0 {
				return i + 1, true
			}
		case depth == 0 && inside && (c == ',' || c == ']' || c == '}'):
			return from + len(strings.TrimRight(s[from:i], " ")), true
		case c == '#' && i > 0 && s[i-1] == ' ', c == '\n', c == '\r':
			return from + len(strings.TrimRight(s[from:i], " ")), depth == 0
		}
	}
	return from + len(strings.TrimRight(s[from:], " \r\n")), depth == 0 && quote == 0
}

// replace puts another value in the place of one.
func (p *page) replace(s *spot, v reflect.Value) error {
	block := false
	switch n := s.node.(type) {
	case *ast.MappingNode:
		block = !n.IsFlowStyle
	case *ast.SequenceNode:
		block = !n.IsFlowStyle
	case *ast.MappingValueNode, *ast.LiteralNode:
		block = true
	}
	if !block {
		if line, from, to, ok := p.span(s.node, inFlow(s.parent)); ok && to > from {
			p.lines[line] = p.lines[line][:from] + flow(v) + p.lines[line][to:]
			return nil
		}
	}
	if s.pair == nil || inFlow(s.parent) {
		return fmt.Errorf("the value goes over several lines; edit it by hand")
	}
	line, col := p.offset(s.pair.Key)
	end := p.end(line, col, true)
	head := p.lines[line][:col]
	p.splice(line, end, field(strings.Repeat(" ", col), head, key(s.pair), v))
	return nil
}

// field writes a field as block, its first line begun by head.
func field(indent, head, name string, v reflect.Value) []string {
	var b strings.Builder
	w := &writer{w: bufio.NewWriter(&b)}
	w.field(name, v, "", indent)
	_ = w.w.Flush() // into memory
	return splitLines(head + strings.TrimPrefix(b.String(), indent))
}

func splitLines(s string) []string {
	return strings.SplitAfter(strings.TrimSuffix(s, "\n"), "\n")
}

// splice puts other lines in the place of some.
func (p *page) splice(from, to int, lines []string) {
	if n := len(lines); n > 0 && !strings.HasSuffix(lines[n-1], "\n") {
		lines[n-1] += "\n"
	}
	if from > 0 && len(lines) > 0 && !strings.HasSuffix(p.lines[from-1], "\n") {
		p.lines[from-1] += "\n"
	}
	rest := append([]string{}, p.lines[to:]...)
	p.lines = append(append(p.lines[:from], lines...), rest...)
}

// insertField adds a field to a group of fields, at its end.
func (p *page) insertField(s *spot, v reflect.Value) error {
	name := s.steps[0].field
	if inFlow(s.parent) {
		return p.insertInBrackets(s.parent, name+": "+flow(v))
	}
	kvs := pairs(s.parent)
	if len(kvs) == 0 {
		return fmt.Errorf("the group of fields is empty")
	}
	_, col := p.offset(kvs[0].Key)
	line, lastCol := p.offset(kvs[len(kvs)-1].Key)
	end := p.end(line, lastCol, true)
	indent := strings.Repeat(" ", col)
	p.splice(end, end, field(indent, indent, name, v))
	return nil
}

// insertInBrackets adds text before the closing bracket.
func (p *page) insertInBrackets(n ast.Node, text string) error {
	line, from, to, ok := p.span(n, true)
	l := p.lines[line]
	if !ok || to-from < 2 || strings.IndexByte("[{", l[from]) < 0 {
		return fmt.Errorf("the brackets go over several lines; edit it by hand")
	}
	inner := strings.TrimSpace(l[from+1 : to-1])
	if inner != "" {
		inner = strings.TrimSuffix(inner, ",") + ", "
	}
	p.lines[line] = l[:from+1] + inner + text + l[to-1:]
	return nil
}

// appendItem adds an entry to a list, at its end.
func (p *page) appendItem(s *spot, v reflect.Value) error {
	list, ok := s.node.(*ast.SequenceNode)
	if !ok {
		return fmt.Errorf("it is no list")
	}
	if list.IsFlowStyle {
		if len(list.Values) == 0 && s.pair != nil && !inFlow(s.parent) {
			return p.replace(s, reflect.Append(reflect.MakeSlice(reflect.SliceOf(v.Type()), 0, 1), v))
		}
		return p.insertInBrackets(list, flow(v))
	}
	line, col := p.dash(list, len(list.Values)-1)
	end := p.end(line, col, false)
	var b strings.Builder
	w := &writer{w: bufio.NewWriter(&b)}
	if v.Kind() == reflect.Struct && !isText(v) {
		w.item(v, "", strings.Repeat(" ", col))
	} else {
		fmt.Fprintf(w.w, "%s- %s\n", strings.Repeat(" ", col), flow(v))
	}
	_ = w.w.Flush() // into memory
	p.splice(end, end, splitLines(b.String()))
	return nil
}

// dash is where the dash of an entry stands.
func (p *page) dash(list *ast.SequenceNode, i int) (int, int) {
	n := list.Values[i]
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		n = m.Values[0].Key
	}
	line, _ := p.offset(n)
	for line > 0 && !strings.HasPrefix(strings.TrimLeft(p.lines[line], " "), "-") {
		line--
	}
	return line, indentOf(p.lines[line])
}

// remove takes a field or an entry away, with the comments directly above it.
func (p *page) remove(s *spot) error {
	if inFlow(s.parent) {
		return p.removeInBrackets(s)
	}
	if list, ok := s.parent.(*ast.SequenceNode); ok {
		if len(list.Values) == 1 {
			return fmt.Errorf("it is the only entry; remove the list")
		}
		line, col := p.dash(list, s.index)
		p.splice(p.above(line, col), p.end(line, col, false), nil)
		return nil
	}
	line, col := p.offset(s.pair.Key)
	if strings.HasPrefix(strings.TrimLeft(p.lines[line], " "), "-") && indentOf(p.lines[line]) < col {
		return fmt.Errorf("it is the first field of its entry; edit it by hand")
	}
	p.splice(p.above(line, col), p.end(line, col, true), nil)
	return nil
}

// above is the first of the comment lines right above a line at the same indent.
func (p *page) above(line, indent int) int {
	for line > 0 {
		l := p.lines[line-1]
		if t := strings.TrimSpace(l); t == "" || t[0] != '#' || indentOf(l) != indent {
			break
		}
		line--
	}
	return line
}

func (p *page) removeInBrackets(s *spot) error {
	n := s.node
	if s.pair != nil {
		n = s.pair.Key
	}
	line, from := p.offset(n)
	_, _, to, ok := p.span(s.node, true)
	l := p.lines[line]
	if end, _ := p.offset(s.node); !ok || end != line {
		return fmt.Errorf("the value goes over several lines; edit it by hand")
	}
	rest := strings.TrimLeft(l[to:], " ")
	head := l[:from]
	if strings.HasPrefix(rest, ",") {
		rest = strings.TrimLeft(rest[1:], " ")
	} else {
		head = strings.TrimSuffix(strings.TrimRight(head, " "), ",")
	}
	p.lines[line] = head + rest
	return nil
}
