package plant_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bulkhead-ot/bulkhead/plant"
)

func compiled(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("plant.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("plant.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, src string) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(src), &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	x, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(x)
}

// TestSchemaAgrees sees to it that schema and reader agree on what is right,
// and on what is wrong in a way that a schema can tell.
func TestSchemaAgrees(t *testing.T) {
	s := compiled(t, plant.Schema())
	if err := validate(t, s, good); err != nil {
		t.Error(err)
	}
	for _, r := range [][2]string{
		{"UC: 2", "UC: 5"}, {"plant: 1", "plant: 2"}, {"safety: true", "safety: maybe"}, {"owner: ot", "ownr: ot"},
		{", RA: 2", ""}, {"[read, data]", "[reed]"}, {"tcp/102", "x/102"}, {"purdue_level: 1", "purdue_level: 2.5"}, {"kind: cell", "kind: room"},
		{"members: [{asset: 10.10.10.11}]", "members: []"}, {"2f:2b:5a", "2f:2b"},
	} {
		src := strings.Replace(good, r[0], r[1], 1)
		if p, _ := plant.Read("x", []byte(src), time.Time{}); p != nil {
			t.Errorf("the reader takes %s", r[1])
		}
		if validate(t, s, src) == nil {
			t.Errorf("the schema takes %s", r[1])
		}
	}
}

// TestExamples reads the examples of the handbook.
func TestExamples(t *testing.T) {
	page, err := os.ReadFile("../docs/plant.md")
	if err != nil {
		t.Fatal(err)
	}
	var of *plant.Plant
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		schema := plant.Schema()
		if plant.IsChange([]byte(m[1])) {
			schema = plant.ChangeSchema()
		}
		if err := validate(t, compiled(t, schema), m[1]); err != nil {
			t.Error(err)
		}
		p, ps := plant.ReadChange("docs/plant.md", []byte(m[1]), of, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
		if len(ps) > 0 {
			t.Error(ps)
		}
		of = p
	}
	if of == nil {
		t.Error("docs/plant.md has no example")
	}
}
