package kerberos

import (
	"fmt"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// tlv is an element with its contents.
func tlv(tag byte, parts ...[]byte) []byte {
	var body []byte
	for _, p := range parts {
		body = append(body, p...)
	}
	if len(body) < 0x80 {
		return append([]byte{tag, byte(len(body))}, body...)
	}
	return append([]byte{tag, 0x82, byte(len(body) >> 8), byte(len(body))}, body...)
}

func num(n byte) []byte   { return tlv(2, []byte{n}) }
func str(s string) []byte { return tlv(0x1b, []byte(s)) }

func name4Of(parts ...string) []byte {
	var ss [][]byte
	for _, p := range parts {
		ss = append(ss, str(p))
	}
	return tlv(0x30, tlv(0xa0, num(1)), tlv(0xa1, tlv(0x30, ss...)))
}

func request(tag byte, user []byte) []byte {
	var body [][]byte
	body = append(body, tlv(0xa0, tlv(3, make([]byte, 5))))
	if user != nil {
		body = append(body, tlv(0xa1, user))
	}
	body = append(body, tlv(0xa2, str("PLANT.LOCAL")), tlv(0xa3, name4Of("krbtgt", "PLANT.LOCAL")), tlv(0xa7, num(9)), tlv(0xa8, tlv(0x30, num(23), num(18))))
	return tlv(0x60+tag, tlv(0x30, tlv(0xa1, num(5)), tlv(0xa2, num(tag)), tlv(0xa4, tlv(0x30, body...))))
}

func reply(tag byte) []byte {
	ticket := tlv(0x61, tlv(0x30, tlv(0xa0, num(5)), tlv(0xa1, str("PLANT.LOCAL")), tlv(0xa2, name4Of("cifs", "hmi1"))))
	sealed := tlv(0x30, tlv(0xa0, num(23)), tlv(0xa2, tlv(4, make([]byte, 20))))
	return tlv(0x60+tag, tlv(0x30, tlv(0xa0, num(5)), tlv(0xa1, num(tag)), tlv(0xa3, str("PLANT.LOCAL")), tlv(0xa4, name4Of("ENG1$")), tlv(0xa5, ticket), tlv(0xa6, sealed)))
}

func failed(code byte) []byte {
	return tlv(0x7e, tlv(0x30, tlv(0xa0, num(5)), tlv(0xa1, num(30)), tlv(0xa6, num(code)), tlv(0xa9, str("PLANT.LOCAL")), tlv(0xaa, name4Of("krbtgt", "PLANT.LOCAL"))))
}

func datagrams(ms ...any) (s string) {
	for i := 0; i < len(ms); i += 2 {
		s += fmt.Sprintf("%s %x\n", ms[i], ms[i+1])
	}
	return s
}

func marked(b []byte) []byte { return append([]byte{0, 0, byte(len(b) >> 8), byte(len(b))}, b...) }

var cases = []prototest.Case{
	{
		Name:     "wrong password over UDP",
		Carrier:  proto.UDP,
		Messages: datagrams(">", request(10, name4Of("bob")), "<", failed(24)),
		Want: `
			> client
			> request kerberos 10 "AS-REQ" login unit=0 first=0 name="krbtgt/PLANT.LOCAL"
			> conversation: session_user = "bob" (Kerberos client name, 100)
			> sender: domain = "PLANT.LOCAL" (Kerberos realm, 80)
			< response kerberos 30 "KRB-ERROR" login unit=0 first=0 name="krbtgt/PLANT.LOCAL" answers 10 failed "pre-authentication information was invalid"
			< sender: role_hint = "domain-controller" (Kerberos key distribution centre, 70)
			< conversation: session_login = "refused" (Kerberos error, 100)`,
	},
	{
		Name:     "tickets over TCP",
		Messages: datagrams(">", marked(request(10, name4Of("ENG1$"))), "<", marked(reply(11)), ">", marked(request(12, nil)), "<", marked(reply(13))),
		Want: `
			> client
			> request kerberos 10 "AS-REQ" login unit=0 first=0 name="krbtgt/PLANT.LOCAL"
			> sender: hostname = "ENG1" (Kerberos client name, 80)
			> conversation: session_user = "ENG1$" (Kerberos client name, 100)
			> sender: domain = "PLANT.LOCAL" (Kerberos realm, 80)
			< response kerberos 11 "AS-REP" login unit=0 first=0 name="cifs/hmi1" answers 10
			< receiver: hostname = "ENG1" (Kerberos client name, 80)
			< conversation: session_user = "ENG1$" (Kerberos client name, 100)
			< sender: domain = "PLANT.LOCAL" (Kerberos realm, 90)
			< sender: role_hint = "domain-controller" (Kerberos key distribution centre, 80)
			< conversation: session_cipher = "rc4-hmac" (Kerberos reply, 100)
			< conversation: session_login = "accepted" (Kerberos reply, 100)
			> request kerberos 12 "TGS-REQ" login unit=0 first=0 name="krbtgt/PLANT.LOCAL"
			> sender: domain = "PLANT.LOCAL" (Kerberos realm, 80)
			< response kerberos 13 "TGS-REP" login unit=0 first=0 name="cifs/hmi1" answers 12
			< receiver: hostname = "ENG1" (Kerberos client name, 80)
			< conversation: session_user = "ENG1$" (Kerberos client name, 100)
			< sender: domain = "PLANT.LOCAL" (Kerberos realm, 90)
			< sender: role_hint = "domain-controller" (Kerberos key distribution centre, 80)
			< conversation: session_cipher = "rc4-hmac" (Kerberos reply, 100)`,
	},
	{Name: "cut", Messages: datagrams(">", marked(request(10, nil))[:20]), Want: "left > 20"},
	{Name: "length too large", Messages: "> 00ffffff6a", Want: "error: length is outside 16 to 61440"},
	{Name: "SNMP", Carrier: proto.UDP, Messages: "> 302602010104067075626c6963a019020401020304020100020100300b300906052b060102010500", Foreign: true},
	{Name: "LDAP", Messages: "> 300c020101600702010304008000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
