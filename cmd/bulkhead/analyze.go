package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/report"
	"github.com/bulkhead-ot/bulkhead/report/html"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// analyzeOptions are the flags of analyze.
type analyzeOptions struct {
	format  string
	output  string
	workers int
	failOn  string
	plant   string
	quiet   bool
	live    liveOptions
}

func analyzeCommand() *cobra.Command {
	var o analyzeOptions
	c := &cobra.Command{
		Use:   "analyze FILE... | analyze -i INTERFACE",
		Short: "Say what is on the network, from capture files or an interface",
		Long: "Reads pcap and pcapng files, also gzip or zstd of either, folders of them, or - for standard input,\n" +
			"as one timeline; or listens at an interface until --duration is over or Ctrl-C is pressed.\n" +
			"Nothing is sent, nothing is stored.\n\n" +
			"Exit codes: 0 done; 1 done, and --fail-on found something; 2 wrong usage; 3 the input could be\n" +
			"read only in part, what was read is reported; 4 failed.",
		Example: "  bulkhead analyze plant.pcapng\n" +
			"  bulkhead analyze --format html -o plant.html captures/\n" +
			"  bulkhead analyze -i eth1 --duration 10m",
		RunE: func(c *cobra.Command, args []string) error { return analyze(c, args, o) },
	}
	f := c.Flags()
	f.StringVar(&o.format, "format", "text", "text, json or html")
	f.StringVarP(&o.output, "output", "o", "", "file to write to instead of standard output")
	f.IntVar(&o.workers, "workers", 0, "cores to use; 0: all")
	f.StringVar(&o.failOn, "fail-on", "", "end with exit code 1 when a finding is of this severity or worse: "+severityNames())
	f.StringVar(&o.plant, "plant", "", "plant file whose zones and conduits to use instead of proposing some")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress and no remarks on standard error, only errors")
	o.live.flags(f)
	return c
}

func analyze(c *cobra.Command, args []string, o analyzeOptions) error {
	if err := o.check(c, args); err != nil {
		return err
	}
	if o.plant != "" { // before anything is read
		if _, err := loadPlant(c, o.plant, time.Time{}, o.quiet); err != nil {
			return err
		}
	}
	listen := o.live.iface != ""
	out, err := openOutput(o.output, listen)
	if err != nil {
		return failed(err)
	}
	defer out.abandon()
	var g *gathered
	if listen {
		g, err = listenAt(c.Context(), c.ErrOrStderr(), &o)
	} else {
		g, err = readFiles(c.Context(), c.ErrOrStderr(), args, &o)
	}
	if err != nil {
		return failed(err)
	}
	if errors.Is(capture.Outcome(g.sources), capture.ErrNothing) {
		g.tell(c.ErrOrStderr(), o.quiet)
		return exit{code: exitFailed}
	}
	a := report.Build(captureOf(g), g.state, titles())
	if o.plant != "" {
		k, warnings, err := judge(c, o.plant, g)
		if err != nil {
			return err
		}
		a.Divide(k)
		for _, w := range warnings {
			if !o.quiet {
				fmt.Fprintln(c.ErrOrStderr(), w)
			}
		}
	}
	if err := out.write(func(w io.Writer) error { return writers[o.format](w, a) }); err != nil {
		return failed(err)
	}
	if partly := g.tell(c.ErrOrStderr(), o.quiet); partly {
		return exit{code: exitPart}
	}
	return o.verdict(a)
}

// check finds what is wrong with the command line.
func (o *analyzeOptions) check(c *cobra.Command, args []string) error {
	if _, ok := writers[o.format]; !ok {
		return usage("--format %s: want text, json or html", o.format)
	}
	if o.failOn != "" && !slices.Contains(severities, o.failOn) {
		return usage("--fail-on %s: want one of %s", o.failOn, severityNames())
	}
	if o.workers < 0 {
		return usage("--workers %d: want 0 for all cores, or how many", o.workers)
	}
	if err := o.live.check(c, args); err != nil {
		return err
	}
	if o.live.iface == "" && len(args) == 0 {
		return usage("analyze: name a capture file, a folder, - for standard input, or an interface with -i")
	}
	return nil
}

// severities of findings, mildest first.
var severities = []string{"info", "low", "medium", "high", "critical"}

func severityNames() string {
	s := ""
	for i, n := range severities {
		s += n
		switch i {
		case len(severities) - 2:
			s += " or "
		case len(severities) - 1:
		default:
			s += ", "
		}
	}
	return s
}

// verdict is exit code 1 when a finding is as bad as --fail-on says.
func (o *analyzeOptions) verdict(a *report.Analysis) error {
	if o.failOn == "" {
		return nil
	}
	least := slices.Index(severities, o.failOn)
	n := 0
	for i := range a.Findings {
		if slices.Index(severities, a.Findings[i].Severity) >= least {
			n++
		}
	}
	switch {
	case n == 0:
		return nil
	case o.quiet:
		return exit{code: exitFound}
	case n == 1:
		return exit{exitFound, "1 finding of severity " + o.failOn + " or worse"}
	}
	return exit{exitFound, fmt.Sprintf("%d findings of severity %s or worse", n, o.failOn)}
}

// gathered is what came of reading the input.
type gathered struct {
	sources     []capture.Info
	quality     sensor.Quality
	state       hub.State
	interrupted bool
}

// readFiles reads captures to their end, or until it is interrupted.
func readFiles(ctx context.Context, stderr io.Writer, names []string, o *analyzeOptions) (*gathered, error) {
	src, err := capture.Open(ctx, names, capture.Options{})
	if err != nil {
		return nil, unlessInterrupted(err)
	}
	defer src.Close()
	s, err := sensor.New(sensor.Options{Protocols: all.Protocols(), Workers: o.workers})
	if err != nil {
		return nil, err
	}
	h := hub.New()
	done := showProgress(stderr, o.quiet, fileProgress(src.Sources))
	err = s.Run(ctx, src, h)
	done()
	g := &gathered{sources: src.Sources(), interrupted: errors.Is(err, context.Canceled)}
	if err != nil && !g.interrupted {
		return nil, err
	}
	g.quality = s.Quality()
	if g.interrupted && g.quality.Packets == 0 {
		return nil, unlessInterrupted(err)
	}
	g.state = h.Close()
	return g, nil
}

func unlessInterrupted(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted before any packet was read")
	}
	return err
}

func titles() map[string]string {
	m := make(map[string]string)
	for _, p := range all.Protocols() {
		m[p.Name] = p.Title
	}
	return m
}

// captureOf describes the inputs and their quality.
func captureOf(g *gathered) report.Capture {
	c := report.Capture{Sources: []report.Source{}}
	var dropped uint64
	for _, i := range g.sources {
		s := report.Source{
			Name: i.Name, Format: i.Format, LinkType: i.LinkType, Packets: i.Packets, Bytes: i.Bytes,
			First: report.Time(i.First), Last: report.Time(i.Last), Dropped: i.Dropped,
		}
		if i.Err != nil {
			s.Error = i.Err.Error()
		}
		dropped += i.Dropped
		c.Sources = append(c.Sources, s)
	}
	q := &g.quality
	v, reasons := q.Judge(dropped)
	for _, i := range g.sources {
		more := liveReasons(i)
		if len(more) > 0 {
			v = cmp.Or(map[sensor.Verdict]sensor.Verdict{sensor.Good: sensor.Fair}[v], v)
		}
		reasons = append(reasons, more...)
	}
	if g.interrupted {
		reasons = append(reasons, "reading was interrupted: only the beginning of the input was looked at")
	}
	c.Quality = report.Quality{
		Verdict: string(v), Reasons: reasons, LostSegments: q.Holes, LostBytes: q.Lost, Sessions: q.Sessions,
		OneWaySessions: q.OneWay, Duplicates: q.Duplicates, Truncated: q.Cut, Undecoded: q.Undecoded,
		OutOfOrder: q.OutOfOrder, Retransmitted: q.Repeated, Fragments: q.Fragments, HalfTagged: q.HalfTagged,
		ClockJumps: q.Backwards + q.Forwards, Dropped: dropped, Encapsulations: q.Encapsulations(),
	}
	return c
}

// writers are the output formats.
var writers = map[string]func(io.Writer, *report.Analysis) error{
	"json": writeJSON,
	"text": report.Text,
	"html": html.Write,
}

func writeJSON(w io.Writer, a *report.Analysis) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(a)
}

// maxTold bounds the inputs whose errors are told one by one.
const maxTold = 10

// tell says what could not be read, and whether there was such a thing.
func (g *gathered) tell(w io.Writer, quiet bool) (partly bool) {
	bad := 0
	for _, i := range g.sources {
		if i.Err == nil {
			continue
		}
		if bad++; bad <= maxTold {
			fmt.Fprintln(w, "bulkhead:", i.Err)
		}
	}
	if bad > maxTold {
		fmt.Fprintf(w, "bulkhead: %d more inputs could not be read in full\n", bad-maxTold)
	}
	if g.interrupted {
		if !quiet {
			fmt.Fprintf(w, "bulkhead: interrupted; reported is what was read until %s\n", time.Unix(0, lastTime(g.sources)).UTC().Format(time.DateTime))
		}
		return true
	}
	return bad > 0
}

func lastTime(infos []capture.Info) int64 {
	var t int64
	for _, i := range infos {
		t = max(t, i.Last)
	}
	return t
}
