package dhcp

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// packet is the fixed part for client 00:01:02:03:04:05, then options.
func packet(op byte, ciaddr, yiaddr, giaddr string, options ...string) string {
	return fmt.Sprintf("%02x 01 06 00 12345678 0000 0000 %s %s 00000000 %s 000102030405 %s 63825363 %sff",
		op, ciaddr, yiaddr, giaddr, strings.Repeat("00", 10+64+128), strings.Join(options, ""))
}

func opt(code byte, value string) string {
	value = strings.ReplaceAll(value, " ", "")
	return fmt.Sprintf("%02x%02x%s", code, len(value)/2, value)
}

func str(code byte, s string) string { return opt(code, hex.EncodeToString([]byte(s))) }

const zero = "00000000"

var cases = []prototest.Case{
	{
		Name:    "discover to acknowledgement",
		Carrier: proto.UDP,
		Messages: "> " + packet(1, zero, zero, zero, opt(53, "01"), str(12, "HMI-3\x00"), str(60, "MSFT 5.0")) +
			"\n< " + packet(2, zero, "0a000005", zero, opt(53, "02"), opt(54, "0a000002")) +
			"\n> " + packet(1, zero, zero, zero, "0000", opt(53, "03"), opt(50, "0a000005"), opt(54, "0a000002"), opt(81, "040000 05 484d492d33 04 74657374")) +
			"\n< " + packet(2, zero, "0a000005", zero, opt(53, "05"), opt(54, "0a000002"), opt(3, "0a0000fe"), opt(6, "0a000007 0a000008"), opt(42, "0a000009"), str(15, "plant.test")),
		Want: `
			> client
			> 00:01:02:03:04:05: hostname = "HMI-3" (DHCP host name, 90)
			> 00:01:02:03:04:05: device_type = "MSFT 5.0" (DHCP vendor class, 70)
			> 00:01:02:03:04:05: os = "Windows" (DHCP vendor class, 80)
			> request dhcp 1 "discover" discover unit=0 first=0
			< sender: service = "dhcp 67" (DHCP server message, 90)
			< response dhcp 2 "offer" discover unit=167772162 first=167772165 answers 1
			> 00:01:02:03:04:05: ip_assigned = "10.0.0.5" (DHCP requested address, 60)
			> 00:01:02:03:04:05: hostname = "HMI-3.test" (DHCP client name, 85)
			> request dhcp 3 "request" other unit=167772162 first=167772165
			< sender: service = "dhcp 67" (DHCP server message, 90)
			< 00:01:02:03:04:05: ip_assigned = "10.0.0.5" (DHCP assigned address, 95)
			< 00:01:02:03:04:05: gateway = "10.0.0.254" (DHCP router option, 85)
			< 10.0.0.254: role_hint = "router" (DHCP router option, 60)
			< 10.0.0.7: service = "dns 53" (DHCP name server option, 60)
			< 10.0.0.8: service = "dns 53" (DHCP name server option, 60)
			< 10.0.0.9: service = "ntp 123" (DHCP time server option, 60)
			< 00:01:02:03:04:05: domain = "plant.test" (DHCP domain name option, 75)
			< response dhcp 5 "ack" other unit=167772162 first=167772165 answers 3`,
	},
	{
		Name:    "inform, refused, relayed",
		Carrier: proto.UDP,
		Messages: "> " + packet(1, "0a000006", zero, zero, opt(53, "08")) + "\n< " + packet(2, "0a000006", zero, zero, opt(53, "05")) +
			"\n< " + packet(2, zero, zero, "0a000101", opt(53, "06")) + "\n> " + packet(1, zero, zero, "0a000101", opt(53, "0a")),
		Want: `
			> client
			> 00:01:02:03:04:05: ip_assigned = "10.0.0.6" (DHCP client address, 85)
			> request dhcp 8 "inform" discover unit=0 first=167772166
			< sender: service = "dhcp 67" (DHCP server message, 90)
			< response dhcp 5 "ack" other unit=0 first=167772166 answers 8
			< response dhcp 6 "nak" other unit=0 first=0 answers 3 failed "address refused"
			> request dhcp 10 "lease query" discover unit=0 first=0`,
	},
	{
		Name:     "BOOTP, and a cut option",
		Carrier:  proto.UDP,
		Messages: "> " + packet(1, zero, zero, zero) + "\n< " + packet(2, zero, "0a000005", zero) + "\n> " + packet(1, zero, zero, zero, opt(53, "07"), "0c20"),
		Want: `
			> client
			> request dhcp bootp 1 "boot request" discover unit=0 first=0
			< sender: service = "dhcp 67" (DHCP server message, 90)
			< 00:01:02:03:04:05: ip_assigned = "10.0.0.5" (DHCP assigned address, 95)
			< response dhcp bootp 2 "boot reply" discover unit=0 first=167772165 answers bootp 1
			> request dhcp 7 "release" other unit=0 first=0`,
	},
	{Name: "cut", Carrier: proto.UDP, Messages: "> 01010600 12345678", Want: `
			error: hops, xid, secs, flags at byte 3: short input`},
	{Name: "op", Carrier: proto.UDP, Messages: "> " + packet(3, zero, zero, zero), Want: `
			error: op at byte 236: op is neither 1 nor 2`},
	{Name: "DNS", Carrier: proto.UDP, Messages: `> 0102 0600 0001 0000 0000 0000 03706c63047465737400 0001 0001`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
