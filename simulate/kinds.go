package simulate

import (
	"encoding/binary"
	"time"
)

// kind is a way in which stations of a plant speak, with how often.
type kind struct {
	script *script
	period time.Duration // of its cycle
	port   bool          // the client has a port of its own
}

// Kinds of conversation, in the mix of the demo plant.
const (
	kindS7 = iota
	kindModbus
	kindTags
	kindImplicit
	kindProfinet
	kindOPCUA
	kindIEC104
	kindDNP3
	kindBACnet
	kindSNMP
	kindNTP
	kindARP
	kindMQTT
	kinds
)

const (
	scaleOpening = time.Second
	scaleCycle   = 10 * time.Second
)

func little(b []byte, at int, v uint32) {
	if len(b) >= at+4 {
		binary.LittleEndian.PutUint32(b[at:], v)
	}
}

func big16(b []byte, at int, v uint16) {
	if len(b) >= at+2 {
		binary.BigEndian.PutUint16(b[at:], v)
	}
}

// makeKinds composes one conversation of each kind.
func makeKinds() [kinds]kind {
	return [kinds]kind{
		kindS7: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			c := n.dialS7(scaleOpening, a, b, 1, 2)
			c.identify(fillIdentity, 8)
			c.at(scaleCycle)
			cycle(c.now)
			c.read(s7Item{0x84, 10, 0, make([]byte, 28)}, s7Item{0x83, 0, 20, []byte{1, 2}})
			c.at(scaleCycle + time.Second)
		}, func(b []byte, fromClient bool, n uint32, value uint16) {
			big16(b, 11, uint16(n))
			if !fromClient {
				big16(b, 27, value)
			}
		}), time.Second, true},
		kindModbus: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			m := n.dialModbus(scaleOpening, a, b, 1)
			m.identify(utilIdentity...)
			m.at(scaleCycle)
			cycle(m.now)
			m.holding(0, 0, 0, 0, 0)
			m.at(scaleCycle + time.Second)
		}, func(b []byte, fromClient bool, n uint32, value uint16) {
			big16(b, 0, uint16(n))
			if !fromClient {
				big16(b, 9, value)
			}
		}), 2 * time.Second, true},
		kindTags: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			c := n.dialENIP(scaleOpening, a, b)
			c.identity(&cipIdentity{1, 0x0e, 107, 32, 11, 0x60a1b2c3, "1769-L33ER/A LOGIX5333ER", 3})
			c.explicit()
			c.at(scaleCycle)
			cycle(c.now)
			c.readTags(tag{"Line.Count", cipDint, le32(0)}, tag{"Belt.Frequency", cipReal, le32(0x42280000)})
			c.at(scaleCycle + time.Second)
		}, func(b []byte, _ bool, n uint32, _ uint16) {
			if len(b) > 46 {
				binary.LittleEndian.PutUint16(b[44:], uint16(n))
			}
		}), 2 * time.Second, true},
		kindImplicit: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			cycle(scaleCycle)
			n.implicit(scaleCycle, scaleCycle+1, a, b, 0x01020304, 0x05060708, 200*time.Millisecond, func(time.Duration) (out, in []byte) {
				return make([]byte, 8), make([]byte, 16)
			})
		}, func(b []byte, fromClient bool, n uint32, value uint16) {
			little(b, 10, n)
			if len(b) > 24 {
				binary.LittleEndian.PutUint16(b[18:], uint16(n))
				binary.BigEndian.PutUint16(b[len(b)-2:], value)
			}
		}), 500 * time.Millisecond, false},
		kindProfinet: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			cycle(scaleCycle)
			n.cyclic(scaleCycle, scaleCycle+1, a, b, 0x8010, 200*time.Millisecond, func(time.Duration) (out, in []byte) {
				return []byte{0x80, 0, 0, 0, 0}, []byte{0x80, 0, 0, 0, 0}
			})
		}, func(b []byte, _ bool, n uint32, value uint16) {
			big16(b, 3, value)
			big16(b, len(b)-4, uint16(n*16384))
		}), 512 * time.Millisecond, false},
		kindOPCUA: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			c := n.dialOPCUA(scaleOpening, a, b, opcURL, "SCADA", "urn:scada:client")
			c.build("Kepware", "KEPServerEX", "6.14.263.0")
			c.at(scaleCycle)
			cycle(c.now)
			c.read(uaValue{"Line.Level", 61}, uaValue{"Line.Speed", 300})
			c.at(scaleCycle + time.Second)
		}, func(b []byte, _ bool, n uint32, _ uint16) {
			if len(b) > 24 {
				little(b, 16, 100+n)
				little(b, 20, 100+n)
			}
		}), 5 * time.Second, true},
		kindIEC104: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			c := n.dialIEC104(scaleOpening, a, b, 31)
			c.in = 0
			c.at(scaleCycle)
			cycle(c.now)
			c.tell(c.asdu(13, 3, iec104Object(1001, make([]byte, 5))))
			c.at(c.now + 100*time.Millisecond)
			c.acknowledge()
			c.at(scaleCycle + time.Second)
		}, func(b []byte, fromClient bool, n uint32, value uint16) {
			switch {
			case len(b) < 6:
			case fromClient && b[2] == 1:
				binary.LittleEndian.PutUint16(b[4:], uint16(n+1)<<1)
			case !fromClient:
				binary.LittleEndian.PutUint16(b[2:], uint16(n)<<1)
				big16(b, 15, value&0x3fff|0x4000)
			}
		}), 3 * time.Second, true},
		kindDNP3: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			d := n.dialDNP3(scaleOpening, a, b, 100, 10)
			d.attributes(dnp3Attribute{250, "SEL-751"}, dnp3Attribute{252, "Schweitzer Engineering Laboratories"})
			d.transport, d.back, d.seq = 0, 0, 0
			// The control bytes are inside check sequences, so the cycle is as long as they need.
			for i := range time.Duration(64) {
				d.at(scaleCycle + i*4*time.Second)
				if i == 0 {
					cycle(d.now)
				}
				d.poll([]byte{1, 0x81}, []int32{20100, 4100})
			}
			d.at(scaleCycle + 64*4*time.Second - 3*time.Second)
		}, nil), 64 * 4 * time.Second, true},
		kindBACnet: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			x := n.bacnet(a, b)
			x.readText(scaleOpening, bacDevice, 5520, bacModel, "YK Chiller OptiView")
			x.readText(scaleOpening+time.Second, bacDevice, 5520, bacVendorName, "Johnson Controls, Inc.")
			cycle(scaleCycle)
			x.readReal(scaleCycle, bacAnalogInput, 1, 6.2)
		}, func(b []byte, fromClient bool, n uint32, value uint16) {
			switch {
			case fromClient && len(b) > 9:
				b[8] = byte(n)
			case len(b) > 8:
				b[7] = byte(n)
			}
		}), 15 * time.Second, false},
		kindSNMP: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			n.snmpGet(scaleOpening, a, b, "public", system("SCALANCE XC208", "sw", "Hall", []uint32{1, 3, 6, 1, 4, 1, 4329, 20, 1}, 0))
			cycle(scaleCycle)
			n.snmpGet(scaleCycle, a, b, "public", interfaces(4, scaleCycle, 10000))
		}, nil), 2 * time.Minute, true},
		kindNTP: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			cycle(scaleCycle)
			n.askTime(scaleCycle, a, b, 1, "GPS\x00")
		}, nil), 64 * time.Second, false},
		kindARP: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			cycle(scaleCycle)
			n.resolve(scaleCycle, a, b)
		}, nil), 4 * time.Minute, false},
		kindMQTT: {learn(func(n *network, a, b *host, cycle func(time.Duration)) {
			m := n.dialMQTT(scaleOpening, a, b, "edge", "plant", "secret", "spBv1.0/Plant/NDEATH/edge")
			m.publish("spBv1.0/Plant/NBIRTH/edge", m.payload(Start, metric{"bdSeq", int64(0)}))
			m.at(scaleCycle)
			cycle(m.now)
			m.publish("spBv1.0/Plant/DDATA/edge/line", m.payload(Start, metric{"Speed", 300.0}, metric{"Level", 61.0}))
			m.at(scaleCycle + time.Second)
		}, nil), 10 * time.Second, true},
	}
}
