package simulate

import (
	"encoding/binary"
	"math"
	"time"
)

// Orders that the process gets, at the times at which the messages that carry
// them cross the network.
const (
	atRecipe   = 2*time.Minute + 15*time.Second
	atEngineer = 4 * time.Minute
	atStop     = 4*time.Minute + 40*time.Second
	atStart    = 5*time.Minute + 20*time.Second
	atLaptop   = 9 * time.Minute
	atOverheat = 11*time.Minute + 30*time.Second
	atOutbound = 13 * time.Minute
	atCorrect  = 14*time.Minute + 20*time.Second
	atRobot    = 15*time.Minute + 30*time.Second
)

var plantOrders = []order{
	{atRecipe, func(s *state) { s.SpeedSet = 330 }},
	{atStop, func(s *state) { s.Running = false }},
	{atStart, func(s *state) { s.Running = true }},
	{atOverheat, func(s *state) { s.BoilSet = 160 }},
	{atCorrect, func(s *state) { s.BoilSet = 85 }},
}

func real32(v float64) []byte {
	return binary.BigEndian.AppendUint32(nil, math.Float32bits(float32(v)))
}

func word(v float64) uint16 { return uint16(int16(math.Round(v))) }

func words(vs ...float64) []byte {
	var b []byte
	for _, v := range vs {
		b = binary.BigEndian.AppendUint16(b, word(v))
	}
	return b
}

// fillValues is data block 10 of the filling controller, 28 bytes.
func (p *plant) fillValues(t time.Duration) []byte {
	s := p.p.at(t)
	var b []byte
	for _, v := range [...]float64{s.Level, s.Valve, s.Flow, s.Speed, s.SpeedSet, s.Product} {
		b = append(b, real32(v)...)
	}
	return binary.BigEndian.AppendUint32(b, uint32(s.Bottles))
}

func flag(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// filling composes the traffic of the filling cell.
func (p *plant) filling() {
	plc, safe, hmi := p.h("plc-fill"), p.h("plc-safe"), p.h("hmi-fill")
	scada := p.h("scada-1")
	// The panel reads what it shows, and the operator changes the recipe.
	c := p.dialS7(1200*time.Millisecond, hmi, plc, 1, 2)
	for t := 2 * time.Second; t < p.end; t += time.Second {
		c.at(t)
		c.read(s7Item{0x84, 10, 0, p.fillValues(t)}, s7Item{0x83, 0, 20, []byte{flag(p.p.at(t).Running), 0x02}})
		if t == atRecipe-time.Second {
			c.at(t + 600*time.Millisecond)
			c.write(s7Item{0x84, 10, 16, real32(330)})
			p.happened(t, "setpoint", hmi, plc, "The operator sets the filler to 330 bottles a minute at the panel.")
		}
	}
	c.close()
	// The supervisory system reads blocks of both controllers.
	c = p.dialS7(2300*time.Millisecond, scada, plc, 1, 2)
	for t := 3 * time.Second; t < p.end; t += 2 * time.Second {
		c.at(t + 130*time.Millisecond)
		c.read(s7Item{0x84, 10, 0, p.fillValues(t)}, s7Item{0x81, 0, 0, []byte{0x5a, 0x01}}, s7Item{0x82, 0, 0, []byte{0x11, 0x80}})
	}
	c.close()
	c = p.dialS7(2700*time.Millisecond, scada, safe, 1, 2)
	for t := 3 * time.Second; t < p.end; t += 5 * time.Second {
		c.at(t + 470*time.Millisecond)
		c.read(s7Item{0x84, 100, 0, []byte{0, flag(p.p.at(t).Running), 1, 1}})
	}
	c.close()
	p.fieldbus(plc)
	p.tank(plc)
}

// fieldbus composes PROFINET between the filling controller and its devices.
func (p *plant) fieldbus(plc *host) {
	io, drive, safe := p.h("io-fill"), p.h("drive-fill"), p.h("plc-safe")
	stations := map[*host]*station{
		plc:             {"plc-fill", "S7-300", 0x2a, 0x0101, 2},
		safe:            {"plc-safe", "S7-300", 0x2a, 0x0101, 2},
		io:              {"io-fill", "ET200SP", 0x2a, 0x0313, 1},
		drive:           {"drive-fill", "SINAMICS G120", 0x2a, 0x0501, 1},
		p.h("sw-fill"):  {"sw-fill", "SCALANCE X-200", 0x2a, 0x0a01, 1},
		p.h("hmi-fill"): {"hmi-fill", "SIMATIC-HMI", 0x2a, 0x0401, 1},
	}
	all := []*host{plc, safe, io, drive, p.h("sw-fill"), p.h("hmi-fill")}
	p.identifyAll(8*time.Second, plc, []*host{io, drive}, stations)
	p.identifyAll(12*time.Minute, p.h("hmi-fill"), all[:5], stations)
	p.nameStation(8500*time.Millisecond, plc, drive, "drive-fill")
	p.happened(8500*time.Millisecond, "name-assigned", plc, drive, "The filling controller gives its drive the station name, as after an exchange of the drive.")
	p.cyclic(9*time.Second, p.end, plc, io, 0x8010, 256*time.Millisecond, func(t time.Duration) (out, in []byte) {
		s := p.p.at(t)
		return append([]byte{0x80, 0x80, 0x80}, words(s.Valve*270)...), append([]byte{0x80, 0x80, 0x80, flag(s.Running)}, words(s.Level*276, s.Product*100)...)
	})
	p.cyclic(9200*time.Millisecond, p.end, plc, drive, 0x8020, 256*time.Millisecond, func(t time.Duration) (out, in []byte) {
		s := p.p.at(t)
		// PROFIdrive telegram 1: control word and set point, status word and actual value.
		control, status := 0x047f, 0xeb37
		if !s.Running {
			control, status = 0x047e, 0xeb31
		}
		return append([]byte{0x80}, words(float64(int16(control)), s.SpeedSet*30)...), append([]byte{0x80, byte(status >> 8), byte(status)}, words(s.Speed*30)...)
	})
}

// tank composes Modbus between the filling controller and the tank's inputs.
func (p *plant) tank(plc *host) {
	io := p.h("io-tank")
	m := p.dialModbus(3*time.Second, plc, io, 1)
	for t := 4 * time.Second; t < p.end; t += 2 * time.Second {
		s := p.p.at(t)
		m.at(t + 210*time.Millisecond)
		m.input(0, word(s.Level*276.48), word(s.Product*100), word(s.Pressure*1000), 0)
		m.discrete(0, 8, 0x30|flag(s.Running))
		if t%(10*time.Second) == 0 {
			m.write(512, word(s.Valve*100))
		}
	}
	m.close()
}

// packaging composes the traffic of the packaging cell.
func (p *plant) packaging() {
	plc, hmi, scada := p.h("plc-pack"), p.h("hmi-pack"), p.h("scada-1")
	io, drive, robot := p.h("io-pack"), p.h("drive-pack"), p.h("robot-pack")
	ids := packIdentities(p)
	p.listIdentity(6*time.Second, hmi, p.broadcast("packaging"), ids, []*host{plc, io, drive, robot})

	c := p.dialENIP(4*time.Second, hmi, plc)
	c.identity(ids[plc])
	c.explicit()
	for t := 5 * time.Second; t < p.end; t += 2 * time.Second {
		c.at(t)
		c.readTags(p.packTags(t)...)
		if t == 7*time.Minute+5*time.Second {
			c.writeTag(tag{"Recipe.CartonSize", cipDint, le32(12)})
			p.happened(t, "setpoint", hmi, plc, "The operator chooses the carton size at the panel.")
		}
	}
	c.forwardClose([]byte{1, 0, 0x20, 2, 0x24, 1})
	c.close()

	c = p.dialENIP(5*time.Second, scada, plc)
	c.maker = 1251 // Siemens AG
	c.explicit()
	for t := 6 * time.Second; t < p.end; t += 5 * time.Second {
		c.at(t + 330*time.Millisecond)
		for _, t := range p.packTags(t)[:2] {
			c.readTag(t)
		}
	}
	c.close()

	p.scan(plc, io, 10*time.Second, 200*time.Millisecond, ids, func(t time.Duration) (out, in []byte) {
		s := p.p.at(t)
		return []byte{flag(s.Running), byte(s.Cartons), 0, 0}, append([]byte{byte(s.Bottles), byte(int(s.Bottles) >> 8)}, words(s.Pressure*100)...)
	})
	p.scan(plc, drive, 11*time.Second, 250*time.Millisecond, ids, func(t time.Duration) (out, in []byte) {
		s := p.p.at(t)
		return append([]byte{0x12, 0}, le16(s.Belt*100)...), append([]byte{0x0f, 0x31}, le16(s.Belt*100)...)
	})
	p.scan(plc, robot, 12*time.Second, 500*time.Millisecond, ids, func(t time.Duration) (out, in []byte) {
		s := p.p.at(t)
		return le32(uint32(s.Cartons)), append(le32(uint32(s.Cartons)), flag(s.Running), 0, 0, 0)
	})
}

// packTags are the values that the panel of the packaging cell shows.
func (p *plant) packTags(t time.Duration) []tag {
	s := p.p.at(t)
	real := func(v float64) []byte { return le32(math.Float32bits(float32(v))) }
	return []tag{
		{"Line.BottleCount", cipDint, le32(uint32(s.Bottles))}, {"Line.CartonCount", cipDint, le32(uint32(s.Cartons))},
		{"Belt.Frequency", cipReal, real(s.Belt)}, {"Air.Pressure", cipReal, real(s.Pressure)},
		{"Line.Running", cipBool, []byte{flag(s.Running)}},
	}
}

func le32(v uint32) []byte  { return binary.LittleEndian.AppendUint32(nil, v) }
func le16(v float64) []byte { return binary.LittleEndian.AppendUint16(nil, word(v)) }

// scan opens an implicit connection to an adapter and keeps it.
func (p *plant) scan(plc, adapter *host, at, cycle time.Duration, ids map[*host]*cipIdentity, data func(time.Duration) (out, in []byte)) {
	c := p.dialENIP(at, plc, adapter)
	c.identity(ids[adapter])
	o, i := data(0)
	path := []byte{0x20, 4, 0x24, 0x97, 0x2c, 0x70, 0x2c, 0x64}
	out, in := c.forwardOpen(path, 1, uint32(cycle/time.Millisecond), uint16(len(o)+6), uint16(len(i)+2))
	p.implicit(c.now+20*time.Millisecond, p.end, plc, adapter, out, in, cycle, data)
	c.at(p.end - time.Second)
	c.forwardClose(path)
	c.close()
}

// packIdentities are the identity objects in the packaging cell.
func packIdentities(p *plant) map[*host]*cipIdentity {
	return map[*host]*cipIdentity{
		p.h("plc-pack"):   {1, 0x0e, 107, 32, 11, 0x60a1b2c3, "1769-L33ER/A LOGIX5333ER", 3},
		p.h("io-pack"):    {1, 0x0c, 196, 5, 19, 0x40331c02, "1734-AENTR/B", 3},
		p.h("drive-pack"): {1, 0x8e, 9, 5, 1, 0x71ee0a10, "PowerFlex 525 1P 230V", 3},
		p.h("robot-pack"): {356, 0x0c, 4, 2, 2, 0x00047711, "FANUC Robot R-30iB Plus", 3},
	}
}

// broadcast is the broadcast address of a zone.
func (p *plant) broadcast(zone string) *host {
	s := p.subnets[zone]
	b := s.prefix.Addr().As4()
	b[3] = 255
	return group(netipFrom4(b))
}
