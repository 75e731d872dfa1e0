package standard

import (
	"strings"
	"testing"
)

func TestTexts(t *testing.T) {
	s := get(t, NewLibrary(), "nist-800-171r3")
	oscal := func(controls string) string {
		return `{"catalog":{"uuid":"5d5a4a2e-0000-4000-8000-000000000000","metadata":{"title":"t","oscal-version":"1.1.3"},"groups":[{"id":"g","controls":[` + controls + `]}]}}`
	}
	for _, c := range []struct {
		name, in string
		read     func(string) ([]Text, error)
		want     string // the text of 03.01.01, or the error
	}{
		{"oscal", oscal(`{"id":"SP_800_171_03.01.01","title":"Own","parts":[{"name":"statement","parts":[{"name":"item","props":[{"name":"label","value":"a."}],"prose":"Do it."}]}]}`), nil, "a. Do it."},
		{"oscal by label", oscal(`{"id":"x","title":"Own","props":[{"name":"label","value":"03.01.01"}],"parts":[{"name":"statement","prose":"Do."}]}`), nil, "Do."},
		{"oscal withdrawn", oscal(`{"id":"SP_800_171_03.01.13","title":"W"}, {"id":"03.01.01","title":"T","parts":[{"name":"statement","prose":"Z"}]}`), nil, "Z"},
		{"oscal unknown", oscal(`{"id":"03.01.01","title":"T"},{"id":"zz-9","title":"T"}`), nil, `has no requirement "zz-9"`},
		{"profile", `{"profile":{}}`, nil, "OSCAL profile"},
		{"no catalogue", `{"catalogue":{}}`, nil, "no \"catalog\" at the top"},
		{"schema", `{"catalog":{"uuid":"x"}}`, nil, "metadata.title"},
		{"version", strings.Replace(oscal(""), "1.1.3", "2.0", 1), nil, "want 1.x"},
		{"no json", `hello`, nil, "not OSCAL JSON"},
		{"empty", oscal(""), nil, "holds no texts"},
	} {
		texts, err := s.TextsFromOSCAL(strings.NewReader(c.in))
		expect(t, c.name, s, texts, err, c.want)
	}
	for _, c := range []struct{ name, in, want string }{
		{"csv", "ID,Title,Text\n03.01.01,A,B\n", "B"},
		{"semicolons", "\ufeffid;text\n03.01.01;B\n", "B"},
		{"no head", "03.01.01,A,B\n", "must name the columns"},
		{"twice", "id,text\n03.01.01,A\n03.01.01,B\n", "given twice"},
		{"unknown", "id,text\n03.01.01,A\n9.9,B\n", `no requirement "9.9"`},
		{"no id", "id,text\n,A\n", "row 2: no id"},
		{"no text", "id,text\n03.01.01,\n", "neither title nor text"},
		{"quotes", "id,text\n\"03.01.01,A\n", "not a table"},
	} {
		texts, err := TextsFromCSV(strings.NewReader(c.in))
		expect(t, c.name, s, texts, err, c.want)
	}
	if s.Find("03.01.01").Official != "" {
		t.Error("the catalogue itself was changed")
	}
}

func expect(t *testing.T, name string, s *Standard, texts []Text, err error, want string) {
	t.Helper()
	var with *Standard
	if err == nil {
		with, err = s.WithTexts(texts)
	}
	got := ""
	if err != nil {
		got = err.Error()
	} else {
		got = with.Find("03.01.01").Official
	}
	if !strings.Contains(got, want) {
		t.Errorf("%s: %q, want %q", name, got, want)
	}
}

func FuzzTexts(f *testing.F) {
	s, err := NewLibrary().Get("iec62443-3-3")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`{"catalog":{"uuid":"u","metadata":{"title":"t","oscal-version":"1.2"},"controls":[{"id":"SR 1.1"}]}}`)
	f.Add("id,text\nSR 1.1,x\n")
	f.Fuzz(func(t *testing.T, in string) {
		if texts, err := s.TextsFromOSCAL(strings.NewReader(in)); err == nil {
			_, _ = s.WithTexts(texts)
		}
		if texts, err := TextsFromCSV(strings.NewReader(in)); err == nil {
			_, _ = s.WithTexts(texts)
		}
	})
}
