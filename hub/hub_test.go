package hub_test

import (
	"fmt"
	"net/netip"
	"sync"
	"testing"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/hub"
)

func batch(i int) *fact.Batch {
	a, b := netip.AddrFrom4([4]byte{10, 0, 0, byte(i % 7)}), netip.AddrFrom4([4]byte{10, 0, 1, byte(i % 5)})
	seen := fact.Seen{First: int64(1000 + i), Last: int64(2000 + i), Frame: uint64(i + 1), Count: 3}
	return &fact.Batch{
		Flows: []*fact.Flow{{
			Ends:      [2]fact.Party{{IP: a, MAC: fact.MAC{2, 5: byte(i % 7)}, Port: 5000}, {IP: b, MAC: fact.MAC{4, 5: byte(i % 5)}, Port: 502}},
			Transport: "tcp", Protocol: "modbus", Packets: [2]uint64{2, 1}, Bytes: [2]uint64{120, 60}, Payload: [2]uint64{1, 1}, Ended: true, Seen: seen,
		}},
		Statements: []*fact.Statement{{IP: b, MAC: fact.MAC{4, 5: byte(i % 5)}, Attr: fact.Vendor, Value: "ACME", Source: "test", Confidence: 90, Protocol: "modbus", Seen: seen}},
	}
}

func describe(s hub.State) string {
	text := ""
	for _, c := range s.Conversations {
		text += fmt.Sprintln(c.Key, c.Packets, c.Bytes, c.Seen)
	}
	return text
}

// Several sensors hand on at once: the state is what one of them alone would
// have made.
func TestManySensors(t *testing.T) {
	const n = 700
	one := hub.New()
	for i := range n {
		if err := one.Accept(batch(i)); err != nil {
			t.Fatal(err)
		}
	}
	many := hub.New()
	var wg sync.WaitGroup
	for w := range 7 {
		wg.Go(func() {
			for i := w; i < n; i += 7 {
				_ = many.Accept(batch(i))
			}
		})
	}
	wg.Wait()
	a, b := one.Close(), many.Close()
	if describe(a) != describe(b) || len(a.Conversations) != 35 {
		t.Errorf("%d conversations\n%s\n%s", len(a.Conversations), describe(a), describe(b))
	}
	if a.Inventory == nil || len(a.Inventory.Assets) != 12 || len(b.Inventory.Assets) != 12 {
		t.Errorf("%d and %d assets, want 12", len(a.Inventory.Assets), len(b.Inventory.Assets))
	}
}

func TestEmpty(t *testing.T) {
	h := hub.New()
	if err := h.Accept(&fact.Batch{}); err != nil {
		t.Fatal(err)
	}
	if s := h.Close(); len(s.Conversations) != 0 || s.Inventory == nil || len(s.Inventory.Assets) != 0 {
		t.Errorf("%+v", s)
	}
}
