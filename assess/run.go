package assess

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/standard"
)

// Schema names the version of the assessment document.
const Schema = "bulkhead.assessment/1"

// Assessment is the result.
type Assessment struct {
	Schema       string        `json:"schema"`
	Date         string        `json:"date"` // of the assessment, which decides what has expired
	Capture      Capture       `json:"capture"`
	Window       float64       `json:"window_seconds"`
	First        string        `json:"first"`
	Last         string        `json:"last"`
	Standards    []Summary     `json:"standards"`
	Scopes       []Scope       `json:"scopes"`
	Levels       []ZoneLevel   `json:"levels"`
	Requirements []Status      `json:"requirements"`
	Results      []Result      `json:"results"`
	Conflicts    []Conflict    `json:"conflicts"`
	Score        *Score        `json:"sprs,omitempty"`
	CMMC         []CMMC        `json:"cmmc,omitempty"`
	Roadmap      []Package     `json:"roadmap"`
	Attestations []Attestation `json:"attestations"`
	WhatIf       *WhatIf       `json:"what_if,omitempty"`
	Notes        []string      `json:"notes"`

	titles map[standard.Ref]string
}

// Summary counts the verdicts of a standard, for the whole plant.
type Summary struct {
	Standard  string `json:"standard"`
	Name      string `json:"name"`
	Title     string `json:"title"`
	Edition   string `json:"edition"`
	Notice    string `json:"notice"`
	Total     int    `json:"total"`
	Proven    int    `json:"proven"`
	Supported int    `json:"supported"`
	Refuted   int    `json:"refuted"`
	Silent    int    `json:"silent"`
	Attested  int    `json:"attested"` // silent, but a person attests it
	Unchecked int    `json:"unchecked"`
}

// Scope is what verdicts are about.
type Scope struct {
	ID       string     `json:"id"`
	Kind     Kind       `json:"kind"`
	Name     string     `json:"name"`
	Assets   []asset.ID `json:"assets"`
	Coverage Coverage   `json:"coverage"`
}

// Result is the answer of one check for one scope.
type Result struct {
	Check string `json:"check"`
	Scope string `json:"scope"`
	Answer
}

// Status is what is known of one requirement in one scope.
type Status struct {
	Standard    string       `json:"standard"`
	ID          string       `json:"id"`
	Title       string       `json:"title"`
	Level       int          `json:"level,omitempty"`
	Scope       string       `json:"scope"`
	Verdict     Verdict      `json:"verdict"`
	Why         string       `json:"why"`
	Checks      []string     `json:"checks,omitempty"`
	Result      int          `json:"result"` // index in results of the answer that decided; -1 for none
	Attestation *Attestation `json:"attestation,omitempty"`
	AttestedBy  string       `json:"attested_through,omitempty"` // the requirement whose attestation it is
	Conflict    string       `json:"conflict,omitempty"`
	Carried     *Carried     `json:"carried,omitempty"`
	Lead        string       `json:"lead,omitempty"` // a related answer from which nothing follows
	Question    string       `json:"question,omitempty"`
	Role        string       `json:"role,omitempty"`
	NoCheck     string       `json:"no_check,omitempty"`
	group       string
}

// Ref names the requirement.
func (s *Status) Ref() standard.Ref { return standard.Ref{Standard: s.Standard, ID: s.ID} }

// Met tells whether the requirement counts as met, by how much one is ready
// to rely on.
func (s *Status) Met(by Reliance) bool {
	switch {
	case s.Verdict == Refuted || s.Conflict != "":
		return false
	case s.Verdict == Proven:
		return true
	case s.Verdict == Supported && by >= Observed:
		return true
	}
	return by == Claimed && s.Attestation.Counts()
}

// Conflict is a place in the queue where attested and observed disagree.
type Conflict struct {
	Requirement string      `json:"requirement"`
	Scope       string      `json:"scope"`
	What        string      `json:"what"`
	Attestation Attestation `json:"attestation"`
	Observed    string      `json:"observed"`
	Evidence    []Exhibit   `json:"evidence"`
}

// Options of an assessment.
type Options struct {
	Library      *standard.Library
	Standards    []string // empty for all
	Attestations []Attestation
	At           time.Time
}

// perZone are the standards whose requirements are answered zone by zone.
var perZone = []string{SR}

// Run makes an assessment.
func Run(e Evidence, checks []*Check, o Options) (*Assessment, error) {
	d := &Assessment{
		Schema: Schema, Date: o.At.UTC().Format(time.DateOnly), Capture: e.Capture, Window: e.Capture.Window.Seconds(),
		First: stamp(e.Capture.First), Last: stamp(e.Capture.Last), Attestations: o.Attestations, Conflicts: []Conflict{},
		Roadmap: []Package{}, Notes: []string{}, titles: make(map[standard.Ref]string),
	}
	if d.Attestations == nil {
		d.Attestations = []Attestation{}
	}
	if err := d.attestedZones(&e); err != nil {
		return nil, err
	}
	all, err := catalogues(o.Library)
	if err != nil {
		return nil, err
	}
	vs := views(&e)
	at := make(map[[2]string]int)
	for _, v := range vs {
		sc := Scope{ID: v.ID, Kind: v.Kind, Name: v.Name, Assets: []asset.ID{}, Coverage: v.Coverage}
		if v.Kind != WholePlant {
			for _, a := range v.Assets {
				sc.Assets = append(sc.Assets, a.ID)
			}
		}
		d.Scopes = append(d.Scopes, sc)
		for _, c := range checks {
			at[[2]string{c.ID, scopeKey(v)}] = len(d.Results)
			d.Results = append(d.Results, Result{c.ID, scopeKey(v), c.ask(v)})
		}
	}
	by := make(map[standard.Ref][]*Check)
	for _, c := range checks {
		for _, r := range c.Answers {
			by[r.Ref] = append(by[r.Ref], c)
		}
	}
	for _, s := range all {
		for i := range s.Requirements {
			r := &s.Requirements[i]
			d.titles[standard.Ref{Standard: s.ID, ID: r.ID}] = r.Title
			if !r.Assessed() {
				continue
			}
			for _, v := range vs {
				if v.Kind != WholePlant && !slices.Contains(perZone, s.ID) {
					continue
				}
				d.Requirements = append(d.Requirements, d.status(s, r, v, by, at))
			}
		}
	}
	cross, err := o.Library.Crosswalk()
	if err != nil {
		return nil, err
	}
	d.spread(cross)
	queued := make(map[*Attestation]bool)
	for i := range d.Requirements {
		d.queue(&d.Requirements[i], queued)
	}
	d.Levels = d.levels(vs)
	d.score(o.Library)
	d.Roadmap = d.roadmap(checks)
	d.choose(all, o.Standards)
	d.remarks(&e)
	return d, nil
}

// attestedZones finds attestations about zones that do not exist.
func (d *Assessment) attestedZones(e *Evidence) error {
	for i, a := range d.Attestations {
		known := a.Zone == ""
		if e.Model != nil && !known {
			known = slices.ContainsFunc(e.Model.Zones, func(z Zone) bool { return z.ID == a.Zone }) ||
				slices.ContainsFunc(e.Model.Conduits, func(c Conduit) bool { return c.ID == a.Zone })
		}
		if !known {
			return fmt.Errorf("attestation %d (%s): there is no zone or conduit %q", i+1, a.Requirement, a.Zone)
		}
	}
	return nil
}

func scopeKey(v *View) string {
	if v.Kind == WholePlant {
		return "plant"
	}
	return string(v.Kind) + ":" + v.ID
}

func stamp(ns int64) string {
	if ns == 0 {
		return ""
	}
	return time.Unix(0, ns).UTC().Format(time.RFC3339)
}

func catalogues(l *standard.Library) ([]*standard.Standard, error) {
	var out []*standard.Standard
	for _, n := range standard.Names() {
		s, err := l.Get(n)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (d *Assessment) status(s *standard.Standard, r *standard.Requirement, v *View, by map[standard.Ref][]*Check, at map[[2]string]int) Status {
	st := Status{
		Standard: s.ID, ID: r.ID, Title: r.Title, Level: r.Level, Scope: scopeKey(v), Result: -1, group: r.Group,
		Role: standard.Roles[r.Role], Question: r.Question(), NoCheck: standard.Reasons[r.NoCheck],
	}
	silent := ""
	for _, c := range by[st.Ref()] {
		st.Checks = append(st.Checks, c.ID)
		i := at[[2]string{c.ID, st.Scope}]
		a := &d.Results[i].Answer
		verdict, why := a.Verdict, a.Why
		if verdict == Proven && !whole(c, st.Ref()) {
			verdict = Supported
			why += "; not proven: the requirement asks for more than traffic shows"
		}
		if verdict == Silent {
			silent = cmp.Or(silent, why)
		}
		if verdict > st.Verdict {
			st.Verdict, st.Why, st.Result = verdict, why, i
		}
	}
	if len(st.Checks) > 0 {
		st.NoCheck = ""
	}
	if st.Verdict == Silent {
		st.Why = cmp.Or(silent, "no check: "+st.NoCheck)
	}
	for i := range d.Attestations {
		a := &d.Attestations[i]
		if a.Ref == st.Ref() && (a.Zone == "" && st.Attestation == nil || a.Zone != "" && a.Zone == v.ID && v.Kind != WholePlant) {
			st.Attestation = a
		}
	}
	return st
}

func whole(c *Check, r standard.Ref) bool {
	return slices.ContainsFunc(c.Answers, func(x Ref) bool { return x.Ref == r && x.Whole })
}

// queue puts a conflict into the queue; one about the whole plant stands there
// once and not again for each zone.
func (d *Assessment) queue(s *Status, queued map[*Attestation]bool) {
	if s.Conflict == "" || queued[s.Attestation] && s.Scope != "plant" {
		return
	}
	queued[s.Attestation] = s.Attestation.Zone == ""
	c := Conflict{Requirement: s.Ref().String(), Scope: s.Scope, What: s.Conflict, Attestation: *s.Attestation, Observed: s.Why, Evidence: []Exhibit{}}
	if s.Result >= 0 {
		c.Evidence = d.Results[s.Result].Evidence
	}
	d.Conflicts = append(d.Conflicts, c)
}

// choose keeps the standards that were asked for and counts their verdicts.
func (d *Assessment) choose(all []*standard.Standard, want []string) {
	for _, s := range all {
		if len(want) > 0 && !slices.Contains(want, s.ID) {
			continue
		}
		sum := Summary{Standard: s.ID, Name: s.Name, Title: s.Title, Edition: s.Edition, Notice: s.Notice}
		for i := range d.Requirements {
			r := &d.Requirements[i]
			if r.Standard != s.ID || r.Scope != "plant" {
				continue
			}
			sum.Total++
			switch r.Verdict {
			case Proven:
				sum.Proven++
			case Supported:
				sum.Supported++
			case Refuted:
				sum.Refuted++
			default:
				sum.Silent++
				if r.Attestation.Counts() {
					sum.Attested++
				}
			}
			if len(r.Checks) == 0 {
				sum.Unchecked++
			}
		}
		d.Standards = append(d.Standards, sum)
	}
	if len(want) == 0 {
		return
	}
	d.Requirements = slices.DeleteFunc(d.Requirements, func(s Status) bool { return !slices.Contains(want, s.Standard) })
	d.Conflicts = slices.DeleteFunc(d.Conflicts, func(c Conflict) bool {
		std, _, _ := strings.Cut(c.Requirement, " ")
		return !slices.Contains(want, std)
	})
	if !slices.Contains(want, R2) && !slices.Contains(want, "cmmc-2.0") {
		d.Score, d.CMMC = nil, nil
	}
	if !slices.Contains(want, SR) {
		d.Levels = []ZoneLevel{}
	}
}

func (d *Assessment) remarks(e *Evidence) {
	if w := e.Capture.Window; w < MinWindow {
		d.Notes = append(d.Notes, fmt.Sprintf("%s were looked at. Nothing is proven before %s: what speaks for a requirement supports it.", span(w.Seconds()), span(MinWindow.Seconds())))
	}
	switch {
	case e.Model == nil:
		d.Notes = append(d.Notes, "Without a plant file all assets are one zone, and what depends on declared zones and conduits stays silent.")
	case !e.Model.Declared:
		d.Notes = append(d.Notes, "The zones are proposed from traffic; nobody declared them.")
	}
	expired := 0
	for _, a := range d.Attestations {
		if a.Expired {
			expired++
		}
	}
	if expired > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("%d attestations have expired and do not count.", expired))
	}
}
