package tpkt

import "github.com/bulkhead-ot/bulkhead/wire"

// Look is what the beginning of one direction shows of the protocol above.
type Look struct {
	TPKT    bool   // every byte so far is TPKT with class 0
	Found   bool   // Data holds user data
	Data    []byte // user data of the first DT that has some, as far as it is there
	Whole   bool   // Data is all of that DT's user data, and the last of its message
	Connect bool   // a CR or CC came before
	Calling []byte // of that CR or CC
	Called  []byte
}

// maxLook bounds how many TPDUs without user data are passed over.
const maxLook = 8

// LookAt passes over connection set-up and empty DTs and finds the first user
// data, for recognition. With TPKT true and Found false, more bytes may tell.
func LookAt(b []byte) (l Look) {
	l.TPKT = true
	for range maxLook {
		t, n, err := Parse(b)
		if err == wire.ErrShort {
			return partial(l, b)
		}
		if err != nil {
			return Look{}
		}
		switch t.Type {
		case ConnectRequest, ConnectConfirm:
			l.Connect, l.Calling, l.Called = true, t.Calling, t.Called
		case Data:
			if len(t.Data) > 0 {
				l.Found, l.Data, l.Whole = true, t.Data, t.EOT
				return l
			}
		}
		b = b[n:]
	}
	return l
}

// partial looks into a TPKT whose end is not there yet.
func partial(l Look, b []byte) Look {
	r := wire.NewReader(b)
	r.Skip("version, reserved, length", headerLen)
	li := r.U8("length indicator")
	code := r.U8("TPDU code")
	if r.OK() && Type(code&0xf0) == Data {
		r.Skip("TPDU header", int(li)-1)
		l.Data = r.Rest()
		l.Found = len(l.Data) > 0
	}
	return l
}

// AppendTSAP writes a transport selector as people know it: text as it is,
// anything else in hex with dots ("01.02").
func AppendTSAP(dst, tsap []byte) []byte {
	text := len(tsap) > 2
	for _, x := range tsap {
		text = text && x >= 0x20 && x <= 0x7e
	}
	if text {
		return append(dst, tsap...)
	}
	const digits = "0123456789abcdef"
	for i, x := range tsap {
		if i > 0 {
			dst = append(dst, '.')
		}
		dst = append(dst, digits[x>>4], digits[x&15])
	}
	return dst
}
