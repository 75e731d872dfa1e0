package recent_test

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

func TestSet(t *testing.T) {
	var s recent.Set
	a := []byte("a")
	if s.Seen(1, a) || !s.Seen(1, a) || s.Seen(2, a) || s.Seen(1, nil) {
		t.Error("a string is new once for each kind")
	}
	for i := range 16 {
		s.Seen(3, []byte{byte(i)})
	}
	if s.Seen(1, a) {
		t.Error("the memory is bounded")
	}
	s = recent.Set{}
	if n := testing.AllocsPerRun(10, func() { s.Seen(1, a) }); n > 0 {
		t.Error("allocates", n)
	}
}
