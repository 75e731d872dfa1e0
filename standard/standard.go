// Package standard holds the catalogues of requirements as data: identifiers,
// levels, weights and relations, with short titles in our own words where the
// text belongs to somebody else. No requirement text of IEC or ISO is here; a
// licensed text can be read from a file (Texts) and shown in place of ours.
package standard

import (
	"slices"
	"strings"
)

// Standard is one catalogue.
type Standard struct {
	ID           string         `json:"id"`   // as on the command line: "iec62443-3-3"
	Name         string         `json:"name"` // as people cite it: "IEC 62443-3-3"
	Title        string         `json:"title"`
	Edition      string         `json:"edition"`
	Publisher    string         `json:"publisher"`
	Notice       string         `json:"notice"`
	Graded       string         `json:"graded,omitempty"` // what a level means: "security level", "CMMC level"
	Counts       map[string]int `json:"counts"`
	Notes        []string       `json:"notes"`
	Groups       []Group        `json:"groups"`
	Withdrawn    []Withdrawn    `json:"withdrawn,omitempty"`
	Requirements []Requirement  `json:"requirements"`

	at map[string]int
}

// Group is a chapter: a foundational requirement, family, category or theme.
type Group struct {
	ID    string `json:"id"`
	Code  string `json:"code,omitempty"` // "IAC", "AC"
	Title string `json:"title"`
}

// Withdrawn is a number that is no requirement of its own any more, or never
// was one.
type Withdrawn struct {
	ID         string   `json:"id"`
	Why        string   `json:"why"`
	Successors []string `json:"successors,omitempty"`
}

// Requirement is one row.
type Requirement struct {
	ID         string   `json:"id"`
	Kind       string   `json:"kind"`
	Group      string   `json:"group"`
	Also       []string `json:"also,omitempty"`   // further groups
	Parent     string   `json:"parent,omitempty"` // the row that this one strengthens or belongs under
	Title      string   `json:"title"`
	Text       string   `json:"text,omitempty"` // a sentence more than the title
	Level      int      `json:"level,omitempty"`
	Clause     string   `json:"clause,omitempty"`
	Applies    []string `json:"applies,omitempty"`   // kinds of component (IEC 62443-4-2)
	Addresses  []string `json:"addresses,omitempty"` // techniques that a mitigation addresses
	Weight     int      `json:"weight,omitempty"`    // points taken off when it is not met; 0: not scored
	Partial    int      `json:"partial,omitempty"`   // points taken off in the partial case of the methodology
	Basic      bool     `json:"basic,omitempty"`     // one of the requirements behind CMMC level 1
	POAM       bool     `json:"poam,omitempty"`      // may stay open on a plan of action
	Parameters int      `json:"parameters,omitempty"`
	Confidence string   `json:"confidence,omitempty"` // "" is high
	Note       string   `json:"note,omitempty"`
	Ask        string   `json:"ask,omitempty"`     // the question to a person, in plain words
	Role       Role     `json:"role,omitempty"`    // who can answer it
	NoCheck    Reason   `json:"nocheck,omitempty"` // why traffic cannot answer it in full
	Official   string   `json:"official,omitempty"`
}

// Role is who can answer a question.
type Role string

// Roles are the people in a plant, by what they are called there.
var Roles = map[Role]string{
	"controls":    "controls engineer",
	"network":     "network engineer",
	"security":    "person in charge of security",
	"it":          "IT administrator",
	"manager":     "plant manager",
	"maintenance": "head of maintenance",
	"purchasing":  "purchasing",
	"hr":          "human resources",
	"site":        "facility manager",
	"supplier":    "supplier or integrator",
}

// Reason is why there is no check for a requirement, or none that can prove it.
type Reason string

// Reasons in words.
var Reasons = map[Reason]string{
	"device":   "it happens inside a device, where traffic does not show it",
	"paper":    "it is a rule, a decision or a record that people keep",
	"people":   "it is about people, not about traffic",
	"physical": "it is about places and things, not about traffic",
	"supplier": "it is about how the product is made",
	"settings": "it is a setting that has to be read out of the devices",
	"test":     "only a test would show it, and nothing is sent into the plant",
}

// Question is what to ask a person about the requirement.
func (r *Requirement) Question() string {
	if r.Ask != "" {
		return r.Ask
	}
	t := r.Title
	if r.Text != "" {
		t = r.Text
	}
	return "Is this so, and what shows it: " + strings.TrimSuffix(lower(t), ".") + "?"
}

// lower makes the first letter small unless the word is an abbreviation.
func lower(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] >= 'a' && s[1] <= 'z' || s[1] == ' ') {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}

// Assessed tells whether one can meet the row: it is no technique, kind of
// asset or piece of data.
func (r *Requirement) Assessed() bool {
	return r.Role != ""
}

// Find returns the requirement of that id, or nil. Spaces and case do not
// matter: "sr1.1re1" is "SR 1.1 RE 1".
func (s *Standard) Find(id string) *Requirement {
	if i, ok := s.at[fold(id)]; ok {
		return &s.Requirements[i]
	}
	return nil
}

// Group returns the group of that id, or nil.
func (s *Standard) Group(id string) *Group {
	if i := slices.IndexFunc(s.Groups, func(g Group) bool { return g.ID == id }); i >= 0 {
		return &s.Groups[i]
	}
	return nil
}

// has tells whether a mapping may name the id: a requirement, or a whole group.
func (s *Standard) has(id string) bool { return s.Find(id) != nil || s.Group(id) != nil }

func fold(id string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "\t", "", "_", "").Replace(id))
}
