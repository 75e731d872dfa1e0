package flows

import (
	"testing"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/assess/assesstest"
)

const plant = `
zone filling 1
zone supervisory 3
zone office 4
zone world 5 external
asset 10.0.1.10 plc filling 1
asset 10.0.1.11 plc filling 1
asset 10.0.1.30 hmi filling 2
asset 10.0.3.5 engineering-station supervisory 3
asset 10.0.3.6 server supervisory 3
asset 10.0.4.5 workstation office 4
talk 10.0.1.30 > 10.0.1.10 tcp/502 modbus read:3=9
`

func TestCheck(t *testing.T) {
	assesstest.Run(t, Check, []assesstest.Scenario{
		{Name: "inside", Plant: plant + `declared
allow supervisory > filling modbus
talk 10.0.3.5 > 10.0.1.10 tcp/502 modbus`, Want: assess.Proven, Why: "inside declared conduits"},
		{Name: "outside", Plant: plant + `declared
allow supervisory > filling modbus
talk 10.0.3.5 > 10.0.1.10 tcp/80 http frame=77`, Scope: "filling", Want: assess.Refuted, Why: "no conduit from supervisory"},
		{Name: "only tried", Plant: plant + `declared
talk 10.0.3.5 > 10.0.1.10 tcp/80 - unanswered`, Want: assess.Silent},
		{Name: "nothing declared", Plant: plant + `talk 10.0.3.5 > 10.0.1.10 tcp/80 http`, Want: assess.Silent},
	})
}
