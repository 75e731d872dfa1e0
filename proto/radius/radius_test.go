package radius

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

func packet(code byte, attrs ...string) string {
	a := strings.Join(attrs, "")
	return fmt.Sprintf("%02x 01 %04x %s %s", code, headerLen+len(a)/2, strings.Repeat("00", 16), a)
}

func attr(kind byte, v string) string { return fmt.Sprintf("%02x%02x%s", kind, 2+len(v)/2, v) }

func str(kind byte, s string) string { return attr(kind, hex.EncodeToString([]byte(s))) }

var cases = []prototest.Case{
	{
		Name:    "access",
		Carrier: proto.UDP,
		Messages: "> " + packet(1, str(1, "ops"), attr(2, strings.Repeat("5a", 16)), str(32, "sw-3"), attr(4, "0a000009")) + "\n< " + packet(2) +
			"\n> " + packet(1, str(1, "ops"), attr(79, "0201")) + "\n< " + packet(11) + "\n< " + packet(3),
		Want: `
			> client
			> conversation: session_user = "ops" (RADIUS user name, 100)
			> sender: device_name = "sw-3" (RADIUS NAS identifier, 85)
			> conversation: session_auth = "password" (RADIUS, 100)
			> sender: ip_assigned = "10.0.0.9" (RADIUS NAS address, 60)
			> request radius 1 "access request" login unit=0 first=0 name="ops"
			< conversation: session_login = "accepted" (RADIUS, 100)
			< response radius 2 "access accept" login answers 1
			> conversation: session_auth = "EAP" (RADIUS, 100)
			> request radius 1 "access request" login unit=0 first=0 name="ops"
			< response radius 11 "access challenge" login answers 1
			< conversation: session_login = "refused" (RADIUS, 100)
			< response radius 3 "access reject" login answers 1 failed "access reject"`,
	},
	{
		Name:     "accounting and disconnect",
		Carrier:  proto.UDP,
		Messages: "< " + packet(5) + "\n> " + packet(4) + "\n> " + packet(40, str(1, "ops")) + "\n< " + packet(42),
		Want: `
			< server
			< response radius 5 "accounting response" other answers 4
			> request radius 4 "accounting request" other
			> request radius 40 "disconnect request" control unit=0 first=0 name="ops"
			< response radius 42 "disconnect nak" control answers 40 failed "disconnect nak"`,
	},
	{Name: "code", Carrier: proto.UDP, Messages: "> " + packet(99), Want: `
			error: code at byte 4: code is not assigned`},
	{Name: "attribute", Carrier: proto.UDP, Messages: "> " + packet(1, "0100"), Want: `
			error: attributes at byte 20: attribute length is below 2 or beyond the packet`},
	{Name: "cut", Carrier: proto.UDP, Messages: "> 01 01 0020 00", Want: `
			error: length at byte 4: length is outside 20 to 4096 or beyond the datagram`},
	{Name: "DNS", Carrier: proto.UDP, Messages: `> 0101 0100 0001 0000 0000 0000 03706c63047465737400 0001 0001`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
