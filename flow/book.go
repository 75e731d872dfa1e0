package flow

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// Limits of a book. Scans make conversations by the hundred thousand; what
// never got an answer is folded, so that the rest keeps its place.
const (
	foldPorts = 32      // unanswered ports of one server, per client, kept apart
	foldHosts = 256     // unanswered servers of one client kept apart
	maxKept   = 1 << 17 // conversations
	maxInside = 1 << 20 // operations, targets and session facts in all of them
)

// Book keeps the conversations.
type Book struct {
	byKey map[Key]*Conversation
	order []*Conversation // by first report
	ports map[[2]End]int  // unanswered conversations between two ends
	hosts map[End]int     // and from one client
	room  int             // how many more operations, targets and session facts are kept
}

// NewBook returns an empty book.
func NewBook() *Book {
	return &Book{byKey: make(map[Key]*Conversation), ports: make(map[[2]End]int), hosts: make(map[End]int), room: maxInside}
}

// Add joins the report of a flow and returns its conversation.
func (b *Book) Add(f *fact.Flow) *Conversation {
	k := keyOf(f)
	c := b.byKey[k]
	if c == nil {
		if vain(f) || len(b.order) >= maxKept {
			k = b.fold(k)
		}
		c = b.get(k)
	}
	c.join(f)
	if k.Port == 0 && f.Ends[f.Client^1].Port != 0 {
		if c.Ports == nil {
			c.Ports = make(map[uint16]struct{})
		}
		c.Ports[f.Ends[f.Client^1].Port] = struct{}{}
	}
	var back *Conversation
	for i := range f.Operations {
		s := &f.Operations[i]
		fromClient := s.From == f.Client
		if s.Kind == fact.Request && !fromClient || s.Kind == fact.Response && fromClient {
			if back == nil {
				back = b.get(reverse(k))
				back.MACs = [2]fact.MAC{c.MACs[1], c.MACs[0]}
				back.VLAN, back.Certain = c.VLAN, true
			}
			back.add(s, s.Kind == fact.Request)
			back.Seen.Add(s.Seen)
			continue
		}
		c.add(s, fromClient)
	}
	for i := range f.Session {
		c.session(&f.Session[i])
	}
	return c
}

func (b *Book) get(k Key) *Conversation {
	c := b.byKey[k]
	if c == nil {
		c = &Conversation{Key: k, room: &b.room}
		b.byKey[k] = c
		b.order = append(b.order, c)
	}
	return c
}

func end(p *fact.Party) End {
	if p.IP.IsValid() {
		return End{IP: p.IP}
	}
	return End{MAC: p.MAC}
}

func keyOf(f *fact.Flow) Key {
	c, s := &f.Ends[f.Client], &f.Ends[f.Client^1]
	return Key{Client: end(c), Server: end(s), Transport: f.Transport, Port: s.Port, Number: f.Number, Protocol: f.Protocol}
}

func reverse(k Key) Key {
	k.Client, k.Server, k.Reverse = k.Server, k.Client, true
	return k
}

// vain tells a flow that came to nothing: no answer, or a refusal.
func vain(f *fact.Flow) bool {
	switch f.Transport {
	case "tcp":
		return f.Protocol == "" && f.Payload[0]+f.Payload[1] == 0
	case "udp":
		return f.Protocol == "" && f.Packets[f.Client^1] == 0
	}
	return f.Protocol == "" && f.Packets[f.Client^1] == 0 && !f.Ends[1].IP.IsMulticast()
}

// fold widens the key of a conversation that came to nothing when there are
// many like it: first over the ports, then over the servers.
func (b *Book) fold(k Key) Key {
	pair := [2]End{k.Client, k.Server}
	wide := k
	wide.Port = 0
	if b.ports[pair] >= foldPorts {
		return wide
	}
	if b.hosts[k.Client] >= foldHosts || len(b.order) >= maxKept {
		wide.Server = End{}
		if len(b.order) >= maxKept {
			wide.Client = End{}
		}
		return wide
	}
	if b.ports[pair] == 0 {
		b.hosts[k.Client]++
	}
	b.ports[pair]++
	return k
}

func (c *Conversation) join(f *fact.Flow) {
	cl := int(f.Client)
	c.MACs[0], c.MACs[1] = f.Ends[cl].MAC, f.Ends[cl^1].MAC
	for i := range 2 {
		c.Packets[i] += f.Packets[cl^i]
		c.Bytes[i] += f.Bytes[cl^i]
		c.Payload[i] += f.Payload[cl^i]
	}
	if f.VLAN != 0 {
		c.VLAN = f.VLAN
	}
	if f.Ended {
		c.Flows++
	}
	count := func(n *uint64, is bool) {
		if is && f.Ended {
			*n++
		}
	}
	count(&c.Opened, f.Opened)
	count(&c.Answered, f.Answered)
	count(&c.Refused, f.Refused)
	c.Lost += f.Lost
	c.Holes += f.Holes
	c.Repeated += f.Repeated
	c.Duplicates += f.Duplicates
	c.Messages += f.Messages
	if c.Malformed == 0 {
		c.MalformedWhy, c.MalformedAt = f.MalformedWhy, f.MalformedAt
	}
	c.Malformed += f.Malformed
	c.Certain = c.Certain || f.ClientCertain
	if f.PortProtocol != "" {
		c.PortProtocol = f.PortProtocol
	}
	c.Untagged = c.Untagged || f.Untagged
	c.Tunnelled = c.Tunnelled || f.Encapsulated
	c.Seen.Add(f.Seen)
}

// Close ends the book and lists what was kept, by client, server, transport, port and
// protocol. Flows that were too short to be recognised are joined to the
// conversation on the same port that was.
func (b *Book) Close() []*Conversation {
	recognised := make(map[Key]*Conversation)
	for _, c := range b.order {
		if c.Protocol != "" && !c.Reverse {
			k := c.Key
			k.Protocol = ""
			if o := recognised[k]; o == nil || larger(c, o) {
				recognised[k] = c
			}
		}
	}
	list := make([]*Conversation, 0, len(b.order))
	for _, c := range b.order {
		if c.Protocol == "" && c.Port != 0 {
			if r := recognised[c.Key]; r != nil {
				r.absorb(c)
				continue
			}
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *Conversation) int { return compare(&a.Key, &b.Key) })
	for _, c := range list {
		c.sort()
	}
	return list
}

// larger tells whether c has more packets than o; of equals it is the one whose
// protocol comes first, whatever came first.
func larger(c, o *Conversation) bool {
	n, m := c.Packets[0]+c.Packets[1], o.Packets[0]+o.Packets[1]
	return n > m || n == m && c.Protocol < o.Protocol
}

// absorb joins the counts of o, which has no operations.
func (c *Conversation) absorb(o *Conversation) {
	for i := range 2 {
		c.Packets[i] += o.Packets[i]
		c.Bytes[i] += o.Bytes[i]
		c.Payload[i] += o.Payload[i]
	}
	c.Flows += o.Flows
	c.Opened += o.Opened
	c.Answered += o.Answered
	c.Refused += o.Refused
	c.Lost += o.Lost
	c.Holes += o.Holes
	c.Repeated += o.Repeated
	c.Duplicates += o.Duplicates
	c.Seen.Add(o.Seen)
	*o = Conversation{Key: o.Key}
}

func compareEnd(a, b End) int {
	return cmp.Or(a.IP.Compare(b.IP), slices.Compare(a.MAC[:], b.MAC[:]))
}

func compare(a, b *Key) int {
	rev := func(r bool) int {
		if r {
			return 1
		}
		return 0
	}
	return cmp.Or(
		compareEnd(a.Client, b.Client), compareEnd(a.Server, b.Server),
		strings.Compare(a.Transport, b.Transport), cmp.Compare(a.Port, b.Port), cmp.Compare(a.Number, b.Number),
		strings.Compare(a.Protocol, b.Protocol), cmp.Compare(rev(a.Reverse), rev(b.Reverse)))
}

func (c *Conversation) sort() {
	slices.SortFunc(c.Operations, func(a, b *Operation) int {
		x, y := &a.Function, &b.Function
		return cmp.Or(strings.Compare(x.Protocol, y.Protocol), cmp.Compare(len(x.Code), len(y.Code)), strings.Compare(x.Code, y.Code),
			strings.Compare(x.Object, y.Object), strings.Compare(x.Name, y.Name), cmp.Compare(x.Class, y.Class))
	})
	for _, o := range c.Operations {
		slices.SortFunc(o.Targets, func(a, b Target) int {
			return cmp.Or(cmp.Compare(a.Unit, b.Unit), strings.Compare(a.Name, b.Name), cmp.Compare(a.First, b.First), cmp.Compare(a.Length, b.Length))
		})
		o.targets, o.room = nil, nil
	}
	c.ops, c.room = nil, nil
	slices.SortFunc(c.Session, func(a, b fact.SessionStat) int {
		return cmp.Or(strings.Compare(string(a.Attr), string(b.Attr)), strings.Compare(a.Value, b.Value))
	})
}
