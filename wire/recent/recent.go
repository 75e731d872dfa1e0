// Package recent remembers which byte strings were met lately, in a fixed
// number of 64-bit sums, so that a dissector says once what a device repeats
// for ever. A forgotten string is merely said again.
package recent

import "hash/maphash"

// seed differs from run to run, so that nobody can prepare a collision.
var seed = maphash.MakeSeed()

const size = 16

// Set is a bounded memory of byte strings. The zero Set is empty.
type Set struct {
	sums [size]uint64
	next uint8
}

// Seen tells whether b, in the role of kind, was met lately, and remembers it.
func (s *Set) Seen(kind uint64, b []byte) bool {
	sum := maphash.Bytes(seed, b) ^ kind*0x9e3779b97f4a7c15
	if sum == 0 {
		sum = 1
	}
	for _, x := range s.sums {
		if x == sum {
			return true
		}
	}
	s.sums[s.next%size] = sum
	s.next++
	return false
}
