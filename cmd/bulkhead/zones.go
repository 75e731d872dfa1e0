package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/report"
	"github.com/bulkhead-ot/bulkhead/zone"
)

func zonesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "zones",
		Short: "Propose, check, rehearse and export zones and conduits",
		Long:  "Zones and conduits (IEC 62443-3-2) with the plant's own traffic. docs/zones.md says how.",
		RunE:  needsCommand,
	}
	c.AddCommand(zonesProposeCommand(), zonesCheckCommand(), zonesRehearseCommand(), zonesExportCommand())
	return c
}

// proposal is the document that zones propose writes.
type proposal struct {
	Schema   string           `json:"schema"`
	Capture  report.Capture   `json:"capture"`
	Zones    []report.Zone    `json:"zones"`
	Conduits []report.Conduit `json:"conduits"`
	Attempts int              `json:"attempts"` // conversations between zones that nobody answered
}

func zonesProposeCommand() *cobra.Command {
	var r readOptions
	var format, output string
	c := &cobra.Command{
		Use:   "propose CAPTURE...",
		Short: "Propose zones and conduits from traffic",
		Long: "Zones with the reason for each member and how the target security level was found; conduits from what is\n" +
			"needed, by direction, protocol and operation class. --format plant writes a plant file.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if format != "plant" && textOrJSON(format) != nil {
				return usage("--format %s: want text, json or plant", format)
			}
			return withCaptures(c, args, r, func(g *gathered) error {
				return writeTo(output, func(w io.Writer) error {
					if format == "plant" {
						return draft(w, g)
					}
					p := zone.Propose(g.state.Inventory, g.state.Conversations)
					d := proposal{Schema: "bulkhead.proposal/1", Capture: captureOf(g), Attempts: p.Attempts}
					d.Zones, d.Conduits = report.Proposed(p)
					if format == "json" {
						return encode(w, d)
					}
					return report.ProposalText(w, d.Zones, d.Conduits, p)
				})
			})
		},
	}
	r.flags(c)
	c.Flags().StringVar(&format, "format", "text", "text, json or plant")
	c.Flags().StringVarP(&output, "output", "o", "", "file to write to instead of standard output")
	return c
}

// zonesOptions are the flags of commands that judge by a plant file.
type zonesOptions struct {
	readOptions
	plant, change, format, output string
}

func (o *zonesOptions) flags(c *cobra.Command) {
	o.readOptions.flags(c)
	c.Flags().StringVar(&o.plant, "plant", "", "plant file to judge by")
	c.Flags().StringVar(&o.format, "format", "text", "text or json")
	c.Flags().StringVarP(&o.output, "output", "o", "", "file to write to instead of standard output")
}

func (o *zonesOptions) check(c *cobra.Command) error {
	if o.plant == "" {
		return usage("%s: name the plant file with --plant", c.CommandPath())
	}
	return textOrJSON(o.format)
}

func zonesCheckCommand() *cobra.Command {
	var o zonesOptions
	c := &cobra.Command{
		Use:   "check --plant FILE CAPTURE...",
		Short: "Judge every conversation by the plant file",
		Long: "Verdicts with their reasons: within zone, allowed, wider than needed, not allowed, unknown asset; the matrix\n" +
			"from zone to zone; what connects zones; the ways in from elsewhere; conduits that nothing used.\n\n" +
			"Exit codes: 0 nothing crosses without a conduit; 1 something does, or an asset of no zone takes part;\n" +
			"2 wrong usage, or a bad plant file; 3 the input could be read only in part; 4 failed.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return zonesCheck(c, args, &o) },
	}
	o.flags(c)
	return c
}

func zonesCheck(c *cobra.Command, args []string, o *zonesOptions) error {
	if err := o.check(c); err != nil {
		return err
	}
	if _, err := loadPlant(c, o.plant, lastOf(nil), true); err != nil { // before the captures are read
		return err
	}
	return withCaptures(c, args, o.readOptions, func(g *gathered) error {
		k, warnings, err := judge(c, o.plant, g)
		if err != nil {
			return err
		}
		d := report.CheckOf(captureOf(g), k, warnings)
		err = writeTo(o.output, func(w io.Writer) error {
			if o.format == "json" {
				return encode(w, d)
			}
			return d.Text(w)
		})
		if n := k.Crossings(); err == nil && n > 0 {
			text := fmt.Sprintf("%d conversations cross without a conduit", n)
			if n == 1 {
				text = "1 conversation crosses without a conduit"
			}
			if o.quiet {
				text = ""
			}
			return exit{exitFound, text}
		}
		return err
	})
}

// judge reads the plant file as of the last packet and judges the traffic by it.
func judge(c *cobra.Command, name string, g *gathered) (*zone.Check, []string, error) {
	p, err := loadPlant(c, name, lastOf(g), true)
	if err != nil {
		return nil, nil, err
	}
	m, warnings, err := resolve(c, p, g)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range p.Check(lastOf(g)).Warnings() {
		warnings = append(warnings, w.String())
	}
	return zone.Run(m, g.state.Conversations), warnings, nil
}

// resolve finds the members of a plant in what was seen.
func resolve(c *cobra.Command, p *plant.Plant, g *gathered) (*zone.Map, []string, error) {
	m, ps := zone.Resolve(p, g.state.Inventory)
	if err := tellProblems(c, ps.Errors(), true); err != nil {
		return nil, nil, err
	}
	warnings := []string{}
	for _, w := range ps {
		warnings = append(warnings, w.String())
	}
	return m, warnings, nil
}

func zonesRehearseCommand() *cobra.Command {
	var o zonesOptions
	c := &cobra.Command{
		Use:   "rehearse --plant FILE --change FILE CAPTURE...",
		Short: "Say what a change would have cut in recorded traffic",
		Long: "The change is another plant file, or a change file (docs/plant.md). Tells what would have been cut, how often,\n" +
			"whose line it would have stopped, and what was not watched long enough to say. Nothing is changed.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return zonesRehearse(c, args, &o) },
	}
	o.flags(c)
	c.Flags().StringVar(&o.change, "change", "", "change file, or plant file as it would become")
	return c
}

func zonesRehearse(c *cobra.Command, args []string, o *zonesOptions) error {
	if err := o.check(c); err != nil {
		return err
	}
	if o.change == "" {
		return usage("%s: name the change with --change", c.CommandPath())
	}
	before, err := loadPlant(c, o.plant, lastOf(nil), true)
	if err != nil {
		return err
	}
	if _, err := loadChange(c, o.change, before, lastOf(nil), true); err != nil {
		return err
	}
	return withCaptures(c, args, o.readOptions, func(g *gathered) error {
		after, err := loadChange(c, o.change, before, lastOf(g), true)
		if err != nil {
			return err
		}
		x, warnings, err := resolve(c, before, g)
		if err != nil {
			return err
		}
		y, more, err := resolve(c, after, g)
		if err != nil {
			return err
		}
		for _, w := range more {
			if !slices.Contains(warnings, w) {
				warnings = append(warnings, w)
			}
		}
		d := report.RehearsalOf(captureOf(g), zone.Rehearse(x, y, g.state.Conversations), warnings)
		return writeTo(o.output, func(w io.Writer) error {
			if o.format == "json" {
				return encode(w, d)
			}
			return d.Text(w)
		})
	})
}

// lastOf is the time of the last packet; zero before any was read.
func lastOf(g *gathered) time.Time {
	if g == nil {
		return time.Time{}
	}
	return lastPacket(g)
}
