package s7comm

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/proto/prototest"
)

func TestProtocol(t *testing.T) {
	for _, cs := range [][]prototest.Case{variables, identities, programs, controls, odd} {
		prototest.Run(t, Protocol, cs)
	}
}

func FuzzParse(f *testing.F) {
	var all []prototest.Case
	for _, cs := range [][]prototest.Case{variables, identities, programs, controls, odd} {
		all = append(all, cs...)
	}
	prototest.Fuzz(f, Protocol, all)
}

func BenchmarkParse(b *testing.B) { prototest.Bench(b, Protocol, variables[1]) }
