package wire_test

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/wire"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		text         string
		ascii, plain bool
	}{
		{"CPU 315-2 PN/DP", true, true},
		{" ~", true, true},
		{"Förderband", false, true},
		{"a\x7f", false, false},
		{"a\tb", false, false},
		{"\x00", false, false},
		{"", false, false},
	} {
		if got := wire.ASCII([]byte(c.text)); got != c.ascii {
			t.Errorf("ASCII(%q) = %t", c.text, got)
		}
		if got := wire.Plain([]byte(c.text)); got != c.plain {
			t.Errorf("Plain(%q) = %t", c.text, got)
		}
	}
}
