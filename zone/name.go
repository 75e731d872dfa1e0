package zone

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"github.com/bulkhead-ot/bulkhead/plant"
)

// titles are the kinds of zone in plain words, and why they are apart.
var titles = map[string][2]string{
	"safety":        {"Safety", "functional safety stands apart from control (IEC 62443-3-2, ZCR 3.3)"},
	"cell":          {"Cell", "controllers, field devices and panels that work together in one network"},
	"wireless":      {"Wireless", "wireless devices stand apart from wired ones (ZCR 3.5)"},
	"temporary":     {"Temporarily connected", "devices that are connected for a while stand apart (ZCR 3.4)"},
	"supervisory":   {"Supervisory", "servers and stations that watch and engineer the cells"},
	"vendor-access": {"Vendor access", "ways in from elsewhere stand apart (ZCR 3.6)"},
	"dmz":           {"DMZ", "what the plant and the office exchange goes through it"},
	"office":        {"Office", "business stands apart from control (ZCR 3.2)"},
	"network":       {"Other", "what these assets do could not be told"},
	"internet":      {"Internet", "everything outside the plant"},
}

// maxName bounds the part of an ID that is not the kind, so that the ID of a
// conduit holds two of them.
const maxName = 12

// name gives every zone an ID and a title: its kind, and where there are
// several of the kind what their members' names have in common, else the network.
func (p *proposer) name() {
	kinds := make(map[string]int)
	for _, g := range p.groups {
		kinds[g.kind]++
	}
	taken := make(map[plant.ID]bool)
	for _, g := range p.groups {
		title := titles[g.kind][0]
		g.why = titles[g.kind][1]
		tag := g.tag()
		id := g.kind
		switch {
		case kinds[g.kind] == 1 && (g.kind != "cell" || tag == ""):
			g.title = title
		case tag != "":
			id, g.title = g.kind+"-"+tag, title+" "+tag
		default:
			id, g.title = g.kind+"-"+network(g.segment), strings.TrimSpace(title+" "+g.segment)
		}
		if g.segment != "" {
			g.why += "; network " + g.segment
		}
		base := id
		for n := 2; taken[plant.ID(id)]; n++ {
			id = fmt.Sprintf("%s-%d", base, n)
			g.title = strings.TrimSuffix(g.title, fmt.Sprintf(" %d", n-1)) + fmt.Sprintf(" %d", n)
		}
		taken[plant.ID(id)] = true
		g.id = plant.ID(id)
	}
}

// network makes an ID of a subnet: 10.1.2.0/24 becomes 10-1-2.
func network(s string) string {
	if p, err := netip.ParsePrefix(s); err == nil && p.Addr().Is4() {
		b := p.Addr().As4()
		return fmt.Sprintf("%d-%d-%d", b[0], b[1], b[2])
	}
	s = strings.TrimSuffix(s, "/64")
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s = strings.Trim(b.String(), "-")
	if len(s) > maxName {
		s = strings.Trim(s[len(s)-maxName:], "-")
	}
	if s == "" {
		return "x"
	}
	return s
}

// common are words in names that say what a thing is, not where.
var common = set("plc", "hmi", "io", "rio", "sw", "switch", "drive", "robot", "cam", "camera", "scada", "server", "srv", "station", "panel", "pc",
	"ws", "cpu", "simatic", "s7", "et200sp", "controller", "rtu", "meter", "safe", "safety", "eng", "hist", "client", "host", "device", "local", "net", "www", "com")

// tag is a word that half of the named members share.
func (g *group) tag() string {
	named, count := 0, make(map[string]int)
	for _, n := range g.nodes {
		name := n.Name()
		if name == string(n.ID) {
			continue
		}
		named++
		var words []string
		for _, w := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r > 127 || !unicode.IsLetter(r) }) {
			if len(w) >= 3 && len(w) <= maxName && !common[w] && !slices.Contains(words, w) {
				words = append(words, w)
				count[w]++
			}
		}
	}
	if best := most(count); named >= 2 && count[best] >= 2 && count[best]*2 >= named {
		return best
	}
	return ""
}
