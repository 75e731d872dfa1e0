package tls

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// message reports one handshake message.
func (s *session) message(c *proto.Context, kind uint8, b []byte) error {
	switch kind {
	case clientHello:
		return s.clientHello(c, b)
	case serverHello:
		return s.serverHello(c, b)
	case certificate:
		s.certificates(c, b)
	}
	c.Op(&handshakes[kind], fact.Notice)
	c.Emit()
	return nil
}

// Extensions that are read (IANA TLS ExtensionType).
const (
	extServerName        = 0
	extSignatureAlgs     = 13
	extALPN              = 16
	extPreSharedKey      = 41
	extSupportedVersions = 43
	maxExtensions        = 128
)

// offer is what a client hello says, sharing memory with the packet.
type offer struct {
	version    uint16
	id         []byte
	suites     []byte
	extensions []byte
	name       []byte
	alpn       []byte // first protocol
	signatures []byte
	hasName    bool
}

func (o *offer) read(b []byte) error {
	r := wire.NewReader(b)
	o.version = r.U16("legacy version")
	r.Skip("random", 32)
	o.id = r.Bytes("session id", int(r.U8("session id length")))
	o.suites = r.Bytes("cipher suites", int(r.U16("cipher suites length")))
	r.Skip("compression methods", int(r.U8("compression methods length")))
	if len(o.id) > 32 || len(o.suites)%2 != 0 {
		r.Fail("session id or cipher suites", errHandshake)
	}
	if r.Len() > 0 { // RFC 5246, 7.4.1.2: extensions may be absent
		o.extensions = r.Bytes("extensions", int(r.U16("extensions length")))
	}
	if !r.OK() {
		return errOf(&r)
	}
	for e := wire.NewReader(o.extensions); e.Len() > 0; {
		kind := e.U16("extension type")
		v := e.Bytes("extension", int(e.U16("extension length")))
		if !e.OK() {
			return errOf(&e)
		}
		o.extension(kind, v)
	}
	return nil
}

// errOf turns "too short" into "wrong": the message was complete.
func errOf(r *wire.Reader) error {
	if r.Short() {
		return errHandshake
	}
	return r.Err()
}

func (o *offer) extension(kind uint16, v []byte) {
	r := wire.NewReader(v)
	switch kind {
	case extServerName:
		o.hasName = true
		r.U16("list length")
		if r.U8("name type") == 0 {
			o.name = r.Bytes("host name", int(r.U16("name length")))
		}
	case extALPN:
		r.U16("list length")
		o.alpn = r.Bytes("protocol", int(r.U8("protocol length")))
	case extSignatureAlgs:
		o.signatures = r.Bytes("algorithms", int(r.U16("algorithms length"))&^1)
	case extSupportedVersions:
		for vs := r.Sub("versions", int(r.U8("versions length"))); vs.Len() >= 2; {
			if x := vs.U16("version"); !grease(x) && x > o.version && x <= 0x0304 {
				o.version = x
			}
		}
	}
}

// grease tells the reserved values that clients mix in (RFC 8701).
func grease(v uint16) bool { return v&0x0f0f == 0x0a0a && v>>8 == v&0xff }

func (s *session) clientHello(c *proto.Context, b []byte) error {
	var o offer
	if err := o.read(b); err != nil {
		return err
	}
	s.client(c, true)
	s.hello, s.answered = true, false
	s.idLen = copy(s.id[:], o.id)

	op := c.Op(&handshakes[clientHello], fact.Request)
	op.Target = fact.Target{Name: printable(o.name), Set: o.hasName}
	c.Emit()
	c.SayBytes(fact.Conversation, fact.SessionSNI, printable(o.name), "TLS client hello", 100)
	if !s.said {
		s.said = true
		c.SayBytes(fact.Conversation, fact.SessionJA4, s.ja4.of(&o), "TLS client hello", 100)
		c.Say(fact.Conversation, fact.SessionNote, weakOffer(o.version), "TLS client hello", 100)
	}
	return nil
}

// weakOffer says that a client knows only what RFC 8996 forbids.
func weakOffer(version uint16) string {
	switch version {
	case 0x0300:
		return "client offers nothing above SSL 3.0"
	case 0x0301:
		return "client offers nothing above TLS 1.0"
	case 0x0302:
		return "client offers nothing above TLS 1.1"
	}
	return ""
}

// helloRetry is the random of a server hello that asks for another client
// hello (RFC 8446, 4.1.3).
var helloRetry = []byte{
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
}

func (s *session) serverHello(c *proto.Context, b []byte) error {
	r := wire.NewReader(b)
	version := r.U16("legacy version")
	random := r.Bytes("random", 32)
	id := r.Bytes("session id", int(r.U8("session id length")))
	suite := r.U16("cipher suite")
	r.U8("compression method")
	var alpn []byte
	resumed := len(id) > 0 && bytes.Equal(id, s.id[:s.idLen])
	var extensions wire.Reader
	if r.Len() > 0 {
		extensions = r.Sub("extensions", int(r.U16("extensions length")))
	}
	if !r.OK() {
		return errOf(&r)
	}
	psk := false
	for extensions.Len() > 0 {
		kind := extensions.U16("extension type")
		v := wire.NewReader(extensions.Bytes("extension", int(extensions.U16("extension length"))))
		switch kind {
		case extSupportedVersions:
			if x := v.U16("version"); v.OK() {
				version, resumed = x, false // the session id is only echoed (RFC 8446, 4.1.3)
			}
		case extALPN:
			v.U16("list length")
			alpn = v.Bytes("protocol", int(v.U8("protocol length")))
		case extPreSharedKey:
			psk = true
		}
	}
	if !extensions.OK() {
		return errOf(&extensions)
	}
	s.client(c, false)
	op := c.Op(&handshakes[serverHello], fact.Response)
	if s.hello {
		op.Answers = &handshakes[clientHello]
	}
	c.Emit()
	if bytes.Equal(random, helloRetry) {
		return nil
	}
	s.hello, s.answered = false, true
	s.agreed(c, version, suite)
	c.SayBytes(fact.Conversation, fact.SessionALPN, printable(alpn), "TLS server hello", 100)
	if resumed || psk {
		c.Say(fact.Conversation, fact.SessionNote, "TLS session resumed", "TLS server hello", 90)
	}
	return nil
}

func (s *session) agreed(c *proto.Context, version, suite uint16) {
	const source = "TLS server hello"
	v := versionName(version)
	c.Say(fact.Conversation, fact.SessionVersion, v, source, 100)
	c.Say(fact.Conversation, fact.SessionSecurity, v, source, 100)
	cipher := suites[suite]
	if cipher == "" {
		cipher = c.Func(keySpace|uint64(suite), unknownSuite).Code
	}
	c.Say(fact.Conversation, fact.SessionCipher, cipher, source, 100)
}

var keySpace = proto.KeySpace(name)

// alert reports an alert. An encrypted one is longer than the two bytes.
func (s *session) alert(c *proto.Context, b []byte) {
	kind := fact.Notice
	f := &alertRecord
	failed, status := false, ""
	if len(b) == 2 && b[0] <= 2 {
		if status = alerts[b[1]]; status == "" {
			status = "unknown alert"
		}
		failed = b[0] == 2
		if !failed {
			status = ""
		}
	}
	// A server that refuses the client hello answers with an alert.
	if failed && s.hello && !s.answered {
		kind, s.hello = fact.Response, false
		f = &handshakes[clientHello]
	}
	op := c.Op(f, kind)
	op.Failed, op.Status = failed, status
	c.Emit()
}

const ssl2HelloLen = 11

// ssl2Hello tells a client hello in the framing of SSL 2.0 (RFC 5246, E.2).
func ssl2Hello(b []byte) bool {
	r := wire.NewReader(b)
	n := int(r.U16("record length"))
	kind, version := r.U8("message type"), r.U16("version")
	specs, id, challenge := int(r.U16("cipher specs length")), int(r.U16("session id length")), int(r.U16("challenge length"))
	return r.OK() && n&0x8000 != 0 && kind == clientHello && (version == 2 || version >= 0x0300 && version <= 0x0303) &&
		specs > 0 && specs%3 == 0 && (id == 0 || id == 16) && challenge >= 16 && challenge <= 32 && n&0x7fff == 9+specs+id+challenge
}

func (s *session) ssl2(c *proto.Context, b []byte) (int, error) {
	if len(b) < ssl2HelloLen {
		return 0, wire.ErrShort
	}
	if !ssl2Hello(b) {
		return 0, errRecord
	}
	r := wire.NewReader(b)
	n := int(r.U16("record length") & 0x7fff)
	r.U8("message type")
	version := r.U16("version")
	if len(b) < 2+n {
		return 0, wire.ErrShort
	}
	s.client(c, true)
	s.hello = true
	c.Op(&handshakes[clientHello], fact.Request)
	c.Emit()
	c.Say(fact.Conversation, fact.SessionNote, "client hello in the form of SSL 2.0", "TLS client hello", 100)
	if version == 2 {
		s.opaque = true
		c.Say(fact.Conversation, fact.SessionVersion, "SSL 2.0", "TLS client hello", 90)
		c.Say(fact.Conversation, fact.SessionSecurity, "SSL 2.0", "TLS client hello", 90)
	}
	return 2 + n, nil
}

// printable is b if it is text of a bounded length, else nil.
func printable(b []byte) []byte {
	if len(b) > 255 {
		return nil
	}
	for _, x := range b {
		if x < 0x20 || x > 0x7e {
			return nil
		}
	}
	return b
}
