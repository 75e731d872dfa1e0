// Package pnrt reads the frames that PROFINET sends directly on Ethernet, IEC
// 61158-6-10:2019: cyclic real-time data, alarms, clock synchronisation (PTCP),
// fragments, and the discovery and configuration protocol DCP. They share one
// EtherType and one pair of devices, so they share one dissector; operations of
// DCP and PTCP carry those names.
package pnrt

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const (
	name     = "pn_rt"
	nameDCP  = "pn_dcp"
	namePTCP = "pn_ptcp"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "PROFINET real time and DCP",
	About: "Controllers and remote I/O, drives and valves exchange process data cyclically, send alarms and find each other by name. " +
		"DCP names devices, gives them addresses and resets them to factory state without any authentication: who reaches the cable can take a device out of the process.",
	Spec:  "IEC 61158-6-10:2019; IEC 61158-5-10:2019 (PROFINET V2.4)",
	Limit: "Process data are handed on as bytes: their layout is in the engineering project. Fragments are counted, not joined.",
	Depth: proto.Recognised | proto.Operations | proto.Values | proto.Identity,
	On:    []proto.On{{Carrier: proto.Ethernet, Numbers: []uint32{0x8892}}},

	Recognise: recognise,
	New:       func() proto.Session { return new(session) },
	Functions: knownFunctions,
}

// Frame ids, IEC 61158-6-10, 4.2.2.3.
const (
	idAlarmHigh    = 0xfc01
	idAlarmLow     = 0xfe01
	idHello        = 0xfefc
	idGetSet       = 0xfefd
	idIdentify     = 0xfefe
	idIdentifyAck  = 0xfeff
	idFragments    = 0xff80
	idLastFragment = 0xff8f
)

// ranges are the frame ids, in order, by their first.
var ranges = [...]struct {
	first, last uint16
	name        string
	kind        frameKind
}{
	{0x0020, 0x0021, "PTCP sync", ptcp},
	{0x0080, 0x0081, "PTCP sync", ptcp},
	{0x0100, 0x0fff, "cyclic data, class 3", cyclic},
	{0x1000, 0x7fff, "cyclic data", cyclic},
	{0x8000, 0xbbff, "cyclic data, class 1", cyclic},
	{0xbc00, 0xbfff, "cyclic data, class 1 multicast", cyclic},
	{0xc000, 0xf7ff, "cyclic data, class 1 legacy or UDP", cyclic},
	{0xf800, 0xfbff, "cyclic data, class 1 multicast, legacy or UDP", cyclic},
	{idAlarmHigh, idAlarmHigh, "alarm, high priority", alarm},
	{0xfc41, 0xfc41, "secure alarm, high priority", other},
	{idAlarmLow, idAlarmLow, "alarm, low priority", alarm},
	{0xfe02, 0xfe02, "remote service interface", other},
	{0xfe41, 0xfe41, "secure alarm, low priority", other},
	{0xfe42, 0xfe42, "secure remote service interface", other},
	{idHello, idIdentifyAck, "DCP", dcpFrame},
	{0xff00, 0xff01, "PTCP announce", ptcp},
	{0xff20, 0xff21, "PTCP follow up", ptcp},
	{0xff40, 0xff40, "PTCP delay request", ptcp},
	{0xff41, 0xff41, "PTCP delay response with follow up", ptcp},
	{0xff42, 0xff42, "PTCP delay follow up response", ptcp},
	{0xff43, 0xff43, "PTCP delay response", ptcp},
	{idFragments, idLastFragment, "fragment", fragment},
}

type frameKind uint8

const (
	unknown frameKind = iota
	cyclic
	alarm
	dcpFrame
	ptcp
	fragment
	other
)

func kindOf(id uint16) (kind frameKind, label string) {
	for i := range ranges {
		if r := &ranges[i]; id >= r.first && id <= r.last {
			return r.kind, r.name
		}
	}
	return unknown, "reserved frame id"
}

var (
	errFrame   = errors.New("reserved frame id")
	errService = errors.New("unknown DCP service")
	errLength  = errors.New("length is beyond the block")
)

// minCyclic is frame id, 40 bytes of data and status: what Ethernet's shortest
// frame holds. In a tagged frame 36 bytes of data suffice.
const minCyclic = 2 + 36 + 4

func recognise(b []byte, _ proto.Hint) proto.Verdict {
	r := wire.NewReader(b)
	id := r.U16("frame id")
	if !r.OK() {
		return proto.No
	}
	switch kind, _ := kindOf(id); kind {
	case dcpFrame:
		if _, err := readHeader(&r); err != nil {
			return proto.No
		}
		return proto.Yes
	case cyclic:
		if len(b) < minCyclic {
			return proto.No
		}
		return proto.Likely
	case unknown:
		return proto.No
	}
	return proto.Likely
}

type session struct {
	relations [maxRelations]relation
	next      int
	set       pending
	answered  pending // the request whose answer is read: here so that it is not allocated
	asked     name240
	askedMore bool
	b         [256]byte
}

func (s *session) Reset()        { *s = session{} }
func (s *session) Gap(proto.Dir) {}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	r := wire.NewReader(b)
	id := r.U16("frame id")
	if err := r.Err(); err != nil {
		return 0, err
	}
	var err error
	switch kind, _ := kindOf(id); kind {
	case cyclic:
		s.cyclic(c, id, &r)
	case alarm:
		err = s.alarm(c, id, &r)
	case dcpFrame:
		err = s.dcp(c, id, &r)
	case unknown:
		r.Fail("frame id", errFrame)
		err = r.Err()
	default:
		c.Op(c.Func(keys|uint64(id), buildFrame), fact.Notice)
		c.Emit()
	}
	if err != nil {
		return 0, err
	}
	return len(b), nil
}
