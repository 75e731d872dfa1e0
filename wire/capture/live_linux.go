package capture

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// ringBlock is what the kernel hands over at once, and so the size of a
	// batch: large enough for any packet, small enough for the second-level cache.
	ringBlock = 256 << 10
	// retire is after how many milliseconds a block that is not full is handed over.
	retire = 60
	// idle is how long Next waits for packets before it returns none.
	idle = 200 * time.Millisecond
)

// Live is a capturing socket: packet(7), a ring of TPACKET_V3 blocks that the
// kernel fills and that are read in place.
//
// A Block holds one ring block until it is handed to Next again or released;
// while it does, the kernel cannot use that part of the ring.
type Live struct {
	ctx    context.Context
	name   string
	link   LinkType
	opt    LiveOptions
	fd     int
	wake   int // eventfd that ends a wait
	ring   *ring
	next   int    // ring block to be read next
	frame  uint64 // packets seen
	failed error  // why nothing more comes

	reading sync.Mutex // held by Next
	closed  atomic.Bool

	mu    sync.Mutex
	info  Info
	start uint64 // rx_dropped of the interface at the start
}

// ring is the memory shared with the kernel. It stays mapped while anybody
// holds a part of it.
type ring struct {
	mem  []byte
	held []lent
	refs atomic.Int64
}

// lent is one ring block. It is a holder: what a Block gives back.
type lent struct {
	ring *ring
	desc []byte
	out  atomic.Bool
}

// status is the word that passes a ring block between kernel and us.
func (l *lent) status() *uint32 {
	return (*uint32)(unsafe.Pointer(&l.desc[8])) // version, offset to private area, status
}

// release gives the ring block back to the kernel.
func (l *lent) release() {
	if l.out.CompareAndSwap(true, false) {
		atomic.StoreUint32(l.status(), unix.TP_STATUS_KERNEL)
		l.ring.unref()
	}
}

func (r *ring) unref() {
	if r.refs.Add(-1) == 0 {
		_ = unix.MunmapPtr(unsafe.Pointer(&r.mem[0]), uintptr(len(r.mem)))
	}
}

// newRing takes over a mapping of size bytes in so many blocks, and unmaps the
// tail bytes behind it.
func newRing(p unsafe.Pointer, size, tail, blocks int) *ring {
	r := &ring{mem: unsafe.Slice((*byte)(p), size), held: make([]lent, blocks)}
	if tail > 0 {
		_ = unix.MunmapPtr(unsafe.Add(p, size), uintptr(tail))
	}
	for i := range r.held {
		r.held[i].ring, r.held[i].desc = r, r.mem[i*ringBlock:(i+1)*ringBlock:(i+1)*ringBlock]
	}
	r.refs.Store(1)
	return r
}

// Next implements Source: one block of the ring, without copying. It returns no
// packet and no error when nothing came for 200 ms.
func (l *Live) Next(b *Block) error {
	b.Release()
	l.reading.Lock()
	defer l.reading.Unlock()
	if err := l.ended(); err != nil {
		return err
	}
	s := &l.ring.held[l.next]
	if !s.ready() {
		if err := l.wait(); err != nil {
			l.fail(err)
			return err
		}
		if err := l.ended(); err != nil {
			return err
		}
		if !s.ready() {
			return nil
		}
	}
	l.next = (l.next + 1) % len(l.ring.held)
	s.out.Store(true)
	l.ring.refs.Add(1)
	b.hold = s
	l.walk(b, s.desc)
	if len(b.Packets) == 0 {
		b.Release()
	}
	return nil
}

// ready tells whether the kernel has handed the block over. One that is still
// lent out looks so, too: the ring is full, and the kernel counts what it drops.
func (l *lent) ready() bool {
	return !l.out.Load() && atomic.LoadUint32(l.status())&unix.TP_STATUS_USER != 0
}

func (l *Live) ended() error {
	switch {
	case l.failed != nil:
		return l.failed
	case l.closed.Load():
		return io.EOF
	}
	return l.ctx.Err()
}

func (l *Live) fail(err error) {
	l.failed = err
	l.mu.Lock()
	defer l.mu.Unlock()
	l.info.Err = err
}

// wait returns when there may be packets, after a moment, or with the reason why
// there will be none.
func (l *Live) wait() error {
	fds := []unix.PollFd{{Fd: int32(l.fd), Events: unix.POLLIN | unix.POLLERR}, {Fd: int32(l.wake), Events: unix.POLLIN}}
	if _, err := unix.Poll(fds, int(idle.Milliseconds())); err != nil && err != unix.EINTR {
		return l.errorf("waiting for packets: "+err.Error(), err)
	}
	if fds[0].Revents&unix.POLLERR == 0 {
		return nil
	}
	code, err := unix.GetsockoptInt(l.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil || code == 0 {
		return nil
	}
	return l.lost(unix.Errno(code))
}

// lost explains an error of the socket.
func (l *Live) lost(err unix.Errno) error {
	if err != unix.ENETDOWN {
		return l.errorf("capturing stopped: "+err.Error(), err)
	}
	if _, gone := net.InterfaceByName(l.name); gone != nil {
		return l.errorf("the interface is gone; capturing stopped", err)
	}
	e := l.errorf("the interface went down; bring it up (ip link set "+l.name+" up)", err)
	if !l.opt.WaitUp {
		return e
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.info.Err = e
	return nil
}

func (l *Live) errorf(text string, err error) *Error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return &Error{Name: l.name, Text: text, At: -1, Read: l.info.Packets, Err: err}
}

// walk makes packets of a ring block: struct tpacket_block_desc with header
// version 1, then a list of struct tpacket3_hdr, each followed by a
// sockaddr_ll and the frame.
func (l *Live) walk(b *Block, blk []byte) {
	var (
		order = binary.NativeEndian
		count = int(order.Uint32(blk[12:]))
		at    = int(order.Uint32(blk[16:]))
		bytes uint64
	)
	if cap(b.Packets) < count {
		b.Packets = make([]Packet, 0, max(count, MaxBatch))
	}
	for range count {
		if at < 0 || at > len(blk)-unix.SizeofTpacket3Hdr-unix.SizeofSockaddrLinklayer {
			break
		}
		h := blk[at:]
		size, wire, status, mac := order.Uint32(h[12:]), order.Uint32(h[16:]), order.Uint32(h[20:]), int(order.Uint16(h[24:]))
		if mac > len(h) || int64(size) > int64(len(h)-mac) {
			break
		}
		l.frame++
		p := Packet{
			Data:  h[mac : mac+int(size) : mac+int(size)],
			Time:  int64(order.Uint32(h[4:]))*1e9 + int64(order.Uint32(h[8:])),
			Wire:  max(wire, size),
			Link:  l.link,
			Frame: l.frame,
		}
		if status&unix.TP_STATUS_VLAN_VALID != 0 {
			p.VLAN, p.HasVLAN = uint16(order.Uint32(h[32:]))&0xfff, true
		}
		b.Packets = append(b.Packets, p)
		bytes += uint64(p.Wire)
		next := int(order.Uint32(h))
		if next == 0 {
			break
		}
		at += next
	}
	l.count(b.Packets, bytes)
}

func (l *Live) count(packets []Packet, bytes uint64) {
	if len(packets) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.info.Packets += uint64(len(packets))
	l.info.Bytes += bytes
	if l.info.First == 0 {
		l.info.First = packets[0].Time
	}
	l.info.Last = packets[len(packets)-1].Time
	l.info.Err = nil // it may have been down before
}

// Sources implements Source: one Info, with what the kernel and the interface
// dropped up to now.
func (l *Live) Sources() []Info {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.statistics()
	return []Info{l.info}
}

// statistics asks the kernel. Its counters start at 0 after each time. l.mu is held.
func (l *Live) statistics() {
	if l.fd < 0 {
		return
	}
	if s, err := unix.GetsockoptTpacketStatsV3(l.fd, unix.SOL_PACKET, unix.PACKET_STATISTICS); err == nil {
		l.info.Dropped += uint64(s.Drops)
		l.info.Freezes += uint64(s.Freeze_q_cnt)
	}
	if now := rxDropped(l.name); now >= l.start {
		l.info.IfDropped = now - l.start
	}
}

// rxDropped is what the interface dropped since it exists; 0 if not known.
func rxDropped(iface string) uint64 {
	text, err := os.ReadFile("/sys/class/net/" + iface + "/statistics/rx_dropped")
	if err != nil {
		return 0
	}
	n, _ := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	return n
}

// Close ends the capture. A Next that waits returns io.EOF; packets that a Block
// holds stay valid until it is released.
func (l *Live) Close() error {
	if l.closed.Swap(true) {
		return nil
	}
	one := [8]byte{}
	binary.NativeEndian.PutUint64(one[:], 1)
	_, _ = unix.Write(l.wake, one[:])
	l.reading.Lock()
	defer l.reading.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.statistics()
	err := errors.Join(unix.Close(l.fd), unix.Close(l.wake))
	l.fd, l.wake = -1, -1
	l.ring.unref()
	return err
}
