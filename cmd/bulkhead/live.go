package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// liveOptions are the flags for listening at an interface.
type liveOptions struct {
	iface       string
	duration    time.Duration
	ring        int
	user        string
	promiscuous bool
}

// liveFlags only make sense with -i.
var liveFlags = []string{"duration", "ring", "user", "promiscuous"}

func (o *liveOptions) flags(f *pflag.FlagSet) {
	f.StringVarP(&o.iface, "interface", "i", "", "listen at this network interface")
	f.DurationVar(&o.duration, "duration", 0, "with -i: how long to listen, such as 30s or 2h; 0: until Ctrl-C")
	f.IntVar(&o.ring, "ring", capture.DefaultRing>>20, "with -i: MiB of memory that hold packets in a burst")
	f.StringVar(&o.user, "user", "nobody", "with -i as root: user to become once the interface is open")
	f.BoolVar(&o.promiscuous, "promiscuous", true, "with -i: take packets for others, too")
}

func (o *liveOptions) check(c *cobra.Command, args []string) error {
	if o.iface == "" {
		for _, n := range liveFlags {
			if c.Flags().Changed(n) {
				return usage("--%s is for listening at an interface: add -i INTERFACE", n)
			}
		}
		return nil
	}
	switch {
	case len(args) > 0:
		return usage("analyze: either -i %s or files, not both", o.iface)
	case o.duration < 0:
		return usage("--duration %s: want how long to listen, or 0", o.duration)
	case o.ring < 1 || o.ring > 1<<20:
		return usage("--ring %d: want MiB of memory, such as 256", o.ring)
	}
	return nil
}

// liveReport is how often flows that go on are handed to the hub, by the
// packets' time: long captures keep their counters small.
const liveReport = 10 * time.Minute

// listenAt analyzes what arrives at an interface until its time is over, it is
// interrupted, or the interface is gone. The kernel divides the packets among
// sockets by conversation; each has a sensor of its own, so that no packet is
// handed from one core to another.
func listenAt(ctx context.Context, stderr io.Writer, o *analyzeOptions) (*gathered, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	n := cmp.Or(o.workers, runtime.GOMAXPROCS(0))
	sockets, err := capture.OpenLive(o.live.iface, capture.LiveOptions{
		Context: ctx, Sockets: n, RingBytes: o.live.ring << 20, NoPromiscuous: !o.live.promiscuous,
	})
	if err != nil {
		return nil, err
	}
	defer closeSockets(sockets)
	if err := capture.DropPrivileges(o.live.user); err != nil {
		return nil, err
	}
	ears := make([]*sensor.Sensor, len(sockets))
	for i := range ears {
		ears[i], err = sensor.New(sensor.Options{Protocols: all.Protocols(), Workers: 1, Report: liveReport, MaxFlows: max(1, (512<<10)/len(sockets))})
		if err != nil {
			return nil, err
		}
	}
	if o.live.duration > 0 {
		defer time.AfterFunc(o.live.duration, stop).Stop()
	}
	if !o.quiet {
		fmt.Fprintf(stderr, "bulkhead: listening at %s%s\n", o.live.iface, until(o.live.duration))
	}
	h := hub.New()
	done := showProgress(stderr, o.quiet, liveProgress(sockets, o.live.duration))
	err = listen(ctx, stop, ears, sockets, h)
	done()
	if err != nil {
		return nil, err
	}
	g := &gathered{sources: []capture.Info{together(sockets)}}
	for _, s := range ears {
		g.quality.Merge(s.Quality())
	}
	g.state = h.Close()
	return g, nil
}

func until(d time.Duration) string {
	if d > 0 {
		return fmt.Sprintf(" for %s; Ctrl-C ends it earlier", d)
	}
	return "; Ctrl-C ends it with the report"
}

// listen runs all sensors. The first that ends stops the others. What ended a
// socket stands in its Info and is no error here.
func listen(ctx context.Context, stop func(), ears []*sensor.Sensor, sockets []*capture.Live, h *hub.Hub) error {
	errs := make([]error, len(ears))
	var wg sync.WaitGroup
	for i, s := range ears {
		wg.Go(func() {
			defer stop()
			err := s.Run(ctx, sockets[i], h)
			if _, ended := errors.AsType[*capture.Error](err); !ended && !errors.Is(err, context.Canceled) {
				errs[i] = err
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func closeSockets(all []*capture.Live) {
	for _, l := range all {
		_ = l.Close()
	}
}

// together is one description of all sockets at an interface.
func together(sockets []*capture.Live) capture.Info {
	var sum capture.Info
	for n, l := range sockets {
		i := l.Sources()[0]
		if n == 0 {
			sum = i
			continue
		}
		sum.Packets += i.Packets
		sum.Bytes += i.Bytes
		sum.Dropped += i.Dropped
		sum.Freezes += i.Freezes
		sum.IfDropped = max(sum.IfDropped, i.IfDropped) // each reads the same counter
		if i.First != 0 && (sum.First == 0 || i.First < sum.First) {
			sum.First = i.First
		}
		sum.Last = max(sum.Last, i.Last)
		if sum.Err == nil {
			sum.Err = i.Err
		}
	}
	if e, ok := errors.AsType[*capture.Error](sum.Err); ok {
		all := *e
		all.Read = sum.Packets
		sum.Err = &all
	}
	return sum
}

// liveReasons are what a live capture adds to the verdict on its quality.
func liveReasons(i capture.Info) []string {
	var s []string
	if i.Freezes > 0 {
		s = append(s, fmt.Sprintf("the memory for bursts was full %d times at %s: give it more with --ring", i.Freezes, i.Name))
	}
	if i.IfDropped > 0 {
		s = append(s, fmt.Sprintf("%s itself dropped %d packets before they could be captured: the machine or its network card is too slow", i.Name, i.IfDropped))
	}
	return s
}

// liveProgress words how the listening goes.
func liveProgress(sockets []*capture.Live, duration time.Duration) func(time.Duration) string {
	var before capture.Info
	var at, rate float64 // seconds; packets a second
	return func(elapsed time.Duration) string {
		now := together(sockets)
		if d := elapsed.Seconds() - at; d >= 1 {
			rate = float64(now.Packets-before.Packets) / d
			before, at = now, elapsed.Seconds()
		}
		return liveLine(now, rate, elapsed, duration)
	}
}

// liveLine is "eth1: 12,345 packets, 830 packets/s, 0 dropped, 12s of 30s".
func liveLine(i capture.Info, rate float64, elapsed, duration time.Duration) string {
	s := fmt.Sprintf("%s: %s packets, %s packets/s, %s dropped, %s", i.Name, thousands(i.Packets), thousands(uint64(rate)),
		thousands(i.Dropped+i.IfDropped), elapsed.Truncate(time.Second))
	if duration > 0 {
		s += " of " + duration.String()
	}
	return s
}
