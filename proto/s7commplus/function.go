package s7commplus

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

const name = "s7comm-plus"

// Function codes.
const (
	explore             = 0x04bb
	createObject        = 0x04ca
	deleteObject        = 0x04d4
	setVariable         = 0x04f2
	getVariable         = 0x04fc
	addLink             = 0x0506
	removeLink          = 0x051a
	getLink             = 0x0524
	setMultiVariables   = 0x0542
	getMultiVariables   = 0x054c
	beginSequence       = 0x0556
	endSequence         = 0x0560
	invoke              = 0x056b
	setVarSubStreamed   = 0x057c
	getVarSubStreamed   = 0x0586
	getVariablesAddress = 0x0590
	abort               = 0x059a
	errorCode           = 0x05a9
	initSSL             = 0x05b3
)

// entry is one function, and with an object one use of it.
type entry struct {
	code uint16
	use  use
	f    fact.Function
}

// use tells apart what one function code is used for.
type use uint8

const (
	general      use = iota
	onSession        // the object is the session itself
	onPassword       // the answer to the password challenge of a session
	subscription     // cyclic data for panels
	onStop           // operating state requested: stop
	onStart          // operating state requested: run
	onDB             // variables of data blocks
	onInputs
	onOutputs
	onFlags
	onCounters
	onTimers
)

// functions maps each function code, and what it is used for, to what it does.
var functions = table([]entry{
	{explore, general, fact.Function{Name: "explore", Class: fact.Discover}},
	{createObject, general, fact.Function{Name: "create object", Class: fact.Program}},
	{createObject, onSession, fact.Function{Name: "create object", Class: fact.Login, Object: "session"}},
	{createObject, subscription, fact.Function{Name: "create object", Class: fact.Data, Object: "subscription"}},
	{deleteObject, general, fact.Function{Name: "delete object", Class: fact.Program}},
	{deleteObject, onSession, fact.Function{Name: "delete object", Class: fact.Login, Object: "session"}},
	{deleteObject, subscription, fact.Function{Name: "delete object", Class: fact.Data, Object: "subscription"}},
	{setVariable, general, fact.Function{Name: "set variable", Class: fact.Write}},
	{setVariable, onSession, fact.Function{Name: "set variable", Class: fact.Login, Object: "session"}},
	{setVariable, onPassword, fact.Function{Name: "set variable", Class: fact.Login, Object: "password"}},
	{setVariable, subscription, fact.Function{Name: "set variable", Class: fact.Data, Object: "subscription"}},
	{setVariable, onStop, fact.Function{Name: "set variable: stop", Class: fact.Control, Object: "operating state"}},
	{setVariable, onStart, fact.Function{Name: "set variable: run", Class: fact.Control, Object: "operating state"}},
	{getVariable, general, fact.Function{Name: "get variable", Class: fact.Read}},
	{addLink, general, fact.Function{Name: "add link", Class: fact.Program}},
	{removeLink, general, fact.Function{Name: "remove link", Class: fact.Program}},
	{getLink, general, fact.Function{Name: "get link", Class: fact.Discover}},
	{setMultiVariables, general, fact.Function{Name: "set multi variables", Class: fact.Write}},
	{setMultiVariables, onSession, fact.Function{Name: "set multi variables", Class: fact.Login, Object: "session"}},
	{setMultiVariables, onPassword, fact.Function{Name: "set multi variables", Class: fact.Login, Object: "password"}},
	{setMultiVariables, subscription, fact.Function{Name: "set multi variables", Class: fact.Data, Object: "subscription"}},
	{setMultiVariables, onStop, fact.Function{Name: "set multi variables: stop", Class: fact.Control, Object: "operating state"}},
	{setMultiVariables, onStart, fact.Function{Name: "set multi variables: run", Class: fact.Control, Object: "operating state"}},
	{setMultiVariables, onDB, fact.Function{Name: "set multi variables", Class: fact.Write, Object: "DB"}},
	{setMultiVariables, onInputs, fact.Function{Name: "set multi variables", Class: fact.Write, Object: "inputs"}},
	{setMultiVariables, onOutputs, fact.Function{Name: "set multi variables", Class: fact.Write, Object: "outputs"}},
	{setMultiVariables, onFlags, fact.Function{Name: "set multi variables", Class: fact.Write, Object: "flags"}},
	{setMultiVariables, onCounters, fact.Function{Name: "set multi variables", Class: fact.Write, Object: "counters"}},
	{setMultiVariables, onTimers, fact.Function{Name: "set multi variables", Class: fact.Write, Object: "timers"}},
	{getMultiVariables, general, fact.Function{Name: "get multi variables", Class: fact.Read}},
	{getMultiVariables, onSession, fact.Function{Name: "get multi variables", Class: fact.Diagnose, Object: "session"}},
	{getMultiVariables, onDB, fact.Function{Name: "get multi variables", Class: fact.Read, Object: "DB"}},
	{getMultiVariables, onInputs, fact.Function{Name: "get multi variables", Class: fact.Read, Object: "inputs"}},
	{getMultiVariables, onOutputs, fact.Function{Name: "get multi variables", Class: fact.Read, Object: "outputs"}},
	{getMultiVariables, onFlags, fact.Function{Name: "get multi variables", Class: fact.Read, Object: "flags"}},
	{getMultiVariables, onCounters, fact.Function{Name: "get multi variables", Class: fact.Read, Object: "counters"}},
	{getMultiVariables, onTimers, fact.Function{Name: "get multi variables", Class: fact.Read, Object: "timers"}},
	{beginSequence, general, fact.Function{Name: "begin sequence", Class: fact.Program}},
	{endSequence, general, fact.Function{Name: "end sequence", Class: fact.Program}},
	{invoke, general, fact.Function{Name: "invoke", Class: fact.Control}},
	{setVarSubStreamed, general, fact.Function{Name: "set variable substreamed", Class: fact.Write}},
	{getVarSubStreamed, general, fact.Function{Name: "get variable substreamed", Class: fact.Read}},
	{getVarSubStreamed, onSession, fact.Function{Name: "get variable substreamed", Class: fact.Diagnose, Object: "session"}},
	{getVariablesAddress, general, fact.Function{Name: "get variables address", Class: fact.Discover}},
	{abort, general, fact.Function{Name: "abort", Class: fact.Other}},
	{errorCode, general, fact.Function{Name: "error", Class: fact.Diagnose}},
	{initSSL, general, fact.Function{Name: "init ssl", Class: fact.Login}},
})

func table(t []entry) []entry {
	for i := range t {
		t[i].f.Protocol, t[i].f.Code = name, fmt.Sprintf("0x%04x", t[i].code)
	}
	return t
}

// What is sent without being asked.
var (
	notification        = fact.Function{Protocol: name, Code: "0x33", Name: "notification", Class: fact.Data, Object: "subscription"}
	systemEventFunction = fact.Function{Protocol: name, Code: "0xfe", Name: "system event", Class: fact.Diagnose}
	keepAliveFunction   = fact.Function{Protocol: name, Code: "0xff", Name: "keep alive", Class: fact.Diagnose}
)

// keys is the dissector's range of proto.Context.Func.
var keys = proto.KeySpace(name)

// find is the function of a code for a use, else for any; unknown codes get a
// function of their own.
func find(c *proto.Context, code uint16, u use) *fact.Function {
	var f *fact.Function
	for i := range functions {
		if e := &functions[i]; e.code == code && (e.use == u || e.use == general) {
			f = &e.f
			if e.use == u {
				return f
			}
		}
	}
	if f != nil {
		return f
	}
	return c.Func(keys|uint64(code), unknown)
}

func unknown(key uint64) fact.Function {
	code := fmt.Sprintf("0x%04x", uint16(key))
	return fact.Function{Protocol: name, Code: code, Name: "function " + code}
}

func allFunctions() []fact.Function {
	fs := []fact.Function{notification, systemEventFunction, keepAliveFunction}
	for _, e := range functions {
		fs = append(fs, e.f)
	}
	return fs
}
