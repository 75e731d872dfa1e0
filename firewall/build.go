package firewall

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/zone"
)

type builder struct {
	m    *zone.Map
	o    Options
	p    *Policy
	at   map[string]int // objects by name
	gaps Gaps
}

func (b *builder) gap(path, remedy, what string, a ...any) {
	b.gaps = append(b.gaps, Gap{b.m.Plant.At(path), fmt.Sprintf(what, a...), remedy})
}

// zones makes an object of each zone, and lets its members speak with one another.
func (b *builder) zones() {
	var inside []plant.Addresses
	external := -1
	ranges := make([][]plant.Addresses, len(b.m.Plant.Zones))
	for i := range b.m.Plant.Zones {
		z := &b.m.Plant.Zones[i]
		list, silent := b.m.Addresses(i)
		ranges[i] = list
		inside = append(inside, list...)
		for j := range z.Members {
			if z.Members[j].External {
				external = i
			}
		}
		for _, s := range silent {
			b.gap(fmt.Sprintf("zones[%d].members", i), "give captures in which it speaks, or its address with ip", "zone %s: a member (%s) has no known address", z.ID, describe(&s))
		}
	}
	if external >= 0 {
		ranges[external] = append(ranges[external], outside(inside)...)
	}
	for i := range b.m.Plant.Zones {
		z := &b.m.Plant.Zones[i]
		b.object(string(z.ID), z.Label(), ranges[i])
	}
	slices.SortFunc(b.p.Objects, func(x, y Object) int { return strings.Compare(x.Name, y.Name) })
	for i := range b.p.Objects {
		b.at[b.p.Objects[i].Name] = i
	}
	for i := range b.m.Plant.Zones {
		id := string(b.m.Plant.Zones[i].ID)
		if k := b.at[id]; i != external && len(b.p.Objects[k].Prefixes) > 0 {
			b.p.Rules = append(b.p.Rules, Rule{Name: "within " + id, From: k, To: k, Services: []Service{{}}})
		}
	}
}

func describe(m *plant.Member) string {
	switch {
	case m.Asset != "":
		return "asset " + m.Asset
	case m.MAC != plant.MAC{}:
		return "mac " + m.MAC.String()
	case m.VLAN != 0:
		return fmt.Sprint("vlan ", m.VLAN)
	case m.Role != "":
		return "role " + m.Role
	}
	return "name " + string(m.Name)
}

// special are the addresses that are never those of a peer outside: RFC 6890,
// RFC 1918, RFC 4193, multicast.
var special = []string{"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"}

// outside is every unicast address that is no zone's and not private: for IPv6,
// when the plant uses it, what is in 2000::/3.
func outside(inside []plant.Addresses) []plant.Addresses {
	list := []plant.Addresses{rangeOf("0.0.0.0/0")}
	if slices.ContainsFunc(inside, func(a plant.Addresses) bool { return a.First.Is6() }) {
		list = append(list, rangeOf("2000::/3"))
	}
	for _, s := range special {
		list = plant.Subtract(list, rangeOf(s))
	}
	for _, r := range inside {
		list = plant.Subtract(list, r)
	}
	return list
}

func rangeOf(s string) plant.Addresses {
	var a plant.Addresses
	_ = a.UnmarshalText([]byte(s)) // constants of this file
	return a
}

func (b *builder) object(name, comment string, list []plant.Addresses) int {
	var ps []netip.Prefix
	for _, r := range zone.Join(list) {
		ps = append(ps, r.Prefixes()...)
	}
	b.p.Objects = append(b.p.Objects, Object{name, comment, ps})
	b.at[name] = len(b.p.Objects) - 1
	return len(b.p.Objects) - 1
}

// conduit makes the rules of a conduit.
func (b *builder) conduit(i int, c *plant.Conduit) {
	path := fmt.Sprintf("conduits[%d]", i)
	from, to := b.side(path+".clients", c, c.From, c.Clients, "from"), b.side(path+".servers", c, c.To, c.Servers, "to")
	r := Rule{Name: string(c.ID), From: from, To: to, Conduit: c.ID, Owner: c.Owner, Reason: c.Reason, Expires: c.Expires}
	for j := range c.Protocols {
		r.Services = append(r.Services, b.services(fmt.Sprintf("%s.protocols[%d]", path, j), c, &c.Protocols[j])...)
	}
	for _, k := range [...]int{from, to} {
		if len(b.p.Objects[k].Prefixes) == 0 {
			b.gap(path, "give captures in which its members speak, or their addresses with ip", "conduit %s: %s has no address", c.ID, b.p.Objects[k].Name)
		}
	}
	b.p.Rules = append(b.p.Rules, r)
	if c.Direction == plant.Both {
		r.Name, r.From, r.To = string(c.ID)+"-back", to, from
		b.p.Rules = append(b.p.Rules, r)
	}
}

// side is the object of one side: the zone, or some of it.
func (b *builder) side(path string, c *plant.Conduit, id plant.ID, ms []plant.Member, which string) int {
	if len(ms) == 0 {
		return b.at[string(id)]
	}
	var list []plant.Addresses
	var names []string
	for i := range ms {
		got := b.m.Select(&ms[i])
		if ms[i].External {
			for _, p := range b.p.Objects[b.at[string(id)]].Prefixes {
				got = append(got, rangeOf(p.String()))
			}
		}
		if len(got) == 0 {
			b.gap(fmt.Sprintf("%s[%d]", path, i), "give captures in which it speaks, or its address with ip", "conduit %s: a member (%s) has no known address", c.ID, describe(&ms[i]))
		}
		for _, g := range got {
			names = append(names, g.String())
		}
		list = append(list, got...)
	}
	return b.object(string(c.ID)+"-"+which, "of zone "+string(id)+": "+strings.Join(names, ", "), list)
}

var numbers = map[string]uint8{"icmp": ICMP, "icmpv6": ICMPv6, "igmp": 2, "ospf": 89, "eigrp": 88, "vrrp": 112, "gre": 47, "esp": 50, "ah": 51, "sctp": SCTP, "tcp": TCP, "udp": UDP}

// services are those of one protocol of a conduit.
func (b *builder) services(path string, c *plant.Conduit, r *plant.Protocol) []Service {
	if (len(r.Classes) > 0 || len(r.Functions) > 0) && !b.o.Coarse && hasOperations(r) {
		b.gap(path, "accept that all of it passes with --coarse", "conduit %s: rules by address and port cannot limit %s to %s", c.ID, r.Protocol, limit(r))
	}
	ports := r.Ports
	if len(ports) == 0 {
		switch n, ok := numbers[r.Protocol]; {
		case r.Protocol == plant.Any, r.Protocol == "ip":
			return []Service{{Of: r.Protocol}}
		case ok && (n == TCP || n == UDP || n == SCTP):
			return []Service{{Protocol: n, Last: 65535, Of: r.Protocol}}
		case ok:
			return []Service{{Protocol: n, Of: r.Protocol}}
		}
		if b.o.Ports != nil {
			ports = b.o.Ports(r.Protocol)
		}
		if len(ports) == 0 {
			b.gap(path, "name its ports, such as ports: [tcp/502]", "conduit %s: the ports of %s are not known", c.ID, r.Protocol)
		}
	}
	var list []Service
	for _, p := range ports {
		switch p.Transport {
		case "tcp", "udp", "sctp":
			list = append(list, Service{numbers[p.Transport], uint16(p.First), uint16(p.Last), r.Protocol})
		case "ip":
			for n := p.First; n <= p.Last; n++ {
				list = append(list, Service{Protocol: uint8(n), Of: r.Protocol})
			}
		default:
			b.gap(path, fmt.Sprintf("leave the conduit out with --without %s, or put both ends into one zone", c.ID), "conduit %s: %s on %s is no IP traffic, which no firewall between networks passes", c.ID, r.Protocol, p)
		}
	}
	return list
}

// hasOperations tells whether a limit to operations means anything beyond the
// port: what only asks and answers by one class does so anyway.
func hasOperations(r *plant.Protocol) bool {
	switch r.Protocol {
	case "icmp", "icmpv6", "ntp", "dns", "dhcp", "syslog":
		return len(r.Functions) > 0
	}
	return true
}

func limit(r *plant.Protocol) string {
	var s []string
	for _, c := range r.Classes {
		s = append(s, c.String())
	}
	if len(r.Functions) > 0 {
		s = append(s, "functions "+strings.Join(r.Functions, ", "))
	}
	return strings.Join(s, ", ")
}

// Names makes names that a language takes: letters and digits as they are,
// other characters as it has them, of at most max characters, each name once.
// The same policy always gives the same names.
func Names(names []string, max int, other string) map[string]string {
	out := make(map[string]string, len(names))
	taken := make(map[string]bool)
	for _, n := range names {
		var s strings.Builder
		for _, r := range n {
			switch {
			case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
				s.WriteRune(r)
			default:
				s.WriteString(other)
			}
		}
		base := s.String()[:min(s.Len(), max)]
		name := base
		for i := 2; taken[strings.ToLower(name)]; i++ {
			tail := fmt.Sprintf("%s%d", other, i)
			name = base[:min(len(base), max-len(tail))] + tail
		}
		taken[strings.ToLower(name)] = true
		out[n] = name
	}
	return out
}

// ObjectNames are the names of the objects of a policy.
func (p *Policy) ObjectNames() []string {
	var s []string
	for i := range p.Objects {
		s = append(s, p.Objects[i].Name)
	}
	return s
}

// Line makes one printable line of text, of at most max characters, without quotes.
func Line(s string, max int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '"' || r == '\\' || r == '`':
			return '\''
		case r < ' ' || r == 0x7f || r > '~':
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(s[:min(len(s), max)])
}
