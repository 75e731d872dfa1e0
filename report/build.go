package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/zone"
)

// Build makes the analysis of a state. titles gives the full names of
// protocols by their short ones.
func Build(c Capture, s hub.State, titles map[string]string) *Analysis {
	a := &Analysis{
		Schema: Schema, Capture: c,
		Protocols: protocols(s.Conversations, titles),
		Alerts:    []struct{}{},
		Omitted: []string{
			"alerts: no detections in this version",
		},
		Assets: make([]Asset, 0, len(s.Inventory.Assets)), External: make([]External, 0, len(s.Inventory.External)),
		Conversations: make([]Conversation, 0, len(s.Conversations)),
	}
	for _, x := range s.Inventory.Assets {
		a.Assets = append(a.Assets, assetOf(x))
	}
	for i := range s.Inventory.External {
		a.External = append(a.External, externalOf(&s.Inventory.External[i]))
	}
	for _, x := range s.Conversations {
		a.Conversations = append(a.Conversations, conversationOf(x, s.Inventory))
	}
	a.Zones, a.Conduits = Proposed(zone.Propose(s.Inventory, s.Conversations))
	a.Findings = standOut(a)
	return a
}

func assetOf(x *asset.Asset) Asset {
	a := Asset{
		ID: string(x.ID), Name: x.Name(), Role: Role{x.Role.Value, x.Role.Confidence, x.Role.Why},
		PurdueWhy: x.PurdueWhy, Merged: x.Merged, Attributes: attributes(x.Attributes), Protocols: []Use{}, Interfaces: []Interface{},
		FirstSeen: Time(x.First), LastSeen: Time(x.Last), Frame: x.Frame, Packets: x.Packets, Bytes: x.Bytes,
	}
	if x.PurdueLevel >= 0 {
		l := x.PurdueLevel
		a.PurdueLevel = &l
	}
	for _, i := range x.Interfaces {
		out := Interface{IPs: []string{}, VLAN: i.VLAN}
		if !i.MAC.IsZero() {
			out.MAC = i.MAC.String()
		}
		for _, ip := range i.IPs {
			out.IPs = append(out.IPs, ip.String())
		}
		a.Interfaces = append(a.Interfaces, out)
	}
	for _, p := range x.Parts {
		a.Parts = append(a.Parts, Part{p.Name, attributes(p.Attributes)})
	}
	for _, c := range x.Conflicts {
		a.Conflicts = append(a.Conflicts, Conflict{c.Text, c.Frames})
	}
	for _, u := range x.Protocols {
		a.Protocols = append(a.Protocols, Use{u.Protocol, u.As})
	}
	return a
}

func attributes(m map[fact.Attr][]asset.Value) map[fact.Attr][]Value {
	out := make(map[fact.Attr][]Value, len(m))
	for k, vs := range m {
		for _, v := range vs {
			out[k] = append(out[k], Value{v.Value, v.Source, v.Confidence, Time(v.First), Time(v.Last), v.Frame, v.Count})
		}
	}
	return out
}

func externalOf(x *asset.External) External {
	e := External{IP: x.IP.String(), Names: []string{}, Packets: x.Packets, Bytes: x.Bytes,
		FirstSeen: Time(x.First), LastSeen: Time(x.Last), Frame: x.Frame}
	for _, n := range x.Names {
		e.Names = append(e.Names, n.Value)
	}
	return e
}

func endOf(e flow.End, mac fact.MAC, inv *asset.Inventory) End {
	out := End{Group: e.Group(), Many: e.Many()}
	if e.IP.IsValid() {
		out.IP = e.IP.String()
	}
	if !e.MAC.IsZero() {
		mac = e.MAC
	}
	if !mac.IsZero() {
		out.MAC = mac.String()
	}
	if !out.Group && !out.Many {
		out.Asset = inv.Find(e.IP, mac)
	}
	return out
}

func conversationOf(x *flow.Conversation, inv *asset.Inventory) Conversation {
	c := Conversation{
		Client: endOf(x.Client, x.MACs[0], inv), Server: endOf(x.Server, x.MACs[1], inv),
		Transport: x.Transport, Ports: len(x.Ports), Protocol: x.Protocol, Recognised: x.Protocol != "",
		PortProtocol: x.PortProtocol, Reverse: x.Reverse, ClientCertain: x.Certain, VLAN: x.VLAN,
		Packets: x.Packets[0] + x.Packets[1], Bytes: x.Bytes[0] + x.Bytes[1],
		ClientPackets: x.Packets[0], ClientBytes: x.Bytes[0], ServerPackets: x.Packets[1], ServerBytes: x.Bytes[1],
		ClientPayload: x.Payload[0], ServerPayload: x.Payload[1], Flows: x.Flows, Refused: x.Refused,
		LostBytes: x.Lost, Retransmitted: x.Repeated, Duplicates: x.Duplicates, Messages: x.Messages,
		Malformed: x.Malformed, MalformedWhy: x.MalformedWhy, MalformedFrame: x.MalformedAt,
		First: Time(x.First), Last: Time(x.Last), Frame: x.Frame, Operations: []Operation{}, Crowded: x.Crowded,
	}
	if x.Opened > x.Answered+x.Refused {
		c.Unanswered = x.Opened - x.Answered - x.Refused
	}
	switch x.Transport {
	case "tcp", "udp":
		if x.Port != 0 || len(x.Ports) == 0 {
			p := x.Port
			c.ServerPort = &p
		}
	default:
		c.Number = x.Number
	}
	if c.Protocol == "" {
		c.Protocol = unknownName(x)
	}
	for _, o := range x.Operations {
		c.Operations = append(c.Operations, operationOf(o, x.Protocol))
	}
	for _, s := range x.Session {
		c.Session = append(c.Session, SessionFact{s.Attr, s.Value, s.Source, s.Confidence, Time(s.First), Time(s.Last), s.Frame, s.Count})
	}
	return c
}

// unknownName names what was not recognised by what carries it.
func unknownName(x *flow.Conversation) string {
	switch x.Transport {
	case "ethernet":
		return fmt.Sprintf("ethertype 0x%04x", x.Number)
	case "llc":
		return fmt.Sprintf("llc 0x%02x", x.Number)
	case "snap":
		return fmt.Sprintf("snap 0x%x", x.Number)
	case "ip":
		return fmt.Sprintf("ip %d", x.Number)
	}
	return x.Transport
}

func operationOf(o *flow.Operation, protocol string) Operation {
	f := &o.Function
	out := Operation{
		Code: f.Code, Function: f.Name, Class: f.Class.String(), Object: f.Object, Requests: o.Requests, Responses: o.Responses,
		Errors: o.Errors, Status: o.Status, Reply: f.Reply, Cycle: cycleOf(&o.Cycle),
		First: Time(o.First), Last: Time(o.Last), Frame: o.Frame, Missed: o.Missed,
	}
	if f.Protocol != protocol {
		out.Protocol = f.Protocol
	}
	for i := range o.Targets {
		out.Targets = append(out.Targets, targetOf(&o.Targets[i]))
	}
	return out
}

// cycleOf states a period only where there is one: at least ten intervals.
func cycleOf(c *fact.Cycle) *Cycle {
	if c.N < 10 {
		return nil
	}
	s := func(ns float64) float64 { return math.Round(ns/1e3) / 1e6 }
	return &Cycle{s(c.Mean), s(math.Sqrt(c.M2 / float64(c.N))), s(float64(c.Min)), s(float64(c.Max))}
}

func targetOf(t *flow.Target) Target {
	out := Target{
		Count: t.Length, Name: t.Name, Times: t.Seen.Count, Errors: t.Errors, Value: t.Value, Changes: t.Values,
		Cycle: cycleOf(&t.Cycle), Frame: t.Frame,
	}
	if t.Unit != 0 {
		out.Unit = &t.Unit
	}
	if t.First != 0 || t.Length != 0 || t.Name == "" {
		out.First = &t.First
	}
	out.Text = targetText(t)
	return out
}

// targetText writes a target for people: "unit 1, 100 to 109".
func targetText(t *flow.Target) string {
	var s []string
	if t.Unit != 0 {
		s = append(s, "unit "+strconv.FormatUint(uint64(t.Unit), 10))
	}
	if t.Name != "" {
		s = append(s, t.Name)
	}
	switch {
	case t.Length > 1:
		s = append(s, fmt.Sprintf("%d to %d", t.First, t.First+uint64(t.Length)-1))
	case t.First != 0 || t.Length == 1 || t.Name == "":
		s = append(s, strconv.FormatUint(t.First, 10))
	}
	return strings.Join(s, ", ")
}

// protocols sums up by protocol. What is carried inside another protocol has
// messages only: its packets are counted with the carrier.
func protocols(cs []*flow.Conversation, titles map[string]string) []Protocol {
	by := make(map[string]*Protocol)
	get := func(name string) *Protocol {
		p := by[name]
		if p == nil {
			p = &Protocol{Protocol: name, Title: titles[name]}
			by[name] = p
		}
		return p
	}
	for _, c := range cs {
		name := c.Protocol
		if name == "" {
			name = unknownName(c)
		}
		p := get(name)
		p.Packets += c.Packets[0] + c.Packets[1]
		p.Bytes += c.Bytes[0] + c.Bytes[1]
		p.Messages += c.Messages
		p.Malformed += c.Malformed
		carried(c, get)
	}
	list := make([]Protocol, 0, len(by))
	for _, p := range by {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b Protocol) int { return strings.Compare(a.Protocol, b.Protocol) })
	return list
}

// carried counts the messages of protocols inside that of c. Answers with a
// code of their own are counted there, not again with their request.
func carried(c *flow.Conversation, get func(string) *Protocol) {
	for _, o := range c.Operations {
		if f := &o.Function; f.Protocol != c.Protocol {
			p := get(f.Protocol)
			p.Carrier = c.Protocol
			p.Messages += o.Requests + o.Responses - o.Paired
		}
	}
}
