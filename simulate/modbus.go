package simulate

import (
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// modbus is a connection of the MODBUS Application Protocol V1.1b3 over TCP.
type modbus struct {
	*conn
	unit        byte
	transaction uint16
}

func (n *network) dialModbus(at time.Duration, client, server *host, unit byte) *modbus {
	return &modbus{conn: n.dial(at, client, server, 502, "modbus"), unit: unit}
}

func (m *modbus) adu(pdu []byte) []byte {
	var w wire.Builder
	return w.U16(m.transaction).U16(0).U16(uint16(1 + len(pdu))).U8(m.unit).Bytes(pdu).B
}

func (m *modbus) do(request, answer []byte) {
	m.transaction++
	m.ask(m.adu(request), m.adu(answer))
}

// holding and input read registers; the values are what the answer says.
func (m *modbus) holding(first uint16, values ...uint16) { m.registers(3, first, values) }
func (m *modbus) input(first uint16, values ...uint16)   { m.registers(4, first, values) }

func (m *modbus) registers(function byte, first uint16, values []uint16) {
	var q, a wire.Builder
	q.U8(function).U16(first).U16(uint16(len(values)))
	a.U8(function, byte(2*len(values)))
	for _, v := range values {
		a.U16(v)
	}
	m.do(q.B, a.B)
}

// coils reads up to eight coils, discrete as many inputs.
func (m *modbus) coils(first uint16, n, values byte)    { m.bits(1, first, n, values) }
func (m *modbus) discrete(first uint16, n, values byte) { m.bits(2, first, n, values) }

func (m *modbus) bits(function byte, first uint16, n, values byte) {
	var q wire.Builder
	m.do(q.U8(function).U16(first).U16(uint16(n)).B, []byte{function, 1, values})
}

// write writes one holding register.
func (m *modbus) write(at, value uint16) {
	var q wire.Builder
	q.U8(6).U16(at).U16(value)
	m.do(q.B, q.B)
}

// coil switches one coil.
func (m *modbus) coil(at uint16, on bool) {
	var q wire.Builder
	value := uint16(0)
	if on {
		value = 0xff00
	}
	q.U8(5).U16(at).U16(value)
	m.do(q.B, q.B)
}

// writeMany writes several holding registers.
func (m *modbus) writeMany(first uint16, values ...uint16) {
	var q, a wire.Builder
	q.U8(16).U16(first).U16(uint16(len(values))).U8(byte(2 * len(values)))
	for _, v := range values {
		q.U16(v)
	}
	m.do(q.B, a.U8(16).U16(first).U16(uint16(len(values))).B)
}

// identify reads the device identification, its objects from 0.
func (m *modbus) identify(objects ...string) {
	var a wire.Builder
	a.U8(0x2b, 0x0e, 1, 1, 0, 0, byte(len(objects)))
	for i, o := range objects {
		a.U8(byte(i), byte(len(o))).Text(o)
	}
	m.do([]byte{0x2b, 0x0e, 1, 0}, a.B)
}

// refuse asks for something that the device answers with an exception.
func (m *modbus) refuse(request []byte, exception byte) {
	m.do(request, []byte{request[0] | 0x80, exception})
}
