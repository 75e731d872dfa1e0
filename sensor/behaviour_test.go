package sensor_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// packets is a list of composed packets with their times, 1 ms apart if not said.
type packets struct {
	all  [][]byte
	time []int64
	id   uint16
	now  int64
}

func (p *packets) add(b []byte) *packets {
	if p.now == 0 {
		p.now = 1.7e18
	}
	p.now += 1e6
	p.all = append(p.all, b)
	p.time = append(p.time, p.now)
	return p
}

func (p *packets) tcp(up bool, sp uint16, seq, ackNo uint32, flags uint8, payload []byte) *packets {
	p.id++
	if up {
		return p.add(tcpPacket(nil, p.id, 0x0a000001, 0x0a000002, sp, 502, seq, ackNo, flags, payload))
	}
	return p.add(tcpPacket(nil, p.id+0x8000, 0x0a000002, 0x0a000001, 502, sp, seq, ackNo, flags, payload))
}

// open is the three packets that open a connection.
func (p *packets) open(sp uint16, isn uint32) *packets {
	return p.tcp(true, sp, isn, 0, syn, nil).tcp(false, sp, 900, isn+1, syn|ack, nil).tcp(true, sp, isn+1, 901, ack, nil)
}

func (p *packets) source() *generator {
	return &generator{n: len(p.all), make: func(b []byte, i int) []byte { return append(b, p.all[i]...) }, time: func(i int) int64 { return p.time[i-1] }}
}

func (p *packets) run(t testing.TB, o sensor.Options) (*counter, sensor.Quality) {
	t.Helper()
	c := &counter{keep: true}
	if o.Workers == 0 {
		o.Workers = 1
	}
	q := run(t, "composed", p.source(), o, c, time.Minute)
	if c.packets != uint64(len(p.all)) {
		t.Errorf("%d packets in flows, %d came", c.packets, len(p.all))
	}
	return c, q
}

const requests, answers = "modbus request read holding registers", "modbus response read holding registers"

// poll is one request and its answer.
func (p *packets) poll(sp uint16, i int, seq, back *uint32) *packets {
	a, b := modbusRead(nil, uint16(i), 100), modbusAnswer(nil, uint16(i))
	p.tcp(true, sp, *seq, *back, ack, a).tcp(false, sp, *back, *seq+uint32(len(a)), ack, b)
	*seq += uint32(len(a))
	*back += uint32(len(b))
	return p
}

func TestConnection(t *testing.T) {
	var p packets
	seq, back := uint32(101), uint32(901)
	p.open(1025, 100)
	for i := range 10 {
		p.poll(1025, i, &seq, &back)
	}
	p.tcp(true, 1025, seq, back, fin|ack, nil).tcp(false, 1025, back, seq+1, fin|ack, nil).tcp(true, 1025, seq+1, back+1, ack, nil)
	c, q := p.run(t, sensor.Options{})
	if c.flows != 1 || c.byName[requests] != 10 || c.byName[answers] != 10 || q.Holes+q.Malformed+q.OneWay != 0 || q.Sessions != 1 {
		t.Errorf("%d flows, %v, %+v", c.flows, c.byName, q)
	}
	f := c.all[0]
	if f.Client != 0 || !f.ClientCertain || !f.Opened || !f.Answered || !f.Ended || f.Refused || f.Transport != "tcp" || f.Ends[1].Port != 502 || f.PortProtocol != "" {
		t.Errorf("%+v", f)
	}
}

// A capture that begins in the middle of a connection, with the answer.
func TestMiddleOfConnection(t *testing.T) {
	var p packets
	seq, back := uint32(5000), uint32(9000)
	p.tcp(false, 1025, back, seq, ack, modbusAnswer(nil, 7))
	back += 29
	for i := range 5 {
		p.poll(1025, i, &seq, &back)
	}
	c, _ := p.run(t, sensor.Options{})
	if f := c.all[0]; f.Protocol != "modbus" || f.Client != 1 || c.byName[requests] != 5 || c.byName[answers] != 6 {
		t.Errorf("%s, client %d, %v", f.Protocol, f.Client, c.byName)
	}
}

// The mirror port delivers one direction only.
func TestOneWay(t *testing.T) {
	for _, up := range []bool{true, false} {
		var p packets
		at := uint32(500)
		for i := range 20 {
			b := modbusRead(nil, uint16(i), 1)
			if !up {
				b = modbusAnswer(nil, uint16(i))
			}
			p.tcp(up, 1025, at, 1, ack, b)
			at += uint32(len(b))
		}
		c, q := p.run(t, sensor.Options{})
		if c.operations != 20 || q.Sessions != 1 || q.OneWay != 1 || q.Holes != 0 {
			t.Errorf("requests %v: %v, %+v", up, c.byName, q)
		}
	}
}

// A mirror port that copies entry and exit: the copy has another VLAN, hop
// count or hardware address, and counts once in operations.
func TestDuplicates(t *testing.T) {
	var once, twice packets
	seq, back := uint32(101), uint32(901)
	once.open(1025, 100)
	for i := range 50 {
		once.poll(1025, i, &seq, &back)
	}
	for i, b := range once.all {
		twice.add(b)
		twice.time[len(twice.time)-1] = once.time[i]
		c := bytes.Clone(b)
		switch i % 3 {
		case 0: // tagged
			c = append(append(bytes.Clone(b[:12]), 0x81, 0, 0, 5), b[12:]...)
		case 1: // routed: hop count and addresses
			c[5], c[11], c[14+8] = 0x77, 0x88, 63
		}
		twice.add(c)
		twice.time[len(twice.time)-1] = once.time[i] + 20_000
	}
	a, _ := once.run(t, sensor.Options{})
	b, q := twice.run(t, sensor.Options{})
	if a.operations != b.operations || b.duplicates != uint64(len(once.all)) || q.Duplicates != uint64(len(once.all)) {
		t.Errorf("%d operations, then %d; %d duplicates of %d", a.operations, b.operations, b.duplicates, len(once.all))
	}
}

// Retransmissions, also those cut otherwise, count once; segments that overtake
// each other are put in order.
func TestRetransmission(t *testing.T) {
	var p packets
	p.open(1025, 100)
	var whole []byte
	for i := range 40 {
		whole = modbusRead(whole, uint16(i), uint16(i))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for at := 0; at < len(whole); {
		n := min(len(whole)-at, 1+r.IntN(30))
		p.tcp(true, 1025, 101+uint32(at), 901, ack, whole[at:at+n])
		if back := min(at, r.IntN(40)); r.IntN(3) == 0 {
			p.tcp(true, 1025, 101+uint32(at-back), 901, ack, whole[at-back:at+n])
		}
		at += n
	}
	for i := 4; i+1 < len(p.all); i += 3 {
		p.all[i], p.all[i+1] = p.all[i+1], p.all[i]
	}
	c, q := p.run(t, sensor.Options{})
	if c.byName[requests] != 40 || q.Malformed != 0 || q.Holes != 0 || q.Repeated == 0 || q.OutOfOrder == 0 {
		t.Errorf("%v, %+v", c.byName, q)
	}
}

// The same ports are used again, after an end and without one.
func TestPortsUsedAgain(t *testing.T) {
	for _, end := range []uint8{fin | ack, rst, 0} {
		var p packets
		for round := range uint32(3) {
			isn := 100 + round*1_000_000
			seq, back := isn+1, uint32(901)
			p.open(1025, isn)
			for i := range 4 {
				p.poll(1025, i, &seq, &back)
			}
			// The client breaks off in the middle of a message.
			p.tcp(true, 1025, seq, back, ack, modbusRead(nil, 9, 9)[:7])
			if end != 0 {
				p.tcp(true, 1025, seq+7, back, end, nil)
			}
			p.now += 60e9
		}
		c, q := p.run(t, sensor.Options{})
		if c.flows != 3 || c.byName[requests] != 12 || c.byName[answers] != 12 || q.Malformed != 0 {
			t.Errorf("end %#x: %d flows, %v, %d malformed", end, c.flows, c.byName, q.Malformed)
		}
	}
}

// A message in the middle is lost: the ones after it are found again.
func TestLostSegment(t *testing.T) {
	var p packets
	p.open(1025, 100)
	seq, back := uint32(101), uint32(901)
	for i := range 30 {
		p.poll(1025, i, &seq, &back)
	}
	p.all = append(p.all[:23], p.all[24:]...)
	p.time = append(p.time[:23], p.time[24:]...)
	c, q := p.run(t, sensor.Options{})
	if n := c.byName[requests] + c.byName[answers]; n < 58 || q.Holes != 1 || q.Lost == 0 || q.Malformed != 0 {
		t.Errorf("%v, %+v", c.byName, q)
	}
}

// fake is a protocol for tests of the sensor itself.
func fake(name string, port uint32, recognise func([]byte, proto.Hint) proto.Verdict, parse func(*proto.Context, []byte) (int, error)) proto.Protocol {
	return proto.Protocol{
		Name: name, Recognise: recognise, On: []proto.On{{Carrier: proto.TCP, Numbers: []uint32{port}}, {Carrier: proto.UDP, Numbers: []uint32{port}}},
		New: func() proto.Session { return &fakeSession{parse} },
	}
}

type fakeSession struct {
	parse func(*proto.Context, []byte) (int, error)
}

func (s *fakeSession) Parse(c *proto.Context, b []byte) (int, error) { return s.parse(c, b) }
func (s *fakeSession) Gap(proto.Dir)                                 {}
func (s *fakeSession) Reset()                                        {}

func always(v proto.Verdict) func([]byte, proto.Hint) proto.Verdict {
	return func([]byte, proto.Hint) proto.Verdict { return v }
}

func whole(_ *proto.Context, b []byte) (int, error) { return len(b), nil }

// The protocol of the port is asked first; content that leaves no doubt counts
// on any port; a likelihood only on the protocol's own.
func TestRecognition(t *testing.T) {
	for _, c := range []struct {
		name   string
		ps     []proto.Protocol
		want   string
		onPort string
	}{
		{"own port, likely", []proto.Protocol{fake("a", 502, always(proto.Likely), whole)}, "a", ""},
		{"other port, likely", []proto.Protocol{fake("a", 503, always(proto.Likely), whole)}, "", ""},
		{"other port, sure", []proto.Protocol{fake("a", 503, always(proto.Yes), whole)}, "a", ""},
		{"the port's own before another", []proto.Protocol{fake("b", 503, always(proto.Yes), whole), fake("a", 502, always(proto.Likely), whole)}, "a", ""},
		{"content against port", []proto.Protocol{fake("a", 502, always(proto.No), whole), fake("b", 503, always(proto.Yes), whole)}, "b", "a"},
		{"nobody", []proto.Protocol{fake("a", 502, always(proto.No), whole)}, "", "a"},
		{"one that fails makes room for the next", []proto.Protocol{
			fake("a", 502, always(proto.Yes), func(*proto.Context, []byte) (int, error) { return 0, fmt.Errorf("no") }),
			fake("b", 503, always(proto.Yes), whole)}, "b", "a"},
		{"more bytes are waited for", []proto.Protocol{fake("a", 502, func(b []byte, _ proto.Hint) proto.Verdict {
			if len(b) < 20 {
				return proto.More
			}
			return proto.Likely
		}, whole)}, "a", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p packets
			p.open(1025, 100)
			for i := range uint32(8) {
				p.tcp(true, 1025, 101+5*i, 901, ack, []byte("hello"))
			}
			got, _ := p.run(t, sensor.Options{Protocols: c.ps})
			if f := got.all[0]; f.Protocol != c.want || f.PortProtocol != c.onPort {
				t.Errorf("%q, port %q", f.Protocol, f.PortProtocol)
			}
		})
	}
}

// A dissector that fails is caught wherever it does; its flow is set aside and
// the others go on.
func TestDissectorFails(t *testing.T) {
	bomb := func(_ *proto.Context, b []byte) (int, error) {
		if bytes.HasPrefix(b, []byte("boom")) {
			panic("a defect")
		}
		return min(4, len(b)), nil
	}
	for _, c := range []struct {
		name string
		p    proto.Protocol
		hole bool
	}{
		{"parse", fake("a", 502, always(proto.Likely), bomb), false},
		{"when the flow ends", fake("a", 502, always(proto.Likely), bomb), true},
		{"recognise", fake("a", 502, func(b []byte, _ proto.Hint) proto.Verdict {
			if bytes.HasPrefix(b, []byte("boom")) {
				panic("a defect")
			}
			return proto.Likely
		}, whole), false},
		{"too long a length", fake("a", 502, always(proto.Likely), func(_ *proto.Context, b []byte) (int, error) { return len(b) + 1, nil }), false},
		{"no progress", fake("a", 502, always(proto.Likely), func(*proto.Context, []byte) (int, error) { return 0, nil }), false},
		{"a negative length", fake("a", 502, always(proto.Likely), func(*proto.Context, []byte) (int, error) { return -1, wire.ErrShort }), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p packets
			p.open(1025, 100)
			at := uint32(101)
			if c.hole {
				p.tcp(true, 1025, at, 901, ack, []byte("well"))
				at += 8
			}
			p.tcp(true, 1025, at, 901, ack, []byte("boom"))
			p.open(1026, 100).tcp(true, 1026, 101, 901, ack, []byte("well"))
			for _, workers := range []int{1, 3} {
				got, q := p.run(t, sensor.Options{Protocols: []proto.Protocol{c.p}, Workers: workers})
				if got.flows != 2 {
					t.Errorf("%d flows", got.flows)
				}
				if fails := c.name == "parse" || c.name == "recognise" || c.hole; fails != (q.Panics == 1) {
					t.Errorf("%d failures counted: %v", q.Panics, got.failures)
				}
			}
		})
	}
}

// A full table ends the flows that were silent for longest, the same ones each
// time and for any number of workers; no packet is lost from the counts.
func TestEviction(t *testing.T) {
	var p packets
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 30_000 {
		p.add(udpPacket(nil, uint16(i), 0x0a000000|uint32(r.IntN(2000)), 0x0b000001, uint16(r.IntN(3)), 9999, []byte("x")))
	}
	var first string
	for i, workers := range []int{1, 1, 2, 5} {
		c, q := p.run(t, sensor.Options{Workers: workers, MaxFlows: 1})
		var b strings.Builder
		fmt.Fprint(&b, q, c.flows)
		for _, f := range c.all {
			fmt.Fprint(&b, f.Ends, f.Seen)
		}
		if sum := b.String(); i == 0 {
			first = sum
		} else if sum != first {
			t.Errorf("%d workers: another result", workers)
		}
		if q.Evicted == 0 || c.bytes == 0 {
			t.Errorf("nothing was evicted: %+v", q)
		}
	}
}

// Whatever the clock of a capture does, every packet is counted, and the jumps
// are told.
func TestClock(t *testing.T) {
	var p packets
	seq, back := uint32(101), uint32(901)
	p.open(1025, 100)
	for i, jump := range []int64{0, 3600e9 * 24, -7200e9, 0, -1e18, 5e18, -1.7e18, 1, 86400e9 * 365 * 50} {
		p.now += jump
		p.poll(1025, i, &seq, &back)
	}
	p.now = 1
	p.poll(1025, 99, &seq, &back)
	for _, report := range []time.Duration{0, time.Second} {
		c, q := p.run(t, sensor.Options{Report: report})
		if c.byName[requests] != 10 || c.byName[answers] != 10 || q.Backwards < 3 || q.Forwards < 3 {
			t.Errorf("report %v: %v, %+v", report, c.byName, q)
		}
	}
}

// Flows handed on in pieces add up to the same.
func TestReportsAddUp(t *testing.T) {
	var p packets
	for n := range uint16(20) {
		seq, back := uint32(101), uint32(901)
		p.open(2000+n, 100)
		for i := range 50 {
			p.poll(2000+n, i, &seq, &back)
			p.now += 100e6
		}
	}
	once, _ := p.run(t, sensor.Options{})
	for _, every := range []time.Duration{time.Millisecond, time.Second, time.Hour} {
		c, _ := p.run(t, sensor.Options{Report: every, Workers: 2})
		if c.bytes != once.bytes || fmt.Sprint(c.byName) != fmt.Sprint(once.byName) {
			t.Errorf("every %v: %v, want %v", every, c.byName, once.byName)
		}
	}
}

// A tunnel whose packets are in fragments and a flow that is not are one.
func TestTunnelInFragments(t *testing.T) {
	inner := tcpPacket(nil, 1, 0x0a000001, 0x0a000002, 1025, 502, 101, 901, ack, modbusRead(nil, 1, 1))
	outer := append([]byte{8, 0, 0, 0, 0, 0, 9, 0}, inner...)
	head := []byte{0x12, 0x34, 0x12, 0xb5, 0, byte(8 + len(outer)), 0, 0}
	udp := append(head, outer...)
	part := func(from, to int, more byte) []byte {
		b := frame(nil, 1, 2, 0x0800)
		at := len(b)
		b = ipv4(b, 17, 77, 0xc0000201, 0xc0000202, to-from)
		b[at+6], b[at+7] = more|byte(from/8>>8), byte(from/8)
		return append(b, udp[from:to]...)
	}
	var p packets
	p.add(part(0, 64, 0x20)).add(part(64, len(udp), 0))
	p.add(tcpPacket(nil, 2, 0x0a000002, 0x0a000001, 502, 1025, 901, 113, ack, modbusAnswer(nil, 1)))
	c, q := p.run(t, sensor.Options{})
	var modbus int
	for _, f := range c.all {
		if f.Protocol == "modbus" {
			modbus++
		}
	}
	if modbus != 1 || c.byName[requests] != 1 || c.byName[answers] != 1 || q.Fragments != 2 {
		t.Errorf("%d flows of Modbus, %v, %+v", modbus, c.byName, q)
	}
}

// circle is a Source that hands out the same packets again and again, later
// each time: one round takes a day.
type circle struct {
	*generator
	rounds int
	done   int
}

func (c *circle) Next(b *capture.Block) error {
	err := c.generator.Next(b)
	if errors.Is(err, io.EOF) && c.done+1 < c.rounds {
		c.done++
		c.i = 0
		err = c.generator.Next(b)
	}
	for i := range b.Packets {
		b.Packets[i].Time += int64(c.done) * 86400e9
		b.Packets[i].Frame += uint64(c.done * c.n)
	}
	return err
}

// A long capture: as much as 10 GB when there is time for it. What is kept does
// not grow with it.
func TestLong(t *testing.T) {
	var p packets
	for n := range uint16(200) {
		seq, back := uint32(101), uint32(901)
		p.open(2000+n, 100)
		for i := range 100 {
			p.poll(2000+n, i, &seq, &back)
		}
	}
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	if heavy() {
		rounds = 3000
	}
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	h := hub.New()
	var q sensor.Quality
	began := time.Now()
	most := peak(func() {
		q = run(t, "long", &circle{generator: p.source(), rounds: rounds}, sensor.Options{Workers: 2}, h, time.Hour)
	})
	c := h.Close().Conversations
	var n uint64
	for _, o := range c[0].Operations {
		n += o.Requests + o.Responses
	}
	t.Logf("%d MB in %v, heap %d MiB at most", q.Bytes/1e6, time.Since(began).Round(time.Millisecond), most>>20)
	if most > 256<<20 || len(c) != 1 || n != uint64(rounds)*200*200 {
		t.Errorf("heap %d MiB, %d conversations, %d operations", most>>20, len(c), n)
	}
}

// BenchmarkReassembly is the way of TCP segments from the packet to the
// operation, in order and not.
func BenchmarkReassembly(b *testing.B) {
	var p packets
	seq, back := uint32(101), uint32(901)
	p.open(1025, 100)
	for i := range 5000 {
		p.poll(1025, i, &seq, &back)
	}
	swapped := packets{all: append([][]byte(nil), p.all...), time: p.time}
	for i := 4; i+2 < len(p.all); i += 4 {
		swapped.all[i], swapped.all[i+2] = swapped.all[i+2], swapped.all[i]
	}
	for name, p := range map[string]*packets{"in order": &p, "swapped": &swapped} {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				run(b, name, p.source(), sensor.Options{Workers: 1}, &counter{}, time.Minute)
				n += len(p.all)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/packet")
		})
	}
}
