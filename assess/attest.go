package assess

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/bulkhead-ot/bulkhead/standard"
)

// State is what a person says of a requirement.
type State string

// The states.
const (
	Met           State = "met"
	NotMet        State = "not-met"
	Partial       State = "partial"
	NotApplicable State = "not-applicable"
)

// Attestation is a person's statement about a requirement.
type Attestation struct {
	Requirement string `yaml:"requirement" json:"requirement"`             // "iec62443-3-3 SR 1.3"
	Zone        string `yaml:"zone" json:"zone,omitempty"`                 // "" for the whole plant
	State       State  `yaml:"state" json:"state"`                         // met when not given
	Statement   string `yaml:"statement" json:"statement"`                 // in the person's words
	Owner       string `yaml:"owner" json:"owner"`                         // who says so
	Reviewer    string `yaml:"reviewer" json:"reviewer,omitempty"`         // who looked at it
	Document    string `yaml:"document" json:"document,omitempty"`         // path of what it rests on
	SHA256      string `yaml:"sha256" json:"sha256,omitempty"`             // of the document; computed
	Date        string `yaml:"date" json:"date,omitempty"`                 // of the statement
	Expires     string `yaml:"expires" json:"expires"`                     // from this day on it does not count
	Effort      int    `yaml:"effort" json:"effort,omitempty"`             // days, for what is not met
	Argument    string `yaml:"compensating" json:"compensating,omitempty"` // what is done instead

	Ref     standard.Ref `yaml:"-" json:"-"`
	Expired bool         `yaml:"-" json:"expired,omitempty"`
}

// maxAttestations bounds the file, and maxDocument each document.
const (
	maxAttestations = 4 << 20
	maxDocument     = 256 << 20
)

// Open gives the bytes of a document that an attestation names.
type Open func(path string) (io.ReadCloser, error)

// ReadAttestations reads a YAML or JSON file with a list "attestations".
// Every problem is told; with any of them nothing is taken. at is the day of
// the assessment.
func ReadAttestations(r io.Reader, lib *standard.Library, open Open, at time.Time) ([]Attestation, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxAttestations+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxAttestations {
		return nil, fmt.Errorf("larger than %d MiB", maxAttestations>>20)
	}
	var f struct {
		Attestations []Attestation `yaml:"attestations"`
	}
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.New(strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	if len(f.Attestations) == 0 {
		return nil, errors.New("no attestations: want a list named attestations")
	}
	var problems []error
	seen := make(map[string]int)
	for i := range f.Attestations {
		a := &f.Attestations[i]
		if err := a.check(lib, open, at); err != nil {
			problems = append(problems, fmt.Errorf("attestation %d (%s): %w", i+1, a.Requirement, err))
			continue
		}
		k := a.Ref.String() + "\x00" + a.Zone
		if n, twice := seen[k]; twice {
			problems = append(problems, fmt.Errorf("attestation %d (%s): attestation %d is about the same requirement and zone", i+1, a.Requirement, n))
		}
		seen[k] = i + 1
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return f.Attestations, nil
}

func (a *Attestation) check(lib *standard.Library, open Open, at time.Time) error {
	std, id, ok := strings.Cut(strings.TrimSpace(a.Requirement), " ")
	if !ok {
		return errors.New(`requirement: want standard and id, such as "iec62443-3-3 SR 1.3"`)
	}
	s, err := lib.Get(std)
	if err != nil {
		return fmt.Errorf("requirement: %w", err)
	}
	r := s.Find(id)
	if r == nil || !r.Assessed() {
		return fmt.Errorf("requirement: %s has no requirement %q", std, id)
	}
	a.Ref = standard.Ref{Standard: std, ID: r.ID}
	if a.State == "" {
		a.State = Met
	}
	if !slices.Contains([]State{Met, NotMet, Partial, NotApplicable}, a.State) {
		return fmt.Errorf("state %q: want met, not-met, partial or not-applicable", a.State)
	}
	switch "" {
	case strings.TrimSpace(a.Owner):
		return errors.New("owner: nobody answers for it; name a person or a role")
	case strings.TrimSpace(a.Statement):
		return errors.New("statement: say in a sentence what is so")
	case a.Expires:
		return errors.New("expires: give the day from which it must be looked at again, such as 2027-01-31")
	}
	day, err := time.Parse(time.DateOnly, a.Expires)
	if err != nil {
		return fmt.Errorf("expires %q: want a day such as 2027-01-31", a.Expires)
	}
	if a.Date != "" {
		if _, err := time.Parse(time.DateOnly, a.Date); err != nil {
			return fmt.Errorf("date %q: want a day such as 2026-01-31", a.Date)
		}
	}
	a.Expired = !at.Before(day)
	if a.Reviewer != "" && strings.EqualFold(strings.TrimSpace(a.Reviewer), strings.TrimSpace(a.Owner)) {
		return fmt.Errorf("reviewer %s is the owner: somebody else must look at it", a.Reviewer)
	}
	if a.Document == "" {
		return nil
	}
	return a.hash(open)
}

// hash ties the attestation to the content of its document.
func (a *Attestation) hash(open Open) error {
	r, err := open(a.Document)
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(r, maxDocument+1))
	switch {
	case err != nil:
		return fmt.Errorf("document %s: %w", a.Document, err)
	case n > maxDocument:
		return fmt.Errorf("document %s: larger than %d MiB", a.Document, maxDocument>>20)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if a.SHA256 != "" && !strings.EqualFold(a.SHA256, sum) {
		return fmt.Errorf("document %s has changed since it was attested: its SHA-256 is %s", a.Document, sum)
	}
	a.SHA256 = sum
	return nil
}

// Counts tells whether the attestation says that the requirement is met, and
// may still be relied on.
func (a *Attestation) Counts() bool {
	return a != nil && !a.Expired && (a.State == Met || a.State == NotApplicable)
}

// disagrees says how an attestation and an observation contradict each other,
// or "".
func (a *Attestation) disagrees(v Verdict) string {
	switch {
	case a == nil || a.Expired:
		return ""
	case v == Refuted && a.State == Met:
		return "attested as met, but traffic refutes it"
	case v == Refuted && a.State == NotApplicable:
		return "attested as not applicable, but traffic refutes it"
	case v == Proven && (a.State == NotMet || a.State == Partial):
		return "attested as " + string(a.State) + ", but traffic proves it"
	}
	return ""
}
