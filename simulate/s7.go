package simulate

import (
	"fmt"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// s7 is a connection of S7 communication over ISO on TCP (RFC 1006, ISO 8073).
type s7 struct {
	*conn
	ref uint16 // reference of the next job
}

// s7Item is a variable: area 0x84 is a data block, 0x81 inputs, 0x82 outputs.
type s7Item struct {
	area  byte
	db    uint16
	byte  int
	value []byte
}

func tpkt(b []byte) []byte {
	var w wire.Builder
	return w.U8(3, 0).U16(uint16(4 + len(b))).Bytes(b).B
}

// dialS7 connects to the CPU in a slot: connection request and confirm of class
// 0, then the setup of the S7 layer.
func (n *network) dialS7(at time.Duration, client, server *host, kind, slot byte) *s7 {
	s := &s7{conn: n.dial(at, client, server, 102, "s7comm"), ref: 0x0100}
	tsap := []byte{0xc0, 1, 0x0a, 0xc1, 2, 1, 0, 0xc2, 2, kind, slot}
	s.ask(tpkt(append([]byte{17, 0xe0, 0, 0, 0, 1, 0}, tsap...)), tpkt(append([]byte{17, 0xd0, 0, 1, 0, 7, 0}, tsap...)))
	s.job([]byte{0xf0, 0, 0, 1, 0, 1, 0x03, 0xc0}, nil, []byte{0xf0, 0, 0, 1, 0, 1, 0, 0xf0}, nil)
	return s
}

// pdu builds a PDU of a ROSCTR: 1 job, 3 acknowledge with data, 7 user data.
func (s *s7) pdu(rosctr byte, ref uint16, param, data []byte) []byte {
	var w wire.Builder
	w.U8(2, 0xf0, 0x80, 0x32, rosctr).U16(0).U16(ref).U16(uint16(len(param))).U16(uint16(len(data)))
	if rosctr == 3 {
		w.U16(0)
	}
	return tpkt(w.Bytes(param).Bytes(data).B)
}

// job is a request of the client with its answer.
func (s *s7) job(param, data, ackParam, ackData []byte) {
	s.ref += 0x100
	s.ask(s.pdu(1, s.ref, param, data), s.pdu(3, s.ref, ackParam, ackData))
}

func (w *s7Item) address(b *wire.Builder) {
	at := w.byte * 8
	b.U8(0x12, 0x0a, 0x10, 2).U16(uint16(len(w.value))).U16(w.db).U8(w.area, byte(at>>16), byte(at>>8), byte(at))
}

// read reads variables; the items hold what the answer says.
func (s *s7) read(items ...s7Item) {
	var p, d wire.Builder
	p.U8(4, byte(len(items)))
	for i := range items {
		items[i].address(&p)
		d.U8(0xff, 4).U16(uint16(8 * len(items[i].value))).Bytes(items[i].value)
		if len(items[i].value)%2 == 1 && i < len(items)-1 {
			d.U8(0)
		}
	}
	s.job(p.B, nil, []byte{4, byte(len(items))}, d.B)
}

// write writes one variable.
func (s *s7) write(item s7Item) {
	var p, d wire.Builder
	item.address(p.U8(5, 1))
	d.U8(0, 4).U16(uint16(8 * len(item.value))).Bytes(item.value)
	s.job(p.B, d.B, []byte{5, 1}, []byte{0xff})
}

// szl reads a system status list whose records are given.
func (s *s7) szl(id, index uint16, records ...[]byte) {
	var q, a wire.Builder
	q.U8(0xff, 9).U16(4).U16(id).U16(index)
	a.U8(0xff, 9)
	a.Len16(func(w *wire.Builder) {
		w.U16(id).U16(index)
		size := 0
		if len(records) > 0 {
			size = len(records[0])
		}
		w.U16(uint16(size)).U16(uint16(len(records)))
		for _, r := range records {
			w.Bytes(r)
		}
	})
	s.ref += 0x100
	s.ask(s.pdu(7, s.ref, []byte{0, 1, 0x12, 4, 0x11, 0x44, 1, 0}, q.B),
		s.pdu(7, s.ref, []byte{0, 1, 0x12, 8, 0x12, 0x84, 1, 1, 0, 0, 0, 0}, a.B))
}

// s7Identity is what a CPU says about itself.
type s7Identity struct {
	station, module, order, serial string
	hardware                       uint16
	firmware                       [3]byte
}

func padded(s string, n int, fill byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = fill
	}
	copy(b, s)
	return b
}

// identify reads the identification lists and the operating mode.
func (s *s7) identify(id s7Identity, mode byte) {
	record := func(index uint16, v1, v2 uint16) []byte {
		var w wire.Builder
		return w.U16(index).Bytes(padded(id.order, 20, ' ')).U16(0xc0).U16(v1).U16(v2).B
	}
	f := id.firmware
	s.szl(0x0011, 0, record(1, id.hardware, 1), record(6, id.hardware, 1), record(7, 'V'<<8|uint16(f[0]), uint16(f[1])<<8|uint16(f[2])))
	text := func(index uint16, t string) []byte {
		var w wire.Builder
		return w.U16(index).Bytes(padded(t, 32, 0)).B
	}
	s.szl(0x001c, 0, text(1, id.station), text(2, id.module), text(4, "Original Siemens Equipment"), text(5, id.serial), text(7, id.module))
	s.mode(mode)
	var w wire.Builder
	s.szl(0x0132, 4, w.U16(4).U16(1).U16(0).U16(1).U16(2).U16(1).Zero(28).B)
}

// mode reads the operating mode: 8 run, 4 stop.
func (s *s7) mode(m byte) {
	var w wire.Builder
	s.szl(0x0424, 0, w.U16(0x4302).U8(0xff, m).U32(0).U32(0).U8(0x94, 1, 1, 6, 0, 0, 0, 0).B)
}

// stop stops the CPU.
func (s *s7) stop() {
	s.job(append([]byte{0x29, 0, 0, 0, 0, 0, 9}, "P_PROGRAM"...), nil, []byte{0x29}, nil)
}

// start restarts the CPU warm.
func (s *s7) start() {
	s.job(append([]byte{0x28, 0, 0, 0, 0, 0, 0, 0xfd, 0, 0, 9}, "P_PROGRAM"...), nil, []byte{0x28}, nil)
}

// download transfers a block to the CPU and puts it into the program. The kind
// is the block's letter: 8 organisation block, A data block, C function, E
// function block.
func (s *s7) download(kind byte, number int, code []byte) {
	const name = 9
	file := fmt.Sprintf("_0%c%05dP", kind, number)
	lengths := fmt.Sprintf("1%06d%06d", len(code), max(len(code)-36, 0))
	var p wire.Builder
	p.U8(0x1a, 0, 1, 0, 0, 0, 0, 0, name).Text(file).U8(byte(len(lengths))).Text(lengths)
	s.job(p.B, nil, []byte{0x1a}, nil)
	ref := uint16(0x0500)
	for rest := code; len(rest) > 0; {
		part := rest[:min(len(rest), 200)]
		rest = rest[len(part):]
		var q, d wire.Builder
		q.U8(0x1b, 0, 0, 0, 0, 0, 0, 0, name).Text(file)
		more := byte(0)
		if len(rest) > 0 {
			more = 1
		}
		d.U16(uint16(len(part))).U16(0x00fb).Bytes(part)
		ref++
		s.server(s.pdu(1, ref, q.B, nil))
		s.pass(time.Millisecond)
		s.client(s.pdu(3, ref, []byte{0x1b, more}, d.B))
	}
	var q wire.Builder
	ref++
	s.server(s.pdu(1, ref, q.U8(0x1c, 0, 0, 0, 0, 0, 0, 0, name).Text(file).B, nil))
	s.pass(time.Millisecond)
	s.client(s.pdu(3, ref, []byte{0x1c}, nil))
	var i wire.Builder
	i.U8(0x28, 0, 0, 0, 0, 0, 0, 0xfd).U16(10).U8(1, 0).Text(file[1:]).U8(5).Text("_INSE")
	s.job(i.B, nil, []byte{0x28}, nil)
}

// upload reads a block from the CPU.
func (s *s7) upload(kind byte, number int, code []byte) {
	file := fmt.Sprintf("_0%c%05dA", kind, number)
	var p, a wire.Builder
	p.U8(0x1d, 0, 0, 0, 0, 0, 0, 0, 9).Text(file)
	a.U8(0x1d, 0, 1, 0, 0, 0, 0, 7, 7).Text(fmt.Sprintf("%07d", len(code)))
	s.job(p.B, nil, a.B, nil)
	for rest := code; len(rest) > 0; {
		part := rest[:min(len(rest), 200)]
		rest = rest[len(part):]
		more := byte(0)
		if len(rest) > 0 {
			more = 1
		}
		var d wire.Builder
		d.U16(uint16(len(part))).U16(0x00fb).Bytes(part)
		s.job([]byte{0x1e, 0, 0, 0, 0, 0, 0, 7}, nil, []byte{0x1e, more}, d.B)
	}
	s.job([]byte{0x1f, 0, 0, 0, 0, 0, 0, 7}, nil, []byte{0x1f}, nil)
}

// s7Block is the code of a block: its header and a body that no CPU would run.
func s7Block(kind byte, number, size int, fill func() byte) []byte {
	var w wire.Builder
	w.U8('p', 'p', 1, 1, 2, kind).U16(uint16(number)).U32(uint32(size)).U32(0)
	w.U32(0x01f0a3c4).U16(0x3a1b).U32(0x01f0a3c4).U16(0x3a1b)
	w.U16(0).U16(0).U16(0).U16(uint16(size - 36))
	for len(w.B) < size {
		w.U8(fill())
	}
	return w.B
}
