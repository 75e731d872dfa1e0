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
	if len(b) < 4 {
		return 0, true
	}
	fc := b[1]
	counted := func(at int) (int, bool) {
		if len(b) <= at {
			return 0, true
		}
		n := at + 1 + int(b[at]) + 2
		return n, n > len(b)
	}
	switch {
	case fc >= 0x80 && plausible(fc&0x7f):
		n = 5
	case request:
		switch fc {
		case 1, 2, 3, 4, 5, 6, 8:
			n = 8
		case 7, 11, 12, 17:
			n = 4
		case 15, 16:
			return counted(6)
		case 22:
			n = 10
		case 23:
			return counted(10)
		case 24:
			n = 6
		}
	default:
		switch fc {
		case 1, 2, 3, 4, 12, 17, 20, 21, 23:
			return counted(2)
		case 5, 6, 8, 11, 15, 16:
			n = 8
		case 7:
			n = 5
		case 22:
			n = 10
		}
	}
	if n > len(b) {
		return 0, true
	}
	return n, false
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
