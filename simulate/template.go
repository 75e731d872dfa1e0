package simulate

import (
	"encoding/binary"
	"time"
)

// template is one packet of a kind of conversation, to be filled with the ends
// and counters of one flow. It is composed once, by the same code as the demo.
type template struct {
	after      time.Duration // after the packet before it
	fromClient bool
	frame      []byte
	l4         int // offset of the TCP or UDP header; 0 if there is none
	payload    int // offset of what the protocol says
	tcp        bool
	seq, ack   uint32 // relative to where the opening or the cycle began
}

// script is a kind of conversation: how it begins, and what it repeats.
type script struct {
	opening []template
	cycle   []template
	took    time.Duration // from the first to the last packet of the cycle
	// What one opening and one cycle move the counters of the two sides.
	opened, moved [2]uint32
	port          uint16
	udp           bool
	patch         func(b []byte, fromClient bool, n uint32, value uint16)
}

// compose is what a kind of conversation says, between two stations. It calls
// cycle where the part begins that is repeated.
type compose func(n *network, client, server *host, cycle func(at time.Duration))

// learn runs a composition once and takes it apart.
func learn(say compose, patch func([]byte, bool, uint32, uint16)) *script {
	near := &subnet{router: &host{mac: mac{2, 0, 0, 0, 0, 9}}}
	station := func(last byte) *host {
		h := &host{mac: mac{2, 0, 0, 0, 0, last}, net: near, ttl: 64, window: 8192, answers: 2 * time.Millisecond}
		h.addr = group("10.0.0.1").addr
		a := h.addr.As4()
		a[3] = last
		h.Name = netipFrom4(a)
		h.addr = group(h.Name).addr
		return h
	}
	client, server := station(1), station(2)
	n := &network{known: map[arpKey]bool{}, links: map[Link]int{}, truth: &Truth{Start: Start}}
	for p := range time.Duration(64) {
		n.known[arpKey{client.mac, server.mac, p}], n.known[arpKey{server.mac, client.mac, p}] = true, true
	}
	border := time.Duration(1 << 62)
	say(n, client, server, func(at time.Duration) { border = at })
	s := &script{patch: patch}
	var base [2]uint32 // of client and server
	var first [2]bool
	last := time.Duration(0)
	inCycle := false
	for i, f := range n.sorted() {
		if i == 0 {
			last = f.at
		}
		if !inCycle && f.at >= border {
			inCycle = true
			s.opened = s.moved
			for side := range base {
				base[side] += s.moved[side]
			}
			s.moved = [2]uint32{}
			last = f.at
		}
		t := template{after: f.at - last, frame: f.data, fromClient: mac(f.data[6:12]) == client.mac, payload: 14}
		last = f.at
		if binary.BigEndian.Uint16(f.data[12:]) == etherIPv4 {
			t.l4 = 34
			t.tcp = f.data[23] == 6
			t.payload = 42
			s.udp = !t.tcp
			side := 0
			if !t.fromClient {
				side = 1
			}
			h := f.data[34:]
			if side == 0 {
				s.port = binary.BigEndian.Uint16(h[2:])
			}
			if t.tcp {
				t.payload = 34 + int(h[12]>>4)*4
				if !first[side] {
					first[side] = true
					base[side] = binary.BigEndian.Uint32(h[4:])
				}
				t.seq = binary.BigEndian.Uint32(h[4:]) - base[side]
				t.ack = binary.BigEndian.Uint32(h[8:]) - base[1-side]
				size := uint32(binary.BigEndian.Uint16(f.data[16:])) - uint32(t.payload-14)
				if h[13]&(syn|fin) != 0 {
					size++
				}
				s.moved[side] = max(s.moved[side], t.seq+size)
			}
		}
		if inCycle {
			s.cycle = append(s.cycle, t)
		} else {
			s.opening = append(s.opening, t)
		}
	}
	for i := range s.cycle {
		s.took += s.cycle[i].after
	}
	return s
}

// station of a plant of any size.
type unit struct {
	mac mac
	ip  [4]byte
	ttl byte
}

// fill appends the packet of a flow.
func (t *template) fill(buf []byte, f *flow, s *script, from, to *unit, via *mac, inCycle bool, id uint16) []byte {
	was := len(buf)
	buf = append(buf, t.frame...)
	b := buf[was:]
	copy(b, to.mac[:])
	if via != nil {
		copy(b, via[:])
	}
	copy(b[6:], from.mac[:])
	end := len(b)
	if t.l4 > 0 {
		end = 14 + int(binary.BigEndian.Uint16(b[16:])) // what follows is padding
	}
	if s.patch != nil && inCycle {
		s.patch(b[t.payload:end], t.fromClient, f.count, f.value)
	}
	if t.l4 == 0 {
		return buf
	}
	binary.BigEndian.PutUint16(b[18:], id)
	b[22] = from.ttl
	b[24], b[25] = 0, 0
	copy(b[26:], from.ip[:])
	copy(b[30:], to.ip[:])
	binary.BigEndian.PutUint16(b[24:], ^fold(uint32(sum64(0, b[14:34]))))
	h := b[t.l4:end]
	client, me, you := 0, 0, 1 // offset of the client's port; sides
	if !t.fromClient {
		client, me, you = 2, 1, 0
	}
	check := 6
	protocol := uint32(17)
	if t.tcp {
		binary.BigEndian.PutUint16(h[client:], f.port)
		binary.BigEndian.PutUint32(h[4:], f.seq[me]+t.seq)
		if h[13]&ack != 0 {
			binary.BigEndian.PutUint32(h[8:], f.seq[you]+t.ack)
		}
		check, protocol = 16, 6
	} else if f.port != 0 {
		binary.BigEndian.PutUint16(h[client:], f.port)
	}
	h[check], h[check+1] = 0, 0
	c := ^fold(uint32(sum64(uint64(protocol)+uint64(len(h))+sum64(sum64(0, from.ip[:]), to.ip[:]), h)))
	if c == 0 && protocol == 17 {
		c = 0xffff
	}
	binary.BigEndian.PutUint16(h[check:], c)
	return buf
}

// sum64 adds b as 16-bit words, four bytes at a time. The result fits 32 bits
// for what fits a frame after one folding.
func sum64(s uint64, b []byte) uint64 {
	for ; len(b) >= 4; b = b[4:] {
		s += uint64(binary.BigEndian.Uint32(b))
	}
	if len(b) >= 2 {
		s += uint64(b[0])<<8 | uint64(b[1])
		b = b[2:]
	}
	if len(b) == 1 {
		s += uint64(b[0]) << 8
	}
	for s > 0xffff_ffff {
		s = s>>32 + s&0xffff_ffff
	}
	return s
}
