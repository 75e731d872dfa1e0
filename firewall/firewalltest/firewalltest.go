// Package firewalltest is the suite that every export format passes.
package firewalltest

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/firewall"
	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/zone"
)

// Plant is the plan that the suite exports.
const Plant = `plant: 1
name: Bottling "A"
people: [{id: anna}]
zones:
- {id: cell-1, name: Filling, members: [{ip: 10.1.0.0/24, except: [10.1.0.99]}]}
- {id: cell_1, members: [{ip: 10.3.0.5-10.3.0.9}]}
- {id: site, members: [{ip: 10.2.0.0/24}]}
- {id: internet, members: [{external: true}]}
conduits:
- {id: scada, from: site, to: cell-1, clients: [{ip: 10.2.0.10}], protocols: [{protocol: modbus, ports: [tcp/502]}, {protocol: icmp}], owner: anna, reason: 'polls "all"; $(reboot) of it', expires: 2030-06-30}
- {id: time, from: cell-1, to: site, servers: [{ip: 10.2.0.5}], protocols: [{protocol: ntp, ports: [udp/123]}], owner: anna, reason: clocks}
- {id: peers, from: cell-1, to: cell_1, direction: both, protocols: [{protocol: tcp, ports: [tcp/2000-2010]}], owner: anna}
- {id: cloud, from: site, to: internet, protocols: [{protocol: tls, ports: [tcp/443]}], owner: anna}
`

// Policy makes the policy of a plan.
func Policy(t testing.TB, src string) *firewall.Policy {
	t.Helper()
	p, ps := plant.Read("plant.yaml", []byte(src), time.Time{})
	if p == nil {
		t.Fatal(ps)
	}
	m, ps := zone.Resolve(p, hub.New().Close().Inventory)
	if len(ps.Errors()) > 0 {
		t.Fatal(ps)
	}
	pol, err := firewall.Of(m, firewall.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return pol
}

// Write writes a policy.
func Write(t testing.TB, f firewall.Format, p *firewall.Policy) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Run holds a format to what all promise: a description, the same output
// twice, all conduits with owner and expiry, a small difference for a small
// change, nothing that a comment could smuggle in, and denial with logging.
func Run(t *testing.T, f firewall.Format) {
	if f.Name == "" || f.Title == "" || f.About == "" {
		t.Error("the description lacks something")
	}
	p := Policy(t, Plant)
	out := Write(t, f, p)
	if Write(t, f, Policy(t, Plant)) != out {
		t.Error("not the same twice")
	}
	for _, want := range []string{"scada", "time", "peers", "cloud", "anna", "2030-06-30", "clocks", "log", "deny", "502", "123", "443"} {
		if !strings.Contains(strings.ToLower(out), want) {
			t.Errorf("%s is not in the output", want)
		}
	}
	for _, line := range strings.Split(out, "\n") {
		if strings.TrimSpace(line) == "$(reboot)" {
			t.Error("a reason became a line of its own")
		}
	}
	less := Write(t, f, Policy(t, strings.Replace(Plant, "- {id: time,", "- {id: zeit,", 1)))
	if n := differing(out, less); n > 24 {
		t.Errorf("renaming one conduit changes %d lines", n)
	}
	empty := Write(t, f, Policy(t, "plant: 1\nzones: [{id: a, members: [{ip: 10.0.0.1}]}]\n"))
	if strings.TrimSpace(empty) == "" {
		t.Error("an empty policy must still deny")
	}
}

// differing counts the lines that are in one of the texts only.
func differing(a, b string) int {
	n := make(map[string]int)
	for l := range strings.SplitSeq(a, "\n") {
		n[l]++
	}
	for l := range strings.SplitSeq(b, "\n") {
		n[l]--
	}
	sum := 0
	for _, k := range n {
		sum += max(k, -k)
	}
	return sum
}

// Probe is a connection that somebody tries.
type Probe struct {
	From, To netip.Addr
	Protocol uint8
	Port     uint16
}

// Compare asks model and format the same: every pair of addresses at the
// edges of the objects, with the ports of the services and their neighbours.
func Compare(t *testing.T, p *firewall.Policy, allows func(Probe) bool) {
	t.Helper()
	addrs := []netip.Addr{netip.MustParseAddr("10.1.0.99"), netip.MustParseAddr("10.200.0.1"), netip.MustParseAddr("8.8.8.8")}
	for i := range p.Objects {
		for _, x := range p.Objects[i].Prefixes[:min(3, len(p.Objects[i].Prefixes))] {
			addrs = append(addrs, x.Addr())
			if n := x.Addr().Prev(); n.IsValid() {
				addrs = append(addrs, n)
			}
		}
	}
	wrong, tried := 0, 0
	for _, from := range addrs {
		for _, to := range addrs {
			for _, s := range []struct {
				protocol uint8
				port     uint16
			}{{6, 502}, {6, 501}, {6, 443}, {17, 502}, {17, 123}, {6, 2000}, {6, 2010}, {6, 2011}, {1, 0}, {47, 0}} {
				tried++
				q := Probe{from, to, s.protocol, s.port}
				if want, got := p.Allows(from, to, s.protocol, s.port), allows(q); want != got {
					if wrong++; wrong < 5 {
						t.Errorf("%v: model %t, format %t", q, want, got)
					}
				}
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d differ", wrong, tried)
	}
	fmt.Fprintln(t.Output(), tried, "probes")
}
