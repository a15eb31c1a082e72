package main

import (
	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
)

func (a *app) holdCommand() *cobra.Command {
	c := &cobra.Command{Use: "hold", Short: "Let the payment of an invoice wait"}
	c.AddCommand(a.becauseCommand(because{use: "set F…", short: "Let the payment of an invoice wait", option: "reason",
		usage: "why it waits", endpoint: api.HoldSet, done: "held"}), a.holdLiftCommand())
	return c
}

func (a *app) holdLiftCommand() *cobra.Command {
	kind := &choice{string(invoice.HoldManual), []string{string(invoice.HoldManual), string(invoice.HoldDuplicate), string(invoice.HoldFraud), string(invoice.HoldSanctions)}}
	c := &cobra.Command{
		Use:   "lift F…",
		Short: "End a hold",
		Long: `Ends a hold. A dispute ends with: facturen delivery resolve; an account that is
not verified with: facturen supplier verify.

` + exitHelp,
		Args: cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.Flags().Var(kind, "kind", "which hold")
	outcome := reasonOption(c, "outcome", "why it may end")
	c.RunE = func(c *cobra.Command, args []string) error {
		i, err := ask(a, c, api.HoldLift, api.Lift{Register: args[0], Kind: invoice.HoldKind(kind.value), Outcome: *outcome})
		if err != nil {
			return err
		}
		return a.printChanged(format.value, i, "no longer held ("+kind.value+")")
	}
	return c
}
