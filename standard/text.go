package standard

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Text is a customer's own, licensed wording of a requirement.
type Text struct{ ID, Title, Body string }

// WithTexts returns the catalogue with the given wording in place of ours.
// Every text must belong to a requirement, each to its own; else nothing is
// taken and the error names the first that does not fit.
func (s *Standard) WithTexts(texts []Text) (*Standard, error) {
	if len(texts) == 0 {
		return nil, errors.New("holds no texts")
	}
	out := *s
	out.Requirements = slices.Clone(s.Requirements)
	done := make(map[string]bool)
	for _, t := range texts {
		i, ok := s.at[fold(t.ID)]
		switch {
		case !ok:
			return nil, fmt.Errorf("%s has no requirement %q", s.ID, t.ID)
		case done[fold(t.ID)]:
			return nil, fmt.Errorf("requirement %s is given twice", s.Requirements[i].ID)
		case t.Title == "" && t.Body == "":
			return nil, fmt.Errorf("requirement %s has neither title nor text", s.Requirements[i].ID)
		}
		done[fold(t.ID)] = true
		if t.Title != "" {
			out.Requirements[i].Title = t.Title
		}
		out.Requirements[i].Official = t.Body
	}
	return &out, nil
}

// maxTexts bounds what a file of texts may hold.
const maxTexts = 5000

// TextsFromCSV reads a table with a heading row that names the columns id,
// title and text; commas or semicolons part the columns.
func TextsFromCSV(r io.Reader) ([]Text, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxCatalogue+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxCatalogue {
		return nil, fmt.Errorf("larger than %d MiB", maxCatalogue>>20)
	}
	c := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff")))
	head, _, _ := strings.Cut(string(b), "\n")
	if strings.Count(head, ";") > strings.Count(head, ",") {
		c.Comma = ';'
	}
	rows, err := c.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("not a table: %w", err)
	}
	return TextsFromRows(rows)
}

// TextsFromRows reads the rows of a spreadsheet; the first one names the
// columns.
func TextsFromRows(rows [][]string) ([]Text, error) {
	if len(rows) == 0 {
		return nil, errors.New("the table is empty")
	}
	if len(rows) > maxTexts {
		return nil, fmt.Errorf("more than %d rows", maxTexts)
	}
	col := map[string]int{"id": -1, "title": -1, "text": -1}
	for i, h := range rows[0] {
		if _, ok := col[strings.ToLower(strings.TrimSpace(h))]; ok {
			col[strings.ToLower(strings.TrimSpace(h))] = i
		}
	}
	if col["id"] < 0 || col["title"] < 0 && col["text"] < 0 {
		return nil, errors.New("the first row must name the columns: id, and title or text or both")
	}
	var out []Text
	for n, row := range rows[1:] {
		cell := func(name string) string {
			if i := col[name]; i >= 0 && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		t := Text{cell("id"), cell("title"), cell("text")}
		if t == (Text{}) {
			continue
		}
		if t.ID == "" {
			return nil, fmt.Errorf("row %d: no id", n+2)
		}
		out = append(out, t)
	}
	return out, nil
}

// oscalCatalog is the part of an OSCAL 1.x catalogue that matters here.
type oscalCatalog struct {
	UUID     string `json:"uuid"`
	Metadata struct {
		Title   string `json:"title"`
		Version string `json:"oscal-version"`
	} `json:"metadata"`
	Groups   []oscalGroup   `json:"groups"`
	Controls []oscalControl `json:"controls"`
}

type oscalGroup struct {
	Groups   []oscalGroup   `json:"groups"`
	Controls []oscalControl `json:"controls"`
}

type oscalControl struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Props    []oscalProp    `json:"props"`
	Parts    []oscalPart    `json:"parts"`
	Controls []oscalControl `json:"controls"`
}

type oscalProp struct{ Name, Value string }

type oscalPart struct {
	Name  string      `json:"name"`
	Props []oscalProp `json:"props"`
	Prose string      `json:"prose"`
	Parts []oscalPart `json:"parts"`
}

// maxDepth bounds the nesting of groups, controls and parts.
const maxDepth = 12

// TextsFromOSCAL reads an OSCAL catalogue in JSON. A control belongs to the
// requirement that its label or its id names; controls that the catalogue
// marks as withdrawn are passed over.
func (s *Standard) TextsFromOSCAL(r io.Reader) ([]Text, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxCatalogue+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxCatalogue {
		return nil, fmt.Errorf("larger than %d MiB", maxCatalogue>>20)
	}
	var f struct {
		Catalog *oscalCatalog   `json:"catalog"`
		Profile json.RawMessage `json:"profile"`
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("not OSCAL JSON: %w", err)
	}
	switch {
	case f.Catalog == nil && f.Profile != nil:
		return nil, errors.New("it is an OSCAL profile, which only selects: give the catalogue that it imports")
	case f.Catalog == nil:
		return nil, errors.New("not an OSCAL catalogue: no \"catalog\" at the top")
	case f.Catalog.UUID == "" || f.Catalog.Metadata.Title == "" || f.Catalog.Metadata.Version == "":
		return nil, errors.New("not an OSCAL catalogue: uuid, metadata.title and metadata.oscal-version must be given")
	case !strings.HasPrefix(f.Catalog.Metadata.Version, "1."):
		return nil, fmt.Errorf("OSCAL version %s: want 1.x", f.Catalog.Metadata.Version)
	}
	w := oscalWalk{s: s}
	w.group(oscalGroup{f.Catalog.Groups, f.Catalog.Controls}, 0)
	return w.out, w.err
}

type oscalWalk struct {
	s   *Standard
	out []Text
	err error
}

func (w *oscalWalk) group(g oscalGroup, depth int) {
	if depth > maxDepth {
		w.err = errors.New("groups are nested too deep")
		return
	}
	for _, x := range g.Groups {
		w.group(x, depth+1)
	}
	for i := range g.Controls {
		w.control(&g.Controls[i], depth+1)
	}
}

func (w *oscalWalk) control(c *oscalControl, depth int) {
	if w.err != nil || depth > maxDepth || len(w.out) > maxTexts {
		return
	}
	for i := range c.Controls {
		w.control(&c.Controls[i], depth+1)
	}
	label := c.ID
	for _, p := range c.Props {
		switch {
		case p.Name == "status" && strings.EqualFold(p.Value, "withdrawn"):
			return
		case p.Name == "label" && w.s.Find(p.Value) != nil:
			label = p.Value
		}
	}
	if w.s.Find(label) == nil {
		// NIST writes the number of the publication before it: SP_800_171_03.01.01.
		if i := strings.LastIndexByte(label, '_'); i >= 0 && (w.s.Find(label[i+1:]) != nil || w.s.withdrawn(label[i+1:])) {
			label = label[i+1:]
		}
	}
	if w.s.withdrawn(label) {
		return
	}
	t := Text{ID: label, Title: c.Title}
	var b strings.Builder
	for i := range c.Parts {
		if c.Parts[i].Name == "statement" {
			c.Parts[i].prose(&b, 0)
		}
	}
	t.Body = strings.TrimSpace(b.String())
	if t.Title == "" && t.Body == "" && len(c.Controls) > 0 {
		return // only encloses others
	}
	w.out = append(w.out, t)
}

func (p *oscalPart) prose(b *strings.Builder, depth int) {
	if depth > maxDepth {
		return
	}
	if p.Prose != "" {
		for _, x := range p.Props {
			if x.Name == "label" {
				b.WriteString(x.Value + " ")
			}
		}
		b.WriteString(p.Prose + "\n")
	}
	for i := range p.Parts {
		p.Parts[i].prose(b, depth+1)
	}
}

func (s *Standard) withdrawn(id string) bool {
	return slices.ContainsFunc(s.Withdrawn, func(x Withdrawn) bool { return x.ID == id })
}
