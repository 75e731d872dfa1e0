package modbus

import (
	"fmt"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// UMAS is the engineering protocol of Schneider's Modicon controllers, inside
// Modbus function 90: session key, function, data. It is not published; the
// functions are those that independent researchers agree upon.
var umas = umasTable(map[int]fact.Function{
	0x01: {Name: "umas 0x01 init communication", Class: fact.Login},
	0x02: {Name: "umas 0x02 read id", Class: fact.Discover},
	0x03: {Name: "umas 0x03 read project info", Class: fact.Discover},
	0x04: {Name: "umas 0x04 read plc info", Class: fact.Diagnose},
	0x06: {Name: "umas 0x06 read card info", Class: fact.Diagnose},
	0x0a: {Name: "umas 0x0a repeat", Class: fact.Diagnose},
	0x10: {Name: "umas 0x10 take plc reservation", Class: fact.Login},
	0x11: {Name: "umas 0x11 release plc reservation", Class: fact.Login},
	0x12: {Name: "umas 0x12 keep alive", Class: fact.Diagnose},
	0x20: {Name: "umas 0x20 read memory block", Class: fact.Read},
	0x21: {Name: "umas 0x21 write memory block", Class: fact.Write},
	0x22: {Name: "umas 0x22 read variables", Class: fact.Read},
	0x23: {Name: "umas 0x23 write variables", Class: fact.Write},
	0x24: {Name: "umas 0x24 read coils and registers", Class: fact.Read},
	0x25: {Name: "umas 0x25 write coils and registers", Class: fact.Write},
	0x26: {Name: "umas 0x26 data dictionary", Class: fact.Discover},
	0x30: {Name: "umas 0x30 begin upload", Class: fact.Program},
	0x31: {Name: "umas 0x31 upload block", Class: fact.Program},
	0x32: {Name: "umas 0x32 end upload", Class: fact.Program},
	0x33: {Name: "umas 0x33 begin download", Class: fact.Program},
	0x34: {Name: "umas 0x34 download block", Class: fact.Program},
	0x35: {Name: "umas 0x35 end download", Class: fact.Program},
	0x36: {Name: "umas 0x36 backup to card", Class: fact.Program},
	0x37: {Name: "umas 0x37 restore from card", Class: fact.Program},
	0x38: {Name: "umas 0x38 preload blocks", Class: fact.Program},
	0x39: {Name: "umas 0x39 read ethernet master data", Class: fact.Diagnose},
	0x40: {Name: "umas 0x40 start plc", Class: fact.Control},
	0x41: {Name: "umas 0x41 stop plc", Class: fact.Control},
	0x50: {Name: "umas 0x50 monitor plc", Class: fact.Read},
	0x42: {Name: "umas 0x42 initialise plc", Class: fact.Control},
	0x43: {Name: "umas 0x43 swap plc", Class: fact.Control},
	0x58: {Name: "umas 0x58 check plc", Class: fact.Diagnose},
	0x6d: {Name: "umas 0x6d reservation handshake", Class: fact.Login},
	0x6e: {Name: "umas 0x6e reservation secret", Class: fact.Login},
	0x70: {Name: "umas 0x70 read io object", Class: fact.Read},
	0x71: {Name: "umas 0x71 write io object", Class: fact.Write},
	0x73: {Name: "umas 0x73 get status module", Class: fact.Diagnose},
})

func umasTable(known map[int]fact.Function) (t [256]fact.Function) {
	for code := range t {
		f := known[code]
		f.Protocol, f.Code, f.Object = name, "90", "umas"
		if f.Name == "" {
			f.Name = fmt.Sprintf("umas 0x%02x", code)
		}
		t[code] = f
	}
	return t
}

// Outcome bytes of a UMAS answer.
const (
	umasOK    = 0xfe
	umasError = 0xfd
)

// umasRequest notes what requests tell: the client that reserves the
// controller, the checksum of the program that its variables belong to.
func (s *session) umasRequest(c *proto.Context, f *fact.Function, data []byte) {
	r := wire.NewReader(data)
	switch f {
	case &umas[0x10]:
		r.Skip("unknown", 4)
		if name := r.Bytes("name", int(r.U8("name length"))); r.OK() && wire.ASCII(name) {
			c.SayBytes(fact.Sender, fact.Hostname, name, "UMAS reservation", 60)
		}
	case &umas[0x22], &umas[0x23]:
		crc := r.U32LE("checksum")
		if !r.OK() || crc == 0 || crc == s.crc {
			return
		}
		s.crc = crc
		b := strconv.AppendUint(append(s.text[:0], "0x"...), uint64(crc), 16)
		c.SayBytes(fact.Receiver, fact.ProgramID, b, "UMAS checksum of the program", 60)
	}
}

// umasAnswer says what the controller tells about itself in a successful answer.
func (s *session) umasAnswer(c *proto.Context, f *fact.Function, data []byte) {
	r := wire.NewReader(data)
	switch f {
	case &umas[0x01]:
		r.Skip("frame size, version, unknown, internal code", 12)
		if name := r.Bytes("host name", int(r.U8("host name length"))); r.OK() && wire.ASCII(name) {
			c.SayBytes(fact.Sender, fact.DeviceName, name, "UMAS init communication", 70)
		}
	case &umas[0x02]:
		s.readID(c, &r)
	case &umas[0x03]:
		if name := longest(data); len(name) >= 3 {
			c.SayBytes(fact.Sender, fact.ProgramName, name, "UMAS read project info", 50)
		}
	case &umas[0x40]:
		c.Say(fact.Sender, fact.State, "run", "UMAS start accepted", 70)
	case &umas[0x41]:
		c.Say(fact.Sender, fact.State, "stop", "UMAS stop accepted", 80)
	}
}

// readID reads the answer of function 0x02: numbers of fixed size before the
// counted name of the CPU.
func (s *session) readID(c *proto.Context, r *wire.Reader) {
	const source = "UMAS read id"
	r.Skip("range, identifier, model", 8)
	version := r.U16LE("version")
	r.Skip("patch, internal version, hardware, crash code, unknown", 12)
	cpu := r.Bytes("name", int(r.U8("name length")))
	if !r.OK() || !wire.ASCII(cpu) {
		return
	}
	c.SayBytes(fact.Sender, fact.Model, cpu, source, 90)
	c.Say(fact.Sender, fact.Vendor, "Schneider Electric", source, 95)
	c.Say(fact.Sender, fact.RoleHint, "plc", source, 85)
	b := strconv.AppendUint(append(s.text[:0], 'V'), uint64(version>>8), 10)
	b = append(b, '.')
	if version&0xff < 0x10 {
		b = append(b, '0')
	}
	b = strconv.AppendUint(b, uint64(version&0xff), 16)
	c.SayBytes(fact.Sender, fact.FirmwareVer, b, source, 80)
}
