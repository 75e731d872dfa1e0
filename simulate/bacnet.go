package simulate

import (
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// Object types and properties of ANSI/ASHRAE 135-2020.
const (
	bacAnalogInput = 0
	bacAnalogValue = 2
	bacDevice      = 8

	bacFirmware     = 44
	bacModel        = 70
	bacName         = 77
	bacPresentValue = 85
	bacVendorName   = 121
)

// bacnetMessage puts an APDU into a message of BACnet/IP, annex J.
func bacnetMessage(function, control byte, apdu []byte) []byte {
	var w wire.Builder
	network := []byte{1, control}
	if function == 0x0b {
		network = []byte{1, 0x20 | control, 0xff, 0xff, 0, 0xff}
	}
	return w.U8(0x81, function).U16(uint16(4 + len(network) + len(apdu))).Bytes(network).Bytes(apdu).B
}

// whoIs asks which devices there are; each answers with its instance.
func (n *network) whoIs(at time.Duration, asker, all *host, devices []*host, instance func(*host) uint32, vendor uint16) {
	n.spoke(asker, all, "udp", 47808, "bacnet")
	n.udp(at, asker, all, 47808, 47808, bacnetMessage(0x0b, 0, []byte{0x10, 8}))
	for i, d := range devices {
		var w wire.Builder
		w.U8(0x10, 0, 0xc4).U32(bacDevice<<22|instance(d)).U8(0x22).U16(1476).U8(0x91, 3, 0x21, byte(vendor))
		n.udp(at+time.Duration(20+35*i)*time.Millisecond, d, all, 47808, 47808, bacnetMessage(0x0b, 0, w.B))
	}
}

// bacnet reads and writes properties of one device.
type bacnet struct {
	n              *network
	client, server *host
	invoke         byte
}

func (n *network) bacnet(client, server *host) *bacnet {
	n.spoke(client, server, "udp", 47808, "bacnet")
	return &bacnet{n: n, client: client, server: server}
}

func (b *bacnet) do(at time.Duration, service byte, request, answer []byte) {
	b.invoke++
	var q, a wire.Builder
	q.U8(0, 5, b.invoke, service).Bytes(request)
	if answer == nil {
		a.U8(0x20, b.invoke, service)
	} else {
		a.U8(0x30, b.invoke, service).Bytes(answer)
	}
	b.n.udp(at, b.client, b.server, 47808, 47808, bacnetMessage(0x0a, 4, q.B))
	b.n.udp(at+7*time.Millisecond, b.server, b.client, 47808, 47808, bacnetMessage(0x0a, 0, a.B))
}

func property(kind, instance uint32, property byte) []byte {
	var w wire.Builder
	return w.U8(0x0c).U32(kind<<22|instance).U8(0x19, property).B
}

// readText and readReal read a property; the value is what the answer says.
func (b *bacnet) readText(at time.Duration, kind, instance uint32, p byte, text string) {
	var w wire.Builder
	w.Bytes(property(kind, instance, p)).U8(0x3e, 0x75, byte(1+len(text)), 0).Text(text).U8(0x3f)
	b.do(at, 12, property(kind, instance, p), w.B)
}

func (b *bacnet) readReal(at time.Duration, kind, instance uint32, v float64) {
	var w wire.Builder
	w.Bytes(property(kind, instance, bacPresentValue)).U8(0x3e, 0x44).Bytes(real32(v)).U8(0x3f)
	b.do(at, 12, property(kind, instance, bacPresentValue), w.B)
}

// writeReal writes the present value with a priority.
func (b *bacnet) writeReal(at time.Duration, kind, instance uint32, v float64, priority byte) {
	var w wire.Builder
	w.Bytes(property(kind, instance, bacPresentValue)).U8(0x3e, 0x44).Bytes(real32(v)).U8(0x3f, 0x49, priority)
	b.do(at, 15, w.B, nil)
}
