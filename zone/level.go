package zone

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/plant"
)

// Step is one step in finding a target security level.
type Step struct {
	FR    string   // "IAC" to "RA"; several are joined by a comma
	Level plant.SL // to which it is raised, or set
	Why   string
}

// base is the target level by what a zone does, from the consequence if it is
// lost: a proposal that a risk assessment (IEC 62443-3-2, ZCR 5) confirms.
var base = map[string]struct {
	v   plant.Vector
	why string
}{
	"safety":        {plant.Vector{IAC: 3, UC: 3, SI: 3, DC: 1, RDF: 3, TRE: 2, RA: 3}, "people can be hurt when it fails or is misused"},
	"cell":          {plant.Vector{IAC: 2, UC: 2, SI: 2, DC: 1, RDF: 2, TRE: 2, RA: 2}, "a line stops or is damaged"},
	"wireless":      {plant.Vector{IAC: 3, UC: 2, SI: 2, DC: 2, RDF: 3, TRE: 2, RA: 1}, "whoever is near reaches it"},
	"temporary":     {plant.Vector{IAC: 2, UC: 2, SI: 2, DC: 1, RDF: 3, TRE: 2, RA: 0}, "it was elsewhere before, and may carry what it met there"},
	"supervisory":   {plant.Vector{IAC: 2, UC: 2, SI: 2, DC: 2, RDF: 2, TRE: 2, RA: 2}, "operators lose view or control"},
	"vendor-access": {plant.Vector{IAC: 3, UC: 3, SI: 2, DC: 2, RDF: 3, TRE: 3, RA: 1}, "it lets people in from elsewhere"},
	"dmz":           {plant.Vector{IAC: 3, UC: 2, SI: 2, DC: 2, RDF: 3, TRE: 2, RA: 1}, "it faces the office and often the internet"},
	"office":        {plant.Vector{IAC: 1, UC: 1, SI: 1, DC: 2, RDF: 1, TRE: 1, RA: 1}, "orders and papers are lost, the process goes on"},
	"network":       {plant.Vector{IAC: 1, UC: 1, SI: 1, DC: 1, RDF: 2, TRE: 1, RA: 1}, "what depends on it is not known"},
	"internet":      {plant.Vector{}, "it is not the plant's to secure"},
}

// levels of the Purdue model that go with a kind, where members do not say.
var levels = map[string]float64{"safety": 1, "cell": 1, "supervisory": 3, "dmz": 3.5, "office": 4, "internet": 5}

// target finds the target security level of a group, with its derivation.
func (p *proposer) target(g *group) (plant.Vector, []Step) {
	b := base[g.kind]
	v := b.v
	steps := []Step{{"all", 0, fmt.Sprintf("%s: %s, so %s", titles[g.kind][0], b.why, v)}}
	raise := func(to plant.SL, why string, frs ...string) {
		var raised []string
		for i, l := range v.Each() {
			if slices.Contains(frs, plant.FR[i]) && *l < to {
				*l = to
				raised = append(raised, plant.FR[i])
			}
		}
		if len(raised) > 0 {
			steps = append(steps, Step{strings.Join(raised, ", "), to, why})
		}
	}
	var outside, remote []string
	commands := make(map[*group]bool)
	relays := 0
	for _, n := range g.nodes {
		if n.outside > 0 {
			outside = append(outside, n.Name())
		}
		for o, r := range n.asks {
			if r.changes && o.group != g {
				commands[o.group] = true
			}
		}
		for o, r := range n.asked {
			if o.group != g && slices.ContainsFunc(r.protocols, func(s string) bool { return s == "rdp" || s == "vnc" || s == "ssh" || s == "telnet" }) {
				remote = append(remote, n.Name())
			}
		}
		relays += bit(n.Role.Value == "protection-relay")
	}
	slices.Sort(outside)
	slices.Sort(remote)
	if g.kind != "office" && len(outside) > 0 {
		raise(3, fmt.Sprintf("%s and others exchange data with the internet: %d in all", outside[0], len(outside)), "RDF")
	}
	if len(remote) > 0 && g.kind != "office" {
		raise(2, remote[0]+" is worked on from another zone", "IAC", "UC", "TRE")
	}
	if len(commands) > 1 {
		raise(3, fmt.Sprintf("it changes things in %d other zones: whoever has it has them", len(commands)), "IAC", "UC")
	}
	if relays > 0 {
		raise(3, fmt.Sprintf("%d protection relays guard the power supply", relays), "SI", "RA")
	}
	return v, steps
}

// proposed makes the zone of a group.
func (p *proposer) proposed(g *group) Proposed {
	z := Proposed{ID: g.id, Name: g.title, Kind: g.kind, External: g.external, Why: g.why}
	z.SLT, z.Steps = p.target(g)
	z.Level = g.level()
	for _, n := range g.nodes {
		z.Members = append(z.Members, Membership{n.ID, n.Name(), p.reason(n), len(n.seats) > 0})
	}
	for _, n := range p.nodes {
		for _, i := range n.Interfaces {
			for _, ip := range i.IPs {
				if n.seats[ip] == g {
					z.Addresses = append(z.Addresses, Address{ip, n.ID, n.Name()})
				}
			}
		}
	}
	return z
}

// level is the Purdue level that most members have.
func (g *group) level() *float64 {
	if l, ok := levels[g.kind]; ok {
		return &l
	}
	count := make(map[string]int)
	at := make(map[string]float64)
	for _, n := range g.nodes {
		if n.PurdueLevel >= 0 {
			k := fmt.Sprint(n.PurdueLevel)
			count[k]++
			at[k] = n.PurdueLevel
		}
	}
	if best := most(count); best != "" {
		l := at[best]
		return &l
	}
	return nil
}

// reason says why an asset is where it is: what it is, in which network, and
// with whom of its zone it works.
func (p *proposer) reason(n *node) string {
	s := slices.Clone(n.why)
	if n.segment != "" {
		s = append(s, "in "+n.segment)
	}
	tell := func(m map[*node]*relation, verb string) {
		var with []string
		more := 0
		for _, o := range p.peers(m) {
			if r := m[o]; o.group == n.group && r.industrial {
				if len(with) < 2 {
					with = append(with, fmt.Sprintf("%s (%s)", o.Name(), strings.Join(r.protocols, ", ")))
				} else {
					more++
				}
			}
		}
		if len(with) == 0 {
			return
		}
		t := verb + " " + strings.Join(with, " and ")
		if more > 0 {
			t = verb + " " + strings.Join(with, ", ") + fmt.Sprintf(" and %d more", more)
		}
		s = append(s, t)
	}
	tell(n.asks, "asks")
	tell(n.asked, "is asked by")
	return strings.Join(s, "; ")
}
