package safety

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
		{Name: "apart", Plant: plant + `zone safe 1
asset 10.0.9.1 safety-controller safe 1
talk 10.0.1.10 > 10.0.9.1 tcp/102 s7comm`, Want: assess.Proven},
		{Name: "shared", Plant: plant + `asset 10.0.1.12 safety-controller filling 1
talk 10.0.1.30 > 10.0.1.12 tcp/102 s7comm`, Scope: "filling", Want: assess.Refuted, Why: "shares its zone"},
		{Name: "workstation", Plant: plant + `zone safe 1
asset 10.0.9.1 safety-controller safe 1
talk 10.0.4.5 > 10.0.9.1 tcp/102 s7comm`, Want: assess.Refuted, Why: "a workstation"},
		{Name: "none", Plant: plant, Want: assess.Silent},
	})
}
