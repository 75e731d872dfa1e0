package zone

import (
	"net/netip"
	"time"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
	"github.com/bulkhead-ot/bulkhead/plant"
)

// Verdict is what the plant's division says of a conversation.
type Verdict uint8

// The verdicts.
const (
	Within     Verdict = iota // both ends are in the same zone
	Allowed                   // a conduit allows it
	Wider                     // a conduit allows it, and more than is needed
	NotAllowed                // it crosses zones and no conduit allows it
	Unknown                   // an end is in no zone
)

var verdicts = [...]string{"within zone", "allowed", "wider than needed", "not allowed", "unknown asset"}

func (v Verdict) String() string { return verdicts[v] }

// MarshalText writes the verdict in words.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Crosses tells whether the conversation passes what nobody decided.
func (v Verdict) Crosses() bool { return v == NotAllowed || v == Unknown }

// Judgement is the verdict on one conversation.
type Judgement struct {
	Conversation   *flow.Conversation
	Client, Server Side
	Verdict        Verdict
	Conduit        int // index in Plant.Conduits of the one that allows it, or comes nearest; -1
	Entry          int // index of its protocol; -1
	cause          cause
	denied         *flow.Operation // the first that is not allowed
	nDenied        uint64          // how often such were asked
}

// cause says why, beyond the verdict.
type cause uint8

const (
	plain      cause = iota
	toGroup          // broadcast and multicast stay in the client's zone
	noConduit        // no conduit between the zones
	otherWay         // there is one, in the other direction
	noProtocol       // none of the conduits allows the protocol or port
	notSides         // none allows these hosts
	expired          // the one that allowed it has expired
	operations       // some operations are not allowed
	guessed          // it was not recognised; its port is that of the protocol
	toMany           // the server stands for many hosts
	onLink           // stays within the segment, whatever the zones
)

// Judge judges conversations against one plant.
type Judge struct {
	m     *Map
	rules map[[2]int][]rule
	use   [][]Use // by conduit and protocol
	sides map[sideKey]Side
}

type sideKey struct {
	end flow.End
	mac fact.MAC
}

// rule is a conduit seen from the zone that asks.
type rule struct {
	conduit  int
	reversed bool // from and to are exchanged
	back     bool // only what asks back
	expires  int64
}

// Use is what went through one protocol of a conduit.
type Use struct {
	Conversations int
	Packets       uint64
	classes       uint16 // by fact.Class
	fact.Seen
}

// Used tells whether operations of the class passed.
func (u *Use) Used(c fact.Class) bool { return u.classes&(1<<c) != 0 }

// NewJudge prepares to judge.
func NewJudge(m *Map) *Judge {
	j := &Judge{m: m, rules: make(map[[2]int][]rule), use: make([][]Use, len(m.Plant.Conduits)), sides: make(map[sideKey]Side)}
	zones := make(map[plant.ID]int, len(m.Plant.Zones))
	for i := range m.Plant.Zones {
		zones[m.Plant.Zones[i].ID] = i
	}
	for i := range m.Plant.Conduits {
		c := &m.Plant.Conduits[i]
		j.use[i] = make([]Use, len(c.Protocols))
		from, to := zones[c.From], zones[c.To]
		r := rule{conduit: i}
		if !c.Expires.IsZero() {
			r.expires = c.Expires.UnixNano()
		}
		j.rules[[2]int{from, to}] = append(j.rules[[2]int{from, to}], r)
		r.reversed = true
		if c.Direction != plant.Both {
			r.back = true
		}
		j.rules[[2]int{to, from}] = append(j.rules[[2]int{to, from}], r)
	}
	return j
}

func (j *Judge) side(e flow.End, mac fact.MAC) Side {
	k := sideKey{e, mac}
	s, ok := j.sides[k]
	if !ok {
		s = j.m.Side(e, mac)
		j.sides[k] = s
	}
	return s
}

// Judge gives the verdict on one conversation. Whether a conduit is wider than
// needed shows only at the end: see Settle.
func (j *Judge) Judge(c *flow.Conversation) Judgement {
	v := Judgement{Conversation: c, Client: j.side(c.Client, c.MACs[0]), Server: j.side(c.Server, c.MACs[1]), Conduit: -1, Entry: -1}
	if v.Server.Kind == Nobody && directed(c) {
		v.Server.Kind = Group
	}
	switch {
	case v.Client.Zone == none:
		v.Verdict = Unknown
	case linkOnly[c.Protocol]:
		v.cause, v.Server.Zone = onLink, v.Client.Zone
	case v.Server.Kind == Group:
		v.Server.Zone, v.cause = v.Client.Zone, toGroup
	case v.Server.Zone == none:
		v.Verdict = Unknown
		if v.Server.Kind == Many {
			v.cause = toMany
		}
	case v.Client.Zone != v.Server.Zone:
		j.cross(&v)
	}
	return v
}

// directed tells whether the server is most likely the broadcast address of
// a subnet: it ends in 255 and never answered.
func directed(c *flow.Conversation) bool {
	ip := c.Server.IP
	return ip.Is4() && ip.As4()[3] == 255 && c.Packets[1] == 0
}

// match is what rules say of one conversation.
type match struct {
	rule     *rule
	entry    int
	protocol *plant.Protocol
	guessed  bool
}

// cross judges a conversation between two zones.
func (j *Judge) cross(v *Judgement) {
	rules := j.rules[[2]int{v.Client.Zone, v.Server.Zone}]
	v.Verdict, v.cause = NotAllowed, noConduit
	var buf [8]match
	ms := buf[:0]
	for i := range rules {
		ms = j.matches(v, &rules[i], ms)
	}
	if len(ms) == 0 {
		return
	}
	v.Conduit, v.Entry = ms[0].rule.conduit, ms[0].entry
	for _, o := range v.Conversation.Operations {
		if o.Function.Reply {
			continue
		}
		if !allowed(ms, o) {
			if v.denied == nil {
				v.denied = o
			}
			v.nDenied += asked(o)
		}
	}
	if v.denied != nil {
		v.cause = operations
		return
	}
	v.Verdict, v.cause = Allowed, plain
	if ms[0].guessed {
		v.cause = guessed
	}
	j.note(v, ms)
}

// asked is how often an operation was done, whoever was seen doing it.
func asked(o *flow.Operation) uint64 {
	if o.Requests > 0 {
		return o.Requests
	}
	return max(o.Responses, 1)
}

func allowed(ms []match, o *flow.Operation) bool {
	for i := range ms {
		if ms[i].protocol.Allows(o.Function.Class, o.Function.Code) {
			return true
		}
	}
	return false
}

// note counts a conversation at each protocol of a conduit that it used.
func (j *Judge) note(v *Judgement, ms []match) {
	c := v.Conversation
	for i := range ms {
		m := &ms[i]
		var classes uint16
		for _, o := range c.Operations {
			if !o.Function.Reply && m.protocol.Allows(o.Function.Class, o.Function.Code) {
				classes |= 1 << o.Function.Class
			}
		}
		if classes == 0 && len(c.Operations) > 0 {
			continue
		}
		u := &j.use[m.rule.conduit][m.entry]
		u.Conversations++
		u.Packets += c.Packets[0] + c.Packets[1]
		u.classes |= classes
		u.Seen.Add(c.Seen)
	}
}

// matches adds the protocols of a conduit that fit the conversation, and notes
// in v how near the others came.
func (j *Judge) matches(v *Judgement, r *rule, ms []match) []match {
	d := &j.m.Plant.Conduits[r.conduit]
	c := v.Conversation
	nearer := func(k cause) {
		if k > v.cause && len(ms) == 0 {
			v.cause, v.Conduit = k, r.conduit
		}
	}
	if r.back && !c.Reverse {
		nearer(otherWay)
		return ms
	}
	nearer(noProtocol)
	for i := range d.Protocols {
		p := &d.Protocols[i]
		if r.back && !p.AsksBack {
			continue
		}
		fits, guess := fitsProtocol(p, c)
		if !fits {
			continue
		}
		clients, servers := d.Clients, d.Servers
		if r.reversed {
			clients, servers = servers, clients
		}
		if !j.m.among(clients, &v.Client) || !j.m.among(servers, &v.Server) {
			nearer(notSides)
			continue
		}
		if r.expires != 0 && c.Last >= r.expires {
			nearer(expired)
			continue
		}
		ms = append(ms, match{r, i, p, guess})
	}
	return ms
}

// fitsProtocol tells whether a conversation is of a protocol of a conduit;
// guess says that only its port speaks for it.
func fitsProtocol(p *plant.Protocol, c *flow.Conversation) (fits, guess bool) {
	if len(p.Ports) > 0 && !c.Reverse && !onPort(p.Ports, c) {
		return false, false
	}
	switch p.Protocol {
	case plant.Any, c.Protocol, c.Transport:
		return true, false
	case "ip":
		return c.Client.IP.IsValid(), false
	case "ethernet":
		return !c.Client.IP.IsValid(), false
	}
	if c.Protocol != "" {
		return false, false
	}
	return len(p.Ports) > 0 || c.PortProtocol == p.Protocol, c.Payload[0]+c.Payload[1] > 0
}

func onPort(ports []plant.Port, c *flow.Conversation) bool {
	n := c.Number
	switch c.Transport {
	case "tcp", "udp", "sctp":
		n = uint32(c.Port)
	}
	for _, p := range ports {
		if p.Transport == c.Transport && p.First <= n && n <= p.Last {
			return true
		}
	}
	return false
}

// among tells whether an end is one of the members; without members it is.
func (m *Map) among(ms []plant.Member, s *Side) bool {
	if len(ms) == 0 {
		return true
	}
	for i := range ms {
		e := &ms[i]
		if e.External {
			if s.Kind == External {
				return true
			}
			continue
		}
		if e.Selectors() == 1 && e.IP.IsValid() {
			for _, r := range e.Ranges() {
				if r.Contains(s.End.IP) {
					return true
				}
			}
			continue
		}
		if a := m.assets[s.Asset]; a != nil {
			for k := range a.Interfaces {
				i := &a.Interfaces[k]
				if fits(e, a, i, s.End.IP) && (e.VLAN == 0 && e.MAC == plant.MAC{} || i.MAC == s.mac) {
					return true
				}
			}
		} else if ip, err := netip.ParseAddr(e.Asset); err == nil && e.Selectors() == 1 && ip == s.End.IP {
			return true
		}
	}
	return false
}

// changing are the classes that change something in the plant.
const changing = 1<<fact.Write | 1<<fact.Control | 1<<fact.Program | 1<<fact.Firmware | 1<<fact.Configure

// Settle finds among the allowed conversations those whose conduit lets more
// pass than anything used. All conversations must have been judged before.
func (j *Judge) Settle(vs []Judgement) {
	for i := range vs {
		v := &vs[i]
		if v.Verdict == Allowed && (v.cause == guessed || j.spare(v) != "") {
			v.Verdict = Wider
		}
	}
}

// spare says what a conduit allows beyond what was used; "" for nothing.
func (j *Judge) spare(v *Judgement) string {
	p := &j.m.Plant.Conduits[v.Conduit].Protocols[v.Entry]
	u := &j.use[v.Conduit][v.Entry]
	switch {
	case p.Protocol == plant.Any:
		return "any protocol"
	case p.Protocol != v.Conversation.Protocol && v.Conversation.Protocol != "":
		return "everything over " + p.Protocol
	case u.classes == 0:
		return ""
	case len(p.Classes) == 0 && len(p.Functions) == 0 && u.classes&changing != changing:
		return "every operation of " + p.Protocol
	}
	s := ""
	for _, c := range p.Classes {
		if k := fact.Class(c); changing&(1<<k) != 0 && !u.Used(k) {
			if s != "" {
				s += ", "
			}
			s += k.String()
		}
	}
	return s
}

// Use returns what went through a protocol of a conduit.
func (j *Judge) Use(conduit, entry int) *Use { return &j.use[conduit][entry] }

func utc(ns int64) time.Time { return time.Unix(0, ns).UTC() }
