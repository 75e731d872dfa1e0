package html

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/report"
)

var keep = flag.String("keep", "", "folder to write the pages of the tests to, to look at them")

func page(t testing.TB, a *report.Analysis) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, a); err != nil {
		t.Fatal(err)
	}
	if *keep != "" {
		name := strings.NewReplacer("/", "-", " ", "-").Replace(t.Name())
		if err := os.WriteFile(filepath.Join(*keep, name+".html"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

var (
	island  = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)
	raw     = regexp.MustCompile(`(?s)(<script[^>]*>).*?</script>|(<style>).*?</style>`)
	tags    = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"]|"[^"]*")*?)(/?)>`)
	refs    = regexp.MustCompile(`(?:src|href|action|srcset|poster|data|background)="([^"]*)"`)
	outside = regexp.MustCompile(`(?i)https?://[^\s'"]*|\burl\([^#]|@import|//[a-z0-9-]+\.[a-z]{2,}/`)
)

func TestStructure(t *testing.T) {
	for _, n := range []int{0, 1, 50} {
		balanced(t, raw.ReplaceAllString(page(t, sample(n)), ""))
	}
}

// balanced checks that every element ends where it should.
func balanced(t *testing.T, doc string) {
	t.Helper()
	void := []string{"meta", "link", "input", "br"}
	var open []string
	for _, m := range tags.FindAllStringSubmatch(doc, -1) {
		name := strings.ToLower(m[2])
		switch {
		case m[4] == "/" || slices.Contains(void, name):
		case m[1] == "":
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			t.Fatalf("</%s> ends %v", name, open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("not ended: %v", open)
	}
}

func TestStandsAlone(t *testing.T) {
	doc := page(t, sample(50))
	for _, m := range refs.FindAllStringSubmatch(raw.ReplaceAllString(doc, ""), -1) {
		if !strings.HasPrefix(m[1], "#") && m[1] != "data:," {
			t.Errorf("refers to %s", m[1])
		}
	}
	for _, s := range outside.FindAllString(island.ReplaceAllString(doc, ""), -1) {
		if s != "http://www.w3.org/2000/svg" {
			t.Errorf("names %s", s)
		}
	}
	script, err := join("js")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "import("} {
		if bytes.Contains(script, []byte(word)) {
			t.Errorf("the script uses %s", word)
		}
	}
}

func TestPolicy(t *testing.T) {
	doc := page(t, sample(3))
	for _, want := range []string{"default-src &#39;none&#39;", "script-src &#39;sha256-", "style-src &#39;sha256-", "form-action &#39;none&#39;"} {
		if !strings.Contains(doc, want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
	if strings.Contains(doc, "unsafe") {
		t.Error("the policy allows something unsafe")
	}
}

func TestDataReadsBack(t *testing.T) {
	a := sample(50)
	m := island.FindStringSubmatch(page(t, a))
	if m == nil {
		t.Fatal("no data")
	}
	var d struct {
		Assets []struct{ ID, Name, Role string }
		Convs  []struct {
			Ops []struct{ Fn string }
		}
		Map struct {
			Nodes []struct{ ID string }
			Links []struct{ Refs []int }
		}
	}
	if err := json.Unmarshal([]byte(m[1]), &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Assets) != 50 || len(d.Convs) != len(a.Conversations) || d.Assets[1].Name != "hmi-1" || d.Convs[0].Ops[0].Fn != "read holding registers" {
		t.Errorf("got %d assets, %d conversations", len(d.Assets), len(d.Convs))
	}
	if len(d.Map.Nodes) != 52 { // with the internet and a multicast group
		t.Errorf("%d nodes on the map", len(d.Map.Nodes))
	}
	seen := 0
	for _, l := range d.Map.Links {
		seen += len(l.Refs)
	}
	if seen != len(d.Convs) {
		t.Errorf("%d of %d conversations are on the map", seen, len(d.Convs))
	}
}

func TestHostileNamesAreText(t *testing.T) {
	doc := page(t, sample(3))
	if n := strings.Count(doc, "<script"); n != 2 {
		t.Errorf("%d scripts, want the data and ours", n)
	}
	if strings.Contains(doc, "<img") || strings.Contains(doc, "\u202e") || strings.Contains(doc, "\u2028") {
		t.Error("a hostile name came through")
	}
	if d := island.FindStringSubmatch(doc)[1]; strings.ContainsAny(d, "<>&") {
		t.Error("the data holds markup")
	}
}

func TestClean(t *testing.T) {
	for _, c := range [][2]string{
		{"plain name", "plain name"},
		{"Füllstand 2 µm", "Füllstand 2 µm"},
		{"a\x00b\tc", `a\u{0}b\u{9}c`},
		{"x\u202ey", `x\u{202e}y`},
		{"\xff", "\ufffd"},
		{strings.Repeat("é", maxText+5), strings.Repeat("é", maxText) + "…"},
	} {
		if got := clean(c[0]); got != c[1] {
			t.Errorf("clean(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func TestSize(t *testing.T) {
	if n := len(page(t, sample(50))); n > 500_000 {
		t.Errorf("50 assets make %d bytes", n)
	}
}

func TestBounds(t *testing.T) {
	a := sample(2)
	quiet := a.Conversations[0]
	quiet.Packets = 1
	grave := quiet
	grave.Operations = []report.Operation{{Code: "8", Function: "restart", Class: "control", Requests: 1, Targets: make([]report.Target, 500)}}
	for range maxConversations {
		a.Conversations = append(a.Conversations, quiet)
	}
	a.Conversations = append(a.Conversations, grave)
	d := dataOf(a)
	if len(d.Convs) != maxConversations {
		t.Errorf("%d conversations", len(d.Convs))
	}
	last := d.Convs[len(d.Convs)-1].Operations[0]
	if last.Class != "control" || len(last.Targets) != maxTargetsEach || last.More != 500-maxTargetsEach {
		t.Errorf("what changes a plant gave way to what does not: %s, %d targets", last.Class, len(last.Targets))
	}
	want := fmt.Sprintf("holds the %s weightiest of %s conversations", number(maxConversations), number(len(a.Conversations)))
	if !strings.Contains(strings.Join(d.Notes, "\n"), want) {
		t.Errorf("notes %q do not say %q", d.Notes, want)
	}
	if !strings.Contains(page(t, a), want) {
		t.Error("the page does not say what it left out")
	}
}

func TestSamePageTwice(t *testing.T) {
	first, second := page(t, sample(60)), page(t, sample(60))
	if first != second {
		t.Error("two pages of the same analysis differ")
	}
}

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		label("scada-server"): "SCADA server", label("remote-io"): "Remote I/O", label("plc"): "PLC", label("opc-server"): "OPC server",
		number(1234567): "1,234,567", size(999): "999 bytes", size(1_500_000): "1.5 MB", size(2e13): "20.0 TB",
		frames([]uint64{4}): "frame 4", frames([]uint64{1, 2, 3, 4, 5, 6, 7}): "frames 1, 2, 3, 4, 5, 6, …",
		fileName(sample(1)): "plant--a",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Every role that an asset may have has a symbol of its own.
func TestSymbols(t *testing.T) {
	icons, err := files.ReadFile("icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range strings.Fields(`plc rtu safety-controller remote-io drive hmi scada-server engineering-station historian opc-server
		gateway switch router firewall access-point domain-controller server workstation camera printer phone protection-relay robot cnc
		sensor meter ups nas building-controller clock broker cloud-service internet group many unknown`) {
		if !bytes.Contains(icons, []byte(`id="i-`+role+`"`)) {
			t.Errorf("no symbol for %s", role)
		}
	}
}
