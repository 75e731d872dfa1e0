package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/firewall"
	formats "github.com/bulkhead-ot/bulkhead/firewall/all"
	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/proto"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/zone"
)

// exportOptions are the flags of zones export.
type exportOptions struct {
	readOptions
	plant, format, output, at string
	coarse                    bool
	without                   []string
}

func zonesExportCommand() *cobra.Command {
	var o exportOptions
	var names []string
	var about strings.Builder
	for _, f := range formats.Formats() {
		names = append(names, f.Name)
		fmt.Fprintf(&about, "  %-11s %s\n              %s\n", f.Name, f.Title, strings.ReplaceAll(wrap(f.About, 86), "\n", "\n              "))
	}
	c := &cobra.Command{
		Use:   "export --plant FILE --format NAME [CAPTURE...]",
		Short: "Write the conduits as rules of a firewall",
		Long: "What no conduit allows is denied and logged. Captures give the addresses of members that are selected by\n" +
			"role, name, VLAN or hardware address. What the format cannot express is an error that names it.\n\n" + about.String(),
		RunE: func(c *cobra.Command, args []string) error { return zonesExport(c, args, &o, names) },
	}
	o.readOptions.flags(c)
	f := c.Flags()
	f.StringVar(&o.plant, "plant", "", "plant file")
	f.StringVar(&o.format, "format", "", strings.Join(names, ", "))
	f.StringVarP(&o.output, "output", "o", "", "file to write to instead of standard output")
	f.StringVar(&o.at, "at", "", "date or time by which conduits have expired; default now")
	f.BoolVar(&o.coarse, "coarse", false, "accept that limits to operations cannot be kept: the whole protocol passes")
	f.StringSliceVar(&o.without, "without", nil, "conduits to leave out: what they allow is denied")
	return c
}

func zonesExport(c *cobra.Command, args []string, o *exportOptions, names []string) error {
	if o.plant == "" {
		return usage("%s: name the plant file with --plant", c.CommandPath())
	}
	var format *firewall.Format
	for _, f := range formats.Formats() {
		if f.Name == o.format {
			format = &f
		}
	}
	if format == nil {
		return usage("--format %q: want one of %s", o.format, strings.Join(names, ", "))
	}
	at, err := moment(o.at)
	if err != nil {
		return err
	}
	if at.IsZero() {
		at = time.Now()
	}
	p, err := loadPlant(c, o.plant, at, o.quiet)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return exportPolicy(c, p, hub.New().Close(), format, at, o)
	}
	return withCaptures(c, args, o.readOptions, func(g *gathered) error { return exportPolicy(c, p, g.state, format, at, o) })
}

func exportPolicy(c *cobra.Command, p *plant.Plant, s hub.State, format *firewall.Format, at time.Time, o *exportOptions) error {
	m, ps := zone.Resolve(p, s.Inventory)
	if len(s.Inventory.Assets) == 0 {
		ps = ps.Errors() // without captures no asset shows
	}
	if err := tellProblems(c, ps, o.quiet); err != nil {
		return err
	}
	opt := firewall.Options{Ports: registered, Coarse: o.coarse, At: at}
	for _, id := range o.without {
		opt.Without = append(opt.Without, plant.ID(id))
	}
	policy, err := firewall.Of(m, opt)
	if gaps, ok := errors.AsType[firewall.Gaps](err); ok {
		fmt.Fprintln(c.ErrOrStderr(), gaps)
		return exit{exitUsage, fmt.Sprintf("nothing was written: %s cannot express %d things", format.Name, len(gaps))}
	}
	if err != nil {
		return failed(err)
	}
	if o.coarse && !o.quiet {
		fmt.Fprintln(c.ErrOrStderr(), "bulkhead: --coarse: limits to operations are not kept; the whole protocol passes")
	}
	if !o.quiet && o.output != "" {
		fmt.Fprintln(c.ErrOrStderr(), "bulkhead: before these rules are loaded, see what they cut: bulkhead zones rehearse")
	}
	return writeTo(o.output, func(w io.Writer) error { return format.Write(w, policy) })
}

// registered are the ports that a protocol is registered for.
func registered(name string) []plant.Port {
	var list []plant.Port
	for _, p := range all.Protocols() {
		if p.Name != name {
			continue
		}
		for _, on := range p.On {
			t := map[proto.Carrier]string{proto.TCP: "tcp", proto.UDP: "udp", proto.IP: "ip"}[on.Carrier]
			for _, n := range on.Numbers {
				if t != "" {
					list = append(list, plant.Port{Transport: t, First: n, Last: n})
				}
			}
		}
	}
	return list
}
