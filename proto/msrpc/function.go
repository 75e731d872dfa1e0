package msrpc

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
	"github.com/bulkhead-ot/bulkhead/wire/msrpc"
)

// pdus are the PDU types (C706, 12.1) other than those that carry calls.
var pdus = func() (t [256]fact.Function) {
	for i := range t {
		n := dcerpc.Type(i).String()
		t[i] = fact.Function{Protocol: name, Code: n, Name: n, Class: fact.Other}
		if n == "unknown" {
			t[i].Code = "pdu " + strconv.Itoa(i)
		}
	}
	for _, i := range []dcerpc.Type{dcerpc.Bind, dcerpc.AlterContext, dcerpc.Auth3} {
		t[i].Class = fact.Login
	}
	return t
}()

var unasked = fact.Function{Protocol: name, Code: "response", Name: "response to a call that was not seen", Class: fact.Other}

var keySpace = proto.KeySpace(name)

// function is the operation op of interface i.
func function(c *proto.Context, i, op uint16) *fact.Function {
	return c.Func(keySpace|uint64(i)<<16|uint64(op), build)
}

func build(key uint64) fact.Function {
	i, op := uint16(key>>16), uint16(key)
	n, effect := msrpc.Lookup(i, op)
	return fact.Function{Protocol: name, Code: strconv.Itoa(int(op)), Name: n, Class: class(effect), Object: msrpc.Name(i)}
}

func class(e msrpc.Effect) fact.Class {
	switch e {
	case msrpc.Read:
		return fact.Read
	case msrpc.Write:
		return fact.Write
	case msrpc.Control:
		return fact.Control
	case msrpc.Program:
		return fact.Program
	case msrpc.Configure:
		return fact.Configure
	case msrpc.Login:
		return fact.Login
	case msrpc.Discover:
		return fact.Discover
	case msrpc.Diagnose:
		return fact.Diagnose
	case msrpc.Data:
		return fact.Data
	}
	return fact.Other
}

func allFunctions() []fact.Function {
	fs := []fact.Function{pdus[dcerpc.Bind], pdus[dcerpc.AlterContext], pdus[dcerpc.Auth3], unasked}
	for i := range msrpc.Interfaces {
		for _, x := range msrpc.Interfaces[i].Calls {
			fs = append(fs, build(uint64(i)<<16|uint64(x.Op)))
		}
	}
	return fs
}
