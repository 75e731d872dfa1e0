package dns

import (
	"fmt"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
)

const name = "dns"

// queries holds the query types below its length; the few above are made when
// they are met. Transfers and SRV questions tell what a network has; an
// ordinary look-up does nothing to the plant.
var queries = func() (t [258]fact.Function) {
	for i := range t {
		t[i] = query(uint64(i))
	}
	return t
}()

func query(qtype uint64) fact.Function {
	qtype &= 0xffff
	text, ok := dnsmsg.TypeNames[uint16(qtype)]
	if !ok {
		text = fmt.Sprintf("type %d", qtype)
	}
	class := fact.Other
	switch qtype {
	case dnsmsg.SRV, dnsmsg.ANY, axfr, ixfr:
		class = fact.Discover
	}
	return fact.Function{Protocol: name, Code: strconv.FormatUint(qtype, 10), Name: "query " + text, Class: class}
}

const (
	ixfr = 251
	axfr = 252
)

// opcodes are the messages that are no queries (IANA, DNS OpCodes).
var opcodes = func() (t [16]fact.Function) {
	for i := range t {
		t[i] = fact.Function{Protocol: name, Code: fmt.Sprintf("opcode %d", i), Name: fmt.Sprintf("opcode %d", i)}
	}
	t[1].Name, t[1].Class = "inverse query", fact.Discover
	t[2].Name, t[2].Class = "server status", fact.Diagnose
	t[opNotify].Name = "notify"
	t[opUpdate].Name, t[opUpdate].Class = "update", fact.Configure
	t[6].Name = "stateful operations"
	return t
}()

const (
	opNotify = 4
	opUpdate = 5
)

func function(c *proto.Context, opcode uint8, qtype uint16) *fact.Function {
	if opcode != 0 {
		return &opcodes[opcode&15]
	}
	if int(qtype) < len(queries) {
		return &queries[qtype]
	}
	return c.Func(proto.KeySpace(name)|uint64(qtype), query)
}

func allFunctions() []fact.Function {
	var fs []fact.Function
	for i, f := range queries {
		if dnsmsg.TypeNames[uint16(i)] != "" {
			fs = append(fs, f)
		}
	}
	return append(fs, opcodes[1], opcodes[2], opcodes[opNotify], opcodes[opUpdate])
}
