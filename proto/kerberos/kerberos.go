// Package kerberos reads the exchanges between clients and the key
// distribution centre: Kerberos V5 (RFC 4120) over UDP and TCP, with the
// errors that Windows adds.
package kerberos

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
)

const name = "kerberos"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Kerberos V5",
	About: "Logs people, stations and services of a Windows domain in. " +
		"Failed exchanges show guessed passwords; weak encryption shows what can be cracked.",
	Spec:       "RFC 4120 (July 2005), RFC 4757, RFC 3961",
	Limit:      "Tickets are encrypted and not read; changing passwords (port 464) is not read.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.UDP, Numbers: []uint32{88}}, {Carrier: proto.TCP, Numbers: []uint32{88}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: 4 + maxMessage,
	Functions:  allFunctions,
}

const maxMessage = 60 << 10

var (
	errMessage = errors.New("no message of Kerberos")
	errLength  = errors.New("length is outside 16 to 61440")
)

// Message types, which are also the application tags (RFC 4120, 7.5.7).
const (
	asReq    = 10
	asRep    = 11
	tgsReq   = 12
	tgsRep   = 13
	apReq    = 14
	apRep    = 15
	krbError = 30
)

// functions are the message types.
var functions = map[uint32]*fact.Function{
	asReq:    {Protocol: name, Code: "10", Name: "AS-REQ", Class: fact.Login},
	asRep:    {Protocol: name, Code: "11", Name: "AS-REP", Class: fact.Login, Reply: true},
	tgsReq:   {Protocol: name, Code: "12", Name: "TGS-REQ", Class: fact.Login},
	tgsRep:   {Protocol: name, Code: "13", Name: "TGS-REP", Class: fact.Login, Reply: true},
	apReq:    {Protocol: name, Code: "14", Name: "AP-REQ", Class: fact.Login},
	apRep:    {Protocol: name, Code: "15", Name: "AP-REP", Class: fact.Login, Reply: true},
	krbError: {Protocol: name, Code: "30", Name: "KRB-ERROR", Class: fact.Login, Reply: true},
}

func allFunctions() (fs []fact.Function) {
	for _, t := range []uint32{asReq, asRep, tgsReq, tgsRep, apReq, apRep, krbError} {
		fs = append(fs, *functions[t])
	}
	return fs
}

// start reads the record mark of TCP (7.2.2) and the outer tag.
func start(b []byte, tcp bool) (kind uint32, at, n int, err error) {
	if tcp {
		r := wire.NewReader(b)
		size := r.U32("length")
		if !r.OK() {
			return 0, 0, 0, wire.ErrShort
		}
		if size < 16 || size > maxMessage {
			return 0, 0, 0, errLength
		}
		at, n = 4, int(size)
		b = r.Rest()
	} else {
		n = len(b)
	}
	t, size, head, err := ber.Header(b)
	switch {
	case err != nil:
		return 0, 0, 0, err
	case t.Class() != ber.Application || !t.Constructed() || functions[t.Number()] == nil || head+size != n:
		return 0, 0, 0, errMessage
	}
	return t.Number(), at, n, nil
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP && h.Carrier != proto.UDP {
		return proto.No
	}
	kind, at, _, err := start(b, h.Carrier == proto.TCP)
	switch {
	case errors.Is(err, wire.ErrShort):
		return proto.More
	case err != nil:
		return proto.No
	}
	// Within: SEQUENCE, [1] or [0], INTEGER 5 for the version.
	_, _, head, _ := ber.Header(b[at:])
	rest := b[min(at+head, len(b)):]
	if t, _, head, err := ber.Header(rest); err == nil && t == ber.Sequence {
		v := rest[head:]
		if len(v) < 5 {
			return proto.More
		}
		if (v[0] == 0xa0 || v[0] == 0xa1) && v[1] == 3 && v[2] == 2 && v[3] == 1 && v[4] == 5 && kind != 0 {
			return proto.Yes
		}
	}
	return proto.No
}

type session struct {
	known bool
	asked *fact.Function
	text  [512]byte
	lost  [2]bool
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(d proto.Dir) {
	s.asked = nil
	s.lost[d] = true
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	tcp := c.Carrier == proto.TCP
	if tcp && s.lost[c.Dir] && recognise(b, proto.Hint{Carrier: proto.TCP}) == proto.No {
		return c.Pass(len(b))
	}
	kind, at, n, err := start(b, tcp)
	if err != nil {
		return 0, err
	}
	if len(b) < at+n {
		return 0, wire.ErrShort
	}
	s.lost[c.Dir] = false
	m, err := read(kind, b[at:at+n])
	if err != nil {
		return at + n, err
	}
	s.report(c, kind, &m)
	return at + n, nil
}
