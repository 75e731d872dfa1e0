// Command bulkhead secures a plant floor: it sees what is on the industrial
// network and says what it means. Each subcommand has a file of its own; this
// package only wires.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes, as documented in docs/commands.md.
const (
	exitDone   = 0
	exitFound  = 1 // done, and something was found that --fail-on names
	exitUsage  = 2
	exitPart   = 3 // the input could be read only in part; what was read is reported
	exitFailed = 4
)

// exit is an error that ends the program with a code. text is already said
// when it is empty.
type exit struct {
	code int
	text string
}

func (e exit) Error() string { return e.text }

func main() {
	paceCollector()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	err := root().ExecuteContext(ctx)
	stop()
	os.Exit(code(err))
}

func code(err error) int {
	if err == nil {
		return exitDone
	}
	if e, ok := errors.AsType[exit](err); ok {
		if e.text != "" {
			fmt.Fprintln(os.Stderr, "bulkhead:", e.text)
		}
		return e.code
	}
	// What is left are errors of the command line itself.
	fmt.Fprintln(os.Stderr, "bulkhead:", err)
	fmt.Fprintln(os.Stderr, "Run 'bulkhead help' or 'bulkhead COMMAND --help' for how to call it.")
	return exitUsage
}

func failed(err error) error { return exit{exitFailed, err.Error()} }

func usage(format string, a ...any) error { return exit{exitUsage, fmt.Sprintf(format, a...)} }

func root() *cobra.Command {
	c := &cobra.Command{
		Use:   "bulkhead",
		Short: "See, divide, watch and prove the security of a plant floor",
		Long: "Bulkhead sees what is really on the industrial network, from packets alone, without sending any.\n\n" +
			"Start with a capture file: bulkhead analyze FILE",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),
	}
	c.CompletionOptions.HiddenDefaultCmd = true
	c.AddCommand(analyzeCommand(), protocolsCommand(), explainCommand(), schemaCommand(), simulateCommand(), plantCommand(), zonesCommand(), standardsCommand(), assessCommand())
	return c
}
