package main

import (
	"compress/gzip"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/simulate"
)

// simulateOptions are the flags of simulate.
type simulateOptions struct {
	output  string
	truth   string
	demo    bool
	flood   string
	packets int
	assets  int
	sites   int
	hours   float64
	pace    float64
	seed    uint64
}

func simulateCommand() *cobra.Command {
	var o simulateOptions
	c := &cobra.Command{
		Use:   "simulate --output FILE",
		Short: "Write a capture of a plant that does not exist",
		Long: "Composes the traffic of a simulated plant and writes it as a capture file, compressed if its name\n" +
			"ends in .gz, or to standard output with -. Nothing is sent. The same options give the same packets\n" +
			"on every machine.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error { return simulatePlant(o) },
	}
	f := c.Flags()
	f.StringVarP(&o.output, "output", "o", "", "file to write; - for standard output")
	f.BoolVar(&o.demo, "demo", false, "the bottling plant that make demo shows, with its truth beside it")
	f.StringVar(&o.truth, "truth", "", "with --demo: file for what is true in the plant (default FILE.truth.json)")
	f.IntVar(&o.assets, "assets", 100, "stations over all sites, 10 to 50000")
	f.IntVar(&o.sites, "sites", 1, "sites, 1 to 200")
	f.Float64Var(&o.hours, "hours", 0.1, "hours of traffic")
	f.Float64Var(&o.pace, "pace", 1, "multiplies all periods: 10 is a tenth of the packets")
	f.StringVar(&o.flood, "flood", "", "hostile traffic instead: "+strings.Join(floodNames(), ", "))
	f.IntVar(&o.packets, "packets", 1_000_000, "with --flood: how many packets")
	f.Uint64Var(&o.seed, "seed", simulate.DemoSeed, "number that decides all that is random")
	c.MarkFlagsMutuallyExclusive("demo", "flood")
	return c
}

func floodNames() []string {
	var names []string
	for n := range simulate.Floods {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func simulatePlant(o simulateOptions) error {
	if o.output == "" {
		return usage("simulate: name the file to write with --output")
	}
	if o.demo {
		return simulateDemo(o)
	}
	s, err := simulatedStream(o)
	if err != nil {
		return err
	}
	if o.output == "-" {
		err = s.Write(os.Stdout)
	} else {
		err = writeFile(o.output, func(w io.Writer) error { return packed(o.output, w, s.Write) })
	}
	if err != nil {
		return failed(err)
	}
	return nil
}

func simulatedStream(o simulateOptions) (*simulate.Stream, error) {
	if o.flood != "" {
		kind, ok := simulate.Floods[o.flood]
		if !ok {
			return nil, usage("simulate: --flood %s: want %s", o.flood, strings.Join(floodNames(), ", "))
		}
		return simulate.NewFlood(kind, o.packets, o.seed), nil
	}
	s, err := simulate.NewPlants(simulate.Scale{Assets: o.assets, Sites: o.sites, Seed: o.seed, Pace: o.pace,
		Length: time.Duration(o.hours * float64(time.Hour))})
	if err != nil {
		return nil, usage("simulate: %v", err)
	}
	return s, nil
}

// simulateDemo writes the demo capture and its truth.
func simulateDemo(o simulateOptions) error {
	if o.truth == "" {
		o.truth = strings.TrimSuffix(strings.TrimSuffix(o.output, ".gz"), ".pcap") + ".truth.json"
	}
	var truth *simulate.Truth
	err := writeFile(o.output, func(w io.Writer) error {
		return packed(o.output, w, func(w io.Writer) (err error) {
			truth, err = simulate.Demo(w, o.seed)
			return err
		})
	})
	if err == nil {
		err = writeFile(o.truth, truth.Write)
	}
	if err != nil {
		return failed(err)
	}
	return nil
}

// packed compresses what is written if the name of the file says so.
func packed(name string, w io.Writer, write func(io.Writer) error) error {
	if !strings.HasSuffix(name, ".gz") {
		return write(w)
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := write(z); err != nil {
		return err
	}
	return z.Close()
}

// writeFile writes a file that appears only when it is complete.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := openOutput(name, false)
	if err != nil {
		return err
	}
	return f.write(write)
}
