// Package igmp reads the Internet Group Management Protocol: version 1
// (RFC 1112), 2 (RFC 2236) and 3 (RFC 3376).
package igmp

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const name = "igmp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Internet Group Management Protocol",
	About: "Hosts tell routers and switches which multicast groups they listen to, such as EtherNet/IP I/O or camera streams. " +
		"Without a querier, switches flood multicast to every port.",
	Spec:      "RFC 1112, RFC 2236, RFC 3376",
	Limit:     "Source lists of version 3 are not kept.",
	Depth:     proto.Recognised | proto.Operations | proto.Identity,
	On:        []proto.On{{Carrier: proto.IP, Numbers: []uint32{2}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

const (
	typeQuery    = 0x11
	typeReportV1 = 0x12
	typeReportV2 = 0x16
	typeLeave    = 0x17
	typeReportV3 = 0x22
)

// types are the message types (IANA, IGMP type numbers).
var types = func() (t [256]fact.Function) {
	known := map[int]string{
		typeQuery: "membership query", typeReportV1: "membership report (version 1)", 0x13: "DVMRP",
		typeReportV2: "membership report", typeLeave: "leave group", typeReportV3: "membership report (version 3)",
	}
	for i := range t {
		f := fact.Function{Protocol: name, Code: fmt.Sprintf("0x%02x", i), Name: known[i], Class: fact.Discover}
		if f.Name == "" {
			f.Name, f.Class = fmt.Sprintf("type 0x%02x", i), fact.Other
		}
		t[i] = f
	}
	return t
}()

func allFunctions() []fact.Function {
	return []fact.Function{types[typeQuery], types[typeReportV1], types[typeReportV2], types[typeLeave], types[typeReportV3]}
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if len(b) < 8 {
		return proto.No
	}
	if types[b[0]].Class != fact.Other {
		return proto.Yes
	}
	return proto.Likely
}

type session struct{ said bool }

func (s *session) Reset() { s.said = false }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	kind := r.U8("type")
	r.U8("max response time")
	r.U16("checksum")
	group := r.U32("group address")
	n := uint32(0)
	if kind == typeReportV3 {
		if n = group & 0xffff; n > 0 { // the number of records, then the first of them
			r.Skip("record type, length, number of sources", 4)
			group = r.U32("multicast address")
		}
	}
	if !r.OK() {
		return 0, r.Err()
	}
	part := fact.Notice
	if kind == typeQuery {
		part = fact.Request
		if !s.said && c.Src.IP[12] != 0 { // switches that pose as querier send from 0.0.0.0
			s.said = true
			c.Say(fact.Sender, fact.Service, "IGMP querier", "IGMP query", 80)
		}
	}
	op := c.Op(&types[kind], part)
	op.Target = fact.Target{First: uint64(group), Count: n, Set: true}
	c.Emit()
	return len(b), nil
}
