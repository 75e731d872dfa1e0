//go:build !linux

package capture

import (
	"errors"
	"io"
)

var errNoLive = errors.New("live capture works on Linux only; record with another program and read the file, or - for standard input")

// Live is a capturing socket. It exists on Linux only.
type Live struct{}

// OpenLive says that this system cannot capture.
func OpenLive(string, LiveOptions) ([]*Live, error) { return nil, errNoLive }

// Next implements Source.
func (*Live) Next(*Block) error { return io.EOF }

// Sources implements Source.
func (*Live) Sources() []Info { return nil }

// Close implements Source.
func (*Live) Close() error { return nil }

// DropPrivileges says that this system cannot do it.
func DropPrivileges(string) error { return errNoLive }
