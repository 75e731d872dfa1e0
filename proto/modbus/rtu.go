package modbus

import (
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Gateways carry serial frames unchanged: unit, function, data, CRC (Modbus
// over Serial Line V1.02, 2.5.1). There is no length; it follows from the code.

// rtuLength is the length of the RTU frame at the front of b with its CRC, or
// 0 when the code has none; short says that b is too short to tell.
func rtuLength(b []byte, request bool) (n int, short bool) {
	if len(b) < minRTU {
		return 0, true
	}
	fc := b[1]
	switch l := rtuAnswers[fc]; {
	case fc >= 0x80 && plausible(fc&0x7f):
		n = 5
	case request:
		n, short = rtuRequests[fc].length(b)
	default:
		n, short = l.length(b)
	}
	if short || n > len(b) {
		return 0, true
	}
	return n, false
}

// minRTU is the shortest serial frame: unit, function, CRC.
const minRTU = 4

// rtuForm is how long the frames of a function are: fixed, or counted by the
// byte at an offset. The zero form is unknown.
type rtuForm struct {
	fixed   int
	counted int
}

func (f rtuForm) length(b []byte) (n int, short bool) {
	if f.counted == 0 {
		return f.fixed, false
	}
	if len(b) <= f.counted {
		return 0, true
	}
	return f.counted + 1 + int(b[f.counted]) + 2, false
}

var rtuRequests = [256]rtuForm{
	1: {fixed: 8}, 2: {fixed: 8}, 3: {fixed: 8}, 4: {fixed: 8}, 5: {fixed: 8}, 6: {fixed: 8}, 7: {fixed: 4}, 8: {fixed: 8},
	11: {fixed: 4}, 12: {fixed: 4}, 15: {counted: 6}, 16: {counted: 6}, 17: {fixed: 4}, 20: {counted: 2}, 21: {counted: 2},
	22: {fixed: 10}, 23: {counted: 10}, 24: {fixed: 6}, 43: {fixed: 7},
}

var rtuAnswers = [256]rtuForm{
	1: {counted: 2}, 2: {counted: 2}, 3: {counted: 2}, 4: {counted: 2}, 5: {fixed: 8}, 6: {fixed: 8}, 7: {fixed: 5}, 8: {fixed: 8},
	11: {fixed: 8}, 12: {counted: 2}, 15: {fixed: 8}, 16: {fixed: 8}, 17: {counted: 2}, 20: {counted: 2}, 21: {counted: 2},
	22: {fixed: 10}, 23: {counted: 2},
}

// recogniseRTU believes a frame whose CRC is right. One of four bytes is too
// likely by chance to be believed on a foreign port.
func recogniseRTU(b []byte, h proto.Hint) proto.Verdict {
	for _, request := range [2]bool{true, false} {
		n, _ := rtuLength(b, request)
		switch {
		case n == 0 || !crcOK(b[:n]) || h.Carrier == proto.UDP && n != len(b):
		case n > 5 && n == len(b):
			return proto.Yes
		default:
			return proto.Likely
		}
	}
	return proto.No
}

// crcOK checks the CRC-16 at the end of an RTU frame (appendix B).
func crcOK(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	crc := uint16(0xffff)
	for _, x := range b[:len(b)-2] {
		crc ^= uint16(x)
		for range 8 {
			if crc&1 != 0 {
				crc = crc>>1 ^ 0xa001
			} else {
				crc >>= 1
			}
		}
	}
	return b[len(b)-2] == byte(crc) && b[len(b)-1] == byte(crc>>8)
}

// maxRTU bounds a serial frame (Serial Line V1.02, 2.5.1).
const maxRTU = 256

// parseRTU reads one serial frame.
func (s *session) parseRTU(c *proto.Context, b []byte) (int, error) {
	more := false
	asked := c.Dst.Port == 502 || s.known && c.Dir == s.client
	for _, request := range [2]bool{asked, !asked} {
		n, short := rtuLength(b, request)
		if n > 0 && n <= len(b) && crcOK(b[:n]) {
			if !s.known {
				s.learn(c, request)
			}
			return n, s.pdu(c, 0, b[0], b[1], b[2:n-2])
		}
		more = more || short
	}
	if more && len(b) < maxRTU {
		return 0, wire.ErrShort
	}
	return 0, errCRC
}
