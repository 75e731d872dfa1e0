package authorization

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
		{Name: "panel", Plant: plant + `talk 10.0.1.30 > 10.0.1.10 tcp/502 modbus write:6=2`, Scope: "filling", Want: assess.Proven},
		{Name: "workstation", Plant: plant + `talk 10.0.4.5 > 10.0.1.10 tcp/502 modbus write:6=2 frame=8`, Scope: "filling", Want: assess.Refuted, Why: "by a workstation"},
		{Name: "plc downloads", Plant: plant + `talk 10.0.1.11 > 10.0.1.10 tcp/102 s7comm program:0x1a=2`, Scope: "filling", Want: assess.Refuted, Why: "by a plc"},
		{Name: "refused", Plant: plant + `talk 10.0.4.5 > 10.0.1.10 tcp/502 modbus write:6=2!2`, Scope: "filling", Want: assess.Silent},
		{Name: "reads", Plant: plant, Want: assess.Silent},
	})
}
