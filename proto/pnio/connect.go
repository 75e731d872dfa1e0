package pnio

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
)

// block reads the blocks of connecting.
func (s *session) block(c *proto.Context, kind uint16, v *wire.Reader) {
	switch kind {
	case blockAR:
		s.initiator(c, v)
	case blockARRes:
		v.Skip("AR type, AR UUID, session key", 2+16+2)
		s.mac(c, v, "PROFINET AR block, responder")
	case blockServer:
		text := v.Bytes("station name", int(v.U16("station name length")))
		s.text(c, fact.Subject{Who: fact.Sender}, fact.DeviceName, text, "PROFINET AR server block", 95)
	case blockIOCR:
		s.relation(c, v)
	case blockExpected:
		s.expected(c, v)
	case blockModuleDiff:
		c.Say(fact.Conversation, fact.SessionNote, "the device has other modules than the controller expects", "PROFINET module difference", 95)
	}
}

// Types of application relation, 5.2.4.9.
const (
	arController = 0x0001
	arSupervisor = 0x0006
	arRedundant  = 0x0020
	arClass3     = 0x0010
)

// initiator reads ARBlockReq: who connects.
func (s *session) initiator(c *proto.Context, v *wire.Reader) {
	kind := v.U16("AR type")
	v.Skip("AR UUID, session key", 16+2)
	s.mac(c, v, "PROFINET AR block, initiator")
	var object dcerpc.UUID
	copy(object[:], v.Bytes("initiator object", len(object)))
	v.Skip("AR properties, timeout, port", 4+2+2)
	text := v.Bytes("station name", int(v.U16("station name length")))
	if !v.OK() {
		return
	}
	s.text(c, fact.Subject{Who: fact.Sender}, fact.DeviceName, text, "PROFINET AR block, initiator", 95)
	s.stands(c, object, fact.Sender, c.Dir)
	switch kind {
	case arController, arClass3, arRedundant:
		c.Say(fact.Sender, fact.RoleHint, "plc", "PROFINET IO controller", 70)
		c.Say(fact.Receiver, fact.RoleHint, "remote-io", "PROFINET IO device", 40)
	case arSupervisor:
		c.Say(fact.Sender, fact.RoleHint, "engineering-station", "PROFINET IO supervisor", 70)
	}
}

func (s *session) mac(c *proto.Context, v *wire.Reader, source string) {
	b := v.Bytes("MAC address", 6)
	if v.OK() && b[0]&1 == 0 && !padding(b) {
		c.Say(fact.Sender, fact.MACStated, proto.View(appendHex(s.b[:0], b, ':')), source, 95)
	}
}

// relation reads IOCRBlockReq: what goes cyclically which way, and how often.
func (s *session) relation(c *proto.Context, v *wire.Reader) {
	kind := v.U16("IOCR type")
	v.Skip("reference, EtherType, properties", 2+2+4)
	length, frame := v.U16("data length"), v.U16("frame id")
	clock, ratio := v.U16("send clock factor"), v.U16("reduction ratio")
	if !v.OK() {
		return
	}
	out := append(s.b[:0], "cyclic "...)
	switch kind {
	case 1:
		out = append(out, "input, "...)
	case 2:
		out = append(out, "output, "...)
	default:
		out = append(out, "multicast, "...)
	}
	out = append(out, "frame id 0x"...)
	out = appendHex(out, []byte{byte(frame >> 8), byte(frame)}, 0)
	out = append(out, ", "...)
	out = strconv.AppendUint(out, uint64(length), 10)
	out = append(out, " bytes every "...)
	// The clock counts in 31.25 microseconds.
	out = strconv.AppendUint(out, uint64(clock)*uint64(ratio)*3125/100, 10)
	out = append(out, " us"...)
	c.Say(fact.Conversation, fact.SessionNote, proto.View(out), "PROFINET IOCR block", 95)
}

// maxModules bounds what one call may state of its slots.
const maxModules = 64

// expected reads ExpectedSubmoduleBlockReq: which modules the project has.
func (s *session) expected(c *proto.Context, v *wire.Reader) {
	apis := int(v.U16("number of APIs"))
	for range min(apis, maxModules) {
		v.Skip("API", 4)
		slot, module := v.U16("slot"), v.Bytes("module ident number", 4)
		v.Skip("module properties", 2)
		n := int(v.U16("number of submodules"))
		for range min(n, maxModules) {
			subslot, submodule := v.U16("subslot"), v.Bytes("submodule ident number", 4)
			properties := v.U16("submodule properties")
			v.Skip("data description", 6)
			if properties&3 == 3 { // input and output
				v.Skip("data description", 6)
			}
			if !v.OK() {
				return
			}
			out := append(s.b[:0], "module 0x"...)
			out = appendHex(out, module, 0)
			out = append(out, " submodule 0x"...)
			out = appendHex(out, submodule, 0)
			of := s.subject(fact.Receiver, slot, subslot)
			if of.Part != "" {
				c.SayOf(of, fact.InstanceID, proto.View(out), "PROFINET expected submodule", 60)
			}
		}
	}
}
