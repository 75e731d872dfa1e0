package assess

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/standard"
)

// Score is the result of the NIST SP 800-171 DoD Assessment Methodology: 110
// less the weight of each requirement that is not met, as the Supplier
// Performance Risk System takes it.
type Score struct {
	Given       bool     `json:"given"` // without a system security plan there is no score
	Why         string   `json:"why,omitempty"`
	Score       int      `json:"score"`
	Observed    int      `json:"score_if_supported_counts"`
	Highest     int      `json:"highest"`
	Lowest      int      `json:"lowest"`
	Met         int      `json:"met"`
	Total       int      `json:"total"`
	Deductions  []Deduct `json:"deductions"`
	Conditional bool     `json:"conditional"` // a conditional level 2 status is possible
	Blocked     []string `json:"not_on_poam"` // what is open and may not be on a plan of action
}

// Deduct is what one requirement takes off.
type Deduct struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Points  int     `json:"points"`
	Partial bool    `json:"partial,omitempty"`
	POAM    bool    `json:"poam"` // may stay open on a plan of action
	Verdict Verdict `json:"verdict"`
	Why     string  `json:"why"`
}

// CMMC is the standing at one level.
type CMMC struct {
	Level  int      `json:"level"`
	Met    int      `json:"met"`
	Total  int      `json:"total"`
	Status string   `json:"status"` // "final", "conditional" or "not reached"
	Why    string   `json:"why"`
	Open   []string `json:"open"`
}

// MinConditional is the score from which on level 2 can be conditional: 80 %
// of 110 (32 CFR 170.21).
const MinConditional = 88

// POAMDays is how long a plan of action may stay open.
const POAMDays = 180

// Implemented is the standing of a requirement for the score.
type Implemented int

// The standings. Half is the partial case of 3.5.3 and 3.13.11.
const (
	No Implemented = iota
	Half
	Yes
)

// planID is the requirement for a system security plan, which has no weight.
const planID = "3.12.4"

// ScoreOf computes the score from the standing of each requirement of NIST SP
// 800-171 revision 2; what is not in the map is not implemented.
func ScoreOf(s *standard.Standard, done map[string]Implemented, poam func(id string, half bool) bool) Score {
	out := Score{Given: true, Score: 110, Highest: 110, Lowest: 110, Deductions: []Deduct{}, Blocked: []string{}}
	for i := range s.Requirements {
		r := &s.Requirements[i]
		out.Total++
		out.Lowest -= r.Weight
		how := done[r.ID]
		if how == Yes {
			out.Met++
			continue
		}
		d := Deduct{ID: r.ID, Title: r.Title, Points: r.Weight}
		if how == Half && r.Partial > 0 {
			d.Points, d.Partial = r.Partial, true
		}
		d.POAM = poam(r.ID, d.Partial)
		out.Score -= d.Points
		out.Deductions = append(out.Deductions, d)
		if !d.POAM {
			out.Blocked = append(out.Blocked, r.ID)
		}
	}
	if done[planID] != Yes {
		out.Given = false
		out.Why = "there is no system security plan (" + planID + "), and without one no score can be given"
	}
	out.Conditional = out.Given && out.Score >= MinConditional && len(out.Blocked) == 0
	return out
}

// POAM tells which requirements may stay open for a conditional level 2
// status: by the catalogue, and 3.13.11 only when there is encryption that is
// not validated.
func POAM(cmmc *standard.Standard) func(id string, half bool) bool {
	open := make(map[string]*standard.Requirement)
	for i := range cmmc.Requirements {
		r := &cmmc.Requirements[i]
		if _, number, ok := strings.Cut(r.ID, ".L2-"); ok {
			open[number] = r
		}
	}
	return func(id string, half bool) bool {
		r := open[id]
		if r == nil || !r.POAM {
			return false
		}
		return r.Weight == 1 || half
	}
}

// score fills in the score and the standing at the CMMC levels. A requirement
// counts when it is proven, or attested and not contradicted; support by
// traffic alone does not.
func (d *Assessment) score(lib *standard.Library) {
	r2, err := lib.Get(R2)
	if err != nil {
		return
	}
	cmmc, err := lib.Get("cmmc-2.0")
	if err != nil {
		return
	}
	strict, loose := make(map[string]Implemented), make(map[string]Implemented)
	at := make(map[standard.Ref]*Status)
	for i := range d.Requirements {
		s := &d.Requirements[i]
		if s.Scope != "plant" {
			continue
		}
		at[s.Ref()] = s
		if s.Standard == R2 {
			strict[s.ID] = s.implemented()
			loose[s.ID] = max(strict[s.ID], map[bool]Implemented{true: Yes}[s.Met(Claimed)])
		}
	}
	poam := POAM(cmmc)
	sc := ScoreOf(r2, strict, poam)
	sc.Observed = ScoreOf(r2, loose, poam).Score
	for i := range sc.Deductions {
		x := &sc.Deductions[i]
		if s := at[standard.Ref{Standard: R2, ID: x.ID}]; s != nil {
			x.Verdict, x.Why = s.Verdict, s.Why
		}
	}
	d.Score = &sc
	d.CMMC = cmmcLevels(cmmc, at, &sc)
}

// implemented is the standing for the score.
func (s *Status) implemented() Implemented {
	a := s.Attestation
	switch {
	case s.Verdict == Refuted || s.Conflict != "":
		if a != nil && !a.Expired && a.State == Partial {
			return Half
		}
		return No
	case s.Verdict == Proven, a.Counts():
		return Yes
	case a != nil && !a.Expired && a.State == Partial:
		return Half
	}
	return No
}

func cmmcLevels(cmmc *standard.Standard, at map[standard.Ref]*Status, sc *Score) []CMMC {
	out := []CMMC{{Level: 1, Open: []string{}}, {Level: 2, Open: []string{}}, {Level: 3, Open: []string{}}}
	third := true // what is open at level 3 may stay open
	for i := range cmmc.Requirements {
		r := &cmmc.Requirements[i]
		l := &out[r.Level-1]
		l.Total++
		s := at[standard.Ref{Standard: cmmc.ID, ID: r.ID}]
		if s != nil && s.implemented() == Yes {
			l.Met++
			continue
		}
		l.Open = append(l.Open, r.ID)
		third = third && (r.Level != 3 || r.POAM)
	}
	for i := range out {
		l := &out[i]
		left := l.Total - l.Met
		switch {
		case left == 0:
			l.Status, l.Why = "final", "all requirements are met"
		case l.Level == 1:
			l.Status, l.Why = "not reached", "level 1 allows no plan of action"
		case l.Level == 2 && sc.Conditional:
			l.Status, l.Why = "conditional", fmt.Sprintf("score %d, and what is open may stay open for %d days", sc.Score, POAMDays)
		case l.Level == 2 && !sc.Given:
			l.Status, l.Why = "not reached", sc.Why
		case l.Level == 2 && sc.Score < MinConditional:
			l.Status, l.Why = "not reached", fmt.Sprintf("score %d, conditional needs %d", sc.Score, MinConditional)
		case l.Level == 2:
			l.Status, l.Why = "not reached", fmt.Sprintf("%s may not stay open", sc.Blocked[0])
		case third && l.Met*10 >= l.Total*8:
			l.Status, l.Why = "conditional", fmt.Sprintf("%d of %d, and what is open may stay open for %d days", l.Met, l.Total, POAMDays)
		default:
			l.Status, l.Why = "not reached", fmt.Sprintf("%d of %d are met, conditional needs 80 %%", l.Met, l.Total)
		}
	}
	if out[2].Status != "not reached" && out[1].Status != "final" {
		out[2].Status, out[2].Why = "not reached", "level 3 needs a final level 2"
	}
	return slices.Clip(out)
}
