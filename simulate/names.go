package simulate

import (
	"net/netip"
	"strings"
	"time"

	"github.com/bulkhead-ot/bulkhead/wire"
)

// Types of DNS records.
const (
	dnsA    = 1
	dnsPTR  = 12
	dnsTXT  = 16
	dnsNB   = 0x20
	dnsSRV  = 33
	inClass = 1
)

// record is an answer; data is as RFC 1035 lays it out.
type record struct {
	name string
	kind uint16
	ttl  uint32
	data []byte
}

func dnsName(name string) []byte {
	var b []byte
	for label := range strings.SplitSeq(strings.TrimSuffix(name, "."), ".") {
		b = append(append(b, byte(len(label))), label...)
	}
	return append(b, 0)
}

// dnsMessage builds a message of RFC 1035 with at most one question.
func dnsMessage(id, flags uint16, question string, kind uint16, answers ...record) []byte {
	var w wire.Builder
	asked := uint16(0)
	if question != "" {
		asked = 1
	}
	w.U16(id).U16(flags).U16(asked).U16(uint16(len(answers))).U32(0)
	if asked == 1 {
		w.Bytes(dnsName(question)).U16(kind).U16(inClass)
	}
	for _, a := range answers {
		w.Bytes(dnsName(a.name)).U16(a.kind).U16(inClass).U32(a.ttl).U16(uint16(len(a.data))).Bytes(a.data)
	}
	return w.B
}

func ipv4(a netip.Addr) []byte { b := a.As4(); return b[:] }

// lookUp asks a name server for an address; an invalid answer is a name error.
func (n *network) lookUp(at time.Duration, client, server *host, name string, answer netip.Addr) {
	n.spoke(client, server, "udp", 53, "dns")
	port, id := client.ephemeral(), uint16(client.sequence()>>8)
	n.udp(at, client, server, port, 53, dnsMessage(id, 0x0100, name, dnsA))
	reply := dnsMessage(id, 0x8183, name, dnsA)
	if answer.IsValid() {
		reply = dnsMessage(id, 0x8180, name, dnsA, record{name, dnsA, 3600, ipv4(answer)})
	}
	n.udp(at+900*time.Microsecond, server, client, 53, port, reply)
}

var mdnsGroup = group("224.0.0.251")

// announceMDNS offers a service by DNS-SD over multicast DNS (RFC 6762, 6763).
func (n *network) announceMDNS(at time.Duration, h *host, instance, service, name string, port uint16, text ...string) {
	n.spoke(h, mdnsGroup, "udp", 5353, "mdns")
	full := instance + "." + service
	var srv, txt wire.Builder
	srv.U32(0).U16(port).Bytes(dnsName(name))
	for _, t := range text {
		txt.U8(byte(len(t))).Text(t)
	}
	n.udp(at, h, mdnsGroup, 5353, 5353, dnsMessage(0, 0x8400, "", 0,
		record{service, dnsPTR, 4500, dnsName(full)},
		record{full, dnsSRV, 120, srv.B},
		record{full, dnsTXT, 4500, txt.B},
		record{name, dnsA, 120, ipv4(h.addr)}))
}

// askMDNS asks who offers a service.
func (n *network) askMDNS(at time.Duration, h *host, service string) {
	n.spoke(h, mdnsGroup, "udp", 5353, "mdns")
	n.udp(at, h, mdnsGroup, 5353, 5353, dnsMessage(0, 0, service, dnsPTR))
}

// netbios encodes a name and its suffix, RFC 1001 section 14.1.
func netbios(name string, suffix byte) string {
	b := padded(strings.ToUpper(name), 16, ' ')
	b[15] = suffix
	var s []byte
	for _, c := range b {
		s = append(s, 'A'+c>>4, 'A'+c&15)
	}
	return string(s)
}

// registerNBNS registers a NetBIOS name by broadcast, RFC 1002 section 4.2.2.
func (n *network) registerNBNS(at time.Duration, h, all *host, name string, suffix byte) {
	n.spoke(h, all, "udp", 137, "nbns")
	var w wire.Builder
	w.U16(uint16(h.sequence() >> 4)).U16(0x2910).U16(1).U16(0).U16(0).U16(1)
	w.Bytes(dnsName(netbios(name, suffix))).U16(dnsNB).U16(inClass)
	w.U16(0xc00c).U16(dnsNB).U16(inClass).U32(300000).U16(6).U16(0).Bytes(ipv4(h.addr))
	n.udp(at, h, all, 137, 137, w.B)
}

// dhcpOption is an option of RFC 2132.
type dhcpOption struct {
	code  byte
	value []byte
}

// dhcp builds a message of RFC 2131.
func dhcp(op byte, id uint32, client mac, yours, server netip.Addr, options []dhcpOption) []byte {
	var w wire.Builder
	w.U8(op, 1, 6, 0).U32(id).U16(0).U16(0).U32(0)
	w.Bytes(ipv4(yours)).Bytes(ipv4(server)).U32(0).Bytes(client[:]).Zero(10 + 64 + 128).U32(0x63825363)
	for _, o := range options {
		w.U8(o.code, byte(len(o.value))).Bytes(o.value)
	}
	w.U8(255)
	for len(w.B) < 300 {
		w.U8(0)
	}
	return w.B
}

// lease gives a station its address: discover, offer, request, acknowledge. The
// server is reached through the relay of the station's router where it is in
// another network; here only the station's side is mirrored.
func (n *network) lease(at time.Duration, h, server *host, class string, asks []byte) {
	n.spoke(h, server, "udp", 67, "dhcp")
	id := h.sequence()
	none := netip.IPv4Unspecified()
	nobody := &host{Host: Host{IP: "0.0.0.0"}, mac: h.mac, addr: none, ttl: h.ttl, net: h.net}
	answering := server.at(h.net)
	answering.mac = h.net.router.mac
	if server.net == h.net {
		answering = server
	}
	client := []dhcpOption{{61, append([]byte{1}, h.mac[:]...)}, {12, []byte(h.Name)}, {60, []byte(class)}, {55, asks}}
	given := []dhcpOption{{54, ipv4(server.addr)}, {51, []byte{0, 0, 0x70, 0x80}}, {1, []byte{255, 255, 255, 0}},
		{3, ipv4(h.net.router.at(h.net).addr)}, {6, ipv4(server.addr)}, {15, []byte("plant.example")}}
	kind := func(k byte, more ...[]dhcpOption) []dhcpOption {
		all := []dhcpOption{{53, []byte{k}}}
		for _, m := range more {
			all = append(all, m...)
		}
		return all
	}
	wanted := []dhcpOption{{50, ipv4(h.addr)}, {54, ipv4(server.addr)}}
	n.udp(at, nobody, everybody, 68, 67, dhcp(1, id, h.mac, none, none, kind(1, client)))
	n.udp(at+20*time.Millisecond, answering, h, 67, 68, dhcp(2, id, h.mac, h.addr, server.addr, kind(2, given)))
	n.udp(at+24*time.Millisecond, nobody, everybody, 68, 67, dhcp(1, id, h.mac, none, none, kind(3, wanted, client)))
	n.udp(at+40*time.Millisecond, answering, h, 67, 68, dhcp(2, id, h.mac, h.addr, server.addr, kind(5, given)))
	// RFC 5227: probe, then announce.
	for i := range 2 {
		n.put(at+time.Duration(60+i*1000)*time.Millisecond, broadcast, h.mac, etherARP, arp(1, nobody, mac{}, h))
	}
	n.put(at+2100*time.Millisecond, broadcast, h.mac, etherARP, arp(1, h, mac{}, h))
}
