package certificates

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
		{Name: "authority", Plant: plant + `say 10.0.3.6 certificate="subject=CN=h; issuer=CN=Plant CA; not_after=2027-01-01T00:00:00Z; self_signed=no"`, Want: assess.Proven},
		{Name: "own", Plant: plant + `say 10.0.3.6 certificate="subject=CN=h; issuer=CN=h; not_after=2027-01-01T00:00:00Z; self_signed=yes"`, Want: assess.Refuted, Why: "signed itself"},
		{Name: "expired", Plant: plant + `say 10.0.3.6 certificate="subject=CN=h; issuer=CN=Plant CA; not_after=2025-01-01T00:00:00Z; self_signed=no"`, Scope: "supervisory", Want: assess.Refuted, Why: "expired on 2025-01-01"},
		{Name: "none", Plant: plant, Want: assess.Silent},
	})
}
