package s7comm

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// statusList is a system status list (SZL) whose answer comes in pieces.
type statusList struct {
	active bool
	buf    []byte
}

func (l *statusList) reset() statusList { return statusList{buf: l.buf[:0]} }

// maxList bounds a list that is put together, and maxRecords how much of it is read.
const (
	maxList    = 16 << 10
	maxRecords = 256
)

// userdataSaid reads what the data of a userdata message tells, and its target.
func (s *session) userdataSaid(c *proto.Context, u *unit, k fact.Kind, e *envelope) fact.Target {
	switch {
	case u.group == groupMode:
		c.Say(fact.Sender, fact.State, modeText(u.sub), "S7 mode transition", 95)
	case u.group == groupCPU && u.sub == 1:
		return s.szl(c, u, k, e)
	case u.group == groupBlocks && u.sub == 3:
		return s.blockInfo(c, k, e)
	case u.group == groupBlocks && u.sub == 2 && k == fact.Request:
		return typeTarget(e.body)
	case u.group == groupCyclic && k == fact.Request:
		return s.subscription(e.body)
	case u.group == groupSecurity:
		s.password(c, u, k)
	}
	return fact.Target{}
}

// modeText is the mode that the controller has reached.
func modeText(sub uint8) string {
	switch sub {
	case 0:
		return "stop"
	case 1, 3, 6:
		return "startup"
	case 2, 9:
		return "run"
	case 4:
		return "hold"
	}
	return ""
}

// password says that a password crossed. It is only scrambled: every byte is
// combined with a constant and the byte two before it.
func (s *session) password(c *proto.Context, u *unit, k fact.Kind) {
	switch {
	case u.sub != 1:
	case k == fact.Request:
		c.Say(fact.Conversation, fact.SessionAuth, "password", "S7 security function", 100)
		c.Say(fact.Conversation, fact.SessionPassword, "in clear", "S7 security function: scrambled reversibly", 90)
	case u.status == 0:
		c.Say(fact.Conversation, fact.SessionLogin, "accepted", "S7 security function", 100)
	default:
		c.Say(fact.Conversation, fact.SessionLogin, "refused", "S7 security function", 100)
	}
}

// subscription is the first address of a cyclic read.
func (s *session) subscription(body []byte) fact.Target {
	r := wire.NewReader(body)
	r.U8("reserved")
	n := r.U8("item count")
	r.Skip("time base and interval", 2)
	if !r.OK() || n == 0 {
		return fact.Target{}
	}
	it := readItem(&r)
	if !r.OK() {
		return fact.Target{}
	}
	return fact.Target{Unit: uint32(it.db), First: it.first, Count: it.count, Set: true}
}

// typeTarget is the type of block that is to be listed: "0A".
func typeTarget(body []byte) fact.Target {
	if len(body) < 2 {
		return fact.Target{}
	}
	return fact.Target{Name: body[:2], Set: true}
}

func (s *session) blockInfo(c *proto.Context, k fact.Kind, e *envelope) fact.Target {
	if k == fact.Request {
		if b, ok := parseBlock(e.body); ok {
			return s.blockTarget(b)
		}
		return fact.Target{}
	}
	var a about
	r := wire.NewReader(e.body)
	r.Skip("block type, length, unknown", 6)
	if k == fact.Response && a.head(&r) && a.foot(&r) && blockTypes[a.k.typ] != "" {
		s.sayBlock(c, fact.Sender, &a, "S7 block info")
	}
	return fact.Target{}
}

// szl reads a status list: its id and index in the request, its records in
// the answer.
func (s *session) szl(c *proto.Context, u *unit, k fact.Kind, e *envelope) fact.Target {
	r := wire.NewReader(e.body)
	id, index := r.U16("SZL id"), r.U16("SZL index")
	t := fact.Target{Unit: uint32(index), First: uint64(id), Set: r.OK()}
	if k != fact.Response {
		if t.Set {
			s.list = s.list.reset()
		}
		return t
	}
	if u.status != 0 || e.code != retOK {
		s.list = s.list.reset()
		return t
	}
	fresh := !s.list.active
	if fresh && !u.more {
		s.records(c, e.body)
		return t
	}
	s.list.active = u.more
	if len(s.list.buf)+len(e.body) > maxList {
		s.list = s.list.reset()
		return t
	}
	s.list.buf = append(s.list.buf, e.body...)
	if !u.more {
		s.records(c, s.list.buf)
		s.list = s.list.reset()
	}
	if fresh {
		return t
	}
	return fact.Target{}
}

func (s *session) records(c *proto.Context, b []byte) {
	r := wire.NewReader(b)
	id, index := r.U16("SZL id"), r.U16("SZL index")
	size, n := int(r.U16("record length")), int(r.U16("number of records"))
	for range min(n, maxRecords) {
		rec := r.Sub("record", size)
		if !r.OK() || size == 0 {
			return
		}
		switch {
		case id&0xff == 0x11:
			s.module(c, &rec)
		case id&0xff == 0x1c:
			component(c, &rec)
		case id&0xff == 0x24:
			cpuState(c, &rec)
		case id == 0x0132 && index == 4:
			s.protection(c, &rec)
		}
	}
}

// module reads a record of SZL xy11, module identification.
func (s *session) module(c *proto.Context, r *wire.Reader) {
	const source = "S7 SZL 0x11 module identification"
	index := r.U16("index")
	mlfb := trim(r.Bytes("MLFB", 20))
	r.U16("type")
	v1, v2 := r.U16("version"), r.U16("version of the description, or rest of the version")
	if !r.OK() {
		return
	}
	switch index {
	case 1:
		c.SayBytes(fact.Sender, fact.OrderNumber, mlfb, source, 100)
	case 6:
		b := strconv.AppendUint(s.text[:0], uint64(v1), 10)
		c.SayBytes(fact.Sender, fact.Hardware, b, source, 90)
	case 7:
		c.SayBytes(fact.Sender, fact.FirmwareVer, appendVersion(s.text[:0], v1, v2), source, 100)
	case 0x81:
		b := append(append(s.text[:0], mlfb...), ' ')
		c.SayBytes(fact.Sender, fact.Software, appendVersion(b, v1, v2), source, 90)
	}
}

// appendVersion writes a version as its letter and three numbers: V3.2.7.
func appendVersion(b []byte, v1, v2 uint16) []byte {
	if letter := byte(v1 >> 8); letter >= 'A' && letter <= 'Z' {
		b = append(b, letter)
	}
	b = strconv.AppendUint(b, uint64(v1&0xff), 10)
	b = strconv.AppendUint(append(b, '.'), uint64(v2>>8), 10)
	return strconv.AppendUint(append(b, '.'), uint64(v2&0xff), 10)
}

// components are the records of SZL xy1C, component identification, by index.
var components = [16]struct {
	attr       fact.Attr
	confidence uint8
}{
	1: {fact.DeviceName, 100}, 2: {fact.Description, 90}, 3: {fact.Location, 90}, 5: {fact.Serial, 100},
	7: {fact.Model, 100}, 11: {fact.Location, 100},
}

func component(c *proto.Context, r *wire.Reader) {
	const source = "S7 SZL 0x1c component identification"
	index := r.U16("index") & 0xff
	switch index {
	case 4:
		// The copyright names the maker of the original equipment; emulations repeat it.
		if text := trim(r.Rest()); len(text) >= 8 && proto.View(text[:8]) == "Original" {
			c.Say(fact.Sender, fact.Vendor, "Siemens", source, 85)
		}
	case 8:
		if card := trim(r.Rest()); len(card) > 0 {
			c.SayOf(fact.Subject{Who: fact.Sender, Part: "memory card"}, fact.Serial, proto.View(card), source, 95)
		}
	case 9:
		if r.U16("manufacturer id") == siemens && r.OK() {
			c.Say(fact.Sender, fact.Vendor, "Siemens", source, 95)
		}
	default:
		if index < uint16(len(components)) && components[index].attr != "" {
			k := components[index]
			c.SayBytes(fact.Sender, k.attr, trim(r.Rest()), source, k.confidence)
		}
	}
}

// siemens is the manufacturer id of Siemens in identification and maintenance data.
const siemens = 0x002a

// cpuState reads a record of SZL xy24, modes and mode transitions.
func cpuState(c *proto.Context, r *wire.Reader) {
	r.Skip("event, identifier", 3)
	mode := r.U8("mode transition id") & 0x0f
	if r.OK() {
		c.Say(fact.Sender, fact.State, modes[mode], "S7 SZL 0x24 mode", 100)
	}
}

// modes are the modes of SZL xy24.
var modes = [16]string{
	1: "stop", 2: "stop", 3: "stop", 4: "stop", 5: "startup", 6: "startup", 7: "startup", 8: "run", 9: "run",
	10: "hold", 11: "link-up", 12: "update", 13: "fault", 14: "self-test", 15: "no power",
}

// keys of the mode selector and start-up switch in SZL 0132 index 4.
var switches = [5]string{"unknown", "RUN", "RUN-P", "STOP", "MRES"}

// protection reads SZL 0132 index 4: protection levels and key switch.
func (s *session) protection(c *proto.Context, r *wire.Reader) {
	r.U16("index")
	r.U16("level by key switch")
	set := r.U16("level by parameters")
	valid := r.U16("valid level")
	key := r.U16("mode selector")
	if !r.OK() {
		return
	}
	b := strconv.AppendUint(append(s.text[:0], "level "...), uint64(valid), 10)
	b = strconv.AppendUint(append(b, ", set to "...), uint64(set), 10)
	if int(key) < len(switches) && key > 0 {
		b = append(append(b, ", key switch "...), switches[key]...)
	}
	c.SayBytes(fact.Sender, fact.Protection, b, "S7 SZL 0x0132 index 4", 100)
}
