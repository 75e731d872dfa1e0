package opcua

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
	"github.com/bulkhead-ot/bulkhead/wire"
)

func certificateText() string {
	sum := sha256.Sum256([]byte(certificateDER))
	return "subject CN=press@cell4, O=Acme; issuer itself; valid 2014-05-13 to 2017-07-14; ECDSA P-256; SHA-256 " +
		hex.EncodeToString(sum[:])
}

var server = part(endpoint("opc.tcp://cell4:4840/", "None", 1, 0, text(certificateDER)))

var cases = []prototest.Case{
	{
		Name: "open, sign in with a password in clear, close",
		Messages: lines(
			"> "+transport("HELF", u32(0, 65536, 65536, 0, 0), text("opc.tcp://cell4:4840")),
			"< "+transport("ACKF", u32(0, 65536, 65536, 0, 0)),
			"> "+openAsk(1), "< "+openAnswer(1),
			"> "+ask(2, 461, described("urn:hmi:app", "urn:acme:hmi", "Panel", 1, ""), null, text("opc.tcp://cell4:4840"),
				text("S1"), null, null, u64(0), u32(0)),
			"< "+answer(2, 464, 0, u8(0, 1), u8(0, 2), u64(0), null, null, u32(0), u32(0), null, null, u32(0)),
			"> "+ask(3, 467, null, null, u32(0), u32(0),
				object(324, join(text("0"), text("worker"), text("secret"), null)), null, null),
			"< "+answer(3, 470, 0, null, u32(0), u32(0)),
			"> "+transport("CLOF", sequence, u32(51, 4), numericID(0, 452), u8(0, 0), u64(1), u32(4, 0), null, u32(0), u8(0, 0, 0)),
		),
		Want: `
			> client
			> conversation: session_endpoint = "opc.tcp://cell4:4840" (OPC UA hello, 95)
			> receiver: hostname = "cell4" (OPC UA endpoint url that the client asked for, 50)
			> request opcua HEL "hello" other
			< response opcua ACK "acknowledge" other answers HEL
			> conversation: session_security = "None" (OPC UA secure channel, 100)
			> request opcua 446 "open secure channel" login
			< conversation: session_security = "None" (OPC UA secure channel, 100)
			< response opcua 449 "open secure channel response" login answers 446
			> sender: client_id = "urn:hmi:app" (OPC UA client description, 95)
			> sender: software = "Panel" (OPC UA client description, 85)
			> sender: description = "urn:acme:hmi" (OPC UA client description, 60)
			> conversation: session_endpoint = "opc.tcp://cell4:4840" (OPC UA create session, 95)
			> request opcua 461 "create session" login unit=0 first=0 name="S1"
			< response opcua 464 "create session response" login unit=0 first=0 name="S1" answers 461
			> conversation: session_auth = "password" (OPC UA user identity token, 100)
			> conversation: session_user = "worker" (OPC UA user identity token, 100)
			> sender: user = "worker" (OPC UA user identity token, 90)
			> conversation: session_password = "in clear" (OPC UA user identity token, 95)
			> request opcua 467 "activate session" login unit=0 first=0 name="worker"
			< response opcua 470 "activate session response" login unit=0 first=0 name="worker" answers 467
			< conversation: session_login = "accepted" (OPC UA activate session, 100)
			> request opcua 452 "close secure channel" login`,
	},
	{
		Name: "sign-in refused by a service fault",
		Messages: lines(
			"> "+ask(3, 467, null, null, u32(0), u32(0), object(321, text("0")), null, null),
			"< "+answer(3, 397, 0x80210000)),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> conversation: session_auth = "anonymous" (OPC UA user identity token, 100)
			> request opcua 467 "activate session" login
			< response opcua 397 "service fault" other answers 467 failed "BadIdentityTokenRejected"
			< conversation: session_login = "refused" (OPC UA activate session, 100)`,
	},
	{
		Name: "offers of a server, its certificate",
		Messages: lines(
			"> "+ask(1, 428, text("opc.tcp://cell4:4840"), u32(0), u32(0)),
			"< "+answer(1, 431, 0, u32(2), server, endpoint("opc.tcp://cell4:4840/", "Basic256", 3, 1, text(certificateDER)))),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> request opcua 428 "get endpoints" discover unit=0 first=0 name="opc.tcp://cell4:4840"
			< sender: client_id = "urn:press:app" (OPC UA get endpoints, 95)
			< sender: software = "Press" (OPC UA get endpoints, 85)
			< sender: description = "urn:acme:press" (OPC UA get endpoints, 60)
			< sender: role_hint = "opc-server" (OPC UA get endpoints, 40)
			< sender: hostname = "cell4" (OPC UA get endpoints, 70)
			< sender: certificate = "` + certificateText() + `" (OPC UA get endpoints, 95)
			< conversation: session_note = "the server's certificate has expired" (OPC UA get endpoints, 95)
			< sender: hostname = "cell4" (OPC UA get endpoints, 60)
			< sender: service = "opc.tcp://cell4:4840/: None, Basic256 SignAndEncrypt" (OPC UA get endpoints, 90)
			< conversation: session_note = "the server offers an endpoint without security (None)" (OPC UA get endpoints, 95)
			< conversation: session_note = "the server offers a deprecated security policy" (OPC UA get endpoints, 95)
			< conversation: session_note = "the server offers anonymous sign-in" (OPC UA get endpoints, 95)
			< response opcua 431 "get endpoints response" discover unit=0 first=0 name="opc.tcp://cell4:4840" answers 428`,
	},
	{
		Name: "read a value, and one that is not there",
		Messages: lines(
			"> "+ask(9, 631, u64(0), u32(0), u32(1), stringID(2, "Tank.Level"), u32(13), null, u16(0), null),
			"< "+answer(9, 634, 0, u32(1), u8(0x0d, 10), u32(0x41200000), u64(1), u64(2), u32(0)),
			"> "+ask(10, 631, u64(0), u32(0), u32(1), numericID(2, 77), u32(5), null, u16(0), null),
			"< "+answer(10, 634, 0, u32(1), u8(0x02), u32(0x80340000), u32(0))),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> request opcua 631 "read" read [Value] unit=2 first=0 name="Tank.Level"
			< response opcua 634 "read response" read unit=2 first=0 name="Tank.Level" = 10 answers 631
			> request opcua 631 "read" read [Description] unit=2 first=77
			< response opcua 634 "read response" read unit=2 first=77 answers 631 failed "BadNodeIdUnknown"`,
	},
	{
		Name: "server status and its parts",
		Messages: lines(
			"> "+ask(1, 631, u64(0), u32(0), u32(1), numericID(0, 2256), u32(13), null, u16(0), null),
			"< "+answer(1, 634, 0, u32(1), u8(1, 22), object(864, join(u64(1), u64(2), u32(0),
				text("urn:acme:press"), text("Acme"), text("Press 9"), text("4.2"), text("77"), u64(3), u32(0), u8(0))), u32(0)),
			"> "+ask(2, 631, u64(0), u32(0), u32(3), numericID(0, 2263), u32(13), null, u16(0), null,
				numericID(0, 2264), u32(13), null, u16(0), null, u8(0), u8(99), u32(1), null, u16(0), null),
			"< "+answer(2, 634, 0, u32(3), u8(1, 12), text("Acme"), u8(1, 12), text("4.3"), u8(1, 0), u32(0))),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> request opcua 631 "read" read [Value] unit=0 first=2256
			< sender: vendor = "Acme" (OPC UA server status, 90)
			< sender: model = "Press 9" (OPC UA server status, 80)
			< sender: firmware = "4.2" (OPC UA server status, 80)
			< sender: description = "urn:acme:press" (OPC UA server status, 50)
			< sender: state = "running" (OPC UA server status, 80)
			< response opcua 634 "read response" read unit=0 first=2256 = 010000000000000002000000000000000000000` +
			`00e00000075726e3a61636d653a70726573730400000041636d65070000005072657373203903000000342e3202000000373703000000000000000000000000 answers 631
			> request opcua 631 "read" read [Value] unit=0 first=2263
			< sender: vendor = "Acme" (OPC UA server status, 90)
			< sender: firmware = "4.3" (OPC UA server status, 80)
			< response opcua 634 "read response" read unit=0 first=2263 = "Acme" answers 631`,
	},
	{
		Name: "write refused; write of an attribute",
		Messages: lines(
			"> "+ask(1, 673, u32(1), numericID(3, 5), u32(13), null, u8(1, 1, 1)),
			"< "+answer(1, 676, 0, u32(1), u32(0x801f0000), u32(0)),
			"> "+ask(2, 673, u32(1), numericID(3, 5), u32(20), null, u8(1, 1, 0)),
			"< "+answer(2, 676, 0, u32(1), u32(0), u32(0))),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> request opcua 673 "write" write [Value] unit=3 first=5 = true
			< response opcua 676 "write response" write unit=3 first=5 answers 673 failed "BadUserAccessDenied"
			> request opcua 673 "write" configure [Historizing] unit=3 first=5 = false
			< response opcua 676 "write response" write unit=3 first=5 answers 673`,
	},
	{
		Name: "call a method, and a known one",
		Messages: lines(
			"> "+ask(1, 712, u32(1), numericID(2, 1), stringID(2, "Start"), u32(2), u8(6), u32(5), u8(0x8c), u32(1), text("x")),
			"< "+answer(1, 715, 0, u32(1), u32(0), u32(0), u32(0), u32(1), u8(1, 1), u32(0)),
			"> "+ask(2, 712, u32(1), numericID(2, 1), numericID(0, 9028), u32(0))),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> request opcua 712 "call" control unit=2 first=0 name="Start" = 5
			< response opcua 715 "call response" control unit=2 first=0 name="Start" = true answers 712
			> request opcua 712 "call: disable condition" configure unit=0 first=9028`,
	},
	{
		Name: "subscription: the value that changes goes to its node",
		Messages: lines(
			"> "+ask(1, 787, u64(0), u32(1, 1, 0), u8(1, 0)),
			"< "+answer(1, 790, 0, u32(42), u64(0), u32(1, 1)),
			"> "+ask(2, 751, u32(42, 0), u32(1), stringID(2, "Pump.Speed"), u32(13), null, u16(0), null,
				u32(2, 5), u64(0), u8(0, 0, 0), u32(1), u8(1)),
			"> "+ask(3, 826, u32(0)),
			"< "+answer(3, 829, 0, u32(42), u32(1), u32(1), u8(0), u32(1), u64(9), u32(1),
				object(811, join(u32(1), u32(5), u8(1, 5), u16(1480), u32(0))), u32(0), u32(0)),
			"> "+ask(4, 847, u32(1), u32(42))),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> request opcua 787 "create subscription" data
			< response opcua 790 "create subscription response" data unit=0 first=42 answers 787
			> request opcua 751 "create monitored items" read [Value] unit=2 first=0 name="Pump.Speed"
			> request opcua 826 "publish" data
			< response opcua 829 "publish response" data unit=2 first=0 name="Pump.Speed" = 1480 answers 826
			> request opcua 847 "delete subscriptions" data unit=0 first=42`,
	},
	{
		Name: "node ids of all forms, browse, nodes added and deleted",
		Messages: lines(
			"> "+ask(1, 527, u8(0, 0), u64(0), u32(0, 0), u32(1), u8(4), u16(3),
				u8(0x91, 0x2b, 0x96, 0x72, 0x75, 0xfa, 0xe6, 0x4a, 0x8d, 0x28, 0xb4, 0x04, 0xdc, 0x7d, 0xaf, 0x63)),
			"> "+ask(2, 560, u32(1), u8(5), u16(1), text("\x01\xab")),
			"> "+ask(3, 500, u32(1), u8(2), u16(4), u32(70000), u8(1)),
			"< "+answer(3, 503, 0, u32(1), u32(0x80690000), u32(0)),
			"> "+ask(4, 488, u32(1), u8(0xc1, 2), u16(8), text("urn:x"), u32(0))),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> request opcua 527 "browse" discover unit=3 first=0 name="72962b91-fa75-4ae6-8d28-b404dc7daf63"
			> request opcua 560 "register nodes" discover unit=1 first=0 name="01ab"
			> request opcua 500 "delete nodes" configure unit=4 first=70000
			< response opcua 503 "delete nodes response" configure unit=4 first=70000 answers 500 failed "BadNoDeleteRights"
			> request opcua 488 "add nodes" configure unit=2 first=8`,
	},
	{
		Name: "encrypted channel",
		Messages: lines(
			"> "+opening("Basic256Sha256", null, zero(256)),
			"< "+opening("Basic256Sha256", null, zero(256)),
			"> "+transport("MSGC", sequence, u32(0x8181e2f1, 0x12334455, 0x81f3a5c7, 0xdeadbeef)),
			"> "+transport("MSGF", sequence, u32(0x8181e2f2, 0x12334456, 0x81f3a5c8, 0xdeadbeee)),
			"< "+transport("MSGF", sequence, u32(0x8181e2f3, 0x12334457, 0x81f3a5c9, 0xdeadbeed))),
		Want: `
			> request opcua OPN "open secure channel, encrypted" login
			< response opcua OPN "open secure channel, encrypted" login
			> conversation: session_security = "Basic256Sha256 SignAndEncrypt" (OPC UA message, 90)
			> request opcua MSG "encrypted message" other
			< response opcua MSG "encrypted message" other`,
	},
	{
		Name: "signed channel is readable; message in chunks counts once; abort",
		Messages: lines(
			"> "+opening("Basic128Rsa15", null, zero(256)),
			"> "+strings.Replace(ask(5, 673, u32(9), numericID(3, 5), u32(13), null, u8(1, 1, 1)), "4d534746", "4d534743", 1),
			"> "+transport("MSGC", sequence, u32(51, 5), zero(40)),
			"> "+transport("MSGF", sequence, u32(52, 5), zero(40)),
			"> "+transport("MSGA", sequence, u32(53, 6, 0x80b80000), null)),
		Want: `
			> conversation: session_note = "the security policy is deprecated" (OPC UA secure channel, 95)
			> request opcua OPN "open secure channel, encrypted" login
			> conversation: session_security = "Basic128Rsa15 Sign" (OPC UA message, 90)
			> client
			> request opcua 673 "write" write [Value] unit=3 first=5 = true
			> notice opcua MSG "message aborted by its sender" other failed "BadRequestTooLarge"`,
	},
	{
		Name: "a chunk that is longer than what is held",
		Messages: lines("> "+ask(5, 673, u32(1), numericID(3, 5), u32(13), null, u8(1, 15), text(strings.Repeat("x", 70_000))),
			"> "+ask(6, 826, u32(0))),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> request opcua 673 "write" write
			> request opcua 826 "publish" data`,
	},
	{
		Name: "error, reverse hello, servers that a discovery server knows",
		Messages: lines(
			"< "+transport("RHEF", text("urn:press:app"), text("opc.tcp://cell4:4840")),
			"> "+ask(1, 422, null, u32(0), u32(0)),
			"< "+answer(1, 425, 0, u32(2), described("urn:lds", "", "LDS", 3, "opc.tcp://lds:4840"),
				described("urn:oven", "", "Oven", 0, "opc.tcp://10.0.0.9:4841")),
			"< "+transport("ERRF", u32(0x80830000), text("no such endpoint"))),
		Want: `
			< server
			< conversation: session_endpoint = "opc.tcp://cell4:4840" (OPC UA reverse hello, 95)
			< notice opcua RHE "reverse hello" other
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> request opcua 422 "find servers" discover
			< sender: service = "LDS opc.tcp://lds:4840" (OPC UA find servers, 70)
			< 10.0.0.9: client_id = "urn:oven" (OPC UA find servers, 95)
			< 10.0.0.9: software = "Oven" (OPC UA find servers, 85)
			< 10.0.0.9: role_hint = "opc-server" (OPC UA find servers, 40)
			< response opcua 425 "find servers response" discover answers 422
			< notice opcua ERR "error" other failed "BadTcpEndpointUrlInvalid"`,
	},
	{
		Name: "bytes lost: the rest of a message is passed over, its answer unpaired",
		Messages: lines(
			"> "+openAsk(1),
			"> "+ask(2, 826, u32(0)),
			"gap >",
			"> "+transport("MSGF", sequence, u32(52, 2), zero(40)),
			"< "+answer(2, 829, 0x80790000)),
		Want: `
			> conversation: session_security = "None" (OPC UA secure channel, 100)
			> client
			> request opcua 446 "open secure channel" login
			> request opcua 826 "publish" data
			< response opcua 829 "publish response" data answers 826 failed "BadNoSubscription"`,
	},
	{
		Name:     "cut in the header",
		Messages: "> 4d5347 46 20",
		Want:     "left > 5",
	},
	{
		Name:     "ends inside a field",
		Messages: "> " + ask(1, 631, u64(0), u32(0), u32(1), u8(3), u16(1), u32(400)),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> request opcua 631 "read" read
			error: message ends inside a field`,
	},
	{
		Name:     "size beyond the bound",
		Messages: "> 4d5347 46 00000002",
		Want:     "error: size at byte 8: size does not fit the message type",
	},
	{
		Name: "nested too deeply",
		Messages: "> " + ask(1, 673, u32(1), numericID(3, 5), u32(13), null, u8(1),
			func(w *wire.Builder) { w.Bytes([]byte(strings.Repeat("\x18", 400))) }),
		Want: `
			> conversation: session_security = "not encrypted" (OPC UA message, 90)
			> client
			> request opcua 673 "write" write
			error: value at byte 87: nested too deeply`,
	},
	{Name: "HTTP", Messages: `> 474554202f20485454502f312e310d0a`, Foreign: true},
	{Name: "text that begins alike", Messages: `> 48454c4f206d61696c2e6578616d706c650d0a`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[3]) }

func TestRecognise(t *testing.T) {
	h := proto.Hint{Carrier: proto.TCP}
	for _, hexes := range []string{openAsk(1), answer(1, 829, 0), transport("ACKF", u32(0, 1, 1, 0, 0))} {
		b, _ := hex.DecodeString(hexes)
		if v := Protocol.Recognise(b, h); v != proto.Yes {
			t.Errorf("%.16s...: verdict %d, want yes", hexes, v)
		}
	}
	if v := Protocol.Recognise([]byte("MSGF"), h); v != proto.More {
		t.Errorf("four bytes: verdict %d, want more", v)
	}
}
