// Package lab_test checks the files of the demo plant without running it:
// plant.yaml, the scenarios, and the captures with their truth.
package lab_test

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const (
	maxCapture  = 1 << 20
	maxCaptures = 25 << 20
)

type zone struct {
	Net   string
	Also  []string
	Level float64
	Name  string
}

type talk struct {
	Do    string
	To    any
	Port  int
	TLS   bool
	Quiet bool
}

type host struct {
	Zone, MAC, Role, Program string
	IP                       any
	Extra                    bool
	Serves                   []struct{ Kind string }
	Talks                    []talk
}

type conduit struct {
	From, To string
	Ports    []string
	Why      string
}

type plant struct {
	Site       string
	Zones      map[string]zone
	Router     struct{ Name, MAC string }
	Conduits   []conduit
	Weaknesses []struct {
		Detection  int
		Host, What string
	}
	Hosts map[string]host
}

type scenario struct {
	Title, About string
	Seconds      float64
	Startup      bool
	Conduits     []conduit
	Steps        []map[string]any
	Want         []struct {
		Detection     int
		Actor, Target string
	}
	Quiet   any
	Restore []string
}

// roles are the role hints of package fact, as the engine names them.
var roles = strings.Fields(`plc rtu safety-controller remote-io drive hmi scada-server engineering-station historian
	opc-server gateway switch router firewall access-point domain-controller server workstation camera printer phone
	protection-relay robot cnc sensor meter ups nas building-controller clock broker cloud-service`)

// ports that a talk uses, by the module that does it.
var ports = map[string]string{
	"modbus": "tcp/502", "s7": "tcp/102", "opcua": "tcp/4840", "enip": "tcp/44818", "bacnet": "udp/47808",
	"iec104": "tcp/2404", "dnp3": "tcp/20000", "snmp": "udp/161", "ssh": "tcp/22", "ftp": "tcp/21", "dns": "udp/53",
	"ntp": "udp/123", "syslog": "udp/514", "smb": "tcp/445", "ldap": "tcp/389", "postgres": "tcp/5432",
}

func read[T any](t *testing.T, name string) T {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := yaml.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func targets(to any) []string {
	switch v := to.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, x.(string))
		}
		return out
	}
	return nil
}

func (p plant) address(t *testing.T, name string) netip.Addr {
	t.Helper()
	h := p.Hosts[name]
	if s, ok := h.IP.(string); ok {
		return netip.MustParseAddr(s)
	}
	n, err := strconv.Atoi(strings.TrimSpace(toText(h.IP)))
	if err != nil {
		t.Fatalf("host %s: address %v", name, h.IP)
	}
	a := netip.MustParsePrefix(p.Zones[h.Zone].Net).Addr().As4()
	a[3] = byte(n)
	return netip.AddrFrom4(a)
}

func toText(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func TestPlant(t *testing.T) {
	p := read[plant](t, "plant.yaml")
	if len(p.Zones) < 6 || len(p.Hosts) < 40 {
		t.Fatalf("%d zones and %d hosts are too few", len(p.Zones), len(p.Hosts))
	}
	mac := regexp.MustCompile(`^([0-9a-f]{2}:){5}[0-9a-f]{2}$`)
	seen := map[string]string{}
	for name, h := range p.Hosts {
		z, ok := p.Zones[h.Zone]
		if !ok {
			t.Errorf("host %s: zone %q is not declared", name, h.Zone)
			continue
		}
		if !mac.MatchString(h.MAC) || !slices.Contains(roles, h.Role) {
			t.Errorf("host %s: MAC %q or role %q", name, h.MAC, h.Role)
		}
		ip := p.address(t, name)
		inside := false
		for _, n := range append([]string{z.Net}, z.Also...) {
			inside = inside || netip.MustParsePrefix(n).Contains(ip)
		}
		if !inside {
			t.Errorf("host %s: %s is outside zone %s", name, ip, h.Zone)
		}
		for _, key := range []string{h.MAC, ip.String()} {
			if other, taken := seen[key]; taken {
				t.Errorf("hosts %s and %s share %s", name, other, key)
			}
			seen[key] = name
		}
		for _, s := range h.Serves {
			need(t, "host "+name, "plant/serve/"+strings.ReplaceAll(s.Kind, "-", "_")+".py", "serve")
		}
	}
}

// need reports when a module has no such function.
func need(t *testing.T, who, file, function string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%s: %v", who, err)
		return
	}
	if !regexp.MustCompile(`(?m)^def ` + regexp.QuoteMeta(function) + `\(`).Match(b) {
		t.Errorf("%s: %s has no function %s", who, file, function)
	}
}

func (p plant) allows(from, to, port string) bool {
	in := func(end, name string) bool { return end == name || end == p.Hosts[name].Zone }
	for _, c := range p.Conduits {
		if in(c.From, from) && in(c.To, to) && slices.Contains(c.Ports, port) {
			return true
		}
	}
	return p.Hosts[from].Zone == p.Hosts[to].Zone
}

// What a host does every day must pass the firewall; else the plant is full of refusals.
func TestTalksHaveConduits(t *testing.T) {
	p := read[plant](t, "plant.yaml")
	for _, c := range p.Conduits {
		for _, end := range []string{c.From, c.To} {
			if _, z := p.Zones[end]; !z && p.Hosts[end].MAC == "" {
				t.Errorf("conduit %s to %s: %q is neither zone nor host", c.From, c.To, end)
			}
		}
		if c.Why == "" || len(c.Ports) == 0 {
			t.Errorf("conduit %s to %s has no reason or no ports", c.From, c.To)
		}
	}
	for name, h := range p.Hosts {
		for _, k := range h.Talks {
			module, function, _ := strings.Cut(k.Do, ".")
			if !k.Quiet {
				need(t, "host "+name, "plant/serve/"+module+".py", strings.ReplaceAll(function, "-", "_"))
			}
			for _, to := range targets(k.To) {
				if p.Hosts[to].MAC == "" {
					t.Errorf("host %s talks to %q, which is not there", name, to)
					continue
				}
				port := ports[module]
				switch {
				case module == "web" && k.TLS:
					port = "tcp/443"
				case module == "web":
					port = "tcp/80"
				case module == "mqtt" && k.TLS:
					port = "tcp/8883"
				case module == "mqtt":
					port = "tcp/1883"
				}
				if port != "" && !k.Quiet && !p.allows(name, to, port) {
					t.Errorf("no conduit lets %s reach %s by %s", name, to, port)
				}
			}
		}
	}
}

func detections(t *testing.T) map[int]string {
	t.Helper()
	b, err := os.ReadFile("detections.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]string{}
	for line := range strings.Lines(string(b)) {
		if n, name, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			if k, err := strconv.Atoi(n); err == nil {
				out[k] = name
			}
		}
	}
	return out
}

func scenarios(t *testing.T) map[string]scenario {
	t.Helper()
	files, _ := filepath.Glob("scenarios/*.yaml")
	out := map[string]scenario{}
	for _, f := range files {
		out[strings.TrimSuffix(filepath.Base(f), ".yaml")] = read[scenario](t, f)
	}
	if len(out) < 40 {
		t.Fatalf("%d scenarios are too few", len(out))
	}
	return out
}

func TestScenarios(t *testing.T) {
	p, known := read[plant](t, "plant.yaml"), detections(t)
	there := func(name string) bool { return p.Hosts[name].MAC != "" }
	handbook, err := os.ReadFile("../docs/lab.md")
	if err != nil {
		t.Fatal(err)
	}
	quiet := 0
	for name, s := range scenarios(t) {
		if !strings.Contains(string(handbook), "| `"+name+"` |") {
			t.Errorf("docs/lab.md has no row for %s: write what lab.py table prints", name)
		}
		if s.Title == "" || s.About == "" || s.Seconds <= 0 || s.Seconds > 300 {
			t.Errorf("%s: title, about or length is missing", name)
		}
		for _, step := range s.Steps {
			for _, key := range []string{"on", "host", "to", "victim", "peer"} {
				if h, ok := step[key].(string); ok && !there(h) {
					t.Errorf("%s: no host %s", name, h)
				}
			}
			do, _ := step["do"].(string)
			if _, ok := step["on"]; ok {
				module, function, _ := strings.Cut(do, ".")
				need(t, name, "plant/attack/"+module+".py", function)
			}
		}
		for _, w := range s.Want {
			if known[w.Detection] == "" {
				t.Errorf("%s: no detection %d", name, w.Detection)
			}
			if w.Actor == "" && w.Target == "" || w.Actor != "" && !there(w.Actor) || w.Target != "" && !there(w.Target) {
				t.Errorf("%s: detection %d of %q on %q", name, w.Detection, w.Actor, w.Target)
			}
		}
		if len(s.Want) == 0 {
			quiet++
			if s.Quiet != "all" {
				t.Errorf("%s wants nothing and does not say quiet: all", name)
			}
		}
	}
	if quiet < 4 {
		t.Errorf("%d quiet stretches are too few", quiet)
	}
}

// The truth beside the captures must be that of plant.yaml and of the scenarios.
func TestCaptures(t *testing.T) {
	files, _ := filepath.Glob("captures/*.pcap.zst")
	if len(files) == 0 {
		t.Skip("no captures yet: make lab-captures")
	}
	p, all := read[plant](t, "plant.yaml"), scenarios(t)
	var truth struct {
		Hosts []struct {
			Name, Role, Zone string
			IPs, MACs        []string
			Level            *float64 `json:"purdue_level"`
		}
		Allowed []struct{ Client, Server, Protocol string }
	}
	parse(t, "captures/plant.json", &truth)
	found := map[string]bool{}
	for _, h := range truth.Hosts {
		found[h.Name] = true
		if h.Name == p.Router.Name {
			continue
		}
		want := p.Hosts[h.Name]
		if want.MAC == "" || !slices.Contains(h.MACs, want.MAC) || !slices.Contains(h.IPs, p.address(t, h.Name).String()) ||
			h.Role != want.Role || h.Zone != want.Zone || h.Level == nil {
			t.Errorf("truth of %s is not that of plant.yaml", h.Name)
		}
	}
	for name := range p.Hosts {
		if !found[name] {
			t.Errorf("the truth has no %s", name)
		}
	}
	total := int64(0)
	for _, f := range files {
		st, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		total += st.Size()
		name := strings.TrimSuffix(filepath.Base(f), ".pcap.zst")
		if st.Size() > maxCapture {
			t.Errorf("%s has %d bytes", f, st.Size())
		}
		s, ok := all[name]
		if !ok {
			t.Errorf("%s has no scenario", f)
			continue
		}
		var doc struct {
			Scenario, First, Last string
			Events                []struct {
				Do     string
				Failed bool
			}
			Want []struct{ Detection int }
		}
		parse(t, "captures/"+name+".json", &doc)
		if doc.Scenario != name || doc.First == "" || doc.Last == "" || len(doc.Events) != len(s.Steps) || len(doc.Want) != len(s.Want) {
			t.Errorf("captures/%s.json is not of its scenario", name)
		}
		for _, e := range doc.Events {
			if e.Failed {
				t.Errorf("%s: step %s failed while it was recorded", name, e.Do)
			}
		}
	}
	if total > maxCaptures {
		t.Errorf("captures have %d bytes together", total)
	}
}

func parse(t *testing.T, name string, v any) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
