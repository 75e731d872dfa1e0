package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/assess"
	checks "github.com/bulkhead-ot/bulkhead/assess/all"
	"github.com/bulkhead-ot/bulkhead/assess/export"
	"github.com/bulkhead-ot/bulkhead/assess/intent"
	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/standard"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// assessOptions are the flags of assess.
type assessOptions struct {
	standardOptions
	plant, attestations, format, output, date, whatIf string
	standards                                         []string
	workers                                           int
	failOn                                            string
	quiet                                             bool
}

func assessCommand() *cobra.Command {
	var o assessOptions
	c := &cobra.Command{
		Use:   "assess [--plant FILE] [--attestations FILE] FILE...",
		Short: "Say which requirements of which standards the traffic proves or refutes",
		Long: "Reads captures as analyze does and answers the requirements of the standards from them: proven, refuted,\n" +
			"supported or silent, with the frames. What traffic does not answer people attest in a file.\n" +
			"From the answers follow the achieved security levels of each zone, the SPRS score and a roadmap.\n\n" +
			"Exit codes: 0 done; 1 done, and --fail-on found something; 2 wrong usage; 3 the input could be\n" +
			"read only in part, what was read is assessed; 4 failed.",
		Example: "  bulkhead assess plant.pcapng\n" +
			"  bulkhead assess --plant plant.yaml --attestations said.yaml --format html -o assessment.html captures/\n" +
			"  bulkhead assess --plant plant.yaml --what-if close-conduit=office-filling plant.pcapng",
		RunE: func(c *cobra.Command, args []string) error { return runAssess(c, args, o) },
	}
	f := c.Flags()
	f.StringVar(&o.plant, "plant", "", "plant file with zones, conduits and target levels")
	f.StringVar(&o.attestations, "attestations", "", "file with what people attest, YAML or JSON")
	f.StringArrayVar(&o.standards, "standard", nil, "only this standard; may be given several times")
	f.StringVar(&o.format, "format", "text", formatNames())
	f.StringVarP(&o.output, "output", "o", "", "file to write to instead of standard output")
	f.StringVar(&o.date, "date", "", "day of the assessment, such as 2026-11-30; today when not given")
	f.StringVar(&o.whatIf, "what-if", "", "close-conduit=ID: say what would change")
	f.StringArrayVar(&o.catalogues, "catalogue", nil, "catalogue file to use in place of the one of the same id")
	f.StringArrayVar(&o.mappings, "mapping", nil, "file with further mappings between standards")
	f.IntVar(&o.workers, "workers", 0, "cores to use; 0: all")
	f.StringVar(&o.failOn, "fail-on", "", "end with exit code 1 when there is something refuted, a gap to a target level or a conflict: refuted, gap or conflict")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress and no remarks on standard error, only errors")
	return c
}

func formatNames() string {
	return strings.Join(slices.Sorted(maps.Keys(export.Formats)), ", ")
}

// check finds what is wrong with the command line.
func (o *assessOptions) check(args []string) (time.Time, error) {
	at := time.Now().UTC()
	if export.Formats[o.format] == nil {
		return at, usage("--format %s: want one of %s", o.format, formatNames())
	}
	for _, s := range o.standards {
		if !slices.Contains(standard.Names(), s) {
			return at, usage("--standard %s: there is no such standard; 'bulkhead standards' lists them", s)
		}
	}
	if o.failOn != "" && o.failOn != "refuted" && o.failOn != "gap" && o.failOn != "conflict" {
		return at, usage("--fail-on %s: want refuted, gap or conflict", o.failOn)
	}
	if o.whatIf != "" && !strings.HasPrefix(o.whatIf, "close-conduit=") {
		return at, usage("--what-if %s: want close-conduit=ID", o.whatIf)
	}
	if o.whatIf != "" && o.plant == "" {
		return at, usage("--what-if needs --plant: conduits are declared there")
	}
	if o.workers < 0 {
		return at, usage("--workers %d: want 0 for all cores, or how many", o.workers)
	}
	if o.date != "" {
		day, err := time.Parse(time.DateOnly, o.date)
		if err != nil {
			return at, usage("--date %s: want a day such as 2026-11-30", o.date)
		}
		at = day
	}
	if len(args) == 0 {
		return at, usage("assess: name a capture file, a folder, or - for standard input")
	}
	return at, nil
}

func runAssess(c *cobra.Command, args []string, o assessOptions) error {
	at, err := o.check(args)
	if err != nil {
		return err
	}
	lib, err := o.library()
	if err != nil {
		return failed(err)
	}
	said, err := o.said(lib, at)
	if err != nil {
		return failed(err)
	}
	model, err := o.readPlant(at)
	if err != nil {
		return failed(err)
	}
	out, err := openOutput(o.output, false)
	if err != nil {
		return failed(err)
	}
	defer out.abandon()
	g, err := readFiles(c.Context(), c.ErrOrStderr(), args, &analyzeOptions{workers: o.workers, quiet: o.quiet})
	if err != nil {
		return failed(err)
	}
	if errors.Is(capture.Outcome(g.sources), capture.ErrNothing) {
		g.tell(c.ErrOrStderr(), o.quiet)
		return exit{code: exitFailed}
	}
	d, err := o.assess(c.Context(), c.ErrOrStderr(), g, lib, said, model, at)
	if err != nil {
		return failed(err)
	}
	if err := out.write(func(w io.Writer) error { return export.Formats[o.format](w, d) }); err != nil {
		return failed(err)
	}
	if partly := g.tell(c.ErrOrStderr(), o.quiet); partly {
		return exit{code: exitPart}
	}
	return o.verdict(d)
}

// said reads the attestations; documents are named from the file's folder.
func (o *assessOptions) said(lib *standard.Library, at time.Time) ([]assess.Attestation, error) {
	if o.attestations == "" {
		return nil, nil
	}
	f, err := os.Open(o.attestations)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	base := filepath.Dir(o.attestations)
	list, err := assess.ReadAttestations(f, lib, func(name string) (io.ReadCloser, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(base, name)
		}
		return os.Open(name)
	}, at)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.attestations, err)
	}
	return list, nil
}

func (o *assessOptions) readPlant(at time.Time) (*plant.Plant, error) {
	if o.plant == "" {
		return nil, nil
	}
	src, err := os.ReadFile(o.plant)
	if err != nil {
		return nil, err
	}
	p, problems := plant.Read(o.plant, src, at)
	if bad := problems.Errors(); len(bad) > 0 {
		return nil, bad
	}
	if len(p.Zones) == 0 {
		return nil, fmt.Errorf("%s: it has no zones, and levels are those of zones; 'zones' must list at least one", o.plant)
	}
	return p, nil
}

func (o *assessOptions) assess(_ context.Context, stderr io.Writer, g *gathered, lib *standard.Library, said []assess.Attestation, p *plant.Plant, at time.Time) (*assess.Assessment, error) {
	e := assess.Evidence{Inventory: g.state.Inventory, Conversations: g.state.Conversations, Capture: watched(g)}
	if p != nil {
		m, problems := intent.Declared(p, e.Inventory)
		if m == nil {
			return nil, problems.Errors()
		}
		for _, w := range problems.Warnings() {
			if !o.quiet {
				fmt.Fprintln(stderr, "bulkhead:", w)
			}
		}
		e.Model = m
	} else {
		e.Model = intent.Proposed(e.Inventory, e.Conversations)
	}
	if e.Model != nil && len(e.Model.Zones) == 0 {
		e.Model = nil
	}
	opts := assess.Options{Library: lib, Standards: o.standards, Attestations: said, At: at}
	d, err := assess.Run(e, checks.Checks(), opts)
	if err != nil || o.whatIf == "" {
		return d, err
	}
	id := strings.TrimPrefix(o.whatIf, "close-conduit=")
	less, err := e.Without(id)
	if err != nil {
		return nil, fmt.Errorf("--what-if: %w", err)
	}
	after, err := assess.Run(less, checks.Checks(), opts)
	if err != nil {
		return nil, err
	}
	d.WhatIf = assess.Compare("conduit "+id+" is closed", d, after)
	return d, nil
}

// watched describes how long and how well the plant was looked at: the union
// of the times of the inputs.
func watched(g *gathered) assess.Capture {
	q := captureOf(g).Quality
	c := assess.Capture{Quality: q.Verdict, Reasons: q.Reasons, Dropped: q.Dropped, OneWay: q.OneWaySessions, Gaps: q.ClockJumps > 0, Names: []string{}}
	type window struct{ first, last int64 }
	var ws []window
	for _, s := range g.sources {
		c.Names = append(c.Names, s.Name)
		if s.Packets > 0 {
			ws = append(ws, window{s.First, s.Last})
		}
	}
	slices.SortFunc(ws, func(a, b window) int { return int(min(1, max(-1, a.first-b.first))) })
	for i, w := range ws {
		if i == 0 {
			c.First, c.Last, c.Window = w.first, w.last, time.Duration(w.last-w.first)
			continue
		}
		if w.first > c.Last+int64(time.Minute) {
			c.Gaps = true
		}
		c.Window += time.Duration(max(0, w.last-max(w.first, c.Last)))
		c.Last = max(c.Last, w.last)
	}
	return c
}

// verdict is exit code 1 when there is what --fail-on names.
func (o *assessOptions) verdict(d *assess.Assessment) error {
	n := 0
	switch o.failOn {
	case "refuted":
		for _, s := range d.Standards {
			n += s.Refuted
		}
	case "gap":
		for i := range d.Levels {
			for _, b := range d.Levels[i].Behind {
				if b.Gap {
					n++
				}
			}
		}
	case "conflict":
		n = len(d.Conflicts)
	}
	if n == 0 {
		return nil
	}
	if o.quiet {
		return exit{code: exitFound}
	}
	return exit{exitFound, fmt.Sprintf("%d times %s", n, o.failOn)}
}
