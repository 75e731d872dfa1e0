package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/assess"
	checks "github.com/bulkhead-ot/bulkhead/assess/all"
	"github.com/bulkhead-ot/bulkhead/standard"
	"github.com/bulkhead-ot/bulkhead/standard/sheet"
)

// standardOptions are the flags that say what stands in the catalogues.
type standardOptions struct {
	catalogues []string
	mappings   []string
}

func (o *standardOptions) library() (*standard.Library, error) {
	l := standard.NewLibrary()
	for _, name := range o.catalogues {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		s, err := standard.ReadCatalogue(f)
		f.Close()
		if err == nil {
			err = l.Replace(s)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, name := range o.mappings {
		b, err := os.ReadFile(name)
		if err == nil {
			err = l.AddCrosswalk(b)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return l, nil
}

func standardsCommand() *cobra.Command {
	var format, text string
	var o standardOptions
	c := &cobra.Command{
		Use:   "standards [list | show STANDARD [REQUIREMENT]]",
		Short: "List the standards and their requirements",
		Long: "Lists the catalogues, or shows one of them or one requirement with its neighbours in other standards.\n" +
			"Titles of IEC and ISO requirements are our own words; --text lays a licensed text over them.",
		Example: "  bulkhead standards\n  bulkhead standards show iec62443-3-3 \"SR 5.1\"\n" +
			"  bulkhead standards show nist-800-171r3 03.01.01 --text catalog.json",
		Args: cobra.MaximumNArgs(3),
		RunE: func(c *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return usage("--format %s: want text or json", format)
			}
			l, err := o.library()
			if err != nil {
				return failed(err)
			}
			p := standardsPrinter{c.OutOrStdout(), l, format == "json"}
			switch {
			case len(args) == 0 || args[0] == "list" && len(args) == 1:
				return p.list()
			case args[0] == "show" && len(args) >= 2:
				return p.show(args[1], args[2:], text)
			}
			return usage("standards: want list, or show STANDARD [REQUIREMENT]")
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", "text", "text or json")
	f.StringVar(&text, "text", "", "official text to show in place of ours: OSCAL catalogue (JSON), CSV or XLSX")
	f.StringArrayVar(&o.catalogues, "catalogue", nil, "catalogue file to use in place of the one of the same id")
	f.StringArrayVar(&o.mappings, "mapping", nil, "file with further mappings between standards")
	return c
}

type standardsPrinter struct {
	w    io.Writer
	l    *standard.Library
	json bool
}

func (p *standardsPrinter) encode(v any) error {
	e := json.NewEncoder(p.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func (p *standardsPrinter) list() error {
	type row struct {
		ID           string         `json:"id"`
		Name         string         `json:"name"`
		Title        string         `json:"title"`
		Edition      string         `json:"edition"`
		Requirements int            `json:"requirements"`
		Counts       map[string]int `json:"counts"`
		Notice       string         `json:"notice"`
	}
	rows := []row{}
	for _, n := range standard.Names() {
		s, err := p.l.Get(n)
		if err != nil {
			return failed(err)
		}
		rows = append(rows, row{s.ID, s.Name, s.Title, s.Edition, len(s.Requirements), s.Counts, s.Notice})
	}
	if p.json {
		return p.encode(rows)
	}
	fmt.Fprintf(p.w, "%-16s %5s  %-44s %s\n", "STANDARD", "ROWS", "WHAT IT IS", "EDITION")
	for _, r := range rows {
		fmt.Fprintf(p.w, "%-16s %5d  %-44s %s\n", r.ID, r.Requirements, cut(r.Title, 44), r.Edition)
	}
	_, err := fmt.Fprintln(p.w, "\nMore on one of them: bulkhead standards show STANDARD [REQUIREMENT]\nATT&CK: (c) 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.")
	return err
}

// withText lays the text of a file over a catalogue.
func withText(s *standard.Standard, name string) (*standard.Standard, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var texts []standard.Text
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		texts, err = s.TextsFromOSCAL(f)
	case ".csv":
		texts, err = standard.TextsFromCSV(f)
	case ".xlsx":
		texts, err = sheet.Texts(f)
	default:
		err = errors.New("want .json (OSCAL catalogue), .csv or .xlsx")
	}
	if err == nil {
		s, err = s.WithTexts(texts)
	}
	if err != nil {
		return nil, fmt.Errorf("text %s: %w; nothing was taken from it", name, err)
	}
	return s, nil
}

func (p *standardsPrinter) show(id string, requirement []string, text string) error {
	s, err := p.l.Get(strings.ToLower(id))
	if err != nil {
		return usage("standards show: %v", err)
	}
	if text != "" {
		if s, err = withText(s, text); err != nil {
			return failed(err)
		}
	}
	if len(requirement) > 0 {
		r := s.Find(requirement[0])
		if r == nil {
			return usage("standards show: %s has no requirement %q", s.ID, requirement[0])
		}
		return p.requirement(s, r)
	}
	if p.json {
		return p.encode(s)
	}
	fmt.Fprintf(p.w, "%s: %s\n%s; %s\n%s\n", s.Name, s.Title, s.Edition, s.Publisher, wrap(s.Notice, 110))
	for _, g := range s.Groups {
		fmt.Fprintf(p.w, "\n%s  %s %s\n", g.ID, g.Code, g.Title)
		for i := range s.Requirements {
			r := &s.Requirements[i]
			if r.Group != g.ID {
				continue
			}
			level := ""
			if r.Level > 0 {
				level = fmt.Sprintf("%s %d", map[string]string{"security level": "SL", "CMMC level": "L"}[s.Graded], r.Level)
			}
			if r.Weight > 0 {
				level += fmt.Sprintf(" weight %d", r.Weight)
			}
			fmt.Fprintf(p.w, "  %-18s %-12s %s\n", r.ID, strings.TrimSpace(level), r.Title)
		}
	}
	return nil
}

type neighbour struct {
	Standard string            `json:"standard"`
	ID       string            `json:"id"`
	Title    string            `json:"title"`
	Relation standard.Relation `json:"relation"`
	Carries  standard.Relation `json:"may_be_relied_on"`
	Declared bool              `json:"declared"`
	Source   string            `json:"source"`
	Via      []string          `json:"via,omitempty"`
}

type checkPage struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Proves  string `json:"proves"`
	Refutes string `json:"refutes"`
	Whole   bool   `json:"can_prove"`
}

func (p *standardsPrinter) requirement(s *standard.Standard, r *standard.Requirement) error {
	cross, err := p.l.Crosswalk()
	if err != nil {
		return failed(err)
	}
	ref := standard.Ref{Standard: s.ID, ID: r.ID}
	near := []neighbour{}
	for _, k := range cross.From(ref) {
		n := neighbour{Standard: k.To.Standard, ID: k.To.ID, Relation: k.Relation, Carries: k.Effective(), Declared: k.Declared, Source: k.Source, Via: k.Via}
		if to, err := p.l.Get(k.To.Standard); err == nil {
			if x := to.Find(k.To.ID); x != nil {
				n.Title = x.Title
			}
		}
		near = append(near, n)
	}
	pages := checksOf(ref)
	if p.json {
		return p.encode(struct {
			*standard.Requirement
			Standard   string      `json:"standard"`
			Question   string      `json:"question"`
			Checks     []checkPage `json:"checks"`
			Neighbours []neighbour `json:"neighbours"`
		}{r, s.ID, r.Question(), pages, near})
	}
	fmt.Fprintf(p.w, "%s %s: %s\n", s.Name, r.ID, r.Title)
	if r.Text != "" {
		fmt.Fprintln(p.w, r.Text+".")
	}
	if r.Official != "" {
		fmt.Fprintf(p.w, "\n%s\n", r.Official)
	}
	for _, x := range [][2]string{{"Kind", r.Kind}, {"Strengthens", r.Parent}, {"Clause", r.Clause}, {"Applies to", strings.Join(r.Applies, ", ")}, {"Note", r.Note}, {"Confidence", r.Confidence}} {
		if x[1] != "" {
			fmt.Fprintf(p.w, "%-12s %s\n", x[0], x[1])
		}
	}
	if r.Level > 0 {
		fmt.Fprintf(p.w, "%-12s %d (%s)\n", "Level", r.Level, s.Graded)
	}
	if r.Weight > 0 {
		fmt.Fprintf(p.w, "%-12s %d\n", "Weight", r.Weight)
	}
	if r.Assessed() {
		fmt.Fprintf(p.w, "%-12s %s (%s)\n", "Question", r.Question(), standard.Roles[r.Role])
		for _, c := range pages {
			fmt.Fprintf(p.w, "\nCheck %s: %s\n  Speaks for it: %s\n  Refutes it: %s\n", c.ID, c.Title, c.Proves, c.Refutes)
		}
		if len(pages) == 0 {
			fmt.Fprintf(p.w, "%-12s there is none, for %s\n", "Check", standard.Reasons[r.NoCheck])
		}
	}
	if len(near) > 0 {
		fmt.Fprintln(p.w, "\nIn other standards (relation; from which source):")
	}
	for _, n := range near {
		how := n.Relation.String()
		if !n.Declared {
			how += ", not stated by the source"
		}
		if len(n.Via) > 0 {
			how += ", through " + strings.Join(n.Via, ", ") + ": nothing carries"
		}
		fmt.Fprintf(p.w, "  %-18s %-16s %s (%s; %s)\n", n.Standard, n.ID, n.Title, how, n.Source)
	}
	return nil
}

func checksOf(ref standard.Ref) []checkPage {
	out := []checkPage{}
	for _, c := range checks.Checks() {
		for _, a := range c.Answers {
			if a.Ref == ref {
				out = append(out, pageOf(c, a.Whole))
			}
		}
	}
	return out
}

func pageOf(c *assess.Check, whole bool) checkPage {
	return checkPage{c.ID, c.Title, c.Proves, c.Refutes, whole}
}
