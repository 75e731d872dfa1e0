// Package firewall makes one neutral rule set of a plant's zones and conduits,
// which the packages below it write in the languages of firewalls: what the
// conduits allow, in a stable order, and nothing else. What a language cannot
// say is an error that names it, never a silent gap.
package firewall

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/zone"
)

// Policy is the neutral rule set. What no rule allows is denied and logged.
// Answers to what is allowed are allowed.
type Policy struct {
	Name    string
	Objects []Object // by name
	Rules   []Rule   // within zones first, then as the plant lists the conduits
}

// Object is a named group of addresses.
type Object struct {
	Name     string
	Comment  string
	Prefixes []netip.Prefix // sorted, without overlap
}

// Rule allows what one object asks of another.
type Rule struct {
	Name     string // ID of the conduit, with the direction if there are two; "within ZONE"
	From, To int    // indices of Objects
	Services []Service
	Conduit  plant.ID // empty within a zone
	Owner    plant.ID
	Reason   string
	Expires  plant.Moment
}

// Service is what is asked for. The zero Service is everything over IP.
type Service struct {
	Protocol    uint8 // number of the IP protocol: 6 TCP, 17 UDP, 1 ICMP; 0 for any
	First, Last uint16
	Of          string // the protocol of the conduit that it is for
}

// IP protocol numbers of services.
const (
	ICMP   = 1
	TCP    = 6
	UDP    = 17
	ICMPv6 = 58
	SCTP   = 132
)

// Ports tells whether the service has ports.
func (s Service) Ports() bool { return s.Protocol == TCP || s.Protocol == UDP || s.Protocol == SCTP }

// Comment is what is said beside a rule: conduit, owner, reason, expiry.
func (r *Rule) Comment() string {
	if r.Conduit == "" {
		return r.Name
	}
	s := "conduit " + r.Name
	if r.Owner != "" {
		s += ", owner " + string(r.Owner)
	}
	if !r.Expires.IsZero() {
		s += ", until " + r.Expires.String()
	}
	if r.Reason != "" {
		s += ": " + r.Reason
	}
	return s
}

// Allows tells whether the policy lets a connection be opened. It is what the
// output of every format is compared with.
func (p *Policy) Allows(from, to netip.Addr, protocol uint8, port uint16) bool {
	for i := range p.Rules {
		r := &p.Rules[i]
		if p.Objects[r.From].contains(from) && p.Objects[r.To].contains(to) && r.serves(protocol, port) {
			return true
		}
	}
	return false
}

func (o *Object) contains(ip netip.Addr) bool {
	return slices.ContainsFunc(o.Prefixes, func(p netip.Prefix) bool { return p.Contains(ip) })
}

func (r *Rule) serves(protocol uint8, port uint16) bool {
	for _, s := range r.Services {
		if s.Protocol == 0 || s.Protocol == protocol && (!s.Ports() || s.First <= port && port <= s.Last) {
			return true
		}
	}
	return false
}

// Family lists the prefixes of an object of one address family.
func (o *Object) Family(v6 bool) []netip.Prefix {
	var ps []netip.Prefix
	for _, p := range o.Prefixes {
		if p.Addr().Is6() == v6 {
			ps = append(ps, p)
		}
	}
	return ps
}

// Format is a language in which a policy can be written.
type Format struct {
	Name  string // as --format names it
	Title string
	About string // how to use the output, and what is particular
	Write func(w io.Writer, p *Policy) error
}

// Gap is something that a policy asks for and rules by address and port cannot do.
type Gap struct {
	plant.Position
	What, Remedy string
}

// Gaps are all of them.
type Gaps []Gap

// Error lists the gaps, one a line.
func (gs Gaps) Error() string {
	var s []string
	for _, g := range gs {
		s = append(s, fmt.Sprintf("%s: %s; %s", g.Position, g.What, g.Remedy))
	}
	return strings.Join(s, "\n")
}

// Options say how a policy is made.
type Options struct {
	Ports   func(protocol string) []plant.Port // registered ones, for conduits that name none
	Coarse  bool                               // limits to operations are dropped: the whole protocol passes
	Without []plant.ID                         // conduits that are left out
	At      time.Time                          // conduits that have expired by then are left out
}

// Of makes the policy of a plant whose members are resolved.
func Of(m *zone.Map, o Options) (*Policy, error) {
	b := &builder{m: m, o: o, p: &Policy{Name: m.Plant.Name}, at: make(map[string]int)}
	for _, id := range o.Without {
		if m.Plant.Conduit(id) == nil {
			b.gap("", "correct the id", "there is no conduit %s to leave out", id)
		}
	}
	b.zones()
	for i := range m.Plant.Conduits {
		c := &m.Plant.Conduits[i]
		if !slices.Contains(o.Without, c.ID) && !c.Expired(o.At) {
			b.conduit(i, c)
		}
	}
	if len(b.gaps) > 0 {
		return nil, b.gaps
	}
	return b.p, nil
}

// OnlyIPv4 is an error that names the objects with IPv6 addresses, for
// languages or lists that have none.
func OnlyIPv4(format string, p *Policy) error {
	var names []string
	for i := range p.Objects {
		if o := &p.Objects[i]; len(o.Family(true)) > 0 {
			names = append(names, o.Name)
		}
	}
	if len(names) > 0 {
		return fmt.Errorf("%s cannot express the IPv6 addresses of %s", format, strings.Join(names, ", "))
	}
	return nil
}

// Masked writes a prefix of IPv4 as Cisco does: "host ADDRESS", or address and
// mask.
func Masked(p netip.Prefix) string {
	if p.IsSingleIP() {
		return "host " + p.Addr().String()
	}
	var mask [4]byte
	for i := range p.Bits() {
		mask[i/8] |= 0x80 >> (i % 8)
	}
	return p.Addr().String() + " " + netip.AddrFrom4(mask).String()
}
