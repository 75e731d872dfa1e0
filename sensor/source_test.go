package sensor_test

import (
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// generator is a Source of composed packets: frame i of n is what make appends
// to the bytes it is given, at time(i).
type generator struct {
	n    int
	make func(b []byte, i int) []byte
	time func(i int) int64
	i    int
	bufs map[*capture.Block][]byte
}

func (g *generator) Next(b *capture.Block) error {
	b.Release()
	if g.i >= g.n {
		return io.EOF
	}
	if g.bufs == nil {
		g.bufs = make(map[*capture.Block][]byte)
	}
	buf := g.bufs[b][:0]
	if buf == nil {
		buf = make([]byte, 0, 1<<18)
	}
	for len(b.Packets) < 1000 && g.i < g.n && cap(buf)-len(buf) > 1<<16 {
		at := len(buf)
		buf = g.make(buf, g.i)
		g.i++
		t := int64(1.7e18) + int64(g.i)*1000
		if g.time != nil {
			t = g.time(g.i)
		}
		b.Packets = append(b.Packets, capture.Packet{
			Data: buf[at:len(buf):len(buf)], Wire: uint32(len(buf) - at), Time: t, Link: capture.Ethernet, Frame: uint64(g.i),
		})
	}
	g.bufs[b] = buf
	return nil
}

func (g *generator) Sources() []capture.Info {
	return []capture.Info{{Name: "composed", Packets: uint64(g.i)}}
}
func (g *generator) Close() error { return nil }

// counter is a Sink that adds up, and keeps what went wrong.
type counter struct {
	mu         sync.Mutex
	flows      int
	packets    uint64
	operations uint64
	bytes      uint64
	duplicates uint64
	byName     map[string]uint64
	failures   []string
	keep       bool
	all        []fact.Flow
	said       []fact.Statement
}

func (c *counter) Accept(b *fact.Batch) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byName == nil {
		c.byName = make(map[string]uint64)
	}
	for _, f := range b.Flows {
		c.flows++
		c.packets += f.Packets[0] + f.Packets[1]
		c.bytes += f.Bytes[0] + f.Bytes[1]
		c.duplicates += f.Duplicates
		if strings.Contains(f.MalformedWhy, "the dissector failed") {
			c.failures = append(c.failures, f.Protocol+": "+f.MalformedWhy)
		}
		for _, o := range f.Operations {
			c.operations += o.Count
			c.byName[o.Function.Protocol+" "+o.Kind.String()+" "+o.Function.Name] += o.Count
		}
		if c.keep {
			c.all = append(c.all, *f)
		}
	}
	if c.keep {
		for _, s := range b.Statements {
			c.said = append(c.said, *s)
		}
	}
	return nil
}

// run puts a source through a sensor, and fails when that takes longer than
// it should: something hangs.
func run(t testing.TB, name string, src capture.Source, o sensor.Options, sink sensor.Sink, limit time.Duration) sensor.Quality {
	t.Helper()
	if o.Protocols == nil {
		o.Protocols = all.Protocols()
	}
	s, err := sensor.New(o)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Run(context.Background(), src, sink) }()
	select {
	case err := <-done:
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	case <-time.After(limit):
		stacks := make([]byte, 1<<16)
		t.Fatalf("%s: still running after %v\n%s", name, limit, stacks[:runtime.Stack(stacks, true)])
	}
	return s.Quality()
}

const shared = "../../shared/captures"

// captures lists real captures, where there are any.
func captures(t testing.TB) []string {
	t.Helper()
	var names []string
	_ = filepath.WalkDir(shared, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			switch filepath.Ext(strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".zst")) {
			case ".pcap", ".pcapng", ".cap":
				names = append(names, path)
			}
		}
		return nil
	})
	if len(names) == 0 {
		t.Skip("no captures at", shared)
	}
	return names
}

// heavy tells whether tests may take minutes.
func heavy() bool { return os.Getenv("BULKHEAD_HEAVY") != "" }

// heap is the memory in use after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// peak watches the memory that the program has from the system while f runs.
func peak(f func()) uint64 {
	stop, gone := make(chan struct{}), make(chan struct{})
	var most uint64
	go func() {
		defer close(gone)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	f()
	close(stop)
	<-gone
	return most
}

// Composed packets.

func frame(b []byte, dst, src uint64, t uint16) []byte {
	var m [8]byte
	binary.BigEndian.PutUint64(m[:], dst)
	b = append(b, m[2:]...)
	binary.BigEndian.PutUint64(m[:], src)
	b = append(b, m[2:]...)
	return binary.BigEndian.AppendUint16(b, t)
}

func ipv4(b []byte, proto uint8, id uint16, src, dst uint32, n int) []byte {
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(20+n))
	b = binary.BigEndian.AppendUint16(b, id)
	b = append(b, 0x40, 0, 64, proto, 0, 0)
	b = binary.BigEndian.AppendUint32(b, src)
	return binary.BigEndian.AppendUint32(b, dst)
}

const (
	fin = 1
	syn = 2
	rst = 4
	ack = 16
)

func tcpHead(b []byte, sp, dp uint16, seq, ackNo uint32, flags uint8) []byte {
	b = binary.BigEndian.AppendUint16(b, sp)
	b = binary.BigEndian.AppendUint16(b, dp)
	b = binary.BigEndian.AppendUint32(b, seq)
	b = binary.BigEndian.AppendUint32(b, ackNo)
	return append(b, 0x50, flags, 0x10, 0, 0, 0, 0, 0)
}

func tcpPacket(b []byte, id uint16, src, dst uint32, sp, dp uint16, seq, ackNo uint32, flags uint8, payload []byte) []byte {
	b = frame(b, 0x020000000000|uint64(dst), 0x020000000000|uint64(src), 0x0800)
	b = ipv4(b, 6, id, src, dst, 20+len(payload))
	return append(tcpHead(b, sp, dp, seq, ackNo, flags), payload...)
}

func udpPacket(b []byte, id uint16, src, dst uint32, sp, dp uint16, payload []byte) []byte {
	b = frame(b, 0x020000000000|uint64(dst), 0x020000000000|uint64(src), 0x0800)
	b = ipv4(b, 17, id, src, dst, 8+len(payload))
	b = binary.BigEndian.AppendUint16(b, sp)
	b = binary.BigEndian.AppendUint16(b, dp)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload)))
	b = append(b, 0, 0)
	return append(b, payload...)
}

// modbusRead is a request to read ten registers.
func modbusRead(b []byte, transaction, register uint16) []byte {
	b = binary.BigEndian.AppendUint16(b, transaction)
	b = append(b, 0, 0, 0, 6, 1, 3)
	b = binary.BigEndian.AppendUint16(b, register)
	return append(b, 0, 10)
}

// modbusAnswer answers it.
func modbusAnswer(b []byte, transaction uint16) []byte {
	b = binary.BigEndian.AppendUint16(b, transaction)
	b = append(b, 0, 0, 0, 23, 1, 3, 20)
	return append(b, make([]byte, 20)...)
}
