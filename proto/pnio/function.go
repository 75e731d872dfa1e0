package pnio

import (
	"fmt"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
)

// Operation numbers of the PROFINET interfaces.
const (
	opConnect      = 0
	opRelease      = 1
	opRead         = 2
	opWrite        = 3
	opControl      = 4
	opReadImplicit = 5
)

var operations = [...]struct {
	name  string
	class fact.Class
}{
	{"connect", fact.Login}, // opens an application relation
	{"release", fact.Login},
	{"read", fact.Read},
	{"write", fact.Configure},
	{"control", fact.Other},
	{"read implicit", fact.Read},
}

// housekeeping are the other packet types of connectionless RPC.
var housekeeping = func() (t [dcerpc.CancelAck + 1]fact.Function) {
	for i := range t {
		n := dcerpc.Type(i).String()
		t[i] = fact.Function{Protocol: name, Code: n, Name: "rpc " + n, Class: fact.Other}
	}
	return t
}()

// records are the indices of 5.2.3 that have one meaning for all devices; a
// read of one is of the class given.
var records = map[uint16]struct {
	label string
	class fact.Class
}{
	0x8000: {"expected identification", fact.Read}, 0x8001: {"real identification", fact.Discover},
	0x800a: {"channel diagnosis", fact.Diagnose}, 0x800b: {"all diagnosis", fact.Diagnose}, 0x800c: {"diagnosis and maintenance", fact.Diagnose},
	0x8010: {"maintenance required", fact.Diagnose}, 0x8011: {"maintenance demanded", fact.Diagnose},
	0x801e: {"substitute values", fact.Read}, 0x8028: {"input data", fact.Data}, 0x8029: {"output data", fact.Data},
	0x8020: {"IR subframe data", fact.Read}, 0x8027: {"port data real, extended", fact.Diagnose},
	0x802a: {"port data real", fact.Diagnose}, 0x802b: {"port data check", fact.Read}, 0x802c: {"IR data", fact.Read},
	0x802d: {"sync data", fact.Read}, 0x802f: {"port data adjust", fact.Read}, 0x8030: {"isochronous mode data", fact.Read},
	0x8050: {"MRP data real", fact.Diagnose}, 0x8051: {"MRP data check", fact.Read}, 0x8052: {"MRP data adjust", fact.Read},
	0x8053: {"MRP port data adjust", fact.Read}, 0x8054: {"MRP port data real", fact.Diagnose},
	0x8060: {"fiber optic data real", fact.Diagnose}, 0x8061: {"fiber optic data check", fact.Read}, 0x8062: {"fiber optic data adjust", fact.Read},
	0x8070: {"network component data check", fact.Read}, 0x8071: {"interface data adjust", fact.Read},
	0x8072: {"port statistics", fact.Diagnose}, 0x8080: {"interface data real", fact.Discover}, 0x8090: {"fast start-up data adjust", fact.Read},
	0xaff0: {"I&M0 identification", fact.Discover}, 0xaff1: {"I&M1 function and location", fact.Discover},
	0xaff2: {"I&M2 installation date", fact.Discover}, 0xaff3: {"I&M3 descriptor", fact.Discover},
	0xaff4: {"I&M4 signature", fact.Discover}, 0xaff5: {"I&M5 communication module", fact.Discover},
	0xb02e: {"PROFIdrive parameters", fact.Read}, 0xb02f: {"PROFIdrive parameters", fact.Read},
	0xc000: {"expected identification of a slot", fact.Read}, 0xc001: {"real identification of a slot", fact.Discover},
	0xc00a: {"channel diagnosis of a slot", fact.Diagnose}, 0xc00b: {"all diagnosis of a slot", fact.Diagnose}, 0xc00c: {"diagnosis of a slot", fact.Diagnose},
	0xe000: {"expected identification of a relation", fact.Read}, 0xe001: {"real identification of a relation", fact.Discover},
	0xe002: {"module difference", fact.Diagnose}, 0xe00a: {"channel diagnosis of a relation", fact.Diagnose},
	0xe00b: {"all diagnosis of a relation", fact.Diagnose}, 0xe00c: {"diagnosis of a relation", fact.Diagnose},
	indexMultiple: {"multiple write", fact.Read}, 0xe050: {"fast start-up data of a relation", fact.Read},
	0xf000: {"real identification of an API", fact.Discover}, 0xf00a: {"channel diagnosis of an API", fact.Diagnose},
	0xf00b: {"all diagnosis of an API", fact.Diagnose}, 0xf00c: {"diagnosis of an API", fact.Diagnose}, 0xf020: {"relations of an API", fact.Diagnose},
	0xf80c: {"diagnosis of the device", fact.Diagnose}, 0xf820: {"application relations", fact.Diagnose}, 0xf821: {"APIs", fact.Discover},
	0xf830: {"log", fact.Diagnose}, 0xf831: {"physical device data", fact.Diagnose}, 0xf840: {"I&M0 filter", fact.Discover},
	0xf841: {"physical device data, real", fact.Discover}, 0xf842: {"physical device data, expected", fact.Read},
	0xf850: {"automatic configuration", fact.Read}, 0xfbff: {"trigger", fact.Read},
}

const indexMultiple = 0xe040

// Control commands, 5.2.4.18, as objects of the control function.
var commands = [...]struct {
	bit  uint16
	name string
}{
	{0x0001, "parameter end"}, {0x0002, "application ready"}, {0x0004, "release"},
	{0x0010, "ready for companion"}, {0x0020, "ready for RT class 3"}, {0x0040, "parameter begin"}, {0x0008, "done"},
}

var keys = proto.KeySpace(name)

// Keys: operation number in bits 0 to 15, record index or control command in
// bits 16 to 31, the mapper's operations with bit 32.
const keyMapper = 1 << 32

func opFunction(c *proto.Context, u dcerpc.UUID, op uint16, detail uint16) *fact.Function {
	key := keys | uint64(detail)<<16 | uint64(op)
	if u == mapper {
		key |= keyMapper
	}
	return c.Func(key, build)
}

// recordKey groups the indices of makers and users, of which there are many.
func recordKey(index uint16) uint16 {
	if _, ok := records[index]; ok {
		return index
	}
	if index < 0x8000 {
		return 1 // records of the application
	}
	return 2
}

func build(key uint64) fact.Function {
	op, detail := uint16(key), uint16(key>>16)
	if key&keyMapper != 0 {
		return buildMapper(op)
	}
	f := fact.Function{Protocol: name, Code: strconv.Itoa(int(op)), Name: fmt.Sprintf("operation %d", op)}
	if int(op) < len(operations) {
		f.Name, f.Class = operations[op].name, operations[op].class
	}
	switch op {
	case opRead, opReadImplicit, opWrite:
		f.Object = recordText(detail)
		if r, ok := records[detail]; ok && op != opWrite {
			f.Class = r.class
		}
		if op == opWrite && detail == 0x8029 {
			f.Class = fact.Write
		}
	case opControl:
		for _, k := range commands {
			if detail&k.bit != 0 {
				f.Object = k.name
				break
			}
		}
	}
	return f
}

func recordText(detail uint16) string {
	switch detail {
	case 0:
		return ""
	case 1:
		return "record of the application"
	case 2:
		return "record"
	}
	return records[detail].label
}

const epmLookup = 2

func buildMapper(op uint16) fact.Function {
	names := [...]string{"insert", "delete", "lookup", "map", "lookup handle free", "inquire object", "management delete"}
	f := fact.Function{Protocol: nameEPM, Code: strconv.Itoa(int(op)), Name: fmt.Sprintf("endpoint mapper operation %d", op), Class: fact.Other}
	if int(op) < len(names) {
		f.Name, f.Class = "endpoint mapper "+names[op], fact.Discover
	}
	return f
}

func knownFunctions() (fs []fact.Function) {
	for op := range uint64(len(operations)) {
		fs = append(fs, build(op))
	}
	for index := range 0x10000 {
		if _, ok := records[uint16(index)]; ok {
			fs = append(fs, build(uint64(index)<<16|opRead), build(uint64(index)<<16|opWrite))
		}
	}
	for _, k := range commands {
		fs = append(fs, build(uint64(k.bit)<<16|opControl))
	}
	return append(fs, buildMapper(epmLookup))
}
