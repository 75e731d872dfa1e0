package capture_test

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"

	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// FuzzOpen reads anything at all. It must end, in the same way however it is
// cut, with packets that keep the promises of Packet.
func FuzzOpen(f *testing.F) {
	for _, c := range formats {
		if len(c.file) < 4096 {
			f.Add(c.file)
		}
	}
	f.Add(gzipped(formats[0].file))
	f.Add(zstded(formats[0].file))
	f.Fuzz(func(t *testing.T, b []byte) {
		got := drain(capture.NewReader("x", bytes.NewReader(b)))
		if got.err != nil {
			t.Fatal(got.err)
		}
		same(t, "halves", got, drain(capture.NewReader("x", iotest.HalfReader(bytes.NewReader(b)))))
		src := capture.NewReader("x", bytes.NewReader(b))
		blk := capture.NewBlock(0)
		frame, n := uint64(0), uint64(0)
		for {
			err := src.Next(blk)
			if err == io.EOF {
				break
			}
			for _, p := range blk.Packets {
				if int(p.Wire) < len(p.Data) || p.Frame <= frame || !p.Link.Supported() || p.HasVLAN {
					t.Fatalf("%+v after frame %d", p, frame)
				}
				frame = p.Frame
				n++
			}
		}
		if i := src.Sources()[0]; i.Packets != n || i.Read > int64(len(b)) || i.First > i.Last && i.Last != 0 {
			t.Fatalf("%+v", i)
		}
	})
}
