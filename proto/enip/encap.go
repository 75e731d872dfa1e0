package enip

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Encapsulation commands (Vol. 2, table 2-3.2).
const (
	cmdNOP               = 0x0000
	cmdListTargets       = 0x0001 // reserved for legacy; older Rockwell software still sends it
	cmdListServices      = 0x0004
	cmdListIdentity      = 0x0063
	cmdListInterfaces    = 0x0064
	cmdRegisterSession   = 0x0065
	cmdUnRegisterSession = 0x0066
	cmdSendRRData        = 0x006f
	cmdSendUnitData      = 0x0070
	cmdIndicateStatus    = 0x0072
	cmdCancel            = 0x0073
)

// commands is what each command does.
var commands = [...]struct {
	code uint16
	fact.Function
}{
	{cmdNOP, fact.Function{Name: "nop", Class: fact.Diagnose}},
	{cmdListTargets, fact.Function{Name: "list targets", Class: fact.Discover}},
	{cmdListServices, fact.Function{Name: "list services", Class: fact.Discover}},
	{cmdListIdentity, fact.Function{Name: "list identity", Class: fact.Discover}},
	{cmdListInterfaces, fact.Function{Name: "list interfaces", Class: fact.Discover}},
	{cmdRegisterSession, fact.Function{Name: "register session", Class: fact.Login}},
	{cmdUnRegisterSession, fact.Function{Name: "unregister session", Class: fact.Login}},
	{cmdSendRRData, fact.Function{Name: "send rr data"}},
	{cmdSendUnitData, fact.Function{Name: "send unit data"}},
	{cmdIndicateStatus, fact.Function{Name: "indicate status", Class: fact.Diagnose}},
	{cmdCancel, fact.Function{Name: "cancel"}},
}

// encap are the functions of commands, complete with protocol and code.
var encap = func() (fs [len(commands)]fact.Function) {
	for i, k := range commands {
		fs[i] = k.Function
		fs[i].Protocol, fs[i].Code = name, fmt.Sprintf("0x%04x", k.code)
	}
	return fs
}()

func commandIndex(code uint16) int {
	for i := range commands {
		if commands[i].code == code {
			return i
		}
	}
	return -1
}

// command is the function of a command, known or not.
func command(c *proto.Context, code uint16) *fact.Function {
	if i := commandIndex(code); i >= 0 {
		return &encap[i]
	}
	return c.Func(key(kindCommand, uint64(code)), build)
}

func buildCommand(code uint16) fact.Function {
	text := fmt.Sprintf("0x%04x", code)
	return fact.Function{Protocol: name, Code: text, Name: "command " + text}
}

// encapStatus is the status of the header (table 2-3.3), "" if there is no such.
func encapStatus(status uint32) string {
	switch status {
	case 0x00:
		return "success"
	case 0x01:
		return "invalid or unsupported command"
	case 0x02:
		return "insufficient memory"
	case 0x03:
		return "incorrect data"
	case 0x64:
		return "invalid session handle"
	case 0x65:
		return "invalid length"
	case 0x69:
		return "unsupported protocol revision"
	case 0x6a:
		return "encapsulated CIP service not allowed on this port"
	}
	return ""
}

// encapsulated reads the body of one message and reports the command.
func (s *session) encapsulated(c *proto.Context, h *header, r *wire.Reader) error {
	var p packet
	var err error
	switch h.command {
	case cmdSendRRData, cmdSendUnitData:
		if h.length > 0 {
			r.U32LE("interface handle")
			r.U16LE("timeout")
			p, err = readPacket(r)
		}
	case cmdListIdentity, cmdListServices:
		if h.length > 0 {
			p, err = readPacket(r)
		}
	}
	request := s.isRequest(c, h, &p)
	s.learn(c, request)
	op := c.Op(command(c, h.command), kindOf(request))
	if h.status != 0 {
		op.Failed, op.Status = true, encapStatus(h.status)
	}
	if h.command == cmdNOP {
		op.Kind = fact.Notice
	}
	c.Emit()
	if err != nil {
		return err
	}
	if p.secure {
		c.Say(fact.Sender, fact.Capability, "CIP Security", "EtherNet/IP list identity", 95)
	}
	switch {
	case p.identity != nil:
		s.listIdentity(c, p.identity)
	case h.command == cmdListServices:
		services(c, &p)
	case len(p.data) > 0 && h.command >= cmdSendRRData:
		return s.explicit(c, h, &p)
	}
	return nil
}

// isRequest decides by what the message itself shows; only where it shows
// nothing, by the roles learnt before.
func (s *session) isRequest(c *proto.Context, h *header, p *packet) bool {
	switch {
	case h.command == cmdSendRRData || h.command == cmdSendUnitData:
		if service, ok := p.service(); ok {
			return service&replyBit == 0
		}
	case h.status != 0:
		return false
	case h.command == cmdListServices, h.command == cmdListIdentity, h.command == cmdListInterfaces, h.command == cmdListTargets:
		return h.length == 0
	case h.command == cmdRegisterSession:
		// The client asks with handle 0 and is given one (2-4.4).
		return h.handle == 0
	case h.command == cmdUnRegisterSession && !s.known:
		return true
	}
	if s.known {
		return c.Dir == s.client
	}
	return c.Src.Port != portENIP
}

// services says what the answer to ListServices offers.
func services(c *proto.Context, p *packet) {
	if len(p.services) == 0 {
		return
	}
	r := wire.NewReader(p.services)
	r.U16LE("encapsulation version")
	flags := r.U16LE("capability flags")
	if !r.OK() {
		return
	}
	if flags&(1<<8) != 0 {
		c.Say(fact.Sender, fact.Service, "CIP class 0/1 I/O over UDP", "EtherNet/IP list services", 90)
	}
	if flags&(1<<5) != 0 {
		c.Say(fact.Sender, fact.Service, "CIP explicit messages over TCP", "EtherNet/IP list services", 90)
	}
}
