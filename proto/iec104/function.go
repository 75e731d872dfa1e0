package iec104

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
)

const name = "iec104"

// supervisory is a frame of S format, which acknowledges I frames. Its code
// and those of the U format are the first octet of the control field (104, 5.1).
var supervisory = fact.Function{Protocol: name, Code: "S 0x01", Name: "supervisory acknowledgement", Class: fact.Diagnose}

var uFunctions = [256]*fact.Function{
	0x07: {Protocol: name, Code: "U 0x07", Name: "STARTDT activation", Class: fact.Login},
	0x0b: {Protocol: name, Code: "U 0x0b", Name: "STARTDT confirmation", Class: fact.Login, Reply: true},
	0x13: {Protocol: name, Code: "U 0x13", Name: "STOPDT activation", Class: fact.Login},
	0x23: {Protocol: name, Code: "U 0x23", Name: "STOPDT confirmation", Class: fact.Login, Reply: true},
	0x43: {Protocol: name, Code: "U 0x43", Name: "TESTFR activation", Class: fact.Diagnose},
	0x83: {Protocol: name, Code: "U 0x83", Name: "TESTFR confirmation", Class: fact.Diagnose, Reply: true},
}

// activation is what a confirmation of U format confirms.
var activation = [256]uint8{0x0b: 0x07, 0x23: 0x13, 0x83: 0x43}

// kind of ASDU: which way it goes and what may be said of it.
type kind uint8

const (
	monitor    kind = iota // process information in monitor direction
	command                // process command with select and execute
	plain                  // command without select
	file                   // file transfer, either way
	security               // IEC 62351-5
	parameters             // parameters in control direction
)

// typeInfo is what a type identification means (101, 7.2.1 and 7.3; 104, 8).
type typeInfo struct {
	known     bool
	kind      kind
	size      int // of one set of information elements without its address; -1: varies
	element   element
	function, // execute, or the only one
	selects, // command with the select bit
	cancel, // deactivation
	download *fact.Function // file transfer towards the controlled station
}

var types = buildTypes([]row{
	{1, "M_SP_NA_1", "single-point information", fact.Data, monitor, 1, siq},
	{2, "M_SP_TA_1", "single-point information with time tag", fact.Data, monitor, 4, siq},
	{3, "M_DP_NA_1", "double-point information", fact.Data, monitor, 1, diq},
	{4, "M_DP_TA_1", "double-point information with time tag", fact.Data, monitor, 4, diq},
	{5, "M_ST_NA_1", "step position information", fact.Data, monitor, 2, vti},
	{6, "M_ST_TA_1", "step position information with time tag", fact.Data, monitor, 5, vti},
	{7, "M_BO_NA_1", "bitstring of 32 bit", fact.Data, monitor, 5, bsi},
	{8, "M_BO_TA_1", "bitstring of 32 bit with time tag", fact.Data, monitor, 8, bsi},
	{9, "M_ME_NA_1", "measured value, normalized", fact.Data, monitor, 3, nva},
	{10, "M_ME_TA_1", "measured value, normalized, with time tag", fact.Data, monitor, 6, nva},
	{11, "M_ME_NB_1", "measured value, scaled", fact.Data, monitor, 3, sva},
	{12, "M_ME_TB_1", "measured value, scaled, with time tag", fact.Data, monitor, 6, sva},
	{13, "M_ME_NC_1", "measured value, short floating point", fact.Data, monitor, 5, r32},
	{14, "M_ME_TC_1", "measured value, short floating point, with time tag", fact.Data, monitor, 8, r32},
	{15, "M_IT_NA_1", "integrated totals", fact.Data, monitor, 5, bcr},
	{16, "M_IT_TA_1", "integrated totals with time tag", fact.Data, monitor, 8, bcr},
	{17, "M_EP_TA_1", "event of protection equipment with time tag", fact.Data, monitor, 6, sep},
	{18, "M_EP_TB_1", "packed start events of protection equipment with time tag", fact.Data, monitor, 7, qdp},
	{19, "M_EP_TC_1", "packed output circuit information of protection equipment with time tag", fact.Data, monitor, 7, qdp},
	{20, "M_PS_NA_1", "packed single-point information with status change detection", fact.Data, monitor, 5, bsi},
	{21, "M_ME_ND_1", "measured value, normalized, without quality descriptor", fact.Data, monitor, 2, nvaBare},
	{30, "M_SP_TB_1", "single-point information with time tag CP56Time2a", fact.Data, monitor, 8, siq},
	{31, "M_DP_TB_1", "double-point information with time tag CP56Time2a", fact.Data, monitor, 8, diq},
	{32, "M_ST_TB_1", "step position information with time tag CP56Time2a", fact.Data, monitor, 9, vti},
	{33, "M_BO_TB_1", "bitstring of 32 bit with time tag CP56Time2a", fact.Data, monitor, 12, bsi},
	{34, "M_ME_TD_1", "measured value, normalized, with time tag CP56Time2a", fact.Data, monitor, 10, nva},
	{35, "M_ME_TE_1", "measured value, scaled, with time tag CP56Time2a", fact.Data, monitor, 10, sva},
	{36, "M_ME_TF_1", "measured value, short floating point, with time tag CP56Time2a", fact.Data, monitor, 12, r32},
	{37, "M_IT_TB_1", "integrated totals with time tag CP56Time2a", fact.Data, monitor, 12, bcr},
	{38, "M_EP_TD_1", "event of protection equipment with time tag CP56Time2a", fact.Data, monitor, 10, sep},
	{39, "M_EP_TE_1", "packed start events of protection equipment with time tag CP56Time2a", fact.Data, monitor, 11, qdp},
	{40, "M_EP_TF_1", "packed output circuit information of protection equipment with time tag CP56Time2a", fact.Data, monitor, 11, qdp},
	{41, "S_IT_TC_1", "integrated totals containing security statistics", fact.Diagnose, monitor, -1, noElement},
	{45, "C_SC_NA_1", "single command", fact.Control, command, 1, sco},
	{46, "C_DC_NA_1", "double command", fact.Control, command, 1, dco},
	{47, "C_RC_NA_1", "regulating step command", fact.Control, command, 1, dco},
	{48, "C_SE_NA_1", "set point command, normalized", fact.Write, command, 3, nva},
	{49, "C_SE_NB_1", "set point command, scaled", fact.Write, command, 3, sva},
	{50, "C_SE_NC_1", "set point command, short floating point", fact.Write, command, 5, r32},
	{51, "C_BO_NA_1", "bitstring of 32 bit command", fact.Control, plain, 4, bsiBare},
	{58, "C_SC_TA_1", "single command with time tag CP56Time2a", fact.Control, command, 8, sco},
	{59, "C_DC_TA_1", "double command with time tag CP56Time2a", fact.Control, command, 8, dco},
	{60, "C_RC_TA_1", "regulating step command with time tag CP56Time2a", fact.Control, command, 8, dco},
	{61, "C_SE_TA_1", "set point command, normalized, with time tag CP56Time2a", fact.Write, command, 10, nva},
	{62, "C_SE_TB_1", "set point command, scaled, with time tag CP56Time2a", fact.Write, command, 10, sva},
	{63, "C_SE_TC_1", "set point command, short floating point, with time tag CP56Time2a", fact.Write, command, 12, r32},
	{64, "C_BO_TA_1", "bitstring of 32 bit command with time tag CP56Time2a", fact.Control, plain, 11, bsiBare},
	{70, "M_EI_NA_1", "end of initialization", fact.Diagnose, monitor, 1, coi},
	{81, "S_CH_NA_1", "authentication challenge", fact.Login, security, -1, noElement},
	{82, "S_RP_NA_1", "authentication reply", fact.Login, security, -1, noElement},
	{83, "S_AR_NA_1", "aggressive mode authentication request", fact.Login, security, -1, noElement},
	{84, "S_KR_NA_1", "session key status request", fact.Login, security, -1, noElement},
	{85, "S_KS_NA_1", "session key status", fact.Login, security, -1, noElement},
	{86, "S_KC_NA_1", "session key change", fact.Login, security, -1, noElement},
	{87, "S_ER_NA_1", "authentication error", fact.Login, security, -1, noElement},
	{90, "S_US_NA_1", "user status change", fact.Configure, security, -1, noElement},
	{91, "S_UQ_NA_1", "update key change request", fact.Configure, security, -1, noElement},
	{92, "S_UR_NA_1", "update key change reply", fact.Configure, security, -1, noElement},
	{93, "S_UK_NA_1", "update key change, symmetric", fact.Configure, security, -1, noElement},
	{94, "S_UA_NA_1", "update key change, asymmetric", fact.Configure, security, -1, noElement},
	{95, "S_UC_NA_1", "update key change confirmation", fact.Configure, security, -1, noElement},
	{100, "C_IC_NA_1", "interrogation command", fact.Read, plain, 1, octet},
	{101, "C_CI_NA_1", "counter interrogation command", fact.Read, plain, 1, octet},
	{102, "C_RD_NA_1", "read command", fact.Read, plain, 0, noElement},
	{103, "C_CS_NA_1", "clock synchronization command", fact.Configure, plain, 7, clock},
	{104, "C_TS_NA_1", "test command", fact.Diagnose, plain, 2, noElement},
	{105, "C_RP_NA_1", "reset process command", fact.Control, plain, 1, octet},
	{106, "C_CD_NA_1", "delay acquisition command", fact.Diagnose, plain, 2, noElement},
	{107, "C_TS_TA_1", "test command with time tag CP56Time2a", fact.Diagnose, plain, 9, noElement},
	{110, "P_ME_NA_1", "parameter of measured value, normalized", fact.Configure, parameters, 3, nvaBare},
	{111, "P_ME_NB_1", "parameter of measured value, scaled", fact.Configure, parameters, 3, svaBare},
	{112, "P_ME_NC_1", "parameter of measured value, short floating point", fact.Configure, parameters, 5, r32Bare},
	{113, "P_AC_NA_1", "parameter activation", fact.Configure, parameters, 1, octet},
	{120, "F_FR_NA_1", "file ready", fact.Read, file, 6, noElement},
	{121, "F_SR_NA_1", "section ready", fact.Read, file, 7, noElement},
	{122, "F_SC_NA_1", "call directory, select file, call file, call section", fact.Read, file, 4, noElement},
	{123, "F_LS_NA_1", "last section, last segment", fact.Read, file, 5, noElement},
	{124, "F_AF_NA_1", "ack file, ack section", fact.Read, file, 4, noElement},
	{125, "F_SG_NA_1", "segment", fact.Read, file, -1, noElement},
	{126, "F_DR_TA_1", "directory", fact.Discover, file, 13, noElement},
	{127, "F_SC_NB_1", "query log, request archive file", fact.Read, file, 16, noElement},
})

// Counter interrogation that freezes or resets, by the FRZ bits of its
// qualifier (101, 7.2.6.23).
var counters = [4]fact.Function{
	{Protocol: name, Code: "101", Name: "C_CI_NA_1 counter interrogation command", Class: fact.Read},
	{Protocol: name, Code: "101", Name: "C_CI_NA_1 counter interrogation command", Class: fact.Write, Object: "counter freeze"},
	{Protocol: name, Code: "101", Name: "C_CI_NA_1 counter interrogation command", Class: fact.Control, Object: "counter freeze with reset"},
	{Protocol: name, Code: "101", Name: "C_CI_NA_1 counter interrogation command", Class: fact.Control, Object: "counter reset"},
}

type row struct {
	id       int
	mnemonic string
	what     string
	class    fact.Class
	kind     kind
	size     int
	element  element
}

// buildTypes completes the rows with the types that have no name: an unknown
// type is evidence too.
func buildTypes(rows []row) (t [256]typeInfo) {
	for id := range t {
		code := strconv.Itoa(id)
		t[id] = typeInfo{kind: plain, size: -1, function: &fact.Function{Protocol: name, Code: code, Name: "type " + code}}
	}
	for _, r := range rows {
		f := fact.Function{Protocol: name, Code: strconv.Itoa(r.id), Name: r.mnemonic + " " + r.what, Class: r.class}
		with := func(object string) *fact.Function {
			g := f
			g.Object = object
			return &g
		}
		info := typeInfo{known: true, kind: r.kind, size: r.size, element: r.element, function: &f}
		switch r.kind {
		case command:
			info.function, info.selects, info.cancel = with("execute"), with("select"), with("deactivate")
		case file:
			info.function = with("file")
			if r.id == 122 || r.id == 124 || r.id == 127 { // asks or acknowledges
				break
			}
			info.download = with("file, towards the controlled station")
			info.download.Class = fact.Program
		}
		t[r.id] = info
	}
	return t
}

func allFunctions() []fact.Function {
	fs := []fact.Function{supervisory}
	for _, f := range uFunctions {
		if f != nil {
			fs = append(fs, *f)
		}
	}
	for _, t := range types {
		if !t.known {
			continue
		}
		for _, f := range []*fact.Function{t.function, t.selects, t.cancel, t.download} {
			if f != nil {
				fs = append(fs, *f)
			}
		}
	}
	return append(fs, counters[1:]...)
}
