package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/plant"
	"github.com/bulkhead-ot/bulkhead/wire/capture"
	"github.com/bulkhead-ot/bulkhead/zone"
)

func plantCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "plant",
		Short: "The plant file: what people decided about zones, conduits and owners",
		Long: "The plant file is text that fits into git: sites, zones with their members and target security levels,\n" +
			"conduits with what may pass, owners, approved work and exceptions. docs/plant.md describes it.",
		RunE: needsCommand,
	}
	c.AddCommand(plantInitCommand(), plantCheckCommand(), plantDiffCommand(), plantSchemaCommand())
	return c
}

// needsCommand is for commands that only hold others.
func needsCommand(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s: there is no %s; '%s --help' lists what there is", c.CommandPath(), args[0], c.CommandPath())
	}
	return c.Help()
}

func plantInitCommand() *cobra.Command {
	var r readOptions
	var output string
	c := &cobra.Command{
		Use:   "init -o FILE CAPTURE...",
		Short: "Write a first plant file from captures",
		Long: "Proposes zones and the conduits that the traffic needs, each with its reason, as a draft to decide upon.\n" +
			"What was seen and is better not allowed stands in it as comments. An existing file is not touched.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := os.Lstat(output); output != "" && output != "-" && err == nil {
				return usage("-o %s: the file is there already; choose another name, or remove it", output)
			}
			return withCaptures(c, args, r, func(g *gathered) error {
				return writeTo(output, func(w io.Writer) error { return draft(w, g) })
			})
		},
	}
	r.flags(c)
	c.Flags().StringVarP(&output, "output", "o", "", "file to write to instead of standard output")
	return c
}

// draft writes the plant file that the traffic suggests.
func draft(w io.Writer, g *gathered) error {
	p, notes := zone.Propose(g.state.Inventory, g.state.Conversations).Plant()
	return p.Write(w, notes)
}

func plantCheckCommand() *cobra.Command {
	var r readOptions
	var at string
	c := &cobra.Command{
		Use:   "check FILE [CAPTURE...]",
		Short: "Say what is wrong with a plant file, with line and column",
		Long: "Reads the file strictly and tells all problems at once. With captures, also members that do not show in\n" +
			"them, and assets that belong to two zones. What has expired is judged by --at, else by the last packet of\n" +
			"the captures, else by now.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			when, err := moment(at)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				if when.IsZero() {
					when = time.Now()
				}
				return checkPlant(c, args[0], when, nil, r.quiet)
			}
			if _, err := loadPlant(c, args[0], when, true); err != nil {
				return err
			}
			return withCaptures(c, args[1:], r, func(g *gathered) error { return checkPlant(c, args[0], when, g, r.quiet) })
		},
	}
	r.flags(c)
	c.Flags().StringVar(&at, "at", "", "date or time by which to judge what has expired")
	return c
}

// checkPlant reads the file, and compares it with what is there.
func checkPlant(c *cobra.Command, name string, at time.Time, g *gathered, quiet bool) error {
	if g != nil && at.IsZero() {
		at = lastPacket(g)
	}
	p, err := loadPlant(c, name, at, quiet)
	if err != nil {
		return err
	}
	if g != nil {
		_, ps := zone.Resolve(p, g.state.Inventory)
		// Only here is it wrong that a named asset does not show: it is what was asked.
		for i := range ps {
			ps[i].Warning = false
		}
		if err := tellProblems(c, ps, quiet); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: good: %d zones, %d conduits\n", name, len(p.Zones), len(p.Conduits))
	return nil
}

func plantDiffCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say in words how two plant files differ",
		Long:  "Compares what the files mean. Order, comments and the way of writing do not count. NEW can also be a change file.",
		Args:  cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := textOrJSON(format); err != nil {
				return err
			}
			a, err := loadPlant(c, args[0], time.Time{}, true)
			if err != nil {
				return err
			}
			b, err := loadChange(c, args[1], a, time.Time{}, true)
			if err != nil {
				return err
			}
			d := plant.Diff(a, b)
			if format == "json" {
				return encode(c.OutOrStdout(), d)
			}
			for _, x := range d {
				fmt.Fprintln(c.OutOrStdout(), x.Text)
			}
			if len(d) == 0 {
				fmt.Fprintln(c.OutOrStdout(), "both say the same")
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}

func plantSchemaCommand() *cobra.Command {
	var change bool
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the plant file",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s := plant.Schema()
			if change {
				s = plant.ChangeSchema()
			}
			_, err := c.OutOrStdout().Write(s)
			return err
		},
	}
	c.Flags().BoolVar(&change, "change", false, "the schema of a change file instead")
	return c
}

// moment reads a flag that is a date or time; zero if it is not given.
func moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	var m plant.Moment
	if err := m.UnmarshalText([]byte(s)); err != nil {
		return time.Time{}, usage("--at %s: %v", s, err)
	}
	return m.Time, nil
}

// loadPlant reads a plant file and tells what is wrong with it.
func loadPlant(c *cobra.Command, name string, at time.Time, quiet bool) (*plant.Plant, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, usage("plant file: %v", err)
	}
	p, ps := plant.Read(name, src, at)
	return p, tellProblems(c, ps, quiet)
}

// loadChange reads another plant file, or a change to one.
func loadChange(c *cobra.Command, name string, of *plant.Plant, at time.Time, quiet bool) (*plant.Plant, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, usage("change: %v", err)
	}
	p, ps := plant.ReadChange(name, src, of, at)
	return p, tellProblems(c, ps, quiet)
}

// tellProblems writes problems to standard error; with errors among them it
// ends the program as wrong usage does.
func tellProblems(c *cobra.Command, ps plant.Problems, quiet bool) error {
	for _, p := range ps {
		if !p.Warning || !quiet {
			fmt.Fprintln(c.ErrOrStderr(), p)
		}
	}
	if len(ps.Errors()) > 0 {
		return exit{code: exitUsage}
	}
	return nil
}

// readOptions are the flags of commands that read captures.
type readOptions struct {
	workers int
	quiet   bool
}

func (r *readOptions) flags(c *cobra.Command) {
	c.Flags().IntVar(&r.workers, "workers", 0, "cores to use; 0: all")
	c.Flags().BoolVarP(&r.quiet, "quiet", "q", false, "no progress and no warnings on standard error, only errors")
}

// withCaptures reads captures, does something with them, and ends with code 3
// when they could be read only in part.
func withCaptures(c *cobra.Command, names []string, r readOptions, do func(*gathered) error) error {
	if r.workers < 0 {
		return usage("--workers %d: want 0 for all cores, or how many", r.workers)
	}
	g, err := gather(c.Context(), c.ErrOrStderr(), names, r)
	if err != nil {
		return failed(err)
	}
	if errors.Is(capture.Outcome(g.sources), capture.ErrNothing) {
		g.tell(c.ErrOrStderr(), r.quiet)
		return exit{code: exitFailed}
	}
	err = do(g)
	if e, ok := errors.AsType[exit](err); err != nil && (!ok || e.code != exitFound) {
		return err
	}
	if g.tell(c.ErrOrStderr(), r.quiet) {
		return exit{code: exitPart}
	}
	return err
}

func gather(ctx context.Context, stderr io.Writer, names []string, r readOptions) (*gathered, error) {
	return readFiles(ctx, stderr, names, &analyzeOptions{workers: r.workers, quiet: r.quiet})
}

func lastPacket(g *gathered) time.Time {
	if t := lastTime(g.sources); t != 0 {
		return time.Unix(0, t).UTC()
	}
	return time.Time{}
}

func textOrJSON(format string) error {
	if format != "text" && format != "json" {
		return usage("--format %s: want text or json", format)
	}
	return nil
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// writeTo writes a report to a file or standard output.
func writeTo(name string, write func(io.Writer) error) error {
	if err := writeFile(name, write); err != nil {
		return failed(err)
	}
	return nil
}
