package enip

// statuses are the general status codes (Vol. 1, appendix B-1).
var statuses = [256]string{
	0x00: "success", 0x01: "connection failure", 0x02: "resource unavailable", 0x03: "invalid parameter value",
	0x04: "path segment error", 0x05: "path destination unknown", 0x06: "partial transfer", 0x07: "connection lost",
	0x08: "service not supported", 0x09: "invalid attribute value", 0x0a: "attribute list error",
	0x0b: "already in requested mode/state", 0x0c: "object state conflict", 0x0d: "object already exists",
	0x0e: "attribute not settable", 0x0f: "privilege violation", 0x10: "device state conflict",
	0x11: "reply data too large", 0x12: "fragmentation of a primitive value", 0x13: "not enough data",
	0x14: "attribute not supported", 0x15: "too much data", 0x16: "object does not exist",
	0x17: "service fragmentation sequence not in progress", 0x18: "no stored attribute data", 0x19: "store operation failure",
	0x1a: "routing failure, request packet too large", 0x1b: "routing failure, response packet too large",
	0x1c: "missing attribute list entry data", 0x1d: "invalid attribute value list", 0x1e: "embedded service error",
	0x1f: "vendor specific error", 0x20: "invalid parameter", 0x21: "write-once value or medium already written",
	0x22: "invalid reply received", 0x23: "buffer overflow", 0x24: "message format error", 0x25: "key failure in path",
	0x26: "path size invalid", 0x27: "unexpected attribute in list", 0x28: "invalid member id", 0x29: "member not settable",
	0x2a: "group 2 only server general failure", 0x2b: "unknown modbus error", 0x2c: "attribute not gettable",
	0x2d: "instance not deletable", 0x2e: "service not supported for specified path",
}

// extended are the extended codes of status 0x01 (connection manager, 3-5.6)
// that name a cause an engineer acts on.
func extended(code uint16) string {
	switch code {
	case 0x0100:
		return "connection in use or duplicate forward open"
	case 0x0103:
		return "transport class and trigger not supported"
	case 0x0106:
		return "ownership conflict"
	case 0x0107:
		return "target connection not found"
	case 0x0109:
		return "invalid connection size"
	case 0x0111:
		return "RPI not supported"
	case 0x0113:
		return "out of connections"
	case 0x0114:
		return "vendor id or product code mismatch"
	case 0x0115:
		return "device type mismatch"
	case 0x0116:
		return "revision mismatch"
	case 0x0203:
		return "connection timed out"
	case 0x0204:
		return "unconnected request timed out"
	case 0x0205:
		return "parameter error in unconnected request"
	case 0x0311:
		return "invalid port id in path"
	case 0x0312:
		return "link address not valid"
	case 0x0315:
		return "invalid segment in connection path"
	}
	return "connection failure"
}

func status(code uint8, ext uint16) string {
	if code == 0x01 {
		return extended(ext)
	}
	if s := statuses[code]; s != "" {
		return s
	}
	return "error"
}

// failed: a partial transfer is a success that goes on.
func failed(code uint8) bool { return code != 0 && code != 0x06 }
