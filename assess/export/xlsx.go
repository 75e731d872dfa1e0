package export

import (
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/bulkhead-ot/bulkhead/assess"
)

// maxRows bounds a sheet, which Excel bounds at 1,048,576.
const maxRows = 1_000_000

// XLSX writes a workbook: summary, levels, one sheet of requirements, the
// questions, score and roadmap.
func XLSX(w io.Writer, d *assess.Assessment) error {
	b := &book{f: excelize.NewFile()}
	defer b.f.Close()
	b.sheet("Summary", "Standard", "Title", "Requirements", "Proven", "Supported", "Refuted", "Silent", "Attested")
	for _, s := range d.Standards {
		b.row(s.Standard, s.Title, s.Total, s.Proven, s.Supported, s.Refuted, s.Silent, s.Attested)
	}
	b.levels(d)
	b.sheet("Requirements", "Standard", "Requirement", "Title", "Level", "Scope", "Verdict", "Why", "Evidence", "Attested", "By", "Document", "SHA-256", "Expires", "Conflict")
	for i := range d.Requirements {
		b.requirement(d, &d.Requirements[i])
	}
	b.sheet("Questions", "Standard", "Requirement", "Question", "Role", "Why traffic does not answer it")
	for i := range d.Requirements {
		s := &d.Requirements[i]
		if s.Scope == "plant" && s.Verdict == assess.Silent && s.Attestation == nil {
			b.row(s.Standard, s.ID, s.Question, s.Role, s.Why)
		}
	}
	if d.Score != nil {
		b.sheet("POA&M", "Requirement", "Title", "Points", "May stay open", "Verdict", "Why")
		for _, x := range d.Score.Deductions {
			b.row(x.ID, x.Title, x.Points, yes(x.POAM), x.Verdict.String(), x.Why)
		}
	}
	b.sheet("Roadmap", "Rank", "Work", "What to do", "Role", "Days", "Levels gained", "Requirements", "Where")
	for i, k := range d.Roadmap {
		b.row(i+1, k.Title, k.What, k.Role, k.Effort, k.Gain, strings.Join(k.Requirements, ", "), strings.Join(k.Scopes, ", "))
	}
	if iso := pick(d, "plant", assess.ISO); len(iso) > 0 {
		b.applicability(iso)
	}
	b.close()
	if b.err == nil {
		b.err = b.f.DeleteSheet("Sheet1")
	}
	if b.err == nil {
		_, b.err = b.f.WriteTo(w)
	}
	return b.err
}

type book struct {
	f   *excelize.File
	s   *excelize.StreamWriter
	n   int
	err error
}

func (b *book) close() {
	if b.s != nil && b.err == nil {
		b.err = b.s.Flush()
	}
	b.s = nil
}

func (b *book) sheet(name string, head ...any) {
	b.close()
	if b.err != nil {
		return
	}
	if _, b.err = b.f.NewSheet(name); b.err != nil {
		return
	}
	if b.s, b.err = b.f.NewStreamWriter(name); b.err != nil {
		return
	}
	b.n = 0
	for i := range head {
		width := 14.0
		switch head[i] {
		case "Why", "Evidence", "What to do", "Question", "Title", "Why traffic does not answer it", "Justification":
			width = 60
		}
		if b.err == nil {
			b.err = b.s.SetColWidth(i+1, i+1, width)
		}
	}
	bold, err := b.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if b.err == nil {
		b.err = err
	}
	cells := make([]any, len(head))
	for i, h := range head {
		cells[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if b.err == nil {
		b.err = b.s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	}
	b.row(cells...)
}

func (b *book) row(cells ...any) {
	if b.err != nil || b.n >= maxRows {
		return
	}
	b.n++
	for i, c := range cells {
		if s, ok := c.(string); ok && len(s) > 8000 {
			cells[i] = s[:8000]
		}
	}
	at, err := excelize.CoordinatesToCellName(1, b.n)
	if err == nil {
		err = b.s.SetRow(at, cells)
	}
	b.err = err
}

func (b *book) levels(d *assess.Assessment) {
	head := []any{"Scope", "Name", "Kind", "What"}
	for _, f := range assess.Foundations {
		head = append(head, f)
	}
	b.sheet("Levels", head...)
	for i := range d.Levels {
		l := &d.Levels[i]
		line := func(what string, v assess.Vector) {
			cells := []any{l.Scope, l.Name, string(l.Kind), what}
			for _, n := range v {
				cells = append(cells, n)
			}
			b.row(cells...)
		}
		if l.Target != nil {
			line("target", *l.Target)
		}
		line("achieved, proven", l.Proven)
		line("achieved, supported by traffic", l.Observed)
		line("achieved, with attestations", l.Claimed)
	}
	b.sheet("Held back", "Scope", "FR", "Level", "Requirement", "Title", "Verdict", "Why", "Evidence")
	for i := range d.Levels {
		for _, k := range d.Levels[i].Behind {
			for _, h := range k.By {
				b.row(d.Levels[i].Scope, k.Foundation, k.Level, h.ID, h.Title, h.Verdict.String(), h.Why, evidence(h.Evidence))
			}
		}
	}
}

func (b *book) requirement(d *assess.Assessment, s *assess.Status) {
	var level any = ""
	if s.Level > 0 {
		level = s.Level
	}
	cells := []any{s.Standard, s.ID, s.Title, level, s.Scope, s.Verdict.String(), s.Why, "", "", "", "", "", "", s.Conflict}
	if s.Result >= 0 {
		cells[7] = evidence(d.Results[s.Result].Evidence)
	}
	if a := s.Attestation; a != nil {
		cells[8], cells[9], cells[10], cells[11], cells[12] = string(a.State), a.Owner, a.Document, a.SHA256, a.Expires
	}
	b.row(cells...)
}

// applicability is the statement of applicability of ISO/IEC 27001, 6.1.3 d:
// each control, whether it applies, why, and whether it is implemented.
func (b *book) applicability(iso []*assess.Status) {
	b.sheet("Applicability", "Control", "Title", "Applies", "Implemented", "Justification")
	for _, s := range iso {
		if !strings.HasPrefix(s.ID, "A.") {
			continue
		}
		applies, done, why := "yes", "open", s.Why
		switch a := s.Attestation; {
		case a != nil && !a.Expired && a.State == assess.NotApplicable:
			applies, done, why = "no", "", a.Statement
		case s.Verdict == assess.Refuted:
			done = "no"
		case a.Counts():
			done, why = "yes", a.Statement
		case s.Verdict == assess.Proven:
			done = "yes"
		case s.Verdict == assess.Supported:
			done = "supported by traffic"
		}
		b.row(s.ID, s.Title, applies, done, why)
	}
}

func evidence(e []assess.Exhibit) string {
	var out []string
	for _, x := range e {
		out = append(out, x.Text+frames(x.Frames))
	}
	return strings.Join(out, "\n")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
