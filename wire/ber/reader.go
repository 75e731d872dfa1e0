package ber

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// Reader walks over elements that follow one another. The zero Reader is an
// empty input. Fields are named for the error, as in wire.Reader.
type Reader struct {
	b     []byte
	at    int
	field string
	err   error
}

// NewReader returns a Reader over b, which it does not copy.
func NewReader(b []byte) Reader { return Reader{b: b} }

// Fail records that field is wrong, unless something failed before.
//
//go:noinline
func (r *Reader) Fail(field string, err error) {
	if r.err == nil && err != nil {
		r.field, r.err = field, err
	}
}

// More tells whether there is another element to read.
func (r *Reader) More() bool { return r.err == nil && r.at < len(r.b) }

// OK tells whether every read so far succeeded.
func (r *Reader) OK() bool { return r.err == nil }

// Short tells whether the input ended too early.
func (r *Reader) Short() bool { return errors.Is(r.err, wire.ErrShort) }

// Pos is the offset of the next element.
func (r *Reader) Pos() int { return r.at }

// Err returns the first failure as a *wire.FieldError, or nil. Only Err allocates.
func (r *Reader) Err() error {
	if r.err == nil {
		return nil
	}
	return &wire.FieldError{Field: r.field, At: r.at, Err: r.err}
}

// Peek is the tag of the next element, or 0 at the end.
func (r *Reader) Peek() Tag {
	if !r.More() {
		return 0
	}
	t, _, err := readTag(r.b[r.at:])
	if err != nil {
		return 0
	}
	return t
}

// Next reads whatever element comes. After a failure, or at the end (which is
// a failure too: ask More first), it returns the zero Element.
func (r *Reader) Next(field string) Element {
	if r.err != nil {
		return Element{}
	}
	e, err := Read(r.b[r.at:])
	if err != nil {
		r.Fail(field, err)
		return Element{}
	}
	r.at += e.Size
	return e
}

// Want reads an element of tag t and fails at any other.
func (r *Reader) Want(field string, t Tag) []byte {
	if r.More() && r.Peek() != t {
		r.Fail(field, ErrExpected)
		return nil
	}
	return r.Next(field).Body
}

// Optional reads the next element if its tag is t.
func (r *Reader) Optional(field string, t Tag) (body []byte, ok bool) {
	if r.Peek() != t || t == 0 {
		return nil, false
	}
	e := r.Next(field)
	return e.Body, r.err == nil
}

// Enter reads an element of tag t as an input of its own. When the element is
// wrong, the returned Reader carries the failure.
func (r *Reader) Enter(field string, t Tag) Reader {
	body := r.Want(field, t)
	return Reader{b: body, field: r.field, err: r.err}
}

// Int reads an INTEGER of at most 64 bits.
func (r *Reader) Int(field string) int64 { return r.IntOf(field, Integer) }

// IntOf reads an integer under another tag: ENUMERATED, or an implicit one.
func (r *Reader) IntOf(field string, t Tag) int64 {
	body := r.Want(field, t)
	if r.err != nil {
		return 0
	}
	v, ok := Int(body)
	if !ok {
		r.Fail(field, ErrValue)
	}
	return v
}

// Octets reads an OCTET STRING in its primitive form.
func (r *Reader) Octets(field string) []byte { return r.Want(field, OctetString) }

// OID reads an OBJECT IDENTIFIER.
func (r *Reader) OID(field string) OID {
	body := r.Want(field, ObjectID)
	if r.err == nil && !OID(body).Valid() {
		r.Fail(field, ErrValue)
		return nil
	}
	return body
}

// Bool reads a BOOLEAN.
func (r *Reader) Bool(field string) bool {
	body := r.Want(field, Boolean)
	if r.err == nil && len(body) != 1 {
		r.Fail(field, ErrValue)
	}
	return len(body) == 1 && body[0] != 0
}

// Int is the value of the contents of an INTEGER; ok is false when they are
// empty or wider than 64 bits.
func Int(body []byte) (v int64, ok bool) {
	for len(body) > 8 && (body[0] == 0 && body[1] < 0x80 || body[0] == 0xff && body[1] >= 0x80) {
		body = body[1:] // not the shortest form, but BER readers accept it
	}
	if len(body) == 0 || len(body) > 8 {
		return 0, false
	}
	v = int64(int8(body[0]))
	for _, x := range body[1:] {
		v = v<<8 | int64(x)
	}
	return v, true
}

// Uint is the value of contents that are never negative, such as a Counter64;
// makers that leave out the leading zero are understood.
func Uint(body []byte) (v uint64, ok bool) {
	for len(body) > 1 && body[0] == 0 {
		body = body[1:]
	}
	if len(body) == 0 || len(body) > 8 {
		return 0, false
	}
	for _, x := range body {
		v = v<<8 | uint64(x)
	}
	return v, true
}
