package simulate

import "time"

const opcURL = "opc.tcp://opc-1:4840"

// supervisory composes the level of SCADA, historian and engineering.
func (p *plant) supervisory() {
	p.collect()
	p.substation()
	p.building()
	p.edge()
	p.operators()
}

// tags are what the OPC UA server offers.
func (p *plant) tags(t time.Duration) []uaValue {
	s := p.p.at(t)
	return []uaValue{{"Filling.Tank.Level", s.Level}, {"Filling.Filler.Speed", s.Speed}, {"Filling.Product.Temperature", s.Product},
		{"Utilities.Boiler.Temperature", s.Boiler}, {"Utilities.Power", s.Power}}
}

// collect is the OPC UA server between controllers and historian.
func (p *plant) collect() {
	opc, hist, scada := p.h("opc-1"), p.h("hist-1"), p.h("scada-1")
	c := p.dialS7(6*time.Second, opc, p.h("plc-fill"), 1, 2)
	for t := 7 * time.Second; t < p.end; t += 5 * time.Second {
		c.at(t + 770*time.Millisecond)
		c.read(s7Item{0x84, 10, 0, p.fillValues(t)})
	}
	c.close()
	m := p.dialModbus(6500*time.Millisecond, opc, p.h("plc-util"), 1)
	for t := 8 * time.Second; t < p.end; t += 5 * time.Second {
		s := p.p.at(t)
		m.at(t + 510*time.Millisecond)
		m.holding(0, word(s.Boiler*10), word(s.BoilSet*10))
	}
	m.close()

	u := p.dialOPCUA(9*time.Second, hist, opc, opcURL, "Historian", "urn:hist-1:collector")
	u.build("Kepware", "KEPServerEX", "6.14.263.0")
	u.browse("Filling", "Utilities")
	u.subscribe(2000, p.tags(u.now)...)
	for t := 12 * time.Second; t < p.end-2*time.Second; t += 2 * time.Second {
		u.at(t)
		u.publish(p.tags(t)...)
	}
	u.hangUpUA()
	u = p.dialOPCUA(10*time.Second, scada, opc, opcURL, "SCADA", "urn:scada-1:client")
	for t := 14 * time.Second; t < p.end-2*time.Second; t += 10 * time.Second {
		u.at(t + 90*time.Millisecond)
		u.read(p.tags(t)...)
		if t == 104*time.Second {
			u.write(uaValue{"Utilities.Report.Interval", 60})
		}
	}
	u.hangUpUA()
}

// substation composes IEC 104 and DNP3.
func (p *plant) substation() {
	scada := p.h("scada-1")
	c := p.dialIEC104(4*time.Second, scada, p.h("rtu-sub"), 31)
	values := func(t time.Duration) [][]byte {
		s := p.p.at(t)
		var os [][]byte
		for i, v := range []float64{s.Voltage, s.Power / s.Voltage / 1.7, s.Power} {
			r := real32(v)
			os = append(os, iec104Object(uint32(1001+i), []byte{r[3], r[2], r[1], r[0], 0}))
		}
		return os
	}
	c.interrogate(values(c.now)...)
	for t := 6 * time.Second; t < p.end; t += 3 * time.Second {
		c.at(t)
		c.tell(c.asdu(13, 3, values(t)...))
		if t%(12*time.Second) == 0 {
			c.at(t + time.Second)
			c.acknowledge()
		}
		if t == 606*time.Second {
			c.command(5002, true)
			p.happened(c.now, "command", scada, p.h("rtu-sub"), "The operator switches on the compensation of the substation.")
		}
	}
	c.close()
	d := p.dialDNP3(5*time.Second, scada, p.h("relay-sub"), 100, 10)
	d.attributes(dnp3Attribute{242, "SEL-751-R202-V0-Z008004-D20180514"}, dnp3Attribute{248, "3211440123"}, dnp3Attribute{250, "SEL-751"}, dnp3Attribute{252, "Schweitzer Engineering Laboratories"})
	for t := 7 * time.Second; t < p.end; t += 4 * time.Second {
		s := p.p.at(t)
		d.at(t + 220*time.Millisecond)
		d.poll([]byte{0x01 | flag(s.Breaker)<<7, 0x01, 0x81}, []int32{int32(s.Voltage * 1000), int32(s.Power * 10), int32(s.Power / s.Voltage * 58)})
		if t == 607*time.Second {
			d.operate(3, true)
		}
	}
	d.close()
}

// building composes BACnet.
func (p *plant) building() {
	scada, hvac, chiller := p.h("scada-1"), p.h("hvac-1"), p.h("chiller-1")
	all := p.broadcast("utilities")
	instance := func(h *host) uint32 { return map[string]uint32{"hvac-1": 5510, "chiller-1": 5520}[h.Name] }
	p.whoIs(10*time.Second, hvac, all, []*host{hvac, chiller}, instance, 5)
	b := p.bacnet(hvac, chiller)
	for i, x := range []struct {
		property byte
		text     string
	}{{bacName, "CH-1"}, {bacVendorName, "Johnson Controls, Inc."}, {bacModel, "YK Chiller OptiView"}, {bacFirmware, "2.14"}} {
		b.readText(11*time.Second+time.Duration(i)*50*time.Millisecond, bacDevice, 5520, x.property, x.text)
	}
	p.every(15*time.Second, 10*time.Second, p.end, "bacnet", func(t time.Duration) { b.readReal(t, bacAnalogInput, 1, p.p.at(t).Chilled) })
	s := p.bacnet(scada, hvac)
	for i, x := range []struct {
		property byte
		text     string
	}{{bacName, "NAE-1"}, {bacVendorName, "Johnson Controls, Inc."}, {bacModel, "MS-NAE5510-2"}, {bacFirmware, "9.0.5"}} {
		s.readText(12*time.Second+time.Duration(i)*50*time.Millisecond, bacDevice, 5510, x.property, x.text)
	}
	p.every(17*time.Second, 15*time.Second, p.end, "bacnet scada", func(t time.Duration) { s.readReal(t, bacAnalogInput, 3, p.p.at(t).Room) })
	s.writeReal(8*time.Minute, bacAnalogValue, 7, 21, 8)
}

// edge composes the gateway that reports to the cloud.
func (p *plant) edge() {
	edge, broker := p.h("edge-1"), p.h("cloud-broker")
	p.lookUp(1500*time.Millisecond, edge, p.h("dc-1"), "broker.cloud.example", broker.addr)
	u := p.dialOPCUA(11*time.Second, edge, p.h("opc-1"), opcURL, "Edge", "urn:edge-1:node")
	m := p.dialMQTT(2*time.Second, edge, broker, "bottling-edge-1", "bottling", "s3ason4l", "spBv1.0/Bottling/NDEATH/edge-1")
	m.subscribe("spBv1.0/Bottling/NCMD/edge-1/#")
	at := func(t time.Duration) time.Time { return p.truth.Start.Add(t) }
	m.publish("spBv1.0/Bottling/NBIRTH/edge-1", m.payload(at(m.now), metric{"bdSeq", int64(0)}, metric{"Node Control/Rebirth", false}, metric{"Properties/Hardware", "SIMATIC IOT2050"}))
	birth := func(t time.Duration) []metric {
		s := p.p.at(t)
		return []metric{{"Tank/Level", s.Level}, {"Filler/Speed", s.Speed}, {"Filler/Bottles", int64(s.Bottles)}, {"Boiler/Temperature", s.Boiler}, {"Power", s.Power}, {"Running", s.Running}}
	}
	m.publish("spBv1.0/Bottling/DBIRTH/edge-1/line-1", m.payload(at(m.now), birth(m.now)...))
	for t := 20 * time.Second; t < p.end-5*time.Second; t += 10 * time.Second {
		u.at(t)
		u.read(p.tags(t)...)
		m.at(t + 100*time.Millisecond)
		m.publish("spBv1.0/Bottling/DDATA/edge-1/line-1", m.payload(at(t), birth(t)[:5]...))
		if t%(60*time.Second) == 0 {
			m.ping()
		}
	}
	u.hangUpUA()
	m.disconnect()
}

// operators composes consoles, jump host and engineering from afar.
func (p *plant) operators() {
	scada := p.h("scada-1")
	rng := p.random("certificates")
	authority := commonName("Plant Issuing CA 1", "Example Bottling")
	from := p.truth.Start.AddDate(-1, -2, 0)
	cert := func(name string, to time.Time, bits int) []byte {
		return certificate(rng, commonName(name+".plant.example", "Example Bottling"), authority, from, to, bits, name+".plant.example", name)
	}
	valid := p.truth.Start.AddDate(1, 0, 0)
	console := p.h("hmi-op1")
	t := p.dialTLS(3500*time.Millisecond, console, scada, 443, 0x0303, "scada-1.plant.example", cert("scada-1", valid, 2048), "http/1.1")
	for x := 5 * time.Second; x < p.end; x += 5 * time.Second {
		t.at(x)
		t.ask(t.secret(240+t.rng.IntN(50)), t.secret(400+t.rng.IntN(700)))
	}
	t.client(record16(0x15, t.random(26)))
	t.close()
	// The certificate of the historian's page ended a month ago.
	t = p.dialTLS(95*time.Second, p.h("ws-anna"), p.h("hist-1"), 443, 0x0303, "hist-1.plant.example", cert("hist-1", p.truth.Start.AddDate(0, -1, 0), 1024), "http/1.1")
	for range 6 {
		t.ask(t.secret(400), t.secret(5000+t.rng.IntN(4000)))
		t.at(t.now + 3*time.Second)
	}
	t.close()
	// The engineer comes in by the jump host.
	jump, eng := p.h("jump-1"), p.h("eng-1")
	p.rdp(150*time.Second, p.h("ws-bela"), jump, "b.kovacs", cert("jump-1", valid, 2048), 5*time.Minute)
	p.rdp(170*time.Second, jump, eng, "b.kovacs", cert("eng-1", valid, 2048), 4*time.Minute)
	p.vnc(6*time.Minute, eng, p.h("hmi-fill"), "TP700 Comfort", 40*time.Second)
	p.ssh(7*time.Minute, jump, p.h("core-1"), "SSH-2.0-PuTTY_Release_0.78", "SSH-2.0-Cisco-1.25", 40*time.Second)
	p.ssh(18*time.Minute, eng, p.h("edge-1"), "SSH-2.0-OpenSSH_for_Windows_8.6", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2", 30*time.Second)
	p.browse(65*time.Second, eng, p.h("hmi-pack"), page{"/", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "", "Microsoft-HTTPAPI/2.0", "<html>PanelView</html>", false})
	p.ping(100*time.Second, eng, p.h("plc-fill"), 4)
	p.telnet(8*time.Minute+20*time.Second, eng, p.h("sw-util"), "<login: ", ">admin\n", "<Password: ", ">moxa\n", "<EDS-510E V5.3 build 18030617\n\nsw-util# ", ">show version\n", "<Device Model : EDS-510E\nFirmware Version : V5.3\n\nsw-util# ", ">exit\n")
}
