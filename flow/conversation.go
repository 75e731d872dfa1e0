// Package flow keeps conversations: all flows between the same client, server,
// protocol and server port, with their statistics and operations. It is pure:
// facts go in, conversations come out.
package flow

import (
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// Key names a conversation.
type Key struct {
	Client, Server End
	Transport      string
	Port           uint16 // of the server; 0 without ports, or for many ports folded into one
	Number         uint32 // EtherType, SAP or IP protocol number where there are no ports
	Protocol       string // "" if it was not recognised
	Reverse        bool   // asked by the server end over a connection that the other opened
}

// End is one end of a conversation: an IP address, or where there is none a
// hardware address. Both are zero for "many hosts".
type End struct {
	IP  netip.Addr
	MAC fact.MAC // only where there is no IP
}

// Group tells whether the end stands for several hosts: a broadcast or
// multicast address.
func (e End) Group() bool {
	if e.IP.IsValid() {
		return e.IP.IsMulticast() || e.IP == netip.AddrFrom4([4]byte{255, 255, 255, 255})
	}
	return e.MAC.Group()
}

// Many tells whether the end stands for hosts too many to keep apart.
func (e End) Many() bool { return !e.IP.IsValid() && e.MAC.IsZero() }

// String writes the address.
func (e End) String() string {
	switch {
	case e.IP.IsValid():
		return e.IP.String()
	case e.MAC.IsZero():
		return "many"
	default:
		return e.MAC.String()
	}
}

// Conversation is all that was exchanged under one key. Index 0 is from the
// client, 1 from the server.
type Conversation struct {
	Key
	MACs         [2]fact.MAC // of the last hop, as seen last
	VLAN         uint16
	Packets      [2]uint64
	Bytes        [2]uint64
	Payload      [2]uint64
	Flows        uint64
	Ports        map[uint16]struct{} // server ports, when folded
	Opened       uint64              // connections whose opening was seen
	Answered     uint64              // of these, accepted
	Refused      uint64
	Lost         uint64
	Holes        uint64
	Repeated     uint64
	Duplicates   uint64
	Messages     uint64
	Malformed    uint64
	MalformedWhy string
	MalformedAt  uint64
	Certain      bool   // the client is certain
	PortProtocol string // what the port is registered for, when that differs
	Untagged     bool
	Tunnelled    bool
	fact.Seen

	Operations []*Operation
	Session    []fact.SessionStat
	Crowded    bool // some targets, operations or session facts were not kept

	room *int // how many more operations, targets and session facts the book keeps
	ops  map[opKey]*Operation
}

// Operation is what one function does in a conversation.
type Operation struct {
	Function  fact.Function
	Requests  uint64 // messages from the client with this code
	Responses uint64 // messages from the server with this code, or that answer it
	Paired    uint64 // of these, the ones whose message has a code of its own and is counted there too
	Errors    uint64 // of the responses, the ones that report failure
	Status    string // of the first failure
	Cycle     fact.Cycle
	Targets   []Target
	Missed    uint64 // messages whose target was not kept
	fact.Seen

	room    *int
	targets map[targetKey]int
}

// Target is what happened to one target of a function.
type Target struct {
	Unit   uint32
	First  uint64
	Length uint32
	Name   string
	Errors uint64
	Value  string
	Values uint64
	Cycle  fact.Cycle
	fact.Seen
}

type opKey struct {
	protocol, code, name, object string
	class                        fact.Class
}

type targetKey struct {
	unit  uint32
	first uint64
	count uint32
	name  string
}

// Limits of one conversation.
const (
	maxOperations = 1024
	maxTargets    = 512
	maxSession    = 256
	fewOperations = 8 // up to so many are looked for one by one
	fewTargets    = 8
)

func (c *Conversation) operation(f *fact.Function) *Operation {
	if o := c.known(f); o != nil {
		return o
	}
	if len(c.Operations) >= maxOperations || *c.room <= 0 {
		c.Crowded = true
		return nil
	}
	*c.room--
	o := &Operation{Function: *f, room: c.room}
	c.Operations = append(c.Operations, o)
	if c.ops != nil {
		c.ops[opKeyOf(f)] = o
	}
	return o
}

// known looks for an operation. The index is made when there are more than a few.
func (c *Conversation) known(f *fact.Function) *Operation {
	k := opKeyOf(f)
	if len(c.Operations) > fewOperations {
		if c.ops == nil {
			c.ops = make(map[opKey]*Operation)
			for _, o := range c.Operations {
				c.ops[opKeyOf(&o.Function)] = o
			}
		}
		return c.ops[k]
	}
	for _, o := range c.Operations {
		if opKeyOf(&o.Function) == k {
			return o
		}
	}
	return nil
}

func opKeyOf(f *fact.Function) opKey { return opKey{f.Protocol, f.Code, f.Name, f.Object, f.Class} }

// add joins what a flow reports of one function; asks says that the sender is
// the client.
func (c *Conversation) add(s *fact.OperationStat, asks bool) {
	o := c.operation(s.Function)
	if o == nil {
		return
	}
	if asks {
		o.Requests += s.Count
	} else {
		o.Responses += s.Count
	}
	o.Errors += s.Failed
	if o.Status == "" {
		o.Status = s.Status
	}
	seen := s.Seen
	o.Seen.Add(seen)
	if s.Kind != fact.Response {
		o.Cycle.Add(s.Cycle)
	}
	o.Missed += s.Missed
	for i := range s.Targets {
		o.target(&s.Targets[i])
	}
	if s.Answers == nil {
		return
	}
	if a := c.operation(s.Answers); a != nil {
		a.Responses += s.Count
		a.Paired += s.Count
		a.Errors += s.Failed
		if a.Status == "" {
			a.Status = s.Status
		}
		if a.Count == 0 {
			a.Seen.Add(fact.Seen{First: s.First, Last: s.Last, Frame: s.Frame, Count: 1})
		}
	}
}

func (o *Operation) target(t *fact.TargetStat) {
	k := targetKey{t.Unit, t.First, t.Count, t.Name}
	i, ok := o.known(k)
	if !ok {
		if len(o.Targets) >= maxTargets || *o.room <= 0 {
			o.Missed += t.Seen.Count
			return
		}
		*o.room--
		i = len(o.Targets)
		if o.targets != nil {
			o.targets[k] = i
		}
		o.Targets = append(o.Targets, Target{Unit: t.Unit, First: t.First, Length: t.Count, Name: t.Name})
	}
	e := &o.Targets[i]
	e.Errors += t.Failed
	if t.Value != "" {
		if e.Value != "" && e.Value != t.Value {
			e.Values++
		}
		e.Value = t.Value
	}
	e.Values += t.Values
	e.Cycle.Add(t.Cycle)
	e.Seen.Add(t.Seen)
}

// known looks for a target. The index is made when there are more than a few.
func (o *Operation) known(k targetKey) (int, bool) {
	if len(o.Targets) > fewTargets {
		if o.targets == nil {
			o.targets = make(map[targetKey]int)
			for i := range o.Targets {
				o.targets[o.Targets[i].key()] = i
			}
		}
		i, ok := o.targets[k]
		return i, ok
	}
	for i := range o.Targets {
		if o.Targets[i].key() == k {
			return i, true
		}
	}
	return 0, false
}

func (t *Target) key() targetKey { return targetKey{t.Unit, t.First, t.Length, t.Name} }

func (c *Conversation) session(s *fact.SessionStat) {
	for i := range c.Session {
		if e := &c.Session[i]; e.Attr == s.Attr && e.Value == s.Value {
			e.Confidence = max(e.Confidence, s.Confidence)
			e.Seen.Add(s.Seen)
			return
		}
	}
	if len(c.Session) >= maxSession || *c.room <= 0 {
		c.Crowded = true
		return
	}
	*c.room--
	c.Session = append(c.Session, *s)
}
