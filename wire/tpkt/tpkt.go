// Package tpkt reads what S7, S7comm-plus, MMS and others ride on in TCP: TPKT
// (RFC 1006, version 3) with one transport PDU of class 0 in it (ISO/IEC 8073
// and ITU-T X.224, 1995). It leaves out classes 1 to 4 and concatenation.
package tpkt

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// Port is where RFC 1006 puts ISO transport service on TCP.
const Port = 102

// Type is the kind of a TPDU: the upper half of its code (X.224, 13.2.2.1).
type Type uint8

// The kinds that class 0 knows, and DC and ED, which some stacks send all the same.
const (
	ExpeditedData     Type = 0x10
	Error             Type = 0x70
	DisconnectRequest Type = 0x80
	DisconnectConfirm Type = 0xc0
	ConnectConfirm    Type = 0xd0
	ConnectRequest    Type = 0xe0
	Data              Type = 0xf0
)

func (t Type) known() bool {
	switch t {
	case ExpeditedData, Error, DisconnectRequest, DisconnectConfirm, ConnectConfirm, ConnectRequest, Data:
		return true
	}
	return false
}

// TPDU is one transport PDU. The slices share memory with the input.
type TPDU struct {
	Type     Type
	Dst, Src uint16 // references; of CR, CC, DR, DC
	Calling  []byte // transport selector of the caller; of CR, CC
	Called   []byte // transport selector of the called; of CR, CC
	Size     int    // longest TPDU proposed or agreed, in bytes; 0 if not stated
	Reason   uint8  // of DR, and reject cause of ER
	EOT      bool   // DT: the last of its message
	Data     []byte // DT: user data
}

const (
	version   = 3
	headerLen = 4
	minLen    = headerLen + 3 // shortest TPDU: DT without data
)

// The ways in which input is wrong.
var (
	ErrVersion = errors.New("TPKT version is not 3")
	ErrLength  = errors.New("TPKT length is less than 7")
	ErrTPDU    = errors.New("not a TPDU of class 0")
)

// Parse reads one TPKT from the front of b. wire.ErrShort asks for more. With
// another error n is the length of the TPKT when that can be trusted, else 0.
func Parse(b []byte) (t TPDU, n int, err error) {
	if len(b) > 0 && b[0] != version {
		return t, 0, ErrVersion
	}
	r := wire.NewReader(b)
	r.Skip("version, reserved", 2)
	n = int(r.U16("length"))
	li := int(r.U8("length indicator"))
	code := r.U8("TPDU code")
	if !r.OK() {
		return t, 0, wire.ErrShort
	}
	if n < minLen {
		return t, 0, ErrLength
	}
	t.Type = Type(code & 0xf0)
	if li < 2 || li == 0xff || li > n-headerLen-1 || !t.Type.known() {
		return t, 0, ErrTPDU
	}
	if n > len(b) {
		return t, 0, wire.ErrShort
	}
	r = wire.NewReader(b[:n])
	r.Skip("TPKT, length indicator, code", headerLen+2)
	head := r.Sub("TPDU header", li-1)
	if t.header(&head); !head.OK() {
		return t, n, ErrTPDU
	}
	t.Data = r.Rest()
	return t, n, nil
}

func (t *TPDU) header(r *wire.Reader) {
	switch t.Type {
	case Data, ExpeditedData:
		t.EOT = r.U8("TPDU number and end of TSDU")&0x80 != 0
	case ConnectRequest, ConnectConfirm:
		t.Dst, t.Src = r.U16("destination reference"), r.U16("source reference")
		r.Skip("class", 1)
		t.parameters(r)
	case DisconnectRequest:
		t.Dst, t.Src = r.U16("destination reference"), r.U16("source reference")
		t.Reason = r.U8("reason")
	case DisconnectConfirm:
		t.Dst, t.Src = r.U16("destination reference"), r.U16("source reference")
	case Error:
		t.Dst = r.U16("destination reference")
		t.Reason = r.U8("reject cause")
	}
}

// Parameter codes of the variable part (X.224, 13.3.4).
const (
	tpduSize = 0xc0
	calling  = 0xc1
	called   = 0xc2
)

func (t *TPDU) parameters(r *wire.Reader) {
	for r.Len() > 0 {
		code := r.U8("parameter code")
		v := r.Bytes("parameter value", int(r.U8("parameter length")))
		switch {
		case code == calling:
			t.Calling = v
		case code == called:
			t.Called = v
		case code == tpduSize && len(v) == 1 && v[0] >= 7 && v[0] <= 13:
			t.Size = 1 << v[0]
		}
	}
}
