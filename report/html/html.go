// Package html writes the analysis as one page for a browser. The page stands
// alone: styles, script, symbols and data are inside, nothing is fetched, and
// its content security policy allows only its own style and script, by their
// hashes. What packets said reaches the page as JSON only and is shown as
// text only.
package html

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"io/fs"

	"github.com/bulkhead-ot/bulkhead/report"
)

//go:embed page.html overview.html icons.svg style js
var files embed.FS

// Write writes the page.
func Write(w io.Writer, a *report.Analysis) error {
	style, err := join("style")
	if err != nil {
		return err
	}
	script, err := join("js")
	if err != nil {
		return err
	}
	icons, err := files.ReadFile("icons.svg")
	if err != nil {
		return err
	}
	t, err := template.New("").ParseFS(files, "page.html", "overview.html")
	if err != nil {
		return err
	}
	d := dataOf(a)
	// json.Marshal escapes <, >, &, U+2028 and U+2029, so that no value can
	// end the element that holds the data.
	data, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("analysis as JSON: %w", err)
	}
	return t.ExecuteTemplate(w, "page.html", struct {
		Policy   string
		Style    template.CSS
		Script   template.JS
		Data     template.JS
		Icons    template.HTML
		Title    string
		Overview overview
		Tabs     []tab
	}{
		policy(style, script), template.CSS(style), template.JS(script), template.JS(data), template.HTML(icons),
		title(a), overviewOf(a, d), tabs(a),
	})
}

// join reads the files of a folder in the order of their names. Line ends
// become those that a browser makes of them before it checks a hash.
func join(dir string) ([]byte, error) {
	list, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, f := range list {
		text, err := files.ReadFile(dir + "/" + f.Name())
		if err != nil {
			return nil, err
		}
		b.Write(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
	}
	return b.Bytes(), nil
}

// policy allows the page's own style and script and nothing else.
func policy(style, script []byte) string {
	hash := func(b []byte) string {
		h := sha256.Sum256(b)
		return "'sha256-" + base64.StdEncoding.EncodeToString(h[:]) + "'"
	}
	return "default-src 'none'; img-src data:; style-src " + hash(style) + "; script-src " + hash(script) +
		"; base-uri 'none'; form-action 'none'"
}

// tab is one view of the page.
type tab struct {
	ID, Title, Count string
}

func tabs(a *report.Analysis) []tab {
	t := []tab{
		{"overview", "Overview", ""},
		{"map", "Map", ""},
		{"assets", "Assets", number(len(a.Assets))},
		{"conversations", "Conversations", number(len(a.Conversations))},
		{"protocols", "Protocols", number(len(a.Protocols))},
		{"findings", "Findings", number(len(a.Findings))},
	}
	if n := len(a.External); n > 0 {
		t = append(t, tab{"outside", "Outside", number(n)})
	}
	return t
}
