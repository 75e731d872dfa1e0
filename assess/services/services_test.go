package services

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
		{Name: "telnet", Plant: plant + `talk 10.0.3.5 > 10.0.1.10 tcp/23 telnet frame=3`, Scope: "filling", Want: assess.Refuted, Why: "offers telnet"},
		{Name: "needed", Plant: plant, Want: assess.Supported},
		{Name: "none", Plant: plant, Scope: "office", Want: assess.Silent},
	})
}
