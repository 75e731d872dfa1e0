package zone

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
	"github.com/bulkhead-ot/bulkhead/plant"
)

// Check is what the traffic says of a plant's division.
type Check struct {
	Map        *Map
	First      time.Time // of the packets
	Last       time.Time
	Judgements []Judgement // as the conversations were given
	Verdicts   [5]int      // how many of each
	Matrix     []Cell      // by zones
	Conduits   []ConduitUse
	Strangers  []Stranger
	Bridges    []Bridge
	Remote     []Remote
	judge      *Judge
}

// maxFrames bounds the sample frames behind a statement.
const maxFrames = 5

// Cell is all traffic from one zone to another.
type Cell struct {
	From, To      int // -1 for what is in no zone
	Conversations int
	Verdicts      [5]int
	Packets       uint64
	Bytes         uint64
	fact.Seen
	Frames []uint64 // of the gravest first
}

// ConduitUse is what went through a conduit.
type ConduitUse struct {
	Conduit *plant.Conduit
	Entries []EntryUse
	Expired bool
}

// EntryUse is what went through one protocol of a conduit.
type EntryUse struct {
	Protocol *plant.Protocol
	Use
	Unused []string // classes that it allows and nothing used; "*" when it has no limit
}

// Stranger is an address in no zone that took part.
type Stranger struct {
	Side
	Name          string
	Conversations int
	Frame         uint64
}

// Run judges all conversations.
func Run(m *Map, cs []*flow.Conversation) *Check {
	k := &Check{Map: m, judge: NewJudge(m), Judgements: make([]Judgement, len(cs))}
	var seen fact.Seen
	for i, c := range cs {
		k.Judgements[i] = k.judge.Judge(c)
		seen.Add(c.Seen)
	}
	k.judge.Settle(k.Judgements)
	if seen.Count > 0 {
		k.First, k.Last = utc(seen.First), utc(seen.Last)
	}
	for i := range k.Judgements {
		k.Verdicts[k.Judgements[i].Verdict]++
	}
	k.matrix()
	k.conduits()
	k.strangers()
	k.Bridges = bridges(m, k.Judgements)
	k.Remote = remotePaths(m, k.Judgements)
	return k
}

func (k *Check) matrix() {
	at := make(map[[2]int]int)
	for i := range k.Judgements {
		v := &k.Judgements[i]
		key := [2]int{v.Client.Zone, v.Server.Zone}
		n, ok := at[key]
		if !ok {
			n = len(k.Matrix)
			at[key] = n
			k.Matrix = append(k.Matrix, Cell{From: key[0], To: key[1]})
		}
		c := &k.Matrix[n]
		c.Conversations++
		c.Verdicts[v.Verdict]++
		c.Packets += v.Conversation.Packets[0] + v.Conversation.Packets[1]
		c.Bytes += v.Conversation.Bytes[0] + v.Conversation.Bytes[1]
		c.Seen.Add(v.Conversation.Seen)
	}
	for grave := int(Unknown); grave >= 0; grave-- {
		for i := range k.Judgements {
			if v := &k.Judgements[i]; int(v.Verdict) == grave {
				c := &k.Matrix[at[[2]int{v.Client.Zone, v.Server.Zone}]]
				if len(c.Frames) < maxFrames {
					c.Frames = append(c.Frames, v.frame())
				}
			}
		}
	}
	slices.SortFunc(k.Matrix, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(uint(a.From), uint(b.From)), cmp.Compare(uint(a.To), uint(b.To)))
	})
}

// frame is the best one to show: that of what is not allowed.
func (v *Judgement) frame() uint64 {
	if v.denied != nil && v.denied.Frame != 0 {
		return v.denied.Frame
	}
	return v.Conversation.Frame
}

func (k *Check) conduits() {
	p := k.Map.Plant
	for i := range p.Conduits {
		c := &p.Conduits[i]
		u := ConduitUse{Conduit: c, Expired: c.Expired(k.Last)}
		for e := range c.Protocols {
			r := &c.Protocols[e]
			x := EntryUse{Protocol: r, Use: *k.judge.Use(i, e)}
			for _, cl := range r.Classes {
				if !x.Used(fact.Class(cl)) {
					x.Unused = append(x.Unused, cl.String())
				}
			}
			if len(r.Classes) == 0 && x.classes != 0 && x.classes&changing != changing {
				x.Unused = []string{"*"}
			}
			u.Entries = append(u.Entries, x)
		}
		k.Conduits = append(k.Conduits, u)
	}
}

func (k *Check) strangers() {
	at := make(map[flow.End]int)
	for i := range k.Judgements {
		v := &k.Judgements[i]
		for _, s := range [...]*Side{&v.Client, &v.Server} {
			if s.Zone != none || s.Kind == Group || s.Kind == Many {
				continue
			}
			n, ok := at[s.End]
			if !ok {
				n = len(k.Strangers)
				at[s.End] = n
				k.Strangers = append(k.Strangers, Stranger{Side: *s, Name: k.Map.Name(s), Frame: v.Conversation.Frame})
			}
			k.Strangers[n].Conversations++
			k.Strangers[n].Frame = min(k.Strangers[n].Frame, v.Conversation.Frame)
		}
	}
	slices.SortFunc(k.Strangers, func(a, b Stranger) int { return compareEnd(a.End, b.End) })
}

func compareEnd(a, b flow.End) int {
	return cmp.Or(a.IP.Compare(b.IP), slices.Compare(a.MAC[:], b.MAC[:]))
}

// Crossings is how many conversations pass what nobody decided.
func (k *Check) Crossings() int { return k.Verdicts[NotAllowed] + k.Verdicts[Unknown] }

// Reason says why a verdict was given.
func (k *Check) Reason(v *Judgement) string { return k.judge.Reason(v) }

// Reason says why a verdict was given.
func (j *Judge) Reason(v *Judgement) string {
	m := j.m
	switch v.Verdict {
	case Within:
		if v.cause == onLink {
			return v.Conversation.Protocol + " stays within the network segment: no router passes it"
		}
		if v.cause == toGroup {
			return "to everyone in the network of " + m.Label(v.Client.Zone)
		}
		return "both are in " + m.Label(v.Client.Zone)
	case Unknown:
		return unknownReason(m, v)
	}
	ways := fmt.Sprintf("from %s to %s", m.ID(v.Client.Zone), m.ID(v.Server.Zone))
	if v.Conduit < 0 {
		return "no conduit leads " + ways + attempt(v.Conversation)
	}
	d := &m.Plant.Conduits[v.Conduit]
	switch v.Verdict {
	case Allowed:
		return "conduit " + string(d.ID) + " allows " + d.Protocols[v.Entry].Text()
	case Wider:
		if v.cause == guessed {
			return fmt.Sprintf("conduit %s allows %s; the content was not recognised as such", d.ID, d.Protocols[v.Entry].Text())
		}
		return fmt.Sprintf("conduit %s also allows %s, which nothing used", d.ID, j.spare(v))
	}
	return j.refusal(v, d, ways) + attempt(v.Conversation)
}

func unknownReason(m *Map, v *Judgement) string {
	if v.cause == toMany {
		return m.Name(&v.Client) + " tries hosts too many to list"
	}
	var who []string
	for _, s := range [...]*Side{&v.Client, &v.Server} {
		if s.Zone == none && s.Kind != Group {
			n := m.Name(s)
			switch s.Kind {
			case Nobody:
				n += ", which never spoke,"
			case External:
				n += " outside the plant"
			}
			who = append(who, n)
		}
	}
	if len(who) == 2 {
		return strings.Join(who, " and ") + " are in no zone"
	}
	return strings.Join(who, "") + " is in no zone"
}

// refusal says how near the nearest conduit came.
func (j *Judge) refusal(v *Judgement, d *plant.Conduit, ways string) string {
	c := v.Conversation
	what := cmp.Or(c.Protocol, c.PortProtocol, c.Transport)
	if c.Port != 0 {
		what += fmt.Sprintf(" on %s/%d", c.Transport, c.Port)
	}
	switch v.cause {
	case otherWay:
		return fmt.Sprintf("no conduit leads %s; %s allows only the other direction", ways, d.ID)
	case notSides:
		return fmt.Sprintf("conduit %s allows %s only between other hosts", d.ID, what)
	case expired:
		return fmt.Sprintf("conduit %s expired on %s", d.ID, d.Expires)
	case operations:
		f := &v.denied.Function
		return fmt.Sprintf("conduit %s allows %s, not %s: %s (%s), %d times", d.ID, d.Protocols[v.Entry].Text(), f.Class, f.Name, f.Code, v.nDenied)
	}
	return fmt.Sprintf("no conduit %s allows %s", ways, what)
}

// attempt tells that nothing came of it.
func attempt(c *flow.Conversation) string {
	switch {
	case c.Packets[1] == 0:
		return " (an attempt that nobody answered)"
	case c.Refused > 0 && c.Refused == c.Flows:
		return " (an attempt that was refused)"
	}
	return ""
}

// Bridge is something that connects zones around the conduits: an asset with
// addresses in several, or one that forwards between them.
type Bridge struct {
	Asset         asset.ID
	Name          string
	Zones         []int
	Addresses     []string // one in each zone, for an asset with addresses in several
	Conversations int      // that it forwarded between zones
	Packets       uint64
	Frames        []uint64
	Why           string
}

// bridges finds what has a foot in several zones, or passes traffic between
// them: the hardware address of the last hop is that of another asset.
func bridges(m *Map, vs []Judgement) []Bridge {
	by := make(map[asset.ID]*Bridge)
	get := func(id asset.ID) *Bridge {
		b := by[id]
		if b == nil {
			b = &Bridge{Asset: id, Name: string(id)}
			if a := m.assets[id]; a != nil {
				b.Name = a.Name()
			}
			by[id] = b
		}
		return b
	}
	m.footed(get)
	for i := range vs {
		v := &vs[i]
		if v.Server.Kind == Group || v.Server.Kind == Many || v.Client.Zone == v.Server.Zone {
			continue
		}
		for _, s := range [...]*Side{&v.Client, &v.Server} {
			if s.mac.IsZero() || !s.End.IP.IsValid() {
				continue
			}
			via := m.Inv.Find(flow.End{}.IP, s.mac)
			if via == "" || via == s.Asset || via == asset.Internet || m.assets[via] == nil {
				continue
			}
			b := get(via)
			for _, z := range [...]int{v.Client.Zone, v.Server.Zone} {
				if !slices.Contains(b.Zones, z) {
					b.Zones = append(b.Zones, z)
				}
			}
			b.Conversations++
			b.Packets += v.Conversation.Packets[0] + v.Conversation.Packets[1]
			if len(b.Frames) < maxFrames {
				b.Frames = append(b.Frames, v.Conversation.Frame)
			}
			break
		}
	}
	var list []Bridge
	for _, b := range by {
		b.Zones = slices.DeleteFunc(b.Zones, func(z int) bool { return z == none })
		if slices.Sort(b.Zones); len(b.Zones) > 1 {
			b.Why = b.explain(m)
			list = append(list, *b)
		}
	}
	slices.SortFunc(list, func(a, b Bridge) int { return strings.Compare(string(a.Asset), string(b.Asset)) })
	return list
}

// footed notes the assets whose addresses are in several zones.
func (m *Map) footed(get func(asset.ID) *Bridge) {
	for _, a := range m.Inv.Assets {
		var zones []int
		var addrs []string
		for _, i := range a.Interfaces {
			for _, ip := range i.IPs {
				if z := m.place[seat{id: a.ID, ip: ip}]; z != none && !slices.Contains(zones, z) {
					zones = append(zones, z)
					addrs = append(addrs, ip.String())
				}
			}
		}
		if len(zones) > 1 {
			b := get(a.ID)
			b.Zones, b.Addresses = zones, addrs
		}
	}
}

func (b *Bridge) explain(m *Map) string {
	var zones []string
	for _, z := range b.Zones {
		zones = append(zones, string(m.ID(z)))
	}
	s := ""
	if len(b.Addresses) > 0 {
		s = fmt.Sprintf("has addresses in several zones (%s)", strings.Join(b.Addresses, ", "))
	}
	if b.Conversations > 0 {
		if s != "" {
			s += " and "
		}
		s += fmt.Sprintf("passes traffic between zones: %d conversations", b.Conversations)
	}
	return s + "; zones " + strings.Join(zones, ", ")
}
