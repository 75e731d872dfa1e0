package pnrt

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// blockErrors are the errors of 4.3.1.4.11.
var blockErrors = [...]string{
	1: "option not supported", 2: "suboption not supported or no data set available", 3: "suboption not set",
	4: "resource error", 5: "set not possible by local reasons", 6: "in operation, set not possible",
}

func blockError(code uint8) string {
	if int(code) < len(blockErrors) && blockErrors[code] != "" {
		return blockErrors[code]
	}
	return "block error"
}

// dcpAnswer reads the answer to get, set or identify.
func (s *session) dcpAnswer(c *proto.Context, h header) error {
	p := &s.answered
	*p = pending{}
	if s.set.used && s.set.xid == h.xid && s.set.dir != c.Dir {
		*p = s.set
	}
	status := ""
	if h.kind == dcpUnsupported {
		status = "service not supported"
	}
	var err error
	switch {
	case h.service == serviceSet:
		status, err = s.outcome(&h, p, status)
	default:
		var failed string
		failed, err = s.described(c, &h)
		if status == "" {
			status = failed
		}
	}
	if err != nil {
		return err
	}
	c.SenderIsServer()
	if h.service == serviceSet && status == "" {
		s.applied(c, p)
	}
	op := c.Op(dcpFunction(c, h.service, p.option), fact.Response)
	op.Failed, op.Status = status != "", status
	if p.option != 0 {
		op.Target = fact.Target{First: uint64(p.option), Set: true}
	}
	c.Emit()
	return nil
}

// outcome reads the control responses to a set: option, suboption and error.
func (s *session) outcome(h *header, p *pending, status string) (string, error) {
	for range maxBlocks {
		b, ok := h.next(0)
		if !ok {
			break
		}
		if b.option != controlResponse {
			continue
		}
		r := wire.NewReader(b.value)
		option, code := r.U16("option"), r.U8("block error")
		if !r.OK() {
			continue
		}
		if p.option == 0 || !p.used && weightier(option, p.option) {
			p.option = option
		}
		if code != 0 && status == "" {
			status = blockError(code)
		}
	}
	return status, h.blocks.Err()
}

// applied states what the device that answered is called, or where it is, now.
func (s *session) applied(c *proto.Context, p *pending) {
	if p.name.n > 0 {
		c.SayBytes(fact.Sender, fact.DeviceName, trim(p.name.b[:p.name.n]), "PROFINET DCP set", 95)
	}
	if p.hasIP {
		s.address(c, fact.Sender, p.ip[:], "PROFINET DCP set")
	}
}

// described reads the blocks of an answer to get or identify. A get may answer
// an option with a control response that refuses it.
func (s *session) described(c *proto.Context, h *header) (failed string, err error) {
	for range maxBlocks {
		b, ok := h.next(2) // block info
		if !ok {
			break
		}
		if b.option == controlResponse {
			r := wire.NewReader(b.value)
			r.U16("option")
			if code := r.U8("block error"); r.OK() && code != 0 {
				failed = blockError(code)
			}
			continue
		}
		s.property(c, fact.Sender, b)
	}
	return failed, h.blocks.Err()
}

// describe reads the blocks with which a device announces itself.
func (s *session) describe(c *proto.Context, h *header, who fact.Who, prefix int) error {
	for range maxBlocks {
		b, ok := h.next(prefix)
		if !ok {
			break
		}
		s.property(c, who, b)
	}
	return h.blocks.Err()
}
