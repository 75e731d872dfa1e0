package s7comm

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// service is one program invocation service of function 0x28.
type service struct {
	pi string
	f  fact.Function
}

// services are the program invocations of SIMATIC and, from _N_ on, of SINUMERIK.
var services = serviceTable([]service{
	{"P_PROGRAM", fact.Function{Name: "start program", Class: fact.Control}},
	{"_INSE", fact.Function{Name: "activate block", Class: fact.Program}},
	{"_INS2", fact.Function{Name: "activate block", Class: fact.Program}},
	{"_DELE", fact.Function{Name: "delete block", Class: fact.Program}},
	{"_MODU", fact.Function{Name: "copy RAM to ROM", Class: fact.Program}},
	{"_GARB", fact.Function{Name: "compress memory", Class: fact.Program}},
	{"_N_LOGIN_", fact.Function{Name: "log in", Class: fact.Login}},
	{"_N_LOGOUT", fact.Function{Name: "log out", Class: fact.Login}},
	{"_N_NEWPWD", fact.Function{Name: "change password", Class: fact.Configure}},
	{"_N_CANCEL", fact.Function{Name: "cancel alarm", Class: fact.Control}},
	{"_N_SELECT", fact.Function{Name: "select part program", Class: fact.Control}},
	{"_N_SEL_BL", fact.Function{Name: "select block", Class: fact.Control}},
	{"_N_FINDBL", fact.Function{Name: "activate search", Class: fact.Control}},
	{"_N_NCKMOD", fact.Function{Name: "set operating mode of the NCK", Class: fact.Control}},
	{"_N_ASUP__", fact.Function{Name: "assign interrupt program", Class: fact.Program}},
	{"_N_IBN_SS", fact.Function{Name: "set start-up switch", Class: fact.Configure}},
	{"_N_CONFIG", fact.Function{Name: "activate machine data", Class: fact.Configure}},
	{"_N_SETUDT", fact.Function{Name: "activate user data", Class: fact.Configure}},
	{"_N_SETUFR", fact.Function{Name: "activate user frame", Class: fact.Configure}},
	{"_N_F_OPEN", fact.Function{Name: "open file to read", Class: fact.Program}},
	{"_N_F_OPER", fact.Function{Name: "open file to read and write", Class: fact.Program}},
	{"_N_F_CLOS", fact.Function{Name: "close file", Class: fact.Program}},
	{"_N_F_COPY", fact.Function{Name: "copy file", Class: fact.Program}},
	{"_N_F_DELE", fact.Function{Name: "delete file", Class: fact.Program}},
	{"_N_F_DMDA", fact.Function{Name: "delete machine data", Class: fact.Program}},
	{"_N_F_MOVE", fact.Function{Name: "move file", Class: fact.Program}},
	{"_N_F_PROT", fact.Function{Name: "protect file", Class: fact.Configure}},
	{"_N_F_RENA", fact.Function{Name: "rename file", Class: fact.Program}},
	{"_N_F_SEEK", fact.Function{Name: "position in file", Class: fact.Program}},
	{"_N_F_XFER", fact.Function{Name: "transfer file", Class: fact.Program}},
	{"_N_CREATO", fact.Function{Name: "create tool", Class: fact.Configure}},
	{"_N_DELETO", fact.Function{Name: "delete tool", Class: fact.Configure}},
	{"_N_CREACE", fact.Function{Name: "create tool edge", Class: fact.Configure}},
	{"_N_DELECE", fact.Function{Name: "delete tool edge", Class: fact.Configure}},
	{"_N_MMCSEM", fact.Function{Name: "semaphore of an operator panel", Class: fact.Other}},
	{"_N_DIGION", fact.Function{Name: "digitising on", Class: fact.Control}},
	{"_N_DIGIOF", fact.Function{Name: "digitising off", Class: fact.Control}},
})

func serviceTable(s []service) []service {
	for i := range s {
		f := &s[i].f
		f.Protocol, f.Code, f.Object = name, jobs[piService].Code, "program invocation"
		f.Name = "pi service " + s[i].pi + ": " + f.Name
	}
	return s
}

// coldStart is P_PROGRAM with argument "C ".
var coldStart = fact.Function{Protocol: name, Code: "0x28", Name: "pi service P_PROGRAM: cold start", Class: fact.Control, Object: "program invocation"}

// invocation reads the parameters of function 0x28: what is to be done, and with what.
func (s *session) invocation(r *wire.Reader) (*fact.Function, fact.Target) {
	r.Skip("reserved", 7)
	arg := r.Bytes("parameter block", int(r.U16("parameter block length")))
	pi := r.Bytes("PI service", int(r.U8("name length")))
	if !r.OK() {
		return &jobs[piService], fact.Target{}
	}
	f := &jobs[piService]
	for i := range services {
		if services[i].pi == proto.View(pi) {
			f = &services[i].f
			break
		}
	}
	t := fact.Target{Name: pi, Set: true}
	switch proto.View(pi) {
	case "P_PROGRAM":
		if len(arg) > 0 && arg[0] == 'C' {
			f = &coldStart
		}
	case "_INSE", "_INS2", "_DELE":
		t = s.listed(arg, t)
	}
	return f, t
}

// listed names the first of the blocks that _INSE or _DELE is to work on.
func (s *session) listed(arg []byte, t fact.Target) fact.Target {
	r := wire.NewReader(arg)
	n := r.U8("number of blocks")
	r.U8("reserved")
	if b, ok := parseBlock(r.Bytes("block", 8)); ok && r.OK() {
		t = s.blockTarget(b)
		if n > 1 {
			t.Count = uint32(n)
		}
	}
	return t
}

// stopped reads the parameters of function 0x29.
func stopped(r *wire.Reader) fact.Target {
	r.Skip("reserved", 5)
	pi := r.Bytes("PI service", int(r.U8("name length")))
	return fact.Target{Name: pi, Set: len(pi) > 0}
}
