package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// Width of the text report, in characters.
const width = 100

// Rows that the text shows of each table; JSON and HTML have all.
const (
	showFindings      = 20
	showAssets        = 60
	showConversations = 60
)

// Text writes the analysis for a person at a terminal: the summary first.
func Text(w io.Writer, a *Analysis) error {
	t := &text{b: bufio.NewWriter(w)}
	t.capture(a)
	t.summary(a)
	t.findings(a)
	t.assets(a)
	t.zones(a)
	t.conversations(a)
	t.protocols(a)
	for _, o := range a.Omitted {
		t.line("Not in this report: " + o)
	}
	return t.b.Flush()
}

type text struct{ b *bufio.Writer }

func (t *text) line(s string) {
	t.b.WriteString(clip(s, width))
	t.b.WriteByte('\n')
}

func (t *text) head(s string) { t.line(""); t.line(strings.ToUpper(s)) }

// clip cuts s to n characters.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:n-1]) + "…"
}

// plain quotes a name that would not stay on its line of the terminal.
func plain(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}

// cell is s in exactly n characters.
func cell(s string, n int) string {
	s = clip(s, n)
	return s + strings.Repeat(" ", n-utf8.RuneCountInString(s))
}

// say writes a paragraph, broken between words, with later lines indented.
func (t *text) say(first, s string) {
	indent := strings.Repeat(" ", utf8.RuneCountInString(first))
	line := first
	for _, word := range strings.Fields(s) {
		if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width && strings.TrimSpace(line) != "" {
			t.line(strings.TrimRight(line, " "))
			line = indent
		}
		line += word + " "
	}
	t.line(strings.TrimRight(line, " "))
}

func (t *text) capture(a *Analysis) {
	var packets, bytes uint64
	var first, last Time
	for _, s := range a.Capture.Sources {
		packets += s.Packets
		bytes += s.Bytes
		if s.Packets > 0 && (first == 0 || s.First < first) {
			first = s.First
		}
		last = max(last, s.Last)
	}
	name := fmt.Sprintf("%d captures", len(a.Capture.Sources))
	if len(a.Capture.Sources) == 1 {
		name = plain(a.Capture.Sources[0].Name)
	}
	t.say("", fmt.Sprintf("%s: %s packets, %s, %s", name, thousands(packets), size(bytes), span(first, last)))
	q := a.Capture.Quality
	t.say("Capture quality: ", q.Verdict)
	for _, r := range q.Reasons {
		t.say("  - ", r)
	}
	for _, s := range a.Capture.Sources {
		if s.Error != "" {
			t.say("  - ", s.Error)
		}
	}
}

// span is the length of time and when it was.
func span(first, last Time) string {
	if first == 0 {
		return "no time"
	}
	d := time.Duration(last - first).Round(time.Second)
	if d < 10*time.Second {
		d = time.Duration(last - first).Round(time.Millisecond)
	}
	return fmt.Sprintf("%s, %s to %s UTC", d, minute(first), minute(last))
}

func minute(t Time) string { return time.Unix(0, int64(t)).UTC().Format("2006-01-02 15:04:05") }

func size(n uint64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB"}
	f, i := float64(n), 0
	for f >= 1000 && i < len(units)-1 {
		f, i = f/1000, i+1
	}
	if i == 0 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f %s", f, units[i])
}

func (t *text) summary(a *Analysis) {
	t.head("What is here")
	roles := make(map[string]int)
	for _, x := range a.Assets {
		roles[cmp.Or(x.Role.Value, "unknown")]++
	}
	t.say("  ", fmt.Sprintf("%s: %s", count(len(a.Assets), "asset"), tally(roles)))
	classes := make(map[string]int)
	for _, c := range a.Conversations {
		for _, o := range c.Operations {
			if !o.Reply {
				classes[o.Class] += int(o.Requests + o.noRequests())
			}
		}
	}
	t.say("  ", fmt.Sprintf("%s in %s; operations: %s", count(len(a.Conversations), "conversation"), count(len(a.Protocols), "protocol"), tally(classes)))
	if n := len(a.External); n > 0 {
		t.say("  ", fmt.Sprintf("%s outside the plant", count(n, "peer")))
	}
}

// noRequests counts the messages of an operation that nobody asked for.
func (o *Operation) noRequests() uint64 {
	if o.Requests == 0 {
		return o.Responses
	}
	return 0
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return thousands(uint64(n)) + " " + what + "s"
}

// tally lists what there is most of first.
func tally(m map[string]int) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		if m[k] > 0 {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return "none"
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), strings.Compare(a, b)) })
	for i, k := range keys {
		keys[i] = thousands(uint64(m[k])) + " " + k
	}
	return strings.Join(keys, ", ")
}

func (t *text) findings(a *Analysis) {
	t.head("What stands out")
	if len(a.Findings) == 0 {
		t.line("  nothing")
	}
	for _, f := range a.Findings[:min(len(a.Findings), showFindings)] {
		where := ""
		if len(f.Frames) > 0 {
			where = fmt.Sprintf(" [frame %d]", f.Frames[0])
		}
		t.say("  "+cell(f.Severity, 9), f.Text+where)
	}
	t.more(len(a.Findings), showFindings, "findings")
}

func (t *text) more(n, shown int, what string) {
	if n > shown {
		t.line(fmt.Sprintf("  ... and %s more %s: --format html or json shows all", thousands(uint64(n-shown)), what))
	}
}

func (t *text) assets(a *Analysis) {
	t.head("Assets")
	t.line("  " + cell("NAME", 20) + " " + cell("ADDRESS", 17) + " " + cell("LEVEL", 5) + " " + cell("ROLE", 20) + " VENDOR, MODEL, FIRMWARE")
	list := slices.Clone(a.Assets)
	slices.SortStableFunc(list, func(x, y Asset) int {
		return cmp.Or(cmp.Compare(levelOf(&x), levelOf(&y)), byAddress(addressOf(&x), addressOf(&y)))
	})
	for i := range list[:min(len(list), showAssets)] {
		x := &list[i]
		level := "-"
		if x.PurdueLevel != nil {
			level = fmt.Sprintf("%g", *x.PurdueLevel)
		}
		role := x.Role.Value
		if x.Role.Confidence > 0 {
			role = fmt.Sprintf("%s %d%%", role, x.Role.Confidence)
		}
		addr := addressOf(x)
		name := x.Name
		if name == addr {
			name = ""
		}
		t.line("  " + cell(name, 20) + " " + cell(addr, 17) + " " + cell(level, 5) + " " + cell(role, 20) + " " + what(x))
	}
	t.more(len(list), showAssets, "assets")
}

func levelOf(x *Asset) float64 {
	if x.PurdueLevel == nil {
		return 9
	}
	return *x.PurdueLevel
}

func addressOf(x *Asset) string {
	for _, i := range x.Interfaces {
		if len(i.IPs) > 0 {
			return i.IPs[0]
		}
	}
	for _, i := range x.Interfaces {
		if i.MAC != "" {
			return i.MAC
		}
	}
	return x.ID
}

func what(x *Asset) string {
	var s []string
	for _, k := range [...]fact.Attr{fact.Vendor, fact.Model, fact.OrderNumber, fact.FirmwareVer} {
		if vs := x.Attributes[k]; len(vs) > 0 && !slices.Contains(s, vs[0].Value) {
			s = append(s, vs[0].Value)
		}
	}
	return strings.Join(s, ", ")
}

func (t *text) conversations(a *Analysis) {
	t.head("Conversations")
	t.line("  " + cell("CLIENT", 17) + " " + cell("SERVER", 17) + " " + cell("PROTOCOL", 12) + " " + cell("PORT", 6) + " " + cell("PACKETS", 9) + " WHAT WAS DONE")
	list := slices.DeleteFunc(slices.Clone(a.Conversations), func(c Conversation) bool { return c.Server.Group })
	groups := len(a.Conversations) - len(list)
	slices.SortStableFunc(list, func(x, y Conversation) int {
		return cmp.Or(cmp.Compare(weight(&y), weight(&x)), cmp.Compare(y.Packets, x.Packets))
	})
	for i := range list[:min(len(list), showConversations)] {
		c := &list[i]
		port := ""
		if c.ServerPort != nil {
			port = fmt.Sprint(*c.ServerPort)
		}
		t.line("  " + cell(endText(&c.Client), 17) + " " + cell(endText(&c.Server), 17) + " " + cell(c.Protocol, 12) + " " + cell(port, 6) + " " +
			cell(thousands(c.Packets), 9) + " " + done(c))
	}
	t.more(len(list), showConversations, "conversations")
	if groups > 0 {
		t.line(fmt.Sprintf("  %s to broadcast or multicast addresses are left out here", count(groups, "conversation")))
	}
}

func endText(e *End) string { return cmp.Or(e.IP, e.MAC, "many") }

// rank orders the classes by what they can do to a plant.
var rank = []string{"firmware", "program", "control", "configure", "write", "login", "read", "data", "discover", "diagnose", "other"}

// weight puts conversations that change something first.
func weight(c *Conversation) int {
	best := 0
	for _, o := range c.Operations {
		if o.Requests > 0 || o.Responses > 0 {
			best = max(best, len(rank)-slices.Index(rank, o.Class))
		}
	}
	if best <= len(rank)-slices.Index(rank, "read") {
		return 0
	}
	return best
}

// done sums up the operations of a conversation by class.
func done(c *Conversation) string {
	if !c.Recognised && c.Ports > 0 {
		return fmt.Sprintf("%d ports tried", c.Ports)
	}
	n := make(map[string]uint64)
	var failed uint64
	for _, o := range c.Operations {
		if !o.Reply {
			n[o.Class] += max(o.Requests, o.noRequests())
			failed += o.Errors
		}
	}
	var s []string
	for _, r := range rank {
		if n[r] > 0 {
			s = append(s, thousands(n[r])+" "+r)
		}
	}
	if failed > 0 {
		s = append(s, thousands(failed)+" failed")
	}
	if len(s) == 0 && c.ServerPackets == 0 {
		return "no answer"
	}
	if c.Refused > 0 && c.Refused == c.Flows {
		return "refused"
	}
	return strings.Join(s, ", ")
}

func (t *text) protocols(a *Analysis) {
	t.head("Protocols")
	t.line("  " + cell("PROTOCOL", 18) + " " + cell("PACKETS", 12) + " " + cell("MESSAGES", 12) + " " + cell("MALFORMED", 10) + " NAME")
	list := slices.Clone(a.Protocols)
	slices.SortStableFunc(list, func(x, y Protocol) int {
		return cmp.Or(cmp.Compare(y.Packets, x.Packets), cmp.Compare(y.Messages, x.Messages))
	})
	for _, p := range list {
		name := p.Title
		if p.Carrier != "" {
			name = "in " + p.Carrier
		}
		t.line("  " + cell(p.Protocol, 18) + " " + cell(thousands(p.Packets), 12) + " " + cell(thousands(p.Messages), 12) + " " + cell(thousands(p.Malformed), 10) + " " + name)
	}
}
