package bacnet

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// address is a station on a BACnet network.
type address struct {
	network uint16 // 0: the one that the message travels on
	n       uint8
	mac     [maxMAC]byte
}

// maxMAC bounds the addresses that are told apart: LonTalk has 7 octets,
// IPv4 with port and Ethernet 6.
const maxMAC = 8

// npdu is a network layer message read up to its data (6.2).
type npdu struct {
	network bool // carries a network layer message instead of an APDU
	dst     address
	src     address
	hasSrc  bool
	data    []byte
}

const (
	controlNetwork  = 0x80
	controlReserved = 0x50
	controlDst      = 0x20
	controlSrc      = 0x08
	globalNetwork   = 0xffff
)

// readNPDU reads version, control and addresses.
func readNPDU(b []byte) (n npdu, ok bool) {
	r := wire.NewReader(b)
	version, control := r.U8("version"), r.U8("control")
	if version != 1 || control&controlReserved != 0 {
		return n, false
	}
	if control&controlDst != 0 {
		n.dst = readAddress(&r)
		if n.dst.network == 0 {
			return n, false
		}
	}
	if control&controlSrc != 0 {
		n.src, n.hasSrc = readAddress(&r), true
		// A source is a single station of a numbered network (6.2.2).
		if n.src.network == 0 || n.src.network == globalNetwork || n.src.n == 0 {
			return n, false
		}
	}
	if control&controlDst != 0 {
		r.U8("hop count")
	}
	n.network = control&controlNetwork != 0
	n.data = r.Rest()
	return n, r.OK()
}

func readAddress(r *wire.Reader) (a address) {
	a.network = r.U16("network")
	a.n = r.U8("length")
	copy(a.mac[:], r.Bytes("address", int(a.n)))
	return a
}

// npdu reads an NPDU and reports what it carries.
func (s *session) npdu(c *proto.Context, b []byte) error {
	n, ok := readNPDU(b)
	if !ok {
		return errNPDU
	}
	if n.hasSrc {
		if s.origin.Who == fact.Sender && !s.router[c.Dir] {
			s.router[c.Dir] = true
			c.Say(fact.Sender, fact.RoleHint, "gateway", "BACnet router", 55)
		}
		s.origin.Part = s.part(n.src)
	}
	if n.network {
		return s.networkMessage(c, &n)
	}
	return s.apdu(c, &n)
}

// maxTexts bounds the texts that a session keeps.
const maxTexts = 4096

// part names a station behind a router.
func (s *session) part(a address) string {
	if t, ok := s.parts[a]; ok {
		return t
	}
	if s.parts == nil {
		s.parts = make(map[address]string)
	}
	if len(s.parts) >= maxTexts {
		clear(s.parts)
	}
	t := append([]byte("network "), strconv.Itoa(int(a.network))...)
	t = append(t, " address "...)
	for _, x := range a.mac[:min(int(a.n), maxMAC)] {
		t = append(t, hexDigits[x>>4], hexDigits[x&15])
	}
	s.parts[a] = string(t)
	return s.parts[a]
}

const hexDigits = "0123456789abcdef"

// Spaces of the texts that sessions keep.
const (
	textNumber = iota << 32
	textVendor
	textNetwork
	textRevision
)

// text is a number as text, with the words of its space in front.
func (s *session) text(space uint64, n uint32) string {
	key := space | uint64(n)
	if t, ok := s.texts[key]; ok {
		return t
	}
	if s.texts == nil {
		s.texts = make(map[uint64]string)
	}
	if len(s.texts) >= maxTexts {
		clear(s.texts)
	}
	t := strconv.FormatUint(uint64(n), 10)
	switch space {
	case textVendor:
		t = "BACnet vendor " + t
	case textNetwork:
		t = "BACnet router to network " + t
	case textRevision:
		t = "BACnet protocol revision " + t
	}
	s.texts[key] = t
	return t
}

// networkNames are the network layer messages (6.2.4).
var networkNames = [...]struct {
	name  string
	class fact.Class
	kind  fact.Kind
}{
	{"who-is-router-to-network", fact.Discover, fact.Request},
	{"i-am-router-to-network", fact.Discover, fact.Notice},
	{"i-could-be-router-to-network", fact.Discover, fact.Notice},
	{"reject-message-to-network", fact.Diagnose, fact.Notice},
	{"router-busy-to-network", fact.Diagnose, fact.Notice},
	{"router-available-to-network", fact.Diagnose, fact.Notice},
	{"initialize-routing-table", fact.Configure, fact.Request},
	{"initialize-routing-table-ack", fact.Configure, fact.Response},
	{"establish-connection-to-network", fact.Control, fact.Request},
	{"disconnect-connection-to-network", fact.Control, fact.Request},
	{"challenge-request", fact.Login, fact.Request},
	{"security-payload", fact.Other, fact.Notice},
	{"security-response", fact.Login, fact.Response},
	{"request-key-update", fact.Login, fact.Request},
	{"update-key-set", fact.Login, fact.Request},
	{"update-distribution-key", fact.Login, fact.Request},
	{"request-master-key", fact.Login, fact.Request},
	{"set-master-key", fact.Login, fact.Request},
	{"what-is-network-number", fact.Discover, fact.Request},
	{"network-number-is", fact.Discover, fact.Notice},
}

// networkFunctions are the functions for all message types; from 0x80 they
// are the maker's own.
var networkFunctions = func() (t [256]fact.Function) {
	for i := range t {
		f := fact.Function{Protocol: name, Code: "network " + strconv.Itoa(i), Name: "network message " + strconv.Itoa(i)}
		if i < len(networkNames) {
			f.Name, f.Class = networkNames[i].name, networkNames[i].class
			f.Reply = networkNames[i].kind == fact.Response
		}
		t[i] = f
	}
	return t
}()

// rejectNetwork are the reasons of Reject-Message-To-Network (6.4.4).
var rejectNetwork = [...]string{
	"other error", "not directly connected to the network", "router busy", "unknown message type",
	"message too long", "source network unknown or security error", "addressing error",
}

// networkMessage reports a network layer message (6.4).
func (s *session) networkMessage(c *proto.Context, n *npdu) error {
	r := wire.NewReader(n.data)
	kind := r.U8("message type")
	if !r.OK() {
		return errNPDU
	}
	f := &networkFunctions[kind]
	k := fact.Notice
	if int(kind) < len(networkNames) {
		k = networkNames[kind].kind
	}
	if kind == 1 { // I-Am-Router-To-Network lists networks
		s.routes(c, r)
	}
	op := c.Op(f, k)
	if kind == 3 {
		op.Failed, op.Status = true, reason(rejectNetwork[:], r.U8("reason"))
	}
	if kind == 7 {
		op.Answers = &networkFunctions[6]
	}
	if kind <= 9 && kind != 6 && kind != 7 && r.Len() >= 2 {
		op.Target = fact.Target{Unit: uint32(r.U16("network")), Set: true}
	}
	c.Emit()
	return nil
}

// maxRoutes bounds the networks that are told of one router message.
const maxRoutes = 32

func (s *session) routes(c *proto.Context, r wire.Reader) {
	c.SayOf(s.origin, fact.RoleHint, "gateway", "BACnet I-Am-Router-To-Network", 65)
	for range maxRoutes {
		if r.Len() < 2 {
			return
		}
		c.SayOf(s.origin, fact.Capability, s.text(textNetwork, uint32(r.U16("network"))), "BACnet I-Am-Router-To-Network", 90)
	}
}
