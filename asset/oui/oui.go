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
	_ "embed"
	"encoding/binary"
	"errors"
	"sort"
)

//go:embed registry.bin
var packed []byte

// Date is the state of the listings.
const Date = "2022-08-27"

// bits are the lengths of the blocks, as the file orders them.
var bits = [...]uint{24, 28, 36}

// recordLen is a record of the file: the leading bits of a block in 5 bytes,
// and in 3 where its organisation's name begins, big-endian. A name is its
// length in one byte, then its bytes.
const recordLen = 8

// Registry maps hardware addresses to organisations. It is searched where it
// lies in the program, so that opening it costs nothing.
type Registry struct {
	blocks [len(bits)][]byte // records by prefix
	names  []byte
}

var errFile = errors.New("registry.bin is damaged")

// Load opens the registry.
func Load() (*Registry, error) {
	g := &Registry{}
	b := packed
	for k := range bits {
		if len(b) < 4 {
			return nil, errFile
		}
		n := uint64(binary.BigEndian.Uint32(b)) * recordLen
		if b = b[4:]; n > uint64(len(b)) {
			return nil, errFile
		}
		g.blocks[k], b = b[:n], b[n:]
	}
	g.names = b
	return g, nil
}

func record(b []byte, i int) (prefix uint64, name int) {
	v := binary.BigEndian.Uint64(b[i*recordLen:])
	return v >> 24, int(v & 0xffffff)
}

func (g *Registry) name(at int) string {
	if at >= len(g.names) {
		return ""
	}
	n := int(g.names[at])
	if at+1+n > len(g.names) {
		return ""
	}
	return string(g.names[at+1 : at+1+n])
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
		records := g.blocks[k]
		n := len(records) / recordLen
		i := sort.Search(n, func(i int) bool { at, _ := record(records, i); return at >= p })
		if i < n {
			if at, name := record(records, i); at == p {
				return g.name(name)
			}
		}
	}
	return ""
}

// Len is the number of assignments.
func (g *Registry) Len() int {
	n := 0
	for _, b := range g.blocks {
		n += len(b) / recordLen
	}
	return n
}
