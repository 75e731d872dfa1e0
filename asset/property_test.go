package asset_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// everything is what an inventory says.
func everything(v *asset.Inventory) string {
	s := text(v) + notes(v)
	for _, a := range v.Assets {
		s += fmt.Sprintln(a.ID, a.Role, a.PurdueLevel, a.PurdueWhy, a.Protocols, a.Packets, a.Bytes, a.Seen)
		for _, k := range []fact.Attr{fact.Vendor, fact.Hostname, fact.Serial, fact.FirmwareVer, fact.IPAssigned} {
			s += fmt.Sprintln(k, a.Attributes[k])
		}
		s += fmt.Sprintln(a.Parts)
	}
	return s
}

// drawWorld draws facts from few addresses, so that they meet.
func drawWorld(t *rapid.T) *world {
	w := newWorld(t)
	macs := []string{hmi1, plc1, plc2, pcA, pcB, rt, vrrp, mallet, "e0:dc:a0:34:21:d4", "e0:dc:a0:34:21:d5"}
	ips := []string{"10.0.0.1", "10.0.0.2", "10.0.1.3", "10.2.0.4", "52.1.2.3", "141.81.0.1", "141.81.0.2", "fe80::1a66:daff:fe00:1", "2001:db8::1", "0.0.0.0", "-", "127.0.0.1"}
	place := func() string {
		s := rapid.SampledFrom(ips).Draw(t, "ip")
		if rapid.IntRange(0, 9).Draw(t, "bare") > 0 || s == "-" {
			s += "@" + rapid.SampledFrom(macs).Draw(t, "mac")
		}
		return s
	}
	for range rapid.IntRange(1, 30).Draw(t, "facts") {
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			w.arp(rapid.SampledFrom(ips[:7]).Draw(t, "ip"), rapid.SampledFrom(macs).Draw(t, "mac"))
		case 1:
			w.say(place(), rapid.SampledFrom([]fact.Attr{fact.Hostname, fact.DeviceName, fact.Serial, fact.FirmwareVer, fact.RoleHint, fact.Vendor}).Draw(t, "attr"),
				rapid.SampledFrom([]string{"line-7", "SRV-9", "S C-77123", "Siemens", "plc", "V2.1"}).Draw(t, "value"), "LLDP", "lldp", uint8(rapid.IntRange(40, 100).Draw(t, "confidence")))
		case 2:
			w.say(place(), fact.MACStated, rapid.SampledFrom(macs).Draw(t, "mac"), "LLDP chassis id", "lldp", 95)
		default:
			w.flow(place()+ttl(t), place()+ttl(t), rapid.SampledFrom([]string{"", "modbus", "s7comm", "lldp", "http"}).Draw(t, "protocol"),
				uint64(rapid.IntRange(0, 5).Draw(t, "there")), uint64(rapid.IntRange(0, 5).Draw(t, "back")))
			if rapid.Bool().Draw(t, "ops") {
				w.op("modbus", "3", fact.Read, 10, 10)
			}
		}
	}
	return w
}

func ttl(t *rapid.T) string {
	return fmt.Sprintf("/%d", rapid.SampledFrom([]int{64, 128, 63, 30, 255}).Draw(t, "ttl"))
}

// The result does not depend on the order of the facts, nor on how often it
// is asked for, and holds together.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		v := w.resolve()
		consistent(t, v)
		want := everything(v)
		r := rand.New(rand.NewPCG(1, uint64(len(w.flows))))
		r.Shuffle(len(w.flows), func(i, j int) { w.flows[i], w.flows[j] = w.flows[j], w.flows[i] })
		r.Shuffle(len(w.statements), func(i, j int) { w.statements[i], w.statements[j] = w.statements[j], w.statements[i] })
		if got := everything(w.resolve()); got != want {
			t.Fatalf("in order\n%s\nshuffled\n%s", want, got)
		}
	})
}

// A flood of forged addresses stays within the limits and does not crowd out
// who comes later and is answered.
func TestFlood(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	b := asset.NewBuilder()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f := fact.Flow{Transport: "ethernet", Protocol: "arp", Packets: [2]uint64{1, 0}, Bytes: [2]uint64{60, 0}, Seen: fact.Seen{First: 1, Last: 1, Frame: 1, Count: 1}}
	f.Ends[1].MAC = fact.MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	for i := range 1_000_000 {
		f.Ends[0].MAC = fact.MAC{0x02, byte(i >> 16), byte(i >> 8), byte(i), 1, 1}
		f.First++
		f.Last++
		f.Frame++
		b.Flow(&f)
	}
	w := newWorld(t)
	w.arp("10.0.0.2", plc1)
	w.two("10.0.0.1@"+hmi1, "10.0.0.2@"+plc1, "modbus")
	for i := range w.flows {
		b.Flow(&w.flows[i])
	}
	for i := range w.statements {
		b.Statement(&w.statements[i])
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if mb := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) >> 20; mb > 400 {
		t.Errorf("%d MB after a million addresses", mb)
	}
	if b.Lost() == 0 {
		t.Error("nothing was dropped")
	}
	v := b.Resolve()
	find(t, v, "10.0.0.1")
	find(t, v, "10.0.0.2")
	if len(v.Assets) > 200_001 {
		t.Errorf("%d assets", len(v.Assets))
	}
}

func BenchmarkResolve(b *testing.B) {
	w := newWorld(b)
	for i := range 50_000 {
		mac := fmt.Sprintf("00:1b:1b:%02x:%02x:%02x", i>>16, i>>8&255, i&255)
		ip := fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)
		w.arp(ip, mac)
		w.two("10.250.0.1@"+pcA, ip+"@"+mac, "s7comm")
		w.op("s7comm", "0x04", fact.Read, 100, 100)
		w.say(ip+"@"+mac, fact.OrderNumber, "6ES7 315-2EH14-0AB0", "S7 SZL", "s7comm", 100)
		w.say(ip+"@"+mac, fact.Serial, fmt.Sprintf("S C-%08d", i), "S7 SZL", "s7comm", 100)
	}
	builder := w.builder()
	builder.Resolve()
	b.ResetTimer()
	for b.Loop() {
		builder.Resolve()
	}
}

func BenchmarkFlow(b *testing.B) {
	w := newWorld(b)
	w.two("10.250.0.1@"+pcA, "10.0.0.2@"+plc1, "s7comm")
	w.op("s7comm", "0x04", fact.Read, 100, 100)
	builder := asset.NewBuilder()
	b.ReportAllocs()
	for b.Loop() {
		builder.Flow(&w.flows[0])
	}
}
