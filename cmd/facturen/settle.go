package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/store"
)

func (a *app) batchHandOverCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "hand-over B…",
		Short: "Record that the file of a batch was handed to the bank",
		Long: `Records that the file of a released batch was handed to the bank. Until then, and
before the bank's cut-off, the batch can be withdrawn; afterwards only the bank's
word changes it. A file of the bank that speaks of the batch records it too.

` + exitHelp,
		Args: cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		b, err := ask(a, c, api.BatchHandOver, api.Register{Register: args[0]})
		if err != nil {
			return err
		}
		return a.printBatch(format.value, b)
	}
	return c
}

func (a *app) bankSettleCommand() *cobra.Command {
	return a.entryCommand("settle ENTRY --note TEXT", "Say that a booking is about no invoice", `Says that a booking that was not understood is about no invoice: wages, a tax,
interest of the bank.`, api.BankSettle, false)
}

func (a *app) bankAssignCommand() *cobra.Command {
	return a.entryCommand("assign ENTRY --payment PAYMENT|--invoice F… --note TEXT", "Say what a booking is that was not understood",
		`Says of which payment a booking is whose reference the bank left out, or which
invoice it pays in another way than by a batch: one to an account outside SEPA,
or the refund of a credit note. The amounts must be the same.`, api.BankAssign, true)
}

func (a *app) entryCommand(use, short, long string, endpoint api.Endpoint[api.EntryIs, *store.Entry], assign bool) *cobra.Command {
	var in api.EntryIs
	c := &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1), Long: long + `
The numbers of such bookings shows: facturen bank entries --unknown

` + exitHelp}
	format := formatOption(c, "text", "json")
	if assign {
		c.Flags().StringVar(&in.Payment, "payment", "", "the payment (EndToEndId)")
		c.Flags().StringVar(&in.Register, "invoice", "", "the invoice")
		c.MarkFlagsOneRequired("payment", "invoice")
		c.MarkFlagsMutuallyExclusive("payment", "invoice")
	}
	note := reasonOption(c, "note", "how you know")
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		if in.Entry, err = number("bank entries --unknown", args[0]); err != nil {
			return err
		}
		in.Note = *note
		e, err := ask(a, c, endpoint, in)
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, e)
		}
		_, err = fmt.Fprintf(a.stdout, "Booking %d of %s EUR: %s\n", e.ID, e.Amount.English(), e.Outcome)
		return err
	}
	return c
}

func (a *app) invoicePayToCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "pay-to F… IBAN --reason TEXT",
		Short: "Let an invoice be paid to another account of its supplier",
		Long: `Lets an invoice be paid to another account of its supplier, for example because
the bank says that the first was closed. An account that is not verified must be
verified by another person (facturen supplier verify).

` + exitHelp,
		Args: cobra.ExactArgs(2),
	}
	format := formatOption(c, "text", "json")
	reason := reasonOption(c, "reason", "why, and who said so")
	c.RunE = func(c *cobra.Command, args []string) error {
		i, err := ask(a, c, api.InvoicePayTo, api.Redirection{Register: args[0], IBAN: args[1], Reason: *reason})
		if err != nil {
			return err
		}
		return a.printChanged(format.value, i, "to be paid to "+i.IBAN)
	}
	return c
}

func (a *app) invoiceInterestCommand() *cobra.Command {
	var in api.Interest
	c := &cobra.Command{
		Use:   "interest F… --reason TEXT",
		Short: "Decide that statutory interest is paid over an invoice that was paid late",
		Long: `Decides that statutory interest (BW 6:119b) is paid over an invoice that was paid
late and, with --costs, the compensation for collection costs (BW 6:96). It becomes a
payment of its own, made and released by others. What may be owed shows: facturen
invoice show F…

` + exitHelp,
		Args: cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.Flags().BoolVar(&in.Costs, "costs", false, "with the compensation for collection costs")
	reason := reasonOption(c, "reason", "why it is paid")
	c.RunE = func(c *cobra.Command, args []string) error {
		in.Register, in.Reason = args[0], *reason
		i, err := ask(a, c, api.InvoiceInterest, in)
		if err != nil {
			return err
		}
		return a.printChanged(format.value, i, fmt.Sprintf("to be paid: %s EUR over %s", i.Payable.English(), i.Corrects))
	}
	return c
}
