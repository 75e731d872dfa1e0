package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/hub"
	"github.com/bulkhead-ot/bulkhead/proto/all"
	"github.com/bulkhead-ot/bulkhead/report"
	"github.com/bulkhead-ot/bulkhead/sensor"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
)

// analyzeOptions are the flags of analyze.
type analyzeOptions struct {
	format  string
	output  string
	workers int
}

func analyzeCommand() *cobra.Command {
	var o analyzeOptions
	c := &cobra.Command{
		Use:   "analyze FILE...",
		Short: "Say what is on the network, from capture files",
		Long: "Reads pcap and pcapng files, also gzip or zstd of either, folders of them, or - for standard input,\n" +
			"as one timeline. Nothing is sent, nothing is stored.",
		RunE: func(c *cobra.Command, args []string) error { return analyze(c, args, o) },
	}
	f := c.Flags()
	f.StringVar(&o.format, "format", "text", "text, json or html")
	f.StringVarP(&o.output, "output", "o", "", "file to write to instead of standard output")
	f.IntVar(&o.workers, "workers", 0, "cores to use; 0: all")
	return c
}

func analyze(c *cobra.Command, args []string, o analyzeOptions) error {
	write, ok := writers[o.format]
	if !ok {
		return usage("--format %s: want text, json or html", o.format)
	}
	if len(args) == 0 {
		return usage("analyze: name a capture file, a folder, or - for standard input")
	}
	src, err := capture.Open(c.Context(), args, capture.Options{})
	if err != nil {
		return failed(err)
	}
	defer src.Close()
	a, err := study(c.Context(), src, o)
	if err != nil {
		return failed(err)
	}
	if err := output(o.output, func(w io.Writer) error { return write(w, a) }); err != nil {
		return failed(err)
	}
	return partly(c.ErrOrStderr(), src.Sources())
}

// study reads a source to its end and concludes.
func study(ctx context.Context, src capture.Source, o analyzeOptions) (*report.Analysis, error) {
	s, err := sensor.New(sensor.Options{Protocols: all.Protocols(), Workers: o.workers})
	if err != nil {
		return nil, err
	}
	h := hub.New()
	if err := s.Run(ctx, src, h); err != nil && !errors.Is(err, context.Canceled) {
		return nil, err
	}
	q := s.Quality()
	return report.Build(captureOf(src.Sources(), &q), h.Close(), titles()), nil
}

func titles() map[string]string {
	m := make(map[string]string)
	for _, p := range all.Protocols() {
		m[p.Name] = p.Title
	}
	return m
}

// captureOf describes the inputs and their quality.
func captureOf(infos []capture.Info, q *sensor.Quality) report.Capture {
	c := report.Capture{Sources: []report.Source{}}
	var dropped uint64
	for _, i := range infos {
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
	v, reasons := q.Judge(dropped)
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
	"html": writeJSON,
}

func writeJSON(w io.Writer, a *report.Analysis) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(a)
}

// output writes to the named file, which appears only when it is complete, or
// to standard output.
func output(name string, write func(io.Writer) error) error {
	if name == "" || name == "-" {
		b := bufio.NewWriter(os.Stdout)
		if err := write(b); err != nil {
			return err
		}
		return b.Flush()
	}
	tmp := name + ".part"
	f, err := os.Create(tmp)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, errors.Unwrap(err))
	}
	b := bufio.NewWriter(f)
	err = write(b)
	for _, step := range []func() error{b.Flush, f.Sync, f.Close} {
		if e := step(); err == nil {
			err = e
		}
	}
	if err == nil {
		err = os.Rename(tmp, name)
	}
	if err != nil {
		os.Remove(tmp)
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// partly reports inputs that could not be read in full.
func partly(w io.Writer, infos []capture.Info) error {
	bad := false
	for _, i := range infos {
		if i.Err != nil {
			fmt.Fprintln(w, "bulkhead:", i.Err)
			bad = true
		}
	}
	if bad {
		return exit{code: exitPart}
	}
	return nil
}
