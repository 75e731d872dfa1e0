package mikrotik_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/firewall/firewalltest"
	"github.com/bulkhead-ot/bulkhead/firewall/mikrotik"
)

func TestFormat(t *testing.T) { firewalltest.Run(t, mikrotik.Format) }

// TestMeaning reads the script back and compares what it allows with the model.
func TestMeaning(t *testing.T) {
	p := firewalltest.Policy(t, firewalltest.Plant)
	lists := make(map[string][]netip.Prefix)
	var rules []map[string]string
	for l := range strings.Lines(firewalltest.Write(t, mikrotik.Format, p)) {
		l, _, _ = strings.Cut(l, " comment=")
		m := make(map[string]string)
		for _, f := range strings.Fields(l) {
			k, v, _ := strings.Cut(f, "=")
			m[k] = v
		}
		if m["list"] != "" {
			lists[m["list"]] = append(lists[m["list"]], netip.MustParsePrefix(m["address"]))
		}
		if m["action"] == "accept" && m["src-address-list"] != "" {
			rules = append(rules, m)
		}
	}
	in := func(list string, ip netip.Addr) bool {
		for _, x := range lists[list] {
			if x.Contains(ip) {
				return true
			}
		}
		return false
	}
	firewalltest.Compare(t, p, func(q firewalltest.Probe) bool {
		for _, r := range rules {
			if !in(r["src-address-list"], q.From) || !in(r["dst-address-list"], q.To) {
				continue
			}
			var first, last uint16
			if r["protocol"] != "" && r["protocol"] != fmt.Sprint(q.Protocol) {
				continue
			}
			if n, _ := fmt.Sscanf(r["dst-port"], "%d-%d", &first, &last); n < 2 || first <= q.Port && q.Port <= last {
				return true
			}
		}
		return false
	})
}
