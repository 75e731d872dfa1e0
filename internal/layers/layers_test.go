// Package layers holds the rules of which package may import which, and the
// test that keeps them.
package layers

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/bulkhead-ot/bulkhead/"

// rules says, one package a line, what of ours it may import. "x/..." is x
// with everything below it. A package without a line must not exist. Tests
// and the packages that support tests are free.
const rules = `
wire                 :
wire/packet          : wire
wire/stream          : wire wire/packet
wire/capture         : wire wire/packet
wire/ber             : wire
wire/tpkt            : wire
wire/dcerpc          : wire
wire/dnsmsg          : wire
wire/recent          : wire
wire/ntlm            : wire
wire/credential      : wire
wire/msrpc           : wire wire/dcerpc
fact                 :
proto                : fact wire
proto/*              : fact wire wire/ber wire/tpkt wire/dcerpc wire/dnsmsg wire/recent wire/ntlm wire/credential wire/msrpc proto
proto/all            : proto/...
sensor               : wire/... fact proto
asset                : fact asset/...
asset/oui/...        :
flow                 : fact
topo                 : fact asset flow
plant                : fact
zone                 : fact asset flow plant
firewall             : fact asset flow plant zone
firewall/*           : fact asset flow plant zone firewall
firewall/all         : firewall/...
standard             :
standard/sheet       : standard
assess               : fact asset flow zone plant access detect standard
assess/*             : fact asset flow zone plant access detect standard assess
assess/all           : assess/...
assess/export        : assess asset standard
hub                  : fact asset flow zone plant
report               : fact asset flow zone plant topo hub
report/html          : fact asset flow topo report
docs                 :
simulate             : wire wire/packet wire/capture
simulate/*           : wire wire/packet wire/capture simulate
cmd/bulkhead         : ...
`

// free are packages for tests and for building, which may import anything.
var free = []string{"internal/", "proto/prototest", "firewall/firewalltest"}

type rule struct {
	of      string
	imports []string
}

func parseRules(t *testing.T) []rule {
	var rs []rule
	for line := range strings.Lines(rules) {
		of, may, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		rs = append(rs, rule{strings.TrimSpace(of), strings.Fields(may)})
	}
	if len(rs) == 0 {
		t.Fatal("no rules")
	}
	return rs
}

func match(pattern, pkg string) bool {
	if pattern == "..." {
		return true
	}
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == base || strings.HasPrefix(pkg, base+"/")
	}
	if base, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(pkg, base+"/")
	}
	return pattern == pkg
}

// ruleOf is the most exact rule for a package.
func ruleOf(rs []rule, pkg string) *rule {
	var best *rule
	for i, r := range rs {
		if match(r.of, pkg) && (best == nil || !strings.HasSuffix(r.of, "*")) {
			best = &rs[i]
		}
	}
	return best
}

func TestImports(t *testing.T) {
	rs := parseRules(t)
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, _ := filepath.Rel(root, path)
		check(t, rs, filepath.ToSlash(filepath.Dir(rel)), path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, rs []rule, pkg, path string) {
	if slices.ContainsFunc(free, func(f string) bool { return strings.HasPrefix(pkg, strings.TrimSuffix(f, "/")) }) {
		return
	}
	r := ruleOf(rs, pkg)
	if r == nil {
		t.Errorf("%s: package %s has no line in the rules", path, pkg)
		return
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, i := range f.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		ours, ok := strings.CutPrefix(p, module)
		if ok && !slices.ContainsFunc(r.imports, func(m string) bool { return match(m, ours) }) {
			t.Errorf("%s: %s may not import %s", path, pkg, ours)
		}
	}
}
