package ntp

import (
	"bytes"
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// opcodes are those of control messages (RFC 9327, 2).
var opcodes = func() (t [32]fact.Function) {
	known := map[int]struct {
		text  string
		class fact.Class
	}{
		1: {"read status", fact.Diagnose}, 2: {"read variables", fact.Diagnose}, 3: {"write variables", fact.Configure},
		4: {"read clock variables", fact.Diagnose}, 5: {"write clock variables", fact.Configure}, 6: {"set trap", fact.Configure},
		7: {"trap response", fact.Diagnose}, 8: {"configure", fact.Configure}, 9: {"export configuration", fact.Configure},
		10: {"most recently used list", fact.Discover}, 11: {"ordered list", fact.Diagnose}, 12: {"request nonce", fact.Diagnose}, 31: {"unset trap", fact.Configure},
	}
	for i := range t {
		k, ok := known[i]
		if !ok {
			k.text, k.class = fmt.Sprintf("opcode %d", i), fact.Other
		}
		t[i] = fact.Function{Protocol: name, Code: "6", Name: "control: " + k.text, Class: k.class, Object: "control"}
	}
	return t
}()

// monlist is the request code of mode 7 that lists the last clients: it finds
// hosts and multiplies traffic.
var monlist = fact.Function{Protocol: name, Code: "7", Name: "private: monitor list", Class: fact.Discover, Object: "private"}

func allFunctions() []fact.Function {
	fs := append([]fact.Function(nil), modes[:]...)
	for _, f := range opcodes {
		if f.Class != fact.Other {
			fs = append(fs, f)
		}
	}
	return append(fs, monlist)
}

// statuses are the error codes in the first byte of the status word (RFC 9327, 3.5).
var statuses = [8]string{"error", "authentication failure", "invalid message length or format", "invalid opcode", "unknown association identifier", "unknown variable name", "invalid variable value", "administratively prohibited"}

// control reads a message of mode 6 (RFC 9327, 2).
func (s *session) control(c *proto.Context, r *wire.Reader) {
	bits := r.U8("response, error, more, opcode")
	r.U16("sequence")
	status := r.U16("status")
	r.U16("association id")
	offset := r.U16("offset")
	data := r.Bytes("data", int(r.U16("count")))
	if !r.OK() {
		return
	}
	kind := fact.Request
	if bits&0x80 != 0 {
		kind = fact.Response
	}
	s.learn(c, kind)
	if kind == fact.Response && bits&0x1f == 2 && offset == 0 {
		s.variables(c, data)
	}
	op := c.Op(&opcodes[bits&0x1f], kind)
	if bits&0xc0 == 0xc0 {
		op.Failed, op.Status = true, statuses[status>>8&7]
	}
	c.Emit()
}

// variables reads what a server says of itself: version="ntpd 4.2.8p15",
// processor="armv7l", system="Linux/5.4".
func (s *session) variables(c *proto.Context, data []byte) {
	const source = "NTP system variables"
	if v := variable(data, []byte(`version="`)); !s.seen.Seen(1, v) {
		c.SayBytes(fact.Sender, fact.Software, v, source, 90)
	}
	if v := variable(data, []byte(`system="`)); !s.seen.Seen(2, v) {
		c.SayBytes(fact.Sender, fact.OS, v, source, 85)
	}
}

func variable(data, key []byte) []byte {
	_, v, ok := bytes.Cut(data, key)
	if !ok {
		return nil
	}
	v, _, ok = bytes.Cut(v, []byte{'"'})
	if !ok || len(reference(v)) != len(v) {
		return nil
	}
	return v
}

// private reads a message of mode 7, which ntpd had before control messages.
func (s *session) private(c *proto.Context, r *wire.Reader, first uint8) {
	r.Skip("sequence, implementation", 2)
	code := r.U8("request code")
	failed := r.U16("error, number of items") >> 12
	r.U16("size of items")
	if !r.OK() {
		return
	}
	f, kind := &modes[modePrivate], fact.Request
	if code == 20 || code == 42 { // REQ_MON_GETLIST, REQ_MON_GETLIST_1
		f = &monlist
	}
	if first&0x80 != 0 {
		kind = fact.Response
	}
	s.learn(c, kind)
	op := c.Op(f, kind)
	if kind == fact.Response && failed != 0 {
		op.Failed, op.Status = true, "refused"
	}
	c.Emit()
}
