package simulate

import (
	"bufio"
	"io"
	"sync/atomic"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// maker composes packets one after another, in the order of time.
type maker interface {
	// next appends a packet to buf. It returns the time since Start, and false
	// when there is no more.
	next(buf []byte) (at time.Duration, b []byte, more bool)
}

// Stream is traffic that is composed while it is read, in bounded memory. It is
// a capture.Source; Write puts it into a file instead.
type Stream struct {
	name    string
	maker   maker
	packets atomic.Uint64
	bytes   atomic.Uint64
	last    atomic.Int64
	done    bool
}

// Next refills a block of packets.
func (s *Stream) Next(b *capture.Block) error {
	b.Release()
	if s.done {
		return io.EOF
	}
	// The packets of earlier blocks may still be in use, so each block has memory
	// of its own.
	buf := make([]byte, 0, 512<<10)
	const room = 2048 // for the longest packet
	frame := s.packets.Load()
	for len(b.Packets) < capture.MaxBatch && cap(buf)-len(buf) > room {
		was := len(buf)
		at, after, more := s.maker.next(buf)
		if !more {
			s.done = true
			break
		}
		buf = after
		frame++
		b.Packets = append(b.Packets, capture.Packet{Data: buf[was:len(buf):len(buf)], Time: Start.Add(at).UnixNano(),
			Wire: uint32(len(buf) - was), Link: capture.Ethernet, Frame: frame})
	}
	if len(b.Packets) == 0 {
		return io.EOF
	}
	s.packets.Store(frame)
	s.bytes.Add(uint64(len(buf)))
	s.last.Store(b.Packets[len(b.Packets)-1].Time)
	return nil
}

// Sources describes the stream.
func (s *Stream) Sources() []capture.Info {
	return []capture.Info{{Name: s.name, Format: "simulated", LinkType: capture.Ethernet.String(), Packets: s.packets.Load(),
		Bytes: s.bytes.Load(), First: Start.UnixNano(), Last: s.last.Load(), Size: -1}}
}

// Close does nothing: there is nothing to free.
func (s *Stream) Close() error { return nil }

// Write writes all packets as a capture file.
func (s *Stream) Write(w io.Writer) error {
	b := bufio.NewWriterSize(w, 1<<20)
	c := capture.NewWriter(b, capture.Ethernet)
	buf := make([]byte, 0, 4096)
	start := Start.UnixNano()
	var packets, bytes uint64
	for {
		at, p, more := s.maker.next(buf[:0])
		if !more {
			break
		}
		if err := c.Write(start+int64(at), p); err != nil {
			return err
		}
		packets++
		bytes += uint64(len(p))
	}
	s.packets.Add(packets)
	s.bytes.Add(bytes)
	s.done = true
	return b.Flush()
}
