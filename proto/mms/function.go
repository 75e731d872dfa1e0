package mms

import (
	"bytes"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
)

const name = "mms"

// The PDUs, by their context tag (ISO 9506-2, clause 7).
const (
	pduRequest = iota
	pduResponse
	pduError
	pduUnconfirmed
	pduReject
	pduCancel
	pduCancelOK
	pduCancelError
	pduInitiate
	pduInitiateOK
	pduInitiateError
	pduConclude
	pduConcludeOK
	pduConcludeError
)

// Functions that no number of a confirmed service names.
var (
	initiate    = fact.Function{Protocol: name, Code: "initiate", Name: "initiate", Class: fact.Login}
	conclude    = fact.Function{Protocol: name, Code: "conclude", Name: "conclude", Class: fact.Login}
	cancel      = fact.Function{Protocol: name, Code: "cancel", Name: "cancel", Class: fact.Other}
	reject      = fact.Function{Protocol: name, Code: "reject", Name: "reject", Class: fact.Other}
	refusal     = fact.Function{Protocol: name, Code: "error", Name: "confirmed error to an unseen request", Class: fact.Other}
	unconfirmed = [...]fact.Function{
		{Protocol: name, Code: "unconfirmed 0", Name: "information report", Class: fact.Data},
		{Protocol: name, Code: "unconfirmed 1", Name: "unsolicited status", Class: fact.Data},
		{Protocol: name, Code: "unconfirmed 2", Name: "event notification", Class: fact.Data},
	}
	unconfirmedOther = fact.Function{Protocol: name, Code: "unconfirmed", Name: "unconfirmed service", Class: fact.Other}
)

// Services that the code branches on.
const (
	status        = 0
	nameList      = 1
	identify      = 2
	read          = 4
	write         = 5
	attributes    = 6
	listAttribute = 12
	fileOpen      = 72
	fileRename    = 75
	fileDelete    = 76
	fileDirectory = 77
)

const nServices = 78

// services are the confirmed services by their context tag (ISO 9506-2,
// clause 7.3; file services: annex D).
var services = func() (t [nServices]fact.Function) {
	for i, f := range [nServices]fact.Function{
		0: {Name: "status", Class: fact.Diagnose}, 1: {Name: "get name list", Class: fact.Discover},
		2: {Name: "identify", Class: fact.Discover}, 3: {Name: "rename", Class: fact.Configure},
		4: {Name: "read", Class: fact.Read}, 5: {Name: "write", Class: fact.Write},
		6: {Name: "get variable access attributes", Class: fact.Discover}, 7: {Name: "define named variable", Class: fact.Configure},
		8: {Name: "define scattered access", Class: fact.Configure}, 9: {Name: "get scattered access attributes", Class: fact.Discover},
		10: {Name: "delete variable access", Class: fact.Configure}, 11: {Name: "define named variable list", Class: fact.Configure},
		12: {Name: "get named variable list attributes", Class: fact.Discover}, 13: {Name: "delete named variable list", Class: fact.Configure},
		14: {Name: "define named type", Class: fact.Configure}, 15: {Name: "get named type attributes", Class: fact.Discover},
		16: {Name: "delete named type", Class: fact.Configure}, 17: {Name: "input", Class: fact.Read},
		18: {Name: "output", Class: fact.Write}, 19: {Name: "take control", Class: fact.Control},
		20: {Name: "relinquish control", Class: fact.Control}, 21: {Name: "define semaphore", Class: fact.Configure},
		22: {Name: "delete semaphore", Class: fact.Configure}, 23: {Name: "report semaphore status", Class: fact.Diagnose},
		24: {Name: "report pool semaphore status", Class: fact.Diagnose}, 25: {Name: "report semaphore entry status", Class: fact.Diagnose},
		26: {Name: "initiate download sequence", Class: fact.Program}, 27: {Name: "download segment", Class: fact.Program},
		28: {Name: "terminate download sequence", Class: fact.Program}, 29: {Name: "initiate upload sequence", Class: fact.Program},
		30: {Name: "upload segment", Class: fact.Program}, 31: {Name: "terminate upload sequence", Class: fact.Program},
		32: {Name: "request domain download", Class: fact.Program}, 33: {Name: "request domain upload", Class: fact.Program},
		34: {Name: "load domain content", Class: fact.Program}, 35: {Name: "store domain content", Class: fact.Program},
		36: {Name: "delete domain", Class: fact.Program}, 37: {Name: "get domain attributes", Class: fact.Discover},
		38: {Name: "create program invocation", Class: fact.Program}, 39: {Name: "delete program invocation", Class: fact.Program},
		40: {Name: "start", Class: fact.Control}, 41: {Name: "stop", Class: fact.Control},
		42: {Name: "resume", Class: fact.Control}, 43: {Name: "reset", Class: fact.Control},
		44: {Name: "kill", Class: fact.Control}, 45: {Name: "get program invocation attributes", Class: fact.Discover},
		46: {Name: "obtain file", Class: fact.Program}, 47: {Name: "define event condition", Class: fact.Configure},
		48: {Name: "delete event condition", Class: fact.Configure}, 49: {Name: "get event condition attributes", Class: fact.Discover},
		50: {Name: "report event condition status", Class: fact.Diagnose}, 51: {Name: "alter event condition monitoring", Class: fact.Configure},
		52: {Name: "trigger event", Class: fact.Control}, 53: {Name: "define event action", Class: fact.Configure},
		54: {Name: "delete event action", Class: fact.Configure}, 55: {Name: "get event action attributes", Class: fact.Discover},
		56: {Name: "report event action status", Class: fact.Diagnose}, 57: {Name: "define event enrollment", Class: fact.Configure},
		58: {Name: "delete event enrollment", Class: fact.Configure}, 59: {Name: "alter event enrollment", Class: fact.Configure},
		60: {Name: "report event enrollment status", Class: fact.Diagnose}, 61: {Name: "get event enrollment attributes", Class: fact.Discover},
		62: {Name: "acknowledge event notification", Class: fact.Control}, 63: {Name: "get alarm summary", Class: fact.Read},
		64: {Name: "get alarm enrollment summary", Class: fact.Read}, 65: {Name: "read journal", Class: fact.Read},
		66: {Name: "write journal", Class: fact.Write}, 67: {Name: "initialize journal", Class: fact.Configure},
		68: {Name: "report journal status", Class: fact.Diagnose}, 69: {Name: "create journal", Class: fact.Configure},
		70: {Name: "delete journal", Class: fact.Configure}, 71: {Name: "get capability list", Class: fact.Discover},
		72: {Name: "file open", Class: fact.Read, Object: "file"}, 73: {Name: "file read", Class: fact.Read, Object: "file"},
		74: {Name: "file close", Class: fact.Read, Object: "file"}, 75: {Name: "file rename", Class: fact.Configure, Object: "file"},
		76: {Name: "file delete", Class: fact.Configure, Object: "file"}, 77: {Name: "file directory", Class: fact.Discover, Object: "file"},
	} {
		f.Protocol, f.Code = name, strconv.Itoa(i)
		t[i] = f
	}
	return t
}()

// constraints are the functional constraints of IEC 61850-7-2 that the second
// part of a variable's name states, and what writing under them does.
var constraints = [...]struct {
	code, object string
	write        fact.Class
}{
	{"CO", "control (CO)", fact.Control}, {"SP", "set point (SP)", fact.Configure}, {"SV", "substitution (SV)", fact.Control},
	{"CF", "configuration (CF)", fact.Configure}, {"SG", "setting group (SG)", fact.Configure}, {"SE", "setting group (SE)", fact.Configure},
	{"DC", "description (DC)", fact.Configure}, {"BL", "blocking (BL)", fact.Control}, {"OR", "operate received (OR)", fact.Write},
	{"ST", "status (ST)", fact.Write}, {"MX", "measurands (MX)", fact.Write}, {"EX", "extension (EX)", fact.Write},
	{"RP", "unbuffered report (RP)", fact.Data}, {"BR", "buffered report (BR)", fact.Data}, {"LG", "log (LG)", fact.Data},
	{"GO", "GOOSE control (GO)", fact.Configure}, {"MS", "sampled values control (MS)", fact.Configure}, {"US", "sampled values control (US)", fact.Configure},
}

// Read and write by functional constraint.
var (
	reads  = byConstraint(read)
	writes = byConstraint(write)
	// selects: reading SBO selects the object for an operation that follows
	// (IEC 61850-8-1, 20.3).
	selects = fact.Function{Protocol: name, Code: "4", Name: "read: select before operate", Class: fact.Control, Object: "control (CO)"}
)

func byConstraint(service int) (t [len(constraints)]fact.Function) {
	for i, fc := range constraints {
		t[i] = services[service]
		t[i].Object = fc.object
		if service == write {
			t[i].Class = fc.write
		}
	}
	return t
}

// ofVariable is the function of a read or write by the variable's item name:
// logical node $ functional constraint $ data object and so on.
func ofVariable(service int, item []byte) *fact.Function {
	_, rest, ok := bytes.Cut(item, []byte("$"))
	if ok {
		fc, rest, _ := bytes.Cut(rest, []byte("$"))
		for i := range constraints {
			if string(fc) != constraints[i].code {
				continue
			}
			switch {
			case service == write:
				return &writes[i]
			case i == 0 && bytes.HasSuffix(rest, []byte("$SBO")):
				return &selects
			}
			return &reads[i]
		}
	}
	return &services[service]
}

func allFunctions() []fact.Function {
	fs := []fact.Function{initiate, conclude, cancel, reject, refusal, selects, unconfirmedOther}
	fs = append(fs, unconfirmed[:]...)
	fs = append(fs, services[:]...)
	fs = append(fs, reads[:]...)
	return append(fs, writes[:]...)
}

// accessErrors are the DataAccessError values (ISO 9506-2, 14.3.2).
var accessErrors = [...]string{
	"object invalidated", "hardware fault", "temporarily unavailable", "object access denied", "object undefined",
	"invalid address", "type unsupported", "type inconsistent", "object attribute inconsistent",
	"object access unsupported", "object non existent", "object value invalid",
}

// errorClasses are the classes of ServiceError (ISO 9506-2, 7.4.3).
var errorClasses = [...]string{
	"VMD state error", "application reference error", "definition error", "resource error", "service error",
	"service preempt error", "time resolution error", "access error", "initiate error", "conclude error",
	"cancel error", "file error", "other error",
}

// rejects are the kinds of PDU that a reject answers (ISO 9506-2, 7.5).
var rejects = [...]string{
	1: "confirmed request refused", 2: "confirmed response refused", 3: "confirmed error refused",
	4: "unconfirmed service refused", 5: "PDU refused", 6: "cancel request refused", 7: "cancel response refused",
	8: "cancel error refused", 9: "conclude request refused", 10: "conclude response refused", 11: "conclude error refused",
}

func pick(t []string, i uint64, other string) string {
	if i < uint64(len(t)) && t[i] != "" {
		return t[i]
	}
	return other
}
