// Package ber reads the Basic Encoding Rules of ASN.1 (ITU-T X.690, 2021), and
// with them DER and CER, without copying and without allocating. A Reader walks
// over elements; the first failure sticks, as in wire.Reader. Constructed
// strings are handed over as elements, not joined. Long indefinite nesting is
// refused rather than followed.
package ber

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// Tag is class, form and number of an element.
type Tag uint32

// Class is the class of a tag (X.690, 8.1.2.2).
type Class uint8

// The classes.
const (
	Universal Class = iota
	Application
	ContextSpecific
	Private
)

const (
	classShift     = 30
	constructedBit = Tag(1) << 29
	numberMask     = constructedBit - 1
)

// Universal tags that the protocols here use (X.680, 8.6), in their usual form.
const (
	Boolean         Tag = 1
	Integer         Tag = 2
	BitString       Tag = 3
	OctetString     Tag = 4
	Null            Tag = 5
	ObjectID        Tag = 6
	External            = 8 | constructedBit
	Real            Tag = 9
	Enumerated      Tag = 10
	UTF8String      Tag = 12
	Sequence            = 16 | constructedBit
	Set                 = 17 | constructedBit
	PrintableString Tag = 19
	IA5String       Tag = 22
	UTCTime         Tag = 23
	GeneralizedTime Tag = 24
	VisibleString   Tag = 26
	GeneralString   Tag = 27
)

// Context is the context-specific tag n in primitive form.
func Context(n uint32) Tag { return MakeTag(ContextSpecific, false, n) }

// ContextCons is the context-specific tag n in constructed form.
func ContextCons(n uint32) Tag { return MakeTag(ContextSpecific, true, n) }

// App is the application tag n in primitive form.
func App(n uint32) Tag { return MakeTag(Application, false, n) }

// AppCons is the application tag n in constructed form.
func AppCons(n uint32) Tag { return MakeTag(Application, true, n) }

// MakeTag puts a tag together; numbers above 2^29-1 do not occur.
func MakeTag(c Class, constructed bool, n uint32) Tag {
	t := Tag(c)<<classShift | Tag(n)&numberMask
	if constructed {
		t |= constructedBit
	}
	return t
}

// Class is the tag's class.
func (t Tag) Class() Class { return Class(t >> classShift) }

// Constructed tells whether the contents are elements themselves.
func (t Tag) Constructed() bool { return t&constructedBit != 0 }

// Number is the tag's number within its class.
func (t Tag) Number() uint32 { return uint32(t & numberMask) }

// Reasons why an input is never valid.
var (
	ErrTag        = errors.New("tag number too large")
	ErrLength     = errors.New("length of a reserved or too large form")
	ErrIndefinite = errors.New("indefinite length on a primitive, or nested too deep")
	ErrExpected   = errors.New("another element than expected")
	ErrValue      = errors.New("contents do not fit the type")
)

// maxDepth bounds the nesting of indefinite lengths. MMS, LDAP and Kerberos
// stay below ten.
const maxDepth = 24

// Header reads tag and length from the front of b. n is the length of the
// contents, or -1 for the indefinite form; at is where they begin. It wants
// the header only, so that a stream can be framed before the contents are there.
func Header(b []byte) (t Tag, n, at int, err error) {
	if len(b) < 2 {
		return 0, 0, 0, wire.ErrShort
	}
	t, at, err = readTag(b)
	if err != nil {
		return 0, 0, 0, err
	}
	if at >= len(b) {
		return 0, 0, 0, wire.ErrShort
	}
	first := b[at]
	at++
	switch {
	case first < 0x80:
		return t, int(first), at, nil
	case first == 0x80:
		if !t.Constructed() {
			return 0, 0, 0, ErrIndefinite
		}
		return t, -1, at, nil
	}
	return longLength(b, t, at, int(first&0x7f))
}

// longLength reads a length of k bytes. Leading zeros are legal in BER, more
// than 2^31-1 bytes of contents are not for us.
func longLength(b []byte, t Tag, at, k int) (Tag, int, int, error) {
	if k > 8 {
		return 0, 0, 0, ErrLength
	}
	n := uint64(0)
	for range k {
		if at >= len(b) {
			return 0, 0, 0, wire.ErrShort
		}
		n = n<<8 | uint64(b[at])
		if n > 1<<31-1 {
			return 0, 0, 0, ErrLength
		}
		at++
	}
	return t, int(n), at, nil
}

func readTag(b []byte) (Tag, int, error) {
	class, form, low := Class(b[0]>>6), b[0]&0x20 != 0, uint32(b[0]&0x1f)
	if low != 0x1f {
		return MakeTag(class, form, low), 1, nil
	}
	n := uint32(0)
	for i := 1; i < 6; i++ {
		if i >= len(b) {
			return 0, 0, wire.ErrShort
		}
		if n > uint32(numberMask)>>7 {
			return 0, 0, ErrTag
		}
		n = n<<7 | uint32(b[i]&0x7f)
		if b[i] < 0x80 {
			return MakeTag(class, form, n), i + 1, nil
		}
	}
	return 0, 0, ErrTag
}

// Element is one tag, length and value.
type Element struct {
	Tag
	Body []byte // contents, without end-of-contents; shares memory with the input
	Size int    // of the whole element: header, contents, end-of-contents
}

// Reader reads the contents as elements of their own.
func (e *Element) Reader() Reader { return NewReader(e.Body) }

// Read reads the element at the front of b.
func Read(b []byte) (Element, error) {
	t, n, at, err := Header(b)
	if err != nil {
		return Element{}, err
	}
	if n >= 0 {
		if n > len(b)-at {
			return Element{}, wire.ErrShort
		}
		return Element{Tag: t, Body: b[at : at+n], Size: at + n}, nil
	}
	end, err := endOfContents(b[at:])
	if err != nil {
		return Element{}, err
	}
	return Element{Tag: t, Body: b[at : at+end], Size: at + end + 2}, nil
}

// endOfContents finds the 00 00 that closes what b is inside of.
func endOfContents(b []byte) (int, error) {
	depth, at := 1, 0
	for {
		if len(b)-at >= 2 && b[at] == 0 && b[at+1] == 0 {
			if depth--; depth == 0 {
				return at, nil
			}
			at += 2
			continue
		}
		_, n, hdr, err := Header(b[at:])
		if err != nil {
			return 0, err
		}
		at += hdr
		if n < 0 {
			if depth++; depth > maxDepth {
				return 0, ErrIndefinite
			}
			continue
		}
		if n > len(b)-at {
			return 0, wire.ErrShort
		}
		at += n
	}
}
