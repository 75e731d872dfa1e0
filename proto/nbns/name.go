package nbns

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/wire/dnsmsg"
)

// netName is a NetBIOS name: 15 characters and a suffix that says what of the
// host the name belongs to.
type netName struct {
	raw    [16]byte
	n      int // characters before the padding
	suffix byte
	text   [20]byte // with the suffix: "HMI<20>"
}

// read undoes the first-level encoding (RFC 1001, 14.1) of the name at b[at:].
func (n *netName) read(b []byte, at int) bool {
	*n = netName{}
	label, _, ok := dnsmsg.Label(b, at)
	if !ok || len(label) != 32 {
		return false
	}
	for i := range 16 {
		hi, lo := label[2*i]-'A', label[2*i+1]-'A'
		if hi > 15 || lo > 15 {
			*n = netName{}
			return false
		}
		n.raw[i] = hi<<4 | lo
	}
	n.finish()
	return true
}

// plain takes the 16 bytes of a name as node status answers hold it.
func (n *netName) plain(b []byte) {
	*n = netName{}
	copy(n.raw[:], b)
	n.finish()
}

func (n *netName) finish() {
	n.suffix = n.raw[15]
	n.n = len(bytes.TrimRight(n.raw[:15], " \x00"))
}

// bare is the name without its suffix, or nil when it is not to be printed.
func (n *netName) bare() []byte {
	for _, x := range n.raw[:n.n] {
		if x < 0x20 || x == 0x7f {
			return nil
		}
	}
	return n.raw[:n.n]
}

// full is the name with its suffix; what is not printable becomes a dot.
func (n *netName) full() []byte {
	if n.n == 0 && n.suffix == 0 {
		return nil
	}
	const hex = "0123456789abcdef"
	t := n.text[:0]
	for _, x := range n.raw[:n.n] {
		if x < 0x20 || x == 0x7f {
			x = '.'
		}
		t = append(t, x)
	}
	return append(t, '<', hex[n.suffix>>4], hex[n.suffix&15], '>')
}
