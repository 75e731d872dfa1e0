package ptp

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// message is a version 2 message of the clock 00:01:02:03:04:05.
func message(kind byte, body string) string {
	body = strings.ReplaceAll(body, " ", "")
	return fmt.Sprintf("%02x 02 %04x 00 00 0200 0000000000000000 00000000 000102fffe030405 0001 0007 00 01 %s", kind, headerLen+len(body)/2, body)
}

var (
	stamp    = strings.Repeat("00", 10)
	announce = stamp + "0025 00 80 06 21 4e5d 80 000102fffe030405 0000 20"
	target   = strings.Repeat("ff", 10)
)

func text(s string) string { return fmt.Sprintf("%02x%s", len(s), hex.EncodeToString([]byte(s))) }

var cases = []prototest.Case{
	{
		Name:     "grandmaster",
		Carrier:  proto.Ethernet,
		Messages: "> " + message(0xb, announce) + "\n> " + message(0xb, announce) + "\n> " + message(0x10, stamp) + "0000000000\n> " + message(8, stamp),
		Want: `
			> sender: mac_stated = "00:01:02:03:04:05" (PTP clock identity, 60)
			> sender: role_hint = "clock" (PTP announce by the grandmaster itself, 85)
			> sender: clock_source = "grandmaster 00:01:02:03:04:05, class 6, GNSS" (PTP announce, 90)
			> notice ptp 0x0b "announce" data unit=0 first=1
			> notice ptp 0x0b "announce" data unit=0 first=1
			> notice ptp 0x00 "sync" data unit=0 first=1
			> notice ptp 0x08 "follow up" data unit=0 first=1`,
	},
	{
		Name:     "boundary clock",
		Carrier:  proto.UDP,
		Messages: "> " + message(0xb, stamp+"0025 00 80 f8 21 4e5d 80 0a0b0c0d0e0f1011 0001 a0"),
		Want: `
			> sender: mac_stated = "00:01:02:03:04:05" (PTP clock identity, 60)
			> sender: clock_source = "grandmaster 0a:0b:0c:0d:0e:0f:10:11, class 248, internal oscillator" (PTP announce, 90)
			> notice ptp 0x0b "announce" data unit=0 first=1`,
	},
	{
		Name:    "delays",
		Carrier: proto.UDP,
		Messages: "> " + message(1, stamp) + "\n< " + message(9, stamp+stamp) + "\n> " + message(2, stamp+stamp) +
			"\n< " + message(3, stamp+stamp) + "\n< " + message(0xa, stamp+stamp) + "\n> " + message(0xc, target),
		Want: `
			> client
			> request ptp 0x01 "delay request" data unit=0 first=1
			< response ptp 0x09 "delay response" data unit=0 first=1 answers 0x01
			> request ptp 0x02 "peer delay request" data unit=0 first=1
			< response ptp 0x03 "peer delay response" data unit=0 first=1 answers 0x02
			< response ptp 0x0a "peer delay response follow up" data unit=0 first=1 answers 0x02
			> notice ptp 0x0c "signaling" other unit=0 first=1`,
	},
	{
		Name:    "management",
		Carrier: proto.UDP,
		Messages: "> " + message(0xd, target+"0101 00 00 0001 0002 0001") +
			"\n< " + message(0xd, target+"0101 02 00 0001 0050 0001 8000"+text("IEEE 802.3")+"0006 000102030405 0001 0004 0a000001 001122 00"+
			text("Acme;Clock 7;S123")+text("A;1.2;3.4")+text("Clock;Roof")+"000000000000") +
			"\n> " + message(0xd, target+"0101 01 00 0001 0002 0001") + "\n> " + message(0xd, target+"0101 03 00 0001 0002 0001") + "\n< " + message(0xd, target+"0101 04 00"),
		Want: `
			> client
			> request ptp 0x0d "management get" diagnose [management] unit=0 first=1
			< sender: vendor = "Acme" (PTP clock description, 85)
			< sender: model = "Clock 7" (PTP clock description, 85)
			< sender: serial = "S123" (PTP clock description, 85)
			< sender: hardware = "A" (PTP clock description, 85)
			< sender: firmware = "1.2" (PTP clock description, 85)
			< sender: software = "3.4" (PTP clock description, 85)
			< sender: device_name = "Clock" (PTP clock description, 85)
			< sender: location = "Roof" (PTP clock description, 85)
			< response ptp 0x0d "management response" diagnose [management] unit=0 first=1 answers 0x0d
			> request ptp 0x0d "management set" configure [management] unit=0 first=1
			> request ptp 0x0d "management command" configure [management] unit=0 first=1
			< response ptp 0x0d "management acknowledge" configure [management] unit=0 first=1 answers 0x0d`,
	},
	{
		Name:    "version 1",
		Carrier: proto.UDP,
		Messages: "> 0001 0001 5f44464c540000000000000000000000 01 01 000102030405 0001 0005 00 00 0008 00000000" +
			"0000000000000000 0000 0000 00 01 000102030405 0001 0005 000000 01 47505300" + strings.Repeat("00", 40) +
			"\n> 0001 0001 5f44464c540000000000000000000000 01 01 000102030405 0001 0005 01 00 0008 00000000",
		Want: `
			> sender: clock_source = "grandmaster 00:01:02:03:04:05, GPS" (PTP sync, 85)
			> notice ptp v1 0x00 "sync (version 1)" data unit=0 first=1 name="_DFLT"
			> client
			> request ptp v1 0x01 "delay request (version 1)" data unit=0 first=1 name="_DFLT"`,
	},
	{Name: "length", Carrier: proto.UDP, Messages: "> 0b 02 0020 0000 0000", Want: `
			error: message length at byte 4: message length does not fit the type or the datagram`},
	{Name: "version", Carrier: proto.UDP, Messages: "> 0b 03 0020 0000 0000", Want: `
			error: version at byte 2: version is neither 1 nor 2`},
	{Name: "cut", Carrier: proto.UDP, Messages: "> 0b 02 0040 0000 0000", Want: `
			error: message at byte 4: short input`},
	{Name: "DNS", Carrier: proto.UDP, Messages: `> 0002 0100 0001 0000 0000 0000 03706c63047465737400 0001 00010002 0100 0001 0000 0000 0000`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
