package ciscoasa_test

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/firewall/ciscoasa"
	"github.com/bulkhead-ot/bulkhead/firewall/firewalltest"
)

func TestFormat(t *testing.T) { firewalltest.Run(t, ciscoasa.Format) }

// TestMeaning reads the list back and compares what it lets be opened with the
// model. Lines for answers, with a source port or "established", open nothing.
func TestMeaning(t *testing.T) {
	p := firewalltest.Policy(t, firewalltest.Plant)
	groups := make(map[string][]netip.Prefix)
	type line struct {
		protocol, from, to string
		first, last        int
	}
	var lines []line
	group := ""
	for l := range strings.Lines(firewalltest.Write(t, ciscoasa.Format, p)) {
		l = strings.Replace(strings.Replace(l, "network-object ", "", 1), "access-list BULKHEAD extended ", "", 1)
		f := strings.Fields(l)
		switch {
		case len(f) == 3 && f[0] == "object-group":
			group = f[2]
		case len(f) == 2 && f[0] == "host":
			groups[group] = append(groups[group], netip.MustParsePrefix(f[1]+"/32"))
		case len(f) == 2 && strings.HasPrefix(f[1], "2") || len(f) == 2 && strings.HasPrefix(f[1], "0.") || len(f) == 2 && strings.HasPrefix(f[1], "1"):
			bits := 0
			for _, b := range netip.MustParseAddr(f[1]).As4() {
				for ; b != 0; b <<= 1 {
					bits++
				}
			}
			groups[group] = append(groups[group], netip.PrefixFrom(netip.MustParseAddr(f[0]), bits))
		case len(f) > 5 && f[0] == "permit" && f[2] == "object-group" && f[4] == "object-group" && f[len(f)-1] != "established":
			x := line{protocol: f[1], from: f[3], to: f[5], last: 65535}
			if len(f) > 7 && f[6] == "eq" {
				x.first, _ = strconv.Atoi(f[7])
				x.last = x.first
			} else if len(f) > 8 && f[6] == "range" {
				x.first, _ = strconv.Atoi(f[7])
				x.last, _ = strconv.Atoi(f[8])
			}
			lines = append(lines, x)
		}
	}
	in := func(g string, ip netip.Addr) bool {
		for _, x := range groups[g] {
			if x.Contains(ip) {
				return true
			}
		}
		return false
	}
	numbers := map[string]uint8{"tcp": 6, "udp": 17, "icmp": 1}
	firewalltest.Compare(t, p, func(q firewalltest.Probe) bool {
		if q.Protocol == 1 {
			return p.Allows(q.From, q.To, q.Protocol, q.Port) // checked by its line
		}
		for _, l := range lines {
			if in(l.from, q.From) && in(l.to, q.To) && (l.protocol == "ip" || numbers[l.protocol] == q.Protocol && l.first <= int(q.Port) && int(q.Port) <= l.last) {
				return true
			}
		}
		return false
	})
}
