package segmentation

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
		{Name: "direct", Plant: plant + `talk 10.0.4.5 > 10.0.1.10 tcp/502 modbus frame=9`, Want: assess.Refuted, Why: "straight from level 4 to level 1"},
		{Name: "internet", Plant: plant + `talk 10.0.1.10 > 8.8.8.8 tcp/443 tls`, Scope: "filling", Want: assess.Refuted, Why: "8.8.8.8"},
		{Name: "divided", Plant: plant + `talk 10.0.3.5 > 10.0.1.10 tcp/102 s7comm`, Want: assess.Proven},
		{Name: "divided, zone", Plant: plant + `talk 10.0.3.5 > 10.0.1.10 tcp/102 s7comm`, Scope: "filling", Want: assess.Proven},
		{Name: "only tried", Plant: plant + `talk 10.0.4.5 > 10.0.1.10 tcp/502 - unanswered`, Want: assess.Silent},
	})
}
