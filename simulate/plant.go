package simulate

import (
	"fmt"
	"net/netip"
	"time"
)

// Start is when every simulation begins.
var Start = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// Length of the demo capture.
const demoLength = 20 * time.Minute

// plant is the bottling plant of the demo while it is composed.
type plant struct {
	*network
	p       *process
	hosts   map[string]*host
	subnets map[string]*subnet
	end     time.Duration
}

// zones of the plant, with the third byte of their networks and the level that
// most of their stations have.
var plantZones = []struct{ name, prefix string }{
	{"filling", "10.10.10.0/24"}, {"packaging", "10.10.20.0/24"}, {"utilities", "10.10.30.0/24"},
	{"supervisory", "10.20.0.0/24"}, {"dmz", "10.30.0.0/24"}, {"office", "10.40.0.0/24"},
}

// spec is a station of the plant in the table below.
type spec struct {
	zone, name string
	ip         string
	maker      [3]byte // the vendor's block of hardware addresses
	stack      stack
	role       string
	purdue     float64
	vendor     string
	model      string
	firmware   string
	shown      string // which of vendor (v), model (m), firmware (f) the wire shows
}

var (
	makerSiemens   = [3]byte{0x28, 0x63, 0x36}
	makerWAGO      = [3]byte{0x00, 0x30, 0xde}
	makerRockwell  = [3]byte{0x5c, 0x88, 0x16}
	makerFanuc     = [3]byte{0x00, 0xe0, 0xe4}
	makerCognex    = [3]byte{0x00, 0xd0, 0x24}
	makerZebra     = [3]byte{0x00, 0x07, 0x4d}
	makerSchneider = [3]byte{0x00, 0x80, 0xf4}
	makerJohnson   = [3]byte{0x00, 0x10, 0x8d}
	makerSEL       = [3]byte{0x00, 0x30, 0xa7}
	makerAPC       = [3]byte{0x00, 0xc0, 0xb7}
	makerMoxa      = [3]byte{0x00, 0x90, 0xe8}
	makerMeinberg  = [3]byte{0xec, 0x46, 0x70}
	makerVMware    = [3]byte{0x00, 0x50, 0x56}
	makerDell      = [3]byte{0xf8, 0xbc, 0x12}
	makerHP        = [3]byte{0x3c, 0x52, 0x82}
	makerCisco     = [3]byte{0x00, 0x1a, 0xa1}
	makerLaptop    = [3]byte{0x54, 0xee, 0x75}
)

var plantHosts = []spec{
	{"filling", "plc-fill", "10.10.10.10", makerSiemens, controller, "plc", 1, "Siemens", "CPU 315-2 PN/DP", "V3.2.7", "vmf"},
	{"filling", "plc-safe", "10.10.10.11", makerSiemens, controller, "safety-controller", 1, "Siemens", "CPU 315F-2 PN/DP", "V3.2.12", "vmf"},
	{"filling", "io-fill", "10.10.10.20", makerSiemens, controller, "remote-io", 1, "Siemens", "IM155-6PN", "V4.2.0", "vmf"},
	{"filling", "drive-fill", "10.10.10.21", makerSiemens, controller, "drive", 1, "Siemens", "SINAMICS G120", "", "vm"},
	{"filling", "io-tank", "10.10.10.22", makerWAGO, embedded, "remote-io", 1, "WAGO", "750-352", "V01.09.16", "vmf"},
	{"filling", "hmi-fill", "10.10.10.30", makerSiemens, embedded, "hmi", 2, "Siemens", "TP700 Comfort", "", ""},
	{"filling", "sw-fill", "10.10.10.2", makerSiemens, embedded, "switch", 2, "Siemens", "SCALANCE XC208", "V04.03.01", "vmf"},

	{"packaging", "plc-pack", "10.10.20.10", makerRockwell, controller, "plc", 1, "Rockwell Automation", "1769-L33ER/A LOGIX5333ER", "32.011", "vmf"},
	{"packaging", "io-pack", "10.10.20.20", makerRockwell, controller, "remote-io", 1, "Rockwell Automation", "1734-AENTR/B", "5.019", "vmf"},
	{"packaging", "drive-pack", "10.10.20.21", makerRockwell, controller, "drive", 1, "Rockwell Automation", "PowerFlex 525 1P 230V", "5.001", "vmf"},
	{"packaging", "robot-pack", "10.10.20.40", makerFanuc, embedded, "robot", 1, "FANUC", "R-30iB Plus", "", "vm"},
	{"packaging", "cam-pack", "10.10.20.41", makerCognex, embedded, "camera", 1, "Cognex", "In-Sight 7802", "5.9.1", ""},
	{"packaging", "label-pack", "10.10.20.42", makerZebra, embedded, "printer", 1, "Zebra", "ZT411", "V92.21.26Z", "vmf"},
	{"packaging", "hmi-pack", "10.10.20.30", makerRockwell, windows, "hmi", 2, "Rockwell Automation", "PanelView Plus 7", "", ""},
	{"packaging", "sw-pack", "10.10.20.2", makerRockwell, appliance, "switch", 2, "Rockwell Automation", "1783-BMS10CGP", "15.2(8)E1", "mf"},

	{"utilities", "plc-util", "10.10.30.10", makerSchneider, controller, "plc", 1, "Schneider Electric", "BMX P34 2020", "v2.90", "vmf"},
	{"utilities", "meter-main", "10.10.30.20", makerSchneider, embedded, "meter", 1, "Schneider Electric", "PM5560", "V2.4.0", "vmf"},
	{"utilities", "rtu-sub", "10.10.30.30", makerSiemens, embedded, "rtu", 1, "Siemens", "SICAM A8000 CP-8050", "", ""},
	{"utilities", "relay-sub", "10.10.30.31", makerSEL, embedded, "protection-relay", 1, "Schweitzer Engineering Laboratories", "SEL-751", "R202", "vmf"},
	{"utilities", "hvac-1", "10.10.30.40", makerJohnson, embedded, "building-controller", 1, "Johnson Controls", "MS-NAE5510-2", "9.0.5", "vmf"},
	{"utilities", "chiller-1", "10.10.30.41", makerJohnson, embedded, "building-controller", 1, "Johnson Controls", "YK Chiller OptiView", "2.14", "vmf"},
	{"utilities", "ups-1", "10.10.30.50", makerAPC, embedded, "ups", 1, "APC", "AP9630", "v6.8.2", "vmf"},
	{"utilities", "sw-util", "10.10.30.2", makerMoxa, embedded, "switch", 2, "Moxa", "EDS-510E", "V5.3", "vmf"},

	{"supervisory", "scada-1", "10.20.0.10", makerVMware, windows, "scada-server", 3, "", "", "", ""},
	{"supervisory", "opc-1", "10.20.0.11", makerVMware, windows, "opc-server", 3, "", "", "", ""},
	{"supervisory", "hist-1", "10.20.0.12", makerVMware, windows, "historian", 3, "", "", "", ""},
	{"supervisory", "eng-1", "10.20.0.20", makerDell, windows, "engineering-station", 3, "", "", "", ""},
	{"supervisory", "hmi-op1", "10.20.0.30", makerDell, windows, "hmi", 2, "", "", "", ""},
	{"supervisory", "edge-1", "10.20.0.40", makerSiemens, unix, "gateway", 3, "Siemens", "SIMATIC IOT2050", "", ""},
	{"supervisory", "ntp-1", "10.20.0.5", makerMeinberg, unix, "clock", 3, "Meinberg", "LANTIME M300", "7.06.014", "vmf"},
	{"supervisory", "core-1", "10.20.0.2", makerCisco, appliance, "switch", 3, "Cisco", "IE-9320-26S2C", "17.12.1", "vmf"},

	{"dmz", "jump-1", "10.30.0.10", makerVMware, windows, "server", 3.5, "", "", "", ""},
	{"dmz", "patch-1", "10.30.0.11", makerVMware, windows, "server", 3.5, "", "", "", ""},
	{"dmz", "log-1", "10.30.0.12", makerVMware, unix, "server", 3.5, "", "", "", ""},

	{"office", "dc-1", "10.40.0.5", makerVMware, windows, "domain-controller", 4, "", "", "", ""},
	{"office", "erp-1", "10.40.0.10", makerVMware, unix, "server", 4, "", "", "", ""},
	{"office", "file-1", "10.40.0.11", makerVMware, windows, "server", 4, "", "", "", ""},
	{"office", "ws-anna", "10.40.0.101", makerDell, windows, "workstation", 4, "", "", "", ""},
	{"office", "ws-bela", "10.40.0.102", makerDell, windows, "workstation", 4, "", "", "", ""},
	{"office", "ws-carla", "10.40.0.103", makerHP, windows, "workstation", 4, "", "", "", ""},
	{"office", "print-1", "10.40.0.60", makerHP, embedded, "printer", 4, "HP", "LaserJet M507", "", "vm"},
}

// Stations outside: addresses of RFC 5737.
var plantOutside = []spec{
	{"internet", "cloud-broker", "203.0.113.20", [3]byte{}, unix, "broker", 5, "", "", "", ""},
	{"internet", "web-shop", "203.0.113.80", [3]byte{}, unix, "cloud-service", 5, "", "", "", ""},
	{"internet", "unknown-host", "198.51.100.23", [3]byte{}, unix, "cloud-service", 5, "", "", "", ""},
}

func newPlant(seed uint64) *plant {
	n := &network{seed: seed, known: make(map[arpKey]bool), links: make(map[Link]int),
		truth: &Truth{Schema: "bulkhead.truth/1", Seed: seed, Start: Start, Seconds: demoLength.Seconds()}}
	p := &plant{network: n, hosts: make(map[string]*host), subnets: make(map[string]*subnet), end: demoLength}
	router := &host{Host: Host{Name: "router-1", Role: "router", Vendor: "Cisco", Model: "ISR1100-4G", Firmware: "17.9.4", Purdue: 3, Zone: "supervisory", Shown: []string{"vendor", "model", "firmware"}},
		mac: mac{0x00, 0x1a, 0xa1, 0x10, 0x00, 0x01}, ttl: 255, window: 4128, answers: appliance.answers}
	router.MAC = router.mac.String()
	for _, z := range plantZones {
		p.subnets[z.name] = &subnet{prefix: netip.MustParsePrefix(z.prefix), router: router}
	}
	router.net = p.subnets["supervisory"]
	router.addr = router.at(router.net).addr
	router.IP = router.addr.String()
	for i, s := range plantHosts {
		p.add(&s, i)
	}
	for i, s := range plantOutside {
		h := p.add(&s, 200+i)
		h.External, h.MAC, h.mac, h.ttl = true, "", router.mac, 52
	}
	p.hosts[router.Name] = router
	return p
}

// add makes a station of its line in the table.
func (p *plant) add(s *spec, number int) *host {
	h := &host{Host: Host{Name: s.name, IP: s.ip, Role: s.role, Vendor: s.vendor, Model: s.model, Firmware: s.firmware, Purdue: s.purdue, Zone: s.zone},
		addr: netip.MustParseAddr(s.ip), net: p.subnets[s.zone], ttl: s.stack.ttl, window: s.stack.window, answers: s.stack.answers}
	h.mac = mac{s.maker[0], s.maker[1], s.maker[2], byte(0x20 + number), byte(number * 37), byte(number*91 + 5)}
	h.MAC = h.mac.String()
	h.id, h.seq, h.port = uint16(number*4099), uint32(number)*0x10fe3b1d, uint16(49152+number*131)
	for _, c := range s.shown {
		h.Shown = append(h.Shown, map[rune]string{'v': "vendor", 'm': "model", 'f': "firmware"}[c])
	}
	p.hosts[s.name] = h
	return h
}

func (m mac) String() string {
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// h is the station of a name.
func (p *plant) h(name string) *host {
	h := p.hosts[name]
	if h == nil {
		panic("simulate: no station " + name)
	}
	return h
}
