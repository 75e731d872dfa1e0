package standard

import (
	"fmt"
	"slices"
)

// Relation is how one requirement relates to another, as sets of what they
// ask for.
type Relation uint8

// The relations.
const (
	Unknown    Relation = iota // nothing can be concluded
	Equal                      // asks for the same
	Subset                     // all it asks for, the other asks for too
	Superset                   // asks for all that the other asks for
	Intersects                 // some is in both
)

var relationNames = [...]string{"unknown", "equal", "subset", "superset", "intersects"}

func (r Relation) String() string { return relationNames[r] }

// MarshalText writes the relation by its name.
func (r Relation) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the name of a relation.
func (r *Relation) UnmarshalText(b []byte) error {
	i := slices.Index(relationNames[:], string(b))
	if i < 0 {
		return fmt.Errorf("relation %q: want equal, subset, superset, intersects or unknown", b)
	}
	*r = Relation(i)
	return nil
}

// Inverse is the relation seen from the other end.
func (r Relation) Inverse() Relation {
	switch r {
	case Subset:
		return Superset
	case Superset:
		return Subset
	}
	return r
}

// Then is how a relates to c when a relates to b as r does and b to c as s
// does. What set algebra leaves open is Unknown.
func (r Relation) Then(s Relation) Relation {
	switch {
	case r == Unknown || s == Unknown:
		return Unknown
	case r == Equal:
		return s
	case s == Equal:
		return r
	case r == s && r != Intersects:
		return r
	case r == Superset:
		return Intersects // of a subset or of what intersects: they share what the middle one has
	case r == Intersects && s == Subset:
		return Intersects
	}
	return Unknown
}

// Ref names a requirement of a standard.
type Ref struct {
	Standard string `json:"standard"`
	ID       string `json:"id"`
}

func (r Ref) String() string { return r.Standard + " " + r.ID }

// Link is one row of the crosswalk, seen from From.
type Link struct {
	From, To Ref
	Relation Relation
	Declared bool     // the source itself states the relation; else it is our cautious reading
	Source   string   // id of a Source
	Via      []string // the rows of a third standard through which it was derived
}

// Source is where links come from.
type Source struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Terms string `json:"terms"`
	Check string `json:"check"` // how the rows were verified
}

// Crosswalk holds the links, by either end.
type Crosswalk struct {
	Sources []Source
	Sets    []Set
	links   map[Ref][]Link
}

// Set is a group of links of the same kind.
type Set struct {
	From     string     `json:"from"`
	To       string     `json:"to"`
	Source   string     `json:"source"`
	Relation Relation   `json:"relation"`
	Declared bool       `json:"declared"`
	Rows     [][]string `json:"rows"` // from, to, and through what
}

// Crosswalk returns the links between the catalogues.
func (l *Library) Crosswalk() (*Crosswalk, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cross != nil {
		return l.cross, nil
	}
	b, err := data.ReadFile("data/crosswalk.json")
	if err != nil {
		return nil, err
	}
	c, err := l.parseCrosswalk(b)
	if err != nil {
		return nil, fmt.Errorf("crosswalk: %w", err)
	}
	l.cross = c
	return c, nil
}

// AddCrosswalk joins the rows of a mapping file in our format to the
// crosswalk: all of them or, when one names what does not exist, none.
func (l *Library) AddCrosswalk(b []byte) error {
	old, err := l.Crosswalk()
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	c, err := l.parseCrosswalk(b)
	if err != nil {
		return err
	}
	joined := &Crosswalk{Sources: append(slices.Clone(old.Sources), c.Sources...), Sets: append(slices.Clone(old.Sets), c.Sets...)}
	joined.index()
	l.cross = joined
	return nil
}

func (l *Library) parseCrosswalk(b []byte) (*Crosswalk, error) {
	var f struct {
		Sources []Source `json:"sources"`
		Sets    []Set    `json:"sets"`
	}
	if err := strict(b, &f); err != nil {
		return nil, err
	}
	c := &Crosswalk{Sources: f.Sources, Sets: f.Sets}
	for i := range c.Sets {
		if err := l.checkSet(&c.Sets[i], c.Sources); err != nil {
			return nil, err
		}
	}
	c.index()
	return c, nil
}

func (l *Library) checkSet(s *Set, sources []Source) error {
	if !slices.ContainsFunc(sources, func(x Source) bool { return x.ID == s.Source }) {
		return fmt.Errorf("%s to %s: source %q is not listed", s.From, s.To, s.Source)
	}
	for i, side := range [2]string{s.From, s.To} {
		if slices.Contains(bare[:], side) {
			continue
		}
		std, err := l.get(side)
		if err != nil {
			return err
		}
		for n, row := range s.Rows {
			if len(row) < 2 {
				return fmt.Errorf("%s to %s, row %d: want two ids", s.From, s.To, n+1)
			}
			if !std.has(row[i]) {
				return fmt.Errorf("%s to %s, row %d: %s has no %q", s.From, s.To, n+1, side, row[i])
			}
		}
	}
	return nil
}

func (c *Crosswalk) index() {
	c.links = make(map[Ref][]Link)
	for i := range c.Sets {
		s := &c.Sets[i]
		for _, row := range s.Rows {
			k := Link{Ref{s.From, row[0]}, Ref{s.To, row[1]}, s.Relation, s.Declared, s.Source, row[2:]}
			c.links[k.From] = append(c.links[k.From], k)
			k.From, k.To, k.Relation = k.To, k.From, k.Relation.Inverse()
			c.links[k.From] = append(c.links[k.From], k)
		}
	}
}

// Rows counts the links.
func (c *Crosswalk) Rows() int {
	n := 0
	for i := range c.Sets {
		n += len(c.Sets[i].Rows)
	}
	return n
}

// From lists the links of a requirement, in either direction.
func (c *Crosswalk) From(r Ref) []Link { return c.links[r] }

// Effective is the relation that may be relied on: a row that was derived
// through a third standard joins two rows that only intersect, from which
// nothing follows.
func (k *Link) Effective() Relation {
	if len(k.Via) > 0 {
		return Unknown
	}
	return k.Relation
}

// Path is a chain of links with what it amounts to.
type Path struct {
	Links    []Link
	Relation Relation // of the first to the last
	Declared bool     // every link is stated by its source
}

// maxHops bounds a path. Longer chains never say more: two links that
// intersect already say nothing.
const maxHops = 3

// Reach lists the requirements to which an answer can carry, each by the path
// that says most, nearest first. Paths that say nothing are left out.
func (c *Crosswalk) Reach(from Ref) []Path {
	best := map[Ref]Path{from: {Relation: Equal, Declared: true}}
	var order []Ref
	edge := []Ref{from}
	for range maxHops {
		var next []Ref
		for _, at := range edge {
			p := best[at]
			for _, k := range c.links[at] {
				r := p.Relation.Then(k.Effective())
				if r == Unknown || k.To == from {
					continue
				}
				q := Path{append(slices.Clone(p.Links), k), r, p.Declared && k.Declared}
				old, known := best[k.To]
				if known && !q.better(&old) {
					continue
				}
				if !known {
					order = append(order, k.To)
				}
				best[k.To] = q
				next = append(next, k.To)
			}
		}
		edge = next
	}
	out := make([]Path, len(order))
	for i, r := range order {
		out[i] = best[r]
	}
	return out
}

func (p *Path) better(o *Path) bool {
	rank := [...]int{Unknown: 0, Intersects: 1, Subset: 2, Superset: 2, Equal: 3}
	if p.Declared != o.Declared {
		return p.Declared
	}
	return rank[p.Relation] > rank[o.Relation]
}
