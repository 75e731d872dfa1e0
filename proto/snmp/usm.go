package snmp

import (
	"net/netip"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
)

// levels are the security levels of msgFlags (RFC 3412, 6.4).
var levels = [4]string{"noAuthNoPriv", "authNoPriv", "invalid: privacy without authentication", "authPriv"}

const (
	userSecurityModel = 3
	noLevel           = 0x0f // stands for a level that is not meant
)

// message3 reads a version 3 message from its global data on.
func (s *session) message3(c *proto.Context, r *ber.Reader) {
	g := r.Enter("msgGlobalData", ber.Sequence)
	g.Int("msgID")
	g.Int("msgMaxSize")
	flags := g.Octets("msgFlags")
	model := g.Int("msgSecurityModel")
	security := r.Octets("msgSecurityParameters")
	if !g.OK() || len(flags) != 1 {
		r.Fail("msgGlobalData", ber.ErrValue)
	}
	if !r.OK() {
		return
	}
	level := flags[0] & 3
	var u usm
	if model == userSecurityModel {
		u.read(security)
	}
	if r.Peek() == ber.OctetString {
		s.secret(c, r, level, &u)
		return
	}
	scoped := r.Enter("scopedPDU", ber.Sequence)
	scoped.Octets("contextEngineID")
	scoped.Octets("contextName")
	if !scoped.OK() {
		r.Fail("scopedPDU", ber.ErrExpected)
		return
	}
	kind := scoped.Peek().Number()
	if answersOrNotifies(kind) {
		s.engine(c, u.engine)
	}
	s.secured(c, level, &u, len(u.engine) == 0 || kind == pduReport)
	s.pdu(c, &scoped, "SNMPv3", nil)
	if !scoped.OK() {
		r.Fail("scopedPDU", errPDU)
	}
}

// answersOrNotifies: the authoritative engine, whose id a message carries, is
// the sender of these (RFC 3414, 1.5.1).
func answersOrNotifies(kind uint32) bool {
	return kind == pduResponse || kind == pduReport || kind == pduTrap
}

// usm is what is looked into of the User-based Security Model (RFC 3414, 2.4).
type usm struct {
	engine []byte
	user   []byte
}

func (u *usm) read(b []byte) {
	r := ber.NewReader(b)
	p := r.Enter("UsmSecurityParameters", ber.Sequence)
	engine := p.Octets("msgAuthoritativeEngineID")
	p.Int("msgAuthoritativeEngineBoots")
	p.Int("msgAuthoritativeEngineTime")
	user := p.Octets("msgUserName")
	if p.OK() && len(engine) <= 32 && len(user) <= 32 {
		u.engine, u.user = engine, user
	}
}

// secret reports an encrypted message; which way it goes, the port tells.
func (s *session) secret(c *proto.Context, r *ber.Reader, level uint8, u *usm) {
	r.Octets("encryptedPDU")
	if !r.OK() {
		return
	}
	kind := fact.Request
	switch {
	case c.Src.Port == 161:
		kind = fact.Response
	case c.Dst.Port == 162:
		kind = fact.Notice
	}
	s.learn(c, kind)
	if kind != fact.Request {
		s.engine(c, u.engine)
	}
	s.secured(c, level, u, false)
	c.Op(&encrypted, kind)
	c.Emit()
}

// secured says how a message is secured and by whom. While the engine is being
// discovered, and in reports about that, the level means nothing yet.
func (s *session) secured(c *proto.Context, level uint8, u *usm, discovery bool) {
	if discovery {
		level = noLevel
	}
	if s.seen.Seen(0x10|uint64(level), u.user) {
		return
	}
	c.Say(fact.Conversation, fact.SessionVersion, "SNMPv3", "SNMP version", 100)
	if !discovery {
		c.Say(fact.Conversation, fact.SessionSecurity, levels[level], "SNMP security level", 100)
	}
	if wire.Plain(u.user) {
		c.SayBytes(fact.Conversation, fact.SessionUser, u.user, "SNMP user name", 100)
	}
}

// engine reads an engine id (RFC 3411, 5, SnmpEngineID): the maker's
// enterprise number and, by its format, an address or a text.
func (s *session) engine(c *proto.Context, id []byte) {
	if len(id) < 5 || s.seen.Seen(2, id) {
		return
	}
	const source = "SNMP engine id"
	number := uint64(id[0]&0x7f)<<24 | uint64(id[1])<<16 | uint64(id[2])<<8 | uint64(id[3])
	if v := vendor(number); v != "" {
		c.Say(fact.Sender, fact.Vendor, v, source, 70)
	}
	if id[0]&0x80 == 0 { // the form before SNMPv3 (RFC 1910): the rest is the maker's own
		return
	}
	rest := id[5:]
	switch {
	case id[4] == 1 && len(rest) == 4:
		if a := netip.AddrFrom4([4]byte(rest)); a.IsPrivate() && a != c.Src.Addr() {
			c.SayBytes(fact.Sender, fact.IPAssigned, a.AppendTo(s.text[:0]), source, 60)
		}
	case id[4] == 3 && len(rest) == 6:
		s.mac(c, rest, source, 80)
	case id[4] == 4 && wire.Plain(rest):
		c.SayBytes(fact.Sender, fact.DeviceName, rest, source, 50)
	}
}

// mac says a hardware address, unless it is empty or one of a group.
func (s *session) mac(c *proto.Context, b []byte, source string, confidence uint8) {
	const hex = "0123456789abcdef"
	if m := fact.MAC(b); m.IsZero() || m.Group() {
		return
	}
	t := s.text[:0]
	for i, x := range b {
		if i > 0 {
			t = append(t, ':')
		}
		t = append(t, hex[x>>4], hex[x&15])
	}
	c.SayBytes(fact.Sender, fact.MACStated, t, source, confidence)
}

// reports are the counters that a report names (RFC 3414, 5: usmStats).
var (
	usmStats    = ber.MustOID("1.3.6.1.6.3.15.1.1")
	reportTexts = [7]string{
		1: "unsupported security level", 2: "not in time window", 3: "unknown user name",
		5: "wrong digest", 6: "decryption error",
	}
)

// reportText is the failure that a report states; an unknown engine id is how
// every first contact begins and no failure.
func reportText(o ber.OID) string {
	rest, ok := o.Under(usmStats)
	if !ok {
		return ""
	}
	if n, _, ok := rest.Arc(); ok && n < uint64(len(reportTexts)) {
		return reportTexts[n]
	}
	return ""
}
