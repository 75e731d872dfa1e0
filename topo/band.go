package topo

import (
	"cmp"
	"slices"
)

// ladder lists the bands from top to bottom. ISA-95 and IEC 62443-1-1 name
// the levels; 5 and 4 are one here, for traffic does not tell them apart.
var ladder = [...]struct{ name, title string }{
	{"Internet", "Outside the plant"},
	{"Level 4–5", "Enterprise and cloud"},
	{"Level 3.5", "Demilitarised zone"},
	{"Level 3", "Site operations"},
	{"Level 2", "Supervision"},
	{"Level 1", "Control"},
	{"Level 0", "Process"},
	{"Level unknown", "Network equipment, and what is not placed yet"},
	{"To everyone", "Broadcast and multicast"},
}

const (
	bandInternet = iota
	bandEnterprise
	bandDMZ
	bandSite
	bandSupervision
	bandControl
	bandProcess
	bandUnknown
	bandGroup
)

// bandOf is the band of a thing, as index of ladder.
func bandOf(t *Thing) int {
	switch {
	case t.Kind == Internet:
		return bandInternet
	case t.Kind == Group:
		return bandGroup
	case t.Level < 0:
		return bandUnknown
	case t.Level >= 4:
		return bandEnterprise
	case t.Level > 3:
		return bandDMZ
	case t.Level > 2:
		return bandSite
	case t.Level > 1:
		return bandSupervision
	case t.Level > 0:
		return bandControl
	}
	return bandProcess
}

// box is a Box in the making: the nodes of one subnet in one band, in two
// tiers, so that talk among them goes from one row to another.
type box struct {
	Box
	tiers  [2][]int // nodes, in order
	centre float64
}

// band is a Band in the making.
type band struct {
	Band
	boxes []*box
}

// plan is a Map in the making.
type plan struct {
	nodes  []node
	links  []Link
	rows   []band
	cols   int // width in cells
	pitch  int // width of a cell
	width  int
	height int
	folded int
}

// A band of one subnet is framed only when it has this many nodes.
const frameFrom = 9

// bands puts the nodes into bands and boxes. Bands without nodes are left out.
func (p *plan) bands() {
	p.tiers()
	var of [len(ladder)]map[string]*box
	for i := range p.nodes {
		n := &p.nodes[i]
		b := bandOf(n.thing)
		if of[b] == nil {
			of[b] = make(map[string]*box)
		}
		if b != bandGroup && b != bandInternet && n.thing.Kind != Many {
			n.net = NetOf(n.thing.IP, n.thing.VLAN)
			if n.Kind == Cluster {
				n.net = n.Address
			}
		}
		x := of[b][n.net]
		if x == nil {
			x = &box{Box: Box{Title: n.net}}
			of[b][n.net] = x
		}
		tier := 1
		if n.above {
			tier = 0
		}
		x.tiers[tier] = append(x.tiers[tier], i)
	}
	for b, m := range of {
		if m == nil {
			continue
		}
		row := band{Band: Band{Name: ladder[b].name, Title: ladder[b].title, Group: b == bandGroup}}
		for _, x := range m {
			x.Band = len(p.rows)
			if len(m) == 1 && len(x.tiers[0])+len(x.tiers[1]) < frameFrom {
				x.Title = ""
			}
			p.settle(x)
			row.boxes = append(row.boxes, x)
		}
		slices.SortFunc(row.boxes, func(x, y *box) int { return compareKey(p.first(x), p.first(y)) })
		p.rows = append(p.rows, row)
	}
}

// settle gives the nodes of a box their first order, by address, and their band.
func (p *plan) settle(x *box) {
	if len(x.tiers[0]) == 0 || len(x.tiers[1]) == 0 {
		x.tiers = [2][]int{append(x.tiers[0], x.tiers[1]...), nil}
	}
	for _, t := range x.tiers {
		slices.SortFunc(t, func(a, b int) int { return compareKey(p.nodes[a].order, p.nodes[b].order) })
		for _, i := range t {
			p.nodes[i].Band = x.Band
		}
	}
}

// first is the smallest key of a box.
func (p *plan) first(x *box) sortKey {
	k := p.nodes[x.tiers[0][0]].order
	if t := x.tiers[1]; len(t) > 0 && compareKey(p.nodes[t[0]].order, k) < 0 {
		k = p.nodes[t[0]].order
	}
	return k
}

// tiers finds the nodes that mostly ask others of their own band: they stand
// above those.
func (p *plan) tiers() {
	asks := make([]int, len(p.nodes))
	for i := range p.links {
		l := &p.links[i]
		if l.Both || bandOf(p.nodes[l.A].thing) != bandOf(p.nodes[l.B].thing) {
			continue
		}
		asks[l.A]++
		asks[l.B]--
	}
	for i := range p.nodes {
		p.nodes[i].above = asks[i] > 0
	}
}

// orderBoxes sorts the boxes of a row by their centres.
func (r *band) orderBoxes() {
	slices.SortStableFunc(r.boxes, func(x, y *box) int { return cmp.Compare(x.centre, y.centre) })
}
