package zone

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// segments says for each asset in which network it is: its subnet, else its
// VLAN, else that of those whom it talks to most.
func (p *proposer) segments() {
	var lone []*node
	vlans := make(map[uint16]map[string]int) // subnets seen in a VLAN
	for _, n := range p.nodes {
		vlan, net := home(n)
		n.homes = homes(n)
		if net != "" {
			n.segment = net
			if vlan != 0 {
				if vlans[vlan] == nil {
					vlans[vlan] = make(map[string]int)
				}
				vlans[vlan][net]++
			}
			continue
		}
		lone = append(lone, n)
	}
	for _, n := range lone {
		if vlan, _ := home(n); vlan != 0 {
			n.segment = cmp.Or(most(vlans[vlan]), fmt.Sprintf("VLAN %d", vlan))
		}
	}
	for _, n := range lone {
		if n.segment == "" {
			n.segment = cmp.Or(p.nearest(n), "no subnet")
		}
	}
}

// home is the VLAN and the subnet of an asset. Masks are not on the wire: /24
// and /64 are what plants use.
func home(n *node) (vlan uint16, net string) {
	var first netip.Addr
	for _, i := range n.Interfaces {
		for _, ip := range i.IPs {
			if ip.IsLinkLocalUnicast() || ip.IsLoopback() || ip.IsUnspecified() {
				continue
			}
			if !first.IsValid() || first.Is6() && ip.Is4() {
				first, vlan = ip, i.VLAN
			}
		}
		if vlan == 0 && !first.IsValid() {
			vlan = i.VLAN
		}
	}
	if !first.IsValid() {
		return vlan, ""
	}
	bits := 24
	if first.Is6() {
		bits = 64
	}
	prefix, _ := first.Prefix(bits) // of its own address
	return vlan, prefix.String()
}

// homes are the addresses of an asset by subnet, nil unless there are several
// subnets of the same kind of address.
func homes(n *node) map[string][]netip.Addr {
	m := make(map[string][]netip.Addr)
	for _, i := range n.Interfaces {
		for _, ip := range i.IPs {
			if ip.Is4() && !ip.IsLinkLocalUnicast() && !ip.IsLoopback() && !ip.IsUnspecified() {
				p, _ := ip.Prefix(24)
				m[p.String()] = append(m[p.String()], ip)
			}
		}
	}
	if len(m) < 2 {
		return nil
	}
	return m
}

// spread gives an asset with addresses in several networks to the zone of
// each: what passes through it is not said to begin or end in one of them. It
// is a member of the highest.
func (p *proposer) spread() {
	main := make(map[string]*group) // the largest of each network
	for _, g := range p.groups {
		if o := main[g.segment]; g.segment != "" && (o == nil || len(g.nodes) > len(o.nodes)) {
			main[g.segment] = g
		}
	}
	for _, n := range p.nodes {
		if n.homes == nil || n.apart != "" {
			continue
		}
		n.seats = make(map[netip.Addr]*group)
		best := n.group
		for s, ips := range n.homes {
			g := main[s]
			if g == nil {
				continue
			}
			for _, ip := range ips {
				n.seats[ip] = g
			}
			if a, b := rankOf(g.kind), rankOf(best.kind); networkRoles[n.Role.Value] && g.kind != "office" && (a > b || a == b && compareSegment(g.segment, best.segment) < 0) {
				best = g
			}
		}
		if best != n.group {
			n.group.nodes = slices.DeleteFunc(n.group.nodes, func(o *node) bool { return o == n })
			best.nodes = append(best.nodes, n)
			slices.SortFunc(best.nodes, func(a, b *node) int { return compareAsset(a, b) })
			n.group, n.segment = best, best.segment
		}
		n.why = append(n.why, fmt.Sprintf("has addresses in %d networks", len(n.homes)))
	}
	p.groups = slices.DeleteFunc(p.groups, func(g *group) bool { return len(g.nodes) == 0 && !g.external })
}

func compareAsset(a, b *node) int {
	x, errx := netip.ParseAddr(string(a.ID))
	y, erry := netip.ParseAddr(string(b.ID))
	if errx == nil && erry == nil {
		return x.Compare(y)
	}
	return cmp.Or(cmp.Compare(bit(errx != nil), bit(erry != nil)), strings.Compare(string(a.ID), string(b.ID)))
}

// nearest is the segment of the peers that exchange most with n.
func (p *proposer) nearest(n *node) string {
	sum := make(map[string]int)
	for _, m := range [...]map[*node]*relation{n.asks, n.asked} {
		for o, r := range m {
			if o.segment != "" {
				sum[o.segment] += int(min(r.weight, 1<<40))
			}
		}
	}
	return most(sum)
}

// most is the key with the largest number, of equals the first.
func most(m map[string]int) string {
	best := ""
	for k, v := range m {
		if best == "" || v > m[best] || v == m[best] && k < best {
			best = k
		}
	}
	return best
}

// bands says for each asset what it does in the plant: by its role, else by
// its Purdue level, else by what it speaks.
func (p *proposer) bands() {
	for _, n := range p.nodes {
		n.band = p.band(n)
	}
	strong, weak := make(map[string]map[string]int), make(map[string]map[string]int)
	add := func(m map[string]map[string]int, segment, band string) {
		if m[segment] == nil {
			m[segment] = make(map[string]int)
		}
		if band != "" {
			m[segment][band]++
		}
	}
	for _, n := range p.nodes {
		add(strong, n.segment, n.band)
		add(weak, n.segment, n.weak)
	}
	p.dmz(strong)
	for _, n := range p.nodes {
		main := most(strong[n.segment])
		switch {
		case n.band == "":
			n.band = cmp.Or(main, most(weak[n.segment]), "unplaced")
			n.why = append(n.why, "fits in with the others of its network")
		case main == "dmz" && n.band != "control":
			n.band = main
		}
	}
}

// dmz finds networks through which the office and the plant exchange: they
// hold neither control nor several workstations, and speak with both sides.
func (p *proposer) dmz(strong map[string]map[string]int) {
	work := make(map[string]int)
	for _, n := range p.nodes {
		work[n.segment] += bit(officeRoles[n.Role.Value])
	}
	type sides struct{ up, down bool }
	met := make(map[string]*sides)
	for _, n := range p.nodes {
		s := met[n.segment]
		if s == nil {
			s = &sides{}
			met[n.segment] = s
		}
		for _, m := range [...]map[*node]*relation{n.asks, n.asked} {
			for o := range m {
				if o.segment != n.segment && len(o.homes) == 0 {
					s.up = s.up || work[o.segment] > 1
					s.down = s.down || strong[o.segment]["control"]+strong[o.segment]["supervisory"] > 0
				}
			}
		}
	}
	for segment, s := range met {
		c := strong[segment]
		if s.up && s.down && work[segment] <= 1 && c["control"]+c["supervisory"] == 0 || c["dmz"] > 0 && c["dmz"] >= c["control"]+c["supervisory"] {
			c["dmz"] = len(p.nodes) + 1 // outweighs what single members say
		}
	}
}

func (p *proposer) band(n *node) string {
	role := n.Role.Value
	say := func(band, f string, a ...any) string {
		n.why = append(n.why, fmt.Sprintf(f, a...))
		return band
	}
	known := role != "" && role != "unknown"
	switch {
	case fieldRoles[role], controlRoles[role]:
		return say("control", "%s", n.roleText())
	case role == "hmi": // beside the controllers, or in the control room
		n.weak = "supervisory"
		return say("", "%s", n.roleText())
	case supervisionRoles[role]:
		if n.PurdueLevel == 3.5 {
			return say("dmz", "%s at Purdue level 3.5", n.roleText())
		}
		return say("supervisory", "%s", n.roleText())
	case networkRoles[role], role == "clock", role == "printer", role == "ups":
		return say("", "%s", n.roleText())
	case n.PurdueLevel == 3.5:
		return say("dmz", "%s at Purdue level 3.5", n.roleText())
	case officeRoles[role]:
		return say("office", "%s", n.roleText())
	case known:
		switch l := n.PurdueLevel; {
		case l >= 4:
			n.weak = "office"
		case l >= 2.5:
			n.weak = "supervisory"
		case l >= 0:
			n.weak = "control"
		}
		return say("", "%s", n.roleText())
	}
	return p.bandByTraffic(n)
}

func (n *node) roleText() string {
	if n.Role.Value == "" || n.Role.Value == "unknown" {
		return "role not known"
	}
	return "is a " + n.Role.Value
}

// bandByTraffic is for assets whose role is not known.
func (p *proposer) bandByTraffic(n *node) string {
	served, client := 0, 0
	var who *node
	var with string
	for _, o := range p.peers(n.asked) {
		if r := n.asked[o]; r.industrial {
			served++
			who, with = o, strings.Join(r.protocols, ", ")
		}
	}
	for _, o := range p.peers(n.asks) {
		if n.asks[o].industrial {
			client++
		}
	}
	switch {
	case served > 0 && client <= served:
		n.why = append(n.why, fmt.Sprintf("serves %s to %s", with, who.Name()))
		return "control"
	case client > 0:
		n.why = append(n.why, fmt.Sprintf("asks %d others by industrial protocols", client))
		return "supervisory"
	}
	for _, u := range n.Protocols {
		if industrial[u.Protocol] && !services[u.Protocol] {
			n.why = append(n.why, "speaks "+u.Protocol)
			return "control"
		}
	}
	return ""
}

// apart finds what deserves a zone of its own whatever its network (IEC
// 62443-3-2, ZCR 3.2 to 3.6).
func (p *proposer) apart() {
	control := make(map[string]bool) // segments with controllers or field devices
	for _, n := range p.nodes {
		if n.band == "control" {
			control[n.segment] = true
		}
	}
	for _, n := range p.nodes {
		kind, why := p.special(n, control[n.segment])
		if kind != "" {
			n.apart, n.why = kind, []string{why}
		}
	}
}

func (p *proposer) special(n *node, inControl bool) (kind, why string) {
	if n.Role.Value == "safety-controller" {
		return "safety", "is a safety controller: safety stands apart from control"
	}
	for _, v := range n.Attributes[fact.SafetyRelated] {
		if v.Confidence >= 80 && v.Value != "no" && v.Value != "false" && controlRoles[n.Role.Value] {
			return "safety", "takes part in functional safety: " + v.Source
		}
	}
	if kind, name := deviceOf(n.Asset); kind != "" {
		return "vendor-access", fmt.Sprintf("is made for access from elsewhere (%s)", name)
	}
	if n.Role.Value == "access-point" || n.wireless() {
		return "wireless", "is wireless: whoever is near reaches it"
	}
	if why := p.temporary(n, inControl); why != "" {
		return "temporary", why
	}
	return "", ""
}

func (n *node) wireless() bool {
	for _, v := range n.Attributes[fact.Capability] {
		if s := strings.ToLower(v.Value); strings.Contains(s, "wlan") || strings.Contains(s, "wireless") {
			return true
		}
	}
	return false
}

// Times for what counts as connected for a while only.
const (
	leastWindow = 5 * time.Minute
	lateShare   = 0.2 // of the window, after which it appeared
	mostShare   = 0.6 // of the window, for which it was there
)

// sureRole is from which confidence on a panel is surely one, although it came late.
const sureRole = 80

// temporary tells why an asset among controllers is a guest: it came late, was
// not there for long, asks and serves nothing that anybody used.
func (p *proposer) temporary(n *node, inControl bool) string {
	window := float64(p.seen.Last - p.seen.First)
	r := n.Role.Value
	if !inControl || window < float64(leastWindow) || fieldRoles[r] || controlRoles[r] || networkRoles[r] || r == "hmi" && n.Role.Confidence >= sureRole || r == "clock" {
		return ""
	}
	late, there := float64(n.asking.First-p.seen.First), float64(n.asking.Last-n.asking.First)
	if late < lateShare*window || there > mostShare*window || len(n.asks) == 0 {
		return ""
	}
	for _, o := range n.asked {
		if o.industrial {
			return ""
		}
	}
	return fmt.Sprintf("began to ask others %s after the beginning, and nothing asks it: it seems to be connected for a while", Span(time.Duration(late)))
}

// group gathers the assets into zones: by network and band; in a network that
// mixes bands, controllers with what they command.
func (p *proposer) group() {
	by := make(map[string]*group)
	put := func(n *node, kind, segment, part string) {
		k := kind + "|" + segment + "|" + part
		g := by[k]
		if g == nil {
			g = &group{kind: kind, segment: segment, part: part}
			by[k] = g
			p.groups = append(p.groups, g)
		}
		n.group = g
		g.nodes = append(g.nodes, n)
	}
	mixed := p.mixed()
	parts := p.communities(mixed)
	for _, n := range p.nodes {
		switch {
		case n.apart == "vendor-access":
			put(n, n.apart, "", "")
		case n.apart != "":
			put(n, n.apart, n.segment, "")
		case n.band == "control":
			put(n, "cell", n.segment, parts[n])
		case n.band == "unplaced":
			put(n, "network", n.segment, "")
		default:
			put(n, n.band, n.segment, "")
		}
	}
	if p.out {
		p.groups = append(p.groups, &group{kind: "internet", external: true})
	}
	slices.SortStableFunc(p.groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(rankOf(a.kind), rankOf(b.kind)), compareSegment(a.segment, b.segment), strings.Compare(a.part, b.part))
	})
}

// order lists the kinds of zone from the process up.
var order = []string{"safety", "cell", "wireless", "temporary", "supervisory", "vendor-access", "dmz", "office", "network", "internet"}

func rankOf(kind string) int { return slices.Index(order, kind) }

func compareSegment(a, b string) int {
	x, errx := netip.ParsePrefix(a)
	y, erry := netip.ParsePrefix(b)
	if errx == nil && erry == nil {
		return x.Addr().Compare(y.Addr())
	}
	return cmp.Or(cmp.Compare(bit(errx != nil), bit(erry != nil)), strings.Compare(a, b))
}

// mixed are the networks in which control and what is above it stand side by side.
func (p *proposer) mixed() map[string]bool {
	control, above := make(map[string]int), make(map[string]int)
	for _, n := range p.nodes {
		switch {
		case n.apart != "":
		case n.band == "control":
			control[n.segment]++
		case n.band != "unplaced":
			above[n.segment]++
		}
	}
	m := make(map[string]bool)
	for s := range control {
		m[s] = above[s] > 1 || above[s] >= control[s]
	}
	return m
}

// manyServers is from how many controllers on a client is above all of them
// and ties none together.
const manyServers = 3

// communities finds in mixed networks which controllers and field devices
// work together: each is joined with those that it asks by industrial
// protocols. The part is named after the first of them.
func (p *proposer) communities(mixed map[string]bool) map[*node]string {
	parent := make(map[*node]*node)
	root := func(n *node) *node {
		for parent[n] != nil {
			n = parent[n]
		}
		return n
	}
	in := func(n *node) bool { return n.apart == "" && n.band == "control" && mixed[n.segment] }
	for _, n := range p.nodes {
		if !in(n) {
			continue
		}
		var servers []*node
		for _, o := range p.peers(n.asks) {
			if in(o) && o.segment == n.segment && n.asks[o].industrial {
				servers = append(servers, o)
			}
		}
		controllers := 0
		for _, o := range servers {
			controllers += bit(controlRoles[o.Role.Value])
		}
		if n.Role.Value == "hmi" && controllers >= manyServers {
			continue
		}
		for _, o := range servers {
			if x, y := root(n), root(o); x != y {
				parent[y] = x
			}
		}
	}
	size := make(map[*node]int)
	for _, n := range p.nodes {
		if in(n) {
			size[root(n)]++
		}
	}
	several := make(map[string]int)
	for n, k := range size {
		several[n.segment] += bit(k > 1)
	}
	parts := make(map[*node]string)
	for _, n := range p.nodes {
		if in(n) && size[root(n)] > 1 && several[n.segment] > 1 {
			parts[n] = string(root(n).ID)
		}
	}
	return parts
}
