//go:build !unix

package capture

import (
	"context"
	"io"
	"os"
)

// standardInput reads os.Stdin.
func standardInput(context.Context) io.Reader { return os.Stdin }
