package intent_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/assess/assesstest"
	"github.com/bulkhead-ot/bulkhead/assess/intent"
	"github.com/bulkhead-ot/bulkhead/plant"
)

const traffic = `
asset 10.0.1.10 plc - 1
asset 10.0.1.30 hmi - 2
asset 10.0.4.5 workstation - 4
talk 10.0.1.30 > 10.0.1.10 tcp/502 modbus read:3=9
talk 10.0.4.5 > 10.0.1.10 tcp/502 modbus read:3=2
talk 10.0.4.5 > 10.0.1.10 tcp/23 telnet
`

const file = `plant: 1
zones:
  - id: filling
    name: Filling
    purdue_level: 1
    sl_t: {IAC: 2, UC: 2, SI: 2, DC: 1, RDF: 3, TRE: 2, RA: 2}
    members: [{ip: 10.0.1.0/24}]
  - id: office
    purdue_level: 4
    members: [{ip: 10.0.4.0/24}]
conduits:
  - id: reports
    from: office
    to: filling
    protocols: [{protocol: modbus, classes: [read]}]
work:
  - {id: W1, who: [ann], where: [filling], what: update, from: 2026-03-02, to: 2026-03-04}
people:
  - {id: ann, name: Ann}
`

func TestDeclared(t *testing.T) {
	e, err := assesstest.Evidence(traffic)
	if err != nil {
		t.Fatal(err)
	}
	p, problems := plant.Read("plant.yaml", []byte(file), time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC))
	if bad := problems.Errors(); len(bad) > 0 {
		t.Fatal(bad)
	}
	m, problems := intent.Declared(p, e.Inventory)
	if m == nil {
		t.Fatal(problems)
	}
	z := m.Zones[0]
	if !m.Declared || z.Name != "Filling" || z.Level != 1 || z.Target.String() != "{IAC 2, UC 2, SI 2, DC 1, RDF 3, TRE 2, RA 2}" || len(z.Members) != 2 {
		t.Errorf("%+v", z)
	}
	if w := m.Work[0]; w.Zones[0] != "filling" || w.To-w.From != int64(48*time.Hour) {
		t.Errorf("%+v", w)
	}
	got := ""
	for _, c := range e.Conversations {
		j := m.Judge(c)
		ends := m.Ends(c)
		if c.Protocol == "" {
			continue
		}
		got += strings.Join([]string{c.Client.String(), c.Protocol, j.Conduit, map[bool]string{true: "crosses", false: "stays"}[j.Crosses], map[bool]string{true: "allowed", false: "refused"}[j.Allowed],
			map[bool]string{true: "in", false: "across"}[ends[0] == ends[1]]}, " ") + "\n"
		if j.Why == "" {
			t.Errorf("%s: no reason", c.Protocol)
		}
	}
	const want = "10.0.1.30 modbus  stays allowed in\n10.0.4.5 telnet  crosses refused across\n10.0.4.5 modbus reports crosses allowed across\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestProposed(t *testing.T) {
	e, err := assesstest.Evidence(traffic)
	if err != nil {
		t.Fatal(err)
	}
	m := intent.Proposed(e.Inventory, e.Conversations)
	n := 0
	for _, z := range m.Zones {
		n += len(z.Members)
	}
	if m.Declared || n != 3 || m.Judge != nil {
		t.Errorf("%+v", m)
	}
}
