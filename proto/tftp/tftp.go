// Package tftp reads the Trivial File Transfer Protocol (RFC 1350) with its
// options (RFC 2347).
package tftp

import (
	"bytes"
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const (
	name = "tftp"
	port = 69
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Trivial File Transfer Protocol",
	About: "Loads firmware and configuration into switches, drives, gateways and controllers, without any authentication. " +
		"Whoever may write can change what a device runs.",
	Spec:      "RFC 1350, RFC 2347, RFC 2348, RFC 2349",
	Limit:     "File contents are not kept.",
	Depth:     proto.Recognised | proto.Operations | proto.Sessions,
	On:        []proto.On{{Carrier: proto.UDP, Numbers: []uint32{port}}},
	Recognise: recognise,
	New:       func() proto.Session { return &session{} },
	Functions: allFunctions,
}

// The opcodes (RFC 1350, 5; RFC 2347). A file that is an image of firmware by
// its name is told apart.
const (
	opRead = 1 + iota
	opWrite
	opData
	opAck
	opError
	opOptions
)

var opcodes = [7]fact.Function{
	opRead:    {Protocol: name, Code: "1", Name: "read request", Class: fact.Read, Object: "file"},
	opWrite:   {Protocol: name, Code: "2", Name: "write request", Class: fact.Write, Object: "file"},
	opData:    {Protocol: name, Code: "3", Name: "data", Class: fact.Data},
	opAck:     {Protocol: name, Code: "4", Name: "acknowledgement", Class: fact.Data, Reply: true},
	opError:   {Protocol: name, Code: "5", Name: "error", Reply: true},
	opOptions: {Protocol: name, Code: "6", Name: "option acknowledgement", Reply: true},
}

var firmware = [3]fact.Function{
	opRead:  {Protocol: name, Code: "1", Name: "read request", Class: fact.Firmware, Object: "firmware image"},
	opWrite: {Protocol: name, Code: "2", Name: "write request", Class: fact.Firmware, Object: "firmware image"},
}

func allFunctions() []fact.Function {
	return append(append([]fact.Function(nil), opcodes[1:]...), firmware[1:]...)
}

var (
	errOpcode = errors.New("opcode is outside 1 to 6")
	errName   = errors.New("file name or mode is no text")
)

// statuses are the error codes (RFC 1350, appendix; RFC 2347).
var statuses = [9]string{
	"not defined", "file not found", "access violation", "disk full or allocation exceeded", "illegal TFTP operation",
	"unknown transfer id", "file already exists", "no such user", "options refused",
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if len(b) < 4 || b[0] != 0 {
		return proto.No
	}
	switch b[1] {
	case opRead, opWrite:
		if _, _, ok := request(b[2:]); ok {
			return proto.Yes
		}
	case opData, opAck, opError, opOptions:
		if h.OnPort {
			return proto.Likely
		}
	}
	return proto.No
}

var modes = [3][]byte{[]byte("octet"), []byte("netascii"), []byte("mail")}

// request reads file name and mode.
func request(b []byte) (file, mode []byte, ok bool) {
	file, rest, ok1 := bytes.Cut(b, []byte{0})
	mode, _, ok2 := bytes.Cut(rest, []byte{0})
	if !ok1 || !ok2 || !wire.Plain(file) {
		return nil, nil, false
	}
	for _, m := range modes {
		if bytes.EqualFold(mode, m) {
			return file, mode, true
		}
	}
	return nil, nil, false
}

type session struct {
	known bool // the client is known
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	op := r.U16("opcode")
	switch {
	case !r.OK():
	case op == opRead || op == opWrite:
		s.start(c, uint8(op), &r)
	case op == opData:
		r.U16("block")
		s.emit(c, &r, &opcodes[op], fact.Notice, "")
	case op == opAck:
		r.U16("block")
		s.emit(c, &r, &opcodes[op], fact.Notice, "")
	case op == opError:
		s.emit(c, &r, &opcodes[op], fact.Response, status(r.U16("error code")))
	case op == opOptions:
		s.emit(c, &r, &opcodes[op], fact.Response, "")
	default:
		r.Fail("opcode", errOpcode)
	}
	return len(b), r.Err()
}

func status(code uint16) string {
	if int(code) < len(statuses) {
		return statuses[code]
	}
	return statuses[0]
}

func (s *session) emit(c *proto.Context, r *wire.Reader, f *fact.Function, k fact.Kind, failure string) {
	if !r.OK() {
		return
	}
	op := c.Op(f, k)
	op.Failed, op.Status = failure != "", failure
	c.Emit()
}

// start reads a request. The server answers from a port of its own choice
// (RFC 1350, 4), so the transfer is another flow.
func (s *session) start(c *proto.Context, code uint8, r *wire.Reader) {
	file, _, ok := request(r.Rest())
	if !ok {
		r.Fail("filename", errName)
		return
	}
	if !s.known {
		s.known = true
		c.SenderIsClient()
		c.Say(fact.Conversation, fact.SessionAuth, "none", "TFTP", 100)
	}
	f := &opcodes[code]
	if image(file) {
		f = &firmware[code]
	}
	op := c.Op(f, fact.Request)
	op.Target = fact.Target{Name: file, Set: true}
	c.Emit()
	c.Expect(proto.Expect{Carrier: proto.UDP, A: c.Src.Addr(), PortA: c.Src.Port, B: c.Dst.Addr(), Name: name})
}

// images are endings of names that firmware has.
var images = []string{".bin", ".img", ".fwf", ".fw", ".rom", ".hex", ".upd", ".firm", ".uimage", ".trx"}

func image(file []byte) bool {
	for _, end := range images {
		if n := len(file) - len(end); n > 0 && bytes.EqualFold(file[n:], []byte(end)) {
			return true
		}
	}
	return false
}
