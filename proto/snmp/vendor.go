package snmp

const (
	microsoft = 311
	ucdSNMP   = 2021
	netSNMP   = 8072
)

// vendors are private enterprise numbers (IANA) of makers met in plants.
var vendors = map[uint64]string{
	2: "IBM", 9: "Cisco", 11: "HP", 42: "Sun", 43: "3Com", 95: "Rockwell Automation", 119: "NEC", 171: "D-Link",
	207: "Allied Telesis", 211: "Fujitsu", 232: "HPE", 248: "Hirschmann", 253: "Xerox", 318: "APC", 343: "Intel",
	367: "Ricoh", 368: "Axis", 476: "Vertiv", 534: "Eaton", 641: "Lexmark", 674: "Dell", 705: "Eaton MGE", 789: "NetApp",
	850: "Tripp Lite", 890: "Zyxel", 1248: "Epson", 1347: "Kyocera", 1588: "Brocade", 1602: "Canon", 1916: "Extreme Networks",
	1991: "Foundry", 2011: "Huawei", 2435: "Brother", 2636: "Juniper", 3375: "F5", 3808: "CyberPower", 3833: "Schneider Electric",
	4329: "Siemens", 4346: "Phoenix Contact", 4526: "Netgear", 5528: "NetBotz", 5624: "Enterasys", 6486: "Alcatel-Lucent Enterprise",
	6574: "Synology", 6876: "VMware", 8691: "Moxa", 8741: "SonicWall", 10418: "Avocent", 10876: "Supermicro", 11863: "TP-Link",
	12356: "Fortinet", 13576: "WAGO", 13742: "Raritan", 14823: "Aruba", 14988: "MikroTik", 15004: "RuggedCom", 16177: "Westermo",
	21317: "ATEN", 24681: "QNAP", 25053: "Ruckus", 25461: "Palo Alto Networks", 25506: "H3C", 30065: "Arista", 41112: "Ubiquiti", 47196: "Aruba",
}

func vendor(number uint64) string { return vendors[number] }
