package ptp

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// first are the messages of version 1, by their control field (IEEE 1588-2002, 8.2.8).
var first = [5]fact.Function{
	{Protocol: name, Code: "v1 0x00", Name: "sync (version 1)", Class: fact.Data},
	{Protocol: name, Code: "v1 0x01", Name: "delay request (version 1)", Class: fact.Data},
	{Protocol: name, Code: "v1 0x02", Name: "follow up (version 1)", Class: fact.Data},
	{Protocol: name, Code: "v1 0x03", Name: "delay response (version 1)", Class: fact.Data, Reply: true},
	{Protocol: name, Code: "v1 0x04", Name: "management (version 1)", Class: fact.Diagnose},
}

// firstHeader is the length of the header of version 1.
const firstHeader = 40

// isFirst tells version 1: 16-bit version, message type 1 or 2, technology, control.
func isFirst(b []byte) bool {
	return len(b) >= firstHeader && b[0] == 0 && b[1] == 1 && b[2] == 0 && b[3] == 1 &&
		(b[20] == 1 || b[20] == 2) && b[32] < 5
}

func (s *session) version1(c *proto.Context, b []byte) error {
	r := wire.NewReader(b)
	r.Skip("versions", 4)
	subdomain := bytes.TrimRight(r.Bytes("subdomain", 16), "\x00")
	r.Skip("message type, technology", 2)
	r.Skip("source uuid", 6)
	port := r.U16("source port id")
	r.U16("sequence id")
	control := r.U8("control")
	r.Skip("reserved, flags", 1+2+4)
	if !r.OK() {
		return r.Err()
	}
	if control == 0 {
		s.grandmaster1(c, r)
	}
	kind, asked := fact.Notice, (*fact.Function)(nil)
	switch control {
	case 1, 4:
		kind = fact.Request
	case 3:
		kind, asked = fact.Response, &first[1]
	}
	s.learn(c, kind)
	op := c.Op(&first[control], kind)
	op.Answers = asked
	op.Target = fact.Target{First: uint64(port), Set: true}
	if printable(subdomain) {
		op.Target.Name = subdomain
	}
	c.Emit()
	return nil
}

// grandmaster1 reads what a sync of version 1 says of the grandmaster: clock
// uuid, stratum and a four-letter source such as GPS or ATOM.
func (s *session) grandmaster1(c *proto.Context, r wire.Reader) {
	r.Skip("origin timestamp, epoch, utc offset, reserved, technology", 8+2+2+1+1)
	uuid := r.Bytes("grandmaster uuid", 6)
	r.Skip("port, sequence, reserved, stratum", 2+2+3+1)
	id := bytes.TrimRight(r.Bytes("grandmaster identifier", 4), "\x00 ")
	if !r.OK() || s.seen.Seen(3, uuid) && s.seen.Seen(4, id) {
		return
	}
	t := appendIdentity(append(s.text[:0], "grandmaster "...), uuid)
	if len(id) > 0 && printable(id) {
		t = append(append(t, ", "...), id...)
	}
	c.SayBytes(fact.Sender, fact.ClockSource, t, "PTP sync", 85)
}
