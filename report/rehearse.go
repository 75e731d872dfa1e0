package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/zone"
)

// RehearsalSchema names the version of the document that zones rehearse writes.
const RehearsalSchema = "bulkhead.rehearsal/1"

// Rehearsal is the sheet that goes with a change: what it would have cut.
type Rehearsal struct {
	Schema   string             `json:"schema"`
	Capture  Capture            `json:"capture"`
	First    string             `json:"first,omitempty"`
	Last     string             `json:"last,omitempty"`
	Seconds  float64            `json:"seconds"` // that were watched
	Changes  []plant.Difference `json:"changes"`
	Cut      []Cut              `json:"cut"`             // passes today's plan and would not pass
	Already  []Cut              `json:"already_refused"` // today's plan does not allow it either
	Opened   []Cut              `json:"opened"`          // would pass and does not today
	Affected []Affected         `json:"affected"`
	Doubts   []Doubt            `json:"not_watched_long_enough"`
	Warnings []string           `json:"warnings"`
}

// Cut is a conversation that the change concerns.
type Cut struct {
	Conversation Judged   `json:"conversation"`
	Before       string   `json:"before"`
	After        string   `json:"after"`
	Purpose      string   `json:"purpose"`
	Times        uint64   `json:"times"`
	Unit         string   `json:"unit"`
	Classes      []string `json:"classes"`
	Rhythm       string   `json:"rhythm"`
	Period       float64  `json:"period,omitempty"` // seconds, of what is cyclic
	Why          string   `json:"why"`
}

// Affected is a zone that would feel the change.
type Affected struct {
	Zone    string   `json:"zone"`
	Place   []string `json:"place"` // site, area, cell
	Assets  []string `json:"assets"`
	Cuts    int      `json:"cuts"`
	Purpose string   `json:"purpose"` // the gravest
	Classes []string `json:"classes"`
}

// Doubt is what the window does not show.
type Doubt struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// RehearsalOf makes the document of a rehearsal.
func RehearsalOf(c Capture, r *zone.Rehearsal, warnings []string) *Rehearsal {
	d := &Rehearsal{Schema: RehearsalSchema, Capture: c, Changes: r.Changes, Cut: cuts(r, r.Cut), Already: cuts(r, r.Already), Opened: cuts(r, r.Opened),
		Affected: []Affected{}, Doubts: []Doubt{}, Warnings: append([]string{}, warnings...)}
	if !r.First.IsZero() {
		d.First, d.Last = Time(r.First.UnixNano()).String(), Time(r.Last.UnixNano()).String()
		d.Seconds = r.Last.Sub(r.First).Seconds()
	}
	for i := range r.Affected {
		a := &r.Affected[i]
		d.Affected = append(d.Affected, Affected{string(r.New.Map.ID(a.Zone)), append([]string{}, a.Place...), a.Assets, a.Cuts, a.Purpose.String(), append([]string{}, a.Classes...)})
	}
	for _, x := range r.Doubts {
		d.Doubts = append(d.Doubts, Doubt{x.Subject, x.Text})
	}
	return d
}

func cuts(r *zone.Rehearsal, list []zone.Cut) []Cut {
	out := []Cut{}
	for i := range list {
		k := &list[i]
		out = append(out, Cut{judged(r.New, &r.New.Judgements[k.Index]), k.Before.String(), k.After.String(), k.Purpose.String(), k.Times, k.Unit,
			append([]string{}, k.Classes...), string(k.Rhythm), k.Period.Seconds(), k.Why})
	}
	return out
}

// Text writes the sheet for a person.
func (d *Rehearsal) Text(w io.Writer) error {
	t := &text{b: bufio.NewWriter(w)}
	t.say("", fmt.Sprintf("The change would have cut %s that passes today; %s not allowed today either; %s would newly pass.",
		count(len(d.Cut), "conversation"), count(len(d.Already), "conversation"), count(len(d.Opened), "conversation")))
	t.warnings(d.Warnings)
	t.head("The change")
	if len(d.Changes) == 0 {
		t.line("  nothing: both plans say the same")
	}
	for _, c := range d.Changes {
		t.say("  ", c.Text)
	}
	t.cuts("What would have been cut", d.Cut)
	if len(d.Affected) > 0 {
		t.head("Whose line it would have stopped")
		for _, a := range d.Affected {
			place := ""
			if len(a.Place) > 0 {
				place = " (" + strings.Join(a.Place, " > ") + ")"
			}
			ops := ""
			if len(a.Classes) > 0 {
				ops = "; operations: " + strings.Join(a.Classes, ", ")
			}
			t.say("  "+a.Zone+place+": ", fmt.Sprintf("%s, the gravest of %s%s: %s", count(a.Cuts, "conversation"), a.Purpose, ops, strings.Join(a.Assets, ", ")))
		}
	}
	t.cuts("What today's plan does not allow either", d.Already)
	t.cuts("What would newly pass", d.Opened)
	t.head("What was not watched long enough to say")
	for _, x := range d.Doubts {
		t.say("  "+x.Subject+": ", x.Text)
	}
	return t.b.Flush()
}

func (t *text) cuts(title string, list []Cut) {
	if len(list) == 0 {
		return
	}
	t.head(title)
	shown, attempts := 0, 0
	for i := range list {
		k := &list[i]
		if strings.Contains(k.Why, " (an attempt") {
			attempts++
			continue
		}
		if shown++; shown > showFindings {
			continue
		}
		c := &k.Conversation
		rhythm := k.Rhythm
		if k.Period > 0 {
			rhythm = fmt.Sprintf("every %.3g s", k.Period)
		}
		what := c.Protocol
		if len(k.Classes) > 0 {
			what += " " + strings.Join(k.Classes, ", ")
		}
		t.say("  "+cell(k.Purpose, 12), fmt.Sprintf("%s > %s: %s, %s %s, %s: %s [frame %d]", c.names[0], c.names[1], what, thousands(k.Times), k.Unit, rhythm, k.Why, c.Frame))
	}
	t.more(shown, showFindings, "conversations")
	if attempts > 0 {
		t.line(fmt.Sprintf("  %s that nobody answered, or that were refused", count(attempts, "attempt")))
	}
}
