package plant

import (
	"fmt"
	"slices"
	"time"
)

// Check finds what is wrong with the model as a whole, by position. at is the
// time for which it is judged what has expired; zero for never.
func (p *Plant) Check(at time.Time) Problems {
	c := &checker{p: p, at: at, owners: make(map[ID]bool), zones: make(map[ID]bool), places: make(map[ID]int)}
	c.unique()
	c.tree()
	c.zonesAndMembers()
	c.overlaps()
	for i := range p.Conduits {
		c.conduit(i)
	}
	c.decisions()
	c.ps.Sort()
	return c.ps
}

type checker struct {
	p      *Plant
	at     time.Time
	ps     Problems
	owners map[ID]bool
	zones  map[ID]bool
	places map[ID]int
}

func (c *checker) fail(path, remedy, what string, a ...any) {
	c.p.problem(&c.ps, path, remedy, what, a...)
}

func (c *checker) warn(path, remedy, what string, a ...any) {
	c.p.warn(&c.ps, path, remedy, what, a...)
}

// unique finds IDs that are used twice.
func (c *checker) unique() {
	p := c.p
	check := func(list string, n int, id func(int) ID, taken map[ID]string) {
		for i := range n {
			path := fmt.Sprintf("%s[%d].id", list, i)
			if first, ok := taken[id(i)]; ok {
				c.fail(path, "give one of them another id", "%s is already the id of another thing, in line %d", id(i), p.At(first).Line)
				continue
			}
			taken[id(i)] = path
		}
	}
	fresh := func() map[ID]string { return make(map[ID]string) }
	check("sites", len(p.Sites), func(i int) ID { return p.Sites[i].ID }, fresh())
	check("zones", len(p.Zones), func(i int) ID { return p.Zones[i].ID }, fresh())
	check("conduits", len(p.Conduits), func(i int) ID { return p.Conduits[i].ID }, fresh())
	who := fresh()
	check("people", len(p.People), func(i int) ID { return p.People[i].ID }, who)
	check("roles", len(p.Roles), func(i int) ID { return p.Roles[i].ID }, who)
	check("work", len(p.Work), func(i int) ID { return p.Work[i].ID }, fresh())
	check("exceptions", len(p.Exceptions), func(i int) ID { return p.Exceptions[i].ID }, fresh())
	for id := range who {
		c.owners[id] = true
	}
	for i := range p.Zones {
		c.zones[p.Zones[i].ID] = true
	}
	for i := range p.Sites {
		c.places[p.Sites[i].ID] = i
	}
}

// tree checks the places: what each is in, and that none is in itself.
func (c *checker) tree() {
	p := c.p
	for i := range p.Sites {
		s, path := &p.Sites[i], fmt.Sprintf("sites[%d].in", i)
		up, known := c.places[s.In]
		switch {
		case s.Kind == "site" && s.In != "":
			c.fail(path, "remove in, or make it an area", "site %s is in %s, but a site is in nothing", s.ID, s.In)
		case s.Kind == "site":
		case s.In == "":
			c.fail(path, "add in: with the id of a site or an area", "%s %s is in no site", s.Kind, s.ID)
		case !known:
			c.fail(path, "add the place, or correct the id", "%s %s is in %s, which is no place", s.Kind, s.ID, s.In)
		case p.Sites[up].Kind == "cell":
			c.fail(path, "a cell holds nothing; make it an area", "%s %s is in the cell %s", s.Kind, s.ID, s.In)
		case c.circular(i):
			c.fail(path, "put one of them into a site", "%s %s is within itself: the tree of sites goes round in a circle", s.Kind, s.ID)
		}
	}
}

func (c *checker) circular(i int) bool {
	at := i
	for range c.p.Sites {
		up, ok := c.places[c.p.Sites[at].In]
		if !ok {
			return false
		}
		if up == i {
			return true
		}
		at = up
	}
	return false
}

func (c *checker) zonesAndMembers() {
	for i := range c.p.Zones {
		z, path := &c.p.Zones[i], fmt.Sprintf("zones[%d]", i)
		if len(z.Members) == 0 {
			c.fail(path+".members", "add members, or remove the zone", "zone %s has no members", z.ID)
		}
		if _, ok := c.places[z.At]; z.At != "" && !ok {
			c.fail(path+".at", "add the place under sites, or correct the id", "zone %s is at %s, which is no place", z.ID, z.At)
		}
		c.owner(path+".owner", z.Owner, "zone "+string(z.ID))
		if l := z.PurdueLevel; l != nil && !slices.Contains([]Level{0, 1, 2, 3, 3.5, 4, 5}, *l) {
			c.fail(path+".purdue_level", "use 0, 1, 2, 3, 3.5, 4 or 5", "zone %s is at Purdue level %g, which there is not", z.ID, float64(*l))
		}
		c.members(path+".members", z.Members, "zone "+string(z.ID))
	}
}

// members checks selectors one by one.
func (c *checker) members(path string, ms []Member, of string) {
	for i := range ms {
		m, path := &ms[i], fmt.Sprintf("%s[%d]", path, i)
		switch {
		case m.Selectors() == 0:
			c.fail(path, "give asset, ip, mac, vlan, role, name or external", "a member of %s selects nothing", of)
		case m.External && m.Selectors() > 1:
			c.fail(path+".external", "make two members of it", "a member of %s is external and something else", of)
		case len(m.Except) > 0 && !m.IP.IsValid():
			c.fail(path+".except", "add ip, or remove except", "a member of %s has except without ip", of)
		case m.IP.IsValid() && len(m.Ranges()) == 0:
			c.fail(path+".except", "make except smaller", "nothing is left of %s", m.IP)
		}
		for j, e := range m.Except {
			if m.IP.IsValid() && (e.Last.Less(m.IP.First) || m.IP.Last.Less(e.First)) {
				c.fail(fmt.Sprintf("%s.except[%d]", path, j), "remove it", "%s is no part of %s", e.Addresses, m.IP)
			}
		}
	}
}

// Selectors is how many selectors are given.
func (m *Member) Selectors() int {
	n := 0
	for _, is := range [...]bool{m.Asset != "", m.IP.IsValid(), m.MAC != MAC{}, m.VLAN != 0, m.Role != "", m.Name != "", m.External} {
		if is {
			n++
		}
	}
	return n
}

// owner checks that somebody named is known.
func (c *checker) owner(path string, id ID, of string) {
	if id != "" && !c.owners[id] {
		c.fail(path, "add it under people or roles, or correct the id", "%s: %s is no person and no role", of, id)
	}
}

func (c *checker) conduit(i int) {
	d, path := &c.p.Conduits[i], fmt.Sprintf("conduits[%d]", i)
	of := "conduit " + string(d.ID)
	for _, e := range [...]struct {
		field string
		id    ID
	}{{".from", d.From}, {".to", d.To}} {
		if !c.zones[e.id] {
			c.fail(path+e.field, "add the zone, or correct the id", "%s: %s is no zone", of, e.id)
		}
	}
	if d.From == d.To {
		c.fail(path+".to", "remove it: within a zone nothing needs a conduit", "%s leads from zone %s to itself", of, d.From)
	}
	if len(d.Protocols) == 0 {
		c.fail(path+".protocols", "name what may pass; protocol: any lets everything pass", "%s lets nothing pass", of)
	}
	c.owner(path+".owner", d.Owner, of)
	if d.Owner == "" {
		c.warn(path, "add owner, somebody under people or roles", "%s has no owner", of)
	}
	if d.Expired(c.at) {
		c.warn(path+".expires", "renew it with a reason, or remove the conduit", "%s expired on %s and allows nothing at %s", of, d.Expires, Moment{Time: c.at.UTC()})
	}
	c.members(path+".clients", d.Clients, of)
	c.members(path+".servers", d.Servers, of)
	for j := range d.Protocols {
		r, path := &d.Protocols[j], fmt.Sprintf("%s.protocols[%d]", path, j)
		if r.Protocol == "" {
			c.fail(path+".protocol", "name it as bulkhead protocols does", "%s: a protocol without name", of)
		}
		if r.Protocol == Any && (len(r.Functions) > 0) {
			c.fail(path+".functions", "name the protocol", "%s: functions of any protocol mean nothing", of)
		}
		if r.AsksBack && d.Direction == Both {
			c.warn(path+".asks_back", "remove it", "%s: either zone may ask anyway", of)
		}
	}
}

// Any is the protocol that stands for all.
const Any = "any"

func (c *checker) decisions() {
	p := c.p
	c.owner("risk_tolerance.decided_by", p.RiskTolerance.DecidedBy, "risk tolerance")
	roles := make(map[ID]bool)
	for i := range p.Roles {
		roles[p.Roles[i].ID] = true
	}
	for i := range p.People {
		for j, r := range p.People[i].Roles {
			if !roles[r] {
				c.fail(fmt.Sprintf("people[%d].roles[%d]", i, j), "add it under roles, or correct the id", "person %s: %s is no role", p.People[i].ID, r)
			}
		}
	}
	for i := range p.Work {
		w, path := &p.Work[i], fmt.Sprintf("work[%d]", i)
		for j, who := range w.Who {
			c.owner(fmt.Sprintf("%s.who[%d]", path, j), who, "work "+string(w.ID))
		}
		for j, z := range w.Where {
			if !c.zones[z] {
				c.fail(fmt.Sprintf("%s.where[%d]", path, j), "add the zone, or correct the id", "work %s: %s is no zone", w.ID, z)
			}
		}
		if w.To.Before(w.From.Time) {
			c.fail(path+".to", "exchange from and to", "work %s ends before it begins", w.ID)
		}
	}
	for i := range p.Exceptions {
		e, path := &p.Exceptions[i], fmt.Sprintf("exceptions[%d]", i)
		c.owner(path+".who", e.Who, "exception "+string(e.ID))
		if e.Of != "" && !c.zones[e.Of] && p.Conduit(e.Of) == nil {
			c.fail(path+".of", "correct the id", "exception %s: %s is no zone and no conduit", e.ID, e.Of)
		}
		if !c.at.IsZero() && !c.at.Before(e.Until.Time) {
			c.warn(path+".until", "decide anew, or remove it", "exception %s ended on %s", e.ID, e.Until)
		}
	}
}
