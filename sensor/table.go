package sensor

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire/packet"
)

// key names a flow without regard to direction: the smaller end comes first.
type key struct {
	a, b   packet.Addr
	ports  uint32 // of a and b
	kind   packet.Kind
	number uint32
}

// flow is what is kept of every flow. It has no pointers, so that a million
// of them cost the garbage collector nothing; what has pointers lies in ext.
type flow struct {
	key
	first, last int64
	frame       uint64
	bytes       [2]uint64
	payload     [2]uint64
	packets     [2]uint32
	duplicates  uint32
	ext         int32 // index of the ext, or noExt
	macs        [2]fact.MAC
	vlan        uint16
	ttl         [2]uint8 // of the last packet of each direction
	flags       flowFlag
	tries       uint8 // packets with payload that no protocol recognised
	low         uint8 // which Dir is the end a
	client      uint8 // Dir of the client
	used        bool
}

type flowFlag uint16

const (
	opened    flowFlag = 1 << iota // SYN seen
	answered                       // SYN and ACK seen
	refused                        // reset before any data
	ended                          // FIN of both sides, or a reset
	fin0                           // FIN of direction 0
	fin1                           // FIN of direction 1
	certain                        // client is certain
	tagged                         // some packets had a VLAN tag
	untagged                       // some had none
	tunnelled                      // came in an encapsulation
	reported                       // part of it was handed on before
	dirty                          // changed since it was handed on
	hopeless                       // no protocol recognised: not tried any more
	way0                           // packets of direction 0
	way1                           // packets of direction 1
	laden                          // packets with payload
)

const noExt = -1

const (
	slabBits = 8
	slabSize = 1 << slabBits
)

// table finds flows by key: open addressing over a slab of flows in chunks
// that never move. A free entry has used false.
type table struct {
	slots []uint64 // hash<<32 | index+1; 0 is empty
	slabs [][]flow
	free  []uint32
	n     int
	limit int
}

func newTable(limit int) *table {
	return &table{slots: make([]uint64, 256), limit: limit}
}

func (t *table) at(i uint32) *flow { return &t.slabs[i>>slabBits][i&(slabSize-1)] }

// find returns the index of the flow with the key, and whether it is there.
func (t *table) find(hash uint64, k *key) (uint32, bool) {
	mask := uint64(len(t.slots) - 1)
	for s := hash & mask; ; s = (s + 1) & mask {
		v := t.slots[s]
		if v == 0 {
			return 0, false
		}
		if uint32(v>>32) == uint32(hash>>32) {
			if i := uint32(v) - 1; t.at(i).key == *k {
				return i, true
			}
		}
	}
}

// add makes an entry for a key that find did not find.
func (t *table) add(hash uint64, k *key) uint32 {
	if (t.n+1)*8 > len(t.slots)*5 {
		t.grow()
	}
	var i uint32
	if n := len(t.free); n > 0 {
		i, t.free = t.free[n-1], t.free[:n-1]
	} else {
		if t.n>>slabBits == len(t.slabs) {
			t.slabs = append(t.slabs, make([]flow, slabSize))
		}
		i = uint32(t.n)
	}
	t.n++
	t.insert(hash, i)
	*t.at(i) = flow{key: *k, ext: noExt, used: true}
	return i
}

func (t *table) insert(hash uint64, i uint32) {
	mask := uint64(len(t.slots) - 1)
	s := hash & mask
	for t.slots[s] != 0 {
		s = (s + 1) & mask
	}
	t.slots[s] = hash>>32<<32 | uint64(i+1)
}

func (t *table) grow() {
	t.slots = make([]uint64, 2*len(t.slots))
	t.each(func(i uint32, f *flow) { t.insert(f.key.hash(), i) })
}

// remove deletes entry i, moving later entries of its run up.
func (t *table) remove(i uint32) {
	f := t.at(i)
	mask := uint64(len(t.slots) - 1)
	s := f.key.hash() & mask
	for uint32(t.slots[s]) != i+1 {
		s = (s + 1) & mask
	}
	f.used = false
	t.free = append(t.free, i)
	t.n--
	for hole := s; ; {
		s = (s + 1) & mask
		v := t.slots[s]
		if v == 0 {
			t.slots[hole] = 0
			return
		}
		home := t.at(uint32(v)-1).key.hash() & mask
		if (s-home)&mask >= (s-hole)&mask {
			t.slots[hole] = v
			hole = s
		}
	}
}

// each visits all flows in the order of their entries.
func (t *table) each(visit func(i uint32, f *flow)) {
	for c, slab := range t.slabs {
		for j := range slab {
			if slab[j].used {
				visit(uint32(c<<slabBits|j), &slab[j])
			}
		}
	}
}

const (
	k1 = 0x9e3779b97f4a7c15
	k2 = 0xbf58476d1ce4e5b9
	k3 = 0x94d049bb133111eb
)

func mix(x uint64) uint64 {
	x ^= x >> 31
	x *= k2
	x ^= x >> 29
	return x
}

// pairHash is the same for both directions and for all flows between two
// addresses: it decides on the lane.
func pairHash(a, b packet.Addr) uint64 {
	return mix((mix(a.Hi*k1+a.Lo) + mix(b.Hi*k1+b.Lo)) * k3)
}

// pairOf is the pairHash of a packet's ends.
func pairOf(h *packet.Headers) uint64 {
	if h.Version == 0 {
		return pairHash(macAddr(h.SrcMAC), macAddr(h.DstMAC))
	}
	return pairHash(h.Src, h.Dst)
}

func (k *key) hash() uint64 { return k.hashWith(pairHash(k.a, k.b)) }

func (k *key) hashWith(pair uint64) uint64 {
	return mix((pair ^ uint64(k.ports)<<24 ^ uint64(k.number)<<8 ^ uint64(k.kind)) * k1)
}
