package sensor

import (
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/packet"
)

// maxProtocols bounds the protocols, so that a set of them is two words.
const maxProtocols = 128

// protocols is the catalogue in the form that recognition needs.
type protocols struct {
	all    []proto.Protocol
	byName map[string]int16
	on     [6]carrier
}

// carrier lists the protocols that ride on one carrier.
type carrier struct {
	byNumber map[uint32][]int16
	every    []int16
	port     [65536 / 64]uint64 // ports that some protocol claims
}

func newProtocols(ps []proto.Protocol) *protocols {
	c := &protocols{all: ps, byName: make(map[string]int16)}
	for k := range c.on {
		c.on[k].byNumber = make(map[uint32][]int16)
	}
	for i, p := range ps {
		c.byName[p.Name] = int16(i)
		for _, on := range p.On {
			k := &c.on[on.Carrier]
			k.every = append(k.every, int16(i))
			for _, n := range on.Numbers {
				k.byNumber[n] = append(k.byNumber[n], int16(i))
				if n < 65536 {
					k.port[n/64] |= 1 << (n % 64)
				}
			}
		}
	}
	return c
}

func carrierOf(k packet.Kind) proto.Carrier {
	switch k {
	case packet.TCP:
		return proto.TCP
	case packet.UDP:
		return proto.UDP
	case packet.LLC:
		return proto.LLC
	case packet.SNAP:
		return proto.SNAP
	case packet.IP:
		return proto.IP
	default:
		return proto.Ethernet
	}
}

// claims lists the protocols registered for a number.
func (k *carrier) claims(n uint32) []int16 {
	if n < 65536 && k.port[n/64]&(1<<(n%64)) == 0 {
		return nil
	}
	return k.byNumber[n]
}

// none and later are answers of recognise besides the index of a protocol.
const (
	none  int16 = -1
	later int16 = -2
)

// recognise finds the protocol of b: first those of the port, then all of the
// carrier by content alone. refused is one that failed here before.
func (c *protocols) recognise(b []byte, h proto.Hint, number uint32, refused int16) int16 {
	k := &c.on[h.Carrier]
	wait := false
	h.OnPort = true
	ports := h.Carrier == proto.TCP || h.Carrier == proto.UDP
	numbers := [2]uint32{uint32(h.DstPort), uint32(h.SrcPort)}
	if !ports {
		numbers = [2]uint32{number, number}
	}
	for _, n := range numbers {
		for _, i := range k.claims(n) {
			if i == refused {
				continue
			}
			switch c.all[i].Recognise(b, h) {
			case proto.Yes, proto.Likely:
				return i
			case proto.More:
				wait = true
			}
		}
		if !ports {
			return none
		}
	}
	h.OnPort = false
	for _, i := range k.every {
		if i != refused && c.all[i].Recognise(b, h) == proto.Yes {
			return i
		}
	}
	if wait && h.Carrier == proto.TCP {
		return later
	}
	return none
}

// registered is the protocol that a port is registered for, or none.
func (c *protocols) registered(k proto.Carrier, port uint16) int16 {
	if is := c.on[k].claims(uint32(port)); len(is) > 0 {
		return is[0]
	}
	return none
}
