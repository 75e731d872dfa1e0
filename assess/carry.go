package assess

import (
	"fmt"
	"strings"

	"github.com/bulkhead-ot/bulkhead/standard"
)

// Carried is a verdict that came over the crosswalk.
type Carried struct {
	From    standard.Ref `json:"from"`
	Verdict Verdict      `json:"verdict"`
	Path    []string     `json:"path"` // one step each
	Why     string       `json:"why"`
}

// Carry says what a verdict on one requirement means for another, to which it
// relates as r says. declared tells whether the sources of all links state
// the relation themselves; what they do not state never proves or refutes.
//
//	the answered one is    proven      supported   refuted
//	equal                  proven      supported   refuted
//	all the other asks     proven      supported   silent (another part may fail)
//	a part of the other    supported   supported   refuted
//	partly the same        supported   silent      silent
func Carry(v Verdict, r standard.Relation, declared bool) Verdict {
	out := Silent
	switch r {
	case standard.Equal:
		out = v
	case standard.Superset:
		out = map[Verdict]Verdict{Proven: Proven, Supported: Supported}[v]
	case standard.Subset:
		out = map[Verdict]Verdict{Proven: Supported, Supported: Supported, Refuted: Refuted}[v]
	case standard.Intersects:
		out = map[Verdict]Verdict{Proven: Supported}[v]
	}
	if !declared {
		switch out {
		case Proven:
			return Supported
		case Refuted:
			return Silent
		}
	}
	return out
}

func carried(from standard.Ref, v Verdict, p *standard.Path) *Carried {
	to := Carry(v, p.Relation, p.Declared)
	c := &Carried{From: from, Verdict: to}
	for _, k := range p.Links {
		how := "stated by " + k.Source
		if !k.Declared {
			how = "related according to " + k.Source + ", which does not say how"
		}
		c.Path = append(c.Path, fmt.Sprintf("%s %s %s (%s)", k.From, k.Relation, k.To, how))
	}
	c.Why = fmt.Sprintf("%s is %s; %s", from, v, strings.Join(c.Path, "; then "))
	if to != v {
		c.Why += fmt.Sprintf("; so far as this reaches: %s", to)
	}
	return c
}

// spread carries answers to requirements that have none of their own.
func (d *Assessment) spread(cross *standard.Crosswalk) {
	at := make(map[standard.Ref]*Status)
	var answered []*Status
	for i := range d.Requirements {
		s := &d.Requirements[i]
		if s.Scope != "plant" {
			continue
		}
		at[s.Ref()] = s
		if s.Verdict != Silent || s.Attestation.Counts() {
			answered = append(answered, s)
		}
	}
	for _, from := range answered {
		paths := cross.Reach(from.Ref())
		for i := range paths {
			p := &paths[i]
			to := at[p.Links[len(p.Links)-1].To]
			if to == nil || to == from {
				continue
			}
			if from.Verdict != Silent {
				to.receive(carried(from.Ref(), from.Verdict, p))
			}
			if from.Attestation.Counts() && from.Conflict == "" && to.Attestation == nil && p.Declared &&
				(p.Relation == standard.Equal || p.Relation == standard.Superset) {
				to.Attestation, to.AttestedBy = from.Attestation, from.Ref().String()
			}
		}
	}
	for i := range d.Requirements {
		d.Requirements[i].settle()
	}
}

// receive keeps the strongest of what is carried; a refutation is stronger
// than anything.
func (s *Status) receive(c *Carried) {
	switch {
	case c.Verdict == Silent:
		if s.Lead == "" {
			s.Lead = c.Why
		}
	case s.Carried == nil || c.Verdict > s.Carried.Verdict:
		s.Carried = c
	}
}

// settle takes a carried verdict where there is no own one.
func (s *Status) settle() {
	if s.Verdict == Silent && s.Carried != nil && len(s.Checks) == 0 {
		s.Verdict, s.Why = s.Carried.Verdict, s.Carried.Why
	}
	s.Conflict = s.Attestation.disagrees(s.Verdict)
}
