package zone

// set makes a set of words.
func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// industrial are the protocols by which plants are controlled.
var industrial = set("modbus", "s7comm", "s7commplus", "enip", "cip", "dnp3", "iec104", "opcua", "opcda", "bacnet", "pnio", "pn_rt", "pn_io", "profinet_dcp", "pn_dcp",
	"goose", "sv", "mms", "ethercat", "profinet", "umas", "ads", "fins", "omron", "melsec", "slmp", "hartip", "ffhse", "powerlink", "sercos",
	"cclink", "ccliefb", "knx", "lontalk", "fox", "srtp", "gesrtp", "roc", "bsap", "c37118", "synchrophasor", "dlms", "c1222", "codesys",
	"moxa", "mqtt", "sparkplug", "egd", "saia", "sbus", "genisys", "atg", "tricon", "tristation", "deltav", "ovation", "vnetip", "cimplicity",
	"proconos", "pcworx", "redlion", "s5", "mrp", "ptp")

// services are protocols that many hosts need to work at all.
var services = set("dns", "ntp", "dhcp", "dhcpv6", "arp", "icmp", "icmpv6", "syslog", "snmp", "ptp", "ldap", "kerberos", "radius", "igmp", "mdns", "llmnr", "nbns", "ssdp", "lldp", "cdp", "stp")

// linkOnly are protocols that stay within a network segment: no router passes
// them, so that no conduit can.
var linkOnly = set("arp", "stp", "rstp", "lldp", "cdp", "lacp", "mrp", "igmp", "eapol", "udld", "vtp", "dtp", "hsr", "prp", "lldp-med")

// clearText are protocols that carry what they protect in clear.
var clearText = set("telnet", "ftp", "ftp-data", "tftp", "vnc", "http", "snmp")

// Roles by what they do. See package asset for the words.
var (
	fieldRoles       = set("remote-io", "drive", "sensor", "meter", "robot", "cnc", "camera")
	controlRoles     = set("plc", "rtu", "safety-controller", "protection-relay", "building-controller")
	supervisionRoles = set("scada-server", "engineering-station", "historian", "opc-server")
	officeRoles      = set("domain-controller", "workstation", "phone")
	networkRoles     = set("switch", "router", "firewall", "access-point")
)
