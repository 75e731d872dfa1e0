package simulate

import (
	"math/rand/v2"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// station is how a PROFINET device describes itself by DCP (IEC 61158-6-10).
type station struct {
	name, model      string
	vendorID, device uint16
	role             byte // 1 device, 2 controller
}

// Frame identifiers of DCP.
const (
	dcpGetSet   = 0xfefd
	dcpIdentify = 0xfefe
	dcpAnswer   = 0xfeff
)

var dcpGroup = mac{0x01, 0x0e, 0xcf, 0, 0, 0}

func dcp(frame uint16, service, kind byte, xid uint32, delay uint16, blocks []byte) []byte {
	var w wire.Builder
	return w.U16(frame).U8(service, kind).U32(xid).U16(delay).U16(uint16(len(blocks))).Bytes(blocks).B
}

func dcpBlock(w *wire.Builder, option, sub byte, info bool, data []byte) {
	size := len(data)
	w.U8(option, sub)
	if info {
		w.U16(uint16(size + 2)).U16(0)
		size += 2
	} else {
		w.U16(uint16(size))
	}
	w.Bytes(data)
	if size%2 == 1 {
		w.U8(0)
	}
}

// identifyAll asks all PROFINET stations who they are.
func (n *network) identifyAll(at time.Duration, asker *host, stations []*host, as map[*host]*station) {
	n.spoke(asker, &host{Host: Host{IP: "01:0e:cf:00:00:00"}}, "ethernet", 0, "profinet-dcp")
	xid := asker.sequence()
	n.put(at, dcpGroup, asker.mac, etherProfinet, dcp(dcpIdentify, 5, 0, xid, 1, []byte{0xff, 0xff, 0, 0}))
	for i, h := range stations {
		s := as[h]
		var w wire.Builder
		dcpBlock(&w, 2, 2, true, []byte(s.name))
		var id wire.Builder
		dcpBlock(&w, 2, 3, true, id.U16(s.vendorID).U16(s.device).B)
		dcpBlock(&w, 2, 4, true, []byte{s.role, 0})
		dcpBlock(&w, 2, 1, true, []byte(s.model))
		var ip wire.Builder
		ip.Bytes(ipv4(h.addr)).U8(255, 255, 255, 0).Bytes(ipv4(h.net.router.at(h.net).addr))
		w.U8(1, 2).U16(14).U16(1).Bytes(ip.B)
		n.put(at+time.Duration(3+7*i)*time.Millisecond, asker.mac, h.mac, etherProfinet, dcp(dcpAnswer, 5, 1, xid, 0, w.B))
	}
}

// nameStation gives a station its name by DCP set.
func (n *network) nameStation(at time.Duration, asker, h *host, name string) {
	xid := asker.sequence()
	var w wire.Builder
	dcpBlock(&w, 2, 2, true, []byte(name))
	w.B[4], w.B[5] = 0, 1 // save it permanently
	n.put(at, h.mac, asker.mac, etherProfinet, dcp(dcpGetSet, 4, 0, xid, 0, w.B))
	n.put(at+9*time.Millisecond, asker.mac, h.mac, etherProfinet, dcp(dcpGetSet, 4, 1, xid, 0, []byte{5, 4, 0, 3, 2, 2, 0, 0}))
}

// cyclic exchanges real-time data of class 1 between a controller and a device.
func (n *network) cyclic(from, until time.Duration, controller, device *host, id uint16, cycle time.Duration, data func(time.Duration) (out, in []byte)) {
	n.spoke(controller, device, "ethernet", 0, "profinet-rt")
	rng := rand.New(rand.NewPCG(n.seed, uint64(id)))
	frame := func(id, counter uint16, payload []byte) []byte {
		var w wire.Builder
		w.U16(id).Bytes(payload)
		for len(w.B) < 2+40 {
			w.U8(0)
		}
		return w.U16(counter).U8(0x35, 0).B
	}
	for t := from; t < until; t += cycle {
		counter := uint16(t / (31250 * time.Nanosecond))
		out, in := data(t)
		n.put(t+time.Duration(rng.IntN(9000)), device.mac, controller.mac, etherProfinet, frame(id, counter, out))
		n.put(t+cycle/3+time.Duration(rng.IntN(9000)), controller.mac, device.mac, etherProfinet, frame(id+0x100, counter, in))
	}
}
