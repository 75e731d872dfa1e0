package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/report"
)

const shared = "../../../shared/captures"

// analyzed is the JSON document about some files.
func analyzed(t *testing.T, workers int, names ...string) []byte {
	t.Helper()
	g, err := readFiles(context.Background(), io.Discard, names, &analyzeOptions{workers: workers, quiet: true})
	if err != nil {
		return []byte(err.Error())
	}
	var b bytes.Buffer
	if err := writeJSON(&b, report.Build(captureOf(g), g.state, titles())); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sharedCaptures(t *testing.T) []string {
	var names []string
	_ = filepath.WalkDir(shared, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (strings.Contains(path, ".pcap") || strings.HasSuffix(path, ".cap")) {
			names = append(names, path)
		}
		return nil
	})
	if len(names) == 0 {
		t.Skip("no captures at", shared)
	}
	return names
}

// same says where two documents differ.
func same(t *testing.T, what string, a, b []byte) {
	t.Helper()
	if bytes.Equal(a, b) {
		return
	}
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			t.Errorf("%s: line %d is\n%s\nthen\n%s\nafter\n%s", what, i+1, x[i], y[i], strings.Join(x[max(0, i-5):i], "\n"))
			return
		}
	}
	t.Errorf("%s: %d lines, then %d", what, len(x), len(y))
}

// The report is the same to the byte for any number of workers, and each time.
func TestSameForAnyNumberOfWorkers(t *testing.T) {
	for n, name := range sharedCaptures(t) {
		stat, err := os.Stat(name)
		if err != nil || testing.Short() && (n%5 != 0 || stat.Size() > 1<<20) {
			continue
		}
		one := analyzed(t, 1, name)
		for _, workers := range []int{1, 2, 3, 8} {
			same(t, name, one, analyzed(t, workers, name))
		}
	}
}

// Two copies of one file in one timeline: the same devices, conversations and
// operations as one.
func TestTwice(t *testing.T) {
	name := shared + "/bench/mixed-bench.pcap"
	b, err := os.ReadFile(name)
	if err != nil {
		t.Skip("no capture", name)
	}
	copied := t.TempDir() + "/mixed-bench.pcap"
	if err := os.WriteFile(copied, b, 0o600); err != nil {
		t.Fatal(err)
	}
	read := func(names ...string) *report.Analysis {
		g, err := readFiles(context.Background(), io.Discard, names, &analyzeOptions{quiet: true})
		if err != nil {
			t.Fatal(err)
		}
		return report.Build(captureOf(g), g.state, titles())
	}
	once, twice := read(name), read(name, copied)
	if got, want := len(twice.Capture.Sources), 2; got != want || twice.Capture.Sources[1].Packets != once.Capture.Sources[0].Packets {
		t.Errorf("%d sources, %d packets", got, twice.Capture.Sources[1].Packets)
	}
	if len(twice.Assets) != len(once.Assets) || len(twice.Conversations) != len(once.Conversations) {
		t.Errorf("%d assets and %d conversations, want %d and %d", len(twice.Assets), len(twice.Conversations), len(once.Assets), len(once.Conversations))
	}
	var a, z uint64
	for _, c := range once.Conversations {
		for _, o := range c.Operations {
			a += o.Requests + o.Responses
		}
	}
	for _, c := range twice.Conversations {
		for _, o := range c.Operations {
			z += o.Requests + o.Responses
		}
	}
	if z < a || float64(z) > 1.02*float64(a) {
		t.Errorf("%d operations in one copy, %d in two: copies of packets are not recognised", a, z)
	}
}
