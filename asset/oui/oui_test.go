package oui_test

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/asset/oui"
)

func TestMaker(t *testing.T) {
	g, err := oui.Load()
	if err != nil {
		t.Fatal(err)
	}
	if g.Len() < 40000 {
		t.Errorf("%d assignments", g.Len())
	}
	for _, c := range []struct {
		mac  [6]byte
		want string
	}{
		{[6]byte{0x00, 0x1b, 0x1b, 0x35, 0x84, 0x10}, "Siemens AG,"},
		{[6]byte{0x00, 0x00, 0xbc, 1, 2, 3}, "Rockwell Automation"},
		{[6]byte{0x70, 0xb3, 0xd5, 0xf2, 0xf0, 1}, "TELEPLATFORMS"}, // MA-S
		{[6]byte{0x20, 0x85, 0x93, 0xb0, 0, 1}, "IOG Products LLC"}, // MA-M
		{[6]byte{0x02, 0x1b, 0x1b, 0x35, 0x84, 0x10}, ""},           // locally administered
		{[6]byte{0x01, 0x00, 0x5e, 0, 0, 1}, ""},                    // group
		{[6]byte{}, "XEROX CORPORATION"},                            // 00-00-00 is assigned
		{[6]byte{0x70, 0xb3, 0xd5, 0x00, 0x00, 0x00}, ""},           // divided, this part is free or private
	} {
		if got := g.Maker(c.mac); got != c.want {
			t.Errorf("%x: %q, want %q", c.mac, got, c.want)
		}
	}
	var none *oui.Registry
	if none.Maker([6]byte{0, 0x1b, 0x1b}) != "" {
		t.Error("no registry, but a maker")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := oui.Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMaker(b *testing.B) {
	g, err := oui.Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		g.Maker([6]byte{0x00, 0x1b, 0x1b, 0x35, 0x84, 0x10})
	}
}
