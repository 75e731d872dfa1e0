package plant

import (
	"iter"
	"reflect"
	"slices"
)

// fieldsOf gives the index of each field by its name in the file.
func fieldsOf(t reflect.Type) map[string]int {
	m := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("yaml"); name != "" {
			m[name] = i
		}
	}
	return m
}

// orderedFields lists the fields as they are declared.
func orderedFields(t reflect.Type) iter.Seq2[string, reflect.StructField] {
	return func(yield func(string, reflect.StructField) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			if name := f.Tag.Get("yaml"); name != "" && !yield(name, f) {
				return
			}
		}
	}
}

// orderedBy lists names by their index.
func orderedBy(m map[string]int) iter.Seq2[string, int] {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int { return m[a] - m[b] })
	return func(yield func(string, int) bool) {
		for _, n := range names {
			if !yield(n, m[n]) {
				return
			}
		}
	}
}
