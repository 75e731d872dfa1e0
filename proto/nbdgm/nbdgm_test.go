package nbdgm

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// encode is the first-level encoding of a name, in hex.
func encode(s string, suffix byte) string {
	raw := []byte(fmt.Sprintf("%-15s%c", s, suffix))
	out := []byte{32}
	for _, x := range raw {
		out = append(out, 'A'+x>>4, 'A'+x&15)
	}
	return hex.EncodeToString(append(out, 0))
}

// head is the header of a direct group datagram from 10.0.0.1.
const head = "11 02 1234 0a000001 008a 0100 0000 "

var names = encode("HMI", 0) + encode("LAB", 0x1d)

// mail is an SMB transaction with data for a mailslot.
func mail(slot, data string) string {
	n := len(data) / 2
	at := 32 + 1 + 34 + 2 + len(slot) + 1
	return "ff534d4225" + hex.EncodeToString(make([]byte, 27)) +
		"11" + hex.EncodeToString(make([]byte, 22)) + fmt.Sprintf("%02x%02x%02x%02x", n&255, n>>8, at&255, at>>8) + "0300 0100 0100 0200" +
		fmt.Sprintf("%02x%02x", (len(slot)+1+n)&255, (len(slot)+1+n)>>8) + hex.EncodeToString([]byte(slot)) + "00" + data
}

const browse = `\MAILSLOT\BROWSE`

func pad(s string) string { return hex.EncodeToString([]byte(fmt.Sprintf("%-16s", s)[:16])) }

var cases = []prototest.Case{
	{
		Name:    "host announcement, twice",
		Carrier: proto.UDP,
		Messages: "> " + head + names + mail(browse, "0100c0270900"+pad("HMI\x00")+"0601"+"03900000"+"0f0155aa"+hex.EncodeToString([]byte("Line 3\x00"))) +
			"\n> " + head + names + mail(browse, "0101c0270900"+pad("HMI\x00")+"0601"+"03900000"+"0f0155aa"+hex.EncodeToString([]byte("Line 3\x00"))),
		Want: `
			> sender: hostname = "HMI" (NetBIOS datagram source name, 80)
			> sender: hostname = "HMI" (browser announcement, 95)
			> sender: description = "Line 3" (browser announcement, 80)
			> sender: os = "Windows Server 2008 R2 (6.1)" (browser announcement, 75)
			> sender: role_hint = "server" (browser announcement, 60)
			> client
			> notice nbdgm browser 1 "host announcement" discover [mailslot \MAILSLOT\BROWSE] unit=0 first=0 name="LAB"
			> notice nbdgm browser 1 "host announcement" discover [mailslot \MAILSLOT\BROWSE] unit=0 first=0 name="LAB"`,
	},
	{
		Name:    "master, domain and controller",
		Carrier: proto.UDP,
		Messages: "> " + head + names + mail(browse, "0f00c0270900"+pad("DC1\x00")+"0502"+"2b800500"+"0f0155aa00") +
			"\n> " + head + names + mail(browse, "0c00c0270900"+pad("LAB\x00")+"0502"+"00100080"+"0f0155aa"+hex.EncodeToString([]byte("DC1\x00"))),
		Want: `
			> sender: hostname = "HMI" (NetBIOS datagram source name, 80)
			> sender: hostname = "DC1" (browser announcement, 95)
			> sender: os = "Windows Server 2003 (5.2)" (browser announcement, 75)
			> sender: role_hint = "domain-controller" (browser announcement, 90)
			> sender: service = "time server" (browser announcement, 80)
			> sender: service = "NetBIOS master browser" (browser announcement, 90)
			> client
			> notice nbdgm browser 15 "local master announcement" discover [mailslot \MAILSLOT\BROWSE] unit=0 first=0 name="LAB"
			> sender: domain = "LAB" (browser domain announcement, 80)
			> sender: hostname = "DC1" (browser domain announcement, 80)
			> notice nbdgm browser 12 "domain announcement" discover [mailslot \MAILSLOT\BROWSE] unit=0 first=0 name="LAB"`,
	},
	{
		Name:    "election and backup list",
		Carrier: proto.UDP,
		Messages: "> " + head + names + mail(browse, "08011f0f01200000000000000000484d4900") +
			"\n> " + head + names + mail(browse, "090401000000") +
			"\n< " + head + names + mail(browse, "0a0101000000484d4900"),
		Want: `
			> sender: hostname = "HMI" (NetBIOS datagram source name, 80)
			> sender: hostname = "HMI" (browser election, 80)
			> client
			> request nbdgm browser 8 "election" discover [mailslot \MAILSLOT\BROWSE] unit=0 first=0 name="LAB"
			> request nbdgm browser 9 "get backup list request" discover [mailslot \MAILSLOT\BROWSE] unit=0 first=0 name="LAB"
			< response nbdgm browser 10 "get backup list response" discover [mailslot \MAILSLOT\BROWSE] unit=0 first=0 name="LAB" answers browser 9`,
	},
	{
		Name:    "other mailslots and plain datagrams",
		Carrier: proto.UDP,
		Messages: "> " + head + names + mail(`\MAILSLOT\NET\NETLOGON`, "12") +
			"\n> " + head + names + mail(`\MAILSLOT\LANMAN`, "01") +
			"\n> " + head + names + mail(`\MAILSLOT\X`, "01") +
			"\n> " + head + names + "010203" +
			"\n> 13 02 1234 0a000001 008a 82" +
			"\n> 14 02 1234 0a000001 008a" + encode("LAB", 0x1b) +
			"\n< 16 02 1234 0a000001 008a" + encode("LAB", 0x1b),
		Want: `
			> sender: hostname = "HMI" (NetBIOS datagram source name, 80)
			> client
			> request nbdgm netlogon "search for a domain controller" discover [mailslot \MAILSLOT\NET\NETLOGON] unit=0 first=0 name="LAB"
			> notice nbdgm lanman "LAN Manager announcement" discover [mailslot \MAILSLOT\LANMAN] unit=0 first=0 name="LAB"
			> notice nbdgm mailslot "mailslot write" other [mailslot] unit=0 first=0 name="LAB"
			> notice nbdgm 0x11 "direct group datagram" other unit=0 first=0 name="LAB"
			> notice nbdgm 0x13 "datagram error" other failed "destination name not present"
			> request nbdgm 0x14 "datagram query request" discover unit=0 first=0 name="LAB"
			< response nbdgm 0x16 "negative query response" discover unit=0 first=0 name="LAB" answers 0x14 failed "name not present"`,
	},
	{Name: "cut name", Carrier: proto.UDP, Messages: "> " + head + "20 4142", Want: `
			error: source name at byte 15: short input`},
	{Name: "type", Carrier: proto.UDP, Messages: "> 33 02 1234 0a000001 008a", Want: `
			error: message type at byte 10: message type is outside 0x10 to 0x16`},
	{Name: "DNS", Carrier: proto.UDP, Messages: `> 1134 0100 0001 0000 0000 0000 03706c63047465737400 0001 0001`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
