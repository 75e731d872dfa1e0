package main

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/sensor"
)

// bounds says which row of docs/design.md states which constant.
var bounds = []struct{ row, file, name string }{
	{"bytes of a packet", "wire/capture/capture.go", "MaxPacket"},
	{"encapsulations of a packet", "wire/packet/packet.go", "maxNesting"},
	{"window of a compressed file, bytes", "wire/capture/compress.go", "maxWindow"},
	{"addresses with names in a pcapng file", "wire/capture/pcapng_meta.go", "maxResolved"},
	{"bytes out of order, per direction", "wire/stream/stream.go", "maxPending"},
	{"segments out of order, per direction", "wire/stream/stream.go", "maxSegments"},
	{"unfinished fragmented packets, per lane", "wire/stream/fragment.go", "maxDatagrams"},
	{"bytes of a message in a stream", "sensor/options.go", "defaultMax"},
	{"packets without recognition, per flow", "sensor/options.go", "maxTries"},
	{"different operations, per flow", "sensor/options.go", "maxOperations"},
	{"targets, per operation of a flow", "sensor/options.go", "maxTargets"},
	{"session facts, per flow", "sensor/options.go", "maxSession"},
	{"identity facts, per lane", "sensor/options.go", "maxStatements"},
	{"announced flows, per lane", "sensor/options.go", "maxExpected"},
	{"functions made at run time, per lane", "proto/context.go", "maxCached"},
	{"conversations", "flow/book.go", "maxKept"},
	{"different operations, per conversation", "flow/conversation.go", "maxOperations"},
	{"targets, per operation of a conversation", "flow/conversation.go", "maxTargets"},
	{"session facts, per conversation", "flow/conversation.go", "maxSession"},
	{"addresses in the inventory", "asset/builder.go", "maxEnds"},
	{"identity facts in the inventory", "asset/builder.go", "maxSaid"},
	{"values of one attribute", "asset/attribute.go", "maxValues"},
	{"findings", "report/standout.go", "maxFindings"},
}

// TestBounds compares the bounds in docs/design.md with the code.
func TestBounds(t *testing.T) {
	rows := table(t, "docs/design.md")
	for _, b := range bounds {
		var cells []string
		for label, r := range rows {
			if label == b.row || strings.HasPrefix(label, b.row+", where") {
				cells = r
			}
		}
		if cells == nil {
			t.Errorf("docs/design.md has no row %q", b.row)
			continue
		}
		if want := grouped(value(t, b.file, b.name)); cells[1] != want {
			t.Errorf("docs/design.md, row %q: says %s, %s in %s is %s", b.row, cells[1], b.name, b.file, want)
		}
	}
}

// table reads the tables of a page: rows by their first cell.
func table(t *testing.T, name string) map[string][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string][]string)
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows[cells[0]] = cells
	}
	return rows
}

// value is that of a constant in a file, an expression without names.
func value(t *testing.T, file, name string) int64 {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := int64(-1)
	ast.Inspect(f, func(node ast.Node) bool {
		v, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, id := range v.Names {
			if id.Name != name || i >= len(v.Values) {
				continue
			}
			tv, err := types.Eval(token.NewFileSet(), nil, token.NoPos, types.ExprString(v.Values[i]))
			if err != nil {
				t.Fatalf("%s: %s: %v", file, name, err)
			}
			n, _ = constant.Int64Val(constant.ToInt(tv.Value))
		}
		return true
	})
	if n < 0 {
		t.Fatalf("%s has no constant %s", file, name)
	}
	return n
}

// grouped writes a number with commas.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// TestQuality compares the thresholds in docs/quality.md with the verdicts.
func TestQuality(t *testing.T) {
	const packets = 1_000_000
	rows := table(t, "docs/quality.md")
	for row, set := range map[string]func(q *sensor.Quality, n uint64) (dropped uint64){
		"packets that the capturing system dropped":        func(q *sensor.Quality, n uint64) uint64 { return n },
		"places in TCP streams where bytes are missing":    func(q *sensor.Quality, n uint64) uint64 { q.Holes = n; return 0 },
		"TCP sessions seen in one direction only":          func(q *sensor.Quality, n uint64) uint64 { q.OneWay = n; return 0 },
		"packets of which the capture kept only a part":    func(q *sensor.Quality, n uint64) uint64 { q.Cut = n; return 0 },
		"packets that came twice":                          func(q *sensor.Quality, n uint64) uint64 { q.Duplicates = n; return 0 },
		"flows with a VLAN tag in some packets only":       func(q *sensor.Quality, n uint64) uint64 { q.HalfTagged = n; return 0 },
		"times that the clock went back by more than 1 s":  func(q *sensor.Quality, n uint64) uint64 { q.Backwards = n; return 0 },
		"pauses of more than one hour between two packets": func(q *sensor.Quality, n uint64) uint64 { q.Forwards = n; return 0 },
		"packets with broken or unknown headers":           func(q *sensor.Quality, n uint64) uint64 { q.Undecoded = n; return 0 },
		"flows that were closed early":                     func(q *sensor.Quality, n uint64) uint64 { q.Evicted = n; return 0 },
		"details that were not kept":                       func(q *sensor.Quality, n uint64) uint64 { q.Crowded = n; return 0 },
		"conversations set aside after a dissector failed": func(q *sensor.Quality, n uint64) uint64 { q.Panics = n; return 0 },
	} {
		cells := rows[row]
		if cells == nil {
			t.Errorf("docs/quality.md has no row %q", row)
			continue
		}
		fair, poor := from(t, cells[2], packets), from(t, cells[3], packets)
		for n := range map[uint64]bool{1: true, fair - 1: true, fair: true, poor - 1: true, poor: true, packets: true} {
			if n == 0 || n > packets {
				continue
			}
			want := sensor.Good
			if n >= fair {
				want = sensor.Fair
			}
			if n >= poor {
				want = sensor.Poor
			}
			q := sensor.Quality{Packets: packets, Sessions: packets}
			dropped := set(&q, n)
			if got, reasons := q.Judge(dropped); got != want || len(reasons) != 1 {
				t.Errorf("docs/quality.md, row %q: %d of %d should be %s, is %s (%q)", row, n, packets, want, got, reasons)
			}
		}
	}
}

// from reads a threshold: "never", "the first one" or a share in percent.
func from(t *testing.T, cell string, of float64) uint64 {
	t.Helper()
	switch cell {
	case "never":
		return 1 << 62
	case "the first one":
		return 1
	}
	share, err := strconv.ParseFloat(strings.TrimSuffix(cell, " %"), 64)
	if err != nil {
		t.Fatalf("docs/quality.md: threshold %q: %v", cell, err)
	}
	return uint64(share / 100 * of)
}
