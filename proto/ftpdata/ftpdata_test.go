package ftpdata

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

var cases = []prototest.Case{
	{Name: "anything", Messages: "> 4d5a9000\ngap >\n> 00", Want: ""},
	{Name: "not by content", Messages: "> 4d5a9000", Foreign: true},
}

func TestProtocol(t *testing.T)   { prototest.Run(t, Protocol, cases) }
func FuzzParse(f *testing.F)      { prototest.Fuzz(f, Protocol, cases) }
func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, cases[0]) }
