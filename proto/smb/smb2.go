package smb

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

const (
	headerLen2  = 64
	maxCompound = 32

	flagResponse = 0x01
	flagAsync    = 0x02
)

// header is the header of SMB 2 and 3 ([MS-SMB2] 2.2.1).
type header struct {
	status  uint32
	command uint16
	flags   uint32
	next    uint32
	id      uint64
	tree    uint32
	async   bool
}

func readHeader(b []byte) (h header, ok bool) {
	r := wire.NewReader(b)
	r.Skip("protocol id", 4)
	size := r.U16LE("structure size")
	r.U16LE("credit charge")
	h.status = r.U32LE("status")
	h.command = r.U16LE("command")
	r.U16LE("credits")
	h.flags, h.next, h.id = r.U32LE("flags"), r.U32LE("next command"), r.U64LE("message id")
	h.async = h.flags&flagAsync != 0
	r.U32LE("reserved or async id")
	h.tree = r.U32LE("tree id")
	r.Skip("session id, signature", 24)
	return h, r.OK() && size == headerLen2
}

// want2 is how much of a message is needed. Bulk data and listings are not.
func (s *session) want2(b []byte, n int) int {
	h, ok := readHeader(b)
	answer := h.flags&flagResponse != 0
	switch {
	case !ok:
		return min(n, headerLen2)
	case h.next != 0:
		return min(n, maxKeep)
	}
	switch h.command {
	case cmdRead, cmdWrite, cmdIoctl:
		if s.isPipe(h.tree) && !h.async || h.command == cmdIoctl {
			return min(n, maxPipe)
		}
		return min(n, headerLen2+48)
	case cmdQueryDir, cmdNotify, cmdQueryInfo:
		if answer {
			return min(n, headerLen2+8)
		}
	}
	return min(n, maxKeep)
}

// compound reads the messages that one frame chains (3.2.4.1.4).
func (s *session) compound(c *proto.Context, b []byte) error {
	for range maxCompound {
		h, ok := readHeader(b)
		if !ok || string(b[:4]) != magic2 {
			return errHeader
		}
		one := b
		if h.next != 0 {
			if h.next < headerLen2 || int(h.next) > len(b)-4 {
				return errHeader
			}
			one = b[:h.next]
		}
		var err error
		if h.flags&flagResponse != 0 {
			s.learn(c, false)
			err = s.answer2(c, &h, one)
		} else {
			s.learn(c, true)
			err = s.request2(c, &h, one)
		}
		if err != nil || h.next == 0 {
			return err
		}
		b = b[h.next:]
	}
	return nil
}

// handle reads the file id at the given offset of the body and finds its file.
func (s *session) handle(b []byte, off int) int8 {
	id := at(b, headerLen2+off, 16)
	if id == nil {
		return -1
	}
	return s.find([16]byte(id))
}

// handleAt is where a request has its file id (2.2.15 to 2.2.39), or 0.
var handleAt = [commands2]int{
	cmdClose: 8, cmdFlush: 8, cmdRead: 16, cmdWrite: 16, cmdLock: 8, cmdIoctl: 8, cmdQueryDir: 8, cmdNotify: 8, cmdQueryInfo: 24, cmdSetInfo: 16,
}

func (s *session) request2(c *proto.Context, h *header, b []byte) error {
	if h.command >= commands2 {
		c.Op(&unknown2, fact.Request)
		c.Emit()
		return nil
	}
	f, t := &functions2[h.command], fact.Target{}
	slot := int8(-1)
	if off := handleAt[h.command]; off != 0 {
		if slot = s.handle(b, off); slot >= 0 {
			t.Name, t.Set = s.files[slot].text(), true
			if s.files[slot].pipe {
				f = &pipes2[h.command]
			}
		}
	}
	r := wire.NewReader(b)
	r.Skip("header", headerLen2)
	size := r.U16LE("structure size")
	switch h.command {
	case cmdCreate:
		f, slot = s.create2(h, b, &r)
		t.Name, t.Set = s.files[slot].text(), true
	case cmdRead:
		r.Skip("padding, flags", 2)
		t.Count, t.First, t.Set = r.U32LE("length"), r.U64LE("offset"), true
	case cmdWrite:
		r.U16LE("data offset")
		t.Count, t.First, t.Set = r.U32LE("length"), r.U64LE("offset"), true
	case cmdSetInfo:
		f = s.setInfo(f, b, &r, &t)
	case cmdTreeConnect:
		r.U16LE("flags")
		path := at(b, int(r.U16LE("path offset")), int(r.U16LE("path length")))
		t.Name, t.Set = s.utf16(path), true
	}
	if !r.OK() && size != 0 {
		return errBody
	}
	s.remember(h.id, f, slot)
	kind := fact.Request
	if h.command == 0x0c { // cancel has no answer (2.2.30)
		kind = fact.Notice
	}
	op := c.Op(f, kind)
	op.Target = t
	c.Emit()
	switch h.command {
	case cmdTreeConnect:
		s.share(c, h.id, t.Name)
	case cmdSessionSetup:
		r.Skip("flags, mode, capabilities, channel", 10)
		s.token(c, at(b, int(r.U16LE("buffer offset")), int(r.U16LE("buffer length"))))
	case cmdClose:
		s.forget(slot)
	case cmdWrite:
		if slot >= 0 && s.files[slot].pipe {
			s.rpc(c, slot, at(b, u16le(b, headerLen2+2), int(t.Count)))
		}
	case cmdIoctl:
		if r.U16LE("reserved"); r.U32LE("control code") == fsctlPipeTransceive && slot >= 0 {
			r.Skip("file id", 16)
			s.rpc(c, slot, at(b, int(r.U32LE("input offset")), int(r.U32LE("input count"))))
		}
	}
	return nil
}

// u16le reads a number at an offset that may not be there.
func u16le(b []byte, off int) int {
	if v := at(b, off, 2); v != nil {
		return int(v[0]) | int(v[1])<<8
	}
	return 0
}

const fsctlPipeTransceive = 0x0011c017

// create2 keeps the name of what is opened and tells how (2.2.13).
func (s *session) create2(h *header, b []byte, r *wire.Reader) (*fact.Function, int8) {
	r.Skip("flags, oplock, impersonation, reserved", 22)
	access := r.U32LE("desired access")
	r.Skip("attributes, share access", 8)
	disposition, options := r.U32LE("disposition"), r.U32LE("options")
	name := at(b, int(r.U16LE("name offset")), int(r.U16LE("name length")))
	slot := s.open(name, h.id, s.isPipe(h.tree))
	s.last = slot
	if s.files[slot].pipe {
		return &pipes2[cmdCreate], slot
	}
	return creates(&functions2[cmdCreate], &createWrite, &createDelete, disposition, options, access), slot
}

// creates tells what opening a file does: disposition 1 opens what is there, 3
// opens or creates, the others make or empty it ([MS-SMB2] 2.2.13); the same
// numbers hold for SMB 1.
func creates(open, write, remove *fact.Function, disposition, options, access uint32) *fact.Function {
	const deleteOnClose, writeData, appendData = 0x1000, 0x2, 0x4
	switch {
	case options&deleteOnClose != 0:
		return remove
	case disposition == 1, disposition == 3 && access&(writeData|appendData) == 0:
		return open
	}
	return write
}

// setInfo tells renaming and deleting from other changes (2.2.39).
func (s *session) setInfo(f *fact.Function, b []byte, r *wire.Reader, t *fact.Target) *fact.Function {
	kind, class := r.U8("info type"), r.U8("info class")
	n, off := int(r.U32LE("buffer length")), int(r.U16LE("buffer offset"))
	buf := wire.NewReader(at(b, off, n))
	switch {
	case kind == 3:
		return &setSecurity
	case kind != 1:
		return f
	case class == 10 || class == 65: // FileRenameInformation and its extended form
		buf.Skip("replace, reserved, root", 16)
		if name := buf.Bytes("name", int(buf.U32LE("name length"))); len(name) > 0 {
			t.Name, t.Set = s.utf16(name), true
		}
		return &setRename
	case class == 13 || class == 64: // FileDispositionInformation
		if buf.U8("delete pending")&1 != 0 {
			return &setDelete
		}
	}
	return f
}

func (s *session) answer2(c *proto.Context, h *header, b []byte) error {
	if h.command >= commands2 {
		c.Op(&unknown2, fact.Response)
		c.Emit()
		return nil
	}
	f := &functions2[h.command]
	// An interim answer and a broken oplock are not what was asked for.
	if h.status == statusPending || h.command == cmdOplockBreak && h.id == 1<<64-1 {
		c.Op(f, fact.Notice)
		c.Emit()
		return nil
	}
	p, ok := s.recall(h.id)
	if ok && p.f.Code == f.Code {
		f = p.f
	} else {
		p.file = -1
	}
	op := c.Op(f, fact.Response)
	if p.file >= 0 && s.files[p.file].n > 0 {
		op.Target = fact.Target{Name: s.files[p.file].text(), Set: true}
	}
	op.Failed, op.Status = failure(h.status)
	failed := op.Failed
	c.Emit()
	r := wire.NewReader(b)
	r.Skip("header", headerLen2)
	r.U16LE("structure size")
	switch h.command {
	case cmdNegotiate:
		if !failed {
			s.negotiated(c, b, &r)
		}
	case cmdSessionSetup:
		s.setUp(c, h, b, &r)
	case cmdTreeConnect:
		if !failed && (r.U8("share type") == 2 || s.ipcAsk == h.id+1) {
			s.pipeTree(h.tree)
		}
	case cmdCreate:
		if id := at(b, headerLen2+64, 16); !failed && p.file >= 0 && id != nil {
			s.opened(p.file, h.id, [16]byte(id))
		}
	case cmdRead:
		off := int(r.U8("data offset"))
		r.U8("reserved")
		if n := int(r.U32LE("data length")); p.file >= 0 && s.files[p.file].pipe {
			s.rpc(c, p.file, at(b, off, n))
		}
	case cmdIoctl:
		r.U16LE("reserved")
		if r.U32LE("control code") == fsctlPipeTransceive && p.file >= 0 {
			r.Skip("file id, input", 24)
			s.rpc(c, p.file, at(b, int(r.U32LE("output offset")), int(r.U32LE("output count"))))
		}
	}
	return nil
}

func dialectName(d uint16) string {
	switch d {
	case 0x0202:
		return "SMB 2.0.2"
	case 0x0210:
		return "SMB 2.1"
	case 0x0300:
		return "SMB 3.0"
	case 0x0302:
		return "SMB 3.0.2"
	case 0x0311:
		return "SMB 3.1.1"
	}
	return ""
}

// negotiated reads dialect and signing (2.2.4). 0x02ff only says that SMB 2 goes on.
func (s *session) negotiated(c *proto.Context, b []byte, r *wire.Reader) {
	mode, dialect := r.U16LE("security mode"), r.U16LE("dialect")
	if !r.OK() || dialectName(dialect) == "" || s.said.dialect == dialect {
		return
	}
	s.said.dialect = dialect
	c.Say(fact.Conversation, fact.SessionVersion, dialectName(dialect), "SMB2 negotiate response", 100)
	s.signing(c, mode&2 != 0)
	r.Skip("contexts, guid, capabilities, sizes, times", 50)
	s.token(c, at(b, int(r.U16LE("buffer offset")), int(r.U16LE("buffer length"))))
}

func (s *session) signing(c *proto.Context, required bool) {
	if required {
		c.Say(fact.Conversation, fact.SessionSecurity, "signing required", "SMB negotiate response", 100)
	} else {
		c.Say(fact.Conversation, fact.SessionSecurity, "signing not required", "SMB negotiate response", 100)
	}
}

// setUp reads the outcome of a login (2.2.6).
func (s *session) setUp(c *proto.Context, h *header, b []byte, r *wire.Reader) {
	if failed, _ := failure(h.status); failed {
		c.Say(fact.Conversation, fact.SessionLogin, "refused", "SMB session setup", 100)
		return
	}
	flags := r.U16LE("session flags")
	s.token(c, at(b, int(r.U16LE("buffer offset")), int(r.U16LE("buffer length"))))
	if h.status != 0 || !r.OK() {
		return
	}
	c.Say(fact.Conversation, fact.SessionLogin, "accepted", "SMB session setup", 100)
	switch {
	case flags&1 != 0:
		c.Say(fact.Conversation, fact.SessionAuth, "guest", "SMB session setup", 100)
	case flags&2 != 0:
		c.Say(fact.Conversation, fact.SessionAuth, "anonymous", "SMB session setup", 100)
	}
	if flags&4 != 0 {
		c.Say(fact.Conversation, fact.SessionSecurity, "encrypted", "SMB session setup", 100)
	}
}
