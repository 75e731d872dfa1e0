package mms

import (
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
)

// envelope is what the layers between transport and MMS hold.
type envelope struct {
	pdu    []byte // the MMS PDU, or nil
	layers bool   // the layers were there
	secret bool   // an authentication value crossed in clear
}

// Session PDUs (X.225, 8.3).
const (
	spduData    = 0x01 // GIVE TOKENS, before DATA TRANSFER, which has the same code
	spduConnect = 0x0d
	spduAccept  = 0x0e
)

// unwrap finds the MMS PDU in the user data of the transport.
func unwrap(b []byte) (env envelope) {
	r := wire.NewReader(b)
	code := r.U8("SPDU identifier")
	switch {
	case !r.OK():
		return env
	case code >= 0xa0 && code <= 0xad || code == 0x8b || code == 0x8c:
		// MMS on the bare transport.
		env.pdu = b
		return env
	case code == spduData:
		env.layers = true
		r.Skip("GIVE TOKENS parameters", int(spduLength(&r)))
		if r.U8("DATA TRANSFER") != spduData {
			return env
		}
		r.Skip("DATA TRANSFER parameters", int(spduLength(&r)))
		env.presentation(r.Rest())
	case code == spduConnect || code == spduAccept:
		env.layers = true
		spduLength(&r) // parameters up to the end
		env.parameters(&r)
	case code == 0x08 || code == 0x09 || code == 0x0a || code == 0x0c || code == 0x19 || code == 0x1a:
		env.layers = true // not finished, finish, disconnect, refuse, abort, abort accept
	}
	return env
}

// spduLength reads a length indicator (X.225, 8.2.5).
func spduLength(r *wire.Reader) uint16 {
	n := uint16(r.U8("length indicator"))
	if n == 0xff {
		n = r.U16("length indicator")
	}
	return n
}

// parameters looks for the user data of CONNECT and ACCEPT.
func (env *envelope) parameters(r *wire.Reader) {
	for r.Len() > 0 {
		code := r.U8("parameter identifier")
		n := int(spduLength(r))
		if code == 0xc1 || code == 0xc2 { // user data, extended user data
			// The beginning is enough for recognition, so take what is there.
			env.connect(r.Bytes("user data", min(n, r.Len())))
			return
		}
		r.Skip("parameter", n)
	}
}

// connect reads CP and CPA of the presentation layer (X.226, 8.2): a set whose
// normal-mode parameters end with the user data.
func (env *envelope) connect(b []byte) {
	r := ber.NewReader(b)
	set := r.Enter("CP", ber.Set)
	for set.More() {
		e := set.Next("CP parameter")
		if e.Tag != ber.ContextCons(2) {
			continue
		}
		in := e.Reader()
		for in.More() {
			if p := in.Next("normal mode parameter"); p.Tag == ber.AppCons(1) {
				env.values(p.Body)
			}
		}
	}
}

// presentation reads the user data of a data transfer: fully encoded data.
func (env *envelope) presentation(b []byte) {
	r := ber.NewReader(b)
	if body, ok := r.Optional("fully encoded data", ber.AppCons(1)); ok {
		env.values(body)
	}
}

// values reads a PDV list: its single value is an MMS PDU or one of ACSE.
func (env *envelope) values(b []byte) {
	r := ber.NewReader(b)
	list := r.Enter("PDV list", ber.Sequence)
	list.Optional("transfer syntax", ber.ObjectID)
	list.Int("presentation context")
	v := list.Want("single ASN.1 type", ber.ContextCons(0))
	if !list.OK() {
		return
	}
	in := ber.NewReader(v)
	switch t := in.Peek(); {
	case t.Class() == ber.ContextSpecific:
		env.pdu = v
	case t == ber.AppCons(0), t == ber.AppCons(1): // AARQ, AARE
		env.association(in.Next("association").Body)
	}
}

// association reads AARQ and AARE (X.227, 7.1): who authenticates, and the
// user information, which holds the initiate PDU.
func (env *envelope) association(b []byte) {
	r := ber.NewReader(b)
	for r.More() {
		e := r.Next("association parameter")
		switch e.Tag {
		case ber.ContextCons(12): // calling authentication value: a character string
			in := e.Reader()
			if v, ok := in.Optional("password", ber.Context(0)); ok && len(v) > 0 {
				env.secret = true
			}
		case ber.ContextCons(30):
			in := e.Reader()
			x := in.Enter("user information", ber.External)
			x.Optional("direct reference", ber.ObjectID)
			x.Optional("indirect reference", ber.Integer)
			env.pdu, _ = x.Optional("single ASN.1 type", ber.ContextCons(0))
		}
	}
}
