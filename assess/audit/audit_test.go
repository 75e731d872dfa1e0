package audit

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
		{Name: "some", Plant: plant + `window 1h
talk 10.0.3.6 > 10.0.3.5 udp/514 syslog one-way`, Want: assess.Supported},
		{Name: "week without", Plant: plant + `talk 10.0.3.5 > 10.0.1.10 tcp/102 s7comm read:4=9`, Scope: "filling", Want: assess.Refuted, Why: "sent no record in 8 days"},
		{Name: "hour without", Plant: plant + `window 1h`, Want: assess.Silent},
	})
}
