package modbus

import (
	"fmt"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
)

const name = "modbus"

// functions maps each function code to what it does.
// Application Protocol V1.1b3, section 5.1 and chapter 6; codes 65 to 72 and
// 100 to 110 are user-defined, 90 is Schneider's UMAS and told apart further.
var functions = table(map[int]fact.Function{
	1:  {Name: "read coils", Class: fact.Read, Object: "coils"},
	2:  {Name: "read discrete inputs", Class: fact.Read, Object: "discrete inputs"},
	3:  {Name: "read holding registers", Class: fact.Read, Object: "holding registers"},
	4:  {Name: "read input registers", Class: fact.Read, Object: "input registers"},
	5:  {Name: "write single coil", Class: fact.Write, Object: "coils"},
	6:  {Name: "write single register", Class: fact.Write, Object: "holding registers"},
	7:  {Name: "read exception status", Class: fact.Diagnose},
	8:  {Name: "diagnostics", Class: fact.Diagnose},
	11: {Name: "get comm event counter", Class: fact.Diagnose},
	12: {Name: "get comm event log", Class: fact.Diagnose},
	15: {Name: "write multiple coils", Class: fact.Write, Object: "coils"},
	16: {Name: "write multiple registers", Class: fact.Write, Object: "holding registers"},
	17: {Name: "report server id", Class: fact.Discover},
	20: {Name: "read file record", Class: fact.Read, Object: "file records"},
	21: {Name: "write file record", Class: fact.Write, Object: "file records"},
	22: {Name: "mask write register", Class: fact.Write, Object: "holding registers"},
	23: {Name: "read/write multiple registers", Class: fact.Write, Object: "holding registers"},
	24: {Name: "read fifo queue", Class: fact.Read, Object: "fifo queue"},
	43: {Name: "encapsulated interface transport", Class: fact.Other},
	90: {Name: "umas", Class: fact.Other, Object: "umas"},
})

// The two uses of function 43 (6.19 to 6.21).
var (
	readDeviceID = fact.Function{Protocol: name, Code: "43", Name: "read device identification", Class: fact.Discover, Object: "device identification"}
	canOpen      = fact.Function{Protocol: name, Code: "43", Name: "CANopen general reference", Class: fact.Other, Object: "CANopen"}
)

// Diagnostics sub-functions (6.8) that act on the device.
var (
	restartComm = fact.Function{Protocol: name, Code: "8", Name: "diagnostics: restart communications", Class: fact.Control}
	listenOnly  = fact.Function{Protocol: name, Code: "8", Name: "diagnostics: force listen only mode", Class: fact.Control}
	clearCounts = fact.Function{Protocol: name, Code: "8", Name: "diagnostics: clear counters", Class: fact.Diagnose}
)

// table completes the named functions and adds the codes that have no name:
// an unknown code is evidence too.
func table(known map[int]fact.Function) (t [256]fact.Function) {
	for code := range t {
		f := known[code]
		f.Protocol, f.Code = name, strconv.Itoa(code)
		if f.Name == "" {
			f.Name = fmt.Sprintf("function %d", code)
		}
		t[code] = f
	}
	return t
}

// exceptions are the exception codes of chapter 7.
var exceptions = [256]string{
	1: "illegal function", 2: "illegal data address", 3: "illegal data value",
	4: "server device failure", 5: "acknowledge", 6: "server device busy",
	7: "negative acknowledge", 8: "memory parity error",
	10: "gateway path unavailable", 11: "gateway target device failed to respond",
}

func exception(code uint8) string {
	if s := exceptions[code]; s != "" {
		return s
	}
	return "exception"
}
