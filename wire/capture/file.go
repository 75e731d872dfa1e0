package capture

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// firstRead is how much of a file is read at first.
const firstRead = 256 << 10

// decoder turns the bytes of one format into packets.
type decoder interface {
	// start reads the header of the file from its first sectionHeader bytes, or
	// fewer if it is shorter.
	start(f *file, b []byte) (used int, err error)
	// decode appends to b the packets that lie whole in buf, no more than have
	// room. used may be larger than buf: the rest is passed over. need is how
	// many bytes the next step wants; 0 says that b is full.
	decode(f *file, b *Block, buf []byte) (used, need int, err error)
	// inside says what the file was cut in if it ends with rest.
	inside(f *file, rest []byte) string
	// dropped is the number of packets that the file says were lost.
	dropped() uint64
}

// file is one input. It is a Source by itself; several are merged.
type file struct {
	name   string
	index  uint16
	ctx    context.Context
	opens  func() (io.ReadCloser, error) // gets the bytes, again after close
	fills  bool                          // reading never waits for a writer
	once   bool                          // cannot be opened again
	folder string                        // in which it was found; empty if it was named

	raw     *counter
	r       io.Reader // decompressed
	via     string
	dispose []func()
	dec     decoder
	carry   []byte // read, but not decoded: the begin of a packet
	pos     int64  // offset of carry in the decompressed input
	skip    int64  // bytes to pass over after carry
	want    int    // how much of a buffer to fill, so that it holds about MaxBatch packets
	end     error  // why reading ended
	done    bool
	frame   uint64

	mu       sync.Mutex
	info     Info
	problem  *Error // first problem; info.Err is made of it
	links    []LinkType
	resolved map[netip.Addr]int // index into info.Resolved
}

// sawLink adds a link type to those that the file has.
func (f *file) sawLink(l LinkType) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.Contains(f.links, l) || len(f.links) >= 16 {
		return
	}
	f.links = append(f.links, l)
	names := make([]string, len(f.links))
	for i, l := range f.links {
		names[i] = l.String()
	}
	f.info.LinkType = strings.Join(names, ", ")
}

// foreign tells whether the input is no capture.
func (f *file) foreign() bool { return f.problem != nil && errors.Is(f.problem.Err, errForeign) }

// open gets the bytes and reads the header of the file. What is wrong is noted
// and returned.
func (f *file) open() *Error {
	if f.opens == nil { // known to be of no use
		return f.problem
	}
	if e := f.start(); e != nil {
		f.note(e)
		f.done = true
		return e
	}
	return nil
}

func (f *file) start() *Error {
	rc, err := f.opens()
	if err != nil {
		return &Error{Name: f.name, Text: openText(err), At: -1, Err: err}
	}
	f.dispose = append(f.dispose, func() { _ = rc.Close() })
	f.mu.Lock()
	f.raw = &counter{r: rc}
	f.mu.Unlock()
	plain, via, drop, err := unpack(f.raw)
	f.via = via
	if err != nil {
		return f.readError(err)
	}
	f.r = plain
	f.dispose = append(f.dispose, drop)
	head := make([]byte, sectionHeader)
	n, err := io.ReadFull(f.r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return f.readError(err)
	}
	head = head[:n]
	dec, format := decoderFor(head)
	switch {
	case n == 0 && via == "":
		return &Error{Name: f.name, Text: "empty: it has no bytes at all; was the capture stopped before it wrote any?", At: 0, Err: errForeign}
	case dec == nil:
		more := make([]byte, 300-len(head)) // for recognising what it is instead
		m, _ := io.ReadFull(f.r, more)
		return &Error{Name: f.name, Text: foreign(append(head, more[:m]...), via), At: 0, Err: errForeign}
	}
	if via != "" {
		format += "+" + via
	}
	f.mu.Lock()
	f.info.Format = format
	f.mu.Unlock()
	f.dec = dec
	used, err := dec.start(f, head)
	if err != nil {
		return asError(err)
	}
	f.carry = append(f.carry[:0], head[used:]...)
	f.pos, f.skip, f.want, f.end, f.done, f.frame = int64(used), 0, firstRead, nil, false, 0
	return nil
}

// Next implements Source.
func (f *file) Next(b *Block) error {
	b.begin()
	if err := f.ctx.Err(); err != nil {
		return err
	}
	if f.dec == nil && !f.done {
		f.open()
	}
	if f.done {
		return io.EOF
	}
	err := f.refill(b)
	f.count(b)
	if err != nil {
		f.done = true
		if e := asError(err); e != nil {
			f.note(e)
			err = io.EOF
		}
		if len(b.Packets) > 0 {
			return nil
		}
		return err
	}
	return nil
}

// refill reads and decodes until b has packets. After an error nothing more
// can come; b may have packets even so.
func (f *file) refill(b *Block) error {
	if len(f.carry) > len(b.buf) {
		b.grow(len(f.carry), 0)
	}
	at, n := 0, copy(b.buf, f.carry)
	f.carry = f.carry[:0]
	need := 1
	if f.fills {
		need = min(f.want, len(b.buf))
	}
	for {
		if n-at < need && f.end == nil {
			// No packet points into the buffer yet, so its content may move.
			n = copy(b.buf, b.buf[at:n])
			at = 0
			if need > len(b.buf) {
				b.grow(need, n)
			}
			n = f.fill(b.buf, n, need)
			if err := f.ctx.Err(); err != nil {
				return err
			}
		}
		used, more, err := f.dec.decode(f, b, b.buf[at:n])
		f.pos += int64(used)
		if at += used; at > n {
			f.skip, at = int64(at-n), n
		}
		if err == nil && len(b.Packets) == 0 && f.end != nil {
			err = f.ended(b.buf[at:n])
		}
		if err != nil {
			return err
		}
		if len(b.Packets) > 0 {
			f.adapt(used, more == 0, len(b.buf))
			f.carry = append(f.carry, b.buf[at:n]...)
			return nil
		}
		need = more
	}
}

// adapt learns how many bytes hold a full batch, so that little is carried over.
func (f *file) adapt(used int, full bool, size int) {
	if full {
		f.want = max(used, minBlock)
	} else {
		f.want = min(max(used, f.want)+f.want/16, size)
	}
}

// fill reads behind the first n bytes of buf: from a file as much as is wanted,
// else what one read gives.
func (f *file) fill(buf []byte, n, need int) int {
	limit := len(buf)
	if f.fills {
		limit = min(max(f.want, need), limit)
	}
	for empty := 0; n < limit && f.end == nil && f.ctx.Err() == nil; {
		m, err := f.r.Read(buf[n:limit])
		f.end = err
		if empty++; m > 0 {
			empty = 0
		} else if err == nil && empty == 100 {
			f.end = io.ErrNoProgress
		}
		if pass := min(int64(m), f.skip); pass > 0 {
			m = copy(buf[n:], buf[n+int(pass):n+m])
			f.skip -= pass
		}
		n += m
		if !f.fills && m > 0 {
			break
		}
	}
	return n
}

// ended is why no packet comes any more; rest is what is left undecoded.
func (f *file) ended(rest []byte) error {
	switch {
	case !errors.Is(f.end, io.EOF):
		return f.readError(f.end)
	case f.skip > 0:
		return f.cutOff(f.pos-f.skip, "in the middle of a block")
	case len(rest) > 0:
		return f.cutOff(f.pos+int64(len(rest)), "in the middle of "+f.dec.inside(f, rest))
	}
	return io.EOF
}

// count adds a batch to the counters.
func (f *file) count(b *Block) {
	var bytes uint64
	first, last := f.info.First, f.info.Last
	for i := range b.Packets {
		p := &b.Packets[i]
		bytes += uint64(p.Wire)
		if p.Time == 0 {
			continue
		}
		if first == 0 || p.Time < first {
			first = p.Time
		}
		if last == 0 || p.Time > last {
			last = p.Time
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.info.Packets += uint64(len(b.Packets))
	f.info.Bytes += bytes
	f.info.First, f.info.Last = first, last
	f.info.Dropped = f.dec.dropped()
}

// snapshot is the current Info.
func (f *file) snapshot() Info {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := f.info
	i.Resolved = slices.Clone(i.Resolved)
	if f.raw != nil {
		i.Read = f.raw.n.Load()
	}
	if f.problem != nil {
		e := *f.problem
		e.Read = i.Packets
		i.Err = &e
	}
	return i
}

// Sources implements Source.
func (f *file) Sources() []Info { return []Info{f.snapshot()} }

// Close implements Source.
func (f *file) Close() error {
	for _, d := range slices.Backward(f.dispose) {
		d()
	}
	f.dispose = nil
	f.done = true
	return nil
}

// rewind closes the file so that it can be read from its begin, with new counters.
func (f *file) rewind() {
	_ = f.Close()
	f.dec, f.done = nil, false
	f.mu.Lock()
	defer f.mu.Unlock()
	f.problem = nil
	f.info.Packets, f.info.Bytes, f.info.First, f.info.Last, f.info.Dropped = 0, 0, 0, 0, 0
}

// NewReader returns the packets of one capture that r delivers, as it comes:
// Next returns what one Read gave.
func NewReader(name string, r io.Reader) Source {
	return newFile(context.Background(), name, func() (io.ReadCloser, error) { return io.NopCloser(r), nil })
}

func newFile(ctx context.Context, name string, opens func() (io.ReadCloser, error)) *file {
	return &file{name: name, ctx: ctx, opens: opens, info: Info{Name: name, Size: -1}}
}
