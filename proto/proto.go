// Package proto is the contract between the sensor and the dissectors. A
// protocol is a value of type Protocol in a folder of its own; the sensor
// recognises it in a flow, opens a Session and hands it the bytes.
package proto

import "github.com/bulkhead-ot/bulkhead/fact"

// Depth says how far a dissector goes.
type Depth uint8

// Depths, to be combined.
const (
	Recognised Depth = 1 << iota // told apart from others
	Operations                   // code, function, class, object, outcome
	Values                       // values read, written or reported
	Identity                     // what devices say about themselves
	Sessions                     // who, how secured, with what outcome
)

var depthNames = []string{"recognised", "operations", "values", "identity", "sessions"}

// Names lists what d includes, in a fixed order.
func (d Depth) Names() []string {
	var s []string
	for i, n := range depthNames {
		if d&(1<<i) != 0 {
			s = append(s, n)
		}
	}
	return s
}

// Carrier is what a protocol rides on.
type Carrier uint8

// The carriers. The numbers that go with them: TCP and UDP ports, EtherTypes,
// LLC DSAPs, SNAP protocol ids (OUI<<16 | PID), IP protocol numbers.
const (
	TCP Carrier = iota
	UDP
	Ethernet
	LLC
	SNAP
	IP
)

var carrierNames = [...]string{"tcp", "udp", "ethernet", "llc", "snap", "ip"}

func (c Carrier) String() string { return carrierNames[c] }

// On says where a protocol is usually met. No numbers: anywhere on that
// carrier, found by content alone.
type On struct {
	Carrier Carrier
	Numbers []uint32
}

// Verdict is what Recognise thinks of some bytes.
type Verdict uint8

// The verdicts.
const (
	No     Verdict = iota // not this protocol
	More                  // too few bytes to say (TCP: wait; else the same as No)
	Likely                // could be: believed on the protocol's own port only
	Yes                   // the content leaves no reasonable doubt: believed on any port
)

// Hint is what is known about the bytes besides the bytes.
type Hint struct {
	Carrier          Carrier
	SrcPort, DstPort uint16 // TCP and UDP; else 0
	OnPort           bool   // one of the ports (or the EtherType, SAP, ...) is the protocol's own
	FromClient       bool   // sent by the side that opened the connection (only when Opened)
	Opened           bool   // the opening of the connection was seen (TCP)
}

// Protocol describes one protocol and makes its dissector. Its fields are its
// manual page: the command line, the handbook and the UI print them.
type Protocol struct {
	Name  string // short, lower case, as Wireshark or the field calls it: "modbus", "s7comm"
	Title string // in full: "Modbus/TCP"
	About string // two or three plain sentences: what it is for, who speaks it in a plant, why it matters to security
	Spec  string // specification with edition
	Limit string // what the dissector leaves out; "" if nothing
	Depth Depth
	On    []On

	// Recognise looks at the first bytes that one side sent (TCP: from the
	// beginning of the stream, or of a segment when the beginning was not
	// seen; else: one datagram). It keeps nothing and does not allocate.
	Recognise func(b []byte, h Hint) Verdict

	// New makes the state for one flow. The sensor reuses it through Reset.
	New func() Session

	// MaxMessage bounds one message in a TCP stream, in bytes; 0 means 64 KiB.
	MaxMessage int

	// Functions are the codes that the dissector knows, for the handbook.
	Functions func() []fact.Function
}

// Session is the state of one protocol in one flow, for both directions.
type Session interface {
	// Parse reads one message from the front of b, which was sent in
	// direction c.Dir, says what it means through c, and returns its length.
	// A datagram or frame may hold several messages: Parse is called until
	// nothing is left. In a TCP stream, 0 and an error that is wire.ErrShort
	// say that the message is not complete: Parse is called again with the
	// same bytes and more. Nothing may be reported before it is complete. A
	// field that is short inside a complete message is malformed: return the
	// message's length with the error, or an error of your own.
	//
	// Any other error says that the bytes are malformed. With n > 0 the
	// sensor skips n bytes and goes on; with n == 0 it drops what it has of
	// this direction and looks for the next place where Recognise agrees.
	//
	// Parse does not keep b and does not allocate for messages of a kind it
	// has seen before. It never panics.
	Parse(c *Context, b []byte) (n int, err error)

	// Gap tells that bytes of direction d were lost: half-read messages and
	// pending requests of that direction are to be forgotten.
	Gap(d Dir)

	// Reset makes the session as new, for the next flow.
	Reset()
}
