package dns

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

const (
	plcTest = "03 706c63 04 74657374 00 "
	locator = "05 5f6c646170 04 5f746370 02 6463 06 5f6d73646373 04 74657374 00 " // _ldap._tcp.dc._msdcs.test
)

var cases = []prototest.Case{
	{
		Name:    "question and answer",
		Carrier: proto.UDP,
		Messages: `> 1234 0100 0001 0000 0000 0000 ` + plcTest + ` 0001 0001
			< 1234 8180 0001 0002 0000 0000 ` + plcTest + ` 0001 0001
			  c00c 0005 0001 0000003c 0004 0161 c010
			  c026 0001 0001 0000003c 0004 0a000005`,
		Want: `> client
			> request dns 1 "query A" other unit=0 first=0 name="plc.test"
			< sender: service = "dns 53" (DNS answer, 90)
			< 10.0.0.5: hostname = "plc.test" (DNS answer, 55)
			< response dns 1 "query A" other unit=0 first=0 name="plc.test"`,
	},
	{
		Name:    "no such name, seen from the answer on",
		Carrier: proto.UDP,
		Messages: `< 1234 8183 0001 0000 0000 0000 ` + plcTest + ` 001c 0001
			< 1234 8185 0000 0000 0000 0000`,
		Want: `< server
			< response dns 28 "query AAAA" other unit=0 first=0 name="plc.test" failed "NXDOMAIN"
			< response dns opcode 0 "opcode 0" other failed "REFUSED"`,
	},
	{
		Name:    "domain controllers",
		Carrier: proto.UDP,
		Messages: `> 1234 0100 0001 0000 0000 0000 ` + locator + ` 0021 0001
			< 1234 8580 0001 0001 0000 0001 ` + locator + ` 0021 0001
			  c00c 0021 0001 0000003c 000a 0000 0064 0185 01 64 c021
			  c03d 0001 0001 0000003c 0004 0a000007`,
		Want: `> client
			> sender: domain = "test" (DNS search for a domain controller, 70)
			> request dns 33 "query SRV" discover unit=0 first=0 name="_ldap._tcp.dc._msdcs.test"
			< sender: service = "dns 53" (DNS answer, 90)
			< 10.0.0.7: hostname = "d.test" (DNS answer, 55)
			< 10.0.0.7: role_hint = "domain-controller" (DNS answer naming domain controllers, 85)
			< response dns 33 "query SRV" discover unit=0 first=0 name="_ldap._tcp.dc._msdcs.test"`,
	},
	{
		Name:    "reverse and version",
		Carrier: proto.UDP,
		Messages: `< 0001 8180 0001 0001 0000 0000 01 35 01 30 01 30 02 3130 07 696e2d61646472 04 61727061 00 000c 0001
			  c00c 000c 0001 0000003c 000a 03 706c63 04 74657374 00
			< 0002 8180 0001 0001 0000 0000 07 76657273696f6e 04 62696e64 00 0010 0003
			  c00c 0010 0003 00000000 0004 03 392e39`,
		Want: `< server
			< sender: service = "dns 53" (DNS answer, 90)
			< 10.0.0.5: hostname = "plc.test" (DNS reverse answer, 60)
			< response dns 12 "query PTR" other unit=0 first=0 name="5.0.0.10.in-addr.arpa"
			< sender: software = "9.9" (DNS version.bind, 80)
			< response dns 16 "query TXT" other unit=0 first=0 name="version.bind"`,
	},
	{
		Name: "transfer refused and update, over TCP",
		Messages: `> 001a 1234 0000 0001 0000 0000 0000 ` + plcTest + ` 00fc 0001
			< 001a 1234 8005 0001 0000 0000 0000 ` + plcTest + ` 00fc 0001
			> 002a 1235 2800 0001 0000 0001 0000 ` + plcTest + ` 0006 0001
			  c00c 0001 0001 0000003c 0004 0a000006`,
		Want: `> client
			> request dns 252 "query AXFR" discover unit=0 first=0 name="plc.test"
			< response dns 252 "query AXFR" discover unit=0 first=0 name="plc.test" failed "REFUSED"
			> 10.0.0.6: hostname = "plc.test" (DNS update, 80)
			> request dns opcode 5 "update" configure unit=0 first=0 name="plc.test"`,
	},
	{
		Name:     "rare type",
		Carrier:  proto.UDP,
		Messages: `> 1234 0100 0001 0000 0000 0000 ` + plcTest + ` 8001 0001`,
		Want: `> client
			> request dns 32769 "query DLV" other unit=0 first=0 name="plc.test"`,
	},
	{
		Name:     "record cut",
		Carrier:  proto.UDP,
		Messages: `> 1234 0100 0001 0000 0000 0000 03 706c63 04`,
		Want:     `error: short input`,
	},
	{
		Name:     "pointer to itself",
		Carrier:  proto.UDP,
		Messages: `> 1234 0100 0001 0000 0000 0000 c00c 0001 0001`,
		Want:     `error: name is too long, loops or has a label of unknown kind`,
	},
	{Name: "NetBIOS", Carrier: proto.UDP, Messages: `> 1234 0110 0001 0000 0000 0000
		20 4141414141414141414141414141414141414141414141414141414141414141 00 0020 0001`, Foreign: true},
	{Name: "NTP", Carrier: proto.UDP, Messages: `> 2302 06e9 0000 0100 0000 0000 0000 0000`, Foreign: true},
	{Name: "random", Messages: `> 0100 9f31 0a0b 0001 0203 0405 0607 0809 0a0b`, Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }

func TestRecognise(t *testing.T) {
	q := []byte("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03plc\x04test\x00\x00\x01\x00\x01")
	if v := recognise(q, proto.Hint{Carrier: proto.UDP, DstPort: 5300}); v != proto.Yes {
		t.Error("whole query:", v)
	}
	if v := recognise(q, proto.Hint{Carrier: proto.UDP, DstPort: 5353}); v != proto.No {
		t.Error("mDNS:", v)
	}
	tcp := append([]byte{0, byte(len(q))}, q...)
	if v := recognise(tcp, proto.Hint{Carrier: proto.TCP}); v != proto.Yes {
		t.Error("TCP:", v)
	}
	if v := recognise(tcp[:20], proto.Hint{Carrier: proto.TCP, OnPort: true}); v != proto.Likely {
		t.Error("TCP, cut:", v)
	}
}
