//go:build unix

package capture

import (
	"context"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// standardInput reads os.Stdin, and gives up waiting for it when ctx is done:
// a blocked read(2) cannot be called off.
func standardInput(ctx context.Context) io.Reader { return &patient{ctx, os.Stdin} }

type patient struct {
	ctx context.Context
	f   *os.File
}

func (p *patient) Read(b []byte) (int, error) {
	fds := []unix.PollFd{{Fd: int32(p.f.Fd()), Events: unix.POLLIN}}
	for {
		if err := p.ctx.Err(); err != nil {
			return 0, err
		}
		n, err := unix.Poll(fds, 200)
		if n > 0 || err != nil && err != unix.EINTR {
			return p.f.Read(b)
		}
	}
}
