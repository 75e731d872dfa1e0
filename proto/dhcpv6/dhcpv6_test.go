package dhcpv6

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

func opt(code int, parts ...string) string {
	v := strings.ReplaceAll(strings.Join(parts, ""), " ", "")
	return fmt.Sprintf("%04x%04x%s", code, len(v)/2, v)
}

const duid = "0001 0001 5f000000 000102030405"

var (
	address = opt(3, "00000001 00000000 00000000", opt(5, "20010db8000000000000000000000005 00000e10 00001c20"))
	asks    = "01 abcdef" + opt(1, duid) + opt(8, "0000") + opt(39, "00 03 484d49 04 74657374") + opt(16, "00000137 0008", hex.EncodeToString([]byte("MSFT 5.0"))) + opt(6, "0017 0018")
	answer  = "07 abcdef" + opt(1, duid) + opt(2, "0003 0001 0a0b0c0d0e0f") + address + opt(23, "20010db8000000000000000000000035") + opt(24, "04 74657374 00")
)

func relay(kind, inner string) string {
	return kind + "00" + strings.Repeat("00", 32) + opt(9, inner)
}

var cases = []prototest.Case{
	{
		Name:     "solicit to reply",
		Carrier:  proto.UDP,
		Messages: "> " + asks + "\n< 02 abcdef" + opt(13, "0002") + "\n> 03 abcdee" + opt(1, "0003 0001 000102030406") + "\n< " + answer + "\n< 0a 000000",
		Want: `
			> client
			> sender: hostname = "HMI.test" (DHCPv6 client name, 90)
			> sender: device_type = "MSFT 5.0" (DHCPv6 vendor class, 70)
			> sender: os = "Windows" (DHCPv6 vendor class, 80)
			> sender: mac_stated = "00:01:02:03:04:05" (DHCPv6 client id, 50)
			> request dhcpv6 1 "solicit" discover
			< sender: service = "dhcpv6 547" (DHCPv6 server message, 90)
			< response dhcpv6 2 "advertise" discover answers 1 failed "NoAddrsAvail"
			> sender: mac_stated = "00:01:02:03:04:06" (DHCPv6 client id, 50)
			> request dhcpv6 3 "request" other
			< receiver: ip_assigned = "2001:db8::5" (DHCPv6 assigned address, 90)
			< 2001:db8::35: service = "dns 53" (DHCPv6 name server option, 60)
			< receiver: domain = "test" (DHCPv6 domain search list, 70)
			< response dhcpv6 7 "reply" other answers 3
			< request dhcpv6 10 "reconfigure" configure`,
	},
	{
		Name:     "relayed",
		Carrier:  proto.UDP,
		Messages: "> " + relay("0c", asks) + "\n< " + relay("0d", answer) + "\n> " + relay("0c", "01"),
		Want: `
			> client
			> request dhcpv6 12 "relay forward" other
			> request dhcpv6 1 "solicit" discover
			< response dhcpv6 13 "relay reply" other answers 12
			< 2001:db8::35: service = "dns 53" (DHCPv6 name server option, 60)
			< response dhcpv6 7 "reply" other answers 1
			> request dhcpv6 12 "relay forward" other`,
	},
	{Name: "type", Carrier: proto.UDP, Messages: "> c8 000000", Want: `
			error: msg-type at byte 1: message type is 0 or above 39`},
	{Name: "cut option", Carrier: proto.UDP, Messages: "> 01 abcdef 0001 000e 0001", Want: `
			error: option-data at byte 8: short input`},
	{Name: "DNS", Carrier: proto.UDP, Messages: `> 0001 0100 0001 0000 0000 0000 03706c63047465737400 0001 0001`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
