package backup

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
		{Name: "copied", Plant: plant + `window 40d
talk 10.0.3.5 > 10.0.1.10 tcp/102 s7comm program:upload=2
talk 10.0.3.5 > 10.0.1.11 tcp/102 s7comm program:upload=2`, Scope: "filling", Want: assess.Proven},
		{Name: "month without", Plant: plant + `window 40d
talk 10.0.3.5 > 10.0.1.10 tcp/102 s7comm read:4=2`, Scope: "filling", Want: assess.Refuted, Why: "in 40 days"},
		{Name: "week without", Plant: plant, Scope: "filling", Want: assess.Silent},
	})
}
