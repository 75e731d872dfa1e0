package plant_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/plant"
)

const good = `# The bottling plant
plant: 1
name: Bottling
sites:
  - {id: main, kind: site, name: Main works}
  - {id: hall, kind: area, in: main}   # hall 2
  - {id: line-1, kind: cell, in: hall}
people:
  - {id: anna, name: Anna Berg, roles: [ot]}
roles:
  - {id: ot, name: OT engineers}

zones:
  # what controls
  - id: filling
    name: Filling cell
    at: line-1
    purdue_level: 1
    sl_t: {IAC: 2, UC: 2, SI: 2, DC: 1, RDF: 3, TRE: 2, RA: 2}
    members:
      - {ip: 10.10.10.0/24, except: [10.10.10.11], why: the cell network}
      - mac: 00:80:f4:2f:2b:5a   # the old one
    owner: ot
  - id: safety
    safety: true
    members: [{asset: 10.10.10.11}]
  - id: supervisory
    members:
    - ip: 10.20.0.5-10.20.0.40
    - {role: scada-server}
conduits:
  - id: scada-filling
    from: supervisory   # who asks
    to: filling
    protocols:
      - {protocol: s7comm, ports: [tcp/102], classes: [read, data]}
      - {protocol: modbus, ports: [tcp/502], classes: [read], functions: [3, "4"]}
    owner: anna
    reason: "SCADA: reads"
    expires: 2027-06-30
risk_tolerance: {safety: none, production: low, decided_by: anna}
work:
  - {id: wo-1, who: [ot], where: [filling], what: change the drive, from: 2026-03-02, to: 2026-03-04T12:00:00+01:00}
exceptions:
  - {id: e1, what: telnet at the switch, who: anna, why: old, until: 2026-12-31, of: filling}
`

func read(t *testing.T, src string) *plant.Plant {
	t.Helper()
	p, ps := plant.Read("plant.yaml", []byte(src), time.Time{})
	if p == nil {
		t.Fatal(ps)
	}
	return p
}

func TestRead(t *testing.T) {
	p := read(t, good)
	if len(p.Zones) != 3 || p.Zones[0].SLT.RDF != 3 || *p.Zones[0].PurdueLevel != 1 || p.Zones[1].Safety != true {
		t.Errorf("zones: %+v", p.Zones)
	}
	c := p.Conduit("scada-filling")
	if c == nil || c.Protocols[1].Functions[0] != "3" || c.Protocols[0].Classes[1].String() != "data" || c.Expires.String() != "2027-06-30" {
		t.Errorf("conduit: %+v", c)
	}
	if got := strings.Join(p.Path("line-1"), " > "); got != "Main works > hall > line-1" {
		t.Errorf("path %s", got)
	}
	if at := p.At("zones[0].sl_t.UC"); at.Line != 19 || at.Column != 24 {
		t.Errorf("position of UC: %s", at)
	}
	if r := p.Zones[0].Members[0].Ranges(); len(r) != 2 || r[1].First.String() != "10.10.10.12" {
		t.Errorf("ranges %v", r)
	}
}

// TestProblems has one wrong thing each, and what is said about it.
func TestProblems(t *testing.T) {
	at := time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)
	edit := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the example", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for _, c := range []struct{ name, src, want string }{
		{"unknown field", edit("    owner: ot", "    ownr: ot"), "plant.yaml:23:5: unknown field ownr; did you mean owner?"},
		{"duplicate key", edit("    owner: ot", "    owner: ot\n    owner: ot"), "plant.yaml:24:5: owner is given twice; keep one of them"},
		{"wrong type", edit("safety: true", "safety: maybe"), `plant.yaml:25:13: safety: found the text "maybe", want true or false`},
		{"list wanted", edit("members: [{asset: 10.10.10.11}]", "members: all"), `plant.yaml:26:14: members: found the text "all", want a list`},
		{"level", edit("UC: 2", "UC: 5"), "plant.yaml:19:24: UC: found 5, want a whole number from 0 to 4"},
		{"level below", edit("UC: 2", "UC: -1"), "plant.yaml:19:24: UC: found -1, want a whole number from 0 to 4"},
		{"level lacks", edit(", RA: 2", ""), "plant.yaml:19:11: RA is missing: FR 7, resource availability"},
		{"purdue", edit("purdue_level: 1", "purdue_level: 2.5"), "plant.yaml:18:19: zone filling is at Purdue level 2.5, which there is not; use 0, 1, 2, 3, 3.5, 4 or 5"},
		{"no members", edit("members: [{asset: 10.10.10.11}]", "members: []"), "plant.yaml:26:14: zone safety has no members; add members, or remove the zone"},
		{"members missing", edit("    members: [{asset: 10.10.10.11}]\n", ""), "plant.yaml:24:5: members is missing: what belongs to it. An asset belongs to at most one zone"},
		{"overlap", edit("{asset: 10.10.10.11}", "{ip: 10.10.10.128/25}"), "plant.yaml:26:20: 10.10.10.128/25 of zone safety overlaps with 10.10.10.0/24 of zone filling, line 21; add except: [10.10.10.128/25] to 10.10.10.0/24, or leave it in one of them"},
		{"same role", edit("{asset: 10.10.10.11}", "{role: scada-server}"), "plant.yaml:30:14: every scada-server is a member of zone supervisory and of zone safety, line 26; leave it in one of them"},
		{"to itself", edit("to: filling", "to: supervisory"), "plant.yaml:34:9: conduit scada-filling leads from zone supervisory to itself; remove it: within a zone nothing needs a conduit"},
		{"unknown zone", edit("to: filling", "to: fulling"), "plant.yaml:34:9: conduit scada-filling: fulling is no zone; add the zone, or correct the id"},
		{"circle", edit("in: main", "in: line-1"), "plant.yaml:6:32: area hall is in the cell line-1; a cell holds nothing; make it an area"},
		{"circle of areas", edit("{id: hall, kind: area, in: main}", "{id: hall, kind: area, in: x}\n  - {id: x, kind: area, in: hall}"), "plant.yaml:6:32: area hall is within itself: the tree of sites goes round in a circle; put one of them into a site"},
		{"newer", edit("plant: 1", "plant: 2"), "plant.yaml:2:8: plant: version 2 is newer than what this program reads, which is 1; use a newer bulkhead"},
		{"no version", edit("plant: 1\n", ""), "plant.yaml:2:1: plant is missing: version of the format: 1"},
		{"date", edit("2027-06-30", "30.6.2027"), `plant.yaml:40:14: expires: "30.6.2027": want a date such as 2027-06-30, or a time such as 2027-06-30T18:00:00Z`},
		{"expired", good, "plant.yaml:40:14: warning: conduit scada-filling expired on 2027-06-30 and allows nothing at 2027-07-01T00:00:00Z; renew it with a reason, or remove the conduit"},
		{"address", edit("10.10.10.0/24", "10.10.10.1/24"), `plant.yaml:21:14: ip: "10.10.10.1/24": bits of the host are set: did you mean 10.10.10.0/24?`},
		{"class", edit("[read, data]", "[reed]"), `plant.yaml:36:56: classes[0]: "reed": want other, read, write, control, program, firmware, configure, login, discover, diagnose or data`},
		{"port", edit("tcp/102", "102"), `plant.yaml:36:36: ports[0]: "102": want transport and number, such as tcp/502, udp/30000-30100, ip/47 or ethernet/0x88cc`},
		{"owner", edit("owner: anna", "owner: bela"), "plant.yaml:38:12: conduit scada-filling: bela is no person and no role; add it under people or roles, or correct the id"},
		{"twice", edit("- id: safety", "- id: filling"), "plant.yaml:24:9: filling is already the id of another thing, in line 15; give one of them another id"},
		{"anchor", edit("name: Bottling", "name: &a Bottling"), "plant.yaml:3:7: anchors, aliases and tags are not understood; write the value out"},
		{"empty", "# nothing\n", "plant.yaml:1:1: the file is empty; begin with plant: 1"},
		{"not text", "\xff\xfe", "plant.yaml:1:1: the file is not text in UTF-8; save it as UTF-8"},
		{"two documents", "plant: 1\n---\nplant: 1\n", "plant.yaml:3:1: a second document begins here; remove the line ---"},
		{"syntax", "plant: 1\nzones: [\n", ""},
		{"deep", "plant: " + strings.Repeat("[", 5000), "plant.yaml:1:1: nested deeper than 12"},
	} {
		_, ps := plant.Read("plant.yaml", []byte(c.src), at)
		found := false
		for _, p := range ps {
			found = found || p.String() == c.want || c.want == "" && p.Line > 0
		}
		if !found {
			t.Errorf("%s: want\n%s\ngot\n%v", c.name, c.want, ps.Error())
		}
	}
}

// TestAllProblems sees to it that one problem does not hide another.
func TestAllProblems(t *testing.T) {
	src := strings.NewReplacer("UC: 2", "UC: 9", "ownr", "owner", "safety: true", "safety: 3", "from: supervisory", "frm: supervisory").Replace(good)
	p, ps := plant.Read("plant.yaml", []byte(src), time.Time{})
	if p != nil || len(ps) != 4 {
		t.Errorf("plant %v, problems:\n%v", p, ps.Error())
	}
}

func TestWriteReadsBack(t *testing.T) {
	p := read(t, good)
	p.Name = `a "b": #c, [d] {e} 'f' - ü\n`
	p.Zones[0].Why = "two\nlines"
	p.Zones[1].Name = "yes"
	p.Zones[2].Name = "0x10"
	var b strings.Builder
	if err := p.Write(&b, plant.Notes{"": {"head"}, "zones[0]": {"a zone"}}); err != nil {
		t.Fatal(err)
	}
	q := read(t, b.String())
	if d := plant.Diff(p, q); len(d) > 0 {
		t.Errorf("%v\n%s", d, b.String())
	}
	if !strings.Contains(b.String(), "# head\n") || !strings.Contains(b.String(), "  # a zone\n  - id: filling") {
		t.Error(b.String())
	}
}

// TestEdit compares the text after an edit with the one before, line by line.
func TestEdit(t *testing.T) {
	port := plant.Port{Transport: "tcp", First: 4840, Last: 4840}
	for _, c := range []struct {
		name string
		edit plant.Edit
		want string // lines that go (-) and come (+)
	}{
		{"scalar with comment", plant.Edit{Path: "conduits[scada-filling].from", Value: "safety"}, "-    from: supervisory   # who asks\n+    from: safety   # who asks"},
		{"quoted", plant.Edit{Path: "conduits[scada-filling].reason", Value: "polls: yes"}, "-    reason: \"SCADA: reads\"\n+    reason: \"polls: yes\""},
		{"in brackets", plant.Edit{Path: "zones[filling].sl_t.UC", Value: 3}, "-    sl_t: {IAC: 2, UC: 2, SI: 2, DC: 1, RDF: 3, TRE: 2, RA: 2}\n+    sl_t: {IAC: 2, UC: 3, SI: 2, DC: 1, RDF: 3, TRE: 2, RA: 2}"},
		{"new field", plant.Edit{Path: "zones[safety].owner", Value: "ot"}, "+    owner: ot"},
		{"new field in brackets", plant.Edit{Path: "sites[hall].name", Value: "Hall 2"}, "-  - {id: hall, kind: area, in: main}   # hall 2\n+  - {id: hall, kind: area, in: main, name: Hall 2}   # hall 2"},
		{"list in brackets", plant.Edit{Path: "conduits[0].protocols[0].ports", Append: true, Value: port},
			"-      - {protocol: s7comm, ports: [tcp/102], classes: [read, data]}\n+      - {protocol: s7comm, ports: [tcp/102, tcp/4840], classes: [read, data]}"},
		{"entry", plant.Edit{Path: "conduits[scada-filling].protocols", Append: true, Value: plant.Protocol{Protocol: "opcua", Ports: []plant.Port{port}}}, "+      - {protocol: opcua, ports: [tcp/4840]}"},
		{"dashes at the key", plant.Edit{Path: "zones[supervisory].members", Append: true, Value: plant.Member{Role: "historian"}}, "+    - {role: historian}"},
		{"conduit", plant.Edit{Path: "conduits", Append: true, Value: plant.Conduit{ID: "x", From: "safety", To: "filling", Reason: "interlock", Owner: "ot", Protocols: []plant.Protocol{{Protocol: "any"}}}},
			"+  - id: x\n+    from: safety\n+    to: filling\n+    protocols:\n+      - {protocol: any}\n+    owner: ot\n+    reason: interlock"},
		{"remove entry", plant.Edit{Path: "conduits[0].protocols[1]", Remove: true}, "-      - {protocol: modbus, ports: [tcp/502], classes: [read], functions: [3, \"4\"]}"},
		{"remove field", plant.Edit{Path: "conduits[0].owner", Remove: true}, "-    owner: anna"},
		{"remove in brackets", plant.Edit{Path: "conduits[0].protocols[1].functions", Remove: true},
			"-      - {protocol: modbus, ports: [tcp/502], classes: [read], functions: [3, \"4\"]}\n+      - {protocol: modbus, ports: [tcp/502], classes: [read]}"},
		{"block for block", plant.Edit{Path: "zones[supervisory].members", Value: []plant.Member{{Asset: "a"}}}, "-    - ip: 10.20.0.5-10.20.0.40\n-    - {role: scada-server}\n+      - {asset: a}"},
	} {
		out, p, err := plant.Apply("plant.yaml", []byte(good), time.Time{}, c.edit)
		if err != nil || p == nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := lineDiff(good, string(out)); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
	if out, _, err := plant.Apply("plant.yaml", []byte(good), time.Time{}, plant.Edit{Path: "zones[filling].owner", Value: "anna"}, plant.Edit{Path: "zones[filling].owner", Value: "nobody"}); err == nil || out != nil {
		t.Error("an edit that breaks the file was made")
	}
}

// lineDiff lists the lines that went and came, by the longest common sequence.
func lineDiff(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	n := make([][]int, len(x)+1)
	for i := range n {
		n[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				n[i][j] = n[i+1][j+1] + 1
			} else {
				n[i][j] = max(n[i+1][j], n[i][j+1])
			}
		}
	}
	var out []string
	for i, j := 0, 0; i < len(x) || j < len(y); {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j]:
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && n[i+1][j] >= n[i][j+1]:
			out = append(out, "-"+x[i])
			i++
		default:
			out = append(out, "+"+y[j])
			j++
		}
	}
	return strings.Join(out, "\n")
}

func TestDiff(t *testing.T) {
	p := read(t, good)
	q := read(t, strings.NewReplacer("classes: [read], functions", "classes: [read, write], functions", "UC: 2", "UC: 3", "- id: safety", "- id: sis", "# hall 2", "").Replace(good))
	var got []string
	for _, d := range plant.Diff(p, q) {
		got = append(got, d.Text)
	}
	want := `zone filling: sl_t was {IAC: 2, UC: 2, SI: 2, DC: 1, RDF: 3, TRE: 2, RA: 2}, is {IAC: 2, UC: 3, SI: 2, DC: 1, RDF: 3, TRE: 2, RA: 2}
zone safety is removed: safety, 1 members
zone sis is new: sis, 1 members
conduit scada-filling: protocol modbus read (only 3, 4) on tcp/502 is removed
conduit scada-filling: protocol modbus read, write (only 3, 4) on tcp/502 is new`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	if d := plant.Diff(p, p); len(d) > 0 {
		t.Error(d)
	}
}

func TestChange(t *testing.T) {
	p := read(t, good)
	change := `change: 1
why: no writes
conduits:
  add:
    - {id: hist, from: supervisory, to: safety, protocols: [{protocol: s7comm, classes: [read]}], owner: ot}
  remove: [scada-filling]
zones:
  replace:
    - {id: safety, members: [{asset: 10.10.10.11}, {name: "sis-*"}]}
`
	q, ps := plant.ReadChange("c.yaml", []byte(change), p, time.Time{})
	if q == nil {
		t.Fatal(ps)
	}
	if len(q.Conduits) != 1 || q.Conduits[0].ID != "hist" || len(q.Zone("safety").Members) != 2 || len(p.Conduits) != 1 || p.Conduits[0].ID == "hist" {
		t.Errorf("%+v", q.Conduits)
	}
	if at := q.At("conduits[0].to").String(); at != "c.yaml:5:41" {
		t.Error(at)
	}
	_, ps = plant.ReadChange("c.yaml", []byte("change: 1\nconduits: {remove: [nope]}\n"), p, time.Time{})
	if got := ps.Error(); got != "c.yaml:2:21: there is no conduit nope to remove; correct the id" {
		t.Error(got)
	}
}

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		p, s string
		want bool
	}{{"plc-*", "PLC-fill", true}, {"plc-?", "plc-10", false}, {"*-fill", "plc-fill", true}, {"a*b*c", "aXXbYYc", true}, {"a*b*c", "aXXbYY", false}, {"plc", "plc2", false}} {
		if got := plant.Pattern(c.p).Match(c.s); got != c.want {
			t.Errorf("%s %s: %v", c.p, c.s, got)
		}
	}
}

func TestPrefixes(t *testing.T) {
	var a plant.Addresses
	if err := a.UnmarshalText([]byte("10.0.0.5-10.0.0.9")); err != nil {
		t.Fatal(err)
	}
	var s []string
	for _, p := range a.Prefixes() {
		s = append(s, p.String())
	}
	if got := strings.Join(s, " "); got != "10.0.0.5/32 10.0.0.6/31 10.0.0.8/31" {
		t.Error(got)
	}
	if err := a.UnmarshalText([]byte("0.0.0.0/0")); err != nil || len(a.Prefixes()) != 1 {
		t.Error(err, a.Prefixes())
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("plant: 1\nzones:\n- {id: a, members: [{ip: 0.0.0.0/0, except: [255.255.255.255]}]}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		p, ps := plant.Read("f", src, time.Unix(1e9, 0))
		if p == nil {
			if len(ps.Errors()) == 0 {
				t.Fatal("nothing and no error")
			}
			return
		}
		var b strings.Builder
		if err := p.Write(&b, nil); err != nil {
			t.Fatal(err)
		}
		q, ps := plant.Read("f", []byte(b.String()), time.Unix(1e9, 0))
		if q == nil || len(plant.Diff(p, q)) > 0 {
			t.Fatalf("does not read back: %v\n%s", ps, b.String())
		}
	})
}

// TestSchemaCurrent compares the published schema with the model.
func TestSchemaCurrent(t *testing.T) {
	for name, want := range map[string][]byte{"plant.schema.json": plant.Schema(), "change.schema.json": plant.ChangeSchema()} {
		file := filepath.Join("..", "docs", name)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(have) != string(want) {
			t.Errorf("docs/%s is not current: UPDATE=1 go test ./plant -run Schema", name)
		}
	}
}
