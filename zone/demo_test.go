package zone_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
	"github.com/bulkhead-ot/bulkhead/zone"
)

// demoTruth is what is true in the demo plant.
type demoTruth struct {
	Hosts []struct {
		Name, IP, Zone  string
		External, Rogue bool
	}
	Conversations []struct {
		Client, Server, Protocol string
		Allowed                  bool
	}
}

// Least quality of the proposal on the demo plant; docs/zones.md states what
// was measured.
const (
	leastIndex     = 0.85
	leastPrecision = 0.90
	leastRecall    = 0.90
)

// TestDemo measures the proposal against the known truth of the demo plant.
func TestDemo(t *testing.T) {
	var truth demoTruth
	b, err := os.ReadFile("../demo/plant.truth.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &truth); err != nil {
		t.Fatal(err)
	}
	s := demo(t)
	p := zone.Propose(s.Inventory, s.Conversations)
	in := make(map[string]string) // asset to proposed zone
	for _, z := range p.Zones {
		for _, m := range z.Members {
			in[string(m.Asset)] = string(z.ID)
		}
	}
	var want, got []string
	name := make(map[string]string)
	where := make(map[string]string)
	for _, h := range truth.Hosts {
		name[h.Name] = h.IP
		where[h.IP] = h.Zone
		if h.External {
			in[h.IP] = "internet"
			continue
		}
		if z := in[h.IP]; z != "" && !h.Rogue {
			want, got = append(want, h.Zone), append(got, z)
		}
	}
	index := similarity(want, got)

	// A conduit is a pair of zones with a protocol. What is needed is what the
	// truth allows between hosts of different proposed zones, as far as it was answered.
	answered := make(map[[3]string]bool)
	for _, c := range s.Conversations {
		if c.Packets[1] > 0 {
			answered[[3]string{c.Client.String(), c.Server.String(), c.Protocol}] = true
		}
	}
	needed := make(map[[3]string]bool)
	for _, c := range truth.Conversations {
		x, y := name[c.Client], name[c.Server]
		if c.Allowed && in[x] != "" && in[y] != "" && in[x] != in[y] && answered[[3]string{x, y, c.Protocol}] {
			needed[[3]string{in[x], in[y], c.Protocol}] = true
		}
	}
	right, proposed := 0, 0
	found := make(map[[3]string]bool)
	for _, d := range p.Conduits {
		for _, r := range d.Protocols {
			k := [3]string{string(d.From), string(d.To), r.Protocol.Protocol}
			proposed++
			found[k] = true
			if needed[k] {
				right++
			} else {
				t.Logf("proposed, not in the truth: %v", k)
			}
		}
	}
	for k := range needed {
		if !found[k] {
			t.Logf("needed, not proposed: %v", k)
		}
	}
	precision, recall := float64(right)/float64(max(proposed, 1)), float64(right)/float64(max(len(needed), 1))
	t.Logf("adjusted Rand index %.3f over %d assets; conduits: precision %.3f, recall %.3f of %d", index, len(want), precision, recall, len(needed))
	if index < leastIndex || precision < leastPrecision || recall < leastRecall {
		t.Errorf("worse than index %.2f, precision %.2f, recall %.2f", leastIndex, leastPrecision, leastRecall)
	}
	for _, d := range p.Conduits {
		for _, h := range truth.Hosts {
			if h.Rogue && in[h.IP] == string(d.From) {
				t.Errorf("a conduit for the intruder: %s", d.ID)
			}
		}
	}
}

func demo(t *testing.T) hub.State {
	src, err := capture.Open(context.Background(), []string{"../demo/plant.pcap.gz"}, capture.Options{})
	if err != nil {
		t.Skip(err)
	}
	defer src.Close()
	sn, err := sensor.New(sensor.Options{Protocols: all.Protocols(), Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	h := hub.New()
	if err := sn.Run(context.Background(), src, h); err != nil {
		t.Fatal(err)
	}
	return h.Close()
}
