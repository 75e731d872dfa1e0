package zone_test

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/zone"
)

const start = int64(1_780_000_000_000_000_000)

// function is one of a protocol for tests.
func function(protocol string, class fact.Class) *fact.Function {
	return &fact.Function{Protocol: protocol, Code: "c" + class.String(), Name: class.String() + " something", Class: class}
}

var classes = map[string]fact.Class{"read": fact.Read, "write": fact.Write, "program": fact.Program, "data": fact.Data, "login": fact.Login}

// state makes the state of a plant of lines such as
// "10.0.0.1 > 10.0.0.2 modbus tcp/502 read,write x60 at 5". Without "at" it
// goes on for an hour. A "?" after the port says that nobody answered, a "<"
// that the server asks back.
func state(t testing.TB, text string) hub.State {
	h := hub.New()
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if err := h.Accept(&fact.Batch{Flows: []*fact.Flow{flowOf(t, f)}}); err != nil {
			t.Fatal(err)
		}
	}
	return h.Close()
}

func party(s string, port uint16) fact.Party {
	ip := netip.MustParseAddr(s)
	b := ip.As4()
	return fact.Party{IP: ip, MAC: fact.MAC{2, 0, b[0], b[1], b[2], b[3]}, Port: port, TTL: 64}
}

func flowOf(t testing.TB, f []string) *fact.Flow {
	transport, port, _ := strings.Cut(strings.TrimRight(f[4], "?<"), "/")
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	times, first, last := uint64(60), start, start+3600e9
	for i, w := range f[5:] {
		if strings.HasPrefix(w, "x") {
			times, _ = strconv.ParseUint(w[1:], 10, 64)
		}
		if w == "at" {
			m, _ := strconv.Atoi(f[5+i+1])
			first = start + int64(m)*60e9
			last = first + 1e9
		}
	}
	seen := fact.Seen{First: first, Last: last, Frame: uint64(first-start)/1e9 + 1, Count: 2 * times}
	out := &fact.Flow{Ends: [2]fact.Party{party(f[0], 40000), party(f[2], uint16(n))}, ClientCertain: true, Transport: transport, Protocol: strings.Trim(f[3], "-"),
		Packets: [2]uint64{times, times}, Bytes: [2]uint64{times * 60, times * 60}, Payload: [2]uint64{times, times}, Messages: 2 * times, Opened: true, Answered: true, Ended: true, Seen: seen}
	if strings.HasSuffix(f[4], "?") {
		out.Packets[1], out.Payload, out.Protocol, out.Answered = 0, [2]uint64{}, "", false
	}
	from := uint8(0)
	if strings.HasSuffix(f[4], "<") {
		from = 1
	}
	for _, c := range strings.Split(f[5], ",") {
		if k, ok := classes[c]; ok {
			fn := function(f[3], k)
			cycle := fact.Cycle{N: times - 1, Mean: 1e9, Min: 1e9, Max: 1e9}
			out.Operations = append(out.Operations, fact.OperationStat{Function: fn, Kind: fact.Request, From: from, Cycle: cycle, Seen: fact.Seen{First: first, Last: last, Frame: seen.Frame, Count: times}},
				fact.OperationStat{Function: fn, Kind: fact.Response, From: from ^ 1, Seen: fact.Seen{First: first, Last: last, Frame: seen.Frame, Count: times}})
		}
	}
	return out
}

const traffic = `
10.1.0.10 > 10.1.0.20 modbus tcp/502 read,write x3600
10.1.0.10 > 10.1.0.21 modbus tcp/502 read,write x3600
10.1.0.30 > 10.1.0.10 s7comm tcp/102 read x3600
10.2.0.10 > 10.1.0.10 s7comm tcp/102 read x3600
10.2.0.20 > 10.1.0.10 s7comm tcp/102 read,program x2 at 10
10.2.0.20 > 10.2.0.10 rdp tcp/3389 login x1 at 11
10.1.0.10 > 10.2.0.20 - tcp/80? - x3 at 12
10.9.0.9 > 10.1.0.10 s7comm tcp/102 read x1 at 20
`

const intended = `plant: 1
sites: [{id: works, kind: site}, {id: line, kind: cell, in: works, name: Line 1}]
zones:
- {id: cell, at: line, members: [{ip: 10.1.0.0/24}]}
- {id: site, members: [{ip: 10.2.0.0/24}]}
- {id: office, members: [{ip: 10.8.0.0/24}]}
conduits:
- {id: scada, from: site, to: cell, clients: [{ip: 10.2.0.10}], protocols: [{protocol: s7comm, ports: [tcp/102], classes: [read]}]}
- {id: eng, from: site, to: cell, clients: [{ip: 10.2.0.20}], protocols: [{protocol: s7comm, classes: [read, write]}]}
- {id: old, from: office, to: cell, protocols: [{protocol: any}], expires: 2026-01-01}
`

func plan(t testing.TB, src string) *plant.Plant {
	t.Helper()
	p, ps := plant.Read("p.yaml", []byte(src), time.Time{})
	if p == nil {
		t.Fatal(ps)
	}
	return p
}

func mapOf(t testing.TB, src string, s hub.State) *zone.Map {
	t.Helper()
	m, ps := zone.Resolve(plan(t, src), s.Inventory)
	if e := ps.Errors(); len(e) > 0 {
		t.Fatal(e)
	}
	return m
}

// verdict finds what is said of the conversation between two ends.
func verdict(t *testing.T, k *zone.Check, client, server string, port uint16) string {
	t.Helper()
	for i := range k.Judgements {
		v := &k.Judgements[i]
		if c := v.Conversation; c.Client.String() == client && c.Server.String() == server && c.Port == port {
			return v.Verdict.String() + ": " + k.Reason(v)
		}
	}
	t.Fatalf("no conversation %s > %s %d", client, server, port)
	return ""
}

func TestCheck(t *testing.T) {
	s := state(t, traffic+`
10.8.0.1 > 10.1.0.10 s7comm tcp/102 read x1 at 30
10.2.0.10 > 10.1.0.20 modbus tcp/502 read x9
10.1.0.21 > 10.2.0.10 - udp/514 - x9
`)
	k := zone.Run(mapOf(t, intended, s), s.Conversations)
	for _, c := range []struct {
		client, server string
		port           uint16
		want           string
	}{
		{"10.1.0.10", "10.1.0.20", 502, "within zone: both are in cell"},
		{"10.2.0.10", "10.1.0.10", 102, "allowed: conduit scada allows s7comm read on tcp/102"},
		{"10.2.0.20", "10.1.0.10", 102, "not allowed: conduit eng allows s7comm read, write, not program: program something (cprogram), 2 times"},
		{"10.2.0.20", "10.2.0.10", 3389, "within zone: both are in site"},
		{"10.1.0.10", "10.2.0.20", 80, "not allowed: no conduit leads from cell to site; scada allows only the other direction (an attempt that nobody answered)"},
		{"10.9.0.9", "10.1.0.10", 102, "unknown asset: 10.9.0.9 is in no zone"},
		{"10.8.0.1", "10.1.0.10", 102, "not allowed: conduit old expired on 2026-01-01"},
		{"10.2.0.10", "10.1.0.20", 502, "not allowed: no conduit from site to cell allows modbus on tcp/502"},
	} {
		if got := verdict(t, k, c.client, c.server, c.port); got != c.want {
			t.Errorf("%s > %s: got\n%s\nwant\n%s", c.client, c.server, got, c.want)
		}
	}
	if n := k.Crossings(); n != 6 {
		t.Errorf("%d crossings", n)
	}
	if len(k.Strangers) != 1 || k.Strangers[0].End.String() != "10.9.0.9" {
		t.Errorf("strangers %+v", k.Strangers)
	}
	for _, c := range k.Matrix {
		if c.From >= 0 && c.To >= 0 && (c.First == 0 || c.Last < c.First || len(c.Frames) == 0 || c.Conversations == 0) {
			t.Errorf("cell %+v", c)
		}
	}
}

// TestWider has conduits that allow more than was used.
func TestWider(t *testing.T) {
	s := state(t, traffic)
	for _, c := range []struct{ protocol, want string }{
		{"{protocol: any}", "wider than needed: conduit scada also allows any protocol, which nothing used"},
		{"{protocol: tcp, ports: [tcp/102]}", "wider than needed: conduit scada also allows everything over tcp, which nothing used"},
		{"{protocol: s7comm}", "wider than needed: conduit scada also allows every operation of s7comm, which nothing used"},
		{"{protocol: s7comm, classes: [read, write, data]}", "wider than needed: conduit scada also allows write, which nothing used"},
		{"{protocol: s7comm, classes: [read, data]}", "allowed: conduit scada allows s7comm read, data"},
		{"{protocol: s7comm, functions: [cread]}", "allowed: conduit scada allows s7comm (only cread)"},
	} {
		src := strings.Replace(intended, "{protocol: s7comm, ports: [tcp/102], classes: [read]}", c.protocol, 1)
		k := zone.Run(mapOf(t, src, s), s.Conversations)
		if got := verdict(t, k, "10.2.0.10", "10.1.0.10", 102); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.protocol, got, c.want)
		}
	}
}

func TestAsksBack(t *testing.T) {
	s := state(t, "10.2.0.10 > 10.1.0.10 enip tcp/44818< read x5\n10.2.0.10 > 10.1.0.10 enip tcp/44818 read x5\n")
	src := strings.Replace(intended, "{protocol: s7comm, ports: [tcp/102], classes: [read]}", "{protocol: enip, classes: [read]}", 1)
	count := func(src string) int { return zone.Run(mapOf(t, src, s), s.Conversations).Crossings() }
	if n := count(src); n != 1 {
		t.Errorf("without asks_back: %d crossings", n)
	}
	if n := count(strings.Replace(src, "enip, ", "enip, asks_back: true, ", 1)); n != 0 {
		t.Errorf("with asks_back: %d crossings", n)
	}
}

// TestResolve has overlaps and absences that only show in the inventory.
func TestResolve(t *testing.T) {
	s := state(t, traffic)
	src := "plant: 1\nzones:\n- {id: a, members: [{ip: 10.1.0.0/24}]}\n- {id: b, members: [{asset: 10.1.0.10}, {asset: plc-9}, {asset: 10.7.7.7}]}\n"
	m, ps := zone.Resolve(plan(t, src), s.Inventory)
	want := `p.yaml:4:21: 10.1.0.10 (10.1.0.10) is a member of zone b here and of zone a in line 3; leave it in one of them: make one member narrower, or carve the address out with except
p.yaml:4:49: warning: unknown asset plc-9 in zone b: it does not show in the captures; correct the id, or take captures in which it speaks
p.yaml:4:65: warning: unknown asset 10.7.7.7 in zone b: it does not show in the captures; correct the id, or take captures in which it speaks`
	if got := ps.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if m == nil || len(ps.Errors()) != 1 {
		t.Error("want one error")
	}
}

func TestRehearse(t *testing.T) {
	s := state(t, traffic)
	src := strings.Replace(intended, "classes: [read, write]", "classes: [read, program, write]", 1)
	p := plan(t, src)
	q, ps := plant.ReadChange("c.yaml", []byte("change: 1\nconduits: {remove: [scada, old], replace: [{id: eng, from: site, to: cell, protocols: [{protocol: s7comm, classes: [read]}]}]}\n"), p, time.Time{})
	if q == nil {
		t.Fatal(ps)
	}
	before, _ := zone.Resolve(p, s.Inventory)
	after, _ := zone.Resolve(q, s.Inventory)
	r := zone.Rehearse(before, after, s.Conversations)
	if len(r.Cut) != 1 {
		t.Fatalf("cut %+v", r.Cut)
	}
	c := r.Cut[0]
	if c.Times != 2 || c.Unit != "operations" || c.Rhythm != zone.Repeated || strings.Join(c.Classes, ",") != "program" || c.Purpose != zone.Engineering {
		t.Errorf("%+v", c)
	}
	if len(r.Already) != 2 || len(r.Opened) != 0 {
		t.Errorf("already %+v, opened %+v", r.Already, r.Opened)
	}
	if len(r.Affected) != 2 || strings.Join(r.Affected[0].Place, ">") != "works>Line 1" {
		t.Errorf("affected %+v", r.Affected)
	}
	var doubts []string
	for _, d := range r.Doubts {
		doubts = append(doubts, d.Subject+": "+d.Text)
	}
	for _, want := range []string{
		"window: 60 minutes were watched: too short to have seen other shifts, nightly jobs",
		"conduit old: any would no longer pass; nothing used it in 60 minutes",
		"conduit eng: write of s7comm was not used in 60 minutes",
		"zone office: none of its members was seen",
	} {
		if !slices.ContainsFunc(doubts, func(d string) bool { return strings.HasPrefix(d, want) }) {
			t.Errorf("no doubt %q in\n%s", want, strings.Join(doubts, "\n"))
		}
	}
}

// TestPropose proposes and then checks the same traffic by the proposal.
func TestPropose(t *testing.T) {
	s := state(t, traffic+"10.1.0.99 > 10.1.0.10 s7comm tcp/102 write x2 at 40\n")
	p := zone.Propose(s.Inventory, s.Conversations)
	file, notes := p.Plant()
	var b strings.Builder
	if err := file.Write(&b, notes); err != nil {
		t.Fatal(err)
	}
	m := mapOf(t, b.String(), s)
	k := zone.Run(m, s.Conversations)
	refused := 0
	for i := range p.Refused {
		refused += p.Refused[i].Conversations
	}
	if got := k.Crossings(); got != refused+p.Attempts {
		t.Errorf("%d crossings, refused %d, attempts %d\n%s", got, refused, p.Attempts, b.String())
	}
	for _, z := range p.Zones {
		for _, m := range z.Members {
			if m.Why == "" {
				t.Errorf("%s in %s has no reason", m.Asset, z.ID)
			}
		}
		if len(z.Steps) == 0 {
			t.Errorf("zone %s has no derivation", z.ID)
		}
	}
	if !strings.Contains(b.String(), "temporary") {
		t.Errorf("the guest is not told apart\n%s", b.String())
	}
	again, _ := zone.Propose(s.Inventory, s.Conversations).Plant()
	if d := plant.Diff(file, again); len(d) > 0 {
		t.Errorf("not the same twice: %v", d)
	}
}

// TestProposeNothing must not stumble over an empty plant.
func TestProposeNothing(t *testing.T) {
	s := hub.New().Close()
	if p := zone.Propose(s.Inventory, s.Conversations); len(p.Zones)+len(p.Conduits) != 0 {
		t.Errorf("%+v", p)
	}
}

// many makes a plant of n assets in cells of 20, polled by servers.
func many(t testing.TB, n, conversations int) hub.State {
	h := hub.New()
	b := &fact.Batch{}
	for i := range conversations {
		a := i % n
		f := flowOf(t, strings.Fields(fmt.Sprintf("10.%d.0.%d > 10.%d.%d.%d modbus tcp/%d read x10",
			200+i/n%50, 1+i/n/50%250, a/20/250, a/20%250, 1+a%20, 502)))
		if i >= n*50*250 {
			t.Fatal("too many")
		}
		b.Flows = append(b.Flows, f)
	}
	if err := h.Accept(b); err != nil {
		t.Fatal(err)
	}
	return h.Close()
}

func BenchmarkPropose5000(b *testing.B) {
	s := many(b, 5000, 50_000)
	b.ResetTimer()
	for b.Loop() {
		zone.Propose(s.Inventory, s.Conversations)
	}
	b.ReportMetric(float64(len(s.Inventory.Assets)), "assets")
}

// wide is a plan with 500 conduits.
func wide() string {
	var b strings.Builder
	b.WriteString("plant: 1\nzones:\n- {id: top, members: [{ip: 10.200.0.0-10.255.255.255}]}\n")
	for i := range 250 {
		fmt.Fprintf(&b, "- {id: c%d, members: [{ip: 10.0.%d.0/24}]}\n", i, i)
	}
	b.WriteString("conduits:\n")
	for i := range 250 {
		fmt.Fprintf(&b, "- {id: a%d, from: top, to: c%d, protocols: [{protocol: modbus, ports: [tcp/502], classes: [read]}]}\n", i, i)
		fmt.Fprintf(&b, "- {id: b%d, from: c%d, to: top, protocols: [{protocol: ntp}]}\n", i, i)
	}
	return b.String()
}

// million repeats conversations up to a million: what is measured is judging.
func million(b *testing.B) (hub.State, *zone.Map) {
	s := many(b, 5000, 50_000)
	m := mapOf(b, wide(), s)
	for len(s.Conversations) < 1_000_000 {
		s.Conversations = append(s.Conversations, s.Conversations[:min(len(s.Conversations), 1_000_000-len(s.Conversations))]...)
	}
	return s, m
}

func BenchmarkCheckMillion(b *testing.B) {
	s, m := million(b)
	b.ResetTimer()
	for b.Loop() {
		zone.Run(m, s.Conversations)
	}
	b.ReportMetric(float64(len(s.Conversations))*float64(b.N)/b.Elapsed().Seconds(), "conversations/s")
}

func BenchmarkRehearseMillion(b *testing.B) {
	s, m := million(b)
	n := mapOf(b, strings.Replace(wide(), "protocol: modbus, ports: [tcp/502], classes: [read]", "protocol: modbus, classes: [write]", 100), s)
	b.ResetTimer()
	for b.Loop() {
		zone.Rehearse(m, n, s.Conversations)
	}
	b.ReportMetric(float64(len(s.Conversations))*float64(b.N)/b.Elapsed().Seconds(), "conversations/s")
}

// similarity is the adjusted Rand index of two divisions.
func similarity(a, b []string) float64 {
	pairs := func(n int) float64 { return float64(n) * float64(n-1) / 2 }
	count := func(keys []string) (sum float64) {
		m := make(map[string]int)
		for _, k := range keys {
			m[k]++
		}
		for _, n := range m {
			sum += pairs(n)
		}
		return sum
	}
	both := make([]string, len(a))
	for i := range a {
		both[i] = a[i] + "|" + b[i]
	}
	x, y, xy := count(a), count(b), count(both)
	expected := x * y / pairs(len(a))
	if d := (x+y)/2 - expected; math.Abs(d) > 1e-9 {
		return (xy - expected) / d
	}
	return 1
}
