package dnp3

import (
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// fileSays is what a file control object says besides its name.
type fileSays struct {
	write  uint8  // fileWrite when the file is opened to be changed
	status string // failure
}

// file reads the first object of group 70 (annex A) and puts the file's name
// into the target.
func file(c *proto.Context, o *objectHeader, t *fact.Target) (says fileSays) {
	if !o.sized || o.count == 0 {
		return says
	}
	r := o.data
	r = r.Sub("object", int(number(&r, "object size", o.prefix)))
	object := r.Peek()
	switch o.variation {
	case 2:
		account(c, &r, object)
	case 3:
		offset, size := r.U16LE("file name offset"), r.U16LE("file name size")
		r.Skip("time, permissions, authentication key, file size", 6+2+4+4)
		if mode := r.U16LE("operational mode"); mode == 2 || mode == 3 {
			says.write = fileWrite
		}
		t.Name = slice(object, offset, size)
	case 4:
		r.Skip("handle, size, block size, request id", 4+4+2+2)
		says.status = fileStatuses[r.U8("status code")]
	case 5:
		t.First = uint64(r.U32LE("file handle"))
	case 6:
		t.First = uint64(r.U32LE("file handle"))
		r.Skip("block number", 4)
		says.status = fileStatuses[r.U8("status code")]
	case 7:
		t.Name = slice(object, r.U16LE("file name offset"), r.U16LE("file name size"))
	case 8:
		t.Name = object
	}
	if !r.OK() {
		return fileSays{write: says.write}
	}
	return says
}

func slice(b []byte, offset, size uint16) []byte {
	r := wire.NewReader(b)
	r.Skip("offset", int(offset))
	return r.Bytes("string", int(size))
}

// account reads a file authentication, whose password crosses in clear.
func account(c *proto.Context, r *wire.Reader, object []byte) {
	user := slice(object, r.U16LE("user name offset"), r.U16LE("user name size"))
	password := slice(object, r.U16LE("password offset"), r.U16LE("password size"))
	if wire.ASCII(user) {
		c.SayBytes(fact.Conversation, fact.SessionUser, user, "DNP3 file authentication", 95)
	}
	if len(password) > 0 {
		c.Say(fact.Conversation, fact.SessionPassword, "in clear", "DNP3 file authentication", 95)
	}
}

// fileStatuses are the status codes of file commands and transport (annex A,
// group 70 variations 4 and 6).
var fileStatuses = func() (t [256]string) {
	for i := range t {
		t[i] = "file status reserved"
	}
	copy(t[:], []string{
		0: "", 1: "permission denied", 2: "invalid mode", 3: "file not found", 4: "file locked",
		5: "too many open files", 6: "invalid handle", 7: "write block size", 8: "communications lost",
		9: "cannot abort",
	})
	t[16], t[17], t[18], t[19], t[20] = "not opened", "handle expired", "buffer overrun", "fatal error", "block sequence error"
	t[255] = "undefined error"
	return t
}()
