package enip

import (
	"fmt"
	"slices"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// noFunction stands for the absent FNC byte of the basic commands.
const noFunction = 0x100

func pcccCode(cmd uint8, fnc uint16, file uint8) uint64 {
	return uint64(cmd)<<32 | uint64(fnc)<<16 | uint64(file)
}

type pcccMeaning struct {
	name  string
	class fact.Class
}

// pcccKnown are the commands of 1770-6.5.16, chapter 7, by CMD and FNC.
var pcccKnown = map[uint32]pcccMeaning{
	0x00<<16 | noFunction: {"protected write", fact.Write},
	0x01<<16 | noFunction: {"unprotected read", fact.Read},
	0x02<<16 | noFunction: {"protected bit write", fact.Write},
	0x05<<16 | noFunction: {"unprotected bit write", fact.Write},
	0x08<<16 | noFunction: {"unprotected write", fact.Write},

	0x06 << 16:      {"echo", fact.Diagnose},
	0x06<<16 | 0x01: {"read diagnostic counters", fact.Diagnose},
	0x06<<16 | 0x02: {"set variables", fact.Configure},
	0x06<<16 | 0x03: {"diagnostic status", fact.Discover},
	0x06<<16 | 0x04: {"set timeout", fact.Configure},
	0x06<<16 | 0x05: {"set naks", fact.Configure},
	0x06<<16 | 0x06: {"set enqs", fact.Configure},
	0x06<<16 | 0x07: {"reset diagnostic counters", fact.Diagnose},
	0x06<<16 | 0x08: {"set data table size", fact.Configure},
	0x06<<16 | 0x09: {"read link parameters", fact.Diagnose},
	0x06<<16 | 0x0a: {"set link parameters", fact.Configure},

	0x07 << 16:      {"disable outputs", fact.Control},
	0x07<<16 | 0x01: {"enable outputs", fact.Control},
	0x07<<16 | 0x03: {"enable plc scanning", fact.Control},
	0x07<<16 | 0x04: {"enter download mode", fact.Program},
	0x07<<16 | 0x05: {"exit download/upload mode", fact.Program},
	0x07<<16 | 0x06: {"enter upload mode", fact.Program},

	0x0f << 16:      {"word range write", fact.Write},
	0x0f<<16 | 0x01: {"word range read", fact.Read},
	0x0f<<16 | 0x02: {"bit write", fact.Write},
	0x0f<<16 | 0x03: {"file write", fact.Write},
	0x0f<<16 | 0x04: {"file read", fact.Read},
	0x0f<<16 | 0x05: {"download request", fact.Program},
	0x0f<<16 | 0x06: {"upload request", fact.Program},
	0x0f<<16 | 0x07: {"shutdown request", fact.Control},
	0x0f<<16 | 0x08: {"physical write", fact.Program},
	0x0f<<16 | 0x09: {"physical read", fact.Program},
	0x0f<<16 | 0x0a: {"restart request", fact.Control},
	0x0f<<16 | 0x11: {"get edit resource", fact.Login},
	0x0f<<16 | 0x12: {"return edit resource", fact.Login},
	0x0f<<16 | 0x17: {"read bytes physical", fact.Program},
	0x0f<<16 | 0x18: {"write bytes physical", fact.Program},
	0x0f<<16 | 0x26: {"read-modify-write", fact.Write},
	0x0f<<16 | 0x29: {"read section size", fact.Diagnose},
	0x0f<<16 | 0x3a: {"set cpu mode", fact.Control},
	0x0f<<16 | 0x41: {"disable forces", fact.Control},
	0x0f<<16 | 0x50: {"download all request", fact.Program},
	0x0f<<16 | 0x52: {"download completed", fact.Program},
	0x0f<<16 | 0x53: {"upload all request", fact.Program},
	0x0f<<16 | 0x55: {"upload completed", fact.Program},
	0x0f<<16 | 0x57: {"initialize memory", fact.Program},
	0x0f<<16 | 0x5e: {"modify plc-2 compatibility file", fact.Configure},
	0x0f<<16 | 0x67: {"typed write", fact.Write},
	0x0f<<16 | 0x68: {"typed read", fact.Read},
	0x0f<<16 | 0x79: {"read-modify-write n", fact.Write},
	0x0f<<16 | 0x80: {"change mode", fact.Control},
	0x0f<<16 | 0x81: {"open file", fact.Other},
	0x0f<<16 | 0x82: {"close file", fact.Other},
	0x0f<<16 | 0x8f: {"apply port configuration", fact.Configure},
	0x0f<<16 | 0xa1: {"protected typed logical read with two address fields", fact.Read},
	0x0f<<16 | 0xa2: {"protected typed logical read with three address fields", fact.Read},
	0x0f<<16 | 0xa7: {"protected typed file read", fact.Read},
	0x0f<<16 | 0xa9: {"protected typed logical write with two address fields", fact.Write},
	0x0f<<16 | 0xaa: {"protected typed logical write with three address fields", fact.Write},
	0x0f<<16 | 0xab: {"protected typed logical write with mask", fact.Write},
	0x0f<<16 | 0xaf: {"protected typed file write", fact.Write},
}

// fileTypes are the data tables of SLC 500 and MicroLogix controllers, with
// the letter that engineers write: N7:0.
var fileTypes = [256]string{
	0x82: "output file (O)", 0x83: "input file (I)", 0x84: "status file (S)", 0x85: "bit file (B)", 0x86: "timer file (T)",
	0x87: "counter file (C)", 0x88: "control file (R)", 0x89: "integer file (N)", 0x8a: "float file (F)",
	0x8b: "output file (O)", 0x8c: "input file (I)", 0x8d: "string file (ST)", 0x8e: "ascii file (A)", 0x8f: "bcd file (D)",
	0x91: "long integer file (L)", 0x92: "message file (MG)", 0x93: "pid file (PD)", 0x94: "pls file (PLS)",
}

func buildPCCC(code uint64) fact.Function {
	cmd, fnc, file := uint8(code>>32), uint16(code>>16), uint8(code)
	f := fact.Function{Protocol: namePCCC, Code: fmt.Sprintf("0x%02x", cmd), Object: fileTypes[file]}
	if fnc != noFunction {
		f.Code += fmt.Sprintf("/0x%02x", fnc)
	}
	if file != 0 && f.Object == "" {
		f.Object = fmt.Sprintf("file type 0x%02x", file)
	}
	m := pcccKnown[uint32(cmd)<<16|uint32(fnc)]
	f.Name, f.Class = m.name, m.class
	if f.Name == "" {
		f.Name = "command " + f.Code
	}
	return f
}

func pcccFunctions() []fact.Function {
	keys := make([]uint32, 0, len(pcccKnown))
	for k := range pcccKnown {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var fs []fact.Function
	for _, k := range keys {
		fs = append(fs, buildPCCC(pcccCode(uint8(k>>16), uint16(k), 0)))
	}
	return fs
}

// pcccStatus is STS, and EXT STS where STS is 0xf0 (1770-6.5.16, chapter 8).
func pcccStatus(sts, ext uint8) string {
	switch sts {
	case 0x10:
		return "illegal command or format"
	case 0x20:
		return "host has a problem and will not communicate"
	case 0x30:
		return "remote node host is missing, disconnected, or shut down"
	case 0x40:
		return "host could not complete function due to hardware fault"
	case 0x50:
		return "addressing problem or memory protect rungs"
	case 0x60:
		return "function not allowed due to command protection selection"
	case 0x70:
		return "processor is in program mode"
	case 0x80:
		return "compatibility mode file missing or communication zone problem"
	case 0x90:
		return "remote node cannot buffer command"
	case 0xf0:
		return pcccExtended(ext)
	}
	if sts&0x0f != 0 && sts&0xf0 == 0 {
		return "local node error"
	}
	return "error"
}

func pcccExtended(ext uint8) string {
	switch ext {
	case 0x01:
		return "a field has an illegal value"
	case 0x06:
		return "address does not point to something usable"
	case 0x07:
		return "file is wrong size"
	case 0x0a:
		return "data or file is too large"
	case 0x0b:
		return "access denied, improper privilege"
	case 0x0c:
		return "condition cannot be generated, resource is not available"
	case 0x0f:
		return "command cannot be executed"
	case 0x11:
		return "access denied"
	case 0x12:
		return "requested function is not available"
	case 0x1a:
		return "file is open, another node owns it"
	case 0x1b:
		return "another node is the program owner"
	}
	return "extended status error"
}
