package proto

import (
	"net/netip"
	"unsafe"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// Dir is the direction of a message within its flow: 0 as the first packet
// of the flow, 1 the other way.
type Dir uint8

// Other is the opposite direction.
func (d Dir) Other() Dir { return d ^ 1 }

// Endpoint is one end of a flow.
type Endpoint struct {
	MAC  fact.MAC
	IP   [16]byte // IPv4 in its mapped form (RFC 4291, 2.5.5.2); zero without IP
	Port uint16
}

// Addr is the endpoint's IP address, or the zero Addr.
func (e *Endpoint) Addr() netip.Addr {
	if e.IP == ([16]byte{}) {
		return netip.Addr{}
	}
	return netip.AddrFrom16(e.IP).Unmap()
}

// Expect announces a flow that one conversation arranges for another: the
// data connection of FTP, the UDP port of a CIP I/O connection, a TFTP
// transfer. Zero ports match any.
type Expect struct {
	Carrier Carrier
	A, B    netip.Addr
	PortA   uint16
	PortB   uint16
	Name    string // protocol to open when the flow appears
}

// Sink receives what dissectors say. The sensor implements it; tests record.
type Sink interface {
	Operation(c *Context, op *fact.Operation)
	Identity(c *Context, id *fact.Identity)
	// Client says that the sender of the current message is the client of
	// the conversation, or, with sender false, that its receiver is.
	Client(c *Context, sender bool)
	Expect(c *Context, e Expect)
}

// Context is the message that is being parsed. The sensor owns it; sessions
// use it only while Parse runs.
type Context struct {
	Time     int64  // of the packet that completed the message: ns since 1970 UTC
	Frame    uint64 // its number in the capture, from 1
	Dir      Dir
	Carrier  Carrier
	Src, Dst *Endpoint // sender and receiver
	VLAN     uint16    // outermost VLAN id; 0 if none
	Wire     int       // length on the wire, when the capture cut the packet; else 0

	Sink  Sink
	op    fact.Operation
	id    fact.Identity
	cache map[uint64]*fact.Function
	pass  bool
}

// Pass is what Parse returns for n bytes that are no message of their own:
// the rest of a body, an encrypted stream.
func (c *Context) Pass(n int) (int, error) {
	c.pass = true
	return n, nil
}

// Passed tells whether Parse called Pass since Passed was called last.
func (c *Context) Passed() bool {
	p := c.pass
	c.pass = false
	return p
}

// Op starts an operation. The caller fills in what it knows and calls Emit
// before it starts the next.
func (c *Context) Op(f *fact.Function, k fact.Kind) *fact.Operation {
	c.op = fact.Operation{Function: f, Kind: k}
	return &c.op
}

// Emit hands on the operation begun with Op.
func (c *Context) Emit() { c.Sink.Operation(c, &c.op) }

// Say hands on an identity fact. Empty values are dropped. Source is static
// text. value may share memory with the packet: the sink copies what it keeps.
func (c *Context) Say(who fact.Who, a fact.Attr, value, source string, confidence uint8) {
	c.SayOf(fact.Subject{Who: who}, a, value, source, confidence)
}

// SayBytes is Say with a value that lies in the packet.
func (c *Context) SayBytes(who fact.Who, a fact.Attr, value []byte, source string, confidence uint8) {
	c.SayOf(fact.Subject{Who: who}, a, View(value), source, confidence)
}

// View is b as a string that shares b's memory: good only until Parse returns.
func View(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// SayOf is Say about any subject.
func (c *Context) SayOf(of fact.Subject, a fact.Attr, value, source string, confidence uint8) {
	if value == "" {
		return
	}
	c.id = fact.Identity{Of: of, Attr: a, Value: value, Source: source, Confidence: confidence}
	c.Sink.Identity(c, &c.id)
}

// SenderIsClient says that the side that sent this message is the client.
func (c *Context) SenderIsClient() { c.Sink.Client(c, true) }

// SenderIsServer says that the side that sent this message is the server.
func (c *Context) SenderIsServer() { c.Sink.Client(c, false) }

// Expect announces a flow; see type Expect.
func (c *Context) Expect(e Expect) { c.Sink.Expect(c, e) }

// maxCached bounds the functions that Func makes, against hostile input.
const maxCached = 1 << 14

var tooMany = fact.Function{Code: "other", Name: "one of too many different codes"}

// Func returns the function for key, made once by build and kept for the
// life of the sensor's lane: for codes whose functions do not fit a table,
// such as CIP service and class. The lower 48 bits of the key are the
// dissector's own; the upper 16 come from KeySpace and tell dissectors apart.
// build must not capture variables, or it allocates.
func (c *Context) Func(key uint64, build func(key uint64) fact.Function) *fact.Function {
	if f := c.cache[key]; f != nil {
		return f
	}
	if c.cache == nil {
		c.cache = make(map[uint64]*fact.Function)
	}
	if len(c.cache) >= maxCached {
		return &tooMany
	}
	f := build(key)
	c.cache[key] = &f
	return &f
}

// KeySpace gives a protocol its own range of keys for Func: the upper 16 bits.
func KeySpace(protocol string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(protocol) {
		h = (h ^ uint64(protocol[i])) * 1099511628211
	}
	return h << 48
}
