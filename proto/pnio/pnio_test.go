package pnio

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
)

// pdu builds a little-endian packet as hex; fragment 0 and flags 0 for a whole call.
func pdu(side string, kind dcerpc.Type, iface dcerpc.UUID, seq uint32, op uint16, flags byte, fragment uint16, body []byte) string {
	object := dcerpc.MustUUID("dea00000-6c97-11d1-8271-0001010d002a").Swapped()
	iface = iface.Swapped()
	var w wire.Builder
	w.U8(4, byte(kind), 0x20|flags, 0, 0x10, 0, 0, 0).Bytes(object[:]).Bytes(iface[:]).Zero(15).U8(9)
	w.U32LE(0).U32LE(1).U32LE(seq).U16LE(op).U16(0xffff).U16(0xffff).U16LE(uint16(len(body))).U16LE(fragment).U8(0, 0)
	return side + " " + hex.EncodeToString(w.Bytes(body).B) + "\n"
}

// args wraps blocks as the argument of a request, or of an answer with status.
func args(first uint32, blocks []byte) []byte {
	n := uint32(len(blocks))
	return new(wire.Builder).U32LE(first).U32LE(n).U32LE(n).U32LE(0).U32LE(n).Bytes(blocks).B
}

func block(kind uint16, body func(*wire.Builder)) []byte {
	var w wire.Builder
	return w.U16(kind).Len16(func(w *wire.Builder) { w.U8(1, 0); body(w) }).B
}

func join(bs ...[]byte) (out []byte) {
	for _, b := range bs {
		out = append(out, b...)
	}
	return out
}

var initiator = dcerpc.MustUUID("dea00000-6c97-11d1-8271-0001020d002a")

func ar(kind uint16) []byte {
	return block(blockAR, func(w *wire.Builder) {
		w.U16(kind).Zero(16).U16(1).U8(2, 0, 0, 0, 0, 1).Bytes(initiator[:]).U32(0).U16(100).U16(0x8892).Len16(func(w *wire.Builder) { w.Text("plc1") })
	})
}

func iocr(kind, frame uint16) []byte {
	return block(blockIOCR, func(w *wire.Builder) {
		w.U16(kind).U16(1).U16(0x8892).U32(0).U16(40).U16(frame).U16(32).U16(2).Zero(20)
	})
}

var expected = block(blockExpected, func(w *wire.Builder) {
	w.U16(1).U32(0).U16(1).U32(0x20).U16(0).U16(2)
	w.U16(1).U32(1).U16(3).Zero(12)
	w.U16(2).U32(2).U16(1).Zero(6)
})

// header is a read or write header for slot, subslot and index.
func header(kind, slot, subslot, index uint16, n int, status uint32) []byte {
	return block(kind, func(w *wire.Builder) {
		w.U16(1).Zero(16).U32(0).U16(slot).U16(subslot).Zero(2).U16(index).U32(uint32(n)).U32(0).U32(status).Zero(16)
	})
}

func pad(s string, n int) string { return fmt.Sprintf("%-*s", n, s) }

var im0 = block(blockIM0, func(w *wire.Builder) {
	w.U16(0x2a).Text(pad("6ES7 155-6AU01-0BN0", 20)).Text(pad("S C-1", 16)).U16(3).U8('V', 4, 2, 1).Zero(10)
})

var im1 = block(blockIM1, func(w *wire.Builder) { w.Text(pad("conveyor", 32)).Text(pad("hall 2", 22)) })
var im2 = block(blockIM2, func(w *wire.Builder) { w.Text(pad("2020-01-01", 16)) })
var im3 = block(blockIM3, func(w *wire.Builder) { w.Text(pad("spare part", 54)) })

func control(kind, command uint16) []byte {
	return block(kind, func(w *wire.Builder) { w.Zero(22).U16(command).U16(0) })
}

// realData is what an interface and a port state, below a MultipleBlockHeader.
var realData = block(blockMultiple, func(w *wire.Builder) {
	w.U16(0).U32(0).U16(0).U16(0x8000)
	w.Bytes(block(blockInterface, func(w *wire.Builder) {
		w.U8(4).Text("dev1").Zero(1).U8(2, 0, 0, 0, 0, 2).Zero(2).U8(10, 0, 0, 2).Zero(8)
	}))
	w.Bytes(block(blockPort, func(w *wire.Builder) {
		w.Zero(6).U8(8).Text("port-001").U8(1).Zero(2).U8(8).Text("port-002").U8(4).Text("plc1").Zero(2).Zero(10).Zero(2)
	}))
})

func mapperBody(text string) []byte {
	object := dcerpc.MustUUID("dea00000-6c97-11d1-8271-0001030d002a").Swapped()
	var w wire.Builder
	w.Zero(20).U32LE(1).U32LE(1).U32LE(0).U32LE(1).Bytes(object[:]).U32LE(3).U32LE(0).U32LE(uint32(len(text))).Text(text)
	return w.Zero(8).Bytes(device[8:]).B
}

const receiver = `
	> receiver: instance_id = "vendor 0x002a device 0x010d" (PROFINET object UUID, 90)
	> receiver: vendor = "Siemens" (PROFINET vendor id, 85)
`

var cases = []prototest.Case{
	{
		Name: "connect", Carrier: proto.UDP,
		Messages: pdu(">", 0, device, 1, opConnect, 0, 0, args(4096, join(ar(arController), iocr(1, 0x8001), iocr(2, 0x8002), iocr(3, 0xbf00), expected))) +
			pdu("<", 2, device, 1, opConnect, 0, 0, args(0, join(
				block(blockARRes, func(w *wire.Builder) { w.U16(1).Zero(16).U16(1).U8(2, 0, 0, 0, 0, 2).U16(0x8892) }),
				block(blockServer, func(w *wire.Builder) { w.Len16(func(w *wire.Builder) { w.Text("dev1") }).Zero(2) }),
				block(blockModuleDiff, func(w *wire.Builder) { w.U16(0) })))),
		Want: `
			> sender: mac_stated = "02:00:00:00:00:01" (PROFINET AR block, initiator, 95)
			> sender: device_name = "plc1" (PROFINET AR block, initiator, 95)
			> sender: instance_id = "vendor 0x002a device 0x020d" (PROFINET object UUID, 90)
			> sender: vendor = "Siemens" (PROFINET vendor id, 85)
			> sender: role_hint = "plc" (PROFINET IO controller, 70)
			> receiver: role_hint = "remote-io" (PROFINET IO device, 40)
			> conversation: session_note = "cyclic input, frame id 0x8001, 40 bytes every 2000 us" (PROFINET IOCR block, 95)
			> conversation: session_note = "cyclic output, frame id 0x8002, 40 bytes every 2000 us" (PROFINET IOCR block, 95)
			> conversation: session_note = "cyclic multicast, frame id 0xbf00, 40 bytes every 2000 us" (PROFINET IOCR block, 95)
			> receiver/slot 1 subslot 1: instance_id = "module 0x00000020 submodule 0x00000001" (PROFINET expected submodule, 60)
			> receiver/slot 1 subslot 2: instance_id = "module 0x00000020 submodule 0x00000002" (PROFINET expected submodule, 60)
			> client` + receiver + `
			> request pn_io 0 "connect" login
			< sender: mac_stated = "02:00:00:00:00:02" (PROFINET AR block, responder, 95)
			< sender: device_name = "dev1" (PROFINET AR server block, 95)
			< conversation: session_note = "the device has other modules than the controller expects" (PROFINET module difference, 95)
			< response pn_io 0 "connect" login`,
	},
	{
		Name: "supervisor refused", Carrier: proto.UDP,
		Messages: pdu(">", 0, device, 1, opConnect, 0, 0, args(4096, ar(arSupervisor))) +
			pdu("<", 2, device, 1, opConnect, 0, 0, args(0xdb814004, nil)) +
			pdu("<", 3, device, 2, opRelease, 0, 0, []byte{3, 0, 1, 0x1c}),
		Want: `
			> sender: mac_stated = "02:00:00:00:00:01" (PROFINET AR block, initiator, 95)
			> sender: device_name = "plc1" (PROFINET AR block, initiator, 95)
			> sender: instance_id = "vendor 0x002a device 0x020d" (PROFINET object UUID, 90)
			> sender: vendor = "Siemens" (PROFINET vendor id, 85)
			> sender: role_hint = "engineering-station" (PROFINET IO supervisor, 70)
			> client` + receiver + `
			> request pn_io 0 "connect" login
			< response pn_io 0 "connect" login failed "out of AR resources"
			< response pn_io 1 "release" login failed "unknown interface"`,
	},
	{
		Name: "identification read", Carrier: proto.UDP,
		Messages: pdu(">", 0, device, 3, opRead, 0, 0, args(4096, header(blockRead, 1, 1, 0xaff0, 1024, 0))) +
			pdu("<", 2, device, 3, opRead, 0, 0, args(0, join(header(blockRead|answerBit, 1, 1, 0xaff0, len(im0), 0), im0))) +
			pdu(">", 0, device, 4, opReadImplicit, 0, 0, args(4096, header(blockRead, 0, 1, 0xaff1, 1024, 0))) +
			pdu("<", 2, device, 4, opReadImplicit, 0, 0, args(0, join(header(blockRead|answerBit, 0, 1, 0xaff1, len(im1)+len(im2)+len(im3), 0), im1, im2, im3))),
		Want: `
			> client` + receiver + `
			> request pn_io 2 "read" discover [I&M0 identification] unit=1 first=45040 count=1
			< sender/slot 1 subslot 1: vendor = "Siemens" (PROFINET vendor id, 95)
			< sender/slot 1 subslot 1: order_number = "6ES7 155-6AU01-0BN0" (PROFINET I&M0, 98)
			< sender/slot 1 subslot 1: serial = "S C-1" (PROFINET I&M0, 98)
			< sender/slot 1 subslot 1: hardware = "3" (PROFINET I&M0, 95)
			< sender/slot 1 subslot 1: firmware = "V4.2.1" (PROFINET I&M0, 98)
			< response pn_io 2 "read" discover [I&M0 identification] unit=1 first=45040 count=1
			> request pn_io 5 "read implicit" discover [I&M1 function and location] unit=0 first=45041 count=1
			< sender: program = "conveyor" (PROFINET I&M1 function, 50)
			< sender: location = "hall 2" (PROFINET I&M1 location, 90)
			< sender: description = "2020-01-01" (PROFINET I&M2 installation date, 70)
			< sender: description = "spare part" (PROFINET I&M3 descriptor, 85)
			< response pn_io 5 "read implicit" discover [I&M1 function and location] unit=0 first=45041 count=1`,
	},
	{
		Name: "neighbours, and an index that is not there", Carrier: proto.UDP,
		Messages: pdu("<", 2, device, 3, opRead, 0, 0, args(0, join(header(blockRead|answerBit, 0, 0, 0xf841, len(realData), 0), realData))) +
			pdu("<", 2, device, 4, opRead, 0, 0, args(0xde80b000, header(blockRead|answerBit, 2, 1, 0x10, 0, 0))),
		Want: `
			< sender: device_name = "dev1" (PROFINET interface data, 90)
			< sender: mac_stated = "02:00:00:00:00:02" (PROFINET interface data, 95)
			< sender: ip_assigned = "10.0.0.2" (PROFINET interface data, 95)
			< sender: neighbour = "plc1 port-002" (PROFINET port data, 95)
			< sender: instance_id = "vendor 0x002a device 0x010d" (PROFINET object UUID, 90)
			< sender: vendor = "Siemens" (PROFINET vendor id, 85)
			< server
			< response pn_io 2 "read" discover [physical device data, real] unit=0 first=63553
			< response pn_io 2 "read" read [record of the application] unit=2 first=16 count=1 failed "invalid index"`,
	},
	{
		Name: "parameters: one, several, refused", Carrier: proto.UDP,
		Messages: pdu(">", 0, device, 3, opWrite, 0, 0, args(4096, join(header(blockWrite, 2, 1, 1, 3, 0), []byte{1, 2, 3, 0}))) +
			pdu("<", 2, device, 3, opWrite, 0, 0, args(0, header(blockWrite|answerBit, 2, 1, 1, 3, 0xdf80b600))) +
			pdu(">", 0, device, 4, opWrite, 0, 0, args(4096, join(header(blockWrite, 0, 0, indexMultiple, 100, 0),
				header(blockWrite, 1, 1, 1, 2, 0), []byte{1, 2, 0, 0}, header(blockWrite, 0, 1, 0xaff3, len(im3), 0), im3))),
		Want: `
			> client` + receiver + `
			> request pn_io 3 "write" configure [record of the application] unit=2 first=1 count=1
			< response pn_io 3 "write" configure [record of the application] unit=2 first=1 count=1 failed "access denied"
			> receiver: description = "spare part" (PROFINET I&M3 descriptor, 85)
			> request pn_io 3 "write" configure [multiple write] unit=0 first=57408`,
	},
	{
		Name: "control, both ways, and housekeeping", Carrier: proto.UDP,
		Messages: pdu(">", 0, device, 3, opControl, 0, 0, args(4096, control(0x0110, 1))) +
			pdu("<", 2, device, 3, opControl, 0, 0, args(0, control(0x8110, 8))) +
			pdu("<", 0, controller, 4, opControl, 0, 0, args(4096, control(0x0112, 2))) +
			pdu(">", 9, device, 3, 0, 0, 0, nil),
		Want: `
			> client` + receiver + `
			> request pn_io 4 "control" other [parameter end]
			< response pn_io 4 "control" other [parameter end]
			< receiver: instance_id = "vendor 0x002a device 0x010d" (PROFINET object UUID, 90)
			< receiver: vendor = "Siemens" (PROFINET vendor id, 85)
			< request pn_io 4 "control" other [application ready]
			> notice pn_io fack "rpc fack" other`,
	},
	{
		Name: "fragments", Carrier: proto.UDP,
		Messages: pdu(">", 0, device, 3, opWrite, dcerpc.CLFrag, 0, args(4096, join(header(blockWrite, 0, 0, indexMultiple, 3000, 0), header(blockWrite, 1, 1, 1, 900, 0), make([]byte, 200)))[:250]) +
			pdu(">", 0, device, 3, opWrite, dcerpc.CLFrag|dcerpc.CLLastFrag, 1, make([]byte, 100)),
		Want: `> client` + receiver + `> request pn_io 3 "write" configure [multiple write] unit=0 first=57408`,
	},
	{
		Name: "endpoint mapper", Carrier: proto.UDP,
		Messages: pdu("<", 2, mapper, 1, epmLookup, 0, 0, mapperBody(fmt.Sprintf("%-25s %-20s %5s V%3s%3s%3s ", "S7-1200", "6ES7 212-1BE40-0XB0", "4", "4", "1", "2"))),
		Want: `
			< sender: instance_id = "vendor 0x002a device 0x030d" (PROFINET object UUID, 90)
			< sender: vendor = "Siemens" (PROFINET vendor id, 85)
			< sender: description = "S7-1200                   6ES7 212-1BE40-0XB0      4 V  4  1  2" (PROFINET endpoint mapper, 80)
			< sender: model = "S7-1200" (PROFINET endpoint mapper, 85)
			< sender: order_number = "6ES7 212-1BE40-0XB0" (PROFINET endpoint mapper, 95)
			< sender: hardware = "4" (PROFINET endpoint mapper, 85)
			< sender: firmware = "V4.1.2" (PROFINET endpoint mapper, 95)
			< server
			< response epm 2 "endpoint mapper lookup" discover`,
	},
	{Name: "arguments cut", Carrier: proto.UDP, Messages: pdu(">", 0, device, 1, opRead, 0, 0, args(4096, ar(1))[:60]), Want: `error: args at byte 20: short input`},
	{Name: "block of length 1", Carrier: proto.UDP, Messages: pdu(">", 0, device, 1, opRead, 0, 0, args(4096, []byte{1, 1, 0, 1, 1, 0, 0})), Want: `error: block length at byte 4: block length is less than 2`},
	{Name: "another interface", Carrier: proto.UDP, Messages: pdu(">", 0, initiator, 1, opRead, 0, 0, nil), Want: `error: not an interface of PROFINET`},
	{Name: "DNS", Carrier: proto.UDP, Messages: "> 0401 0100 0001 0000 0000 0000 03777777 0000 0100 01", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[2]) }
