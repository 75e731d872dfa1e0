package firewall_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/firewall"
	"github.com/bulkhead-ot/bulkhead/firewall/firewalltest"
	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/zone"
)

func of(t *testing.T, conduit string, o firewall.Options) (*firewall.Policy, error) {
	t.Helper()
	src := "plant: 1\npeople: [{id: me}]\nzones:\n- {id: a, members: [{ip: 10.0.1.0/24}]}\n- {id: b, members: [{ip: 10.0.2.0/24}]}\n- {id: c, members: [{role: plc}]}\nconduits:\n- " + conduit + "\n"
	if !strings.Contains(conduit, "to: c") {
		src = strings.Replace(src, "- {id: c, members: [{role: plc}]}\n", "", 1)
	}
	p, ps := plant.Read("p", []byte(src), time.Time{})
	if p == nil {
		t.Fatal(ps)
	}
	m, _ := zone.Resolve(p, hub.New().Close().Inventory)
	return firewall.Of(m, o)
}

// TestGaps names what rules by address and port cannot say.
func TestGaps(t *testing.T) {
	for _, c := range []struct {
		conduit string
		o       firewall.Options
		want    string
	}{
		{"{id: x, from: a, to: b, owner: me, protocols: [{protocol: modbus, ports: [tcp/502], classes: [read]}]}", firewall.Options{}, "cannot limit modbus to read; accept that all of it passes with --coarse"},
		{"{id: x, from: a, to: b, owner: me, protocols: [{protocol: modbus, ports: [tcp/502], classes: [read]}]}", firewall.Options{Coarse: true}, ""},
		{"{id: x, from: a, to: b, owner: me, protocols: [{protocol: goose, ports: [ethernet/0x88b8]}]}", firewall.Options{Coarse: true}, "goose on ethernet/0x88b8 is no IP traffic"},
		{"{id: x, from: a, to: b, owner: me, protocols: [{protocol: goose, ports: [ethernet/0x88b8]}]}", firewall.Options{Without: []plant.ID{"x"}}, ""},
		{"{id: x, from: a, to: b, owner: me, protocols: [{protocol: nonsense}]}", firewall.Options{}, "the ports of nonsense are not known"},
		{"{id: x, from: a, to: c, owner: me, protocols: [{protocol: any}]}", firewall.Options{}, "zone c: a member (role plc) has no known address"},
		{"{id: x, from: a, to: b, owner: me, protocols: [{protocol: any}]}", firewall.Options{Without: []plant.ID{"y"}}, "there is no conduit y to leave out"},
	} {
		p, err := of(t, c.conduit, c.o)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.conduit, err)
		case c.want != "" && (err == nil || p != nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %s", c.conduit, err, c.want)
		}
	}
}

// TestExpired leaves out what allows nothing any more.
func TestExpired(t *testing.T) {
	conduit := "{id: x, from: a, to: b, owner: me, expires: 2026-01-01, protocols: [{protocol: any}]}"
	allows := func(at string) bool {
		when, _ := time.Parse(time.DateOnly, at)
		p, err := of(t, conduit, firewall.Options{At: when})
		if err != nil {
			t.Fatal(err)
		}
		return p.Allows(netip.MustParseAddr("10.0.1.1"), netip.MustParseAddr("10.0.2.1"), 6, 80)
	}
	if !allows("2025-12-31") || allows("2026-01-01") {
		t.Error("expiry is not kept")
	}
}

func TestModel(t *testing.T) {
	p := firewalltest.Policy(t, firewalltest.Plant)
	for _, c := range []struct {
		from, to string
		protocol uint8
		port     uint16
		want     bool
	}{
		{"10.2.0.10", "10.1.0.1", 6, 502, true}, {"10.2.0.11", "10.1.0.1", 6, 502, false}, {"10.1.0.1", "10.2.0.10", 6, 502, false},
		{"10.2.0.10", "10.1.0.99", 6, 502, false}, {"10.2.0.10", "8.8.8.8", 6, 443, true}, {"10.2.0.10", "192.168.1.1", 6, 443, false},
		{"10.1.0.1", "10.1.0.2", 47, 0, true}, {"10.3.0.5", "10.1.0.2", 6, 2005, true}, {"10.1.0.2", "10.3.0.5", 6, 2005, true}, {"10.2.0.10", "10.1.0.2", 1, 0, true},
	} {
		if got := p.Allows(netip.MustParseAddr(c.from), netip.MustParseAddr(c.to), c.protocol, c.port); got != c.want {
			t.Errorf("%v: %t", c, got)
		}
	}
}

func TestNames(t *testing.T) {
	n := firewall.Names([]string{"a-b", "a_b", "A.b", strings.Repeat("x", 40), strings.Repeat("x", 41)}, 10, "_")
	seen := make(map[string]bool)
	for _, v := range n {
		if len(v) > 10 || seen[strings.ToLower(v)] {
			t.Errorf("%v", n)
		}
		seen[strings.ToLower(v)] = true
	}
}
