// Command gen makes registry.bin of package oui from the listings of the IEEE
// Registration Authority, as text. Run it in the folder of package oui:
//
//	go run ./gen -from /usr/share/ieee-data
package main

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// listings are the files with the number of bits that a line's own part has
// after the OUI.
var listings = []struct {
	file string
	bits uint
}{{"oui.txt", 24}, {"mam.txt", 28}, {"oui36.txt", 36}, {"iab.txt", 36}}

type entry struct {
	prefix uint64
	name   string
}

func main() {
	log.SetFlags(0)
	from := flag.String("from", "/usr/share/ieee-data", "folder of the listings")
	to := flag.String("to", "registry.bin", "file to write")
	flag.Parse()
	by := map[uint][]entry{}
	for _, l := range listings {
		es, err := read(filepath.Join(*from, l.file), l.bits)
		if err != nil {
			log.Fatal(err)
		}
		by[l.bits] = append(by[l.bits], es...)
	}
	b, err := pack(by)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*to, b, 0o644); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %d bytes; %d, %d, %d assignments\n", *to, len(b), len(by[24]), len(by[28]), len(by[36]))
}

// read reads one listing. The line "70-B3-D5 (hex)" gives the OUI, the one
// after it, "F2F000-F2FFFF (base 16)", the block within it and the name.
func read(path string, bits uint) ([]entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var es []entry
	var oui uint64
	s := bufio.NewScanner(f)
	for s.Scan() {
		line := s.Text()
		if head, _, ok := strings.Cut(line, "(hex)"); ok {
			if oui, err = strconv.ParseUint(strings.ReplaceAll(strings.TrimSpace(head), "-", ""), 16, 24); err != nil {
				return nil, fmt.Errorf("%s: %q: %w", path, line, err)
			}
			continue
		}
		head, name, ok := strings.Cut(line, "(base 16)")
		if !ok {
			continue
		}
		prefix := oui
		if bits > 24 {
			first, _, _ := strings.Cut(strings.TrimSpace(head), "-")
			low, err := strconv.ParseUint(first, 16, 24)
			if err != nil {
				return nil, fmt.Errorf("%s: %q: %w", path, line, err)
			}
			prefix = (oui<<24 | low) >> (48 - bits)
		}
		name = strings.Join(strings.Fields(name), " ")
		switch name {
		case "", "Private", "IEEE Registration Authority":
			continue
		}
		es = append(es, entry{prefix, name})
	}
	return es, s.Err()
}

func pack(by map[uint][]entry) ([]byte, error) {
	var names []string
	for _, es := range by {
		for _, e := range es {
			names = append(names, e.name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	at := make(map[string]uint64)
	var text []byte
	for _, n := range names {
		at[n] = uint64(len(text))
		n = n[:min(len(n), 255)]
		text = append(append(text, byte(len(n))), n...)
	}
	if len(text) > 1<<24 {
		return nil, errors.New("names do not fit 24-bit offsets")
	}
	var raw []byte
	for _, bits := range []uint{24, 28, 36} {
		es := by[bits]
		slices.SortFunc(es, func(a, b entry) int { return cmp.Or(cmp.Compare(a.prefix, b.prefix), cmp.Compare(a.name, b.name)) })
		es = slices.CompactFunc(es, func(a, b entry) bool { return a.prefix == b.prefix })
		raw = binary.BigEndian.AppendUint32(raw, uint32(len(es)))
		for _, e := range es {
			raw = binary.BigEndian.AppendUint64(raw, e.prefix<<24|at[e.name])
		}
	}
	return append(raw, text...), nil
}
