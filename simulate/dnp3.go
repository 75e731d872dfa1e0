package simulate

import (
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// dnp3 is a connection of DNP3 (IEEE 1815-2012) over TCP.
type dnp3 struct {
	*conn
	master, station uint16
	seq, transport  byte
	back            byte
}

func (n *network) dialDNP3(at time.Duration, client, server *host, master, station uint16) *dnp3 {
	return &dnp3{conn: n.dial(at, client, server, 20000, "dnp3"), master: master, station: station}
}

// crc is the check of a block, IEEE 1815 clause 9.2.4.
func dnp3CRC(b []byte) uint16 {
	c := uint16(0)
	for _, x := range b {
		c ^= uint16(x)
		for range 8 {
			if c&1 != 0 {
				c = c>>1 ^ 0xa6bc
			} else {
				c >>= 1
			}
		}
	}
	return ^c
}

// link builds a frame of the link layer around one segment.
func dnp3Link(control byte, to, from uint16, segment []byte) []byte {
	var w wire.Builder
	w.U8(5, 0x64, byte(5+len(segment)), control).U16LE(to).U16LE(from)
	w.U16LE(dnp3CRC(w.B))
	for len(segment) > 0 {
		part := segment[:min(16, len(segment))]
		segment = segment[len(part):]
		w.Bytes(part).U16LE(dnp3CRC(part))
	}
	return w.B
}

// do sends a request and its answer; both without their control bytes.
func (d *dnp3) do(function byte, objects, answer []byte) {
	d.seq = (d.seq + 1) & 15
	request := append([]byte{0xc0 | d.transport, 0xc0 | d.seq, function}, objects...)
	response := append([]byte{0xc0 | d.back, 0xc0 | d.seq, 0x81, 0, 0}, answer...)
	d.transport, d.back = (d.transport+1)&63, (d.back+1)&63
	d.ask(dnp3Link(0xc4, d.station, d.master, request), dnp3Link(0x44, d.master, d.station, response))
}

// poll reads all classes; the answer holds binary and analogue inputs.
func (d *dnp3) poll(binary []byte, analogue []int32) {
	var w wire.Builder
	w.U8(1, 2, 0, 0, byte(len(binary)-1)).Bytes(binary)
	w.U8(30, 1, 0, 0, byte(len(analogue)-1))
	for _, v := range analogue {
		w.U8(1).U32LE(uint32(v))
	}
	d.do(1, []byte{60, 2, 6, 60, 3, 6, 60, 4, 6, 60, 1, 6}, w.B)
}

// dnp3Attribute is a device attribute, group 0.
type dnp3Attribute struct {
	variation byte
	text      string
}

// attributes reads all device attributes.
func (d *dnp3) attributes(as ...dnp3Attribute) {
	var w wire.Builder
	for _, a := range as {
		w.U8(0, a.variation, 0, 0, 0, 1, byte(len(a.text))).Text(a.text)
	}
	d.do(1, []byte{0, 254, 0, 0, 0}, w.B)
}

// operate closes or opens an output, select before operate.
func (d *dnp3) operate(index uint16, closes bool) {
	code := byte(0x81) // trip, pulse on
	if closes {
		code = 0x41
	}
	var w wire.Builder
	w.U8(12, 1, 0x28).U16LE(1).U16LE(index).U8(code, 1).U32LE(100).U32LE(0).U8(0)
	d.do(3, w.B, w.B)
	d.do(4, w.B, w.B)
}

// iec104 is a connection of IEC 60870-5-104:2006.
type iec104 struct {
	*conn
	out, in uint16 // numbered messages of the client and of the server
	station uint16
}

func (n *network) dialIEC104(at time.Duration, client, server *host, station uint16) *iec104 {
	c := &iec104{conn: n.dial(at, client, server, 2404, "iec104"), station: station}
	c.ask([]byte{0x68, 4, 7, 0, 0, 0}, []byte{0x68, 4, 0x0b, 0, 0, 0})
	return c
}

// asdu builds an ASDU; each object is its address and its element.
func (c *iec104) asdu(kind, cause byte, objects ...[]byte) []byte {
	var w wire.Builder
	w.U8(kind, byte(len(objects)), cause, 0).U16LE(c.station)
	for _, o := range objects {
		w.Bytes(o)
	}
	return w.B
}

func iec104Object(address uint32, element []byte) []byte {
	return append([]byte{byte(address), byte(address >> 8), byte(address >> 16)}, element...)
}

// say and tell send an ASDU from the client and from the server.
func (c *iec104) say(asdu []byte) {
	var w wire.Builder
	w.U8(0x68, byte(4+len(asdu))).U16LE(c.out << 1).U16LE(c.in << 1).Bytes(asdu)
	c.out++
	c.client(w.B)
}

func (c *iec104) tell(asdu []byte) {
	var w wire.Builder
	w.U8(0x68, byte(4+len(asdu))).U16LE(c.in << 1).U16LE(c.out << 1).Bytes(asdu)
	c.in++
	c.server(w.B)
}

// acknowledge confirms what was received, by a supervisory frame.
func (c *iec104) acknowledge() {
	var w wire.Builder
	c.client(w.U8(0x68, 4, 1, 0).U16LE(c.in << 1).B)
}

// interrogate asks for everything.
func (c *iec104) interrogate(values ...[]byte) {
	q := iec104Object(0, []byte{20})
	c.say(c.asdu(100, 6, q))
	c.tell(c.asdu(100, 7, q))
	c.tell(c.asdu(13, 20, values...))
	c.tell(c.asdu(100, 10, q))
}

// command switches a breaker: select, execute, confirm.
func (c *iec104) command(address uint32, on bool) {
	for _, selecting := range []byte{0x80, 0} {
		o := iec104Object(address, []byte{selecting | 1 + flag(on)})
		c.say(c.asdu(46, 6, o))
		c.tell(c.asdu(46, 7, o))
	}
	c.tell(c.asdu(46, 10, iec104Object(address, []byte{1 + flag(on)})))
}
