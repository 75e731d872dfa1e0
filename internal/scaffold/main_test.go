package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestProtocol starts a dissector in an empty house and finds it in the list.
func TestProtocol(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"proto/all", "proto/other", "assess/all", "firewall/all"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("proto/other/other.go", []byte("package other\n\nvar Unrelated = 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"protocol", "foo"}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("proto/foo/*.go")
	if err != nil || len(files) != 2 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, f := range files {
		if _, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.AllErrors); err != nil {
			t.Error(err)
		}
	}
	list, err := os.ReadFile("proto/all/all.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(list), "foo.Protocol") || strings.Contains(string(list), "other.") {
		t.Errorf("list:\n%s", list)
	}
	if err := run([]string{"protocol", "foo"}); err == nil {
		t.Error("a second one of the same name was started")
	}
}

func TestNames(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"", "Foo", "a-b", "switch", "../x", "9a"} {
		if err := run([]string{"protocol", name}); err == nil {
			t.Errorf("%q was accepted", name)
		}
	}
	if err := run(nil); err == nil {
		t.Error("no arguments were accepted")
	}
}
