package packet

import "encoding/binary"

const (
	protoHop    = 0
	protoICMP   = 1
	protoIPIP   = 4
	protoTCP    = 6
	protoUDP    = 17
	protoIPv6   = 41
	protoRoute  = 43
	protoFrag   = 44
	protoGRE    = 47
	protoAH     = 51
	protoNoNext = 59
	protoDst    = 60

	portVXLAN  = 4789
	portGeneve = 6081
)

func (d *decoder) ip(four bool) {
	ok := false
	if four {
		ok = d.ipv4()
	} else {
		ok = d.ipv6()
	}
	if ok {
		d.transport()
	}
}

func (d *decoder) ipv4() bool {
	if !d.need(20, BadIP) {
		return false
	}
	b := d.b[d.at:d.end]
	ihl := int(b[0]&15) * 4
	total := int(binary.BigEndian.Uint16(b[2:]))
	if b[0]>>4 != 4 || ihl < 20 || total != 0 && total < ihl {
		d.h.Flaw |= BadIP
		d.h.Kind = None
		return false
	}
	if !d.need(ihl, BadIP) {
		return false
	}
	if total != 0 { // 0: cut up by the network card later (segmentation offload)
		d.missing(total, BadIP)
		d.limit(total)
	}
	h := d.h
	h.Version, h.TTL, h.Proto = 4, b[8], b[9]
	h.ID = uint32(binary.BigEndian.Uint16(b[4:]))
	frag := binary.BigEndian.Uint16(b[6:])
	h.More = frag&0x2000 != 0
	h.Offset = (frag & 0x1fff) << 3
	h.Fragment = h.More || h.Offset != 0
	h.Src, h.Dst = v4(b[12:]), v4(b[16:])
	d.at += ihl
	return true
}

func (d *decoder) ipv6() bool {
	if !d.need(40, BadIP) {
		return false
	}
	b := d.b[d.at:d.end]
	if b[0]>>4 != 6 {
		d.h.Flaw |= BadIP
		d.h.Kind = None
		return false
	}
	h := d.h
	h.Version, h.TTL, h.ID = 6, b[7], 0
	h.Fragment, h.More, h.Offset = false, false, 0
	h.Src, h.Dst = v6(b[8:]), v6(b[24:])
	n := int(binary.BigEndian.Uint16(b[4:]))
	d.at += 40
	if n != 0 { // 0: jumbogram or offload
		d.missing(n, BadIP)
		d.limit(n)
	}
	return d.extensions(b[6])
}

// extensions walks the IPv6 extension headers (RFC 8200, 4).
func (d *decoder) extensions(next uint8) bool {
	h := d.h
	for range 10 {
		switch next {
		case protoHop, protoRoute, protoDst, protoAH:
			if !d.need(8, BadIP) {
				return false
			}
			n := (int(d.b[d.at+1]) + 1) * 8
			if next == protoAH {
				n = (int(d.b[d.at+1]) + 2) * 4
			}
			next = d.b[d.at]
			if !d.need(n, BadIP) {
				return false
			}
			d.at += n
		case protoFrag:
			if !d.need(8, BadIP) {
				return false
			}
			f := d.u16(2)
			next = d.b[d.at]
			h.Offset, h.More = f&^7, f&1 != 0
			h.Fragment = h.More || h.Offset != 0
			h.ID = binary.BigEndian.Uint32(d.b[d.at+4:])
			d.at += 8
			if h.Fragment { // what follows is only whole once the packet is
				h.Proto = next
				return true
			}
		default:
			h.Proto = next
			return true
		}
	}
	h.Flaw |= TooNested
	h.Kind = None
	return false
}

// Transport decodes what follows the IP header of a packet that was put
// together from fragments: payload of the given IP protocol.
func Transport(h *Headers, payload []byte) {
	d := decoder{h: h, b: payload, end: len(payload)}
	h.Fragment, h.More, h.Offset = false, false, 0
	if h.Version != 6 || d.extensions(h.Proto) {
		d.transport()
	}
	h.Start, h.End, h.Lacking = uint32(min(d.at, d.end)), uint32(d.end), 0
}

func (d *decoder) transport() {
	h := d.h
	if h.Fragment {
		h.Kind = IP
		return
	}
	if d.depth++; d.depth > maxNesting {
		h.Flaw |= TooNested
		h.Kind = None
		return
	}
	switch h.Proto {
	case protoTCP:
		d.tcp()
	case protoUDP:
		d.udp()
	case protoGRE:
		d.gre()
	case protoIPIP:
		h.Encap |= IPinIP
		d.ip(true)
	case protoIPv6:
		h.Encap |= IPinIP
		d.ip(false)
	default:
		h.Kind = IP
	}
}

func (d *decoder) tcp() {
	h := d.h
	if d.end-d.at < 20 {
		d.missing(20, BadTCP)
		h.Kind = IP
		return
	}
	b := d.b[d.at:d.end]
	h.SrcPort, h.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	h.Seq, h.Ack = binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	n := int(b[12]>>4) * 4
	h.Flags, h.Window = b[13], binary.BigEndian.Uint16(b[14:])
	if n < 20 {
		h.Flaw |= BadTCP
		n = 20
	}
	if n > len(b) {
		d.missing(n, BadTCP)
		d.lack = max(d.lack-(n-len(b)), 0) // of the rest, this was options
		n = len(b)
	}
	d.at += n
	h.Kind = TCP
}

func (d *decoder) udp() {
	h := d.h
	if d.end-d.at < 8 {
		d.missing(8, BadUDP)
		h.Kind = IP
		return
	}
	h.SrcPort, h.DstPort = d.u16(0), d.u16(2)
	n := int(d.u16(4))
	switch {
	case n >= 8:
		d.missing(n, BadUDP)
		d.limit(n)
	case n != 0:
		h.Flaw |= BadUDP
	}
	d.at += 8
	h.Kind = UDP
	switch h.DstPort {
	case portVXLAN:
		d.vxlan()
	case portGeneve:
		d.geneve()
	}
}

// inside decodes an encapsulated Ethernet frame; what the outer frame was is
// forgotten.
func (d *decoder) inside() {
	if d.depth++; d.depth > maxNesting {
		d.h.Flaw |= TooNested
		d.h.Kind = None
		return
	}
	d.h.HasVLAN, d.h.VLAN = false, 0
	d.h.Version = 0
	d.ethernet()
}

func (d *decoder) vxlan() {
	if d.end-d.at < 8+14 || d.b[d.at]&0x08 == 0 || d.b[d.at]&^0x08 != 0 {
		return // stays UDP
	}
	d.h.Encap |= VXLAN
	d.at += 8
	d.inside()
}

func (d *decoder) geneve() {
	if d.end-d.at < 8 || d.b[d.at]>>6 != 0 {
		return
	}
	n := 8 + int(d.b[d.at]&0x3f)*4
	if d.u16(2) != etherTEB || d.end-d.at < n+14 {
		return
	}
	d.h.Encap |= VXLAN
	d.at += n
	d.inside()
}

// gre reads GRE version 0 and the ERSPAN headers behind it.
func (d *decoder) gre() {
	h := d.h
	h.Kind = IP
	if d.end-d.at < 4 {
		d.missing(4, BadIP)
		return
	}
	flags, t := d.u16(0), d.u16(2)
	if flags&7 != 0 || flags&0x4000 != 0 { // version 1 is PPTP; source routing is gone (RFC 2784)
		return
	}
	n := 4
	for _, bit := range [...]uint16{0x8000, 0x2000, 0x1000} { // checksum, key, sequence
		if flags&bit != 0 {
			n += 4
		}
	}
	if d.end-d.at < n {
		d.missing(n, BadIP)
		return
	}
	d.at += n
	switch t {
	case etherIPv4, etherIPv6:
		h.Encap |= GRE
		d.ip(t == etherIPv4)
	case etherMPLS, etherMPLS2:
		h.Encap |= GRE
		d.etherType(t)
	case etherTEB:
		h.Encap |= GRE
		d.inside()
	case etherSPAN2:
		d.erspan(flags&0x1000 != 0)
	case etherSPAN3:
		d.erspan3()
	}
}

// erspan: type I has no header of its own and no GRE sequence, type II has 8 bytes.
func (d *decoder) erspan(sequence bool) {
	d.h.Encap |= ERSPAN
	if !sequence {
		d.inside()
		return
	}
	if !d.need(8, BadLink) {
		return
	}
	vlan := d.u16(0) & 0xfff
	d.at += 8
	d.mirrored(vlan)
}

// erspan3: 12 bytes, with 8 more when the last bit of them says so. The frame
// type tells Ethernet (0) from IP alone (2).
func (d *decoder) erspan3() {
	d.h.Encap |= ERSPAN
	if !d.need(12, BadLink) {
		return
	}
	vlan, n := d.u16(0)&0xfff, 12
	frameType := d.b[d.at+10] >> 2 & 0x1f
	if d.b[d.at+11]&1 != 0 {
		n += 8
	}
	if !d.need(n, BadLink) {
		return
	}
	d.at += n
	switch frameType {
	case 0:
		d.mirrored(vlan)
	case 2:
		d.h.HasVLAN, d.h.VLAN = vlan != 0, vlan
		d.ipByVersion()
	}
}

// mirrored decodes a frame that a switch mirrored from the given VLAN, whose
// tag it may have taken off.
func (d *decoder) mirrored(vlan uint16) {
	d.inside()
	if vlan != 0 && !d.h.HasVLAN {
		d.h.HasVLAN, d.h.VLAN = true, vlan
	}
}
