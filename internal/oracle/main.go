// Command oracle compares what the engine says about the shared captures with
// what an independent dissector says, count by count, and prints a table.
//
//	go run ./internal/oracle [-v] [-dir ../shared/captures] [capture...]
//
// For each capture and protocol: how many operations both count, how many
// only we count, how many only they count. -v lists the differences.
// docs/oracle.md explains those that remain. It exits 1 when a capture agrees
// less than -want percent and docs/oracle.md does not name it.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	dir := flag.String("dir", "../shared/captures", "folder of captures with truth beside them")
	verbose := flag.Bool("v", false, "list the differences")
	want := flag.Float64("want", 99.5, "percent that must agree, for captures that docs/oracle.md does not explain")
	flag.Parse()
	if err := run(*dir, *verbose, *want, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

// row is the comparison of one protocol in one capture.
type row struct {
	capture, protocol    string
	agreed, ours, theirs uint64
	diffs                []string
}

func (r *row) percent() float64 {
	all := r.agreed + r.ours + r.theirs
	if all == 0 {
		return 100
	}
	return 100 * float64(r.agreed) / float64(all)
}

func run(dir string, verbose bool, want float64, only []string) error {
	if _, err := os.Stat(dir); err != nil {
		fmt.Printf("no captures at %s: nothing to compare\n", dir)
		return nil
	}
	explained, _ := os.ReadFile("docs/oracle.md")
	var rows []row
	var missing []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".jsonl") || filepath.Base(filepath.Dir(path)) != "truth" {
			return err
		}
		name := strings.TrimSuffix(filepath.Base(path), ".jsonl")
		if len(only) > 0 && !slices.ContainsFunc(only, func(o string) bool { return strings.Contains(path, o) }) {
			return nil
		}
		file := filepath.Join(filepath.Dir(filepath.Dir(path)), name)
		t, err := readTruth(path)
		if err != nil {
			return err
		}
		a, err := analyze(file)
		if err != nil {
			fmt.Printf("%-44s %v\n", name, err)
			return nil
		}
		rel, _ := filepath.Rel(dir, file)
		rows = append(rows, compare(rel, t, a)...)
		missing = append(missing, unnamed(rel, t, a)...)
		return nil
	})
	if err != nil {
		return err
	}
	return print(rows, missing, verbose, want, string(explained))
}

func print(rows []row, missing []string, verbose bool, want float64, explained string) error {
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(strings.Compare(a.protocol, b.protocol), strings.Compare(a.capture, b.capture))
	})
	fmt.Printf("%-58s %-12s %9s %9s %9s %8s\n", "capture", "protocol", "agreed", "ours only", "theirs", "percent")
	bad := 0
	var total row
	for _, r := range rows {
		total.agreed += r.agreed
		total.ours += r.ours
		total.theirs += r.theirs
		note := ""
		if r.percent() < want {
			if strings.Contains(explained, "`"+r.capture+"`") {
				note = "  explained"
			} else {
				note = "  <--"
				bad++
			}
		}
		fmt.Printf("%-58s %-12s %9d %9d %9d %7.2f%%%s\n", r.capture, r.protocol, r.agreed, r.ours, r.theirs, r.percent(), note)
		if verbose {
			for _, d := range r.diffs {
				fmt.Println("    ", d)
			}
		}
	}
	fmt.Printf("%-58s %-12s %9d %9d %9d %7.2f%%\n", "all", "", total.agreed, total.ours, total.theirs, total.percent())
	for _, m := range missing {
		fmt.Println("identity not found:", m)
	}
	if bad > 0 {
		return fmt.Errorf("%d comparisons are below %.1f %% and not explained in docs/oracle.md", bad, want)
	}
	return nil
}
