// Package packet decodes the headers of one captured packet, from the link
// layer to the transport ports, through the usual encapsulations, without
// allocating. Its references: IEEE 802.3, 802.1Q, 802.2; RFC 791, 8200, 9293,
// 768; MPLS RFC 3032; PPPoE RFC 2516; GRE RFC 2784 and 2890; ERSPAN
// draft-foschiano-erspan-03; VXLAN RFC 7348; Geneve RFC 8926.
package packet

import "encoding/binary"

// Link types, as numbered by the registry of pcap link types.
const (
	LinkNull     = 0
	LinkEthernet = 1
	LinkRaw      = 101
	LinkLoop     = 108
	LinkSLL      = 113
	LinkIPv4     = 228
	LinkIPv6     = 229
	LinkSLL2     = 276
)

// Kind says what the payload of a decoded packet is.
type Kind uint8

// The kinds of payload.
const (
	None     Kind = iota // nothing that could be told apart
	Ethernet             // by EtherType, in Number
	LLC                  // by DSAP, in Number
	SNAP                 // by OUI<<16 | protocol id, in Number
	IP                   // by IP protocol number
	TCP
	UDP
)

// Flaw is a set of reasons why a packet could not be decoded in full.
type Flaw uint8

// The flaws.
const (
	Cut       Flaw = 1 << iota // the capture kept fewer bytes than were on the wire
	BadLink                    // link header incomplete or unknown
	BadIP                      // IP header incomplete or inconsistent
	BadTCP                     // TCP header incomplete or inconsistent
	BadUDP                     // UDP header incomplete or inconsistent
	TooNested                  // more encapsulations than maxNesting
)

// Encap is a set of encapsulations that were taken off.
type Encap uint8

// The encapsulations.
const (
	VLAN Encap = 1 << iota
	MPLS
	PPPoE
	GRE
	ERSPAN
	VXLAN
	IPinIP
)

// TCP flags (RFC 9293, 3.1).
const (
	FIN = 1 << iota
	SYN
	RST
	PSH
	ACK
)

// Addr is an IP address in 16 bytes, IPv4 in its mapped form (RFC 4291,
// 2.5.5.2), as two numbers so that it compares and hashes fast.
type Addr struct{ Hi, Lo uint64 }

// Bytes returns the address as 16 bytes.
func (a Addr) Bytes() (b [16]byte) {
	binary.BigEndian.PutUint64(b[:8], a.Hi)
	binary.BigEndian.PutUint64(b[8:], a.Lo)
	return b
}

const mapped = 0xffff << 32

func v4(b []byte) Addr { return Addr{0, mapped | uint64(binary.BigEndian.Uint32(b))} }

func v6(b []byte) Addr {
	return Addr{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

// Headers is what the headers of a packet say: of the innermost packet, where
// there is an encapsulation. The link addresses are those of the frame that
// carries the innermost IP header, and so is the VLAN: that of the network
// which carries a tunnel says nothing about what is inside.
type Headers struct {
	Kind     Kind
	Flaw     Flaw
	Encap    Encap
	HasMAC   bool
	HasVLAN  bool
	Version  uint8 // of IP: 4, 6, or 0 without IP
	Proto    uint8 // IP protocol number
	TTL      uint8
	Flags    uint8 // TCP
	Fragment bool  // part of a fragmented IP packet; ports are not valid
	More     bool  // more fragments follow
	VLAN     uint16
	SrcPort  uint16
	DstPort  uint16
	Offset   uint16 // of the fragment, in bytes
	Window   uint16
	ID       uint32 // IP identification; 0 for IPv6 that is not fragmented
	Seq, Ack uint32
	Number   uint32 // EtherType, DSAP or SNAP id where Kind says so
	SrcMAC   [6]byte
	DstMAC   [6]byte
	Src, Dst Addr
	Start    uint32 // payload is data[Start:End]
	End      uint32
	Lacking  uint32 // bytes of the payload that the capture did not keep
}

// Payload is the part of data that the headers carry.
func (h *Headers) Payload(data []byte) []byte { return data[h.Start:h.End] }

// maxNesting bounds the encapsulations that are taken off one packet.
const maxNesting = 8

const (
	etherIPv4  = 0x0800
	etherIPv6  = 0x86dd
	etherVLAN  = 0x8100
	etherQinQ  = 0x88a8
	etherQinQ2 = 0x9100
	etherMPLS  = 0x8847
	etherMPLS2 = 0x8848
	etherPPPoE = 0x8864
	etherTEB   = 0x6558 // transparent Ethernet bridging
	etherSPAN2 = 0x88be // ERSPAN I and II
	etherSPAN3 = 0x22eb // ERSPAN III
	minEther   = 0x0600 // below: an 802.3 length
)

// decoder walks down the headers of one packet.
type decoder struct {
	h     *Headers
	b     []byte
	at    int // next byte to read
	end   int // end of the packet: shrinks when a header states a length
	lack  int // bytes that the wire had behind end
	depth int
}

// Decode fills h from the captured bytes of a packet of the given link type
// that was wire bytes long.
func Decode(h *Headers, link uint16, data []byte, wire int) {
	*h = Headers{}
	d := decoder{h: h, b: data, end: len(data)}
	if wire > len(data) {
		h.Flaw |= Cut
		d.lack = wire - len(data)
	}
	switch link {
	case LinkEthernet:
		d.ethernet()
	case LinkRaw, LinkIPv4, LinkIPv6:
		d.ipByVersion()
	case LinkNull, LinkLoop:
		d.loopback()
	case LinkSLL:
		d.cooked(16, 14, 6)
	case LinkSLL2:
		d.cooked(20, 0, 12)
	default:
		h.Flaw |= BadLink
	}
	if h.Kind == None {
		d.at = min(d.at, d.end)
	}
	h.Start, h.End, h.Lacking = uint32(d.at), uint32(d.end), uint32(d.lack)
}

// need tells whether n more bytes are there. If not, that is a flaw of the
// packet, unless the capture cut it.
func (d *decoder) need(n int, f Flaw) bool {
	if d.end-d.at >= n {
		return true
	}
	d.missing(n, f)
	d.h.Kind = None
	return false
}

// missing notes the flaw of a header of n bytes that is not complete.
func (d *decoder) missing(n int, f Flaw) {
	if d.end-d.at+d.lack < n {
		d.h.Flaw |= f
	}
}

func (d *decoder) u16(off int) uint16 { return binary.BigEndian.Uint16(d.b[d.at+off:]) }

// limit cuts the packet to n bytes from the current one, as a header states.
func (d *decoder) limit(n int) {
	have := d.end - d.at
	if n < have {
		// What follows is padding; nothing of the packet is missing.
		d.end, d.lack = d.at+n, 0
	} else {
		d.lack = min(d.lack, n-have)
	}
}

func (d *decoder) ethernet() {
	if !d.need(14, BadLink) {
		return
	}
	f := d.b[d.at : d.at+14]
	copy(d.h.DstMAC[:], f)
	copy(d.h.SrcMAC[:], f[6:])
	d.h.HasMAC = true
	t := binary.BigEndian.Uint16(f[12:])
	d.at += 14
	d.etherType(t)
}

func (d *decoder) etherType(t uint16) {
	for {
		if d.depth++; d.depth > maxNesting {
			d.h.Flaw |= TooNested
			d.h.Kind = None
			return
		}
		switch t {
		case etherIPv4, etherIPv6:
			d.ip(t == etherIPv4)
			return
		case etherVLAN, etherQinQ, etherQinQ2:
			if !d.need(4, BadLink) {
				return
			}
			if !d.h.HasVLAN {
				d.h.HasVLAN, d.h.VLAN = true, d.u16(0)&0xfff
			}
			d.h.Encap |= VLAN
			t = d.u16(2)
			d.at += 4
		case etherMPLS, etherMPLS2:
			d.mpls()
			return
		case etherPPPoE:
			var ok bool
			if t, ok = d.pppoe(); !ok {
				return
			}
		default:
			if t < minEther {
				d.limit(int(t))
				d.llc()
				return
			}
			d.h.Kind, d.h.Number = Ethernet, uint32(t)
			return
		}
	}
}

// llc reads an IEEE 802.2 header, with SNAP.
func (d *decoder) llc() {
	if !d.need(3, BadLink) {
		return
	}
	dsap, control := d.b[d.at], d.b[d.at+2]
	if dsap == 0xaa && d.b[d.at+1] == 0xaa && control == 3 && d.end-d.at >= 8 {
		id := uint32(d.b[d.at+3])<<24 | uint32(d.u16(4))<<8 | uint32(d.b[d.at+6])
		oui, pid := id>>8, d.u16(6)
		d.at += 8
		if oui == 0 && pid >= minEther {
			d.etherType(pid)
			return
		}
		d.h.Kind, d.h.Number = SNAP, oui<<16|uint32(pid)
		return
	}
	n := 3
	if control&3 != 3 { // information and supervisory formats have a second control byte
		n = 4
	}
	if !d.need(n, BadLink) {
		return
	}
	d.at += n
	d.h.Kind, d.h.Number = LLC, uint32(dsap)
}

func (d *decoder) mpls() {
	d.h.Encap |= MPLS
	for range 16 {
		if !d.need(4, BadLink) {
			return
		}
		bottom := d.b[d.at+2]&1 != 0
		d.at += 4
		if bottom {
			d.underMPLS()
			return
		}
	}
	d.h.Flaw |= TooNested
}

// underMPLS guesses as routers do: an IP version, or a pseudowire with or
// without its control word (RFC 4385, 4928).
func (d *decoder) underMPLS() {
	if !d.need(1, BadLink) {
		return
	}
	switch d.b[d.at] >> 4 {
	case 4, 6:
		d.ipByVersion()
	case 0:
		if d.need(4, BadLink) {
			d.at += 4
			d.ethernet()
		}
	default:
		d.ethernet()
	}
}

func (d *decoder) pppoe() (ether uint16, ok bool) {
	if !d.need(8, BadLink) {
		return 0, false
	}
	d.h.Encap |= PPPoE
	n, p := int(d.u16(4)), d.u16(6)
	d.at += 6
	d.limit(n)
	if !d.need(2, BadLink) {
		return 0, false
	}
	d.at += 2
	switch p {
	case 0x0021:
		return etherIPv4, true
	case 0x0057:
		return etherIPv6, true
	}
	d.h.Kind, d.h.Number = Ethernet, etherPPPoE
	return 0, false
}

// loopback reads the address family of BSD loopback links, in either byte order.
func (d *decoder) loopback() {
	if !d.need(4, BadLink) {
		return
	}
	d.at += 4
	d.ipByVersion()
}

// cooked reads Linux "cooked" headers: size bytes, the protocol at protoAt,
// the sender's address at macAt.
func (d *decoder) cooked(size, protoAt, macAt int) {
	if !d.need(size, BadLink) {
		return
	}
	t := d.u16(protoAt)
	alen := int(d.b[d.at+macAt-1])
	if size == 16 {
		alen = int(d.u16(4))
	}
	if alen == 6 {
		copy(d.h.SrcMAC[:], d.b[d.at+macAt:])
		d.h.HasMAC = true
	}
	d.at += size
	if t == 4 { // 802.2 without a length
		d.llc()
		return
	}
	if t < minEther {
		d.h.Kind, d.h.Number = Ethernet, uint32(t)
		return
	}
	d.etherType(t)
}

func (d *decoder) ipByVersion() {
	if !d.need(1, BadIP) {
		return
	}
	switch d.b[d.at] >> 4 {
	case 4:
		d.ip(true)
	case 6:
		d.ip(false)
	default:
		d.h.Flaw |= BadIP
	}
}
