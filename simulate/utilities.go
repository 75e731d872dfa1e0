package simulate

import (
	"math"
	"time"
)

var utilIdentity = []string{"Schneider Electric", "BMX P34 2020", "v2.90"}

// utilities composes the traffic of boiler, power and cooling.
func (p *plant) utilities() {
	plc, meter, scada := p.h("plc-util"), p.h("meter-main"), p.h("scada-1")
	m := p.dialModbus(5*time.Second, scada, plc, 1)
	m.identify(utilIdentity...)
	for t := 6 * time.Second; t < p.end; t += time.Second {
		s := p.p.at(t)
		m.at(t + 40*time.Millisecond)
		m.holding(0, word(s.Boiler*10), word(s.BoilSet*10), word(s.Burner*10), word(s.Pressure*100))
		if t%(5*time.Second) == 0 {
			m.coils(0, 8, 0x0c|flag(s.Breaker))
		}
		if t == 400*time.Second || t == 430*time.Second {
			m.coil(16, t == 400*time.Second) // the stand-by pump runs for half a minute
		}
		if t == 720*time.Second {
			m.writeMany(40, 600, 60, 450) // schedule of the night
		}
		if t == atCorrect {
			m.write(1, 850)
			p.happened(t, "setpoint", scada, plc, "The operator sets the boiler back to 85 °C.")
		}
	}
	m.close()
	m = p.dialModbus(5500*time.Millisecond, plc, meter, 255)
	m.identify("Schneider Electric", "PM5560", "V2.4.0")
	for t := 7 * time.Second; t < p.end; t += 5 * time.Second {
		s := p.p.at(t)
		m.at(t + 600*time.Millisecond)
		power, volt := math.Float32bits(float32(s.Power)), math.Float32bits(float32(s.Voltage*1000))
		m.holding(3059, uint16(power>>16), uint16(power))
		m.holding(3027, uint16(volt>>16), uint16(volt))
	}
	m.close()
	m = p.dialModbus(20*time.Second, p.h("hist-1"), p.h("io-tank"), 1)
	m.identify("WAGO Kontakttechnik GmbH & Co. KG", "750-352", "V01.09.16")
	m.close()
}
