package enip

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// unhex reads grouped hex digits; 'text' in quotes stands for its bytes.
func unhex(s string) []byte {
	var out []byte
	for i, part := range strings.Split(s, "'") {
		if i&1 == 1 {
			out = append(out, part...)
			continue
		}
		b, err := hex.DecodeString(strings.Join(strings.Fields(part), ""))
		if err != nil {
			panic(s)
		}
		out = append(out, b...)
	}
	return out
}

// enc is a message with the encapsulation header.
func enc(command uint16, session, status uint32, context uint64, body string) string {
	b := unhex(body)
	var w wire.Builder
	w.U16LE(command).U16LE(uint16(len(b))).U32LE(session).U32LE(status).U64LE(context).U32LE(0).Bytes(b)
	return hex.EncodeToString(w.B)
}

// rr is SendRRData with an unconnected message.
func rr(context uint64, cip string, items ...string) string {
	b := unhex(cip)
	var w wire.Builder
	w.U32LE(0).U16LE(10).U16LE(uint16(2 + len(items))).U16LE(0).U16LE(0).U16LE(0xb2).U16LE(uint16(len(b))).Bytes(b)
	for _, i := range items {
		w.Bytes(unhex(i))
	}
	return enc(0x6f, 0x11, 0, context, hex.EncodeToString(w.B))
}

// unit is SendUnitData with a connected message.
func unit(connection uint32, sequence uint16, cip string) string {
	b := unhex(cip)
	var w wire.Builder
	w.U32LE(0).U16LE(0).U16LE(2).U16LE(0xa1).U16LE(4).U32LE(connection)
	w.U16LE(0xb1).U16LE(uint16(len(b) + 2)).U16LE(sequence).Bytes(b)
	return enc(0x70, 0x11, 0, 0, hex.EncodeToString(w.B))
}

// multi is the body of a Multiple Service Packet.
func multi(services ...string) string {
	var w, all wire.Builder
	w.U16LE(uint16(len(services)))
	for _, s := range services {
		w.U16LE(uint16(2 + 2*len(services) + len(all.B)))
		all.Bytes(unhex(s))
	}
	return hex.EncodeToString(w.Bytes(all.B).B)
}

// send is Unconnected Send of a message over a route.
func send(message, route string) string {
	m, p := unhex(message), unhex(route)
	var w wire.Builder
	w.U8(0x52, 2, 0x20, 6, 0x24, 1, 5, 0x99).U16LE(uint16(len(m))).Bytes(m).Zero(len(m) & 1)
	return hex.EncodeToString(w.U8(byte(len(p)/2), 0).Bytes(p).B)
}

// lines joins messages, one a line.
func lines(ms ...string) string { return strings.Join(ms, "\n") }

// frame is what the encapsulation says of each explicit message.
func frame(dir string, command uint16) string {
	kind, text := "request", map[uint16]string{0x6f: "send rr data", 0x70: "send unit data"}[command]
	if dir == "<" {
		kind = "response"
	}
	return fmt.Sprintf("%s %s enip 0x%04x %q other", dir, kind, command, text)
}

var (
	rrAsk, rrAnswer     = frame(">", 0x6f), frame("<", 0x6f)
	unitAsk, unitAnswer = frame(">", 0x70), frame("<", 0x70)
)

const identityBody = "0100 0e00 3600 1014 6030 3f825100 14 '1756-L61/B LOGIX5561'"

var encapCases = []prototest.Case{
	{
		Name: "session",
		Messages: lines(
			"> "+enc(0x65, 0, 0, 1, "0100 0000"),
			"< "+enc(0x65, 0x11, 0, 1, "0100 0000"),
			"> "+enc(0x00, 0x11, 0, 0, "00"),
			"> "+enc(0x04, 0, 0, 0, ""),
			"< "+enc(0x04, 0, 0, 0, "0100 0001 1400 0100 2001 'Communications' 0000"),
			"> "+enc(0x66, 0x11, 0, 0, "")),
		Want: `
			> client
			> request enip 0x0065 "register session" login
			< response enip 0x0065 "register session" login
			> notice enip 0x0000 "nop" diagnose
			> request enip 0x0004 "list services" discover
			< response enip 0x0004 "list services" discover
			< sender: service = "CIP class 0/1 I/O over UDP" (EtherNet/IP list services, 90)
			< sender: service = "CIP explicit messages over TCP" (EtherNet/IP list services, 90)
			> request enip 0x0066 "unregister session" login`,
	},
	{
		Name: "refused, unknown and status commands",
		Messages: lines(
			"> "+enc(0x64, 0, 0, 0, ""),
			"< "+enc(0x64, 0, 0, 0, "0000"),
			"> "+enc(0x72, 0x11, 0, 0, ""),
			"> "+enc(0x73, 0x11, 0, 0, ""),
			"> "+enc(0xc8, 0x11, 0, 0, "0102"),
			"< "+enc(0xc8, 0x11, 1, 0, ""),
			"< "+enc(0x6f, 0x11, 0x64, 0, "")),
		Want: `
			> client
			> request enip 0x0064 "list interfaces" discover
			< response enip 0x0064 "list interfaces" discover
			> request enip 0x0072 "indicate status" diagnose
			> request enip 0x0073 "cancel" other
			> request enip 0x00c8 "command 0x00c8" other
			< response enip 0x00c8 "command 0x00c8" other failed "invalid or unsupported command"
			< response enip 0x006f "send rr data" other failed "invalid session handle"`,
	},
	{
		Name:    "list identity by broadcast",
		Carrier: proto.UDP,
		Messages: lines(
			"> "+enc(0x63, 0, 0, 7, ""),
			"< "+enc(0x63, 0, 0, 7, "0100 0c00 3600 0100 0002 af12 0a000002 0000000000000000"+identityBody+"03")),
		Want: `
			> client
			> request enip 0x0063 "list identity" discover
			< response enip 0x0063 "list identity" discover
			< sender: ip_assigned = "10.0.0.2" (EtherNet/IP list identity, 95)
			< sender: vendor = "Rockwell Automation/Allen-Bradley" (EtherNet/IP list identity, 100)
			< sender: device_type = "Programmable Logic Controller" (EtherNet/IP list identity, 100)
			< sender: role_hint = "plc" (EtherNet/IP list identity, 90)
			< sender: description = "CIP vendor 1, device type 14, product code 54" (EtherNet/IP list identity, 40)
			< sender: firmware = "16.020" (EtherNet/IP list identity, 100)
			< sender: serial = "0051823f" (EtherNet/IP list identity, 100)
			< sender: model = "1756-L61/B LOGIX5561" (EtherNet/IP list identity, 100)
			< sender: order_number = "1756-L61" (EtherNet/IP list identity, 80)
			< sender: protection = "key switch remote" (EtherNet/IP list identity, 90)
			< sender: state = "run" (EtherNet/IP list identity, 90)`,
	},
	{
		Name:    "identity of an unknown vendor in fault",
		Carrier: proto.UDP,
		Messages: "< " + enc(0x63, 0, 0, 7, "0100 0c00 2500 0100 0002 af12 00000000 0000000000000000"+
			"0f27 0200 0100 0203 0004 00000000 03 'X-1' 04"),
		Want: `
			< server
			< response enip 0x0063 "list identity" discover
			< sender: vendor = "ODVA vendor 9999" (EtherNet/IP list identity, 100)
			< sender: device_type = "AC Drive" (EtherNet/IP list identity, 100)
			< sender: role_hint = "drive" (EtherNet/IP list identity, 90)
			< sender: description = "CIP vendor 9999, device type 2, product code 1" (EtherNet/IP list identity, 40)
			< sender: firmware = "2.003" (EtherNet/IP list identity, 100)
			< sender: model = "X-1" (EtherNet/IP list identity, 100)
			< sender: state = "fault (major, recoverable)" (EtherNet/IP list identity, 90)`,
	},
	{
		Name:     "implicit i/o",
		Carrier:  proto.UDP,
		Ports:    [2]uint16{2222, 2222},
		Messages: "> 0200 0280 0800 03064b00 db943f00 b100 0600 a587 01000000\n< 0200 0280 0800 04064b00 01000000 b100 0000",
		Want: `
			> notice cipio io "implicit i/o" data unit=0 first=4916739
			< notice cipio io "implicit i/o" data unit=0 first=4916740`,
	},
	{Name: "cut header", Messages: "> 6500 0400 0000", Want: "left > 6"},
	{Name: "cut body", Messages: "> " + enc(0x65, 0, 0, 1, "0100 0000")[:52], Want: "left > 26"},
	{
		Name: "cut datagram", Carrier: proto.UDP, Messages: "> " + enc(0x65, 0, 0, 1, "0100 0000")[:52],
		Want: "error: command specific data at byte 24: short input",
	},
	{Name: "wrong command", Messages: "> 3412" + enc(0x65, 0, 0, 0, "")[4:], Want: "error: command at byte 24: not an encapsulation command"},
	{Name: "wrong status", Messages: "> " + enc(0x65, 0, 0x99, 0, ""), Want: "error: status at byte 24: not an encapsulation status"},
	{Name: "wrong options", Messages: "> " + enc(0x65, 0, 0, 0, "")[:46] + "01", Want: "error: options at byte 24: options are not 0"},
	{
		Name:     "item longer than the message",
		Messages: "> " + enc(0x6f, 0x11, 0, 0, "00000000 0a00 0200 00000000 b200 ff00 01"),
		Want: `
			> client
			> request enip 0x006f "send rr data" other
			error: item at byte 16: short input`,
	},
	{Name: "HTTP", Messages: "> " + hex.EncodeToString([]byte("GET / HTTP/1.1\r\nHost: plant.example\r\n\r\n")), Foreign: true},
	{Name: "zeros", Messages: "> " + strings.Repeat("00", 64), Foreign: true},
	{Name: "Modbus", Messages: "> 0001 0000 0006 01 03 0064 0002", Foreign: true},
	{Name: "DNS", Carrier: proto.UDP, Messages: "> 6300 0100 0001 0000 0000 0000 03777777 0161 0000 0100 01", Foreign: true},
}

func TestProtocol(t *testing.T) { prototest.Run(t, Protocol, allCases()) }
func FuzzParse(f *testing.F)    { prototest.Fuzz(f, Protocol, allCases()) }

func BenchmarkParse(b *testing.B) {
	for _, c := range allCases() {
		if c.Name == "tags in a multiple service packet" {
			prototest.Bench(b, Protocol, c)
		}
	}
}

func allCases() []prototest.Case {
	cs := append([]prototest.Case{}, encapCases...)
	cs = append(cs, cipCases...)
	cs = append(cs, identityCases...)
	return append(cs, pcccCases...)
}

func TestRecognise(t *testing.T) {
	tcp := proto.Hint{Carrier: proto.TCP}
	for name, c := range map[string]struct {
		text string
		want proto.Verdict
	}{
		"request":      {rr(1, "0e 03 2001 2401 3001"), proto.Yes},
		"connected":    {unit(1, 1, "0e 03 2001 2401 3001"), proto.Yes},
		"register":     {enc(0x65, 0, 0, 0, "0100 0000"), proto.Yes},
		"identity":     {enc(0x63, 0, 0, 0, ""), proto.Yes},
		"unregister":   {enc(0x66, 5, 0, 0, ""), proto.Likely},
		"two bytes":    {"6f00", proto.More},
		"one byte":     {"6f", proto.More},
		"header only":  {rr(1, "0e 03 2001 2401 3001")[:48], proto.More},
		"other bytes":  {"16030100", proto.No},
		"wrong handle": {enc(0x6f, 1, 0, 0, "01000000 0000 0200 0000 0000 b200 0000"), proto.No},
	} {
		if got := Protocol.Recognise(unhex(c.text), tcp); got != c.want {
			t.Errorf("%s: verdict %d, want %d", name, got, c.want)
		}
	}
}
