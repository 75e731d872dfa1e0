package html

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/report"
	"github.com/bulkhead-ot/bulkhead/topo"
)

type end struct {
	Asset string `json:"a,omitempty"`
	IP    string `json:"ip,omitempty"`
	MAC   string `json:"mac,omitempty"`
	Group bool   `json:"group,omitempty"`
	Many  bool   `json:"many,omitempty"`
}

type conversation struct {
	Client        end         `json:"c"`
	Server        end         `json:"s"`
	Transport     string      `json:"t"`
	Port          *uint16     `json:"port,omitempty"`
	Ports         int         `json:"ports,omitempty"`
	Protocol      string      `json:"proto"`
	Recognised    bool        `json:"known,omitempty"`
	PortProtocol  string      `json:"portProto,omitempty"`
	Reverse       bool        `json:"reverse,omitempty"`
	Certain       bool        `json:"certain,omitempty"`
	VLAN          uint16      `json:"vlan,omitempty"`
	Packets       uint64      `json:"packets"`
	Bytes         uint64      `json:"bytes"`
	ClientBytes   uint64      `json:"cb"`
	ServerBytes   uint64      `json:"sb"`
	Flows         uint64      `json:"flows"`
	Refused       uint64      `json:"refused,omitempty"`
	Unanswered    uint64      `json:"unanswered,omitempty"`
	Lost          uint64      `json:"lost,omitempty"`
	Retransmitted uint64      `json:"retx,omitempty"`
	Messages      uint64      `json:"messages"`
	Malformed     uint64      `json:"bad,omitempty"`
	MalformedWhy  string      `json:"badWhy,omitempty"`
	MalformedAt   uint64      `json:"badAt,omitempty"`
	First         micros      `json:"first"`
	Last          micros      `json:"last"`
	Frame         uint64      `json:"frame"`
	Operations    []operation `json:"ops,omitempty"`
	Session       []session   `json:"session,omitempty"`
	Crowded       bool        `json:"crowded,omitempty"`
	Class         fact.Class  `json:"cls"` // the most consequential of its operations
}

type operation struct {
	Protocol  string   `json:"proto,omitempty"`
	Code      string   `json:"code"`
	Function  string   `json:"fn"`
	Class     string   `json:"cls"`
	Object    string   `json:"obj,omitempty"`
	Requests  uint64   `json:"req"`
	Responses uint64   `json:"rsp"`
	Errors    uint64   `json:"err,omitempty"`
	Status    string   `json:"st,omitempty"`
	Reply     bool     `json:"reply,omitempty"`
	Cycle     *cycle   `json:"cyc,omitempty"`
	First     micros   `json:"first"`
	Last      micros   `json:"last"`
	Frame     uint64   `json:"frame"`
	Targets   []target `json:"tg,omitempty"`
	More      uint64   `json:"more,omitempty"` // targets left out of the page or not kept at all
}

// cycle is period, jitter, least and most, in seconds.
type cycle [4]float64

type target struct {
	Text    string `json:"t"`
	Times   uint64 `json:"n"`
	Errors  uint64 `json:"e,omitempty"`
	Value   string `json:"v,omitempty"`
	Changes uint64 `json:"ch,omitempty"`
	Cycle   *cycle `json:"cyc,omitempty"`
	Frame   uint64 `json:"f"`
}

type session struct {
	Attribute  fact.Attr `json:"k"`
	Value      string    `json:"v"`
	Source     string    `json:"src"`
	Confidence uint8     `json:"conf"`
	Frame      uint64    `json:"f"`
	Count      uint64    `json:"n"`
}

// classes by name, for the analysis holds them as text.
var classes = func() map[string]fact.Class {
	m := make(map[string]fact.Class)
	for c := fact.Other; c <= fact.Data; c++ {
		m[c.String()] = c
	}
	return m
}()

// gravest is the most consequential class of what was asked or told in a
// conversation; the codes of answers do not count.
func gravest(c *report.Conversation) fact.Class {
	g := fact.Other
	for i := range c.Operations {
		if k := classes[c.Operations[i].Class]; !c.Operations[i].Reply && topo.Graver(k, g) {
			g = k
		}
	}
	return g
}

// conversations takes over those that fit: what changes a plant first, then
// by volume.
func (d *data) conversations(a *report.Analysis) {
	weight := func(i int) uint64 {
		c := &a.Conversations[i]
		if topo.Graver(gravest(c), fact.Read) {
			return 1<<63 | c.Packets
		}
		return c.Packets
	}
	budget, cut := maxTargets, false
	for _, i := range d.pick("conversations", len(a.Conversations), maxConversations, weight) {
		c := conversationOf(&a.Conversations[i])
		for j, o := range a.Conversations[i].Operations {
			n := min(len(o.Targets), maxTargetsEach, budget)
			budget -= n
			cut = cut || n < len(o.Targets)
			c.Operations = append(c.Operations, operationOf(&a.Conversations[i].Operations[j], n))
		}
		d.Convs = append(d.Convs, c)
	}
	if cut {
		d.Notes = append(d.Notes, fmt.Sprintf("Operations show at most %d targets each; --format json has all.", maxTargetsEach))
	}
}

func endOf(e *report.End) end { return end{string(e.Asset), e.IP, e.MAC, e.Group, e.Many} }

func conversationOf(x *report.Conversation) conversation {
	c := conversation{
		Client: endOf(&x.Client), Server: endOf(&x.Server), Transport: x.Transport, Port: x.ServerPort, Ports: x.Ports,
		Protocol: clean(x.Protocol), Recognised: x.Recognised, PortProtocol: x.PortProtocol, Reverse: x.Reverse,
		Certain: x.ClientCertain, VLAN: x.VLAN, Packets: x.Packets, Bytes: x.Bytes, ClientBytes: x.ClientBytes,
		ServerBytes: x.ServerBytes, Flows: x.Flows, Refused: x.Refused, Unanswered: x.Unanswered, Lost: x.LostBytes,
		Retransmitted: x.Retransmitted, Messages: x.Messages, Malformed: x.Malformed, MalformedWhy: clean(x.MalformedWhy),
		MalformedAt: x.MalformedFrame, First: timeOf(x.First), Last: timeOf(x.Last), Frame: x.Frame, Crowded: x.Crowded,
		Class: gravest(x),
	}
	for _, s := range x.Session {
		c.Session = append(c.Session, session{s.Attribute, clean(s.Value), s.Source, s.Confidence, s.Frame, s.Count})
	}
	return c
}

func operationOf(x *report.Operation, targets int) operation {
	o := operation{
		Protocol: clean(x.Protocol), Code: clean(x.Code), Function: clean(x.Function), Class: x.Class, Object: clean(x.Object),
		Requests: x.Requests, Responses: x.Responses, Errors: x.Errors, Status: clean(x.Status), Reply: x.Reply,
		Cycle: cycleOf(x.Cycle), First: timeOf(x.First), Last: timeOf(x.Last), Frame: x.Frame,
		More: uint64(len(x.Targets)-targets) + x.Missed,
	}
	for _, t := range x.Targets[:targets] {
		o.Targets = append(o.Targets, target{clean(t.Text), t.Times, t.Errors, clean(t.Value), t.Changes, cycleOf(t.Cycle), t.Frame})
	}
	return o
}

func cycleOf(c *report.Cycle) *cycle {
	if c == nil {
		return nil
	}
	return &cycle{c.Period, c.Jitter, c.Min, c.Max}
}

// isInternet tells the end that stands for all peers outside.
func (e *end) isInternet() bool { return e.Asset == string(asset.Internet) }
