package smb

import (
	"bytes"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
	"github.com/bulkhead-ot/bulkhead/wire/ntlm"
)

const (
	headerLen1 = 32
	maxChain   = 8

	flags1Response = 0x80
	flags2Unicode  = 0x8000
	flags2NTStatus = 0x4000
)

// block is one command of a message: its words and bytes ([MS-CIFS] 2.2.3).
type block struct {
	command uint8
	words   []byte
	data    []byte
	dataAt  int // of data in the message
	unicode bool
	id      uint64
	answer  bool
	status  uint32
	failed  bool
	why     string
	tree    uint16
}

// andx tells the commands that may be followed by another one in the message.
func andx(command uint8) bool {
	switch command {
	case 0x24, 0x2d, 0x2e, 0x2f, 0x73, 0x74, 0x75, 0xa2:
		return true
	}
	return false
}

// smb1 reads a message of version 1 with the commands chained in it. Of bulk
// data only the beginning is in b; n is the length of the whole.
func (s *session) smb1(c *proto.Context, b []byte, n int) error {
	r := wire.NewReader(b)
	r.Skip("protocol id", 4)
	k := block{command: r.U8("command")}
	k.status = r.U32LE("status")
	flags, flags2 := r.U8("flags"), r.U16LE("flags2")
	pid := uint64(r.U16LE("pid high")) << 32
	r.Skip("signature, reserved", 10)
	k.tree = r.U16LE("tid")
	pid |= uint64(r.U16LE("pid low")) << 16
	r.U16LE("uid")
	k.id = pid | uint64(r.U16LE("mid"))
	if !r.OK() {
		return errHeader
	}
	k.unicode, k.answer = flags2&flags2Unicode != 0, flags&flags1Response != 0
	s.learn(c, !k.answer)
	if !s.said.native {
		s.said.native = true
		c.Say(fact.Conversation, fact.SessionVersion, "SMB 1", "SMB header", 90)
	}
	if k.answer {
		if k.failed, k.why = failure(k.status); flags2&flags2NTStatus == 0 {
			k.failed, k.why = dosFailure(k.status)
		}
	}
	off := headerLen1
	for range maxChain {
		next, err := s.block(c, &k, b, off, n)
		if err != nil || next == 0 || next <= off {
			return err
		}
		off = next
	}
	return nil
}

// block reads one command at off and returns where the next one is, or 0.
func (s *session) block(c *proto.Context, k *block, b []byte, off, n int) (int, error) {
	words := 0
	if w := at(b, off, 1); w != nil {
		words = 2 * int(w[0])
	}
	k.words = at(b, off+1, words)
	if k.words == nil && words > 0 {
		return 0, errBody
	}
	size := at(b, off+1+words, 2)
	k.data, k.dataAt = nil, off+3+words
	if size != nil {
		m := int(size[0]) | int(size[1])<<8
		k.data = b[k.dataAt : k.dataAt+min(m, len(b)-k.dataAt)]
	} else if n <= len(b) && words > 0 && !k.answer {
		return 0, errBody
	}
	if k.answer {
		s.answer1(c, k, b)
	} else {
		s.request1(c, k, b)
	}
	if !andx(k.command) || len(k.words) < 4 || k.words[0] == 0xff {
		return 0, nil
	}
	k.command = k.words[0]
	return int(k.words[2]) | int(k.words[3])<<8, nil
}

// str reads a text of b at offset i of the message, which is aligned to two
// bytes if it is Unicode, and returns what follows.
func (k *block) str(to []byte, b []byte, i int) (text []byte, next int) {
	if !k.unicode {
		rest := at(b, i, len(b)-i)
		j := bytes.IndexByte(rest, 0)
		if j < 0 {
			return appendText(to, rest), len(b)
		}
		return appendText(to, rest[:j]), i + j + 1
	}
	i += i & 1
	rest := at(b, i, len(b)-i)
	for j := 0; j+1 < len(rest); j += 2 {
		if rest[j] == 0 && rest[j+1] == 0 {
			return ntlm.AppendUTF16(to, rest[:j], 250), i + j + 2
		}
	}
	return ntlm.AppendUTF16(to, rest, 250), len(b)
}

func appendText(to, b []byte) []byte {
	for _, x := range b[:min(len(b), 250)] {
		if x >= 0x20 && x < 0x7f {
			to = append(to, x)
		}
	}
	return to
}

// number reads a 16-bit word at byte offset i of the words.
func (k *block) number(i int) int { return u16le(k.words, i) }

func (k *block) long(i int) uint32 { return uint32(k.number(i)) | uint32(k.number(i+2))<<16 }

func fid(n int) (id [16]byte) {
	id[0], id[1], id[2] = byte(n), byte(n>>8), 1
	return id
}

// fidAt is where the words of a request name the file, plus one.
var fidAt = [256]int{0x04: 1, 0x05: 1, 0x0a: 1, 0x0b: 1, 0x24: 5, 0x2e: 5, 0x2f: 5}

func (s *session) request1(c *proto.Context, k *block, b []byte) {
	f, t := &functions1[k.command], fact.Target{}
	slot := int8(-1)
	if w := fidAt[k.command]; w != 0 && len(k.words) > w {
		if slot = s.find(fid(k.number(w - 1))); slot >= 0 {
			t.Name, t.Set = s.files[slot].text(), true
		}
	}
	end := min(k.dataAt+len(k.data), len(b))
	msg := b[:end]
	switch k.command {
	case 0x00, 0x01, 0x02, 0x03, 0x06, 0x07, 0x08, 0x09, 0x0f, 0x10: // names behind a format byte
		t.Name, _ = k.str(s.text[:0], msg, k.dataAt+1)
		t.Set = len(t.Name) > 0
		if k.command == 0x07 { // the new name is the target
			_, next := k.str(s.text[:0], msg, k.dataAt+1)
			if t.Name, _ = k.str(s.text[:0], msg, next+1); len(t.Name) == 0 {
				t.Set = false
			}
		}
	case 0x2d:
		t.Name, _ = k.str(s.text[:0], msg, k.dataAt)
		slot = s.openText(t.Name, k)
		t.Set = true
	case 0xa2:
		f = creates(f, &ntCreateWrite, &ntCreateDelete, k.long(35), k.long(39), k.long(15))
		t.Name, _ = k.str(s.text[:0], msg, k.dataAt)
		slot = s.openText(t.Name, k)
		t.Set = true
	case 0x2e:
		t.First, t.Count, t.Set = uint64(k.long(6)), uint32(k.number(10)), true
	case 0x2f:
		t.First, t.Count, t.Set = uint64(k.long(6)), uint32(k.number(20)), true
	case 0x25:
		f = s.transaction(k, msg, &slot)
	case 0x32:
		if sub := k.number(28); len(k.words) >= 30 && sub < len(trans2) {
			f = &trans2[sub]
		}
	case 0x70, 0x75:
		t.Name, t.Set = s.treePath(k, msg), true
	}
	s.remember(k.id, f, slot)
	kind := fact.Request
	if k.command == 0xa4 {
		kind = fact.Notice
	}
	op := c.Op(f, kind)
	op.Target = t
	c.Emit()
	switch k.command {
	case 0x04:
		s.forget(slot)
	case 0x70, 0x75:
		s.share(c, k.id, t.Name)
	case 0x73:
		s.setUp1(c, k, msg)
	case 0x2f:
		if slot >= 0 && s.files[slot].pipe {
			s.rpc(c, slot, at(b, k.number(22), k.number(20)))
		}
	case 0x25:
		if slot >= 0 {
			s.rpc(c, slot, at(b, k.number(24), k.number(22)))
		}
	}
}

// openText keeps the name of a file of version 1, which is UTF-8 by now.
func (s *session) openText(name []byte, k *block) int8 {
	slot := s.open(nil, k.id, s.isPipe(uint32(k.tree)))
	f := &s.files[slot]
	f.n = uint8(copy(f.name[:], name))
	return slot
}

// transaction tells pipes from mailslots ([MS-CIFS] 2.2.4.33).
func (s *session) transaction(k *block, msg []byte, slot *int8) *fact.Function {
	name, _ := k.str(s.text[:0], msg, k.dataAt)
	switch {
	case len(name) >= 6 && bytes.EqualFold(name[:6], []byte(`\PIPE\`)) && len(name) > 6:
		return &lanman
	case len(name) >= 10 && bytes.EqualFold(name[:10], []byte(`\MAILSLOT\`)):
		return &mailslotWrite
	case len(name) >= 5 && bytes.EqualFold(name[:5], []byte(`\PIPE`)):
		*slot = s.find(fid(k.number(30)))
		return &pipeTransact
	}
	return &functions1[k.command]
}

// treePath is the share of a tree connect ([MS-CIFS] 2.2.4.50 and 2.2.4.55).
func (s *session) treePath(k *block, msg []byte) []byte {
	i := k.dataAt + 1 // behind a format byte
	if k.command == 0x75 {
		i = k.dataAt + k.number(6) // behind the password
	}
	path, _ := k.str(s.text[:0], msg, i)
	return path
}
