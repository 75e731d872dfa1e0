package export_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/bulkhead-ot/bulkhead/assess"
	checks "github.com/bulkhead-ot/bulkhead/assess/all"
	"github.com/bulkhead-ot/bulkhead/assess/assesstest"
	"github.com/bulkhead-ot/bulkhead/assess/export"
	"github.com/bulkhead-ot/bulkhead/standard"
)

func sample(t *testing.T) *assess.Assessment {
	t.Helper()
	e, err := assesstest.Evidence(`
declared
zone filling 1
zone office 4
asset 10.0.1.10 plc filling 1
asset 10.0.1.30 hmi filling 2
asset 10.0.4.5 workstation office 4
talk 10.0.1.30 > 10.0.1.10 tcp/502 modbus read:3=9
talk 10.0.4.5 > 10.0.1.10 tcp/23 telnet session_password="default <b>credentials</b> in clear" frame=31
`)
	if err != nil {
		t.Fatal(err)
	}
	lib := standard.NewLibrary()
	said := []assess.Attestation{{Requirement: "iec62443-3-3 SR 1.3", Ref: standard.Ref{Standard: assess.SR, ID: "SR 1.3"}, State: assess.Met,
		Statement: "Leavers lose their accounts.", Owner: "M. Meier", Document: "policy.pdf", SHA256: strings.Repeat("ab", 32), Expires: "2027-01-01"}}
	d, err := assess.Run(e, checks.Checks(), assess.Options{Library: lib, Attestations: said, At: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func write(t *testing.T, d *assess.Assessment, format string) []byte {
	t.Helper()
	var b, again bytes.Buffer
	if err := export.Formats[format](&b, d); err != nil {
		t.Fatal(format, err)
	}
	if err := export.Formats[format](&again, d); err != nil {
		t.Fatal(format, err)
	}
	if format != "xlsx" && !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("%s differs the second time", format)
	}
	return b.Bytes()
}

func TestText(t *testing.T) {
	out := string(write(t, sample(t), "text"))
	for _, want := range []string{"SECURITY LEVELS", "SR 5.1", "frame 31", "No score", "ROADMAP", "iec62443-3-3        100"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestHTML(t *testing.T) {
	out := string(write(t, sample(t), "html"))
	if strings.Contains(out, "<b>credentials") || !strings.Contains(out, "&lt;b&gt;credentials") {
		t.Error("text from the network is not escaped")
	}
	if regexp.MustCompile(`(src|href)="(https?:)?//`).MatchString(out) {
		t.Error("the page needs something from elsewhere")
	}
	for _, want := range []string{`id="iec62443-3-3"`, "M. Meier", "frame 31"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestJSON(t *testing.T) {
	var f struct {
		Schema       string
		Requirements []struct{ Standard, ID, Verdict string }
		Levels       []struct {
			Claimed map[string]int `json:"sl_a_claimed"`
		}
	}
	if err := json.Unmarshal(write(t, sample(t), "json"), &f); err != nil {
		t.Fatal(err)
	}
	if f.Schema != assess.Schema || len(f.Requirements) < 1000 || len(f.Levels) != 2 || len(f.Levels[0].Claimed) != 7 {
		t.Errorf("%s %d %v", f.Schema, len(f.Requirements), f.Levels)
	}
}

func TestXLSX(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, sample(t), "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.GetSheetList(), ","); got != "Summary,Levels,Held back,Requirements,Questions,POA&M,Roadmap,Applicability" {
		t.Error(got)
	}
	rows, err := f.GetRows("Applicability")
	if err != nil || len(rows) != 94 {
		t.Errorf("%d controls, %v", len(rows)-1, err)
	}
}

func TestPDF(t *testing.T) {
	if b := write(t, sample(t), "pdf"); !bytes.HasPrefix(b, []byte("%PDF-")) || !bytes.Contains(b, []byte("%%EOF")) {
		t.Error("no PDF")
	}
}

var (
	uuid  = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	token = regexp.MustCompile(`^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$`)
)

// TestOSCAL holds the document to what the assessment results model of OSCAL
// 1.2 demands: required fields, data types, allowed values and references.
func TestOSCAL(t *testing.T) {
	var f map[string]any
	if err := json.Unmarshal(write(t, sample(t), "oscal"), &f); err != nil {
		t.Fatal(err)
	}
	top := f["assessment-results"].(map[string]any)
	need(t, top, "uuid", "metadata", "import-ap", "results")
	need(t, top["metadata"].(map[string]any), "title", "last-modified", "version", "oscal-version")
	have := make(map[string]bool)
	uuids(t, top, have)
	for _, r := range top["results"].([]any) {
		r := r.(map[string]any)
		need(t, r, "uuid", "title", "description", "start", "reviewed-controls")
		if _, err := time.Parse(time.RFC3339, r["start"].(string)); err != nil {
			t.Error(err)
		}
		for _, s := range r["reviewed-controls"].(map[string]any)["control-selections"].([]any) {
			for _, c := range s.(map[string]any)["include-controls"].([]any) {
				if id := c.(map[string]any)["control-id"].(string); !token.MatchString(id) {
					t.Errorf("control-id %q", id)
				}
			}
		}
		observed := make(map[string]bool)
		for _, o := range list(r["observations"]) {
			need(t, o, "uuid", "description", "methods", "collected")
			observed[o["uuid"].(string)] = true
			for _, s := range list(o["subjects"]) {
				if !have[s["subject-uuid"].(string)] {
					t.Error("a subject that is not defined")
				}
			}
			for _, e := range list(o["relevant-evidence"]) {
				need(t, e, "description")
				if h, ok := e["href"].(string); ok && !have[strings.TrimPrefix(h, "#")] {
					t.Errorf("evidence %s is not in the back matter", h)
				}
			}
		}
		for _, x := range list(r["findings"]) {
			need(t, x, "uuid", "title", "description", "target")
			target := x["target"].(map[string]any)
			need(t, target, "type", "target-id", "status")
			state := target["status"].(map[string]any)["state"]
			if state != "satisfied" && state != "not-satisfied" {
				t.Errorf("state %v", state)
			}
			for _, o := range list(x["related-observations"]) {
				if !observed[o["observation-uuid"].(string)] {
					t.Error("an observation that is not there")
				}
			}
		}
	}
}

func need(t *testing.T, m map[string]any, keys ...string) {
	t.Helper()
	for _, k := range keys {
		if v, ok := m[k]; !ok || v == "" {
			t.Errorf("no %s", k)
		}
	}
}

func list(v any) []map[string]any {
	l, _ := v.([]any)
	out := make([]map[string]any, len(l))
	for i := range l {
		out[i] = l[i].(map[string]any)
	}
	return out
}

// uuids gathers what is defined; each uuid once.
func uuids(t *testing.T, v any, have map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		if id, ok := v["uuid"].(string); ok {
			if !uuid.MatchString(id) || have[id] {
				t.Errorf("uuid %s", id)
			}
			have[id] = true
		}
		for _, x := range v {
			uuids(t, x, have)
		}
	case []any:
		for _, x := range v {
			uuids(t, x, have)
		}
	}
}
