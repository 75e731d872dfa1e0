package bacnet

// vendors are makers by the identifier that ASHRAE gave them, where the maker
// is well known in plants; others are told by number.
var vendors = map[uint32]string{
	0: "ASHRAE", 1: "NIST", 2: "Trane", 3: "Daikin Applied", 4: "PolarSoft", 5: "Johnson Controls",
	6: "ABB (American Auto-Matrix)", 7: "Siemens", 8: "Delta Controls", 9: "Siemens",
	10: "Schneider Electric", 11: "TAC", 12: "Orion Analysis", 13: "Teletrol Systems",
	14: "Cimetrics", 15: "Cornell University", 16: "Carrier", 17: "Honeywell", 18: "Alerton / Honeywell",
	19: "TAC AB", 20: "Hewlett-Packard", 22: "Siemens (Cerberus)", 23: "York", 24: "Automated Logic",
	25: "CSI Control Systems International", 26: "Phoenix Controls", 28: "KMC Controls", 31: "Tokimec",
	32: "Simplex", 34: "Notifier", 35: "Reliable Controls", 36: "Tridium", 37: "MSA Safety",
	38: "Silicon Energy", 39: "Kieback & Peter", 42: "Acuity Brands Lighting", 45: "METALAIRE",
	50: "MBS", 51: "SAMSON", 52: "Badger Meter", 53: "Daikin Industries", 56: "Liebert", 64: "Dunham-Bush",
	65: "Reliance Electric", 71: "Cardkey Systems", 74: "KNX Association", 76: "Nohmi Bosai",
	77: "Carel", 79: "Hochiki", 80: "Fr. Sauter", 82: "Mitsubishi Electric", 83: "Mitsubishi Heavy Industries",
	84: "Xylem", 86: "The Watt Stopper", 89: "Saia-Burgess Controls", 90: "Hitachi",
	91: "Novar / Trend Control Systems", 95: "Richards-Zeta", 98: "Toshiba", 127: "ABB", 133: "Veris Industries",
	142: "DEOS", 163: "SysMik", 245: "Contemporary Controls", 260: "BACnet Stack at SourceForge",
	364: "Distech Controls", 421: "METZ CONNECT", 437: "Tyco Fire & Security", 486: "HMS Industrial Networks",
}

func vendorName(id uint32) string { return vendors[id] }
