package enip

const vendorRockwellSoftware = 77

const vendorRockwell = 1

// vendors are vendor ids as ODVA assigns them: those met most often in plants.
var vendors = map[uint16]string{
	1: "Rockwell Automation/Allen-Bradley", 3: "Honeywell", 4: "Parker Hannifin", 5: "Rockwell Automation/Reliance Electric",
	7: "SMC", 8: "Molex", 12: "Banner Engineering", 13: "Belden", 26: "Festo", 36: "MKS Instruments",
	40: "WAGO", 43: "Balluff", 44: "Yaskawa Electric", 46: "ABB", 47: "Omron", 48: "Turck",
	50: "Real Time Automation", 52: "Numatics", 57: "Pepperl+Fuchs", 68: "Eaton", 71: "Toshiba", 75: "ABB Robotics",
	77: "Rockwell Software", 82: "Mitsubishi Electric Automation", 87: "Bürkert", 90: "HMS Industrial Networks",
	97: "Danfoss", 100: "Bosch Rexroth Pneumatics", 108: "Beckhoff", 121: "KUKA", 145: "Siemens",
	161: "Mitsubishi Electric", 176: "Red Lion Controls", 181: "Pilz", 243: "Schneider Electric",
	246: "Brooks Instrument", 250: "Yokogawa", 255: "Bosch Rexroth", 256: "Turck", 259: "LS Electric",
	283: "Hilscher", 287: "Bosch Rexroth Indramat", 309: "ProSoft Technology", 315: "SEW-Eurodrive", 319: "Fuji Electric",
	322: "ifm electronic", 326: "GE Fanuc", 345: "Endress+Hauser", 356: "Fanuc Robotics America", 367: "Keyence",
	445: "Lenze", 511: "SICK Stegmann", 562: "Phoenix Contact", 591: "Fanuc", 593: "ABB", 634: "Hirschmann",
	640: "Murrelektronik", 666: "Mettler-Toledo", 678: "Cognex", 680: "Weidmüller", 722: "ABB", 796: "Siemens",
	808: "SICK", 850: "Datalogic", 862: "Siemens", 894: "Acromag", 939: "Cisco", 971: "Siemens", 991: "Moxa",
	1006: "N-Tron", 1015: "Weidmüller", 1059: "Delta Electronics", 1095: "Microscan", 1182: "Endress+Hauser",
}

// deviceTypes are the device profiles of Vol. 1, chapter 6, with the role
// that a device of the profile plays, where the profile settles it.
var deviceTypes = map[uint16]struct{ name, role string }{
	0x00: {"Generic Device", ""}, 0x02: {"AC Drive", "drive"}, 0x03: {"Motor Overload", "drive"},
	0x04: {"Limit Switch", "sensor"}, 0x05: {"Inductive Proximity Switch", "sensor"}, 0x06: {"Photoelectric Sensor", "sensor"},
	0x07: {"General Purpose Discrete I/O", "remote-io"}, 0x09: {"Resolver", "sensor"}, 0x0c: {"Communications Adapter", ""},
	0x0e: {"Programmable Logic Controller", "plc"}, 0x10: {"Position Controller", "drive"}, 0x13: {"DC Drive", "drive"},
	0x15: {"Contactor", "drive"}, 0x16: {"Motor Starter", "drive"}, 0x17: {"Softstart Starter", "drive"},
	0x18: {"Human-Machine Interface", "hmi"}, 0x1a: {"Mass Flow Controller", "sensor"}, 0x1b: {"Pneumatic Valve", "remote-io"},
	0x1c: {"Vacuum Pressure Gauge", "sensor"}, 0x1d: {"Process Control Valve", "remote-io"}, 0x1e: {"Residual Gas Analyzer", "sensor"},
	0x1f: {"DC Power Generator", ""}, 0x20: {"RF Power Generator", ""}, 0x21: {"Turbomolecular Vacuum Pump", "drive"},
	0x22: {"Encoder", "sensor"}, 0x23: {"Safety Discrete I/O Device", "remote-io"}, 0x24: {"Fluid Flow Controller", "sensor"},
	0x25: {"CIP Motion Drive", "drive"}, 0x26: {"CompoNet Repeater", ""}, 0x27: {"Mass Flow Controller, Enhanced", "sensor"},
	0x28: {"CIP Modbus Device", ""}, 0x29: {"CIP Modbus Translator", "gateway"}, 0x2a: {"Safety Analog I/O Device", "remote-io"},
	0x2b: {"Generic Device (keyable)", ""}, 0x2c: {"Managed Ethernet Switch", "switch"},
	0x2d: {"CIP Motion Safety Drive Device", "drive"}, 0x2e: {"Safety Drive Device", "drive"}, 0x2f: {"CIP Motion Encoder", "sensor"},
	0x30: {"CIP Motion Converter", "drive"}, 0x31: {"CIP Motion I/O", "remote-io"}, 0x32: {"ControlNet Physical Layer Component", ""},
	0x33: {"Circuit Breaker", "protection-relay"}, 0x34: {"HART Device", "sensor"}, 0x35: {"CIP-HART Translator", "gateway"},
	0xc8: {"Embedded Component", ""},
}
