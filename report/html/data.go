package html

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/report"
	"github.com/bulkhead-ot/bulkhead/topo"
)

// What a page holds at most; the JSON document has everything.
const (
	maxAssets        = 20_000
	maxConversations = 20_000
	maxExternal      = 5_000
	maxTargets       = 60_000 // of all operations together
	maxTargetsEach   = 100    // of one operation
	maxText          = 600    // characters of one value
)

// data is what the script works on: the analysis in short, times as
// microseconds since 1970, and the map.
type data struct {
	First    micros         `json:"first"`
	Last     micros         `json:"last"`
	Sources  int            `json:"sources"`
	Name     string         `json:"name"` // for the names of exported files
	Assets   []assetRow     `json:"assets"`
	External []externalRow  `json:"external"`
	Convs    []conversation `json:"convs"`
	Protos   []protocolRow  `json:"protos"`
	Findings []findingRow   `json:"findings"`
	Map      *topo.Map      `json:"map"`
	Notes    []string       `json:"notes"` // what was left out of the page
}

// micros is a time as the browser reads it without loss; 0 is none.
type micros int64

func timeOf(t report.Time) micros { return micros(t / 1000) }

type assetRow struct {
	ID         string               `json:"id"`
	Name       string               `json:"name"`
	Interfaces []interfaceRow       `json:"ifs"`
	Role       string               `json:"role,omitempty"`
	Sure       uint8                `json:"sure,omitempty"`
	Why        string               `json:"why,omitempty"`
	Level      *float64             `json:"level"`
	LevelWhy   string               `json:"levelWhy,omitempty"`
	Attributes map[fact.Attr][]said `json:"at,omitempty"`
	Parts      []partRow            `json:"parts,omitempty"`
	Conflicts  []conflictRow        `json:"conflicts,omitempty"`
	Uses       [][2]string          `json:"uses,omitempty"` // protocol, as what
	First      micros               `json:"first"`
	Last       micros               `json:"last"`
	Frame      uint64               `json:"frame"`
	Packets    uint64               `json:"packets"`
	Bytes      uint64               `json:"bytes"`
}

type interfaceRow struct {
	MAC  string   `json:"mac,omitempty"`
	IPs  []string `json:"ips,omitempty"`
	VLAN uint16   `json:"vlan,omitempty"`
}

// said is a value of an attribute, with its evidence; an array in the page.
type said struct {
	value, source string
	confidence    uint8
	frame, count  uint64
}

func (s said) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{s.value, s.source, s.confidence, s.frame, s.count})
}

type partRow struct {
	Name       string               `json:"name"`
	Attributes map[fact.Attr][]said `json:"at"`
}

type conflictRow struct {
	Text   string   `json:"text"`
	Frames []uint64 `json:"frames"`
}

type externalRow struct {
	IP      string   `json:"ip"`
	Names   []string `json:"names,omitempty"`
	Packets uint64   `json:"packets"`
	Bytes   uint64   `json:"bytes"`
	First   micros   `json:"first"`
	Last    micros   `json:"last"`
	Frame   uint64   `json:"frame"`
}

type protocolRow struct {
	Protocol  string `json:"proto"`
	Title     string `json:"title,omitempty"`
	Packets   uint64 `json:"packets"`
	Messages  uint64 `json:"messages"`
	Malformed uint64 `json:"malformed"`
	Bytes     uint64 `json:"bytes"`
	Carrier   string `json:"carrier,omitempty"`
}

type findingRow struct {
	ID       string   `json:"id"`
	Check    string   `json:"check"`
	Title    string   `json:"title"`
	Severity string   `json:"severity"`
	Assets   []string `json:"assets"`
	Text     string   `json:"text"`
	Frames   []uint64 `json:"frames"`
}

// dataOf shortens the analysis to what the page holds.
func dataOf(a *report.Analysis) *data {
	d := &data{
		Sources: len(a.Capture.Sources), Name: fileName(a), Notes: []string{},
		Assets: []assetRow{}, External: []externalRow{}, Convs: []conversation{}, Protos: []protocolRow{}, Findings: []findingRow{},
	}
	for _, s := range a.Capture.Sources {
		if s.Packets > 0 {
			if d.First == 0 || timeOf(s.First) < d.First {
				d.First = timeOf(s.First)
			}
			d.Last = max(d.Last, timeOf(s.Last))
		}
	}
	for _, i := range d.pick("assets", len(a.Assets), maxAssets, func(i int) uint64 { return a.Assets[i].Packets }) {
		d.Assets = append(d.Assets, assetOf(&a.Assets[i]))
	}
	for _, i := range d.pick("peers outside", len(a.External), maxExternal, func(i int) uint64 { return a.External[i].Packets }) {
		x := &a.External[i]
		d.External = append(d.External, externalRow{x.IP, cleanAll(x.Names), x.Packets, x.Bytes, timeOf(x.FirstSeen), timeOf(x.LastSeen), x.Frame})
	}
	d.conversations(a)
	for _, x := range a.Protocols {
		d.Protos = append(d.Protos, protocolRow{clean(x.Protocol), clean(x.Title), x.Packets, x.Messages, x.Malformed, x.Bytes, clean(x.Carrier)})
	}
	for _, x := range a.Findings {
		d.Findings = append(d.Findings, findingRow{x.ID, x.Check, clean(x.Title), x.Severity, nonNil(x.Assets), clean(x.Text), distinct(x.Frames)})
	}
	d.Map = mapOf(d)
	return d
}

// pick chooses at most limit of n rows, the weightiest, in their own order.
func (d *data) pick(what string, n, limit int, weight func(int) uint64) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	if n <= limit {
		return list
	}
	slices.SortStableFunc(list, func(x, y int) int { return compareDown(weight(x), weight(y)) })
	list = list[:limit]
	slices.Sort(list)
	d.Notes = append(d.Notes, fmt.Sprintf("This page holds the %s weightiest of %s %s; --format json has all.", number(limit), number(n), what))
	return list
}

func compareDown(x, y uint64) int {
	switch {
	case x > y:
		return -1
	case x < y:
		return 1
	}
	return 0
}

func assetOf(x *report.Asset) assetRow {
	a := assetRow{
		ID: x.ID, Name: clean(x.Name), Role: known(x.Role.Value), Sure: x.Role.Confidence, Why: clean(x.Role.Why),
		Level: x.PurdueLevel, LevelWhy: clean(x.PurdueWhy), Attributes: attributes(x.Attributes), Interfaces: []interfaceRow{},
		First: timeOf(x.FirstSeen), Last: timeOf(x.LastSeen), Frame: x.Frame, Packets: x.Packets, Bytes: x.Bytes,
	}
	for _, i := range x.Interfaces {
		a.Interfaces = append(a.Interfaces, interfaceRow{i.MAC, i.IPs, i.VLAN})
	}
	if a.Role == "" {
		a.Sure = 0
	}
	for _, p := range x.Parts {
		a.Parts = append(a.Parts, partRow{clean(p.Name), attributes(p.Attributes)})
	}
	for _, c := range x.Conflicts {
		a.Conflicts = append(a.Conflicts, conflictRow{clean(c.Text), distinct(c.Frames)})
	}
	for _, u := range x.Protocols {
		a.Uses = append(a.Uses, [2]string{clean(u.Protocol), u.As})
	}
	return a
}

// known is a role, or "" for the one that says there is none.
func known(role string) string {
	if role == "unknown" {
		return ""
	}
	return clean(role)
}

func attributes(m map[fact.Attr][]report.Value) map[fact.Attr][]said {
	out := make(map[fact.Attr][]said, len(m))
	for k, vs := range m {
		for _, v := range vs {
			out[k] = append(out[k], said{clean(v.Value), v.Source, v.Confidence, v.Frame, v.Count})
		}
	}
	return out
}

func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// distinct lists frames once each, in order.
func distinct(frames []uint64) []uint64 {
	out := slices.Clone(nonNil(frames))
	slices.Sort(out)
	return slices.Compact(out)
}

func cleanAll(s []string) []string {
	out := make([]string, len(s))
	for i := range s {
		out[i] = clean(s[i])
	}
	return out
}

// clean makes control characters, and those that turn the direction of text,
// visible: a name must not look like another. Long values are cut.
func clean(s string) string {
	if len(s) <= maxText && plain(s) {
		return s
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxText {
			b.WriteRune('…')
			break
		}
		switch {
		case r == utf8.RuneError:
			b.WriteRune(r)
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
			fmt.Fprintf(&b, "\\u{%x}", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
