package pnio

// readWrite are the errors of ErrorDecode PNIORW, 5.2.6: as a device answers
// to read and write.
var readWrite = map[uint8]string{
	0xa0: "read error", 0xa1: "write error", 0xa2: "module failure", 0xa7: "busy", 0xa8: "version conflict", 0xa9: "feature not supported",
	0xb0: "invalid index", 0xb1: "write length error", 0xb2: "invalid slot or subslot", 0xb3: "type conflict", 0xb4: "invalid area or API",
	0xb5: "state conflict", 0xb6: "access denied", 0xb7: "invalid range", 0xb8: "invalid parameter", 0xb9: "invalid type", 0xba: "backup",
	0xc0: "read constrain conflict", 0xc1: "write constrain conflict", 0xc2: "resource busy", 0xc3: "resource unavailable",
}

// faulty are the first error codes of ErrorDecode PNIO: what was faulty.
var faulty = map[uint8]string{
	0x01: "faulty AR block", 0x02: "faulty IOCR block", 0x03: "faulty expected submodule block", 0x04: "faulty alarm CR block",
	0x05: "faulty parameter server block", 0x06: "faulty multicast CR block", 0x07: "faulty AR RPC block", 0x08: "faulty record",
	0x14: "faulty control block after connection", 0x15: "faulty control block, plug", 0x16: "faulty control block", 0x28: "faulty release block",
	0x3c: "alarm acknowledgement refused", 0x3d: "refused by CMDEV", 0x3e: "refused by CMCTL", 0x3f: "refused by CTLDINA", 0x40: "refused by CMRPC",
	0x41: "refused by ALPMI", 0x42: "refused by ALPMR", 0x43: "refused by LMPM", 0x44: "refused by MAC", 0x45: "refused by RPC",
	0x46: "refused by APMR", 0x47: "refused by APMS", 0x48: "refused by CPM", 0x49: "refused by PPM", 0x4a: "refused by DCPUCS",
}

// manager are the second error codes of CMRPC (0x40).
var manager = [...]string{
	"arguments length invalid", "unknown blocks", "IOCR missing", "wrong count of alarm CR blocks", "out of AR resources",
	"AR UUID unknown", "state conflict", "out of provider, consumer or alarm resources", "out of memory", "physical device already owned",
	"AR set state conflict",
}

const (
	decodeReadWrite = 0x80
	decodePNIO      = 0x81
	decodeMaker     = 0x82

	managerRPC = 0x40
)

// statusText names a PNIO status: code, decode, code 1, code 2, high to low.
func statusText(status uint32) string {
	decode, first, second := uint8(status>>16), uint8(status>>8), uint8(status)
	text := ""
	switch decode {
	case decodeReadWrite:
		text = readWrite[first]
	case decodePNIO:
		text = faulty[first]
		if first == managerRPC && int(second) < len(manager) {
			text = manager[second]
		}
	case decodeMaker:
		text = "error of the maker"
	}
	if text == "" {
		return "error"
	}
	return text
}

// rpcErrors are status codes of faults and rejects, C706 annex E.
var rpcErrors = map[uint32]string{
	0x1c010002: "operation out of range", 0x1c010003: "unknown interface", 0x1c010006: "wrong boot time", 0x1c010009: "out of arguments space",
	0x1c01000b: "protocol error", 0x1c010013: "out of memory", 0x1c010014: "server too busy", 0x1c010017: "unsupported type",
	0x1c000008: "wrong epoch", 0x1c00001c: "remote out of memory", 0x1c000012: "fault, unspecified",
}

func rpcError(code uint32) string {
	if s := rpcErrors[code]; s != "" {
		return s
	}
	return "call refused"
}
