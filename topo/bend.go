package topo

// Beyond this many links nobody follows a single one, and going round costs
// too much.
const maxAvoid = 2000

// bows are how far an upright link may swing aside to pass a node, nearest
// first. Slanting ones pass between the rows anyway.
var bows = [...]int{70, -70, 120, -120, 180, -180}

const upright = 80

// bend sets the handles of a curve whose ends are known: upright at both
// ends and bowed aside, or an arch between two in a row.
func bend(c *[8]int, level bool, bow int) {
	c[2], c[4] = c[0]+bow, c[6]+bow
	if level {
		high := 16 + min(70, max(c[0]-c[6], c[6]-c[0])/10)
		c[3], c[5] = c[1]-high, c[7]-high
		return
	}
	d := (c[7] - c[1]) * 45 / 100
	c[3], c[5] = c[1]+d, c[7]-d
}

// avoid bows an upright link that would run behind other nodes, so that
// nobody takes it for one of theirs; only if that frees it.
func (p *plan) avoid(l *Link) {
	c := &l.Curve
	if c[0]-c[6] > upright || c[6]-c[0] > upright {
		return
	}
	near := p.between(l)
	if p.free(c, near) {
		return
	}
	for _, bow := range bows {
		bend(c, false, bow)
		if p.free(c, near) {
			return
		}
	}
	bend(c, false, 0)
}

// between lists the nodes that the link may run behind.
func (p *plan) between(l *Link) []int {
	c := &l.Curve
	left, right := min(c[0], c[6])-200, max(c[0], c[6])+200
	top, end := min(c[1], c[7]), max(c[1], c[7])
	var list []int
	for i := range p.nodes {
		n := &p.nodes[i]
		if i != l.A && i != l.B && n.Kind != Group && n.X > left && n.X < right && n.Y+reach > top && n.Y-IconUp < end {
			list = append(list, i)
		}
	}
	return list
}

// free tells whether a curve runs behind none of the nodes, by samples.
func (p *plan) free(c *[8]int, near []int) bool {
	const samples = 24
	for s := 1; s < samples; s++ {
		x, y := point(c, float64(s)/samples)
		for _, i := range near {
			n := &p.nodes[i]
			if x > n.X-30 && x < n.X+30 && y > n.Y-IconUp && y < n.Y+reach-8 {
				return false
			}
		}
	}
	return true
}

// point is the place on a cubic at t, 0 to 1.
func point(c *[8]int, t float64) (x, y int) {
	u := 1 - t
	a, b, d, e := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	at := func(i int) int {
		return int(a*float64(c[i]) + b*float64(c[i+2]) + d*float64(c[i+4]) + e*float64(c[i+6]))
	}
	return at(0), at(1)
}
