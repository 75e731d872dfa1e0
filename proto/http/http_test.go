package http

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// hexed writes lines of "> text" or "< text" as prototest wants them; \n in
// the text stands for a line end of HTTP.
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

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

var ntlmAuthenticate = "NTLMSSP\x00\x03\x00\x00\x00" +
	"\x00\x00\x00\x00\x40\x00\x00\x00" + "\x04\x00\x04\x00\x40\x00\x00\x00" + "\x04\x00\x04\x00\x44\x00\x00\x00" +
	"\x06\x00\x06\x00\x48\x00\x00\x00" + "\x04\x00\x04\x00\x4e\x00\x00\x00" + "\x00\x00\x00\x00\x52\x00\x00\x00" +
	"\x01\x00\x00\x00" + "hash" + "P\x001\x00" + "b\x00o\x00b\x00" + "E\x001\x00"

var cases = []prototest.Case{
	{
		Name: "get and answer",
		Messages: hexed(
			"> GET /awp/index.html?id=5 HTTP/1.1\nHost: 10.0.0.2\nUser-Agent: Browser/1.0\n\n",
			"< HTTP/1.1 200 OK\nServer: TinyWeb/2.1\nContent-Length: 5\n\nhello",
			"> GET /b HTTP/1.1\nHost: 10.0.0.2\nUser-Agent: Browser/1.0\n\n",
			"< HTTP/1.1 404 Not Found\nServer: TinyWeb/2.1\nContent-Length: 0\n\n"),
		Want: `
			> client
			> request http GET "GET" read unit=0 first=0 name="/awp/index.html"
			> conversation: session_version = "HTTP/1.1" (HTTP start line, 100)
			> conversation: session_endpoint = "10.0.0.2" (HTTP Host, 90)
			> sender: software = "Browser/1.0" (HTTP User-Agent, 70)
			< response http GET "GET" read = 200
			< sender: software = "TinyWeb/2.1" (HTTP Server, 80)
			> request http GET "GET" read unit=0 first=0 name="/b"
			< response http GET "GET" read = 404 failed "404 not found"`,
	},
	{
		Name: "pipelined, chunked with trailer, head, 304, interim",
		Messages: hexed(
			"> GET /a HTTP/1.1\n\nHEAD /b HTTP/1.1\n\nGET /c HTTP/1.1\n\nPUT /d HTTP/1.1\nContent-Length: 3\n\nabcGET /e HTTP/1.0\n\n",
			"< HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n4;x=y\nabcd\n10\n0123456789abcdef\n0\nX: y\n\n"+
				"HTTP/1.1 200 OK\nContent-Length: 900\n\nHTTP/1.1 304 Not Modified\nContent-Length: 9\n\n"+
				"HTTP/1.1 100 Continue\n\nHTTP/1.1 201 Created\nContent-Length: 0\n\nHTTP/1.0 200 OK\n\nuntil the end"),
		Want: `
			> client
			> request http GET "GET" read unit=0 first=0 name="/a"
			> conversation: session_version = "HTTP/1.1" (HTTP start line, 100)
			> request http HEAD "HEAD" read unit=0 first=0 name="/b"
			> request http GET "GET" read unit=0 first=0 name="/c"
			> request http PUT "PUT" write unit=0 first=0 name="/d"
			> request http GET "GET" read unit=0 first=0 name="/e"
			> conversation: session_version = "HTTP/1.0" (HTTP start line, 100)
			< response http GET "GET" read = 200
			< response http HEAD "HEAD" read = 200
			< response http GET "GET" read = 304
			< response http PUT "PUT" write = 100
			< response http PUT "PUT" write = 201
			< response http GET "GET" read = 200`,
	},
	{
		Name: "basic with factory credentials, refused, then another",
		Messages: hexed(
			"> GET / HTTP/1.1\n\n",
			"< HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic realm=\"EDS-405A\", charset=\"UTF-8\"\nContent-Length: 0\n\n",
			"> GET / HTTP/1.1\nAuthorization: Basic "+b64("admin:secret")+"\n\n",
			"< HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic realm=\"EDS-405A\"\nContent-Length: 0\n\n",
			"> GET / HTTP/1.1\nAuthorization: Basic "+b64("admin:admin")+"\n\n",
			"< HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
		Want: `
			> client
			> request http GET "GET" read unit=0 first=0 name="/"
			> conversation: session_version = "HTTP/1.1" (HTTP start line, 100)
			< response http GET "GET" read = 401 failed "401 unauthorized"
			< sender: description = "EDS-405A" (HTTP authentication realm, 60)
			> request http GET "GET" read unit=0 first=0 name="/"
			> conversation: session_auth = "basic" (HTTP Authorization, 100)
			> conversation: session_user = "admin" (HTTP Authorization, 100)
			> conversation: session_password = "in clear" (HTTP Authorization, 100)
			< response http GET "GET" read = 401 failed "401 unauthorized"
			< conversation: session_login = "refused" (HTTP status, 100)
			> request http GET "GET" read unit=0 first=0 name="/"
			> conversation: session_password = "default credentials in clear" (HTTP Authorization, 100)
			< response http GET "GET" read = 200
			< conversation: session_login = "accepted" (HTTP status, 100)`,
	},
	{
		Name: "login form, JSON login, password in a query, bearer",
		Messages: hexed(
			"> POST /login HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 33\n\nUsername=j%2Edoe&password=a%21b&x",
			"< HTTP/1.1 302 Found\nContent-Length: 0\n\n",
			"> POST /api HTTP/1.1\nContent-Type: application/json\nContent-Length: 45\n\n{\"user\": \"service\", \"password\" : \"service\"}  ",
			"< HTTP/1.1 403 Forbidden\nContent-Length: 0\n\n",
			"> GET http://u:p@h/x?pwd=1234&user=admin HTTP/1.1\n\n",
			"> GET /y HTTP/1.1\nAuthorization: Bearer abc\n\n"),
		Want: `
			> client
			> request http POST "POST" write unit=0 first=0 name="/login"
			> conversation: session_version = "HTTP/1.1" (HTTP start line, 100)
			> conversation: session_auth = "form" (HTTP login form, 100)
			> conversation: session_user = "j.doe" (HTTP login form, 90)
			> conversation: session_password = "in clear" (HTTP login form, 100)
			< response http POST "POST" write = 302
			< conversation: session_login = "accepted" (HTTP status, 100)
			> request http POST "POST" write unit=0 first=0 name="/api"
			> conversation: session_user = "service" (HTTP login form, 90)
			> conversation: session_password = "default credentials in clear" (HTTP login form, 100)
			< response http POST "POST" write = 403 failed "403 forbidden"
			< conversation: session_login = "refused" (HTTP status, 100)
			> request http GET "GET" read unit=0 first=0 name="/x"
			> conversation: session_user = "admin" (HTTP login form, 90)
			> request http GET "GET" read unit=0 first=0 name="/y"
			> conversation: session_auth = "bearer token" (HTTP Authorization, 100)
			> conversation: session_note = "bearer token crossed in clear" (HTTP Authorization, 100)`,
	},
	{
		Name: "digest and NTLM",
		Messages: hexed(
			"> GET /a HTTP/1.1\nAuthorization: Digest username=\"eng\", realm=\"x\"\n\n",
			"> GET /a HTTP/1.1\nAuthorization: NTLM "+b64(ntlmAuthenticate)+"\n\n"),
		Want: `
			> client
			> request http GET "GET" read unit=0 first=0 name="/a"
			> conversation: session_version = "HTTP/1.1" (HTTP start line, 100)
			> conversation: session_auth = "digest" (HTTP Authorization, 100)
			> conversation: session_user = "eng" (HTTP Authorization, 100)
			> request http GET "GET" read unit=0 first=0 name="/a"
			> conversation: session_auth = "ntlm" (HTTP Authorization, 100)
			> conversation: session_user = "bob" (NTLM authenticate, 100)
			> sender: domain = "P1" (NTLM message, 90)
			> sender: hostname = "E1" (NTLM message, 90)`,
	},
	{
		Name: "tunnel",
		Messages: hexed(
			"> CONNECT h:443 HTTP/1.1\nHost: h:443\n\n",
			"< HTTP/1.1 200 Connection established\n\n\x16\x03\x01",
			"> \x16\x03\x01 opaque"),
		Want: `
			> client
			> request http CONNECT "CONNECT" other unit=0 first=0 name="h:443"
			> conversation: session_version = "HTTP/1.1" (HTTP start line, 100)
			> conversation: session_endpoint = "h:443" (HTTP Host, 90)
			< response http CONNECT "CONNECT" other = 200
			< conversation: session_note = "HTTP tunnel opened with CONNECT" (HTTP status, 100)`,
	},
	{
		Name: "one-way answer, loss in the body, on with the next",
		Messages: hexed(
			"< HTTP/1.1 200 OK\nContent-Length: 500\n\nabc",
			"gap <",
			"< middle of a body",
			"< HTTP/1.1 500 Oops\nContent-Length: 0\n\n"),
		Want: `
			< server
			< response http response "response to a request that was not seen" other = 200
			< response http response "response to a request that was not seen" other = 500 failed "500 internal server error"`,
	},
	{
		Name:     "HTTP/2 preface",
		Messages: hexed("> PRI * HTTP/2.0\n\nSM\n\n"),
		Want: `
			> client
			> conversation: session_version = "HTTP/2" (HTTP/2 preface, 100)`,
	},
	{
		Name:     "a bad chunk size",
		Messages: hexed("< HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\nabc"),
		Want: `
			< server
			< response http response "response to a request that was not seen" other = 200
			error: no chunk size`,
	},
	{Name: "cut in the fields", Messages: hexed("> GET / HTTP/1.1\nHost: a"), Want: "left > 23"},
	{Name: "RTSP", Messages: hexed("> DESCRIBE rtsp://a/b RTSP/1.0\n\n"), Foreign: true},
	{Name: "SIP", Messages: hexed("> REGISTER sip:a SIP/2.0\n\n"), Foreign: true},
	{Name: "FTP", Messages: hexed("> RETR abc\n"), Foreign: true},
	{Name: "capitals without end", Messages: hexed("> AAAAAAAAAAAAAAAAAAAAAAAA"), Foreign: true},
	{Name: "long unknown method", Messages: hexed("> AAAAAAAAAAAAAAA 0"), Foreign: true},
	{Name: "Modbus", Messages: "> 000100000006010300000001", Foreign: true},
	{Name: "TLS", Messages: "> 160301", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
