package sensor

import (
	"hash/maphash"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/packet"
)

// recent remembers the last packets, to recognise those that a mirror port
// delivers twice: once when they enter the switch and once when they leave.
type recent struct {
	seed maphash.Seed
	slot [512]struct {
		sign uint64
		time int64
	}
}

// How long after the first a copy may come, ns. Without an IP identification
// two packets may be alike for good reasons, so only very close ones count.
const (
	copyTime   = 5_000_000
	closeTime  = 50_000
	alikeBytes = 512 // of the payload that are compared
)

// seen tells whether the packet is a copy of one that came just before, and
// remembers it. Hop count, link addresses and VLAN may differ: copies are also
// taken on both sides of a router.
func (r *recent) seen(h *packet.Headers, hash uint64, payload []byte, dir proto.Dir, time int64) bool {
	var zero maphash.Seed
	if r.seed == zero {
		r.seed = maphash.MakeSeed()
	}
	sign := hash ^ uint64(dir+1)*k1 ^ uint64(h.ID)*k2 ^ uint64(len(payload))*k3
	// Where a packet is kept must not depend on the seed: which ones push
	// others out would differ from run to run.
	place := mix(sign ^ uint64(h.Seq)*k1)
	limit := int64(closeTime)
	if h.Kind == packet.TCP {
		if h.ID == 0 && len(payload) == 0 {
			return false
		}
		sign ^= mix(uint64(h.Seq)<<32|uint64(h.Ack)) ^ uint64(h.Flags)<<17 ^ uint64(h.Window)<<40
	} else if len(payload) > 0 {
		sign ^= maphash.Bytes(r.seed, payload[:min(len(payload), alikeBytes)])
	}
	if h.ID != 0 {
		limit = copyTime
	}
	s := &r.slot[place%uint64(len(r.slot))]
	dup := s.sign == sign && time-s.time <= limit && time >= s.time
	s.sign = sign
	if !dup {
		s.time = time
	}
	return dup
}
