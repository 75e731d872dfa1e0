package fact

import "net/netip"

// Seen says when, how often and in which frame first something was observed.
type Seen struct {
	First, Last int64  // of the packets: ns since 1970 UTC
	Frame       uint64 // of the first one, from 1
	Count       uint64
}

// Add joins two observations of the same thing.
func (s *Seen) Add(o Seen) {
	if o.Count == 0 {
		return
	}
	if s.Count == 0 {
		*s = o
		return
	}
	if o.First < s.First || o.First == s.First && o.Frame < s.Frame {
		s.First, s.Frame = o.First, o.Frame
	}
	s.Last = max(s.Last, o.Last)
	s.Count += o.Count
}

// At joins one more observation.
func (s *Seen) At(time int64, frame uint64, n uint64) {
	s.Add(Seen{time, time, frame, n})
}

// Statement is an identity fact with its evidence, as the sensor hands it on:
// subjects by address, each distinct statement once and again when it was
// seen more often.
type Statement struct {
	MAC        MAC        // of the frame that carried it; zero if none
	IP         netip.Addr // zero if the sender has none
	Part       string
	Stated     bool // MAC and IP were named by the protocol, they are not those of the frame
	Attr       Attr
	Value      string
	Source     string
	Confidence uint8
	Protocol   string
	Seen
}

// Party is one end of a flow.
type Party struct {
	MAC  MAC // of the last hop; zero if the link has none
	IP   netip.Addr
	Port uint16
	TTL  uint8 // hop count left in the last packet that it sent; 0 if it sent none
}

// Cycle describes how regularly something came, from the times between.
// All in ns.
type Cycle struct {
	N        uint64  // intervals
	Mean     float64 // of the intervals
	M2       float64 // sum of squared differences from the mean
	Min, Max int64
}

// Interval adds one interval (Welford's method).
func (c *Cycle) Interval(d int64) {
	if d < 0 {
		return
	}
	if c.N == 0 || d < c.Min {
		c.Min = d
	}
	c.Max = max(c.Max, d)
	c.N++
	x := float64(d)
	delta := x - c.Mean
	c.Mean += delta / float64(c.N)
	c.M2 += delta * (x - c.Mean)
}

// Add joins the intervals of o (Chan's method).
func (c *Cycle) Add(o Cycle) {
	if o.N == 0 {
		return
	}
	if c.N == 0 {
		*c = o
		return
	}
	n := c.N + o.N
	delta := o.Mean - c.Mean
	c.M2 += o.M2 + delta*delta*float64(c.N)*float64(o.N)/float64(n)
	c.Mean += delta * float64(o.N) / float64(n)
	c.N = n
	c.Min, c.Max = min(c.Min, o.Min), max(c.Max, o.Max)
}

// TargetStat is what happened to one target of a function.
type TargetStat struct {
	Unit   uint32
	First  uint64
	Count  uint32
	Name   string
	Failed uint64
	Value  string // the last one, as text; "" if none was seen
	Values uint64 // how often the value changed
	Cycle  Cycle  // between requests or notices
	Seen
}

// OperationStat is what one function did in one flow.
type OperationStat struct {
	Function *Function
	Answers  *Function // see Operation
	Kind     Kind
	From     uint8 // the side that sent it, as index of Flow.Ends
	Failed   uint64
	Status   string // of the first failure
	Cycle    Cycle  // between messages
	Targets  []TargetStat
	Missed   uint64 // messages whose target was not kept, for there are too many
	Seen
}

// SessionStat is an identity fact about the conversation.
type SessionStat struct {
	Attr       Attr
	Value      string
	Source     string
	Confidence uint8
	Seen
}

// Flow is who exchanged how much with whom since the last report of the same
// flow, with the operations in it.
type Flow struct {
	Ends          [2]Party // the first sent the first packet
	Client        uint8    // which of the two is the client
	ClientCertain bool     // told by the connection or the protocol, not by its ports
	Transport     string   // "tcp", "udp", "icmp", "ethernet", ...
	Number        uint32   // EtherType, SAP or IP protocol number where there are no ports
	VLAN          uint16
	Protocol      string // "" if not recognised
	PortProtocol  string // what the port is registered for, if that is another or nothing was recognised
	Packets       [2]uint64
	Bytes         [2]uint64 // on the wire, with link headers
	Payload       [2]uint64 // above the transport
	Messages      uint64
	Malformed     uint64
	MalformedWhy  string // of the first one
	MalformedAt   uint64 // its frame
	Opened        bool   // the opening was seen (TCP)
	Answered      bool   // and it was accepted
	Refused       bool   // by a reset, or by an ICMP error
	Ended         bool   // nothing more will come
	Lost          uint64 // bytes that the capture lacks
	Holes         uint64 // places where bytes lack
	Repeated      uint64 // segments that had all come before
	Duplicates    uint64 // packets that a mirror port delivered twice
	Untagged      bool   // some packets had no VLAN tag while others did
	Encapsulated  bool
	Operations    []OperationStat
	Session       []SessionStat
	Seen
}

// Batch is what a sensor hands on at once, in the order of events.
type Batch struct {
	Flows      []*Flow
	Statements []*Statement
}
