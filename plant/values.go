package plant

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// ID names a thing within the plant file: letters, digits, dots, dashes and
// underscores, so that it can also name objects of firewalls.
type ID string

// maxID bounds an ID, so that names made of two still fit into firewalls.
const maxID = 48

// UnmarshalText checks an ID.
func (id *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 || len(b) > maxID {
		return fmt.Errorf("want 1 to %d characters", maxID)
	}
	for i, c := range b {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || i > 0 && (c == '-' || c == '_' || c == '.')) {
			return fmt.Errorf("character %q: want letters, digits, and after the first also dash, underscore and dot", c)
		}
	}
	*id = ID(b)
	return nil
}

// word is a text of which only few are known.
func word(b []byte, known ...string) (string, error) {
	for _, k := range known {
		if string(b) == k {
			return k, nil
		}
	}
	return "", fmt.Errorf("want %s", oneOf(known))
}

func oneOf(known []string) string {
	if len(known) == 1 {
		return known[0]
	}
	return strings.Join(known[:len(known)-1], ", ") + " or " + known[len(known)-1]
}

// PlaceKind is site, area or cell.
type PlaceKind string

var placeKinds = []string{"site", "area", "cell"}

// UnmarshalText reads the kind.
func (k *PlaceKind) UnmarshalText(b []byte) error { return set(k, b, placeKinds) }

func set[T ~string](to *T, b []byte, known []string) error {
	s, err := word(b, known...)
	*to = T(s)
	return err
}

// Criticality is how much depends on a zone.
type Criticality string

var criticalities = []string{"low", "medium", "high", "vital"}

// UnmarshalText reads the criticality.
func (c *Criticality) UnmarshalText(b []byte) error { return set(c, b, criticalities) }

// Tolerance is the consequence that is accepted at most.
type Tolerance string

var tolerances = []string{"none", "low", "medium", "high"}

// UnmarshalText reads the tolerance.
func (t *Tolerance) UnmarshalText(b []byte) error { return set(t, b, tolerances) }

// Direction says which side of a conduit asks.
type Direction string

// The directions; empty means OneWay.
const (
	OneWay Direction = "one-way"
	Both   Direction = "both"
)

var directions = []string{string(OneWay), string(Both)}

// UnmarshalText reads the direction.
func (d *Direction) UnmarshalText(b []byte) error { return set(d, b, directions) }

// Class is an operation class by its name.
type Class fact.Class

// Classes lists the names of the operation classes.
func Classes() []string {
	var names []string
	for c := fact.Class(0); c == 0 || c.String() != fact.Other.String(); c++ {
		names = append(names, c.String())
	}
	return names
}

// UnmarshalText reads the name of a class.
func (c *Class) UnmarshalText(b []byte) error {
	names := Classes()
	for i, n := range names {
		if n == string(b) {
			*c = Class(i)
			return nil
		}
	}
	return fmt.Errorf("want %s", oneOf(names))
}

func (c Class) String() string { return fact.Class(c).String() }

// MarshalText writes the name.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Level is a Purdue level.
type Level float64

// Vector is a security level for each foundational requirement of IEC
// 62443-1-1.
type Vector struct {
	IAC SL `yaml:"IAC" json:"IAC" need:"yes" doc:"FR 1, identification and authentication control"`
	UC  SL `yaml:"UC" json:"UC" need:"yes" doc:"FR 2, use control"`
	SI  SL `yaml:"SI" json:"SI" need:"yes" doc:"FR 3, system integrity"`
	DC  SL `yaml:"DC" json:"DC" need:"yes" doc:"FR 4, data confidentiality"`
	RDF SL `yaml:"RDF" json:"RDF" need:"yes" doc:"FR 5, restricted data flow"`
	TRE SL `yaml:"TRE" json:"TRE" need:"yes" doc:"FR 6, timely response to events"`
	RA  SL `yaml:"RA" json:"RA" need:"yes" doc:"FR 7, resource availability"`
}

// SL is a security level, 0 to 4.
type SL uint8

// String writes the vector as the standard does.
func (v Vector) String() string {
	return fmt.Sprintf("{IAC %d, UC %d, SI %d, DC %d, RDF %d, TRE %d, RA %d}", v.IAC, v.UC, v.SI, v.DC, v.RDF, v.TRE, v.RA)
}

// Each returns the levels in the order of the foundational requirements.
func (v *Vector) Each() [7]*SL {
	return [...]*SL{&v.IAC, &v.UC, &v.SI, &v.DC, &v.RDF, &v.TRE, &v.RA}
}

// FR names the foundational requirements in their order.
var FR = [7]string{"IAC", "UC", "SI", "DC", "RDF", "TRE", "RA"}

// Moment is a date or a time in UTC.
type Moment struct {
	time.Time
	Day bool // only the date was given: its beginning in UTC
}

// UnmarshalText reads 2027-06-30 or 2027-06-30T18:00:00+02:00.
func (m *Moment) UnmarshalText(b []byte) error {
	if t, err := time.Parse(time.DateOnly, string(b)); err == nil {
		*m = Moment{t, true}
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("want a date such as 2027-06-30, or a time such as 2027-06-30T18:00:00Z")
	}
	*m = Moment{t.UTC(), false}
	return nil
}

func (m Moment) String() string {
	switch {
	case m.IsZero():
		return ""
	case m.Day:
		return m.Format(time.DateOnly)
	}
	return m.Format(time.RFC3339)
}

// MarshalText writes what was read.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// MAC is a hardware address.
type MAC fact.MAC

// UnmarshalText reads 00:1b:1b:00:00:01, also with dashes.
func (m *MAC) UnmarshalText(b []byte) error {
	parts := strings.FieldsFunc(string(b), func(r rune) bool { return r == ':' || r == '-' })
	if len(parts) != 6 {
		return fmt.Errorf("want a hardware address such as 00:1b:1b:00:00:01")
	}
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 16, 8)
		if err != nil || len(p) != 2 {
			return fmt.Errorf("want a hardware address such as 00:1b:1b:00:00:01")
		}
		m[i] = byte(n)
	}
	return nil
}

func (m MAC) String() string { return fact.MAC(m).String() }

// MarshalText writes the address.
func (m MAC) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// VLAN is the number of a VLAN, 1 to 4094; 0 if not given.
type VLAN uint16

// Addresses is a range of IP addresses, both ends included.
type Addresses struct{ First, Last netip.Addr }

// IsValid tells whether it was given.
func (a Addresses) IsValid() bool { return a.First.IsValid() }

// Contains tells whether an address is in the range.
func (a Addresses) Contains(ip netip.Addr) bool {
	return a.First.IsValid() && a.First.BitLen() == ip.BitLen() && a.First.Compare(ip) <= 0 && ip.Compare(a.Last) <= 0
}

// UnmarshalText reads an address, a prefix or a range.
func (a *Addresses) UnmarshalText(b []byte) error {
	s := string(b)
	if p, err := netip.ParsePrefix(s); err == nil {
		if p != p.Masked() {
			return fmt.Errorf("bits of the host are set: did you mean %s?", p.Masked())
		}
		*a = Addresses{p.Addr(), last(p)}
		return nil
	}
	from, to, ranged := strings.Cut(s, "-")
	if !ranged {
		to = from
	}
	x, err := netip.ParseAddr(strings.TrimSpace(from))
	y, err2 := netip.ParseAddr(strings.TrimSpace(to))
	if err != nil || err2 != nil || x.Zone() != "" || y.Zone() != "" {
		return fmt.Errorf("want an address, a prefix such as 10.1.0.0/16, or a range such as 10.1.0.5-10.1.0.9")
	}
	x, y = x.Unmap(), y.Unmap()
	if x.BitLen() != y.BitLen() || y.Less(x) {
		return fmt.Errorf("the range ends before it begins")
	}
	*a = Addresses{x, y}
	return nil
}

// last is the highest address of a prefix.
func last(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	ip, _ := netip.AddrFromSlice(b)
	return ip
}

// Prefixes covers the range by prefixes, as few as there can be.
func (a Addresses) Prefixes() []netip.Prefix {
	var ps []netip.Prefix
	for at := a.First; at.IsValid() && at.Compare(a.Last) <= 0; {
		bits := at.BitLen()
		for bits > 0 {
			p := netip.PrefixFrom(at, bits-1)
			if p.Masked().Addr() != at || last(p).Compare(a.Last) > 0 {
				break
			}
			bits--
		}
		p := netip.PrefixFrom(at, bits)
		ps = append(ps, p)
		at = last(p).Next()
	}
	return ps
}

func (a Addresses) String() string {
	switch ps := a.Prefixes(); {
	case !a.IsValid():
		return ""
	case a.First == a.Last:
		return a.First.String()
	case len(ps) == 1:
		return ps[0].String()
	}
	return a.First.String() + "-" + a.Last.String()
}

// MarshalText writes the range.
func (a Addresses) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Except is a range of addresses that is left out.
type Except struct{ Addresses }

// UnmarshalText reads an address, a prefix or a range.
func (e *Except) UnmarshalText(b []byte) error { return e.Addresses.UnmarshalText(b) }

// Ranges are the addresses that a member means by ip and except.
func (m *Member) Ranges() []Addresses {
	if !m.IP.IsValid() {
		return nil
	}
	rs := []Addresses{m.IP}
	for _, e := range m.Except {
		rs = Subtract(rs, e.Addresses)
	}
	return rs
}

// Subtract removes a range from others.
func Subtract(rs []Addresses, e Addresses) []Addresses {
	var out []Addresses
	for _, r := range rs {
		if r.First.BitLen() != e.First.BitLen() || e.Last.Less(r.First) || r.Last.Less(e.First) {
			out = append(out, r)
			continue
		}
		if r.First.Less(e.First) {
			out = append(out, Addresses{r.First, e.First.Prev()})
		}
		if e.Last.Less(r.Last) {
			out = append(out, Addresses{e.Last.Next(), r.Last})
		}
	}
	return out
}

// Pattern is a name in which * stands for any text and ? for one character.
// Case does not matter.
type Pattern string

// UnmarshalText checks that the pattern does not match everything.
func (p *Pattern) UnmarshalText(b []byte) error {
	if strings.Trim(string(b), "*") == "" {
		return fmt.Errorf("matches every name: want at least one character besides *")
	}
	*p = Pattern(b)
	return nil
}

// Match tells whether the name fits.
func (p Pattern) Match(name string) bool {
	return match([]rune(strings.ToLower(string(p))), []rune(strings.ToLower(name)))
}

// match goes back to the last * only, so that the time is bounded by the
// product of the lengths.
func match(p, s []rune) bool {
	i, j, star, from := 0, 0, -1, 0
	for j < len(s) {
		switch {
		case i < len(p) && p[i] == '*':
			star, from = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == s[j]):
			i++
			j++
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// Port is a range of ports of a transport, or the number of what has none.
type Port struct {
	Transport   string // tcp, udp, sctp, ip, ethernet, llc, snap
	First, Last uint32
}

var transports = []string{"tcp", "udp", "sctp", "ip", "ethernet", "llc", "snap"}

// UnmarshalText reads tcp/502, udp/30000-30100, ip/47 or ethernet/0x88cc.
func (p *Port) UnmarshalText(b []byte) error {
	t, n, ok := strings.Cut(string(b), "/")
	if _, err := word([]byte(t), transports...); err != nil || !ok {
		return fmt.Errorf("want transport and number, such as tcp/502, udp/30000-30100, ip/47 or ethernet/0x88cc")
	}
	from, to, ranged := strings.Cut(n, "-")
	if !ranged {
		to = from
	}
	x, err := strconv.ParseUint(from, 0, 32)
	y, err2 := strconv.ParseUint(to, 0, 32)
	most := uint64(65535)
	switch t {
	case "ip", "llc":
		most = 255
	case "snap":
		most = 1<<32 - 1
	}
	if err != nil || err2 != nil || x > y || y > most {
		return fmt.Errorf("want a number, or two with - between, the smaller one first, of at most %d", most)
	}
	*p = Port{t, uint32(x), uint32(y)}
	return nil
}

func (p Port) String() string {
	f := "%s/%d"
	if p.Transport == "ethernet" || p.Transport == "llc" || p.Transport == "snap" {
		f = "%s/0x%x"
	}
	s := fmt.Sprintf(f, p.Transport, p.First)
	if p.First != p.Last {
		s += "-" + fmt.Sprintf(f[3:], p.Last)
	}
	return s
}

// MarshalText writes the port.
func (p Port) MarshalText() ([]byte, error) { return []byte(p.String()), nil }
