package syslog

import (
	"encoding/hex"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

func x(s string) string { return hex.EncodeToString([]byte(s)) }

var cases = []prototest.Case{
	{
		Name:    "forms over UDP",
		Carrier: proto.UDP,
		Messages: "> " + x("<165>1 2024-10-11T22:14:15.003Z gw.plant.test evntslog - ID47 - text") +
			"\n> " + x("<34>Oct 11 22:14:15 gw su[12]: failed") + "\n> " + x("<34>Oct 11 22:14:15 gw su[12]: failed") +
			"\n> " + x("<189>45: *Mar  1 00:00:30: %SYS-5-CONFIG_I: Configured from console") +
			"\n> " + x("<13>just text") + "\n> " + x("<46>1 - 10.0.0.1 - - - -") + "\n> " + x("<0>Oct 11 22:14:15 kernel: x"),
		Want: `
			> client
			> sender: hostname = "gw.plant.test" (syslog host name, 65)
			> notice syslog 165 "local4.notice" diagnose [notice] unit=0 first=0 name="evntslog"
			> sender: hostname = "gw" (syslog host name, 65)
			> notice syslog 34 "auth.critical" diagnose [critical] unit=0 first=0 name="su"
			> notice syslog 34 "auth.critical" diagnose [critical] unit=0 first=0 name="su"
			> sender: vendor = "Cisco" (syslog message form, 50)
			> notice syslog 189 "local7.notice" diagnose [notice] unit=0 first=0 name="%SYS-5-CONFIG_I"
			> notice syslog 13 "user.notice" diagnose [notice]
			> notice syslog 46 "syslog.informational" diagnose [informational]
			> notice syslog 0 "kern.emergency" diagnose [emergency] unit=0 first=0 name="kernel"`,
	},
	{
		Name:     "counted over TCP",
		Messages: "> " + x("29 <165>1 - host app - - - hello") + x("8 <13>text"),
		Want: `
			> client
			> sender: hostname = "host" (syslog host name, 65)
			> notice syslog 165 "local4.notice" diagnose [notice] unit=0 first=0 name="app"
			> notice syslog 13 "user.notice" diagnose [notice]`,
	},
	{
		Name:     "lines over TCP",
		Messages: "> " + x("<13>Oct 11 22:14:15 host app: one\n\n<14>two\n<1"),
		Want: `
			> client
			> sender: hostname = "host" (syslog host name, 65)
			> notice syslog 13 "user.notice" diagnose [notice] unit=0 first=0 name="app"
			> notice syslog 14 "user.informational" diagnose [informational]
			left > 2`,
	},
	{Name: "priority", Carrier: proto.UDP, Messages: "> " + x("<192>x"), Want: `
			error: priority is not <0> to <191>`},
	{Name: "count", Messages: "> " + x("99999999 <1"), Want: `
			error: octet count is not 1 to 65536`},
	{Name: "markup", Carrier: proto.UDP, Messages: "> " + x("<html><body>"), Foreign: true},
	{Name: "HTTP", Messages: "> " + x("GET / HTTP/1.1"), Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
