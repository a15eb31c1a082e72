package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
)

func (a *app) verifyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "verify",
		Short: "Recompute everything in the register that can be recomputed",
		Long: `Recomputes the audit trail, the originals, the statuses, the sums of the batches
and whatever else can be recomputed. The head that it shows names the whole
audit trail; keep it elsewhere, so that nobody can change the past unseen.

Exit status: 0 everything holds, 1 something does not, 2 wrong use, 3 not
allowed, 5 the daemon cannot be reached.`,
		Args: cobra.NoArgs,
	}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, _ []string) error {
		v, err := ask(a, c, api.Verify, api.None{})
		if err != nil {
			return err
		}
		if format.value == "json" {
			err = printJSON(a.stdout, v)
		} else {
			for _, p := range v.Problems {
				fmt.Fprintf(a.stdout, "%s\n", printable(p.String()))
			}
			word := "Everything holds."
			if len(v.Problems) > 0 {
				word = fmt.Sprintf("%d things do not hold. Do not repair the register by hand; keep it, and restore a backup elsewhere to compare.", len(v.Problems))
			}
			fmt.Fprintf(a.stdout, "%s\nAudit trail: %d lines, head %s\n", word, v.Size, v.Head)
		}
		if err == nil && len(v.Problems) > 0 {
			return noError{exitNo}
		}
		return err
	}
	return c
}
