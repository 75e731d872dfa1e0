package capture

import "context"

// LiveOptions say how OpenLive captures; the zero value is what most want.
type LiveOptions struct {
	// Context ends the capture; nil means that Close does.
	Context context.Context
	// Sockets is how many sources share the traffic, flow by flow; 0 means 1.
	Sockets int
	// RingBytes is the memory of all sockets together that holds packets while
	// nobody reads them; 0 means DefaultRing.
	RingBytes int
	// NoPromiscuous takes only what is addressed to the interface itself.
	NoPromiscuous bool
	// IgnoreOutgoing leaves out what this machine sends, as is right for the
	// port that a switch mirrors to.
	IgnoreOutgoing bool
	// WaitUp goes on when the interface goes down and comes up again. Without it
	// that is an error.
	WaitUp bool
}

// DefaultRing is the size of the ring for live capture in bytes.
const DefaultRing = 128 << 20
