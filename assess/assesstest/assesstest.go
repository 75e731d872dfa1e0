// Package assesstest is the suite that every check passes, and the language
// of its scenarios. A scenario is text, one line each:
//
//	window 8d                        how long was looked at; 8d when not given
//	quality fair                     of the capture; good when not given
//	gaps                             there are times that nobody saw
//	declared                         zones and conduits are declared by people
//	zone filling 1                   a zone with its Purdue level
//	zone world 5 external            what is outside the plant
//	asset 10.0.1.10 plc filling 1    address, role, zone or -, Purdue level
//	say 10.0.1.10 firmware="V1"      an attribute
//	talk 10.0.4.5 > 10.0.1.10 tcp/502 modbus write:6=3 session_user="x" frame=12
//	allow office > filling modbus    a conduit
//	work W1 filling 0h 24h           approved work, from the start of the window
//
// In a talk, class:code=count is an operation, with !errors behind it where
// some failed; name="value" is a session fact; frame=, flows=, lasts=,
// at= (when it began), refused=, lost=, repeated=, packets= and ports= set
// numbers; the words unanswered, one-way and reverse say what they say.
package assesstest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
)

// start is the first packet of every scenario: 2026-03-02 06:00 UTC.
const start = int64(1772431200) * 1e9

// Evidence reads a scenario.
func Evidence(text string) (assess.Evidence, error) {
	b := &builder{
		assets: asset.NewBuilder(), book: flow.NewBook(), zoneAt: make(map[string]int), place: make(map[netip.Addr]line),
		e: assess.Evidence{Capture: assess.Capture{Quality: "good", Window: 8 * 24 * time.Hour, First: start, Reasons: []string{}}},
	}
	for row := range strings.Lines(text) {
		words := fields(row)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if err := b.line(words); err != nil {
			return assess.Evidence{}, fmt.Errorf("%q: %w", strings.TrimSpace(row), err)
		}
	}
	b.finish()
	return b.e, nil
}

// fields splits at spaces that are not within quotes.
func fields(s string) []string {
	quoted := false
	return strings.FieldsFunc(strings.TrimSpace(s), func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
}

type line struct {
	role, zone string
	level      float64
}

type builder struct {
	e      assess.Evidence
	assets *asset.Builder
	book   *flow.Book
	zoneAt map[string]int
	place  map[netip.Addr]line
	allow  []allowed
	model  assess.Model
	frame  uint64
}

type allowed struct{ from, to, protocol, id string }

func (b *builder) line(w []string) (err error) {
	arg := func(i int) string {
		if i < len(w) {
			return w[i]
		}
		err = fmt.Errorf("word %d is missing", i+1)
		return ""
	}
	switch w[0] {
	case "window":
		b.e.Capture.Window, err = length(arg(1))
	case "quality":
		b.e.Capture.Quality = arg(1)
	case "gaps":
		b.e.Capture.Gaps = true
	case "declared":
		b.model.Declared = true
	case "zone":
		level, bad := strconv.ParseFloat(arg(2), 64)
		if bad != nil {
			return bad
		}
		b.zoneAt[w[1]] = len(b.model.Zones)
		b.model.Zones = append(b.model.Zones, assess.Zone{ID: w[1], Name: w[1], Level: level, External: len(w) > 3 && w[3] == "external"})
	case "asset":
		return b.asset(arg(1), arg(2), arg(3), arg(4))
	case "say":
		return b.say(w)
	case "talk":
		return b.talk(w)
	case "allow":
		b.allow = append(b.allow, allowed{arg(1), arg(3), arg(4), "c" + strconv.Itoa(len(b.allow)+1)})
		b.model.Conduits = append(b.model.Conduits, assess.Conduit{ID: b.allow[len(b.allow)-1].id, From: arg(1), To: arg(3)})
	case "work":
		from, bad := length(arg(3))
		to, worse := length(arg(4))
		if bad != nil || worse != nil {
			return fmt.Errorf("times: want hours such as 0h 24h")
		}
		b.model.Work = append(b.model.Work, assess.Work{ID: w[1], Zones: []string{w[2]}, From: start + int64(from), To: start + int64(to)})
	default:
		return fmt.Errorf("no such line")
	}
	return err
}

// length reads 8d, 24h, 10m or 5s.
func length(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(s)
}

func mac(ip netip.Addr) fact.MAC {
	a := ip.As4()
	return fact.MAC{0x00, 0x1b, a[0], a[1], a[2], a[3]}
}

func (b *builder) asset(addr, role, zone, level string) error {
	ip, err := netip.ParseAddr(addr)
	if err != nil {
		return err
	}
	l, err := strconv.ParseFloat(level, 64)
	if err != nil {
		return err
	}
	b.place[ip] = line{role, zone, l}
	b.frame++
	f := &fact.Flow{
		Ends:      [2]fact.Party{{MAC: mac(ip), IP: ip, Port: 5, TTL: 64}, {MAC: fact.MAC{255, 255, 255, 255, 255, 255}, IP: netip.AddrFrom4([4]byte{255, 255, 255, 255}), Port: 9}},
		Transport: "udp", Packets: [2]uint64{1, 0}, Bytes: [2]uint64{60, 0}, Ended: true, Seen: fact.Seen{First: start, Last: start, Frame: b.frame, Count: 1},
	}
	b.assets.Flow(f)
	return nil
}

func (b *builder) say(w []string) error {
	ip, err := netip.ParseAddr(w[1])
	if err != nil {
		return err
	}
	for _, kv := range w[2:] {
		k, v, ok := strings.Cut(kv, "=")
		if !ok {
			return fmt.Errorf("%s: want name=value", kv)
		}
		b.frame++
		b.assets.Statement(&fact.Statement{MAC: mac(ip), IP: ip, Attr: fact.Attr(k), Value: strings.Trim(v, `"`), Source: "scenario", Confidence: 95,
			Seen: fact.Seen{First: start, Last: start, Frame: b.frame, Count: 1}})
	}
	return nil
}

func (b *builder) talk(w []string) error {
	if len(w) < 6 || w[2] != ">" {
		return fmt.Errorf("want talk A > B transport/port protocol, and what it did")
	}
	client, err := netip.ParseAddr(w[1])
	if err != nil {
		return err
	}
	server, err := netip.ParseAddr(w[3])
	if err != nil {
		return err
	}
	transport, port, _ := strings.Cut(w[4], "/")
	n, _ := strconv.ParseUint(port, 10, 16)
	b.frame++
	f := &fact.Flow{
		Ends:      [2]fact.Party{{MAC: mac(client), IP: client, Port: 50000, TTL: 64}, {MAC: mac(server), IP: server, Port: uint16(n), TTL: 64}},
		Transport: transport, Protocol: strings.Trim(w[5], "-"), ClientCertain: true, Opened: true, Answered: true, Ended: true,
		Packets: [2]uint64{20, 20}, Bytes: [2]uint64{2000, 2000}, Payload: [2]uint64{800, 800},
		Seen: fact.Seen{First: start + int64(time.Minute), Last: start + int64(2*time.Minute), Frame: b.frame, Count: 40},
	}
	flows := 1
	for _, x := range w[6:] {
		if err := b.detail(f, &flows, x); err != nil {
			return err
		}
	}
	b.frame = max(b.frame, f.Frame)
	for i := range f.Operations {
		f.Operations[i].Seen = fact.Seen{First: f.First, Last: f.Last, Frame: f.Frame, Count: f.Operations[i].Count}
	}
	for i := range f.Session {
		f.Session[i].Seen = fact.Seen{First: f.First, Last: f.Last, Frame: f.Frame, Count: 1}
	}
	for range flows {
		b.assets.Flow(f)
		b.book.Add(f)
		f.Operations, f.Session = nil, nil
	}
	return nil
}

func (b *builder) detail(f *fact.Flow, flows *int, x string) error {
	switch x {
	case "unanswered":
		f.Answered, f.Packets[1], f.Bytes[1], f.Payload = false, 0, 0, [2]uint64{}
		return nil
	case "one-way":
		f.Packets[1], f.Bytes[1], f.Payload[1] = 0, 0, 0
		return nil
	}
	k, v, ok := strings.Cut(x, "=")
	if !ok {
		return fmt.Errorf("%s: want name=value", x)
	}
	if class, code, ok := strings.Cut(k, ":"); ok {
		return operation(f, class, code, v)
	}
	if strings.HasPrefix(k, "session_") {
		f.Session = append(f.Session, fact.SessionStat{Attr: fact.Attr(k), Value: strings.Trim(v, `"`), Source: "scenario", Confidence: 95})
		return nil
	}
	switch k {
	case "lasts", "at":
		d, err := length(v)
		if k == "at" {
			f.Last += start + int64(d) - f.First
			f.First = start + int64(d)
		} else {
			f.Last = f.First + int64(d)
		}
		return err
	case "refused":
		f.Refused, f.Answered, f.Payload, f.Protocol = true, false, [2]uint64{}, ""
	case "port_protocol":
		f.PortProtocol = v
	default:
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			return err
		}
		switch k {
		case "frame":
			f.Frame = n
		case "flows":
			*flows = int(n)
		case "lost":
			f.Lost, f.Holes = n, 1
		case "repeated":
			f.Repeated = n
		case "packets":
			f.Packets = [2]uint64{n / 2, n / 2}
		default:
			return fmt.Errorf("%s: no such word", k)
		}
	}
	return nil
}

func operation(f *fact.Flow, class, code, v string) error {
	count, bad, failed := strings.Cut(v, "!")
	n, err := strconv.ParseUint(count, 10, 64)
	if err != nil {
		return err
	}
	var c fact.Class
	for c = fact.Other; c.String() != class; c++ {
		if c > fact.Data {
			return fmt.Errorf("class %s: no such class", class)
		}
	}
	fn := &fact.Function{Protocol: f.Protocol, Code: code, Name: class + " " + code, Class: c}
	ask := fact.OperationStat{Function: fn, Kind: fact.Request, From: 0, Seen: fact.Seen{Count: n}}
	tell := fact.OperationStat{Function: fn, Kind: fact.Response, From: 1, Seen: fact.Seen{Count: n}}
	if failed {
		if tell.Failed, err = strconv.ParseUint(bad, 10, 64); err != nil {
			return err
		}
		tell.Status = "refused"
	}
	f.Operations = append(f.Operations, ask, tell)
	return nil
}

func (b *builder) finish() {
	e := &b.e
	e.Inventory, e.Conversations = b.assets.Resolve(), b.book.Close()
	e.Capture.Last = e.Capture.First + int64(e.Capture.Window)
	for _, a := range e.Inventory.Assets {
		for _, i := range a.Interfaces {
			for _, ip := range i.IPs {
				p, ok := b.place[ip]
				if !ok {
					continue
				}
				a.Role, a.PurdueLevel = asset.Role{Value: p.role, Confidence: 90, Why: "scenario"}, p.level
				if z, ok := b.zoneAt[p.zone]; ok {
					b.model.Zones[z].Members = append(b.model.Zones[z].Members, a.ID)
				}
			}
		}
	}
	if len(b.model.Zones) == 0 {
		return
	}
	m := b.model
	e.Model = &m
	zone := make(map[netip.Addr]string)
	for ip, p := range b.place {
		zone[ip] = p.zone
	}
	if m.Declared {
		m.Judge = nil
		e.Model.Judge = func(c *flow.Conversation) assess.Judgement { return b.judge(zone, c) }
	}
}

func (b *builder) judge(zone map[netip.Addr]string, c *flow.Conversation) assess.Judgement {
	from, to := zone[c.Client.IP], zone[c.Server.IP]
	if from == "" {
		from = "world"
	}
	if to == "" {
		to = "world"
	}
	if from == to || c.Server.Group() {
		return assess.Judgement{Allowed: true}
	}
	for _, a := range b.allow {
		if a.from == from && a.to == to && (a.protocol == c.Protocol || a.protocol == "any") {
			return assess.Judgement{Crosses: true, Allowed: true, Conduit: a.id, Why: "conduit " + a.id}
		}
	}
	return assess.Judgement{Crosses: true, Why: "no conduit from " + from + " to " + to + " allows it"}
}

// Scenario is a situation and what a check says of it.
type Scenario struct {
	Name  string
	Plant string
	Scope string // "" for the whole plant; a zone or a conduit by its id
	Want  assess.Verdict
	Why   string // contained in the reason
}

// Run holds a check to what every check promises, and to its scenarios.
func Run(t *testing.T, c assess.Check, scenarios []Scenario) {
	t.Helper()
	manual(t, &c)
	got := make(map[assess.Verdict]bool)
	for _, s := range scenarios {
		t.Run(s.Name, func(t *testing.T) {
			a := answer(t, &c, s.Plant, s.Scope)
			got[a.Verdict] = true
			if a.Verdict != s.Want || !strings.Contains(a.Why, s.Why) {
				t.Errorf("%v: %s\nwant %v: %s\nevidence %v", a.Verdict, a.Why, s.Want, s.Why, a.Evidence)
			}
			if a.Verdict == assess.Refuted && len(a.Evidence) == 0 {
				t.Error("refuted without evidence")
			}
			if again := answer(t, &c, s.Plant, s.Scope); fmt.Sprint(again) != fmt.Sprint(a) {
				t.Errorf("differs the second time:\n%v\n%v", a, again)
			}
			if a.Verdict == assess.Proven {
				for _, less := range []string{"window 20m", "quality fair", "gaps"} {
					if b := answer(t, &c, s.Plant+"\n"+less, s.Scope); b.Verdict == assess.Proven {
						t.Errorf("proven with %s", less)
					}
				}
			}
		})
	}
	if a := answer(t, &c, "", ""); a.Verdict != assess.Silent && a.Verdict != assess.Supported {
		t.Errorf("an empty capture is %v: %s", a.Verdict, a.Why)
	}
	if !got[assess.Refuted] || !got[assess.Silent] || !got[assess.Proven] && !got[assess.Supported] {
		t.Error("want scenarios that speak for, against, and that are silent")
	}
}

func answer(t *testing.T, c *assess.Check, plant, scope string) assess.Answer {
	t.Helper()
	e, err := Evidence(plant)
	if err != nil {
		t.Fatal(err)
	}
	a, err := assess.Ask(c, &e, scope)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
