package plant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// overlaps finds members of two zones that certainly mean the same thing.
// Overlaps that depend on what is there, such as those of a role and a
// prefix, show only against an inventory: see package zone.
func (c *checker) overlaps() {
	type claim struct {
		zone int
		path string
	}
	taken := make(map[string]claim)
	take := func(key string, zone int, path, what string) {
		first, ok := taken[key]
		if !ok {
			taken[key] = claim{zone, path}
			return
		}
		if first.zone != zone {
			c.fail(path, "leave it in one of them", "%s is a member of zone %s and of zone %s, line %d",
				what, c.p.Zones[zone].ID, c.p.Zones[first.zone].ID, c.p.At(first.path).Line)
		} else {
			c.warn(path, "remove it here", "%s is named twice in zone %s, first in line %d", what, c.p.Zones[zone].ID, c.p.At(first.path).Line)
		}
	}
	for i := range c.p.Zones {
		for j := range c.p.Zones[i].Members {
			m, path := &c.p.Zones[i].Members[j], fmt.Sprintf("zones[%d].members[%d]", i, j)
			if m.Selectors() != 1 {
				continue
			}
			switch {
			case m.Asset != "":
				take("asset "+m.Asset, i, path+".asset", "asset "+m.Asset)
			case m.MAC != MAC{}:
				take("mac "+m.MAC.String(), i, path+".mac", m.MAC.String())
			case m.VLAN != 0:
				take(fmt.Sprint("vlan ", m.VLAN), i, path+".vlan", fmt.Sprint("VLAN ", m.VLAN))
			case m.Role != "":
				take("role "+m.Role, i, path+".role", "every "+m.Role)
			case m.Name != "":
				take("name "+strings.ToLower(string(m.Name)), i, path+".name", "every name like "+string(m.Name))
			case m.External:
				take("external", i, path+".external", "what is outside the plant")
			}
		}
	}
	c.addressOverlaps()
}

// Seat is a range of addresses that a member means.
type Seat struct {
	Addresses
	Zone, Member int // indices
}

// Seats are the ranges of all members that select by address only, in order.
func (p *Plant) Seats() []Seat {
	var seats []Seat
	for i := range p.Zones {
		for j := range p.Zones[i].Members {
			m := &p.Zones[i].Members[j]
			if m.Selectors() != 1 {
				continue
			}
			for _, r := range m.Ranges() {
				seats = append(seats, Seat{r, i, j})
			}
		}
	}
	slices.SortFunc(seats, func(a, b Seat) int {
		return cmp.Or(a.First.Compare(b.First), a.Last.Compare(b.Last), cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.Member, b.Member))
	})
	return seats
}

// addressOverlaps compares each range with the one that reached farthest
// before it.
func (c *checker) addressOverlaps() {
	var far *Seat
	seats := c.p.Seats()
	told := make(map[[4]int]bool)
	for i := range seats {
		s := &seats[i]
		if far != nil && far.Last.BitLen() == s.First.BitLen() && s.First.Compare(far.Last) <= 0 {
			k := [4]int{far.Zone, far.Member, s.Zone, s.Member}
			if !told[k] && (far.Zone != s.Zone || far.Member != s.Member) {
				told[k] = true
				c.overlap(far, s)
			}
			if s.Last.Compare(far.Last) <= 0 {
				continue
			}
		}
		far = s
	}
}

func (c *checker) overlap(a, b *Seat) {
	path := func(s *Seat) string { return fmt.Sprintf("zones[%d].members[%d].ip", s.Zone, s.Member) }
	wide, narrow := a, b
	if c.p.At(path(narrow)).Line < c.p.At(path(wide)).Line && narrow.Addresses == wide.Addresses {
		wide, narrow = narrow, wide
	}
	za, zb := &c.p.Zones[wide.Zone], &c.p.Zones[narrow.Zone]
	ma, mb := &za.Members[wide.Member], &zb.Members[narrow.Member]
	if wide.Zone == narrow.Zone {
		c.warn(path(narrow), "remove one of them", "%s and %s, line %d, of zone %s overlap", mb.IP, ma.IP, c.p.At(path(wide)).Line, za.ID)
		return
	}
	remedy := "leave it in one of them"
	if ma.IP != mb.IP {
		remedy = fmt.Sprintf("add except: [%s] to %s, or leave it in one of them", mb.IP, ma.IP)
	}
	c.fail(path(narrow), remedy, "%s of zone %s overlaps with %s of zone %s, line %d", mb.IP, zb.ID, ma.IP, za.ID, c.p.At(path(wide)).Line)
}
