// Package capture reads packets from capture files and from live interfaces.
//
// Files are pcap (draft-ietf-opsawg-pcap: microseconds and nanoseconds, both
// byte orders, and the variant with magic number a1b2cd34) and pcapng
// (draft-ietf-opsawg-pcapng), each plain or compressed by gzip or zstd. What a
// file is, is told by its first bytes, never by its name. Several inputs are
// one timeline. Live interfaces are read on Linux through a TPACKET_V3 ring;
// nothing here can transmit.
//
// A batch of packets is a Block. Packets point into the memory of the block (or
// of the ring), so they are valid until the block is handed to Next again or
// released, and walking a file neither copies nor allocates per packet.
//
// Left out: resynchronising in a damaged file, following a growing file, and
// link types without a network behind them (USB, Bluetooth, Wi-Fi monitoring).
package capture

import (
	"net/netip"
)

// Sizes of a batch.
const (
	// DefaultBlock is the buffer of a Block in bytes, where nothing else is said.
	DefaultBlock = 1 << 20
	// MaxBatch is the largest number of packets in one Block from a file.
	MaxBatch = 4096
	// MaxPacket is the largest packet in bytes. A longer record is damage; it is
	// also the limit of libpcap.
	MaxPacket = 262144

	minBlock = 64 << 10
)

// Packet is one captured packet.
type Packet struct {
	Data    []byte   // captured bytes, valid until the Block is filled again or released
	Time    int64    // ns since 1970 UTC; as the capture states it, however absurd
	Wire    uint32   // length on the wire, at least len(Data); without a VLAN tag that the kernel took out
	Source  uint16   // index of its source in Source.Sources
	Link    LinkType // what Data begins with
	VLAN    uint16   // id of the outer VLAN tag that the kernel took out of Data (live only)
	HasVLAN bool     // VLAN was taken out of Data; the id may be 0 (a priority tag)
	Frame   uint64   // number in its file from 1, or in the timeline of several inputs
}

// Block is a batch of packets and the memory that they point into. Several may
// be in flight; each belongs to one goroutine at a time.
type Block struct {
	Packets []Packet

	buf  []byte
	hold holder
}

// holder is memory lent to a Block by a live source.
type holder interface{ release() }

// NewBlock returns a Block with a buffer of the given size in bytes; 0 means
// DefaultBlock. The buffer grows when one packet needs more.
func NewBlock(bufBytes int) *Block {
	if bufBytes <= 0 {
		bufBytes = DefaultBlock
	}
	return &Block{buf: make([]byte, max(bufBytes, minBlock)), Packets: make([]Packet, 0, MaxBatch)}
}

// Release ends the life of the packets and gives the memory of a live ring back
// to the kernel. Handing the block to Next does the same.
func (b *Block) Release() {
	b.Packets = b.Packets[:0]
	if b.hold != nil {
		b.hold.release()
		b.hold = nil
	}
}

// begin makes the block ready to be filled from a file.
func (b *Block) begin() {
	b.Release()
	if b.buf == nil {
		b.buf = make([]byte, DefaultBlock)
	}
	if cap(b.Packets) < MaxBatch {
		b.Packets = make([]Packet, 0, MaxBatch)
	}
}

// grow enlarges the buffer to n bytes and keeps the first used ones. No packet
// may point into it.
func (b *Block) grow(n, used int) {
	buf := make([]byte, n)
	copy(buf, b.buf[:used])
	b.buf = buf
}

// Source is where packets come from. Next is for one goroutine; Sources may be
// called beside it.
type Source interface {
	// Next refills b. From files there is at least one packet or an error, and
	// io.EOF is the end. A live source may return no packet and no error when
	// nothing came for a moment, so that the caller can do its own work. After
	// any error nothing more comes. What is wrong with one input is said in its
	// Info, while the others go on.
	Next(b *Block) error
	// Sources describes the inputs in stable order, with current counters.
	Sources() []Info
	// Close frees what the source holds. Packets of a live source stay valid
	// until their Block is released.
	Close() error
}

// Info describes one input.
type Info struct {
	Name     string
	Format   string // "pcap", "pcapng", "pcap+gzip", "pcapng+zstd", ..., "live"; empty if unknown
	LinkType string // names, joined by ", " where interfaces of one file differ
	Packets  uint64
	Bytes    uint64 // of the packets, on the wire
	First    int64  // earliest time in ns since 1970 UTC; 0 if none
	Last     int64  // latest time, likewise
	Err      error  // what is wrong with this input, in one line; nil if nothing is
	Dropped  uint64 // packets that the capturing system reports as lost
	Size     int64  // of the file as it lies there (compressed); -1 if unknown
	Read     int64  // bytes of the file read so far

	// Freezes and IfDropped are for live sources: how often the ring was full,
	// and what the interface itself dropped since the start.
	Freezes   uint64
	IfDropped uint64

	Resolved []Resolved // names that the capture holds for addresses
}

// Resolved is what a pcapng name resolution block says about an address.
type Resolved struct {
	Addr  netip.Addr
	Names []string
}
