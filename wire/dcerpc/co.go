package dcerpc

// Flags of connection-oriented PDUs (C706, 12.6.3.1).
const (
	COFirstFrag  = 0x01
	COLastFrag   = 0x02
	CONotExecute = 0x20
	COMaybe      = 0x40
	COObject     = 0x80 // a request carries an object UUID
)

// COHeaderLen is the length of the common header; MaxCOLen bounds a PDU.
const (
	COHeaderLen = 16
	MaxCOLen    = 1<<16 - 1
)

// CO is a connection-oriented PDU. Body is what follows the common header,
// without the authentication verifier; it shares memory with the input.
type CO struct {
	Type      Type
	Flags     uint8
	Minor     uint8 // minor version of the protocol
	Little    bool  // numbers are little-endian
	Len       int   // of the whole PDU
	Call      uint32
	Body      []byte
	HasAuth   bool
	AuthType  uint8 // 9 SPNEGO, 10 NTLM, 14 Schannel, 16 Kerberos, 68 Netlogon ([MS-RPCE], 2.2.1.1.7)
	AuthLevel uint8 // 1 none, 2 connect, 4 packet, 5 integrity, 6 privacy (2.2.1.1.8)
	Auth      []byte
}

// authLen is the length of the fixed part of an authentication verifier.
const authLen = 8

// ParseCO reads a connection-oriented PDU from the front of b. While b holds
// less than the whole PDU the error is wire.ErrShort; Len is set as soon as
// the header is there.
func ParseCO(b []byte) (p CO, err error) {
	r := NewReader(b, false)
	if r.U8("version") != 5 {
		r.Fail("version", errVersion)
	}
	p.Minor = r.U8("minor version")
	if p.Minor > 1 {
		r.Fail("minor version", errVersion)
	}
	p.Type = Type(r.U8("packet type"))
	if p.Type > Orphaned || p.Type == Ping || p.Type >= Working && p.Type <= CancelAck {
		r.Fail("packet type", errType)
	}
	p.Flags = r.U8("flags")
	drep := r.U8("data representation")
	if drep&0xee != 0 {
		r.Fail("data representation", errDrep) // integers big or little, characters ASCII or EBCDIC
	}
	r.Little = drep&0x10 != 0
	p.Little = r.Little
	r.Skip("data representation", 3)
	length, auth := int(r.Half("fragment length")), int(r.Half("authentication length"))
	p.Call = r.Word("call id")
	if !r.OK() {
		return CO{}, r.Err()
	}
	p.Len = length
	body := length - COHeaderLen
	if auth > 0 {
		body -= auth + authLen
	}
	if body < 0 {
		r.Fail("fragment length", errLength)
	}
	p.Body = r.Bytes("body", body)
	if auth > 0 {
		p.HasAuth = true
		p.AuthType, p.AuthLevel = r.U8("authentication type"), r.U8("authentication level")
		pad := int(r.U8("authentication padding"))
		r.Skip("reserved, context id", 5)
		p.Auth = r.Bytes("authentication value", auth)
		if pad <= len(p.Body) {
			p.Body = p.Body[:len(p.Body)-pad]
		}
	}
	return p, r.Err()
}

// Syntax is an interface or transfer syntax with its version.
type Syntax struct {
	ID           UUID
	Major, Minor uint16
}

func (r *Reader) syntax(field string) Syntax {
	s := Syntax{ID: r.UUID(field)}
	v := r.Word(field)
	s.Major, s.Minor = uint16(v), uint16(v>>16)
	return s
}

// Context is one presentation context that a client offers.
type Context struct {
	ID        uint16
	Interface Syntax
	Transfer  Syntax // the first of those offered
}

// Contexts walks over the contexts of a Bind or AlterContext.
type Contexts struct {
	r    Reader
	left int
}

// Contexts returns the contexts that p, a Bind or AlterContext, offers.
func (p *CO) Contexts() Contexts {
	r := NewReader(p.Body, p.Little)
	r.Skip("maximum sizes, association group", 8)
	n := int(r.U8("number of contexts"))
	r.Skip("reserved", 3)
	return Contexts{r, n}
}

// Next returns the next context; ok is false when there is none, or when the
// bytes ended too early.
func (c *Contexts) Next() (x Context, ok bool) {
	if c.left <= 0 {
		return x, false
	}
	c.left--
	x.ID = c.r.Half("context id")
	n := int(c.r.U8("number of transfer syntaxes"))
	c.r.Skip("reserved", 1)
	x.Interface = c.r.syntax("abstract syntax")
	for i := range n {
		if s := c.r.syntax("transfer syntax"); i == 0 {
			x.Transfer = s
		}
	}
	return x, c.r.OK()
}

// Err tells why Next stopped early, or nil.
func (c *Contexts) Err() error { return c.r.Err() }

// Result is a server's answer to one context, in the order of the offers.
type Result struct {
	Code     uint16 // 0 accepted, 1 refused by the user, 2 by the provider, 3 negotiate ack
	Reason   uint16
	Transfer Syntax
}

// Results walks over the results of a BindAck or AlterResponse.
type Results struct {
	r    Reader
	left int
}

// Results returns the results that p, a BindAck or AlterResponse, states, and
// the secondary address: the port or pipe on which the server listens.
func (p *CO) Results() (addr []byte, rs Results) {
	r := NewReader(p.Body, p.Little)
	r.Skip("maximum sizes, association group", 8)
	addr = r.Bytes("secondary address", int(r.Half("secondary address length")))
	r.Align(4) // the body begins at a multiple of 4 in the PDU
	n := int(r.U8("number of results"))
	r.Skip("reserved", 3)
	if len(addr) > 0 && addr[len(addr)-1] == 0 {
		addr = addr[:len(addr)-1]
	}
	return addr, Results{r, n}
}

// Next returns the next result; ok is false when there is none, or when the
// bytes ended too early.
func (c *Results) Next() (x Result, ok bool) {
	if c.left <= 0 {
		return x, false
	}
	c.left--
	x.Code, x.Reason = c.r.Half("result"), c.r.Half("reason")
	x.Transfer = c.r.syntax("transfer syntax")
	return x, c.r.OK()
}

// Err tells why Next stopped early, or nil.
func (c *Results) Err() error { return c.r.Err() }

// Call is what a Request, Response or Fault says before its stub data.
type Call struct {
	Hint    uint32 // length of the stub data of all fragments together
	Context uint16
	Op      uint16 // of a Request
	Object  UUID   // of a Request with COObject
	Status  uint32 // of a Fault
	Stub    []byte // shares memory with the input
}

// ParseCall reads the body of p, a Request, Response or Fault.
func (p *CO) ParseCall() (c Call, err error) {
	r := NewReader(p.Body, p.Little)
	c.Hint, c.Context = r.Word("allocation hint"), r.Half("context id")
	switch p.Type {
	case Request:
		c.Op = r.Half("operation number")
		if p.Flags&COObject != 0 {
			c.Object = r.UUID("object")
		}
	case Response:
		r.Skip("cancel count, reserved", 2)
	case Fault:
		r.Skip("cancel count, reserved", 2)
		c.Status = r.Word("status")
		r.Skip("reserved", min(4, r.Len()))
	default:
		r.Fail("packet type", errType)
	}
	c.Stub = r.Rest()
	return c, r.Err()
}
