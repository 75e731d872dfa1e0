package asset_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// What a device says of itself tells its role.
func TestModels(t *testing.T) {
	for _, c := range []struct {
		attr        fact.Attr
		value, want string
	}{
		{fact.OrderNumber, "6ES7 315-2EH14-0AB0", "plc"},
		{fact.OrderNumber, "6ES7 214-1AG40-0XB0", "plc"},
		{fact.OrderNumber, "6ES7 511-1AK00-0AB0", "plc"},
		{fact.OrderNumber, "6ES7 315-2FJ14-0AB0", "safety-controller"},
		{fact.OrderNumber, "6ES7 518-4FP00-0AB0", "safety-controller"},
		{fact.OrderNumber, "6ES7 214-1AF40-0XB0", "safety-controller"},
		{fact.OrderNumber, "6ES7 155-6AU01-0BN0", "remote-io"},
		{fact.OrderNumber, "6ES7 151-8AB01-0AB0", "plc"},
		{fact.OrderNumber, "6AV2 123-2GB03-0AX0", "hmi"},
		{fact.OrderNumber, "6GK5 208-0BA10-2AA3", "switch"},
		{fact.OrderNumber, "6SL3 244-0BB12-1FA0", "drive"},
		{fact.OrderNumber, "3UF7 011-1AU00-0", "drive"},
		{fact.OrderNumber, "1756-L71S", "plc"},
		{fact.OrderNumber, "1734-AENT", "remote-io"},
		{fact.OrderNumber, "2711P-T10C22D9P", "hmi"},
		{fact.Model, "CPU 315-2 PN/DP", "plc"},
		{fact.Model, "S7-1200", "plc"},
		{fact.Model, "1756-L61/B LOGIX5561", "plc"},
		{fact.Model, "1769-L33ER/A LOGIX5333ER", "plc"},
		{fact.Model, "PowerFlex 525 3P 400V .50HP", "drive"},
		{fact.Model, "PanelView Plus 7", "hmi"},
		{fact.Model, "BMX P34 2020", "plc"},
		{fact.Model, "TM221CE16R", "plc"},
		{fact.Model, "ATV320", "drive"},
		{fact.Model, "Q03UDECPU", "plc"},
		{fact.Model, "KTP700 Basic", "hmi"},
		{fact.Model, "SCALANCE X208", "switch"},
		{fact.Model, "EDS-408A", "switch"},
		{fact.Model, "NPort 5110", "gateway"},
		{fact.Model, "cisco WS-C2950-12", "switch"},
		{fact.Model, "750-881", "plc"},
		{fact.Model, "750-352", "remote-io"},
		{fact.Model, "REF615", "protection-relay"},
		{fact.Model, "SEL-751A", "protection-relay"},
		{fact.Model, "MS-NAE4510-2", "building-controller"},
		{fact.Model, "FortiGate-60F", "firewall"},
		{fact.DeviceType, "Programmable Logic Controller", "plc"},
		{fact.DeviceType, "AC Drive", "drive"},
		{fact.DeviceType, "Human-Machine Interface", "hmi"},
		{fact.DeviceType, "Managed Ethernet Switch", "switch"},
		{fact.Description, "Siemens, SIMATIC HMI, KTP700 Basic, 6AV2 123-2GB03-0AX0", "hmi"},
		{fact.Description, "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153", "printer"},
		{fact.Description, "Ruijie Full Gigabit Security & Intelligence Access Switch", "switch"},
		{fact.Description, "ups", "unknown"}, // too short a word for prose
		{fact.Description, "a nice machine", "unknown"},
		{fact.OS, "Windows 10 or 11 (10.0)", "workstation"},
		{fact.OS, "Windows Server 2003 (5.2)", "server"},
		{fact.Software, "KEPServerEX 6", "opc-server"},
		{fact.Software, "RSLogix 5000", "engineering-station"},
		{fact.DeviceName, "HMI-Halle-3", "hmi"},
		{fact.Hostname, "ews01.plant.local", "engineering-station"},
		{fact.Hostname, "hamish", "unknown"},
	} {
		w := newWorld(t)
		w.arp("10.0.0.2", "06:00:00:00:00:02")
		w.say("10.0.0.2@06:00:00:00:00:02", c.attr, c.value, "test", "test", 95)
		r := find(t, w.resolve(), "10.0.0.2").Role
		if r.Value != c.want {
			t.Errorf("%s %q is a %s (%d, %s), want %s", c.attr, c.value, r.Value, r.Confidence, r.Why, c.want)
		}
	}
}

const (
	us   = "10.0.0.9@06:00:00:00:00:09"
	peer = "10.0.0.2@06:00:00:00:00:02"
)

// What a thing does tells its role and its Purdue level.
func TestBehaviour(t *testing.T) {
	device := func(i int) string { return fmt.Sprintf("10.0.1.%d@06:00:00:00:01:%02x", i, i) }
	for _, c := range []struct {
		name  string
		facts func(*world)
		role  string
		level float64
		why   string
		uses  string
	}{
		{"serves S7comm", func(w *world) {
			w.two(peer, us+":102", "s7comm")
			w.op("s7comm", "0x04", fact.Read, 50, 50)
		}, "plc", 1, "answers S7comm", "s7comm/server"},
		{"polls one", func(w *world) {
			w.two(us, peer+":502", "modbus")
			w.op("modbus", "3", fact.Read, 50, 50)
		}, "hmi", 2, "polls one field device by Modbus", "modbus/client"},
		{"polls many", func(w *world) {
			for i := range 8 {
				w.two(us, device(i+1)+":502", "modbus")
				w.op("modbus", "3", fact.Read, 50, 50)
				w.op("modbus", "16", fact.Write, 5, 5)
			}
		}, "scada-server", 2, "polls and operates 8 field devices by Modbus", "modbus/client"},
		{"loads programs", func(w *world) {
			w.two(us, peer+":102", "s7comm")
			w.op("s7comm", "0x1a", fact.Program, 3, 3)
		}, "engineering-station", 2, "loads programs or firmware", "s7comm/client"},
		{"is loaded, and asks for the blocks itself", func(w *world) {
			w.two(peer, us+":102", "s7comm")
			w.op("s7comm", "0x04", fact.Read, 20, 20)
			f := &w.flows[len(w.flows)-1]
			f.Operations = append(f.Operations, fact.OperationStat{Function: &fact.Function{Protocol: "s7comm", Code: "0x1b", Class: fact.Program}, From: 1,
				Seen: fact.Seen{First: f.First, Last: f.Last, Frame: f.Frame, Count: 20}})
		}, "plc", 1, "answers S7comm", "s7comm/server"},
		{"a PLC that polls another", func(w *world) {
			w.two(us, peer+":102", "s7comm")
			w.op("s7comm", "0x04", fact.Read, 20, 20)
			w.two(device(1), us+":102", "s7comm")
			w.op("s7comm", "0x04", fact.Read, 20, 20)
			w.say(us, fact.OrderNumber, "6ES7 315-2EH14-0AB0", "S7 SZL", "s7comm", 100)
		}, "plc", 1, "has the order number", "s7comm/client s7comm/server"},
		{"a control centre", func(w *world) {
			w.two(us, peer+":20000", "dnp3")
			w.op("dnp3", "1", fact.Read, 20, 20)
		}, "scada-server", 2, "control centre's end of DNP3", "dnp3/client"},
		{"an outstation", func(w *world) {
			w.two(peer, us+":20000", "dnp3")
			w.op("dnp3", "1", fact.Read, 20, 20)
		}, "rtu", 1, "answers DNP3", "dnp3/server"},
		{"a domain controller", func(w *world) {
			w.two(peer, us+":88", "kerberos")
			w.two(peer, us+":389", "")
			w.two(peer, us+":53", "dns")
		}, "domain-controller", 3, "answers Kerberos and the directory", "dns/server kerberos/server"},
		{"a printer", func(w *world) { w.two(peer, us+":9100", "") }, "printer", -1, "JetDirect", ""},
		{"a switch", func(w *world) { w.notice(us, "-@01:80:c2:00:00:00", "stp", fact.Other) }, "switch", -1, "spanning tree", "stp/peer"},
		{"a workstation on the Internet", func(w *world) {
			w.two(us, "52.1.2.3@00:1e:f7:00:00:01:443/44", "tls")
		}, "workstation", 4, "browses the web", "tls/client"},
		{"a GOOSE publisher", func(w *world) {
			w.notice(us, "-@01:0c:cd:01:00:01", "goose", fact.Data)
			w.say(us, fact.RoleHint, "protection-relay", "GOOSE publisher", "goose", 50)
		}, "protection-relay", 1, "GOOSE publisher", "goose/peer"},
		{"two roles near one another", func(w *world) {
			w.say(us, fact.RoleHint, "plc", "a", "x", 60)
			w.say(us, fact.RoleHint, "hmi", "b", "y", 55)
			w.arp("10.0.0.9", "06:00:00:00:00:09")
		}, "plc", 1, "it may also be a hmi", "arp/peer"},
		{"next to nothing", func(w *world) { w.arp("10.0.0.9", "06:00:00:00:00:09") }, "unknown", -1, "only ARP was seen", "arp/peer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			c.facts(w)
			a := find(t, w.resolve(), "10.0.0.9")
			if a.Role.Value != c.role || !strings.Contains(a.Role.Why, c.why) {
				t.Errorf("role %+v, want %s for %q", a.Role, c.role, c.why)
			}
			if a.PurdueLevel != c.level {
				t.Errorf("level %v (%s), want %v", a.PurdueLevel, a.PurdueWhy, c.level)
			}
			var us []string
			for _, u := range a.Protocols {
				us = append(us, u.Protocol+"/"+u.As)
			}
			if got := strings.Join(us, " "); got != c.uses {
				t.Errorf("uses %q, want %q", got, c.uses)
			}
		})
	}
}
