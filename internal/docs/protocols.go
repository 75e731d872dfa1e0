package main

import (
	"fmt"
	"strings"

	"github.com/bulkhead-ot/bulkhead/fact"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/all"
)

const generated = "<!-- Written by go run ./internal/docs; do not edit. -->\n"

// protocols is docs/protocols.md.
func protocols() string {
	var b strings.Builder
	ps := all.Protocols()
	b.WriteString("# Protocols\n\n" + generated + "\n")
	fmt.Fprintf(&b, "Bulkhead reads %d protocols. It recognises them by content first and by port second.\n", len(ps))
	b.WriteString("`bulkhead explain NAME` prints a section of this page with every function code.\n\n")
	b.WriteString("Depth: **recognised** told apart from others; **operations** code, function, class, object and outcome;\n")
	b.WriteString("**values** what was read, written or reported; **identity** what devices say about themselves;\n**sessions** who, how secured, with what outcome.\n\n")
	b.WriteString("| protocol | name | found on | depth | functions |\n| --- | --- | --- | --- | ---: |\n")
	for _, p := range ps {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s | %d |\n", p.Name, p.Name, cell(p.Title), foundOn(p), strings.Join(p.Depth.Names(), ", "), len(functions(p)))
	}
	for _, p := range ps {
		section(&b, p)
	}
	return b.String()
}

func section(b *strings.Builder, p proto.Protocol) {
	fmt.Fprintf(b, "\n## %s\n\n**%s.** %s\n\n", p.Name, line(p.Title), line(p.About))
	fmt.Fprintf(b, "- Specification: %s\n- Found on: %s\n- Depth: %s\n", line(p.Spec), foundOn(p), strings.Join(p.Depth.Names(), ", "))
	if fs := functions(p); len(fs) > 0 {
		fmt.Fprintf(b, "- Functions: %s\n", classes(fs))
	}
	if p.Limit != "" {
		fmt.Fprintf(b, "- Left out: %s\n", line(p.Limit))
	}
}

func functions(p proto.Protocol) []fact.Function {
	if p.Functions == nil {
		return nil
	}
	return p.Functions()
}

// classes counts functions by operation class: "12, of these 3 read, 9 write".
func classes(fs []fact.Function) string {
	n := make(map[fact.Class]int)
	for _, f := range fs {
		n[f.Class]++
	}
	var s []string
	for c := fact.Other; len(n) > 0; c++ {
		if n[c] > 0 {
			s = append(s, fmt.Sprintf("%d %s", n[c], c))
		}
		delete(n, c)
	}
	return fmt.Sprintf("%d (%s)", len(fs), strings.Join(s, ", "))
}

// foundOn lists carriers with the registered numbers.
func foundOn(p proto.Protocol) string {
	var s []string
	for _, on := range p.On {
		format := " 0x%x"
		if on.Carrier == proto.TCP || on.Carrier == proto.UDP || on.Carrier == proto.IP {
			format = " %d"
		}
		if len(on.Numbers) == 0 {
			s = append(s, on.Carrier.String()+" (any)")
		}
		for _, n := range on.Numbers {
			s = append(s, fmt.Sprintf(on.Carrier.String()+format, n))
		}
	}
	return strings.Join(s, ", ")
}

// line makes one line of markdown of a text: no markup of its own.
func line(s string) string {
	return strings.NewReplacer("<", "&lt;", "*", `\*`, "_", `\_`).Replace(strings.Join(strings.Fields(s), " "))
}

func cell(s string) string { return strings.ReplaceAll(line(s), "|", `\|`) }
