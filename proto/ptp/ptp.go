// Package ptp reads the Precision Time Protocol: IEEE 1588-2019 (version 2.1),
// IEEE 1588-2008 (2), IEEE 1588-2002 (1) and the gPTP profile IEEE 802.1AS,
// over UDP and directly over Ethernet.
package ptp

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/recent"
)

const name = "ptp"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Precision Time Protocol",
	About: "Keeps clocks together within a microsecond: protection relays, merging units, motion control, measuring. " +
		"The best clock wins by its own word, so a stranger can become the time of a whole substation.",
	Spec:  "IEEE 1588-2019, IEEE 1588-2008, IEEE 1588-2002, IEEE 802.1AS-2020",
	Limit: "Times themselves are not kept. Security TLVs are not checked.",
	Depth: proto.Recognised | proto.Operations | proto.Identity,
	On: []proto.On{
		{Carrier: proto.UDP, Numbers: []uint32{319, 320}},
		{Carrier: proto.Ethernet, Numbers: []uint32{0x88f7}},
	},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// messages are the types of version 2 (IEEE 1588-2019, table 36).
var messages = [16]fact.Function{
	0x0: {Protocol: name, Code: "0x00", Name: "sync", Class: fact.Data},
	0x1: {Protocol: name, Code: "0x01", Name: "delay request", Class: fact.Data},
	0x2: {Protocol: name, Code: "0x02", Name: "peer delay request", Class: fact.Data},
	0x3: {Protocol: name, Code: "0x03", Name: "peer delay response", Class: fact.Data, Reply: true},
	0x4: {Protocol: name, Code: "0x04", Name: "reserved"},
	0x5: {Protocol: name, Code: "0x05", Name: "reserved"},
	0x6: {Protocol: name, Code: "0x06", Name: "reserved"},
	0x7: {Protocol: name, Code: "0x07", Name: "reserved"},
	0x8: {Protocol: name, Code: "0x08", Name: "follow up", Class: fact.Data},
	0x9: {Protocol: name, Code: "0x09", Name: "delay response", Class: fact.Data, Reply: true},
	0xa: {Protocol: name, Code: "0x0a", Name: "peer delay response follow up", Class: fact.Data, Reply: true},
	0xb: {Protocol: name, Code: "0x0b", Name: "announce", Class: fact.Data},
	0xc: {Protocol: name, Code: "0x0c", Name: "signaling", Class: fact.Other},
	0xd: {Protocol: name, Code: "0x0d", Name: "management", Class: fact.Diagnose},
	0xe: {Protocol: name, Code: "0x0e", Name: "reserved"},
	0xf: {Protocol: name, Code: "0x0f", Name: "reserved"},
}

const (
	typePdelayResp   = 0x3
	typeDelayResp    = 0x9
	typePdelayFollow = 0xa
	typeAnnounce     = 0xb
	typeManagement   = 0xd
)

var kinds = [16]fact.Kind{
	0x0: fact.Notice, 0x1: fact.Request, 0x2: fact.Request, typePdelayResp: fact.Response,
	0x4: fact.Notice, 0x5: fact.Notice, 0x6: fact.Notice, 0x7: fact.Notice, 0x8: fact.Notice,
	typeDelayResp: fact.Response, typePdelayFollow: fact.Response, typeAnnounce: fact.Notice,
	0xc: fact.Notice, typeManagement: fact.Request, 0xe: fact.Notice, 0xf: fact.Notice,
}

var answers = [16]*fact.Function{typePdelayResp: &messages[2], typePdelayFollow: &messages[2], typeDelayResp: &messages[1]}

// minimum lengths of the messages with their header (13.5 to 13.12).
var minimum = [16]int{0x0: 44, 0x1: 44, 0x2: 54, 0x3: 54, 0x8: 44, 0x9: 54, 0xa: 54, 0xb: 64, 0xc: 44, 0xd: 48}

// The actions of management messages (table 57).
var actions = [8]fact.Function{
	{Protocol: name, Code: "0x0d", Name: "management get", Class: fact.Diagnose, Object: "management"},
	{Protocol: name, Code: "0x0d", Name: "management set", Class: fact.Configure, Object: "management"},
	{Protocol: name, Code: "0x0d", Name: "management response", Class: fact.Diagnose, Object: "management"},
	{Protocol: name, Code: "0x0d", Name: "management command", Class: fact.Configure, Object: "management"},
	{Protocol: name, Code: "0x0d", Name: "management acknowledge", Class: fact.Configure, Object: "management"},
	{Protocol: name, Code: "0x0d", Name: "management action 5", Object: "management"},
	{Protocol: name, Code: "0x0d", Name: "management action 6", Object: "management"},
	{Protocol: name, Code: "0x0d", Name: "management action 7", Object: "management"},
}

func allFunctions() []fact.Function {
	var fs []fact.Function
	for i, f := range messages {
		if f.Name != "reserved" && i != typeManagement {
			fs = append(fs, f)
		}
	}
	fs = append(fs, actions[:5]...)
	return append(fs, first[:]...)
}

var (
	errVersion = errors.New("version is neither 1 nor 2")
	errLength  = errors.New("message length does not fit the type or the datagram")
)

// headerLen is the length of the header of version 2 (13.3).
const headerLen = 34

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if len(b) < headerLen || !h.OnPort {
		return proto.No
	}
	if b[1]&15 == 2 {
		n := int(b[2])<<8 | int(b[3])
		if least := minimum[b[0]&15]; least == 0 || n < least || n > len(b) {
			return proto.No
		}
		return proto.Yes
	}
	if isFirst(b) {
		return proto.Yes
	}
	return proto.No
}

type session struct {
	known bool // the client is known
	seen  recent.Set
	text  [128]byte
}

func (s *session) Reset() { s.known, s.seen = false, recent.Set{} }

func (s *session) Gap(proto.Dir) {}

// Parse reads one message. Short Ethernet frames are padded: what follows the
// stated length is passed over.
func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if isFirst(b) {
		return len(b), s.version1(c, b)
	}
	r := wire.NewReader(b)
	kind := r.U8("message type") & 15
	if v := r.U8("version"); r.OK() && v&15 != 2 {
		r.Fail("version", errVersion)
	}
	n := int(r.U16("message length"))
	if r.OK() && (n < minimum[kind] || n < headerLen) {
		r.Fail("message length", errLength)
	}
	body := r.Sub("message", n-4)
	if !r.OK() {
		return 0, r.Err()
	}
	return len(b), s.version2(c, kind, &body)
}

func (s *session) version2(c *proto.Context, kind uint8, r *wire.Reader) error {
	h := header{domain: r.U8("domain number")}
	r.U8("minor sdo id")
	h.flags = r.U16("flags")
	r.Skip("correction field, message type specific", 8+4)
	copy(h.clock[:], r.Bytes("clock identity", 8))
	h.port = r.U16("port number")
	r.Skip("sequence id, control, log message interval", 2+1+1)
	f, part := &messages[kind], kinds[kind]
	asked := answers[kind]
	switch kind {
	case typeAnnounce:
		s.announce(c, &h, r)
	case typeManagement:
		f, part, asked = s.management(c, &h, r)
	}
	if !r.OK() {
		return r.Err()
	}
	s.learn(c, part)
	op := c.Op(f, part)
	op.Answers = asked
	op.Target = fact.Target{Unit: uint32(h.domain), First: uint64(h.port), Set: true}
	c.Emit()
	return nil
}

// learn goes by messages to one host; those to a group tell nothing.
func (s *session) learn(c *proto.Context, k fact.Kind) {
	if s.known || c.Dst.MAC.Group() || c.Dst.Addr().IsMulticast() {
		return
	}
	switch k {
	case fact.Request:
		s.known = true
		c.SenderIsClient()
	case fact.Response:
		s.known = true
		c.SenderIsServer()
	}
}
