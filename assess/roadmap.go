package assess

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/standard"
)

// Package is a piece of work that closes gaps.
type Package struct {
	ID           string   `json:"id"`
	Title        string   `json:"title"`
	Kind         string   `json:"kind"` // "fix": traffic refutes; "ask": a person can answer; "declare": the plant file lacks it
	What         string   `json:"what"`
	Role         string   `json:"role"`
	Effort       float64  `json:"effort_days"`
	Gain         float64  `json:"levels_gained"`      // sum over zones and foundational requirements
	Progress     float64  `json:"requirements_share"` // of the way to the next levels
	Rank         float64  `json:"gain_per_day"`
	Requirements []string `json:"requirements"`
	Scopes       []string `json:"scopes"`
}

// askEffort is the effort of one question: to ask, to write down, to review.
const askEffort = 0.5

// goal is the level that a foundational requirement has to reach: the target,
// or without one level 2, the least that resists an intended attack.
const goal = 2

// roadmap makes work packages of the gaps of zones in IEC 62443-3-3 and ranks
// them by the levels that each would gain per day. Conduits follow from the
// zones that they join.
func (d *Assessment) roadmap(checks []*Check) []Package {
	byCheck := make(map[string]*Check)
	for _, c := range checks {
		byCheck[c.ID] = c
	}
	target := make(map[string]*Vector)
	for i := range d.Levels {
		target[d.Levels[i].Scope] = d.Levels[i].Target
	}
	packs := make(map[string]*Package)
	closes := make(map[*Package]map[*Status]bool)
	rows := make(map[string][]*Status) // by scope and foundation
	for i := range d.Requirements {
		s := &d.Requirements[i]
		if s.Standard != SR || !hasLevel(d.Levels, s.Scope) {
			continue
		}
		rows[s.Scope+"\x00"+s.group] = append(rows[s.Scope+"\x00"+s.group], s)
		if s.Met(Claimed) || s.Level > wanted(target[s.Scope], s.group) {
			continue
		}
		p := d.packageOf(s, byCheck, packs)
		if closes[p] == nil {
			closes[p] = make(map[*Status]bool)
		}
		closes[p][s] = true
		p.add(s)
	}
	var out []Package
	for _, p := range packs {
		for key, list := range rows {
			p.gain(list, closes[p], wanted(target[key[:strings.IndexByte(key, 0)]], list[0].group))
		}
		if p.Kind == "fix" {
			p.Effort *= float64(len(p.Scopes))
		}
		p.Rank = (p.Gain + p.Progress/10) / p.Effort
		slices.Sort(p.Requirements)
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Package) int {
		return cmp.Or(cmp.Compare(b.Rank, a.Rank), strings.Compare(a.ID, b.ID))
	})
	return out
}

func hasLevel(ls []ZoneLevel, scope string) bool {
	return slices.ContainsFunc(ls, func(l ZoneLevel) bool { return l.Scope == scope && l.Kind != OneConduit })
}

func wanted(t *Vector, group string) int {
	if t == nil {
		return goal
	}
	return t[group[len(group)-1]-'1']
}

func (d *Assessment) packageOf(s *Status, byCheck map[string]*Check, packs map[string]*Package) *Package {
	id := "ask:" + s.ID
	if s.Verdict == Refuted && s.Result >= 0 {
		id = "fix:" + d.Results[s.Result].Check
	}
	if p := packs[id]; p != nil {
		return p
	}
	p := &Package{ID: id, Kind: "ask", Title: s.Title, What: s.Question, Role: s.Role, Effort: askEffort}
	if s.Verdict == Refuted && s.Result >= 0 {
		c := byCheck[d.Results[s.Result].Check]
		p.Kind, p.Title, p.What, p.Role, p.Effort = "fix", c.Title, c.Fix, standard.Roles[c.Role], float64(max(c.Effort, 1))
	}
	packs[id] = p
	return p
}

func (p *Package) add(s *Status) {
	if !slices.Contains(p.Requirements, s.ID) {
		p.Requirements = append(p.Requirements, s.ID)
	}
	if !slices.Contains(p.Scopes, s.Scope) {
		p.Scopes = append(p.Scopes, s.Scope)
	}
}

// gain adds what closing the gaps does for one foundational requirement of
// one scope.
func (p *Package) gain(rows []*Status, closes map[*Status]bool, want int) {
	before, after, n := 4, 4, 0
	for _, s := range rows {
		if s.Level <= want {
			n++
		}
		if s.Met(Claimed) {
			continue
		}
		before = min(before, s.Level-1)
		if !closes[s] {
			after = min(after, s.Level-1)
		} else if s.Level <= want {
			p.Progress++
		}
	}
	p.Gain += float64(max(min(after, want)-before, 0))
}

// WhatIf is how levels and verdicts move when something is changed.
type WhatIf struct {
	Change  string      `json:"change"`
	Levels  []LevelMove `json:"levels"`
	Changes []Move      `json:"requirements"`
}

// LevelMove is a level that changes.
type LevelMove struct {
	Scope      string `json:"scope"`
	Foundation string `json:"fr"`
	From       int    `json:"from"`
	To         int    `json:"to"`
}

// Move is a verdict that changes.
type Move struct {
	Requirement string  `json:"requirement"`
	Scope       string  `json:"scope"`
	From        Verdict `json:"from"`
	To          Verdict `json:"to"`
}

// Compare says what is different in the assessment after a change.
func Compare(change string, before, after *Assessment) *WhatIf {
	w := &WhatIf{Change: change, Levels: []LevelMove{}, Changes: []Move{}}
	old := make(map[string]*Status)
	for i := range before.Requirements {
		s := &before.Requirements[i]
		old[s.Ref().String()+"\x00"+s.Scope] = s
	}
	for i := range after.Requirements {
		s := &after.Requirements[i]
		if o := old[s.Ref().String()+"\x00"+s.Scope]; o != nil && o.Verdict != s.Verdict {
			w.Changes = append(w.Changes, Move{s.Ref().String(), s.Scope, o.Verdict, s.Verdict})
		}
	}
	levels := make(map[string]Vector)
	for _, l := range before.Levels {
		levels[l.Scope] = l.Claimed
	}
	for _, l := range after.Levels {
		for fr := range 7 {
			if o := levels[l.Scope]; o[fr] != l.Claimed[fr] {
				w.Levels = append(w.Levels, LevelMove{l.Scope, Foundations[fr], o[fr], l.Claimed[fr]})
			}
		}
	}
	return w
}

// Without is the evidence as it would be had a conduit been closed: what
// passed through it is gone.
func (e Evidence) Without(conduit string) (Evidence, error) {
	if e.Model == nil || !slices.ContainsFunc(e.Model.Conduits, func(c Conduit) bool { return c.ID == conduit }) {
		return e, fmt.Errorf("there is no conduit %q", conduit)
	}
	if e.Model.Judge == nil {
		return e, fmt.Errorf("conduit %q: nothing says what passes through it", conduit)
	}
	kept := e.Conversations[:0:0]
	for _, c := range e.Conversations {
		if e.Model.Judge(c).Conduit != conduit {
			kept = append(kept, c)
		}
	}
	e.Conversations = kept
	return e, nil
}
