package fact_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// However intervals are divided among sums, joining them gives what a single
// sum gives, and what the definition gives.
func TestCycle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Int64Range(-5, 1e12), 0, 200).Draw(t, "intervals")
		var whole, joined fact.Cycle
		parts := make([]fact.Cycle, rapid.IntRange(1, 8).Draw(t, "parts"))
		var n, sum float64
		lo, hi := int64(math.MaxInt64), int64(0)
		for _, d := range all {
			whole.Interval(d)
			parts[rapid.IntRange(0, len(parts)-1).Draw(t, "part")].Interval(d)
			if d >= 0 {
				n, sum, lo, hi = n+1, sum+float64(d), min(lo, d), max(hi, d)
			}
		}
		for _, p := range parts {
			joined.Add(p)
		}
		var m2 float64
		for _, d := range all {
			if d >= 0 {
				m2 += (float64(d) - sum/n) * (float64(d) - sum/n)
			}
		}
		for name, c := range map[string]fact.Cycle{"whole": whole, "joined": joined} {
			if n == 0 {
				if c != (fact.Cycle{}) {
					t.Fatalf("%s: %+v of nothing", name, c)
				}
				continue
			}
			if float64(c.N) != n || c.Min != lo || c.Max != hi || !near(c.Mean, sum/n) || !near(c.M2, m2) {
				t.Fatalf("%s: %+v, want %v intervals, mean %v, M2 %v, %d to %d", name, c, n, sum/n, m2, lo, hi)
			}
		}
	})
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b), 1) }

func TestSeen(t *testing.T) {
	type one struct{ time, frame int64 }
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) one {
			return one{rapid.Int64Range(1, 50).Draw(t, "time"), rapid.Int64Range(1, 50).Draw(t, "frame")}
		}), 1, 40).Draw(t, "observations")
		var a, b, joined fact.Seen
		first := all[0]
		last := int64(0)
		for i, o := range all {
			if i%3 == 0 {
				a.At(o.time, uint64(o.frame), 1)
			} else {
				b.At(o.time, uint64(o.frame), 1)
			}
			if o.time < first.time || o.time == first.time && o.frame < first.frame {
				first = o
			}
			last = max(last, o.time)
		}
		joined.Add(fact.Seen{})
		joined.Add(b)
		joined.Add(a)
		if want := (fact.Seen{First: first.time, Last: last, Frame: uint64(first.frame), Count: uint64(len(all))}); joined != want {
			t.Fatalf("%+v, want %+v", joined, want)
		}
	})
}

func TestNames(t *testing.T) {
	if fact.Firmware.String() != "firmware" || fact.Class(200).String() != "other" || fact.Notice.String() != "notice" {
		t.Error("names of classes and kinds")
	}
	m := fact.MAC{0x00, 0x1b, 0x1b, 0xAB, 0xCD, 0xEF}
	if m.String() != "00:1b:1b:ab:cd:ef" || m.Group() || m.Local() || m.IsZero() || !(fact.MAC{}).IsZero() {
		t.Error(m)
	}
	if !(fact.MAC{1}).Group() || !(fact.MAC{2}).Local() {
		t.Error("bits of a hardware address")
	}
}
