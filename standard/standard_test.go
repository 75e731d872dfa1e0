package standard

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func get(t testing.TB, l *Library, id string) *Standard {
	t.Helper()
	s, err := l.Get(id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCounts holds the catalogues to the totals that the standards state.
func TestCounts(t *testing.T) {
	l := NewLibrary()
	for _, c := range []struct {
		id   string
		want map[string]int
	}{
		{"iec62443-3-3", map[string]int{"groups": 7, "total": 100, "SR": 51, "RE": 49, "level 1": 37, "level 2": 60, "level 3": 90, "level 4": 100}},
		{"iec62443-4-2", map[string]int{"total": 122, "CR": 43, "SAR": 2, "EDR": 8, "HDR": 8, "NDR": 12, "RE": 49, "withdrawn": 15}},
		{"iec62443-4-1", map[string]int{"groups": 8, "total": 47}},
		{"iec62443-2-4", map[string]int{"groups": 12, "BR": 72, "RE": 51, "total": 123}},
		{"iec62443-2-1", map[string]int{"groups": 16, "total": 87}},
		{"iec62443-3-2", map[string]int{"groups": 7, "total": 32}},
		{"nist-csf-2.0", map[string]int{"groups": 22, "total": 106}},
		{"nist-800-171r2", map[string]int{"groups": 14, "total": 110, "basic": 31, "derived": 79, "weight 5": 44, "weight 3": 14, "weight 1": 51, "weight 0": 1}},
		{"nist-800-171r3", map[string]int{"groups": 17, "total": 97, "withdrawn": 33}},
		{"cmmc-2.0", map[string]int{"level 1": 15, "level 2": 110, "level 3": 24}},
		{"iso27001-2022", map[string]int{"control": 93, "organizational": 37, "people": 8, "physical": 14, "technological": 34, "clause": 41}},
		{"attack-ics", map[string]int{"technique": 83, "mitigation": 52, "asset": 18, "data component": 36}},
	} {
		s := get(t, l, c.id)
		for what, n := range c.want {
			if got := s.Count(what); got != n {
				t.Errorf("%s %s: %d, want %d", c.id, what, got, n)
			}
		}
	}
}

// TestLevels holds the cumulative totals per component type and per
// foundational requirement.
func TestLevels(t *testing.T) {
	l := NewLibrary()
	want := map[string][4]int{"SAR": {34, 53, 67, 73}, "EDR": {36, 61, 77, 83}, "HDR": {36, 62, 78, 84}, "NDR": {40, 67, 86, 92}}
	for kind, w := range want {
		var got [4]int
		for _, r := range get(t, l, "iec62443-4-2").Requirements {
			for _, a := range r.Applies {
				if a == kind {
					for i := r.Level - 1; i < 4; i++ {
						got[i]++
					}
				}
			}
		}
		if got != w {
			t.Errorf("%s: %v, want %v", kind, got, w)
		}
	}
	var iac [4]int
	for _, r := range get(t, l, "iec62443-3-3").Requirements {
		if r.Group == "FR 1" {
			for i := r.Level - 1; i < 4; i++ {
				iac[i]++
			}
		}
	}
	if iac != [4]int{10, 16, 22, 24} {
		t.Errorf("FR 1: %v", iac)
	}
}

// TestShared compares identifiers, levels and weights with the verified
// tables where they are at hand.
func TestShared(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "standards")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the verified tables are not here")
	}
	l := NewLibrary()
	for _, id := range Names() {
		b, err := os.ReadFile(filepath.Join(dir, id+".json"))
		if err != nil {
			t.Error(err)
			continue
		}
		var f map[string]json.RawMessage
		if err := json.Unmarshal(b, &f); err != nil {
			t.Fatal(err)
		}
		var rows []struct {
			ID     string
			SL     int
			Level  int
			Weight int
			SPRS   int `json:"sprs_weight"`
			POAM   bool
			Parent string
		}
		n := 0
		for _, list := range []string{"requirements", "steps", "subcategories", "controls", "clauses", "techniques", "mitigations", "assets", "data_components"} {
			if f[list] == nil {
				continue
			}
			rows = rows[:0]
			if err := json.Unmarshal(f[list], &rows); err != nil {
				t.Fatal(id, list, err)
			}
			s := get(t, l, id)
			for _, r := range rows {
				n++
				ours := s.Find(r.ID)
				if ours == nil {
					t.Errorf("%s: %s is missing", id, r.ID)
					continue
				}
				if w := max(r.Weight, r.SPRS); ours.Level != max(r.SL, r.Level) || ours.Weight != w || ours.POAM != r.POAM || ours.Parent != r.Parent {
					t.Errorf("%s %s: %+v differs from %+v", id, r.ID, *ours, r)
				}
			}
		}
		if got := len(get(t, l, id).Requirements); got != n {
			t.Errorf("%s: %d rows, want %d", id, got, n)
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "mappings.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Mappings []struct {
			From     string `json:"from_standard"`
			FromID   string `json:"from_id"`
			To       string `json:"to_standard"`
			ToID     string `json:"to_id"`
			Relation Relation
			Declared bool
			Source   string
		}
	}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	c, err := l.Crosswalk()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range m.Mappings {
		found := false
		for _, k := range c.From(Ref{r.From, r.FromID}) {
			found = found || k.To == (Ref{r.To, r.ToID}) && k.Relation == r.Relation && k.Declared == r.Declared && k.Source == r.Source
		}
		if !found {
			t.Errorf("missing: %+v", r)
		}
	}
	own := 0
	for _, s := range c.Sets {
		if s.From == "attack-ics" {
			own += len(s.Rows)
		}
	}
	if c.Rows()-own != len(m.Mappings) || len(m.Mappings) != 3377 {
		t.Errorf("%d rows, want %d", c.Rows()-own, len(m.Mappings))
	}
}

func TestThen(t *testing.T) {
	for _, c := range []struct{ a, b, want Relation }{
		{Equal, Subset, Subset}, {Subset, Equal, Subset}, {Subset, Subset, Subset}, {Superset, Superset, Superset},
		{Subset, Superset, Unknown}, {Superset, Subset, Intersects}, {Intersects, Intersects, Unknown},
		{Superset, Intersects, Intersects}, {Subset, Intersects, Unknown}, {Intersects, Subset, Intersects},
		{Intersects, Superset, Unknown}, {Unknown, Equal, Unknown}, {Equal, Equal, Equal},
	} {
		if got := c.a.Then(c.b); got != c.want {
			t.Errorf("%v then %v: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestReach(t *testing.T) {
	c, err := NewLibrary().Crosswalk()
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[Ref]Relation)
	for _, p := range c.Reach(Ref{"nist-800-171r2", "3.1.1"}) {
		got[p.Links[len(p.Links)-1].To] = p.Relation
	}
	for _, id := range []string{"AC.L1-b.1.i", "AC.L2-3.1.1"} {
		if got[Ref{"cmmc-2.0", id}] != Equal {
			t.Errorf("cmmc %s: %v", id, got[Ref{"cmmc-2.0", id}])
		}
	}
	for _, p := range c.Reach(Ref{"iec62443-3-3", "SR 1.1"}) {
		for _, k := range p.Links {
			if len(k.Via) > 0 {
				t.Errorf("carried through a derived row: %v", k)
			}
		}
	}
}

func TestBadCatalogues(t *testing.T) {
	const head = `{"id":"x","name":"X","title":"","edition":"","publisher":"","notice":"","counts":%C,"notes":[],"groups":[{"id":"G","title":"g"}],"requirements":[%R]}`
	for _, c := range []struct{ name, counts, rows, want string }{
		{"twice", `{}`, `{"id":"A 1","kind":"k","group":"G","title":"t"},{"id":"a1","kind":"k","group":"G","title":"t"}`, "given twice"},
		{"group", `{}`, `{"id":"A","kind":"k","group":"H","title":"t"}`, `group "H" is not listed`},
		{"parent", `{}`, `{"id":"A","kind":"k","group":"G","title":"t","parent":"B"}`, `parent "B" does not exist`},
		{"level", `{}`, `{"id":"A","kind":"k","group":"G","title":"t","level":5}`, "want 1 to 4"},
		{"count", `{"total":2}`, `{"id":"A","kind":"k","group":"G","title":"t"}`, "the head of the catalogue states 2"},
		{"field", `{}`, `{"id":"A","kind":"k","group":"G","title":"t","colour":"red"}`, "unknown field"},
	} {
		_, err := Parse([]byte(strings.NewReplacer("%C", c.counts, "%R", c.rows).Replace(head)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestReplace(t *testing.T) {
	l := NewLibrary()
	b, _ := data.ReadFile("data/iec62443-3-3.json")
	moved := strings.Replace(string(b), `"level 3": 90`, `"level 3": 91`, 1)
	if _, err := Parse([]byte(moved)); err == nil {
		t.Error("counts that do not hold are taken")
	}
	i := strings.Index(moved, `{"id":"SR 4.1 RE 2"`)
	j := i + strings.Index(moved[i:], `"level":4`)
	moved = moved[:j] + `"level":3` + moved[j+len(`"level":4`):]
	s, err := ReadCatalogue(strings.NewReader(moved))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Replace(s); err != nil {
		t.Fatal(err)
	}
	if get(t, l, "iec62443-3-3").Find("SR 4.1 RE 2").Level != 3 {
		t.Error("not replaced")
	}
	s.Requirements = s.Requirements[:50]
	s.Counts = nil
	if err := s.check(); err == nil {
		if err := NewLibrary().Replace(s); err == nil || !strings.Contains(err.Error(), "missing") {
			t.Error("half a catalogue was taken:", err)
		}
	}
}

func TestBadMappings(t *testing.T) {
	l := NewLibrary()
	c, _ := l.Crosswalk()
	n := c.Rows()
	for name, x := range map[string]string{
		"no \"SR 9.9\"":     `{"sources":[{"id":"s","name":"s","terms":"","check":""}],"sets":[{"from":"iec62443-3-3","to":"nist-csf-2.0","source":"s","relation":"equal","declared":true,"rows":[["SR 1.1","PR.AA-01"],["SR 9.9","PR.AA-01"]]}]}`,
		"no standard":       `{"sources":[{"id":"s","name":"s","terms":"","check":""}],"sets":[{"from":"nope","to":"nist-csf-2.0","source":"s","relation":"equal","declared":true,"rows":[["SR 1.1","PR.AA-01"]]}]}`,
		"is not listed":     `{"sources":[],"sets":[{"from":"iec62443-3-3","to":"nist-csf-2.0","source":"s","relation":"equal","declared":true,"rows":[]}]}`,
		"relation \"like\"": `{"sources":[],"sets":[{"from":"iec62443-3-3","to":"nist-csf-2.0","source":"s","relation":"like","declared":true,"rows":[]}]}`,
	} {
		if err := l.AddCrosswalk([]byte(x)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c, _ := l.Crosswalk(); c.Rows() != n {
		t.Error("half imported")
	}
	good := `{"sources":[{"id":"s","name":"s","terms":"","check":""}],"sets":[{"from":"iec62443-3-3","to":"nist-csf-2.0","source":"s","relation":"equal","declared":true,"rows":[["SR 1.1","PR.AA-01"]]}]}`
	if err := l.AddCrosswalk([]byte(good)); err != nil {
		t.Fatal(err)
	}
	if c, _ := l.Crosswalk(); c.Rows() != n+1 {
		t.Error("not imported")
	}
}
