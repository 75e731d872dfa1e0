package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/simulate"
)

// simulateOptions are the flags of simulate.
type simulateOptions struct {
	output string
	truth  string
	demo   bool
	seed   uint64
}

func simulateCommand() *cobra.Command {
	var o simulateOptions
	c := &cobra.Command{
		Use:   "simulate",
		Short: "Write a capture of a plant that does not exist",
		Long: "Composes the traffic of a simulated plant and writes it as a capture file. Nothing is sent.\n" +
			"The same options give the same packets on every machine.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error { return simulatePlant(c, o) },
	}
	f := c.Flags()
	f.StringVarP(&o.output, "output", "o", "", "capture file to write; .gz compresses it")
	f.StringVar(&o.truth, "truth", "", "file for what is true in the plant; by default beside the capture, .truth.json")
	f.BoolVar(&o.demo, "demo", false, "the bottling plant that `make demo` shows")
	f.Uint64Var(&o.seed, "seed", simulate.DemoSeed, "number that decides all that is random")
	return c
}

func simulatePlant(c *cobra.Command, o simulateOptions) error {
	switch {
	case o.output == "":
		return usage("simulate: name the file to write with --output")
	case !o.demo:
		return usage("simulate: only --demo is known")
	}
	if o.truth == "" {
		o.truth = strings.TrimSuffix(strings.TrimSuffix(o.output, ".gz"), ".pcap") + ".truth.json"
	}
	var truth *simulate.Truth
	err := writeFile(o.output, func(w io.Writer) (err error) {
		truth, err = simulate.Demo(w, o.seed)
		return err
	})
	if err == nil {
		err = writeFile(o.truth, truth.Write)
	}
	if err != nil {
		return failed(err)
	}
	return nil
}

// writeFile writes a file that appears only when it is complete.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := openOutput(name, false)
	if err != nil {
		return err
	}
	return f.write(write)
}
