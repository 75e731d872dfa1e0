package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Scale describes plants of any size.
type Scale struct {
	Assets int           // 10 to 50,000, over all sites
	Sites  int           // 1 to 200
	Length time.Duration // of the capture
	Seed   uint64
	Pace   float64 // multiplies all periods; 0 means 1
}

// Limits of Scale.
const (
	minAssets = 10
	maxAssets = 50_000
	maxSites  = 200
)

// flow is one conversation of a plant, in few bytes.
type flow struct {
	at             time.Duration // of its next packet
	period         time.Duration
	client, server int32
	next           int32 // in its slot of the wheel; -1 at the end
	step           int32 // next packet of the opening or of the cycle
	kind           uint8
	open           bool
	routed         bool
	value          uint16
	port           uint16
	count          uint32 // cycles so far
	began          time.Duration
	seq            [2]uint32
}

// plants is the maker of Scale: a wheel of slots of one millisecond, each with
// the flows whose next packet falls into it.
type plants struct {
	end    time.Duration
	kinds  [kinds]kind
	units  []unit
	flows  []flow
	router []mac // by site
	site   []uint8
	slots  []int32
	slot   int64 // number of the slot being played
	ready  []int32
	rng    *rand.Rand
	id     uint16
	left   int
}

const wheel = 1 << 16 // slots; a flow due later goes around again

// NewPlants composes the traffic of plants. The stream ends at the length.
func NewPlants(o Scale) (*Stream, error) {
	switch {
	case o.Assets < minAssets || o.Assets > maxAssets:
		return nil, fmt.Errorf("%d assets: want %d to %d", o.Assets, minAssets, maxAssets)
	case o.Sites < 1 || o.Sites > maxSites || o.Assets/o.Sites < minAssets:
		return nil, fmt.Errorf("%d sites for %d assets: want 1 to %d, with at least %d assets each", o.Sites, o.Assets, maxSites, minAssets)
	case o.Length <= 0:
		return nil, fmt.Errorf("a length of %v: want more than nothing", o.Length)
	case o.Pace < 0:
		return nil, fmt.Errorf("a pace of %v: want a number above 0", o.Pace)
	case o.Pace == 0:
		o.Pace = 1
	}
	p := &plants{end: o.Length, kinds: makeKinds(), rng: rand.New(rand.NewPCG(o.Seed, 0x5ca1e)), slots: make([]int32, wheel)}
	for i := range p.slots {
		p.slots[i] = -1
	}
	for s := range o.Sites {
		n := o.Assets / o.Sites
		if s < o.Assets%o.Sites {
			n++
		}
		p.lay(s, n, o.Pace)
	}
	for i := range p.flows {
		p.flows[i].next = -1
		p.schedule(int32(i))
	}
	p.left = len(p.flows)
	return &Stream{name: fmt.Sprintf("simulated: %d assets, %d sites, seed %d", o.Assets, o.Sites, o.Seed), maker: p}, nil
}

// cellSize is how many stations a cell has, each cell with a network of its own.
const cellSize = 24

// lay adds a site: a supervisory level for every ten cells, then cells.
func (p *plants) lay(site, n int, pace float64) {
	router := mac{0x00, 0x1a, 0xa1, byte(site), 0, 1}
	p.router = append(p.router, router)
	above := max(4, n/60*4)
	first := len(p.units)
	for i := range above {
		p.unit(makerVMware, site, 250-i/200, 10+i%200, 128)
	}
	scada := func(cell, which int) int32 { return int32(first + cell/15*4%above + which) }
	for cell, left := 0, n-above; left > 0; cell++ {
		size := min(left, cellSize)
		left -= size
		p.cell(site, cell, size, pace, scada)
	}
}

// unit adds a station.
func (p *plants) unit(maker [3]byte, site, network, last int, ttl byte) int32 {
	i := len(p.units)
	p.units = append(p.units, unit{mac{maker[0], maker[1], maker[2], byte(i >> 16), byte(i >> 8), byte(i)}, [4]byte{10, byte(site + 1), byte(network), byte(last)}, ttl})
	p.site = append(p.site, uint8(site))
	return int32(i)
}

// cell adds the stations of a cell and who speaks with whom. The first is the
// controller, then switch and panel, then what they control.
func (p *plants) cell(site, cell, size int, pace float64, above func(cell, which int) int32) {
	type make struct {
		maker        [3]byte
		poll, device int
	}
	m := []make{{makerSiemens, kindS7, kindProfinet}, {makerRockwell, kindTags, kindImplicit}, {makerSchneider, kindModbus, kindModbus},
		{makerSEL, kindDNP3, kindIEC104}, {makerJohnson, kindBACnet, kindBACnet}}[p.rng.IntN(5)]
	add := func(kind int, client, server int32) { p.flow(kind, client, server, pace) }
	var controller int32
	for i := range size {
		u := p.unit(m.maker, site, cell, 10+i, 64)
		scada, clock := above(cell, 0), above(cell, 3)
		if i > 0 {
			add(kindARP, u, controller)
		}
		switch i {
		case 0:
			controller = u
			add(m.poll, scada, u)
			add(kindNTP, u, clock)
			add(kindOPCUA, above(cell, 2), above(cell, 1))
		case 1:
			add(kindSNMP, scada, u)
		case 2:
			add(m.poll, u, controller)
			add(kindNTP, u, clock)
		case 3:
			add(kindMQTT, u, above(cell, 3))
		default:
			if p.rng.IntN(3) == 0 {
				add(kindModbus, controller, u)
			} else {
				add(m.device, controller, u)
			}
		}
	}
}

// flow adds a conversation that begins within the first seconds.
func (p *plants) flow(k int, client, server int32, pace float64) {
	kind := &p.kinds[k]
	a, b := &p.units[client], &p.units[server]
	f := flow{client: client, server: server, kind: uint8(k), open: len(kind.script.opening) > 0, routed: a.ip[2] != b.ip[2] || a.ip[1] != b.ip[1],
		period: time.Duration(float64(kind.period) * pace * (0.9 + 0.2*p.rng.Float64())), value: uint16(p.rng.Uint32()), seq: [2]uint32{p.rng.Uint32(), p.rng.Uint32()}}
	f.period = max(f.period, kind.script.took+time.Millisecond)
	if kind.port {
		f.port = uint16(49152 + p.rng.IntN(16000))
	}
	f.at = time.Duration(p.rng.Int64N(int64(min(f.period, 10*time.Second))))
	f.began = f.at
	p.flows = append(p.flows, f)
}

func (p *plants) schedule(i int32) {
	f := &p.flows[i]
	s := int64(f.at/time.Millisecond) & (wheel - 1)
	f.next = p.slots[s]
	p.slots[s] = i
}

// gather takes the flows of the next slot that are due, in the order of time.
func (p *plants) gather() bool {
	for p.slot <= int64(p.end/time.Millisecond) {
		s := p.slot & (wheel - 1)
		now := time.Duration(p.slot+1) * time.Millisecond
		p.slot++
		if p.slots[s] < 0 {
			continue
		}
		p.ready = p.ready[:0]
		later := int32(-1)
		for i := p.slots[s]; i >= 0; {
			f := &p.flows[i]
			after := f.next
			if f.at < now {
				p.ready = append(p.ready, i)
			} else {
				f.next, later = later, i
			}
			i = after
		}
		p.slots[s] = later
		if len(p.ready) > 0 {
			// The earliest last, so that it is taken first.
			slices.SortFunc(p.ready, func(a, b int32) int {
				x, y := &p.flows[a], &p.flows[b]
				if x.at != y.at {
					if x.at > y.at {
						return -1
					}
					return 1
				}
				return int(b - a)
			})
			return true
		}
	}
	return false
}

func (p *plants) next(buf []byte) (time.Duration, []byte, bool) {
	if len(p.ready) == 0 && !p.gather() {
		return 0, buf, false
	}
	i := p.ready[len(p.ready)-1]
	p.ready = p.ready[:len(p.ready)-1]
	f := &p.flows[i]
	at := f.at
	if at > p.end {
		return 0, buf, false
	}
	buf = p.play(f, buf)
	// A packet due in the same slot goes among those that are ready.
	if int64(f.at/time.Millisecond) < p.slot {
		j := len(p.ready)
		for j > 0 && p.flows[p.ready[j-1]].at < f.at {
			j--
		}
		p.ready = slices.Insert(p.ready, j, i)
	} else {
		p.schedule(i)
	}
	return at, buf, true
}

// play appends the flow's packet and moves it to its next.
func (p *plants) play(f *flow, buf []byte) []byte {
	s := p.kinds[f.kind].script
	list := s.cycle
	if f.open {
		list = s.opening
	}
	t := &list[f.step]
	from, to := &p.units[f.client], &p.units[f.server]
	site := p.site[f.client]
	if !t.fromClient {
		from, to = to, from
	}
	var via *mac
	if f.routed {
		via = &p.router[site]
	}
	p.id++
	if f.kind == kindARP {
		buf = t.resolve(buf, from, to)
	} else {
		buf = t.fill(buf, f, s, from, to, via, !f.open, p.id)
	}
	f.step++
	if int(f.step) < len(list) {
		f.at += list[f.step].after
		return buf
	}
	f.step = 0
	moved := s.moved
	if f.open {
		f.open = false
		moved = s.opened
		f.began = f.at + 50*time.Millisecond
	} else {
		f.count++
		f.value += uint16(p.rng.IntN(7)) - 3
		f.began += f.period
	}
	f.seq[0] += moved[0]
	f.seq[1] += moved[1]
	jitter := time.Duration(p.rng.Int64N(int64(f.period)/50 + 1))
	f.at = max(f.at+time.Microsecond, f.began+jitter)
	return buf
}

// resolve appends an ARP packet of the template with the addresses of a flow.
func (t *template) resolve(buf []byte, from, to *unit) []byte {
	was := len(buf)
	buf = append(buf, t.frame...)
	b := buf[was:]
	if t.frame[0]&1 == 0 {
		copy(b, to.mac[:])
		copy(b[32:], to.mac[:])
	}
	copy(b[6:], from.mac[:])
	copy(b[22:], from.mac[:])
	copy(b[28:], from.ip[:])
	copy(b[38:], to.ip[:])
	return buf
}
