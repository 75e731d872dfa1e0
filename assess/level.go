package assess

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Vector is a security level for each of the seven foundational requirements
// of IEC 62443: IAC, UC, SI, DC, RDF, TRE, RA.
type Vector [7]int

// Names of the foundational requirements, in order.
var Foundations = [7]string{"IAC", "UC", "SI", "DC", "RDF", "TRE", "RA"}

// String writes the vector as people do: {IAC 2, UC 2, ...}.
func (v Vector) String() string {
	s := make([]string, 7)
	for i, n := range v {
		s[i] = Foundations[i] + " " + strconv.Itoa(n)
	}
	return "{" + strings.Join(s, ", ") + "}"
}

// MarshalJSON writes the levels by name, in order.
func (v Vector) MarshalJSON() ([]byte, error) {
	s := make([]string, 7)
	for i, n := range v {
		s[i] = fmt.Sprintf("%q:%d", Foundations[i], n)
	}
	return []byte("{" + strings.Join(s, ",") + "}"), nil
}

// Reliance is how much one is ready to rely on.
type Reliance int

// What counts as met.
const (
	ByProof  Reliance = iota // what is proven
	Observed                 // and what traffic supports
	Claimed                  // and what people attest
)

// ZoneLevel is the achieved against the target level of a zone or conduit.
type ZoneLevel struct {
	Scope    string   `json:"scope"`
	Name     string   `json:"name"`
	Kind     Kind     `json:"kind"`
	Target   *Vector  `json:"sl_t,omitempty"`
	Proven   Vector   `json:"sl_a_proven"`
	Observed Vector   `json:"sl_a_observed"`
	Claimed  Vector   `json:"sl_a_claimed"`
	Behind   []Behind `json:"held_back"`
}

// Behind is what holds one foundational requirement back from the next level.
type Behind struct {
	Foundation string `json:"fr"`
	Level      int    `json:"level"` // that is missed, counting attestations
	Gap        bool   `json:"gap"`   // the target asks for it
	Met        int    `json:"met"`
	Of         int    `json:"of"` // requirements up to that level
	By         []Hold `json:"by"`
}

// Hold is a requirement that is not met.
type Hold struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Level    int       `json:"level"`
	Verdict  Verdict   `json:"verdict"`
	Why      string    `json:"why"`
	Evidence []Exhibit `json:"evidence"`
	Question string    `json:"question,omitempty"`
	Role     string    `json:"role,omitempty"`
}

// levels applies the rule of IEC 62443-3-3: a level is achieved for a
// foundational requirement when every SR and RE that the level calls for is
// met; a level calls for all that lower ones do.
func (d *Assessment) levels(vs []*View) []ZoneLevel {
	rows := make(map[string][]*Status)
	for i := range d.Requirements {
		if s := &d.Requirements[i]; s.Standard == SR {
			rows[s.Scope] = append(rows[s.Scope], s)
		}
	}
	zones := slices.ContainsFunc(vs, func(v *View) bool { return v.Kind == OneZone })
	var out []ZoneLevel
	for _, v := range vs {
		if v.Kind == WholePlant && zones {
			continue
		}
		l := ZoneLevel{Scope: scopeKey(v), Name: v.Name, Kind: v.Kind, Behind: []Behind{}}
		if v.Zone != nil && v.Zone.Target != (Vector{}) {
			t := v.Zone.Target
			l.Target = &t
		}
		for fr := range 7 {
			var mine []*Status
			for _, s := range rows[l.Scope] {
				if s.group == "FR "+strconv.Itoa(fr+1) {
					mine = append(mine, s)
				}
			}
			l.Proven[fr] = Achieved(mine, ByProof)
			l.Observed[fr] = Achieved(mine, Observed)
			l.Claimed[fr] = Achieved(mine, Claimed)
			if l.Claimed[fr] < 4 {
				l.Behind = append(l.Behind, d.behind(mine, fr, l.Claimed[fr]+1, l.Target))
			}
		}
		out = append(out, l)
	}
	return out
}

// Achieved is the highest level of which every requirement is met.
func Achieved(rows []*Status, by Reliance) int {
	level := 4
	for _, s := range rows {
		if !s.Met(by) {
			level = min(level, s.Level-1)
		}
	}
	return level
}

func (d *Assessment) behind(rows []*Status, fr, level int, target *Vector) Behind {
	b := Behind{Foundation: Foundations[fr], Level: level, Gap: target != nil && target[fr] >= level, By: []Hold{}}
	for _, s := range rows {
		if s.Level > level {
			continue
		}
		b.Of++
		if s.Met(Claimed) {
			b.Met++
			continue
		}
		h := Hold{ID: s.ID, Title: s.Title, Level: s.Level, Verdict: s.Verdict, Why: s.Why, Evidence: []Exhibit{}}
		if s.Conflict != "" {
			h.Why = s.Conflict + ": " + h.Why
		}
		if s.Result >= 0 {
			h.Evidence = d.Results[s.Result].Evidence
		}
		if s.Verdict == Silent {
			h.Question, h.Role = s.Question, s.Role
		}
		b.By = append(b.By, h)
	}
	slices.SortStableFunc(b.By, func(x, y Hold) int { return cmp.Compare(y.Verdict, x.Verdict) })
	return b
}
