package ntp

import (
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// times are the four timestamps, and what stands before the reference id.
var (
	times = strings.Repeat("00", 32)
	roots = "06e9 00000000 00000000 "
)

var cases = []prototest.Case{
	{
		Name:    "client and stratum 1 server",
		Carrier: proto.UDP,
		Messages: "> 23 00 " + roots + "00000000" + times +
			"\n< 24 01 " + roots + "47505300" + times,
		Want: `
			> client
			> request ntp 3 "client" read
			< sender: service = "ntp 123" (NTP, 90)
			< sender: role_hint = "clock" (NTP stratum 1, 80)
			< sender: clock_source = "stratum 1, GPS" (NTP, 90)
			< response ntp 4 "server" read answers 3`,
	},
	{
		Name:    "stratum 3, then lost",
		Carrier: proto.UDP,
		Messages: "< 24 03 " + roots + "0a000009" + times +
			"\n< 24 03 " + roots + "0a000009" + times +
			"\n< e4 10 " + roots + "00000000" + times,
		Want: `
			< server
			< sender: service = "ntp 123" (NTP, 90)
			< sender: clock_source = "stratum 3" (NTP, 90)
			< sender: clock_source = "follows 10.0.0.9" (NTP reference id, 60)
			< response ntp 4 "server" read answers 3
			< response ntp 4 "server" read answers 3
			< sender: service = "ntp 123" (NTP, 90)
			< sender: clock_source = "not synchronised" (NTP, 90)
			< response ntp 4 "server" read answers 3`,
	},
	{
		Name:    "kiss, symmetric, broadcast, reserved",
		Carrier: proto.UDP,
		Messages: "< 24 00 " + roots + "52415445" + times +
			"\n> 21 00 " + roots + "00000000" + times +
			"\n< 22 02 " + roots + "7f7f0101" + times +
			"\n< 25 02 " + roots + "0a000009" + times,
		Want: `
			< server
			< sender: service = "ntp 123" (NTP, 90)
			< response ntp 4 "server" read answers 3 failed "RATE: asked too often"
			> request ntp 1 "symmetric active" data
			< sender: clock_source = "stratum 2" (NTP, 90)
			< response ntp 2 "symmetric passive" data answers 1
			< sender: service = "ntp 123" (NTP, 90)
			< sender: clock_source = "stratum 2" (NTP, 90)
			< sender: clock_source = "follows 10.0.0.9" (NTP reference id, 60)
			< notice ntp 5 "broadcast" data`,
	},
	{
		Name:    "control",
		Carrier: proto.UDP,
		Messages: "> 16 02 0001 0000 0000 0000 0000\n" +
			"< 16 82 0001 0615 0000 0000 0024" + hexOf(`version="ntpd 4.2.8", system="Linux"`) +
			"\n> 16 03 0002 0000 0000 0000 0000\n< 16 c3 0002 0100 0000 0000 0000",
		Want: `
			> client
			> request ntp 6 "control: read variables" diagnose [control]
			< sender: software = "ntpd 4.2.8" (NTP system variables, 90)
			< sender: os = "Linux" (NTP system variables, 85)
			< response ntp 6 "control: read variables" diagnose [control]
			> request ntp 6 "control: write variables" configure [control]
			< response ntp 6 "control: write variables" configure [control] failed "authentication failure"`,
	},
	{
		Name:     "monitor list",
		Carrier:  proto.UDP,
		Messages: "> 17 00 03 2a 0000 0000\n< 97 00 03 2a 4000 0000",
		Want: `
			> client
			> request ntp 7 "private: monitor list" discover [private]
			< response ntp 7 "private: monitor list" discover [private] failed "refused"`,
	},
	{Name: "cut", Carrier: proto.UDP, Messages: "> 23 00 06e9 0000", Want: `
			error: poll, precision, root delay, root dispersion at byte 2: short input`},
	{Name: "DNS", Carrier: proto.UDP, Messages: `> 1134 0100 0001 0000 0000 0000 03706c63047465737400 0001 0001`, Foreign: true},
}

func hexOf(s string) string {
	const hex = "0123456789abcdef"
	out := ""
	for _, x := range []byte(s) {
		out += string(hex[x>>4]) + string(hex[x&15])
	}
	return out
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
