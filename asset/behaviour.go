package asset

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// behaviour sums up what a thing does.
type behaviour struct {
	thing    *thing
	asset    *Asset
	acts     map[string]*activity
	keys     []string // of acts, in order
	internet bool     // it spoke with hosts outside the plant
	unheard  uint64
}

// activity is what a thing does by one protocol, or by what a port is for.
type activity struct {
	protocol             string // "" if it was not recognised
	name                 string // for people
	client, server, peer bool
	asked, told          [nClasses]uint64 // requests it sent; answers and notices it sent
	served               [nClasses]uint64 // requests it got
	servers, clients     peers
	cyclic               bool // it asks at regular intervals
	answered             bool // some of what it asked was answered
}

// peers is a set of things. Most have one member.
type peers struct {
	list []*thing
	all  map[*thing]bool // once there are many
}

func (p *peers) add(t *thing) {
	if t == nil {
		return
	}
	if p.all == nil {
		if slices.Contains(p.list, t) {
			return
		}
		p.list = append(p.list, t)
		if len(p.list) > 16 {
			p.all = make(map[*thing]bool, 64)
			for _, o := range p.list {
				p.all[o] = true
			}
		}
		return
	}
	if !p.all[t] {
		p.all[t] = true
		p.list = append(p.list, t)
	}
}

func (p *peers) join(o *peers) {
	for _, t := range o.list {
		p.add(t)
	}
}

func (p *peers) count() int { return len(p.list) }

// behave concludes for each asset which protocols it uses, its role and its
// Purdue level.
func (r *resolver) behave() {
	by := make(map[*thing]*behaviour, len(r.things))
	of := func(t *thing) *behaviour {
		b := by[t]
		if b == nil {
			b = &behaviour{thing: t, asset: t.asset, acts: make(map[string]*activity)}
			by[t] = b
		}
		return b
	}
	var all []*behaviour
	for _, t := range r.things {
		if t.parent == nil && t.asset != nil {
			b := of(t)
			all = append(all, b)
			for _, e := range t.ends {
				b.unheard += e.unheard
			}
		}
	}
	for _, e := range r.b.edges {
		r.attend(e, of)
	}
	m := newMatcher()
	for _, b := range all {
		b.sort()
		b.asset.Protocols = b.uses()
		b.asset.Role = b.role(m)
	}
	for _, b := range all {
		b.level(by)
	}
}

// attend notes an edge with both of its ends. All that it keeps are sums and
// sets, so that the order of edges does not matter.
func (r *resolver) attend(e *edge, of func(*thing) *behaviour) {
	ends := [2]*end{e.client, e.server}
	var ts [2]*thing
	outside := [2]bool{}
	for i, x := range ends {
		if x == nil {
			continue
		}
		outside[i] = x.external
		if x.thing != nil && x.thing.root().asset != nil {
			ts[i] = x.thing.root()
		}
	}
	for i, t := range ts {
		if t == nil {
			continue
		}
		b := of(t)
		b.internet = b.internet || outside[i^1]
		a := b.act(e)
		if a == nil {
			continue
		}
		a.note(e, i, ts[i^1])
	}
}

func (b *behaviour) act(e *edge) *activity {
	key := e.protocol
	if key == "" {
		if e.service == "" {
			return nil
		}
		key = "port of " + e.service
	}
	a := b.acts[key]
	if a == nil {
		a = &activity{protocol: e.protocol, name: key}
		b.acts[key] = a
	}
	return a
}

func (a *activity) note(e *edge, side int, other *thing) {
	mine, theirs := &e.sent[side], &e.sent[side^1]
	asks, answers, tells := sum(&mine.requests), sum(&mine.responses), sum(&mine.notices)
	for c := range nClasses {
		a.asked[c] += mine.requests[c]
		a.told[c] += mine.responses[c] + mine.notices[c]
		a.served[c] += theirs.requests[c]
	}
	// Protocols have messages that either end sends, such as those of the
	// link; within one relation what is rare does not make a part of its own.
	client := asks > 0 && asks*4 > answers
	server := answers > 0 && answers*4 > asks || asks == 0 && sum(&theirs.requests) > 0 && e.packets[side] > 0 && !e.group
	if client && server && e.certain {
		client, server = side == 0, side == 1
	}
	if !client && !server {
		switch {
		case e.group, tells > 0 && e.server == nil:
			a.peer = true
		case side == 0:
			client = true
		default:
			server = true
		}
	}
	if client {
		a.client = true
		a.cyclic = a.cyclic || e.cyclic
		a.answered = a.answered || e.twoWay || sum(&theirs.responses) > 0
		a.servers.add(other)
	}
	if server {
		a.server = true
		a.clients.add(other)
	}
}

func sum(x *[nClasses]uint64) uint64 {
	n := uint64(0)
	for _, v := range x {
		n += v
	}
	return n
}

// among are protocols in which every host asks and answers alike.
var among = map[string]bool{
	"arp": true, "icmpv6": true, "igmp": true, "lldp": true, "cdp": true, "stp": true, "mrp": true, "mdns": true, "llmnr": true,
	"nbdgm": true, "ptp": true, "pn_ptcp": true, "goose": true, "sv": true,
}

// uses lists the protocols by name.
func (b *behaviour) uses() []Use {
	var us []Use
	for _, k := range b.keys {
		a := b.acts[k]
		switch {
		case a.protocol == "":
		case among[a.protocol], a.peer && !a.client && !a.server:
			us = append(us, Use{a.protocol, "peer"})
		default:
			if a.client {
				us = append(us, Use{a.protocol, "client"})
			}
			if a.server {
				us = append(us, Use{a.protocol, "server"})
			}
		}
	}
	return us
}

// sort lists what the thing speaks, once all is known.
func (b *behaviour) sort() {
	b.keys = make([]string, 0, len(b.acts))
	for k := range b.acts {
		b.keys = append(b.keys, k)
	}
	slices.Sort(b.keys)
}

func (b *behaviour) serves(protocol string) bool {
	a := b.acts[protocol]
	return a != nil && a.server
}

func (b *behaviour) asks(protocol string) bool {
	a := b.acts[protocol]
	return a != nil && a.client
}

// supervision is what a thing does as client of field devices.
type supervision struct {
	devices   peers
	protocols []string // their titles
	asked     [nClasses]uint64
	cyclic    bool
	telemetry bool // by a protocol of control centres
	loads     string
}

// supervises sums up what the thing asks of field devices. What is carried in
// another protocol counts with it.
func (b *behaviour) supervises() supervision {
	var s supervision
	for _, k := range b.keys {
		a, f := b.acts[k], fields[k]
		if f == nil || !a.client || !a.answered && a.servers.count() == 0 {
			continue
		}
		s.devices.join(&a.servers)
		if !slices.Contains(s.protocols, f.title) {
			s.protocols = append(s.protocols, f.title)
		}
		for c, n := range a.asked {
			s.asked[c] += n
		}
		s.cyclic = s.cyclic || a.cyclic
		s.telemetry = s.telemetry || f.telemetry
		if s.loads == "" && f.loads && a.asked[fact.Program]+a.asked[fact.Firmware] > 0 {
			s.loads = f.title
		}
	}
	return s
}

// list writes names for people: "a, b and c".
func list(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// busiest lists the names of what the thing was seen to speak.
func (b *behaviour) spoken() []string {
	var names []string
	for _, k := range b.keys {
		names = append(names, title(k))
	}
	slices.SortStableFunc(names, func(x, y string) int { return cmp.Compare(strings.ToLower(x), strings.ToLower(y)) })
	return slices.Compact(names)
}
