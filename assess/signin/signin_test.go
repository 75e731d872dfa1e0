package signin

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
		{Name: "signed in", Plant: plant + `talk 10.0.3.5 > 10.0.3.6 tcp/4840 opcua session_auth="certificate"`, Want: assess.Proven},
		{Name: "anonymous", Plant: plant + `talk 10.0.3.5 > 10.0.3.6 tcp/4840 opcua session_auth="anonymous" frame=4`, Want: assess.Refuted, Why: "as nobody"},
		{Name: "writes", Plant: plant + `talk 10.0.3.5 > 10.0.1.10 tcp/502 modbus write:6=2`, Scope: "filling", Want: assess.Refuted, Why: "without any sign-in"},
		{Name: "refused write", Plant: plant + `talk 10.0.3.5 > 10.0.1.10 tcp/502 modbus write:6=2!2`, Scope: "filling", Want: assess.Silent},
		{Name: "open screen", Plant: plant + `talk 10.0.3.5 > 10.0.1.30 tcp/5900 vnc session_security="None"`, Want: assess.Refuted, Why: "open to anybody"},
		{Name: "machines only", Plant: plant + `talk 10.0.1.11 > 10.0.1.10 tcp/502 modbus write:6=2`, Want: assess.Silent},
	})
}
