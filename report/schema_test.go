package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bulkhead-ot/bulkhead/docs"
	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/report"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// compiled is the published schema, ready to validate.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(docs.AnalysisSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("analysis.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("analysis.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, a *report.Analysis) {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Error(err)
	}
}

// TestSchemaComposed validates the analysis of facts that touch most fields.
func TestSchemaComposed(t *testing.T) {
	h := hub.New()
	if err := h.Accept(composed()); err != nil {
		t.Fatal(err)
	}
	c := report.Capture{
		Sources: []report.Source{
			{Name: "a.pcap", Format: "pcap", LinkType: "Ethernet", Packets: 9, Bytes: 900, First: 1e18, Last: 2e18, Dropped: 1},
			{Name: "b.jpg", Error: "b.jpg: not a capture"},
		},
		Quality: report.Quality{Verdict: "fair", Reasons: []string{"1 packets were dropped"}, Dropped: 1, Encapsulations: map[string]uint64{"vlan": 3}},
	}
	a := report.Build(c, h.Close(), map[string]string{"modbus": "Modbus/TCP"})
	busy := func(c report.Conversation) bool { return len(c.Operations) > 0 && len(c.Session) > 0 }
	if len(a.Assets) == 0 || !slices.ContainsFunc(a.Conversations, busy) {
		t.Fatal("the composed facts do not show in the analysis")
	}
	s := compiled(t)
	validate(t, s, a)
	validate(t, s, report.Build(report.Capture{
		Sources: []report.Source{}, Quality: report.Quality{Verdict: "poor", Reasons: []string{"no packets"}},
	}, hub.New().Close(), nil))
}

// composed is a plant of one station and one controller, with an unknown
// frame type beside them.
func composed() *fact.Batch {
	at := func(n uint64) fact.Seen { return fact.Seen{First: 1e18, Last: 1e18 + 60e9, Frame: 1, Count: n} }
	station := fact.Party{MAC: fact.MAC{2, 0, 0, 0, 0, 1}, IP: netip.MustParseAddr("10.0.0.1"), Port: 40000, TTL: 64}
	plc := fact.Party{MAC: fact.MAC{2, 0, 0, 0, 0, 2}, IP: netip.MustParseAddr("10.0.0.2"), Port: 502, TTL: 64}
	public := fact.Party{MAC: fact.MAC{2, 0, 0, 0, 0, 3}, IP: netip.MustParseAddr("2001:4860:4860::8888"), Port: 443, TTL: 55}
	inside := fact.Party{MAC: fact.MAC{2, 0, 0, 0, 0, 1}, IP: netip.MustParseAddr("2001:4860:4860::1"), Port: 41000, TTL: 64}
	read := &fact.Function{Protocol: "modbus", Code: "3", Name: "read holding registers", Class: fact.Read, Object: "holding registers"}
	answer := &fact.Function{Protocol: "umas", Code: "0xfe", Name: "success", Class: fact.Other, Reply: true}
	cycle := fact.Cycle{N: 59, Mean: 1e9, M2: 1e12, Min: 9e8, Max: 11e8}
	return &fact.Batch{
		Flows: []*fact.Flow{
			{
				Ends: [2]fact.Party{station, plc}, ClientCertain: true, Transport: "tcp", VLAN: 7, Protocol: "modbus",
				Packets: [2]uint64{60, 60}, Bytes: [2]uint64{6000, 7000}, Payload: [2]uint64{720, 1800}, Messages: 120,
				Malformed: 1, MalformedWhy: "length at byte 4: short input", MalformedAt: 9, Opened: true, Answered: true, Ended: true,
				Lost: 12, Holes: 1, Repeated: 2, Duplicates: 3, Untagged: true, Encapsulated: true,
				Operations: []fact.OperationStat{
					{Function: read, Kind: fact.Request, Cycle: cycle, Seen: at(60), Missed: 1, Targets: []fact.TargetStat{
						{Unit: 1, First: 100, Count: 10, Value: "17", Values: 4, Failed: 1, Cycle: cycle, Seen: at(60)},
						{Name: "Speed", Seen: at(1)},
					}},
					{Function: read, Kind: fact.Response, From: 1, Failed: 1, Status: "illegal data address", Seen: at(59)},
					{Function: answer, Answers: read, Kind: fact.Response, From: 1, Seen: at(1)},
				},
				Session: []fact.SessionStat{{Attr: fact.SessionPassword, Value: "in clear", Source: "modbus", Confidence: 100, Seen: at(1)}},
				Seen:    at(120),
			},
			{
				Ends: [2]fact.Party{plc, station}, Client: 1, Transport: "udp", PortProtocol: "modbus",
				Packets: [2]uint64{1, 1}, Bytes: [2]uint64{60, 60}, Ended: true, Seen: at(2),
			},
			{
				Ends: [2]fact.Party{{MAC: station.MAC}, {MAC: fact.MAC{255, 255, 255, 255, 255, 255}}}, Transport: "ethernet", Number: 0x88b5,
				Packets: [2]uint64{1, 0}, Bytes: [2]uint64{60, 0}, Ended: true, Seen: at(1),
			},
			{
				Ends: [2]fact.Party{inside, public}, Transport: "tcp", Protocol: "tls", Packets: [2]uint64{5, 5}, Bytes: [2]uint64{500, 500},
				Opened: true, Ended: true, Seen: at(10),
			},
		},
		Statements: []*fact.Statement{
			{MAC: plc.MAC, IP: plc.IP, Attr: fact.Vendor, Value: "Acme", Source: "modbus device identification", Confidence: 100, Protocol: "modbus", Seen: at(1)},
			{MAC: plc.MAC, IP: plc.IP, Attr: fact.Serial, Value: "1", Source: "x", Confidence: 100, Protocol: "modbus", Seen: at(1)},
			{MAC: plc.MAC, IP: plc.IP, Attr: fact.Serial, Value: "2", Source: "x", Confidence: 100, Protocol: "modbus", Seen: at(1)},
			{MAC: plc.MAC, IP: plc.IP, Part: "slot 2", Attr: fact.Model, Value: "IO 16", Source: "x", Confidence: 90, Protocol: "modbus", Seen: at(1)},
		},
	}
}

// TestSchemaDemo validates the analysis of the demo capture.
func TestSchemaDemo(t *testing.T) {
	validate(t, compiled(t), analysed(t, "../demo/plant.pcap.gz"))
}

// TestSchemaReal validates the analyses of real captures, where there are any.
func TestSchemaReal(t *testing.T) {
	const root = "../../shared/captures"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no captures at", root)
	}
	s := compiled(t)
	for _, folder := range []string{"modbus", "opcua", "dnp3", "profinet", "infrastructure", "formats", "mqtt", "s7comm-plus", "ethercat"} {
		files, err := filepath.Glob(filepath.Join(root, folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if info, err := os.Stat(f); err != nil || info.IsDir() || info.Size() > 512<<10 || info.Size() == 0 {
				continue
			}
			t.Run(folder+"/"+filepath.Base(f), func(t *testing.T) { validate(t, s, analysed(t, f)) })
		}
	}
}

func analysed(t *testing.T, name string) *report.Analysis {
	src, err := capture.Open(context.Background(), []string{name}, capture.Options{})
	if err != nil {
		t.Skip(err)
	}
	defer src.Close()
	sn, err := sensor.New(sensor.Options{Protocols: all.Protocols(), Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	h := hub.New()
	if err := sn.Run(context.Background(), src, h); err != nil {
		t.Fatal(err)
	}
	q := sn.Quality()
	verdict, reasons := q.Judge(0)
	c := report.Capture{Sources: []report.Source{}, Quality: report.Quality{Verdict: string(verdict), Reasons: reasons, Encapsulations: q.Encapsulations()}}
	for _, i := range src.Sources() {
		c.Sources = append(c.Sources, report.Source{
			Name: i.Name, Format: i.Format, LinkType: i.LinkType, Packets: i.Packets, Bytes: i.Bytes,
			First: report.Time(i.First), Last: report.Time(i.Last),
		})
	}
	return report.Build(c, h.Close(), nil)
}

// node is one schema within the document, as far as the tests need it.
type node struct {
	Description string           `json:"description"`
	Type        string           `json:"type"`
	Ref         string           `json:"$ref"`
	AnyOf       []*node          `json:"anyOf"`
	Items       *node            `json:"items"`
	Const       string           `json:"const"`
	Enum        []string         `json:"enum"`
	Required    []string         `json:"required"`
	Properties  map[string]*node `json:"properties"`
	Defs        map[string]*node `json:"$defs"`
}

func schema(t *testing.T) *node {
	t.Helper()
	var n node
	if err := json.Unmarshal(docs.AnalysisSchema, &n); err != nil {
		t.Fatal(err)
	}
	return &n
}

// types lists what JSON types a node allows.
func (n *node) types(root *node) []string {
	if n == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(n.Ref, "#/$defs/"); ok {
		return root.Defs[name].types(root)
	}
	if n.Type != "" {
		return []string{n.Type}
	}
	var all []string
	for _, o := range n.AnyOf {
		all = append(all, o.types(root)...)
	}
	return all
}

// TestSchemaComplete holds the schema to the Go types: every field with its
// type and description on both sides, required when it is always written.
func TestSchemaComplete(t *testing.T) {
	root := schema(t)
	if c := root.Properties["schema"].Const; c != report.Schema {
		t.Errorf("schema says it is %q, the program writes %q", c, report.Schema)
	}
	k := &comparison{t: t, root: root, seen: map[reflect.Type]bool{}}
	k.object(reflect.TypeFor[report.Analysis](), root)
	for name, d := range root.Defs {
		if d.Description == "" {
			t.Errorf("$defs/%s has no description", name)
		}
		for p, n := range d.Properties {
			if n.Description == "" {
				t.Errorf("%s.%s has no description", name, p)
			}
		}
	}
}

type comparison struct {
	t    *testing.T
	root *node
	seen map[reflect.Type]bool
}

// object compares a struct with the schema of its document.
func (k *comparison) object(of reflect.Type, n *node) {
	if k.seen[of] {
		return
	}
	k.seen[of] = true
	if n == nil {
		k.t.Errorf("%s has no entry in $defs", of.Name())
		return
	}
	written := map[string]bool{}
	for f := range of.Fields() {
		name, opt, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			k.t.Errorf("%s.%s has no JSON name", of.Name(), f.Name)
			continue
		}
		written[name] = true
		p := n.Properties[name]
		if p == nil || p.Description == "" {
			k.t.Errorf("%s.%s: not described in docs/analysis.schema.json", of.Name(), name)
			continue
		}
		always := opt != "omitempty"
		if slices.Contains(n.Required, name) != always {
			k.t.Errorf("%s.%s: required %t, always written %t", of.Name(), name, !always, always)
		}
		k.field(of.Name()+"."+name, f.Type, p, always)
	}
	for name := range n.Properties {
		if !written[name] {
			k.t.Errorf("%s.%s is in the schema, but the program does not write it", of.Name(), name)
		}
	}
}

// field compares the type of one field and follows it to further structs.
func (k *comparison) field(at string, of reflect.Type, n *node, always bool) {
	var want []string
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
		if always {
			want = append(want, "null")
		}
	}
	switch {
	case of == reflect.TypeFor[report.Time]():
		want = append(want, "null", "string")
	default:
		want = append(want, jsonType(of))
	}
	got := n.types(k.root)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		k.t.Errorf("%s: schema allows %v, the program writes %v", at, got, want)
	}
	k.follow(at, of, n)
}

func jsonType(of reflect.Type) string {
	switch of.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Float64:
		return "number"
	case reflect.Slice:
		return "array"
	case reflect.Map, reflect.Struct:
		return "object"
	default:
		return "integer"
	}
}

func (k *comparison) follow(at string, of reflect.Type, n *node) {
	if of.Kind() == reflect.Slice && n.Items != nil {
		elem := of.Elem()
		if elem.Kind() == reflect.Struct && elem.NumField() == 0 {
			return // not written by this version; the schema says what is to come
		}
		k.field(at+"[]", elem, n.Items, false)
		return
	}
	if of.Kind() == reflect.Map && n.Ref != "" {
		k.object(reflect.TypeFor[report.Value](), k.root.Defs["Value"])
	}
	if of.Kind() != reflect.Struct {
		return
	}
	if n.Ref != "#/$defs/"+of.Name() {
		k.t.Errorf("%s: schema refers to %q, want the entry %s", at, n.Ref, of.Name())
	}
	k.object(of, k.root.Defs[of.Name()])
}

// TestSchemaWords holds the schema to the words of package fact: classes and
// attributes.
func TestSchemaWords(t *testing.T) {
	root := schema(t)
	var classes []string
	for c := fact.Other; c == fact.Other || c.String() != fact.Other.String(); c++ {
		classes = append(classes, c.String())
	}
	if got := root.Defs["Class"].Enum; !slices.Equal(got, classes) {
		t.Errorf("classes: schema has %v, package fact %v", got, classes)
	}
	known := map[string]bool{}
	for _, a := range attributes(t) {
		known[a] = true
		if strings.HasPrefix(a, "session_") {
			if !strings.Contains(root.Defs["SessionFact"].Properties["attribute"].Description, a+":") {
				t.Errorf("session attribute %s is not described", a)
			}
		} else if root.Defs["Attributes"].Properties[a] == nil {
			t.Errorf("attribute %s is not described", a)
		}
	}
	for a := range root.Defs["Attributes"].Properties {
		if !known[a] {
			t.Errorf("attribute %s is described, but package fact does not have it", a)
		}
	}
}

// attributes reads the constants of type Attr.
func attributes(t *testing.T) []string {
	f, err := parser.ParseFile(token.NewFileSet(), "../fact/identity.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := v.Type.(*ast.Ident); ok && id.Name == "Attr" {
			s, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, s)
		}
		return true
	})
	if len(all) < 20 {
		t.Fatalf("found only %d attributes", len(all))
	}
	return all
}
