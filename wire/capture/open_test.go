package capture_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// at composes a capture with a packet at each of these times; the data tells
// the file.
func at(name string, times ...int64) []byte {
	var b bytes.Buffer
	w := capture.NewWriter(&b, capture.Ethernet)
	for _, t := range times {
		_ = w.Write(t, []byte(name))
	}
	return b.Bytes()
}

// lay writes files into a new folder.
func lay(t interface {
	TempDir() string
	Fatal(...any)
}, files map[string][]byte) string {
	dir := t.TempDir()
	for name, b := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, b, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestOpen lists what is given and what is told: packets as "source:time data",
// sources as "name format packets error".
func TestOpen(t *testing.T) {
	dir := lay(t, map[string][]byte{
		"a.pcap":            at("a", 1, 5, 5, 9),
		"b":                 gzipped(at("b", 2, 5, 20)),
		"empty.pcap":        at(""),
		"none.pcap":         nil,
		"cut.pcap":          at("c", 3, 4)[:57],
		"photo.jpg":         []byte("\xff\xd8\xff\xe0"),
		"wifi.pcap":         pcapFile(le, 0xa1b2c3d4, 105),
		"ring/1.pcap":       at("r1", 10, 11),
		"ring/2.pcap.zst":   zstded(at("r2", 12, 13)),
		"ring/deep/3.pcap":  asPcapng(at("r3", 11)),
		"ring/notes.txt":    []byte("not a capture"),
		"ring/notes.txt.gz": gzipped([]byte("not a capture")),
		"ring/new.pcap":     nil,
		"text/a.txt":        []byte("hello"),
		"text/b.txt":        []byte("hello"),
		"hollow/x/y":        nil,
		"one/a.pcap":        at("o", 1),
		"one/a.txt":         []byte("x"),
	})
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "void"), 0o700), os.Symlink("../a.pcap", filepath.Join(dir, "text/a.pcap"))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		names   string
		packets string
		sources []string
		err     string
	}{
		{"a.pcap", "0:1 a, 0:5 a, 0:5 a, 0:9 a", []string{"a.pcap pcap 4"}, ""},
		{"b", "0:2 b, 0:5 b, 0:20 b", []string{"b pcap+gzip 3"}, ""},
		{"a.pcap b", "0:1 a, 1:2 b, 0:5 a, 0:5 a, 1:5 b, 0:9 a, 1:20 b", []string{"a.pcap pcap 4", "b pcap+gzip 3"}, ""},
		{"b a.pcap", "1:1 a, 0:2 b, 0:5 b, 1:5 a, 1:5 a, 1:9 a, 0:20 b", []string{"b pcap+gzip 3", "a.pcap pcap 4"}, ""},
		{"a.pcap a.pcap", "0:1 a, 0:5 a, 0:5 a, 0:9 a", []string{"a.pcap pcap 4"}, ""},
		{"a.pcap -", "0:1 a, 0:5 a, 0:5 a, 1:6 in, 1:7 in, 0:9 a", []string{"a.pcap pcap 4", "- pcapng 2"}, ""},
		{"-", "0:6 in, 0:7 in", []string{"- pcapng 2"}, ""},
		{"empty.pcap", "", []string{"empty.pcap pcap 0"}, ""},
		{"empty.pcap empty.pcap", "", []string{"empty.pcap pcap 0"}, ""},
		{"a.pcap empty.pcap photo.jpg cut.pcap wifi.pcap none.pcap", "0:1 a, 3:3 c, 0:5 a, 0:5 a, 0:9 a", []string{
			"a.pcap pcap 4", "empty.pcap pcap 0",
			"photo.jpg  0 photo.jpg: not a capture: it begins with ff d8 ff e0 (it looks like a JPEG picture); expected is pcap or pcapng, or gzip or zstd of either",
			"cut.pcap pcap 1 cut.pcap: cut off at byte 57, in the middle of packet 2; what came before was read",
			"wifi.pcap pcap 0 wifi.pcap: link type 105 (Wi-Fi) is not supported; capture one of Ethernet, Linux cooked, Linux cooked v2, raw IP, raw IPv4, raw IPv6, BSD loopback, OpenBSD loopback",
			"none.pcap  0 none.pcap: empty: it has no bytes at all; was the capture stopped before it wrote any?"}, ""},
		{"ring", "0:10 r1, 0:11 r1, 2:11 r3, 1:12 r2, 1:13 r2", []string{"ring/1.pcap pcap 2", "ring/2.pcap.zst pcap+zstd 2", "ring/deep/3.pcap pcapng 1"}, ""},
		{"one", "0:1 o", []string{"one/a.pcap pcap 1"}, ""},
		{"hollow a.pcap void", "1:1 a, 1:5 a, 1:5 a, 1:9 a", []string{
			"hollow  0 hollow: no capture in this folder (files looked at: 1); expected is pcap or pcapng, or gzip or zstd of either", "a.pcap pcap 4",
			"void  0 void: no file in this folder"}, ""},
		{"one/a.pcap one", "0:1 o", []string{"one/a.pcap pcap 1"}, ""},
		{"one/a.pcap one/../one/a.txt one", "0:1 o", []string{"one/a.pcap pcap 1",
			"one/../one/a.txt  0 one/../one/a.txt: not a capture: it begins with 78 (it looks like text); expected is pcap or pcapng, or gzip or zstd of either"}, ""},
		{"one -", "0:1 o, 1:6 in, 1:7 in", []string{"one/a.pcap pcap 1", "- pcapng 2"}, ""},
		{"text -", "0:1 a, 0:5 a, 0:5 a, 1:6 in, 1:7 in, 0:9 a", []string{"text/a.pcap pcap 4", "- pcapng 2"}, ""},
		{"text", "0:1 a, 0:5 a, 0:5 a, 0:9 a", []string{"text/a.pcap pcap 4"}, ""},

		{"", "", nil, "no capture given: name files or folders, or - for standard input"},
		{"nowhere.pcap a.pcap", "", nil, "nowhere.pcap: no such file or folder"},
		{"photo.jpg", "", nil, "photo.jpg: not a capture: it begins with ff d8 ff e0 (it looks like a JPEG picture); expected is pcap or pcapng, or gzip or zstd of either"},
		{"none.pcap", "", nil, "none.pcap: empty: it has no bytes at all; was the capture stopped before it wrote any?"},
		{"wifi.pcap", "", nil, "wifi.pcap: link type 105 (Wi-Fi) is not supported; capture one of Ethernet, Linux cooked, Linux cooked v2, raw IP, raw IPv4, raw IPv6, BSD loopback, OpenBSD loopback"},
		{"hollow", "", nil, "hollow: no capture in this folder (files looked at: 1); expected is pcap or pcapng, or gzip or zstd of either"},
		{"void", "", nil, "void: no file in this folder"},
		{"photo.jpg none.pcap", "", nil, "none of 2 captures can be read; the first: photo.jpg: not a capture: it begins with ff d8 ff e0 (it looks like a JPEG picture); expected is pcap or pcapng, or gzip or zstd of either"},
	} {
		t.Run(c.names, func(t *testing.T) {
			t.Chdir(dir)
			stdin := asPcapng(at("in", 6, 7))
			src, err := capture.Open(context.Background(), strings.Fields(c.names), capture.Options{Stdin: bytes.NewReader(stdin)})
			if err != nil {
				if err.Error() != c.err || c.names != "" && !errors.Is(err, capture.ErrNothing) {
					t.Errorf("got  %v\nwant %s", err, c.err)
				}
				return
			}
			var packets, sources []string
			b := capture.NewBlock(0)
			frame := uint64(1)
			for err = src.Next(b); err == nil; err = src.Next(b) {
				for _, p := range b.Packets {
					packets = append(packets, fmt.Sprintf("%d:%d %s", p.Source, p.Time, p.Data))
					if p.Frame != frame {
						t.Errorf("frame %d, want %d", p.Frame, frame)
					}
					frame++
				}
			}
			for _, i := range src.Sources() {
				s := fmt.Sprintf("%s %s %d", i.Name, i.Format, i.Packets)
				if i.Err != nil {
					s += " " + i.Err.Error()
				}
				sources = append(sources, s)
			}
			if got := strings.Join(packets, ", "); err != io.EOF || got != c.packets || !slices.Equal(sources, c.sources) {
				t.Errorf("got  %s\n%q\n%v\nwant %s\n%q", got, sources, err, c.packets, c.sources)
			}
			if err := src.Close(); err != nil {
				t.Error(err)
			}
			if err := src.Next(b); err != io.EOF {
				t.Errorf("Next after Close: %v", err)
			}
		})
	}
}

func TestOutcome(t *testing.T) {
	bad := &capture.Error{Name: "x", Text: "bad"}
	for _, c := range []struct {
		infos []capture.Info
		want  error
		text  string
	}{
		{[]capture.Info{{}}, nil, ""},
		{[]capture.Info{{Packets: 1}, {Err: bad}}, capture.ErrPart, "read only in part: x: bad"},
		{[]capture.Info{{}, {Err: bad}}, capture.ErrNothing, "nothing was read: x: bad"},
	} {
		err := capture.Outcome(c.infos)
		if !errors.Is(err, c.want) || errors.Is(err, capture.ErrPart) && errors.Is(err, capture.ErrNothing) || err != nil && err.Error() != c.text {
			t.Errorf("%v", err)
		}
	}
}

func TestNoPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := lay(t, map[string][]byte{"a.pcap": at("a", 1)})
	path := filepath.Join(dir, "a.pcap")
	_ = os.Chmod(path, 0)
	_, err := capture.Open(context.Background(), []string{path}, capture.Options{})
	if err == nil || !strings.HasSuffix(err.Error(), "no permission to read it; run as its owner, or let its owner allow it (chmod a+r)") {
		t.Error(err)
	}
}

func TestCancel(t *testing.T) {
	dir := lay(t, map[string][]byte{"a": benchCapture(), "b": at("b", 1)})
	for _, names := range [][]string{{dir + "/a"}, {dir}} {
		ctx, cancel := context.WithCancel(context.Background())
		src, err := capture.Open(ctx, names, capture.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := capture.NewBlock(0)
		if err := src.Next(b); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := src.Next(b); !errors.Is(err, context.Canceled) || src.Sources()[0].Err != nil {
			t.Errorf("%v, %v", err, src.Sources()[0].Err)
		}
		_ = src.Close()
		if _, err := capture.Open(ctx, []string{dir}, capture.Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("opening: %v", err)
		}
	}
}

// TestStandardInput waits for a writer that never comes.
func TestStandardInput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	was := os.Stdin
	os.Stdin = r
	defer func() { os.Stdin = was }()
	ctx, cancel := context.WithCancel(context.Background())
	_, _ = w.Write(at("a", 1))
	src, err := capture.Open(ctx, []string{"-"}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := capture.NewBlock(0)
	if err := src.Next(b); err != nil || len(b.Packets) != 1 {
		t.Fatal(err)
	}
	time.AfterFunc(10*time.Millisecond, cancel)
	if err := src.Next(b); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := capture.Open(ctx, []string{"-"}, capture.Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestMerge compares with the plain definition: take the packet with the earliest
// time among the first ones left, of equal ones that of the first file.
func TestMerge(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type packet struct {
			time int64
			data string
		}
		var left [][]packet
		dir, err := os.MkdirTemp("", "merge")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(dir)
		for f := range rapid.IntRange(1, 6).Draw(rt, "files") {
			var file bytes.Buffer
			w := capture.NewWriter(&file, capture.Ethernet)
			var packets []packet
			now := rapid.Int64Range(0, 30).Draw(rt, "start")
			for i := range rapid.IntRange(0, 12).Draw(rt, "packets") {
				now = max(0, now+rapid.SampledFrom([]int64{0, 1, 1, 2, 10, -3}).Draw(rt, "step"))
				size := rapid.SampledFrom([]int{0, 60, 60, 1500, 60_000, capture.MaxPacket - 9}).Draw(rt, "size")
				data := fmt.Sprintf("%d/%d %*s", f, i, size, "")
				_ = w.Write(now, []byte(data))
				packets = append(packets, packet{now, data})
			}
			b := file.Bytes()
			if rapid.IntRange(0, 4).Draw(rt, "gzip") == 0 {
				b = gzipped(b)
			}
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(f)), b, 0o600); err != nil {
				rt.Fatal(err)
			}
			left = append(left, packets)
		}
		src, err := capture.Open(context.Background(), []string{dir}, capture.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		defer src.Close()
		blocks := []*capture.Block{{}, capture.NewBlock(rapid.SampledFrom([]int{1, 1 << 20}).Draw(rt, "block")), {}}
		frame := uint64(0)
		for n := 0; ; n++ {
			b := blocks[n%len(blocks)]
			err := src.Next(b)
			if err == io.EOF {
				break
			}
			if err != nil || len(b.Packets) == 0 {
				rt.Fatal(err, len(b.Packets))
			}
			for _, p := range b.Packets {
				first := -1
				for f := range left {
					if len(left[f]) > 0 && (first < 0 || left[f][0].time < left[first][0].time) {
						first = f
					}
				}
				if first < 0 {
					rt.Fatalf("one packet too many: %.20q", p.Data)
				}
				frame++
				want := left[first][0]
				left[first] = left[first][1:]
				if p.Time != want.time || string(p.Data) != want.data || int(p.Source) != first || p.Frame != frame {
					rt.Fatalf("got %d %.20q of %d, frame %d; want %d %.20q of %d, frame %d", p.Time, p.Data, p.Source, p.Frame, want.time, want.data, first, frame)
				}
			}
		}
		for f, rest := range left {
			if len(rest) > 0 {
				rt.Errorf("%d packets of file %d did not come", len(rest), f)
			}
		}
	})
}

// TestRing reads a ring buffer of many files. Each must be open for no longer
// than its own time.
func TestRing(t *testing.T) {
	files := map[string][]byte{}
	const n, each = 300, 20
	for i := range n {
		var times []int64
		for j := range each {
			times = append(times, int64(i*each+j))
		}
		files[fmt.Sprintf("ring_%05d.pcap", i)] = at("r", times...)
	}
	dir := lay(t, files)
	src, err := capture.Open(context.Background(), []string{dir}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	b := capture.NewBlock(0)
	next := int64(0)
	for err = src.Next(b); err == nil; err = src.Next(b) {
		for _, p := range b.Packets {
			if p.Time != next || p.Source != uint16(next/each) {
				t.Fatalf("time %d of file %d, want %d", p.Time, p.Source, next)
			}
			next++
		}
		if open := openFiles(dir); open > 2 {
			t.Fatalf("%d files are open at once", open)
		}
	}
	if err != io.EOF || next != n*each {
		t.Errorf("%d packets, %v", next, err)
	}
}

// openFiles counts the files below dir that this process has open, where the
// system tells.
func openFiles(dir string) (n int) {
	fds, _ := os.ReadDir("/proc/self/fd")
	for _, fd := range fds {
		if to, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && strings.HasPrefix(to, dir) {
			n++
		}
	}
	return n
}

// TestNoAllocation walks a file with blocks that were used before.
func TestNoAllocation(t *testing.T) {
	pcap := benchCapture()
	for name, b := range map[string][]byte{"pcap": pcap, "pcapng": asPcapng(pcap)} {
		src := capture.NewReader("x", bytes.NewReader(b))
		blk := capture.NewBlock(0)
		for range 3 {
			_ = src.Next(blk)
		}
		if n := testing.AllocsPerRun(20, func() {
			if src.Next(blk) != nil || len(blk.Packets) < 1000 {
				t.Fatal("no packets")
			}
		}); n > 0 {
			t.Errorf("%s: %v allocations per batch", name, n)
		}
	}
}
