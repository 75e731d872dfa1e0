package simulate

import (
	"net/netip"
	"slices"
	"time"
)

func netipFrom4(b [4]byte) string { return netip.AddrFrom4(b).String() }

func sortEvents(es []Event) {
	slices.SortStableFunc(es, func(a, b Event) int { return a.At.Compare(b.At) })
}

// laptop is what a service technician brings along and plugs into the
// packaging cell.
var laptop = spec{"packaging", "LAPTOP-SVC7", "10.10.20.131", makerLaptop, windows, "workstation", 4, "", "", "", ""}

// events composes what is out of the ordinary.
func (p *plant) events() {
	p.engineer()
	p.rogue = true
	p.visitor()
	p.callHome()
	p.rogue = false
}

// fillIdentity and safeIdentity are what the Siemens controllers state.
var (
	fillIdentity = s7Identity{"FILLER LINE 1", "CPU 315-2 PN/DP", "6ES7 315-2EH14-0AB0", "S C-D4U132582012", 5, [3]byte{3, 2, 7}}
	safeIdentity = s7Identity{"SAFETY LINE 1", "CPU 315F-2 PN/DP", "6ES7 315-2FJ14-0AB0", "S C-E1V556012013", 4, [3]byte{3, 2, 12}}
)

// engineer reads, stops, loads and starts the filling controller.
func (p *plant) engineer() {
	eng, plc, safe := p.h("eng-1"), p.h("plc-fill"), p.h("plc-safe")
	rng := p.random("blocks")
	body := func() byte { return byte(rng.UintN(256)) }
	c := p.dialS7(atEngineer, eng, plc, 1, 2)
	c.identify(fillIdentity, 8)
	c.at(atEngineer + 10*time.Second)
	c.upload('A', 10, s7Block(10, 10, 420, body))
	c.at(atStop)
	c.stop()
	p.happened(c.now, "plc-stop", eng, plc, "The engineering station stops the filling controller.")
	c.mode(4)
	c.at(atStop + 8*time.Second)
	c.download('E', 20, s7Block(14, 20, 1900, body))
	c.download('A', 20, s7Block(10, 20, 310, body))
	p.happened(c.now, "program-download", eng, plc, "The engineering station loads blocks FB 20 and DB 20 into the filling controller.")
	c.at(atStart)
	c.start()
	p.happened(c.now, "plc-start", eng, plc, "The engineering station starts the filling controller.")
	c.mode(8)
	c.close()
	c = p.dialS7(atEngineer+25*time.Second, eng, safe, 1, 2)
	c.identify(safeIdentity, 8)
	c.close()
}

// visitor is the technician's laptop: it looks for devices, tries what is open,
// and writes a set point beyond its limit.
func (p *plant) visitor() {
	h := p.add(&laptop, 99)
	h.Rogue = true
	p.happened(atLaptop, "new-device", h, nil, "A laptop that nobody knows is plugged into the packaging cell.")
	p.lease(atLaptop, h, p.h("dc-1"), "MSFT 5.0", []byte{1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252})
	p.registerNBNS(atLaptop+5*time.Second, h, p.broadcast("packaging"), "LAPTOP-SVC7", 0)

	// It asks for every address of the cell, then for ports of those that are there.
	t := atLaptop + 40*time.Second
	p.happened(t, "address-scan", h, nil, "The laptop asks for all addresses of the packaging cell.")
	there := make(map[netip.Addr]*host)
	for i := range plantHosts {
		there[netip.MustParseAddr(plantHosts[i].ip)] = p.h(plantHosts[i].name)
	}
	for i := range 254 {
		a := netip.AddrFrom4([4]byte{10, 10, 20, byte(i + 1)})
		t += 12 * time.Millisecond
		if o := there[a]; o != nil {
			p.resolve(t, h, o)
		} else if a != h.addr {
			p.put(t, broadcast, h.mac, etherARP, arp(1, h, mac{}, &host{addr: a}))
		}
	}
	t = atLaptop + 60*time.Second
	p.happened(t, "port-scan", h, p.h("plc-pack"), "The laptop tries many ports of the devices in the cell.")
	open := map[string]map[uint16]bool{"plc-pack": {44818: true, 80: true}, "io-pack": {44818: true, 80: true}, "drive-pack": {44818: true},
		"robot-pack": {21: true, 80: true, 44818: true}, "cam-pack": {21: true, 23: true, 80: true}, "label-pack": {80: true, 9100: true}, "hmi-pack": {5900: true, 135: true, 445: true}}
	ports := []uint16{21, 22, 23, 25, 53, 80, 102, 110, 111, 135, 139, 143, 161, 443, 445, 502, 993, 1433, 1723, 2222, 3306, 3389, 4840, 5432, 5900, 8000, 8080, 8443, 9100, 9600, 20000, 44818}
	for i := range plantHosts {
		s := &plantHosts[i]
		if s.zone != "packaging" || s.name == "sw-pack" {
			continue
		}
		for _, port := range ports {
			t += 9 * time.Millisecond
			if open[s.name][port] {
				c := p.dial(t, h, p.h(s.name), port, "")
				c.pass(200 * time.Microsecond)
				c.emit(&c.a, &c.b, rst|ack, nil)
			} else {
				p.refused(t, h, p.h(s.name), port, s.name == "hmi-pack")
			}
		}
	}
	ids := packIdentities(p)
	p.listIdentity(atLaptop+75*time.Second, h, p.broadcast("packaging"), ids, []*host{p.h("plc-pack"), p.h("io-pack"), p.h("drive-pack"), p.h("robot-pack")})
	p.overheat(h)
	// The camera has the login that it came with.
	cam := p.h("cam-pack")
	p.telnet(atLaptop+100*time.Second, h, cam, "<Welcome to In-Sight(tm) 7802 Session 0\n", "<User: ", ">admin\n", "<Password: ", ">\n", "<User Logged In\n", ">GV004\n", "<1\n21.4\n")
	p.happened(atLaptop+102*time.Second, "default-password", h, cam, "The laptop signs in to the camera as admin with the empty password it came with.")
	p.browse(atLaptop+110*time.Second, h, p.h("label-pack"),
		page{"/", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "", "ZT411", "<html><title>Zebra Technologies ZT411</title></html>", false},
		page{"/settings", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "admin:1234", "ZT411", "<html>settings</html>", false})
	p.happened(atLaptop+111*time.Second, "default-password", h, p.h("label-pack"), "The laptop signs in to the label printer with its default password.")
	p.ftp(atRobot, h, p.h("robot-pack"), "R-30iB Plus FTP server ready. [FANUC HandlingTool V9.30P/26]", "anonymous", "guest", "BACKDATE.DT", text(5200))
	p.happened(atRobot, "cleartext-login", h, p.h("robot-pack"), "The laptop copies the robot's backup by FTP.")
}

// overheat sets the boiler far above what it may have.
func (p *plant) overheat(h *host) {
	util := p.h("plc-util")
	m := p.dialModbus(atOverheat-20*time.Second, h, util, 1)
	m.identify(utilIdentity...)
	m.holding(0, word(p.p.at(m.now).Boiler*10), word(p.p.at(m.now).BoilSet*10), word(p.p.at(m.now).Burner*10))
	for unit := range uint16(6) {
		m.refuse([]byte{0x41 + byte(unit), 0}, 1)
	}
	m.refuse([]byte{3, 0x27, 0x10, 0, 1}, 2)
	m.at(atOverheat)
	m.write(1, 1600)
	p.happened(m.now, "value-out-of-range", h, util, "The laptop sets the boiler to 160 °C; its limit is 95 °C.")
	m.close()
}

// callHome is a controller that reaches the internet.
func (p *plant) callHome() {
	plc, out := p.h("plc-util"), p.h("unknown-host")
	p.happened(atOutbound, "internet", plc, out, "The controller of the utilities opens a connection to the internet.")
	c := p.dial(atOutbound, plc, out, 8080, "http")
	c.ask([]byte("GET /update/check?id=7731 HTTP/1.1\r\nHost: 198.51.100.23:8080\r\nUser-Agent: curl/7.29.0\r\nAccept: */*\r\n\r\n"),
		[]byte("HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nwait\n"))
	c.close()
}
