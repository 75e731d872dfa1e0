package paloalto_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/firewall/firewalltest"
	"github.com/bulkhead-ot/bulkhead/firewall/paloalto"
)

func TestFormat(t *testing.T) { firewalltest.Run(t, paloalto.Format) }

// TestCannot names what the format has no words for.
func TestCannot(t *testing.T) {
	p := firewalltest.Policy(t, strings.Replace(firewalltest.Plant, "{protocol: ntp, ports: [udp/123]}", "{protocol: gre, ports: [ip/47]}", 1))
	var b bytes.Buffer
	if err := paloalto.Format.Write(&b, p); err == nil || !strings.Contains(err.Error(), "IP protocol 47 of conduit time") {
		t.Error(err)
	}
}
