package kerberos

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire/ber"
)

// principal is a PrincipalName (RFC 4120, 5.2.2), sharing memory with the packet.
type principal [4][]byte

// message is what is read of any message.
type message struct {
	realm  []byte
	client principal
	server principal
	etype  int64 // the first offered, or the one in use; 0 if unknown
	code   int64 // of a KRB-ERROR
}

const maxFields = 24

// read walks over the fields of a message; their tags are those of RFC 4120,
// 5.4 and 5.9.
func read(kind uint32, b []byte) (m message, err error) {
	outer := ber.NewReader(b)
	app := outer.Enter("message", ber.AppCons(kind))
	seq := app.Enter("sequence", ber.Sequence)
	for range maxFields {
		if !seq.More() {
			break
		}
		e := seq.Next("field")
		if !seq.OK() {
			break
		}
		m.field(kind, e.Tag.Number(), e.Body)
	}
	if err := outer.Err(); err != nil {
		return m, err
	}
	if err := app.Err(); err != nil {
		return m, err
	}
	return m, seq.Err()
}

func (m *message) field(kind, tag uint32, b []byte) {
	r := ber.NewReader(b)
	switch kind {
	case asReq, tgsReq:
		if tag == 4 {
			m.body(r.Enter("req-body", ber.Sequence))
		}
	case asRep, tgsRep:
		switch tag {
		case 3:
			m.realm = r.Want("crealm", ber.GeneralString)
		case 4:
			m.client = name4(r.Enter("cname", ber.Sequence))
		case 5:
			ticket := r.Enter("ticket", ber.AppCons(1))
			m.ticket(ticket.Enter("sequence", ber.Sequence))
		case 6:
			m.etype = cipher(r.Enter("enc-part", ber.Sequence))
		}
	case krbError:
		switch tag {
		case 6:
			m.code = r.Int("error-code")
		case 7:
			m.realm = r.Want("crealm", ber.GeneralString)
		case 8:
			m.client = name4(r.Enter("cname", ber.Sequence))
		case 9:
			if m.realm == nil {
				m.realm = r.Want("realm", ber.GeneralString)
			}
		case 10:
			m.server = name4(r.Enter("sname", ber.Sequence))
		}
	}
}

// body reads a KDC-REQ-BODY (5.4.1).
func (m *message) body(r ber.Reader) {
	for range maxFields {
		if !r.More() {
			return
		}
		e := r.Next("field")
		f := ber.NewReader(e.Body)
		switch e.Tag.Number() {
		case 1:
			m.client = name4(f.Enter("cname", ber.Sequence))
		case 2:
			m.realm = f.Want("realm", ber.GeneralString)
		case 3:
			m.server = name4(f.Enter("sname", ber.Sequence))
		case 8:
			list := f.Enter("etype", ber.Sequence)
			if m.etype = list.Int("etype"); !list.OK() {
				m.etype = 0
			}
		}
	}
}

// ticket reads the server's name of a Ticket (5.3).
func (m *message) ticket(r ber.Reader) {
	for range maxFields {
		if !r.More() {
			return
		}
		if e := r.Next("field"); e.Tag.Number() == 2 {
			f := ber.NewReader(e.Body)
			m.server = name4(f.Enter("sname", ber.Sequence))
		}
	}
}

// cipher reads the etype of an EncryptedData (5.2.9).
func cipher(r ber.Reader) int64 {
	e := r.Enter("etype", ber.ContextCons(0))
	v := e.Int("etype")
	if !e.OK() || !r.OK() {
		return 0
	}
	return v
}

func name4(r ber.Reader) (p principal) {
	r.Next("name-type")
	outer := r.Enter("name-string", ber.ContextCons(1))
	list := outer.Enter("strings", ber.Sequence)
	for i := range p {
		if !list.More() {
			return p
		}
		p[i] = list.Want("string", ber.GeneralString)
	}
	return p
}

// appendTo writes "service/host" as far as it is printable.
func (p *principal) appendTo(to []byte) []byte {
	for i, part := range p {
		if len(part) == 0 {
			break
		}
		if i > 0 {
			to = append(to, '/')
		}
		for _, x := range part[:min(len(part), 100)] {
			if x >= 0x20 && x != 0x7f {
				to = append(to, x)
			}
		}
	}
	return to
}

// encryption names the encryption types (RFC 3961, 8; RFC 4757; RFC 3962; RFC 8009).
func encryption(t int64) string {
	switch t {
	case 1:
		return "des-cbc-crc"
	case 3:
		return "des-cbc-md5"
	case 16:
		return "des3-cbc-sha1"
	case 17:
		return "aes128-cts-hmac-sha1-96"
	case 18:
		return "aes256-cts-hmac-sha1-96"
	case 19:
		return "aes128-cts-hmac-sha256-128"
	case 20:
		return "aes256-cts-hmac-sha384-192"
	case 23:
		return "rc4-hmac"
	case 24:
		return "rc4-hmac-exp"
	}
	return ""
}

// reasons are the error codes that tell something (7.5.9).
var reasons = map[int64]string{
	6: "client not found in Kerberos database", 7: "server not found in Kerberos database", 9: "client or server has a null key",
	12: "KDC policy rejects request", 14: "KDC has no support for encryption type", 17: "KDC has no support for transited type",
	18: "clients credentials have been revoked", 20: "TGT has been revoked", 23: "password has expired",
	24: "pre-authentication information was invalid", 25: "additional pre-authentication required",
	31: "integrity check on decrypted field failed", 32: "ticket expired", 33: "ticket not yet valid", 34: "request is a replay",
	37: "clock skew too great", 41: "message stream modified", 52: "response too big for UDP, retry with TCP", 60: "generic error", 68: "wrong realm",
}

// requests that an answer belongs to.
var answers = map[uint32]uint32{asRep: asReq, tgsRep: tgsReq, apRep: apReq}

func (s *session) report(c *proto.Context, kind uint32, m *message) {
	f := functions[kind]
	asks := kind == asReq || kind == tgsReq || kind == apReq
	if !s.known {
		s.known = true
		if asks {
			c.SenderIsClient()
		} else {
			c.SenderIsServer()
		}
	}
	k := fact.Request
	if !asks {
		k = fact.Response
	}
	op := c.Op(f, k)
	if server := m.server.appendTo(s.text[:0]); len(server) > 0 {
		op.Target = fact.Target{Name: server, Set: true}
	}
	if asks {
		s.asked = f
	} else {
		op.Answers = s.answered(kind)
	}
	if kind == krbError {
		op.Failed = true
		if op.Status = reasons[m.code]; op.Status == "" {
			op.Status = "error"
		}
	}
	asked := op.Answers
	c.Emit()
	s.identities(c, kind, m, asked)
}

func (s *session) answered(kind uint32) *fact.Function {
	if q, ok := answers[kind]; ok {
		if f := functions[q]; s.asked == f {
			return f
		}
		return nil
	}
	return s.asked
}

func (s *session) identities(c *proto.Context, kind uint32, m *message, asked *fact.Function) {
	user := m.client.appendTo(s.text[:0])
	if n := len(user); n > 1 && user[n-1] == '$' {
		// An account of a computer carries its name.
		who := fact.Sender
		if kind != asReq {
			who = fact.Receiver
		}
		c.SayBytes(who, fact.Hostname, user[:n-1], "Kerberos client name", 80)
	}
	c.SayBytes(fact.Conversation, fact.SessionUser, user, "Kerberos client name", 100)
	switch kind {
	case asReq, tgsReq:
		c.SayBytes(fact.Sender, fact.Domain, printable(m.realm), "Kerberos realm", 80)
	case asRep, tgsRep:
		c.SayBytes(fact.Sender, fact.Domain, printable(m.realm), "Kerberos realm", 90)
		c.Say(fact.Sender, fact.RoleHint, "domain-controller", "Kerberos key distribution centre", 80)
		c.Say(fact.Conversation, fact.SessionCipher, encryption(m.etype), "Kerberos reply", 100)
		if kind == asRep {
			c.Say(fact.Conversation, fact.SessionLogin, "accepted", "Kerberos reply", 100)
		}
	case krbError:
		if asked != functions[apReq] {
			c.Say(fact.Sender, fact.RoleHint, "domain-controller", "Kerberos key distribution centre", 70)
		}
		switch m.code {
		case 6, 18, 23, 24:
			c.Say(fact.Conversation, fact.SessionLogin, "refused", "Kerberos error", 100)
		}
	}
}

func printable(b []byte) []byte {
	b = b[:min(len(b), 128)]
	for _, x := range b {
		if x < 0x20 || x == 0x7f {
			return nil
		}
	}
	return b
}
