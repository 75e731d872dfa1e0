// Package smb reads Server Message Block: version 1 ([MS-CIFS], [MS-SMB]) and
// versions 2 and 3 ([MS-SMB2]), over TCP and the NetBIOS session service (RFC
// 1002), with the logins and remote procedure calls inside.
package smb

import (
	"errors"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Protocol is the manual page and the dissector.
var Protocol = proto.Protocol{
	Name:  name,
	Title: "Server Message Block (Windows file sharing)",
	About: "Files, printers and remote administration of Windows stations, HMIs and data loggers. " +
		"Worms and ransomware spread through it; version 1 should be gone from a plant.",
	Spec:       "[MS-CIFS] 27.0, [MS-SMB] 51.0, [MS-SMB2] 76.0; RFC 1002 (March 1987)",
	Limit:      "Encrypted and compressed messages are counted only. Contents of files are passed over.",
	Depth:      proto.Recognised | proto.Operations | proto.Identity | proto.Sessions,
	On:         []proto.On{{Carrier: proto.TCP, Numbers: []uint32{445, 139}}},
	Recognise:  recognise,
	New:        func() proto.Session { return &session{} },
	MaxMessage: frameLen + maxKeep,
	Functions:  allFunctions,
}

const (
	frameLen = 4
	maxKeep  = 64 << 10 // of a message; the rest is passed over
	maxPipe  = 8 << 10  // of remote procedure calls
	maxFrame = 1<<24 - 1
)

// Packet types of the session service (RFC 1002, 4.3.1).
const (
	sessionMessage  = 0x00
	sessionRequest  = 0x81
	sessionPositive = 0x82
	sessionNegative = 0x83
	sessionRetarget = 0x84
	sessionAlive    = 0x85
)

var (
	errFrame  = errors.New("no session message of SMB")
	errHeader = errors.New("no header of SMB")
	errBody   = errors.New("field outside the message")
)

// The first bytes of a message.
const (
	magic1        = "\xffSMB"
	magic2        = "\xfeSMB"
	magicSealed   = "\xfdSMB" // encrypted
	magicSqueezed = "\xfcSMB" // compressed
)

func magicOK(b []byte) bool {
	switch string(b) {
	case magic1, magic2, magicSealed, magicSqueezed:
		return true
	}
	return false
}

func recognise(b []byte, h proto.Hint) proto.Verdict {
	if h.Carrier != proto.TCP || len(b) == 0 {
		return proto.No
	}
	r := wire.NewReader(b)
	kind, n := r.U8("type"), int(r.U24("length"))
	magic := r.Bytes("protocol id", 4)
	switch {
	case kind == sessionMessage:
		if magic == nil {
			return proto.More
		}
		if n >= headerLen1 && magicOK(magic) {
			return proto.Yes
		}
	case kind == sessionRequest:
		if len(b) >= 6 && (n != 68 || b[4] != 0x20) {
			return proto.No
		}
		if len(b) < 6 {
			return proto.More
		}
		return proto.Yes
	case len(b) == 4 && (kind == sessionPositive || kind == sessionAlive) && n == 0:
		return proto.Likely
	}
	return proto.No
}

type half struct {
	skip int  // of a message still to pass over
	lost bool // bytes were lost: look for the next message
}

// window is how many open requests are remembered; SMB 2 may have hundreds in
// flight but rarely has more than a few dozen.
const window = 64

type pending struct {
	id   uint64
	f    *fact.Function
	file int8 // in files, or -1
	used bool
}

type session struct {
	half    [2]half
	known   bool
	pending [window]pending
	files   [files]file
	next    int
	last    int8 // file of the last create, for related requests of a compound
	ipc     [8]uint32
	ipcN    int
	ipcAsk  uint64 // message id of a tree connect to IPC$
	pipes   [pipes]pipe
	pipeN   int
	said    struct {
		dialect uint16
		signing bool
		sealed  bool
		native  bool
		hash    uint64
	}
	text [2048]byte
}

func (s *session) Reset() { *s = session{} }

func (s *session) Gap(d proto.Dir) { s.half[d] = half{lost: true} }

func (s *session) Parse(c *proto.Context, b []byte) (int, error) {
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
	kind, n := r.U8("type"), int(r.U24("length"))
	if !r.OK() {
		return 0, wire.ErrShort
	}
	h.lost = false
	if kind != sessionMessage {
		return s.netbios(c, kind, n, b)
	}
	body := r.Peek()
	if len(body) < min(n, 4) {
		return 0, wire.ErrShort
	}
	if n < 4 || !magicOK(body[:4]) {
		return 0, errFrame
	}
	if len(body) < min(n, headerLen2) {
		return 0, wire.ErrShort
	}
	want := s.want(body[:min(n, len(body))], n)
	if len(body) < want {
		return 0, wire.ErrShort
	}
	take := min(n, len(body))
	h.skip = n - take
	return frameLen + take, s.message(c, body[:want], n)
}

// want is how much of a message of n bytes has to be there; bulk data is not.
func (s *session) want(b []byte, n int) int {
	switch {
	case string(b[:4]) == magic2 && len(b) >= headerLen2:
		return s.want2(b, n)
	case string(b[:4]) == magic1 && len(b) >= headerLen1:
		switch b[4] {
		case 0x2e, 0x2f: // read andx, write andx
			if n > maxPipe {
				return min(n, 128)
			}
		}
		return min(n, maxKeep)
	}
	return min(n, headerLen1)
}

func (s *session) message(c *proto.Context, b []byte, n int) error {
	switch string(b[:4]) {
	case magic2:
		return s.compound(c, b)
	case magic1:
		return s.smb1(c, b, n)
	}
	f := &sealed
	if b[0] == magicSqueezed[0] {
		f = &squeezed
	} else if !s.said.sealed {
		s.said.sealed = true
		c.Say(fact.Conversation, fact.SessionSecurity, "encrypted", "SMB transform header", 100)
	}
	c.Op(f, fact.Notice)
	c.Emit()
	return nil
}

func (s *session) learn(c *proto.Context, sender bool) {
	if s.known {
		return
	}
	s.known = true
	if sender {
		c.SenderIsClient()
	} else {
		c.SenderIsServer()
	}
}

func (s *session) remember(id uint64, f *fact.Function, file int8) {
	s.pending[id%window] = pending{id, f, file, true}
}

func (s *session) recall(id uint64) (pending, bool) {
	if p := &s.pending[id%window]; p.used && p.id == id {
		p.used = false
		return *p, true
	}
	return pending{file: -1}, false
}

// at returns n bytes at offset off of the message, as fields name them.
func at(b []byte, off, n int) []byte {
	if off < 0 || n <= 0 || off > len(b) || n > len(b)-off {
		return nil
	}
	return b[off : off+n]
}
