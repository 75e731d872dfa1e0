package report

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/bulkhead-ot/bulkhead/asset"
	"github.com/bulkhead-ot/bulkhead/fact"
)

// Severities of findings, worst first.
var severities = []string{"critical", "high", "medium", "low", "info"}

// standOut lists what a careful person would look at first: actions that
// change a plant, and weaknesses that the traffic itself shows.
func standOut(a *Analysis) []Finding {
	s := &look{a: a, names: make(map[asset.ID]string), roles: make(map[asset.ID]string), at: make(map[string]int), tries: make(map[string]*tries)}
	for _, x := range a.Assets {
		s.names[asset.ID(x.ID)], s.roles[asset.ID(x.ID)] = x.Name, x.Role.Value
		for _, c := range x.Conflicts {
			s.add("conflict", "medium", "Contradictory identity", []string{x.ID}, x.Name+": "+c.Text, c.Frames...)
		}
	}
	for i := range a.Conversations {
		c := &a.Conversations[i]
		s.actions(c)
		s.credentials(c)
		s.security(c)
		s.reach(c)
		s.ports(c)
		s.vain(c)
	}
	s.searches()
	slices.SortStableFunc(s.found, func(x, y Finding) int {
		return cmp.Compare(slices.Index(severities, x.Severity), slices.Index(severities, y.Severity))
	})
	for i := range s.found {
		s.found[i].ID = s.found[i].Check + "-" + strconv.Itoa(i+1)
	}
	if s.found == nil {
		return []Finding{}
	}
	return s.found
}

// maxFindings bounds the list; what is beyond is said in the last one.
const maxFindings = 500

type look struct {
	a     *Analysis
	names map[asset.ID]string
	roles map[asset.ID]string
	found []Finding
	at    map[string]int // finding of the same text
	tries map[string]*tries
	order []string // keys of tries, in the order of conversations
}

func (s *look) add(check, severity, title string, assets []string, text string, frames ...uint64) {
	if i, ok := s.at[check+text]; ok {
		f := &s.found[i]
		if len(f.Frames) < 16 {
			f.Frames = append(f.Frames, frames...)
		}
		return
	}
	if len(s.found) >= maxFindings {
		return
	}
	s.at[check+text] = len(s.found)
	if frames == nil {
		frames = []uint64{}
	}
	s.found = append(s.found, Finding{Check: check, Severity: severity, Title: title, Assets: slices.DeleteFunc(assets, func(x string) bool { return x == "" }), Text: text, Frames: frames})
}

// name is how an end is called in a sentence.
func (s *look) name(e *End) string {
	addr := cmp.Or(e.IP, e.MAC, "many hosts")
	if n := s.names[e.Asset]; n != "" && n != addr {
		return n + " (" + addr + ")"
	}
	return addr
}

func ids(c *Conversation) []string { return []string{string(c.Client.Asset), string(c.Server.Asset)} }

// deeds are the operation classes that change what a device does.
var deeds = []struct{ class, severity, verb string }{
	{fact.Firmware.String(), "high", "transferred firmware to or from"},
	{fact.Program.String(), "high", "touched the program of"},
	{fact.Control.String(), "high", "controlled"},
	{fact.Configure.String(), "medium", "changed settings of"},
}

// operators are the roles whose daily work it is to control.
var operators = []string{"scada-server", "hmi", "rtu", "gateway", "plc", "safety-controller"}

// actions reports operations that change what a device does, one finding for
// each class. What a device asks of the station that serves it, such as the
// blocks of a download, is part of what that station did.
func (s *look) actions(c *Conversation) {
	if c.Reverse {
		return
	}
	for _, d := range deeds {
		var done []string
		var frames []uint64
		var asked, refused, answered uint64
		status := ""
		for i := range c.Operations {
			o := &c.Operations[i]
			if o.Class != d.class || o.Requests == 0 || o.Reply {
				continue
			}
			asked += o.Requests
			refused += o.Errors
			answered += o.Responses
			status = cmp.Or(status, o.Status)
			done = append(done, describe(o)+", "+times(o.Requests))
			frames = append(frames, o.Frame)
		}
		if len(done) == 0 {
			continue
		}
		severity, outcome := d.severity, ""
		if (d.class == fact.Control.String() || d.class == fact.Configure.String()) && slices.Contains(operators, s.roles[c.Client.Asset]) {
			severity = "low"
		}
		switch {
		case refused >= asked:
			severity, outcome = "medium", " (refused)"
			if status != "" {
				outcome = " (refused: " + status + ")"
			}
		case answered == 0:
			outcome = " (no answer was seen)"
		}
		text := fmt.Sprintf("%s %s %s: %s%s", s.name(&c.Client), d.verb, s.name(&c.Server), list(done, 4), outcome)
		s.add(d.class, severity, "A station "+d.verb+" a device", ids(c), text, frames[:min(len(frames), 16)]...)
	}
}

// list joins the first n of what there is.
func list(parts []string, n int) string {
	if len(parts) > n {
		return strings.Join(parts[:n], "; ") + fmt.Sprintf("; and %d more kinds", len(parts)-n)
	}
	return strings.Join(parts, "; ")
}

func describe(o *Operation) string {
	t := o.Function
	if o.Object != "" && !strings.Contains(t, o.Object) {
		t += " (" + o.Object + ")"
	}
	return t
}

func times(n uint64) string {
	if n == 1 {
		return "once"
	}
	return strconv.FormatUint(n, 10) + " times"
}

// credentials reports passwords that crossed in clear and known defaults.
func (s *look) credentials(c *Conversation) {
	for _, f := range c.Session {
		if f.Attribute != fact.SessionPassword {
			continue
		}
		severity := "medium"
		if strings.Contains(f.Value, "default") || strings.Contains(f.Value, "empty") {
			severity = "high"
		}
		s.add("credentials", severity, "Credentials can be read on the wire", ids(c),
			fmt.Sprintf("%s used credentials on %s by %s that can be read on the wire: %s", s.name(&c.Client), s.name(&c.Server), c.Protocol, f.Value), f.Frame)
	}
}

// security reports sessions without protection where the protocol offers it.
func (s *look) security(c *Conversation) {
	// A client that signs asks for the endpoints on an open channel first.
	guarded := slices.ContainsFunc(c.Session, func(f SessionFact) bool {
		return f.Attribute == fact.SessionSecurity && !strings.HasPrefix(f.Value, "None") && f.Value != ""
	})
	for _, f := range c.Session {
		if f.Attribute != fact.SessionSecurity {
			continue
		}
		old := c.Protocol == "tls" && (strings.Contains(f.Value, "SSL") || strings.Contains(f.Value, "TLS 1.0") || strings.Contains(f.Value, "TLS 1.1"))
		none := c.Protocol == "opcua" && strings.HasPrefix(f.Value, "None") && !guarded
		switch {
		case old:
			s.add("security", "low", "Outdated encryption", ids(c), fmt.Sprintf("%s and %s agreed on %s", s.name(&c.Client), s.name(&c.Server), f.Value), f.Frame)
		case none:
			s.add("security", "medium", "OPC UA without protection", ids(c),
				fmt.Sprintf("%s and %s speak OPC UA with security policy None: neither signed nor encrypted", s.name(&c.Client), s.name(&c.Server)), f.Frame)
		}
	}
}

// reach reports conversations with peers outside the plant.
func (s *look) reach(c *Conversation) {
	out, in := c.Server.Asset == asset.Internet, c.Client.Asset == asset.Internet
	if out == in || c.Packets == 0 {
		return
	}
	inside, outside := &c.Client, &c.Server
	severity, verb := "medium", "talked to"
	if in {
		inside, outside = outside, inside
		severity, verb = "high", "was reached by"
	}
	if inside.Asset == "" {
		return
	}
	s.add("internet", severity, "Traffic with the internet", []string{string(inside.Asset)},
		fmt.Sprintf("%s %s the public address %s by %s", s.name(inside), verb, outside.IP, c.Protocol), c.Frame)
}

// ports reports a protocol on the port of another.
func (s *look) ports(c *Conversation) {
	if c.PortProtocol == "" || !c.Recognised || c.ServerPort == nil {
		return
	}
	s.add("port", "medium", "A protocol on the port of another", ids(c),
		fmt.Sprintf("%s serves %s on port %d, which is registered for %s", s.name(&c.Server), c.Protocol, *c.ServerPort, c.PortProtocol), c.Frame)
}

// vain counts attempts that came to nothing, by who made them.
func (s *look) vain(c *Conversation) {
	if c.Server.Many {
		s.add("scan", "high", "A search for hosts", ids(c),
			fmt.Sprintf("%s tried hosts by the hundred that did not answer (%s packets)", s.name(&c.Client), thousands(c.Packets)), c.Frame)
		return
	}
	if c.Recognised || c.ServerPayload > 0 || c.Server.Group || c.Transport != "tcp" && c.ServerPackets > 0 || c.Transport != "tcp" && c.Transport != "udp" {
		return
	}
	who := s.name(&c.Client)
	t := s.tries[who]
	if t == nil {
		t = &tries{client: c.Client, frame: c.Frame, hosts: make(map[string]bool)}
		s.tries[who] = t
		s.order = append(s.order, who)
	}
	t.ports += max(c.Ports, 1)
	t.frame = min(t.frame, c.Frame)
	t.hosts[s.name(&c.Server)] = true
}

// tries are the attempts of one client that came to nothing.
type tries struct {
	client End
	ports  int // pairs of host and port
	hosts  map[string]bool
	frame  uint64
}

// A person who looks for a service tries a few; this many is a search: on
// several hosts, or on one.
const (
	manyTries = 15
	manyPorts = 8
)

// searches reports who tried so much that it looks like a scan.
func (s *look) searches() {
	for _, who := range s.order {
		t := s.tries[who]
		if t.ports < manyTries && (t.ports < manyPorts || len(t.hosts) > 1) {
			continue
		}
		where := fmt.Sprintf("%d hosts", len(t.hosts))
		if len(t.hosts) == 1 {
			for h := range t.hosts {
				where = h
			}
		}
		s.add("scan", "high", "A search for open ports", []string{string(t.client.Asset)},
			fmt.Sprintf("%s tried %s combinations of host and port without success, on %s", who, thousands(uint64(t.ports)), where), t.frame)
	}
}

// thousands writes a number with separators.
func thousands(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// byAddress orders addresses as text by their numbers.
func byAddress(a, b string) int {
	x, _ := netip.ParseAddr(a)
	y, _ := netip.ParseAddr(b)
	return cmp.Or(x.Compare(y), strings.Compare(a, b))
}
