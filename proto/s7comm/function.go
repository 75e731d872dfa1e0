package s7comm

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
)

const name = "s7comm"

// Function codes of jobs and their answers.
const (
	cpuServices     = 0x00
	readVar         = 0x04
	writeVar        = 0x05
	requestDownload = 0x1a
	downloadBlock   = 0x1b
	downloadEnded   = 0x1c
	startUpload     = 0x1d
	upload          = 0x1e
	endUpload       = 0x1f
	piService       = 0x28
	plcStop         = 0x29
	setup           = 0xf0
)

// jobs maps each function code of ROSCTR 1 and 3 to what it does.
var jobs = jobTable(map[int]fact.Function{
	cpuServices:     {Name: "cpu services", Class: fact.Other},
	readVar:         {Name: "read var", Class: fact.Read},
	writeVar:        {Name: "write var", Class: fact.Write},
	requestDownload: {Name: "request download", Class: fact.Program, Object: "block"},
	downloadBlock:   {Name: "download block", Class: fact.Program, Object: "block"},
	downloadEnded:   {Name: "download ended", Class: fact.Program, Object: "block"},
	startUpload:     {Name: "start upload", Class: fact.Program, Object: "block"},
	upload:          {Name: "upload", Class: fact.Program, Object: "block"},
	endUpload:       {Name: "end upload", Class: fact.Program, Object: "block"},
	piService:       {Name: "pi service", Class: fact.Control, Object: "program invocation"},
	plcStop:         {Name: "plc stop", Class: fact.Control, Object: "program invocation"},
	setup:           {Name: "setup communication", Class: fact.Login},
})

func jobTable(known map[int]fact.Function) (t [256]fact.Function) {
	for code := range t {
		f, ok := known[code]
		if !ok {
			f.Name = fmt.Sprintf("function 0x%02x", code)
		}
		f.Protocol, f.Code = name, fmt.Sprintf("0x%02x", code)
		t[code] = f
	}
	return t
}

// ackOnly is an acknowledgement (ROSCTR 2) whose job was not seen.
var ackOnly = fact.Function{Protocol: name, Code: "ack", Name: "acknowledgement of a job that was not seen"}

// areas names the memory areas of an address with syntax S7ANY. Their order
// is the order of the tables reads and writes.
var areas = [...]struct {
	code   uint8
	object string
}{
	{0x84, "DB"}, {0x81, "inputs"}, {0x82, "outputs"}, {0x83, "flags"}, {0x85, "instance DB"},
	{0x80, "peripheral"}, {0x86, "local data"}, {0x87, "local data of the caller"},
	{areaCounter, "counters"}, {areaTimer, "timers"}, {0x1e, "IEC counters"}, {0x1f, "IEC timers"},
	{0x01, "data record"}, {0x03, "system info"}, {0x05, "system flags"}, {0x06, "analog inputs"}, {0x07, "analog outputs"},
}

const (
	areaCounter = 0x1c
	areaTimer   = 0x1d
)

// Objects that are no S7ANY area.
const (
	objNone    = ""
	objSeveral = "several areas"
	objNCK     = "NCK variables"
	objDrive   = "drive parameters"
	objSymbol  = "symbols"
	objBSend   = "block send"
	objAlarm   = "alarms"
	objOther   = "unknown area"
)

var otherObjects = [...]string{objNone, objSeveral, objNCK, objDrive, objSymbol, objBSend, objAlarm, objOther}

// access are the functions read var and write var, one for each object.
var reads, writes = accessTable(readVar), accessTable(writeVar)

func accessTable(code uint8) []fact.Function {
	var t []fact.Function
	add := func(object string) {
		f := jobs[code]
		f.Object = object
		t = append(t, f)
	}
	for _, a := range areas {
		add(a.object)
	}
	for _, o := range otherObjects {
		add(o)
	}
	return t
}

// access finds the function for an object; the table is short.
func access(t []fact.Function, object string) *fact.Function {
	for i := range t {
		if t[i].Object == object {
			return &t[i]
		}
	}
	return &t[len(t)-1]
}

func areaObject(code uint8) string {
	for _, a := range areas {
		if a.code == code {
			return a.object
		}
	}
	return objOther
}

func allFunctions() []fact.Function {
	var fs []fact.Function
	for code, f := range jobs {
		if f.Name != "function "+f.Code && code != readVar && code != writeVar && code != piService {
			fs = append(fs, f)
		}
	}
	fs = append(append(fs, reads...), writes...)
	for i := range services {
		fs = append(fs, services[i].f)
	}
	for i := range userdata {
		fs = append(fs, userdata[i].f)
	}
	return fs
}
