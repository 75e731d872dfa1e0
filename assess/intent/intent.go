// Package intent makes the model of an assessment from a plant file, or from
// the division that traffic suggests.
package intent

import (
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/flow"
	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/zone"
)

// Declared is the model that people wrote down. The problems are those that
// show only against the inventory; with errors among them there is no model.
func Declared(p *plant.Plant, inv *asset.Inventory) (*assess.Model, plant.Problems) {
	m, problems := zone.Resolve(p, inv)
	if len(problems.Errors()) > 0 {
		return nil, problems
	}
	out := &assess.Model{Declared: true}
	for i := range p.Zones {
		z := &p.Zones[i]
		x := assess.Zone{ID: string(z.ID), Name: z.Label(), Level: -1}
		if z.PurdueLevel != nil {
			x.Level = float64(*z.PurdueLevel)
		}
		if z.SLT != nil {
			for i, l := range z.SLT.Each() {
				x.Target[i] = int(*l)
			}
		}
		for _, e := range z.Members {
			x.External = x.External || e.External
		}
		out.Zones = append(out.Zones, x)
	}
	for _, a := range inv.Assets {
		if i := zoneOf(m, a); i >= 0 {
			out.Zones[i].Members = append(out.Zones[i].Members, a.ID)
		}
	}
	for i := range p.Conduits {
		c := &p.Conduits[i]
		out.Conduits = append(out.Conduits, assess.Conduit{ID: string(c.ID), From: string(c.From), To: string(c.To), Name: c.Reason})
	}
	for i := range p.Work {
		w := &p.Work[i]
		x := assess.Work{ID: string(w.ID), From: w.From.UnixNano(), To: w.To.UnixNano()}
		for _, id := range w.Where {
			x.Zones = append(x.Zones, string(id))
		}
		out.Work = append(out.Work, x)
	}
	judge := zone.NewJudge(m)
	out.Judge = func(c *flow.Conversation) assess.Judgement {
		v := judge.Judge(c)
		j := assess.Judgement{
			Crosses: v.Client.Zone != v.Server.Zone && v.Verdict != zone.Within, Allowed: !v.Verdict.Crosses(), Why: judge.Reason(&v),
		}
		if v.Conduit >= 0 && j.Allowed && v.Verdict != zone.Within {
			j.Conduit = string(p.Conduits[v.Conduit].ID)
		}
		return j
	}
	out.Ends = func(c *flow.Conversation) [2]int {
		a, b := m.Side(c.Client, c.MACs[0]), m.Side(c.Server, c.MACs[1])
		return [2]int{a.Zone, b.Zone}
	}
	return out, problems
}

// zoneOf is the zone of the first address of an asset that is in one.
func zoneOf(m *zone.Map, a *asset.Asset) int {
	for _, i := range a.Interfaces {
		for _, ip := range append(i.IPs[:len(i.IPs):len(i.IPs)], netip.Addr{}) {
			end := flow.End{IP: ip}
			if !ip.IsValid() {
				end.MAC = i.MAC
			}
			if !ip.IsValid() && i.MAC.IsZero() {
				continue
			}
			if s := m.Side(end, i.MAC); s.Zone >= 0 && s.Asset == a.ID {
				return s.Zone
			}
		}
	}
	return -1
}

// Proposed is the model that traffic suggests: zones without conduits, for
// nobody has decided what may pass.
func Proposed(inv *asset.Inventory, cs []*flow.Conversation) *assess.Model {
	p := zone.Propose(inv, cs)
	out := &assess.Model{}
	for i := range p.Zones {
		z := &p.Zones[i]
		x := assess.Zone{ID: string(z.ID), Name: z.Name, Level: -1, External: z.External}
		if z.Level != nil {
			x.Level = *z.Level
		}
		for i, l := range z.SLT.Each() {
			x.Target[i] = int(*l)
		}
		for _, m := range z.Members {
			x.Members = append(x.Members, m.Asset)
		}
		out.Zones = append(out.Zones, x)
	}
	return out
}
