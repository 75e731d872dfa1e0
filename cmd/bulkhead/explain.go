package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/all"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain NAME",
		Short: "Print the description of a protocol",
		Args:  cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, p := range all.Protocols() {
				names = append(names, p.Name)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			name := strings.ToLower(args[0])
			var near []string
			for _, p := range all.Protocols() {
				if p.Name == name {
					return explainProtocol(c.OutOrStdout(), p)
				}
				if strings.Contains(p.Name, name) || strings.Contains(strings.ToLower(p.Title), name) {
					near = append(near, p.Name)
				}
			}
			if len(near) > 0 {
				return usage("explain %s: no such name; did you mean %s?", args[0], strings.Join(near, ", "))
			}
			return usage("explain %s: no such name; 'bulkhead protocols' lists them", args[0])
		},
	}
}

func explainProtocol(w io.Writer, p proto.Protocol) error {
	fmt.Fprintf(w, "%s: %s\n\n%s\n\n", p.Name, p.Title, wrap(p.About, 96))
	fmt.Fprintf(w, "Found on       %s\nRead to        %s\nSpecification  %s\n", foundOn(p), strings.Join(p.Depth.Names(), ", "), p.Spec)
	if p.Limit != "" {
		fmt.Fprintf(w, "Left out       %s\n", strings.ReplaceAll(wrap(p.Limit, 82), "\n", "\n               "))
	}
	if p.Functions == nil {
		return nil
	}
	fs := p.Functions()
	if len(fs) == 0 {
		return nil
	}
	fmt.Fprintf(w, "\n%-18s %-10s %-44s %s\n", "CODE", "CLASS", "FUNCTION", "OBJECT")
	for _, f := range fs {
		c := f.Code
		if f.Protocol != p.Name {
			c = f.Protocol + " " + c
		}
		fmt.Fprintf(w, "%-18s %-10s %-44s %s\n", c, f.Class, f.Name, f.Object)
	}
	return nil
}

// wrap breaks text into lines of at most n characters.
func wrap(s string, n int) string {
	var b strings.Builder
	at := 0
	for _, word := range strings.Fields(s) {
		if at > 0 && at+1+len(word) > n {
			b.WriteByte('\n')
			at = 0
		}
		if at > 0 {
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += len(word)
	}
	return b.String()
}
