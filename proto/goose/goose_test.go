package goose

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

// pdu builds a message of state, sequence, test, configuration, commissioning and data.
func pdu(st, sq, test, rev, nds int, data string) string {
	body := fmt.Sprintf("8010 4c442f4c4c4e3024474f2467636231%02x 8102 07d0 8208 4c442f4c4c4e3024 8302 6731 8408 0000000000000000 8502 %04x 8601 %02x 8701 %02x 8801 %02x 8901 %02x 8a01 01 ab03 8301%s",
		0x31, st, sq, test, rev, nds, data)
	n := 0
	for _, x := range body {
		if x != ' ' {
			n++
		}
	}
	return fmt.Sprintf("> 3001 0000 0000 0000 61 81 %02x %s\n", n/2, body)
}

const hello = `
	> sender: role_hint = "protection-relay" (GOOSE publisher, 50)
	> sender: device_name = "LD" (GOOSE control block, 50)
	> sender: service = "GOOSE LD/LLN0$GO$gcb11 data set LD/LLN0$ id g1" (GOOSE control block, 95)
`

func line(st int, object string) string {
	return fmt.Sprintf("> notice goose 0x3001 %q data [%s] unit=12289 first=0 name=%q = %d\n", "GOOSE message", object, "LD/LLN0$GO$gcb11", st)
}

func note(s string) string {
	return fmt.Sprintf("> conversation: session_note = %q (GOOSE state and sequence numbers, 80)\n", s)
}

var cases = []prototest.Case{
	{
		Name: "quiet, then a change", Carrier: proto.Ethernet,
		Messages: pdu(5, 7, 0, 1, 0, "00") + pdu(5, 8, 0, 1, 0, "00") + pdu(5, 8, 0, 1, 0, "00") + pdu(6, 0, 0, 1, 0, "01"),
		Want:     hello + line(5, "retransmission") + line(5, "retransmission") + line(5, "retransmission") + line(6, "state change"),
	},
	{
		Name: "restart", Carrier: proto.Ethernet,
		Messages: pdu(5, 7, 0, 1, 0, "00") + pdu(1, 0, 0, 1, 0, "00") + pdu(2, 0, 0, 1, 0, "00") + pdu(1, 9, 0, 1, 0, "00"),
		Want: hello + line(5, "retransmission") + line(1, "state change") + line(2, "state change") +
			note("GOOSE state number went back") + line(1, "state change"),
	},
	{
		Name: "forged", Carrier: proto.Ethernet,
		Messages: pdu(5, 7, 0, 1, 0, "00") + pdu(5, 8, 0, 1, 0, "01") + pdu(5, 4, 0, 1, 0, "01") + pdu(900, 1, 0, 1, 0, "01") + pdu(5, 9, 0, 1, 0, "00"),
		Want: hello + line(5, "retransmission") +
			strings.Replace(note("GOOSE data changed without a new state number"), "80)", "40)", 1) + line(5, "retransmission") +
			note("GOOSE sequence number went back") + line(5, "retransmission") +
			note("GOOSE state number jumped") + line(900, "state change") +
			note("GOOSE state number went back") + line(5, "state change"),
	},
	{
		Name: "flags", Carrier: proto.Ethernet,
		Messages: pdu(5, 7, 1, 1, 1, "00") + pdu(5, 8, 0, 2, 0, "00"),
		Want: hello + `
			> conversation: session_note = "GOOSE marked as test or simulation" (GOOSE test flag, 90)
			> conversation: session_note = "GOOSE control block needs commissioning" (GOOSE needs commissioning, 90)
			` + line(5, "retransmission, test") + `
			> conversation: session_note = "GOOSE configuration revision changed" (GOOSE configuration revision, 90)
			` + line(5, "retransmission"),
	},
	{Name: "cut", Carrier: proto.Ethernet, Messages: "> 3001 0020 0000 0000 61 20 80 02", Want: `error: content at byte 10: short input`},
	{Name: "not a goosePdu", Carrier: proto.Ethernet, Messages: "> 3001 0020 0000 0000 60 02 80 00", Want: `error: tag at byte 12: unexpected tag`},
	{Name: "indefinite length", Carrier: proto.Ethernet, Messages: "> 3001 0020 0000 0000 61 80 80 00", Want: `error: length at byte 10: length of more than 3 bytes`},
	{Name: "zeros", Carrier: proto.Ethernet, Messages: "> 00000000 00000000 00000000", Foreign: true},
}

// TestRepeated sends the same message again after longer than a copy takes.
func TestRepeated(t *testing.T) {
	b, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(pdu(5, 7, 0, 1, 0, "00")[1:]), " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	var rec prototest.Recorder
	s := new(session)
	for _, at := range []int64{0, 1e6, 300e6} {
		c := proto.Context{Time: at, Carrier: proto.Ethernet, Src: &proto.Endpoint{}, Dst: &proto.Endpoint{}, Sink: &rec}
		if _, err := s.Parse(&c, b); err != nil {
			t.Fatal(err)
		}
	}
	want := strings.TrimSpace(note("GOOSE sequence number repeated"))
	if n := len(rec.Lines); n != 7 || rec.Lines[n-2] != want {
		t.Errorf("got %q, want %s before the last", rec.Lines, want)
	}
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
