package csv_test

import (
	stdcsv "encoding/csv"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/firewall/csv"
	"github.com/bulkhead-ot/bulkhead/firewall/firewalltest"
)

func TestFormat(t *testing.T) { firewalltest.Run(t, csv.Format) }

// TestMeaning reads the table back and compares what it allows with the model.
func TestMeaning(t *testing.T) {
	p := firewalltest.Policy(t, firewalltest.Plant)
	rows, err := stdcsv.NewReader(strings.NewReader(firewalltest.Write(t, csv.Format, p))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	in := func(list string, ip netip.Addr) bool {
		for _, s := range strings.Fields(list) {
			if netip.MustParsePrefix(s).Contains(ip) {
				return true
			}
		}
		return false
	}
	firewalltest.Compare(t, p, func(q firewalltest.Probe) bool {
		for _, r := range rows[1:] {
			if r[1] != "allow" || !in(r[4], q.From) || !in(r[6], q.To) || r[7] != "any" && r[7] != strconv.Itoa(int(q.Protocol)) {
				continue
			}
			if r[8] == "" {
				return true
			}
			first, _ := strconv.Atoi(r[8])
			last, _ := strconv.Atoi(r[9])
			if first <= int(q.Port) && int(q.Port) <= last {
				return true
			}
		}
		return false
	})
}
