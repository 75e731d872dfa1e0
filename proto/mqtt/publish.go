package mqtt

import (
	"bytes"
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

var errTopic = errors.New("topic is not valid")

func named(b []byte) fact.Target { return fact.Target{Name: b, Set: len(b) > 0} }

// publish reads PUBLISH (3.3). The broker's are notices: nobody asked for
// the single message.
func (s *session) publish(c *proto.Context, flags uint8, r *wire.Reader, cut bool) error {
	topic := text(r, "topic name")
	id := uint16(0)
	if flags&6 != 0 {
		id = r.U16("packet identifier")
	}
	if err := r.Err(); err != nil {
		return err
	}
	if !isTopic(topic, false) {
		return errTopic
	}
	body, alias, err := s.body(r)
	if err != nil {
		return err
	}
	if alias != 0 {
		topic = s.aliased(c.Dir&1, alias, topic)
	}
	client := s.isClient(c)
	k := fact.Notice
	if client {
		k = fact.Request
		s.remember(id, publish, topic)
	}
	t, sparkplug := sparkplugTopic(topic)
	op := c.Op(&functions[publish], k)
	op.Target = named(topic)
	if !sparkplug {
		op.Value = payload(body)
	}
	c.Emit()
	switch {
	case sparkplug:
		s.sparkplug(c, t, body, client, cut)
	case !client && hasPrefix(topic, "$SYS/") && bytes.HasSuffix(topic, []byte("/version")):
		sayText(c, fact.Sender, fact.Software, body, "MQTT $SYS topic", 95)
	}
	return nil
}

// body parts the properties of 5.0 from the payload. Where the version was
// not seen, it follows from what stands before the payload.
func (s *session) body(r *wire.Reader) (b []byte, alias uint16, err error) {
	switch s.level {
	case 5:
		p := readProperties(r)
		return r.Rest(), p.alias, r.Err()
	case 0:
		trial := *r
		p := readProperties(&trial)
		rest := trial.Peek()
		if trial.OK() && (p.present || r.Len() > 1 && payload(rest).Kind != fact.Bytes) {
			s.level = 5
			*r = trial
			return r.Rest(), p.alias, nil
		}
	}
	return r.Rest(), 0, nil
}

// subscribe reads SUBSCRIBE (3.8) and UNSUBSCRIBE (3.10).
func (s *session) subscribe(c *proto.Context, kind uint8, r *wire.Reader) error {
	id := r.U16("packet identifier")
	s.guess(kind, *r)
	if s.level == 5 {
		readProperties(r)
	}
	var first []byte
	all := false
	for i := 0; r.OK() && (r.Len() > 0 || i == 0); i++ {
		filter := text(r, "topic filter")
		if kind == subscribe {
			r.U8("subscription options")
		}
		if i == 0 {
			first = filter
		}
		all = all || string(filter) == "#"
	}
	if err := r.Err(); err != nil {
		return err
	}
	if !isTopic(first, true) {
		return errTopic
	}
	s.learn(c, true)
	s.remember(id, kind, first)
	if all && kind == subscribe {
		c.Say(fact.Conversation, fact.SessionNote, "the client subscribes to every topic (#)", "MQTT subscribe", 95)
	}
	op := c.Op(&functions[kind], fact.Request)
	op.Target = named(first)
	c.Emit()
	return nil
}

// guess finds the version of a session whose CONNECT was not seen: read as
// 3.1.1 the filters of 5.0 do not add up.
func (s *session) guess(kind uint8, r wire.Reader) {
	if s.level != 0 {
		return
	}
	adds := func(r wire.Reader) bool {
		for r.OK() && r.Len() > 0 {
			if len(text(&r, "topic filter")) == 0 {
				return false
			}
			if kind == subscribe {
				r.U8("subscription options")
			}
		}
		return r.OK()
	}
	with := r
	readProperties(&with)
	if !adds(r) && with.OK() && adds(with) {
		s.level = 5
	}
}

// acknowledge reads the packets that answer by packet identifier (3.4 to 3.7,
// 3.9, 3.11).
func (s *session) acknowledge(c *proto.Context, kind uint8, r *wire.Reader) error {
	id := r.U16("packet identifier")
	code := uint8(0)
	switch {
	case kind == suback || kind == unsuback && r.Len() > 0:
		if s.level == 5 {
			readProperties(r)
		}
		if r.Len() > 0 {
			code = r.U8("reason code")
		}
	case r.Len() > 0:
		code = r.U8("reason code")
	}
	if err := r.Err(); err != nil {
		return err
	}
	if kind == suback || kind == unsuback {
		s.learn(c, false)
	}
	client := s.isClient(c)
	var op *fact.Operation
	switch {
	case kind == pubrel && client:
		op = c.Op(&functions[kind], fact.Request)
	case kind == pubrel, client:
		// The client acknowledges what the broker sent unasked.
		op = c.Op(&functions[kind], fact.Notice)
	default:
		op = c.Op(&functions[kind], fact.Response)
		op.Answers = &functions[asked[kind]]
	}
	op.Target = s.recall(id, asked[kind])
	if client {
		op.Target = fact.Target{}
	}
	if code >= 0x80 {
		op.Failed, op.Status = true, reason(code)
	}
	c.Emit()
	return nil
}

// asked is the packet that each acknowledgement answers.
var asked = [16]uint8{puback: publish, pubrec: publish, pubcomp: pubrel, suback: subscribe, unsuback: unsubscribe}

func (s *session) remember(id uint16, kind uint8, topic []byte) {
	if id == 0 {
		return
	}
	p := &s.waiting[id%window]
	p.id, p.kind, p.length = id, kind, 0
	if len(topic) <= len(p.name) {
		p.length = uint8(copy(p.name[:], topic))
	}
}

func (s *session) recall(id uint16, kind uint8) fact.Target {
	if p := &s.waiting[id%window]; p.id == id && p.id != 0 && p.kind == kind {
		return named(p.name[:p.length])
	}
	return fact.Target{}
}
