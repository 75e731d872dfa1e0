package assess_test

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/standard"
)

// TestScore works the arithmetic of the DoD methodology 1.2.1 by hand.
func TestScore(t *testing.T) {
	lib := standard.NewLibrary()
	r2, err := lib.Get(assess.R2)
	if err != nil {
		t.Fatal(err)
	}
	cmmc, err := lib.Get("cmmc-2.0")
	if err != nil {
		t.Fatal(err)
	}
	all := func(but map[string]assess.Implemented) map[string]assess.Implemented {
		m := make(map[string]assess.Implemented)
		for _, r := range r2.Requirements {
			m[r.ID] = assess.Yes
		}
		for id, how := range but {
			m[id] = how
		}
		return m
	}
	for _, c := range []struct {
		name        string
		done        map[string]assess.Implemented
		score       int
		given       bool
		conditional bool
		blocked     int
	}{
		{"all met", all(nil), 110, true, true, 0},
		{"nothing met", nil, -203, false, false, 64},
		{"no plan", all(map[string]assess.Implemented{"3.12.4": assess.No}), 110, false, false, 1},
		{"multifactor for some: 3 instead of 5", all(map[string]assess.Implemented{"3.5.3": assess.Half}), 107, true, false, 1},
		{"no multifactor", all(map[string]assess.Implemented{"3.5.3": assess.No}), 105, true, false, 1},
		{"encryption that is not validated: 3, and may stay open", all(map[string]assess.Implemented{"3.13.11": assess.Half}), 107, true, true, 0},
		{"no encryption: 5, and may not", all(map[string]assess.Implemented{"3.13.11": assess.No}), 105, true, false, 1},
		{"one point, may stay open", all(map[string]assess.Implemented{"3.1.3": assess.No}), 109, true, true, 0},
		{"one point, may not", all(map[string]assess.Implemented{"3.1.20": assess.No}), 109, true, false, 1},
		{"half does not help where there is no partial case", all(map[string]assess.Implemented{"3.1.1": assess.Half}), 105, true, false, 1},
		{"5 + 3 + 1", all(map[string]assess.Implemented{"3.1.1": assess.No, "3.3.3": assess.No, "3.6.3": assess.No}), 110 - weight(r2, "3.1.1") - weight(r2, "3.3.3") - weight(r2, "3.6.3"), true, false, 1},
	} {
		got := assess.ScoreOf(r2, c.done, assess.POAM(cmmc))
		if got.Score != c.score || got.Given != c.given || got.Conditional != c.conditional || len(got.Blocked) != c.blocked {
			t.Errorf("%s: %d given %v conditional %v blocked %d %v", c.name, got.Score, got.Given, got.Conditional, len(got.Blocked), got.Blocked[:min(3, len(got.Blocked))])
		}
		if got.Lowest != -203 || got.Highest != 110 || got.Total != 110 {
			t.Errorf("%s: bounds %d %d of %d", c.name, got.Lowest, got.Highest, got.Total)
		}
	}
}

func weight(s *standard.Standard, id string) int { return s.Find(id).Weight }

// TestThreshold: with one-point items only, 88 is conditional and 87 is not.
func TestThreshold(t *testing.T) {
	lib := standard.NewLibrary()
	r2, _ := lib.Get(assess.R2)
	cmmc, _ := lib.Get("cmmc-2.0")
	poam := assess.POAM(cmmc)
	for _, open := range []int{22, 23} {
		m := make(map[string]assess.Implemented)
		left := open
		for _, r := range r2.Requirements {
			m[r.ID] = assess.Yes
			if r.Weight == 1 && poam(r.ID, false) && left > 0 {
				m[r.ID] = assess.No
				left--
			}
		}
		got := assess.ScoreOf(r2, m, poam)
		if got.Score != 110-open || got.Conditional != (open == 22) {
			t.Errorf("%d open: %d, conditional %v", open, got.Score, got.Conditional)
		}
	}
}
