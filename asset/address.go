package asset

import (
	"net/netip"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
)

// placeOf is where a party sits; false if no host can sit there.
func placeOf(p *fact.Party) (place, bool) {
	at := place{p.IP.Unmap().WithZone(""), p.MAC}
	if at.mac.Group() {
		at.mac = fact.MAC{}
	}
	switch ip := at.ip; {
	case !ip.IsValid():
	case groupAddr(ip):
		return place{}, false
	case nowhere(ip):
		at.ip = netip.Addr{} // a host that has no address yet
	case ip.IsLoopback() && !at.mac.IsZero():
		at.ip = netip.Addr{} // forged: it never crosses a wire
	}
	return at, at.ip.IsValid() || !at.mac.IsZero()
}

// nowhere tells the addresses of hosts that have none (RFC 1122, 3.2.1.3).
func nowhere(ip netip.Addr) bool {
	return !ip.IsValid() || ip.IsUnspecified() || ip.Is4() && ip.As4()[0] == 0
}

// groupAddr tells addresses that stand for several hosts or none.
func groupAddr(ip netip.Addr) bool {
	return ip.IsValid() && (ip.IsMulticast() || ip.Is4() && ip.As4()[0] >= 240)
}

func groupEnd(p *fact.Party) bool { return groupAddr(p.IP) || p.MAC.Group() }

// The distances that a hop count tells.
const (
	anywhere = iota // nothing can be said
	near            // as hosts send it
	far             // some router has counted it down
)

// distance judges a hop count by the values that hosts begin with: 255, 128
// and 64, and 250, 200, 100 and 60 of some devices. Up to 32 nothing is
// certain: controllers begin with 30 and less, and so does much multicast.
func distance(ttl uint8) int {
	switch ttl {
	case 64, 128, 255:
		return near
	case 60, 100, 200, 250:
		return anywhere
	}
	if ttl <= 32 {
		return anywhere
	}
	return far
}

// routers is how many routers a far hop count has passed.
func routers(ttl uint8) uint8 {
	for _, first := range [...]uint8{64, 128, 255} {
		if ttl <= first {
			return first - ttl
		}
	}
	return 0
}

// notGlobal are ranges that look global and are not the Internet's. The ranges
// for documentation (RFC 5737) are left out on purpose: where one is met, in a
// laboratory or an example, it stands for the Internet.
var notGlobal = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), // carrier's NAT
	netip.MustParsePrefix("192.0.0.0/24"),  // protocol assignments
	netip.MustParsePrefix("198.18.0.0/15"), // benchmarks
}

// public tells addresses that are routed on the Internet (RFC 6890).
func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || groupAddr(ip) || nowhere(ip) {
		return false
	}
	for _, p := range notGlobal {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.Is4() || ip.As16()[0]&0xe0 == 0x20
}

// subnet is the /24 or /64 around an address: near enough where masks are not known.
func subnet(ip netip.Addr) netip.Prefix {
	bits := 64
	if ip.Is4() {
		bits = 24
	}
	p, _ := ip.Prefix(bits)
	return p
}

// eui64 is the hardware address that an IPv6 address was made of (RFC 4291,
// appendix A).
func eui64(ip netip.Addr) (fact.MAC, bool) {
	if !ip.Is6() {
		return fact.MAC{}, false
	}
	a := ip.As16()
	if a[11] != 0xff || a[12] != 0xfe {
		return fact.MAC{}, false
	}
	m := fact.MAC{a[8] ^ 2, a[9], a[10], a[13], a[14], a[15]}
	return m, !m.Group() && !m.IsZero()
}

// virtualRouter names the protocol whose shared hardware address m is.
func virtualRouter(m fact.MAC) string {
	switch {
	case m[0] == 0 && m[1] == 0 && m[2] == 0x5e && m[3] == 0 && (m[4] == 1 || m[4] == 2):
		return "VRRP"
	case m[0] == 0 && m[1] == 0 && m[2] == 0x0c && m[3] == 0x07 && m[4] == 0xac:
		return "HSRP"
	case m[0] == 0 && m[1] == 0 && m[2] == 0x0c && m[3] == 0x9f && m[4]&0xf0 == 0xf0:
		return "HSRP version 2"
	case m[0] == 0 && m[1] == 5 && m[2] == 0x73 && m[3] == 0xa0:
		return "HSRP for IPv6"
	case m[0] == 0 && m[1] == 7 && m[2] == 0xb4:
		return "GLBP"
	}
	return ""
}

// commonMACs are addresses that many machines have alike, such as those of
// pretended adapters; nothing is concluded from them.
var commonMACs = map[fact.MAC]bool{
	{0x00, 0x50, 0x56, 0xc0, 0x00, 0x01}: true, // VMware host only
	{0x00, 0x50, 0x56, 0xc0, 0x00, 0x08}: true, // VMware NAT
	{0x02, 0x00, 0x4c, 0x4f, 0x4f, 0x50}: true, // Microsoft loopback adapter
	{0x0a, 0x00, 0x27, 0x00, 0x00, 0x00}: true, // VirtualBox host only
	{0x44, 0x45, 0x53, 0x54, 0x00, 0x00}: true, // dial-up adapter
	{0x20, 0x41, 0x53, 0x59, 0x4e, 0xff}: true, // RAS async adapter
	{0x00, 0x00, 0x00, 0x00, 0x00, 0x01}: true,
	{0x00, 0x11, 0x22, 0x33, 0x44, 0x55}: true,
	{0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc}: true,
}

// parseMAC reads a hardware address as statements write it; false for those
// that do not name one card.
func parseMAC(s string) (fact.MAC, bool) {
	var m fact.MAC
	s = strings.NewReplacer(":", "", "-", "", ".", "").Replace(strings.TrimSpace(s))
	if len(s) != 12 {
		return m, false
	}
	for i := range len(s) {
		v := strings.IndexByte("0123456789abcdef", s[i]|0x20)
		if v < 0 {
			return m, false
		}
		m[i/2] = m[i/2]<<4 | byte(v)
	}
	return m, !m.IsZero() && !m.Group() && !commonMACs[m]
}

// hostname tells names that could stand in the DNS, and no address.
func hostname(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return false
	}
	return len(s) > 1 && len(s) <= 253 && !strings.ContainsAny(s, " /\\")
}

// services are ports that tell what stands behind them when the content was
// not recognised.
var services = map[string]map[uint16]string{
	"tcp": {
		88: "Kerberos", 389: "LDAP", 636: "LDAP over TLS", 3268: "global catalog", 515: "LPD", 631: "IPP", 9100: "JetDirect",
		554: "RTSP", 8554: "RTSP", 5060: "SIP", 1433: "SQL Server", 1521: "Oracle", 3306: "MySQL", 5432: "PostgreSQL",
		5450: "PI Data Archive", 8086: "InfluxDB", 2049: "NFS", 3260: "iSCSI", 902: "VMware", 25: "SMTP", 110: "POP3", 143: "IMAP",
		993: "IMAP over TLS", 179: "BGP", 102: "ISO transport", 502: "Modbus", 44818: "EtherNet/IP", 20000: "DNP3", 2404: "IEC 104",
		9600: "FINS", 5006: "MELSEC", 5007: "MELSEC", 1962: "PCWorx", 18245: "GE SRTP", 18246: "GE SRTP", 48898: "ADS",
		1911: "Niagara Fox", 4911: "Niagara Fox", 2455: "CODESYS", 11740: "CODESYS", 1217: "CODESYS", 5094: "HART-IP",
		4712: "C37.118", 4713: "C37.118", 4059: "DLMS", 1502: "TriStation",
	},
	"udp": {
		88: "Kerberos", 2049: "NFS", 5060: "SIP", 9600: "FINS", 1502: "TriStation", 4713: "C37.118", 5094: "HART-IP",
		5050: "S-Bus", 3671: "KNX", 1628: "LonTalk", 48899: "ADS", 4059: "DLMS", 5006: "MELSEC",
	},
}
