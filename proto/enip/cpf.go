package enip

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Items of the Common Packet Format (Vol. 2, table 2-6.3).
const (
	itemNull        = 0x0000
	itemIdentity    = 0x000c
	itemSecurity    = 0x0086 // CIP Security information
	itemConnected   = 0x00a1 // address: connection id
	itemData        = 0x00b1 // connected data
	itemUnconnected = 0x00b2
	itemServices    = 0x0100
	itemSockOT      = 0x8000 // socket address, originator to target
	itemSockTO      = 0x8001
	itemSequenced   = 0x8002 // address: connection id and sequence
	maxItems        = 16     // the format has no bound; real packets have up to 4
)

var errItems = errors.New("more than 16 items")

// packet is what the items of one message hold.
type packet struct {
	connected  bool
	connection uint32
	sequence   uint32
	data       []byte
	identity   []byte
	services   []byte
	secure     bool // offers CIP Security
	sockTO     []byte
}

// service is the service byte of the CIP message inside.
func (p *packet) service() (uint8, bool) {
	r := wire.NewReader(p.data)
	if p.connected {
		r.U16LE("sequence count")
	}
	v := r.U8("service")
	return v, r.OK()
}

func readPacket(r *wire.Reader) (packet, error) {
	var p packet
	n := int(r.U16LE("item count"))
	if n > maxItems {
		r.Fail("item count", errItems)
	}
	for i := 0; i < n && r.OK(); i++ {
		id := r.U16LE("item type id")
		size := int(r.U16LE("item length"))
		item := r.Sub("item", size)
		if !r.OK() {
			break
		}
		switch id {
		case itemConnected:
			p.connection = item.U32LE("connection id")
		case itemSequenced:
			p.connection = item.U32LE("connection id")
			p.sequence = item.U32LE("sequence number")
		case itemData, itemUnconnected:
			if p.data == nil {
				p.connected, p.data = id == itemData, item.Rest()
			}
		case itemIdentity:
			p.identity = item.Rest()
		case itemServices:
			p.services = item.Rest()
		case itemSecurity:
			p.secure = true
		case itemSockTO:
			p.sockTO = item.Rest()
		}
		if err := item.Err(); err != nil {
			return packet{}, err
		}
	}
	if err := r.Err(); err != nil {
		return packet{}, err
	}
	return p, nil
}

// implicitIO is a class 0 or class 1 packet.
var implicitIO = fact.Function{Protocol: nameIO, Code: "io", Name: "implicit i/o", Class: fact.Data}

// isIO tells a whole implicit packet: a sequenced address item and connected
// data that ends with the datagram (Vol. 2, 2-6.3.2.3 and 3-2.2).
func isIO(b []byte) bool {
	r := wire.NewReader(b)
	n := r.U16LE("item count")
	id := r.U16LE("type id")
	size := r.U16LE("length")
	r.Skip("connection id and sequence", 8)
	data := r.U16LE("type id")
	dataLen := int(r.U16LE("length"))
	return r.OK() && n == 2 && id == itemSequenced && size == 8 && data == itemData && dataLen == r.Len()
}

// implicit reports one I/O packet. First is the connection id.
func (s *session) implicit(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	p, err := readPacket(&r)
	if err != nil {
		return 0, err
	}
	op := c.Op(&implicitIO, fact.Notice)
	op.Target = fact.Target{First: uint64(p.connection), Set: true}
	c.Emit()
	return len(b), nil
}
