package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// bulkhead is the program, built once for all tests.
var bulkhead program

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "bulkhead-docs")
	if err == nil {
		bulkhead, err = build(root, dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// TestCurrent compares the committed pages with what the program says now.
func TestCurrent(t *testing.T) {
	for _, p := range pages {
		have, err := os.ReadFile(filepath.Join(root, p.name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := p.make(string(have), bulkhead)
		if err != nil {
			t.Errorf("%s: %v", p.name, err)
			continue
		}
		if !bytes.Equal(have, []byte(want)) {
			t.Errorf("%s is not current: go run ./internal/docs", p.name)
		}
	}
}

// markdown lists the markdown files of the repository.
func markdown(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (strings.HasPrefix(name, ".") && name != ".." || name == "node_modules" || name == "testdata") {
			return filepath.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(name, ".md") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fenced  = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	notWord = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are the names by which the headings of a page are reached.
func anchors(text string) []string {
	var as []string
	for _, h := range heading.FindAllStringSubmatch(text, -1) {
		as = append(as, strings.ReplaceAll(notWord.ReplaceAllString(strings.ToLower(h[1]), ""), " ", "-"))
	}
	return as
}

// TestLinks follows every relative link of every page.
func TestLinks(t *testing.T) {
	for _, file := range markdown(t) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(fenced.ReplaceAllString(string(b), ""), -1) {
			follow(t, file, m[1])
		}
	}
}

func follow(t *testing.T, file, target string) {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		return
	}
	path, anchor, _ := strings.Cut(target, "#")
	to := filepath.Join(filepath.Dir(file), path)
	if path == "" {
		to = file
	}
	if anchor == "" {
		if _, err := os.Stat(to); err != nil {
			t.Errorf("%s: link to %s: there is no such file", file, target)
		}
		return
	}
	b, err := os.ReadFile(to)
	if err != nil {
		t.Errorf("%s: link to %s: there is no such page", file, target)
		return
	}
	if !slices.Contains(anchors(string(b)), anchor) {
		t.Errorf("%s: link to %s: there is no such heading", file, target)
	}
}

// TestListed sees to it that the README names every page of the handbook.
func TestListed(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := "docs/" + filepath.Base(f); !bytes.Contains(readme, []byte("("+name+")")) {
			t.Errorf("README.md does not list %s", name)
		}
	}
}

// TestDependencies sees to it that docs/dependencies.md says why each module
// is there, and in which version.
func TestDependencies(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^(?:require)?\s+(\S+\.\S+/\S+|\S+\.\S+/\S+/\S+) (v\S+)`).FindAllStringSubmatch(string(mod), -1) {
		if !strings.Contains(string(page), "| `"+m[1]+"` | "+strings.TrimPrefix(m[2], "v")+" |") {
			t.Errorf("docs/dependencies.md has no line for %s %s", m[1], m[2])
		}
	}
}

// TestCommands sees to it that docs/commands.md has a section for every
// command, which names every flag of it.
func TestCommands(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "commands.md"))
	if err != nil {
		t.Fatal(err)
	}
	visit(t, nil, sections(string(page)))
}

// sections splits a page by its headings of second rank.
func sections(page string) map[string]string {
	m := make(map[string]string)
	for _, s := range strings.Split(page, "\n## ")[1:] {
		title, body, _ := strings.Cut(s, "\n")
		m[strings.Trim(strings.TrimSpace(title), "`")] = body
	}
	return m
}

var (
	subcommand = regexp.MustCompile(`(?m)^  ([a-z][a-z-]*) +\S`)
	flag       = regexp.MustCompile(`(?m)^ +(?:-\w, )?(--[a-z][a-z-]*)`)
)

// visit checks a command and those below it.
func visit(t *testing.T, path []string, have map[string]string) {
	out, err := bulkhead(append(slices.Clone(path), "--help")...)
	if err != nil {
		t.Fatalf("%v --help: %v", path, err)
	}
	name := strings.Join(append([]string{"bulkhead"}, path...), " ")
	body, ok := have[name]
	if !ok {
		t.Errorf("docs/commands.md has no section %q", name)
	}
	for _, f := range flag.FindAllStringSubmatch(out, -1) {
		if f[1] != "--help" && !strings.Contains(body, "`"+f[1]) {
			t.Errorf("docs/commands.md, section %q does not name %s", name, f[1])
		}
	}
	_, list, ok := strings.Cut(out, "Available Commands:\n")
	if !ok {
		return
	}
	list, _, _ = strings.Cut(list, "\n\n")
	for _, c := range subcommand.FindAllStringSubmatch(list, -1) {
		if c[1] != "help" {
			visit(t, append(slices.Clone(path), c[1]), have)
		}
	}
}
