package simulate

import (
	"io"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// DemoSeed is the seed of the demo capture that comes with the project.
const DemoSeed = 1

// Demo writes the capture of the demo plant and returns what is true in it.
func Demo(w io.Writer, seed uint64) (*Truth, error) {
	frames, truth := demoFrames(seed)
	c := capture.NewWriter(w, capture.Ethernet)
	for _, f := range frames {
		if err := c.Write(Start.Add(f.at).UnixNano(), f.data); err != nil {
			return nil, err
		}
	}
	return truth, nil
}

func demoFrames(seed uint64) ([]frame, *Truth) {
	p := newPlant(seed)
	p.p = simulateProcess(p.end+time.Minute, plantOrders, p.random("process"))
	for _, part := range []func(){
		p.filling, p.packaging, p.utilities, p.supervisory, p.office, p.infrastructure, p.events,
	} {
		part()
	}
	p.conclude()
	frames := p.sorted()
	// What began before the capture or ended after it was not recorded.
	last := len(frames)
	for last > 0 && frames[last-1].at > p.end+30*time.Second {
		last--
	}
	return frames[:last], p.truth
}

// conclude lists the stations in the truth, and sorts its events.
func (p *plant) conclude() {
	p.truth.Hosts = append(p.truth.Hosts, p.h("router-1").Host)
	for _, list := range [][]spec{plantHosts, plantOutside} {
		for i := range list {
			p.truth.Hosts = append(p.truth.Hosts, p.h(list[i].name).Host)
		}
	}
	p.truth.Hosts = append(p.truth.Hosts, p.h(laptop.name).Host)
	sortEvents(p.truth.Events)
}
