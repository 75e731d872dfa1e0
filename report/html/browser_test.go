package html

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bulkhead-ot/bulkhead/report"
)

// browser finds a Chromium; tests with it are skipped where there is none.
func browser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("short: no browser")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	t.Skip("no Chromium found: the page was not tried in a browser")
	return ""
}

// dom is the page as the browser has made it, at an address within it. Steps
// are run when the page is ready; since its policy forbids any other script,
// that is taken out for them.
func dom(t *testing.T, doc, hash, steps string) string {
	t.Helper()
	exe := browser(t)
	dir := t.TempDir()
	if steps != "" {
		doc = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`).ReplaceAllString(doc, "")
		doc = strings.Replace(doc, "</body>", "<script>\nconst out = (k, v) => document.documentElement.setAttribute('data-' + k, v);\n(async () => {\n"+steps+
			"\n})().then(() => out('done', 1), (e) => out('failed', e));</script></body>", 1)
	}
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, exe, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--window-size=1400,900", "--virtual-time-budget=4000", "--dump-dom", "file://"+file+hash)
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.Output()
	if ctx.Err() != nil {
		t.Skip("the browser did not answer in time")
	}
	if err != nil {
		t.Skipf("the browser does not run here: %v", err)
	}
	s := string(out)
	if !strings.Contains(s, `data-ready="1"`) {
		t.Fatalf("%s: the script did not get to its end", hash)
	}
	if m := regexp.MustCompile(`data-failed="([^"]*)"`).FindStringSubmatch(s); m != nil {
		t.Fatalf("%s: %s", hash, m[1])
	}
	if steps != "" && !strings.Contains(s, `data-done="1"`) {
		t.Fatalf("%s: the steps did not get to their end", hash)
	}
	return s
}

// visit goes to each address in turn, in one browser, and returns the page as
// it was at each.
func visit(t *testing.T, doc string, hashes ...string) []string {
	t.Helper()
	list, err := json.Marshal(hashes)
	if err != nil {
		t.Fatal(err)
	}
	s := dom(t, doc, "#overview", `
		await new Promise((r) => addEventListener("load", () => setTimeout(r, 20)));
		const pages = [];
		for (const h of `+string(list)+`) {
			history.replaceState(null, "", h);
			follow();
			await new Promise((r) => setTimeout(r, 60));
			pages.push(document.documentElement.outerHTML);
		}
		out('pages', btoa(unescape(encodeURIComponent(JSON.stringify(pages)))));`)
	m := regexp.MustCompile(`data-pages="([^"]*)"`).FindStringSubmatch(s)
	if m == nil {
		t.Fatal("the visit did not end")
	}
	text, err := base64.StdEncoding.DecodeString(m[1])
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	if err := json.Unmarshal(text, &pages); err != nil || len(pages) != len(hashes) {
		t.Fatalf("%d pages of %d: %v", len(pages), len(hashes), err)
	}
	return pages
}

func times(t *testing.T, s, what string, want int) {
	t.Helper()
	if n := strings.Count(s, what); n != want {
		t.Errorf("%d of %s, want %d", n, what, want)
	}
}

func has(t *testing.T, s string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(s, p) {
			t.Errorf("the page lacks %s", p)
		}
	}
}

// view cuts one view out of the page.
func view(t *testing.T, s, id string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, `<section id="view-`+id+`"`)
	if !ok {
		t.Fatalf("no view %s", id)
	}
	if i := strings.Index(rest, `<section id="view-`); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// TestBrowserMap leaves the page's own policy in force.
func TestBrowserMap(t *testing.T) {
	all := dom(t, page(t, sample(50)), "#map", "")
	has(t, view(t, all, "overview"), "What stands out", "downloaded a block", "3 places where TCP data is missing", "zones and conduits: not proposed")
	has(t, all, "<title>plant")
	s := view(t, all, "map")
	times(t, s, `class="node host`, 50)
	times(t, s, `class="node internet`, 1)
	times(t, s, `class="node group`, 1)
	times(t, s, `<g class="link `, 51)
	times(t, s, `class="band`, 7) // internet, 3, 2, 1, 0, unknown, groups
	has(t, s, `class="link change"`, `class="link write"`, `class="link read"`, "Supervision")
	if strings.Contains(s, "NaN") || strings.Contains(s, "undefined") {
		t.Error("the map has holes")
	}
}

// Without the policy too, names stay text.
func TestBrowserHostileNames(t *testing.T) {
	pages := visit(t, page(t, sample(3)), "#map", "#assets?asset=10.1.0.1", "#conversations", "#findings", "#map?link=0",
		`#assets?q=<img src=x onerror=document.title='taken'>&role=<img src=x>`, "#assets")
	for i, s := range pages {
		if strings.Contains(s, "<img") || strings.Contains(s, "<title>taken") {
			t.Errorf("page %d: a name became markup", i)
		}
	}
	has(t, view(t, pages[len(pages)-1], "assets"), "&lt;/script&gt;&lt;img src=x")
}

func TestBrowserMapOfAThousand(t *testing.T) {
	s := view(t, dom(t, page(t, sample(1000)), "#map", ""), "map")
	if n := strings.Count(s, `class="node `); n < 20 || n > 400 {
		t.Errorf("%d nodes", n)
	}
	has(t, s, `class="node cluster`, "assets stand in clusters")
}

// Beyond a number of links they are drawn on a canvas.
func TestBrowserCanvas(t *testing.T) {
	a := sample(300)
	for i := range 10 {
		for j := 20; j < 300; j++ {
			a.Conversations = append(a.Conversations, sampleConversation(a, i, j))
		}
	}
	s := view(t, dom(t, page(t, a), "#map", `
		const m = made.map, l = m.links.find((x) => x.on), c = l.l.curve;
		const mid = (i) => (c[i] + 3 * c[i + 2] + 3 * c[i + 4] + c[i + 6]) / 8;
		out('hit', !!m.linkAt(mid(0) * m.k + m.x, mid(1) * m.k + m.y));`), "map")
	times(t, s, "<canvas", 1)
	times(t, s, `<g class="link `, 0)
}

func TestBrowserTables(t *testing.T) {
	cases := []struct {
		hash, view string
		rows       int
		has        []string
	}{
		{"#assets", "assets", 50, []string{"Export CSV", "S7-1500", "00:0e:8c:00:00:01", "PLC"}},
		{"#assets?role=hmi", "assets", 3, []string{"3 of 50"}},
		{"#assets?q=hmi-2+siemens", "assets", 1, []string{"1 of 50"}},
		{"#assets?q=no-such-name", "assets", 0, []string{"Nothing matches these filters."}},
		{"#conversations", "conversations", 51, []string{"igmp", "239.1.2.3", "read 500"}},
		{"#conversations?class=control", "conversations", 2, nil},
		{"#conversations?of=10.1.0.50", "conversations", 1, nil},
		{"#protocols", "protocols", 2, []string{"Modbus/TCP"}},
		{"#findings?severity=high", "findings", 1, []string{"7, 8<"}},
		{"#outside", "outside", 1, []string{"cloud.example", "203.0.113.9"}},
	}
	var hashes []string
	for _, c := range cases {
		hashes = append(hashes, c.hash)
	}
	pages := visit(t, page(t, sample(50)), append(hashes, "#assets?asset=10.1.0.1", "#map?link=0")...)
	for i, c := range cases {
		s := view(t, pages[i], c.view)
		times(t, s, `<tr class="row"`, c.rows)
		has(t, s, c.has...)
		if t.Failed() {
			t.Fatalf("at %s", c.hash)
		}
	}
	_, panel, _ := strings.Cut(pages[len(cases)], `<aside id="panel"`)
	has(t, panel, "SCADA server", "it behaves like one", "LLDP system description · 100 % · frame 2", "slot 2", "two devices use 10.1.0.1", "downloaded a block", "modbus 502")
	_, panel, _ = strings.Cut(pages[len(cases)+1], `<aside id="panel"`)
	has(t, panel, "Between", "1 conversation")
}

// TestBrowserSteps works the page as a person does.
func TestBrowserSteps(t *testing.T) {
	s := dom(t, page(t, sample(50)), "#conversations", `
		const key = (e, k) => e.dispatchEvent(new KeyboardEvent('keydown', { key: k, bubbles: true, cancelable: true }));
		const rows = (v) => document.querySelectorAll('#view-' + v + ' tr.row').length;
		const first = (v) => document.querySelector('#view-' + v + ' tr.row');
		const head = (v, k) => document.querySelector('#view-' + v + ' th[data-key="' + k + '"]');
		// Sorting by button and by arrow key.
		head('conversations', 'packets').querySelector('button').click();
		out('sort1', head('conversations', 'packets').getAttribute('aria-sort') + ' ' + first('conversations').cells[4].textContent);
		key(head('conversations', 'packets').querySelector('button'), 'ArrowDown');
		out('sort2', head('conversations', 'packets').getAttribute('aria-sort') + ' ' + first('conversations').cells[4].textContent);
		// A row opens its operations, and these their targets.
		first('conversations').focus();
		key(first('conversations'), 'Enter');
		const d = document.querySelector('#view-conversations tr.detail');
		out('detail', d.textContent.includes('read holding registers'));
		d.querySelector('details').open = true;
		await new Promise((r) => setTimeout(r, 50));
		out('targets', d.textContent.includes('unit 1, 100 to 109') && d.querySelectorAll('.inner tbody tr').length === 1);
		// Typing filters and stands in the address.
		const q = document.querySelector('#view-conversations input[type=search]');
		q.focus(); q.value = 'igmp'; q.dispatchEvent(new Event('input'));
		out('typed', rows('conversations') + ' ' + location.hash);
		// Export of what is shown.
		let text = '';
		const keep = URL.createObjectURL;
		URL.createObjectURL = (b) => { b.text().then((s) => { text = s; }); return keep(b); };
		document.querySelector('#view-conversations .tools .btn:last-child').click();
		await new Promise((r) => setTimeout(r, 100));
		out('csv', text.split('\r\n').length + ' ' + text.includes('239.1.2.3') + ' ' + text.startsWith('Client,Server,Protocol'));
		// The map: a node opens the panel, Escape closes it, keys zoom and step.
		location.hash = '#map';
		await new Promise((r) => setTimeout(r, 100));
		const m = made.map, k = m.k;
		key(m.stage, '+');
		out('zoom', m.k > k);
		m.stage.dispatchEvent(new WheelEvent('wheel', { deltaY: 100, clientX: 500, clientY: 500, bubbles: true, cancelable: true }));
		key(m.stage, '0');
		out('fit', Math.abs(m.k - k) < 1e-6);
		m.nodes[3].g.dispatchEvent(new MouseEvent('click', { bubbles: true }));
		out('panel', !panel.hidden && location.hash.includes('asset='));
		key(document.body, 'Escape');
		out('closed', panel.hidden && !location.hash.includes('asset='));
		m.nodes[10].g.focus();
		const was = document.activeElement;
		for (const a of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) key(document.activeElement, a);
		out('step', document.activeElement !== was && document.activeElement.classList.contains('node'));
		document.querySelector('.legend button[data-kind=read]').click();
		out('kinds', m.links.filter((l) => l.on).length + ' ' + location.hash);
		m.cast.click();
		out('cast', m.castShown + ' ' + m.root.classList.contains('show-cast'));
		// Opening the panel leaves the table as it is, and closing gives the focus back.
		location.hash = '#assets';
		await new Promise((r) => setTimeout(r, 60));
		const row = document.querySelectorAll('#view-assets tr.row')[4];
		row.focus();
		key(row, 'Enter');
		out('opened', row.isConnected + ' ' + row.getAttribute('aria-selected') + ' ' + !panel.hidden);
		key(document.body, 'Escape');
		out('back', document.activeElement === row);
		location.hash = '#map';
		await new Promise((r) => setTimeout(r, 60));
		// Tabs by arrow keys; the theme by its button.
		key(document.querySelector('#tab-map'), 'ArrowRight');
		await new Promise((r) => setTimeout(r, 50));
		out('tab', state.view);
		document.querySelector('#theme').click();
		out('theme', document.documentElement.dataset.theme);
		// All views appear on paper and go again.
		dispatchEvent(new Event('beforeprint'));
		out('paper', [...document.querySelectorAll('.view')].filter((v) => !v.hidden).length + ' ' + rows('conversations'));
		dispatchEvent(new Event('afterprint'));
		out('after', [...document.querySelectorAll('.view')].filter((v) => !v.hidden).map((v) => v.id).join());
	`)
	for k, want := range map[string]string{
		"sort1": "ascending 4", "sort2": "descending 1,049", "detail": "true", "targets": "true", "typed": "1 #conversations?sort=-packets&amp;q=igmp",
		"csv": "3 true true", "zoom": "true", "fit": "true", "panel": "true", "closed": "true", "step": "true", "kinds": "12 #map?kinds=change.write.look",
		"cast": "true true", "opened": "true true true", "back": "true", "tab": "assets", "theme": "dark", "paper": "7 51", "after": "view-assets",
	} {
		m := regexp.MustCompile(fmt.Sprintf(`data-%s="([^"]*)"`, k)).FindStringSubmatch(s)
		if m == nil || m[1] != want {
			t.Errorf("%s: got %q, want %q", k, m, want)
		}
	}
}

func TestBrowserNothingThere(t *testing.T) {
	doc := page(t, &report.Analysis{Schema: report.Schema})
	for i, s := range visit(t, doc, "#map", "#assets", "#conversations", "#protocols", "#findings", "#nonsense", "#assets?asset=nobody") {
		if strings.Contains(view(t, s, "map"), "NaN") {
			t.Errorf("page %d: NaN", i)
		}
	}
}
