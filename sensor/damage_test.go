package sensor_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// vandal is a Source that damages the packets of another.
type vandal struct {
	capture.Source
	r *rand.Rand
}

func (v *vandal) Next(b *capture.Block) error {
	err := v.Source.Next(b)
	for i := range b.Packets {
		v.damage(&b.Packets[i])
	}
	if n := len(b.Packets); n > 2 {
		switch v.r.IntN(4) {
		case 0: // packets that change places
			for range n / 50 {
				i, j := v.r.IntN(n), v.r.IntN(n)
				b.Packets[i], b.Packets[j] = b.Packets[j], b.Packets[i]
			}
		case 1: // packets that are lost
			b.Packets = b.Packets[:n-v.r.IntN(n/2)]
		}
	}
	return err
}

func (v *vandal) damage(p *capture.Packet) {
	if len(p.Data) == 0 {
		return
	}
	r := v.r
	switch r.IntN(16) {
	case 0, 1, 2: // flipped bits
		for range 1 + r.IntN(4) {
			p.Data[r.IntN(len(p.Data))] ^= 1 << r.IntN(8)
		}
	case 3: // in the payload only, most likely
		p.Data[len(p.Data)-1-r.IntN(min(len(p.Data), 60))] = byte(r.Uint32())
	case 4: // lengths and counts at their limits
		p.Data[r.IntN(len(p.Data))] = [...]byte{0, 1, 0x7f, 0x80, 0xfe, 0xff}[r.IntN(6)]
	case 5: // bytes that change places
		i, j := r.IntN(len(p.Data)), r.IntN(len(p.Data))
		p.Data[i], p.Data[j] = p.Data[j], p.Data[i]
	case 6: // cut by the capture
		p.Data = p.Data[:r.IntN(len(p.Data))]
	case 7: // cut on the wire
		p.Data = p.Data[:r.IntN(len(p.Data))]
		p.Wire = uint32(len(p.Data))
	case 8: // a run of noise
		at := r.IntN(len(p.Data))
		for i := at; i < min(len(p.Data), at+r.IntN(24)); i++ {
			p.Data[i] = byte(r.Uint32())
		}
	case 9:
		p.Time += int64(r.IntN(3)-1) * int64(time.Hour) * int64(r.IntN(1000))
	}
}

// Damaged packets of every capture: no dissector fails, nothing hangs, memory
// stays bounded.
func TestDamage(t *testing.T) {
	names := captures(t)
	rounds := 2
	if testing.Short() {
		rounds = 1
	}
	if heavy() {
		rounds = 100
	}
	seen := map[string]bool{}
	for _, name := range names {
		if stat, err := os.Stat(name); err == nil && testing.Short() && stat.Size() > 2<<20 {
			continue
		}
		for seed := range rounds {
			src, err := capture.Open(context.Background(), []string{name}, capture.Options{})
			if err != nil {
				break // not supported, or damaged as it is
			}
			var c counter
			q := run(t, fmt.Sprintf("%s, seed %d", name, seed), &vandal{src, rand.New(rand.NewPCG(uint64(seed), 11))},
				sensor.Options{Workers: 1 + seed%2}, &c, time.Minute)
			_ = src.Close()
			for _, f := range c.failures {
				if !seen[f] {
					seen[f] = true
					t.Errorf("%s, seed %d: %s", name, seed, f)
				}
			}
			if q.Panics > 0 && len(c.failures) == 0 {
				t.Errorf("%s, seed %d: %d failures", name, seed, q.Panics)
			}
		}
	}
	if n := heap(); n > 256<<20 {
		t.Errorf("%d MiB remain in use", n>>20)
	}
}

// Damaged files: whatever the bytes, reading ends, and what could be read is
// counted.
func TestDamagedFiles(t *testing.T) {
	rounds := 6
	if heavy() {
		rounds = 60
	}
	dir := t.TempDir()
	for n, name := range captures(t) {
		b, err := os.ReadFile(name)
		if err != nil || len(b) > 200<<10 || len(b) == 0 || testing.Short() && n%4 != 0 {
			continue
		}
		r := rand.New(rand.NewPCG(uint64(n), 12))
		for i := range rounds {
			c := bytes.Clone(b)
			switch i % 3 {
			case 0:
				c = c[:r.IntN(len(c))]
			case 1:
				for range 1 + r.IntN(20) {
					c[r.IntN(len(c))] ^= 1 << r.IntN(8)
				}
			case 2:
				at := r.IntN(len(c))
				c = append(c[:at], c[min(len(c), at+1+r.IntN(40)):]...)
			}
			file := dir + "/x"
			if err := os.WriteFile(file, c, 0o600); err != nil {
				t.Fatal(err)
			}
			src, err := capture.Open(context.Background(), []string{file}, capture.Options{})
			if err != nil {
				continue
			}
			var sink counter
			what := fmt.Sprintf("%s, round %d", name, i)
			q := run(t, what, src, sensor.Options{Workers: 1}, &sink, time.Minute)
			info := src.Sources()[0]
			if q.Packets != info.Packets || sink.packets != q.Packets || q.Panics > 0 {
				t.Errorf("%s: %d packets read, %d taken, %d in flows; %d failures %v", what, info.Packets, q.Packets, sink.packets, q.Panics, sink.failures)
			}
			_ = src.Close()
		}
	}
}
