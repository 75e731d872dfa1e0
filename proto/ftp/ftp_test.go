package ftp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

func hexed(lines ...string) string {
	var b strings.Builder
	for _, l := range lines {
		if strings.HasPrefix(l, "gap") {
			b.WriteString(l + "\n")
			continue
		}
		fmt.Fprintf(&b, "%s %x\n", l[:1], strings.ReplaceAll(l[2:], "\n", "\r\n"))
	}
	return b.String()
}

var cases = []prototest.Case{
	{
		Name: "login, passive store, rename refused",
		Messages: hexed(
			"< 220-VxWorks FTP server (VxWorks 5.4.2) ready.\n220 OK\n",
			"> USER sysdiag\n", "< 331 Password required\n",
			"> PASS factorycast@schneider\n", "< 230 User logged in\n",
			"> SYST\n", "< 215 UNIX Type: L8\n",
			"> PASV\n", "< 227 Entering Passive Mode (10,0,0,2,4,1)\n",
			"> STOR /fw/new.bin\n", "< 150 Opening\n", "< 226 Done\n",
			"> rnfr a\n", "< 550 No\n"),
		Want: `
			< server
			< sender: software = "VxWorks FTP server (VxWorks 5.4.2) ready." (FTP greeting, 60)
			< notice ftp 220 "service ready" login = 220
			> request ftp USER "user name" login
			> conversation: session_auth = "password" (FTP USER, 80)
			> conversation: session_user = "sysdiag" (FTP USER, 100)
			< response ftp USER "user name" login = 331
			> request ftp PASS "password" login
			> conversation: session_password = "default credentials in clear" (FTP PASS, 100)
			< response ftp PASS "password" login = 230
			< conversation: session_login = "accepted" (FTP reply, 100)
			> request ftp SYST "system" discover
			< response ftp SYST "system" discover = 215
			< sender: os = "UNIX Type: L8" (FTP SYST, 50)
			> request ftp PASV "passive" other
			< response ftp PASV "passive" other = 227
			< expect ftp-data tcp 10.0.0.1:0 10.0.0.2:1025
			> request ftp STOR "store" write unit=0 first=0 name="/fw/new.bin"
			< response ftp STOR "store" write = 150
			< response ftp STOR "store" write = 226
			> request ftp RNFR "rename from" write unit=0 first=0 name="a"
			< response ftp RNFR "rename from" write = 550 failed "550 file unavailable"`,
	},
	{
		Name: "refused, active mode in both forms, extended passive",
		Messages: hexed("> USER bob\n", "> PASS x\n", "< 331 p\n", "< 530 Login incorrect\n",
			"> PORT 10,0,0,1,4,2\n", "> EPRT |2|2001:db8::1|5000|\n", "> EPSV\n", "< 200 ok\n", "< 200 ok\n", "< 229 Extended (|||6446|)\n"),
		Want: `
			> client
			> request ftp USER "user name" login
			> conversation: session_auth = "password" (FTP USER, 80)
			> conversation: session_user = "bob" (FTP USER, 100)
			> request ftp PASS "password" login
			> conversation: session_password = "in clear" (FTP PASS, 100)
			< response ftp USER "user name" login = 331
			< response ftp PASS "password" login = 530 failed "530 not logged in"
			< conversation: session_login = "refused" (FTP reply, 100)
			> request ftp PORT "data port" other unit=0 first=0 name="10,0,0,1,4,2"
			> expect ftp-data tcp 10.0.0.2:0 10.0.0.1:1026
			> request ftp EPRT "extended port" other unit=0 first=0 name="|2|2001:db8::1|5000|"
			> expect ftp-data tcp 10.0.0.2:0 2001:db8::1:5000
			> request ftp EPSV "extended passive" other
			< response ftp PORT "data port" other = 200
			< response ftp EPRT "extended port" other = 200
			< response ftp EPSV "extended passive" other = 229
			< expect ftp-data tcp 10.0.0.1:0 10.0.0.2:6446`,
	},
	{
		Name:     "AUTH TLS and anonymous",
		Messages: hexed("> USER anonymous\n", "> PASS a@b\n", "< 331 x\n", "< 230 x\n", "> AUTH TLS\n", "< 234 go\n", "> \x16\x03\x01"),
		Want: `
			> client
			> request ftp USER "user name" login
			> conversation: session_auth = "anonymous" (FTP USER, 100)
			> request ftp PASS "password" login
			< response ftp USER "user name" login = 331
			< response ftp PASS "password" login = 230
			< conversation: session_login = "accepted" (FTP reply, 100)
			> request ftp AUTH "authentication mechanism" login
			< response ftp AUTH "authentication mechanism" login = 234
			< conversation: session_security = "TLS (AUTH)" (FTP reply, 90)`,
	},
	{
		Name:     "loss inside a line",
		Messages: hexed("< 2", "gap <", "< st of it\n226 ok\n"),
		Want: `
			< server
			< response ftp reply "reply to a command that was not seen" other = 226`,
	},
	{Name: "no reply code", Messages: hexed("> USER x\n", "< hello\n"), Want: `
			> client
			> request ftp USER "user name" login
			> conversation: session_auth = "password" (FTP USER, 80)
			> conversation: session_user = "x" (FTP USER, 100)
			error: no reply code`},
	{Name: "cut", Messages: hexed("> USER x"), Want: "left > 6"},
	{Name: "SMTP", Messages: hexed("< 220 mail ESMTP ready\n"), Foreign: true},
	{Name: "HTTP", Messages: hexed("> GET / HTTP/1.1\n"), Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
