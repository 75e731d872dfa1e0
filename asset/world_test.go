package asset_test

import (
	"net/netip"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// tb is what *testing.T and *rapid.T have in common.
type tb interface {
	Helper()
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

// world composes facts as a sensor would hand them on.
type world struct {
	t          tb
	flows      []fact.Flow
	statements []fact.Statement
	now        int64
	frame      uint64
}

var epoch = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC).UnixNano()

func newWorld(t tb) *world { return &world{t: t, now: epoch, frame: 1} }

// party reads "10.0.0.1@00:11:22:33:44:55:502/64": address, hardware address
// behind @, port behind the last colon of seven, hop count behind /.
func (w *world) party(s string) fact.Party {
	p := fact.Party{TTL: 64}
	s, ttl, ok := strings.Cut(s, "/")
	if ok {
		p.TTL = uint8(atoi(ttl))
	}
	ip, mac, ok := strings.Cut(s, "@")
	if ip != "" && ip != "-" {
		a, err := netip.ParseAddr(ip)
		if err != nil {
			w.t.Fatal(err)
		}
		p.IP = a
	}
	if ok {
		if parts := strings.Split(mac, ":"); len(parts) == 7 {
			p.Port = uint16(atoi(parts[6]))
			mac = strings.Join(parts[:6], ":")
		}
		p.MAC = hw(w.t, mac)
	}
	return p
}

func atoi(s string) int {
	n := 0
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

func hw(t tb, s string) fact.MAC {
	var m fact.MAC
	parts := strings.Split(s, ":")
	if len(parts) != 6 {
		t.Fatalf("%q is no hardware address", s)
	}
	for i, p := range parts {
		n := strings.Index("0123456789abcdef", p[:1])*16 + strings.Index("0123456789abcdef", p[1:])
		m[i] = byte(n)
	}
	return m
}

// later lets time pass.
func (w *world) later(d time.Duration) { w.now += int64(d); w.frame += 100 }

func (w *world) seen(n uint64) fact.Seen {
	w.frame += 2
	w.now += int64(time.Millisecond)
	return fact.Seen{First: w.now, Last: w.now + int64(time.Second), Frame: w.frame, Count: n}
}

// one is a flow in one direction, two in both.
func (w *world) one(from, to, protocol string) *fact.Flow { return w.flow(from, to, protocol, 5, 0) }
func (w *world) two(from, to, protocol string) *fact.Flow { return w.flow(from, to, protocol, 10, 10) }

func (w *world) flow(from, to, protocol string, there, back uint64) *fact.Flow {
	w.flows = append(w.flows, fact.Flow{
		Ends: [2]fact.Party{w.party(from), w.party(to)}, ClientCertain: true, Transport: "tcp", Protocol: protocol,
		Packets: [2]uint64{there, back}, Bytes: [2]uint64{100 * there, 100 * back}, Payload: [2]uint64{50 * there, 50 * back},
		Messages: there + back, Seen: w.seen(there + back),
	})
	return &w.flows[len(w.flows)-1]
}

// op adds requests, and answers to them, to the last flow.
func (w *world) op(protocol, code string, class fact.Class, requests, responses uint64) {
	f := &w.flows[len(w.flows)-1]
	fn := &fact.Function{Protocol: protocol, Code: code, Name: code, Class: class}
	if requests > 0 {
		f.Operations = append(f.Operations, fact.OperationStat{Function: fn, Kind: fact.Request, Seen: fact.Seen{First: f.First, Last: f.Last, Frame: f.Frame, Count: requests},
			Cycle: fact.Cycle{N: requests - 1, Mean: 1e9}})
	}
	if responses > 0 {
		f.Operations = append(f.Operations, fact.OperationStat{Function: fn, Kind: fact.Response, From: 1, Seen: fact.Seen{First: f.First, Last: f.Last, Frame: f.Frame, Count: responses}})
	}
}

// notice is something sent to a group, with what it carries.
func (w *world) notice(from, to, protocol string, class fact.Class) {
	f := w.flow(from, to, protocol, 5, 0)
	f.Transport = "ethernet"
	fn := &fact.Function{Protocol: protocol, Code: "0", Name: "notice", Class: class}
	f.Operations = []fact.OperationStat{{Function: fn, Kind: fact.Notice, Seen: f.Seen}}
}

// arp binds as ARP does, and has the station send the frame.
func (w *world) arp(ip, mac string) {
	f := w.flow("-@"+mac, "-@ff:ff:ff:ff:ff:ff", "arp", 1, 0)
	f.Transport = "ethernet"
	w.statements = append(w.statements, fact.Statement{MAC: hw(w.t, mac), IP: netip.MustParseAddr(ip), Stated: true, Attr: fact.IPAssigned, Value: ip,
		Source: "ARP sender addresses", Confidence: 95, Protocol: "arp", Seen: w.seen(1)})
}

// say is a statement about the sender at a place, or with ! before it about a
// place that a protocol names.
func (w *world) say(at string, attr fact.Attr, value, source, protocol string, confidence uint8) {
	at, stated := strings.CutPrefix(at, "!")
	at, part, _ := strings.Cut(at, "#")
	s := fact.Statement{Stated: stated, Part: part, Attr: attr, Value: value, Source: source, Confidence: confidence, Protocol: protocol, Seen: w.seen(1)}
	p := w.party(at)
	s.MAC, s.IP = p.MAC, p.IP
	w.statements = append(w.statements, s)
}

func (w *world) builder() *asset.Builder {
	b := asset.NewBuilder()
	for i := range w.flows {
		b.Flow(&w.flows[i])
	}
	for i := range w.statements {
		b.Statement(&w.statements[i])
	}
	return b
}

func (w *world) resolve() *asset.Inventory { return w.builder().Resolve() }

// text writes an inventory in few words: one asset a line, its interfaces,
// its role.
func text(v *asset.Inventory) string {
	var s strings.Builder
	for _, a := range v.Assets {
		s.WriteString(string(a.ID))
		for _, i := range a.Interfaces {
			s.WriteString(" [")
			if !i.MAC.IsZero() {
				s.WriteString(i.MAC.String())
			}
			for _, ip := range i.IPs {
				s.WriteString(" " + ip.String())
			}
			s.WriteString("]")
		}
		s.WriteString(" " + a.Role.Value + "\n")
	}
	for _, x := range v.External {
		s.WriteString("external " + x.IP.String())
		for _, n := range x.Names {
			s.WriteString(" " + n.Value)
		}
		s.WriteString("\n")
	}
	return s.String()
}

func find(t tb, v *asset.Inventory, id asset.ID) *asset.Asset {
	t.Helper()
	for _, a := range v.Assets {
		if a.ID == id {
			return a
		}
	}
	t.Fatalf("no asset %s in\n%s", id, text(v))
	return nil
}
