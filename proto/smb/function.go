package smb

import (
	"fmt"

	"github.com/bulkhead-ot/bulkhead/fact"
)

const name = "smb"

func function(code, title string, class fact.Class, object string) fact.Function {
	return fact.Function{Protocol: name, Code: code, Name: title, Class: class, Object: object}
}

// Packets that carry no command that can be seen.
var (
	sealed    = function("0xfd", "encrypted message", fact.Other, "")
	squeezed  = function("0xfc", "compressed message", fact.Other, "")
	nbRequest = function("0x81", "netbios session request", fact.Login, "")
	nbAlive   = function("0x85", "netbios session keep alive", fact.Diagnose, "")
)

// Commands of SMB 2 and 3 ([MS-SMB2] 2.2.1.2).
const (
	cmdNegotiate    = 0x00
	cmdSessionSetup = 0x01
	cmdTreeConnect  = 0x03
	cmdCreate       = 0x05
	cmdClose        = 0x06
	cmdFlush        = 0x07
	cmdRead         = 0x08
	cmdWrite        = 0x09
	cmdLock         = 0x0a
	cmdIoctl        = 0x0b
	cmdQueryDir     = 0x0e
	cmdNotify       = 0x0f
	cmdQueryInfo    = 0x10
	cmdSetInfo      = 0x11
	cmdOplockBreak  = 0x12
	commands2       = 0x14
)

var known2 = [commands2]fact.Function{
	{Name: "negotiate", Class: fact.Login}, {Name: "session setup", Class: fact.Login}, {Name: "logoff", Class: fact.Login},
	{Name: "tree connect", Class: fact.Login, Object: "share"}, {Name: "tree disconnect", Class: fact.Login, Object: "share"},
	{Name: "create", Class: fact.Read, Object: "file"}, {Name: "close", Class: fact.Other, Object: "file"},
	{Name: "flush", Class: fact.Other, Object: "file"}, {Name: "read", Class: fact.Read, Object: "file"},
	{Name: "write", Class: fact.Write, Object: "file"}, {Name: "lock", Class: fact.Other, Object: "file"},
	{Name: "ioctl", Class: fact.Other}, {Name: "cancel", Class: fact.Other}, {Name: "echo", Class: fact.Diagnose},
	{Name: "query directory", Class: fact.Read, Object: "directory"}, {Name: "change notify", Class: fact.Read, Object: "directory"},
	{Name: "query info", Class: fact.Read}, {Name: "set info", Class: fact.Write, Object: "file"}, {Name: "oplock break", Class: fact.Other},
	{Name: "server to client notification", Class: fact.Other},
}

// functions2 are the commands; pipes2 the same on a named pipe, where reading
// and writing only carry calls.
var functions2, pipes2 = func() (t, p [commands2]fact.Function) {
	for i, f := range known2 {
		f.Protocol, f.Code = name, fmt.Sprintf("0x%04x", i)
		t[i] = f
		f.Object = "named pipe"
		if f.Class == fact.Read || f.Class == fact.Write {
			f.Class = fact.Other
		}
		p[i] = f
	}
	return t, p
}()

// Uses of commands that differ in what they do.
var (
	createWrite  = function("0x0005", "create: new or overwritten", fact.Write, "file")
	createDelete = function("0x0005", "create: delete on close", fact.Write, "file")
	setRename    = function("0x0011", "set info: rename", fact.Write, "file")
	setDelete    = function("0x0011", "set info: delete", fact.Write, "file")
	setSecurity  = function("0x0011", "set info: security", fact.Configure, "file")
	unknown2     = function("other command", "command of no known specification", fact.Other, "")
)

// Commands of SMB 1 ([MS-CIFS] 2.2.2.1).
var functions1 = func() (t [256]fact.Function) {
	known := map[int]fact.Function{
		0x00: {Name: "create directory", Class: fact.Write, Object: "directory"}, 0x01: {Name: "delete directory", Class: fact.Write, Object: "directory"},
		0x02: {Name: "open", Class: fact.Read, Object: "file"}, 0x03: {Name: "create", Class: fact.Write, Object: "file"},
		0x04: {Name: "close", Class: fact.Other, Object: "file"}, 0x05: {Name: "flush", Class: fact.Other, Object: "file"},
		0x06: {Name: "delete", Class: fact.Write, Object: "file"}, 0x07: {Name: "rename", Class: fact.Write, Object: "file"},
		0x08: {Name: "query information", Class: fact.Read, Object: "file"}, 0x09: {Name: "set information", Class: fact.Write, Object: "file"},
		0x0a: {Name: "read", Class: fact.Read, Object: "file"}, 0x0b: {Name: "write", Class: fact.Write, Object: "file"},
		0x0c: {Name: "lock byte range", Object: "file"}, 0x0d: {Name: "unlock byte range", Object: "file"},
		0x0f: {Name: "create new", Class: fact.Write, Object: "file"}, 0x10: {Name: "check directory", Class: fact.Read, Object: "directory"},
		0x11: {Name: "process exit"}, 0x12: {Name: "seek", Object: "file"}, 0x22: {Name: "set information2", Class: fact.Write, Object: "file"},
		0x23: {Name: "query information2", Class: fact.Read, Object: "file"}, 0x24: {Name: "locking andx", Object: "file"},
		0x25: {Name: "transaction"}, 0x26: {Name: "transaction secondary"}, 0x2a: {Name: "move", Class: fact.Write, Object: "file"},
		0x2b: {Name: "echo", Class: fact.Diagnose}, 0x2d: {Name: "open andx", Class: fact.Read, Object: "file"},
		0x2e: {Name: "read andx", Class: fact.Read, Object: "file"}, 0x2f: {Name: "write andx", Class: fact.Write, Object: "file"},
		0x32: {Name: "transaction2"}, 0x33: {Name: "transaction2 secondary"}, 0x34: {Name: "find close2", Object: "directory"},
		0x70: {Name: "tree connect", Class: fact.Login, Object: "share"}, 0x71: {Name: "tree disconnect", Class: fact.Login, Object: "share"},
		0x72: {Name: "negotiate", Class: fact.Login}, 0x73: {Name: "session setup andx", Class: fact.Login}, 0x74: {Name: "logoff andx", Class: fact.Login},
		0x75: {Name: "tree connect andx", Class: fact.Login, Object: "share"}, 0x80: {Name: "query information disk", Class: fact.Read},
		0x81: {Name: "search", Class: fact.Read, Object: "directory"}, 0xa0: {Name: "nt transact"}, 0xa1: {Name: "nt transact secondary"},
		0xa2: {Name: "nt create andx", Class: fact.Read, Object: "file"}, 0xa4: {Name: "nt cancel"}, 0xa5: {Name: "nt rename", Class: fact.Write, Object: "file"},
		0xc0: {Name: "open print file", Class: fact.Write, Object: "printer"}, 0xc1: {Name: "write print file", Class: fact.Write, Object: "printer"},
	}
	for i := range t {
		f := known[i]
		f.Protocol, f.Code = name, fmt.Sprintf("0x%02x", i)
		if f.Name == "" {
			f.Name = "command " + f.Code
		}
		t[i] = f
	}
	return t
}()

// Uses of SMB 1 commands that differ in what they do.
var (
	ntCreateWrite  = function("0xa2", "nt create andx: new or overwritten", fact.Write, "file")
	ntCreateDelete = function("0xa2", "nt create andx: delete on close", fact.Write, "file")
	pipeTransact   = function("0x25", "transaction: named pipe", fact.Other, "named pipe")
	mailslotWrite  = function("0x25", "transaction: mailslot", fact.Data, "mailslot")
	lanman         = function("0x25", "transaction: remote administration", fact.Discover, "named pipe")
)

// trans2 are the subcommands of transaction2 ([MS-CIFS] 2.2.6).
var trans2 = func() (t [18]fact.Function) {
	known := [...]fact.Function{
		{Name: "open2", Class: fact.Read}, {Name: "find first2", Class: fact.Read}, {Name: "find next2", Class: fact.Read},
		{Name: "query fs information", Class: fact.Read}, {Name: "set fs information", Class: fact.Configure},
		{Name: "query path information", Class: fact.Read}, {Name: "set path information", Class: fact.Write},
		{Name: "query file information", Class: fact.Read}, {Name: "set file information", Class: fact.Write}, {Name: "fsctl"},
		{Name: "ioctl2"}, {Name: "find notify first"}, {Name: "find notify next"}, {Name: "create directory", Class: fact.Write},
		{Name: "session setup", Class: fact.Login}, {Name: "reserved"}, {Name: "get dfs referral", Class: fact.Discover},
		{Name: "report dfs inconsistency"},
	}
	for i, f := range known {
		t[i] = function("0x32", "transaction2: "+f.Name, f.Class, "file")
	}
	return t
}()

func allFunctions() []fact.Function {
	fs := append([]fact.Function{sealed, squeezed, nbRequest, nbAlive}, functions2[:]...)
	fs = append(fs, createWrite, createDelete, setRename, setDelete, setSecurity)
	for i := range functions1 {
		if f := functions1[i]; f.Name != "command "+f.Code {
			fs = append(fs, f)
		}
	}
	fs = append(fs, ntCreateWrite, ntCreateDelete, pipeTransact, mailslotWrite, lanman)
	return append(fs, trans2[:]...)
}
