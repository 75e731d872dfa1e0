package export

import (
	_ "embed"
	"html/template"
	"io"
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
)

//go:embed page.html
var page string

// HTML writes one page that needs nothing else.
func HTML(w io.Writer, d *assess.Assessment) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"frames": func(f []uint64) string { return strings.Trim(frames(f), " []") },
		"length": length,
		"join":   strings.Join,
		"status": func(scope, std string) []*assess.Status { return pick(d, scope, std) },
		"share":  func(n, of int) int { return 100 * n / max(of, 1) },
		"fr":     func(v assess.Vector, i int) int { return v[i] },
		"frs":    func() [7]string { return assess.Foundations },
		"below":  func(t *assess.Vector, v assess.Vector, i int) bool { return t != nil && v[i] < t[i] },
		"evidence": func(s *assess.Status) []assess.Exhibit {
			if s.Result < 0 {
				return nil
			}
			return d.Results[s.Result].Evidence
		},
	}).Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, d)
}

func pick(d *assess.Assessment, scope, std string) []*assess.Status {
	var out []*assess.Status
	for i := range d.Requirements {
		if s := &d.Requirements[i]; s.Scope == scope && s.Standard == std {
			out = append(out, s)
		}
	}
	return out
}
