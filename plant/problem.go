package plant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Position is a place in a file, counted from 1; columns in characters.
type Position struct {
	File   string
	Line   int
	Column int
}

func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is something wrong with a plant file.
type Problem struct {
	Position
	Warning bool   // the file can be used nevertheless
	What    string // what is wrong, naming thing and value
	Remedy  string
}

func (p Problem) String() string {
	s := p.Position.String() + ": "
	if p.Warning {
		s += "warning: "
	}
	s += p.What
	if p.Remedy != "" {
		s += "; " + p.Remedy
	}
	return s
}

// Problems is all that is wrong with a file, by position.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Errors are the problems for which the file cannot be used.
func (ps Problems) Errors() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Warning })
}

// Warnings are the other problems.
func (ps Problems) Warnings() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return !p.Warning })
}

// Sort orders the problems by position.
func (ps Problems) Sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// At is where the value of a path such as "zones[2].sl_t.UC" stands; where it
// is not given, where that stands which lacks it.
func (p *Plant) At(path string) Position {
	for path != "" {
		if at, ok := p.positions[path]; ok {
			return at
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			break
		}
		path = path[:i]
	}
	return p.positions[""]
}

// problem notes an error at the path.
func (p *Plant) problem(ps *Problems, path, remedy, what string, a ...any) {
	*ps = append(*ps, Problem{Position: p.At(path), What: fmt.Sprintf(what, a...), Remedy: remedy})
}

// warn notes a warning at the path.
func (p *Plant) warn(ps *Problems, path, remedy, what string, a ...any) {
	*ps = append(*ps, Problem{Position: p.At(path), Warning: true, What: fmt.Sprintf(what, a...), Remedy: remedy})
}
