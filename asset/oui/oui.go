// Package oui knows which organisation the IEEE has assigned a hardware
// address block to: MA-L (24 bits), MA-M (28), MA-S (36) and the older
// individual address blocks (36).
//
// The assignments in registry.bin are facts of the public listings of the
// IEEE Registration Authority (https://standards.ieee.org/products-programs/regauth/),
// in the state of 27 August 2022, as packaged by Debian in ieee-data
// 20220827.1. Assignments that are private or divided further are left out.
// Makers that registered since are not known; `go run ./gen` in this folder
// makes the file anew from newer listings.
package oui

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
)

//go:embed registry.bin
var packed []byte

// Date is the state of the listings.
const Date = "2022-08-27"

// bits are the lengths of the blocks, as the file orders them.
var bits = [...]uint{24, 28, 36}

// maxUnpacked bounds the file's content.
const maxUnpacked = 8 << 20

// Registry maps hardware addresses to organisations.
type Registry struct {
	blocks [len(bits)][]block // by first address
	names  []string
}

type block struct {
	prefix uint64 // the leading bits
	name   uint32
}

var errFile = errors.New("registry.bin is damaged")

// Load unpacks the registry. It takes some milliseconds; keep what it returns.
func Load() (*Registry, error) {
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxUnpacked))
	if err != nil {
		return nil, errors.Join(errFile, err)
	}
	r := reader{b: b}
	g := &Registry{names: make([]string, 0, 1<<15)}
	for _, n := range strings.Split(string(r.take(r.number())), "\n") {
		g.names = append(g.names, n)
	}
	for k := range bits {
		n := r.number()
		if n > uint64(len(b)) {
			return nil, errFile
		}
		g.blocks[k] = make([]block, n)
		prefix := uint64(0)
		for i := range g.blocks[k] {
			prefix += r.number()
			name := r.number()
			if name >= uint64(len(g.names)) {
				return nil, errFile
			}
			g.blocks[k][i] = block{prefix, uint32(name)}
		}
	}
	if r.bad {
		return nil, errFile
	}
	return g, nil
}

type reader struct {
	b   []byte
	bad bool
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.bad = true
		return nil
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

// Maker returns the organisation that the address's block is assigned to; ""
// for none, and for group and locally administered addresses, which say
// nothing about the maker.
func (g *Registry) Maker(mac [6]byte) string {
	if g == nil || mac[0]&3 != 0 {
		return ""
	}
	v := uint64(mac[0])<<40 | uint64(mac[1])<<32 | uint64(mac[2])<<24 | uint64(mac[3])<<16 | uint64(mac[4])<<8 | uint64(mac[5])
	for k := len(bits) - 1; k >= 0; k-- {
		p := v >> (48 - bits[k])
		i, ok := slices.BinarySearchFunc(g.blocks[k], p, func(b block, p uint64) int {
			switch {
			case b.prefix < p:
				return -1
			case b.prefix > p:
				return 1
			}
			return 0
		})
		if ok {
			return g.names[g.blocks[k][i].name]
		}
	}
	return ""
}

// Len is the number of assignments.
func (g *Registry) Len() int {
	n := 0
	for _, b := range g.blocks {
		n += len(b)
	}
	return n
}
