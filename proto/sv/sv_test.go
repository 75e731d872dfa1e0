package sv

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

const (
	one = "30 16 8003 4d5531 8202 0001 8304 00000001 8501 02 8702 abcd "
	two = "30 16 8003 4d5532 8202 0002 8304 00000001 8501 02 8702 abcd "
)

var cases = []prototest.Case{
	{
		Name: "three samples of two streams, twice", Carrier: proto.Ethernet,
		Messages: `
			> 4000 0057 0000 0000 60 4d 80 01 03 a2 48 ` + one + one + two + `0000
			> 4000 0057 8000 0000 60 4d 80 01 03 a2 48 ` + one + one + two,
		Want: `
			> notice sv 0x4000 "sampled values" data unit=16384 first=1 name="MU1" x2
			> sender: role_hint = "protection-relay" (sampled values publisher, 40)
			> sender: device_type = "merging unit" (sampled values publisher, 70)
			> sender: instance_id = "MU2" (sampled values svID, 85)
			> notice sv 0x4000 "sampled values" data unit=16384 first=2 name="MU2"
			> notice sv 0x4000 "sampled values" data [simulated] unit=16384 first=1 name="MU1" x2
			> notice sv 0x4000 "sampled values" data [simulated] unit=16384 first=2 name="MU2"`,
	},
	{
		Name: "lengths beyond the frame", Carrier: proto.Ethernet,
		Messages: `> 4000 0020 0000 0000 60 62 80 01 01 a2 5d 30 5b 8003 4d5531 8202 0001 8304 00000001 8501 00 8740 0001`,
		Want: `
			> sender: role_hint = "protection-relay" (sampled values publisher, 40)
			> sender: device_type = "merging unit" (sampled values publisher, 70)
			> sender: instance_id = "MU1" (sampled values svID, 85)
			> notice sv 0x4000 "sampled values" data unit=16384 first=1 name="MU1"`,
	},
	{Name: "no ASDU", Carrier: proto.Ethernet, Messages: `> 4000 0020 0000 0000 60 05 80 01 01 a2 00`, Want: `error: tag at byte 0: short input`},
	{Name: "not a savPdu", Carrier: proto.Ethernet, Messages: `> 4000 0020 0000 0000 61 05 80 01 01 a2 00`, Want: `error: savPdu at byte 15: unexpected tag`},
	{Name: "other content", Carrier: proto.Ethernet, Messages: `> 4000 0020 0000 0000 60 02 99 00`, Want: `error: seqASDU at byte 2: unexpected tag`},
	{Name: "zeros", Carrier: proto.Ethernet, Messages: "> 00000000 00000000 00000000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
