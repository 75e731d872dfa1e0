package html

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/report"
)

// overview is the first view; it is written into the page itself, so that it
// can be read and printed where scripts are off.
type overview struct {
	Source     string // what was read, in short
	Span       string
	From, To   string
	Packets    string
	Bytes      string
	Assets     string
	Known      string // how many of them have a role
	Convs      string
	External   string
	Severities []count
	Findings   []findingLine
	MoreFound  int
	Roles      []bar
	Classes    []bar
	Protocols  []bar
	MoreProtos int
	Verdict    string
	Reasons    []string
	Measures   []measure
	Sources    []sourceLine
	MoreSource int
	Omitted    []string
}

type count struct {
	Name string
	N    int
}

// bar is a row of a small chart.
type bar struct {
	Name, Label, Title string
	N                  string
	Width              int // of 100
	Kind               string
}

type measure struct{ Name, Value string }

type findingLine struct {
	Severity, Text string
	Frames         string
	ID             string
}

type sourceLine struct {
	Name, Format, Link, Packets, Bytes, First, Last, Dropped, Error string
}

// Rows that the overview shows of each; the other views have all.
const (
	showFindings  = 12
	showBars      = 14
	showSources   = 50
	maxFramesLine = 6
)

func overviewOf(a *report.Analysis, d *data) overview {
	o := overview{
		Source: sourceName(a), Assets: number(len(a.Assets)), Convs: number(len(a.Conversations)), External: number(len(a.External)),
		Verdict: a.Capture.Quality.Verdict, Reasons: a.Capture.Quality.Reasons, Measures: measures(&a.Capture.Quality),
		Omitted: append(slices.Clone(d.Notes), a.Omitted...),
	}
	o.capture(a, d)
	o.findings(a)
	sure := 0
	roles := make(map[string]uint64)
	for i := range a.Assets {
		r := known(a.Assets[i].Role.Value)
		roles[cmp.Or(r, "unknown")]++
		if r != "" {
			sure++
		}
	}
	o.Known = number(sure)
	o.Roles = bars(roles, func(b *bar) { b.Title = b.Name })
	o.Classes = bars(tally(a), func(b *bar) { b.Kind = kindOf(b.Name) })
	o.protocols(a)
	return o
}

// capture sums up what was read.
func (o *overview) capture(a *report.Analysis, d *data) {
	var packets, bytes uint64
	for i, s := range a.Capture.Sources {
		packets += s.Packets
		bytes += s.Bytes
		if i >= showSources && s.Error == "" {
			o.MoreSource++
			continue
		}
		l := sourceLine{Name: clean(s.Name), Format: s.Format, Link: s.LinkType, Packets: grouped(s.Packets), Bytes: size(s.Bytes), Error: clean(s.Error)}
		if s.Packets > 0 {
			l.First, l.Last = minute(s.First), minute(s.Last)
		}
		if s.Dropped > 0 {
			l.Dropped = grouped(s.Dropped)
		}
		o.Sources = append(o.Sources, l)
	}
	o.Packets, o.Bytes, o.Span = grouped(packets), size(bytes), "no time"
	if d.First != 0 {
		first, last := report.Time(d.First*1000), report.Time(d.Last*1000)
		o.From, o.To, o.Span = minute(first), minute(last), length(time.Duration(last-first))
		if day := o.From[:11]; strings.HasPrefix(o.To, day) {
			o.To = o.To[len(day):]
		}
	}
}

// findings counts by severity and takes the first ones, which are the worst.
func (o *overview) findings(a *report.Analysis) {
	at := make(map[string]int)
	for i := range a.Findings {
		f := &a.Findings[i]
		k, ok := at[f.Severity]
		if !ok {
			k = len(o.Severities)
			at[f.Severity] = k
			o.Severities = append(o.Severities, count{Name: f.Severity})
		}
		o.Severities[k].N++
		if i >= showFindings {
			o.MoreFound++
			continue
		}
		o.Findings = append(o.Findings, findingLine{f.Severity, clean(f.Text), frames(distinct(f.Frames)), f.ID})
	}
}

func frames(list []uint64) string {
	if len(list) == 0 {
		return ""
	}
	s := "frame "
	if len(list) > 1 {
		s = "frames "
	}
	for i, f := range list[:min(len(list), maxFramesLine)] {
		if i > 0 {
			s += ", "
		}
		s += strconv.FormatUint(f, 10)
	}
	if len(list) > maxFramesLine {
		s += ", …"
	}
	return s
}

// protocols charts the packets of each protocol; what travels inside another
// one counts by its messages.
func (o *overview) protocols(a *report.Analysis) {
	n := make(map[string]uint64)
	titles := make(map[string]string)
	for _, p := range a.Protocols {
		n[clean(p.Protocol)] = max(p.Packets, 1)
		if p.Packets == 0 {
			n[clean(p.Protocol)] = p.Messages
		}
		titles[clean(p.Protocol)] = clean(p.Title)
	}
	o.Protocols = bars(n, func(b *bar) { b.Title = cmp.Or(titles[b.Name], b.Name) })
	o.MoreProtos = len(a.Protocols) - len(o.Protocols)
}

// tally counts operations by class: requests, and what came unasked.
func tally(a *report.Analysis) map[string]uint64 {
	n := make(map[string]uint64)
	for i := range a.Conversations {
		for j := range a.Conversations[i].Operations {
			if p := &a.Conversations[i].Operations[j]; !p.Reply {
				n[p.Class] += cmp.Or(p.Requests, p.Responses)
			}
		}
	}
	return n
}

// bars charts what there is most of. Widths follow the square root, so that
// the few writes stay visible beside the million reads.
func bars(m map[string]uint64, more func(*bar)) []bar {
	keys := make([]string, 0, len(m))
	for k := range m {
		if m[k] > 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(x, y string) int { return cmp.Or(cmp.Compare(m[y], m[x]), strings.Compare(x, y)) })
	keys = keys[:min(len(keys), showBars)]
	list := make([]bar, len(keys))
	for i, k := range keys {
		list[i] = bar{Name: k, Label: label(k), N: grouped(m[k]), Width: share(m[k], m[keys[0]])}
		more(&list[i])
	}
	return list
}

// kindOf is the colour of an operation class, as on the map.
func kindOf(class string) string {
	switch class {
	case "firmware", "program", "control":
		return "change"
	case "configure", "write":
		return "write"
	case "read", "data":
		return "read"
	}
	return "look"
}

// measures lists what was counted about the quality, without the zeros.
func measures(q *report.Quality) []measure {
	var list []measure
	for _, m := range []struct {
		name string
		n    uint64
	}{
		{"TCP sessions with data", q.Sessions}, {"of these seen one way", q.OneWaySessions}, {"Gaps in TCP streams", q.LostSegments},
		{"Bytes missing in them", q.LostBytes}, {"Retransmitted", q.Retransmitted}, {"Out of order", q.OutOfOrder},
		{"Delivered twice", q.Duplicates}, {"Cut by the capture", q.Truncated}, {"Not decoded", q.Undecoded},
		{"Dropped by the capture", q.Dropped}, {"IP fragments", q.Fragments}, {"VLAN tag on one side only", q.HalfTagged},
		{"Jumps of the clock", q.ClockJumps},
	} {
		if m.n > 0 {
			list = append(list, measure{m.name, grouped(m.n)})
		}
	}
	return list
}

// title of the page.
func title(a *report.Analysis) string { return sourceName(a) + " · Bulkhead" }

func sourceName(a *report.Analysis) string {
	switch n := len(a.Capture.Sources); n {
	case 0:
		return "No capture"
	case 1:
		return clean(filepath.Base(a.Capture.Sources[0].Name))
	default:
		return number(n) + " captures"
	}
}

// fileName is a safe start for the names of exported files.
func fileName(a *report.Analysis) string {
	s := sourceName(a)
	for ext := filepath.Ext(s); len(ext) > 1 && len(ext) < 8 && ext != s; ext = filepath.Ext(s) {
		s = strings.TrimSuffix(s, ext)
	}
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, s)
	return cmp.Or(strings.Trim(s[:min(len(s), 60)], "-"), "bulkhead")
}

func minute(t report.Time) string {
	return time.Unix(0, int64(t)).UTC().Format("2006-01-02 15:04:05")
}

// length says how long, in the two largest units.
func length(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.3f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d d %d h", int(d.Hours())/24, int(d.Hours())%24)
}
