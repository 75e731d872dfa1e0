package sensor_test

import (
	"context"
	"os"
	"testing"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

type nowhere struct{}

func (nowhere) Accept(*fact.Batch) error { return nil }

// BenchmarkRun measures the whole sensor, from the file to the facts, per packet.
func BenchmarkRun(b *testing.B) {
	name := os.Getenv("BULKHEAD_BENCH_CAPTURE")
	if name == "" {
		name = "../../shared/captures/bench/mixed-bench.pcap"
	}
	if _, err := os.Stat(name); err != nil {
		b.Skip("no capture at", name, "- set BULKHEAD_BENCH_CAPTURE")
	}
	for _, workers := range []int{1, 2} {
		b.Run(string('0'+rune(workers)), func(b *testing.B) {
			var packets uint64
			b.ReportAllocs()
			for b.Loop() {
				src, err := capture.Open(context.Background(), []string{name}, capture.Options{})
				if err != nil {
					b.Fatal(err)
				}
				s, err := sensor.New(sensor.Options{Protocols: all.Protocols(), Workers: workers})
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Run(context.Background(), src, nowhere{}); err != nil {
					b.Fatal(err)
				}
				q := s.Quality()
				packets += q.Packets
				src.Close()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(packets), "ns/packet")
		})
	}
}
