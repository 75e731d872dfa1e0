package fortigate_test

import (
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/firewall/firewalltest"
	"github.com/bulkhead-ot/bulkhead/firewall/fortigate"
)

func TestFormat(t *testing.T) { firewalltest.Run(t, fortigate.Format) }

// TestDefined sees to it that what a policy names is defined, once.
func TestDefined(t *testing.T) {
	out := firewalltest.Write(t, fortigate.Format, firewalltest.Policy(t, firewalltest.Plant))
	defined := map[string]int{"all": 1, "ALL": 1, "any": 1, "always": 1}
	for l := range strings.Lines(out) {
		if f := strings.Fields(l); len(f) == 2 && f[0] == "edit" {
			defined[strings.Trim(f[1], `"`)]++
		}
	}
	for l := range strings.Lines(out) {
		f := strings.Fields(l)
		if len(f) < 3 || f[0] != "set" || f[1] != "srcaddr" && f[1] != "dstaddr" && f[1] != "service" && f[1] != "member" {
			continue
		}
		for _, n := range f[2:] {
			if defined[strings.Trim(n, `"`)] != 1 {
				t.Errorf("%s is defined %d times", n, defined[strings.Trim(n, `"`)])
			}
		}
	}
}
