// Package assess answers the requirements of standards from what was observed.
//
// A check looks at the traffic of a zone, a conduit or the whole plant and
// gives one of four verdicts: proven (positive observation, enough coverage,
// a long enough window), refuted (one counter-example, with its packets),
// supported (consistent, not conclusive) or silent. What no check answers a
// person attests; attested and observed are kept apart, and where they
// disagree it is a conflict. From the verdicts follow the achieved security
// levels of IEC 62443-3-3, the score of the DoD methodology, and what to do
// next. The package is pure: it knows no file, clock or network.
package assess

import (
	"fmt"
	"slices"
	"time"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/standard"
)

// Verdict is what observation says about a requirement.
type Verdict uint8

// The verdicts.
const (
	Silent Verdict = iota
	Supported
	Proven
	Refuted
)

var verdictNames = [...]string{"silent", "supported", "proven", "refuted"}

func (v Verdict) String() string { return verdictNames[v] }

// MarshalText writes the verdict by its name.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads the name of a verdict.
func (v *Verdict) UnmarshalText(b []byte) error {
	i := slices.Index(verdictNames[:], string(b))
	if i < 0 {
		return fmt.Errorf("verdict %q: want silent, supported, proven or refuted", b)
	}
	*v = Verdict(i)
	return nil
}

// Ref is a requirement that a check speaks about.
type Ref struct {
	standard.Ref
	// Whole: the check covers all that the requirement asks for, so that it
	// can prove it. Otherwise it supports or refutes.
	Whole bool
}

// Whole names a requirement that a check can prove.
func Whole(std, id string) Ref { return Ref{standard.Ref{Standard: std, ID: id}, true} }

// Part names a requirement that a check can refute or support.
func Part(std, id string) Ref { return Ref{standard.Ref{Standard: std, ID: id}, false} }

// Names of standards in tables of checks.
const (
	SR    = "iec62443-3-3"
	CSF   = "nist-csf-2.0"
	R2    = "nist-800-171r2"
	ISO   = "iso27001-2022"
	Owner = "iec62443-2-1"
	Vend  = "iec62443-2-4"
)

// Needs is what must be so before a positive observation proves anything.
type Needs struct {
	Window   time.Duration // of observation; zero means MinWindow
	Inside   bool          // the sensor sees traffic between members of the zone
	Boundary bool          // and traffic over its boundary
	Plant    bool          // somebody declared zones and conduits
}

// MinWindow is the shortest observation that can prove anything: a week has
// every shift, a weekend and a maintenance day.
const MinWindow = 7 * 24 * time.Hour

// MinSeen is the share of a zone's assets that must have been seen to send.
const MinSeen = 0.95

// Check is a manual page and the code behind it.
type Check struct {
	ID      string // name of its folder
	Title   string
	Answers []Ref
	Proves  string // the observation that speaks for it
	Refutes string // and the one that speaks against it
	Needs   Needs
	Ask     string // the question to a person when traffic is silent
	Role    standard.Role
	Fix     string // what to do when it is refuted
	Effort  int    // of that, in person days for one zone
	Run     func(*View) Answer
}

// Exhibit is one piece of evidence.
type Exhibit struct {
	Text   string     `json:"text"`
	Assets []asset.ID `json:"assets"`
	Frames []uint64   `json:"frames"`
}

// Answer is what a check says of one scope.
type Answer struct {
	Verdict  Verdict   `json:"verdict"`
	Why      string    `json:"why"`
	Evidence []Exhibit `json:"evidence"`
	More     int       `json:"more,omitempty"` // pieces of evidence beyond those listed
	Coverage Coverage  `json:"coverage"`
}

// maxExhibits bounds the evidence of one answer.
const maxExhibits = 12

// Notes gathers what speaks for and against.
type Notes struct {
	against, support   []Exhibit
	nAgainst, nSupport int
	said               map[string]int
}

// Against notes a counter-example.
func (n *Notes) Against(assets []asset.ID, frame uint64, format string, a ...any) {
	n.add(&n.against, &n.nAgainst, assets, frame, fmt.Sprintf(format, a...))
}

// Support notes a positive observation.
func (n *Notes) Support(assets []asset.ID, frame uint64, format string, a ...any) {
	n.add(&n.support, &n.nSupport, assets, frame, fmt.Sprintf(format, a...))
}

func (n *Notes) add(list *[]Exhibit, count *int, assets []asset.ID, frame uint64, text string) {
	if i, ok := n.said[text]; ok {
		if i < len(*list) && (*list)[i].Text == text && len((*list)[i].Frames) < maxExhibits && frame != 0 {
			(*list)[i].Frames = append((*list)[i].Frames, frame)
		}
		return
	}
	*count++
	if n.said == nil {
		n.said = make(map[string]int)
	}
	n.said[text] = len(*list)
	if len(*list) >= maxExhibits {
		return
	}
	e := Exhibit{Text: text, Assets: []asset.ID{}, Frames: []uint64{}}
	for _, id := range assets {
		if id != "" && !slices.Contains(e.Assets, id) {
			e.Assets = append(e.Assets, id)
		}
	}
	if frame != 0 {
		e.Frames = append(e.Frames, frame)
	}
	*list = append(*list, e)
}

// Counter is how many different counter-examples were noted.
func (n *Notes) Counter() int { return n.nAgainst }

// Answer weighs the notes: one counter-example refutes, an observation in
// favour speaks for it, nothing is silence. yes and silent say it in words.
func (n *Notes) Answer(yes, silent string) Answer {
	switch {
	case n.nAgainst > 0:
		why := n.against[0].Text
		if n.nAgainst > 1 {
			why = fmt.Sprintf("%s; and %d more", why, n.nAgainst-1)
		}
		return Answer{Verdict: Refuted, Why: why, Evidence: n.against, More: n.nAgainst - len(n.against)}
	case n.nSupport > 0:
		return Answer{Verdict: Proven, Why: yes, Evidence: n.support, More: n.nSupport - len(n.support)}
	}
	return Answer{Verdict: Silent, Why: silent, Evidence: []Exhibit{}}
}

// ask runs a check and holds a proof to what proof needs.
func (c *Check) ask(v *View) Answer {
	a := c.Run(v)
	if a.Evidence == nil {
		a.Evidence = []Exhibit{}
	}
	a.Coverage = v.Coverage
	if a.Verdict != Proven {
		return a
	}
	if short := v.Coverage.short(c.Needs, v.Model != nil && v.Model.Declared); short != "" {
		a.Verdict = Supported
		a.Why += "; not proven: " + short
	}
	return a
}
