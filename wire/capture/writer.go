package capture

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Writer writes a pcap file with nanoseconds. It does not buffer: each packet is
// one Write.
type Writer struct {
	w   io.Writer
	buf []byte
	err error
}

// NewWriter writes the header of the file. An error of it is what Write returns.
func NewWriter(w io.Writer, link LinkType) *Writer {
	le := binary.LittleEndian
	h := le.AppendUint32(nil, magicNano)
	h = le.AppendUint16(h, 2) // version 2.4
	h = le.AppendUint16(h, 4)
	h = append(h, make([]byte, 8)...)
	h = le.AppendUint32(h, MaxPacket)
	h = le.AppendUint32(h, uint32(link))
	_, err := w.Write(h)
	return &Writer{w: w, err: err}
}

// Write adds a packet with its time in ns since 1970 UTC; pcap ends in 2106. The
// first error stays.
func (w *Writer) Write(time int64, data []byte) error {
	if w.err != nil {
		return w.err
	}
	if time < 0 || time/1e9 > math.MaxUint32 {
		return fmt.Errorf("pcap cannot hold the time %d ns", time)
	}
	if len(data) > MaxPacket {
		return fmt.Errorf("a packet of %d bytes is longer than pcap readers take (%d)", len(data), MaxPacket)
	}
	le := binary.LittleEndian
	b := le.AppendUint32(w.buf[:0], uint32(time/1e9))
	b = le.AppendUint32(b, uint32(time%1e9))
	b = le.AppendUint32(b, uint32(len(data)))
	b = le.AppendUint32(b, uint32(len(data)))
	w.buf = append(b, data...)
	_, w.err = w.w.Write(w.buf)
	return w.err
}
