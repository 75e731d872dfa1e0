// Package sensor turns packets into facts. It decodes, follows flows, puts
// streams together, recognises protocols and runs their dissectors, on as many
// cores as it is given, with the same result for any number. It is a library:
// the command line, the server and the remote sensor use the same one.
package sensor

import (
	"runtime"
	"time"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// Options are the sensor's settings. The zero value of each is a good one.
type Options struct {
	Protocols []proto.Protocol
	Workers   int           // goroutines that dissect; 0: one per core
	Report    time.Duration // how often, by the packets' time, changed flows are handed on; 0: when they end
	MaxFlows  int           // flows followed at a time; 0: 512 Ki
}

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	o.Workers = min(o.Workers, lanes)
	if o.MaxFlows <= 0 {
		o.MaxFlows = 512 << 10
	}
	return o
}

// Sink receives what the sensor finds, in the order of events, from one
// goroutine at a time. The batch is the sink's to keep.
type Sink interface {
	Accept(*fact.Batch) error
}

// lanes is the number of parts that the traffic is divided into by the
// addresses of its two ends. It is fixed, so that every limit acts alike
// whatever the number of workers.
const lanes = 16

// Times without packets after which a flow counts as ended, by packet time.
const (
	idleStream  = int64(2 * time.Hour)
	idleOpening = int64(time.Minute)
	idleEnded   = int64(time.Second)
	idleOther   = int64(10 * time.Minute)
	sweepEvery  = int64(10 * time.Second)
)

// Limits per flow and lane.
const (
	maxTries      = 6       // packets with payload before recognition is given up
	maxUnsure     = 4 << 10 // bytes of a stream kept until its protocol can be told
	maxOperations = 512     // different operations kept per flow
	maxTargets    = 256     // different targets kept per operation
	maxSession    = 64      // session facts kept per flow
	maxStatements = 1 << 14 // identity facts kept per lane
	maxEntries    = 1 << 16 // operations, targets and session facts kept per lane
	maxParts      = 8 << 20 // bytes of messages that are not complete, per lane
	keepSpare     = 64      // ended flows per lane whose memory is kept for others
	ladenShare    = 8       // one of so many flows may have content
	maxExpected   = 1 << 10 // flows announced per lane
	defaultMax    = 64 << 10
)
