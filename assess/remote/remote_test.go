package remote

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
zone dmz 3.5
asset 10.0.35.5 server dmz 3.5
`

func TestCheck(t *testing.T) {
	assesstest.Run(t, Check, []assesstest.Scenario{
		{Name: "through the DMZ", Plant: plant + `talk 10.0.4.5 > 10.0.35.5 tcp/3389 rdp
talk 10.0.35.5 > 10.0.3.5 tcp/3389 rdp`, Want: assess.Proven},
		{Name: "around it", Plant: plant + `talk 10.0.4.5 > 10.0.3.5 tcp/3389 rdp frame=5`, Want: assess.Refuted, Why: "without passing the DMZ"},
		{Name: "approved", Plant: plant + `declared
work W7 supervisory 0h 24h
talk 10.0.4.5 > 10.0.3.5 tcp/3389 rdp`, Want: assess.Proven},
		{Name: "after the work", Plant: plant + `declared
work W7 supervisory 0h 24h
talk 10.0.4.5 > 10.0.3.5 tcp/3389 rdp at=30h`, Want: assess.Refuted},
		{Name: "tool", Plant: plant + `talk 10.0.1.30 > 52.1.2.3 tcp/443 tls session_sni="router7.teamviewer.com"`, Want: assess.Refuted, Why: "teamviewer"},
		{Name: "none", Plant: plant, Want: assess.Silent},
	})
}
