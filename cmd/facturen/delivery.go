package main

import (
	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
)

func (a *app) deliveryCommand() *cobra.Command {
	c := &cobra.Command{Use: "delivery", Short: "Say whether what was invoiced was delivered"}
	c.AddCommand(a.deliveryPendingCommand(), a.deliveryConfirmCommand(),
		a.becauseCommand(because{use: "dispute F…", short: "Dispute a delivery; payment waits and the supplier gets a letter", option: "reason",
			usage: "what is wrong, in clear Dutch: the supplier will read it", endpoint: api.DeliveryDispute, done: "in dispute; the supplier gets a letter"}),
		a.becauseCommand(because{use: "resolve F…", short: "End a dispute", option: "outcome",
			usage: "how the dispute ended", endpoint: api.DeliveryResolve, done: "no longer in dispute"}))
	return c
}

func (a *app) deliveryPendingCommand() *cobra.Command {
	var f api.PendingFilter
	c := &cobra.Command{
		Use:   "pending",
		Short: "List the invoices that wait for your word",
		Long: `Lists the invoices of which you, or whom you stand in for, must say whether the
delivery was correct; the most urgent first.

` + exitHelp,
		Args: cobra.NoArgs,
	}
	format := formatOption(c, "text", "json", "csv")
	c.Flags().BoolVar(&f.All, "all", false, "those of everybody (finance, controller)")
	c.RunE = func(c *cobra.Command, _ []string) error {
		rows, err := ask(a, c, api.DeliveryPending, f)
		if err != nil {
			return err
		}
		if err := printList(a.stdout, format.value, rows, pendingColumns); err != nil {
			return err
		}
		if len(rows) > 0 {
			next(a.stdout, format.value, "Next: facturen delivery confirm %s --on YYYY-MM-DD, or: facturen delivery dispute %s --reason …", rows[0].Register, rows[0].Register)
		}
		return nil
	}
	return c
}

var pendingColumns = []column[api.Invoice]{
	{"register", 0, func(i api.Invoice) any { return i.Register }},
	{"promised", 0, func(i api.Invoice) any { return i.PromiseDate }},
	{"received", 0, func(i api.Invoice) any { return i.ReceiptDate }},
	{"supplier", 30, func(i api.Invoice) any { return i.Supplier }},
	{"number", 20, func(i api.Invoice) any { return i.Number }},
	{"amount", 0, func(i api.Invoice) any { return amountOf(i) }},
	{"reference", 20, func(i api.Invoice) any { return i.Reference }},
	{"holder", 0, func(i api.Invoice) any { return i.Holder }},
	{"held", 0, func(i api.Invoice) any { return heldAs(i) }},
}

func (a *app) deliveryConfirmCommand() *cobra.Command {
	var in api.Confirmation
	c := &cobra.Command{
		Use:   "confirm F…",
		Short: "Confirm that what an invoice charges was delivered correctly",
		Long: `Confirms that what an invoice charges was delivered correctly: all of it, or with
--amount the part that was. Only the holder of the reference, or a delegate, can;
until the invoice is in a payment they can say otherwise, and it is planned anew.

` + exitHelp,
		Example: "  facturen delivery confirm F2026-000123 --on 2026-01-12\n  facturen delivery confirm F2026-000124 --amount 500.00",
		Args:    cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	dateOption(c, &in.On, "on", "the day of the delivery; that of the invoice's receipt when it is not given")
	amountOption(c, &in.Amount, "amount", "the part that was delivered correctly; all of it when it is not given")
	c.RunE = func(c *cobra.Command, args []string) error {
		in.Register = args[0]
		i, err := ask(a, c, api.DeliveryConfirm, in)
		if err != nil {
			return err
		}
		return a.printChanged(format.value, i, "confirmed for "+i.Confirmed.English())
	}
	return c
}
