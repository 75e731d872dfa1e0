package capture

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// merge is several files as one timeline: always the packet with the earliest
// time among the next ones of all files; at the same time the file named first.
// A file keeps its own order.
//
// At the start each file is opened for its first packet only. It is opened
// again when that packet's turn has come, and closed at its end, so that only
// files that overlap in time are open together.
type merge struct {
	ctx   context.Context
	files []*file
	heads []*head // a heap; the first has the next packet, or must be asked for it
	free  []*Block
	size  int // of a private block
	frame uint64
}

// head is a file that has more packets.
type head struct {
	f     *file
	time  int64 // of the next packet
	open  bool
	blk   *Block // packets read and not delivered, from i on; may be nil
	i     int
	apart bool // it did not overlap with others lately: read into the caller's block
}

func (h *head) pending() []Packet {
	if h.blk == nil {
		return nil
	}
	return h.blk.Packets[h.i:]
}

// after tells whether the next packet of h comes after one of f at time t.
func (h *head) after(t int64, f *file) bool {
	return t < h.time || t == h.time && f.index < h.f.index
}

// newMerge looks at the first packet of every file. Of the folders in found a
// capture was named already.
func newMerge(ctx context.Context, files []*file, found map[string]bool) (Source, error) {
	// All private blocks together are about 32 MiB even if all files overlap.
	m := &merge{ctx: ctx, size: max(minBlock, min(DefaultBlock, (32<<20)/max(len(files), 1)))}
	m.files = m.takeCaptures(files, found)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if n := len(m.files); n > math.MaxUint16 {
		_ = m.Close()
		return nil, fmt.Errorf("%d captures are more than can be read at once (%d); join some with mergecap", n, math.MaxUint16)
	}
	usable := len(m.heads) > 0
	for _, f := range m.files { // a capture without packets is one
		usable = usable || f.problem == nil
	}
	if !usable {
		_ = m.Close()
		return nil, nothing(m.files)
	}
	if len(m.files) == 1 && len(m.heads) == 1 && !m.heads[0].open {
		return m.files[0], nil
	}
	slices.SortFunc(m.heads, func(a, b *head) int { return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.f.index, b.f.index)) })
	return m, nil
}

// takeCaptures looks at every file and returns the inputs to tell about:
// without the files of folders that are no captures, but with the folders that
// have none.
func (m *merge) takeCaptures(files []*file, found map[string]bool) []*file {
	var taken []*file
	peek := NewBlock(minBlock)
	passed := map[string]int{} // foreign files by folder
	last := map[string]int{}
	for n, f := range files {
		last[f.folder] = n
	}
	for n, f := range files {
		if m.ctx.Err() != nil {
			break
		}
		f.index = uint16(len(taken)) // more than that end in an error
		h := m.peek(f, peek)
		if f.folder == "" || !f.foreign() {
			found[f.folder] = true
			taken = append(taken, f)
			if h != nil {
				m.heads = append(m.heads, h)
			}
		} else {
			passed[f.folder]++
		}
		if d := f.folder; d != "" && n == last[d] && !found[d] {
			none := newFile(m.ctx, d, nil)
			none.index = uint16(len(taken))
			none.problem = &Error{Name: d, At: -1, Err: errForeign,
				Text: fmt.Sprintf("no capture in this folder (files looked at: %d); expected is pcap or pcapng, or gzip or zstd of either", passed[d])}
			taken = append(taken, none)
		}
	}
	return taken
}

// peek reads the first packet of f. It returns nil if there is none.
func (m *merge) peek(f *file, b *Block) *head {
	if f.open() != nil {
		_ = f.Close()
		return nil
	}
	if f.once {
		b = NewBlock(m.size)
	}
	if err := f.Next(b); err != nil {
		_ = f.Close()
		return nil
	}
	h := &head{f: f, time: b.Packets[0].Time, apart: true}
	if f.once {
		h.open, h.blk = true, b
	} else {
		f.rewind()
	}
	return h
}

// nothing is the error when no input can be read.
func nothing(files []*file) error {
	var first *Error
	for _, f := range files {
		if f.problem != nil {
			first = f.problem
			break
		}
	}
	switch {
	case first == nil:
		return errors.New("no capture could be read")
	case len(files) == 1:
		return first
	}
	return fmt.Errorf("none of %d captures can be read; the first: %w", len(files), first)
}

// Next implements Source.
func (m *merge) Next(b *Block) error {
	b.begin()
	if err := m.ctx.Err(); err != nil {
		return err
	}
	used := 0 // of b.buf
	for full := false; !full && len(m.heads) > 0; {
		h := m.heads[0]
		if len(h.pending()) == 0 {
			if h.apart && len(b.Packets) > 0 {
				break // deliver these first, then read into the whole block
			}
			done, err := m.load(h, b)
			if err != nil {
				return err
			}
			if done {
				break
			}
			continue
		}
		used, full = m.take(h, b, used)
	}
	if len(b.Packets) == 0 {
		return io.EOF
	}
	for i := range b.Packets {
		m.frame++
		b.Packets[i].Frame = m.frame
	}
	return nil
}

// load reads more of h, the first of the heap. done says that b is ready.
func (m *merge) load(h *head, b *Block) (done bool, err error) {
	into := b
	if !h.apart {
		if h.blk == nil {
			h.blk = m.block()
		}
		into = h.blk
	}
	if err := m.read(h, into); err != nil {
		if !errors.Is(err, io.EOF) {
			return false, err
		}
		m.drop()
		return false, nil
	}
	if !h.apart {
		h.i = 0
		h.time = into.Packets[0].Time
		m.down()
		return false, nil
	}
	n := m.run(h, b.Packets)
	if n < len(b.Packets) {
		m.keep(h, b.Packets[n:])
		b.Packets = b.Packets[:n]
		h.apart = false
		m.down()
	}
	return n > 0, nil
}

// read opens h if its time has only come, and fills b.
func (m *merge) read(h *head, b *Block) error {
	if !h.open {
		if h.f.open() != nil {
			return io.EOF
		}
		h.open = true
	}
	return h.f.Next(b)
}

// run counts the leading packets of h, the first of the heap, that come before
// those of all others.
func (m *merge) run(h *head, packets []Packet) int {
	o := m.second()
	if o == nil {
		return len(packets)
	}
	for i := range packets {
		if !o.after(packets[i].Time, h.f) {
			return i
		}
	}
	return len(packets)
}

// second is the head that comes after the first, or nil.
func (m *merge) second() *head {
	switch len(m.heads) {
	case 0, 1:
		return nil
	case 2:
		return m.heads[1]
	}
	if m.less(2, 1) {
		return m.heads[2]
	}
	return m.heads[1]
}

// keep copies packets that came too early into the private block of h.
func (m *merge) keep(h *head, packets []Packet) {
	if h.blk == nil {
		h.blk = m.block()
	}
	h.i = 0
	h.blk.begin()
	total := 0
	for i := range packets {
		total += len(packets[i].Data)
	}
	if total > len(h.blk.buf) {
		h.blk.grow(total, 0)
	}
	at := 0
	for _, p := range packets {
		n := copy(h.blk.buf[at:], p.Data)
		p.Data = h.blk.buf[at : at+n : at+n]
		at += n
		h.blk.Packets = append(h.blk.Packets, p)
	}
	h.time = packets[0].Time
}

// take copies the run of packets of h, the first of the heap, to b, of whose
// buffer used bytes are taken.
func (m *merge) take(h *head, b *Block, used int) (after int, full bool) {
	pending := h.pending()
	n := m.run(h, pending)
	for i := range pending[:n] {
		p := &pending[i]
		if len(b.Packets) == cap(b.Packets) || len(p.Data) > len(b.buf)-used && len(b.Packets) > 0 {
			full, n = true, i
			break
		}
		if len(p.Data) > len(b.buf) {
			b.grow(len(p.Data), 0)
		}
		end := used + copy(b.buf[used:], p.Data)
		b.Packets = append(b.Packets, *p)
		b.Packets[len(b.Packets)-1].Data = b.buf[used:end:end]
		used = end
	}
	h.apart = h.i == 0 && n == len(h.blk.Packets)
	h.i += n
	if rest := h.pending(); len(rest) > 0 {
		h.time = rest[0].Time
		m.down()
	}
	return used, full
}

// block returns a private block.
func (m *merge) block() *Block {
	if n := len(m.free); n > 0 {
		b := m.free[n-1]
		m.free = m.free[:n-1]
		return b
	}
	return NewBlock(m.size)
}

// drop takes the first head out: its file has ended.
func (m *merge) drop() {
	h := m.heads[0]
	_ = h.f.Close()
	if h.blk != nil {
		m.free = append(m.free, h.blk)
	}
	last := len(m.heads) - 1
	m.heads[0] = m.heads[last]
	m.heads = m.heads[:last]
	m.down()
}

func (m *merge) less(i, j int) bool {
	return m.heads[j].after(m.heads[i].time, m.heads[i].f)
}

// down puts the first head where it belongs.
func (m *merge) down() {
	for i := 0; ; {
		c := 2*i + 1
		if c >= len(m.heads) {
			return
		}
		if c+1 < len(m.heads) && m.less(c+1, c) {
			c++
		}
		if !m.less(c, i) {
			return
		}
		m.heads[i], m.heads[c] = m.heads[c], m.heads[i]
		i = c
	}
}

// Sources implements Source.
func (m *merge) Sources() []Info {
	all := make([]Info, len(m.files))
	for i, f := range m.files {
		all[i] = f.snapshot()
	}
	return all
}

// Close implements Source.
func (m *merge) Close() error {
	for _, f := range m.files {
		_ = f.Close()
	}
	m.heads = nil
	return nil
}
