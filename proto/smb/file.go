package smb

import (
	"bytes"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
	"github.com/bulkhead-ot/bulkhead/wire/msrpc"
	"github.com/bulkhead-ot/bulkhead/wire/ntlm"
)

// files is how many open files are remembered by name; the oldest gives way.
const files = 24

// file is an open file. Its id is that of SMB 2, or the number of SMB 1 in
// front.
type file struct {
	id   [16]byte
	asks uint64 // message id of the create that is not answered
	name [120]byte
	n    uint8
	open bool
	pipe bool
}

func (f *file) text() []byte { return f.name[:f.n] }

// open keeps the name of what is about to be opened.
func (s *session) open(name []byte, id uint64, pipe bool) int8 {
	slot := s.next % files
	s.next++
	f := &s.files[slot]
	*f = file{asks: id, pipe: pipe}
	f.n = uint8(copy(f.name[:], s.utf16(name)))
	return int8(slot)
}

func (s *session) opened(slot int8, asked uint64, id [16]byte) {
	if f := &s.files[slot]; f.asks == asked {
		f.id, f.open = id, true
	}
}

var related = [16]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}

// find finds an open file; an id of all ones means the one that the same
// compound opened (3.2.4.1.4).
func (s *session) find(id [16]byte) int8 {
	if id == related && s.next > 0 {
		return s.last
	}
	for i := range s.files {
		if s.files[i].open && s.files[i].id == id {
			return int8(i)
		}
	}
	return -1
}

func (s *session) forget(slot int8) {
	if slot >= 0 {
		s.files[slot].open = false
	}
}

func (s *session) utf16(b []byte) []byte { return ntlm.AppendUTF16(s.text[:0], b, 250) }

// share says which share is asked for and remembers when it is that of pipes.
func (s *session) share(c *proto.Context, id uint64, path []byte) {
	c.SayBytes(fact.Conversation, fact.SessionEndpoint, path, "SMB tree connect", 100)
	if len(path) >= 4 && bytes.EqualFold(path[len(path)-4:], []byte("IPC$")) {
		s.ipcAsk = id + 1
	}
}

func (s *session) isPipe(tree uint32) bool {
	for _, t := range s.ipc[:min(s.ipcN, len(s.ipc))] {
		if t == tree {
			return true
		}
	}
	return false
}

func (s *session) pipeTree(tree uint32) {
	if !s.isPipe(tree) {
		s.ipc[s.ipcN%len(s.ipc)] = tree
		s.ipcN++
	}
}

// attributes says what each item of an NTLM message is.
var attributes = [ntlm.Items]struct {
	who        fact.Who
	attr       fact.Attr
	confidence uint8
}{
	ntlm.ServerName:   {fact.Sender, fact.Hostname, 90},
	ntlm.ServerDNS:    {fact.Sender, fact.Hostname, 95},
	ntlm.ServerDomain: {fact.Sender, fact.Domain, 95},
	ntlm.ServerOS:     {fact.Sender, fact.OS, 85},
	ntlm.User:         {fact.Conversation, fact.SessionUser, 100},
	ntlm.UserDomain:   {fact.Sender, fact.Domain, 60},
	ntlm.ClientName:   {fact.Sender, fact.Hostname, 85},
	ntlm.ClientOS:     {fact.Sender, fact.OS, 80},
}

// kerberosOID is 1.2.840.113554.1.2.2 in BER, with which a ticket begins inside SPNEGO.
var kerberosOID = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 0x01, 0x00}

// token reads what a security token of a login says.
func (s *session) token(c *proto.Context, b []byte) {
	m, ok := ntlm.Parse(ntlm.Find(b))
	if !ok {
		if bytes.Contains(b, kerberosOID) {
			c.Say(fact.Conversation, fact.SessionAuth, "kerberos", "SMB session setup", 100)
		}
		return
	}
	for i, a := range attributes {
		c.SayBytes(a.who, a.attr, m.Append(s.text[:0], ntlm.Item(i)), "NTLM message", a.confidence)
	}
	if m.Type == ntlm.Authenticate {
		auth := "ntlm"
		if m.Anonymous {
			auth = "anonymous"
		}
		c.Say(fact.Conversation, fact.SessionAuth, auth, "NTLM message", 100)
	}
}

// pipes is how many pipes are followed at a time.
const pipes = 4

type pipe struct {
	slot int8
	asks uint64
	rpc  msrpc.Association
}

func (s *session) association(slot int8) *msrpc.Association {
	asks := s.files[slot].asks
	for i := range s.pipes[:min(s.pipeN, pipes)] {
		if p := &s.pipes[i]; p.slot == slot && p.asks == asks {
			return &p.rpc
		}
	}
	p := &s.pipes[s.pipeN%pipes]
	s.pipeN++
	*p = pipe{slot: slot, asks: asks}
	return &p.rpc
}

var (
	rpcBind  = fact.Function{Protocol: "msrpc", Code: "bind", Name: "bind", Class: fact.Login}
	rpcAlter = fact.Function{Protocol: "msrpc", Code: "alter_context", Name: "alter_context", Class: fact.Login}
	rpcOther = fact.Function{Protocol: "msrpc", Code: "response", Name: "response to a call that was not seen", Class: fact.Other}
)

// rpc reads a remote procedure call on a pipe; package msrpc does the same on TCP.
func (s *session) rpc(c *proto.Context, slot int8, b []byte) {
	if len(b) < dcerpc.COHeaderLen || b[0] != 5 {
		return
	}
	p, err := dcerpc.ParseCO(b)
	if err != nil {
		return
	}
	a := s.association(slot)
	switch p.Type {
	case dcerpc.Bind, dcerpc.AlterContext:
		i := a.Bind(&p)
		f := &rpcBind
		if p.Type == dcerpc.AlterContext {
			f = &rpcAlter
		}
		c.Op(f, fact.Request)
		c.Emit()
		c.Say(fact.Conversation, fact.SessionEndpoint, msrpc.Name(i), "RPC bind", 90)
	case dcerpc.BindAck, dcerpc.BindNak, dcerpc.AlterResponse:
		f := &rpcBind
		if p.Type == dcerpc.AlterResponse {
			f = &rpcAlter
		}
		op := c.Op(f, fact.Response)
		if p.Type == dcerpc.BindNak {
			op.Failed, op.Status = true, "bind refused"
		}
		c.Emit()
	case dcerpc.Request, dcerpc.Response, dcerpc.Fault:
		s.call(c, a, &p)
	}
	s.token(c, p.Auth)
}

func (s *session) call(c *proto.Context, a *msrpc.Association, p *dcerpc.CO) {
	x, err := p.ParseCall()
	if err != nil || p.Flags&dcerpc.COFirstFrag == 0 {
		return
	}
	if p.Type == dcerpc.Request {
		i := a.Request(p.Call, x.Context, x.Op)
		c.Op(rpcFunction(c, i, x.Op), fact.Request)
		c.Emit()
		return
	}
	f := &rpcOther
	if i, o, ok := a.Answer(p.Call); ok {
		f = rpcFunction(c, i, o)
	}
	op := c.Op(f, fact.Response)
	if p.Type == dcerpc.Fault {
		op.Failed, op.Status = true, msrpc.Fault(x.Status)
	}
	c.Emit()
}

var keySpace = proto.KeySpace("msrpc")

func rpcFunction(c *proto.Context, i, op uint16) *fact.Function {
	return c.Func(keySpace|uint64(i)<<16|uint64(op), build)
}

func build(key uint64) fact.Function {
	i, op := uint16(key>>16), uint16(key)
	n, e := msrpc.Lookup(i, op)
	return fact.Function{Protocol: "msrpc", Code: strconv.Itoa(int(op)), Name: n, Class: classes[e], Object: msrpc.Name(i)}
}

var classes = map[msrpc.Effect]fact.Class{
	msrpc.Other: fact.Other, msrpc.Read: fact.Read, msrpc.Write: fact.Write, msrpc.Control: fact.Control, msrpc.Program: fact.Program,
	msrpc.Configure: fact.Configure, msrpc.Login: fact.Login, msrpc.Discover: fact.Discover, msrpc.Diagnose: fact.Diagnose, msrpc.Data: fact.Data,
}
