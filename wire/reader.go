// Package wire reads and builds packets with every access checked against the
// bytes that are there. It knows no protocol.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrShort says that the input ended before the field did. In a stream it
// means: wait for more. Anything else that a parser returns means: never valid.
var ErrShort = errors.New("short input")

// FieldError tells which field of the input could not be read, and where.
type FieldError struct {
	Field string // name from the protocol's specification
	At    int    // offset of the field in the bytes handed to NewReader
	Err   error
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("%s at byte %d: %v", e.Field, e.At, e.Err)
}

func (e *FieldError) Unwrap() error { return e.Err }

// Reader is a cursor over bytes. The first failure sticks: later reads return
// zero values, so a parser reads all its fields and asks once. The zero Reader
// is an empty input. A Reader does not allocate; Err does, once, on failure.
type Reader struct {
	b     []byte
	at    int
	field string
	err   error
}

// NewReader returns a Reader over b, which it does not copy.
func NewReader(b []byte) Reader { return Reader{b: b} }

// take returns n bytes, or nil after recording the failure.
func (r *Reader) take(field string, n int) []byte {
	if n < 0 || n > len(r.b)-r.at {
		r.fail(field, ErrShort)
		return nil
	}
	b := r.b[r.at : r.at+n]
	r.at += n
	return b
}

// fail records the first failure and leaves nothing to read, so that every
// later read fails by itself.
//
//go:noinline
func (r *Reader) fail(field string, err error) {
	if r.err == nil {
		r.field, r.err = field, err
		r.b = r.b[:r.at]
	}
}

// short records that the input ended and returns the zero that is read instead.
//
//go:noinline
func (r *Reader) short(field string) uint64 {
	r.fail(field, ErrShort)
	return 0
}

// Fail records that field, just read or about to be, is wrong. err is nil for
// nothing to record.
func (r *Reader) Fail(field string, err error) {
	if err != nil {
		r.fail(field, err)
	}
}

// U8 reads one byte.
func (r *Reader) U8(field string) (v uint8) {
	// The form that the compiler inlines.
	if r.at < len(r.b) {
		v = r.b[r.at]
		r.at++
		return
	}
	r.short(field)
	return
}

// U16 reads a big-endian 16-bit number.
func (r *Reader) U16(field string) uint16 {
	if b := r.b[r.at:]; len(b) >= 2 {
		r.at += 2
		return binary.BigEndian.Uint16(b)
	}
	return uint16(r.short(field))
}

// U16LE reads a little-endian 16-bit number.
func (r *Reader) U16LE(field string) uint16 {
	if b := r.b[r.at:]; len(b) >= 2 {
		r.at += 2
		return binary.LittleEndian.Uint16(b)
	}
	return uint16(r.short(field))
}

// U24 reads a big-endian 24-bit number.
func (r *Reader) U24(field string) uint32 {
	if b := r.b[r.at:]; len(b) >= 3 {
		r.at += 3
		return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
	}
	return uint32(r.short(field))
}

// U24LE reads a little-endian 24-bit number.
func (r *Reader) U24LE(field string) uint32 {
	if b := r.b[r.at:]; len(b) >= 3 {
		r.at += 3
		return uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
	}
	return uint32(r.short(field))
}

// U32 reads a big-endian 32-bit number.
func (r *Reader) U32(field string) uint32 {
	if b := r.b[r.at:]; len(b) >= 4 {
		r.at += 4
		return binary.BigEndian.Uint32(b)
	}
	return uint32(r.short(field))
}

// U32LE reads a little-endian 32-bit number.
func (r *Reader) U32LE(field string) uint32 {
	if b := r.b[r.at:]; len(b) >= 4 {
		r.at += 4
		return binary.LittleEndian.Uint32(b)
	}
	return uint32(r.short(field))
}

// U64 reads a big-endian 64-bit number.
func (r *Reader) U64(field string) uint64 {
	if b := r.b[r.at:]; len(b) >= 8 {
		r.at += 8
		return binary.BigEndian.Uint64(b)
	}
	return r.short(field)
}

// U64LE reads a little-endian 64-bit number.
func (r *Reader) U64LE(field string) uint64 {
	if b := r.b[r.at:]; len(b) >= 8 {
		r.at += 8
		return binary.LittleEndian.Uint64(b)
	}
	return r.short(field)
}

// Bytes reads n bytes. The result shares memory with the input.
func (r *Reader) Bytes(field string, n int) []byte { return r.take(field, n) }

// Skip passes over n bytes.
func (r *Reader) Skip(field string, n int) { r.take(field, n) }

// Sub reads n bytes as an input of their own, so that a nested structure
// cannot read past its stated length.
func (r *Reader) Sub(field string, n int) Reader { return Reader{b: r.take(field, n)} }

// Rest reads all that is left.
func (r *Reader) Rest() []byte {
	b := r.b[r.at:]
	r.at = len(r.b)
	return b
}

// Peek returns the bytes that are left without reading them.
func (r *Reader) Peek() []byte {
	return r.b[r.at:]
}

// Len is the number of bytes left.
func (r *Reader) Len() int {
	return len(r.b) - r.at
}

// Pos is the offset of the next byte.
func (r *Reader) Pos() int { return r.at }

// OK tells whether every read so far succeeded.
func (r *Reader) OK() bool { return r.err == nil }

// Short tells whether the input ended too early.
func (r *Reader) Short() bool { return errors.Is(r.err, ErrShort) }

// Err returns the first failure as a *FieldError, or nil.
func (r *Reader) Err() error {
	if r.err == nil {
		return nil
	}
	return &FieldError{Field: r.field, At: r.at, Err: r.err}
}
