package lldp

import (
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

const described = "LLDP system description"

// makers are told by how the description begins. What follows is read by the
// function, if the maker keeps a form.
var makers = []struct {
	begins string
	vendor string
	read   func(c *proto.Context, rest string)
}{
	{"Siemens, ", "Siemens", siemens},
	{"Siemens AG ", "Siemens", product},
	{"Siemens", "Siemens", nil},
	{"Hirschmann ", "Hirschmann", dashed},
	{"Cisco IOS Software", "Cisco", cisco},
	{"Cisco Internetwork Operating System", "Cisco", cisco},
	{"Cisco NX-OS", "Cisco", cisco},
	{"Cisco ", "Cisco", nil},
	{"ProCurve ", "HP", comma},
	{"HP ", "HP", comma},
	{"Aruba ", "Aruba", comma},
	{"Juniper Networks, Inc. ", "Juniper", comma},
	{"PHOENIX CONTACT", "Phoenix Contact", nil},
	{"Phoenix Contact", "Phoenix Contact", nil},
	{"WAGO", "WAGO", nil},
	{"MOXA ", "Moxa", nil},
	{"Moxa ", "Moxa", nil},
	{"Ruijie ", "Ruijie", ruijie},
	{"ASUSTeK COMPUTER INC. ", "ASUSTeK", pc},
	{"Dell Inc. ", "Dell", pc},
	{"LENOVO ", "Lenovo", pc},
	{"Hewlett-Packard ", "HP", pc},
	{"VMware, Inc. ", "VMware", pc},
	{"innotek GmbH ", "innotek", pc},
	{"Microsoft Corporation ", "Microsoft", pc},
}

func (s *session) systemDescription(c *proto.Context, v []byte) {
	t := s.text.clean(v)
	c.Say(fact.Sender, fact.Description, t, described, 95)
	for _, m := range makers {
		rest, ok := strings.CutPrefix(t, m.begins)
		if !ok {
			continue
		}
		c.Say(fact.Sender, fact.Vendor, m.vendor, described, 90)
		if m.read != nil {
			m.read(c, rest)
		}
		return
	}
	// "Summit300-48 - Version 7.4e.1 (Build 5) by ..."
	if model, rest, ok := strings.Cut(t, " - Version "); ok {
		c.Say(fact.Sender, fact.Model, model, described, 70)
		version, _, _ := strings.Cut(rest, " ")
		c.Say(fact.Sender, fact.FirmwareVer, version, described, 70)
	}
	if strings.Contains(t, "Linux ") {
		c.Say(fact.Sender, fact.OS, "Linux", described, 70)
	}
}

// siemens reads "family, type, order number, HW: n, FW: version, serial";
// any but the first may be missing.
func siemens(c *proto.Context, t string) {
	model := ""
	for part := range strings.SplitSeq(t, ",") {
		part = strings.TrimSpace(part)
		switch {
		case part == "":
		case mlfb(part):
			c.Say(fact.Sender, fact.OrderNumber, part, described, 95)
		case strings.HasPrefix(part, "HW:"):
			c.Say(fact.Sender, fact.Hardware, strings.TrimSpace(part[3:]), described, 90)
		case strings.HasPrefix(part, "FW:"):
			version := strings.TrimSpace(part[3:])
			version = strings.TrimPrefix(version, "Version ")
			c.Say(fact.Sender, fact.FirmwareVer, version, described, 90)
		case strings.HasPrefix(part, "SW:"), strings.HasPrefix(part, "SW."):
			c.Say(fact.Sender, fact.FirmwareVer, strings.TrimSpace(part[3:]), described, 85)
		case len(part) > 4 && part[0] == 'S' && part[1] == ' ':
			c.Say(fact.Sender, fact.Serial, part, described, 85)
		case model == "":
			model = part
			role(c, part)
		default:
			// "SIMATIC S7, CPU-1200": the second says more than the first.
			model = part
			role(c, part)
		}
	}
	c.Say(fact.Sender, fact.Model, model, described, 80)
}

// product is a description that names nothing but the product.
func product(c *proto.Context, t string) {
	c.Say(fact.Sender, fact.Model, t, described, 70)
	role(c, t)
}

// mlfb tells whether t has the form of a Siemens order number: "6ES7 214-1AG40-0XB0".
func mlfb(t string) bool {
	if len(t) < 12 || len(t) > 24 || t[0] < '1' || t[0] > '9' {
		return false
	}
	dashes := 0
	for _, x := range t {
		switch {
		case x == '-':
			dashes++
		case x == ' ', x >= '0' && x <= '9', x >= 'A' && x <= 'Z':
		default:
			return false
		}
	}
	return dashes >= 1
}

// families are words of a Siemens type and the role that they mean.
var families = []struct{ word, role string }{
	{"HMI", "hmi"}, {"Panel", "hmi"}, {"KTP", "hmi"}, {"CPU", "plc"}, {"S7-", "plc"},
	{"SCALANCE X", "switch"}, {"SCALANCE W", "access-point"}, {"SCALANCE S", "firewall"}, {"SCALANCE M", "router"},
	{"ET200", "remote-io"}, {"ET 200", "remote-io"}, {"IM ", "remote-io"}, {"SINAMICS", "drive"}, {"SIMOCODE", "drive"},
}

func role(c *proto.Context, t string) {
	for _, f := range families {
		if strings.Contains(t, f.word) {
			c.Say(fact.Sender, fact.RoleHint, f.role, described, 80)
			return
		}
	}
}

// dashed reads "MACH - SW: L3P-09.0.00" and "RS20 - SW: ...".
func dashed(c *proto.Context, t string) {
	model, rest, ok := strings.Cut(t, " - SW: ")
	c.Say(fact.Sender, fact.Model, model, described, 80)
	if ok {
		version, _, _ := strings.Cut(rest, " ")
		c.Say(fact.Sender, fact.FirmwareVer, version, described, 85)
	}
	c.Say(fact.Sender, fact.RoleHint, "switch", described, 70)
}

// cisco reads "..., IE2000 Software (...), Version 15.2(4)EA6, RELEASE ...".
func cisco(c *proto.Context, t string) {
	if _, rest, ok := strings.Cut(t, "Version "); ok {
		version, _, _ := strings.Cut(rest, ",")
		version, _, _ = strings.Cut(version, ";")
		c.Say(fact.Sender, fact.FirmwareVer, version, described, 90)
	}
	c.Say(fact.Sender, fact.OS, "Cisco IOS", described, 80)
}

// comma reads "J9773A Switch 2530-24G, revision YA.15.12.0007, ROM ..." and
// "ex2200-48t, version 12.3R6 Build ...".
func comma(c *proto.Context, t string) {
	model, rest, _ := strings.Cut(t, ",")
	c.Say(fact.Sender, fact.Model, strings.TrimSpace(model), described, 75)
	for _, word := range []string{"revision ", "version "} {
		if _, v, ok := strings.Cut(rest, word); ok {
			v, _, _ = strings.Cut(v, ",")
			v, _, _ = strings.Cut(v, " ")
			c.Say(fact.Sender, fact.FirmwareVer, v, described, 80)
			return
		}
	}
}

// ruijie reads "Ruijie ... Switch (XS-S1960-10GT2SFP-P-H) By Ruijie Networks".
func ruijie(c *proto.Context, t string) {
	if _, rest, ok := strings.Cut(t, "("); ok {
		model, _, ok := strings.Cut(rest, ")")
		if ok {
			c.Say(fact.Sender, fact.Model, model, described, 80)
		}
	}
	if strings.Contains(t, "Switch") {
		c.Say(fact.Sender, fact.RoleHint, "switch", described, 75)
	}
}

// pc reads what the service of Siemens engineering software takes from the
// BIOS: "G750JHA,1.0,D9N0CY280463389", product, version, serial number.
func pc(c *proto.Context, t string) {
	model, rest, ok := strings.Cut(t, ",")
	if !ok {
		return
	}
	version, serial, _ := strings.Cut(rest, ",")
	c.Say(fact.Sender, fact.Model, model, described, 80)
	c.Say(fact.Sender, fact.Hardware, version, described, 60)
	if serial != "" && serial != "0" && !strings.ContainsAny(serial, " +") {
		c.Say(fact.Sender, fact.Serial, serial, described, 80)
	}
}
