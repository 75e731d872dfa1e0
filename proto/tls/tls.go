// Package tls reads what TLS shows before it encrypts: hellos, certificates
// and alerts of SSL 2.0 to TLS 1.3 (RFC 6101, RFC 2246, RFC 4346, RFC 5246, RFC
// 8446), with the JA4 fingerprint of clients.
package tls

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "TLS and SSL",
	About: "Encrypts other protocols: web pages, OPC UA over HTTPS, MQTT, remote access. " +
		"Its hellos and certificates tell how well: version, cipher suite, who the server claims to be and until when.",
	Spec:       "RFC 8446 (TLS 1.3), RFC 5246 (TLS 1.2), RFC 6101 (SSL 3.0); RFC 6066, RFC 7301; JA4 TLS client fingerprint",
	Limit:      "Nothing is decrypted: certificates of TLS 1.3 stay unseen. Application data is counted by bytes only. DTLS is not read.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.TCP, Numbers: []uint32{443, 8443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 802, 3269, 4843, 5061, 5671, 5986, 8883, 9443, 19998, 2221}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: headerLen + maxRecord,
	Functions:  allFunctions,
}

const (
	headerLen    = 5
	maxRecord    = 1<<14 + 2048 // RFC 5246, 6.2.3
	maxHandshake = 64 << 10     // what is put together of one handshake message
)

// Content types (RFC 8446, B.1).
const (
	changeCipherSpec = 20
	alert            = 21
	handshake        = 22
	applicationData  = 23
	heartbeat        = 24
)

var (
	errRecord    = errors.New("no record of TLS")
	errHandshake = errors.New("handshake message does not fit")
)

func recordOK(kind uint8, version uint16, n int) bool {
	return kind >= changeCipherSpec && kind <= heartbeat && version >= 0x0300 && version <= 0x0304 && n > 0 && n <= maxRecord
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP {
		return proto.No
	}
	if ssl2Hello(b) {
		return proto.Yes
	}
	if len(b) < headerLen {
		if len(b) > 0 && (b[0] < changeCipherSpec || b[0] > heartbeat) && b[0] != 0x80 || len(b) > 1 && b[0] != 0x80 && b[1] != 3 {
			return proto.No
		}
		return proto.More
	}
	r := wire.NewReader(b)
	kind, version, n := r.U8("content type"), r.U16("version"), int(r.U16("length"))
	if !recordOK(kind, version, n) {
		if b[0] == 0x80 && len(b) < ssl2HelloLen {
			return proto.More
		}
		return proto.No
	}
	body := r.Peek()
	switch kind {
	case handshake:
		return recogniseHandshake(body, n)
	case changeCipherSpec:
		if n == 1 && (len(body) == 0 || body[0] == 1) {
			return sure(body, n)
		}
		return proto.No
	case alert:
		if n == 2 && len(body) >= 2 && (body[0] == 1 || body[0] == 2) && alerts[body[1]] != "" {
			return proto.Yes
		}
		if n < 16 {
			return proto.No
		}
	}
	return sure(body, n)
}

func recogniseHandshake(body []byte, n int) proto.Verdict {
	r := wire.NewReader(body)
	kind, size := r.U8("handshake type"), int(r.U24("length"))
	version := r.U16("version")
	if !r.OK() {
		return proto.More
	}
	if (kind == clientHello || kind == serverHello) && version >= 0x0300 && version <= 0x0304 && size >= 38 && size < maxHandshake {
		return proto.Yes
	}
	if kind == certificate && size+4 <= n {
		return proto.Yes
	}
	return sure(body, n)
}

// sure wants what follows the record to be one, or nothing.
func sure(body []byte, n int) proto.Verdict {
	switch {
	case len(body) == n:
		return proto.Yes
	case len(body) >= n+headerLen:
		r := wire.NewReader(body[n:])
		if recordOK(r.U8("content type"), r.U16("version"), int(r.U16("length"))) {
			return proto.Yes
		}
		return proto.No
	}
	return proto.Likely
}

// half is the state of one direction.
type half struct {
	skip      int    // bytes of a record still to pass over
	encrypted bool   // after ChangeCipherSpec
	lost      bool   // bytes were lost: look for the next record
	part      []byte // handshake message that goes on in the next record
	over      int    // bytes of a handshake message too large to keep
}

type session struct {
	half      [2]half
	known     bool // client is known
	clientDir proto.Dir
	opaque    bool // SSL 2.0, which shows nothing more
	hello     bool // a client hello waits for its answer
	answered  bool
	said      bool // JA4 is said
	id        [32]byte
	idLen     int
	certs     [2][32]byte // SHA-256 of the leaf said for each direction
	ja4       fingerprint
}

func (s *session) Reset() {
	parts := [2][]byte{s.half[0].part[:0], s.half[1].part[:0]}
	*s = session{}
	s.half[0].part, s.half[1].part = parts[0], parts[1]
}

func (s *session) Gap(d proto.Dir) {
	h := &s.half[d]
	*h = half{encrypted: h.encrypted, lost: true, part: h.part[:0]}
}

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
	if s.opaque {
		return c.Pass(len(b))
	}
	h := &s.half[c.Dir]
	if h.skip > 0 {
		n := min(h.skip, len(b))
		h.skip -= n
		return c.Pass(n)
	}
	if h.lost && recognise(b, proto.Hint{Carrier: proto.TCP}) == proto.No {
		return c.Pass(len(b))
	}
	r := wire.NewReader(b)
	kind, version, n := r.U8("content type"), r.U16("version"), int(r.U16("length"))
	if !r.OK() {
		return 0, wire.ErrShort
	}
	if !recordOK(kind, version, n) {
		if b[0]&0x80 != 0 && !s.hello {
			return s.ssl2(c, b)
		}
		return 0, errRecord
	}
	if kind == applicationData || kind == heartbeat || h.encrypted && kind == handshake && n > maxPlain {
		h.lost, h.encrypted = false, true
		n = min(headerLen+n, len(b))
		h.skip = headerLen + int(uint16(b[3])<<8|uint16(b[4])) - n
		return n, nil
	}
	body := r.Bytes("record", n)
	if !r.OK() {
		return 0, wire.ErrShort
	}
	h.lost = false
	return headerLen + n, s.record(c, h, kind, body)
}

// maxPlain bounds a second hello behind ChangeCipherSpec: with TLS 1.3 in
// compatibility mode (RFC 8446, D.4) hellos may follow it unencrypted.
const maxPlain = 4096

func (s *session) record(c *proto.Context, h *half, kind uint8, body []byte) error {
	switch kind {
	case changeCipherSpec:
		h.encrypted = true
		h.part = h.part[:0]
		c.Op(&changeCipher, fact.Notice)
		c.Emit()
	case alert:
		s.alert(c, body)
	case handshake:
		if h.encrypted && !plainHello(body) {
			return nil
		}
		return s.handshakes(c, h, body)
	}
	return nil
}

func plainHello(body []byte) bool {
	r := wire.NewReader(body)
	kind, n, version := r.U8("handshake type"), int(r.U24("length")), r.U16("version")
	return r.OK() && (kind == clientHello || kind == serverHello) && n+4 == len(body) && version == 0x0303
}

// handshakes takes the messages out of a record; one may begin in it, and go
// on in the next (RFC 8446, 5.1).
func (s *session) handshakes(c *proto.Context, h *half, b []byte) error {
	if h.over > 0 {
		n := min(h.over, len(b))
		h.over -= n
		b = b[n:]
	}
	whole := b
	if len(h.part) > 0 {
		h.part = append(h.part, b...)
		whole = h.part
	}
	for len(whole) > 0 {
		r := wire.NewReader(whole)
		kind, n := r.U8("handshake type"), int(r.U24("length"))
		body := r.Bytes("handshake message", n)
		if r.OK() {
			whole = r.Rest()
			if err := s.message(c, kind, body); err != nil {
				h.part = h.part[:0]
				return err
			}
			continue
		}
		if n > maxHandshake {
			h.over = n + 4 - len(whole)
			whole = nil
		}
		break
	}
	// whole may lie in part: append moves it to the front.
	h.part = append(h.part[:0], whole...)
	return nil
}

func (s *session) client(c *proto.Context, sender bool) {
	if s.known {
		return
	}
	s.known, s.clientDir = true, c.Dir
	if sender {
		c.SenderIsClient()
	} else {
		s.clientDir = c.Dir.Other()
		c.SenderIsServer()
	}
}
