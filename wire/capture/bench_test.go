package capture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// benchPackets is how many packets of 175 bytes on average a walk has.
const benchPackets = 200_000

// benchCapture composes a pcap file. Sizes vary like those of a plant: many
// short ones, some full.
func benchCapture() []byte {
	var out bytes.Buffer
	w := capture.NewWriter(&out, capture.Ethernet)
	data := make([]byte, 1514)
	for i := range data {
		data[i] = byte(i * 7)
	}
	for i := range benchPackets {
		n := 60 + i%7*28
		if i%50 == 0 {
			n = 1514
		}
		binary.BigEndian.PutUint32(data, uint32(i))
		_ = w.Write(1.6e18+int64(i)*1e6, data[:n])
	}
	return out.Bytes()
}

// asPcapng turns a little-endian pcap with nanoseconds into pcapng.
func asPcapng(pcap []byte) []byte {
	le := binary.LittleEndian
	out := ngSection(le, 1)
	out = append(out, ngBlock(le, 1, u16s(le, 1, 0), u32s(le, 0), ngOption(le, 9, []byte{9}), ngOption(le, 0, nil))...)
	for at := 24; at < len(pcap); {
		t := uint64(le.Uint32(pcap[at:]))*1e9 + uint64(le.Uint32(pcap[at+4:]))
		n := le.Uint32(pcap[at+8:])
		out = append(out, ngBlock(le, 6, u32s(le, 0, uint32(t>>32), uint32(t), n, n), pcap[at+16:at+16+int(n)])...)
		at += 16 + int(n)
	}
	return out
}

func BenchmarkWalk(b *testing.B) {
	pcap := benchCapture()
	dir := b.TempDir()
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"pcap", pcap},
		{"pcapng", asPcapng(pcap)},
		{"pcap+gzip", gzipped(pcap)},
		{"pcap+zstd", zstded(pcap)},
	} {
		path := filepath.Join(dir, c.name)
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) { walk(b, benchPackets, path) })
	}
	var one, two bytes.Buffer
	w1, w2 := capture.NewWriter(&one, capture.Ethernet), capture.NewWriter(&two, capture.Ethernet)
	for i, data := 0, make([]byte, 175); i < benchPackets/2; i++ {
		_ = w1.Write(int64(i)*2000, data)
		_ = w2.Write(int64(i)*2000+1000, data)
	}
	p1, p2 := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	_, _ = os.WriteFile(p1, one.Bytes(), 0o600), os.WriteFile(p2, two.Bytes(), 0o600)
	b.Run("merge", func(b *testing.B) { walk(b, benchPackets, p1, p2) })
}

// walk touches each header as a decoder would.
func walk(b *testing.B, packets int, paths ...string) {
	blk := capture.NewBlock(0)
	var sum uint32
	b.ReportAllocs()
	for b.Loop() {
		src, err := capture.Open(context.Background(), paths, capture.Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for err = src.Next(blk); err == nil; err = src.Next(blk) {
			for i := range blk.Packets {
				sum += uint32(blk.Packets[i].Data[13])
			}
			n += len(blk.Packets)
		}
		if err != io.EOF || n != packets {
			b.Fatal(n, err)
		}
		_ = src.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(packets), "ns/packet")
	_ = sum
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func zstded(b []byte) []byte {
	w, _ := zstd.NewWriter(nil)
	return w.EncodeAll(b, nil)
}
