package mqtt

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{
		Name: "sign in with a password, publish, subscribe, leave",
		Messages: lines(
			"> "+packet(0x10, str("MQTT"), u8(4, 0xc2), u16(30), str("press-1"), str("worker"), str("secret")),
			"< "+packet(0x20, u8(0, 0)),
			"> "+packet(0x32, str("line/temp"), u16(7), raw("21.5")),
			"< "+packet(0x40, u16(7)),
			"> "+packet(0x82, u16(8), str("#"), u8(1)),
			"< "+packet(0x90, u16(8), u8(1)),
			"< "+packet(0x32, str("line/on"), u16(1), raw("true")),
			"> "+packet(0x40, u16(1)),
			"> "+packet(0xa2, u16(9), str("#")), "< "+packet(0xb0, u16(9)),
			"> c000", "< d000", "> e000"),
		Want: `
			> client
			> conversation: session_version = "MQTT 3.1.1" (MQTT connect, 100)
			> conversation: session_security = "None" (MQTT connect, 100)
			> sender: client_id = "press-1" (MQTT connect, 100)
			> conversation: session_auth = "password" (MQTT connect, 100)
			> conversation: session_user = "worker" (MQTT connect, 100)
			> sender: user = "worker" (MQTT connect, 90)
			> conversation: session_password = "in clear" (MQTT connect, 100)
			> conversation: session_note = "keep alive 30 s, clean start" (MQTT connect, 95)
			> request mqtt 1 "connect" login unit=0 first=0 name="press-1"
			< sender: role_hint = "broker" (MQTT connect acknowledgement, 90)
			< response mqtt 2 "connect acknowledgement" login answers 1
			< conversation: session_login = "accepted" (MQTT connect acknowledgement, 100)
			> request mqtt 3 "publish" data unit=0 first=0 name="line/temp" = 21.5
			< response mqtt 4 "publish acknowledgement" data unit=0 first=0 name="line/temp" answers 3
			> conversation: session_note = "the client subscribes to every topic (#)" (MQTT subscribe, 95)
			> request mqtt 8 "subscribe" read unit=0 first=0 name="#"
			< response mqtt 9 "subscribe acknowledgement" read unit=0 first=0 name="#" answers 8
			< notice mqtt 3 "publish" data unit=0 first=0 name="line/on" = true
			> notice mqtt 4 "publish acknowledgement" data
			> request mqtt 10 "unsubscribe" read unit=0 first=0 name="#"
			< response mqtt 11 "unsubscribe acknowledgement" read unit=0 first=0 name="#" answers 10
			> request mqtt 12 "ping request" diagnose
			< response mqtt 13 "ping response" diagnose answers 12
			> notice mqtt 14 "disconnect" login`,
	},
	{
		Name: "3.1, refused; QoS 2; a version on $SYS",
		Messages: lines(
			"> "+packet(0x10, str("MQIsdp"), u8(3, 0), u16(60), str("old")),
			"< "+packet(0x20, u8(0, 5)),
			"> "+packet(0x34, str("a"), u16(2), raw("-12")),
			"< "+packet(0x50, u16(2)), "> "+packet(0x62, u16(2)), "< "+packet(0x70, u16(2)),
			"< "+packet(0x31, str("$SYS/broker/version"), raw("mosquitto version 2.0.18"))),
		Want: `
			> client
			> conversation: session_version = "MQTT 3.1" (MQTT connect, 100)
			> conversation: session_security = "None" (MQTT connect, 100)
			> sender: client_id = "old" (MQTT connect, 100)
			> conversation: session_auth = "anonymous" (MQTT connect, 100)
			> conversation: session_note = "keep alive 60 s, session kept by the broker" (MQTT connect, 95)
			> request mqtt 1 "connect" login unit=0 first=0 name="old"
			< sender: role_hint = "broker" (MQTT connect acknowledgement, 90)
			< response mqtt 2 "connect acknowledgement" login answers 1 failed "not authorized"
			< conversation: session_login = "refused" (MQTT connect acknowledgement, 100)
			> request mqtt 3 "publish" data unit=0 first=0 name="a" = -12
			< response mqtt 5 "publish received" data unit=0 first=0 name="a" answers 3
			> request mqtt 6 "publish release" data
			< response mqtt 7 "publish complete" data answers 6
			< notice mqtt 3 "publish" data unit=0 first=0 name="$SYS/broker/version" = "mosquitto version 2.0.18"
			< sender: software = "mosquitto version 2.0.18" (MQTT $SYS topic, 95)`,
	},
	{
		Name: "5.0 with properties, will, topic alias, refusals",
		Messages: lines(
			"> "+packet(0x10, str("MQTT"), u8(5, 0x06), u16(0), counted(u8(0x15), str("SCRAM-SHA-1"), u8(0x26), str("app"), str("mes 4"), u8(0x11, 0, 0, 0, 9)),
				str(""), counted(u8(0x18, 0, 0, 0, 5)), str("gone"), str("x")),
			"> "+packet(0xf0, u8(0x18), counted(u8(0x15), str("SCRAM-SHA-1"))),
			"< "+packet(0x20, u8(0, 0), counted(u8(0x12), str("auto-77"), u8(0x26), str("api token"), str("do not show"))),
			"> "+packet(0x30, str("a/b"), counted(u8(0x23, 0, 1)), raw("1")),
			"> "+packet(0x32, str(""), u16(3), counted(u8(0x23, 0, 1)), raw("2")),
			"< "+packet(0x40, u16(3), u8(0x87), counted()),
			"> "+packet(0x82, u16(4), counted(u8(0x0b, 0x81, 1)), str("c/+"), u8(0)),
			"< "+packet(0x90, u16(4), counted(), u8(0x8f)),
			"< "+packet(0xe0, u8(0x8e), counted())),
		Want: `
			> client
			> conversation: session_version = "MQTT 5.0" (MQTT connect, 100)
			> conversation: session_security = "None" (MQTT connect, 100)
			> conversation: session_auth = "SCRAM-SHA-1" (MQTT connect, 95)
			> conversation: session_note = "keep alive 0 s, clean start, last will on topic gone" (MQTT connect, 95)
			> conversation: session_note = "user property app = mes 4" (MQTT user property, 80)
			> request mqtt 1 "connect" login
			> notice mqtt 15 "authentication exchange" login
			< sender: role_hint = "broker" (MQTT connect acknowledgement, 90)
			< receiver: client_id = "auto-77" (MQTT assigned client identifier, 100)
			< response mqtt 2 "connect acknowledgement" login answers 1
			< conversation: session_login = "accepted" (MQTT connect acknowledgement, 100)
			> request mqtt 3 "publish" data unit=0 first=0 name="a/b" = 1
			> request mqtt 3 "publish" data unit=0 first=0 name="a/b" = 2
			< response mqtt 4 "publish acknowledgement" data unit=0 first=0 name="a/b" answers 3 failed "not authorized"
			> request mqtt 8 "subscribe" read unit=0 first=0 name="c/+"
			< response mqtt 9 "subscribe acknowledgement" read unit=0 first=0 name="c/+" answers 8 failed "topic filter invalid"
			< notice mqtt 14 "disconnect" login failed "session taken over"`,
	},
	{
		Name: "seen late: 5.0 follows from the properties",
		Messages: lines(
			"> "+packet(0x30, str("a/b"), counted(u8(0x01, 1)), raw("on")),
			"> "+packet(0x30, str("a/b"), counted(), raw("1e3"))),
		Want: `
			> request mqtt 3 "publish" data unit=0 first=0 name="a/b" = "on"
			> request mqtt 3 "publish" data unit=0 first=0 name="a/b" = 1000`,
	},
	{
		Name: "Sparkplug: birth, data by alias, commands, death",
		Messages: lines(
			"> "+packet(0x10, str("MQTT"), u8(4, 0x06), u16(30), str("gw"), str("spBv1.0/G/NDEATH/E1"), str("x")),
			"> "+packet(0x30, str("spBv1.0/G/NBIRTH/E1"), raw(birth)),
			"> "+packet(0x30, str("spBv1.0/G/DBIRTH/E1/Press"), raw(deviceBirth)),
			"> "+packet(0x30, str("spBv1.0/G/DDATA/E1/Press"), raw(string(build(numberField(1, 9), metricOf(numberField(2, 4), numberField(10, 0xfffffff6)))))),
			"< "+packet(0x30, str("spBv1.0/G/NCMD/E1"), raw(string(build(metricOf(bytesField(1, raw("Node Control/Reboot")), numberField(4, 11), numberField(14, 1)))))),
			"< "+packet(0x30, str("spBv1.0/G/DCMD/E1/Press"), raw(string(build(metricOf(numberField(2, 5), float64Field(13, 2.5)))))),
			"< "+packet(0x31, str("spBv1.0/STATE/scada1"), raw(`{"online":true}`)),
			"< "+packet(0x31, str("STATE/scada0"), raw(`OFFLINE`)),
			"< "+packet(0x30, str("spBv1.0/G/NDEATH/E2"), raw(string(build(metricOf(bytesField(1, raw("bdSeq")), numberField(11, 1)))))),
			"< "+packet(0x30, str("spBv1.0/G/NBIRTH/E2"), raw(birth))),
		Want: `
			> client
			> conversation: session_version = "MQTT 3.1.1" (MQTT connect, 100)
			> conversation: session_security = "None" (MQTT connect, 100)
			> sender: client_id = "gw" (MQTT connect, 100)
			> conversation: session_auth = "anonymous" (MQTT connect, 100)
			> sender: device_name = "E1" (Sparkplug last will, 90)
			> sender: role_hint = "gateway" (Sparkplug edge node, 60)
			> conversation: session_note = "keep alive 30 s, clean start, last will on topic spBv1.0/G/NDEATH/E1" (MQTT connect, 95)
			> request mqtt 1 "connect" login unit=0 first=0 name="gw"
			> request mqtt 3 "publish" data unit=0 first=0 name="spBv1.0/G/NBIRTH/E1"
			> sender: device_name = "E1" (Sparkplug birth, 90)
			> sender: role_hint = "gateway" (Sparkplug edge node, 60)
			> sender: vendor = "Acme" (Sparkplug birth, 90)
			> sender: firmware = "1.7" (Sparkplug birth, 90)
			> notice sparkplug NBIRTH "birth of an edge node" discover unit=0 first=0 name="G/E1/Properties/Hardware Make" = "Acme"
			> request mqtt 3 "publish" data unit=0 first=0 name="spBv1.0/G/DBIRTH/E1/Press"
			> sender/device Press: device_name = "Press" (Sparkplug birth, 90)
			> notice sparkplug DBIRTH "birth of a device" discover unit=0 first=0 name="G/E1/Press/Force" = 1.5
			> request mqtt 3 "publish" data unit=0 first=0 name="spBv1.0/G/DDATA/E1/Press"
			> notice sparkplug DDATA "data of a device" data unit=0 first=0 name="G/E1/Press/Offset" = -10
			< notice mqtt 3 "publish" data unit=0 first=0 name="spBv1.0/G/NCMD/E1"
			< notice sparkplug NCMD "command to an edge node: control" control [Node Control] unit=0 first=0 name="G/E1/Node Control/Reboot" = true
			< notice mqtt 3 "publish" data unit=0 first=0 name="spBv1.0/G/DCMD/E1/Press"
			< notice sparkplug DCMD "command to a device" write unit=0 first=0 name="G/E1/Press/Force" = 2.5
			< notice mqtt 3 "publish" data unit=0 first=0 name="spBv1.0/STATE/scada1"
			< notice sparkplug STATE "state of a host application" data unit=0 first=0 name="scada1" = "{\"online\":true}"
			< notice mqtt 3 "publish" data unit=0 first=0 name="STATE/scada0"
			< notice sparkplug STATE "state of a host application" data unit=0 first=0 name="scada0" = "OFFLINE"
			< notice mqtt 3 "publish" data unit=0 first=0 name="spBv1.0/G/NDEATH/E2"
			< notice sparkplug NDEATH "death of an edge node" data unit=0 first=0 name="G/E2"
			< notice mqtt 3 "publish" data unit=0 first=0 name="spBv1.0/G/NBIRTH/E2"
			< sender/edge node G/E2: device_name = "E2" (Sparkplug birth, 70)
			< sender/edge node G/E2: role_hint = "gateway" (Sparkplug edge node, 40)
			< sender/edge node G/E2: vendor = "Acme" (Sparkplug birth, 70)
			< sender/edge node G/E2: firmware = "1.7" (Sparkplug birth, 70)
			< notice sparkplug NBIRTH "birth of an edge node" discover unit=0 first=0 name="G/E2/Properties/Hardware Make" = "Acme"`,
	},
	{
		Name:     "a command that the host publishes is a request",
		Messages: "> " + packet(0x30, str("spBv1.0/G/DCMD/E1/P"), raw(string(build(metricOf(bytesField(1, raw("Speed")), numberField(4, 7), numberField(10, 900)))))),
		Want: `
			> request mqtt 3 "publish" data unit=0 first=0 name="spBv1.0/G/DCMD/E1/P"
			> request sparkplug DCMD "command to a device" write unit=0 first=0 name="G/E1/P/Speed" = 900`,
	},
	{
		Name: "a payload longer than what is held",
		Messages: lines("> "+packet(0x30, str("big"), raw("\x00\x01"), raw(strings.Repeat("x", 70_000))),
			"> c000"),
		Want: `
			> request mqtt 3 "publish" data unit=0 first=0 name="big" = ` + "0001" + strings.Repeat("78", 254) + `
			> client
			> request mqtt 12 "ping request" diagnose`,
	},
	{Name: "cut", Messages: "> 10 20 0004", Want: "left > 4"},
	{Name: "flags", Messages: "> 8300", Want: "error: packet type at byte 2: packet type or flags are not defined"},
	{Name: "length of five bytes", Messages: "> 30ffffffff7f", Want: "error: remaining length at byte 5: remaining length is not valid"},
	{Name: "ends inside a field", Messages: "> " + packet(0x10, str("MQTT"), u8(4, 2), u16(30), u16(99)), Want: "error: packet ends inside a field"},
	{Name: "other protocol name", Messages: "> " + packet(0x10, str("MQTX"), u8(4, 2), u16(30), str("")), Want: "error: protocol name or level is not that of MQTT"},
	{Name: "unknown property", Messages: "> " + packet(0x10, str("MQTT"), u8(5, 2), u16(30), counted(u8(0x7f)), str("")), Want: "error: property at byte 12: property is not defined"},
	{Name: "wildcard in a topic name", Messages: "> " + packet(0x30, str("a/#"), raw("1")), Want: "error: topic is not valid"},
	{Name: "HTTP", Messages: `> 474554202f20485454502f312e310d0a`, Foreign: true},
	{Name: "digits", Messages: `> 30313233343536373839300d0a`, Foreign: true},
	{Name: "X11 event", Messages: `> 1200300000000000`, Foreign: true},
}

var birth = string(build(numberField(1, 1),
	metricOf(bytesField(1, raw("bdSeq")), numberField(4, 8), numberField(11, 0)),
	metricOf(bytesField(1, raw("Properties/Hardware Make")), numberField(4, 12), bytesField(15, raw("Acme"))),
	metricOf(bytesField(1, raw("Properties/FW")), numberField(4, 12), bytesField(15, raw("1.7"))),
	numberField(3, 0)))

var deviceBirth = string(build(
	metricOf(bytesField(1, raw("Force")), numberField(2, 5), numberField(4, 9), float32Field(12, 1.5)),
	metricOf(bytesField(1, raw("Offset")), numberField(2, 4), numberField(4, 3), numberField(10, 1))))

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[4]) }

func TestRecognise(t *testing.T) {
	h := proto.Hint{Carrier: proto.TCP}
	for _, tc := range []struct {
		hex  string
		want proto.Verdict
	}{
		{packet(0x10, str("MQTT"), u8(4, 2), u16(30), str("")), proto.Yes},
		{packet(0x10, str("MQTT"), u8(0x84, 2), u16(30), str("")), proto.Yes},
		{packet(0x10, str("MQTX"), u8(4, 2), u16(30), str("")), proto.No},
		{packet(0x30, str("a/b"), raw("1")), proto.Likely},
		{packet(0x30, str("spBv1.0/G/DDATA/E/D"), raw("1")), proto.Yes},
		{packet(0x82, u16(1), str("a"), u8(0)), proto.Likely},
		{packet(0x20, u8(0, 0)), proto.Likely},
		{"c000", proto.Likely},
		{"c001", proto.No},
		{"10", proto.More},
		{"00", proto.No},
	} {
		b, _ := hex.DecodeString(tc.hex)
		if v := Protocol.Recognise(b, h); v != tc.want {
			t.Errorf("%s: verdict %d, want %d", tc.hex, v, tc.want)
		}
	}
}
