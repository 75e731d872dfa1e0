package smb

// The status codes that matter here ([MS-ERREF] 2.3).
const (
	statusPending        = 0x00000103
	statusMoreProcessing = 0xc0000016
)

var statuses = map[uint32]string{
	0xc0000001: "unsuccessful", 0xc0000002: "not implemented", 0xc0000008: "invalid handle", 0xc000000d: "invalid parameter",
	0xc000000f: "no such file", 0xc0000010: "invalid device request", 0xc0000011: "end of file", 0xc0000022: "access denied",
	0xc0000033: "object name invalid", 0xc0000034: "object name not found", 0xc0000035: "object name collision", 0xc000003a: "object path not found",
	0xc0000043: "sharing violation", 0xc0000054: "file lock conflict", 0xc0000055: "lock not granted", 0xc0000056: "delete pending",
	0xc0000061: "privilege not held", 0xc0000064: "no such user", 0xc000006a: "wrong password", 0xc000006d: "logon failure",
	0xc000006e: "account restriction", 0xc000006f: "invalid logon hours", 0xc0000070: "invalid workstation", 0xc0000071: "password expired",
	0xc0000072: "account disabled", 0xc000007f: "disk full", 0xc00000ac: "pipe not available", 0xc00000b0: "pipe disconnected",
	0xc00000ba: "file is a directory", 0xc00000bb: "not supported", 0xc00000c9: "network name deleted", 0xc00000ca: "network access denied",
	0xc00000cc: "bad network name", 0xc0000101: "directory not empty", 0xc0000103: "not a directory", 0xc0000120: "cancelled",
	0xc0000123: "file deleted", 0xc0000128: "file closed", 0xc000014b: "pipe broken", 0xc000015b: "logon type not granted",
	0xc0000193: "account expired", 0xc0000203: "user session deleted", 0xc0000205: "insufficient server resources", 0xc000020c: "connection disconnected",
	0xc0000224: "password must change", 0xc0000225: "not found", 0xc0000234: "account locked out", 0xc0000257: "path not covered",
	0xc000035c: "network session expired", 0xc0000467: "file not available",
}

// failure tells whether a status reports failure and names it. Warnings
// (0x8...) such as "no more files" are none.
func failure(status uint32) (bool, string) {
	if status>>30 != 3 || status == statusMoreProcessing {
		return false, ""
	}
	if s := statuses[status]; s != "" {
		return true, s
	}
	return true, "failed"
}

// dosFailure is failure for the error class and code of old servers ([MS-CIFS]
// 2.2.2.4), which come without the NT status flag.
func dosFailure(status uint32) (bool, string) {
	switch status & 0xff {
	case 0:
		return false, ""
	case 1:
		switch status >> 16 {
		case 2, 3:
			return true, "object name not found"
		case 5:
			return true, "access denied"
		}
		return true, "DOS error"
	case 2:
		if status>>16 == 2 {
			return true, "wrong password"
		}
		return true, "server error"
	}
	return true, "hardware error"
}
