package capture

import (
	"fmt"
	"slices"
	"strings"
)

// LinkType is what the bytes of a packet begin with: a number of the LINKTYPE
// registry of pcap (draft-ietf-opsawg-pcaplinktype).
type LinkType uint16

// The link types that packets are delivered with.
const (
	Null      LinkType = 0   // BSD loopback, address family in the byte order of the host
	Ethernet  LinkType = 1   //
	RawIP     LinkType = 101 // IPv4 or IPv6; also written as 12 and 14
	Loop      LinkType = 108 // OpenBSD loopback, address family in network byte order
	LinuxSLL  LinkType = 113 // Linux "any" interface
	IPv4Raw   LinkType = 228 //
	IPv6Raw   LinkType = 229 //
	LinuxSLL2 LinkType = 276 // Linux "any" interface, version 2
)

// linkNames has a name for each link type that is likely to come up.
var linkNames = map[LinkType]string{
	Null: "BSD loopback", Ethernet: "Ethernet", RawIP: "raw IP", Loop: "OpenBSD loopback",
	LinuxSLL: "Linux cooked", IPv4Raw: "raw IPv4", IPv6Raw: "raw IPv6", LinuxSLL2: "Linux cooked v2",

	3: "AX.25", 6: "Token Ring", 7: "ARCNET", 8: "SLIP", 9: "PPP", 10: "FDDI", 50: "PPP in HDLC framing", 51: "PPPoE",
	99: "Symantec firewall", 100: "ATM", 104: "Cisco HDLC", 105: "Wi-Fi", 107: "Frame Relay", 114: "LocalTalk",
	117: "OpenBSD pflog", 119: "Wi-Fi with Prism header", 127: "Wi-Fi with radiotap header", 129: "ARCNET on Linux",
	143: "DOCSIS", 147: "private use 0", 163: "Wi-Fi with AVS header", 165: "BACnet MS/TP", 177: "LAPD", 180: "X.25 on Linux",
	182: "GPF-T", 187: "Bluetooth HCI", 189: "USB on Linux", 190: "CAN 2.0b", 192: "PPI", 195: "IEEE 802.15.4",
	197: "ERF", 201: "Bluetooth HCI with direction", 204: "PPP with direction", 209: "I2C on Linux", 212: "LIN",
	220: "USB on Linux, memory-mapped", 224: "Fibre Channel FC-2", 227: "CAN on Linux", 230: "IEEE 802.15.4 without FCS",
	231: "D-Bus", 240: "netANALYZER", 241: "netANALYZER, transparent", 243: "MPEG-2 transport stream", 249: "USBPcap",
	250: "SEL RTAC serial line", 251: "Bluetooth Low Energy", 252: "Wireshark upper PDU", 253: "Linux netlink",
	256: "Bluetooth Low Energy with radio header", 258: "PROFIBUS data link", 266: "USB 2.0", 272: "nRF sniffer",
	274: "Ethernet with mPackets", 283: "IEEE 802.15.4 with TAP header",
}

// supported lists the link types that are read, in the order they are told.
var supported = []LinkType{Ethernet, LinuxSLL, LinuxSLL2, RawIP, IPv4Raw, IPv6Raw, Null, Loop}

// String returns the name, or "link type N" where there is none here.
func (l LinkType) String() string {
	if s := linkNames[l]; s != "" {
		return s
	}
	return fmt.Sprintf("link type %d", uint16(l))
}

// Supported tells whether packets of this link type are delivered.
func (l LinkType) Supported() bool { return slices.Contains(supported, l) }

// link turns the number in a file into a LinkType: 12 and 14 are what BSD and
// others write for raw IP.
func link(n uint16) LinkType {
	if n == 12 || n == 14 {
		return RawIP
	}
	return LinkType(n)
}

// unsupported says what to do about a link type that is not read.
func unsupported(l LinkType) string {
	names := make([]string, len(supported))
	for i, s := range supported {
		names[i] = s.String()
	}
	name := ""
	if linkNames[l] != "" {
		name = " (" + linkNames[l] + ")"
	}
	return fmt.Sprintf("link type %d%s is not supported; capture one of %s", uint16(l), name, strings.Join(names, ", "))
}
