package export

import (
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/bulkhead-ot/bulkhead/assess"
)

// PDF writes the summary for managers and the gap report, on A4. The full
// tables are in the other formats.
func PDF(w io.Writer, d *assess.Assessment) error {
	p := &paper{Fpdf: fpdf.New("P", "mm", "A4", "")}
	p.tr = p.UnicodeTranslatorFromDescriptor("")
	day, err := time.Parse(time.DateOnly, d.Date)
	if err == nil { // the same input gives the same file
		p.SetCreationDate(day)
		p.SetModificationDate(day)
	}
	p.SetCatalogSort(true)
	p.SetTitle("Assessment of "+d.Date, true)
	p.SetAutoPageBreak(true, 18)
	p.SetFooterFunc(func() {
		p.SetY(-14)
		p.SetFont("Helvetica", "", 8)
		p.CellFormat(0, 8, fmt.Sprintf("Assessment of %s, page %d", d.Date, p.PageNo()), "", 0, "C", false, 0, "")
	})
	p.AddPage()
	p.head(18, "Assessment of "+d.Date)
	p.text(fmt.Sprintf("Looked at %s to %s (%s), capture quality %s.", or(d.First, "-"), or(d.Last, "-"), length(d.Window), d.Capture.Quality))
	for _, n := range d.Notes {
		p.text(n)
	}
	p.head(13, "Standards, whole plant")
	p.table([]float64{40, 25, 22, 25, 25, 22, 22}, []string{"Standard", "Requirements", "Proven", "Supported", "Refuted", "Silent", "Attested"})
	for _, s := range d.Standards {
		if s.Total > 0 {
			p.table([]float64{40, 25, 22, 25, 25, 22, 22}, []string{s.Standard, num(s.Total), num(s.Proven), num(s.Supported), num(s.Refuted), num(s.Silent), num(s.Attested)})
		}
	}
	p.zones(d)
	p.gaps(d)
	if s := d.Score; s != nil {
		p.head(13, "SPRS score and CMMC")
		if s.Given {
			p.text(fmt.Sprintf("Score %d of %d; %d of %d requirements met.", s.Score, s.Highest, s.Met, s.Total))
		} else {
			p.text("No score: " + s.Why + ".")
		}
		for _, c := range d.CMMC {
			p.text(fmt.Sprintf("CMMC level %d: %s, %d of %d met; %s.", c.Level, c.Status, c.Met, c.Total, c.Why))
		}
	}
	if len(d.Roadmap) > 0 {
		p.head(13, "Roadmap")
		for i, k := range d.Roadmap {
			if i == 25 {
				p.text(fmt.Sprintf("and %d more", len(d.Roadmap)-i))
				break
			}
			p.text(fmt.Sprintf("%d. %s: %s (%s; %.1f days; %.0f levels; %s)", i+1, k.Title, k.What, k.Role, k.Effort, k.Gain, strings.Join(k.Requirements, ", ")))
		}
	}
	return p.Output(w)
}

func num(n int) string { return fmt.Sprint(n) }

type paper struct {
	*fpdf.Fpdf
	tr func(string) string
}

func (p *paper) head(size float64, s string) {
	p.Ln(3)
	p.SetFont("Helvetica", "B", size)
	p.MultiCell(0, size/2, p.tr(s), "", "L", false)
	p.Ln(1)
}

func (p *paper) text(s string) {
	p.SetFont("Helvetica", "", 9.5)
	p.MultiCell(0, 4.6, p.tr(s), "", "L", false)
	p.Ln(0.8)
}

func (p *paper) table(widths []float64, cells []string) {
	p.SetFont("Helvetica", "", 9)
	for i, c := range cells {
		align := "R"
		if i == 0 {
			align = "L"
		}
		p.CellFormat(widths[i], 5.4, p.tr(c), "B", 0, align, false, 0, "")
	}
	p.Ln(-1)
}

func (p *paper) zones(d *assess.Assessment) {
	if len(d.Levels) == 0 {
		return
	}
	p.head(13, "Security levels by zone (target; proven / supported / with attestations)")
	widths := []float64{48, 19, 19, 19, 19, 19, 19, 19}
	p.table(widths, append([]string{"Zone or conduit"}, assess.Foundations[:]...))
	for i := range d.Levels {
		l := &d.Levels[i]
		cells := []string{clip(l.Name, 28)}
		for fr := range 7 {
			c := fmt.Sprintf("%d/%d/%d", l.Proven[fr], l.Observed[fr], l.Claimed[fr])
			if l.Target != nil {
				c = fmt.Sprintf("%d; %s", l.Target[fr], c)
			}
			cells = append(cells, c)
		}
		p.table(widths, cells)
	}
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "."
	}
	return s
}

func (p *paper) gaps(d *assess.Assessment) {
	p.head(13, "Refuted by traffic")
	none := true
	for i := range d.Results {
		r := &d.Results[i]
		if r.Scope != "plant" || r.Verdict != assess.Refuted {
			continue
		}
		none = false
		p.SetFont("Helvetica", "B", 9.5)
		p.MultiCell(0, 4.8, p.tr(r.Check+": "+strings.Join(answers(d, r.Check), ", ")), "", "L", false)
		for j, e := range r.Evidence {
			if j == 5 {
				p.text(fmt.Sprintf("and %d more", len(r.Evidence)-j+r.More))
				break
			}
			p.text(e.Text + frames(e.Frames))
		}
	}
	if none {
		p.text("Nothing.")
	}
}
