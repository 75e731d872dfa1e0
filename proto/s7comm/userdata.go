package s7comm

import (
	"fmt"
	"strconv"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// Function groups of ROSCTR 7.
const (
	groupMode       = 0
	groupProgrammer = 1
	groupCyclic     = 2
	groupBlocks     = 3
	groupCPU        = 4
	groupSecurity   = 5
	groupBSend      = 6
	groupTime       = 7
	groupNC         = 15
	groupNCLong     = 63 // NC programming with the long form of the type bits
)

// subfunction is one function of a group.
type subfunction struct {
	group, sub uint8
	f          fact.Function
}

// userdata are the functions of ROSCTR 7, ordered by group and subfunction.
var userdata = userdataTable([]subfunction{
	{groupMode, 0, fact.Function{Name: "mode transition: stop", Class: fact.Diagnose}},
	{groupMode, 1, fact.Function{Name: "mode transition: warm restart", Class: fact.Diagnose}},
	{groupMode, 2, fact.Function{Name: "mode transition: run", Class: fact.Diagnose}},
	{groupMode, 3, fact.Function{Name: "mode transition: hot restart", Class: fact.Diagnose}},
	{groupMode, 4, fact.Function{Name: "mode transition: hold", Class: fact.Diagnose}},
	{groupMode, 6, fact.Function{Name: "mode transition: cold restart", Class: fact.Diagnose}},
	{groupMode, 9, fact.Function{Name: "mode transition: run redundant", Class: fact.Diagnose}},
	{groupMode, 11, fact.Function{Name: "mode transition: link-up", Class: fact.Diagnose}},
	{groupMode, 12, fact.Function{Name: "mode transition: update", Class: fact.Diagnose}},

	{groupProgrammer, 1, fact.Function{Name: "block status", Class: fact.Diagnose}},
	{groupProgrammer, 2, fact.Function{Name: "variable status", Class: fact.Read, Object: "variable table"}},
	{groupProgrammer, 3, fact.Function{Name: "output interrupt stack", Class: fact.Diagnose}},
	{groupProgrammer, 4, fact.Function{Name: "output block stack", Class: fact.Diagnose}},
	{groupProgrammer, 5, fact.Function{Name: "output local data stack", Class: fact.Diagnose}},
	{groupProgrammer, 6, fact.Function{Name: "measure run time", Class: fact.Diagnose}},
	{groupProgrammer, 7, fact.Function{Name: "force selection", Class: fact.Control, Object: "forced variables"}},
	{groupProgrammer, 8, fact.Function{Name: "modify variable", Class: fact.Write, Object: "variable table"}},
	{groupProgrammer, 9, fact.Function{Name: "force", Class: fact.Control, Object: "forced variables"}},
	{groupProgrammer, 10, fact.Function{Name: "breakpoint", Class: fact.Control}},
	{groupProgrammer, 11, fact.Function{Name: "exit hold", Class: fact.Control}},
	{groupProgrammer, 12, fact.Function{Name: "memory reset", Class: fact.Control}},
	{groupProgrammer, 13, fact.Function{Name: "disable job", Class: fact.Diagnose}},
	{groupProgrammer, 14, fact.Function{Name: "enable job", Class: fact.Diagnose}},
	{groupProgrammer, 15, fact.Function{Name: "delete job", Class: fact.Diagnose}},
	{groupProgrammer, 16, fact.Function{Name: "read job list", Class: fact.Diagnose}},
	{groupProgrammer, 17, fact.Function{Name: "read job", Class: fact.Diagnose}},
	{groupProgrammer, 18, fact.Function{Name: "replace job", Class: fact.Diagnose}},
	{groupProgrammer, 19, fact.Function{Name: "block status, version 2", Class: fact.Diagnose}},
	{groupProgrammer, 22, fact.Function{Name: "flash led", Class: fact.Discover}},

	{groupCyclic, 1, fact.Function{Name: "cyclic transfer", Class: fact.Data}},
	{groupCyclic, 4, fact.Function{Name: "unsubscribe", Class: fact.Data}},
	{groupCyclic, 5, fact.Function{Name: "change-driven transfer", Class: fact.Data}},
	{groupCyclic, 7, fact.Function{Name: "modify change-driven transfer", Class: fact.Data}},
	{groupCyclic, 8, fact.Function{Name: "read record", Class: fact.Read}},

	{groupBlocks, 1, fact.Function{Name: "list blocks", Class: fact.Discover, Object: "block"}},
	{groupBlocks, 2, fact.Function{Name: "list blocks of type", Class: fact.Discover, Object: "block"}},
	{groupBlocks, 3, fact.Function{Name: "get block info", Class: fact.Discover, Object: "block"}},

	{groupCPU, 1, fact.Function{Name: "read szl", Class: fact.Diagnose, Object: "system status list"}},
	{groupCPU, 2, fact.Function{Name: "message service", Class: fact.Diagnose, Object: "alarms"}},
	{groupCPU, 3, fact.Function{Name: "diagnostic message", Class: fact.Diagnose, Object: "diagnostic buffer"}},
	{groupCPU, 5, fact.Function{Name: "alarm_8 indication", Class: fact.Data, Object: "alarms"}},
	{groupCPU, 6, fact.Function{Name: "notify indication", Class: fact.Data, Object: "alarms"}},
	{groupCPU, 7, fact.Function{Name: "alarm_8 lock", Class: fact.Configure, Object: "alarms"}},
	{groupCPU, 8, fact.Function{Name: "alarm_8 unlock", Class: fact.Configure, Object: "alarms"}},
	{groupCPU, 9, fact.Function{Name: "scan indication", Class: fact.Data, Object: "alarms"}},
	{groupCPU, 11, fact.Function{Name: "alarm acknowledge", Class: fact.Control, Object: "alarms"}},
	{groupCPU, 12, fact.Function{Name: "alarm acknowledge indication", Class: fact.Data, Object: "alarms"}},
	{groupCPU, 13, fact.Function{Name: "alarm lock indication", Class: fact.Data, Object: "alarms"}},
	{groupCPU, 14, fact.Function{Name: "alarm unlock indication", Class: fact.Data, Object: "alarms"}},
	{groupCPU, 17, fact.Function{Name: "alarm_sq indication", Class: fact.Data, Object: "alarms"}},
	{groupCPU, 18, fact.Function{Name: "alarm_s indication", Class: fact.Data, Object: "alarms"}},
	{groupCPU, 19, fact.Function{Name: "alarm query", Class: fact.Diagnose, Object: "alarms"}},
	{groupCPU, 22, fact.Function{Name: "notify_8 indication", Class: fact.Data, Object: "alarms"}},

	{groupSecurity, 1, fact.Function{Name: "plc password", Class: fact.Login, Object: "protection level"}},
	{groupSecurity, 2, fact.Function{Name: "end of plc password", Class: fact.Login, Object: "protection level"}},

	{groupTime, 1, fact.Function{Name: "read clock", Class: fact.Diagnose, Object: "clock"}},
	{groupTime, 2, fact.Function{Name: "set clock", Class: fact.Configure, Object: "clock"}},
	{groupTime, 3, fact.Function{Name: "read clock, following", Class: fact.Diagnose, Object: "clock"}},
	{groupTime, 4, fact.Function{Name: "set clock, following", Class: fact.Configure, Object: "clock"}},

	{groupNC, 1, fact.Function{Name: "nc request download", Class: fact.Program, Object: "nc program"}},
	{groupNC, 2, fact.Function{Name: "nc download block", Class: fact.Program, Object: "nc program"}},
	{groupNC, 3, fact.Function{Name: "nc continue download", Class: fact.Program, Object: "nc program"}},
	{groupNC, 4, fact.Function{Name: "nc download ended", Class: fact.Program, Object: "nc program"}},
	{groupNC, 6, fact.Function{Name: "nc start upload", Class: fact.Program, Object: "nc program"}},
	{groupNC, 7, fact.Function{Name: "nc upload", Class: fact.Program, Object: "nc program"}},
	{groupNC, 8, fact.Function{Name: "nc continue upload", Class: fact.Program, Object: "nc program"}},
})

func userdataCode(group, sub uint8) string {
	return "userdata " + strconv.Itoa(int(group)) + "." + strconv.Itoa(int(sub))
}

func userdataTable(t []subfunction) []subfunction {
	for i := range t {
		t[i].f.Protocol, t[i].f.Code = name, userdataCode(t[i].group, t[i].sub)
	}
	return t
}

// keys is the dissector's range of proto.Context.Func.
var keys = proto.KeySpace(name)

// userdataFunction finds what a group and subfunction mean; unknown ones get
// a function of their own.
func userdataFunction(c *proto.Context, group, sub uint8) *fact.Function {
	lo, hi := 0, len(userdata)
	for lo < hi {
		m := (lo + hi) / 2
		u := &userdata[m]
		switch {
		case u.group == group && u.sub == sub:
			return &u.f
		case u.group < group || u.group == group && u.sub < sub:
			lo = m + 1
		default:
			hi = m
		}
	}
	return c.Func(keys|uint64(group)<<8|uint64(sub), unknownUserdata)
}

const resultKey = 1 << 16

// result is what the controller sends of its own accord when a test function
// runs: it changes nothing, whatever the function that ordered it does.
func result(key uint64) fact.Function {
	f := unknownUserdata(key)
	for i := range userdata {
		if u := &userdata[i]; u.group == uint8(key>>8) && u.sub == uint8(key) {
			f = u.f
		}
	}
	f.Name, f.Class = f.Name+": result", fact.Diagnose
	return f
}

func unknownUserdata(key uint64) fact.Function {
	group, sub := uint8(key>>8), uint8(key)
	f := fact.Function{Protocol: name, Code: userdataCode(group, sub), Name: fmt.Sprintf("function group %d, subfunction %d", group, sub)}
	switch group {
	case groupBSend:
		f.Name, f.Class, f.Object = "block send", fact.Data, objBSend
	case groupNC:
		f.Class = fact.Program
	}
	return f
}

// Types of a userdata message: the upper bits of the byte before the subfunction.
const (
	typePush     = 0
	typeRequest  = 4
	typeResponse = 8
)

// unit is the head of a userdata message.
type unit struct {
	typ, group, sub uint8
	sequence        uint8
	reference       uint8 // of the data unit, when the answer comes in several
	more            bool  // the answer goes on in another data unit
	status          uint16
}

// userdataHead reads the parameters. NC programming uses two more bits of the
// type for its group (types 3, 7 and 11).
func userdataHead(r *wire.Reader) (u unit) {
	r.Skip("parameter head, length, method", 5)
	tg := r.U8("type and function group")
	u.sub = r.U8("subfunction")
	u.sequence = r.U8("sequence")
	u.typ, u.group = tg>>4, tg&0x0f
	if u.typ&3 == 3 {
		u.typ &^= 3
	}
	if r.Len() >= 4 {
		u.reference = r.U8("data unit reference")
		u.more = r.U8("last data unit") != 0
		u.status = r.U16("error code")
	}
	return u
}

func (s *session) userdata(c *proto.Context, m *message) error {
	r := wire.NewReader(m.param)
	u := userdataHead(&r)
	if err := r.Err(); err != nil {
		return err
	}
	f := userdataFunction(c, u.group, u.sub)
	if u.typ == typePush && u.group == groupProgrammer {
		f = c.Func(keys|resultKey|uint64(u.group)<<8|uint64(u.sub), result)
	}
	kind := fact.Notice
	switch u.typ {
	case typeRequest:
		kind = fact.Request
	case typeResponse:
		kind = fact.Response
	}
	s.settleUserdata(c, u.group, kind)
	e := s.envelope(m.data)
	t := s.userdataSaid(c, &u, kind, &e)
	if kind == fact.Response && !t.Set {
		if p, ok := s.recall(c.Dir.Other(), m.reference); ok && p.function == f {
			t = s.again(p)
		}
	}
	if kind == fact.Request {
		s.remember(c.Dir, m.reference, pending{function: f, target: t, block: s.block})
	}
	op := c.Op(f, kind)
	op.Target = t
	if kind == fact.Response {
		op.Failed, op.Status = outcome(u.status, e)
	}
	c.Emit()
	return nil
}

// settleUserdata learns who is the client where the message proves it. Block
// send goes either way.
func (s *session) settleUserdata(c *proto.Context, group uint8, k fact.Kind) {
	if group != groupBSend {
		s.settle(c, k == fact.Request)
	}
}

// envelope is the data part of a userdata message: return code, transport
// size, length, bytes.
type envelope struct {
	present bool
	code    uint8
	body    []byte
}

func (s *session) envelope(data []byte) (e envelope) {
	if len(data) < 4 {
		return e
	}
	r := wire.NewReader(data)
	e.code = r.U8("return code")
	size := r.U8("transport size")
	n := dataLength(size, int(r.U16("length")))
	e.present = true
	e.body = r.Peek()
	if n < len(e.body) {
		e.body = e.body[:n]
	}
	return e
}

// outcome decides whether an answer refuses: by the error code of its
// parameters, else by the return code of its data. 0x0a without error code
// says only that there is no data.
func outcome(status uint16, e envelope) (bool, string) {
	if status != 0 {
		return true, statusText(status)
	}
	if e.present && e.code != retOK && e.code != retNoObject {
		return true, returnText(e.code)
	}
	return false, ""
}
