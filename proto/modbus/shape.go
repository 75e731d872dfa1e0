package modbus

import "github.com/bulkhead-ot/bulkhead/wire"

// form is which message a PDU can be by its length and counts.
type form uint8

const (
	asRequest form = 1 << iota
	asAnswer
)

// Most that one request may ask for (chapter 6).
const (
	maxBits      = 2000
	maxRegisters = 125
)

// shape tells whether a PDU without its function code can be a request, an
// answer, both or neither. Codes without a stated form can be both.
func shape(fc uint8, pdu []byte) (f form) {
	n := len(pdu)
	r := wire.NewReader(pdu)
	switch {
	case fc >= 0x80:
		if code := r.U8("exception code"); n == 1 && exceptions[code] != "" {
			return asAnswer
		}
		return 0
	case fc >= 1 && fc <= 4:
		return readShape(fc, pdu)
	}
	counted := func(at int) bool { return n > at && int(pdu[at]) == n-at-1 }
	set := func(request, answer bool) {
		if request {
			f |= asRequest
		}
		if answer {
			f |= asAnswer
		}
	}
	switch fc {
	case 5:
		r.U16("address")
		v := r.U16("value")
		ok := n == 4 && (v == 0 || v == 0xff00)
		set(ok, ok)
	case 6:
		set(n == 4, n == 4)
	case 7:
		set(n == 0, n == 1)
	case 8:
		set(n >= 4 && n%2 == 0, n >= 4 && n%2 == 0)
	case 11:
		set(n == 0, n == 4)
	case 12, 17:
		set(n == 0, counted(0))
	case 15, 16:
		set(counted(4), n == 4)
	case 20, 21:
		set(counted(0), counted(0))
	case 22:
		set(n == 6, n == 6)
	case 23:
		set(counted(8), counted(0))
	case 24:
		set(n == 2, n >= 4 && int(r.U16("byte count")) == n-2)
	case 43:
		mei := r.U8("MEI type")
		set(mei == 0x0e && n == 3 || mei == 0x0d, mei == 0x0e && n >= 6 || mei == 0x0d)
	case 90:
		r.U8("session")
		code := r.U8("function or outcome")
		set(n >= 2 && code < umasError, n >= 2 && code >= umasError && code <= umasOK)
	default:
		return asRequest | asAnswer
	}
	return f
}

// readShape is shape for the four functions that read.
func readShape(fc uint8, pdu []byte) (f form) {
	r := wire.NewReader(pdu)
	r.U16("starting address")
	most := uint16(maxRegisters)
	if fc <= 2 {
		most = maxBits
	}
	if q := r.U16("quantity"); len(pdu) == 4 && q > 0 && q <= most {
		f |= asRequest
	}
	if n := len(pdu); n > 1 && int(pdu[0]) == n-1 && (fc <= 2 || n%2 == 1) {
		f |= asAnswer
	}
	return f
}

// fits tells whether an answer can belong to a request: the count of what was
// read, the address that was written.
func (p *pending) fits(fc uint8, pdu []byte) bool {
	r := wire.NewReader(pdu)
	switch fc {
	case 1, 2:
		return r.U8("byte count") == uint8((p.target.Count+7)/8)
	case 3, 4:
		return r.U8("byte count") == uint8(2*p.target.Count)
	case 5, 6, 15, 16, 22:
		return uint64(r.U16("address")) == p.target.First
	}
	return true
}
