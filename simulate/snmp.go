package simulate

import (
	"time"
)

// ber builds a value of the Basic Encoding Rules (X.690) with definite length.
func ber(tag byte, parts ...[]byte) []byte {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	b := []byte{tag}
	switch {
	case size < 0x80:
		b = append(b, byte(size))
	case size < 0x100:
		b = append(b, 0x81, byte(size))
	default:
		b = append(b, 0x82, byte(size>>8), byte(size))
	}
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// berInt is a number in the fewest bytes, with a tag.
func berInt(tag byte, v int64) []byte {
	b := []byte{byte(v)}
	for v > 127 || v < -128 {
		v >>= 8
		b = append([]byte{byte(v)}, b...)
	}
	return ber(tag, b)
}

func berOID(arcs ...uint32) []byte {
	b := []byte{byte(arcs[0]*40 + arcs[1])}
	for _, a := range arcs[2:] {
		part := []byte{byte(a & 0x7f)}
		for a >>= 7; a > 0; a >>= 7 {
			part = append([]byte{byte(a&0x7f) | 0x80}, part...)
		}
		b = append(b, part...)
	}
	return ber(6, b)
}

// variable is an object of an SNMP request with its answered value.
type variable struct {
	oid   []byte
	value []byte
}

var berNull = []byte{5, 0}

func snmpText(s string) []byte { return ber(4, []byte(s)) }

// system are the objects of the system group, RFC 3418.
func system(description, name, location string, object []uint32, up time.Duration) []variable {
	sys := func(n uint32) []byte { return berOID(1, 3, 6, 1, 2, 1, 1, n, 0) }
	return []variable{
		{sys(1), snmpText(description)}, {sys(2), berOID(object...)}, {sys(3), berInt(0x43, int64(up/(10*time.Millisecond)))},
		{sys(4), snmpText("automation@plant.example")}, {sys(5), snmpText(name)}, {sys(6), snmpText(location)},
	}
}

// interfaces are octet counters of a few ports, RFC 2863.
func interfaces(ports int, at time.Duration, load int64) []variable {
	var vs []variable
	for p := range ports {
		octets := (int64(at/time.Second)*load*int64(p+1) + 1_700_000_000) & 0xffffffff
		vs = append(vs,
			variable{berOID(1, 3, 6, 1, 2, 1, 2, 2, 1, 8, uint32(p+1)), berInt(2, 1)},
			variable{berOID(1, 3, 6, 1, 2, 1, 2, 2, 1, 10, uint32(p+1)), berInt(0x41, octets)})
	}
	return vs
}

// snmpGet reads objects by SNMPv2c, RFC 3416 and RFC 1901.
func (n *network) snmpGet(at time.Duration, client, server *host, community string, vs []variable) {
	n.spoke(client, server, "udp", 161, "snmp")
	port := client.ephemeral()
	id := berInt(2, int64(client.sequence()>>1))
	message := func(pdu byte, values bool) []byte {
		var list [][]byte
		for _, v := range vs {
			value := berNull
			if values {
				value = v.value
			}
			list = append(list, ber(0x30, v.oid, value))
		}
		return ber(0x30, berInt(2, 1), snmpText(community), ber(pdu, id, berInt(2, 0), berInt(2, 0), ber(0x30, list...)))
	}
	n.udp(at, client, server, port, 161, message(0xa0, false))
	n.udp(at+server.think(n.random("snmp"+server.Name)), server, client, 161, port, message(0xa2, true))
}
