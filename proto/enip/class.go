package enip

import "github.com/bulkhead-ot/bulkhead/fact"

// group says what kind of thing a class is, which decides what the common
// services do to it.
type group uint8

const (
	general  group = iota
	identity       // what the device is: reading it is discovery
	process        // process data
	settings       // writing it configures the device
	program        // part of the control program
	reader         // lists of tags that a client builds to read them at once
	control        // writing it acts on the process or the controller's mode
)

type class struct {
	name  string
	group group
}

// classes are the objects of Vol. 1, chapter 5, Vol. 2, chapter 5, Vol. 5
// (safety), Vol. 8 (security), and the Rockwell classes that 1756-PM020
// documents or captures of known engineering actions show.
var classes = map[uint16]class{
	0x01: {"identity", identity}, 0x02: {"message router", general}, 0x03: {"devicenet", settings},
	0x04: {"assembly", process}, 0x05: {"connection", general}, 0x06: {"connection manager", general},
	0x07: {"register", process}, 0x08: {"discrete input point", process}, 0x09: {"discrete output point", process},
	0x0a: {"analog input point", process}, 0x0b: {"analog output point", process}, 0x0e: {"presence sensing", process},
	0x0f: {"parameter", settings}, 0x10: {"parameter group", settings}, 0x12: {"group", general},
	0x1d: {"discrete input group", process}, 0x1e: {"discrete output group", process}, 0x1f: {"discrete group", process},
	0x20: {"analog input group", process}, 0x21: {"analog output group", process}, 0x22: {"analog group", process},
	0x23: {"position sensor", process}, 0x24: {"position controller supervisor", control}, 0x25: {"position controller", control},
	0x26: {"block sequencer", control}, 0x27: {"command block", control}, 0x28: {"motor data", settings},
	0x29: {"control supervisor", control}, 0x2a: {"ac/dc drive", control}, 0x2b: {"acknowledge handler", general},
	0x2c: {"overload", settings}, 0x2d: {"softstart", settings}, 0x2e: {"selection", general},
	0x30: {"s-device supervisor", control}, 0x31: {"s-analog sensor", process}, 0x32: {"s-analog actuator", process},
	0x37: {"file", general}, 0x39: {"safety supervisor", settings}, 0x3a: {"safety validator", settings},
	0x3b: {"safety discrete output point", process}, 0x3c: {"safety discrete output group", process},
	0x3d: {"safety discrete input point", process}, 0x3e: {"safety discrete input group", process},
	0x3f: {"safety dual channel output", process}, 0x41: {"event log", settings},
	0x42: {"motion device axis", control}, 0x43: {"time sync", settings}, 0x44: {"modbus", process},
	0x45: {"originator connection list", settings}, 0x46: {"modbus serial link", settings},
	0x47: {"device level ring", settings}, 0x48: {"qos", settings}, 0x49: {"safety analog input point", process},
	0x4a: {"safety analog input group", process}, 0x4d: {"target connection list", settings},
	0x4e: {"base energy", general}, 0x4f: {"electrical energy", general}, 0x50: {"non-electrical energy", general},
	0x51: {"base switch", settings}, 0x52: {"snmp", settings}, 0x53: {"power management", settings},
	0x54: {"rstp bridge", settings}, 0x55: {"rstp port", settings}, 0x56: {"prp/hsr protocol", settings},
	0x57: {"prp/hsr nodes table", general}, 0x5a: {"safety stop functions", settings}, 0x5b: {"safety limit functions", settings},
	0x5d: {"cip security", settings}, 0x5e: {"ethernet/ip security", settings}, 0x5f: {"certificate management", settings},
	0x60: {"authority", settings}, 0x61: {"password authenticator", settings}, 0x62: {"certificate authenticator", settings},
	0x64: {"controller name", identity}, 0x67: {"pccc", general}, 0x68: {"program", program}, 0x69: {"i/o map", program},
	0x6a: {"program data", program}, 0x6b: {"symbol", program}, 0x6c: {"template", program}, 0x6d: {"routine", program},
	0x6e: {"logix 0x6e", program}, 0x6f: {"logix 0x6f", general}, 0x70: {"task", program}, 0x72: {"data table reader", reader},
	0x73: {"logix 0x73", general}, 0x74: {"edit lock", general}, 0x7e: {"i/o map member", program},
	0x92: {"dpi device", identity}, 0x93: {"dpi parameter", settings},
	0x8b: {"wall clock time", settings}, 0x8e: {"controller", settings}, 0xa1: {"nonvolatile storage", general},
	0xac: {"program changes", program}, 0xb2: {"tag list reader", reader},
	0xf0: {"controlnet", settings}, 0xf1: {"controlnet keeper", settings}, 0xf2: {"controlnet scheduling", settings},
	0xf3: {"connection configuration", settings}, 0xf4: {"port", settings}, 0xf5: {"tcp/ip interface", settings},
	0xf6: {"ethernet link", settings}, 0xf7: {"componet", settings}, 0xf8: {"componet repeater", settings},
	0xf9: {"hart master port", settings}, 0x100: {"protection trip", settings}, 0x101: {"protection alarm", settings},
	0x102: {"circuit breaker supervisor", control}, 0x109: {"lldp management", settings}, 0x10a: {"lldp data table", identity},
}

// effects says what a read, a write and making or deleting does to a group.
var effects = [...]struct{ read, write, shape fact.Class }{
	general:  {fact.Read, fact.Write, fact.Configure},
	identity: {fact.Discover, fact.Configure, fact.Configure},
	process:  {fact.Read, fact.Write, fact.Configure},
	settings: {fact.Read, fact.Configure, fact.Configure},
	program:  {fact.Read, fact.Program, fact.Program},
	reader:   {fact.Read, fact.Other, fact.Other},
	control:  {fact.Read, fact.Control, fact.Configure},
}
