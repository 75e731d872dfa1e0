package capture

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Magic numbers of pcap as they read in the byte order of the writer.
const (
	magicMicro    = 0xa1b2c3d4
	magicNano     = 0xa1b23c4d
	magicModified = 0xa1b2cd34 // Kuznetzov's patch of old Linux libpcap: longer record headers

	pcapHeader = 24
)

// pcap decodes a file of draft-ietf-opsawg-pcap.
type pcap struct {
	big   bool // numbers are big endian
	scale int64
	head  int // length of a record header
	link  LinkType
	fcs   int // bytes of frame check sequence at the end of each frame
}

// u32 reads a number in the byte order of the file.
func (d *pcap) u32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if d.big {
		v = bits.ReverseBytes32(v)
	}
	return v
}

// pcapMagic tells the byte order and the magic number of a pcap file, or 0.
func pcapMagic(b []byte) (magic uint32, big bool) {
	if len(b) < 4 {
		return 0, false
	}
	v := binary.LittleEndian.Uint32(b)
	for _, big := range []bool{false, true} {
		switch v {
		case magicMicro, magicNano, magicModified:
			return v, big
		}
		v = bits.ReverseBytes32(v)
	}
	return 0, false
}

// start reads the header of the file.
func (d *pcap) start(f *file, b []byte) (used int, err error) {
	magic, big := pcapMagic(b)
	if len(b) < pcapHeader {
		return 0, f.cutOff(int64(len(b)), "in its header")
	}
	*d = pcap{big: big, scale: 1000, head: 16}
	switch magic {
	case magicNano:
		d.scale = 1
	case magicModified:
		d.head = 24
	}
	version := d.u32(b[4:])
	if major := uint16(version); !big && major != 2 || big && version>>16 != 2 {
		return 0, f.wrong(4, "unknown version of pcap; convert it with: editcap -F pcapng")
	}
	// Bits 28 to 31 are the length of the FCS in 16-bit words, valid with bit 26;
	// bits 16 to 25 are reserved (NetBSD once put a class there).
	network := d.u32(b[20:])
	d.link = link(uint16(network))
	if network&0x04000000 != 0 && d.link == Ethernet {
		d.fcs = int(network>>28) * 2
	}
	f.sawLink(d.link)
	if !d.link.Supported() {
		return 0, f.wrong(-1, unsupported(d.link))
	}
	return pcapHeader, nil
}

// decode appends the records that lie whole in buf.
func (d *pcap) decode(f *file, b *Block, buf []byte) (used, need int, err error) {
	packets := b.Packets
	for len(packets) < cap(packets) {
		rest := buf[used:]
		if len(rest) < d.head {
			need = d.head
			break
		}
		sec, frac, size, wire := d.u32(rest), d.u32(rest[4:]), d.u32(rest[8:]), d.u32(rest[12:])
		if size > MaxPacket {
			err = f.damaged(int64(used), fmt.Sprintf("claims %d bytes, more than a packet can have", size))
			break
		}
		end := d.head + int(size)
		if len(rest) < end {
			need = end
			break
		}
		data := rest[d.head:end:end]
		if d.fcs > 0 && size >= wire && len(data) >= d.fcs {
			data = data[:len(data)-d.fcs]
		}
		f.frame++
		packets = packets[:len(packets)+1]
		p := &packets[len(packets)-1]
		p.Data, p.Time, p.Wire = data, int64(sec)*1e9+int64(frac)*d.scale, max(wire, size)
		p.Source, p.Link, p.VLAN, p.HasVLAN, p.Frame = f.index, d.link, 0, false, f.frame
		used += end
	}
	b.Packets = packets
	return used, need, err
}

// inside says what a file that ends with rest was cut in.
func (d *pcap) inside(f *file, _ []byte) string { return fmt.Sprintf("packet %d", f.frame+1) }

// dropped is not told by pcap.
func (d *pcap) dropped() uint64 { return 0 }
