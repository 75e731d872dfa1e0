package enip

import (
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// recognise wants a header that is right in command, status, options and
// length, and a body that fits the command.
func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier == proto.UDP && isIO(b) {
		return proto.Yes
	}
	if len(b) < 2 {
		return proto.More
	}
	i := commandIndex(uint16(b[0]) | uint16(b[1])<<8)
	if i < 0 {
		return proto.No
	}
	r := wire.NewReader(b)
	e := readHeader(&r)
	if !r.OK() {
		return proto.More
	}
	if _, err := e.check(); err != nil {
		return proto.No
	}
	if h.Carrier == proto.UDP && headerLen+e.length > len(b) {
		return proto.No
	}
	return body(&e, &r)
}

// body judges by what follows the header.
func body(e *header, r *wire.Reader) proto.Verdict {
	switch e.command {
	case cmdListServices, cmdListIdentity, cmdListInterfaces:
		if e.length == 0 {
			return yesIf(e.status == 0)
		}
		n := r.U16LE("item count")
		if e.command == cmdListInterfaces && n == 0 {
			return yesIf(e.length == 2)
		}
		id := r.U16LE("type id")
		if !r.OK() {
			return proto.More
		}
		return yesIf(n > 0 && n < maxItems && (id == itemIdentity || id == itemServices || id < 0x0100))
	case cmdRegisterSession:
		version := r.U16LE("protocol version")
		flags := r.U16LE("options flags")
		if !r.OK() {
			return proto.More
		}
		return yesIf(e.length == 4 && version > 0 && version < 4 && flags == 0)
	case cmdUnRegisterSession:
		if e.length == 0 && e.handle != 0 {
			return proto.Likely
		}
		return proto.No
	case cmdSendRRData, cmdSendUnitData:
		if e.length == 0 {
			return likelyIf(e.status != 0)
		}
		return carried(r)
	}
	return likelyIf(e.length < 0x0400)
}

// carried judges the Common Packet Format of SendRRData and SendUnitData.
func carried(r *wire.Reader) proto.Verdict {
	handle := r.U32LE("interface handle")
	r.U16LE("timeout")
	n := r.U16LE("item count")
	id := r.U16LE("type id")
	size := r.U16LE("length")
	if !r.OK() {
		return proto.More
	}
	address := id == itemNull && size == 0 || id == itemConnected && size == 4 || id == itemSequenced && size == 8
	return yesIf(handle == 0 && n >= 2 && n <= maxItems && address)
}

func yesIf(ok bool) proto.Verdict {
	if ok {
		return proto.Yes
	}
	return proto.No
}

func likelyIf(ok bool) proto.Verdict {
	if ok {
		return proto.Likely
	}
	return proto.No
}
