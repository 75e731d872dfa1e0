// Package ethercat recognises EtherCAT frames, IEC 61158-4-12 (ETG.1000.4), and
// counts their commands. It does not read mailboxes nor process images.
package ethercat

import (
	"errors"
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "ethercat"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "EtherCAT",
	About: "The master of a machine exchanges process data with drives, terminals and sensors in frames that pass through each of them. " +
		"Whoever is on the segment can read and write everything; registers also change a device's state and its stored configuration.",
	Spec:  "IEC 61158-4-12; ETG.1000.4",
	Limit: "Commands and registers are told; mailbox protocols (CoE, FoE, SoE), process images and network variables are not read.",
	Depth: proto.Recognised | proto.Operations,
	On:    []proto.On{{Carrier: proto.Ethernet, Numbers: []uint32{0x88a4}}, {Carrier: proto.UDP, Numbers: []uint32{34980}}},

	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
	Functions: allFunctions,
}

// commands are the commands of 5.4, by number.
var commands = [...]struct {
	name  string
	class fact.Class
	read  bool // reads
	write bool // writes
}{
	0:  {"NOP", fact.Other, false, false},
	1:  {"APRD auto-increment physical read", fact.Read, true, false},
	2:  {"APWR auto-increment physical write", fact.Write, false, true},
	3:  {"APRW auto-increment physical read write", fact.Write, true, true},
	4:  {"FPRD configured-address physical read", fact.Read, true, false},
	5:  {"FPWR configured-address physical write", fact.Write, false, true},
	6:  {"FPRW configured-address physical read write", fact.Write, true, true},
	7:  {"BRD broadcast read", fact.Read, true, false},
	8:  {"BWR broadcast write", fact.Write, false, true},
	9:  {"BRW broadcast read write", fact.Write, true, true},
	10: {"LRD logical memory read", fact.Data, true, false},
	11: {"LWR logical memory write", fact.Data, false, true},
	12: {"LRW logical memory read write", fact.Data, true, true},
	13: {"ARMW auto-increment read multiple write", fact.Data, true, true},
	14: {"FRMW configured-address read multiple write", fact.Data, true, true},
}

const firstLogical, lastLogical = 10, 12

// areas are the registers of a device, by address (ETG.1000.4, clause 6).
// write is what writing them does.
var areas = [...]struct {
	from  uint16
	label string
	read  fact.Class
	write fact.Class
}{
	{0x0000, "device information", fact.Discover, fact.Other},
	{0x0010, "station address", fact.Read, fact.Configure},
	{0x0020, "write protection", fact.Read, fact.Configure},
	{0x0040, "device reset", fact.Read, fact.Control},
	{0x0100, "data link control", fact.Diagnose, fact.Configure},
	{0x0120, "application layer control", fact.Read, fact.Control},
	{0x0130, "application layer status", fact.Diagnose, fact.Other},
	{0x0140, "process data interface", fact.Read, fact.Configure},
	{0x0200, "interrupts", fact.Read, fact.Configure},
	{0x0300, "error counters", fact.Diagnose, fact.Diagnose},
	{0x0400, "watchdogs", fact.Diagnose, fact.Configure},
	{0x0500, "EEPROM interface", fact.Read, fact.Configure},
	{0x0510, "MII management", fact.Diagnose, fact.Configure},
	{0x0600, "memory management units", fact.Read, fact.Configure},
	{0x0800, "sync managers", fact.Read, fact.Configure},
	{0x0900, "distributed clocks", fact.Read, fact.Configure},
	{0x0e00, "maker's registers", fact.Read, fact.Write},
	{0x1000, "process memory", fact.Read, fact.Write},
}

// functions holds a function for each command and area; logical commands have
// the first only.
var functions = func() (fs [len(commands)][len(areas)]fact.Function) {
	for cmd, k := range commands {
		for i, a := range areas {
			f := fact.Function{Protocol: name, Code: fmt.Sprintf("0x%02x", cmd), Name: k.name, Class: k.class, Object: a.label}
			switch {
			case cmd == 0 || cmd >= firstLogical && cmd <= lastLogical:
				f.Object = ""
			case cmd > lastLogical: // spreads the clock every cycle
			case k.write:
				f.Class = a.write
			case k.read:
				f.Class = a.read
			}
			fs[cmd][i] = f
		}
	}
	return fs
}()

var (
	variables = fact.Function{Protocol: name, Code: "network variables", Name: "network variables", Class: fact.Data}
	mailbox   = fact.Function{Protocol: name, Code: "mailbox", Name: "mailbox gateway", Class: fact.Other}
)

func allFunctions() (fs []fact.Function) {
	for cmd := range functions {
		for i, f := range functions[cmd] {
			if i == 0 || f.Object != "" {
				fs = append(fs, f)
			}
		}
	}
	return append(fs, variables, mailbox)
}

func area(address uint16) int {
	at := 0
	for i, a := range areas {
		if address >= a.from {
			at = i
		}
	}
	return at
}

// Types of frame, in the upper four bits of the header.
const (
	typeCommands  = 1
	typeVariables = 4
	typeMailbox   = 5
)

var (
	errType    = errors.New("unknown frame type")
	errCommand = errors.New("unknown command")
)

func recognise(b []byte, h proto.Hint) proto.Verdict {
	r := wire.NewReader(b)
	head := r.U16LE("header")
	if !r.OK() {
		return proto.No
	}
	n := int(head & 0x7ff)
	switch head >> 12 {
	case typeCommands:
		d, err := datagram(&r)
		if err != nil || n < 12 || n+2 > len(b) || int(d.length)+12 > n {
			return proto.No
		}
		if h.Carrier == proto.Ethernet || n+2 == len(b) {
			return proto.Yes
		}
		return proto.Likely
	case typeVariables, typeMailbox:
		if h.Carrier == proto.Ethernet {
			return proto.Likely
		}
	}
	return proto.No
}

// command is one datagram in a frame.
type command struct {
	cmd, index uint8
	address    uint32 // device in the lower half, register in the upper; or logical address
	length     uint16
	more       bool
	data       []byte
	counter    uint16
}

func datagram(r *wire.Reader) (d command, err error) {
	d.cmd, d.index = r.U8("command"), r.U8("index")
	if int(d.cmd) >= len(commands) {
		r.Fail("command", errCommand)
	}
	d.address = r.U32LE("address")
	n := r.U16LE("length")
	d.length, d.more = n&0x7ff, n&0x8000 != 0
	r.Skip("interrupt", 2)
	d.data = r.Bytes("data", int(d.length))
	d.counter = r.U16LE("working counter")
	return d, r.Err()
}

type session struct {
	told bool
}

func (s *session) Reset()        { *s = session{} }
func (s *session) Gap(proto.Dir) {}

// maxCommands bounds a frame: 1500 bytes hold 124 empty commands.
const maxCommands = 128

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	head := r.U16LE("header")
	if err := r.Err(); err != nil {
		return 0, err
	}
	switch head >> 12 {
	case typeVariables:
		c.Op(&variables, fact.Notice)
		c.Emit()
		return len(b), nil
	case typeMailbox:
		c.Op(&mailbox, fact.Notice)
		c.Emit()
		return len(b), nil
	case typeCommands:
		return s.commands(c, b, r.Sub("commands", min(int(head&0x7ff), r.Len())))
	}
	r.Fail("type", errType)
	return 0, r.Err()
}

// commands reads the commands of a frame. The first device on the way back
// sets the locally administered bit of the source address (5.3.2): the frame
// is then the answer.
func (s *session) commands(c *proto.Context, b []byte, r wire.Reader) (int, error) {
	kind := fact.Request
	if c.Src.MAC.Local() {
		kind = fact.Response
	}
	if !s.told {
		s.told = true
		if kind == fact.Request {
			c.SenderIsClient()
			c.Say(fact.Sender, fact.RoleHint, "plc", "EtherCAT master", 40)
		}
	}
	for range maxCommands {
		d, err := datagram(&r)
		if err != nil {
			return len(b), err
		}
		at := 0
		t := fact.Target{First: uint64(d.address), Count: uint32(d.length), Set: true}
		if d.cmd < firstLogical || d.cmd > lastLogical {
			register := uint16(d.address >> 16)
			at = area(register)
			t.Unit, t.First = d.address&0xffff, uint64(register)
		}
		op := c.Op(&functions[d.cmd][at], kind)
		op.Target, op.Value = t, fact.Value{Kind: fact.Bytes, Raw: d.data}
		if kind == fact.Response && d.counter == 0 && d.cmd != 0 {
			op.Failed, op.Status = true, "no device answered"
		}
		c.Emit()
		if !d.more {
			break
		}
	}
	return len(b), nil
}
