package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/zone"
)

// CheckSchema names the version of the document that zones check writes.
const CheckSchema = "bulkhead.check/1"

// Check is the traffic judged against a plant file.
type Check struct {
	Schema        string            `json:"schema"`
	Plant         string            `json:"plant"`
	Capture       Capture           `json:"capture"`
	First         string            `json:"first,omitempty"`
	Last          string            `json:"last,omitempty"`
	Verdicts      map[string]int    `json:"verdicts"`
	Conversations []Judged          `json:"conversations"`
	Matrix        []MatrixCell      `json:"matrix"`
	Conduits      []Conduit         `json:"conduits"`
	Unknown       []UnknownAsset    `json:"unknown_assets"`
	Bridges       []Bridge          `json:"bridges"`
	Remote        []RemoteAccess    `json:"remote_access"`
	Warnings      []string          `json:"warnings"`
	names         map[string]string // zones
}

// Judged is a conversation with its verdict.
type Judged struct {
	Client     End      `json:"client"`
	Server     End      `json:"server"`
	From       string   `json:"from,omitempty"` // zone
	To         string   `json:"to,omitempty"`
	Transport  string   `json:"transport"`
	ServerPort uint16   `json:"server_port,omitempty"`
	Protocol   string   `json:"protocol"`
	Classes    []string `json:"classes"`
	Verdict    string   `json:"verdict"`
	Conduit    string   `json:"conduit,omitempty"`
	Why        string   `json:"why"`
	Packets    uint64   `json:"packets"`
	Bytes      uint64   `json:"bytes"`
	First      Time     `json:"first"`
	Last       Time     `json:"last"`
	Frame      uint64   `json:"frame"`
	names      [2]string
}

// MatrixCell is all traffic from one zone to another.
type MatrixCell struct {
	From          string         `json:"from"` // "" for what is in no zone
	To            string         `json:"to"`
	Conversations int            `json:"conversations"`
	Verdicts      map[string]int `json:"verdicts"`
	Packets       uint64         `json:"packets"`
	Bytes         uint64         `json:"bytes"`
	First         Time           `json:"first"`
	Last          Time           `json:"last"`
	Frames        []uint64       `json:"frames"`
}

// UnknownAsset is an address in no zone that took part.
type UnknownAsset struct {
	Asset         asset.ID `json:"asset,omitempty"`
	Address       string   `json:"address"`
	Name          string   `json:"name"`
	Conversations int      `json:"conversations"`
	Frame         uint64   `json:"frame"`
}

// Bridge is something that connects zones around the conduits.
type Bridge struct {
	Asset         asset.ID `json:"asset"`
	Name          string   `json:"name"`
	Zones         []string `json:"zones"`
	Addresses     []string `json:"addresses,omitempty"`
	Conversations int      `json:"conversations"`
	Packets       uint64   `json:"packets"`
	Frames        []uint64 `json:"frames"`
	Why           string   `json:"why"`
}

// RemoteAccess is a way by which somebody reaches into the plant.
type RemoteAccess struct {
	Kind    string `json:"kind"`
	Tool    string `json:"tool"`
	Outside bool   `json:"outside"`
	Verdict string `json:"verdict,omitempty"`
	Why     string `json:"why"`
	Packets uint64 `json:"packets"`
	First   Time   `json:"first"`
	Last    Time   `json:"last"`
	Frame   uint64 `json:"frame"`
}

// CheckOf makes the document of a check.
func CheckOf(c Capture, k *zone.Check, warnings []string) *Check {
	m := k.Map
	d := &Check{Schema: CheckSchema, Plant: m.Plant.Name, Capture: c, Verdicts: verdicts(&k.Verdicts), Conversations: []Judged{},
		Matrix: []MatrixCell{}, Unknown: []UnknownAsset{}, Bridges: []Bridge{}, Remote: []RemoteAccess{}, Warnings: warnings, names: make(map[string]string)}
	if d.Warnings == nil {
		d.Warnings = []string{}
	}
	if !k.First.IsZero() {
		d.First, d.Last = Time(k.First.UnixNano()).String(), Time(k.Last.UnixNano()).String()
	}
	for i := range m.Plant.Zones {
		d.names[string(m.Plant.Zones[i].ID)] = m.Plant.Zones[i].Label()
	}
	for i := range k.Judgements {
		d.Conversations = append(d.Conversations, judged(k, &k.Judgements[i]))
	}
	for i := range k.Matrix {
		x := &k.Matrix[i]
		d.Matrix = append(d.Matrix, MatrixCell{string(m.ID(x.From)), string(m.ID(x.To)), x.Conversations, verdicts(&x.Verdicts), x.Packets, x.Bytes, Time(x.First), Time(x.Last), x.Frames})
	}
	var a Analysis
	a.Divide(k)
	d.Conduits = a.Conduits
	for i := range k.Strangers {
		s := &k.Strangers[i]
		d.Unknown = append(d.Unknown, UnknownAsset{s.Asset, s.End.String(), s.Name, s.Conversations, s.Frame})
	}
	for i := range k.Bridges {
		b := &k.Bridges[i]
		x := Bridge{Asset: b.Asset, Name: b.Name, Zones: []string{}, Addresses: b.Addresses, Conversations: b.Conversations, Packets: b.Packets, Frames: slices.Clip(append([]uint64{}, b.Frames...)), Why: b.Why}
		for _, z := range b.Zones {
			x.Zones = append(x.Zones, string(m.ID(z)))
		}
		d.Bridges = append(d.Bridges, x)
	}
	for i := range k.Remote {
		r := &k.Remote[i]
		x := RemoteAccess{Kind: r.Kind, Tool: r.Tool, Outside: r.Outside, Why: r.Why, Packets: r.Packets, First: Time(r.First), Last: Time(r.Last), Frame: r.Frame}
		if r.Judgement >= 0 {
			x.Verdict = k.Judgements[r.Judgement].Verdict.String()
		}
		d.Remote = append(d.Remote, x)
	}
	return d
}

func verdicts(n *[5]int) map[string]int {
	m := make(map[string]int)
	for v, c := range n {
		if c > 0 {
			m[zone.Verdict(v).String()] = c
		}
	}
	return m
}

func judged(k *zone.Check, v *zone.Judgement) Judged {
	m, c := k.Map, v.Conversation
	j := Judged{
		Client: endOf(c.Client, c.MACs[0], m.Inv), Server: endOf(c.Server, c.MACs[1], m.Inv),
		From: string(m.ID(v.Client.Zone)), To: string(m.ID(v.Server.Zone)), Transport: c.Transport, ServerPort: c.Port,
		Protocol: c.Protocol, Classes: []string{}, Verdict: v.Verdict.String(), Why: k.Reason(v),
		Packets: c.Packets[0] + c.Packets[1], Bytes: c.Bytes[0] + c.Bytes[1], First: Time(c.First), Last: Time(c.Last), Frame: c.Frame,
		names: [2]string{m.Name(&v.Client), m.Name(&v.Server)},
	}
	if j.Protocol == "" {
		j.Protocol = unknownName(c)
	}
	if v.Conduit >= 0 {
		j.Conduit = string(m.Plant.Conduits[v.Conduit].ID)
	}
	for _, o := range c.Operations {
		if n := o.Function.Class.String(); !o.Function.Reply && !slices.Contains(j.Classes, n) {
			j.Classes = append(j.Classes, n)
		}
	}
	slices.Sort(j.Classes)
	return j
}

// Text writes the check for a person: what crosses first.
func (d *Check) Text(w io.Writer) error {
	t := &text{b: bufio.NewWriter(w)}
	t.say("", fmt.Sprintf("%s conversations: %s", thousands(uint64(len(d.Conversations))), tally(d.Verdicts)))
	if d.First != "" {
		t.say("Watched: ", d.First[:19]+" to "+d.Last[:19]+" UTC; capture quality "+d.Capture.Quality.Verdict)
	}
	t.warnings(d.Warnings)
	t.verdict(d, "Not allowed", "not allowed")
	t.verdict(d, "Unknown assets take part", "unknown asset")
	t.verdict(d, "Allowed, and wider than needed", "wider than needed")
	t.matrix(d)
	if len(d.Bridges) > 0 {
		t.head("What connects zones")
		for _, b := range d.Bridges {
			t.say("  "+b.Name+": ", b.Why+frames(b.Frames))
		}
	}
	if len(d.Remote) > 0 {
		t.head("Ways in from elsewhere")
		for _, r := range d.Remote {
			out := ""
			if r.Outside {
				out = "OUTSIDE: "
			}
			t.say("  "+r.Kind+", "+r.Tool+": ", out+r.Why+"; "+cmp.Or(r.Verdict, "a device")+frames([]uint64{r.Frame}))
		}
	}
	unused := false
	for i := range d.Conduits {
		if c := &d.Conduits[i]; c.Unused {
			if !unused {
				t.head("Conduits that nothing used")
				unused = true
			}
			t.say("  "+c.ID+": ", c.From+" to "+c.To)
		}
	}
	return t.b.Flush()
}

func frames(f []uint64) string {
	if len(f) == 0 || f[0] == 0 {
		return ""
	}
	s := fmt.Sprint(f)
	return " [frames " + strings.Trim(s, "[]") + "]"
}

// alike are conversations of one client with one zone that get a verdict for
// the same reason.
type alike struct {
	first   *Judged
	n       int
	servers map[string]bool
	what    []string
}

// verdict lists the conversations with a verdict, those that are alike on one
// line.
func (t *text) verdict(d *Check, title, verdict string) {
	by := make(map[[4]string]*alike)
	var order []*alike
	for i := range d.Conversations {
		c := &d.Conversations[i]
		if c.Verdict != verdict {
			continue
		}
		why, _, _ := strings.Cut(c.Why, " (an attempt")
		k := [4]string{c.names[0], c.To, c.Conduit, why}
		a := by[k]
		if a == nil {
			a = &alike{first: c, servers: make(map[string]bool)}
			by[k] = a
			order = append(order, a)
		}
		a.n++
		a.servers[c.names[1]] = true
		w := c.Protocol
		if c.ServerPort != 0 {
			w = fmt.Sprintf("%s on %s/%d", c.Protocol, c.Transport, c.ServerPort)
		}
		if !slices.Contains(a.what, w) {
			a.what = append(a.what, w)
		}
	}
	if len(order) == 0 {
		return
	}
	t.head(title)
	for _, a := range order[:min(len(order), showConversations)] {
		c := a.first
		if a.n == 1 {
			t.say("  ", fmt.Sprintf("%s > %s: %s: %s [frame %d]", c.names[0], c.names[1], a.what[0], c.Why, c.Frame))
			continue
		}
		what := strings.Join(a.what[:min(len(a.what), 4)], ", ")
		if len(a.what) > 4 {
			what += fmt.Sprintf(" and %d more", len(a.what)-4)
		}
		why, _, _ := strings.Cut(c.Why, " (an attempt")
		whom := c.names[1]
		if len(a.servers) > 1 {
			whom = fmt.Sprintf("%d hosts in %s", len(a.servers), cmp.Or(c.To, "no zone"))
		}
		t.say("  ", fmt.Sprintf("%s > %s: %s: %s: %s [from frame %d]", c.names[0], whom, count(a.n, "conversation"), what, why, c.Frame))
	}
	t.more(len(order), showConversations, "lines")
}

func (t *text) matrix(d *Check) {
	t.head("From zone to zone")
	t.line("  " + cell("FROM", 20) + " " + cell("TO", 20) + " " + cell("CONV", 6) + " " + cell("PACKETS", 9) + " " + cell("LAST", 19) + " VERDICTS")
	for i := range d.Matrix {
		c := &d.Matrix[i]
		t.line("  " + cell(cmp.Or(c.From, "(no zone)"), 20) + " " + cell(cmp.Or(c.To, "(no zone)"), 20) + " " + cell(thousands(uint64(c.Conversations)), 6) + " " +
			cell(thousands(c.Packets), 9) + " " + cell(minute(c.Last), 19) + " " + tally(c.Verdicts))
	}
}

// fewWarnings is how many warnings of the plant file are shown.
const fewWarnings = 3

func (t *text) warnings(list []string) {
	for _, x := range list[:min(len(list), fewWarnings)] {
		t.say("  - ", x)
	}
	if n := len(list) - fewWarnings; n > 0 {
		t.say("  - ", fmt.Sprintf("%s more: 'bulkhead plant check' lists them", count(n, "warning")))
	}
}
