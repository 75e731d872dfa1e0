package nbns

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// encode is the first-level encoding of a name, in hex.
func encode(s string, suffix byte) string {
	const hex = "0123456789abcdef"
	var raw [16]byte
	for i := range raw {
		raw[i] = ' '
	}
	copy(raw[:], s)
	raw[15] = suffix
	out := "20"
	for _, x := range raw {
		for _, y := range []byte{'A' + x>>4, 'A' + x&15} {
			out += string(hex[y>>4]) + string(hex[y&15])
		}
	}
	return out + "00"
}

var cases = []prototest.Case{
	{
		Name:    "registration and conflict",
		Carrier: proto.UDP,
		Messages: `> 0001 2910 0001 0000 0000 0001 ` + encode("HMI", 0) + ` 0020 0001 c00c 0020 0001 000493e0 0006 0000 0a000001
			< 0001 ad86 0000 0001 0000 0000 ` + encode("HMI", 0) + ` 0020 0001 00000000 0006 0000 0a000009`,
		Want: `
			> client
			> sender: hostname = "HMI" (NetBIOS name, 85)
			> request nbns 5 "name registration" other unit=0 first=0 name="HMI<00>"
			< response nbns 5 "name registration" other unit=0 first=0 name="HMI<00>" failed "name is owned by another node"`,
	},
	{
		Name:    "domain controllers",
		Carrier: proto.UDP,
		Messages: `> 0002 0110 0001 0000 0000 0000 ` + encode("LAB", 0x1c) + ` 0020 0001
			< 0002 8580 0000 0001 0000 0000 ` + encode("LAB", 0x1c) + ` 0020 0001 000493e0 0006 e000 0a000007`,
		Want: `
			> client
			> request nbns 0 "name query" discover [NB] unit=0 first=0 name="LAB<1c>"
			< 10.0.0.7: domain = "LAB" (NetBIOS name, 85)
			< 10.0.0.7: role_hint = "domain-controller" (NetBIOS name, 85)
			< response nbns 0 "name query" discover [NB] unit=0 first=0 name="LAB<1c>"`,
	},
	{
		Name:    "node status",
		Carrier: proto.UDP,
		Messages: `> 0003 0000 0001 0000 0000 0000 ` + encode("*", 0) + ` 0021 0001
			< 0003 8400 0000 0001 0000 0000 ` + encode("*", 0) + ` 0021 0001 00000000 005b 04
			  484d4920202020202020202020202000 0400
			  4c414220202020202020202020202000 8400
			  484d4920202020202020202020202020 0400
			  4c41422020202020202020202020201d 0400
			  000000000001 0000000000000000000000000000`,
		Want: `
			> client
			> request nbns 0 "node status" discover [NBSTAT] unit=0 first=0 name="*<00>"
			< sender: hostname = "HMI" (NetBIOS node status, 85)
			< sender: domain = "LAB" (NetBIOS node status, 75)
			< sender: hostname = "HMI" (NetBIOS node status, 80)
			< sender: service = "smb file server" (NetBIOS node status, 70)
			< sender: domain = "LAB" (NetBIOS node status, 75)
			< sender: service = "NetBIOS master browser" (NetBIOS node status, 80)
			< sender: mac_stated = "00:00:00:00:00:01" (NetBIOS node status, 85)
			< response nbns 0 "node status" discover [NBSTAT] unit=0 first=0 name="*<00>"`,
	},
	{
		Name:    "release and refresh",
		Carrier: proto.UDP,
		Messages: `> 0004 3010 0001 0000 0000 0001 ` + encode("HMI", 0x20) + ` 0020 0001 c00c 0020 0001 00000000 0006 0000 0a000001
			> 0005 4010 0001 0000 0000 0001 ` + encode("HMI", 0x20) + ` 0020 0001 c00c 0020 0001 000493e0 0006 0000 0a000001`,
		Want: `
			> client
			> request nbns 6 "name release" other unit=0 first=0 name="HMI<20>"
			> sender: hostname = "HMI" (NetBIOS name, 80)
			> sender: service = "smb file server" (NetBIOS name, 70)
			> request nbns 8 "name refresh" other unit=0 first=0 name="HMI<20>"`,
	},
	{
		Name:     "cut",
		Carrier:  proto.UDP,
		Messages: `> 0001 0110 0001 0000 0000 0000 20 4142`,
		Want: `
			error: more records than the message can hold`,
	},
	{Name: "DNS", Carrier: proto.UDP, Messages: `> 1234 0100 0001 0000 0000 0000 03706c63047465737400 0001 0001`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[1]) }
