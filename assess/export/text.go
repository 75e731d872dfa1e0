// Package export writes an assessment: as text and JSON, as HTML, PDF and
// XLSX for people, and as OSCAL assessment results for other programs.
package export

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/bulkhead-ot/bulkhead/assess"
)

// Writer writes an assessment in one format.
type Writer func(io.Writer, *assess.Assessment) error

// Formats are the formats by name.
var Formats = map[string]Writer{
	"text": Text, "json": JSON, "html": HTML, "xlsx": XLSX, "pdf": PDF, "oscal": OSCAL,
}

// JSON writes the document as it is.
func JSON(w io.Writer, d *assess.Assessment) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

// Limits of the text, which is for a screen.
const (
	maxShown = 12
	maxWidth = 150
)

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) f(format string, a ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, a...)
	}
}

// Text writes the assessment for people.
func Text(w io.Writer, d *assess.Assessment) error {
	p := &printer{w: w}
	p.f("ASSESSMENT of %s\n\nLooked at  %s to %s (%s), capture quality %s\n", d.Date, or(d.First, "-"), or(d.Last, "-"), length(d.Window), d.Capture.Quality)
	for _, n := range d.Notes {
		p.f("Note       %s\n", n)
	}
	p.standards(d)
	p.levels(d)
	p.refuted(d)
	p.conflicts(d)
	p.score(d)
	p.roadmap(d)
	p.whatIf(d)
	p.f("\nEvery requirement, its evidence and the questions to people: --format json, html or xlsx.\n")
	return p.err
}

func or(s, t string) string {
	if s == "" {
		return t
	}
	return s
}

func length(seconds float64) string {
	switch {
	case seconds < 7200:
		return fmt.Sprintf("%.0f minutes", seconds/60)
	case seconds < 172800:
		return fmt.Sprintf("%.0f hours", seconds/3600)
	}
	return fmt.Sprintf("%.1f days", seconds/86400)
}

func (p *printer) standards(d *assess.Assessment) {
	p.f("\nSTANDARDS, whole plant\n%-16s %6s %7s %10s %8s %7s %9s\n", "", "TOTAL", "PROVEN", "SUPPORTED", "REFUTED", "SILENT", "ATTESTED")
	for _, s := range d.Standards {
		if s.Total > 0 {
			p.f("%-16s %6d %7d %10d %8d %7d %9d\n", s.Standard, s.Total, s.Proven, s.Supported, s.Refuted, s.Silent, s.Attested)
		}
	}
}

func (p *printer) levels(d *assess.Assessment) {
	if len(d.Levels) == 0 {
		return
	}
	p.f("\nSECURITY LEVELS of IEC 62443-3-3: target > achieved by proof / with what traffic supports / with attestations\n%-34s", "")
	for _, f := range assess.Foundations {
		p.f(" %-9s", f)
	}
	p.f("\n")
	conduits := 0
	for i := range d.Levels {
		l := &d.Levels[i]
		if l.Kind == assess.OneConduit {
			conduits++
			continue
		}
		p.f("%-34s", clip(fmt.Sprintf("%s (%s)", l.Name, strings.TrimPrefix(l.Scope, "zone:")), 34))
		for fr := range 7 {
			cell := fmt.Sprintf("%d/%d/%d", l.Proven[fr], l.Observed[fr], l.Claimed[fr])
			if l.Target != nil {
				cell = fmt.Sprintf("%d>%s", l.Target[fr], cell)
			}
			p.f(" %-9s", cell)
		}
		p.f("\n")
	}
	if conduits > 0 {
		p.f("and %d conduits, which the other formats list\n", conduits)
	}
	p.f("\nWHAT HOLDS ZONES BACK: what traffic refutes, then how much only people can answer\n")
	for i := range d.Levels {
		p.behind(&d.Levels[i])
	}
}

func (p *printer) behind(l *assess.ZoneLevel) {
	silent, head := 0, false
	for _, b := range l.Behind {
		if l.Target != nil && !b.Gap || l.Kind == assess.OneConduit {
			continue
		}
		for _, h := range b.By {
			if h.Verdict != assess.Refuted {
				silent++
				continue
			}
			if !head {
				p.f("%s (%s)\n", l.Name, l.Scope)
				head = true
			}
			p.f("  %-4s %-11s %s\n", b.Foundation, h.ID, cut(h.Why))
		}
	}
	if silent > 0 && head {
		p.f("       and %d requirements to attest\n", silent)
	}
}

func (p *printer) refuted(d *assess.Assessment) {
	n := 0
	said := make(map[string]bool)
	for i := range d.Results {
		r := &d.Results[i]
		if r.Scope != "plant" || r.Verdict != assess.Refuted || said[r.Check] {
			continue
		}
		said[r.Check] = true
		if n == 0 {
			p.f("\nREFUTED BY TRAFFIC\n")
		}
		n++
		p.f("\n%s: %s\n", r.Check, strings.Join(answers(d, r.Check), ", "))
		for j, e := range r.Evidence {
			if j == 4 {
				p.f("  ... and %d more\n", len(r.Evidence)-4+r.More)
				break
			}
			p.f("  %s%s\n", cut(e.Text), frames(e.Frames))
		}
	}
}

func answers(d *assess.Assessment, check string) []string {
	var out []string
	for i := range d.Requirements {
		s := &d.Requirements[i]
		if s.Scope != "plant" {
			continue
		}
		for _, c := range s.Checks {
			if c == check {
				out = append(out, s.ID)
			}
		}
	}
	return out
}

func frames(f []uint64) string {
	if len(f) == 0 {
		return ""
	}
	s := make([]string, 0, 5)
	for i, n := range f {
		if i == 5 {
			s = append(s, "...")
			break
		}
		s = append(s, fmt.Sprint(n))
	}
	return " [frame " + strings.Join(s, ", ") + "]"
}

func cut(s string) string {
	if r := []rune(s); len(r) > maxWidth {
		return string(r[:maxWidth-1]) + "…"
	}
	return s
}

func (p *printer) conflicts(d *assess.Assessment) {
	if len(d.Conflicts) == 0 {
		return
	}
	p.f("\nCONFLICTS between what people attest and what was observed\n")
	for _, c := range d.Conflicts {
		p.f("  %s, %s: %s. %s says: %s. Observed: %s\n", c.Requirement, c.Scope, c.What, c.Attestation.Owner, cut(c.Attestation.Statement), cut(c.Observed))
	}
}

func (p *printer) score(d *assess.Assessment) {
	if d.Score == nil {
		return
	}
	s := d.Score
	p.f("\nNIST SP 800-171 (SPRS) AND CMMC\n")
	if s.Given {
		p.f("  Score %d of %d (if what traffic supports counted: %d); %d of %d met\n", s.Score, s.Highest, s.Observed, s.Met, s.Total)
	} else {
		p.f("  No score: %s. It would be %d; %d of %d met\n", s.Why, s.Score, s.Met, s.Total)
	}
	for _, c := range d.CMMC {
		p.f("  CMMC level %d: %s, %d of %d met; %s\n", c.Level, c.Status, c.Met, c.Total, c.Why)
	}
}

func (p *printer) roadmap(d *assess.Assessment) {
	if len(d.Roadmap) == 0 {
		return
	}
	p.f("\nROADMAP, by levels gained per day of work\n%5s %6s %6s  %-9s %s\n", "", "GAIN", "DAYS", "", "")
	for i, k := range d.Roadmap {
		if i == maxShown {
			p.f("      ... and %d more\n", len(d.Roadmap)-maxShown)
			break
		}
		p.f("%4d. %6.0f %6.1f  %-9s %s: %s (%s; %s)\n", i+1, k.Gain, k.Effort, k.Kind, k.Title, cut(k.What), k.Role, strings.Join(k.Requirements, ", "))
	}
}

func (p *printer) whatIf(d *assess.Assessment) {
	if d.WhatIf == nil {
		return
	}
	p.f("\nWHAT IF: %s\n", d.WhatIf.Change)
	for _, l := range d.WhatIf.Levels {
		p.f("  %s %s: %d to %d\n", l.Scope, l.Foundation, l.From, l.To)
	}
	for i, m := range d.WhatIf.Changes {
		if i == maxShown {
			p.f("  ... and %d more\n", len(d.WhatIf.Changes)-maxShown)
			break
		}
		p.f("  %s, %s: %s to %s\n", m.Requirement, m.Scope, m.From, m.To)
	}
	if len(d.WhatIf.Levels)+len(d.WhatIf.Changes) == 0 {
		p.f("  nothing changes\n")
	}
}
