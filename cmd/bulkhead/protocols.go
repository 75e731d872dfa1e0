package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/all"
)

func protocolsCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "protocols",
		Short: "List the protocols and how deep each is read",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			switch format {
			case "text":
				return protocolTable(c.OutOrStdout())
			case "json":
				return protocolJSON(c.OutOrStdout())
			}
			return usage("--format %s: want text or json", format)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}

func protocolTable(w io.Writer) error {
	fmt.Fprintf(w, "%-14s %-44s %-20s %s\n", "PROTOCOL", "NAME", "FOUND ON", "DEPTH")
	for _, p := range all.Protocols() {
		fmt.Fprintf(w, "%-14s %-44s %-20s %s\n", p.Name, cut(p.Title, 44), cut(foundOn(p), 20), depth(p.Depth))
	}
	_, err := fmt.Fprintln(w, "\nDepth: r recognised, o operations, v values, i identity of devices, s sessions.\nMore on one of them: bulkhead explain NAME")
	return err
}

func depth(d proto.Depth) string {
	s := []byte("-----")
	for i, c := range "rovis" {
		if d&(1<<i) != 0 {
			s[i] = byte(c)
		}
	}
	return string(s)
}

func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// foundOn lists the registered numbers: "tcp 502, udp 502".
func foundOn(p proto.Protocol) string {
	var s []string
	for _, on := range p.On {
		if len(on.Numbers) == 0 {
			s = append(s, on.Carrier.String())
		}
		for _, n := range on.Numbers {
			switch on.Carrier {
			case proto.TCP, proto.UDP, proto.IP:
				s = append(s, fmt.Sprintf("%s %d", on.Carrier, n))
			default:
				s = append(s, fmt.Sprintf("%s 0x%x", on.Carrier, n))
			}
		}
	}
	return strings.Join(s, ", ")
}

type protocolEntry struct {
	Name  string   `json:"name"`
	Title string   `json:"title"`
	About string   `json:"about"`
	Spec  string   `json:"specification"`
	Limit string   `json:"limits"`
	Depth []string `json:"depth"`
	On    []string `json:"found_on"`
}

func protocolJSON(w io.Writer) error {
	list := []protocolEntry{}
	for _, p := range all.Protocols() {
		list = append(list, protocolEntry{p.Name, p.Title, p.About, p.Spec, p.Limit, p.Depth.Names(), strings.Split(foundOn(p), ", ")})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(list)
}
