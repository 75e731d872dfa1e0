package simulate_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/simulate"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

func demo(t testing.TB) ([]byte, *simulate.Truth) {
	var b bytes.Buffer
	truth, err := simulate.Demo(&b, simulate.DemoSeed)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), truth
}

// The capture in the repository is what the program writes now.
func TestDemoIsCurrent(t *testing.T) {
	got, truth := demo(t)
	again, _ := demo(t)
	if !bytes.Equal(got, again) {
		t.Fatal("two runs differ")
	}
	f, err := os.Open("../demo/plant.pcap.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	want, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("demo/plant.pcap.gz is not what the program writes: bulkhead simulate --demo -o demo/plant.pcap.gz")
	}
	var b bytes.Buffer
	if err := truth.Write(&b); err != nil {
		t.Fatal(err)
	}
	if want, err := os.ReadFile("../demo/plant.truth.json"); err != nil || !bytes.Equal(b.Bytes(), want) {
		t.Error("demo/plant.truth.json is not what the program writes", err)
	}
}

func TestDemoFrames(t *testing.T) {
	b, _ := demo(t)
	checkFrames(t, capture.NewReader("demo", bytes.NewReader(b)), true)
}

type flowKey struct{ from, to netip.AddrPort }

// checkFrames holds every frame to what a receiver would: order of time,
// checksums, and TCP that continues where it was.
func checkFrames(t *testing.T, src capture.Source, tcp bool) (packets int) {
	t.Helper()
	expect := make(map[flowKey]uint32)
	last := int64(0)
	block := capture.NewBlock(0)
	for {
		err := src.Next(block)
		if errors.Is(err, io.EOF) {
			return packets
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range block.Packets {
			packets++
			if p.Time < last {
				t.Fatalf("frame %d: before the one before it", packets)
			}
			last = p.Time
			if len(p.Data) < 60 || len(p.Data) > 1514 {
				t.Fatalf("frame %d has %d bytes", packets, len(p.Data))
			}
			if binary.BigEndian.Uint16(p.Data[12:]) == 0x0800 {
				checkIP(t, packets, p.Data[14:], expect, tcp)
			}
		}
		if t.Failed() {
			return packets
		}
	}
}

func ones(s uint32, b []byte) uint32 {
	for i := range b {
		s += uint32(b[i]) << (8 * (1 - i&1))
	}
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return s
}

func checkIP(t *testing.T, frame int, b []byte, expect map[flowKey]uint32, order bool) {
	t.Helper()
	size := int(binary.BigEndian.Uint16(b[2:]))
	if b[0] != 0x45 || size > len(b) || ones(0, b[:20]) != 0xffff {
		t.Errorf("frame %d: bad IP header", frame)
		return
	}
	l4 := b[20:size]
	protocol := b[9]
	if protocol == 1 {
		if ones(0, l4) != 0xffff {
			t.Errorf("frame %d: bad ICMP checksum", frame)
		}
		return
	}
	if protocol == 17 && l4[6] == 0 && l4[7] == 0 {
		return // no checksum
	}
	if ones(ones(uint32(protocol)+uint32(len(l4)), b[12:20]), l4) != 0xffff {
		t.Errorf("frame %d: bad checksum of protocol %d", frame, protocol)
	}
	if protocol != 6 || !order {
		return
	}
	addr := func(ip, port []byte) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(ip)), binary.BigEndian.Uint16(port))
	}
	k := flowKey{addr(b[12:16], l4), addr(b[16:20], l4[2:])}
	seq := binary.BigEndian.Uint32(l4[4:])
	flags := l4[13]
	if flags&2 == 0 && flags&4 == 0 {
		if want, ok := expect[k]; !ok || want != seq {
			t.Errorf("frame %d: %v to %v continues at %d, want %d", frame, k.from, k.to, seq, want)
		}
	}
	next := seq + uint32(len(l4)) - uint32(l4[12]>>4)*4
	if flags&3 != 0 {
		next++
	}
	expect[k] = next
	if said, ok := expect[flowKey{k.to, k.from}]; ok && flags&16 != 0 {
		if acked := binary.BigEndian.Uint32(l4[8:]); int32(said-acked) < 0 {
			t.Errorf("frame %d: confirms %d, of which only %d was said", frame, acked, said)
		}
	}
}

func analyze(t *testing.T, src capture.Source) hub.State {
	t.Helper()
	s, err := sensor.New(sensor.Options{Protocols: all.Protocols(), Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	h := hub.New()
	if err := s.Run(context.Background(), src, h); err != nil {
		t.Fatal(err)
	}
	return h.Close()
}

// rolesRight is how many roles of the demo plant have to be told right.
const rolesRight = 0.8

func TestDemoAgainstTruth(t *testing.T) {
	b, truth := demo(t)
	state := analyze(t, capture.NewReader("demo", bytes.NewReader(b)))
	right, inside := 0, 0
	for _, h := range truth.Hosts {
		id := state.Inventory.Find(netip.MustParseAddr(h.IP), fact.MAC{})
		if h.External {
			if id != "" && id != asset.Internet {
				t.Errorf("%s is outside, and was taken for %s", h.Name, id)
			}
			continue
		}
		inside++
		i := slices.IndexFunc(state.Inventory.Assets, func(a *asset.Asset) bool { return a.ID == id })
		if i < 0 {
			t.Errorf("%s (%s) was not found", h.Name, h.IP)
			continue
		}
		a := state.Inventory.Assets[i]
		for _, shown := range h.Shown {
			if want := map[string]string{"vendor": h.Vendor, "model": h.Model, "firmware": h.Firmware}[shown]; !states(a, want) {
				t.Errorf("%s: the %s %q was not found in %v", h.Name, shown, want, a.Attributes)
			}
		}
		if a.Role.Value == h.Role {
			right++
		} else {
			t.Logf("role of %-12s want %-20s have %s (%d %%): %s", h.Name, h.Role, a.Role.Value, a.Role.Confidence, a.Role.Why)
		}
	}
	t.Logf("roles: %d of %d right; %d assets for %d stations", right, inside, len(state.Inventory.Assets), inside)
	if float64(right) < rolesRight*float64(inside) {
		t.Errorf("%d of %d roles are right, want %.0f %%", right, inside, rolesRight*100)
	}
	if extra := len(state.Inventory.Assets) - inside; extra > 0 {
		t.Errorf("%d assets more than stations", extra)
	}
}

// states tells whether an asset's attributes say a text, whichever attribute
// the protocol that told it uses.
func states(a *asset.Asset, want string) bool {
	want = strings.ToLower(want)
	said := func(m map[fact.Attr][]asset.Value) bool {
		for _, k := range []fact.Attr{fact.Vendor, fact.Model, fact.OrderNumber, fact.FirmwareVer, fact.DeviceType, fact.Description, fact.Software, fact.OS} {
			for _, v := range m[k] {
				have := strings.ToLower(v.Value)
				if strings.Contains(have, want) || len(have) > 3 && strings.Contains(want, have) {
					return true
				}
			}
		}
		return false
	}
	return said(a.Attributes) || slices.ContainsFunc(a.Parts, func(p asset.Part) bool { return said(p.Attributes) })
}

func TestPlants(t *testing.T) {
	o := simulate.Scale{Assets: 300, Sites: 2, Length: time.Minute, Seed: 7}
	s, err := simulate.NewPlants(o)
	if err != nil {
		t.Fatal(err)
	}
	n := checkFrames(t, s, true)
	if n < 10_000 {
		t.Errorf("%d packets in a minute of %d assets", n, o.Assets)
	}
	write := func() []byte {
		s, _ := simulate.NewPlants(o)
		var b bytes.Buffer
		if err := s.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if !bytes.Equal(write(), write()) {
		t.Error("two runs differ")
	}
	for _, bad := range []simulate.Scale{{Assets: 9, Sites: 1, Length: 1}, {Assets: 60_000, Sites: 1, Length: 1}, {Assets: 100, Sites: 11, Length: 1}, {Assets: 100, Sites: 1}} {
		if _, err := simulate.NewPlants(bad); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

// TestPlantsAreRead holds the sensor's view of a simulated plant to its size.
func TestPlantsAreRead(t *testing.T) {
	s, err := simulate.NewPlants(simulate.Scale{Assets: 120, Sites: 2, Length: time.Minute, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	state := analyze(t, s)
	if n := len(state.Inventory.Assets); n < 100 || n > 125 {
		t.Errorf("%d assets of 120", n)
	}
}

func TestFloods(t *testing.T) {
	for name, kind := range simulate.Floods {
		t.Run(name, func(t *testing.T) {
			s := simulate.NewFlood(kind, 5000, 1)
			n := 0
			block := capture.NewBlock(0)
			for s.Next(block) == nil {
				n += len(block.Packets)
			}
			if n != 5000 {
				t.Errorf("%d packets, want 5000", n)
			}
			if kind != simulate.Noise && kind != simulate.Fragments {
				checkFrames(t, simulate.NewFlood(kind, 5000, 1), false)
			}
		})
	}
}

func BenchmarkPlants(b *testing.B) {
	s, err := simulate.NewPlants(simulate.Scale{Assets: 10_000, Sites: 10, Length: 100 * time.Hour, Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	block := capture.NewBlock(0)
	for n := 0; n < b.N; n += len(block.Packets) {
		if err := s.Next(block); err != nil {
			b.Fatal(err)
		}
	}
}
