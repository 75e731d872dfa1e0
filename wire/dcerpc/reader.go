package dcerpc

import "github.com/bulkhead-ot/bulkhead/wire"

// Reader is a wire.Reader whose numbers have the byte order that the sender
// chose in its data representation label (C706, 14.1). Only the methods below
// respect it; those of wire.Reader keep their own order.
type Reader struct {
	wire.Reader
	Little bool
}

// NewReader returns a Reader over b.
func NewReader(b []byte, little bool) Reader {
	return Reader{Reader: wire.NewReader(b), Little: little}
}

// Half reads an unsigned 16-bit number.
func (r *Reader) Half(field string) uint16 {
	if r.Little {
		return r.U16LE(field)
	}
	return r.U16(field)
}

// Word reads an unsigned 32-bit number.
func (r *Reader) Word(field string) uint32 {
	if r.Little {
		return r.U32LE(field)
	}
	return r.U32(field)
}

// UUID reads a UUID.
func (r *Reader) UUID(field string) UUID {
	var u UUID
	copy(u[:], r.Bytes(field, len(u)))
	if r.Little {
		return u.Swapped()
	}
	return u
}

// Align passes over the bytes up to the next multiple of n, counted from the
// beginning of the bytes that the Reader was made over.
func (r *Reader) Align(n int) {
	if rest := r.Pos() % n; rest != 0 {
		r.Skip("alignment", n-rest)
	}
}

// UUID is a universal unique identifier in the order in which it is written:
// the first byte is the first two digits.
type UUID [16]byte

// Swapped is u with its numbers (the first 4, 2 and 2 bytes) in the other
// byte order.
func (u UUID) Swapped() UUID {
	u[0], u[1], u[2], u[3] = u[3], u[2], u[1], u[0]
	u[4], u[5] = u[5], u[4]
	u[6], u[7] = u[7], u[6]
	return u
}

// IsZero tells whether u is the nil UUID.
func (u UUID) IsZero() bool { return u == UUID{} }

const digits = "0123456789abcdef"

// AppendTo appends u as 8-4-4-4-12 lower-case digits.
func (u UUID) AppendTo(b []byte) []byte {
	for i, x := range u {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, digits[x>>4], digits[x&15])
	}
	return b
}

func (u UUID) String() string { return string(u.AppendTo(nil)) }

// MustUUID reads a UUID written as String does. It panics on anything else,
// and is meant for tables.
func MustUUID(s string) (u UUID) {
	n := 0
	for i := range len(s) {
		if s[i] == '-' {
			continue
		}
		v := -1
		for d := range digits {
			if digits[d] == s[i] {
				v = d
			}
		}
		if v < 0 || n >= 32 {
			panic("not a UUID: " + s)
		}
		u[n/2] |= byte(v) << (4 * (1 - n%2))
		n++
	}
	if n != 32 {
		panic("not a UUID: " + s)
	}
	return u
}
