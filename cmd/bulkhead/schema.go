package main

import (
	"github.com/spf13/cobra"

	"github.com/bulkhead-ot/bulkhead/docs"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the analysis",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(docs.AnalysisSchema)
			return err
		},
	}
}
