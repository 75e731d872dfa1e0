package simulate

import (
	"math/rand/v2"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// enip is a connection of EtherNet/IP (CIP Networks Library volumes 1 and 2).
type enip struct {
	*conn
	session  uint32
	out, in  uint32 // connection ids to and from the target; 0 before forwardOpen
	sequence uint16
	context  uint64
	serial   uint16
	maker    uint16 // vendor id of the client
}

// cipIdentity is the identity object of a device.
type cipIdentity struct {
	vendor, kind, product uint16
	major, minor          byte
	serial                uint32
	name                  string
	state                 byte
}

// attributes are the identity object's instance attributes 1 to 7.
func (id *cipIdentity) attributes() []byte {
	var w wire.Builder
	w.U16LE(id.vendor).U16LE(id.kind).U16LE(id.product).U8(id.major, id.minor).U16LE(0x0060).U32LE(id.serial)
	return w.U8(byte(len(id.name))).Text(id.name).B
}

// encapsulated builds an encapsulation message, volume 2 chapter 2-3.
func encapsulated(command uint16, session uint32, context uint64, data []byte) []byte {
	var w wire.Builder
	return w.U16LE(command).U16LE(uint16(len(data))).U32LE(session).U32LE(0).U64(context).U32LE(0).Bytes(data).B
}

// listIdentity asks a device, or all by broadcast, who it is.
func (n *network) listIdentity(at time.Duration, client, to *host, devices map[*host]*cipIdentity, order []*host) {
	n.spoke(client, to, "udp", 44818, "enip")
	port := client.ephemeral()
	rng := n.random("list identity" + client.Name)
	n.udp(at, client, to, port, 44818, encapsulated(0x63, 0, 0, nil))
	for _, h := range order {
		id := devices[h]
		var w wire.Builder
		w.U16LE(1).U16LE(0x0c)
		w.Len16LE(func(w *wire.Builder) {
			ip := h.addr.As4()
			w.U16LE(1).U16(2).U16(44818).Bytes(ip[:]).Zero(8).Bytes(id.attributes()).U8(id.state)
		})
		n.udp(at+time.Duration(2+rng.IntN(20))*time.Millisecond, h, client, 44818, port, encapsulated(0x63, 0, 0, w.B))
	}
}

// dialENIP connects and registers a session.
func (n *network) dialENIP(at time.Duration, client, server *host) *enip {
	e := &enip{conn: n.dial(at, client, server, 44818, "enip"), context: 0x6275_6c6b_0000_0000, maker: 1}
	e.session = e.rng.Uint32() | 1
	e.ask(encapsulated(0x65, 0, e.context, []byte{1, 0, 0, 0}), encapsulated(0x65, e.session, e.context, []byte{1, 0, 0, 0}))
	return e
}

// unconnected sends a CIP request by SendRRData.
func (e *enip) unconnected(request, answer []byte) {
	e.context++
	item := func(cip []byte, timeout uint16) []byte {
		var w wire.Builder
		return w.U32LE(0).U16LE(timeout).U16LE(2).U32LE(0).U16LE(0xb2).U16LE(uint16(len(cip))).Bytes(cip).B
	}
	e.ask(encapsulated(0x6f, e.session, e.context, item(request, 10)), encapsulated(0x6f, e.session, e.context, item(answer, 0)))
}

// connected sends a CIP request over the connection of class 3.
func (e *enip) connected(request, answer []byte) {
	e.sequence++
	item := func(id uint32, cip []byte) []byte {
		var w wire.Builder
		w.U32LE(0).U16LE(0).U16LE(2).U16LE(0xa1).U16LE(4).U32LE(id)
		return w.U16LE(0xb1).U16LE(uint16(2 + len(cip))).U16LE(e.sequence).Bytes(cip).B
	}
	e.ask(encapsulated(0x70, e.session, 0, item(e.out, request)), encapsulated(0x70, e.session, 0, item(e.in, answer)))
}

// forwardOpen opens a connection; path is where it leads, rpi in ms. An explicit
// connection (class 3) leads to the message router.
func (e *enip) forwardOpen(path []byte, class byte, rpi uint32, outSize, inSize uint16) (out, in uint32) {
	e.serial++
	out, in = e.rng.Uint32(), e.rng.Uint32()
	var q, a wire.Builder
	kind := uint16(0x4200) // point to point, low priority, variable size
	if class != 0xa3 {
		kind = 0x4800 // point to point, scheduled, fixed size
	}
	q.U8(0x54, 2, 0x20, 6, 0x24, 1, 0x0a, 0x0e)
	q.U32LE(out).U32LE(in).U16LE(e.serial).U16LE(e.maker).U32LE(0x00c0_ffee).U8(2, 0, 0, 0)
	q.U32LE(rpi*1000).U16LE(kind|outSize).U32LE(rpi*1000).U16LE(kind|inSize).U8(class, byte(len(path)/2)).Bytes(path)
	a.U8(0xd4, 0, 0, 0).U32LE(out).U32LE(in).U16LE(e.serial).U16LE(e.maker).U32LE(0x00c0_ffee).U32LE(rpi*1000).U32LE(rpi*1000).U8(0, 0)
	e.unconnected(q.B, a.B)
	return out, in
}

// explicit opens the connection of class 3 to the message router of the
// controller in slot 0.
func (e *enip) explicit() {
	e.out, e.in = e.forwardOpen([]byte{1, 0, 0x20, 2, 0x24, 1}, 0xa3, 2000, 500, 500)
}

// forwardClose ends the connection that was opened last.
func (e *enip) forwardClose(path []byte) {
	var q, a wire.Builder
	q.U8(0x4e, 2, 0x20, 6, 0x24, 1, 0x0a, 0x0e).U16LE(e.serial).U16LE(e.maker).U32LE(0x00c0_ffee).U8(byte(len(path)/2), 0).Bytes(path)
	a.U8(0xce, 0, 0, 0).U16LE(e.serial).U16LE(e.maker).U32LE(0x00c0_ffee).U8(0, 0)
	e.unconnected(q.B, a.B)
}

// identity reads all attributes of the identity object.
func (e *enip) identity(id *cipIdentity) {
	e.unconnected([]byte{1, 2, 0x20, 1, 0x24, 1}, append([]byte{0x81, 0, 0, 0}, id.attributes()...))
}

// tagPath is the symbolic segment of a tag.
func tagPath(tag string) []byte {
	b := append([]byte{0x91, byte(len(tag))}, tag...)
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	return append([]byte{byte(len(b) / 2)}, b...)
}

// Types of tags.
const (
	cipBool = 0xc1
	cipDint = 0xc4
	cipReal = 0xca
)

func readTag(tag string) []byte { return append(append([]byte{0x4c}, tagPath(tag)...), 1, 0) }

func tagAnswer(kind byte, value []byte) []byte {
	return append([]byte{0xcc, 0, 0, 0, kind, 0}, value...)
}

// tag is a named value of the controller.
type tag struct {
	name  string
	kind  byte
	value []byte
}

// readTags reads tags with one multiple service packet.
func (e *enip) readTags(tags ...tag) {
	var q, a [][]byte
	for _, t := range tags {
		q = append(q, readTag(t.name))
		a = append(a, tagAnswer(t.kind, t.value))
	}
	e.connected(multiple([]byte{0x0a, 2, 0x20, 2, 0x24, 1}, q), multiple([]byte{0x8a, 0, 0, 0}, a))
}

func multiple(header []byte, parts [][]byte) []byte {
	var w wire.Builder
	w.Bytes(header).U16LE(uint16(len(parts)))
	at := 2 + 2*len(parts)
	for _, p := range parts {
		w.U16LE(uint16(at))
		at += len(p)
	}
	for _, p := range parts {
		w.Bytes(p)
	}
	return w.B
}

func (e *enip) readTag(t tag) { e.connected(readTag(t.name), tagAnswer(t.kind, t.value)) }

func (e *enip) writeTag(t tag) {
	var w wire.Builder
	w.U8(0x4d).Bytes(tagPath(t.name)).U8(t.kind, 0, 1, 0).Bytes(t.value)
	e.connected(w.B, []byte{0xcd, 0, 0, 0})
}

// implicit sends cyclic data of both directions over UDP until an end.
func (n *network) implicit(from, until time.Duration, scanner, adapter *host, out, in uint32, cycle time.Duration, data func(time.Duration) (out, in []byte)) {
	n.spoke(scanner, adapter, "udp", 2222, "enip-io")
	rng := rand.New(rand.NewPCG(n.seed, uint64(out)))
	var sequence uint32
	packet := func(id uint32, header bool, payload []byte) []byte {
		var w wire.Builder
		w.U16LE(2).U16LE(0x8002).U16LE(8).U32LE(id).U32LE(sequence)
		w.U16LE(0xb1)
		w.Len16LE(func(w *wire.Builder) {
			w.U16LE(uint16(sequence))
			if header {
				w.U32LE(1) // run
			}
			w.Bytes(payload)
		})
		return w.B
	}
	for t := from; t < until; t += cycle {
		sequence++
		o, i := data(t)
		n.udp(t+time.Duration(rng.IntN(300_000)), scanner, adapter, 2222, 2222, packet(out, true, o))
		n.udp(t+cycle/2+time.Duration(rng.IntN(300_000)), adapter, scanner, 2222, 2222, packet(in, false, i))
	}
}
