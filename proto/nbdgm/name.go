package nbdgm

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// netName is a NetBIOS name: 15 characters and a suffix.
type netName struct{ raw [16]byte }

// maxScope bounds the labels of a scope behind a name.
const maxScope = 16

// read undoes the first-level encoding (RFC 1001, 14.1) and passes over the scope.
func (n *netName) read(r *wire.Reader, field string) {
	*n = netName{}
	if r.U8(field) != 32 {
		r.Fail(field, errName)
	}
	label := r.Bytes(field, 32)
	if len(label) < 32 {
		return
	}
	for i := range 16 {
		hi, lo := label[2*i]-'A', label[2*i+1]-'A'
		if hi > 15 || lo > 15 {
			r.Fail(field, errName)
			return
		}
		n.raw[i] = hi<<4 | lo
	}
	for range maxScope {
		k := r.U8(field)
		if k == 0 {
			return
		}
		r.Skip(field, int(k))
	}
	r.Fail(field, errName)
}

// bare is the name without suffix and padding, or nil when it is not to be
// printed, as that of the master browsers.
func (n *netName) bare() []byte {
	b := bytes.TrimRight(n.raw[:15], " \x00")
	if !wire.Plain(b) {
		return nil
	}
	return b
}
