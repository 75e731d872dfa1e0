package inventory

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/assess/assesstest"
)

const cell = `
zone filling 1
asset 10.0.1.10 plc filling 1
asset 10.0.1.30 hmi filling 2
talk 10.0.1.30 > 10.0.1.10 tcp/502 modbus read:3=9
`

func TestCheck(t *testing.T) {
	assesstest.Run(t, Check, []assesstest.Scenario{
		{Name: "all declared", Plant: "declared" + cell, Want: assess.Proven, Why: "every device"},
		{Name: "a stranger", Plant: "declared" + cell + "asset 10.0.1.99 unknown - -1\n", Want: assess.Refuted, Why: "10.0.1.99 is in no declared zone"},
		{Name: "a stranger elsewhere", Plant: "declared" + cell + "asset 10.0.1.99 unknown - -1\n", Scope: "filling", Want: assess.Proven},
		{Name: "a stranger talks to the zone", Plant: "declared" + cell + "asset 10.0.1.99 unknown - -1\ntalk 10.0.1.99 > 10.0.1.10 tcp/80 http\n", Scope: "filling", Want: assess.Refuted, Why: "talks with filling"},
		{Name: "nothing declared", Plant: cell, Want: assess.Silent, Why: "nobody declared"},
	})
}
