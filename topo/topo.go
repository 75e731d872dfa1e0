// Package topo lays the plant out as a map: who is where in the Purdue model,
// in which subnet, and who talks to whom. It is pure and deterministic: the
// same things and talks give the same picture, whatever their order, so that
// a page only has to draw it. Units are pixels at zoom 1.
package topo

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// Kind says what a node stands for.
type Kind string

// The kinds of node.
const (
	Host     Kind = "host"     // one asset
	Cluster  Kind = "cluster"  // several assets of the same role and subnet, folded
	Internet Kind = "internet" // all peers outside the plant
	Group    Kind = "group"    // a broadcast or multicast address
	Many     Kind = "many"     // hosts too many to keep apart
)

// Unknown is the level of a thing whose place in the Purdue model is not known.
const Unknown = -1

// Thing is what the map shows.
type Thing struct {
	ID      string // unique
	Kind    Kind   // Host when empty; Cluster is made here only
	Name    string
	Address string // shown below the name
	IP      netip.Addr
	VLAN    uint16
	Role    string
	Level   float64 // 0 to 5, 3.5 for the DMZ, Unknown
}

// Talk is one conversation between two things.
type Talk struct {
	Client, Server string // IDs
	Class          fact.Class
	Bytes, Packets uint64
	Ref            int // what the caller knows it by
}

// Map is the picture.
type Map struct {
	Width  int    `json:"w"`
	Height int    `json:"h"`
	Pitch  int    `json:"pitch"` // room for the name of a node
	Bands  []Band `json:"bands"`
	Boxes  []Box  `json:"boxes"`
	Nodes  []Node `json:"nodes"`
	Links  []Link `json:"links"`
	Folded int    `json:"folded"` // things that stand in clusters
}

// Band is a Purdue level, over the whole width.
type Band struct {
	Name  string `json:"name"`  // "Level 2"
	Title string `json:"title"` // "Supervision"
	Y     int    `json:"y"`
	H     int    `json:"h"`
	Group bool   `json:"group,omitempty"` // holds only broadcast and multicast addresses; it is the last
}

// Box frames the nodes of one subnet in one band.
type Box struct {
	Band  int    `json:"band"`
	Title string `json:"title"` // empty: not drawn
	X     int    `json:"x"`
	Y     int    `json:"y"`
	W     int    `json:"w"`
	H     int    `json:"h"`
}

// Node is a thing in its place, which is the middle of its icon.
type Node struct {
	ID      string   `json:"id"`
	Kind    Kind     `json:"kind"`
	Name    string   `json:"name"`
	Address string   `json:"addr"`
	Role    string   `json:"role"`
	Band    int      `json:"band"`
	X       int      `json:"x"`
	Y       int      `json:"y"`
	Members []string `json:"members,omitempty"` // of a cluster
}

// Link is all talk between two nodes. A is the client; when both ask the
// other, the one that asks for graver things, or moves more.
type Link struct {
	A       int        `json:"a"`
	B       int        `json:"b"`
	Both    bool       `json:"both,omitempty"` // B is also client of A, and not only to find it
	Class   fact.Class `json:"class"`          // the most consequential
	Bytes   uint64     `json:"bytes"`
	Packets uint64     `json:"packets"`
	Refs    []int      `json:"refs"`
	Curve   [8]int     `json:"curve"` // cubic from A to B: x, y of start, two handles, end
}

// weight orders the classes by what they can do to a plant.
var weight = map[fact.Class]int{
	fact.Firmware: 10, fact.Program: 9, fact.Control: 8, fact.Configure: 7, fact.Write: 6,
	fact.Login: 3, fact.Read: 5, fact.Data: 4, fact.Diagnose: 2, fact.Discover: 1, fact.Other: 0,
}

// Graver tells whether class a can do more to a plant than b.
func Graver(a, b fact.Class) bool { return weight[a] > weight[b] }

// Of lays out things and talks. Talks whose ends are not among the things, or
// are the same, are left out.
func Of(things []Thing, talks []Talk) *Map {
	p := &plan{}
	p.gather(things, talks)
	p.bands()
	p.measure()
	p.arrange()
	return p.draw()
}

// node is a Node in the making.
type node struct {
	Node
	thing  *Thing
	net    string // "" where the band has only one
	order  sortKey
	links  []int // indices of plan.links
	above  bool  // asks more than it is asked within its band
	centre float64
}

type sortKey struct {
	ip   netip.Addr
	text string
}

func compareKey(a, b sortKey) int {
	return cmp.Or(a.ip.Compare(b.ip), strings.Compare(a.text, b.text))
}

// gather makes nodes of things and links of talks.
func (p *plan) gather(things []Thing, talks []Talk) {
	things = slices.Clone(things)
	slices.SortFunc(things, func(a, b Thing) int {
		return cmp.Or(a.IP.Compare(b.IP), strings.Compare(a.ID, b.ID))
	})
	degree := degrees(talks)
	at := make(map[string]int, len(things))
	for _, c := range fold(things, degree) {
		n := node{Node: c.node, thing: c.of, order: sortKey{c.of.IP, c.of.ID}}
		if n.Kind == Cluster {
			for _, m := range n.Members {
				at[m] = len(p.nodes)
			}
			p.folded += len(n.Members)
		} else {
			at[n.ID] = len(p.nodes)
		}
		p.nodes = append(p.nodes, n)
	}
	p.join(talks, at)
}

// join merges the talks of each pair of nodes.
func (p *plan) join(talks []Talk, at map[string]int) {
	talks = slices.Clone(talks)
	slices.SortFunc(talks, func(a, b Talk) int {
		return cmp.Or(strings.Compare(a.Client, b.Client), strings.Compare(a.Server, b.Server), cmp.Compare(a.Ref, b.Ref))
	})
	index := make(map[[2]int]int)
	var ways [][2]way
	for _, t := range talks {
		a, ok := at[t.Client]
		b, ok2 := at[t.Server]
		if !ok || !ok2 || a == b {
			continue
		}
		k := [2]int{min(a, b), max(a, b)}
		i, ok := index[k]
		if !ok {
			i = len(p.links)
			index[k] = i
			p.links = append(p.links, Link{A: k[0], B: k[1], Class: t.Class})
			ways = append(ways, [2]way{})
		}
		l := &p.links[i]
		l.Bytes += t.Bytes
		l.Packets += t.Packets
		l.Refs = append(l.Refs, t.Ref)
		if Graver(t.Class, l.Class) {
			l.Class = t.Class
		}
		from := 0
		if a != k[0] {
			from = 1
		}
		ways[i][from].add(&t)
	}
	for i := range p.links {
		l, forth, back := &p.links[i], ways[i][0], ways[i][1]
		if cmp.Or(cmp.Compare(back.weight, forth.weight), cmp.Compare(back.bytes, forth.bytes)) > 0 {
			l.A, l.B = l.B, l.A
			forth, back = back, forth
		}
		l.Both = back.weight >= min(weight[fact.Login], forth.weight) && back.weight > 0
		slices.Sort(l.Refs)
		p.nodes[l.A].links = append(p.nodes[l.A].links, i)
		p.nodes[l.B].links = append(p.nodes[l.B].links, i)
	}
}

// way is the talk of one direction.
type way struct {
	weight int // of the gravest, from 1
	bytes  uint64
}

func (w *way) add(t *Talk) {
	w.weight = max(w.weight, 1+weight[t.Class])
	w.bytes += t.Bytes
}

// degrees counts the distinct peers of each ID.
func degrees(talks []Talk) map[string]int {
	seen := make(map[[2]string]bool, len(talks))
	n := make(map[string]int)
	for _, t := range talks {
		k := [2]string{min(t.Client, t.Server), max(t.Client, t.Server)}
		if !seen[k] {
			seen[k] = true
			n[t.Client]++
			n[t.Server]++
		}
	}
	return n
}
