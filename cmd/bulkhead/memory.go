package main

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much garbage may pile up beside what is live, in percent, and the sum
// of both that the pace aims at.
const (
	mostGarbage  = 400
	leastGarbage = 50
	heapAim      = 160 << 20 // bytes
)

// paceCollector lets the garbage collector run seldom while little is live,
// which saves a tenth of the time on an ordinary capture, and more often when
// a flood fills the tables, so that memory stays bounded. A fixed limit would
// not do: above it the collector never rests. GOGC, when set, is respected.
func paceCollector() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(mostGarbage)
	go func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		now := mostGarbage
		for range time.Tick(50 * time.Millisecond) {
			metrics.Read(live)
			want := mostGarbage
			if n := live[0].Value.Uint64(); n > 0 {
				want = min(mostGarbage, max(leastGarbage, int(heapAim*100/n)))
			}
			if want < now*4/5 || want > now*5/4 {
				debug.SetGCPercent(want)
				now = want
			}
		}
	}()
}
