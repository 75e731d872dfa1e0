// Package dcerpc reads the protocol data units of DCE/RPC 1.1 (The Open Group
// C706, chapters 12 and 14), connectionless version 4 and connection-oriented
// version 5 with the additions of [MS-RPCE]. It reads headers, contexts and the
// place of the stub data; what the stub data means is the interface's affair.
package dcerpc

import "errors"

// Type is the type of a PDU, of both protocols (C706, 12.1).
type Type uint8

// The types. From Bind on they belong to the connection-oriented protocol,
// from Ping to CancelAck to the connectionless one.
const (
	Request       Type = 0
	Ping          Type = 1
	Response      Type = 2
	Fault         Type = 3
	Working       Type = 4
	NoCall        Type = 5
	Reject        Type = 6
	Ack           Type = 7
	CLCancel      Type = 8
	Fack          Type = 9
	CancelAck     Type = 10
	Bind          Type = 11
	BindAck       Type = 12
	BindNak       Type = 13
	AlterContext  Type = 14
	AlterResponse Type = 15
	Auth3         Type = 16
	Shutdown      Type = 17
	COCancel      Type = 18
	Orphaned      Type = 19
)

var typeNames = [...]string{
	"request", "ping", "response", "fault", "working", "nocall", "reject", "ack", "cl_cancel", "fack", "cancel_ack",
	"bind", "bind_ack", "bind_nak", "alter_context", "alter_context_resp", "auth3", "shutdown", "co_cancel", "orphaned",
}

func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return "unknown"
}

// Flags of the first flag byte of connectionless PDUs (C706, 12.5.2.2).
const (
	CLLastFrag   = 0x02
	CLFrag       = 0x04
	CLNoFack     = 0x08
	CLMaybe      = 0x10
	CLIdempotent = 0x20
	CLBroadcast  = 0x40
)

// CLHeaderLen is the length of the connectionless header.
const CLHeaderLen = 80

var (
	errVersion = errors.New("unknown RPC version")
	errType    = errors.New("unknown PDU type")
	errDrep    = errors.New("unknown data representation")
	errLength  = errors.New("length does not fit")
)

// CL is a connectionless PDU. Body shares memory with the input.
type CL struct {
	Type      Type
	Flags     uint8
	Flags2    uint8
	Little    bool // numbers are little-endian
	Object    UUID
	Interface UUID
	Activity  UUID
	BootTime  uint32
	Version   uint32 // of the interface
	Sequence  uint32
	Op        uint16
	Fragment  uint16
	Serial    uint16
	AuthProto uint8
	Body      []byte
}

// ParseCL reads a connectionless PDU from the front of b; n is its length.
func ParseCL(b []byte) (p CL, n int, err error) {
	r := NewReader(b, false)
	if r.U8("version") != 4 {
		r.Fail("version", errVersion)
	}
	p.Type = Type(r.U8("packet type"))
	if p.Type > CancelAck {
		r.Fail("packet type", errType)
	}
	p.Flags, p.Flags2 = r.U8("flags1"), r.U8("flags2")
	drep := r.U8("data representation")
	if drep&0xef != 0 {
		r.Fail("data representation", errDrep) // only ASCII is in use
	}
	r.Little = drep == 0x10
	p.Little = r.Little
	r.Skip("data representation", 2)
	p.Serial = uint16(r.U8("serial high")) << 8
	p.Object, p.Interface, p.Activity = r.UUID("object"), r.UUID("interface"), r.UUID("activity")
	p.BootTime, p.Version, p.Sequence = r.Word("server boot time"), r.Word("interface version"), r.Word("sequence number")
	p.Op = r.Half("operation number")
	r.Skip("interface hint, activity hint", 4)
	length := int(r.Half("length of body"))
	p.Fragment = r.Half("fragment number")
	p.AuthProto = r.U8("authentication protocol")
	p.Serial |= uint16(r.U8("serial low"))
	p.Body = r.Bytes("body", length)
	if err := r.Err(); err != nil {
		return CL{}, 0, err
	}
	return p, r.Pos(), nil
}

// Whole tells whether p is not a fragment of something larger.
func (p *CL) Whole() bool {
	return p.Flags&CLFrag == 0 || p.Fragment == 0 && p.Flags&CLLastFrag != 0
}
