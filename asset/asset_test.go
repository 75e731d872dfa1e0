package asset_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Hardware addresses of the plant.
const (
	hmi1   = "00:1b:1b:00:00:01"
	plc1   = "00:1b:1b:00:00:20"
	plc2   = "00:0e:8c:00:00:30"
	pcA    = "18:66:da:00:00:01"
	pcB    = "70:5a:0f:00:00:02"
	rt     = "00:1e:f7:00:00:01"
	rt2    = "00:1e:f7:00:10:01"
	vrrp   = "00:00:5e:00:01:0a"
	mallet = "08:00:27:00:00:66"
)

// situations are ways in which addresses and things go together.
var situations = []struct {
	name  string
	facts func(*world)
	want  string // lines of text(), without what follows the interfaces where it does not matter
	notes []string
}{
	{"two hosts and ARP", func(w *world) {
		w.arp("10.0.0.1", hmi1)
		w.arp("10.0.0.2", plc1)
		w.two("10.0.0.1@"+hmi1, "10.0.0.2@"+plc1, "")
	}, `10.0.0.1 [00:1b:1b:00:00:01 10.0.0.1]
10.0.0.2 [00:1b:1b:00:00:20 10.0.0.2]
`, nil},
	{"silent targets are no assets", func(w *world) {
		w.one("10.0.0.1@"+hmi1, "10.0.0.77@"+plc1, "")
		w.one("10.0.0.1@"+hmi1, "255.255.255.255@ff:ff:ff:ff:ff:ff", "")
		w.one("10.0.0.1@"+hmi1, "239.1.2.3@01:00:5e:01:02:03", "")
	}, "10.0.0.1 [00:1b:1b:00:00:01 10.0.0.1]\n", nil},
	{"a stream seen one way proves its server", func(w *world) {
		w.one("10.0.0.1@"+hmi1, "10.0.0.2@"+plc1, "s7comm")
	}, `10.0.0.1 [00:1b:1b:00:00:01 10.0.0.1]
10.0.0.2 [00:1b:1b:00:00:20 10.0.0.2]
`, nil},
	{"no address yet", func(w *world) {
		w.one("0.0.0.0@"+pcA, "255.255.255.255@ff:ff:ff:ff:ff:ff", "dhcp")
		w.one("::@"+pcA, "ff02::16@33:33:00:00:00:16", "icmpv6")
	}, "18:66:da:00:00:01 [18:66:da:00:00:01]\n", nil},
	{"senders that no host can be", func(w *world) {
		w.one("255.255.255.255@"+pcA, "10.0.0.2@"+plc1, "")
		w.one("224.0.0.9@"+pcA, "10.0.0.2@"+plc1, "")
		w.one("-@ff:ff:ff:ff:ff:ff", "-@"+plc1, "")
	}, "", nil},
	{"IPv4 and IPv6 on one card", func(w *world) {
		w.two("10.0.0.9@"+pcA, "10.0.0.2@"+plc1, "")
		w.one("fe80::1a66:daff:fe00:1@"+pcA+":0/255", "ff02::fb@33:33:00:00:00:fb", "mdns")
		w.one("2001:db8:1::9@"+pcA+":0/128", "ff02::fb@33:33:00:00:00:fb", "mdns")
	}, `10.0.0.2 [00:1b:1b:00:00:20 10.0.0.2]
10.0.0.9 [18:66:da:00:00:01 10.0.0.9 2001:db8:1::9 fe80::1a66:daff:fe00:1]
`, nil},
	{"several addresses on one card", func(w *world) {
		w.arp("10.0.0.1", pcA)
		w.arp("10.0.0.11", pcA)
		w.arp("192.168.7.1", pcA)
	}, "10.0.0.1 [18:66:da:00:00:01 10.0.0.1 10.0.0.11 192.168.7.1]\n", nil},
	{"a new lease", func(w *world) {
		w.arp("10.0.0.50", pcA)
		w.later(time.Hour)
		w.arp("10.0.0.51", pcA)
	}, "10.0.0.50 [18:66:da:00:00:01 10.0.0.50 10.0.0.51]\n", nil},
	{"DHCP binds", func(w *world) {
		w.say("!-@"+pcA, fact.IPAssigned, "10.0.0.50", "DHCP assigned address", "dhcp", 95)
	}, "10.0.0.50 [18:66:da:00:00:01 10.0.0.50]\n", nil},
	{"a lease passed on", func(w *world) {
		w.say("!-@"+pcA, fact.IPAssigned, "10.0.0.50", "DHCP assigned address", "dhcp", 95)
		w.later(48 * time.Hour)
		w.say("!-@"+pcA, fact.IPAssigned, "10.0.0.51", "DHCP assigned address", "dhcp", 95)
		w.say("!-@"+pcB, fact.IPAssigned, "10.0.0.50", "DHCP assigned address", "dhcp", 95)
	}, `10.0.0.50 [70:5a:0f:00:00:02 10.0.0.50]
10.0.0.51 [18:66:da:00:00:01 10.0.0.50 10.0.0.51]
`, []string{"DHCP gave it to another device"}},
	{"a router with many addresses behind it", func(w *world) {
		w.arp("10.0.0.254", rt)
		w.arp("10.0.0.2", plc1)
		for i := range 12 {
			w.two(fmt.Sprintf("10.1.%d.5@%s:0/127", i, rt), "10.0.0.2@"+plc1, "")
		}
	}, `10.0.0.2 [00:1b:1b:00:00:20 10.0.0.2]
10.0.0.254 [00:1e:f7:00:00:01 10.0.0.254] router
10.1.0.5 [ 10.1.0.5]
10.1.1.5 [ 10.1.1.5]
10.1.2.5 [ 10.1.2.5]
10.1.3.5 [ 10.1.3.5]
10.1.4.5 [ 10.1.4.5]
10.1.5.5 [ 10.1.5.5]
10.1.6.5 [ 10.1.6.5]
10.1.7.5 [ 10.1.7.5]
10.1.8.5 [ 10.1.8.5]
10.1.9.5 [ 10.1.9.5]
10.1.10.5 [ 10.1.10.5]
10.1.11.5 [ 10.1.11.5]
`, nil},
	{"both sides of a router", func(w *world) {
		w.arp("10.0.0.254", rt)
		w.arp("10.0.1.254", rt2)
		w.two("10.0.0.5@"+pcA+":0/128", "10.0.1.2@"+rt+":0/63", "")
		w.two("10.0.0.5@"+rt2+":0/127", "10.0.1.2@"+plc1+":0/64", "")
	}, `10.0.0.5 [18:66:da:00:00:01 10.0.0.5]
10.0.0.254 [00:1e:f7:00:00:01 10.0.0.254] router
10.0.1.2 [00:1b:1b:00:00:20 10.0.1.2]
10.0.1.254 [00:1e:f7:00:10:01 10.0.1.254] router
`, nil},
	{"peers on the Internet", func(w *world) {
		w.arp("10.0.0.254", rt)
		w.two("10.0.0.5@"+pcA, "52.1.2.3@"+rt+":443/44", "tls").Session = []fact.SessionStat{{Attr: fact.SessionSNI, Value: "update.example.com"}}
		w.two("10.0.0.5@"+pcA, "8.8.8.8@"+rt+":53/57", "dns")
		w.say("!8.8.8.8", fact.Hostname, "dns.google", "DNS answer", "dns", 70)
	}, `10.0.0.5 [18:66:da:00:00:01 10.0.0.5]
10.0.0.254 [00:1e:f7:00:00:01 10.0.0.254] router
external 8.8.8.8 dns.google
external 52.1.2.3 update.example.com
`, nil},
	{"public addresses inside the plant", func(w *world) {
		for i := range 5 {
			w.two("141.81.0.10@"+pcA, fmt.Sprintf("141.81.0.%d@00:0e:8c:00:00:%02x", 20+i, 0x30+i), "")
		}
		w.two("141.81.7.7@"+rt+":0/62", "141.81.0.10@"+pcA, "")
	}, `141.81.0.10 [18:66:da:00:00:01 141.81.0.10]
141.81.0.20 [00:0e:8c:00:00:30 141.81.0.20]
141.81.0.21 [00:0e:8c:00:00:31 141.81.0.21]
141.81.0.22 [00:0e:8c:00:00:32 141.81.0.22]
141.81.0.23 [00:0e:8c:00:00:33 141.81.0.23]
141.81.0.24 [00:0e:8c:00:00:34 141.81.0.24]
141.81.7.7 [ 141.81.7.7]
00:1e:f7:00:00:01 [00:1e:f7:00:00:01] router
`, nil},
	{"a shared address of routers", func(w *world) {
		w.arp("10.0.0.252", rt)
		w.arp("10.0.0.254", vrrp)
		f := w.one("10.0.0.252@"+vrrp+":0/255", "224.0.0.18@01:00:5e:00:00:12", "")
		f.Transport = "vrrp"
	}, "10.0.0.252 [00:1e:f7:00:00:01 10.0.0.252] [00:00:5e:00:01:0a 10.0.0.254] router\n", []string{"announces the shared router address"}},
	{"two cards, one chassis", func(w *world) {
		w.arp("192.168.0.1", "e0:dc:a0:34:21:d4")
		w.notice("-@e0:dc:a0:34:21:d5", "-@01:80:c2:00:00:0e", "lldp", fact.Discover)
		w.say("-@e0:dc:a0:34:21:d5", fact.MACStated, "e0:dc:a0:34:21:d4", "LLDP PROFINET chassis MAC", "lldp", 95)
		w.say("-@e0:dc:a0:34:21:d5", fact.IPAssigned, "192.168.0.1", "LLDP management address", "lldp", 95)
	}, "192.168.0.1 [e0:dc:a0:34:21:d4 192.168.0.1] [e0:dc:a0:34:21:d5]\n", []string{"LLDP management address"}},
	{"two cards, one host name", func(w *world) {
		for i, m := range []string{pcA, pcB} {
			w.arp(fmt.Sprintf("10.0.%d.5", i), m)
			w.say(fmt.Sprintf("10.0.%d.5@%s", i, m), fact.Hostname, "SCADA-SRV-7", "NetBIOS datagram source name", "nbdgm", 80)
		}
	}, "10.0.0.5 [18:66:da:00:00:01 10.0.0.5] [70:5a:0f:00:00:02 10.0.1.5]\n", []string{"both call themselves SCADA-SRV-7"}},
	{"names that many have", func(w *world) {
		for i, m := range []string{pcA, pcB} {
			w.arp(fmt.Sprintf("10.0.%d.5", i), m)
			w.say(fmt.Sprintf("10.0.%d.5@%s", i, m), fact.Hostname, "localhost", "DHCP host name", "dhcp", 90)
			w.say(fmt.Sprintf("10.0.%d.5@%s", i, m), fact.Serial, "00000000", "CIP identity object", "enip", 100)
		}
	}, `10.0.0.5 [18:66:da:00:00:01 10.0.0.5]
10.0.1.5 [70:5a:0f:00:00:02 10.0.1.5]
`, nil},
	{"one serial number on two addresses", func(w *world) {
		for i, m := range []string{plc1, plc2} {
			w.arp(fmt.Sprintf("10.0.%d.5", i), m)
			w.say(fmt.Sprintf("10.0.%d.5@%s", i, m), fact.Serial, "S C-B1U393142011", "S7 SZL 0x1c", "s7comm", 100)
		}
	}, "10.0.0.5 [00:1b:1b:00:00:20 10.0.0.5] [00:0e:8c:00:00:30 10.0.1.5]\n", []string{"both state the serial number"}},
	{"different serial numbers keep apart", func(w *world) {
		for i, m := range []string{plc1, plc2} {
			w.arp(fmt.Sprintf("10.0.%d.5", i), m)
			w.say(fmt.Sprintf("10.0.%d.5@%s", i, m), fact.Serial, fmt.Sprintf("SN-77100%d", i), "S7 SZL 0x1c", "s7comm", 100)
			w.say(fmt.Sprintf("10.0.%d.5@%s", i, m), fact.Hostname, "line-seven", "DHCP host name", "dhcp", 90)
		}
	}, `10.0.0.5 [00:1b:1b:00:00:20 10.0.0.5]
10.0.1.5 [00:0e:8c:00:00:30 10.0.1.5]
`, nil},
	{"a replaced device", func(w *world) {
		w.arp("10.0.0.2", plc1)
		w.later(24 * time.Hour)
		w.arp("10.0.0.2", plc2)
	}, `10.0.0.2 [00:0e:8c:00:00:30 10.0.0.2]
00:1b:1b:00:00:20 [00:1b:1b:00:00:20 10.0.0.2]
`, []string{"replaced"}},
	{"two devices set to one address", func(w *world) {
		w.arp("10.0.0.2", plc1)
		w.arp("10.0.0.2", plc2)
		w.arp("10.0.0.2", plc1)
	}, `10.0.0.2 [00:1b:1b:00:00:20 10.0.0.2]
00:0e:8c:00:00:30 [00:0e:8c:00:00:30 10.0.0.2]
`, []string{"at the same time: set twice, or pretended"}},
	{"a forger of ARP", func(w *world) {
		w.arp("10.0.0.2", plc1)
		w.arp("10.0.0.66", mallet)
		w.arp("10.0.0.2", mallet)
		w.arp("10.0.0.2", plc1)
	}, `10.0.0.2 [00:1b:1b:00:00:20 10.0.0.2]
10.0.0.66 [08:00:27:00:00:66 10.0.0.66]
`, []string{"which has other addresses of its own, also uses 10.0.0.2"}},
	{"a flood of made-up senders", func(w *world) {
		w.arp("10.0.0.66", mallet)
		for i := range 100 {
			w.one(fmt.Sprintf("10.9.0.%d@%s", i+1, mallet), "10.0.0.2@"+plc1, "")
		}
	}, "10.0.0.66 [08:00:27:00:00:66 10.0.0.66]\n", []string{"sends from 100 addresses that nobody answered"}},
	{"a scanner with random hop counts is no router", func(w *world) {
		for i := range 20 {
			w.one(fmt.Sprintf("10.0.0.66@%s:0/%d", mallet, 37+i), fmt.Sprintf("10.0.0.%d@%s", 100+i, plc1), "")
		}
	}, "10.0.0.66 [08:00:27:00:00:66 10.0.0.66]\n", nil},
	{"joined network cards", func(w *world) {
		w.arp("10.0.0.5", "18:66:da:00:00:01")
		w.two("10.0.0.5@18:66:da:00:00:01", "10.0.0.2@"+plc1, "")
		w.two("10.0.0.5@18:66:da:00:00:02", "10.0.0.2@"+plc1, "")
		w.two("10.0.0.5@18:66:da:00:00:01", "10.0.0.2@"+plc1, "")
	}, `10.0.0.2 [00:1b:1b:00:00:20 10.0.0.2]
10.0.0.5 [18:66:da:00:00:01 10.0.0.5] [18:66:da:00:00:02]
`, []string{"two network cards"}},
	{"EtherCAT frames that come back", func(w *world) {
		w.one("-@00:14:4f:23:98:cf", "-@ff:ff:ff:ff:ff:ff", "ethercat")
		w.one("-@02:14:4f:23:98:cf", "-@ff:ff:ff:ff:ff:ff", "ethercat")
	}, "00:14:4f:23:98:cf [00:14:4f:23:98:cf] [02:14:4f:23:98:cf]\n", []string{"EtherCAT frames"}},
	{"no link layer", func(w *world) {
		w.two("127.0.0.1", "127.0.0.1", "opcua")
		w.two("10.0.0.1", "10.0.0.2", "modbus")
		w.two("10.0.0.1", "52.1.2.3/50", "tls")
	}, `10.0.0.1 [ 10.0.0.1]
10.0.0.2 [ 10.0.0.2]
127.0.0.1 [ 127.0.0.1]
external 52.1.2.3
`, nil},
	{"ports of a router", func(w *world) {
		w.two("10.0.0.5@00:1c:7f:39:de:5b:0/63", "10.1.0.5@"+pcB, "")
		w.two("10.0.0.5@"+pcA, "10.1.0.5@00:1c:7f:39:de:5c:0/63", "")
	}, `10.0.0.5 [18:66:da:00:00:01 10.0.0.5]
10.1.0.5 [70:5a:0f:00:00:02 10.1.0.5]
00:1c:7f:39:de:5b [00:1c:7f:39:de:5b] [00:1c:7f:39:de:5c] firewall
`, []string{"ports of one router"}},
}

func TestSituations(t *testing.T) {
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			c.facts(w)
			v := w.resolve()
			if got := strip(text(v), c.want); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			all := notes(v)
			for _, n := range c.notes {
				if !strings.Contains(all, n) {
					t.Errorf("%q is not among the notes:\n%s", n, all)
				}
			}
			if len(c.notes) == 0 && all != "" {
				t.Errorf("unexpected notes:\n%s", all)
			}
			consistent(t, v)
		})
	}
}

// strip leaves out the roles that want does not name.
func strip(got, want string) string {
	lines, wants := strings.SplitAfter(got, "\n"), strings.SplitAfter(want, "\n")
	for i, l := range lines {
		if j := strings.LastIndex(l, "] "); j > 0 && (i >= len(wants) || strings.HasSuffix(wants[i], "]\n")) {
			lines[i] = l[:j+1] + "\n"
		}
	}
	return strings.Join(lines, "")
}

func notes(v *asset.Inventory) string {
	var s strings.Builder
	for _, a := range v.Assets {
		for _, c := range a.Conflicts {
			fmt.Fprintln(&s, c.Text, c.Frames)
		}
		for _, m := range a.Merged {
			fmt.Fprintln(&s, m)
		}
	}
	return s.String()
}

// consistent checks what holds for every inventory.
func consistent(t tb, v *asset.Inventory) {
	t.Helper()
	ids := make(map[asset.ID]bool)
	for i, a := range v.Assets {
		if a.ID == "" || a.ID == asset.Internet || ids[a.ID] {
			t.Errorf("asset %q is not unique", a.ID)
		}
		ids[a.ID] = true
		if a.Role.Value == "" || a.Role.Why == "" || a.Role.Value != "unknown" && a.Role.Confidence == 0 || a.Role.Value == "unknown" && a.Role.Confidence != 0 {
			t.Errorf("%s has the role %+v", a.ID, a.Role)
		}
		if a.PurdueLevel >= 0 && a.PurdueWhy == "" || a.PurdueLevel > 5 || a.PurdueLevel < -1 {
			t.Errorf("%s is on level %v for %q", a.ID, a.PurdueLevel, a.PurdueWhy)
		}
		if len(a.Interfaces) == 0 {
			t.Errorf("%s has no interface", a.ID)
		}
		for _, c := range a.Conflicts {
			if c.Frames == nil {
				t.Errorf("%s: conflict without frames: %s", a.ID, c.Text)
			}
		}
		for _, in := range a.Interfaces {
			for _, ip := range in.IPs {
				if got := v.Find(ip, in.MAC); got != a.ID {
					t.Errorf("Find(%s, %s) is %q, want %s", ip, in.MAC, got, a.ID)
				}
			}
			if !in.MAC.IsZero() {
				if got := v.Find(netip.Addr{}, in.MAC); got != a.ID {
					t.Errorf("Find(%s) is %q, want %s", in.MAC, got, a.ID)
				}
			}
		}
		for k, vs := range a.Attributes {
			for j := range vs[1:] {
				if vs[j].Confidence < vs[j+1].Confidence {
					t.Errorf("%s: %s is not in order", v.Assets[i].ID, k)
				}
			}
		}
	}
}

func TestFind(t *testing.T) {
	w := newWorld(t)
	w.arp("10.0.0.2", plc1)
	w.later(time.Hour)
	w.arp("10.0.0.2", plc2)
	w.two("10.0.0.5@"+pcA, "52.1.2.3@"+rt+":443/44", "tls")
	v := w.resolve()
	for _, c := range []struct {
		ip, mac string
		want    asset.ID
	}{
		{"10.0.0.2", plc2, "10.0.0.2"},
		{"10.0.0.2", plc1, plc1},
		{"10.0.0.2", rt, "10.0.0.2"},
		{"52.1.2.3", rt, asset.Internet},
		{"93.184.216.34", rt, asset.Internet}, // never answered
		{"10.0.0.99", plc1, ""},
		{"255.255.255.255", "ff:ff:ff:ff:ff:ff", ""},
		{"239.1.1.1", "01:00:5e:01:01:01", ""},
		{"0.0.0.0", pcA, "10.0.0.5"},
		{"", rt, rt},
		{"", mallet, ""},
		{"::ffff:10.0.0.2", plc2, "10.0.0.2"},
	} {
		var ip netip.Addr
		if c.ip != "" {
			ip = netip.MustParseAddr(c.ip)
		}
		if got := v.Find(ip, hw(t, c.mac)); got != c.want {
			t.Errorf("Find(%s, %s) is %q, want %q", c.ip, c.mac, got, c.want)
		}
	}
}

func TestAttributes(t *testing.T) {
	w := newWorld(t)
	w.arp("10.0.0.2", plc1)
	at := "10.0.0.2@" + plc1
	w.say(at, fact.Vendor, "SIEMENS AG", "LLDP system description", "lldp", 90)
	w.say(at, fact.Vendor, "Siemens", "LLDP system description", "lldp", 90)
	w.say(at, fact.FirmwareVer, "V2.8.1", "S7 SZL", "s7comm", 100)
	w.say(at, fact.FirmwareVer, "V2.8.1", "S7 SZL", "s7comm", 100)
	w.later(time.Hour)
	w.say(at, fact.FirmwareVer, "V2.9.4", "S7 SZL", "s7comm", 100)
	w.say(at, fact.Serial, "SC-1", "S7 SZL", "s7comm", 100)
	w.say(at, fact.Serial, "MMC 77", "S7 SZL", "s7comm", 95)
	w.say(at, fact.Model, "CPU 1516", "web page", "http", 60)
	w.say(at+"#slot 10", fact.Model, "DO 16", "S7 SZL", "s7comm", 100)
	w.say(at+"#slot 2", fact.Model, "DI 16", "S7 SZL", "s7comm", 100)
	a := find(t, w.resolve(), "10.0.0.2")
	if got := a.Best(fact.FirmwareVer); got != "V2.8.1" { // seen more often
		t.Errorf("firmware %q", got)
	}
	if v := a.Attributes[fact.FirmwareVer][0]; v.Count != 2 || v.Source != "S7 SZL" || v.Frame == 0 || v.First >= v.Last {
		t.Errorf("firmware %+v", v)
	}
	vendors := a.Attributes[fact.Vendor]
	if len(vendors) != 3 || vendors[2].Source != "IEEE registry" || !strings.HasPrefix(vendors[2].Value, "Siemens") {
		t.Errorf("vendors %+v", vendors)
	}
	if len(a.Parts) != 2 || a.Parts[0].Name != "slot 2" || a.Parts[1].Name != "slot 10" {
		t.Errorf("parts %+v", a.Parts)
	}
	if len(a.Attributes[fact.Model]) != 1 {
		t.Errorf("models of modules are among the models of the device: %+v", a.Attributes[fact.Model])
	}
	if len(a.Conflicts) != 1 || !strings.Contains(a.Conflicts[0].Text, "firmware changed from V2.8.1 to V2.9.4") || len(a.Conflicts[0].Frames) != 2 {
		t.Errorf("conflicts %+v", a.Conflicts)
	}
}

func TestContradiction(t *testing.T) {
	w := newWorld(t)
	w.arp("10.0.0.2", plc1)
	at := "10.0.0.2@" + plc1
	for range 2 {
		w.say(at, fact.Serial, "0051823f", "CIP identity object", "enip", 100)
		w.say(at, fact.Serial, "0051aec3", "CIP identity object", "enip", 100)
	}
	a := find(t, w.resolve(), "10.0.0.2")
	if len(a.Conflicts) != 1 || !strings.Contains(a.Conflicts[0].Text, "serial is stated in different ways: 0051823f, 0051aec3") {
		t.Errorf("conflicts %+v", a.Conflicts)
	}
}

func TestMakers(t *testing.T) {
	w := newWorld(t)
	for i, m := range []string{"00:0c:29:00:00:01", "52:54:00:00:00:01", "02:42:ac:11:00:02", "00:00:bc:00:00:01", "06:00:00:00:00:01"} {
		w.arp(fmt.Sprintf("10.0.0.%d", i+1), m)
	}
	v := w.resolve()
	for i, want := range []string{"virtual machine or container (VMware)", "virtual machine or container (QEMU/KVM)", "virtual machine or container (Docker)", "", ""} {
		a := v.Assets[i]
		if got := a.Best(fact.Description); got != want {
			t.Errorf("%s is described as %q, want %q", a.ID, got, want)
		}
		maker := a.Best(fact.Vendor)
		if (i == 3) != (maker == "Rockwell Automation") {
			t.Errorf("%s was made by %q", a.ID, maker)
		}
	}
}

func TestResolveTwice(t *testing.T) {
	w := newWorld(t)
	for _, c := range situations {
		c.facts(w)
	}
	b := w.builder()
	first := text(b.Resolve()) + notes(b.Resolve())
	if second := text(b.Resolve()) + notes(b.Resolve()); first != second {
		t.Errorf("first\n%s\nthen\n%s", first, second)
	}
}
