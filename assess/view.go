package assess

import (
	"cmp"
	"fmt"
	"time"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
)

// Evidence is what an assessment starts from.
type Evidence struct {
	Inventory     *asset.Inventory
	Conversations []*flow.Conversation
	Capture       Capture
	Model         *Model // nil: nobody declared anything
}

// Capture is how, and how long, the plant was looked at.
type Capture struct {
	Quality string        `json:"quality"` // good, fair or poor
	Reasons []string      `json:"reasons"`
	Window  time.Duration `json:"-"` // time that was really looked at: the union of the inputs
	First   int64         `json:"-"`
	Last    int64         `json:"-"`
	Gaps    bool          `json:"gaps"` // there are times in between that nobody saw
	Dropped uint64        `json:"dropped"`
	OneWay  uint64        `json:"one_way_sessions"`
	Names   []string      `json:"sources"`
}

// Model is the plant as declared, or as proposed from traffic.
type Model struct {
	Declared bool // by people, not proposed
	Zones    []Zone
	Conduits []Conduit
	Work     []Work
	// Judge tells what the declared conduits say of a conversation; nil where
	// there are none.
	Judge func(*flow.Conversation) Judgement
	// Ends gives the zones of client and server by index, -1 for none, where
	// addresses decide that; nil where members do.
	Ends func(*flow.Conversation) [2]int
}

// Zone is a group of assets.
type Zone struct {
	ID       string
	Name     string
	Level    float64 // Purdue level; -1 if not known
	Target   Vector
	Members  []asset.ID
	External bool // stands for what is outside the plant
}

// Conduit joins two zones.
type Conduit struct {
	ID, From, To, Name string
}

// Work is approved work.
type Work struct {
	ID       string
	Zones    []string
	From, To int64 // ns
}

// Judgement is what the model says of a conversation.
type Judgement struct {
	Crosses bool // the boundary of a zone
	Allowed bool
	Conduit string // that it belongs to
	Why     string
}

// Side is one end of a talk.
type Side struct {
	ID    asset.ID
	Asset *asset.Asset // nil for the internet, groups and hosts that never spoke
	Zone  int          // index in the model; -1 for none
	Many  bool         // broadcast, multicast or hosts too many to list
	Addr  string
}

// Outside tells whether the end is outside the plant.
func (s *Side) Outside() bool { return s.ID == asset.Internet }

// Role is the role of the asset, or "".
func (s *Side) Role() string {
	if s.Asset == nil {
		return ""
	}
	return s.Asset.Role.Value
}

// String is how the end is called in a sentence.
func (s *Side) String() string {
	if s.Outside() {
		return "the public address " + s.Addr
	}
	if s.Asset == nil {
		return s.Addr
	}
	if n := s.Asset.Name(); n != s.Addr {
		return n + " (" + s.Addr + ")"
	}
	return s.Addr
}

// Talk is a conversation with its ends resolved.
type Talk struct {
	*flow.Conversation
	Client, Server Side
	Judgement      Judgement
	Judged         bool
}

// IDs are the assets at the two ends.
func (t *Talk) IDs() []asset.ID { return []asset.ID{t.Client.ID, t.Server.ID} }

// Crosses tells whether the talk passes the boundary of a zone: its ends are
// in different zones, or one is outside the plant.
func (t *Talk) Crosses() bool {
	if t.Client.Many || t.Server.Many {
		return false
	}
	if t.Client.Outside() != t.Server.Outside() {
		return true
	}
	return t.Client.Zone >= 0 && t.Server.Zone >= 0 && t.Client.Zone != t.Server.Zone
}

// Answered tells whether something came back: not only an attempt.
func (t *Talk) Answered() bool {
	return t.Packets[1] > 0 && (t.Transport != "tcp" || t.Payload[1] > 0 || t.Payload[0] > 0)
}

// Upkeep tells whether the talk only keeps the network itself running, or is
// with a device whose task it is to stand between zones.
func (t *Talk) Upkeep() bool {
	switch t.Protocol {
	case "arp", "lldp", "cdp", "stp", "mrp", "igmp", "icmp", "icmpv6", "dhcp", "dhcpv6", "ptp":
		return true
	}
	for _, s := range [2]*Side{&t.Client, &t.Server} {
		switch s.Role() {
		case "router", "firewall", "switch":
			return true
		}
	}
	return false
}

// Fact returns the session facts of an attribute.
func (t *Talk) Fact(k fact.Attr) []fact.SessionStat {
	var out []fact.SessionStat
	for _, s := range t.Session {
		if s.Attr == k {
			out = append(out, s)
		}
	}
	return out
}

// String names the talk in a sentence.
func (t *Talk) String() string {
	return fmt.Sprintf("%s to %s by %s", &t.Client, &t.Server, cmp.Or(t.Protocol, t.Transport))
}

// Kind is what a scope is.
type Kind string

// The kinds of scope.
const (
	WholePlant Kind = "plant"
	OneZone    Kind = "zone"
	OneConduit Kind = "conduit"
)

// View is what a check sees: the part of the evidence that belongs to a scope.
type View struct {
	*Evidence
	Kind     Kind
	ID       string
	Name     string
	Zone     *Zone          // of a zone scope
	Assets   []*asset.Asset // in the scope
	Talks    []*Talk        // with at least one end in it
	Coverage Coverage
	zone     int
}

// Has tells whether the end is in the scope.
func (v *View) Has(s *Side) bool {
	switch v.Kind {
	case OneZone:
		return s.Zone == v.zone && s.Asset != nil
	default:
		return s.Asset != nil
	}
}

// Serves tells whether the talk is with a service of the scope: a zone answers
// for what its own members let in, not for what they ask of others.
func (v *View) Serves(t *Talk) bool {
	return v.Kind != OneZone || t.Server.Asset == nil || v.Has(&t.Server)
}

// Level is the Purdue level of an end: of its zone where somebody declared
// it, else of the asset; -1 if not known. The internet is 5.
func (v *View) Level(s *Side) float64 {
	if s.Outside() {
		return 5
	}
	if s.Asset == nil {
		return -1
	}
	if s.Zone >= 0 && v.Model.Zones[s.Zone].Level >= 0 {
		return v.Model.Zones[s.Zone].Level
	}
	return s.Asset.PurdueLevel
}

// Approved returns the approved work that covers the zone of the end at the
// time, or nil.
func (v *View) Approved(s *Side, at int64) *Work {
	if v.Model == nil || s.Zone < 0 {
		return nil
	}
	for i := range v.Model.Work {
		w := &v.Model.Work[i]
		for _, z := range w.Zones {
			if z == v.Model.Zones[s.Zone].ID && w.From <= at && at < w.To {
				return w
			}
		}
	}
	return nil
}

// Coverage is how well a scope was looked at.
type Coverage struct {
	Seconds  float64 `json:"seconds"`  // of observation
	Quality  string  `json:"quality"`  // of the capture
	Assets   int     `json:"assets"`   // in the scope
	Seen     int     `json:"seen"`     // of these, the ones that sent something
	Inside   bool    `json:"inside"`   // traffic between members was seen
	Boundary bool    `json:"boundary"` // traffic over the boundary was seen
	Gaps     bool    `json:"gaps,omitempty"`
}

// short says why coverage is not enough for a proof, or "".
func (c *Coverage) short(n Needs, declared bool) string {
	window := max(n.Window, MinWindow)
	switch {
	case c.Seconds < window.Seconds():
		return fmt.Sprintf("%s were looked at, proof needs %s", span(c.Seconds), span(window.Seconds()))
	case c.Gaps:
		return "there are times in between that nobody saw"
	case c.Quality != "good":
		return "the capture is of " + c.Quality + " quality"
	case c.Assets > 0 && float64(c.Seen) < MinSeen*float64(c.Assets):
		return fmt.Sprintf("only %d of %d assets were seen", c.Seen, c.Assets)
	case n.Inside && !c.Inside:
		return "no traffic between members of the zone was seen: no sensor is inside"
	case n.Boundary && !c.Boundary:
		return "no traffic over the boundary was seen"
	case n.Plant && !declared:
		return "nobody declared zones and conduits"
	}
	return ""
}

// span writes a length of time for people.
func span(seconds float64) string {
	switch {
	case seconds < 120:
		return fmt.Sprintf("%.0f seconds", seconds)
	case seconds < 7200:
		return fmt.Sprintf("%.0f minutes", seconds/60)
	case seconds < 2*86400:
		return fmt.Sprintf("%.0f hours", seconds/3600)
	}
	return fmt.Sprintf("%.0f days", seconds/86400)
}

// views divides the evidence by scope: the plant first, then zones, then
// conduits.
func views(e *Evidence) []*View {
	zoneOf := make(map[asset.ID]int)
	if e.Model != nil {
		for i := range e.Model.Zones {
			for _, id := range e.Model.Zones[i].Members {
				if _, twice := zoneOf[id]; !twice {
					zoneOf[id] = i
				}
			}
		}
	}
	byID := make(map[asset.ID]*asset.Asset, len(e.Inventory.Assets))
	for _, a := range e.Inventory.Assets {
		byID[a.ID] = a
	}
	side := func(end flow.End, mac fact.MAC) Side {
		s := Side{Zone: -1, Addr: end.String(), Many: end.Group() || end.Many()}
		if s.Many {
			return s
		}
		if !end.IP.IsValid() {
			mac = end.MAC
		}
		s.ID = e.Inventory.Find(end.IP, mac)
		s.Asset = byID[s.ID]
		if z, ok := zoneOf[s.ID]; ok {
			s.Zone = z
		} else if s.Outside() && e.Model != nil {
			for i := range e.Model.Zones {
				if e.Model.Zones[i].External {
					s.Zone = i
				}
			}
		}
		return s
	}
	plant := &View{Evidence: e, Kind: WholePlant, ID: "plant", Name: "the whole plant", Assets: e.Inventory.Assets, zone: -1}
	out := []*View{plant}
	zones := make(map[int]*View)
	conduits := make(map[string]*View)
	if e.Model != nil {
		for i := range e.Model.Zones {
			z := &e.Model.Zones[i]
			if z.External {
				continue
			}
			v := &View{Evidence: e, Kind: OneZone, ID: z.ID, Name: cmp.Or(z.Name, z.ID), Zone: z, zone: i}
			for _, id := range z.Members {
				if a := byID[id]; a != nil && zoneOf[id] == i {
					v.Assets = append(v.Assets, a)
				}
			}
			zones[i] = v
			out = append(out, v)
		}
		for i := range e.Model.Conduits {
			c := &e.Model.Conduits[i]
			v := &View{Evidence: e, Kind: OneConduit, ID: c.ID, Name: cmp.Or(c.Name, c.ID), zone: -1}
			conduits[c.ID] = v
			out = append(out, v)
		}
	}
	inConduit := make(map[*View]map[asset.ID]bool)
	for _, c := range e.Conversations {
		t := &Talk{Conversation: c, Client: side(c.Client, c.MACs[0]), Server: side(c.Server, c.MACs[1])}
		if e.Model != nil && e.Model.Ends != nil {
			z := e.Model.Ends(c)
			t.Client.Zone, t.Server.Zone = z[0], z[1]
		}
		if e.Model != nil && e.Model.Judge != nil {
			t.Judgement, t.Judged = e.Model.Judge(c), true
		}
		plant.Talks = append(plant.Talks, t)
		for _, z := range [2]int{t.Client.Zone, t.Server.Zone} {
			if v := zones[z]; v != nil && (len(v.Talks) == 0 || v.Talks[len(v.Talks)-1] != t) {
				v.Talks = append(v.Talks, t)
			}
		}
		if v := conduits[t.Judgement.Conduit]; v != nil {
			v.Talks = append(v.Talks, t)
			if inConduit[v] == nil {
				inConduit[v] = make(map[asset.ID]bool)
			}
			for _, s := range [2]*Side{&t.Client, &t.Server} {
				if s.Asset != nil && !inConduit[v][s.ID] {
					inConduit[v][s.ID] = true
					v.Assets = append(v.Assets, s.Asset)
				}
			}
		}
	}
	for _, v := range out {
		v.cover()
	}
	return out
}

func (v *View) cover() {
	c := &v.Coverage
	c.Seconds, c.Quality, c.Gaps, c.Assets = v.Capture.Window.Seconds(), v.Capture.Quality, v.Capture.Gaps, len(v.Assets)
	for _, a := range v.Assets {
		if a.Packets > 0 || a.First != 0 { // routers only forward
			c.Seen++
		}
	}
	for _, t := range v.Talks {
		if t.Client.Many || t.Server.Many || !t.Answered() {
			continue
		}
		switch {
		case v.Kind == OneConduit:
			c.Inside, c.Boundary = true, true
		case t.Crosses():
			c.Boundary = true
		case v.Has(&t.Client) && v.Has(&t.Server):
			c.Inside = true
		}
	}
	if v.Zone != nil && len(v.Zone.Members) > c.Assets {
		c.Assets = len(v.Zone.Members)
	}
}

// Ask asks one check about one scope: "" for the whole plant, else the ID of
// a zone or conduit.
func Ask(c *Check, e *Evidence, scope string) (Answer, error) {
	for _, v := range views(e) {
		if scope == "" && v.Kind == WholePlant || v.Kind != WholePlant && v.ID == scope {
			return c.ask(v), nil
		}
	}
	return Answer{}, fmt.Errorf("there is no zone or conduit %q", scope)
}
