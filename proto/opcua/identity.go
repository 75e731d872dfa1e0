package opcua

import (
	"bytes"
	"net/netip"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// memory remembers what was said last, so that text is made only when bytes
// are new. It forgets the oldest.
type memory struct {
	hashes [96]uint64
	next   int
}

// fresh tells whether the pieces, together, have not been seen lately.
func (m *memory) fresh(pieces ...[]byte) bool {
	h := uint64(14695981039346656037) // FNV-1a
	for _, b := range pieces {
		for _, x := range b {
			h = (h ^ uint64(x)) * 1099511628211
		}
		h = (h ^ 0xff ^ uint64(len(b))<<8) * 1099511628211
	}
	h |= 1 // 0 is an empty place
	for _, old := range m.hashes {
		if old == h {
			return false
		}
	}
	m.hashes[m.next%len(m.hashes)] = h
	m.next++
	return true
}

// clean trims a text of the wire, or drops it when it is not printable.
func clean(b []byte) []byte {
	b = bytes.Trim(b, " \x00\t\r\n")
	if len(b) > 512 {
		return nil
	}
	for _, x := range b {
		if x < 0x20 || x == 0x7f {
			return nil
		}
	}
	return b
}

func sayText(c *proto.Context, who fact.Who, a fact.Attr, b []byte, source string, confidence uint8) {
	c.SayBytes(who, a, clean(b), source, confidence)
}

// hostOf is the host in "opc.tcp://host:port/path".
func hostOf(url []byte) []byte {
	_, rest, ok := bytes.Cut(url, []byte("://"))
	if !ok {
		return nil
	}
	if i := bytes.IndexByte(rest, '/'); i >= 0 {
		rest = rest[:i]
	}
	if len(rest) > 0 && rest[0] == '[' {
		if i := bytes.IndexByte(rest, ']'); i >= 0 {
			return rest[1:i]
		}
		return nil
	}
	if i := bytes.LastIndexByte(rest, ':'); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// named tells a host name from an address and from names that mean any host.
func named(host []byte) bool {
	if len(host) == 0 || len(host) > 253 || bytes.EqualFold(host, []byte("localhost")) || bytes.IndexByte(host, ':') >= 0 {
		return false
	}
	letters := false
	for _, x := range host {
		switch {
		case x >= 'a' && x <= 'z' || x >= 'A' && x <= 'Z':
			letters = true
		case x >= '0' && x <= '9' || x == '-' || x == '.' || x == '_':
		default:
			return false
		}
	}
	return letters
}

// address is the host as an IP address.
func address(host []byte) netip.Addr {
	if len(host) == 0 || len(host) > 45 {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(string(host))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap()
}

// application is an ApplicationDescription (Part 4, 7.2).
type application struct {
	uri, product, name, url []byte
	kind                    uint32
}

// Application types of Part 4, 7.4.
const (
	isServer = iota
	isClient
	isBoth
	isDiscovery
)

func (r *decoder) application() (a application) {
	a.uri = r.text("application uri")
	a.product = r.text("product uri")
	a.name = r.localizedText("application name")
	a.kind = r.U32LE("application type")
	r.text("gateway server uri")
	r.text("discovery profile uri")
	for i := range r.count("discovery urls") {
		url := r.text("discovery url")
		if !r.OK() {
			return a
		}
		if i == 0 {
			a.url = url
		}
	}
	return a
}

// products tells well-known software by a part of its product or application
// URI, in lower case.
var products = []struct {
	part, vendor, role string
}{
	{"s7-1500", "Siemens", "plc"}, {"s7-1200", "Siemens", "plc"}, {"simatic.et200", "Siemens", "plc"},
	{"sinumerik", "Siemens", "cnc"}, {"simotion", "Siemens", "plc"}, {"wincc", "Siemens", "scada-server"},
	{"siemens", "Siemens", ""}, {"br-automation", "B&R", "plc"}, {"b&r", "B&R", "plc"},
	{"beckhoff", "Beckhoff", "plc"}, {"codesys", "CODESYS", "plc"}, {"3s-smart", "CODESYS", "plc"},
	{"phoenixcontact", "Phoenix Contact", "plc"}, {"plcnext", "Phoenix Contact", "plc"}, {"wago", "WAGO", "plc"},
	{"rockwellautomation", "Rockwell Automation", ""}, {"factorytalk", "Rockwell Automation", "scada-server"},
	{"schneider-electric", "Schneider Electric", ""}, {"kepserverex", "PTC", "opc-server"}, {"kepware", "PTC", "opc-server"},
	{"matrikon", "Matrikon", "opc-server"}, {"softing", "Softing", "opc-server"}, {"prosysopc", "Prosys OPC", "opc-server"},
	{"inductiveautomation", "Inductive Automation", "scada-server"}, {"ignition", "Inductive Automation", "scada-server"},
	{"aveva", "AVEVA", "scada-server"}, {"wonderware", "AVEVA", "scada-server"}, {"osisoft", "AVEVA", "historian"},
	{"iconics", "ICONICS", "scada-server"}, {"zenon", "COPA-DATA", "scada-server"}, {"kuka", "KUKA", "robot"},
	{"fanuc", "FANUC", ""}, {"heidenhain", "HEIDENHAIN", "cnc"}, {"omron", "OMRON", "plc"},
	{"mitsubishielectric", "Mitsubishi Electric", ""}, {"bosch", "Bosch Rexroth", ""}, {"lenze", "Lenze", ""},
	{"keba", "KEBA", "plc"}, {"bachmann", "Bachmann", "plc"}, {"abb.com", "ABB", ""}, {"honeywell", "Honeywell", ""},
	{"emerson", "Emerson", ""}, {"yokogawa", "Yokogawa", ""}, {"hilscher", "Hilscher", "gateway"}, {"moxa", "Moxa", "gateway"},
}

// describe says what an application states about itself. Software that is
// embedded in a controller and software on a computer speak alike: the role
// that follows from the protocol alone is a hint only.
func (s *session) describe(c *proto.Context, of fact.Subject, a application, source string) {
	say := func(attr fact.Attr, b []byte, confidence uint8) {
		c.SayOf(of, attr, proto.View(clean(b)), source, confidence)
	}
	say(fact.ClientID, a.uri, 95)
	say(fact.Software, a.name, 85)
	if len(a.product) > 0 && !bytes.Equal(a.product, a.name) {
		say(fact.Description, a.product, 60)
	}
	if !s.seen.fresh([]byte("product"), a.uri, a.product, []byte{byte(of.Who), byte(a.kind)}) {
		return
	}
	if a.kind != isClient {
		c.SayOf(of, fact.RoleHint, "opc-server", source, 40)
	}
	text := strings.ToLower(string(a.product) + " " + string(a.uri) + " " + string(a.name))
	for _, p := range products {
		if !strings.Contains(text, p.part) {
			continue
		}
		confidence := uint8(60)
		if a.kind == isClient {
			return // the maker of a client program says little of the computer
		}
		c.SayOf(of, fact.Vendor, p.vendor, source, confidence)
		c.SayOf(of, fact.RoleHint, p.role, source, confidence)
		return
	}
}

// role is what a node that is read says about the server.
type role uint8

const (
	noRole role = iota
	roleStatus
	roleState
	roleBuild
	roleProduct
	roleProductURI
	roleMaker
	roleVersion
	roleNumber
)

// roleOf knows the nodes of Part 5, 6.3.1 and 12.4, which every server has.
func roleOf(n node, attribute uint32) role {
	if attribute != valueAttribute || n.space != 0 || n.form != numeric {
		return noRole
	}
	switch n.number {
	case 2256:
		return roleStatus
	case 2259:
		return roleState
	case 2260:
		return roleBuild
	case 2261:
		return roleProduct
	case 2262:
		return roleProductURI
	case 2263:
		return roleMaker
	case 2264:
		return roleVersion
	case 2265:
		return roleNumber
	}
	return noRole
}

// states are the values of ServerState (Part 5, 12.6).
var states = [...]string{
	"running", "failed", "no configuration", "suspended", "shutdown", "test", "communication fault", "unknown",
}

const statusSource = "OPC UA server status"

// stated says what the server answered for a node of known role.
func (s *session) stated(c *proto.Context, as role, v value) {
	in := newDecoder(v.Raw)
	switch as {
	case roleStatus:
		if v.structure != idServerStatus {
			return
		}
		in.Skip("start and current time", 16)
		state := in.U32LE("state")
		s.build(c, &in)
		if in.OK() {
			sayState(c, uint64(state))
		}
	case roleState:
		if v.Kind == fact.Int || v.Kind == fact.Uint {
			sayState(c, v.Bits)
		}
	case roleBuild:
		if v.structure == idBuildInfo {
			s.build(c, &in)
		}
	case roleProduct:
		sayStated(c, fact.Model, v, 80)
	case roleMaker:
		sayStated(c, fact.Vendor, v, 90)
	case roleVersion:
		sayStated(c, fact.FirmwareVer, v, 80)
	case roleNumber:
		sayStated(c, fact.Description, v, 30)
	case roleProductURI:
		sayStated(c, fact.Description, v, 50)
	}
}

func sayState(c *proto.Context, state uint64) {
	if state < uint64(len(states)) {
		c.Say(fact.Sender, fact.State, states[state], statusSource, 80)
	}
}

func sayStated(c *proto.Context, a fact.Attr, v value, confidence uint8) {
	if v.Kind == fact.Text {
		sayText(c, fact.Sender, a, v.Raw, statusSource, confidence)
	}
}

// build reads BuildInfo (Part 5, 12.4).
func (s *session) build(c *proto.Context, r *decoder) {
	uri := r.text("product uri")
	maker := r.text("manufacturer name")
	product := r.text("product name")
	version := r.text("software version")
	number := r.text("build number")
	r.Skip("build date", 8)
	if !r.OK() {
		return
	}
	sayText(c, fact.Sender, fact.Vendor, maker, statusSource, 90)
	sayText(c, fact.Sender, fact.Model, product, statusSource, 80)
	sayText(c, fact.Sender, fact.FirmwareVer, version, statusSource, 80)
	if len(version) == 0 {
		sayText(c, fact.Sender, fact.FirmwareVer, number, statusSource, 60)
	}
	sayText(c, fact.Sender, fact.Description, uri, statusSource, 50)
}
