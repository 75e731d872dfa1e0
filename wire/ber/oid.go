package ber

import (
	"bytes"
	"strconv"
	"strings"
)

// OID is the contents of an OBJECT IDENTIFIER as they lie in the input
// (X.690, 8.19). Two are equal when their bytes are.
type OID []byte

// maxArcs bounds an identifier; SNMP allows 128 (RFC 3416, 2).
const maxArcs = 160

// Valid tells whether the contents are whole: not empty, and no arc cut or
// wider than 63 bits.
func (o OID) Valid() bool {
	if len(o) == 0 || o[len(o)-1] >= 0x80 {
		return false
	}
	n, arcs := 0, 0
	for _, x := range o {
		if n++; n > 9 {
			return false
		}
		if x < 0x80 {
			n = 0
			arcs++
		}
	}
	return arcs < maxArcs
}

// Equal tells whether o and p name the same object.
func (o OID) Equal(p OID) bool { return bytes.Equal(o, p) }

// Under returns what follows p when o lies under p or is p.
func (o OID) Under(p OID) (rest OID, ok bool) {
	if !bytes.HasPrefix(o, p) {
		return nil, false
	}
	return o[len(p):], true
}

// Arc splits the first arc off the rest of an identifier, as Under returns it
// (the first byte of a whole identifier holds two arcs).
func (o OID) Arc() (arc uint64, rest OID, ok bool) {
	for i, x := range o {
		if i == 9 {
			return 0, nil, false
		}
		arc = arc<<7 | uint64(x&0x7f)
		if x < 0x80 {
			return arc, o[i+1:], true
		}
	}
	return 0, nil, false
}

// AppendText appends the dotted form, which takes at most 3.6 characters for
// each byte of o. What is not valid is left out.
func (o OID) AppendText(dst []byte) []byte {
	first, rest, ok := o.Arc()
	if !ok {
		return dst
	}
	top := min(first/40, 2)
	dst = strconv.AppendUint(dst, top, 10)
	dst = append(dst, '.')
	dst = strconv.AppendUint(dst, first-40*top, 10)
	for {
		var arc uint64
		if arc, rest, ok = rest.Arc(); !ok {
			return dst
		}
		dst = append(dst, '.')
		dst = strconv.AppendUint(dst, arc, 10)
	}
}

// String is the dotted form. It allocates; AppendText need not.
func (o OID) String() string { return string(o.AppendText(nil)) }

// MustOID encodes a dotted identifier, for tables. It panics when the text is
// no identifier, which is a bug in the table.
func MustOID(dotted string) OID {
	parts := strings.Split(dotted, ".")
	arcs := make([]uint64, len(parts))
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 63)
		if err != nil {
			panic("ber: object identifier " + dotted)
		}
		arcs[i] = n
	}
	if len(arcs) < 2 || arcs[0] > 2 || arcs[0] < 2 && arcs[1] >= 40 {
		panic("ber: object identifier " + dotted)
	}
	o := appendArc(nil, arcs[0]*40+arcs[1])
	for _, a := range arcs[2:] {
		o = appendArc(o, a)
	}
	return o
}

func appendArc(o OID, a uint64) OID {
	for shift := 56; shift > 0; shift -= 7 {
		if a>>shift != 0 {
			o = append(o, byte(a>>shift)&0x7f|0x80)
		}
	}
	return append(o, byte(a)&0x7f)
}
