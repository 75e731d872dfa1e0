package zone

import (
	"fmt"
	"strings"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/plant"
)

// Plant makes a plant file of the proposal, with notes for those who decide.
// What was seen and should rather not be allowed stands in it as comments.
func (p *Proposal) Plant() (*plant.Plant, plant.Notes) {
	out := &plant.Plant{Version: plant.Version}
	notes := plant.Notes{"": {p.head()}}
	for i := range p.Zones {
		notes[fmt.Sprintf("zones[%d]", i)] = p.Zones[i].notes()
		out.Zones = append(out.Zones, p.Zones[i].zone())
	}
	for i := range p.Conduits {
		c := &p.Conduits[i]
		if n := c.notes(); n != "" {
			notes[fmt.Sprintf("conduits[%d]", i)] = []string{n}
		}
		out.Conduits = append(out.Conduits, c.conduit())
	}
	if len(p.Refused) > 0 {
		n := "Not allowed, although it was seen. Allow only what somebody needs and answers for."
		for i := range p.Refused {
			r := &p.Refused[i]
			n += fmt.Sprintf("\n%s: %s\n  because %s", r.ID, r.Why, strings.Join(r.Risks, "; "))
		}
		notes["conduits"] = []string{n}
	}
	return out, notes
}

func (p *Proposal) head() string {
	s := "Proposed by bulkhead from traffic"
	if !p.First.IsZero() {
		s += fmt.Sprintf(" of %s, %s to %s UTC", Span(p.Last.Sub(p.First)), p.First.Format("2006-01-02 15:04"), p.Last.Format("2006-01-02 15:04"))
	}
	return s + ".\nA draft: what did not happen in that time is not in it. Give zones and conduits owners, confirm the levels with\na risk assessment, and rehearse before anything is enforced."
}

func (z *Proposed) notes() []string {
	n := []string{"SL-T: " + z.Steps[0].Why}
	for _, s := range z.Steps[1:] {
		n = append(n, fmt.Sprintf("  %s %d: %s", s.FR, s.Level, s.Why))
	}
	return []string{strings.Join(n, "\n")}
}

func (z *Proposed) zone() plant.Zone {
	v := z.SLT
	out := plant.Zone{ID: z.ID, Name: z.Name, SLT: &v, Safety: z.Kind == "safety", Why: z.Why}
	if z.Level != nil {
		l := plant.Level(*z.Level)
		out.PurdueLevel = &l
	}
	for _, m := range z.Members {
		if m.Split {
			continue
		}
		out.Members = append(out.Members, plant.Member{Asset: string(m.Asset), Why: why(m)})
	}
	for _, a := range z.Addresses {
		out.Members = append(out.Members, plant.Member{IP: plant.Addresses{First: a.IP, Last: a.IP}, Why: a.Name + " has addresses in several zones"})
	}
	if z.External {
		out.Members = append(out.Members, plant.Member{External: true})
	}
	return out
}

func why(m Membership) string {
	if m.Name == string(m.Asset) || m.Name == "" {
		return m.Why
	}
	return m.Name + ": " + m.Why
}

func (c *Path) notes() string {
	if len(c.Risks) == 0 {
		return ""
	}
	return "risky: " + strings.Join(c.Risks, "; ")
}

func (c *Path) conduit() plant.Conduit {
	out := plant.Conduit{ID: c.ID, From: c.From, To: c.To, Clients: members(c.Clients), Servers: members(c.Servers), Reason: c.Why}
	for i := range c.Protocols {
		out.Protocols = append(out.Protocols, c.Protocols[i].Protocol)
	}
	return out
}

func members(ids []asset.ID) []plant.Member {
	var ms []plant.Member
	for _, id := range ids {
		ms = append(ms, plant.Member{Asset: string(id)})
	}
	return ms
}
