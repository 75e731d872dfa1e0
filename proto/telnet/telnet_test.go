package telnet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

func hexed(lines ...string) string {
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "%s %x\n", l[:1], strings.ReplaceAll(l[2:], "\n", "\r\n"))
	}
	return b.String()
}

var cases = []prototest.Case{
	{
		Name: "login accepted after negotiation",
		Messages: hexed("< \xff\xfd\x18\xff\xfb\x01\xff\xfa\x18\x01\xff\xf0", "> \xff\xfc\x18", "< \nMoxa EDS-405A\nFirmware 3.1\n\nlogin: ",
			"> adminn\x08\n", "< admin\nPassword: ", "> admin\n", "< \nWelcome\n# ", "> show run\n"),
		Want: `
			< notice telnet 253 "do" other unit=0 first=24
			< notice telnet 251 "will" other unit=0 first=1
			< notice telnet 250 "subnegotiation" other unit=0 first=24
			> notice telnet 252 "won't" other unit=0 first=24
			< server
			< sender: description = "Moxa EDS-405A Firmware 3.1" (Telnet banner, 50)
			> request telnet user "user name typed" login
			> conversation: session_user = "admin" (Telnet login, 90)
			> request telnet login "password typed" login
			> conversation: session_auth = "password" (Telnet login, 90)
			> conversation: session_password = "default credentials in clear" (Telnet login, 90)
			< response telnet login "password typed" login
			< conversation: session_login = "accepted" (Telnet text, 70)
			> request telnet line "line typed" other`,
	},
	{
		Name:     "refused, then a shell prompt",
		Messages: hexed("< User Name: ", "> x\n", "< Password: ", "> y\n", "< Login incorrect\nUser Name: ", "> x\n", "< Password: ", "> z\n", "< \nsw1>", "> help\n"),
		Want: `
			< server
			> request telnet user "user name typed" login
			> conversation: session_user = "x" (Telnet login, 90)
			> request telnet login "password typed" login
			> conversation: session_auth = "password" (Telnet login, 90)
			> conversation: session_password = "in clear" (Telnet login, 90)
			< response telnet login "password typed" login failed "login refused"
			< conversation: session_login = "refused" (Telnet text, 80)
			> request telnet user "user name typed" login
			> conversation: session_user = "x" (Telnet login, 90)
			> request telnet login "password typed" login
			> conversation: session_auth = "password" (Telnet login, 90)
			> conversation: session_password = "in clear" (Telnet login, 90)
			> conversation: session_login = "accepted" (Telnet text, 70)
			> request telnet line "line typed" other`,
	},
	{Name: "cut", Messages: "> fffb", Want: "left > 2"},
	{Name: "subnegotiation without end", Messages: "> fffa18" + strings.Repeat("00", maxSub), Want: "error: subnegotiation without end"},
	{Name: "Modbus", Messages: "> 000100000006010300000001", Foreign: true},
	{Name: "SMB", Messages: "> ff534d4272000000", Foreign: true},
	{Name: "text", Messages: hexed("> GET / HTTP/1.1\n\n"), Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
