package asset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// group collects statements with the same key, in order of appearance.
type group struct {
	key    string
	things []*thing
	first  *said
}

func gather(said []*said, key func(*said) string, about func(*said) *thing) []*group {
	by := make(map[string]*group)
	var list []*group
	for _, s := range said {
		k := key(s)
		if k == "" {
			continue
		}
		t := about(s)
		if t == nil {
			continue
		}
		g := by[k]
		if g == nil {
			g = &group{key: k, first: s}
			by[k] = g
			list = append(list, g)
		}
		if !slices.Contains(g.things, t) {
			if len(g.things) <= tooMany {
				g.things = append(g.things, t)
			}
		}
	}
	return list
}

// tooMany is the number of things from which on a name or number is one that
// many devices have alike.
const tooMany = 3

func (r *resolver) bySerial() {
	groups := gather(r.said, func(s *said) string {
		if s.attr != fact.Serial || s.part != "" || s.confidence < sure || !telling(s.value) {
			return ""
		}
		return squeeze(s.value)
	}, r.about)
	for _, g := range groups {
		if len(g.things) < 2 || len(g.things) > tooMany || !r.sameVendor(g.things) {
			continue
		}
		for _, t := range g.things[1:] {
			r.unite(g.things[0], t, fmt.Sprintf("both state the serial number %s", g.first.value), g.first.seen.Frame)
		}
	}
}

// sameVendor tells that things do not name different makers.
func (r *resolver) sameVendor(ts []*thing) bool {
	name := ""
	for _, t := range ts {
		for _, s := range t.root().said {
			if s.attr != fact.Vendor || s.part != "" || s.confidence < sure {
				continue
			}
			v := maker(s.value)
			if name == "" {
				name = v
			}
			if v != name {
				return false
			}
			break
		}
	}
	return true
}

// telling tells serial numbers that one device has from those that makers
// leave everywhere.
func telling(v string) bool {
	v = strings.ToLower(strings.TrimSpace(v))
	if len(v) < 5 || strings.HasPrefix(v, "mmc ") { // a memory card can be moved
		return false
	}
	digits := strings.TrimLeft(strings.TrimPrefix(v, "0x"), "0")
	if digits == "" || strings.Trim(v, v[:1]) == "" || strings.Trim(digits, "f") == "" {
		return false
	}
	for _, g := range [...]string{"123456", "abcdef", "serial", "unknown", "none", "default", "n/a", "not set", "to be filled"} {
		if strings.Contains(v, g) {
			return false
		}
	}
	return true
}

// namers are the protocols by which hosts give their own names; names in DNS
// and answers that anyone may give are not enough to join things.
var namers = map[string]bool{
	"dhcp": true, "dhcpv6": true, "nbns": true, "nbdgm": true, "browser": true, "smb": true, "msrpc": true, "rdp": true,
	"lldp": true, "cdp": true, "snmp": true, "mdns": true, "http": true,
}

// byName joins the network cards of a computer that gives the same name on
// each.
func (r *resolver) byName() {
	groups := gather(r.said, func(s *said) string {
		if s.attr != fact.Hostname || s.part != "" || s.confidence < sure || !namers[s.protocol] {
			return ""
		}
		return unique(s.value)
	}, r.about)
	for _, g := range groups {
		if len(g.things) < 2 || len(g.things) > tooMany {
			continue
		}
		for _, t := range g.things[1:] {
			r.unite(g.things[0], t, fmt.Sprintf("both call themselves %s (%s)", g.first.value, g.first.source), g.first.seen.Frame)
		}
	}
	r.byStation()
}

// clashes tells that one of the things was caught using an address of the other.
func clashes(a, b *thing) bool {
	a, b = a.root(), b.root()
	for _, x := range [...][2]*thing{{a, b}, {b, a}} {
		for _, s := range x[0].stations {
			for _, h := range s.holds {
				if h.addr.thing == nil || h.addr.thing.root() != x[1] {
					continue
				}
				if h.state == forged || h.state == own {
					return true
				}
			}
		}
	}
	return false
}

// byStation joins the ports of a device by the name that the plant gave it.
// Cells that were built alike have such names alike, so the hardware
// addresses must follow one another as well.
func (r *resolver) byStation() {
	groups := gather(r.said, func(s *said) string {
		if s.attr != fact.DeviceName || s.part != "" || s.confidence < 70 || s.protocol == "mdns" {
			return ""
		}
		return unique(s.value)
	}, r.about)
	for _, g := range groups {
		if len(g.things) > tooMany {
			continue
		}
		for i, a := range g.things {
			for _, b := range g.things[i+1:] {
				if x, y := neighbours(a.root(), b.root()); x != (fact.MAC{}) {
					r.unite(a, b, fmt.Sprintf("%s and %s follow one another and both are called %s (%s)", x, y, g.first.value, g.first.source), g.first.seen.Frame)
				}
			}
		}
	}
}

func neighbours(a, b *thing) (x, y fact.MAC) {
	for _, s := range a.stations {
		for _, o := range b.stations {
			if adjacent(s.mac, o.mac) {
				return s.mac, o.mac
			}
		}
	}
	return fact.MAC{}, fact.MAC{}
}

// common are names that say nothing.
var common = map[string]bool{
	"localhost": true, "switch": true, "router": true, "plc": true, "plc_1": true, "plc1": true, "plc-1": true, "hmi": true, "hmi_1": true, "hmi-1": true,
	"pc": true, "windows": true, "workgroup": true, "mshome": true, "unknown": true, "default": true, "none": true, "null": true, "noname": true,
	"raspberrypi": true, "debian": true, "ubuntu": true, "kali": true, "linux": true, "openwrt": true, "android": true, "iphone": true, "ipad": true,
	"espressif": true, "siemens": true, "simatic": true, "device": true, "printer": true, "camera": true, "server": true, "gateway": true, "client": true,
	"admin": true, "user": true, "test": true, "computer": true, "desktop": true, "laptop": true, "win": true, "host": true, "node": true, "io": true,
}

// unique is a name in the form in which it is compared; "" if it is no name
// that one host has.
func unique(name string) string {
	n := strings.ToLower(strings.TrimSpace(name))
	n = strings.TrimSuffix(n, ".")
	n = strings.TrimSuffix(n, ".local")
	if i := strings.IndexByte(n, '.'); i > 0 {
		n = n[:i] // NetBIOS and DHCP give the first label only
	}
	if len(n) < 3 || common[n] || strings.Trim(n, "0123456789.-_") == "" || strings.Contains(n, "__msbrowse__") {
		return ""
	}
	return n
}

// squeeze is a value in the form in which it is compared.
func squeeze(v string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c >= 0x80:
			return c
		}
		return -1
	}, v)
}
