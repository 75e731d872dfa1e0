package zone

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/flow"
	"github.com/bulkhead-ot/bulkhead/plant"
)

// Rehearsal is recorded traffic against a change: what the change would have
// cut, and what cannot be said because it was not watched for long enough.
type Rehearsal struct {
	Old, New *Check
	Changes  []plant.Difference
	First    time.Time
	Last     time.Time
	Cut      []Cut // what passes today's plan and would not pass, gravest first
	Already  []Cut // what today's plan does not allow either; enforcing cuts it, too
	Opened   []Cut // what would pass and does not today
	Affected []Affected
	Doubts   []Doubt
}

// Cut is a conversation whose verdict differs, or stays a refusal.
type Cut struct {
	Index          int // of the conversation
	Purpose        Purpose
	Before, After  Verdict
	Why            string
	Client, Server string
	From, To       int    // zones of the new plan; -1
	Times          uint64 // messages that would have been stopped, else packets
	Unit           string // "operations" or "packets"
	Classes        []string
	Rhythm         Rhythm
	Period         time.Duration // of what is cyclic
}

// Purpose is what a conversation is for, as far as it matters when it stops.
type Purpose uint8

// The purposes, gravest first.
const (
	Control     Purpose = iota // a controller works with it: cyclic data, or reads and writes among controllers and field devices
	Supervision                // operators and history depend on it
	Engineering                // programs, firmware, configuration
	Service                    // time, names, addresses, logs
	Unexplained                // anything else
)

var purposes = [...]string{"control", "supervision", "engineering", "service", "other"}

func (p Purpose) String() string { return purposes[p] }

// MarshalText writes the purpose.
func (p Purpose) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Rhythm is how often something comes, in the window that was watched.
type Rhythm string

// The rhythms.
const (
	Cyclic     Rhythm = "cyclic"      // at regular intervals: it will come again
	Repeated   Rhythm = "repeated"    // several times, without rhythm
	Once       Rhythm = "once"        // it may come again in a day or in a year
	Unanswered Rhythm = "no answer"   // attempts only
	Unseen     Rhythm = "not watched" // nothing seen
)

// Affected is a zone that would feel a change, with its line.
type Affected struct {
	Zone    int
	Place   []string // site, area, cell
	Assets  []string
	Cuts    int
	Purpose Purpose // the gravest
	Classes []string
}

// Doubt is what the window does not show.
type Doubt struct {
	Subject string
	Text    string
}

// Windows up to which nothing can be said of work of a kind.
const (
	day   = 24 * time.Hour
	week  = 7 * day
	month = 31 * day
)

// Rehearse judges the same conversations by two plans.
func Rehearse(before, after *Map, cs []*flow.Conversation) *Rehearsal {
	r := &Rehearsal{Old: Run(before, cs), New: Run(after, cs), Changes: plant.Diff(before.Plant, after.Plant)}
	r.First, r.Last = r.Old.First, r.Old.Last
	for i, c := range cs {
		x, y := &r.Old.Judgements[i], &r.New.Judgements[i]
		switch {
		case y.Verdict.Crosses() && x.Verdict.Crosses():
			r.Already = append(r.Already, r.cut(i, c, x, y))
		case y.Verdict.Crosses():
			r.Cut = append(r.Cut, r.cut(i, c, x, y))
		case x.Verdict.Crosses():
			r.Opened = append(r.Opened, r.cut(i, c, x, y))
		}
	}
	for _, l := range [...][]Cut{r.Cut, r.Already, r.Opened} {
		slices.SortStableFunc(l, func(a, b Cut) int {
			return cmp.Or(cmp.Compare(a.Purpose, b.Purpose), -cmp.Compare(a.Times, b.Times))
		})
	}
	r.affected()
	r.doubts()
	return r
}

func (r *Rehearsal) cut(i int, c *flow.Conversation, x, y *Judgement) Cut {
	m := r.New.Map
	k := Cut{Index: i, Before: x.Verdict, After: y.Verdict, Client: m.Name(&y.Client), Server: m.Name(&y.Server), From: y.Client.Zone, To: y.Server.Zone}
	if y.Verdict.Crosses() {
		k.Why = r.New.Reason(y)
	} else {
		k.Why = r.New.Reason(y) + "; before: " + r.Old.Reason(x)
	}
	k.Times, k.Unit = c.Packets[0]+c.Packets[1], "packets"
	var ops uint64
	for _, o := range c.Operations {
		if o.Function.Reply {
			continue
		}
		if y.cause == operations && y.Verdict == NotAllowed && r.passes(y, o) {
			continue
		}
		ops += asked(o)
		if n := o.Function.Class.String(); !slices.Contains(k.Classes, n) {
			k.Classes = append(k.Classes, n)
		}
	}
	slices.Sort(k.Classes)
	if ops > 0 {
		k.Times, k.Unit = ops, "operations"
	}
	k.Purpose = purposeOf(m, y, c)
	k.Rhythm, k.Period = rhythm(c)
	return k
}

// passes tells whether an operation would pass although others of the same
// conversation would not.
func (r *Rehearsal) passes(v *Judgement, o *flow.Operation) bool {
	for _, q := range r.New.judge.rules[[2]int{v.Client.Zone, v.Server.Zone}] {
		for _, m := range r.New.judge.matches(&Judgement{Conversation: v.Conversation, Client: v.Client, Server: v.Server}, &q, nil) {
			if m.protocol.Allows(o.Function.Class, o.Function.Code) {
				return true
			}
		}
	}
	return false
}

// rhythm tells how a conversation came.
func rhythm(c *flow.Conversation) (Rhythm, time.Duration) {
	if c.Packets[1] == 0 && !c.Server.Group() && len(c.Operations) == 0 {
		return Unanswered, 0
	}
	var best *fact.Cycle
	var n uint64
	for _, o := range c.Operations {
		n += asked(o)
		if o.Cycle.N >= 9 && (best == nil || o.Cycle.N > best.N) {
			best = &o.Cycle
		}
	}
	switch {
	case best != nil && best.M2/float64(best.N) <= best.Mean*best.Mean: // deviates by less than a period
		return Cyclic, time.Duration(best.Mean)
	case max(n, c.Flows) > 1:
		return Repeated, 0
	}
	return Once, 0
}

// purposeOf tells what a conversation is for.
func purposeOf(m *Map, v *Judgement, c *flow.Conversation) Purpose {
	var classes uint16
	for _, o := range c.Operations {
		classes |= 1 << o.Function.Class
	}
	engineering := classes&(1<<fact.Program|1<<fact.Firmware|1<<fact.Configure) != 0
	cyclic := classes&(1<<fact.Data|1<<fact.Read|1<<fact.Write|1<<fact.Control) != 0
	low := func(s *Side) bool {
		a := m.assets[s.Asset]
		return a != nil && (a.PurdueLevel >= 0 && a.PurdueLevel < 2 || fieldRoles[a.Role.Value] || controlRoles[a.Role.Value])
	}
	switch {
	case !answered(c):
		return Unexplained
	case services[c.Protocol] || services[c.PortProtocol]:
		return Service
	case !industrial[c.Protocol]:
		return Unexplained
	case cyclic && low(&v.Client) && low(&v.Server):
		return Control
	case cyclic && !engineering:
		return Supervision
	case engineering:
		return Engineering
	case cyclic:
		return Supervision
	}
	return Engineering
}

// affected gathers whose line would stop.
func (r *Rehearsal) affected() {
	m := r.New.Map
	by := make(map[int]*Affected)
	for i := range r.Cut {
		c, v := &r.Cut[i], &r.New.Judgements[r.Cut[i].Index]
		for _, s := range [...]*Side{&v.Client, &v.Server} {
			if s.Zone == none {
				continue
			}
			a := by[s.Zone]
			if a == nil {
				a = &Affected{Zone: s.Zone, Place: m.Plant.Path(m.Plant.Zones[s.Zone].At), Purpose: c.Purpose}
				by[s.Zone] = a
			}
			a.Cuts++
			a.Purpose = min(a.Purpose, c.Purpose)
			if n := m.Name(s); !slices.Contains(a.Assets, n) {
				a.Assets = append(a.Assets, n)
			}
			for _, k := range c.Classes {
				if !slices.Contains(a.Classes, k) {
					a.Classes = append(a.Classes, k)
				}
			}
		}
	}
	for _, a := range by {
		slices.Sort(a.Assets)
		slices.Sort(a.Classes)
		r.Affected = append(r.Affected, *a)
	}
	slices.SortFunc(r.Affected, func(a, b Affected) int {
		return cmp.Or(cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.Zone, b.Zone))
	})
}

// doubts says what the window does not show.
func (r *Rehearsal) doubts() {
	window := r.Last.Sub(r.First)
	doubt := func(subject, f string, a ...any) {
		r.Doubts = append(r.Doubts, Doubt{subject, fmt.Sprintf(f, a...)})
	}
	if r.First.IsZero() {
		doubt("window", "no traffic was watched: nothing can be said")
		return
	}
	doubt("window", "%s were watched: %s", Span(window), horizon(window))
	r.unwatchedConduits(doubt, window)
	r.silentZones(doubt)
	once := 0
	for i := range r.New.Judgements {
		v := &r.New.Judgements[i]
		if k, _ := rhythm(v.Conversation); k == Once && (v.Verdict == Allowed || v.Verdict == Wider) {
			once++
		}
	}
	if once > 0 {
		doubt("rare traffic", "%d conversations between zones were seen only once: others as rare as these may not have been seen at all", once)
	}
	var lost uint64
	for i := range r.New.Judgements {
		lost += r.New.Judgements[i].Conversation.Lost
	}
	if lost > 0 {
		doubt("capture", "%d bytes are missing in the captures: operations in them are not judged", lost)
	}
}

// Span words a length of time.
func Span(d time.Duration) string {
	switch {
	case d >= 2*day:
		return fmt.Sprintf("%.0f days", d.Hours()/24)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%.0f hours", d.Hours())
	case d >= 2*time.Minute:
		return fmt.Sprintf("%.0f minutes", d.Minutes())
	}
	return fmt.Sprintf("%.0f seconds", d.Seconds())
}

// horizon says what a window is too short for.
func horizon(window time.Duration) string {
	var s []string
	for _, h := range [...]struct {
		least time.Duration
		what  string
	}{{2 * 8 * time.Hour, "other shifts"}, {2 * day, "nightly jobs and backups"}, {2 * week, "weekends and weekly work"}, {2 * month, "monthly work"}} {
		if window < h.least {
			s = append(s, h.what)
		}
	}
	s = append(s, "yearly work, start-up after a standstill, and failover")
	return "too short to have seen " + strings.Join(s, ", ")
}

// unwatchedConduits lists the permissions that go and that nothing used: they
// may be unnecessary, or rare.
func (r *Rehearsal) unwatchedConduits(doubt func(string, string, ...any), window time.Duration) {
	after := r.New.Map.Plant
	for i := range r.Old.Conduits {
		u := &r.Old.Conduits[i]
		id := u.Conduit.ID
		now := after.Conduit(id)
		for e := range u.Entries {
			x := &u.Entries[e]
			gone := now == nil || !slices.ContainsFunc(now.Protocols, func(p plant.Protocol) bool { return plant.Same(p, *x.Protocol) })
			switch {
			case !gone:
			case x.Conversations == 0:
				doubt("conduit "+string(id), "%s would no longer pass; nothing used it in %s, which does not show that nothing needs it", x.Protocol.Text(), Span(window))
			case len(x.Unused) > 0 && x.Unused[0] != "*":
				doubt("conduit "+string(id), "%s of %s was not used in %s, which does not show that nothing needs it", strings.Join(x.Unused, ", "), x.Protocol.Protocol, Span(window))
			}
		}
	}
}

// silentZones lists zones of which little was seen.
func (r *Rehearsal) silentZones(doubt func(string, string, ...any)) {
	m := r.New.Map
	spoke := make(map[int]map[asset.ID]bool)
	for i := range r.New.Judgements {
		v := &r.New.Judgements[i]
		for _, s := range [...]*Side{&v.Client, &v.Server} {
			if s.Zone != none {
				if spoke[s.Zone] == nil {
					spoke[s.Zone] = make(map[asset.ID]bool)
				}
				spoke[s.Zone][s.Asset] = true
			}
		}
	}
	for z := range m.Plant.Zones {
		if len(spoke[z]) == 0 {
			doubt("zone "+string(m.ID(z)), "none of its members was seen: what it needs is not known")
		}
	}
}
