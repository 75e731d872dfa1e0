package capture

import (
	"bytes"
	"errors"
	"io"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds the memory for decompressing one file: the window that
// zstd -d accepts without being asked, too.
const maxWindow = 128 << 20

// counter counts what is read from the file itself.
type counter struct {
	r io.Reader
	n atomic.Int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// unpack looks at the first bytes of r and returns the decompressed input.
// drop frees the decompressor.
func unpack(r io.Reader) (plain io.Reader, via string, drop func(), err error) {
	head := make([]byte, 4)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, "", nil, err
	}
	head = head[:n]
	whole := io.MultiReader(bytes.NewReader(head), r)
	switch via = packing(head); via {
	case "gzip":
		z, err := gzip.NewReader(whole)
		if err != nil {
			return nil, via, nil, err
		}
		return z, via, func() { _ = z.Close() }, nil
	case "zstd":
		z, err := zstd.NewReader(whole, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, via, nil, err
		}
		return z, via, z.Close, nil
	}
	return whole, "", func() {}, nil
}

// unpackText says why decompressing ended; cut tells that the input ended too
// early rather than being damaged.
func unpackText(err error) (text string, cut bool) {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "", true
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return "needs more than 128 MiB of memory to decompress; compress it without --long and --ultra", false
	}
	return err.Error(), false
}
