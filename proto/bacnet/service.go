package bacnet

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

const name = "bacnet"

type service struct {
	name  string
	class fact.Class
}

// confirmed are the confirmed services (clause 21, BACnetConfirmedServiceChoice).
var confirmed = [...]service{
	{"acknowledge alarm", fact.Control},
	{"confirmed cov notification", fact.Data},
	{"confirmed event notification", fact.Data},
	{"get alarm summary", fact.Read},
	{"get enrollment summary", fact.Read},
	{"subscribe cov", fact.Read},
	{"atomic read file", fact.Read},
	{"atomic write file", fact.Program},
	{"add list element", fact.Configure},
	{"remove list element", fact.Configure},
	{"create object", fact.Configure},
	{"delete object", fact.Configure},
	{"read property", fact.Read},
	{"read property conditional", fact.Read},
	{"read property multiple", fact.Read},
	{"write property", fact.Write},
	{"write property multiple", fact.Write},
	{"device communication control", fact.Control},
	{"confirmed private transfer", fact.Other},
	{"confirmed text message", fact.Other},
	{"reinitialize device", fact.Control},
	{"vt-open", fact.Login},
	{"vt-close", fact.Login},
	{"vt-data", fact.Other},
	{"authenticate", fact.Login},
	{"request key", fact.Login},
	{"read range", fact.Read},
	{"life safety operation", fact.Control},
	{"subscribe cov property", fact.Read},
	{"get event information", fact.Read},
	{"subscribe cov property multiple", fact.Read},
	{"confirmed cov notification multiple", fact.Data},
	{"confirmed audit notification", fact.Data},
	{"audit log query", fact.Read},
}

// unconfirmed are the unconfirmed services (clause 21, BACnetUnconfirmedServiceChoice).
var unconfirmed = [...]service{
	{"i-am", fact.Discover},
	{"i-have", fact.Discover},
	{"unconfirmed cov notification", fact.Data},
	{"unconfirmed event notification", fact.Data},
	{"unconfirmed private transfer", fact.Other},
	{"unconfirmed text message", fact.Other},
	{"time synchronization", fact.Configure},
	{"who-has", fact.Discover},
	{"who-is", fact.Discover},
	{"utc time synchronization", fact.Configure},
	{"write group", fact.Write},
	{"unconfirmed cov notification multiple", fact.Data},
	{"unconfirmed audit notification", fact.Data},
	{"who-am-i", fact.Discover},
	{"you-are", fact.Configure},
}

// Service choices that the dissector tells apart.
const (
	confCOV          = 1
	confEvent        = 2
	subscribeCOV     = 5
	readFile         = 6
	writeFile        = 7
	addElement       = 8
	removeElement    = 9
	createObject     = 10
	deleteObject     = 11
	readProperty     = 12
	readMultiple     = 14
	writeProperty    = 15
	writeMultiple    = 16
	commControl      = 17
	reinitialize     = 20
	readRange        = 26
	lifeSafety       = 27
	subscribeCOVProp = 28

	unconfIAm     = 0
	unconfIHave   = 1
	unconfCOV     = 2
	unconfEvent   = 3
	unconfWhoHas  = 7
	unconfWhoIs   = 8
	unconfWhoAmI  = 13
	unconfYouAre  = 14
	maxServices   = 64 // codes above share one function
	confirmedKind = 0
	unconfirmKind = 1
)

// Variants of DeviceCommunicationControl (16.1) and ReinitializeDevice (16.4).
var (
	commStates = [...]string{"enable", "disable", "disable-initiation"}
	initStates = [...]string{
		"coldstart", "warmstart", "start-backup", "end-backup",
		"start-restore", "end-restore", "abort-restore", "activate-changes",
	}
)

var space = proto.KeySpace(name)

// functionOf is the function for a service and what it acts on. variant is one
// more than the state asked for, or 0.
func functionOf(c *proto.Context, kind, choice uint8, p *params) *fact.Function {
	key := space | uint64(kind)<<40 | uint64(choice)<<16
	if choice >= maxServices {
		return c.Func(key, build)
	}
	if p != nil && p.hasObject {
		key |= objectKey(p.objType) << 8
	}
	if p != nil {
		key |= uint64(p.variant)
	}
	return c.Func(key, build)
}

func build(key uint64) fact.Function {
	kind, choice, object, variant := uint8(key>>40)&1, uint8(key>>16), uint8(key>>8), uint8(key)
	table, prefix := confirmed[:], "confirmed "
	if kind == unconfirmKind {
		table, prefix = unconfirmed[:], "unconfirmed "
	}
	f := fact.Function{Protocol: name, Code: prefix + strconv.Itoa(int(choice)), Object: objectText(object)}
	if int(choice) >= len(table) {
		f.Name = prefix + "service " + strconv.Itoa(int(choice))
		return f
	}
	f.Name, f.Class = table[choice].name, table[choice].class
	if kind == confirmedKind {
		refine(&f, choice, object, variant)
	}
	return f
}

// refine adds what object or state make of a confirmed service.
func refine(f *fact.Function, choice, object, variant uint8) {
	switch choice {
	case writeProperty, writeMultiple:
		switch object {
		case typeProgram + 1:
			f.Class = fact.Control
		case typeFile + 1:
			f.Class = fact.Program
		case typeDevice + 1, typeNetworkPort + 1, typeNetworkSec + 1:
			f.Class = fact.Configure
		}
	case commControl:
		if i := int(variant) - 1; i >= 0 && i < len(commStates) {
			f.Object = commStates[i]
		}
	case reinitialize:
		i := int(variant) - 1
		if i >= 0 && i < len(initStates) {
			f.Object = initStates[i]
		}
		if i == 4 || i == 5 { // replaces the configuration files
			f.Class = fact.Program
		}
	}
}

func allFunctions() []fact.Function {
	var fs []fact.Function
	for i := range confirmed {
		fs = append(fs, build(uint64(i)<<16))
	}
	for i := range unconfirmed {
		fs = append(fs, build(unconfirmKind<<40|uint64(i)<<16))
	}
	for i := range bvlcFunctions {
		fs = append(fs, bvlcFunctions[i])
	}
	for i := range bvlc6Functions {
		fs = append(fs, bvlc6Functions[i])
	}
	for i := range networkNames {
		if networkNames[i].name != "" {
			fs = append(fs, networkFunctions[i])
		}
	}
	return append(fs, segmentAck, rejected, aborted)
}

// PDUs that name no service, when the request that they belong to was not seen.
var (
	segmentAck = fact.Function{Protocol: name, Code: "segment-ack", Name: "segment ack", Class: fact.Other}
	rejected   = fact.Function{Protocol: name, Code: "reject", Name: "reject", Class: fact.Other, Reply: true}
	aborted    = fact.Function{Protocol: name, Code: "abort", Name: "abort", Class: fact.Other, Reply: true}
)
