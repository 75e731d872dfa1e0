package topo

import (
	"cmp"
	"slices"
)

// Rounds of ordering. The first sweeps bring most; a fixed number keeps the
// time bounded on any input.
const (
	sweeps = 24
	swaps  = 6
)

// arrange orders boxes and nodes so that links are short, which keeps most
// from crossing: barycentres, band by band, down and up, and then exchanges
// of neighbours. The best arrangement met is kept.
func (p *plan) arrange() {
	best, cost := p.save(), p.cost()
	for i := range sweeps {
		for j := range p.rows {
			r := j
			if i%2 == 1 {
				r = len(p.rows) - 1 - j
			}
			p.sweep(&p.rows[r])
		}
		if c := p.cost(); c < cost {
			best, cost = p.save(), c
		}
	}
	p.restore(best)
	for range swaps {
		if !p.exchange() {
			break
		}
	}
}

// silent tells links that do not shape the picture: with broadcast and
// multicast addresses, which the page hides at first.
func (p *plan) silent(from int, l *Link) bool {
	other := l.A + l.B - from
	return p.nodes[other].Kind == Group && p.nodes[from].Kind != Group
}

// sweep orders one band by where its peers stand.
func (p *plan) sweep(r *band) {
	for _, x := range r.boxes {
		sum, n := 0.0, 0
		for _, t := range x.tiers {
			for _, i := range t {
				p.nodes[i].centre = p.barycentre(i)
				sum += p.nodes[i].centre
				n++
			}
			slices.SortStableFunc(t, func(a, b int) int { return cmp.Compare(p.nodes[a].centre, p.nodes[b].centre) })
		}
		x.centre = sum / float64(n)
	}
	r.orderBoxes()
	p.place()
}

// barycentre is the mean place of the peers of a node; its own if it has none.
func (p *plan) barycentre(i int) float64 {
	sum, n := 0, 0
	for _, k := range p.nodes[i].links {
		if l := &p.links[k]; !p.silent(i, l) {
			sum += p.nodes[l.A+l.B-i].X
			n++
		}
	}
	if n == 0 {
		return float64(p.nodes[i].X)
	}
	return float64(sum) / float64(n)
}

// cost is the length of all links that shape the picture.
func (p *plan) cost() int {
	sum := 0
	for i := range p.links {
		if l := &p.links[i]; !p.silent(l.A, l) && !p.silent(l.B, l) {
			sum += p.length(l)
		}
	}
	return sum
}

// length weighs sideways more than down: bands are apart anyway.
func (p *plan) length(l *Link) int {
	a, b := &p.nodes[l.A], &p.nodes[l.B]
	return 2*max(a.X-b.X, b.X-a.X) + max(a.Y-b.Y, b.Y-a.Y)
}

// around is the length of the links of one node.
func (p *plan) around(i int) int {
	sum := 0
	for _, k := range p.nodes[i].links {
		if l := &p.links[k]; !p.silent(i, l) {
			sum += p.length(l)
		}
	}
	return sum
}

// exchange swaps neighbours where that shortens links, and tells whether it did.
func (p *plan) exchange() bool {
	done := false
	for i := range p.rows {
		for _, x := range p.rows[i].boxes {
			for _, t := range x.tiers {
				for j := range t {
					for k := j + 1; k < min(j+4, len(t)); k++ {
						done = p.try(t, j, k) || done
					}
				}
			}
		}
	}
	return done
}

func (p *plan) try(t []int, j, k int) bool {
	a, b := &p.nodes[t[j]], &p.nodes[t[k]]
	before := p.around(t[j]) + p.around(t[k])
	swap := func() { a.X, a.Y, b.X, b.Y = b.X, b.Y, a.X, a.Y }
	swap()
	if p.around(t[j])+p.around(t[k]) < before {
		t[j], t[k] = t[k], t[j]
		return true
	}
	swap()
	return false
}

// save keeps the order of boxes and nodes.
func (p *plan) save() []band {
	rows := make([]band, len(p.rows))
	for i, r := range p.rows {
		rows[i] = band{Band: r.Band}
		for _, x := range r.boxes {
			c := *x
			c.tiers = [2][]int{slices.Clone(x.tiers[0]), slices.Clone(x.tiers[1])}
			rows[i].boxes = append(rows[i].boxes, &c)
		}
	}
	return rows
}

func (p *plan) restore(rows []band) {
	p.rows = rows
	p.place()
}
