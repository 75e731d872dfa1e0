package sensor

import (
	"encoding/hex"
	"hash/maphash"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// opStat gathers what one function does in one flow.
type opStat struct {
	function *fact.Function
	answers  *fact.Function
	kind     fact.Kind
	from     uint8
	status   string
	failed   uint64
	missed   uint64
	seen     fact.Seen
	cycle    fact.Cycle
	targets  []targetStat
	index    map[uint64]int32 // by hash, once there are many targets
	hint     int              // the target that came last
}

type targetStat struct {
	hash   uint64
	target fact.Target
	name   string
	failed uint64
	seen   fact.Seen
	cycle  fact.Cycle
	value  lastValue
	values uint64
}

// lastValue keeps a value without the packet it came from.
type lastValue struct {
	kind fact.ValueKind
	n    uint8
	bits uint64
	raw  [24]byte
	hash uint64
}

// manyTargets is from where on an index is kept.
const manyTargets = 12

func (o *opStat) reset() {
	clear(o.targets)
	if o.index != nil {
		clear(o.index)
	}
	*o = opStat{targets: o.targets[:0], index: o.index}
}

func (o *opStat) see(time int64, frame, n uint64) {
	if o.seen.Count > 0 && o.kind != fact.Response {
		o.cycle.Interval(time - o.seen.Last)
	}
	o.seen.At(time, frame, n)
}

// target returns the entry for t, or nil when there are too many; without room
// there is no new one.
func (o *opStat) target(seed maphash.Seed, t *fact.Target, room bool) *targetStat {
	h := mix((uint64(t.Unit)<<32|uint64(t.Count))*k1 ^ mix(t.First*k3+1))
	if len(t.Name) > 0 {
		h ^= maphash.Bytes(seed, t.Name)
	}
	// Polling goes round: the one after the last is the most likely.
	for _, i := range [2]int{o.hint + 1, o.hint} {
		if i >= 0 && i < len(o.targets) && o.targets[i].hash == h {
			o.hint = i
			return &o.targets[i]
		}
	}
	if o.index != nil && len(o.targets) > manyTargets {
		if i, ok := o.index[h]; ok {
			o.hint = int(i)
			return &o.targets[i]
		}
	} else {
		for i := range o.targets {
			if o.targets[i].hash == h {
				o.hint = i
				return &o.targets[i]
			}
		}
	}
	if !room {
		return nil
	}
	return o.addTarget(h, t)
}

func (o *opStat) addTarget(h uint64, t *fact.Target) *targetStat {
	if len(o.targets) >= maxTargets {
		return nil
	}
	if len(o.targets) >= manyTargets {
		if o.index == nil {
			o.index = make(map[uint64]int32)
		}
		if len(o.index) == 0 {
			for i := range o.targets {
				o.index[o.targets[i].hash] = int32(i)
			}
		}
		o.index[h] = int32(len(o.targets))
	}
	o.targets = append(o.targets, targetStat{hash: h, target: *t, name: cleanText(string(t.Name))})
	o.hint = len(o.targets) - 1
	e := &o.targets[o.hint]
	e.target.Name = nil
	return e
}

func (e *targetStat) see(time int64, frame, n uint64) {
	if e.seen.Count > 0 {
		e.cycle.Interval(time - e.seen.Last)
	}
	e.seen.At(time, frame, n)
}

func (e *targetStat) see1(v *fact.Value, seed maphash.Seed) {
	if v.Kind == fact.NoValue {
		return
	}
	h := v.Bits ^ uint64(v.Kind)<<56
	if len(v.Raw) > 0 {
		h ^= maphash.Bytes(seed, v.Raw)
	}
	if e.value.kind != fact.NoValue && e.value.hash == h {
		return
	}
	if e.value.kind != fact.NoValue {
		e.values++
	}
	e.value = lastValue{kind: v.Kind, bits: v.Bits, hash: h}
	e.value.n = uint8(min(len(v.Raw), 255))
	copy(e.value.raw[:], v.Raw)
}

// text writes the value; a long one is cut.
func (v *lastValue) text() string {
	raw := v.raw[:min(int(v.n), len(v.raw))]
	more := ""
	if int(v.n) > len(v.raw) {
		more = "..."
	}
	switch v.kind {
	case fact.Bool:
		return strconv.FormatBool(v.bits != 0)
	case fact.Int:
		return strconv.FormatInt(int64(v.bits), 10)
	case fact.Uint:
		return strconv.FormatUint(v.bits, 10)
	case fact.Float:
		return strconv.FormatFloat(math.Float64frombits(v.bits), 'g', -1, 64)
	case fact.Text:
		return cleanText(string(raw)) + more
	case fact.Bytes:
		return "0x" + hex.EncodeToString(raw) + more
	default:
		return ""
	}
}

// cleanText makes what a packet says fit to be shown: valid UTF-8 without
// control characters, not longer than a line or two.
func cleanText(s string) string {
	const longest = 512
	ok := len(s) <= longest
	for i := 0; ok && i < len(s); i++ {
		ok = s[i] >= 0x20 && s[i] < 0x7f
	}
	if ok {
		return s
	}
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return ' '
		}
		return r
	}, s)
	if len(s) > longest {
		n := longest
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n]
	}
	return strings.TrimSpace(s)
}

// report is the operation as a fact.
func (o *opStat) report() fact.OperationStat {
	s := fact.OperationStat{
		Function: o.function, Answers: o.answers, Kind: o.kind, From: o.from, Failed: o.failed,
		Status: o.status, Cycle: o.cycle, Missed: o.missed, Seen: o.seen,
	}
	if len(o.targets) > 0 {
		s.Targets = make([]fact.TargetStat, len(o.targets))
	}
	for i := range o.targets {
		e := &o.targets[i]
		s.Targets[i] = fact.TargetStat{
			Unit: e.target.Unit, First: e.target.First, Count: e.target.Count, Name: e.name,
			Failed: e.failed, Value: e.value.text(), Values: e.values, Cycle: e.cycle, Seen: e.seen,
		}
	}
	return s
}
