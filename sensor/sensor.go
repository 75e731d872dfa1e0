package sensor

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
	"github.com/bulkhead-ot/bulkhead/wire/packet"
	"github.com/bulkhead-ot/bulkhead/wire/stream"
)

// Sensor turns the packets of one source into facts. It is used once.
type Sensor struct {
	opt     Options
	ps      *protocols
	lanes   [lanes]*lane
	quality Quality // of what the dispatcher sees

	fragments stream.Fragments
	last      int64  // time of the last packet
	frame     uint64 // number of the last packet
	report    int64  // when the next report is due, by packet time; 0: not yet set
	sweep     int64  // likewise for ending silent flows
}

// New makes a sensor.
func New(o Options) (*Sensor, error) {
	o = o.withDefaults()
	if len(o.Protocols) > maxProtocols {
		return nil, errors.New("too many protocols")
	}
	s := &Sensor{opt: o, ps: newProtocols(o.Protocols)}
	for i := range s.lanes {
		s.lanes[i] = newLane(s.ps, o.MaxFlows)
	}
	return s, nil
}

// job is one block of packets on its way through the sensor.
type job struct {
	block   *capture.Block
	headers []packet.Headers
	pairs   []uint64
	events  []event
	out     [lanes][]output // what the lanes found in it
	left    atomic.Int32    // workers that are not done
	done    chan struct{}   // receives when all are
}

// event is something that happens in all lanes before a certain packet.
type event struct {
	before int // index of the packet
	time   int64
	frame  uint64
	report bool // hand on what changed
}

// blockSize is the buffer of one block in bytes: small enough that what the
// dispatcher decoded is still in the cache when the lanes get it.
const blockSize = 192 << 10

func newJob() *job {
	return &job{block: capture.NewBlock(blockSize), done: make(chan struct{}, 1)}
}

// inFlight is how many blocks are on their way at a time: enough that a
// worker whose lanes are quiet for some blocks need not wait for the other.
const inFlight = 16

// Run reads src to its end and hands the facts to sink. It returns the first
// error of the sink, the context's, or one of the source that ended
// everything; what is wrong with single inputs is in src.Sources.
func (s *Sensor) Run(ctx context.Context, src capture.Source, sink Sink) error {
	var err error
	if s.opt.Workers == 1 {
		err = s.alone(ctx, src, sink)
	} else {
		err = s.parallel(ctx, src, sink)
	}
	j := newJob()
	for k, l := range s.lanes {
		l.handOn(s.frame, true)
		s.yield(j, k)
		if e := j.collect(sink); err == nil {
			err = e
		}
	}
	return err
}

// alone does everything in one goroutine.
func (s *Sensor) alone(ctx context.Context, src capture.Source, sink Sink) error {
	j := newJob()
	defer j.block.Release()
	for {
		if err := s.fill(ctx, src, j); err != nil {
			return unlessEnd(err)
		}
		s.work(j, 0, 1)
		if err := j.collect(sink); err != nil {
			return err
		}
	}
}

func unlessEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// parallel has one dispatcher, which reads and decodes, and workers, each with
// its share of the lanes. A block is collected when all workers are done with
// it, while the next ones are under way.
func (s *Sensor) parallel(ctx context.Context, src capture.Source, sink Sink) error {
	n := s.opt.Workers
	todo := make([]chan *job, n)
	free := make(chan *job, inFlight)
	var wg sync.WaitGroup
	for w := range todo {
		todo[w] = make(chan *job, inFlight)
		wg.Go(func() {
			for j := range todo[w] {
				s.work(j, w, n)
				if j.left.Add(-1) == 0 {
					j.done <- struct{}{}
				}
			}
		})
	}
	err := s.dispatch(ctx, src, sink, todo, free)
	for _, c := range todo {
		close(c)
	}
	wg.Wait()
	return err
}

func (s *Sensor) dispatch(ctx context.Context, src capture.Source, sink Sink, todo []chan *job, free chan *job) error {
	var under []*job // oldest first
	made := 0
	oldest := func() error {
		j := under[0]
		<-j.done
		under = under[1:]
		err := j.collect(sink)
		free <- j
		return err
	}
	for {
		if len(under) == inFlight {
			if err := oldest(); err != nil {
				return err
			}
		}
		if len(free) == 0 && made < inFlight {
			free <- newJob()
			made++
		}
		j := <-free
		if err := s.fill(ctx, src, j); err != nil {
			for len(under) > 0 {
				if e := oldest(); e != nil {
					err = e
				}
			}
			return unlessEnd(err)
		}
		j.left.Store(int32(len(todo)))
		for _, c := range todo {
			c <- j
		}
		under = append(under, j)
	}
}

// fill reads the next block and decodes its headers.
func (s *Sensor) fill(ctx context.Context, src capture.Source, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := src.Next(j.block); err != nil {
		return err
	}
	n := len(j.block.Packets)
	if cap(j.headers) < n {
		j.headers = make([]packet.Headers, n+n/4)
		j.pairs = make([]uint64, n+n/4)
	}
	j.headers, j.pairs = j.headers[:n], j.pairs[:n]
	j.events = j.events[:0]
	for i := range j.block.Packets {
		p := &j.block.Packets[i]
		h := &j.headers[i]
		packet.Decode(h, uint16(p.Link), p.Data, int(p.Wire))
		if h.Fragment {
			s.fragment(h, p)
		}
		if p.HasVLAN && !h.HasVLAN {
			h.HasVLAN, h.VLAN = true, p.VLAN
			h.Encap |= packet.VLAN
		}
		s.quality.note(h, p.Wire)
		s.quality.clock(s.last, p.Time, p.Frame)
		j.pairs[i] = pairOf(h)
		s.tick(j, i, p)
		s.last, s.frame = p.Time, p.Frame
	}
	return nil
}

// fragment replaces the fragment that completes a packet by that packet. It
// does so before the lanes, since inside a tunnel there are other ends.
func (s *Sensor) fragment(h *packet.Headers, p *capture.Packet) {
	s.quality.Fragments++
	whole := s.fragments.Add(h, h.Payload(p.Data), p.Time)
	if whole == nil {
		return
	}
	p.Data = slices.Clone(whole) // the next fragment may take its memory
	packet.Transport(h, p.Data)
}

// tick plans the events that are due before packet i.
func (s *Sensor) tick(j *job, i int, p *capture.Packet) {
	report := int64(s.opt.Report)
	if report > 0 && due(&s.report, p.Time, report) {
		j.events = append(j.events, event{i, p.Time, p.Frame, true})
	}
	if due(&s.sweep, p.Time, sweepEvery) {
		j.events = append(j.events, event{i, p.Time, p.Frame, false})
	}
}

// due tells whether the time next is reached, and sets the one after it. A
// clock that jumps back starts the interval anew.
func due(next *int64, now, every int64) bool {
	if *next == 0 || now < *next-2*every {
		*next = now + every
		return false
	}
	if now < *next {
		return false
	}
	*next = now + every
	return true
}

// work handles the lanes of worker w out of n.
func (s *Sensor) work(j *job, w, n int) {
	e := 0
	packets := j.block.Packets
	for i := range packets {
		for e < len(j.events) && j.events[e].before == i {
			s.happen(&j.events[e], w, n)
			e++
		}
		pair := j.pairs[i]
		k := int(pair>>56) % lanes
		if n > 1 && k%n != w {
			continue
		}
		p := &packets[i]
		s.lanes[k].packet(&j.headers[i], p.Data, pair, p.Time, p.Frame, p.Wire)
	}
	for k := w; k < lanes; k += n {
		s.yield(j, k)
	}
}

// yield moves what lane k found to the job.
func (s *Sensor) yield(j *job, k int) {
	l := s.lanes[k]
	j.out[k], l.out = l.out, j.out[k][:0]
}

func (s *Sensor) happen(e *event, w, n int) {
	for k := w; k < lanes; k += n {
		if e.report {
			s.lanes[k].handOn(e.frame, false)
		} else {
			s.lanes[k].sweep(e.time, e.frame)
		}
	}
}

// collect hands on what the lanes found in the block, in the order of events.
func (j *job) collect(sink Sink) error {
	n := 0
	for _, out := range j.out {
		n += len(out)
	}
	if n == 0 {
		return nil
	}
	all := make([]output, 0, n)
	for k, out := range j.out {
		all = append(all, out...)
		clear(out)
		j.out[k] = out[:0]
	}
	slices.SortStableFunc(all, func(a, b output) int { return cmp.Compare(a.frame, b.frame) })
	b := &fact.Batch{}
	for _, o := range all {
		if o.flow != nil {
			b.Flows = append(b.Flows, o.flow)
		} else {
			b.Statements = append(b.Statements, o.statement)
		}
	}
	return sink.Accept(b)
}

// Quality sums up what was wrong so far. It is for use when Run has returned.
func (s *Sensor) Quality() Quality {
	q := s.quality
	for _, l := range s.lanes {
		l.quality.Lost, l.quality.Holes = l.tcp.Lost, l.tcp.Holes
		l.quality.OutOfOrder, l.quality.Repeated = l.tcp.OutOfOrder, l.tcp.Repeated
		l.quality.Crowded += l.crowded
		l.crowded = 0
		q.add(&l.quality)
	}
	return q
}
