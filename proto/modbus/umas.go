package modbus

import (
	"fmt"

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
	0x39: {Name: "umas 0x39 read ethernet master data", Class: fact.Diagnose},
	0x40: {Name: "umas 0x40 start plc", Class: fact.Control},
	0x41: {Name: "umas 0x41 stop plc", Class: fact.Control},
	0x50: {Name: "umas 0x50 monitor plc", Class: fact.Read},
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

// umasAnswer says what the controller tells about itself in a successful answer.
func umasAnswer(c *proto.Context, f *fact.Function, data []byte) {
	if f != &umas[0x02] {
		return
	}
	// Range, identifier, model, firmware version, hardware id and other
	// fields of fixed size stand before the counted name of the CPU.
	r := wire.NewReader(data)
	r.Skip("range, identifier and model", 10)
	version := r.U16LE("firmware version")
	r.Skip("patch, interrupt revision and hardware id", 12)
	n := r.U8("name length")
	cpu := r.Bytes("name", int(n))
	if !r.OK() || !printable(cpu) {
		return
	}
	c.SayBytes(fact.Sender, fact.Model, cpu, "UMAS read id", 90)
	c.Say(fact.Sender, fact.Vendor, "Schneider Electric", "UMAS", 90)
	_ = version
}
