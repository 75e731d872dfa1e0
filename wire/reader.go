// Package wire reads and builds packets with every access checked against the
// bytes that are there. It knows no protocol.
package wire

import (
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
	if r.err != nil || n < 0 || n > len(r.b)-r.at {
		r.fail(field, ErrShort)
		return nil
	}
	b := r.b[r.at : r.at+n]
	r.at += n
	return b
}

//go:noinline
func (r *Reader) fail(field string, err error) {
	if r.err == nil {
		r.field, r.err = field, err
	}
}

// Fail records that field, just read or about to be, is wrong. err is nil for
// nothing to record.
func (r *Reader) Fail(field string, err error) {
	if err != nil {
		r.fail(field, err)
	}
}

// U8 reads one byte.
func (r *Reader) U8(field string) uint8 {
	if b := r.take(field, 1); b != nil {
		return b[0]
	}
	return 0
}

// U16 reads a big-endian 16-bit number.
func (r *Reader) U16(field string) uint16 {
	if b := r.take(field, 2); b != nil {
		return uint16(b[0])<<8 | uint16(b[1])
	}
	return 0
}

// U16LE reads a little-endian 16-bit number.
func (r *Reader) U16LE(field string) uint16 {
	if b := r.take(field, 2); b != nil {
		return uint16(b[1])<<8 | uint16(b[0])
	}
	return 0
}

// U24 reads a big-endian 24-bit number.
func (r *Reader) U24(field string) uint32 {
	if b := r.take(field, 3); b != nil {
		return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
	}
	return 0
}

// U24LE reads a little-endian 24-bit number.
func (r *Reader) U24LE(field string) uint32 {
	if b := r.take(field, 3); b != nil {
		return uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
	}
	return 0
}

// U32 reads a big-endian 32-bit number.
func (r *Reader) U32(field string) uint32 {
	if b := r.take(field, 4); b != nil {
		return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	}
	return 0
}

// U32LE reads a little-endian 32-bit number.
func (r *Reader) U32LE(field string) uint32 {
	if b := r.take(field, 4); b != nil {
		return uint32(b[3])<<24 | uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
	}
	return 0
}

// U64 reads a big-endian 64-bit number.
func (r *Reader) U64(field string) uint64 {
	return uint64(r.U32(field))<<32 | uint64(r.U32(field))
}

// U64LE reads a little-endian 64-bit number.
func (r *Reader) U64LE(field string) uint64 {
	lo := uint64(r.U32LE(field))
	return uint64(r.U32LE(field))<<32 | lo
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
	if r.err != nil {
		return nil
	}
	b := r.b[r.at:]
	r.at = len(r.b)
	return b
}

// Peek returns the bytes that are left without reading them.
func (r *Reader) Peek() []byte {
	if r.err != nil {
		return nil
	}
	return r.b[r.at:]
}

// Len is the number of bytes left.
func (r *Reader) Len() int {
	if r.err != nil {
		return 0
	}
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
