package snmp

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const sysDescrSource = "SNMP sysDescr"

// describe says the description that a device gives of itself and, where its
// form is known, the parts of it.
func (s *session) describe(c *proto.Context, b []byte) {
	b = bytes.TrimSpace(bytes.Trim(b, "\x00"))
	if line, _, _ := bytes.Cut(b, []byte{'\r'}); wire.Plain(firstLine(line)) {
		c.SayBytes(fact.Sender, fact.Description, firstLine(line), sysDescrSource, 90)
	}
	switch {
	case bytes.HasPrefix(b, []byte("Siemens, SIMATIC")):
		siemens(c, b)
	case bytes.HasPrefix(b, []byte("Cisco IOS")), bytes.HasPrefix(b, []byte("Cisco Internetwork")):
		cisco(c, b)
	case bytes.HasPrefix(b, []byte("Hardware: ")) && bytes.Contains(b, []byte("Software: Windows")):
		part(c, fact.OS, b, "Software: ", ")")
	case bytes.HasPrefix(b, []byte("Linux ")):
		s.linux(c, b)
	case bytes.HasPrefix(b, []byte("APC ")):
		apc(c, b)
	case bytes.HasPrefix(b, []byte("HP ETHERNET MULTI-ENVIRONMENT")):
		c.Say(fact.Sender, fact.Vendor, "HP", sysDescrSource, 90)
		c.Say(fact.Sender, fact.RoleHint, "printer", sysDescrSource, 90)
	}
}

func firstLine(b []byte) []byte {
	line, _, _ := bytes.Cut(b, []byte{'\n'})
	return bytes.TrimSpace(line)
}

// siemens reads "Siemens, SIMATIC, S7-300, 6ES7 315-2EH14-0AB0, HW: 4, FW: V3.2.6, S C-...".
func siemens(c *proto.Context, b []byte) {
	c.Say(fact.Sender, fact.Vendor, "Siemens", sysDescrSource, 95)
	for field, at := b, 0; at < 12 && len(field) > 0; at++ {
		var f []byte
		f, field, _ = bytes.Cut(field, []byte{','})
		f = bytes.TrimSpace(f)
		switch {
		case !wire.Plain(f):
		case at == 2:
			c.SayBytes(fact.Sender, fact.Model, f, sysDescrSource, 90)
		case len(f) > 4 && f[0] == '6' && (f[1] == 'E' || f[1] == 'G' || f[1] == 'A'):
			c.SayBytes(fact.Sender, fact.OrderNumber, f, sysDescrSource, 95)
		case bytes.HasPrefix(f, []byte("HW:")):
			c.SayBytes(fact.Sender, fact.Hardware, bytes.TrimSpace(f[3:]), sysDescrSource, 90)
		case bytes.HasPrefix(f, []byte("FW:")):
			c.SayBytes(fact.Sender, fact.FirmwareVer, bytes.TrimSpace(f[3:]), sysDescrSource, 90)
		}
	}
}

// cisco reads "Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE5, RELEASE ...".
func cisco(c *proto.Context, b []byte) {
	c.Say(fact.Sender, fact.Vendor, "Cisco", sysDescrSource, 95)
	c.Say(fact.Sender, fact.OS, "Cisco IOS", sysDescrSource, 90)
	part(c, fact.FirmwareVer, b, "Version ", ", \r\n")
	part(c, fact.Model, b, "IOS Software, ", " ")
}

// linux reads "Linux host 5.4.0-42-generic #46-Ubuntu SMP ...".
func (s *session) linux(c *proto.Context, b []byte) {
	rest := b[len("Linux "):]
	host, rest, _ := bytes.Cut(rest, []byte{' '})
	kernel, _, _ := bytes.Cut(rest, []byte{' '})
	if wire.Plain(host) && len(kernel) > 0 && kernel[0] >= '0' && kernel[0] <= '9' && wire.Plain(kernel) {
		c.SayBytes(fact.Sender, fact.Hostname, host, sysDescrSource, 80)
		if len(kernel) < len(s.text)-8 {
			c.SayBytes(fact.Sender, fact.OS, append(append(s.text[:0], "Linux "...), kernel...), sysDescrSource, 90)
		}
	}
}

// apc reads "APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.4.6 PN:... MN:AP9631 HR:05 SN: ZA1023006009 MD:...)".
func apc(c *proto.Context, b []byte) {
	c.Say(fact.Sender, fact.Vendor, "APC", sysDescrSource, 95)
	part(c, fact.Model, b, " MN:", " )")
	part(c, fact.Serial, b, " SN: ", " )")
	part(c, fact.FirmwareVer, b, " PF:", " )")
}

// part says what stands between a mark and the first of the stops.
func part(c *proto.Context, a fact.Attr, b []byte, mark, stops string) {
	i := bytes.Index(b, []byte(mark))
	if i < 0 {
		return
	}
	v := b[i+len(mark):]
	if j := bytes.IndexAny(v, stops); j >= 0 {
		v = v[:j]
	}
	if stops == ")" && len(v) > 0 { // the parenthesis belongs to it
		v = b[i+len(mark) : min(len(b), i+len(mark)+len(v)+1)]
	}
	if wire.Plain(v) {
		c.SayBytes(fact.Sender, a, v, sysDescrSource, 85)
	}
}
