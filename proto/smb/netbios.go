package smb

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// refusals of the session service (RFC 1002, 4.3.4).
func refusal(code uint8) string {
	switch code {
	case 0x80:
		return "not listening on called name"
	case 0x81:
		return "not listening for calling name"
	case 0x82:
		return "called name not present"
	case 0x83:
		return "insufficient resources"
	}
	return "unspecified error"
}

// netbios reads the packets of the session service that carry no SMB.
func (s *session) netbios(c *proto.Context, kind uint8, n int, b []byte) (int, error) {
	if kind < sessionRequest || kind > sessionAlive || n > 1024 {
		return 0, errFrame
	}
	if len(b) < frameLen+n {
		return 0, wire.ErrShort
	}
	body := b[frameLen : frameLen+n]
	switch kind {
	case sessionRequest:
		s.learn(c, true)
		c.Op(&nbRequest, fact.Request)
		c.Emit()
		called, rest := netbiosName(s.text[:0:16], body)
		if len(called) > 0 && called[0] != '*' {
			c.SayBytes(fact.Receiver, fact.Hostname, called, "NetBIOS session request", 70)
		}
		calling, _ := netbiosName(s.text[:0:16], rest)
		c.SayBytes(fact.Sender, fact.Hostname, calling, "NetBIOS session request", 80)
	case sessionPositive, sessionNegative, sessionRetarget:
		s.learn(c, false)
		op := c.Op(&nbRequest, fact.Response)
		if kind == sessionNegative {
			op.Failed, op.Status = true, "unspecified error"
			if n > 0 {
				op.Status = refusal(body[0])
			}
		}
		c.Emit()
	default:
		c.Op(&nbAlive, fact.Notice)
		c.Emit()
	}
	return frameLen + n, nil
}

// netbiosName undoes the first-level encoding of RFC 1001, 14.1.
func netbiosName(to, b []byte) (name, rest []byte) {
	if len(b) < 34 || b[0] != 32 {
		return nil, nil
	}
	for i := 1; i < 31; i += 2 { // the sixteenth character is a suffix
		hi, lo := b[i]-'A', b[i+1]-'A'
		if hi > 15 || lo > 15 {
			return nil, nil
		}
		if x := hi<<4 | lo; x >= 0x20 && x < 0x7f {
			to = append(to, x)
		}
	}
	return bytes.TrimRight(to, " "), b[34:]
}
