package topo_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/topo"
)

var levels = []float64{0, 1, 2, 3, 3.5, 4, 5, topo.Unknown}

// plant makes a plant of n assets in some subnets, with talk among them.
func plant(r *rand.Rand, n, talks int) ([]topo.Thing, []topo.Talk) {
	var things []topo.Thing
	for i := range n {
		t := topo.Thing{ID: fmt.Sprint("a", i), Name: fmt.Sprint("asset ", i), Level: levels[r.IntN(len(levels))], Role: []string{"plc", "hmi", ""}[r.IntN(3)]}
		if r.IntN(8) > 0 {
			t.IP = netip.AddrFrom4([4]byte{10, 0, byte(r.IntN(5)), byte(i)})
			t.Address = t.IP.String()
		}
		if r.IntN(6) == 0 {
			t.VLAN = 20
		}
		things = append(things, t)
	}
	if r.IntN(2) == 0 {
		things = append(things,
			topo.Thing{ID: "internet", Kind: topo.Internet, Name: "Internet", Level: 5},
			topo.Thing{ID: "group 1", Kind: topo.Group, Name: "Broadcast", Level: topo.Unknown},
			topo.Thing{ID: "many", Kind: topo.Many, Name: "Many hosts", Level: topo.Unknown})
	}
	var list []topo.Talk
	for i := range talks {
		if len(things) == 0 {
			break
		}
		list = append(list, topo.Talk{
			Client: things[r.IntN(len(things))].ID, Server: things[r.IntN(len(things))].ID,
			Class: fact.Class(r.IntN(11)), Bytes: uint64(r.IntN(1e6)), Packets: 1, Ref: i,
		})
	}
	return things, list
}

func TestSamePictureForSamePlant(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 7, 40, 600} {
		things, talks := plant(r, n, 3*n)
		want := topo.Of(things, talks)
		for range 3 {
			r.Shuffle(len(things), func(i, j int) { things[i], things[j] = things[j], things[i] })
			r.Shuffle(len(talks), func(i, j int) { talks[i], talks[j] = talks[j], talks[i] })
			if got := topo.Of(things, talks); !reflect.DeepEqual(got, want) {
				t.Fatalf("%d assets: another order gave another picture", n)
			}
		}
	}
}

type rect struct{ x, y, w, h int }

func (a rect) meets(b rect) bool {
	return a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h
}

func (a rect) holds(b rect) bool {
	return b.x >= a.x && b.y >= a.y && b.x+b.w <= a.x+a.w && b.y+b.h <= a.y+a.h
}

func areaOf(n topo.Node) rect {
	return rect{n.X - topo.NodeW/2, n.Y - topo.IconUp, topo.NodeW, topo.NodeH}
}

func TestNothingOverlaps(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		n := r.IntN(120)
		if seed%10 == 0 {
			n = 400 + r.IntN(900)
		}
		things, talks := plant(r, n, 2*n)
		m := topo.Of(things, talks)
		tidy(t, m)
		if t.Failed() {
			t.Fatalf("seed %d, %d assets", seed, n)
		}
	}
}

func tidy(t *testing.T, m *topo.Map) {
	t.Helper()
	y := 0
	for i, b := range m.Bands {
		if b.Y != y || b.H <= 0 {
			t.Errorf("band %d is at %d, not below the one before at %d", i, b.Y, y)
		}
		y = b.Y + b.H
		if b.Group && i != len(m.Bands)-1 {
			t.Error("the band of groups is not the last")
		}
	}
	if y != m.Height && len(m.Bands) > 0 {
		t.Errorf("bands end at %d of %d", y, m.Height)
	}
	whole := rect{0, 0, m.Width, m.Height}
	for i, b := range m.Boxes {
		a := rect{b.X, b.Y, b.W, b.H}
		band := m.Bands[b.Band]
		if !whole.holds(a) || !(rect{0, band.Y, m.Width, band.H}).holds(a) {
			t.Errorf("box %q leaves its band", b.Title)
		}
		for _, o := range m.Boxes[:i] {
			if a.meets(rect{o.X, o.Y, o.W, o.H}) {
				t.Errorf("boxes %q and %q overlap", b.Title, o.Title)
			}
		}
	}
	for i, n := range m.Nodes {
		a := areaOf(n)
		if !slices.ContainsFunc(m.Boxes, func(b topo.Box) bool { return b.Band == n.Band && (rect{b.X, b.Y, b.W, b.H}).holds(a) }) {
			t.Errorf("node %s stands in no box of its band", n.ID)
		}
		for _, o := range m.Nodes[:i] {
			if a.meets(areaOf(o)) {
				t.Errorf("nodes %s and %s overlap", n.ID, o.ID)
			}
		}
	}
	for _, l := range m.Links {
		ends(t, m, &l)
	}
}

// ends checks that a link touches both of its nodes.
func ends(t *testing.T, m *topo.Map, l *topo.Link) {
	t.Helper()
	touch := func(i, x, y int) {
		n := m.Nodes[i]
		if x < n.X-topo.NodeW/2 || x > n.X+topo.NodeW/2 || y < n.Y-topo.IconUp || y > n.Y+topo.NodeH-topo.IconUp {
			t.Errorf("link %d to %d ends at %d, %d, away from %s", l.A, l.B, x, y, n.ID)
		}
	}
	touch(l.A, l.Curve[0], l.Curve[1])
	touch(l.B, l.Curve[6], l.Curve[7])
}

func TestBands(t *testing.T) {
	for _, c := range []struct {
		thing topo.Thing
		want  string
	}{
		{topo.Thing{Kind: topo.Internet, Level: 5}, "Internet"},
		{topo.Thing{Level: 5}, "Level 4–5"},
		{topo.Thing{Level: 4}, "Level 4–5"},
		{topo.Thing{Level: 3.5}, "Level 3.5"},
		{topo.Thing{Level: 3}, "Level 3"},
		{topo.Thing{Level: 2}, "Level 2"},
		{topo.Thing{Level: 1}, "Level 1"},
		{topo.Thing{Level: 0}, "Level 0"},
		{topo.Thing{Level: topo.Unknown}, "Level unknown"},
		{topo.Thing{Kind: topo.Many, Level: topo.Unknown}, "Level unknown"},
		{topo.Thing{Kind: topo.Group, Level: topo.Unknown}, "To everyone"},
	} {
		c.thing.ID = "x"
		m := topo.Of([]topo.Thing{c.thing}, nil)
		if len(m.Bands) != 1 || m.Bands[0].Name != c.want || m.Nodes[0].Band != 0 {
			t.Errorf("%+v stands in %+v, want %s", c.thing, m.Bands, c.want)
		}
	}
	// The order from top to bottom, whatever the order given.
	m := topo.Of([]topo.Thing{{ID: "u", Level: topo.Unknown}, {ID: "0", Level: 0}, {ID: "i", Kind: topo.Internet, Level: 5}, {ID: "2", Level: 2}, {ID: "g", Kind: topo.Group}}, nil)
	var names []string
	for _, b := range m.Bands {
		names = append(names, b.Name)
	}
	if got, want := strings.Join(names, ", "), "Internet, Level 2, Level 0, Level unknown, To everyone"; got != want {
		t.Errorf("bands are %s, want %s", got, want)
	}
}

func TestLinks(t *testing.T) {
	things := []topo.Thing{{ID: "hmi", Level: 2}, {ID: "plc", Level: 1}, {ID: "ews", Level: 2}}
	m := topo.Of(things, []topo.Talk{
		{Client: "hmi", Server: "plc", Class: fact.Read, Bytes: 900, Packets: 9, Ref: 0},
		{Client: "hmi", Server: "plc", Class: fact.Write, Bytes: 10, Packets: 1, Ref: 1},
		{Client: "plc", Server: "hmi", Class: fact.Discover, Bytes: 5000, Packets: 50, Ref: 2},
		{Client: "plc", Server: "ews", Class: fact.Read, Bytes: 5, Packets: 1, Ref: 3},
		{Client: "ews", Server: "plc", Class: fact.Program, Bytes: 1, Packets: 1, Ref: 4},
		{Client: "plc", Server: "plc", Class: fact.Read, Ref: 5},
		{Client: "plc", Server: "nobody", Class: fact.Read, Ref: 6},
	})
	type link struct {
		a, b  string
		both  bool
		class string
		bytes uint64
		refs  string
	}
	got := make(map[link]bool)
	for _, l := range m.Links {
		got[link{m.Nodes[l.A].ID, m.Nodes[l.B].ID, l.Both, l.Class.String(), l.Bytes, fmt.Sprint(l.Refs)}] = true
	}
	want := map[link]bool{
		{"hmi", "plc", false, "write", 5910, "[0 1 2]"}: true, // looking for somebody is no talk of its own
		{"ews", "plc", true, "program", 6, "[3 4]"}:     true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestCrowdIsFolded(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{topo.Crowd + 1, 1000, 3000} {
		things, talks := plant(r, n, n)
		m := topo.Of(things, talks)
		if len(m.Nodes) > 2*topo.Crowd {
			t.Errorf("%d assets make %d nodes", n, len(m.Nodes))
		}
		seen := make(map[string]int)
		folded := 0
		for _, x := range m.Nodes {
			if x.Kind != topo.Cluster {
				seen[x.ID]++
			}
			for _, id := range x.Members {
				seen[id]++
				folded++
			}
			if x.Kind == topo.Cluster && len(x.Members) < 2 {
				t.Errorf("cluster %s of %d", x.ID, len(x.Members))
			}
		}
		for _, x := range things {
			if seen[x.ID] != 1 {
				t.Fatalf("%s stands on the map %d times", x.ID, seen[x.ID])
			}
		}
		if folded != m.Folded {
			t.Errorf("folded %d, said %d", folded, m.Folded)
		}
	}
	if things, talks := plant(r, topo.Crowd-10, 300); topo.Of(things, talks).Folded != 0 {
		t.Error("folded without need")
	}
}

// Each HMI asks its own controller; addresses are in the opposite order, so
// that the first order crosses all links.
func TestOrderUncrosses(t *testing.T) {
	const n = 10
	var things []topo.Thing
	var talks []topo.Talk
	for i := range n {
		h, p := fmt.Sprint("hmi", i), fmt.Sprint("plc", i)
		things = append(things,
			topo.Thing{ID: h, Level: 2, IP: netip.AddrFrom4([4]byte{10, 0, 2, byte(i + 1)})},
			topo.Thing{ID: p, Level: 1, IP: netip.AddrFrom4([4]byte{10, 0, 1, byte(n - i)})})
		talks = append(talks, topo.Talk{Client: h, Server: p, Class: fact.Read, Ref: i})
	}
	if c := crossings(topo.Of(things, talks)); c > 2 {
		t.Errorf("%d crossings of %d that were possible", c, n*(n-1)/2)
	}
}

func crossings(m *topo.Map) int {
	side := func(ax, ay, bx, by, px, py int) int { return (bx-ax)*(py-ay) - (by-ay)*(px-ax) }
	c := 0
	for i, k := range m.Links {
		for _, l := range m.Links[:i] {
			a, b, p, q := m.Nodes[k.A], m.Nodes[k.B], m.Nodes[l.A], m.Nodes[l.B]
			if (side(a.X, a.Y, b.X, b.Y, p.X, p.Y) > 0) != (side(a.X, a.Y, b.X, b.Y, q.X, q.Y) > 0) &&
				(side(p.X, p.Y, q.X, q.Y, a.X, a.Y) > 0) != (side(p.X, p.Y, q.X, q.Y, b.X, b.Y) > 0) {
				c++
			}
		}
	}
	return c
}

func TestNetOf(t *testing.T) {
	for _, c := range []struct {
		ip   string
		vlan uint16
		want string
	}{
		{"192.168.7.9", 0, "192.168.7.0/24"},
		{"192.168.7.9", 30, "VLAN 30, 192.168.7.0/24"},
		{"fe80::1", 0, "link-local"},
		{"fd00:1:2:3::9", 0, "fd00:1:2:3::/64"},
		{"", 0, "no IP address"},
	} {
		ip, _ := netip.ParseAddr(c.ip)
		if got := topo.NetOf(ip, c.vlan); got != c.want {
			t.Errorf("%s VLAN %d: %s, want %s", c.ip, c.vlan, got, c.want)
		}
	}
}

func BenchmarkOf(b *testing.B) {
	things, talks := plant(rand.New(rand.NewPCG(5, 6)), 390, 1500)
	for b.Loop() {
		topo.Of(things, talks)
	}
}
