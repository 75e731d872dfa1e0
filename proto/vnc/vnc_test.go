package vnc

import (
	"fmt"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

func version(s string) string { return fmt.Sprintf("%x", "RFB "+s+"\n") }

const (
	sixteen = "00112233445566778899aabbccddeeff"
	init1   = "0320 0258 20180001 00ff00ff00ff 100800 000000 00000004 484d4931"
)

var cases = []prototest.Case{
	{
		Name: "password accepted, 3.8",
		Messages: "< " + version("003.008") + "\n> " + version("003.008") + "\n< 02 01 02\n> 02\n< " + sixteen + "\n> " + sixteen +
			"\n< 00000000\n> 01\n< " + init1 + "\n> 0300ffff",
		Want: `
			< server
			< notice vnc ProtocolVersion "protocol version" login
			> request vnc ProtocolVersion "protocol version" login
			> conversation: session_version = "RFB 003.008" (RFB protocol version, 100)
			< notice vnc Security "security types" login
			< conversation: session_note = "server offers access without password" (RFB security types, 100)
			> request vnc SecurityType "security type chosen" login
			> conversation: session_auth = "VNC password (DES challenge)" (RFB security type, 100)
			> conversation: session_security = "None" (RFB security type, 90)
			< notice vnc VNCAuthentication "vnc authentication" login
			> request vnc VNCAuthentication "vnc authentication" login
			< response vnc SecurityResult "security result" login
			< conversation: session_login = "accepted" (RFB security result, 100)
			> request vnc ClientInit "client initialisation" login
			< response vnc ServerInit "server initialisation" login
			< sender: device_name = "HMI1" (RFB desktop name, 60)`,
	},
	{
		Name:     "no password, 3.3",
		Messages: "< " + version("003.003") + "\n> " + version("003.003") + "\n< 00000001\n> 01\n< " + init1,
		Want: `
			< server
			< notice vnc ProtocolVersion "protocol version" login
			> request vnc ProtocolVersion "protocol version" login
			> conversation: session_version = "RFB 003.003" (RFB protocol version, 100)
			< notice vnc Security "security types" login
			< conversation: session_auth = "none" (RFB security type, 100)
			< conversation: session_security = "None" (RFB security type, 100)
			> request vnc ClientInit "client initialisation" login
			< response vnc ServerInit "server initialisation" login
			< sender: device_name = "HMI1" (RFB desktop name, 60)`,
	},
	{
		Name: "wrong password with reason",
		Messages: "< " + version("003.008") + "\n> " + version("003.008") + "\n< 01 02\n> 02\n< " + sixteen + "\n> " + sixteen +
			"\n< 00000001 00000003 626164",
		Want: `
			< server
			< notice vnc ProtocolVersion "protocol version" login
			> request vnc ProtocolVersion "protocol version" login
			> conversation: session_version = "RFB 003.008" (RFB protocol version, 100)
			< notice vnc Security "security types" login
			> request vnc SecurityType "security type chosen" login
			> conversation: session_auth = "VNC password (DES challenge)" (RFB security type, 100)
			> conversation: session_security = "None" (RFB security type, 90)
			< notice vnc VNCAuthentication "vnc authentication" login
			> request vnc VNCAuthentication "vnc authentication" login
			< response vnc SecurityResult "security result" login failed "refused"
			< conversation: session_login = "refused" (RFB, 100)`,
	},
	{
		Name:     "too many connections",
		Messages: "< " + version("003.008") + "\n> " + version("003.008") + "\n< 00 00000001 78\n> 00",
		Want: `
			< server
			< notice vnc ProtocolVersion "protocol version" login
			> request vnc ProtocolVersion "protocol version" login
			> conversation: session_version = "RFB 003.008" (RFB protocol version, 100)
			< response vnc Security "security types" login failed "refused"
			< conversation: session_login = "refused" (RFB, 100)`,
	},
	{
		Name:     "VeNCrypt goes on encrypted",
		Messages: "< " + version("003.008") + "\n> " + version("003.008") + "\n< 01 13\n> 13\n< 0002",
		Want: `
			< server
			< notice vnc ProtocolVersion "protocol version" login
			> request vnc ProtocolVersion "protocol version" login
			> conversation: session_version = "RFB 003.008" (RFB protocol version, 100)
			< notice vnc Security "security types" login
			> request vnc SecurityType "security type chosen" login
			> conversation: session_auth = "VeNCrypt" (RFB security type, 100)`,
	},
	{Name: "cut", Messages: "< 524642", Want: "left < 3"},
	{Name: "no version", Messages: "< 524642203030332e3030380d", Want: "error: no protocol version of RFB"},
	{Name: "HTTP", Messages: "< 474554202f20485454502f312e310d0a", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
