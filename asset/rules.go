package asset

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// evidence is one reason to believe in a role.
type evidence struct {
	role       string
	confidence int
	why        string // completes "it ..."
	family     string // reasons of one family do not strengthen one another
}

// field is a protocol that devices near the process serve.
type field struct {
	title      string
	role       string // of a device that serves it
	confidence int
	telemetry  bool   // control centres poll by it
	loads      bool   // programs are loaded by it
	family     string // of the evidence, if several protocols are one
}

// fields are the protocols of the field by name, and by what a port is for
// where nothing dissected it.
var fields = map[string]*field{
	"modbus":                {title: "Modbus", role: "plc", confidence: 50},
	"s7comm":                {title: "S7comm", role: "plc", confidence: 62, loads: true},
	"s7comm-plus":           {title: "S7comm-plus", role: "plc", confidence: 72, loads: true},
	"enip":                  {title: "EtherNet/IP", role: "plc", confidence: 40, family: "enip"},
	"cip":                   {title: "EtherNet/IP", role: "plc", confidence: 42, loads: true, family: "enip"},
	"cipio":                 {title: "CIP implicit I/O", role: "remote-io", confidence: 35},
	"pccc":                  {title: "PCCC", role: "plc", confidence: 70, loads: true},
	"dnp3":                  {title: "DNP3", role: "rtu", confidence: 62, telemetry: true},
	"iec104":                {title: "IEC 60870-5-104", role: "rtu", confidence: 62, telemetry: true},
	"mms":                   {title: "MMS", role: "protection-relay", confidence: 40, loads: true},
	"bacnet":                {title: "BACnet", role: "building-controller", confidence: 45},
	"umas":                  {title: "UMAS", role: "plc", confidence: 75, loads: true},
	"fins":                  {title: "FINS", role: "plc", confidence: 62, loads: true},
	"melsec":                {title: "MELSEC", role: "plc", confidence: 62, loads: true},
	"slmp":                  {title: "SLMP", role: "plc", confidence: 60, loads: true},
	"ams":                   {title: "ADS", role: "plc", confidence: 55, loads: true},
	"ads":                   {title: "ADS", role: "plc", confidence: 55, loads: true},
	"codesys":               {title: "CODESYS", role: "plc", confidence: 62, loads: true},
	"srtp":                  {title: "GE SRTP", role: "plc", confidence: 62, loads: true},
	"pcworx":                {title: "PC Worx", role: "plc", confidence: 62, loads: true},
	"sbus":                  {title: "S-Bus", role: "plc", confidence: 55, loads: true},
	"tristation":            {title: "TriStation", role: "safety-controller", confidence: 75, loads: true},
	"roc":                   {title: "ROC Plus", role: "rtu", confidence: 62, telemetry: true},
	"bsap":                  {title: "BSAP", role: "rtu", confidence: 55, telemetry: true},
	"genisys":               {title: "Genisys", role: "rtu", confidence: 55, telemetry: true},
	"c37118":                {title: "C37.118", role: "meter", confidence: 55, telemetry: true},
	"dlms":                  {title: "DLMS/COSEM", role: "meter", confidence: 65},
	"c1222":                 {title: "C12.22", role: "meter", confidence: 65},
	"atg":                   {title: "tank gauge", role: "sensor", confidence: 60},
	"hartip":                {title: "HART-IP", role: "gateway", confidence: 55},
	"hart_ip":               {title: "HART-IP", role: "gateway", confidence: 55},
	"fox":                   {title: "Niagara Fox", role: "building-controller", confidence: 65},
	"knx":                   {title: "KNXnet/IP", role: "building-controller", confidence: 50},
	"lontalk":               {title: "LonTalk", role: "building-controller", confidence: 45},
	"port of Modbus":        {title: "the port of Modbus", role: "plc", confidence: 30},
	"port of EtherNet/IP":   {title: "the port of EtherNet/IP", role: "plc", confidence: 30},
	"port of ISO transport": {title: "the port of ISO transport", role: "plc", confidence: 25},
	"port of DNP3":          {title: "the port of DNP3", role: "rtu", confidence: 35, telemetry: true},
	"port of IEC 104":       {title: "the port of IEC 104", role: "rtu", confidence: 35, telemetry: true},
	"port of FINS":          {title: "the port of FINS", role: "plc", confidence: 40},
	"port of MELSEC":        {title: "the port of MELSEC", role: "plc", confidence: 40},
	"port of ADS":           {title: "the port of ADS", role: "plc", confidence: 40},
	"port of CODESYS":       {title: "the port of CODESYS", role: "plc", confidence: 40},
	"port of GE SRTP":       {title: "the port of GE SRTP", role: "plc", confidence: 40},
	"port of PCWorx":        {title: "the port of PC Worx", role: "plc", confidence: 40},
	"port of S-Bus":         {title: "the port of S-Bus", role: "plc", confidence: 35},
	"port of TriStation":    {title: "the port of TriStation", role: "safety-controller", confidence: 40},
	"port of C37.118":       {title: "the port of C37.118", role: "meter", confidence: 35, telemetry: true},
	"port of DLMS":          {title: "the port of DLMS", role: "meter", confidence: 40},
	"port of HART-IP":       {title: "the port of HART-IP", role: "gateway", confidence: 40},
	"port of Niagara Fox":   {title: "the port of Niagara Fox", role: "building-controller", confidence: 45},
	"port of KNX":           {title: "the port of KNX", role: "building-controller", confidence: 40},
	"port of LonTalk":       {title: "the port of LonTalk", role: "building-controller", confidence: 35},
}

// served are services of information technology that tell a role.
var served = map[string]struct {
	role       string
	confidence int
	why        string
}{
	"kerberos":                {"domain-controller", 65, "answers Kerberos"},
	"port of Kerberos":        {"domain-controller", 45, "serves the port of Kerberos"},
	"ldap":                    {"domain-controller", 45, "answers LDAP"},
	"port of LDAP":            {"domain-controller", 40, "serves the port of LDAP"},
	"port of global catalog":  {"domain-controller", 60, "serves the port of the global catalog"},
	"radius":                  {"server", 55, "answers RADIUS"},
	"dns":                     {"server", 45, "answers DNS"},
	"dhcp":                    {"server", 40, "gives out addresses by DHCP"},
	"smb":                     {"server", 35, "shares files by SMB"},
	"ntp":                     {"server", 30, "gives the time by NTP"},
	"syslog":                  {"server", 40, "receives syslog"},
	"ftp":                     {"server", 22, "serves files by FTP"},
	"tftp":                    {"server", 22, "serves files by TFTP"},
	"http":                    {"server", 20, "serves web pages"},
	"tls":                     {"server", 20, "answers TLS"},
	"ssh":                     {"server", 20, "answers SSH"},
	"telnet":                  {"server", 15, "answers Telnet"},
	"vnc":                     {"hmi", 30, "shows its screen by VNC"},
	"mqtt":                    {"broker", 75, "takes MQTT connections"},
	"opcua":                   {"opc-server", 42, "answers OPC UA"},
	"sip":                     {"phone", 45, "answers SIP"},
	"port of SIP":             {"phone", 35, "serves the port of SIP"},
	"rtsp":                    {"camera", 70, "streams by RTSP"},
	"port of RTSP":            {"camera", 60, "serves the port of RTSP"},
	"port of JetDirect":       {"printer", 70, "takes print jobs on the port of JetDirect"},
	"port of LPD":             {"printer", 65, "takes print jobs on the port of LPD"},
	"port of IPP":             {"printer", 55, "takes print jobs on the port of IPP"},
	"port of SQL Server":      {"server", 60, "serves the port of SQL Server"},
	"port of Oracle":          {"server", 60, "serves the port of an Oracle database"},
	"port of MySQL":           {"server", 60, "serves the port of MySQL"},
	"port of PostgreSQL":      {"server", 60, "serves the port of PostgreSQL"},
	"port of PI Data Archive": {"historian", 75, "serves the port of a PI Data Archive"},
	"port of InfluxDB":        {"historian", 55, "serves the port of InfluxDB"},
	"port of NFS":             {"server", 45, "serves the port of NFS"},
	"port of iSCSI":           {"nas", 50, "serves the port of iSCSI"},
	"port of VMware":          {"server", 60, "serves the port of a VMware host"},
	"port of SMTP":            {"server", 45, "takes mail by SMTP"},
	"port of POP3":            {"server", 45, "serves mail by POP3"},
	"port of IMAP":            {"server", 45, "serves mail by IMAP"},
	"port of IMAP over TLS":   {"server", 45, "serves mail by IMAP"},
	"port of BGP":             {"router", 60, "serves the port of BGP"},
	"stp":                     {"switch", 70, "takes part in the spanning tree"},
}

// rule looks for evidence in what a thing does. It returns the zero evidence
// if there is none.
type rule func(*behaviour, *supervision) evidence

// rules are what clients and infrastructure give away.
var rules = []rule{
	loads, diagnoses, supervisesMany, controlCentre, supervisesOne,
	forwards, routes, portsOfSwitch, directory, opcClient, mqttClient,
	desktop, browses, logsOn, opensFiles, triesMuch,
}

// Loading programs is what engineering stations are for.
func loads(_ *behaviour, s *supervision) evidence {
	if s.loads == "" {
		return evidence{}
	}
	return evidence{"engineering-station", 72, "loads programs or firmware to or from controllers by " + s.loads, "loads"}
}

// So is looking into diagnostics, though others do it too.
func diagnoses(_ *behaviour, s *supervision) evidence {
	if s.asked[fact.Diagnose] < 5 || s.telemetry || s.devices.count() > 3 {
		return evidence{}
	}
	c := 40
	if 3*s.asked[fact.Diagnose] >= s.asked[fact.Read]+s.asked[fact.Write] {
		c = 54
	}
	return evidence{"engineering-station", c, "reads diagnostics of controllers by " + list(s.protocols), "diagnoses"}
}

// Many devices asked at regular intervals: supervision.
func supervisesMany(_ *behaviour, s *supervision) evidence {
	n := s.devices.count()
	if n < 2 {
		return evidence{}
	}
	c := min(46+4*n, 86)
	if !s.cyclic && n > 2 {
		c -= 8
	}
	return evidence{"scada-server", c, fmt.Sprintf("%s %s by %s", s.verb(), plural(n, "field device"), list(s.protocols)), "supervises"}
}

func controlCentre(_ *behaviour, s *supervision) evidence {
	if s.devices.count() == 0 || !s.telemetry {
		return evidence{}
	}
	return evidence{"scada-server", 56, "is the control centre's end of " + list(s.protocols), "supervises"}
}

// One device alone: the panel beside it, or somebody's tool.
func supervisesOne(_ *behaviour, s *supervision) evidence {
	if s.devices.count() != 1 || s.telemetry {
		return evidence{}
	}
	c := 36
	if s.cyclic {
		c = 46
	}
	if s.asked[fact.Write] > 0 {
		c += 4
	}
	return evidence{"hmi", c, fmt.Sprintf("%s one field device by %s", s.verb(), list(s.protocols)), "supervises"}
}

// forwards is what the addresses behind a hardware address show.
func forwards(b *behaviour, _ *supervision) evidence {
	if b.thing.router == "" {
		return evidence{}
	}
	n, shared := 0, false
	for _, s := range b.thing.stations {
		n += s.routed
		shared = shared || s.virtual != ""
	}
	c := 84
	switch {
	case shared:
	case n == 0:
		c = 45 // no hop count says so: it may be a bridge
	case n == 1:
		c = 68
	}
	role := "router"
	if makers[maker(b.asset.Best(fact.Vendor))].role == "firewall" {
		role = "firewall"
	}
	return evidence{role, c, b.thing.router, "forwards"}
}

func routes(b *behaviour, _ *supervision) evidence {
	for _, e := range b.thing.ends {
		if e.router {
			return evidence{"router", 82, "speaks a protocol between routers (VRRP, OSPF, EIGRP or PIM)", "forwards"}
		}
	}
	return evidence{}
}

// What has a hardware address for each port and one for all is a switch,
// unless it is a device with a few ports.
func portsOfSwitch(b *behaviour, _ *supervision) evidence {
	if len(b.thing.stations) < 2 || b.acts["lldp"] == nil {
		return evidence{}
	}
	for _, v := range b.asset.Attributes[fact.Capability] {
		if v.Value == "station only" || v.Value == "PROFINET" {
			return evidence{}
		}
	}
	return evidence{"switch", 45, "announces itself by LLDP from a port with a hardware address of its own", "ports"}
}

func directory(b *behaviour, _ *supervision) evidence {
	k := b.serves("kerberos") || b.serves("port of Kerberos")
	l := b.serves("ldap") || b.serves("port of LDAP") || b.serves("dns")
	if !k || !l {
		return evidence{}
	}
	return evidence{"domain-controller", 86, "answers Kerberos and the directory", "domain"}
}

// Clients of OPC UA and MQTT gather data or hand it on.
func opcClient(b *behaviour, _ *supervision) evidence {
	if a := b.acts["opcua"]; a == nil || !a.client || !a.answered {
		return evidence{}
	}
	return evidence{"scada-server", 34, "asks an OPC UA server", "opc client"}
}

func mqttClient(b *behaviour, _ *supervision) evidence {
	if !b.asks("mqtt") || b.serves("mqtt") {
		return evidence{}
	}
	return evidence{"gateway", 26, "reports to an MQTT broker", "mqtt client"}
}

// Desktop computers announce themselves and look for others.
func desktop(b *behaviour, _ *supervision) evidence {
	n := 0
	for _, p := range [...]string{"nbns", "nbdgm", "llmnr", "mdns", "ssdp", "wsdiscovery", "dhcpv6"} {
		if b.acts[p] != nil {
			n++
		}
	}
	if n < 2 {
		return evidence{}
	}
	return evidence{"workstation", min(24+6*n, 48), "looks for names and services as desktop computers do", "desktop"}
}

func browses(b *behaviour, _ *supervision) evidence {
	if !b.internet || b.serves("http") || !b.asks("http") && !b.asks("tls") {
		return evidence{}
	}
	return evidence{"workstation", 38, "browses the web", "web"}
}

func logsOn(b *behaviour, _ *supervision) evidence {
	for _, p := range [...]string{"rdp", "vnc", "ssh", "telnet"} {
		if b.asks(p) {
			return evidence{"workstation", 34, "logs on to others by " + title(p), "remote"}
		}
	}
	return evidence{}
}

func opensFiles(b *behaviour, _ *supervision) evidence {
	if !b.asks("smb") || b.serves("smb") {
		return evidence{}
	}
	return evidence{"workstation", 32, "opens files shared by SMB", "files"}
}

func triesMuch(b *behaviour, _ *supervision) evidence {
	if b.unheard < 100 {
		return evidence{}
	}
	return evidence{"workstation", 25, fmt.Sprintf("tried %d connections that nobody answered", b.unheard), "tries"}
}

func (s *supervision) verb() string {
	switch {
	case s.cyclic && s.asked[fact.Write]+s.asked[fact.Control] > 0:
		return "polls and operates"
	case s.cyclic:
		return "polls"
	case s.asked[fact.Write]+s.asked[fact.Control] > 0:
		return "reads and operates"
	}
	return "asks"
}

// titles are names of protocols for people, where the short name is none.
var titles = map[string]string{
	"arp": "ARP", "dhcp": "DHCP", "dhcpv6": "DHCPv6", "dns": "DNS", "icmp": "ICMP", "icmpv6": "ICMPv6", "igmp": "IGMP", "http": "HTTP", "tls": "TLS",
	"ssh": "SSH", "smb": "SMB", "ftp": "FTP", "tftp": "TFTP", "ntp": "NTP", "ptp": "PTP", "lldp": "LLDP", "cdp": "CDP", "stp": "spanning tree",
	"mrp": "MRP", "mdns": "mDNS", "llmnr": "LLMNR", "nbns": "NetBIOS names", "nbdgm": "NetBIOS datagrams", "ssdp": "SSDP", "snmp": "SNMP",
	"rdp": "RDP", "vnc": "VNC", "telnet": "Telnet", "mqtt": "MQTT", "opcua": "OPC UA", "goose": "GOOSE", "sv": "sampled values",
	"pn_rt": "PROFINET RT", "pn_dcp": "PROFINET DCP", "pn_io": "PROFINET IO", "ethercat": "EtherCAT", "msrpc": "MSRPC", "kerberos": "Kerberos",
	"radius": "RADIUS", "syslog": "syslog", "wsdiscovery": "WS-Discovery", "bvlc": "BACnet/IP",
}

func title(k string) string {
	if f := fields[k]; f != nil {
		return f.title
	}
	if t := titles[k]; t != "" {
		return t
	}
	return k
}
