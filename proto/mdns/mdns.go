// Package mdns reads multicast DNS (RFC 6762) and the service discovery on
// top of it (RFC 6763).
package mdns

import (
	"fmt"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "mdns"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Multicast DNS and DNS service discovery",
	About: "Devices announce names, addresses and services to their network without a server: printers, cameras, gateways, workstations. " +
		"It is a rich source for the inventory, and shows what a device offers to whoever asks.",
	Spec:      "RFC 6762, RFC 6763",
	Limit:     "Known-answer lists in queries are not read as statements.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity,
	On:        []proto.On{{Carrier: proto.UDP, Numbers: []uint32{5353}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// queries and answers by record type. A multicast answer is an announcement
// that cannot be matched to a question.
var (
	queries = table("query", false)
	answers = table("announce", true)
)

func table(verb string, reply bool) (t [258]fact.Function) {
	for i := range t {
		text, ok := dnsmsg.TypeNames[uint16(i)]
		if !ok {
			text = fmt.Sprintf("type %d", i)
		}
		t[i] = fact.Function{Protocol: name, Code: strconv.Itoa(i), Name: verb + " " + text, Class: fact.Discover, Reply: reply}
	}
	return t
}

func of(t *[258]fact.Function, qtype uint16) *fact.Function {
	if int(qtype) < len(t) {
		return &t[qtype]
	}
	return &t[0] // types above 257 do not occur in mDNS
}

func allFunctions() []fact.Function {
	var fs []fact.Function
	for i := range queries {
		if dnsmsg.TypeNames[uint16(i)] != "" {
			fs = append(fs, queries[i], answers[i])
		}
	}
	return fs
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if !h.OnPort || check(b) != nil {
		return proto.No
	}
	m := dnsmsg.NewReader(b)
	if m.Opcode() != 0 || m.Count == [4]uint16{} {
		return proto.No
	}
	return proto.Yes
}

// check walks the message once.
func check(b []byte) error {
	m := dnsmsg.NewReader(b)
	var rec dnsmsg.Record
	for m.Next(&rec) {
	}
	if m.Err() != nil && m.Truncated() && len(b) >= dnsmsg.HeaderLen {
		return nil
	}
	return m.Err()
}

type session struct {
	known bool // the client is known
	seen  recent.Set
	name  [dnsmsg.MaxName]byte
	text  [dnsmsg.MaxName]byte
}

func (s *session) Reset() { s.known, s.seen = false, recent.Set{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if err := check(b); err != nil {
		return 0, err
	}
	m := dnsmsg.NewReader(b)
	s.learn(c, m.Response())
	if fresh := !s.seen.Seen(0, b[2:]); fresh {
		s.identify(c, b, m.Response())
	}
	if m.Response() {
		s.announce(c, b)
		return len(b), nil
	}
	var rec dnsmsg.Record
	for m.Next(&rec) && rec.Section == dnsmsg.Question {
		op := c.Op(of(&queries, rec.Type), fact.Request)
		op.Target.Name, op.Target.Set = s.nameAt(b, rec.Name), true
		c.Emit()
	}
	return len(b), nil
}

func (s *session) nameAt(b []byte, at int) []byte {
	n, _ := dnsmsg.AppendName(s.name[:0], b, at)
	return n
}

// announce reports a response as one operation, named by its first answer.
func (s *session) announce(c *proto.Context, b []byte) {
	m := dnsmsg.NewReader(b)
	var rec dnsmsg.Record
	for m.Next(&rec) && rec.Section == dnsmsg.Question {
	}
	f := of(&answers, rec.Type)
	kind, asked := fact.Notice, (*fact.Function)(nil)
	if !c.Dst.Addr().IsMulticast() {
		kind, asked = fact.Response, of(&queries, rec.Type)
	}
	op := c.Op(f, kind)
	op.Answers = asked
	op.Target.Name, op.Target.Set = s.nameAt(b, rec.Name), true
	if code := m.Rcode(); code != 0 {
		op.Failed, op.Status = true, dnsmsg.Rcodes[code]
	}
	c.Emit()
}

// learn: who asks a group, or announces to it, is the client of that
// conversation; who answers one host is its server.
func (s *session) learn(c *proto.Context, response bool) {
	if s.known {
		return
	}
	s.known = true
	switch {
	case !response || c.Dst.Addr().IsMulticast():
		c.SenderIsClient()
	default:
		c.SenderIsServer()
	}
}
