package sensor

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/wire/packet"
)

// Quality counts what was wrong with the capture or with its packets.
type Quality struct {
	Packets    uint64
	Bytes      uint64 // on the wire
	Cut        uint64 // packets of which the capture kept only a part
	Undecoded  uint64 // packets whose headers are broken or unknown
	Duplicates uint64 // packets delivered twice by a mirror port
	Fragments  uint64
	Lost       uint64 // bytes of TCP streams that never came
	Holes      uint64 // places where they are missing
	OutOfOrder uint64 // TCP segments that came early
	Repeated   uint64 // TCP segments whose bytes had all come before
	Malformed  uint64 // messages that their dissector refused
	Panics     uint64 // dissectors that failed: an error of ours
	Crowded    uint64 // facts dropped since a bound was reached
	Evicted    uint64 // flows ended early since too many were open
	Backwards  uint64 // times that the clock of the capture jumped back by more than a second
	Forwards   uint64 // times that it jumped ahead by more than an hour
	JumpFrame  uint64 // frame of the first such jump
	Sessions   uint64 // TCP connections with payload
	OneWay     uint64 // of these, the ones seen in one direction only
	HalfTagged uint64 // flows of which some packets had a VLAN tag and some had none
	Tunnelled  [7]uint64
}

// Merge joins what another sensor counted on another part of the traffic.
func (q *Quality) Merge(o Quality) { q.add(&o) }

func (q *Quality) add(o *Quality) {
	q.Packets += o.Packets
	q.Bytes += o.Bytes
	q.Cut += o.Cut
	q.Undecoded += o.Undecoded
	q.Duplicates += o.Duplicates
	q.Fragments += o.Fragments
	q.Lost += o.Lost
	q.Holes += o.Holes
	q.OutOfOrder += o.OutOfOrder
	q.Repeated += o.Repeated
	q.Malformed += o.Malformed
	q.Panics += o.Panics
	q.Crowded += o.Crowded
	q.Evicted += o.Evicted
	q.Backwards += o.Backwards
	q.Forwards += o.Forwards
	q.Sessions += o.Sessions
	q.OneWay += o.OneWay
	q.HalfTagged += o.HalfTagged
	if q.JumpFrame == 0 {
		q.JumpFrame = o.JumpFrame
	}
	for i := range q.Tunnelled {
		q.Tunnelled[i] += o.Tunnelled[i]
	}
}

// Encapsulations lists what was taken off packets, with how often.
func (q *Quality) Encapsulations() map[string]uint64 {
	m := make(map[string]uint64)
	for i, n := range [...]string{"vlan", "mpls", "pppoe", "gre", "erspan", "vxlan", "ip-in-ip"} {
		if q.Tunnelled[i] > 0 {
			m[n] = q.Tunnelled[i]
		}
	}
	return m
}

// note counts what the headers of a packet show.
func (q *Quality) note(h *packet.Headers, wire uint32) {
	q.Packets++
	q.Bytes += uint64(wire)
	if h.Flaw != 0 {
		if h.Flaw&packet.Cut != 0 {
			q.Cut++
		}
		if h.Flaw&^packet.Cut != 0 {
			q.Undecoded++
		}
	}
	if h.Encap != 0 {
		for i := range q.Tunnelled {
			if h.Encap&(1<<i) != 0 {
				q.Tunnelled[i]++
			}
		}
	}
}

// Clock jumps that are worth telling, ns.
const (
	backJump  = 1e9
	aheadJump = 3600e9
)

// clock notes jumps between the times of two packets in a row.
func (q *Quality) clock(before, now int64, frame uint64) {
	switch {
	case before == 0:
		return
	case now < before-backJump:
		q.Backwards++
	case now > before+aheadJump:
		q.Forwards++
	default:
		return
	}
	if q.JumpFrame == 0 {
		q.JumpFrame = frame
	}
}

// Verdict says how far a capture can be relied on.
type Verdict string

// The verdicts.
const (
	Good Verdict = "good" // what follows rests on nearly all of the traffic
	Fair Verdict = "fair" // something is missing; conclusions from absence are weak
	Poor Verdict = "poor" // much is missing; only what was seen counts
)

// Judge weighs the counters. dropped is how many packets the capturing system
// says it lost. Each reason is a sentence with its number and what to do.
func (q *Quality) Judge(dropped uint64) (Verdict, []string) {
	v := Good
	reasons := []string{}
	say := func(worse Verdict, format string, a ...any) {
		if worse == Poor || worse == Fair && v == Good {
			v = worse
		}
		reasons = append(reasons, fmt.Sprintf(format, a...))
	}
	share := func(n, of uint64) float64 { return float64(n) / float64(max(of, 1)) }
	grade := func(n, of uint64, fair, poor float64) Verdict {
		switch s := share(n, of); {
		case s >= poor:
			return Poor
		case s >= fair:
			return Fair
		}
		return Good
	}
	if q.Packets == 0 {
		return Poor, []string{"no packets"}
	}
	if dropped > 0 {
		say(grade(dropped, q.Packets, 0, 0.05), "%d packets were dropped by the capturing system: capture on a faster machine or less at a time", dropped)
	}
	if q.Holes > 0 {
		say(grade(q.Holes, q.Packets, 0.0005, 0.01), "%d places where TCP data is missing (%d bytes): the mirror port or the capturing system lost packets", q.Holes, q.Lost)
	}
	if q.OneWay > 0 {
		say(grade(q.OneWay, q.Sessions, 0.05, 0.5), "%d of %d TCP sessions were seen in one direction only: mirror both directions of the port", q.OneWay, q.Sessions)
	}
	if q.Cut > 0 {
		say(grade(q.Cut, q.Packets, 0.001, 0.2), "%d of %d packets were cut by the capture: capture whole packets (snap length 0)", q.Cut, q.Packets)
	}
	if q.Duplicates > 0 {
		say(grade(q.Duplicates, q.Packets, 0.05, 2), "%d packets came twice: the mirror port copies both the entry and the exit; they count once in operations", q.Duplicates)
	}
	if q.HalfTagged > 0 {
		say(Fair, "%d conversations had a VLAN tag in some packets only: the mirror port strips tags in one direction", q.HalfTagged)
	}
	if q.Backwards > 0 {
		say(Fair, "the clock jumped back %d times, first at frame %d: times and order are not reliable there", q.Backwards, q.JumpFrame)
	}
	if q.Forwards > 0 {
		say(Good, "the capture pauses for more than an hour %d times", q.Forwards)
	}
	if q.Undecoded > 0 {
		say(grade(q.Undecoded, q.Packets, 0.01, 0.2), "%d packets have headers that are broken or of an unknown kind", q.Undecoded)
	}
	if q.Evicted > 0 {
		say(Fair, "%d conversations were closed early, for too many were open at a time: a flood or a scan", q.Evicted)
	}
	if q.Crowded > 0 {
		say(Fair, "%d details were not kept, since a bound was reached", q.Crowded)
	}
	if q.Panics > 0 {
		say(Fair, "%d conversations were set aside after a dissector failed: please report this", q.Panics)
	}
	return v, reasons
}
