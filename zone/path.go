package zone

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
	"github.com/bulkhead-ot/bulkhead/plant"
)

// Path is a conduit that the traffic suggests, or that it should not have.
type Path struct {
	ID            plant.ID
	From, To      plant.ID
	Clients       []asset.ID // who asked, when few
	Servers       []asset.ID // who answered, when few
	Protocols     []Traffic
	Conversations int
	Packets       uint64
	fact.Seen
	Why   string
	Risks []string
}

// Traffic is one protocol of a path.
type Traffic struct {
	plant.Protocol
	Conversations int
	Packets       uint64
	fact.Seen
	Risks []string
}

// fewHosts is up to how many hosts of a side are named in a conduit.
const fewHosts = 8

// maxPorts is up to how many ports of one protocol are listed; more are those
// of a protocol that takes any.
const maxPorts = 16

// crossing is what one conversation adds to a path.
type crossing struct {
	c            *flow.Conversation
	from, to     *group
	client       asset.ID
	server       asset.ID
	clientNode   *node
	serverNode   *node
	refuse, risk string
}

// conduits proposes what leads from zone to zone.
func (p *proposer) conduits(out *Proposal) {
	needed, refused := newPaths(p), newPaths(p)
	var internet *group
	for _, g := range p.groups {
		if g.external {
			internet = g
		}
	}
	find := func(e flow.End, mac fact.MAC) (*node, *group, asset.ID) {
		if !e.MAC.IsZero() {
			mac = e.MAC
		}
		id := p.inv.Find(e.IP, mac)
		if id == asset.Internet {
			return nil, internet, id
		}
		if n := p.by[id]; n != nil {
			if g := n.seats[e.IP.Unmap()]; g != nil {
				return n, g, id
			}
			return n, n.group, id
		}
		return nil, nil, ""
	}
	for _, c := range p.cs {
		if c.Server.Group() || c.Server.Many() || c.Client.Many() || linkOnly[c.Protocol] {
			continue
		}
		x := crossing{c: c}
		x.clientNode, x.from, x.client = find(c.Client, c.MACs[0])
		x.serverNode, x.to, x.server = find(c.Server, c.MACs[1])
		if x.from == nil || x.to == nil || x.from == x.to {
			continue
		}
		if !answered(c) {
			out.Attempts++
			continue
		}
		x.judge()
		if x.refuse != "" {
			x.risk = x.refuse
			refused.add(&x)
		} else {
			needed.add(&x)
		}
	}
	out.Conduits, out.Refused = needed.list(), refused.list()
}

// judge finds what is risky in a crossing, and what should not be at all.
func (x *crossing) judge() {
	c := x.c
	plantFloor := func(g *group) bool { return g.kind == "cell" || g.kind == "safety" || g.kind == "wireless" }
	outside := func(g *group) bool { return g.kind == "internet" }
	ot := industrial[c.Protocol] && !services[c.Protocol]
	changes := false
	for _, o := range c.Operations {
		changes = changes || changing&(1<<o.Function.Class) != 0 && o.Requests > 0
	}
	remote, tool := toolOf(c)
	switch {
	case plantFloor(x.from) && outside(x.to):
		x.refuse = "a device of the plant floor reaches the internet"
	case outside(x.from) && x.to.kind != "dmz":
		x.refuse = "something on the internet reaches into the plant"
	case x.from.kind == "temporary" && (ot || plantFloor(x.to)):
		x.refuse = "a device that is connected for a while reaches controllers"
	case x.from.kind == "office" && (ot && changes || plantFloor(x.to)):
		x.refuse = "the office reaches past the DMZ into the plant floor"
	case remote != "" && (outside(x.from) || outside(x.to)):
		x.refuse = fmt.Sprintf("%s (%s) leads out of the plant", remote, tool)
	case x.from.kind == "office" && x.to.kind == "supervisory", x.from.kind == "supervisory" && x.to.kind == "office":
		x.risk = "passes by the DMZ"
	case x.from.kind == "supervisory" && outside(x.to):
		x.risk = "reaches the internet without the DMZ between"
	case x.to.kind == "safety" && changes && x.from.kind != "safety":
		x.risk = "changes something in a safety controller"
	case remote != "":
		x.risk = fmt.Sprintf("%s (%s)", remote, tool)
	case clearText[c.Protocol] && c.Protocol != "snmp":
		x.risk = c.Protocol + " sends passwords and content in clear"
	case c.Protocol == "" && c.PortProtocol == "":
		x.risk = "the protocol was not recognised"
	}
}

type paths struct {
	p  *proposer
	by map[[2]*group]*pathMaker
}

type pathMaker struct {
	from, to         *group
	path             Path
	traffic          map[string]*Traffic
	clients, servers map[asset.ID]bool
}

func newPaths(p *proposer) *paths { return &paths{p, make(map[[2]*group]*pathMaker)} }

func (ps *paths) add(x *crossing) {
	k := [2]*group{x.from, x.to}
	if x.c.Reverse { // over a connection that the other side opened
		k = [2]*group{x.to, x.from}
	}
	m := ps.by[k]
	if m == nil {
		m = &pathMaker{from: k[0], to: k[1], traffic: make(map[string]*Traffic), clients: make(map[asset.ID]bool), servers: make(map[asset.ID]bool)}
		ps.by[k] = m
	}
	m.add(x)
}

func (m *pathMaker) add(x *crossing) {
	c := x.c
	client, server := x.client, x.server
	if c.Reverse {
		client, server = server, client
	}
	m.clients[client], m.servers[server] = true, true
	m.path.Conversations++
	m.path.Packets += c.Packets[0] + c.Packets[1]
	m.path.Seen.Add(c.Seen)
	name := cmp.Or(c.Protocol, c.Transport)
	if c.Protocol == "" && c.PortProtocol != "" && c.Payload[0]+c.Payload[1] == 0 {
		name = c.PortProtocol
	}
	t := m.traffic[name]
	if t == nil {
		t = &Traffic{Protocol: plant.Protocol{Protocol: name}}
		m.traffic[name] = t
	}
	t.Conversations++
	t.Packets += c.Packets[0] + c.Packets[1]
	t.Seen.Add(c.Seen)
	if x.risk != "" && !slices.Contains(t.Risks, x.risk) {
		t.Risks = append(t.Risks, x.risk)
	}
	if c.Reverse {
		t.AsksBack = true
	} else {
		port := portOf(c)
		if port.Transport != "" && !slices.Contains(t.Ports, port) {
			t.Ports = append(t.Ports, port)
		}
	}
	for _, o := range c.Operations {
		if k := plant.Class(o.Function.Class); !o.Function.Reply && !slices.Contains(t.Classes, k) {
			t.Classes = append(t.Classes, k)
		}
	}
}

// portOf is the port, or the number, on which a conversation was.
func portOf(c *flow.Conversation) plant.Port {
	switch c.Transport {
	case "tcp", "udp", "sctp":
		if c.Port == 0 {
			return plant.Port{}
		}
		return plant.Port{Transport: c.Transport, First: uint32(c.Port), Last: uint32(c.Port)}
	case "ip", "ethernet", "llc", "snap":
		return plant.Port{Transport: c.Transport, First: c.Number, Last: c.Number}
	}
	return plant.Port{}
}

// list finishes the paths, by the order of the zones.
func (ps *paths) list() []Path {
	var out []Path
	at := make(map[*group]int)
	for i, g := range ps.p.groups {
		at[g] = i
	}
	makers := make([]*pathMaker, 0, len(ps.by))
	for _, m := range ps.by {
		makers = append(makers, m)
	}
	slices.SortFunc(makers, func(a, b *pathMaker) int {
		return cmp.Or(cmp.Compare(at[a.from], at[b.from]), cmp.Compare(at[a.to], at[b.to]))
	})
	for _, m := range makers {
		out = append(out, m.finish())
	}
	return out
}

func (m *pathMaker) finish() Path {
	p := m.path
	p.From, p.To = m.from.id, m.to.id
	p.ID = conduitID(p.From, p.To)
	p.Clients, p.Servers = few(m.clients, m.from), few(m.servers, m.to)
	for _, t := range m.traffic {
		slices.SortFunc(t.Ports, func(a, b plant.Port) int {
			return cmp.Or(strings.Compare(a.Transport, b.Transport), cmp.Compare(a.First, b.First))
		})
		if len(t.Ports) > maxPorts {
			t.Ports = widen(t.Ports)
			t.Risks = append(t.Risks, "many ports")
		}
		slices.Sort(t.Classes)
		slices.Sort(t.Risks)
		p.Protocols = append(p.Protocols, *t)
	}
	slices.SortFunc(p.Protocols, func(a, b Traffic) int { return strings.Compare(a.Protocol.Protocol, b.Protocol.Protocol) })
	p.Risks = risks(p.Protocols)
	p.Why = m.words(&p)
	return p
}

// widen makes one range of the ports of each transport.
func widen(ports []plant.Port) []plant.Port {
	var out []plant.Port
	for _, p := range ports {
		if n := len(out); n > 0 && out[n-1].Transport == p.Transport {
			out[n-1].Last = max(out[n-1].Last, p.Last)
			continue
		}
		out = append(out, p)
	}
	return out
}

// conduitID joins two zones; what would be too long ends in a hash.
func conduitID(from, to plant.ID) plant.ID {
	id := string(from) + "--" + string(to)
	if len(id) <= 48 {
		return plant.ID(id)
	}
	h := fnv.New32a()
	h.Write([]byte(id))
	return plant.ID(fmt.Sprintf("%s-%08x", id[:39], h.Sum32()))
}

// few names the hosts of one side when they are few and not the whole zone.
func few(m map[asset.ID]bool, g *group) []asset.ID {
	if len(m) > fewHosts || g.external || len(m) == len(g.nodes) {
		return nil
	}
	ids := make([]asset.ID, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// words says who does what: "SCADA-1 reads PLC-3 by modbus; nobody writes".
func (m *pathMaker) words(p *Path) string {
	var s []string
	writes := false
	ot := false
	for i := range p.Protocols {
		t := &p.Protocols[i]
		what := t.Protocol.Protocol
		if len(t.Classes) > 0 {
			var c []string
			for _, k := range t.Classes {
				c = append(c, k.String())
				writes = writes || changing&(1<<fact.Class(k)) != 0
			}
			what += " (" + strings.Join(c, ", ") + ")"
		}
		ot = ot || industrial[t.Protocol.Protocol]
		s = append(s, what)
	}
	who := m.from.title
	if len(p.Clients) > 0 {
		who = fmt.Sprintf("%d of %s", len(p.Clients), m.from.title)
	}
	text := fmt.Sprintf("%s asks %s: %s", who, m.to.title, strings.Join(s, ", "))
	if ot && !writes {
		text += "; nobody writes"
	}
	return text
}

// risks joins the risks of protocols: each once, with the protocols.
func risks(ts []Traffic) []string {
	var order []string
	of := make(map[string][]string)
	for i := range ts {
		for _, r := range ts[i].Risks {
			if of[r] == nil {
				order = append(order, r)
			}
			of[r] = append(of[r], ts[i].Protocol.Protocol)
		}
	}
	for i, r := range order {
		order[i] = strings.Join(of[r], ", ") + ": " + r
	}
	return order
}
