package mqtt

import (
	"bytes"
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Flags of CONNECT (3.1.2.3).
const (
	cleanStart  = 0x02
	withWill    = 0x04
	withSecret  = 0x40
	withAccount = 0x80
)

var versions = [...]string{3: "MQTT 3.1", 4: "MQTT 3.1.1", 5: "MQTT 5.0"}

const connectSource = "MQTT connect"

// connect reads CONNECT (3.1): who the client is and how it signs in.
func (s *session) connect(c *proto.Context, r *wire.Reader) error {
	v, err := level(r)
	if err != nil {
		return err
	}
	flags := r.U8("connect flags")
	keepAlive := r.U16("keep alive")
	var p properties
	if v == 5 {
		p = readProperties(r)
	}
	client := text(r, "client identifier")
	var will, account, secret []byte
	if flags&withWill != 0 {
		if v == 5 {
			readProperties(r)
		}
		will = text(r, "will topic")
		text(r, "will payload")
	}
	if flags&withAccount != 0 {
		account = text(r, "user name")
	}
	if flags&withSecret != 0 {
		secret = text(r, "password")
	}
	if err := r.Err(); err != nil {
		return err
	}
	s.learn(c, true)
	s.level = v
	c.Say(fact.Conversation, fact.SessionVersion, versions[v], connectSource, 100)
	c.Say(fact.Conversation, fact.SessionSecurity, "None", connectSource, 100)
	sayText(c, fact.Sender, fact.ClientID, client, connectSource, 100)
	s.signIn(c, flags, p.method, account, secret)
	s.terms(c, flags, keepAlive, client, will)
	s.userProperty(c, &p)
	op := c.Op(&functions[connect], fact.Request)
	op.Target = named(client)
	c.Emit()
	return nil
}

// signIn says how the client proves who it is; never with what.
func (s *session) signIn(c *proto.Context, flags uint8, method, account, secret []byte) {
	how := "anonymous"
	switch {
	case len(method) > 0:
		sayText(c, fact.Conversation, fact.SessionAuth, method, connectSource, 95)
		how = ""
	case flags&withSecret != 0:
		how = "password"
	case flags&withAccount != 0:
		how = "user name without password"
	}
	c.Say(fact.Conversation, fact.SessionAuth, how, connectSource, 100)
	sayText(c, fact.Conversation, fact.SessionUser, account, connectSource, 100)
	sayText(c, fact.Sender, fact.User, account, connectSource, 90)
	switch {
	case flags&withSecret == 0:
	case len(secret) == 0:
		c.Say(fact.Conversation, fact.SessionPassword, "empty", connectSource, 100)
	default:
		c.Say(fact.Conversation, fact.SessionPassword, "in clear", connectSource, 100)
	}
}

// terms says what else the client asks of the session, once.
func (s *session) terms(c *proto.Context, flags uint8, keepAlive uint16, client, will []byte) {
	if t, ok := sparkplugTopic(will); ok {
		// The last will of an edge node is its own death certificate.
		sayText(c, fact.Sender, fact.DeviceName, t.edge, "Sparkplug last will", 90)
		c.Say(fact.Sender, fact.RoleHint, "gateway", "Sparkplug edge node", 60)
	}
	if !s.seen.fresh([]byte("terms"), []byte{flags, byte(keepAlive >> 8), byte(keepAlive)}, client, will) {
		return
	}
	text := fmt.Sprintf("keep alive %d s", keepAlive)
	if flags&cleanStart == 0 {
		text += ", session kept by the broker"
	} else {
		text += ", clean start"
	}
	if w := clean(will); len(w) > 0 {
		text += ", last will on topic " + string(w)
	}
	c.Say(fact.Conversation, fact.SessionNote, text, connectSource, 95)
}

// userProperty says the first user property; clients name their software in it.
func (s *session) userProperty(c *proto.Context, p *properties) {
	k, v := clean(p.key), clean(p.value)
	if len(k) == 0 || !s.seen.fresh([]byte("property"), k, v) || secretive(k) {
		return
	}
	text := "user property " + string(k)
	if len(v) > 0 && len(v) <= 64 {
		text += " = " + string(v)
	}
	c.Say(fact.Conversation, fact.SessionNote, text, "MQTT user property", 80)
}

// secretive tells names whose value must not be shown.
func secretive(k []byte) bool {
	k = bytes.ToLower(k)
	for _, w := range []string{"pass", "secret", "token", "key", "auth", "cred", "sig", "jwt", "pwd"} {
		if bytes.Contains(k, []byte(w)) {
			return true
		}
	}
	return false
}

// connack reads CONNACK (3.2).
func (s *session) connack(c *proto.Context, r *wire.Reader) error {
	r.U8("acknowledge flags")
	code := r.U8("reason code")
	var p properties
	if r.Len() > 0 {
		p = readProperties(r)
	}
	if err := r.Err(); err != nil {
		return err
	}
	s.learn(c, false)
	if s.level == 0 && (p.present || code >= 0x80) {
		s.level = 5
	}
	c.Say(fact.Sender, fact.RoleHint, "broker", "MQTT connect acknowledgement", 90)
	sayText(c, fact.Receiver, fact.ClientID, p.assigned, "MQTT assigned client identifier", 100)
	s.userProperty(c, &p)
	op := c.Op(&functions[connack], fact.Response)
	op.Answers = &functions[connect]
	outcome := "accepted"
	if code != 0 {
		outcome = "refused"
		op.Failed, op.Status = true, reason(code)
	}
	c.Emit()
	c.Say(fact.Conversation, fact.SessionLogin, outcome, "MQTT connect acknowledgement", 100)
	return nil
}

// leave reads DISCONNECT (3.14), which in 5.0 either side sends, and AUTH (3.15).
func (s *session) leave(c *proto.Context, kind uint8, r *wire.Reader) error {
	code := uint8(0)
	if r.Len() > 0 {
		code = r.U8("reason code")
	}
	if r.Len() > 0 {
		readProperties(r)
	}
	if err := r.Err(); err != nil {
		return err
	}
	if kind == disconnect && s.level != 5 && code == 0 && !s.known {
		s.learn(c, true)
	}
	op := c.Op(&functions[kind], fact.Notice)
	if code >= 0x80 {
		op.Failed, op.Status = true, reason(code)
	}
	c.Emit()
	return nil
}
