package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/zone"
)

// Zone is a zone: proposed from traffic, or as the plant file has it.
type Zone struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Members     []asset.ID    `json:"members"`
	PurdueLevel *float64      `json:"purdue_level"`
	SLT         *plant.Vector `json:"sl_t,omitempty"`
	Why         string        `json:"why"`
	Proposed    bool          `json:"proposed"` // from traffic; else somebody decided it
	Kind        string        `json:"kind,omitempty"`
	External    bool          `json:"external,omitempty"` // everything outside the plant
	Safety      bool          `json:"safety,omitempty"`
	Reasons     []Membership  `json:"reasons,omitempty"` // why each member belongs to it
	Derivation  []LevelStep   `json:"derivation,omitempty"`
}

// Membership is why an asset belongs to a zone.
type Membership struct {
	Asset asset.ID `json:"asset"`
	Why   string   `json:"why"`
}

// LevelStep is a step in finding a target level.
type LevelStep struct {
	Requirements string `json:"requirements"` // "all", or those that are raised
	Level        uint8  `json:"level"`
	Why          string `json:"why"`
}

// Conduit is what passes, or may pass, between two zones.
type Conduit struct {
	ID            string            `json:"id"`
	From          string            `json:"from"`
	To            string            `json:"to"`
	Protocols     []ConduitProtocol `json:"protocols"`
	Conversations int               `json:"conversations"`
	Why           string            `json:"why"`
	Clients       []asset.ID        `json:"clients,omitempty"` // only these, when few
	Servers       []asset.ID        `json:"servers,omitempty"`
	Risks         []string          `json:"risks,omitempty"`
	Refused       bool              `json:"refused,omitempty"` // seen, and better not allowed
	Unused        bool              `json:"unused,omitempty"`  // allowed, and nothing used it
	First         Time              `json:"first"`
	Last          Time              `json:"last"`
	Frame         uint64            `json:"frame"`
}

// ConduitProtocol is one protocol of a conduit.
type ConduitProtocol struct {
	Protocol      string   `json:"protocol"`
	Classes       []string `json:"classes"`
	Ports         []string `json:"ports,omitempty"`
	Functions     []string `json:"functions,omitempty"`
	AsksBack      bool     `json:"asks_back,omitempty"`
	Conversations int      `json:"conversations"`
	Unused        []string `json:"unused,omitempty"` // classes that it allows and nothing used; "*": it has no limit
	Risks         []string `json:"risks,omitempty"`
}

func protocolOf(r *plant.Protocol) ConduitProtocol {
	c := ConduitProtocol{Protocol: r.Protocol, Classes: []string{}, Functions: r.Functions, AsksBack: r.AsksBack}
	for _, k := range r.Classes {
		c.Classes = append(c.Classes, k.String())
	}
	for _, k := range r.Ports {
		c.Ports = append(c.Ports, k.String())
	}
	return c
}

// Proposed lists the zones and conduits of a proposal.
func Proposed(p *zone.Proposal) ([]Zone, []Conduit) {
	zones, conduits := []Zone{}, []Conduit{}
	for i := range p.Zones {
		z := &p.Zones[i]
		v := z.SLT
		out := Zone{ID: string(z.ID), Name: z.Name, Members: []asset.ID{}, PurdueLevel: z.Level, SLT: &v, Why: z.Why,
			Proposed: true, Kind: z.Kind, External: z.External, Safety: z.Kind == "safety"}
		for _, m := range z.Members {
			out.Members = append(out.Members, m.Asset)
			out.Reasons = append(out.Reasons, Membership{m.Asset, m.Why})
		}
		for _, s := range z.Steps {
			out.Derivation = append(out.Derivation, LevelStep{s.FR, uint8(s.Level), s.Why})
		}
		zones = append(zones, out)
	}
	for i := range p.Conduits {
		conduits = append(conduits, pathOf(&p.Conduits[i], false))
	}
	for i := range p.Refused {
		conduits = append(conduits, pathOf(&p.Refused[i], true))
	}
	return zones, conduits
}

func pathOf(p *zone.Path, refused bool) Conduit {
	c := Conduit{ID: string(p.ID), From: string(p.From), To: string(p.To), Protocols: []ConduitProtocol{}, Conversations: p.Conversations, Why: p.Why,
		Clients: p.Clients, Servers: p.Servers, Risks: p.Risks, Refused: refused, First: Time(p.First), Last: Time(p.Last), Frame: p.Frame}
	for i := range p.Protocols {
		t := &p.Protocols[i]
		x := protocolOf(&t.Protocol)
		x.Conversations, x.Risks = t.Conversations, t.Risks
		c.Protocols = append(c.Protocols, x)
	}
	return c
}

// Divide puts the zones and conduits of a plant file in the place of the
// proposed ones.
func (a *Analysis) Divide(k *zone.Check) {
	a.Zones, a.Conduits = []Zone{}, []Conduit{}
	p := k.Map.Plant
	members := k.Map.Members()
	for i := range p.Zones {
		z := &p.Zones[i]
		out := Zone{ID: string(z.ID), Name: z.Label(), Members: []asset.ID{}, SLT: z.SLT, Why: z.Why, Safety: z.Safety}
		if z.PurdueLevel != nil {
			l := float64(*z.PurdueLevel)
			out.PurdueLevel = &l
		}
		out.Members = append(out.Members, members[i]...)
		for j := range z.Members {
			out.External = out.External || z.Members[j].External
		}
		a.Zones = append(a.Zones, out)
	}
	for i := range k.Conduits {
		u := &k.Conduits[i]
		d := u.Conduit
		c := Conduit{ID: string(d.ID), From: string(d.From), To: string(d.To), Protocols: []ConduitProtocol{}, Why: d.Reason}
		for e := range u.Entries {
			x := &u.Entries[e]
			r := protocolOf(x.Protocol)
			r.Conversations, r.Unused = x.Conversations, x.Unused
			c.Conversations += x.Conversations
			if x.Seen.Count > 0 && (c.First == 0 || Time(x.First) < c.First) {
				c.First, c.Frame = Time(x.First), x.Frame
			}
			c.Last = max(c.Last, Time(x.Last))
			c.Protocols = append(c.Protocols, r)
		}
		c.Unused = c.Conversations == 0
		a.Conduits = append(a.Conduits, c)
	}
}

// zones shows the division briefly.
func (t *text) zones(a *Analysis) {
	if len(a.Zones) == 0 {
		return
	}
	if a.Zones[0].Proposed {
		t.head("Zones and conduits, as the traffic suggests them")
	} else {
		t.head("Zones and conduits of the plant file")
	}
	t.line("  " + cell("ZONE", 26) + " " + cell("LEVEL", 5) + " " + cell("ASSETS", 7) + " TARGET SECURITY LEVEL")
	for i := range a.Zones[:min(len(a.Zones), showAssets)] {
		z := &a.Zones[i]
		level, slt := "-", "not decided"
		if z.PurdueLevel != nil {
			level = fmt.Sprintf("%g", *z.PurdueLevel)
		}
		if z.SLT != nil {
			slt = z.SLT.String()
		}
		t.line("  " + cell(z.ID, 26) + " " + cell(level, 5) + " " + cell(thousands(uint64(len(z.Members))), 7) + " " + slt)
	}
	t.more(len(a.Zones), showAssets, "zones")
	t.line("")
	for i := range a.Conduits[:min(len(a.Conduits), showAssets)] {
		c := &a.Conduits[i]
		var s []string
		for _, p := range c.Protocols {
			w := p.Protocol
			if len(p.Classes) > 0 {
				w += " " + strings.Join(p.Classes, "/")
			}
			s = append(s, w)
		}
		mark := ""
		switch {
		case c.Refused:
			mark = "NOT PROPOSED: " + strings.Join(c.Risks, "; ") + ": "
		case c.Unused:
			mark = "unused: "
		case len(c.Risks) > 0:
			mark = "risky: "
		}
		t.say("  "+c.From+" > "+c.To+": ", mark+strings.Join(s, ", "))
	}
	t.more(len(a.Conduits), showAssets, "conduits")
}

// ProposalText writes a proposal for a person.
func ProposalText(w io.Writer, zones []Zone, conduits []Conduit, p *zone.Proposal) error {
	t := &text{b: bufio.NewWriter(w)}
	refused := len(p.Refused)
	t.say("", fmt.Sprintf("%s and %s from %s of traffic; %s seen and better not allowed; %s between zones that nobody answered",
		count(len(zones), "zone"), count(len(p.Conduits), "conduit"), zone.Span(p.Last.Sub(p.First)), count(refused, "path"), count(p.Attempts, "attempt")))
	for i := range zones {
		t.zone(&zones[i])
	}
	t.head("Conduits that the traffic needs")
	for i := range conduits {
		c := &conduits[i]
		if c.Refused && (i == 0 || !conduits[i-1].Refused) {
			t.head("Seen, and better not allowed")
		}
		t.say("  "+c.ID+": ", fmt.Sprintf("%s [%s, frame %d]", c.Why, count(c.Conversations, "conversation"), c.Frame))
		for _, r := range c.Risks {
			t.say("    risk: ", r)
		}
	}
	return t.b.Flush()
}

// zone shows one zone with its reasons.
func (t *text) zone(z *Zone) {
	level := ""
	if z.PurdueLevel != nil {
		level = fmt.Sprintf(", Purdue level %g", *z.PurdueLevel)
	}
	t.line("")
	t.say(z.ID+": ", z.Name+level+": "+z.Why)
	for i, d := range z.Derivation {
		if i == 0 {
			t.say("  SL-T ", z.SLT.String()+": "+d.Why)
			continue
		}
		t.say("    ", fmt.Sprintf("%s %d: %s", d.Requirements, d.Level, d.Why))
	}
	for _, m := range z.Reasons {
		t.say("  - "+string(m.Asset)+": ", m.Why)
	}
}
