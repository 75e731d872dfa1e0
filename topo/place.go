package topo

import (
	"cmp"
	"math"
	"slices"
)

// Sizes of the picture.
const (
	CellW   = 124 // of a node, with the space around it; it grows where there is room
	CellMax = 184
	CellH   = 104
	NodeW   = 116 // of a node: icon, name and address
	NodeH   = 84
	IconUp  = 24 // from the middle of the icon to the upper edge of the node
	boxPad  = 10
	boxHead = 20 // title of a framed box
	boxGap  = 18
	bandTop = 26 // above the boxes: the name of the band stands there
	bandEnd = 14
	margin  = 24
)

// The screen that the picture should fill well.
const (
	screenW = 1500.0
	screenH = 780.0
	zoomMax = 1.35 // a picture of few nodes is not blown up further
)

// measure picks the number of columns at which the picture is shown largest.
// Width that is left then goes between the nodes.
func (p *plan) measure() {
	best, bestCols := 0.0, 4
	p.pitch = CellW
	for cols := 4; cols <= 64; cols++ {
		p.cols = cols
		p.place()
		zoom := min(screenW/float64(p.width), screenH/float64(p.height))
		if zoom > best*1.001 {
			best, bestCols = zoom, cols
		}
	}
	p.cols = bestCols
	p.place()
	free := screenW/min(best, zoomMax) - float64(p.width)
	columns := max(1, (p.width-2*margin)/CellW)
	p.pitch = min(CellMax, CellW+max(0, int(free)/columns))
	p.pitch -= p.pitch % 2 // rows stand half a cell aside
	p.place()
}

// slot is a place in a box, relative to its corner.
type slot struct{ x, y int }

// slots lists n places in rows of k and k-1 in turns, each centred, in order
// from left to right. A row stands half a cell beside the one before, so that
// links pass between its nodes; was is the offset of the row before the first
// in half cells, and that of the last is returned.
func (p *plan) slots(n, k, width, top, was int) ([]slot, int) {
	s := make([]slot, 0, n)
	for row := 0; n > 0; row++ {
		c := k
		if row%2 == 1 && k > 1 {
			c = k - 1
		}
		c = min(c, n)
		left := (width - c*p.pitch) / 2
		if left/(p.pitch/2)%2 == was && c < width/p.pitch {
			left += p.pitch / 2
		}
		was = left / (p.pitch / 2) % 2
		for i := range c {
			s = append(s, slot{left + i*p.pitch + p.pitch/2, top + row*CellH})
		}
		n -= c
	}
	slices.SortFunc(s, func(a, b slot) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	return s, was
}

// rowsOf is how many rows n nodes need with k in the first.
func rowsOf(n, k int) int {
	rows := 0
	for n > 0 {
		c := k
		if rows%2 == 1 && k > 1 {
			c = k - 1
		}
		n -= c
		rows++
	}
	return rows
}

// even is the smallest width that needs no more rows than k does.
func even(n, k int) int {
	if n <= k {
		return n
	}
	rows := rowsOf(n, k)
	for k > 1 && rowsOf(n, k-1) == rows {
		k--
	}
	return k
}

// size finds how wide and high a box is, for at most cols columns.
func (x *box) size(cols, pitch int, alone bool) {
	n := max(len(x.tiers[0]), len(x.tiers[1]))
	k := cols
	if !alone {
		k = min(cols, max(3, int(math.Ceil(math.Sqrt(float64(n)*2.6)))))
	}
	rows, w := 0, 1
	for _, t := range x.tiers {
		rows += rowsOf(len(t), min(k, max(len(t), 1)))
		w = max(w, even(len(t), k))
	}
	x.W, x.H = w*pitch+2*boxPad, rows*CellH+boxPad
	if x.Title != "" {
		x.H += boxHead
	}
}

// fill puts the nodes of a box into its slots, in their order.
func (p *plan) fill(x *box) {
	top := x.Y + boxPad + IconUp
	if x.Title != "" {
		top += boxHead
	}
	w := x.W - 2*boxPad
	k := w / p.pitch
	was := -1
	for _, t := range x.tiers {
		var s []slot
		s, was = p.slots(len(t), k, w, top, was)
		for i, n := range t {
			p.nodes[n].X, p.nodes[n].Y = x.X+boxPad+s[i].x, s[i].y
		}
		top += rowsOf(len(t), k) * CellH
	}
}

// place gives every box and node its place, in their present order.
func (p *plan) place() {
	limit := p.cols*p.pitch + 2*boxPad
	widest := 0
	for i := range p.rows {
		r := &p.rows[i]
		for _, x := range r.boxes {
			x.size(p.cols, p.pitch, len(r.boxes) == 1)
		}
		for _, s := range r.shelves(limit) {
			widest = max(widest, shelfWidth(s))
		}
	}
	p.width = widest + 2*margin
	y := 0
	for i := range p.rows {
		r := &p.rows[i]
		r.Y = y
		y += bandTop
		for _, s := range r.shelves(limit) {
			y = p.shelve(s, y)
		}
		y += bandEnd - boxGap
		r.H = y - r.Y
	}
	p.height = y
}

// shelves breaks the boxes of a band into lines.
func (r *band) shelves(limit int) [][]*box {
	var list [][]*box
	w := 0
	for i, x := range r.boxes {
		if i == 0 || w+boxGap+x.W > limit {
			list = append(list, nil)
			w = -boxGap
		}
		w += boxGap + x.W
		list[len(list)-1] = append(list[len(list)-1], x)
	}
	return list
}

func shelfWidth(s []*box) int {
	w := -boxGap
	for _, x := range s {
		w += x.W + boxGap
	}
	return w
}

// shelve places one line of boxes and returns where the next begins.
func (p *plan) shelve(s []*box, y int) int {
	left := (p.width - shelfWidth(s)) / 2
	high := 0
	for _, x := range s {
		x.X, x.Y = left, y
		left += x.W + boxGap
		high = max(high, x.H)
		p.fill(x)
	}
	return y + high + boxGap
}
