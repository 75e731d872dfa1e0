package topo

import (
	"cmp"
	"slices"
)

// Where links meet a node: below the address, or above the icon, spread by
// where the other end stands.
const (
	reach  = NodeH - IconUp
	spread = 40
)

// draw makes the map of the finished plan.
func (p *plan) draw() *Map {
	m := &Map{Width: p.width, Height: p.height, Pitch: p.pitch, Folded: p.folded,
		Bands: []Band{}, Boxes: []Box{}, Nodes: []Node{}, Links: []Link{}}
	for _, r := range p.rows {
		m.Bands = append(m.Bands, r.Band)
		for _, x := range r.boxes {
			m.Boxes = append(m.Boxes, x.Box)
		}
	}
	p.curves()
	for i := range p.nodes {
		m.Nodes = append(m.Nodes, p.nodes[i].Node)
	}
	m.Links = append(m.Links, p.links...)
	return m
}

// side is the edge of a node that a link leaves from.
func (p *plan) side(from, to int) int {
	if p.nodes[to].Y > p.nodes[from].Y {
		return 1 // below
	}
	return 0 // above; also for peers in the same row
}

// curves finds the way of each link.
func (p *plan) curves() {
	for i := range p.nodes {
		for side := range 2 {
			p.ports(i, side)
		}
	}
	for i := range p.links {
		l := &p.links[i]
		l.Curve[1], l.Curve[7] = p.edge(l.A, l.B), p.edge(l.B, l.A)
		level := p.nodes[l.A].Y == p.nodes[l.B].Y
		bend(&l.Curve, level, 0)
		if !level && len(p.links) <= maxAvoid {
			p.avoid(l)
		}
	}
}

func (p *plan) edge(from, to int) int {
	if p.side(from, to) == 1 {
		return p.nodes[from].Y + reach
	}
	return p.nodes[from].Y - IconUp
}

// ports spreads the links on one side of a node, in the order of their other
// ends, so that they do not cross at the node.
func (p *plan) ports(i, side int) {
	var at []int
	other := func(k int) *node { return &p.nodes[p.links[k].A+p.links[k].B-i] }
	for _, k := range p.nodes[i].links {
		if p.side(i, p.links[k].A+p.links[k].B-i) == side {
			at = append(at, k)
		}
	}
	slices.SortFunc(at, func(a, b int) int {
		x, y := other(a), other(b)
		return cmp.Or(cmp.Compare(x.X, y.X), cmp.Compare(x.Y, y.Y), cmp.Compare(a, b))
	})
	step := min(12.0, float64(spread)/float64(max(len(at)-1, 1)))
	left := float64(p.nodes[i].X) - step*float64(len(at)-1)/2
	for j, k := range at {
		x := int(left + step*float64(j))
		if p.links[k].A == i {
			p.links[k].Curve[0] = x
		} else {
			p.links[k].Curve[6] = x
		}
	}
}
