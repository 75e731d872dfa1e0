package ssdp

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

func lines(ls ...string) string {
	return hex.EncodeToString([]byte(strings.Join(ls, "\r\n") + "\r\n\r\n"))
}

var cases = []prototest.Case{
	{
		Name:    "search and answer",
		Carrier: proto.UDP,
		Messages: "> " + lines("M-SEARCH * HTTP/1.1", "HOST: 239.255.255.250:1900", `MAN: "ssdp:discover"`, "ST: ssdp:all", "USER-AGENT: probe/1.0") +
			"\n< " + lines("HTTP/1.1 200 OK", "ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1", "USN: uuid:1", "LOCATION: http://10.0.0.2/d.xml", "SERVER: Linux/4.4 UPnP/1.0 Gate/2.1"),
		Want: `
			> client
			> request ssdp M-SEARCH "search" discover unit=0 first=0 name="ssdp:all"
			> sender: software = "probe/1.0" (SSDP user agent, 60)
			< sender: software = "Linux/4.4 UPnP/1.0 Gate/2.1" (SSDP server header, 80)
			< sender: os = "Linux/4.4" (SSDP server header, 70)
			< sender: service = "http://10.0.0.2/d.xml" (SSDP location, 80)
			< sender: device_type = "urn:schemas-upnp-org:device:InternetGatewayDevice:1" (SSDP device type, 80)
			< sender: role_hint = "router" (SSDP device type, 60)
			< response ssdp M-SEARCH "search" discover unit=0 first=0 name="urn:schemas-upnp-org:device:InternetGatewayDevice:1"`,
	},
	{
		Name:    "notifications",
		Carrier: proto.UDP,
		Messages: "> " + lines("NOTIFY * HTTP/1.1", "NT: upnp:rootdevice", "NTS: ssdp:alive", "Server: Microsoft-Windows/6.1 UPnP/1.0") +
			"\n> " + lines("NOTIFY * HTTP/1.1", "NT: upnp:rootdevice", "NTS: ssdp:alive", "Server: Microsoft-Windows/6.1 UPnP/1.0") +
			"\n> " + lines("NOTIFY * HTTP/1.1", "NT: upnp:rootdevice", "NTS: ssdp:byebye") +
			"\n> " + lines("NOTIFY * HTTP/1.1", "NT: upnp:rootdevice", "NTS: ssdp:update") + "\n> " + lines("NOTIFY * HTTP/1.1"),
		Want: `
			> client
			> sender: software = "Microsoft-Windows/6.1 UPnP/1.0" (SSDP server header, 80)
			> sender: os = "Windows 7 or Server 2008 R2" (SSDP server header, 75)
			> notice ssdp NOTIFY "notify alive" discover unit=0 first=0 name="upnp:rootdevice"
			> notice ssdp NOTIFY "notify alive" discover unit=0 first=0 name="upnp:rootdevice"
			> notice ssdp NOTIFY "notify byebye" discover unit=0 first=0 name="upnp:rootdevice"
			> notice ssdp NOTIFY "notify update" discover unit=0 first=0 name="upnp:rootdevice"
			> notice ssdp NOTIFY "notify" discover`,
	},
	{Name: "start line", Carrier: proto.UDP, Messages: "> " + lines("GET / HTTP/1.1"), Want: `
			error: start line is none of SSDP`},
	{Name: "HTTP", Carrier: proto.UDP, Messages: "> " + lines("HTTP/1.1 200 OK", "Server: x"), Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
