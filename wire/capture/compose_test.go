package capture_test

import (
	"encoding/binary"
	"slices"
)

// The order of numbers in a composed file.
type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

func u16s(o order, v ...uint16) (b []byte) {
	for _, n := range v {
		b = o.AppendUint16(b, n)
	}
	return b
}

func u32s(o order, v ...uint32) (b []byte) {
	for _, n := range v {
		b = o.AppendUint32(b, n)
	}
	return b
}

func u64(o order, v uint64) []byte { return o.AppendUint64(nil, v) }

// pcapFile composes a pcap header.
func pcapFile(o order, magic, network uint32, records ...[]byte) []byte {
	b := u32s(o, magic)
	b = append(b, u16s(o, 2, 4)...)
	b = append(b, u32s(o, 0, 0, 65535, network)...)
	return append(b, slices.Concat(records...)...)
}

// record composes a packet of a pcap file.
func record(o order, sec, frac uint32, data string, wire int) []byte {
	return append(u32s(o, sec, frac, uint32(len(data)), uint32(wire)), data...)
}

// ngBlock composes a pcapng block of parts, padded.
func ngBlock(o order, kind uint32, parts ...[]byte) []byte {
	body := pad(slices.Concat(parts...))
	n := uint32(len(body) + 12)
	return slices.Concat(u32s(o, kind, n), body, u32s(o, n))
}

func pad(b []byte) []byte { return append(slices.Clone(b), make([]byte, -len(b)&3)...) }

// ngSection composes a section header of a major version.
func ngSection(o order, major uint16) []byte {
	return ngBlock(o, 0x0a0d0d0a, u32s(o, 0x1a2b3c4d), u16s(o, major, 0), u64(o, ^uint64(0)))
}

// ngInterface composes an interface description.
func ngInterface(o order, link uint16, snap uint32, options ...[]byte) []byte {
	return ngBlock(o, 1, u16s(o, link, 0), u32s(o, snap), slices.Concat(options...))
}

func ngOption(o order, code uint16, value []byte) []byte {
	return slices.Concat(u16s(o, code, uint16(len(value))), pad(value))
}

// ngPacket composes an enhanced packet.
func ngPacket(o order, iface uint32, ticks uint64, data string, options ...[]byte) []byte {
	return ngBlock(o, 6, u32s(o, iface, uint32(ticks>>32), uint32(ticks), uint32(len(data)), uint32(len(data))),
		pad([]byte(data)), slices.Concat(options...))
}
