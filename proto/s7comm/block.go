package s7comm

import (
	"strconv"
	"time"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// block is a program or data block by type and number. The zero block is none.
type block struct {
	typ    uint8
	number uint32
}

var blockTypes = [16]string{8: "OB", 10: "DB", 11: "SDB", 12: "FC", 13: "SFC", 14: "FB", 15: "SFB"}

// parseBlock reads a block as file names have it: two hex digits of type,
// five digits of number; what follows is the file system it goes to.
func parseBlock(b []byte) (block, bool) {
	if len(b) > 0 && b[0] == '_' {
		b = b[1:]
	}
	r := wire.NewReader(b)
	digits := r.Bytes("type and number", 7)
	if !r.OK() || digits[0] != '0' {
		return block{}, false
	}
	var k block
	switch x := digits[1]; {
	case x >= '0' && x <= '9':
		k.typ = x - '0'
	case x >= 'A' && x <= 'F':
		k.typ = x - 'A' + 10
	}
	for _, x := range digits[2:] {
		if x < '0' || x > '9' {
			return block{}, false
		}
		k.number = k.number*10 + uint32(x-'0')
	}
	return k, blockTypes[k.typ&15] != ""
}

// append writes the block as people call it: "OB 1".
func (k block) append(dst []byte) []byte {
	dst = append(dst, blockTypes[k.typ&15]...)
	return strconv.AppendUint(append(dst, ' '), uint64(k.number), 10)
}

// blockTarget makes k the target of the current operation. Its name is good
// until the next.
func (s *session) blockTarget(k block) fact.Target {
	s.block = k
	return fact.Target{Unit: k.number, Name: k.append(s.blockBuf[:0]), Set: true}
}

// maxParts bounds how many blocks of a controller are told apart in a session.
const maxParts = 1024

// part names k as a part of the controller, once.
func (s *session) part(k block) string {
	if p, ok := s.parts[k]; ok {
		return p
	}
	if len(s.parts) >= maxParts {
		return ""
	}
	if s.parts == nil {
		s.parts = make(map[block]string)
	}
	p := string(k.append(nil))
	s.parts[k] = p
	return p
}

// about is what a block's head and foot say of it.
type about struct {
	k                    block
	protected            bool
	load                 uint32 // length in load memory
	code, face           stamp
	author, family, name []byte
	version              uint8
	checksum             uint16
}

// stamp is milliseconds of the day and days since 1984.
type stamp struct {
	ms   uint32
	days uint16
}

const (
	headLen = 36
	footLen = 36
	magic   = 0x7070
)

// knowHow is the value of the security field of a protected block.
const knowHow = 3

// epoch is 1984-01-01 in Unix seconds; stamps count from there.
const epoch = 441763200

// head reads the first 36 bytes of a block.
func (a *about) head(r *wire.Reader) bool {
	if r.U16("constant") != magic {
		return false
	}
	r.Skip("version, attributes, language", 3)
	a.k.typ = r.U8("block type") & 15
	a.k.number = uint32(r.U16("block number"))
	a.load = r.U32("length in load memory")
	a.protected = r.U32("security") == knowHow
	a.code = readStamp(r)
	a.face = readStamp(r)
	r.Skip("lengths of SSB, ADD, local data, MC7 code", 8)
	return r.OK()
}

// foot reads the last 36 bytes of a block.
func (a *about) foot(r *wire.Reader) bool {
	a.author = trim(r.Bytes("author", 8))
	a.family = trim(r.Bytes("family", 8))
	a.name = trim(r.Bytes("name", 8))
	a.version = r.U8("version")
	r.U8("reserved")
	a.checksum = r.U16("checksum")
	return r.OK()
}

func readStamp(r *wire.Reader) stamp {
	return stamp{r.U32("time of day"), r.U16("days since 1984")}
}

func (t stamp) append(dst []byte) []byte {
	return time.Unix(epoch+int64(t.days)*86400+int64(t.ms/1000), 0).UTC().AppendFormat(dst, "2006-01-02 15:04:05")
}

// sayBlock says what is known of a block.
func (s *session) sayBlock(c *proto.Context, who fact.Who, a *about, source string) {
	p := s.part(a.k)
	if p == "" {
		return
	}
	of := fact.Subject{Who: who, Part: p}
	c.SayOf(of, fact.ProgramName, proto.View(a.name), source, 90)
	b := s.text[:0]
	b = field(b, "author ", a.author)
	b = field(b, "family ", a.family)
	b = strconv.AppendUint(append(b, "version "...), uint64(a.version>>4), 10)
	b = strconv.AppendUint(append(b, '.'), uint64(a.version&15), 10)
	b = strconv.AppendUint(append(b, ", checksum 0x"...), uint64(a.checksum), 16)
	b = strconv.AppendUint(append(b, ", "...), uint64(a.load), 10)
	b = a.code.append(append(b, " bytes, code of "...))
	b = a.face.append(append(b, ", interface of "...))
	if a.protected {
		b = append(b, ", know-how protected"...)
	}
	c.SayOf(of, fact.Description, proto.View(b), source, 90)
}

func field(b []byte, label string, v []byte) []byte {
	if len(v) == 0 {
		return b
	}
	return append(append(append(b, label...), v...), ", "...)
}

// trim takes off the padding and refuses what is no text.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == 0 || b[len(b)-1] == ' ') {
		b = b[:len(b)-1]
	}
	for len(b) > 0 && (b[0] == ' ' || b[0] == 0) {
		b = b[1:]
	}
	for i, x := range b {
		if x == 0 {
			return trim(b[:i])
		}
		if x < 0x20 || x == 0x7f {
			return nil
		}
	}
	return b
}
