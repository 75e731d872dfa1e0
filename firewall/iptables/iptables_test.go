package iptables_test

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/firewall/firewalltest"
	"github.com/bulkhead-ot/bulkhead/firewall/iptables"
)

func TestFormat(t *testing.T) { firewalltest.Run(t, iptables.Format) }

// TestMeaning reads the output back and compares what it allows with the model.
func TestMeaning(t *testing.T) {
	p := firewalltest.Policy(t, firewalltest.Plant)
	type line struct {
		from, to    netip.Prefix
		protocol    string
		first, last uint64
	}
	var lines []line
	for l := range strings.Lines(firewalltest.Write(t, iptables.Format, p)) {
		l, _, _ = strings.Cut(l, " -m comment")
		f := strings.Fields(l)
		if len(f) < 6 || f[0] != "-A" || f[2] != "-s" {
			continue
		}
		x := line{from: netip.MustParsePrefix(f[3]), to: netip.MustParsePrefix(f[5])}
		for i := range f {
			switch f[i] {
			case "-p":
				x.protocol = strings.NewReplacer("tcp", "6", "udp", "17").Replace(f[i+1])
			case "--dport":
				a, b, _ := strings.Cut(f[i+1], ":")
				x.first, _ = strconv.ParseUint(a, 10, 16)
				x.last, _ = strconv.ParseUint(b, 10, 16)
			}
		}
		lines = append(lines, x)
	}
	firewalltest.Compare(t, p, func(q firewalltest.Probe) bool {
		for _, l := range lines {
			if l.from.Contains(q.From) && l.to.Contains(q.To) && (l.protocol == "" || l.protocol == strconv.Itoa(int(q.Protocol)) &&
				(l.last == 0 || l.first <= uint64(q.Port) && uint64(q.Port) <= l.last)) {
				return true
			}
		}
		return false
	})
}
