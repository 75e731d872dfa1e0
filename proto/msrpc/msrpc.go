// Package msrpc reads remote procedure calls of Windows over TCP: DCE/RPC 1.1
// connection-oriented (C706, chapter 12) with [MS-RPCE], below it DCOM, WMI and
// OPC Classic.
package msrpc

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
	"github.com/bulkhead-ot/bulkhead/wire/msrpc"
)

const name = "msrpc"

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Microsoft RPC, DCOM, OPC Classic",
	About: "Windows stations manage one another and exchange OPC Classic process data through it: services, accounts, registry, WMI. " +
		"Intruders use the same calls to move from one station to the next.",
	Spec:       "The Open Group C706 (October 1997); [MS-RPCE], [MS-DCOM]; OPC Data Access 3.00",
	Limit:      "Arguments of calls are not decoded. Interfaces that the table does not know keep their UUID.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.TCP, Numbers: []uint32{135, 593}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: dcerpc.MaxCOLen,
	Functions:  allFunctions,
}

var errPDU = errors.New("no PDU of connection-oriented RPC")

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	if len(b) > 0 && b[0] != 5 || len(b) > 1 && b[1] > 1 {
		return proto.No
	}
	if len(b) < dcerpc.COHeaderLen {
		return proto.More
	}
	p, err := dcerpc.ParseCO(b)
	if err != nil && !errors.Is(err, wire.ErrShort) || p.Len < dcerpc.COHeaderLen {
		return proto.No
	}
	if p.Flags&^0x83 != 0 && p.Flags&^0x87 != 0 || b[6] != 0 || b[7] != 0 {
		return proto.No
	}
	return proto.Yes
}

// pduLen is the length that the header at the front of b states; asking first
// spares the error of a PDU that is not complete.
func pduLen(b []byte) int {
	r := wire.NewReader(b)
	r.Skip("version, type and flags", 4)
	little := r.U8("data representation")&0x10 != 0
	r.Skip("data representation", 3)
	if little {
		return int(r.U16LE("fragment length"))
	}
	return int(r.U16("fragment length"))
}

type half struct {
	lost bool // bytes were lost: look for the next PDU
}

type session struct {
	half     [2]half
	known    bool
	level    uint8
	authType uint8
	rpc      msrpc.Association
	text     [512]byte
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(d proto.Dir) { s.half[d].lost = true }

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	h := &s.half[c.Dir]
	if h.lost && recognise(b, proto.Hint{Carrier: proto.TCP}) == proto.No {
		return c.Pass(len(b))
	}
	if len(b) < dcerpc.COHeaderLen {
		if b[0] != 5 {
			return 0, errPDU
		}
		return 0, wire.ErrShort
	}
	if b[0] != 5 {
		return 0, errPDU
	}
	if pduLen(b) > len(b) {
		return 0, wire.ErrShort
	}
	p, err := dcerpc.ParseCO(b)
	if err != nil || p.Len < dcerpc.COHeaderLen {
		return 0, errPDU
	}
	h.lost = false
	return p.Len, s.pdu(c, &p)
}

func (s *session) learn(c *proto.Context, sender bool) {
	if s.known {
		return
	}
	s.known = true
	if sender {
		c.SenderIsClient()
	} else {
		c.SenderIsServer()
	}
}

func (s *session) pdu(c *proto.Context, p *dcerpc.CO) error {
	var err error
	switch p.Type {
	case dcerpc.Bind, dcerpc.AlterContext:
		s.learn(c, true)
		s.bind(c, p)
	case dcerpc.BindAck, dcerpc.AlterResponse, dcerpc.BindNak:
		s.learn(c, false)
		s.bound(c, p)
	case dcerpc.Request:
		s.learn(c, true)
		err = s.request(c, p)
	case dcerpc.Response, dcerpc.Fault:
		s.learn(c, false)
		err = s.answer(c, p)
	default:
		c.Op(&pdus[p.Type], fact.Notice)
		c.Emit()
	}
	if p.HasAuth {
		s.authentication(c, p)
	}
	return err
}

func (s *session) bind(c *proto.Context, p *dcerpc.CO) {
	f := &pdus[p.Type]
	c.Op(f, fact.Request)
	c.Emit()
	s.rpc.Bind(p)
	cs := p.Contexts()
	for range maxContexts {
		x, ok := cs.Next()
		if !ok {
			return
		}
		if i := msrpc.Index(x.Interface.ID); i != msrpc.Unknown {
			c.Say(fact.Conversation, fact.SessionEndpoint, msrpc.Name(i), "RPC bind", 100)
		} else {
			c.SayBytes(fact.Conversation, fact.SessionEndpoint, x.Interface.ID.AppendTo(s.text[:0]), "RPC bind", 90)
		}
	}
}

const maxContexts = 16

func (s *session) bound(c *proto.Context, p *dcerpc.CO) {
	op := c.Op(&pdus[p.Type], fact.Response)
	switch p.Type {
	case dcerpc.BindAck:
		op.Function = &pdus[dcerpc.Bind]
	case dcerpc.AlterResponse:
		op.Function = &pdus[dcerpc.AlterContext]
	default:
		op.Function = &pdus[dcerpc.Bind]
		op.Failed, op.Status = true, "bind refused"
	}
	if p.Type != dcerpc.BindNak {
		_, rs := p.Results()
		refused, accepted := false, false
		for range maxContexts {
			x, ok := rs.Next()
			if !ok {
				break
			}
			accepted = accepted || x.Code == 0
			refused = refused || x.Code == 1 || x.Code == 2
		}
		if refused && !accepted {
			op.Failed, op.Status = true, "interface refused"
		}
	}
	c.Emit()
}

func (s *session) request(c *proto.Context, p *dcerpc.CO) error {
	if p.Flags&dcerpc.COFirstFrag == 0 {
		return nil
	}
	call, err := p.ParseCall()
	if err != nil {
		return err
	}
	i := s.rpc.Request(p.Call, call.Context, call.Op)
	kind := fact.Request
	if p.Flags&dcerpc.COMaybe != 0 {
		kind = fact.Notice
	}
	c.Op(function(c, i, call.Op), kind)
	c.Emit()
	return nil
}

func (s *session) answer(c *proto.Context, p *dcerpc.CO) error {
	if p.Flags&dcerpc.COFirstFrag == 0 {
		return nil
	}
	call, err := p.ParseCall()
	if err != nil {
		return err
	}
	f := &unasked
	if i, o, ok := s.rpc.Answer(p.Call); ok {
		f = function(c, i, o)
	}
	op := c.Op(f, fact.Response)
	if p.Type == dcerpc.Fault {
		op.Failed, op.Status = true, msrpc.Fault(call.Status)
	}
	c.Emit()
	return nil
}
