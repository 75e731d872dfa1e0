package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bulkhead-ot/bulkhead/proto/all"
)

const (
	beginMark = "<!-- begin: written by go run ./internal/docs; do not edit -->\n"
	endMark   = "<!-- end -->\n"
)

// between puts text between the marks of a page.
func between(page, text string) (string, error) {
	before, rest, ok := strings.Cut(page, beginMark)
	_, after, ok2 := strings.Cut(rest, endMark)
	if !ok || !ok2 {
		return "", errors.New("the marks between which to write are not there")
	}
	return before + beginMark + "\n" + text + "\n" + endMark + after, nil
}

// limits is docs/limits.md with what the dissectors leave out.
func limits(old string, _ program) (string, error) {
	var b strings.Builder
	b.WriteString("| protocol | left out |\n| --- | --- |\n")
	for _, p := range all.Protocols() {
		text := p.Limit
		if text == "" {
			text = "nothing known"
		}
		fmt.Fprintf(&b, "| [%s](protocols.md#%s) | %s |\n", p.Name, p.Name, cell(text))
	}
	return between(old, b.String())
}

// demo is the capture that make demo analyzes.
const demo = "demo/plant.pcap.gz"

// rows is how many lines of a table README.md shows.
const rows = 8

// readme is README.md with what the demo shows, each part cut after some lines.
func readme(old string, run program) (string, error) {
	out, err := run("analyze", demo)
	if err != nil {
		return "", fmt.Errorf("analyze %s: %w", demo, err)
	}
	var b strings.Builder
	b.WriteString("```\n$ bulkhead analyze " + demo + "\n")
	for part := range strings.SplitSeq(strings.TrimSpace(out), "\n\n") {
		lines := strings.Split(part, "\n")
		for i, l := range lines {
			if i > rows && len(lines) > rows+2 {
				fmt.Fprintf(&b, "  (%d more lines)\n", len(lines)-i)
				break
			}
			b.WriteString(strings.TrimRight(l, " ") + "\n")
		}
		b.WriteString("\n")
	}
	return between(old, strings.TrimRight(b.String(), "\n")+"\n```\n")
}
