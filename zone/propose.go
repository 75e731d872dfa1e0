package zone

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
	"github.com/bulkhead-ot/bulkhead/plant"
)

// Proposal is a division of the plant that its traffic suggests.
type Proposal struct {
	Zones    []Proposed
	Conduits []Path // what is needed
	Refused  []Path // seen, and better not allowed
	Attempts int    // conversations between zones that nobody answered
	First    time.Time
	Last     time.Time
}

// Proposed is a zone.
type Proposed struct {
	ID        plant.ID
	Name      string
	Kind      string   // "cell", "safety", "supervisory", "dmz", "office", "wireless", "temporary", "vendor-access", "internet"
	Level     *float64 // Purdue level, nil if not known
	SLT       plant.Vector
	Steps     []Step // how the target level was found
	Members   []Membership
	Addresses []Address // of assets with addresses in several zones
	External  bool      // everything outside the plant
	Why       string
}

// Membership is an asset with the reason why it belongs where it is.
type Membership struct {
	Asset asset.ID
	Name  string
	Why   string
	Split bool // its addresses belong to several zones: see Proposed.Addresses
}

// Address is an address in a zone, of an asset with addresses in several.
type Address struct {
	IP    netip.Addr
	Asset asset.ID
	Name  string
}

// Propose divides the plant. The same facts give the same division, whatever
// their order.
func Propose(inv *asset.Inventory, cs []*flow.Conversation) *Proposal {
	p := newProposer(inv, cs)
	p.segments()
	p.bands()
	p.apart()
	p.group()
	p.spread()
	p.name()
	out := &Proposal{}
	for _, g := range p.groups {
		out.Zones = append(out.Zones, p.proposed(g))
	}
	if p.seen.Count > 0 {
		out.First, out.Last = utc(p.seen.First), utc(p.seen.Last)
	}
	p.conduits(out)
	return out
}

// node is an asset on its way into a zone.
type node struct {
	*asset.Asset
	segment string // subnet or VLAN
	band    string // "control", "supervisory", "dmz", "office"; "" for what fits anywhere
	apart   string // kind of a zone of its own, with why
	why     []string
	asking  fact.Seen               // when it asked others
	asks    map[*node]*relation     // as client
	asked   map[*node]*relation     // as server
	outside int                     // conversations with the Internet
	weak    string                  // band that its Purdue level suggests, where roles say nothing
	homes   map[string][]netip.Addr // its addresses by subnet, when there are several subnets
	group   *group
	seats   map[netip.Addr]*group // zones of the addresses of one with several subnets
}

// relation is what a client and a server do.
type relation struct {
	protocols  []string
	industrial bool
	changes    bool // writes, controls, programs
	weight     uint64
}

// group is a zone in the making.
type group struct {
	kind, segment, part string
	nodes               []*node
	external            bool
	id                  plant.ID
	title               string
	why                 string
}

type proposer struct {
	inv    *asset.Inventory
	cs     []*flow.Conversation
	nodes  []*node
	by     map[asset.ID]*node
	groups []*group
	seen   fact.Seen
	out    bool // there is traffic with the Internet
}

func newProposer(inv *asset.Inventory, cs []*flow.Conversation) *proposer {
	p := &proposer{inv: inv, cs: cs, by: make(map[asset.ID]*node, len(inv.Assets)), out: len(inv.External) > 0}
	for _, a := range inv.Assets {
		n := &node{Asset: a, asks: make(map[*node]*relation), asked: make(map[*node]*relation)}
		p.nodes = append(p.nodes, n)
		p.by[a.ID] = n
	}
	for _, c := range cs {
		p.seen.Add(c.Seen)
		if c.Server.Many() || c.Client.Many() || c.Server.Group() {
			continue
		}
		x, y := inv.Find(c.Client.IP, c.MACs[0]), inv.Find(c.Server.IP, c.MACs[1])
		if c.Client.MAC != (fact.MAC{}) {
			x = inv.Find(c.Client.IP, c.Client.MAC)
		}
		if c.Server.MAC != (fact.MAC{}) {
			y = inv.Find(c.Server.IP, c.Server.MAC)
		}
		client, server := p.by[x], p.by[y]
		if client != nil && server != client && !linkOnly[c.Protocol] {
			client.asking.Add(c.Seen)
		}
		if x == asset.Internet || y == asset.Internet {
			p.out = true
		}
		switch {
		case client != nil && y == asset.Internet:
			client.outside++
		case server != nil && x == asset.Internet:
			server.outside++
		case client != nil && server != nil && client != server && answered(c):
			p.relate(client, server, c)
		}
	}
	return p
}

// answered tells whether anything came of a conversation.
func answered(c *flow.Conversation) bool {
	return c.Packets[1] > 0 && !(c.Refused > 0 && c.Refused >= c.Flows && c.Payload[1] == 0) || len(c.Operations) > 0 && c.Packets[0] > 0 && c.Transport != "tcp"
}

func (p *proposer) relate(client, server *node, c *flow.Conversation) {
	r := client.asks[server]
	if r == nil {
		r = &relation{}
		client.asks[server], server.asked[client] = r, r
	}
	if name := cmp.Or(c.Protocol, c.PortProtocol); name != "" && !slices.Contains(r.protocols, name) {
		r.protocols = append(r.protocols, name)
		slices.Sort(r.protocols)
	}
	r.industrial = r.industrial || industrial[c.Protocol] && !services[c.Protocol]
	r.weight += c.Packets[0] + c.Packets[1]
	for _, o := range c.Operations {
		if changing&(1<<o.Function.Class) != 0 && o.Requests > 0 {
			r.changes = true
		}
	}
}

// peers lists nodes in the order of the inventory.
func (p *proposer) peers(m map[*node]*relation) []*node {
	list := make([]*node, 0, len(m))
	for n := range m {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *node) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return list
}
