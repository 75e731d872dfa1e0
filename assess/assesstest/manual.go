package assesstest

import (
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/standard"
)

// manual checks the manual page of a check.
func manual(t *testing.T, c *assess.Check) {
	t.Helper()
	for name, v := range map[string]string{"ID": c.ID, "Title": c.Title, "Proves": c.Proves, "Refutes": c.Refutes, "Ask": c.Ask, "Fix": c.Fix} {
		if strings.TrimSpace(v) == "" {
			t.Errorf("%s is empty", name)
		}
	}
	if !strings.HasSuffix(c.Ask, "?") {
		t.Errorf("Ask %q is no question", c.Ask)
	}
	if standard.Roles[c.Role] == "" {
		t.Errorf("there is no role %q", c.Role)
	}
	if c.Effort < 1 {
		t.Error("Effort: want days")
	}
	if len(c.Answers) == 0 {
		t.Error("it answers no requirement")
	}
	lib := standard.NewLibrary()
	for _, r := range c.Answers {
		s, err := lib.Get(r.Standard)
		if err != nil {
			t.Error(err)
			continue
		}
		if q := s.Find(r.ID); q == nil || q.ID != r.ID || !q.Assessed() {
			t.Errorf("%s has no requirement %q", r.Standard, r.ID)
		}
	}
}
