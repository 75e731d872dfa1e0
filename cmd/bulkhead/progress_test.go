package main

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

func TestFileLine(t *testing.T) {
	for _, c := range []struct {
		name    string
		infos   []capture.Info
		elapsed time.Duration
		want    string
	}{
		{"one file", []capture.Info{{Packets: 1_000_000, Size: 1e9, Read: 25e7}}, 2 * time.Second, "reading: 25 % of 1.0 GB, 500,000 packets/s, 6s left"},
		{"several files", []capture.Info{{Packets: 10, Size: 100, Read: 100}, {Size: 300}}, time.Second, "reading: 25 % of 400 bytes, 10 packets/s, 3s left"},
		{"a pipe", []capture.Info{{Packets: 5000, Size: -1, Read: 123_456}}, 5 * time.Second, "reading: 123.5 kB read, 1,000 packets/s"},
		{"at the end", []capture.Info{{Packets: 7, Size: 100, Read: 100}}, time.Second, "reading: 100 % of 100 bytes, 7 packets/s"},
		{"a file that broke off", []capture.Info{{Packets: 7, Size: 1000, Read: 100, Err: errors.New("cut")}, {Size: 100}}, time.Second, "reading: 50 % of 200 bytes, 7 packets/s, 1s left"},
		{"nothing yet", nil, time.Second, "reading: 0 bytes read, 0 packets/s"},
	} {
		if got := fileLine(c.infos, c.elapsed); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	live := liveLine(capture.Info{Name: "eth1", Packets: 12345, Dropped: 1, IfDropped: 2}, 830.4, 12300*time.Millisecond, 30*time.Second)
	if live != "eth1: 12,345 packets, 830 packets/s, 3 dropped, 12s of 30s" {
		t.Error(live)
	}
}

type buffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// Progress comes after a second, fits the line, and vanishes at the end.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b buffer
		wide := func() int { return 12 }
		done := progress(&b, wide, func(time.Duration) string { return "a line that is too long" })
		time.Sleep(900 * time.Millisecond)
		done()
		if b.b.Len() != 0 {
			t.Errorf("short work shows %q", b.b.String())
		}
		done = progress(&b, wide, func(e time.Duration) string { return e.String() + " and more than fits" })
		time.Sleep(1100 * time.Millisecond)
		done()
		if got := b.b.String(); got != "\r1s and more\x1b[K\r\x1b[K" {
			t.Errorf("%q", got)
		}
	})
}

// Where nobody looks, nothing is shown.
func TestProgressNowhere(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/stderr")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	done := showProgress(f, false, func(time.Duration) string { t.Error("asked for"); return "" })
	time.Sleep(10 * time.Millisecond)
	done()
	if isTerminal(f) || columns(f) != 0 {
		t.Error("a file is taken for a terminal")
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err == nil && isTerminal(null) {
		t.Error("the null device is taken for a terminal")
	}
}
