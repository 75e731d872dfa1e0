// Package fact holds the three kinds of statement that packets, log lines and
// queries allow: an identity (an attribute of an asset), an operation (a
// protocol action from client to server) and a flow (who exchanged how much
// with whom, when). It imports nothing of ours; everything else speaks it.
package fact

// Class says what an operation does to the plant, whatever its protocol.
type Class uint8

// The operation classes, mildest first within each group.
const (
	Other     Class = iota // none of the below, or not known
	Read                   // reads process or device data
	Write                  // changes process data
	Control                // start, stop, reset, mode, force, operate
	Program                // download, upload, edit or delete of a program
	Firmware               // transfer or activation of firmware
	Configure              // addresses, passwords, clock, alarm limits
	Login                  // opens, authenticates or closes a session
	Discover               // finds devices or browses what they offer
	Diagnose               // reads or resets diagnostics, echoes
	Data                   // cyclic or spontaneous process data
	nClasses
)

var classNames = [nClasses]string{
	"other", "read", "write", "control", "program", "firmware",
	"configure", "login", "discover", "diagnose", "data",
}

func (c Class) String() string {
	if c < nClasses {
		return classNames[c]
	}
	return "other"
}

// MarshalText writes the class by its name.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Function is what one code of a protocol means. Dissectors keep their
// functions in tables and hand on pointers into them; two functions are the
// same when all fields are.
type Function struct {
	Protocol string // name of the protocol, such as "modbus"
	Code     string // the protocol's own number as its specification writes it: "3", "0x04", "confirmed 12"
	Name     string // what the specification calls it, in lower case: "read holding registers"
	Class    Class
	Object   string // kind of thing acted on, of few values: "holding registers", "class 0x6b symbol"; or ""
	Reply    bool   // the code belongs to an answer and is also counted as response of the request's function
}

// Kind is the part that a message plays in an operation.
type Kind uint8

// The kinds of message.
const (
	Request  Kind = iota // asks; an answer may follow
	Response             // answers
	Notice               // is sent without being asked and needs no answer: reports, cyclic data, advertisements
)

var kindNames = [...]string{"request", "response", "notice"}

func (k Kind) String() string { return kindNames[k] }

// Target is the very thing that an operation acts on, as numbers where the
// protocol has numbers, so that no text is made per message.
type Target struct {
	Unit  uint32 // unit, station, common address, DB number, namespace, slot; 0 if none
	First uint64 // first address, index, instance or numeric id
	Count uint32 // how many from First on; 0 if not a range
	Name  []byte // tag, topic, node id, file: borrowed from the packet; or nil
	Set   bool   // the target is given at all
}

// ValueKind tells how the bits of a Value are meant.
type ValueKind uint8

// The kinds of value.
const (
	NoValue ValueKind = iota
	Bool
	Int   // two's complement in Bits
	Uint  // Bits
	Float // IEEE 754 double in Bits
	Text  // Raw is UTF-8 or near it
	Bytes // Raw is as on the wire
)

// Value is what was read, written or reported.
type Value struct {
	Kind ValueKind
	Bits uint64
	Raw  []byte // borrowed from the packet
}

// Operation is one message of a protocol action. It is borrowed: whoever
// wants to keep it copies it.
type Operation struct {
	*Function
	Answers *Function // for a Response whose code is its own: the function of the request; else nil
	Kind    Kind
	Failed  bool   // a Response that reports failure, or a request that is refused in itself
	Status  string // what the answer says of a failure, in the specification's words; static text
	Target  Target
	Value   Value
	Count   uint32 // how many of the same the message holds; 0 means 1
}
