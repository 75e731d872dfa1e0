package boundary

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
		{Name: "turned away", Plant: plant + `declared
allow supervisory > filling modbus
talk 10.0.3.5 > 10.0.1.10 tcp/502 modbus
talk 10.0.4.5 > 10.0.1.10 tcp/502 - unanswered`, Want: assess.Proven, Why: "turned away"},
		{Name: "crossed", Plant: plant + `declared
talk 10.0.4.5 > 10.0.1.10 tcp/502 modbus`, Scope: "filling", Want: assess.Refuted, Why: "crossed the boundary"},
		{Name: "nobody tried", Plant: plant + `declared
allow supervisory > filling modbus
talk 10.0.3.5 > 10.0.1.10 tcp/502 modbus`, Scope: "filling", Want: assess.Supported, Why: "nobody tried"},
		{Name: "nothing crossed", Plant: plant + `declared`, Want: assess.Silent},
	})
}
