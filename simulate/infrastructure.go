package simulate

import "time"

// infrastructure composes what networks say among themselves.
func (p *plant) infrastructure() {
	core, router := p.h("core-1"), p.h("router-1")
	for i, name := range []string{"sw-fill", "sw-pack", "sw-util"} {
		sw := p.h(name)
		p.every(time.Duration(100+i*170)*time.Millisecond, 10*time.Second, p.end, "stp"+name, func(t time.Duration) { p.stp(t, sw, core, 20000, byte(i+1)) })
	}
	p.every(30*time.Millisecond, 10*time.Second, p.end, "stp core", func(t time.Duration) { p.stp(t, core, core, 0, 1) })
	p.every(6*time.Second, time.Minute, p.end, "cdp router", func(t time.Duration) {
		p.cdp(t, router, "router-1.plant.example", "GigabitEthernet0/0/1", "cisco ISR1100-4G", "Cisco IOS XE Software, Version 17.9.4", 1)
	})
	p.every(9*time.Second, time.Minute, p.end, "cdp core", func(t time.Duration) {
		p.cdp(t, core, "core-1.plant.example", "GigabitEthernet1/0/1", "cisco IE-9320-26S2C", "Cisco IOS XE Software, Version 17.12.1", 0x28)
	})
	p.every(11*time.Second, time.Minute, p.end, "cdp pack", func(t time.Duration) {
		p.cdp(t, p.h("sw-pack"), "sw-pack", "GigabitEthernet1/1", "cisco 1783-BMS10CGP", "Cisco IOS Software, S5700 Software, Version 15.2(8)E1", 0x28)
	})
	for _, a := range announcements {
		p.every(a.first, 30*time.Second, p.end, "lldp"+a.host, func(t time.Duration) { p.announceLLDP(t, p.h(a.host), &a.what) })
	}
	p.management()
	p.time()
}

var announcements = []struct {
	host  string
	first time.Duration
	what  lldp
}{
	{"sw-fill", 2 * time.Second, lldp{"sw-fill", "port-001", "Siemens, SIMATIC NET, Ethernet Switch Port 01", "sw-fill", "Siemens, SIMATIC NET, SCALANCE XC208, 6GK5 208-0BA00-2AC2, HW: Version 2, FW: Version V04.03.01", lldpBridge}},
	{"sw-util", 4 * time.Second, lldp{"", "1", "Ethernet Interface, Port 1", "sw-util", "MOXA EDS-510E", lldpBridge}},
	{"core-1", 3 * time.Second, lldp{"", "Gi1/0/1", "GigabitEthernet1/0/1", "core-1", "Cisco IOS Software [Dublin], IE9K Switch Software, Version 17.12.1", lldpBridge | lldpRouter}},
	{"plc-fill", 5 * time.Second, lldp{"plc-fill", "port-001", "Siemens, SIMATIC S7, Ethernet Port, X2 P1", "plc-fill", "Siemens, SIMATIC S7, CPU315-2 PN/DP, 6ES7 315-2EH14-0AB0 , HW: 5, FW: V3.2.7, S C-D4U132582012", lldpStation}},
	{"io-fill", 7 * time.Second, lldp{"io-fill", "port-001", "Siemens, SIMATIC, Ethernet Port, X1 P1", "io-fill", "Siemens, SIMATIC, IM155-6PN, 6ES7 155-6AU01-0BN0, HW: 1, FW: V4.2.0, S C-H4C812342018", lldpStation}},
}

// management composes SNMP, logging and what the network's own devices say.
func (p *plant) management() {
	log := p.h("log-1")
	read := func(name, description, location string, object []uint32, ports int, load int64) {
		h := p.h(name)
		p.every(15*time.Second, 2*time.Minute, p.end, "snmp "+name, func(t time.Duration) {
			p.snmpGet(t, log, h, "public", system(description, name, location, object, 340*24*time.Hour+t))
			if ports > 0 {
				p.snmpGet(t+200*time.Millisecond, log, h, "public", interfaces(ports, t, load))
			}
		})
	}
	read("sw-fill", "Siemens, SIMATIC NET, SCALANCE XC208, 6GK5 208-0BA00-2AC2, HW: Version 2, FW: Version V04.03.01, SVPL6147920", "Hall 1, filler", []uint32{1, 3, 6, 1, 4, 1, 4329, 20, 1, 1, 1, 1, 96}, 4, 24000)
	read("sw-util", "MOXA EDS-510E V5.3", "Boiler house", []uint32{1, 3, 6, 1, 4, 1, 8691, 7, 86}, 4, 9000)
	read("core-1", "Cisco IOS Software [Dublin], IE9K Switch Software (IE9K_IOSXE), Version 17.12.1, RELEASE SOFTWARE (fc5)", "Server room", []uint32{1, 3, 6, 1, 4, 1, 9, 1, 3074}, 6, 110000)
	read("ups-1", "APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.8.2 PN:apc_hw05_aos_682.bin AF1:v6.8.2 AN1:apc_hw05_sumx_682.bin MN:AP9630 HR:08 SN: ZA1132013497 MD:08/05/2011) (Embedded PowerNet SNMP Agent SW v2.2 compatible)", "Boiler house", []uint32{1, 3, 6, 1, 4, 1, 318, 1, 3, 27}, 0, 0)
	read("ntp-1", "Meinberg LANTIME M300 V7.06.014", "Server room", []uint32{1, 3, 6, 1, 4, 1, 5597, 3}, 0, 0)
	read("label-pack", "Zebra Technologies ZTC ZT411-203dpi ZPL V92.21.26Z", "Hall 1, packer", []uint32{1, 3, 6, 1, 4, 1, 10642, 1, 1}, 0, 0)
	p.every(40*time.Second, 3*time.Minute, p.end, "log switch", func(t time.Duration) {
		p.log(t, p.h("sw-util"), log, 134, "EDS-510E", "Port 3 link on")
	})
	p.every(70*time.Second, 5*time.Minute, p.end, "log core", func(t time.Duration) {
		p.log(t, p.h("core-1"), log, 189, "%SYS-5-CONFIG_I", "Configured from console by admin on vty0 (10.30.0.10)")
	})
}

// time composes clocks and leases.
func (p *plant) time() {
	clock := p.h("ntp-1")
	for i, name := range []string{"plc-fill", "plc-safe", "plc-pack", "plc-util", "hmi-fill", "rtu-sub", "relay-sub", "scada-1", "opc-1", "hist-1", "eng-1", "core-1", "edge-1"} {
		h := p.h(name)
		cycle := 256 * time.Second
		if h.ttl == controller.ttl {
			cycle = 64 * time.Second
		}
		p.every(time.Duration(13+7*i)*time.Second, cycle, p.end, "ntp "+name, func(t time.Duration) { p.askTime(t, h, clock, 1, "GPS\x00") })
	}
	for i, name := range []string{"ws-anna", "ws-bela", "ws-carla"} {
		p.lease(time.Duration(20+41*i)*time.Second, p.h(name), p.h("dc-1"), "MSFT 5.0", []byte{1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252})
	}
	p.lease(50*time.Second, p.h("print-1"), p.h("dc-1"), "Hewlett-Packard JetDirect", []byte{1, 3, 6, 15, 44, 12, 81})
}
