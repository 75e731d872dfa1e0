package simulate

import (
	"math"
	"math/rand/v2"
	"time"
)

// process is the physics behind the controllers, in steps of 100 ms: a tank is
// filled through a valve and emptied by the filler, a boiler heats the wash, a
// transformer feeds it all. It is computed before any packet, so that every
// message can ask for the state at its own time.
type process struct {
	steps []state
}

const step = 100 * time.Millisecond

// state of the plant at one moment.
type state struct {
	Level    float64 // of the product tank, %
	Valve    float64 // inlet valve, % open
	Flow     float64 // to the filler, l/min
	Speed    float64 // of the filler, bottles/min
	SpeedSet float64
	Product  float64 // temperature of the product, °C
	Bottles  float64 // filled since the start
	Cartons  float64
	Belt     float64 // drive frequency, Hz
	Boiler   float64 // °C
	BoilSet  float64
	Burner   float64 // %
	Pressure float64 // bar
	Power    float64 // kW
	Voltage  float64 // of the medium-voltage side, kV
	Room     float64 // °C
	Chilled  float64 // chilled water, °C
	Running  bool    // the filling controller runs
	Breaker  bool
}

// order changes a set point or a mode at a time.
type order struct {
	at  time.Duration
	set func(*state)
}

// simulateProcess runs the physics for a time, under orders in their order.
func simulateProcess(length time.Duration, orders []order, rng *rand.Rand) *process {
	p := &process{}
	s := state{Level: 62, Valve: 40, Speed: 300, SpeedSet: 300, Product: 6.5, Belt: 42, Boiler: 84, BoilSet: 85,
		Burner: 40, Pressure: 6.1, Power: 410, Voltage: 20.1, Room: 21.5, Chilled: 6.2, Running: true, Breaker: true}
	noise := func(x float64) float64 { return rng.NormFloat64() * x }
	for t := time.Duration(0); t <= length; t += step {
		for len(orders) > 0 && orders[0].at <= t {
			orders[0].set(&s)
			orders = orders[1:]
		}
		s.advance(t, noise)
		p.steps = append(p.steps, s)
	}
	return p
}

// advance moves the plant by one step.
func (s *state) advance(t time.Duration, noise func(float64) float64) {
	const dt = 0.1
	want := s.SpeedSet
	if !s.Running {
		want = 0
	}
	s.Speed = math.Max(0, s.Speed+(want-s.Speed)*dt/4+noise(0.3))
	s.Flow = s.Speed * 0.5
	// The level is controlled between 55 and 70 %; without its controller the valve stays closed.
	switch {
	case !s.Running || s.Level > 70:
		s.Valve = math.Max(0, s.Valve-20*dt)
	case s.Level < 55:
		s.Valve = math.Min(85, s.Valve+20*dt)
	}
	s.Level = clamp(s.Level+(s.Valve*4-s.Flow)/6000*dt*10+noise(0.01), 0, 100)
	s.Product += (6.5-s.Product)*dt/120 + noise(0.005)
	s.Bottles += s.Speed / 60 * dt
	s.Cartons = s.Bottles / 12
	s.Belt += (s.Speed*0.14-s.Belt)*dt/2 + noise(0.02)
	s.Burner = clamp(s.Burner+(s.BoilSet-s.Boiler)*0.4*dt+noise(0.1), 0, 100)
	s.Boiler += (s.Burner-38)*0.004*dt*10 + noise(0.01)
	s.Pressure = 6.0 + math.Sin(t.Seconds()/23)*0.15 + noise(0.005)
	s.Power = 180 + s.Speed*0.75 + noise(1.5)
	s.Voltage = 20.1 + math.Sin(t.Seconds()/140)*0.12 + noise(0.004)
	s.Room = 21.5 + math.Sin(t.Seconds()/600)*0.8 + noise(0.01)
	s.Chilled = 6.2 + math.Sin(t.Seconds()/95)*0.3 + noise(0.01)
}

func clamp(x, low, high float64) float64 { return math.Min(high, math.Max(low, x)) }

// at is the state at a time.
func (p *process) at(t time.Duration) *state {
	i := min(max(int(t/step), 0), len(p.steps)-1)
	return &p.steps[i]
}
