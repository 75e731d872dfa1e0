// Command docs writes the pages of the handbook that come from the program's
// own descriptions:
//
//	go run ./internal/docs    # from the root of the repository
//
// docs/protocols.md is generated as a whole, docs/limits.md and README.md between
// two marks. A test fails when a committed page is not what this writes.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// page is a generated file, by its path from the root of the repository: make
// gets what is there and returns what should be.
type page struct {
	name string
	make func(old string, run program) (string, error)
}

// program runs the built program in the root of the repository and returns
// what it prints.
type program func(args ...string) (string, error)

var pages = []page{
	{"docs/protocols.md", func(string, program) (string, error) { return protocols(), nil }},
	{"docs/limits.md", limits},
	{"README.md", readme},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "bulkhead-docs")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bulkhead, err := build(".", dir)
	if err != nil {
		return err
	}
	for _, p := range pages {
		old, err := os.ReadFile(p.name)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		text, err := p.make(string(old), bulkhead)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if err := os.WriteFile(p.name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// build makes the program in dir from the repository at root.
func build(root, dir string) (program, error) {
	bin := filepath.Join(dir, "bulkhead.exe") // the ending is needed on one system and harmless elsewhere
	if out, err := exec.Command("go", "build", "-o", bin, root+"/cmd/bulkhead").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	return func(args ...string) (string, error) {
		c := exec.Command(bin, args...)
		c.Dir = root
		c.Stderr = os.Stderr
		out, err := c.Output()
		return string(out), err
	}, nil
}
