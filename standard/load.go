package standard

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/*.json
var data embed.FS

// names are the catalogues in the order in which they are listed.
var names = [...]string{
	"iec62443-3-3", "iec62443-4-2", "iec62443-4-1", "iec62443-2-1", "iec62443-2-4", "iec62443-3-2",
	"nist-csf-2.0", "nist-800-171r2", "nist-800-171r3", "cmmc-2.0", "iso27001-2022", "attack-ics",
}

// index are tables that exist so that a mapping can pass through them.
var index = [...]string{"nist-800-53r5"}

// bare are standards of which only the numbers in mappings are known.
var bare = [...]string{"nist-csf-1.1", "nist-800-172", "iec62443-2-1-2009"}

// Names lists the catalogues.
func Names() []string { return slices.Clone(names[:]) }

// Library gives the catalogues, each read when it is first asked for. It may
// be used by several goroutines.
type Library struct {
	mu    sync.Mutex
	read  map[string]*Standard
	cross *Crosswalk
}

// NewLibrary returns the catalogues of this program.
func NewLibrary() *Library { return &Library{read: make(map[string]*Standard)} }

// Get returns a catalogue.
func (l *Library) Get(id string) (*Standard, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.get(id)
}

func (l *Library) get(id string) (*Standard, error) {
	if s := l.read[id]; s != nil {
		return s, nil
	}
	if !slices.Contains(names[:], id) && !slices.Contains(index[:], id) {
		return nil, fmt.Errorf("no standard %q; there are: %s", id, strings.Join(names[:], ", "))
	}
	b, err := data.ReadFile("data/" + id + ".json")
	if err != nil {
		return nil, err
	}
	s, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("catalogue %s: %w", id, err)
	}
	l.read[id] = s
	return s, nil
}

// Replace puts a catalogue in the place of the one of the same id. Every
// requirement that a mapping or a check names must be there; Replace says
// which are missing.
func (l *Library) Replace(s *Standard) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	old, err := l.get(s.ID)
	if err != nil {
		return err
	}
	var gone []string
	for i := range old.Requirements {
		if s.Find(old.Requirements[i].ID) == nil {
			gone = append(gone, old.Requirements[i].ID)
		}
	}
	if len(gone) > 0 {
		return fmt.Errorf("catalogue %s: %d requirements are missing that mappings or checks may name, the first is %s", s.ID, len(gone), gone[0])
	}
	l.read[s.ID] = s
	l.cross = nil
	return nil
}

// maxCatalogue bounds what is read of a file.
const maxCatalogue = 16 << 20

// ReadCatalogue reads a catalogue file in the format of ours.
func ReadCatalogue(r io.Reader) (*Standard, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxCatalogue+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxCatalogue {
		return nil, fmt.Errorf("larger than %d MiB: not a catalogue", maxCatalogue>>20)
	}
	return Parse(b)
}

// Parse reads a catalogue. Unknown fields, ids that are given twice, parents
// and groups that do not exist, and counts that do not hold are errors.
func Parse(b []byte) (*Standard, error) {
	s := new(Standard)
	if err := strict(b, s); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("not a catalogue: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("not a catalogue: something follows the object")
	}
	return nil
}

func (s *Standard) check() error {
	if s.ID == "" || s.Name == "" {
		return errors.New("id and name must be given")
	}
	groups := make(map[string]bool)
	for _, g := range s.Groups {
		if g.ID == "" || groups[g.ID] {
			return fmt.Errorf("group %q: given twice or without id", g.ID)
		}
		groups[g.ID] = true
	}
	s.at = make(map[string]int, len(s.Requirements))
	for i := range s.Requirements {
		r := &s.Requirements[i]
		if _, twice := s.at[fold(r.ID)]; twice || r.ID == "" {
			return fmt.Errorf("requirement %q: given twice or without id", r.ID)
		}
		s.at[fold(r.ID)] = i
	}
	for i := range s.Requirements {
		r := &s.Requirements[i]
		switch {
		case !groups[r.Group]:
			return fmt.Errorf("requirement %s: group %q is not listed", r.ID, r.Group)
		case r.Parent != "" && s.Find(r.Parent) == nil:
			return fmt.Errorf("requirement %s: parent %q does not exist", r.ID, r.Parent)
		case r.Title == "":
			return fmt.Errorf("requirement %s: no title", r.ID)
		case r.Level < 0 || r.Level > 4:
			return fmt.Errorf("requirement %s: level %d: want 1 to 4", r.ID, r.Level)
		case s.Graded == "security level" && r.Level == 0:
			return fmt.Errorf("requirement %s: no level", r.ID)
		case r.Weight != 0 && r.Weight != 1 && r.Weight != 3 && r.Weight != 5:
			return fmt.Errorf("requirement %s: weight %d: want 1, 3 or 5", r.ID, r.Weight)
		case r.Role != "" && Roles[r.Role] == "":
			return fmt.Errorf("requirement %s: no role %q", r.ID, r.Role)
		case r.NoCheck != "" && Reasons[r.NoCheck] == "":
			return fmt.Errorf("requirement %s: no reason %q", r.ID, r.NoCheck)
		}
	}
	for what, want := range s.Counts {
		if n := s.Count(what); n != want {
			return fmt.Errorf("%s: %d rows, but the head of the catalogue states %d", what, n, want)
		}
	}
	return nil
}

// Count counts rows: "total", "groups", "withdrawn", a kind, a group,
// "weight 5", or "level 2". Security levels are cumulative: what level 1 asks
// for is asked for at level 2 as well.
func (s *Standard) Count(what string) int {
	switch what {
	case "total":
		return len(s.Requirements)
	case "groups":
		return len(s.Groups)
	case "withdrawn":
		return len(s.Withdrawn)
	}
	word, number, _ := strings.Cut(what, " ")
	level, err := strconv.Atoi(number)
	n := 0
	for i := range s.Requirements {
		r := &s.Requirements[i]
		switch {
		case word == "level" && err == nil:
			if r.Level == level || s.Graded == "security level" && r.Level < level {
				n++
			}
		case word == "weight" && err == nil:
			if r.Weight == level {
				n++
			}
		case r.Kind == what || r.Group == what:
			n++
		}
	}
	return n
}
