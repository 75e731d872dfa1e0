package mms

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
	"github.com/bulkhead-ot/bulkhead/wire"
)

// The messages of the tests are composed here, element by element.

func tlv(tag string, parts ...string) string {
	t, _ := hex.DecodeString(tag)
	body := strings.Join(parts, "")
	w := (&wire.Builder{}).Bytes(t)
	switch n := len(body); {
	case n < 0x80:
		w.U8(byte(n))
	default:
		w.U8(0x82).U16(uint16(n))
	}
	return string(w.B) + body
}

func raw(h string) string { b, _ := hex.DecodeString(h); return string(b) }

// dt is one data TPDU in its TPKT; last says whether the message ends with it.
func dt(last bool, user string) string {
	eot := byte(0)
	if last {
		eot = 0x80
	}
	w := (&wire.Builder{}).U8(3, 0).U16(uint16(len(user)+7)).U8(2, 0xf0, eot).Text(user)
	return hex.EncodeToString(w.B)
}

// layered puts a PDU under presentation and session.
func layered(pdu string) string {
	return raw("01000100") + tlv("61", tlv("30", tlv("02", raw("03")), tlv("a0", pdu)))
}

func message(pdu string) string { return dt(true, layered(pdu)) }

func ask(invoke string, service string) string {
	return message(tlv("a0", tlv("02", raw(invoke)), service))
}
func answer(invoke string, service string) string {
	return message(tlv("a1", tlv("02", raw(invoke)), service))
}

func name1(domain, item string) string { return tlv("a1", tlv("1a", domain), tlv("1a", item)) }

func one(domain, item string) string {
	return tlv("a0", tlv("30", tlv("a0", name1(domain, item))))
}

func readOf(domain, item string) string { return tlv("a4", tlv("a1", one(domain, item))) }

// association is CONNECT or ACCEPT with AARQ or AARE and an initiate PDU.
func association(spdu, aarq, extra, pdu string) string {
	user := tlv("31", tlv("a0", tlv("80", raw("01"))), tlv("a2", tlv("61", tlv("30", tlv("02", raw("01")),
		tlv("a0", tlv(aarq, extra, tlv("be", tlv("28", tlv("02", raw("03")), tlv("a0", pdu)))))))))
	w := (&wire.Builder{}).U8(0x05, 3, 0x13, 1, 0, 0xc1)
	if len(user) < 0xff {
		w.U8(byte(len(user)))
	} else {
		w.U8(0xff).U16(uint16(len(user)))
	}
	w.Text(user)
	out := (&wire.Builder{}).Text(raw(spdu))
	if len(w.B) < 0xff {
		out.U8(byte(len(w.B)))
	} else {
		out.U8(0xff).U16(uint16(len(w.B)))
	}
	return dt(true, string(out.B)+string(w.B))
}

var initiateBody = tlv("80", raw("00fde8")) + tlv("81", raw("05")) + tlv("82", raw("05"))

func lines(l ...string) string { return strings.Join(l, "\n") }

var cases = []prototest.Case{
	{
		Name: "connect with a password, identify, conclude",
		Messages: lines(
			"> 0300 000b 06 e0 0000 0001 00",
			"> "+association("0d", "60", tlv("ac", tlv("80", "secret")), tlv("a8", initiateBody)),
			"< "+association("0e", "61", "", tlv("a9", initiateBody)),
			"> "+ask("01", tlv("82")),
			"< "+answer("01", tlv("a2", tlv("80", "Acme"), tlv("81", "Bay 7"), tlv("82", "3.1"))),
			"> "+ask("02", tlv("80", raw("00"))),
			"< "+answer("02", tlv("a0", tlv("80", raw("00")), tlv("81", raw("02")))),
			"> "+message(tlv("8b")), "< "+message(tlv("8c"))),
		Want: `
			> client
			> conversation: session_auth = "password" (ACSE authentication, 95)
			> conversation: session_password = "in clear" (ACSE authentication, 95)
			> request mms initiate "initiate" login
			< response mms initiate "initiate" login
			< conversation: session_login = "accepted" (MMS initiate, 90)
			> request mms 2 "identify" discover
			< sender: vendor = "Acme" (MMS identify, 95)
			< sender: model = "Bay 7" (MMS identify, 95)
			< sender: firmware = "3.1" (MMS identify, 85)
			< response mms 2 "identify" discover
			> request mms 0 "status" diagnose
			< sender: state = "inoperable" (MMS status, 90)
			< response mms 0 "status" diagnose
			> request mms conclude "conclude" login
			< response mms conclude "conclude" login`,
	},
	{
		Name: "read a measurand, a name plate, and what is not there",
		Messages: lines(
			"> "+ask("05", readOf("AA1LD0", "MMXU1$MX$TotW$mag$f")),
			"< "+answer("05", tlv("a4", tlv("a1", tlv("87", raw("0841200000"))))),
			"> "+ask("06", readOf("AA1LD0", "LPHD1$DC$PhyNam$serNum")),
			"< "+answer("06", tlv("a4", tlv("a1", tlv("8a", "S-77")))),
			"> "+ask("07", readOf("AA1LD0", "LLN0$DC$NamPlt")),
			"< "+answer("07", tlv("a4", tlv("a1", tlv("a2", tlv("8a", "Acme"), tlv("8a", "2.0"), tlv("8a", "x"))))),
			"> "+ask("08", readOf("AA1LD0", "X")),
			"< "+answer("08", tlv("a4", tlv("a1", tlv("80", raw("0a")))))),
		Want: `
			> client
			> request mms 4 "read" read [measurands (MX)] unit=0 first=0 name="AA1LD0/MMXU1$MX$TotW$mag$f"
			< sender: device_name = "AA1LD0" (IEC 61850 logical device, 50)
			< sender: role_hint = "protection-relay" (IEC 61850 server, 40)
			< response mms 4 "read" read [measurands (MX)] unit=0 first=0 name="AA1LD0/MMXU1$MX$TotW$mag$f" = 10
			> request mms 4 "read" read [description (DC)] unit=0 first=0 name="AA1LD0/LPHD1$DC$PhyNam$serNum"
			< sender: serial = "S-77" (IEC 61850 name plate, 95)
			< response mms 4 "read" read [description (DC)] unit=0 first=0 name="AA1LD0/LPHD1$DC$PhyNam$serNum" = "S-77"
			> request mms 4 "read" read [description (DC)] unit=0 first=0 name="AA1LD0/LLN0$DC$NamPlt"
			< sender: vendor = "Acme" (IEC 61850 name plate, 80)
			< sender: firmware = "2.0" (IEC 61850 name plate, 70)
			< response mms 4 "read" read [description (DC)] unit=0 first=0 name="AA1LD0/LLN0$DC$NamPlt" = "Acme"
			> request mms 4 "read" read unit=0 first=0 name="AA1LD0/X"
			< response mms 4 "read" read unit=0 first=0 name="AA1LD0/X" failed "object non existent"`,
	},
	{
		Name: "select and operate a breaker; the write is refused",
		Messages: lines(
			"> "+ask("09", readOf("AA1CTRL", "CSWI1$CO$Pos$SBO")),
			"> "+ask("0a", tlv("a5", one("AA1CTRL", "CSWI1$CO$Pos$Oper"), tlv("a0", tlv("a2", tlv("83", raw("01")), tlv("85", raw("05")))))),
			"< "+answer("0a", tlv("a5", tlv("80", raw("03")))),
			"> "+ask("0b", tlv("a5", one("AA1LD0", "LLN0$SP$SGCB$ActSG"), tlv("a0", tlv("86", raw("02"))))),
			"< "+answer("0b", tlv("a5", tlv("81")))),
		Want: `
			> client
			> request mms 4 "read: select before operate" control [control (CO)] unit=0 first=0 name="AA1CTRL/CSWI1$CO$Pos$SBO"
			> request mms 5 "write" control [control (CO)] unit=0 first=0 name="AA1CTRL/CSWI1$CO$Pos$Oper" = true
			< response mms 5 "write" control [control (CO)] unit=0 first=0 name="AA1CTRL/CSWI1$CO$Pos$Oper" failed "object access denied"
			> request mms 5 "write" configure [set point (SP)] unit=0 first=0 name="AA1LD0/LLN0$SP$SGCB$ActSG" = 2
			< response mms 5 "write" configure [set point (SP)] unit=0 first=0 name="AA1LD0/LLN0$SP$SGCB$ActSG"`,
	},
	{
		Name: "stop and start a program, download, files; without the layers between",
		Messages: lines(
			"> "+dt(true, tlv("a8", initiateBody)),
			"> "+dt(true, tlv("a0", tlv("02", raw("01")), tlv("bf29", tlv("80", "Application_1")))),
			"< "+dt(true, tlv("a1", tlv("02", raw("01")), tlv("9f29"))),
			"> "+dt(true, tlv("a0", tlv("02", raw("02")), tlv("bf1a", tlv("80", "Domain_1")))),
			"> "+dt(true, tlv("a0", tlv("02", raw("03")), tlv("9f27", "Application_1"))),
			"> "+dt(true, tlv("a0", tlv("02", raw("04")), tlv("bf48", tlv("a0", tlv("19", "COMTRADE/1.cfg")), tlv("81", raw("00"))))),
			"> "+dt(true, tlv("a0", tlv("02", raw("05")), tlv("bf814f"))),
			"< "+dt(true, tlv("a2", tlv("80", raw("04")), tlv("a2", tlv("a0", tlv("8b", raw("07")))))),
			"< "+dt(true, tlv("a4", tlv("80", raw("05")), tlv("81", raw("01"))))),
		Want: `
			> client
			> request mms initiate "initiate" login
			> request mms 41 "stop" control unit=0 first=0 name="Application_1"
			< response mms 41 "stop" control unit=0 first=0 name="Application_1"
			> request mms 26 "initiate download sequence" program unit=0 first=0 name="Domain_1"
			> request mms 39 "delete program invocation" program unit=0 first=0 name="Application_1"
			> request mms 72 "file open" read [file] unit=0 first=0 name="COMTRADE/1.cfg"
			> request mms 207 "service 207" other
			< response mms 72 "file open" read [file] unit=0 first=0 name="COMTRADE/1.cfg" failed "file error"
			< response mms 207 "service 207" other failed "confirmed request refused"`,
	},
	{
		Name: "names, attributes, a report in two segments",
		Messages: lines(
			"> "+ask("10", tlv("a1", tlv("a0", tlv("80", raw("00"))), tlv("a1", tlv("81", "AA1LD0")))),
			"> "+ask("11", tlv("a6", tlv("a0", name1("AA1LD0", "LLN0")))),
			"< "+dt(false, layered(report)[:20]), "< "+dt(true, layered(report)[20:])),
		Want: `
			> client
			> request mms 1 "get name list" discover unit=0 first=0 name="AA1LD0"
			> request mms 6 "get variable access attributes" discover unit=0 first=0 name="AA1LD0/LLN0"
			< notice mms unconfirmed 0 "information report" data unit=0 first=0 name="RPT" = "rcb01"`,
	},
	{
		Name:     "other PDUs: cancel, refused initiate, error to an unseen request",
		Messages: lines("> "+message(tlv("85", raw("07"))), "< "+message(tlv("a6", raw("")))+message(tlv("aa"))+message(tlv("a2", tlv("80", raw("07")), tlv("a2", tlv("a0", tlv("87", raw("02"))))))),
		Want: `
			> client
			> request mms cancel "cancel" other
			< response mms cancel "cancel" other
			< response mms initiate "initiate" login failed "refused"
			< conversation: session_login = "refused" (MMS initiate, 90)
			< response mms error "confirmed error to an unseen request" other failed "access error"`,
	},
	{Name: "session only", Messages: "> " + dt(true, raw("0900")), Want: ""},
	{Name: "cut", Messages: "> 0300 0040 02f080", Want: "left > 7"},
	{Name: "element cut", Messages: "> " + message(raw("a0100201")), Want: "error: PDU ends inside an element"},
	{Name: "not a PDU", Messages: "> " + dt(true, raw("3003020100")), Want: "error: not an MMS PDU"},
	{Name: "no service", Messages: "> " + message(tlv("a0", tlv("02", raw("01")))), Want: "error: PDU ends inside an element"},
	{Name: "S7", Messages: "> 0300 0019 02f080 3201 0000 0001 0008 0000 f000 0001 0001 01e0", Foreign: true},
	{Name: "HTTP", Messages: `> 474554202f20485454502f312e310d0a`, Foreign: true},
}

var report = tlv("a3", tlv("a0", tlv("a1", tlv("80", "RPT")), tlv("a0", tlv("8a", "rcb01"), tlv("86", raw("01")))))

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[1]) }

func TestRecognise(t *testing.T) {
	h := proto.Hint{Carrier: proto.TCP, OnPort: true}
	for _, tc := range []struct {
		what, hex string
		want      proto.Verdict
	}{
		{"association", association("0d", "60", "", tlv("a8", initiateBody)), proto.Yes},
		{"read", ask("05", readOf("AA1LD0", "X")), proto.Yes},
		{"report", message(report), proto.Yes},
		{"bare initiate", dt(true, tlv("a8", initiateBody)), proto.Yes},
		{"connect only", "0300000b06e00000000100", proto.More},
		{"S7", "0300001902f08032010000000100080000f0000001000101e0", proto.No},
	} {
		b, err := hex.DecodeString(tc.hex)
		if err != nil {
			t.Fatal(err)
		}
		if v := Protocol.Recognise(b, h); v != tc.want {
			t.Errorf("%s: verdict %d, want %d", tc.what, v, tc.want)
		}
	}
}
