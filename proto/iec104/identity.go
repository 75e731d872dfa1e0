package iec104

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
)

// maxStations bounds the common addresses that are told of one connection.
const maxStations = 32

const source = "IEC 60870-5-104"

// initialised is what the cause of initialization says (101, 7.2.6.21).
var initialised = [128]string{
	0: "restarted: local power switched on", 1: "restarted: local manual reset", 2: "restarted: remote reset",
}

// identify says what an ASDU tells about the stations.
func (s *session) identify(c *proto.Context, u *unit, t *typeInfo) {
	if !s.known || !t.known {
		return
	}
	if t.kind == security && !s.secure {
		s.secure = true
		c.Say(fact.Conversation, fact.SessionAuth, "IEC 62351-5 challenge and response", source, 90)
	}
	if c.Dir == s.client {
		s.hint(c, 0, "scada-server", 45)
		return
	}
	if t.kind != monitor {
		return
	}
	s.hint(c, 1, "rtu", 60)
	s.station(c, u.address)
	if u.id == 70 && u.hasFirst {
		v, _ := t.element.read(u.elements)
		c.Say(fact.Sender, fact.State, initialised[v.Bits&0x7f], "IEC 60870-5-104 end of initialization", 95)
	}
}

func (s *session) hint(c *proto.Context, side int, role string, confidence uint8) {
	if s.roles[side] {
		return
	}
	s.roles[side] = true
	c.Say(fact.Sender, fact.RoleHint, role, source, confidence)
}

// station tells a common address once. The broadcast address is no station's own.
func (s *session) station(c *proto.Context, address uint32) {
	if address == 0 || address == 0xffff || s.nStations == maxStations {
		return
	}
	for _, a := range s.stations[:s.nStations] {
		if a == address {
			return
		}
	}
	s.stations[s.nStations] = address
	s.nStations++
	c.Say(fact.Sender, fact.InstanceID, "common address "+strconv.FormatUint(uint64(address), 10), source, 90)
}
