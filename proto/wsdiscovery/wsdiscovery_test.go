package wsdiscovery

import (
	"encoding/hex"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// soap is a message with an action of the draft of 2005, and a body.
func soap(action, body string) string {
	return hex.EncodeToString([]byte(`<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>` +
		`<a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/` + action + `</a:Action></s:Header><s:Body>` + body + `</s:Body></s:Envelope>`))
}

var camera = `<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes> onvif://www.onvif.org/name/Gate
 onvif://www.onvif.org/hardware/X-100 onvif://www.onvif.org/type/ptz</d:Scopes><d:XAddrs>http://10.0.0.2/onvif http://[fe80::1]/onvif</d:XAddrs>`

var cases = []prototest.Case{
	{
		Name:     "probe and matches",
		Carrier:  proto.UDP,
		Messages: "> " + soap("Probe", "<d:Types>dn:NetworkVideoTransmitter</d:Types>") + "\n< " + soap("ProbeMatches", camera) + "\n< " + soap("ProbeMatches", camera),
		Want: `
			> client
			> request wsdiscovery Probe "probe" discover unit=0 first=0 name="dn:NetworkVideoTransmitter"
			< sender: device_type = "dn:NetworkVideoTransmitter tds:Device" (WS-Discovery, 80)
			< sender: role_hint = "camera" (WS-Discovery type, 90)
			< sender: service = "http://10.0.0.2/onvif" (WS-Discovery address, 80)
			< sender: device_name = "Gate" (ONVIF scope, 80)
			< sender: model = "X-100" (ONVIF scope, 80)
			< response wsdiscovery ProbeMatches "probe matches" discover unit=0 first=0 name="dn:NetworkVideoTransmitter tds:Device" answers Probe
			< response wsdiscovery ProbeMatches "probe matches" discover unit=0 first=0 name="dn:NetworkVideoTransmitter tds:Device" answers Probe`,
	},
	{
		Name:     "hello, resolve, bye",
		Carrier:  proto.UDP,
		Messages: "> " + soap("Hello", "<Types>wsdp:Device pub:Computer</Types>") + "\n> " + soap("Resolve", "") + "\n< " + soap("ResolveMatches", "") + "\n> " + soap("Bye", "<Types/>"),
		Want: `
			> client
			> sender: device_type = "wsdp:Device pub:Computer" (WS-Discovery, 80)
			> sender: role_hint = "workstation" (WS-Discovery type, 50)
			> notice wsdiscovery Hello "hello" discover unit=0 first=0 name="wsdp:Device pub:Computer"
			> request wsdiscovery Resolve "resolve" discover
			< response wsdiscovery ResolveMatches "resolve matches" discover answers Resolve
			> notice wsdiscovery Bye "bye" discover`,
	},
	{Name: "action", Carrier: proto.UDP, Messages: "> " + soap("Other", ""), Want: `
			error: no action of WS-Discovery`},
	{Name: "HTTP", Carrier: proto.UDP, Messages: "> 474554202f20485454502f312e310d0a", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
