// Package msrpc holds what the remote procedure calls of Windows mean:
// interfaces by their UUID and the operations that matter to the security of a
// plant, from the Windows protocol documents ([MS-SCMR], [MS-TSCH], [MS-SAMR],
// [MS-DCOM], ...) and the OPC Classic specifications. It follows one
// association at a time; how PDUs look is package dcerpc's affair.
package msrpc

import (
	"strconv"

	"github.com/bulkhead-ot/bulkhead/wire/dcerpc"
)

// Effect says what an operation does; the letters are those of Interface.Calls.
type Effect byte

// The effects.
const (
	Other     Effect = '-'
	Read      Effect = 'r'
	Write     Effect = 'w'
	Control   Effect = 'c'
	Program   Effect = 'p'
	Configure Effect = 'f'
	Login     Effect = 'l'
	Discover  Effect = 'd'
	Diagnose  Effect = 'g'
	Data      Effect = '~'
)

// Call is one operation of an interface.
type Call struct {
	Op     uint16
	Name   string
	Effect Effect
}

// Interface is a known interface.
type Interface struct {
	ID     dcerpc.UUID
	Name   string // short, as the field calls it
	Effect Effect // of operations that Calls does not name
	Calls  []Call
}

// Unknown is the index of interfaces that are not in the table.
const Unknown = 0

// Index finds an interface by its UUID, or gives Unknown.
func Index(id dcerpc.UUID) uint16 { return byID[id] }

// Name is the name of interface i.
func Name(i uint16) string { return Interfaces[min(int(i), len(Interfaces)-1)].Name }

// Lookup names operation op of interface i. It allocates for unknown ones:
// call it once per pair.
func Lookup(i, op uint16) (name string, effect Effect) {
	f := &Interfaces[min(int(i), len(Interfaces)-1)]
	for _, c := range f.Calls {
		if c.Op == op {
			return c.Name, c.Effect
		}
	}
	return f.Name + " operation " + strconv.Itoa(int(op)), f.Effect
}

var byID = func() map[dcerpc.UUID]uint16 {
	m := make(map[dcerpc.UUID]uint16, len(Interfaces))
	for i, f := range Interfaces[1:] {
		m[f.ID] = uint16(i + 1)
	}
	return m
}()

// slots is how many contexts and open calls of an association are remembered.
const slots = 16

// Association follows one connection or pipe. The zero value is a new one.
type Association struct {
	contexts [slots]struct {
		id, iface uint16
		used      bool
	}
	nextContext int
	calls       [slots]struct {
		id        uint32
		iface, op uint16
		used      bool
	}
	nextCall int
}

// Bind records the contexts that p, a Bind or AlterContext, offers, and
// returns the interface of the last one.
func (a *Association) Bind(p *dcerpc.CO) (iface uint16) {
	cs := p.Contexts()
	for range slots {
		x, ok := cs.Next()
		if !ok {
			break
		}
		iface = Index(x.Interface.ID)
		a.set(x.ID, iface)
	}
	return iface
}

func (a *Association) set(id, iface uint16) {
	at := a.nextContext % slots
	for i := range a.contexts {
		if c := &a.contexts[i]; c.used && c.id == id {
			at = i
		}
	}
	if !a.contexts[at].used || a.contexts[at].id != id {
		a.nextContext++
	}
	a.contexts[at].id, a.contexts[at].iface, a.contexts[at].used = id, iface, true
}

// Request records a call and returns its interface.
func (a *Association) Request(call uint32, context, op uint16) (iface uint16) {
	for i := range a.contexts {
		if c := &a.contexts[i]; c.used && c.id == context {
			iface = c.iface
		}
	}
	c := &a.calls[a.nextCall%slots]
	a.nextCall++
	c.id, c.iface, c.op, c.used = call, iface, op, true
	return iface
}

// Answer gives interface and operation of the call that an answer belongs to.
func (a *Association) Answer(call uint32) (iface, op uint16, ok bool) {
	for i := range a.calls {
		if c := &a.calls[i]; c.used && c.id == call {
			c.used = false
			return c.iface, c.op, true
		}
	}
	return Unknown, 0, false
}

// Fault names a fault status (C706, appendix N; [MS-ERREF]).
func Fault(status uint32) string {
	switch status {
	case 5:
		return "access denied"
	case 0x1c010002:
		return "operation out of range"
	case 0x1c010003:
		return "unknown interface"
	case 0x1c00000b:
		return "server too busy"
	case 0x1c010006, 0x6f7:
		return "stub data not understood"
	case 0x1c00001a:
		return "context mismatch"
	case 0x8001011c, 0x80010108:
		return "object is disconnected"
	case 0x80070005:
		return "access denied"
	}
	return "fault"
}
