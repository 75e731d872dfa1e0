package s7commplus

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/tpkt"
)

// root is how the called transport selector begins.
var root = []byte("SIMATIC-ROOT-")

// rootSelector is what follows the root: "ES", "HMI", "OTHER"; nil for none.
func rootSelector(tsap []byte) []byte {
	if !bytes.HasPrefix(tsap, root) {
		return nil
	}
	return tsap[len(root):]
}

// connect says what the set-up of the transport connection tells.
func (s *session) connect(c *proto.Context, t *tpkt.TPDU) {
	asks := t.Type == tpkt.ConnectRequest
	if !s.known {
		s.known = true
		if asks {
			s.client = c.Dir
			c.SenderIsClient()
		} else {
			s.client = c.Dir.Other()
			c.SenderIsServer()
		}
	}
	if !asks || len(t.Called) == 0 || len(t.Calling)+len(t.Called) > 64 {
		return
	}
	b := tpkt.AppendTSAP(append(s.text[:0], "TSAP "...), t.Calling)
	b = tpkt.AppendTSAP(append(b, " -> "...), t.Called)
	c.SayBytes(fact.Conversation, fact.SessionEndpoint, b, "COTP connection request", 100)
	switch string(rootSelector(t.Called)) {
	case "ES":
		c.Say(fact.Sender, fact.RoleHint, "engineering-station", "COTP connection to SIMATIC-ROOT-ES", 70)
	case "HMI":
		c.Say(fact.Sender, fact.RoleHint, "hmi", "COTP connection to SIMATIC-ROOT-HMI", 55)
	}
}

// protections says how each version protects a session.
var protections = [...]struct{ version, security string }{
	1: {"S7comm-plus V1", "none"},
	2: {"S7comm-plus V2", "session key, messages not signed"},
	3: {"S7comm-plus V3", "session key, messages signed, not encrypted"},
}

// secure says what protects the session; the best that was seen counts.
func (s *session) secure(c *proto.Context, version uint8) {
	if version <= s.said {
		return
	}
	s.said = version
	if version == tlsSaid {
		c.Say(fact.Conversation, fact.SessionSecurity, "TLS", "S7comm-plus in TLS", 100)
		return
	}
	if int(version) < len(protections) {
		p := protections[version]
		c.Say(fact.Conversation, fact.SessionVersion, p.version, "S7comm-plus header", 100)
		c.Say(fact.Conversation, fact.SessionSecurity, p.security, "S7comm-plus header", 80)
	}
}

// maxTexts bounds the texts that are kept of one object.
const maxTexts = 16

// create reads a request for a new object. A session states its client.
func (s *session) create(c *proto.Context, r *wire.Reader) use {
	r.U32("request id")
	w := s.walker(r, maxElements)
	if !w.value(0, 0) {
		return general
	}
	r.U32("unknown")
	switch w.objects() {
	case classSession:
		s.sayClient(c, w.texts)
		return onSession
	case classSubscription:
		return subscription
	}
	return general
}

func (s *session) sayClient(c *proto.Context, texts []attribute) {
	const source = "S7comm-plus session request"
	for _, t := range texts {
		v := trim(t.text)
		switch t.id {
		case idPath:
			// "1:::6.0::name of the card.TCPIP.1"
			if i := bytes.LastIndex(v, []byte("::")); i >= 0 {
				v = bytes.TrimSuffix(v[i+2:], []byte(".TCPIP.1"))
			}
			if len(v) > 0 && len(v) < 100 {
				b := append(append(s.text[:0], "network card "...), v...)
				c.SayBytes(fact.Sender, fact.Description, b, source, 80)
			}
		case idUser:
			c.SayBytes(fact.Conversation, fact.SessionUser, v, source, 70)
		case idApplication, idComment:
			c.SayBytes(fact.Sender, fact.Software, v, source, 80)
		case idHost:
			// TIA Portal adds a number to the name of its computer.
			if i := bytes.LastIndexByte(v, '_'); i > 0 && digits(v[i+1:]) {
				v = v[:i]
			}
			if bytes.IndexByte(v, ' ') < 0 {
				c.SayBytes(fact.Sender, fact.Hostname, v, source, 85)
			}
		}
	}
}

// created reads the answer to a request for an object: a session states its
// controller.
func (s *session) created(c *proto.Context, r *wire.Reader) {
	w := s.walker(r, maxElements)
	if w.objects(); len(w.texts) == 0 {
		return
	}
	const source = "S7comm-plus session answer"
	model := false
	for _, t := range w.texts {
		v := trim(t.text)
		switch t.id {
		case idComment:
			c.SayBytes(fact.Sender, fact.Software, v, source, 80)
		case idPAOM, idPAOM2:
			model = model || sayModel(c, v, source)
		}
	}
}

// sayModel reads "1;6ES7 511-1AK00-0AB0 ;V1.8".
func sayModel(c *proto.Context, v []byte, source string) bool {
	_, rest, ok := bytes.Cut(v, []byte(";"))
	order, firmware, ok2 := bytes.Cut(rest, []byte(";"))
	if !ok || !ok2 || len(order) < 8 {
		return false
	}
	c.SayBytes(fact.Sender, fact.OrderNumber, trim(order), source, 100)
	c.SayBytes(fact.Sender, fact.FirmwareVer, trim(firmware), source, 95)
	c.Say(fact.Sender, fact.Vendor, "Siemens", source, 95)
	return true
}

func digits(b []byte) bool {
	for _, x := range b {
		if x < '0' || x > '9' {
			return false
		}
	}
	return len(b) > 0
}

// trim takes off blanks and refuses what is no text.
func trim(b []byte) []byte {
	b = bytes.Trim(b, " \x00")
	for _, x := range b {
		if x < 0x20 || x == 0x7f {
			return nil
		}
	}
	return b
}
