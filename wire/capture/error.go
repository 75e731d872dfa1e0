package capture

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// What an Error is worth, for errors.Is. An Error is exactly one of the two.
var (
	// ErrPart says that some packets of the input were read, not all.
	ErrPart = errors.New("read only in part")
	// ErrNothing says that no packet of the input was read.
	ErrNothing = errors.New("nothing was read")
)

// errForeign is the cause when an input is no capture. In a folder such files
// are passed over.
var errForeign = errors.New("not a capture")

// Error is what is wrong with one input, in one line.
type Error struct {
	Name string // file, folder or interface
	Text string // what is wrong, where, and the remedy
	At   int64  // offset of the damage in the file, decompressed; -1 if that says nothing
	Read uint64 // packets that were read from the input
	Err  error  // cause; may be nil
}

func (e *Error) Error() string { return printable(e.Name) + ": " + e.Text }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is tells ErrPart from ErrNothing.
func (e *Error) Is(target error) bool {
	return target == ErrPart && e.Read > 0 || target == ErrNothing && e.Read == 0
}

// Outcome sums up what was read: nil for everything, else an error that is
// ErrPart or ErrNothing (to errors.Is) and names the first problem.
func Outcome(sources []Info) error {
	var first error
	var packets uint64
	for _, s := range sources {
		packets += s.Packets
		if first == nil {
			first = s.Err
		}
	}
	switch {
	case first == nil:
		return nil
	case packets > 0:
		return fmt.Errorf("%w: %v", ErrPart, first)
	}
	return fmt.Errorf("%w: %v", ErrNothing, first)
}

// printable returns a name fit for one line of a terminal.
func printable(name string) string {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}
